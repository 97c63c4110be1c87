"""Three-valued decision diagrams: which fact to look at next, until the outcome is settled.

Every fact, count or list question becomes a *variable* whose values fall into a few *cells* that no predicate tells
apart (the members of an enumeration; the stretches between the numbers it is compared with). What is known of a
variable is then a bit mask of cells, and a predicate is `and`s and `or`s over masks: negation is pushed down to the
masks, which Kleene's logic allows. Where nothing is known of a variable, its atoms become unknown for good.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from enum import Enum
from typing import Any, Final

import attrs

from .declarations import Declaration
from .domains import Numeric
from .nodes import (
    And,
    ArrivedFrom,
    Compare,
    Constant,
    Every,
    Holds,
    HoldsSoFar,
    Named,
    Not,
    OneOf,
    Operator,
    Or,
    Parameter,
    Predicate,
    RoundsHere,
    Some,
    Taken,
    Term,
    walk,
)
from .reference import COMPARISON, Truth

LARGEST: Final = 20_000
"""Nodes beyond which a diagram is given up: the reference interpreter answers instead."""

Source = Declaration | Taken | RoundsHere | type[ArrivedFrom] | Predicate


class TooLarge(Exception):
    """The diagram would be larger than it is worth."""


@attrs.frozen
class Variable:
    """Something to look at: its `cells` are members, truths, states or stretches; a journey fact is never unknown."""

    index: int
    source: Source
    cells: tuple[Any, ...]

    @property
    def everything(self) -> int:
        """The mask of all cells."""
        return (1 << len(self.cells)) - 1

    @property
    def always_known(self) -> bool:
        """Whether it is a fact about the journey itself."""
        return isinstance(self.source, Term) or self.source is ArrivedFrom

    @property
    def costly(self) -> bool:
        """Whether looking means walking a list."""
        return isinstance(self.source, Predicate)


@attrs.frozen(cache_hash=True)
class Atom:
    """The variable lies in `mask`; `unknown` is the truth when nothing is known of it."""

    variable: int
    mask: int
    unknown: Truth = None


@attrs.frozen(cache_hash=True)
class Joined:
    """All of (`every`) or any of (not `every`) some formulas."""

    every: bool
    parts: tuple[Formula, ...]


Formula = Atom | Joined | bool | None


@attrs.frozen(eq=False)
class Leaf:
    """Settled: the index of the one true predicate, or one of the words below."""

    outcome: Outcome


class Verdict(Enum):
    """Outcomes that are not the choice of one predicate."""

    WAIT = "none is true, some are unknown"
    GAP = "all are false"
    OVERLAP = "more than one is true"
    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


Outcome = int | Verdict


@attrs.frozen(eq=False)
class Test:
    """Look at a variable: `yes` when it lies in `mask`, `no` when in the rest of `possible`, else `unknown`."""

    variable: Variable
    mask: int
    possible: int
    yes: Node
    no: Node
    unknown: Node | None


Node = Leaf | Test


@attrs.frozen
class Stretch:
    """Numbers that no comparison at hand tells apart: those from where `value operator bound` begins to hold."""

    representative: float
    operator: Operator
    bound: float


def stretches(domain: Numeric, bounds: Iterable[float]) -> tuple[Stretch, ...]:
    """Cut a domain at the numbers it is compared with: each of them, and what lies between, in ascending order."""
    edges = sorted({bound for bound in bounds if domain.low < bound < domain.high} | {domain.low, domain.high})
    found: list[Stretch] = []
    for low, high in zip(edges, [*edges[1:], math.inf], strict=True):
        if _belongs(domain, low):
            found.append(Stretch(low, ">=", low))
        between = _between(low, high, whole=domain.whole)
        if low < between < high and _belongs(domain, between):
            found.append(Stretch(between, ">", low))
    return tuple(found)


def _between(low: float, high: float, *, whole: bool) -> float:
    """A number that stands for those between two edges, if there is one: the middle, or the next whole one."""
    if math.isinf(low):
        return 0 if math.isinf(high) else math.ceil(high) - 1
    return math.floor(low) + 1 if whole or math.isinf(high) else (low + high) / 2


def _belongs(domain: Numeric, value: float) -> bool:
    if math.isinf(value) or (domain.whole and value != math.floor(value)):
        return False
    return (domain.low < value if domain.exclusive_minimum else domain.low <= value) and value <= domain.high


COUNTS: Final = Numeric(0, math.inf, whole=True)
ROUNDS: Final = Numeric(1, math.inf, whole=True)


def domain_of(term: Declaration | Term) -> Numeric:
    """The numbers a comparable term can be."""
    if isinstance(term, Declaration):
        assert isinstance(term.domain, Numeric)
        return term.domain
    return ROUNDS if isinstance(term, RoundsHere) else COUNTS


def plain_bound(part: Predicate) -> float | None:
    """The number a fact or journey fact is compared with, or None for another predicate (counts, fact to fact)."""
    if not isinstance(part, Compare) or not isinstance(part.left, Declaration | Taken | RoundsHere):
        return None
    right = part.right
    return right.value if isinstance(right, Parameter) else None if isinstance(right, Declaration) else right


def bounds_of(predicates: Iterable[Predicate]) -> dict[Hashable, list[float]]:
    """All numbers each term is compared with, inside quantifiers too."""
    found: dict[Hashable, list[float]] = {}
    for predicate in predicates:
        for part in walk(predicate):
            bound = plain_bound(part)
            if bound is not None:
                assert isinstance(part, Compare)
                found.setdefault(part.left, []).append(bound)
    return found


class _Translation:
    """Predicates as formulas over variables that are made as they are met."""

    def __init__(self, predicates: Sequence[Predicate]) -> None:
        self.variables: list[Variable] = []
        self._by_source: dict[Hashable, Variable] = {}
        self._bounds = bounds_of(predicates)
        parts = [part for predicate in predicates for part in walk(predicate)]
        self._states = tuple(dict.fromkeys(part.state for part in parts if isinstance(part, ArrivedFrom)))

    def formula(self, predicate: Predicate, holds: bool = True) -> Formula:
        """The formula that is true when the predicate has the truth `holds`."""
        match predicate:
            case And(operands) | Or(operands):
                return join(isinstance(predicate, And) is holds, [self.formula(part, holds) for part in operands])
            case Not(operand):
                return self.formula(operand, not holds)
            case Named(predicate=inner):
                return self.formula(inner, holds)
            case Constant(truth):
                return truth is holds
            case Holds(fact):
                return self._atom(fact, (False, True), lambda value: value is holds)
            case HoldsSoFar(fact):
                return self._atom(fact, (False, True), lambda value: value is holds, unknown=not holds)
            case OneOf(fact, values):
                return self._atom(fact, fact.members, lambda value: (value in values) is holds)
            case ArrivedFrom(state):
                return self._atom(ArrivedFrom, (*self._states, None), lambda value: (value == state) is holds)
            case Every() | Some():
                return self._atom(predicate, (False, True), lambda value: value is holds)
            case Compare(left, operator):
                bound = plain_bound(predicate)
                if bound is None:
                    return self._atom(predicate, (False, True), lambda value: value is holds)
                cells = stretches(domain_of(left), self._bounds[left])
                compare = COMPARISON[operator]
                return self._atom(left, cells, lambda cell: compare(cell.representative, bound) is holds)
            case _:
                raise NotImplementedError(f"the compiler has no rule for {type(predicate).__name__}")

    def _atom(
        self, source: Any, cells: tuple[Any, ...], accepts: Callable[[Any], bool], unknown: Truth = None
    ) -> Formula:
        variable = self._by_source.get(source)
        if variable is None:
            variable = Variable(len(self.variables), source, cells)
            self._by_source[source] = variable
            self.variables.append(variable)
        mask = sum(1 << position for position, cell in enumerate(cells) if accepts(cell))
        if variable.always_known and mask in (0, variable.everything):
            return mask != 0
        return Atom(variable.index, mask, unknown)


def join(every: bool, parts: Iterable[Formula]) -> Formula:
    """Kleene's and (`every`) or or, simplified."""
    kept: dict[Formula, None] = {}
    for part in parts:
        if part is (not every):
            return not every
        if part is every:
            continue
        if isinstance(part, Joined) and part.every is every:
            kept.update(dict.fromkeys(part.parts))
        else:
            kept[part] = None
    return Joined(every, tuple(kept)) if len(kept) > 1 else next(iter(kept), every)


