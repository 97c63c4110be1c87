"""Text for pictures, broken into lines of about equal width."""

from __future__ import annotations

import unicodedata

_NO_LINE_STARTS_WITH = frozenset("，。、：；！？）》」』】〕〉”’…—·,.:;!?)]}»")
_NO_LINE_ENDS_WITH = frozenset("（《「『【〔〈“‘([{«")


def wrapped(text: str, width: float) -> list[str]:
    """Break printable text into lines of at most about `width` ems: as few as can be, and no wider than they need."""
    pieces = _pieces(text, width)
    lines = _filled(pieces, width)
    while len(lines) > 1:
        width = max(map(measured, lines)) - 0.01
        narrower = _filled(pieces, width)
        if len(narrower) > len(lines) or max(map(measured, narrower)) > width:
            break
        lines = narrower
    return lines


def measured(text: str) -> float:
    """The width of text in ems, nearly."""
    return sum(map(_em, text))


def _em(character: str) -> float:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    return 0.62 if character.isupper() else 0.5


def _pieces(text: str, width: float) -> list[str]:
    """What no line is broken within: words with the space before them, single Chinese characters with their marks."""
    pieces: list[str] = []
    for character in text:
        if pieces and not _may_break(pieces[-1], character) and measured(pieces[-1] + character) <= width:
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _may_break(before: str, character: str) -> bool:
    last = before[-1]
    if character == " ":
        return True
    if last == " " or _em(character) == 0 or character in _NO_LINE_STARTS_WITH or last in _NO_LINE_ENDS_WITH:
        return False
    return not {"W", "F"}.isdisjoint(map(unicodedata.east_asian_width, (last, character)))


def _filled(pieces: list[str], width: float) -> list[str]:
    lines = [""]
    for piece in pieces:
        if lines[-1] and measured(lines[-1] + piece) > width:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip(" ")
    return [line for line in lines if line]
