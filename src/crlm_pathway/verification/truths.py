"""The interpreter of predicates for Z3: of symbols, when a criterion is true and when it is false."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import attrs
import z3

from ..predicates.declarations import Declaration
from ..predicates.nodes import (
    And,
    ArrivedFrom,
    Compare,
    Constant,
    Count,
    Every,
    Holds,
    HoldsSoFar,
    Named,
    Not,
    OneOf,
    Or,
    Parameter,
    Predicate,
    RoundsHere,
    Some,
    Taken,
)
from .formulas import Formula, as_z3, every, implied, negated, some
from .symbols import Cell, Histories, Listed, Symbols, exact


@attrs.frozen
class Truth:
    """When a criterion is true, and when it is false; when it is neither, it is unknown."""

    true: Formula
    false: Formula

    def negation(self) -> Truth:
        """Kleene's not."""
        return Truth(self.false, self.true)


@attrs.frozen
class _Range:
    """The least and the greatest that a number can be, and whether it is known at all."""

    least: Any
    greatest: Any
    known: Formula = True


class Truths:
    """When criteria hold of symbols, under any history, each worked out once.

    Parameters have their values, but for those given as symbols.
    """

    def __init__(self, histories: Histories, parameters: Mapping[str, Any] | None = None) -> None:
        self.histories = histories
        self._parameters = parameters or {}
        self._found: dict[tuple[int, int], tuple[Truth, Predicate, Symbols]] = {}

    def __call__(self, predicate: Predicate, record: Symbols) -> Truth:
        """Return when a criterion is true and when false of a record."""
        key = (id(predicate), id(record))
        if key not in self._found:  # both are kept with the truth, so that no other takes their identity
            self._found[key] = (self._truth(predicate, record), predicate, record)
        return self._found[key][0]

    def _truth(self, predicate: Predicate, record: Symbols) -> Truth:  # noqa: PLR0912 - one rule a node
        match predicate:
            case Holds(fact):
                cell = _cell(record, fact)
                return Truth(every((cell.known, cell.value)), every((cell.known, negated(cell.value))))
            case HoldsSoFar(fact):
                cell = _cell(record, fact)
                happened = every((cell.known, cell.value))
                return Truth(happened, negated(happened))
            case OneOf(fact, values):
                cell = _cell(record, fact)
                among = some(cell.value == position for position, member in enumerate(fact.members) if member in values)
                return Truth(every((cell.known, among)), every((cell.known, negated(among))))
            case Compare(left, operator, right):
                return _compared(self._range(left, record), operator, self._range(right, record))
            case ArrivedFrom(state):
                arrived = self.histories.arrived_from(state)
                return Truth(arrived, negated(arrived))
            case Every(fact, inner):
                return self._of_all(_listed(record, fact), inner)
            case Some(fact, inner):
                return self._of_all(_listed(record, fact), ~inner).negation()
            case And(operands):
                truths = [self(operand, record) for operand in operands]
                return Truth(every(truth.true for truth in truths), some(truth.false for truth in truths))
            case Or(operands):
                truths = [self(operand, record) for operand in operands]
                return Truth(some(truth.true for truth in truths), every(truth.false for truth in truths))
            case Not(operand):
                return self(operand, record).negation()
            case Named(predicate=inner):
                return self(inner, record)
            case Constant(value):
                return Truth(value, not value)
            case _:
                raise NotImplementedError(f"the interpreter for Z3 has no rule for {type(predicate).__name__}")

    def _of_all(self, listed: Listed, inner: Predicate) -> Truth:
        truths = [(item.present, self(inner, item.record)) for item in listed.items]
        return Truth(
            every((listed.known, *(implied(present, truth.true) for present, truth in truths))),
            every((listed.known, some(every((present, truth.false)) for present, truth in truths))),
        )

    def _range(self, term: Any, record: Symbols) -> _Range:
        match term:
            case Declaration():
                cell = _cell(record, term)
                return _Range(cell.value, cell.value, cell.known)
            case Parameter(name, value):
                number = self._parameters.get(name, exact(value))
                return _Range(number, number)
            case Taken(keys):
                times = self.histories.count(keys)
                return _Range(times, times)
            case RoundsHere():
                return _Range(self.histories.rounds, self.histories.rounds)
            case Count(fact, inner):
                listed = _listed(record, fact)
                truths = [(item.present, self(inner, item.record)) for item in listed.items]
                return _Range(
                    _Tally(every((present, truth.true)) for present, truth in truths),
                    _Tally(every((present, negated(truth.false))) for present, truth in truths),
                    listed.known,
                )
            case int() | float():
                return _Range(exact(term), exact(term))
            case _:
                raise NotImplementedError(f"the interpreter for Z3 has no rule for {type(term).__name__}")


def _cell(record: Symbols, fact: Declaration) -> Cell:
    cell = record.cells[fact]
    assert isinstance(cell, Cell)
    return cell


def _listed(record: Symbols, fact: Declaration) -> Listed:
    listed = record.cells[fact]
    assert isinstance(listed, Listed)
    return listed


class _Tally:
    """How many of some formulas are true: compared with a plain number, the solver need not add them up."""

    def __init__(self, parts: Iterable[Formula]) -> None:
        self._parts = [as_z3(part) for part in parts]

    def __ge__(self, other: Any) -> Any:
        if not isinstance(other, int):
            return self._sum() >= _plain(other)
        return _at_least(self._parts, other)

    def __gt__(self, other: Any) -> Any:
        return self >= other + 1 if isinstance(other, int) else self._sum() > _plain(other)

    def __le__(self, other: Any) -> Any:
        return negated(self > other) if isinstance(other, int) else self._sum() <= _plain(other)

    def __lt__(self, other: Any) -> Any:
        return negated(self >= other) if isinstance(other, int) else self._sum() < _plain(other)

    def _sum(self) -> Any:
        return z3.Sum([z3.IntVal(0), *(z3.If(part, 1, 0) for part in self._parts)])


def _at_least(parts: list[Any], number: int) -> Formula:
    if number <= 0 or number > len(parts):
        return number <= 0
    return z3.PbGe([(part, 1) for part in parts], number)


def _plain(other: Any) -> Any:
    return other._sum() if isinstance(other, _Tally) else other  # noqa: SLF001 - of the same class


def _compared(left: _Range, operator: str, right: _Range) -> Truth:
    """A comparison is true when it is at either end, false when it is at neither."""
    known = (left.known, right.known)
    match operator:
        case "<":
            holds, fails = _is(left.greatest < right.least), _is(left.least >= right.greatest)
        case "<=":
            holds, fails = _is(left.greatest <= right.least), _is(left.least > right.greatest)
        case ">":
            holds, fails = _is(left.least > right.greatest), _is(left.greatest <= right.least)
        case ">=":
            holds, fails = _is(left.least >= right.greatest), _is(left.greatest < right.least)
        case _:
            raise NotImplementedError(f"the interpreter for Z3 has no rule for {operator}")
    return Truth(every((*known, holds)), every((*known, fails)))


def _is(comparison: Any) -> Formula:
    """A comparison of two plain numbers is decided already."""
    if isinstance(comparison, bool):
        return comparison
    if all(z3.is_rational_value(side) or z3.is_int_value(side) for side in comparison.children()):
        return z3.is_true(z3.simplify(comparison))
    return comparison
