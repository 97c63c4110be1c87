"""The wording interpreter: what a criterion says, in English and Chinese."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Any

import attrs

from .declarations import Declaration
from .domains import Choice, ListOf, Numeric
from .labels import LANGUAGES, Language, Names, Text, figure, text_of, unit_text
from .nodes import (
    OPPOSITE,
    And,
    ArrivedFrom,
    Bound,
    Compare,
    Constant,
    Count,
    Entering,
    Every,
    Holds,
    HoldsSoFar,
    Leaving,
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
    Taking,
    Term,
)

_DENIALS = ("no ", "not ", "none", "no")
"""What labels of values begin with, or are, that say that something is not so."""

SIGN: dict[Operator, str] = {"<": "<", "<=": "≤", ">": ">", ">=": "≥"}
YES_NO = {True: Text("yes", "是"), False: Text("no", "否")}
NOT_RECORDED = Text("not recorded", "无记录")
UNKNOWN = Text("unknown", "未知")

_AND = Text(" and ", "且")
_OR = Text(" or ", "或")
_NOT = Text("not ({0})", "并非“{0}”")
_QUOTED = Text("“{0}”", "“{0}”")
_NOT_QUOTED = Text("not “{0}”", "并非“{0}”")
_BRACKETS = Text("({0})", "（{0}）")
_IS = Text("{0}: {1}", "{0}：{1}")
_IS_NOT = Text("{0}: not {1}", "{0}：非{1}")
_SO_FAR = Text("{0} so far: {1}", "迄今{0}：{1}")
_ASKED_SO_FAR = Text("{0} so far", "迄今{0}")
_NONE_OF = Text("not {0}", "非{0}")
_EVERY = Text("each of the {0}: {1}", "每个{0}均：{1}")
_SOME = Text("at least one of the {0}: {1}", "至少一个{0}：{1}")
_EMPTY = Text("no {0}", "无{0}")
_NOT_EMPTY = Text("{0}: at least one", "{0}：至少一个")
_COUNT = Text("number of {0} with {1}", "{0}中符合“{1}”的数目")
_COUNT_ALL = Text("number of {0}", "{0}数目")
_COUNTED = Text("{0}: {1} ({2})", "{0}：{1}（{2}）")
_TAKEN = Text("times of “{0}” so far", "迄今“{0}”次数")
_ROUNDS = Text("rounds in this state", "本状态轮次")
_ARRIVED = Text("arrived from “{0}”: {1}", "由“{0}”进入：{1}")
_ARRIVED_FROM = Text("arrived from", "由何状态进入")
_FROM = Text("“{0}”", "“{0}”")
_ENTERING = Text("entering “{0}”: {1}", "进入“{0}”：{1}")
_LEAVING = Text("leaving “{0}”: {1}", "离开“{0}”：{1}")
_TAKING = Text("taking “{0}”: {1}", "走步骤“{0}”：{1}")
_CONSTANT = {True: Text("always", "始终"), False: Text("never", "从不")}


def say(predicate: Predicate, language: Language = "en", names: Names | None = None, *, apart: bool = False) -> str:
    """Return what a criterion says; parameters stand with their name and number.

    With `apart`, named criteria within another stand in quotation marks and values in brackets: where a reader has no
    values beside them to tell which `and` belongs to what.
    """
    return _Speaker(language, names or {}, apart).say(predicate)


def said(predicate: Predicate, names: Names | None = None, *, apart: bool = False) -> Text:
    """Return what a criterion says, in both languages."""
    return Text(*(say(predicate, language, names, apart=apart) for language in LANGUAGES))


def question(predicate: Predicate, names: Names | None = None) -> Text:
    """Return what a criterion asks for, as the head of a column: a fact, a count, or, if it asks for more, itself.

    A criterion and its opposite ask the same; together with its `answers` it says what `say` says.
    """
    return Text(*(_Speaker(language, names or {}).question(predicate) for language in LANGUAGES))


def answers(predicates: Sequence[Predicate], names: Names | None = None) -> Text:
    """Return what criteria want to hear to the one question that they ask, all of them; nothing of no criteria."""
    return Text(*(_Speaker(language, names or {}).answers(predicates) for language in LANGUAGES))


def say_count(predicate: Compare, count: str, holds: bool, language: Language, names: Names) -> str:
    """Return what a comparison of a count or journey fact says, with the number there was."""
    speaker = _Speaker(language, names)
    operator = predicate.operator if holds else OPPOSITE[predicate.operator]
    limit = speaker.limit(predicate.left, operator, predicate.right)
    return speaker.fill(_COUNTED, speaker.term(predicate.left), count, limit)


def value_text(fact: Declaration, value: Any) -> Text:
    """Return a fact's value in words, its unit included."""
    if value is None:
        return UNKNOWN
    match fact.domain:
        case Choice():
            return text_of(value)
        case Numeric():
            unit = unit_text(fact.domain.unit)
            return Text(f"{figure(value)} {unit.en}".rstrip(), f"{figure(value)} {unit.zh}".rstrip())
        case ListOf():
            return Text(str(len(value)))
        case _:
            return YES_NO[value]


