"""The pathway: one definition, checked when it is made, from which everything else is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set as AbstractSet
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NoReturn

import attrs

from ..predicates.errors import DefinitionError, did_you_mean
from ..predicates.history import START, History
from ..predicates.labels import Names, Text, as_text
from ..predicates.nodes import Compare, Parameter, Predicate, bind, walk
from ..predicates.reference import Reader, evaluate
from .deciding import Decision, Question, refuse_history
from .errors import AmbiguousDecision, NoDecision, UnknownParameter, UnknownState, WrongHistory, WrongRecord
from .fingerprint import fingerprint
from .invariants import Invariant, invariants
from .model import Advisory, Choice, State, Transition, declared, guard, name_field, states, transitions, under
from .rules import RULES
from .showing import Shown

if TYPE_CHECKING:
    from .explaining import Explanation

Decider = Reader[Decision]


@attrs.frozen
class Criterion:
    """A criterion of a pathway: where it stands, and the record it speaks of."""

    place: str
    predicate: Predicate
    owner: type[Any]


@attrs.frozen(kw_only=True, eq=False, slots=False)  # its cached properties are read at once
class Pathway(Shown):
    """A care pathway over one class of records: immutable, checked on construction, safe to share between threads.

    A journey begins in `start`. `interrupts` are transitions that come before anything else in every state that is not
    terminal. `invariants` decide nothing: they promise what holds at every step. A wrong definition raises a
    DefinitionError of the class that names the rule it breaks.
    """

    name: str = attrs.field(validator=name_field)
    text: Text = attrs.field(converter=as_text)
    record: type[Any]
    start: str = attrs.field(validator=name_field)
    states: tuple[State, ...] = attrs.field(converter=states, repr=False)
    interrupts: tuple[Transition, ...] = attrs.field(default=(), converter=transitions, repr=False)
    invariants: tuple[Invariant, ...] = attrs.field(default=(), converter=invariants, repr=False)

    def __attrs_post_init__(self) -> None:
        if not hasattr(self.record, "__facts__") or not isinstance(self.record, type):
            raise DefinitionError(f"`record` is a class declared with @record, not {self.record!r}")
        errors = [error for rule in RULES for error in rule(self)]
        if errors:
            for further in errors[1:]:
                errors[0].add_note(str(further))
            raise errors[0]

    def __getstate__(self) -> dict[str, Any]:
        return declared(self)

    # -- the parts ---------------------------------------------------------------------------------------------------

    @cached_property
    def _states(self) -> Mapping[str, State]:
        return {state.name: state for state in self.states}

    @cached_property
    def terminal_states(self) -> frozenset[str]:
        """The names of the states in which journeys end."""
        return frozenset(state.name for state in self.states if state.terminal)

    def state(self, name: str) -> State:
        """Return the state of this name, or raise UnknownState with the nearest right one."""
        try:
            return self._states[name]
        except KeyError:
            if isinstance(name, State):
                raise UnknownState(f"a state goes by its name: write {name.name!r}, not the State itself") from None
            raise UnknownState(f"{self.name} has no state {name!r}{did_you_mean(str(name), self._states)}") from None

    @cached_property
    def transitions(self) -> tuple[Transition, ...]:
        """All transitions: those of the states in order, then the interrupts."""
        return (*(step for state in self.states for step in state.transitions), *self.interrupts)

    def leaving(self, state: State) -> tuple[Transition, ...]:
        """The transitions that may be taken in a state, interrupts first."""
        return () if state.terminal else (*self.interrupts, *state.transitions)

    def guards(self, name: str) -> tuple[Predicate, ...]:
        """The criterion for each transition that may be taken in a state: its guard, and no interrupt."""
        state = self.state(name)
        if state.terminal:
            return ()
        interrupts = tuple(step.when for step in self.interrupts)
        return (*interrupts, *(guard(step, self.interrupts) for step in state.transitions))

    def criteria(self) -> Iterator[Criterion]:
        """Every criterion of the pathway."""
        for step in self.transitions:
            yield Criterion(f"the guard of transition {step.key}", step.when, self.record)
        for state in self.states:
            for table in state.tables:
                owner = self.record if table.over is None else table.over.item_record
                for row in table.options:
                    yield Criterion(f"row {row.key} of table {table.name}", row.when, owner)
                yield Criterion(f"`given` of table {table.name}", table.given, owner)
                if table.done is not None:
                    yield Criterion(f"`done` of table {table.name}", table.done, owner)
            for advice in state.advisories:
                yield Criterion(f"advisory {advice.key}", advice.criterion, self.record)
        for invariant in self.invariants:
            yield Criterion(f"invariant {invariant.key}", invariant.when, self.record)

    @cached_property
    def parts(self) -> tuple[tuple[Criterion, Predicate], ...]:
        """Every predicate in every criterion, with the criterion it stands in."""
        return tuple((criterion, part) for criterion in self.criteria() for part in walk(criterion.predicate))

    def mentioned_parameters(self) -> Iterator[Parameter]:
        """The parameters of every criterion and option, as often as they are mentioned."""
        for _, part in self.parts:
            if isinstance(part, Compare) and isinstance(part.right, Parameter):
                yield part.right
        for state in self.states:
            for table in state.tables:
                yield from (row.review for row in table.options if row.review is not None)

    @cached_property
    def parameters(self) -> Mapping[str, Parameter]:
        """The numbers that are policy, by name, in the order in which they are first mentioned."""
        found: dict[str, Parameter] = {}
        for parameter in self.mentioned_parameters():
            found.setdefault(parameter.name, parameter)
        return MappingProxyType(found)

    @cached_property
    def names(self) -> Names:
        """The labels of states and transitions, for wording."""
        states = {state.name: state.text for state in self.states}
        return MappingProxyType(states | {step.key: step.text for step in self.transitions})

    @cached_property
    def fingerprint(self) -> str:
        """16 hexadecimal digits over all that decides: states, asked facts, guards, tables, parameters, facts."""
        return fingerprint(self)

    def with_policy(self, /, **values: float) -> Pathway:
        """Return the pathway with other numbers for the named parameters; this one stays as it is.

        Raises UnknownParameter for another name, DefinitionError for a number out of the parameter's range.
        """
        for name in values:
            if name not in self.parameters:
                raise UnknownParameter(f"{self.name} has no policy `{name}`{did_you_mean(name, self.parameters)}")
        return attrs.evolve(
            self,
            states=tuple(under(values, state) for state in self.states),
            interrupts=tuple(attrs.evolve(step, when=bind(step.when, values)) for step in self.interrupts),
            invariants=tuple(promise.bound(bind(promise.when, values)) for promise in self.invariants),
        )

    # -- deciding ----------------------------------------------------------------------------------------------------

    def decide(self, state: str, record: Any, history: History = START) -> Decision:
        """Return what a state does with a record and a history: the one enabled transition, or what it waits for.

        Pure. Never raises for missing facts; raises AmbiguousDecision or NoDecision when not exactly one transition is
        enabled though everything that matters is known, UnknownState, WrongRecord, and WrongHistory if it asks for it.
        """
        try:
            if type(record) is not self.record or (history is not START and history.known_to is not self):
                self.refuse(record, history)
            return self._deciders[state](record, history)
        except AttributeError:
            self.refuse(record, history)
            raise

    def refuse(self, record: Any, history: Any) -> None:
        """Refuse a record and a history that are none."""
        if type(record) is not self.record:
            hint = " (record_from_json makes one)" if isinstance(record, Mapping) else ""
            raise WrongRecord(f"{self.name} decides on a {self.record.__name__}, not on {record!r}{hint}")
        refuse_history(history)
        for name, known in (*((key, self._keys) for key in history.taken), (history.arrived_from, self._states)):
            if name is not None and name not in known:  # a misspelt key would lift a cap
                raise WrongHistory(f"{self.name} has no {name!r} to come from{did_you_mean(name, known)}")
        if history is not START:  # which is everybody's
            history.know(self)

    @cached_property
    def _keys(self) -> AbstractSet[str]:
        return {step.key for step in self.transitions}

    @cached_property
    def _deciders(self) -> dict[str, Decider]:
        return _Deciders(self)

    # -- options and advisories --------------------------------------------------------------------------------------

    def options(self, state: str, record: Any, history: History = START) -> dict[str, Choice]:
        """What each decision table of a state chooses, by the name of the table."""
        tables = self.state(state).tables
        try:
            return {table.name: table.choose(record, history) for table in tables}
        except (AmbiguousDecision, NoDecision) as error:
            raise type(error)(f"{self.name}, state {state}, {error}") from None
        except AttributeError:
            self.refuse(record, history)
            raise

    def advisories(self, left: str, entered: str, record: Any, history: History = START) -> tuple[Advisory, ...]:
        """The advisories raised by a step: those of the state left, then of the state entered, each once."""
        advice = (*self.state(left).advisories, *self.state(entered).advisories)
        try:
            return tuple({found.key: found for found in advice if found.raised(record, history)}.values())
        except AttributeError:
            self.refuse(record, history)
            raise

    def stale(self, state: str) -> Mapping[str, frozenset[str] | None]:
        """What becomes unknown of the record on entering a state: facts whole (None), or those of a list's items."""
        try:
            return self._stale[state]
        except KeyError:
            return self.state(state).stale(self.record)  # says what is meant

    @cached_property
    def _stale(self) -> Mapping[str, Mapping[str, frozenset[str] | None]]:
        return {state.name: state.stale(self.record) for state in self.states}

    # -- explaining --------------------------------------------------------------------------------------------------

    def explain(self, state: str, record: Any, history: History = START) -> Explanation:
        """Return why a state does what it does with a record: each transition's criterion with the values seen."""
        from .explaining import explain

        self.refuse(record, history)
        return explain(self, state, record, history)


