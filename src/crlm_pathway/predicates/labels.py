"""Words for people, in English and Chinese."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Literal, Self

import attrs

from .errors import DefinitionError

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")


@attrs.frozen
class Text:
    """One label in both languages; without Chinese the English stands in for it."""

    en: str
    zh: str = attrs.field(default=attrs.Factory(lambda self: self.en, takes_self=True))

    def in_(self, language: Language) -> str:
        """Return the label in one language."""
        if language not in LANGUAGES:
            raise DefinitionError(f"texts are in {' and '.join(LANGUAGES)}, not in {language!r}")
        return self.zh if language == "zh" else self.en

    def filled(self, *texts: Text) -> Text:
        """Return the words with texts put into their places, `{0}`, `{1}` and so on, in both languages."""
        return Text(self.en.format(*(text.en for text in texts)), self.zh.format(*(text.zh for text in texts)))

    def join(self, texts: Iterable[Text]) -> Text:
        """Return texts in a row with these words between them, in both languages."""
        found = tuple(texts)
        return Text(self.en.join(text.en for text in found), self.zh.join(text.zh for text in found))

    def __str__(self) -> str:
        return self.en


Names = Mapping[str, Text]
"""The labels of a pathway's states and transitions, by name and key."""


def figure(number: float) -> str:
    """Return a number with every digit it has: 29.99 never reads as 30."""
    return repr(number).removesuffix(".0")


WORDS = "write words for people"
"""What to do about a label that is none."""


def unlabelled(text: Text) -> bool:
    """Whether a label shows nothing, or is no words, in one of its languages."""
    return not all(isinstance(words, str) and printable(words) for words in (text.en, text.zh))


def numbered(text: Text, *numbers: int) -> Text:
    """The label of one item of a list, or of several; numbers count from 1."""
    spelled = tuple(map(str, numbers))
    return Text(f"{text.en}, no. {', '.join(spelled)}", f"第{'、'.join(spelled)}个{text.zh}")


SEMICOLON = Text("; ", "；")
"""What stands between the parts of a list in a sentence."""


def labelled(label: Text | str, text: Text) -> Text:
    """A text with its label, or the key it goes by, before it."""
    label = as_text(label)
    return Text(f"{label.en}: {text.en}", f"{label.zh}：{text.zh}")


def as_text(words: Text | str) -> Text:
    """Return a label for a label, or for words that stand for both languages."""
    if not isinstance(words, Text | str):
        raise DefinitionError(f'a label is a Text or words, not {words!r}: write Text("English", "中文")')
    return words if isinstance(words, Text) else Text(words)


UNITS = {
    "days": Text("days", "天"),
    "weeks": Text("weeks", "周"),
    "months": Text("months", "个月"),
    "years": Text("years", "年"),
    "mg/kg/day": Text("mg/kg/day", "mg/kg/天"),
}
"""Units that are words; all others are signs, the same in both languages."""


def unit_text(unit: str) -> Text:
    """Return a unit in both languages."""
    return UNITS.get(unit, Text(unit))


class LabelledEnum(str, Enum):  # noqa: UP042 - StrEnum would take the labels for arguments of str
    """An enumeration whose members carry their labels: `MSS = "mss", "microsatellite-stable", "微卫星稳定"`.

    A member equals its JSON spelling, and `member.text` is its label.
    """

    text: Text

    def __new__(cls, value: str, en: str = "", zh: str = "") -> Self:
        """Make a member of its JSON spelling and its labels."""
        if not isinstance(value, str):
            raise DefinitionError(f"{cls.__name__}: a value is a string, as it stands in JSON, not {value!r}")
        member = str.__new__(cls, value)
        member._value_ = value
        english = en or value.replace("_", " ")
        member.text = Text(english, zh or english)
        return member

    def __str__(self) -> str:
        return str(self.value)


def text_of(member: Enum) -> Text:
    """Return a member's label; a plain enumeration's is its value with spaces for underscores."""
    return member.text if isinstance(member, LabelledEnum) else Text(str(member.value).replace("_", " "))


_TURNS_THE_LINE = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
"""Marks that reverse what follows, other labels on the same line included; right-to-left scripts read well without."""


def printable(text: str) -> str:
    """Return text on one line, its spaces single, without what no picture shows and no terminal should get."""
    return " ".join("".join(map(_shown, text)).split())


def _shown(character: str) -> str:
    if character.isspace():
        return " "
    if character in _TURNS_THE_LINE:
        return ""
    return "\ufffd" if character in "\ufffe\uffff" or unicodedata.category(character) in ("Cc", "Cs") else character
