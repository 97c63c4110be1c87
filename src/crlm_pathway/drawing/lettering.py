"""Text for pictures: how wide it is in the font shipped here, and how it is broken into lines of about equal width."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import accumulate
from math import inf
from pathlib import Path
from typing import NamedTuple

FONTS_HERE = Path(__file__).parent / "fonts"

_THOUSANDTHS = 1000
"""The font's widths are whole thousandths of an em; sums of them are exact."""

_NO_LINE_STARTS_WITH = frozenset("，。、：；！？）》」』】〕〉”’…—·,.:;!?)]}»")
_NO_LINE_ENDS_WITH = frozenset("（《「『【〔〈“‘([{«")
_TIED = frozenset("<>≤≥=→")
"""Signs that stay with what follows them."""

_JOINERS = frozenset("\u200d\u2060")
_SKIN_TONES = range(0x1F3FB, 0x1F400)


def wrapped(text: str, width: float, *, even: bool = True) -> list[str]:
    """Break printable text into lines of at most `width` ems: as few as can be and, if `even`, no wider than needed."""
    text = text.strip(" ")
    if not text or measured(text) <= width:
        return [text] if text else []
    pieces = _pieces(text, width * _THOUSANDTHS)
    lines = _filled(pieces, width * _THOUSANDTHS)
    count = len(lines.starts)
    # The narrowest width that needs no further line, by halving.
    least, most = max(piece.width for piece in pieces), lines.widest
    if count > 1:
        least = max(least, sum(piece.wide for piece in pieces) // count - _widths()[" "])
    while even and least < most:
        narrower = _filled(pieces, (least + most) // 2, count)
        if len(narrower.starts) > count:
            least = narrower.next
        else:
            lines, most = narrower, narrower.widest
    ends = [*lines.starts[1:], len(pieces)]
    said = ("".join(piece.text for piece in pieces[start:end]) for start, end in zip(lines.starts, ends, strict=True))
    return [line.strip(" ") for line in said]


def measured(text: str) -> float:
    """The width of text in ems: exact in the font shipped here, about right for letters that it lacks."""
    return sum(map(_widths().__getitem__, text)) / _THOUSANDTHS


@cache
def covered() -> frozenset[str]:
    """The characters of the font shipped here."""
    return frozenset(_shipped())


class _Widths(dict[str, int]):
    """The width of each character, estimated where the font lacks it."""

    def __missing__(self, character: str) -> int:
        if unicodedata.category(character) in ("Mn", "Me", "Cf"):
            return 0
        if unicodedata.east_asian_width(character) in "WF":
            return 1000
        return 620 if character.isupper() else 500


@cache
def _widths() -> _Widths:
    return _Widths(_shipped())


def _shipped() -> dict[str, int]:
    lines = (FONTS_HERE / "widths.txt").read_text(encoding="utf-8").removesuffix("\n").split("\n")
    split = (line.partition(" ") for line in lines)
    return {character: int(width) for width, _, characters in split for character in characters}


# -- where a line may be broken ---------------------------------------------------------------------------------------


class _Classes(dict[int, str]):
    """What breaking a line asks of each character, as a letter.

    `W` wide, `N` narrow, `D` a figure, `T` a sign tied to what follows; `c` and `C` the same where no line starts
    with it, `o` and `O` where none ends with it;
    `J` joins what stands on either side, `S` is a space.
    """

    def __missing__(self, code: int) -> str:
        self[code] = found = _class(chr(code))
        return found


def _class(character: str) -> str:
    if character == " ":
        return "S"
    if character in _JOINERS:
        return "J"
    wide = unicodedata.east_asian_width(character) in "WF"
    if character in _NO_LINE_ENDS_WITH:
        return "o" if wide else "O"
    attached = unicodedata.category(character) in ("Mn", "Me", "Cf") or ord(character) in _SKIN_TONES
    if attached or character in _NO_LINE_STARTS_WITH:
        return "c" if wide else "C"
    if character in _TIED:
        return "T"
    if character.isdecimal() and not wide:
        return "D"
    return "W" if wide else "N"


_CLASSES = _Classes()
_BREAK = re.compile(r"(?!\A)(?:(?<!T)(?=S)|(?<=[Wc])(?=[NDOT])|(?<=[WcNC])(?=[Wo]))")
"""Before a space, and beside a wide character: one in Chinese stands for a word. A figure stays with its unit."""


class _Piece(NamedTuple):
    """What no line is broken within: a word with the space before it, a Chinese character with its marks."""

    text: str
    wide: int
    """Its width within a line."""
    width: int
    """Its width at the start of a line, where the space is dropped."""


class _Lines(NamedTuple):
    """The pieces that lines start with, the width of the widest line, and the next limit that changes them."""

    starts: list[int]
    widest: int
    next: int


def _pieces(text: str, limit: float) -> list[_Piece]:
    widths = _widths()
    space = widths[" "]
    sums = list(accumulate(map(widths.__getitem__, text), initial=0))
    places = [found.start() for found in _BREAK.finditer(text.translate(_CLASSES))]
    pieces = []
    for start, stop in zip([0, *places], [*places, len(text)], strict=True):
        part = text[start:stop]
        wide = sums[stop] - sums[start]
        width = wide - space if part[0] == " " else wide
        if width > limit:
            pieces += [_Piece(chunk, chunk_width, chunk_width) for chunk, chunk_width in _chunks(part, limit)]
        else:
            pieces.append(_Piece(part, wide, width))
    return pieces


def _chunks(word: str, limit: float) -> Iterator[tuple[str, int]]:
    """A word too long for a line, broken inside."""
    widths = _widths()
    chunk, width = "", 0
    for character in word:
        more = widths[character]
        if chunk and more and width + more > limit:
            yield chunk, width
            chunk, width = "", 0
        chunk += character
        width += more
    yield chunk, width


def _filled(pieces: list[_Piece], limit: float, most: float = inf) -> _Lines:
    """Fill one line after the other, and give up when there are more than so many."""
    starts: list[int] = []
    filled = widest = 0
    wider = sys.maxsize
    for index, (text, wide, width) in enumerate(pieces):
        if starts and filled + wide <= limit:
            filled += wide
        elif text != " ":
            if starts:
                widest = max(widest, filled)
                wider = min(wider, filled + wide)
            starts.append(index)
            filled = width
            if len(starts) > most:
                break
    return _Lines(starts, max(widest, filled), wider)
