"""Courses and histories as Hypothesis strategies, steered towards every transition of a pathway."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any, Final, NamedTuple

import attrs
from hypothesis import HealthCheck, reject, strategies as st

from ..courses import Course
from ..journey import Journey
from ..pathway.errors import AmbiguousDecision, NoDecision, RunningError, UnknownState
from ..pathway.model import DecisionTable
from ..pathway.pathway import Pathway
from ..predicates.diagram import Outcome
from ..predicates.history import START, History
from ..predicates.records import record_facts
from ..visits import Visit
from .chart import FAULTS, Chart, Goal, chart_of
from .facts import Facts, contradicted, drawn_records, settled
from .steering import Steering

LONG: Final = 150
"""Steps after which a course is taken to the end by the shortest way."""
TOO_LONG: Final = 400
UNTIMED: Final = (
    HealthCheck.too_slow,
    HealthCheck.filter_too_much,
    HealthCheck.data_too_large,
    HealthCheck.large_base_example,
)
"""What Hypothesis may object to in how examples are made, which is nobody's fault who tests a pathway."""
_FIRST_DAY: Final = date(2024, 1, 1)
_DAYS: Final = (0, 1, 7, 28, 91)
_STRAYING: Final = (0, 0, 0, 0, 1, 2, 4, 8, 30)
"""Steps in which a course goes anywhere but to the end, before it makes for its goal."""
_FURTHER: Final = (0, 0, 0, 1, 2)
"""Further goals that a course makes for when it has reached one, as far as there is a way."""


Also = Callable[[Steering, Any], Facts | None]
"""Facts more to record of a record, so that something else comes about too."""


class Situation(NamedTuple):
    """Where a journey stands: its state, what is known, and its history."""

    state: str
    record: Any
    history: History


def courses(pathway: Pathway) -> st.SearchStrategy[Course]:
    """Courses whose journey ends, each steered so as to take a transition drawn beforehand, the rare ones as often.

    Visits record what is needed for a transition, much more or everything; some wait. A course shrinks towards the
    shortest journey with the fewest facts. Where nothing leads to an end there is no example.
    """
    return lived(chart_of(pathway)).filter(lambda life: life.finished).map(lambda life: life.course)


def histories(pathway: Pathway, state: str | None = None) -> st.SearchStrategy[History]:
    """Histories with which a journey may stand in a state, or (None) in any that is not terminal.

    Each comes of a way through the pathway on which every guard could hold, whatever was recorded.
    """
    if state is not None and pathway.state(state).terminal:
        raise UnknownState(f"{pathway.name}: nothing is decided in {state}, which is terminal")
    return _standings(chart_of(pathway), state).map(lambda standing: standing[1])


def situations(pathway: Pathway, *, complete: bool = False) -> st.SearchStrategy[Situation]:
    """A state that is not terminal, a record, `complete` or of which some facts are known, and a history for it."""
    chart = chart_of(pathway)
    known = drawn_records(pathway.record, chart.values, complete=complete)
    return st.builds(lambda standing, record: Situation(standing[0], record, standing[1]), _standings(chart), known)


# -- the way ---------------------------------------------------------------------------------------------------------


class Way:
    """Which transition a journey makes for in each state: any at first, then one towards a goal, then to an end."""

    def __init__(self, chart: Chart, draw: st.DrawFn, goal: Goal) -> None:
        self.chart = chart
        self.draw = draw
        self.goal = goal
        self.straying = draw(st.sampled_from(_STRAYING))
        self.further = draw(st.sampled_from(_FURTHER))
        self.reached = False
        self.taken = 0

    def at_goal(self, state: str, history: History) -> bool:
        """Whether the goal can be taken here and now."""
        if self.straying or self.reached or self.goal.source not in (None, state):
            return False
        return self._position(state) in self.chart.open(state, history)

    def _position(self, state: str) -> int:
        leaving = self.chart.pathway.leaving(self.chart.pathway.state(state))
        return leaving.index(self.goal.transition) if self.goal.transition in leaving else -1

    def next(self, state: str, history: History) -> int | None:
        """The transition to make for, by its position; None when none may be taken."""
        leaving = self.chart.pathway.leaving(self.chart.pathway.state(state))
        open_ = [one for one in self.chart.open(state, history) if isinstance(one, int)]
        if not open_:
            return None
        self.taken += 1
        if self.taken > LONG:
            return open_[0]
        if self.at_goal(state, history):
            position = self._position(state)
            self._reach()
            return position
        going = [one for one in open_ if leaving[one].to not in self.chart.pathway.terminal_states]
        if not self.reached:  # nearest first, and none from which there is no way to the goal
            away = {one: self.chart.steps(leaving[one].to, self.goal.source) for one in going}
            going = sorted((one for one in going if away[one] < math.inf), key=lambda one: away[one])
        if self.straying:
            self.straying -= 1
            return self._any(going or open_)
        if self.reached or not going:
            self._reach()
            return self._any(open_)
        return self._any(going) if self.draw(_RARELY) else going[0]

    def _reach(self) -> None:
        """Make for the next goal, or for an end."""
        self.reached = not self.further
        if self.further:
            self.further -= 1
            self.goal = self.draw(st.sampled_from(self.chart.goals))

    def _any(self, ways: list[int]) -> int:
        return ways[0] if len(ways) == 1 else self.draw(st.sampled_from(ways))


