"""What every pathway must satisfy when it is made: one function a rule, each yielding what breaks it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ..predicates.declarations import Declaration
from ..predicates.domains import Numeric
from ..predicates.errors import DefinitionError, did_you_mean
from ..predicates.labels import WORDS, Text, figure, unlabelled
from ..predicates.nodes import (
    ArrivedFrom,
    Compare,
    Count,
    Entering,
    Every,
    Holds,
    HoldsSoFar,
    Leaving,
    Named,
    OneOf,
    Parameter,
    Predicate,
    Some,
    Taken,
    Taking,
    Term,
    children,
)
from .errors import (
    ConflictingCriterion,
    ConflictingParameter,
    DuplicateCode,
    DuplicateKey,
    DuplicateState,
    EmptyLabel,
    EmptyName,
    FactUnit,
    ForeignFact,
    FractionalParameter,
    MisplacedStep,
    NoWayOut,
    ParameterOutOfDomain,
    ParameterUnit,
    TerminalWithTransitions,
    UnknownAskedFact,
    UnknownTarget,
    UnknownTransitionTaken,
    UnreachableState,
)
from .invariants import speaks_of_steps
from .model import lists_of

if TYPE_CHECKING:
    from .pathway import Criterion, Pathway

Rule = Callable[["Pathway"], Iterator[DefinitionError]]


def names_given(pathway: Pathway) -> Iterator[DefinitionError]:
    for position, state in enumerate(pathway.states, 1):
        if not state.name.strip():
            yield EmptyName(f"the state in place {position} has no name: write a word of its own, not {state.name!r}")
    for step in pathway.transitions:
        if not step.key.strip():
            yield EmptyName(f"the transition {step} has no key: write a word of its own, not {step.key!r}")
        if not step.code.strip():
            yield EmptyName(f"transition {step.key} has no code: write one of its own, not {step.code!r}")


def labels_given(pathway: Pathway) -> Iterator[DefinitionError]:
    for what, text in _labels(pathway):
        if unlabelled(text):
            yield EmptyLabel(f"{what} has no label: {WORDS}, not {text!r}")


def unique_states(pathway: Pathway) -> Iterator[DefinitionError]:
    for name in _repeated(state.name for state in pathway.states):
        yield DuplicateState(f"two states are named {name!r}")


def unique_keys(pathway: Pathway) -> Iterator[DefinitionError]:
    for key in _repeated(transition.key for transition in pathway.transitions):
        yield DuplicateKey(f"two transitions have the key {key!r}")


def unique_tables_and_advisories(pathway: Pathway) -> Iterator[DefinitionError]:
    for state in pathway.states:
        for name in _repeated(table.name for table in state.tables):
            yield DuplicateKey(f"state {state.name} has two tables named {name!r}")
        for key in _repeated(advisory.key for advisory in state.advisories):
            yield DuplicateKey(f"state {state.name} has two advisories with the key {key!r}")


def unique_codes(pathway: Pathway) -> Iterator[DefinitionError]:
    for code in _repeated(transition.code for transition in pathway.transitions):
        yield DuplicateCode(f"two transitions have the code {code!r}")


def known_states(pathway: Pathway) -> Iterator[DefinitionError]:
    known = {state.name for state in pathway.states}
    if pathway.start not in known:
        yield UnknownTarget(f"the start {pathway.start!r} is no state{did_you_mean(pathway.start, known)}")
    for transition in pathway.transitions:
        if transition.to not in known:
            hint = did_you_mean(transition.to, known)
            yield UnknownTarget(f"transition {transition.key} leads to {transition.to!r}, which is no state{hint}")
    for criterion, part in pathway.parts:
        if isinstance(part, ArrivedFrom) and part.state not in known:
            hint = did_you_mean(part.state, known)
            yield UnknownTarget(f"{criterion.place} asks for arrival from {part.state!r}, which is no state{hint}")


def terminal_states_end(pathway: Pathway) -> Iterator[DefinitionError]:
    for state in pathway.states:
        if state.terminal and state.transitions:
            keys = ", ".join(transition.key for transition in state.transitions)
            yield TerminalWithTransitions(f"the terminal state {state.name} has transitions: {keys}")


def reachable_states(pathway: Pathway) -> Iterator[DefinitionError]:
    ways = {state.name: {step.to for step in pathway.leaving(state)} for state in pathway.states}
    reached = _closure({pathway.start}, ways) if pathway.start in ways else ways.keys()
    for name in ways:
        if name not in reached:
            yield UnreachableState(f"no way leads from {pathway.start} to the state {name}")


def ways_out(pathway: Pathway) -> Iterator[DefinitionError]:
    """Interrupts do not count: a patient who merely may die is not on the way anywhere."""
    back: dict[str, set[str]] = {state.name: set() for state in pathway.states}
    for state in pathway.states:
        for transition in state.transitions:
            back.setdefault(transition.to, set()).add(state.name)
    ending = _closure({state.name for state in pathway.states if state.terminal}, back)
    for state in pathway.states:
        if state.name not in ending:
            yield NoWayOut(f"no way leads from the state {state.name} to a terminal state")


def own_facts(pathway: Pathway) -> Iterator[DefinitionError]:
    for criterion in pathway.criteria():
        for fact, owner in _with_owner(criterion.predicate, criterion.owner):
            if fact.owner is not owner:
                yield ForeignFact(f"{criterion.place} speaks of {fact!r} where the facts of {owner.__name__} are meant")


def asked_facts(pathway: Pathway) -> Iterator[DefinitionError]:
    owners = {pathway.record} | {fact.item_record for fact in lists_of(pathway.record)}
    for state in pathway.states:
        for fact in state.asks:
            if fact.owner not in owners:
                yield UnknownAskedFact(
                    f"state {state.name} asks {fact!r}, which {pathway.record.__name__} does not have"
                )


def counted_transitions(pathway: Pathway) -> Iterator[DefinitionError]:
    known = {transition.key for transition in pathway.transitions}
    for criterion, part in pathway.parts:
        if isinstance(part, Compare) and isinstance(part.left, Taken):
            for key in part.left.keys:
                if key not in known:
                    hint = did_you_mean(key, known)
                    yield UnknownTransitionTaken(f"{criterion.place} counts {key!r}, which is no transition{hint}")


def one_value_a_parameter(pathway: Pathway) -> Iterator[DefinitionError]:
    values: dict[str, float] = {}
    for parameter in pathway.mentioned_parameters():
        if values.setdefault(parameter.name, parameter.value) != parameter.value:
            first, other = figure(values[parameter.name]), figure(parameter.value)
            yield ConflictingParameter(f"parameter {parameter.name} has the values {first} and {other}")


def near_parameters(pathway: Pathway) -> Iterator[DefinitionError]:
    """One beyond the end of a domain is near: who writes `<` or `>` there means always, or never."""
    for place, compared, parameter in _compared_parameters(pathway):
        if isinstance(compared, Declaration) and isinstance(compared.domain, Numeric):
            domain = compared.domain
            if not domain.low - 1 <= parameter.value <= domain.high + 1:
                yield ParameterOutOfDomain(
                    f"{place} compares {compared!r} with policy `{parameter.name}`, which {figure(parameter.value)} "
                    f"makes the same for every value: {domain.expected}"
                )


def whole_parameters(pathway: Pathway) -> Iterator[DefinitionError]:
    for place, compared, parameter in _compared_parameters(pathway):
        whole = isinstance(compared, Term) or (isinstance(compared.domain, Numeric) and compared.domain.whole)
        if whole and parameter.value % 1:
            what = repr(compared) if isinstance(compared, Declaration) else "a count"
            yield FractionalParameter(
                f"{place} compares {what} with policy `{parameter.name}`: expected a whole number, "
                f"not {figure(parameter.value)}"
            )


def parameters_in_units(pathway: Pathway) -> Iterator[DefinitionError]:
    """Where one of the two does not say its unit, there is nothing to hold the other against."""
    for place, compared, parameter in _compared_parameters(pathway):
        unit = compared.domain.unit if isinstance(compared, Declaration) else ""
        if unit and parameter.unit and unit != parameter.unit:
            yield ParameterUnit(
                f"{place} compares {compared!r} in {unit} with policy `{parameter.name}` in {parameter.unit}: "
                "write both in the same unit"
            )


def facts_in_units(pathway: Pathway) -> Iterator[DefinitionError]:
    for criterion, part in pathway.parts:
        if isinstance(part, Compare) and isinstance(part.left, Declaration) and isinstance(part.right, Declaration):
            units = [side.domain.unit for side in (part.left, part.right)]
            if all(units) and len(set(units)) > 1:
                yield FactUnit(
                    f"{criterion.place} compares {part.left!r} in {units[0]} with {part.right!r} in {units[1]}: "
                    "declare both in the same unit"
                )


def one_meaning_a_name(pathway: Pathway) -> Iterator[DefinitionError]:
    meanings: dict[str, tuple[Named, Criterion]] = {}
    for criterion, part in pathway.parts:
        if isinstance(part, Named):
            first, place = meanings.setdefault(part.name, (part, criterion))
            if first.predicate != part.predicate:
                yield ConflictingCriterion(
                    f"{part.name!r} names two criteria, in {place.place} and in {criterion.place}: name them apart"
                )
                return


def steps_in_invariants_only(pathway: Pathway) -> Iterator[DefinitionError]:
    known = {state.name for state in pathway.states}
    keys = {transition.key for transition in pathway.transitions}
    promises = {f"invariant {invariant.key}" for invariant in pathway.invariants}
    for key in _repeated(invariant.key for invariant in pathway.invariants):
        yield DuplicateKey(f"two invariants have the key {key!r}")
    for criterion, part in pathway.parts:
        if speaks_of_steps(part) and criterion.place not in promises:
            yield MisplacedStep(f"{criterion.place} speaks of a step, which only an invariant can: {part!r}")
        match part:
            case Entering(names) | Leaving(names):
                for name in set(names) - known:
                    hint = did_you_mean(name, known)
                    yield UnknownTarget(f"{criterion.place} speaks of the state {name!r}, which is no state{hint}")
            case Taking(names):
                for name in set(names) - keys:
                    hint = did_you_mean(name, keys)
                    yield UnknownTransitionTaken(f"{criterion.place} speaks of {name!r}, which is no transition{hint}")


RULES: tuple[Rule, ...] = (
    steps_in_invariants_only,
    names_given,
    labels_given,
    unique_states,
    unique_keys,
    unique_tables_and_advisories,
    unique_codes,
    known_states,
    terminal_states_end,
    reachable_states,
    ways_out,
    own_facts,
    asked_facts,
    counted_transitions,
    one_value_a_parameter,
    near_parameters,
    whole_parameters,
    parameters_in_units,
    facts_in_units,
    one_meaning_a_name,
)


def _labels(pathway: Pathway) -> Iterator[tuple[str, Text]]:
    """What has a label, and the label."""
    yield f"pathway {pathway.name}", pathway.text
    for state in pathway.states:
        yield f"state {state.name}", state.text
        for table in state.tables:
            yield f"table {table.name}", table.text
            yield from ((f"row {row.key} of table {table.name}", row.text) for row in table.options)
        yield from ((f"advisory {advisory.key}", advisory.text) for advisory in state.advisories)
    yield from ((f"transition {step.key}", step.text) for step in pathway.transitions)
    yield from ((f"parameter {parameter.name}", parameter.text) for parameter in pathway.parameters.values())
    yield from ((f"criterion {part.name}", part.text) for _, part in pathway.parts if isinstance(part, Named))


def _compared_parameters(pathway: Pathway) -> Iterator[tuple[str, Declaration | Term, Parameter]]:
    """Each parameter with what it is compared with, and where."""
    for criterion, part in pathway.parts:
        if isinstance(part, Compare) and isinstance(part.right, Parameter):
            yield criterion.place, part.left, part.right


def _repeated(names: Iterable[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]


def _closure(start: set[str], ways: dict[str, set[str]]) -> set[str]:
    reached, todo = set(start), list(start)
    while todo:
        for name in ways.get(todo.pop(), set()) - reached:
            reached.add(name)
            todo.append(name)
    return reached


def _with_owner(predicate: Predicate, owner: type[Any]) -> Iterator[tuple[Declaration, type[Any]]]:
    """Each fact of a criterion with the record whose fact it should be: inside a quantifier, that of the items."""
    match predicate:
        case Every(fact, inner) | Some(fact, inner):
            yield fact, owner
            yield from _with_owner(inner, fact.item_record)
        case Compare(left, _, right):
            for side in (left, right):
                if isinstance(side, Count):
                    yield side.fact, owner
                    yield from _with_owner(side.predicate, side.fact.item_record)
                elif isinstance(side, Declaration):
                    yield side, owner
        case Holds(fact) | HoldsSoFar(fact) | OneOf(fact=fact):
            yield fact, owner
        case _:
            for inner in children(predicate):
                yield from _with_owner(inner, owner)
