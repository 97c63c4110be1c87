"""The reference interpreter: Kleene truth by walking the tree. Every other interpreter is held against this one."""

from __future__ import annotations

import operator as python
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from .declarations import Declaration
from .history import START, History
from .nodes import (
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
    Operator,
    Or,
    Parameter,
    Predicate,
    RoundsHere,
    Some,
    Taken,
    Term,
)

Truth = bool | None
"""True, False, or None for unknown."""

T = TypeVar("T")
Reader = Callable[[Any, History], T]
"""What interpreters make of predicates: an answer for a record and a history."""

COMPARISON: dict[Operator, Callable[[Any, Any], bool]] = {
    "<": python.lt,
    "<=": python.le,
    ">": python.gt,
    ">=": python.ge,
}


def evaluate(predicate: Predicate, record: Any, history: History = START) -> Truth:
    """Return the truth of a predicate of a record and a journey's history; None when they do not decide it."""
    return Evaluator(history)(predicate, record)


Bounds = tuple[float, float]


class Evaluator:
    """The truth of predicates of records under one history, each worked out once."""

    __slots__ = ("_known", "history")

    def __init__(self, history: History = START) -> None:
        self.history = history
        self._known: dict[tuple[int, int], tuple[Truth, Predicate, Any]] = {}

    def __call__(self, predicate: Predicate, record: Any) -> Truth:
        """Return the truth of a predicate of a record; None when it is not decided."""
        key = (id(predicate), id(record))
        if key not in self._known:  # both are kept with the truth, so that no other takes their identity
            self._known[key] = (self._evaluate(predicate, record), predicate, record)
        return self._known[key][0]

    def _evaluate(self, predicate: Predicate, record: Any) -> Truth:  # noqa: PLR0912 - one rule a node
        match predicate:
            case Holds(fact):
                known: Truth = fact.of(record)
                return known
            case HoldsSoFar(fact):
                return fact.of(record) is True
            case OneOf(fact, values):
                value = fact.of(record)
                return None if value is None else value in values
            case Compare(left, operator, right):
                return _compare(self.bounds(left, record), operator, self.bounds(right, record))
            case ArrivedFrom(state):
                return self.history.arrived_from == state
            case Every(fact, inner):
                items = fact.of(record)
                return None if items is None else all_of(self(inner, item) for item in items)
            case Some(fact, inner):
                items = fact.of(record)
                return None if items is None else any_of(self(inner, item) for item in items)
            case And(operands):
                return all_of(self(operand, record) for operand in operands)
            case Or(operands):
                return any_of(self(operand, record) for operand in operands)
            case Not(operand):
                return negation(self(operand, record))
            case Named(predicate=inner):
                return self(inner, record)
            case Constant(truth):
                return truth
            case _:
                raise NotImplementedError(f"the reference interpreter has no rule for {type(predicate).__name__}")

    def bounds(self, term: Declaration | Term | Parameter | float, record: Any) -> Bounds | None:
        """Return the least and greatest value a term can have once all is known; None if nothing is known of it."""
        match term:
            case Declaration():
                value = term.of(record)
                return None if value is None else (value, value)
            case Parameter(value=number):
                return (number, number)
            case Taken(keys):
                times = sum(self.history.taken.get(key, 0) for key in keys)
                return (times, times)
            case RoundsHere():
                return (self.history.rounds_here, self.history.rounds_here)
            case Count(fact, inner):
                items = fact.of(record)
                if items is None:
                    return None
                truths = [self(inner, item) for item in items]
                return (truths.count(True), truths.count(True) + truths.count(None))
            case int() | float():
                return (term, term)
            case _:
                raise NotImplementedError(f"the reference interpreter has no rule for {type(term).__name__}")


def negation(truth: Truth) -> Truth:
    """Kleene's not."""
    return None if truth is None else not truth


def all_of(truths: Iterable[Truth]) -> Truth:
    """Kleene's and: false if any is false, else unknown if any is unknown, else true."""
    answer: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            answer = None
    return answer


def any_of(truths: Iterable[Truth]) -> Truth:
    """Kleene's or: true if any is true, else unknown if any is unknown, else false."""
    return negation(all_of(negation(truth) for truth in truths))


def _compare(left: Bounds | None, operator: Operator, right: Bounds | None) -> Truth:
    if left is None or right is None:
        return None
    outcomes = {COMPARISON[operator](a, b) for a in left for b in right}
    return outcomes.pop() if len(outcomes) == 1 else None