_RARELY = st.sampled_from((False,) * 7 + (True,))


@st.composite
def _standings(draw: st.DrawFn, chart: Chart, state: str | None = None) -> tuple[str, History]:
    """A state with a history with which a journey may come to it."""
    pathway = chart.pathway
    goals = [goal for goal in chart.goals if state is None or goal.source in (state, None)]
    way = Way(chart, draw, draw(st.sampled_from(goals or chart.goals)))
    if state is not None:
        way.goal = attrs.evolve(way.goal, source=state)
    here, history = pathway.start, START
    while not way.at_goal(here, history):
        one = way.next(here, history)
        if one is None or way.taken > LONG:
            return reject()
        step = pathway.leaving(pathway.state(here))[one]
        if step.to in pathway.terminal_states:
            if state in (None, here):
                break
            return reject()
        here, history = step.to, history.after(step.key, here, step.to)
    return here, history


# -- courses ---------------------------------------------------------------------------------------------------------


@attrs.frozen
class Life:
    """A course, whether its journey ends, and what its last visit, or its referral, raised."""

    course: Course
    finished: bool
    fault: RunningError | None


class Living:
    """A journey that is lived visit by visit, as drawn."""

    def __init__(self, chart: Chart, draw: st.DrawFn, *, plain: bool = False) -> None:
        self.chart = chart
        self.draw = draw
        self.thorough = 0 if plain else draw(st.sampled_from((0, 0, 1, 2)))
        self.waiting = not plain and draw(st.sampled_from((False, False, True)))
        self.day = None if plain else draw(st.sampled_from((None, _FIRST_DAY)))
        self.referral = draw(chart.referrals) if self.thorough else chart.pathway.record()
        self.visits: list[Visit] = []
        self.fault: RunningError | None = None
        try:
            self.journey = Journey.begin(chart.pathway, self.referral)
        except (AmbiguousDecision, NoDecision) as fault:  # and then there is no journey
            self.fault = fault

    def failed(self) -> bool:
        """Whether the last visit, or the referral, raised something."""
        return self.fault is not None

    @classmethod
    def of(cls, journey: Journey, draw: st.DrawFn) -> Living:
        """Go on with a journey, whose visits record what is needed."""
        living = cls.__new__(cls)
        living.chart, living.draw, living.journey, living.thorough = chart_of(journey.pathway), draw, journey, 0
        return living

    def life(self, *further: Facts) -> Life:
        """What has been lived, and further visits that are not."""
        visits = (*self.visits, *(Visit(None, facts) for facts in further))
        return Life(Course(None, self.referral, visits), self.fault is None and self.journey.finished, self.fault)

    def towards(self, wanted: Outcome | None, also: Also | None = None) -> None:
        """Make a visit, some that wait before it, so that the state comes to what is wanted, or to anything."""
        if self.waiting and self.draw(_SOMETIMES):
            steps = len(self.journey.steps)
            self.visit(self._part(self.facts(wanted)))
            if self.failed() or len(self.journey.steps) > steps:
                return
        self.visit(self.facts(wanted, also))

    def visit(self, facts: Facts) -> None:
        """Make a visit; what it raises is kept."""
        on = None
        if self.day is not None:
            on = self.day = self.day + timedelta(days=self.draw(st.sampled_from(_DAYS)))
        self.visits.append(Visit(on, facts))
        try:
            self.journey.visit(facts, on=on)
        except (AmbiguousDecision, NoDecision) as fault:
            self.fault = fault

    def facts(self, wanted: Outcome | None, also: Also | None = None) -> Facts:
        """Facts that bring the state to what is wanted (`also` may add to them), or else to anything."""
        journey, chart = self.journey, self.chart
        before, state, history = journey.patient, journey.state, journey.history
        extra: Facts = {}
        if self.thorough:
            drawn = self.draw(chart.everything if self.thorough > 1 else chart.something)
            extra = settled(before, drawn) or {}
        if wanted is None:
            return extra
        base = record_facts(before, extra)
        for straight in (False, True):
            steering = Steering(self.draw, chart.values, history, straight)
            facts = steering.facts(chart.tree(state), wanted, base)
            if facts is None:
                continue
            facts = _beside(before, facts, extra)
            if facts is None or chart.comes_to(state, found := record_facts(before, facts), history) != wanted:
                continue
            more = None if also is None else also(steering, found)
            if more and not contradicted(before, {**facts, **more}):
                more = {**facts, **more}
                if chart.comes_to(state, record_facts(before, more), history) == wanted:
                    return more
            return facts
        return self.everything()

    def everything(self) -> Facts:
        """All that may be known."""
        return settled(self.journey.patient, self.draw(self.chart.everything)) or {}

    def _part(self, facts: Facts) -> Facts:
        names = self.draw(st.sets(st.sampled_from(sorted(facts)))) if facts else ()
        return settled(self.journey.patient, {name: facts[name] for name in facts if name in names}) or {}


