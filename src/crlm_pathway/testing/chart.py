"""What steering has to know of a pathway: the ways between its states, and what each state can come to."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any, Final

import attrs
from hypothesis import strategies as st

from ..pathway.errors import AmbiguousDecision, NoDecision
from ..pathway.model import DecisionTable, State, Transition
from ..pathway.pathway import Pathway
from ..predicates.declarations import Declaration
from ..predicates.diagram import Node, Outcome, Verdict
from ..predicates.domains import Numeric
from ..predicates.history import History
from ..predicates.nodes import NEVER, Compare, HoldsSoFar, Parameter, Predicate, Term, conjunction, walk
from .facts import Facts, drawn_facts, drawn_records
from .steering import counted, outcomes, tree_of, truth_of
from .values import Values

FAULTS: Final[Sequence[Outcome]] = (Verdict.OVERLAP, Verdict.GAP)


@attrs.frozen
class Goal:
    """A transition to take somewhere on the way, and the state it leaves; an interrupt leaves any."""

    source: str | None
    transition: Transition


class Chart:
    """A pathway with what is worked out of it once."""

    def __init__(self, pathway: Pathway) -> None:
        self.pathway = pathway
        self.values = Values.of_record(pathway.record, (found.predicate for found in pathway.criteria()))
        self._open: dict[tuple[Any, ...], tuple[Outcome, ...]] = {}

    @cached_property
    def referrals(self) -> st.SearchStrategy[Any]:
        """What may be known at referral."""
        return drawn_records(self.pathway.record, self.values, complete=False, written=True)

    @cached_property
    def something(self) -> st.SearchStrategy[Facts]:
        """Facts of a visit that records some."""
        return drawn_facts(self.pathway.record, self.values, complete=False, written=True)

    @cached_property
    def everything(self) -> st.SearchStrategy[Facts]:
        """Facts of a visit that records all."""
        return drawn_facts(self.pathway.record, self.values, complete=True)

    def __repr__(self) -> str:
        return f"<Chart of {self.pathway.name}>"  # short, as Hypothesis prints it

    # -- ways --------------------------------------------------------------------------------------------------------

    @cached_property
    def _ways(self) -> Mapping[str, frozenset[str]]:
        return {state.name: frozenset(step.to for step in self.pathway.leaving(state)) for state in self.pathway.states}

    @cached_property
    def _steps(self) -> Mapping[str, Mapping[str, float]]:
        """How many steps there are at least from each state to each other."""
        return {state.name: self._steps_from(state.name) for state in self.pathway.states}

    def _steps_from(self, start: str) -> Mapping[str, float]:
        found: dict[str, float] = {start: 0}
        todo = [start]
        for name in todo:
            for other in sorted(self._ways[name]):
                if other not in found:
                    found[other] = found[name] + 1
                    todo.append(other)
        return found

    def steps(self, source: str, target: str | None) -> float:
        """How many steps it takes at least from one state to another, or anywhere; infinite when there is no way."""
        return 0 if target is None else self._steps[source].get(target, math.inf)

    @cached_property
    def to_the_end(self) -> Mapping[str, float]:
        """How many steps it takes at least from each state to a terminal one."""
        ends = self.pathway.terminal_states
        return {state.name: min(self.steps(state.name, end) for end in ends) for state in self.pathway.states}

    @cached_property
    def goals(self) -> tuple[Goal, ...]:
        """Every transition, those near the start first."""
        of_states = [Goal(state.name, step) for state in self.pathway.states for step in state.transitions]
        near = sorted(of_states, key=lambda goal: self.steps(self.pathway.start, goal.source))
        return (*near, *(Goal(None, step) for step in self.pathway.interrupts))

    # -- what a state can come to ------------------------------------------------------------------------------------

    def tree(self, state: str) -> Node | None:
        """The diagram of a state's guards."""
        return tree_of(*self.pathway.guards(state))

    def open(self, state: str, history: History) -> tuple[Outcome, ...]:
        """What some record may come to in a state: transitions by position, the nearest to an end first; then faults.

        Without a diagram, all transitions.
        """
        key = (state, history.arrived_from, *self.counts(history))
        if key not in self._open:
            leaving = self.pathway.leaving(self.pathway.state(state))
            tree = self.tree(state)
            found = frozenset(range(len(leaving))) if tree is None else outcomes(tree, history)
            near = sorted(
                (one for one in found if isinstance(one, int)), key=lambda one: (self.to_the_end[leaving[one].to], one)
            )
            self._open[key] = (*near, *(fault for fault in FAULTS if fault in found))
        return self._open[key]

    def comes_to(self, state: str, record: Any, history: History) -> Outcome:
        """What a state does with a record: a transition by its position, a fault, or that it waits."""
        try:
            taken = self.pathway.decide(state, record, history).transition
        except AmbiguousDecision:
            return Verdict.OVERLAP
        except NoDecision:
            return Verdict.GAP
        return Verdict.WAIT if taken is None else self.pathway.leaving(self.pathway.state(state)).index(taken)

    # -- histories ---------------------------------------------------------------------------------------------------

    @cached_property
    def _terms(self) -> tuple[tuple[Term, float], ...]:
        """The journey facts that criteria compare, each with a number beyond which no criterion tells it apart."""
        found: dict[Term, float] = {}
        for _, part in self.pathway.parts:
            if isinstance(part, Compare) and isinstance(part.left, Term) and not hasattr(part.left, "predicate"):
                found[part.left] = max(found.get(part.left, 0), _beyond(part.right))
        return tuple(found.items())

    def counts(self, history: History) -> tuple[float, ...]:
        """The journey facts as far as criteria tell them apart: two equal ones are alike for good."""
        return tuple(min(counted(term, history), most) for term, most in self._terms)

    # -- tables ------------------------------------------------------------------------------------------------------

    def faults(self, table: DecisionTable, history: History) -> Iterable[tuple[Node, Outcome]]:
        """The ways in which a table may choose no row, or several: a diagram, and what it comes to then."""
        asked = ~(table.done if table.done is not None else NEVER)
        rows = [conjunction(asked, row.when) for row in table.options]
        overlap = tree_of(*rows)
        if overlap is not None and Verdict.OVERLAP in outcomes(overlap, history):
            yield overlap, Verdict.OVERLAP
        gap = truth_of(conjunction(asked, table.given, *(~row.when for row in table.options)))
        if gap is not None and Verdict.TRUE in outcomes(gap, history):
            yield gap, Verdict.TRUE

    # -- events ------------------------------------------------------------------------------------------------------

    def events(self, state: State) -> frozenset[Declaration]:
        """The facts that the criteria read in a state, or on leaving it, take for false until they are recorded."""
        entered = [self.pathway.state(step.to) for step in self.pathway.leaving(state)]
        tables = [table for other in entered for table in other.tables]
        read: list[Predicate] = [*self.pathway.guards(state.name)]
        for table in tables:
            read += [table.given, *(row.when for row in table.options), *([] if table.done is None else [table.done])]
        return frozenset(part.fact for predicate in read for part in walk(predicate) if isinstance(part, HoldsSoFar))


def _beyond(bound: Any) -> float:
    if isinstance(bound, Parameter):
        return bound.value + 1
    if isinstance(bound, Declaration):
        assert isinstance(bound.domain, Numeric)
        return bound.domain.high + 1
    number: float = bound
    return number + 1


@lru_cache(maxsize=16)
def chart_of(pathway: Pathway) -> Chart:
    """The chart of a pathway, made once."""
    return Chart(pathway)