def seen_text(leaf: Holds | HoldsSoFar | OneOf | Compare, record: Any) -> Text:
    """Return the value that a criterion about one fact looked at, in words."""
    fact = leaf.left if isinstance(leaf, Compare) else leaf.fact
    assert isinstance(fact, Declaration)
    value = fact.of(record)
    return NOT_RECORDED if value is None and isinstance(leaf, HoldsSoFar) else value_text(fact, value)


def _undenied(values: tuple[Enum, ...], holds: bool) -> tuple[tuple[Enum, ...], bool]:
    """The values that a fact has, or has not; those left, where one that it has not is a denial itself (“no fever”)."""
    others = tuple(value for value in type(values[0]) if value not in values)
    denied = any(text_of(value).en.startswith(_DENIALS[:2]) or text_of(value).en in _DENIALS for value in values)
    return (others, True) if not holds and denied and others else (values, holds)


@attrs.frozen
class _Speaker:
    language: Language
    names: Names
    apart: bool = False

    def fill(self, pattern: Text, *words: str) -> str:
        return pattern.in_(self.language).format(*words)

    def label(self, name: str) -> str:
        return self.names[name].in_(self.language) if name in self.names else name

    def labels(self, names: Iterable[str]) -> str:
        return " / ".join(map(self.label, names))

    def say(  # noqa: PLR0912 - one rule a node
        self, predicate: Predicate, holds: bool = True, inside: bool = False
    ) -> str:
        """What it says that the predicate holds, or does not; in brackets if need be when `inside` another."""
        match predicate:
            case Not(operand):
                return self.say(operand, not holds, inside)
            case And(operands) | Or(operands):
                every = isinstance(predicate, And) is holds
                joined = (
                    (_AND if every else _OR)
                    .in_(self.language)
                    .join(self.say(operand, holds, True) for operand in operands)
                )
                return self.fill(_BRACKETS, joined) if inside else joined
            case Named(text=text):
                said = text.in_(self.language)
                if self.apart and (inside or not holds):
                    return self.fill(_QUOTED if holds else _NOT_QUOTED, said)
                return said if holds else self.fill(_NOT, said)
            case Constant(truth):
                return _CONSTANT[truth is holds].in_(self.language)
            case Holds(fact):
                return self.fill(_IS, fact.text.in_(self.language), YES_NO[holds].in_(self.language))
            case HoldsSoFar(fact):
                return self.fill(_SO_FAR, fact.text.in_(self.language), YES_NO[holds].in_(self.language))
            case OneOf(fact, values):
                values, holds = _undenied(values, holds)
                words = _OR.in_(self.language).join(text_of(value).in_(self.language) for value in values)
                if inside and self.apart and len(values) > 1:
                    words = self.fill(_BRACKETS, words)
                return self.fill(_IS if holds else _IS_NOT, fact.text.in_(self.language), words)
            case ArrivedFrom(state):
                return self.fill(_ARRIVED, self.label(state), YES_NO[holds].in_(self.language))
            case Entering(states):
                return self.fill(_ENTERING, self.labels(states), YES_NO[holds].in_(self.language))
            case Leaving(states):
                return self.fill(_LEAVING, self.labels(states), YES_NO[holds].in_(self.language))
            case Taking(keys):
                return self.fill(_TAKING, self.labels(keys), YES_NO[holds].in_(self.language))
            case Every(fact, Constant()) | Some(fact, Constant()):
                empty = isinstance(predicate, Every) is holds
                return self.fill(_EMPTY if empty else _NOT_EMPTY, fact.text.in_(self.language))
            case Every(fact, inner) | Some(fact, inner):
                pattern = _EVERY if isinstance(predicate, Every) is holds else _SOME
                return self.fill(pattern, fact.text.in_(self.language), self.say(inner, holds, True))
            case Compare(left, operator, right):
                return f"{self.term(left)} {self.limit(left, operator if holds else OPPOSITE[operator], right)}"
            case _:
                raise NotImplementedError(f"the wording has no rule for {type(predicate).__name__}")

    def question(self, predicate: Predicate) -> str:
        match predicate:
            case Not(operand):
                return self.question(operand)
            case Holds(fact) | OneOf(fact=fact):
                return fact.text.in_(self.language)
            case HoldsSoFar(fact):
                return self.fill(_ASKED_SO_FAR, fact.text.in_(self.language))
            case Compare(left):
                return self.term(left)
            case ArrivedFrom():
                return _ARRIVED_FROM.in_(self.language)
            case _:
                return self.say(predicate)

    def answers(self, predicates: Sequence[Predicate]) -> str:
        said = (self.answer(predicate, inside=len(predicates) > 1) for predicate in predicates)
        return _AND.in_(self.language).join(dict.fromkeys(said))

    def answer(self, predicate: Predicate, holds: bool = True, inside: bool = False) -> str:
        """What a criterion wants to hear, or its opposite; in brackets if need be when `inside` others."""
        match predicate:
            case Not(operand):
                return self.answer(operand, not holds, inside)
            case OneOf(_, values):
                values, holds = _undenied(values, holds)
                words = _OR.in_(self.language).join(text_of(value).in_(self.language) for value in values)
                if len(values) > 1 and (inside or not holds):
                    words = self.fill(_BRACKETS, words)
                return words if holds else self.fill(_NONE_OF, words)
            case Compare(left, operator, right):
                return self.limit(left, operator if holds else OPPOSITE[operator], right)
            case ArrivedFrom(state):
                words = self.fill(_FROM, self.label(state))
                return words if holds else self.fill(_NONE_OF, words)
            case _:
                return YES_NO[holds].in_(self.language)

    def term(self, term: Declaration | Term) -> str:
        match term:
            case Declaration(text=text):
                return text.in_(self.language)
            case Count(fact, Constant()):
                return self.fill(_COUNT_ALL, fact.text.in_(self.language))
            case Count(fact, inner):
                return self.fill(_COUNT, fact.text.in_(self.language), self.say(inner))
            case Taken(keys):
                return self.fill(_TAKEN, self.labels(keys))
            case RoundsHere():
                return _ROUNDS.in_(self.language)
            case _:
                raise NotImplementedError(f"the wording has no rule for {type(term).__name__}")

    def limit(self, left: Declaration | Term, operator: Operator, right: Bound) -> str:
        unit = unit_text(left.domain.unit).in_(self.language) if isinstance(left, Declaration) else ""
        return f"{SIGN[operator]} {self.bound(right, unit)}"

    def bound(self, bound: Bound, unit: str) -> str:
        match bound:
            case Parameter(name, value):
                return f"{figure(value)} {unit}".rstrip() + f" [{name}]"
            case Declaration(text=text):
                return text.in_(self.language)
            case _:
                return f"{figure(bound)} {unit}".rstrip()
