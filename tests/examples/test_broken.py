"""Each pathway of examples/broken has the one fault it names and its mended twin none: tried whole, and proved."""

from __future__ import annotations

import runpy
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from itertools import combinations_with_replacement, product
from pathlib import Path
from typing import Any

import attrs
import pytest

from crlm_pathway import AmbiguousDecision, History, Journey, NoDecision, Pathway
from crlm_pathway.courses import course_from_json, run_course
from crlm_pathway.predicates.declarations import Declaration
from crlm_pathway.predicates.diagram import bounds_of, stretches
from crlm_pathway.predicates.domains import Boolean, Choice, ListOf, Numeric
from crlm_pathway.predicates.nodes import ArrivedFrom, RoundsHere, Taken
from crlm_pathway.predicates.records import facts_of

verification = pytest.importorskip("crlm_pathway.verification", reason="proofs need Z3")

BROKEN = Path(__file__).resolve().parents[2] / "examples" / "broken"
NAMES = [script.stem for script in sorted(BROKEN.glob("*.py"))]
MOST_ITEMS = 2
TURNS = 10

Fault = tuple[str, str]


@cache
def module(name: str) -> Mapping[str, Any]:
    return runpy.run_path(str(BROKEN / f"{name}.py"))


@cache
def proofs(name: str, which: str) -> Any:
    return verification.check(module(name)[which])


# -- trying everything: every record of a few values, every history, every journey -----------------------------------


@attrs.frozen
class Place:
    """A state with as much of the history as the pathway's criteria can tell apart."""

    state: str
    taken: frozenset[tuple[str, int]] = frozenset()
    rounds_here: int = 1
    arrived_from: str | None = None

    @property
    def history(self) -> History:
        return History(dict(self.taken), self.rounds_here, self.arrived_from)


def rows_chosen(state: str, options: Mapping[str, Any]) -> set[str]:
    """The rows that the tables of a state chose, as obligations name them."""
    return {
        f"{row.key} of {table} in {state}"
        for table, choice in options.items()
        for row in (choice if isinstance(choice, tuple) else (choice,))
        if row is not None
    }