class _Deciders(dict[str, Decider]):
    """The compiled decider of each state, made when first asked for."""

    def __init__(self, pathway: Pathway) -> None:
        self._pathway = pathway

    def __missing__(self, name: str) -> Decider:
        decider = self[name] = _decider(self._pathway, self._pathway.state(name))
        return decider


def _decider(pathway: Pathway, state: State) -> Decider:
    """Compile what a state does: decisions that name a transition are made here, once."""
    from ..predicates.compiler import compile_choice

    guards = pathway.guards(state.name)
    ways = pathway.leaving(state)

    def waiting(record: Any, history: History) -> Decision:
        return Decision(state.name, None, Question(pathway, state.name, record, history))

    def gap(record: Any, history: History) -> NoReturn:
        raise NoDecision(
            f"{pathway.name}, state {state.name}: no transition is enabled and nothing is left to learn, "
            f"for {record!r} and {history!r}"
        )

    def overlap(record: Any, history: History) -> NoReturn:
        enabled = [
            f"{step.key} ({step.code})"
            for step, criterion in zip(ways, guards, strict=True)
            if evaluate(criterion, record, history)
        ]
        raise AmbiguousDecision(
            f"{pathway.name}, state {state.name}: {' and '.join(enabled)} are enabled together, "
            f"for {record!r} and {history!r}"
        )

    if state.terminal:
        ended = Decision(state.name, None, pathway=pathway)
        return lambda _record, _history: ended
    decisions = [Decision(state.name, step, pathway=pathway) for step in ways]
    return compile_choice(guards, decisions, waiting=waiting, gap=gap, overlap=overlap, name=f"state {state.name}")
