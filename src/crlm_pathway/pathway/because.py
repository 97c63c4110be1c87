"""Why a transition's guard holds, in one line."""

from __future__ import annotations

from typing import Any

import attrs

from ..predicates.declarations import Declaration
from ..predicates.history import History
from ..predicates.labels import Language, Names, Text, figure, numbered
from ..predicates.nodes import And, Compare, Every, Holds, HoldsSoFar, Named, Not, OneOf, Or, Predicate, Some, Term
from ..predicates.reference import Evaluator
from ..predicates.wording import UNKNOWN, YES_NO, say, say_count, value_text
from .model import Transition


def because(transition: Transition, record: Any, history: History, names: Names, language: Language = "en") -> str:
    """Why a transition's guard holds, in one line: its parts, each with the values that decided it."""
    guard = transition.when
    parts = guard.operands if isinstance(guard, And) else (guard,)
    teller = _Teller(Evaluator(history), language, names)
    return _SEMICOLON.in_(language).join(teller.why(part, record) for part in parts)


_SEMICOLON = Text("; ", "；")
_COLON = Text(": ", "：")
_BRACKETS = Text(" ({0})", "（{0}）")


@attrs.frozen
class _Teller:
    evaluate: Evaluator
    language: Language
    names: Names

    def why(self, predicate: Predicate, record: Any, nested: bool = False) -> str:
        """A criterion and its answer; what made it so is added to a `no`, to a single fact, and when `nested`."""
        truth = self.evaluate(predicate, record)
        match predicate:
            case Named(text=text, predicate=inner):
                answer = UNKNOWN if truth is None else YES_NO[truth]
                told = nested or not truth or not isinstance(inner, And | Or | Every | Some)
                reasons = self.deciding(inner, record) if told else ""
                return self.pair(text, answer) + (_BRACKETS.in_(self.language).format(reasons) if reasons else "")
            case Not(operand):
                return self.why(operand, record, nested)
            case And() | Or() | Every() | Some():
                return self.deciding(predicate, record)
            case Holds(fact) | HoldsSoFar(fact) | OneOf(fact=fact) | Compare(left=Declaration() as fact):
                value = fact.of(record)
                return self.pair(fact.text, value_text(fact, value))
            case Compare(left=Term() as term) if truth is not None:
                least, most = self.evaluate.bounds(term, record) or (0, 0)
                count = f"{figure(least)}" if least == most else f"{figure(least)}-{figure(most)}"
                return say_count(predicate, count, truth, self.language, self.names)
            case _:
                return say(predicate if truth else ~predicate, self.language, self.names)

    def deciding(self, predicate: Predicate, record: Any) -> str:
        """The parts that make a criterion what it is: one false part of an `and` is enough, of true ones all."""
        truth = self.evaluate(predicate, record)
        match predicate:
            case And(operands) | Or(operands):
                parts = [part for part in operands if self.evaluate(part, record) is truth]
                enough = parts[:1] if truth is isinstance(predicate, Or) else parts
                return _SEMICOLON.in_(self.language).join(self.why(part, record, nested=True) for part in enough)
            case Every(fact, inner) | Some(fact, inner):
                items = fact.of(record) or ()
                for number, item in enumerate(items, start=1):
                    if self.evaluate(inner, item) is truth is isinstance(predicate, Some):
                        label = numbered(fact.text, number).in_(self.language)
                        return f"{label}{_COLON.in_(self.language)}{self.why(inner, item, nested=True)}"
                return say(predicate if truth else ~predicate, self.language, self.names)
            case _:
                return self.why(predicate, record, nested=True)

    def pair(self, label: Text, value: Text) -> str:
        return f"{label.in_(self.language)}{_COLON.in_(self.language)}{value.in_(self.language)}"