class Tried:
    """What every journey through a small pathway comes to, found by trying, and nothing else.

    `faults` are the obligations that do not hold, each with the fewest visits that show it, if visits can. `longest`
    is the number of steps of the longest journey, None if there is none.
    """

    def __init__(self, pathway: Pathway) -> None:
        self.pathway = pathway
        self.bounds = bounds_of(criterion.predicate for criterion in pathway.criteria())
        self.memories = any(isinstance(part, ArrivedFrom) for _, part in pathway.parts)
        self.records = list(self._records(pathway.record))
        self.faults: dict[Fault, int | None] = {}
        self.seen: set[str] = set()
        self.ways: dict[Place, set[Place]] = defaultdict(set)
        self._walk()
        for wanted in self._wanted() - self.seen:
            self.faults["alive", wanted] = None
        self.longest = self._longest()

    def _records(self, record: type[Any]) -> Iterator[Any]:
        """Every record whose numbers are those compared with, and one between each two."""
        facts = facts_of(record)
        for values in product(*(self._values(fact) for fact in facts.values())):
            yield record(**dict(zip(facts, values, strict=True)))

    def _values(self, fact: Declaration) -> list[Any]:
        match fact.domain:
            case Boolean():
                return [False, True]
            case Choice(enum):
                return list(enum)
            case Numeric() as domain:
                return [cut.representative for cut in stretches(domain, self.bounds.get(fact, ()))]
            case ListOf(record):
                items = list(self._records(record))
                return [found for size in range(MOST_ITEMS + 1) for found in combinations_with_replacement(items, size)]

    def _after(self, place: Place, taken: str, target: str) -> Place:
        """Where a transition leads; counters stop one beyond the last number they are compared with."""
        history = place.history.after(taken, place.state, target)
        counters: dict[str, float] = defaultdict(int)
        rounds: float = 1
        for term, numbers in self.bounds.items():
            for key in term.keys if isinstance(term, Taken) else ():
                counters[key] = max(counters[key], *(number + 1 for number in numbers))
            if isinstance(term, RoundsHere):
                rounds = max(numbers) + 1
        return Place(
            target,
            frozenset((key, int(min(times, counters[key]))) for key, times in history.taken.items() if key in counters),
            int(min(history.rounds_here, rounds)),
            history.arrived_from if self.memories else None,
        )

    def _walk(self) -> None:
        """Go wherever some record leads, in the fewest visits."""
        start = Place(self.pathway.start)
        here, known, visits = [start], {start}, 0
        while here:
            visits += 1
            for place, record in product(here, self.records):
                if place.state not in self.pathway.terminal_states:
                    self._visit(place, record, visits)
            there = {target for place in here for target in self.ways[place]} - known
            known |= there
            here = list(there)

    def _visit(self, place: Place, record: Any, visits: int) -> None:
        pathway, history = self.pathway, place.history
        try:
            step = pathway.decide(place.state, record, history).transition
        except NoDecision:
            self.faults.setdefault(("total", place.state), visits)
            return
        except AmbiguousDecision:
            self.faults.setdefault(("exclusive", place.state), visits)
            return
        assert step is not None, "whoever is known completely does not wait"
        self.seen.add(step.key)
        self.ways[place].add(self._after(place, step.key, step.to))
        for invariant in pathway.invariants:
            if invariant.broken_by(place.state, step, record, history):
                self.faults.setdefault(("invariant", invariant.key), visits)
        for table in pathway.state(step.to).tables:
            where = f"{table.name} in {step.to}"
            try:
                chosen = table.choose(record, history)
            except NoDecision:
                self.faults.setdefault(("total", where), visits)
            except AmbiguousDecision:
                self.faults.setdefault(("exclusive", where), visits)
            else:
                self.seen |= rows_chosen(step.to, {table.name: chosen})

    def _wanted(self) -> set[str]:
        rows = {
            f"{row.key} of {table.name} in {state.name}"
            for state in self.pathway.states
            for table in state.tables
            for row in table.options
        }
        return rows | {step.key for step in self.pathway.transitions}

    def _longest(self) -> int | None:
        try:
            order = list(TopologicalSorter(self.ways).static_order())
        except CycleError:
            self.faults["terminating", self.pathway.name] = None
            return None
        steps: dict[Place, int] = {}
        for place in order:
            steps[place] = max((1 + steps[target] for target in self.ways.get(place, ())), default=0)
        return steps[Place(self.pathway.start)]


@cache
def tried(name: str, which: str) -> Tried:
    return Tried(module(name)[which])


# -- courses that show a fault -----------------------------------------------------------------------------------------


def shows(pathway: Pathway, course: Mapping[str, Any], fault: Fault) -> bool:
    """Whether the last visit of a course shows the fault, and none before it."""
    kind, subject = fault
    *before, _ = course["visits"]
    if kind in {"total", "exclusive"}:
        return refused(pathway, course) == kind and not (before and refused(pathway, {**course, "visits": before}))
    if kind == "invariant":
        (invariant,) = (one for one in pathway.invariants if one.key == subject)
        steps = lived(pathway, course).steps
        broken = [invariant.broken_by(step.source, step.transition, step.patient, step.history) for step in steps]
        return broken == [False] * len(before) + [True]
    assert kind == "terminating"
    return any(goes_on(pathway, course, start) for start in range(len(course["visits"])))


def refused(pathway: Pathway, course: Mapping[str, Any]) -> str | None:
    """Which obligation fails when a course is run, if running it raises."""
    try:
        lived(pathway, course)
    except NoDecision:
        return "total"
    except AmbiguousDecision:
        return "exclusive"
    return None


def goes_on(pathway: Pathway, course: Mapping[str, Any], start: int) -> bool:
    """Whether every visit takes a step, and the visits from `start` on can be made over and over."""
    visits = [*course["visits"], *course["visits"][start:] * TURNS]
    journey = lived(pathway, {**course, "visits": visits})
    return not journey.finished and len(journey.steps) == len(visits)