def assume(formula: Formula, variable: int, known: int | None, made: dict[Hashable, Formula]) -> Formula:
    """The formula once the variable is known to lie in the mask `known`, or (None) known not to be known."""
    if isinstance(formula, Joined):
        key = (formula, variable, known)
        if key not in made:
            made[key] = join(formula.every, [assume(part, variable, known, made) for part in formula.parts])
        return made[key]
    if not isinstance(formula, Atom) or formula.variable != variable:
        return formula
    if known is None:
        return formula.unknown
    mask = formula.mask & known
    return False if mask == 0 else True if mask == known else Atom(variable, mask, formula.unknown)


def can_be(truth: bool, formula: Formula) -> bool:
    """Whether some answer to the open questions may make the formula this truth, taking atoms as independent."""
    match formula:
        case Atom():
            return True
        case Joined(every, parts):
            return (all if every is truth else any)(can_be(truth, part) for part in parts)
        case _:
            return formula is truth


def atoms(formula: Formula) -> Iterator[Atom]:
    """The open questions in the order written."""
    if isinstance(formula, Atom):
        yield formula
    elif isinstance(formula, Joined):
        for part in formula.parts:
            yield from atoms(part)


def which(formulas: Sequence[Formula]) -> Outcome | None:
    """Which one of several formulas is true, as far as it is settled."""
    true = [index for index, formula in enumerate(formulas) if formula is True]
    if len(true) > 1:
        return Verdict.OVERLAP
    hopeful = sum(can_be(True, formula) for formula in formulas)
    if true:
        return true[0] if hopeful == 1 else None
    if hopeful:
        return None
    if any(not can_be(False, formula) for formula in formulas):
        return Verdict.WAIT
    return Verdict.GAP if all(formula is False for formula in formulas) else None