def _beside(before: Any, facts: Facts, extra: Facts) -> Facts | None:
    """The facts that are needed, with those beside them that do not contradict them."""
    together = {**extra, **facts}
    broken = contradicted(before, together)
    if broken:
        apart = frozenset[str]().union(*(one.facts for one in broken)) - facts.keys()
        together = {name: value for name, value in together.items() if name not in apart}
    return None if broken and contradicted(before, together) else together


_HERE: Final = st.sampled_from((True, False))
_SOMETIMES: Final = st.sampled_from((False, False, False, True))


@st.composite
def facts_onward(draw: st.DrawFn, chart: Chart, journey: Journey) -> Facts:
    """Facts of a visit that brings a journey to a transition drawn, or to what should not be where that is seen."""
    open_ = chart.open(journey.state, journey.history)
    return Living.of(journey, draw).facts(draw(st.sampled_from(open_)) if open_ else None)


@st.composite
def lived(
    draw: st.DrawFn,
    chart: Chart,
    *,
    plain: bool = False,
    faults: bool = False,
    repeats: bool = False,
    within: int = TOO_LONG,
) -> Life:
    """A course up to its end, or to where it can go no further: more than `within` steps, for one.

    A `plain` one records nothing but what is needed. With `faults`, what should not be is looked for where a state may
    come to it; with `repeats`, a journey that comes back to where it was, with nothing different that criteria could
    tell, is broken off.
    """
    living = Living(chart, draw, plain=plain)
    if living.failed():
        return living.life()
    pathway, journey = chart.pathway, living.journey
    way = Way(chart, draw, draw(st.sampled_from(chart.goals)))
    seen = {place_of(chart, journey.state, journey.history)}
    while not journey.finished and len(journey.steps) <= within:
        wanted: Outcome | None = way.next(journey.state, journey.history)
        also: Also | None = None
        if faults and draw(_SOMETIMES):
            wrong = faults_seen(chart, journey)
            tables = tables_entered(pathway, journey.state, wanted)
            if wrong:
                wanted = draw(st.sampled_from(wrong))
            elif tables:
                also = partial(breaking, chart=chart, table=draw(st.sampled_from(tables)))
        steps = len(journey.steps)
        living.towards(wanted, also)
        if living.failed():
            break
        if len(journey.steps) == steps:
            living.visit(living.everything())
            if living.failed() or len(journey.steps) == steps:
                break
        place = place_of(chart, journey.state, journey.history)
        if repeats and place in seen:
            break
        seen.add(place)
    return living.life()


def place_of(chart: Chart, state: str, history: History) -> tuple[Any, ...]:
    """Where a journey stands, as far as criteria tell histories apart."""
    return state, history.arrived_from, *chart.counts(history)


@st.composite
def standing(draw: st.DrawFn, chart: Chart, *, plain: bool = False) -> Living:
    """A journey under way, that stands where a transition drawn beforehand may be taken, or where one may be wrong."""
    living = Living(chart, draw, plain=plain)
    if living.failed():
        return living
    journey = living.journey
    way = Way(chart, draw, draw(st.sampled_from(chart.goals)))
    while not (journey.finished or way.at_goal(journey.state, journey.history)):
        if faults_seen(chart, journey):
            here: bool = draw(_HERE)
            if here:
                break
        steps = len(journey.steps)
        living.towards(way.next(journey.state, journey.history))
        if living.failed():
            return living
        if len(journey.steps) == steps or way.taken > LONG:
            return reject()
    return reject() if journey.finished else living


def faults_seen(chart: Chart, journey: Journey) -> list[Outcome]:
    """What should not be that a journey may come to where it stands, as far as its diagram tells."""
    open_ = chart.open(journey.state, journey.history)
    return [fault for fault in FAULTS if fault in open_]


def tables_entered(pathway: Pathway, state: str, wanted: Outcome | None) -> tuple[DecisionTable, ...]:
    """The tables of the state to which a transition leads, by its position among those that leave a state."""
    if not isinstance(wanted, int):
        return ()
    return pathway.state(pathway.leaving(pathway.state(state))[wanted].to).tables


def breaking(steering: Steering, record: Any, *, chart: Chart, table: DecisionTable) -> Facts | None:
    """Facts of which a table should choose one row, and may not; of a list, of one of its items or of one more."""
    faults = list(chart.faults(table, steering.history))
    if not faults:
        return None
    tree, wanted = steering.draw(st.sampled_from(faults))
    if table.over is None:
        return steering.facts(tree, wanted, record)
    items = list(table.over.of(record) or ())
    at = steering.draw(st.integers(0, len(items) - steering.learning)) if items else 0
    if steering.learning and not items:
        return None
    item = items[at] if at < len(items) else table.over.item_record()
    facts = steering.facts(tree, wanted, item)
    if facts is None:
        return None
    items[at : at + 1] = [record_facts(item, facts)]
    return {table.over.name: tuple(items)}
