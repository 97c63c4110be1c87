"""Why a transition's guard holds, in one line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs

from ..predicates.declarations import Declaration
from ..predicates.history import History
from ..predicates.labels import SEMICOLON, Language, Names, Text, figure, numbered
from ..predicates.nodes import And, Compare, Constant, Every, Holds, HoldsSoFar, Named, Not, OneOf, Or, Predicate, Some
from ..predicates.reference import Evaluator
from ..predicates.wording import YES_NO, say, say_count, seen_text, value_text
from .model import Transition


def because(transition: Transition, record: Any, history: History, names: Names, language: Language = "en") -> str:
    """Why a transition's guard holds, in one line: its parts, each with the values that decided it."""
    guard = transition.when
    parts = guard.operands if isinstance(guard, And) else (guard,)
    teller = _Teller(Evaluator(history), language, names)
    return teller.join(teller.why(part, record, True) for part in parts)


_COLON = Text(": ", "：")
_BRACKETS = Text(" ({0})", "（{0}）")


@attrs.frozen
class _Teller:
    """Tells why criteria are true or false: that the guard is true says of most of its parts what they are."""

    evaluate: Evaluator
    language: Language
    names: Names

    def why(self, predicate: Predicate, record: Any, truth: bool, nested: bool = False) -> str:
        """A criterion and its answer; what made it so is added to a `no`, to a single fact, and when `nested`."""
        match predicate:
            case Named(text=text, predicate=inner):
                told = nested or not truth or not isinstance(inner, And | Or | Every | Some)
                reasons = self.deciding(inner, record, truth) if told else self.grounds(inner, record)
                return self.pair(text, YES_NO[truth]) + (
                    _BRACKETS.in_(self.language).format(reasons) if reasons else ""
                )
            case Not(operand):
                return self.why(operand, record, not truth, nested)
            case And() | Or() | Every() | Some():
                return self.deciding(predicate, record, truth)
            case Compare(right=Declaration() as other):
                second = self.pair(other.text, value_text(other, other.of(record)))
                return self.join((self.compared(predicate, record, truth), second))
            case Compare():
                return self.compared(predicate, record, truth)
            case Holds(fact) | HoldsSoFar(fact) | OneOf(fact=fact):
                return self.pair(fact.text, seen_text(predicate, record))
            case _:
                return say(predicate if truth else ~predicate, self.language, self.names)

    def compared(self, predicate: Compare, record: Any, truth: bool) -> str:
        """What is compared: a fact with its value, or a count with the limit it is held against."""
        left = predicate.left
        if isinstance(left, Declaration):
            return self.pair(left.text, seen_text(predicate, record))
        least, most = self.evaluate.bounds(left, record) or (0, 0)
        count = f"{figure(least)}" if least == most else f"{figure(least)}-{figure(most)}"
        return say_count(predicate, count, truth, self.language, self.names)

    def deciding(self, predicate: Predicate, record: Any, truth: bool) -> str:
        """The parts that make a criterion what it is: one false part of an `and` is enough, of true ones all."""
        match predicate:
            case And(operands) | Or(operands):
                if truth is isinstance(predicate, Or):
                    operands = (next(part for part in operands if self.evaluate(part, record) is truth),)
                return self.join(self.why(part, record, truth, True) for part in operands)
            case Every(fact, inner) | Some(fact, inner) if not isinstance(inner, Constant):
                items = fact.of(record) or ()
                for number, item in enumerate(items, start=1):
                    if self.evaluate(inner, item) is truth is isinstance(predicate, Some):
                        label = numbered(fact.text, number).in_(self.language)
                        return f"{label}{_COLON.in_(self.language)}{self.why(inner, item, truth, True)}"
                return say(predicate if truth else ~predicate, self.language, self.names)
            case _:
                return self.why(predicate, record, truth, True)

    def grounds(self, predicate: Predicate, record: Any) -> str:
        """Which of several ways a true criterion is true, where it leaves a choice."""
        match predicate:
            case And(operands):
                return self.join(self.grounds(part, record) for part in operands)
            case Or():
                return self.deciding(predicate, record, True)
            case _:
                return ""

    def join(self, parts: Iterable[str]) -> str:
        return SEMICOLON.in_(self.language).join(dict.fromkeys(filter(None, parts)))

    def pair(self, label: Text, value: Text) -> str:
        return f"{label.in_(self.language)}{_COLON.in_(self.language)}{value.in_(self.language)}"
