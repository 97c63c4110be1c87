"""What should hold of any pathway, each in one line of a test; who breaks it gets a small course that shows it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any, Final, TypeVar

from hypothesis import Phase, given, reject, settings as hypothesis_settings, strategies as st

from ..courses import Course, course_from_json
from ..journey import Journey, follow
from ..pathway.errors import AmbiguousDecision, NoDecision, RunningError
from ..pathway.model import Choice, DecisionTable, Option, State, Transition
from ..pathway.pathway import Pathway
from ..predicates.declarations import Declaration
from ..predicates.diagram import Outcome
from ..predicates.domains import ListOf
from ..predicates.errors import DataError
from ..predicates.history import START, History
from ..predicates.json_form import facts_from_json
from ..predicates.records import record_facts, values_of
from ..predicates.reference import evaluate
from .chart import FAULTS, Chart, chart_of
from .facts import Facts, settled
from .journeys import TOO_LONG, UNTIMED, Life, Living, breaking, lived, place_of, standing, tables_entered
from .smallest import Data, course_to_json, facts_to_json, smallest, written
from .steering import Steering

T = TypeVar("T")
Settings = hypothesis_settings

_REPLAYED = "`crlm-pathway run --pathway MODULE:NAME course.json` takes this course there"


def assert_every_patient_arrives(
    pathway: Pathway,
    *,
    max_examples: int = 200,
    within: int = TOO_LONG,
    settings: Settings | None = None,
    derandomize: bool = False,
) -> None:
    """Assert that every course ends `within` so many steps, and that every visit of it can be decided.

    A journey that comes back to where it was, with a history that no criterion tells from the one before, may go on
    for ever, and so does not end. Raises an AssertionError that shows a small course. `settings` are Hypothesis's own;
    with `derandomize` the same courses are tried every time.
    """
    chart = chart_of(pathway)

    def suspect(life: Life) -> Data | None:
        return None if life.finished else course_to_json(life.course)

    def wrong(data: Data) -> str | None:
        journey, fault = _relived(pathway, data)
        if journey is None or fault is not None:
            return fault
        seen = {place_of(chart, pathway.start, START)}
        for step in journey.steps:
            history = step.history.after(step.transition.key, step.source, step.target)
            place = place_of(chart, step.target, history)
            if place in seen:
                return (
                    f"it comes back to {step.target} by {_named(step.transition)} with nothing different that a "
                    "criterion could tell, and so may go on for ever"
                )
            seen.add(place)
        if len(journey.steps) > within:
            return f"it has not ended after {within} steps"
        return None

    lives = (lived(chart, plain=plain, faults=True, repeats=True, within=within) for plain in (True, False))
    _assert_none(pathway, lives, suspect, wrong, _settings(max_examples, settings, derandomize))


def assert_one_way(
    pathway: Pathway, *, max_examples: int = 200, settings: Settings | None = None, derandomize: bool = False
) -> None:
    """Assert that every state takes exactly one transition of everyone of whom all is known, after any way to it.

    So does every table that is entered choose exactly one row, where its `given` holds. Raises an AssertionError that
    shows a small course; `settings` and `derandomize` as above.
    """

    def wrong(data: Data) -> str | None:
        return _relived(pathway, data)[1]

    def suspect(living: Living) -> Data | None:
        return None if living.fault is None else course_to_json(living.life().course)

    decided = (_decided_once(chart_of(pathway), plain=plain) for plain in (True, False))
    _assert_none(pathway, decided, suspect, wrong, _settings(max_examples, settings, derandomize))


def assert_learning_never_undoes(
    pathway: Pathway, *, max_examples: int = 200, settings: Settings | None = None, derandomize: bool = False
) -> None:
    """Assert that whoever learns more, when a step is already decided, decides the same step and the same options.

    Facts that criteria read with `.so_far` are events: recording one is not learning, so they stay as they are.
    Raises an AssertionError that shows a small course; `settings` and `derandomize` as above.
    """

    def suspect(learnt: tuple[Course, Facts]) -> Data | None:
        course, facts = learnt
        data = {**course_to_json(course), "learnt": facts_to_json(facts)}
        return data if wrong(data) is not None else None

    def wrong(data: Data) -> str | None:
        course = course_from_json(pathway, {key: data[key] for key in ("patient", "visits")})
        if not course.visits:
            return None
        journey = Journey.begin(pathway, course.patient)
        for _ in follow(journey, course.visits[:-1]):
            pass
        if journey.finished:
            return None
        state, history = journey.state, journey.history
        less = record_facts(journey.patient, course.visits[-1].facts)
        more = record_facts(less, facts_from_json(pathway.record, data["learnt"]))
        if not _extends(less, more, chart_of(pathway).events(pathway.state(state))):
            return None
        try:
            before = pathway.decide(state, less, history).transition
        except (AmbiguousDecision, NoDecision):
            return None
        if before is None:
            return None
        after = _fault(pathway, state, more, history) or _undone(pathway, state, before, less, more, history)
        if after is None or _fault(pathway, state, less, history) is not None:
            return None
        return f"in {state}, {_named(before)} is taken; but with {_names(data['learnt'])} known too, {after}"

    learnt = (_learning(chart_of(pathway), plain=plain) for plain in (True, False))
    _assert_none(pathway, learnt, suspect, wrong, _settings(max_examples, settings, derandomize))


def assert_resumes_exactly(
    pathway: Pathway, *, max_examples: int = 200, settings: Settings | None = None, derandomize: bool = False
) -> None:
    """Assert that a journey resumed from its snapshot, at any visit, or copied, is the journey, and goes on as it.

    Raises an AssertionError that shows a small course; `settings` and `derandomize` as above.
    """

    def wrong(data: Data) -> str | None:
        course = course_from_json(pathway, data)
        journey = Journey.begin(pathway, course.patient)
        again = [_resumed(journey), copy.copy(journey)]
        for number, visit in enumerate(course.visits, start=1):
            for one in (journey, *again):
                try:
                    list(follow(one, [visit]))
                except (AmbiguousDecision, NoDecision):
                    return None
            for one, how in zip(again, ("resumed from its snapshot", "copied"), strict=True):
                if difference := _difference(journey, one):
                    return f"{how} before visit {number}, its {difference} is another"
            if number & (number - 1) == 0:  # at powers of two, as each time replays all that was before
                again = [_resumed(journey), copy.copy(journey)]
        return None

    def suspect(life: Life) -> Data | None:
        data = course_to_json(life.course)
        return data if wrong(data) is not None else None

    lives = (lived(chart_of(pathway), plain=plain) for plain in (True, False))
    _assert_none(pathway, lives, suspect, wrong, _settings(max_examples, settings, derandomize))


# -- how they are looked for -----------------------------------------------------------------------------------------


def _settings(max_examples: int, settings: Settings | None, derandomize: bool) -> Settings:
    """The caller's settings; else no deadline, as nothing is timed, and no complaint about how examples are made."""
    if settings is not None:
        return settings
    return hypothesis_settings(
        max_examples=max_examples,
        report_multiple_bugs=False,
        deadline=None,
        derandomize=derandomize,
        database=None,
        suppress_health_check=UNTIMED,
    )


