"""A stateful test of any pathway: journeys made, asked, saved, resumed and copied in any order."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, ClassVar

from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ..journey import Journey
from ..pathway.pathway import Pathway
from ..predicates.errors import DataError
from ..predicates.history import History
from ..predicates.json_form import read_facts
from ..predicates.records import facts_of, record_facts
from .chart import Chart, chart_of
from .facts import Facts, settled
from .journeys import UNTIMED, facts_onward

_FIRST_DAY = date(2024, 1, 1)
_goes_on = precondition(lambda machine: not machine.journey.finished)


class PathwayMachine(RuleBasedStateMachine):
    """Rules that record facts, make visits, ask what if, save, resume and copy; and what holds after each of them."""

    chart: ClassVar[Chart]

    def __init__(self) -> None:
        super().__init__()
        self.journey: Journey
        self.facts: Facts = {}
        self.day = _FIRST_DAY

    @initialize(data=st.data())
    def refer(self, data: st.DataObject) -> None:
        """Begin with what is known at referral."""
        self.journey = Journey.begin(self.chart.pathway, data.draw(self.chart.referrals, "referral"))

    # -- rules -------------------------------------------------------------------------------------------------------

    @_goes_on
    @rule(data=st.data())
    def record(self, data: st.DataObject) -> None:
        """Have some facts ready for the next visit."""
        drawn = data.draw(self.chart.something, "facts")
        self.facts = settled(self.journey.patient, {**self.facts, **drawn}) or {}

    @_goes_on
    @rule(days=st.sampled_from((None, 0, 1, 30)))
    def visit(self, days: int | None) -> None:
        """Make a visit that records what is ready."""
        self.make(self.facts, days)

    @_goes_on
    @rule(data=st.data())
    def go_on(self, data: st.DataObject) -> None:
        """Make a visit that leads to a transition drawn, or to what should not be where that is seen."""
        self.make(data.draw(facts_onward(self.chart, self.journey), "facts"), 0)

    @_goes_on
    @rule(data=st.data())
    def what_if(self, data: st.DataObject) -> None:
        """Ask what a visit would decide: nothing is recorded, and the visit decides so."""
        facts = settled(self.journey.patient, data.draw(self.chart.something, "facts")) or {}
        before = self.journey.to_json()
        decision = self.journey.what_if(facts)
        assert self.journey.to_json() == before, "what_if recorded something"
        step = copy.copy(self.journey).visit(facts)
        assert decision.transition is (None if step is None else step.transition), "the visit decided otherwise"

    @_goes_on
    @precondition(lambda machine: machine.journey.visits and machine.day > _FIRST_DAY)
    @rule()
    def go_back_in_time(self) -> None:
        """Try a visit before the last: it is refused, and nothing is recorded."""
        if not any(visit.on for visit in self.journey.visits):
            return
        before = self.journey.to_json()
        try:
            self.journey.visit(on=_FIRST_DAY - timedelta(days=1))
        except DataError:
            assert self.journey.to_json() == before, "a visit that was refused was recorded"
        else:
            raise AssertionError("a visit before the last was made")

    @rule()
    def resume(self) -> None:
        """Go on with the journey resumed from its snapshot."""
        snapshot = json.loads(json.dumps(self.journey.to_json()))
        self.go_on_with(Journey.from_json(self.chart.pathway, snapshot))

    @rule()
    def copy(self) -> None:
        """Go on with a copy."""
        self.go_on_with(copy.copy(self.journey))

    # -- invariants --------------------------------------------------------------------------------------------------

    @invariant()
    def waits_for_something_unless_it_is_decided(self) -> None:
        """`waiting_for` is empty when a visit would take a step, or at the end; else it is not."""
        decided = self.journey.decision.transition is not None
        waits = bool(self.journey.waiting_for)
        assert waits is not (decided or self.journey.finished), "waiting_for is empty, and nothing is decided"

    @invariant()
    def dates_never_go_back(self) -> None:
        """The dates of visits are in order."""
        dates = [visit.on for visit in self.journey.visits if visit.on is not None]
        assert dates == sorted(dates)

    @invariant()
    def steps_decide_the_same_again(self) -> None:
        """What the audit of the last step tells decides the same step again."""
        for step in self.journey.steps[-1:]:
            told: Mapping[str, Any] = json.loads(json.dumps(step.audit()))
            record = _told(self.chart.pathway.record, told["facts"])
            decided = self.chart.pathway.decide(told["from"], record, History(**told["history"]))
            assert decided.transition is step.transition, "its audit decides otherwise"

    # -- what they share ---------------------------------------------------------------------------------------------

    def make(self, facts: Facts, days: int | None) -> None:
        """Make a visit: it takes at most one step, the one that is decided."""
        journey, on = self.journey, None
        if days is not None:
            on = self.day = self.day + timedelta(days=days)
        expected = self.chart.pathway.decide(journey.state, record_facts(journey.patient, facts), journey.history)
        before, visits, state = len(journey.steps), len(journey.visits), journey.state
        step = journey.visit(facts, on=on)
        assert len(journey.visits) == visits + 1, "a visit was not recorded"
        assert len(journey.steps) == before + (step is not None), "a visit took another number of steps than one"
        assert (None if step is None else step.transition) is expected.transition, "it took another step than decided"
        assert journey.state == (state if step is None else step.target), "it is not where the step leads"
        self.facts = {}

    def go_on_with(self, other: Journey) -> None:
        """Go on with another journey, which is the same."""
        journey = self.journey
        assert other.to_json() == journey.to_json()
        assert (other.state, other.patient, other.history) == (journey.state, journey.patient, journey.history)
        assert other.waiting_for == journey.waiting_for
        self.journey = other


def _told(record: type[Any], data: Mapping[str, Any]) -> Any:
    """The record that an audit tells, fact by fact: what was learnt apart need not fit what is recorded together."""
    found = record(**dict.fromkeys(facts_of(record)))
    for name, value in read_facts(record, data, exact=True)[0].items():
        found = record_facts(found, {name: value})
    return found


def pathway_machine(pathway: Pathway) -> type[PathwayMachine]:
    """Return a state machine of Hypothesis for a pathway; its `TestCase` is a test by itself.

    `TestThings = pathway_machine(THINGS).TestCase` is all that a module of tests needs.
    """

    class Machine(PathwayMachine):
        """The machine of this pathway."""

        chart = chart_of(pathway)

    Machine.TestCase.settings = settings(deadline=None, suppress_health_check=UNTIMED)
    return Machine