def lived(pathway: Pathway, course: Mapping[str, Any]) -> Journey:
    return run_course(pathway, course_from_json(pathway, course))


def poorer(data: Any) -> Iterator[Any]:
    """The data with one entry fewer, at any depth; visits stay."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            if key not in {"patient", "visits", "facts"}:
                yield {other: data[other] for other in data if other != key}
            yield from ({**data, key: less} for less in poorer(value) if key != "visits" or len(less) == len(value))
    elif isinstance(data, list | tuple):
        for index, item in enumerate(data):
            yield [*data[:index], *data[index + 1 :]]
            yield from ([*data[:index], less, *data[index + 1 :]] for less in poorer(item))


# -- the tests ---------------------------------------------------------------------------------------------------------


def test_there_are_enough_of_them() -> None:
    assert len(NAMES) >= 10
    assert {module(name)["EXPECTED"][0] for name in NAMES} == {
        "total",
        "exclusive",
        "alive",
        "terminating",
        "invariant",
    }


def test_the_table_of_faults_has_a_row_for_each() -> None:
    readme = (BROKEN / "README.md").read_text(encoding="utf-8")
    rows = [line for line in readme.splitlines() if line.startswith("| [")]
    assert sorted(row.split("`")[1] for row in rows) == [f"{name}.py" for name in NAMES]
    for row in rows:
        kind, subject = module(row.split("`")[1].removesuffix(".py"))["EXPECTED"]
        assert f"| {kind} `{subject}` |" in row


@pytest.mark.parametrize("name", NAMES)
def test_each_script_runs_and_prints(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(BROKEN / f"{name}.py"), run_name="__main__")
    assert capsys.readouterr().out.strip()


@pytest.mark.parametrize("name", NAMES)
def test_trying_everything_finds_the_fault_and_no_other(name: str) -> None:
    assert set(tried(name, "BROKEN").faults) == {module(name)["EXPECTED"]}
    assert not tried(name, "MENDED").faults


@pytest.mark.parametrize("name", NAMES)
def test_the_fault_is_refuted_and_all_else_proved(name: str) -> None:
    report = proofs(name, "BROKEN")
    assert [(one.kind.value, one.subject) for one in report.obligations if one.status.value != "proved"] == [
        module(name)["EXPECTED"]
    ]
    assert not report.holds


@pytest.mark.parametrize("name", NAMES)
def test_the_mended_pathway_is_proved(name: str) -> None:
    report = proofs(name, "MENDED")
    assert [one.name for one in report.obligations if one.status.value != "proved"] == []
    assert report.holds
    assert report.longest_journey == tried(name, "MENDED").longest


@pytest.mark.parametrize("which", ["BROKEN", "MENDED"])
@pytest.mark.parametrize("name", NAMES)
def test_a_course_ends_with_whatever_can_happen(name: str, which: str) -> None:
    for one in proofs(name, which).obligations:
        if one.kind.value == "alive" and one.status.value == "proved":
            last = lived(module(name)[which], one.witness).steps[-1]
            assert one.subject in {last.transition.key, *rows_chosen(last.target, last.options)}
            assert last.visit == len(one.witness["visits"]) - 1


@pytest.mark.parametrize("name", NAMES)
def test_the_counterexample_shows_the_fault_in_the_fewest_visits_and_facts(name: str) -> None:
    fault, broken, mended = (module(name)[part] for part in ("EXPECTED", "BROKEN", "MENDED"))
    (refuted,) = (one for one in proofs(name, "BROKEN").obligations if one.status.value == "refuted")
    found = refuted.counterexample
    assert found.text.en
    assert found.text.zh
    assert found.course == module(name).get("COUNTEREXAMPLE")
    if fault[0] == "alive":  # no course shows what never happens
        assert found.course is None
        return
    assert shows(broken, found.course, fault)
    assert not shows(mended, found.course, fault)
    assert not any(shows(broken, less, fault) for less in poorer(found.course))
    fewest = tried(name, "BROKEN").faults[fault]
    assert fewest is None or len(found.course["visits"]) == fewest