class _Found(Exception):
    """Something is wrong with an example."""


class _Enough(BaseException):
    """Examples enough have been tried to find a smaller one; Hypothesis lets this through."""


SHRINKING: Final = 150
"""Examples near one that is suspect that are tried to make it smaller; what can be left out is seen afterwards."""
ALIKE: Final = 200
"""Examples anywhere that are tried too, once one is known to be found: another may be shorter."""


def _assert_none(
    pathway: Pathway,
    ways: Iterable[st.SearchStrategy[T]],
    suspect: Callable[[T], Data | None],
    wrong: Callable[[Data], str | None],
    settings: Settings,
) -> None:
    """Assert that no example is suspect; else say what is wrong with the smallest found.

    Each of the ways to make examples has its share of them: the plain come first, as they are quickly made smaller.
    """
    settings = hypothesis_settings(settings, max_examples=max(1, settings.max_examples // 2))
    for examples in ways:
        found = _found(examples, suspect, settings)
        if found:
            raise AssertionError(_told(pathway, min(found, key=_size), wrong))


def _found(examples: st.SearchStrategy[T], suspect: Callable[[T], Data | None], settings: Settings) -> list[Data]:
    """The suspect examples, among them the smallest come upon."""
    found: list[Data] = []
    further = 0

    @settings
    @given(examples)
    def nothing_is_wrong(example: T) -> None:
        nonlocal further
        data = suspect(example)
        if data is not None:
            found.append(data)
        further += bool(found)
        if further > SHRINKING:
            raise _Enough
        if data is not None:
            raise _Found

    @hypothesis_settings(settings, phases=[Phase.generate], max_examples=ALIKE)
    @given(examples)
    def collect(example: T) -> None:
        data = suspect(example)
        found.extend([] if data is None else [data])

    with suppress(_Found, _Enough):
        nothing_is_wrong()
    if found:
        collect()
    return found


def _size(data: Data) -> tuple[int, int]:
    return len(data["visits"]), len(json.dumps(data))


def _told(pathway: Pathway, data: Data, wrong: Callable[[Data], str | None]) -> str:
    """Say what is wrong with a course, and show as little of it as is wrong in the same way."""
    said = wrong(data)
    if said is None:
        said = f"after {len(data['visits'])} visits that leave nothing to learn it has not ended"
    else:
        values = chart_of(pathway).values
        data = smallest(data, lambda smaller: _said(wrong, smaller) == said, values, pathway.record)
    for name, value in data.get("learnt", {}).items():
        data["visits"][-1]["facts"][name] = value
    return f"{pathway.name}: {said}\n{_REPLAYED}:\n{written(data, pathway.record)}"


def _said(wrong: Callable[[Data], str | None], data: Data) -> str | None:
    """What is wrong with a course that may be none any more."""
    try:
        return wrong(data)
    except (DataError, RunningError):
        return None


@st.composite
def _decided_once(draw: st.DrawFn, chart: Chart, *, plain: bool) -> Living:
    """A journey after a visit that came to something it should not, where that is seen; else that recorded all."""
    living = draw(standing(chart, plain=plain))
    if living.failed():
        return living
    pathway, journey = chart.pathway, living.journey
    state, history = journey.state, journey.history
    open_ = chart.open(state, history)
    tables = [one for one in open_ if isinstance(one, int) and tables_entered(pathway, state, one)]
    aims: list[Outcome | None] = [*(one for one in open_ if one in FAULTS), *tables, None]
    aim = draw(st.sampled_from(aims))
    if aim is None:
        living.visit(living.everything())
    elif isinstance(aim, int):
        table = draw(st.sampled_from(tables_entered(pathway, state, aim)))
        living.visit(living.facts(aim, also=partial(breaking, chart=chart, table=table)))
    else:
        living.visit(living.facts(aim))
    return living


@st.composite
def _learning(draw: st.DrawFn, chart: Chart, *, plain: bool) -> tuple[Course, Facts]:
    """A course whose last visit decides, and facts that were unknown then."""
    living = draw(standing(chart, plain=plain))
    if living.failed():
        return reject()
    pathway, journey = chart.pathway, living.journey
    state, history = journey.state, journey.history
    open_ = chart.open(state, history)
    ways = [one for one in open_ if isinstance(one, int)]
    way = draw(st.sampled_from(ways)) if ways else None
    facts = living.facts(way)
    less = record_facts(journey.patient, facts)
    tables = () if way is None else tables_entered(pathway, state, way)
    aims: list[Any] = [*(one for one in open_ if one in FAULTS), *tables, None]
    aim = draw(st.sampled_from(aims))
    learning = Steering(draw, chart.values, history, straight=False, learning=True)
    learnt = None
    if isinstance(aim, DecisionTable):
        learnt = breaking(learning, less, chart=chart, table=aim)
    elif aim is not None:
        learnt = learning.facts(chart.tree(state), aim, less)
    if learnt is None:
        learnt = _filled(less, draw(chart.everything), chart.events(pathway.state(state)))
    return living.life(facts).course, settled(less, learnt) or {}


def _filled(less: Any, drawn: Facts, events: frozenset[Declaration]) -> Facts:
    """What was unknown of a record, with the facts drawn; of the items of its lists too."""
    facts: Facts = {}
    for fact, value in values_of(less):
        if fact in events:
            continue
        if value is None:
            facts[fact.name] = drawn[fact.name]
        elif isinstance(fact.domain, ListOf) and value and drawn[fact.name]:
            known = [dict(_known(item)) for item in drawn[fact.name]]
            facts[fact.name] = tuple(
                _learnt(item, _filled(item, known[at % len(known)], events)) for at, item in enumerate(value)
            )
    return facts


def _known(item: Any) -> Iterator[tuple[str, Any]]:
    return ((fact.name, value) for fact, value in values_of(item))


def _learnt(item: Any, facts: Facts) -> Any:
    return record_facts(item, settled(item, facts) or {})


def _extends(less: Any, more: Any, events: frozenset[Declaration]) -> bool:
    """Whether all that is known of the one is known of the other, and of events nothing more."""
    for fact, before in values_of(less):
        after = fact.of(more)
        if before == after:
            continue
        if before is not None and not (
            isinstance(fact.domain, ListOf)
            and len(before) == len(after)
            and all(_extends(*pair, events) for pair in zip(before, after, strict=True))
        ):
            return False
        if before is None and fact in events:
            return False
    return True


# -- what is wrong, in words -----------------------------------------------------------------------------------------


def _relived(pathway: Pathway, data: Data) -> tuple[Journey | None, str | None]:
    """The journey of a course, up to the first visit that cannot be decided, and what is wrong with that."""
    course = course_from_json(pathway, data)
    try:
        journey = Journey.begin(pathway, course.patient)
    except (AmbiguousDecision, NoDecision):
        return None, _fault(pathway, pathway.start, course.patient, START)
    for visit in course.visits:
        if journey.finished:
            break
        try:
            journey.visit(visit.facts, on=visit.on)
        except (AmbiguousDecision, NoDecision):
            record = record_facts(journey.patient, visit.facts)
            return journey, _fault(pathway, journey.state, record, journey.history)
    return journey, None


def _fault(pathway: Pathway, state: str, record: Any, history: History) -> str | None:
    """Say why a state cannot decide a record, or a table of the state it leads to cannot choose."""
    leaving = pathway.leaving(pathway.state(state))
    truths = [evaluate(guard, record, history) for guard in pathway.guards(state)]
    taken = [step for step, truth in zip(leaving, truths, strict=True) if truth is True]
    if len(taken) > 1:
        return f"in {state}, {' and '.join(map(_named, taken))} are enabled together"
    if not taken:
        decided = all(truth is False for truth in truths)
        return f"in {state}, no transition is enabled, and nothing is left to learn" if decided else None
    entered = pathway.state(taken[0].to)
    faults = (_table_fault(table, record, history) for table in entered.tables)
    return next((_entering(taken[0], entered, fault) for fault in faults if fault is not None), None)


def _undone(pathway: Pathway, state: str, before: Transition, less: Any, more: Any, history: History) -> str | None:
    """Say what is decided otherwise of whoever knows more: the step, or an option."""
    taken = pathway.decide(state, more, history).transition
    if taken is not before:
        return f"{_named(taken)} is taken"
    first, then = (pathway.options(before.to, record, history) for record in (less, more))
    for table, choice in first.items():
        rows = zip(_rows(choice), _rows(then[table]), strict=False)
        if any(row is not None and row != other for row, other in rows):
            return f"table {table} chooses another row"
    return None


def _rows(choice: Choice) -> tuple[Option | None, ...]:
    return choice if isinstance(choice, tuple) else (choice,)


def _entering(step: Transition, state: State, fault: str) -> str:
    return f"on entering {state.name} by {_named(step)}, {fault}"


def _table_fault(table: DecisionTable, record: Any, history: History) -> str | None:
    try:
        table.choose(record, history)
    except AmbiguousDecision:
        items = [record] if table.over is None else table.over.of(record)
        rows = (
            [row.key for row in table.options if evaluate(row.when, item, history) is True]
            for item in items
            if table.done is None or evaluate(table.done, item, history) is False
        )
        return (
            f"the rows {' and '.join(next(found for found in rows if len(found) > 1))} of table {table.name} all apply"
        )
    except NoDecision:
        return f"no row of table {table.name} applies"
    return None


def _named(step: Transition | None) -> str:
    return "nothing" if step is None else f"{step.key} ({step.code})"


def _names(facts: Data) -> str:
    return " and ".join(facts)


def _resumed(journey: Journey) -> Journey:
    return Journey.from_json(journey.pathway, json.loads(json.dumps(journey.to_json())))


def _difference(journey: Journey, other: Journey) -> str | None:
    """The name of what differs between two journeys."""
    for name in ("state", "referral", "patient", "history", "visits", "waiting_for"):
        if getattr(journey, name) != getattr(other, name):
            return name
    same = [step.outcome for step in journey.steps] == [step.outcome for step in other.steps]
    return None if same else "steps"