def whether(formulas: Sequence[Formula]) -> Outcome | None:
    """The truth of a single formula, as far as it is settled."""
    (formula,) = formulas
    if can_be(True, formula):
        return Verdict.TRUE if formula is True else None
    if can_be(False, formula):
        return Verdict.FALSE if formula is False else None
    return Verdict.UNKNOWN


Settle = Callable[[Sequence[Formula]], Outcome | None]


def diagram(predicates: Sequence[Predicate], settle: Settle) -> Node:
    """Build the diagram that answers `settle` for these predicates; raise TooLarge beyond LARGEST nodes."""
    translation = _Translation(predicates)
    formulas = tuple(translation.formula(predicate) for predicate in predicates)
    variables = translation.variables
    leaves: dict[Outcome, Leaf] = {}
    made: dict[Hashable, Node] = {}
    tests: dict[Hashable, Node] = {}
    assumed: dict[Hashable, Formula] = {}

    def build(formulas: tuple[Formula, ...], possible: dict[int, int]) -> Node:
        outcome = settle(formulas)
        if outcome is not None:
            return leaves.setdefault(outcome, Leaf(outcome))
        mentioned = {atom.variable for formula in formulas for atom in atoms(formula)}
        possible = {index: mask for index, mask in possible.items() if index in mentioned}
        key = (formulas, frozenset(possible.items()))
        if key not in made:
            if len(made) >= LARGEST:
                raise TooLarge
            made[key] = ask(formulas, possible)
        return made[key]

    def ask(formulas: tuple[Formula, ...], possible: dict[int, int]) -> Node:
        question = next_question(formulas)
        variable = variables[question.variable]
        index = variable.index
        known = variable.always_known or index in possible
        before = possible.get(index, variable.everything)

        def after(mask: int | None) -> Node:
            narrowed = possible if mask is None else {**possible, index: mask}
            return build(tuple(assume(formula, index, mask, assumed) for formula in formulas), narrowed)

        mask = question.mask & before
        if mask in (0, before):  # nothing is left to tell apart but whether it is known
            only = after(before)
            unknown = None if known else after(None)
            return only if unknown in (None, only) else test(variable, before, before, only, only, unknown)
        yes, no = after(mask), after(before & ~mask)
        unknown = None if known else after(None)
        if yes is no and unknown in (None, yes):
            return yes
        return test(variable, mask, before, yes, no, unknown)

    def test(variable: Variable, mask: int, possible: int, *ways: Node | None) -> Node:
        """One node for the same question with the same ways on, however it was come to."""
        key = (variable.index, mask, possible, *map(id, ways))
        if key not in tests:
            yes, no, unknown = ways
            assert yes is not None
            assert no is not None
            tests[key] = Test(variable, mask, possible, yes, no, unknown)
        return tests[key]

    def next_question(formulas: tuple[Formula, ...]) -> Atom:
        """The first open question of the first formula that may still be true; cheap ones before walks over lists."""
        open_ = [formula for formula in formulas if isinstance(formula, Atom | Joined)]
        formula = next((formula for formula in open_ if can_be(True, formula)), open_[0])
        questions = list(atoms(formula))
        return next((atom for atom in questions if not variables[atom.variable].costly), questions[0])

    return build(formulas, {})
