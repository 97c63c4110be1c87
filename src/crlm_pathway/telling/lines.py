"""A journey told in a line: of many, the way each took, where it stands and what it waits for."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rich.cells import cell_len
from rich.text import Text as RichText

from ..journey import Journey
from ..pathway.wanted import gathered, wanted
from ..predicates.labels import Text, printable
from .words import Languages, Words, said

NUMBER_WIDTH = 6
"""Cells of the column of numbers."""
NARROWEST = 80
"""Cells of the narrowest line."""

_COLUMNS = (
    Text("#"),
    Text("course", "病程"),
    Text("way", "路径"),
    Text("state", "状态"),
    Text("to know", "待明确"),
)
_DECIDED = Text("the next visit", "下次就诊")
_GAP = "  "


def heading_of_lines(languages: Languages, width: int = NARROWEST) -> str:
    """What stands above the lines of `line_of`."""
    widths = _widths(width)
    return _set([_fitted(text.in_, languages, room) for text, room in zip(_COLUMNS, widths, strict=True)], widths)


def line_of(number: int, id_: str | None, journey: Journey, languages: Languages, width: int = NARROWEST) -> str:
    """Tell a journey in a line as wide as the terminal: its number, its course's id, and what has become of it."""
    *widths, state_width, waits_width = _widths(width)
    way = _way([step.transition.code for step in journey.steps], widths[-1])
    begun = [str(number), printable((id_ or "")[:width]), way]
    state = journey.pathway.names[journey.state].in_
    if journey.finished:
        rest = state_width + len(_GAP) + waits_width
        return _set([*begun, _fitted(state, languages, rest)], [*widths, rest])
    waits = _waits(journey, languages, waits_width)
    return _set([*begun, _fitted(state, languages, state_width), waits], [*widths, state_width, waits_width])


def _widths(width: int) -> Sequence[int]:
    """The widths of the columns; what a wide terminal has more is shared among all but the number's."""
    share, rest = divmod(max(0, width - NARROWEST), 4)
    return NUMBER_WIDTH, 12 + share, 18 + share, 19 + share, 17 + share + rest


def _set(words: Sequence[str], widths: Sequence[int]) -> str:
    cells = [RichText(word) for word in words]
    for cell, width in zip(cells, widths, strict=True):
        cell.truncate(width, overflow="ellipsis", pad=True)
    number, *others = (cell.plain for cell in cells)
    return _GAP.join((number.strip().rjust(NUMBER_WIDTH), *others)).rstrip()


def _fitted(words: Words, languages: Languages, room: int) -> str:
    """The words in each language; when all are too long, the first is cut, but not below half."""
    first, *others = said(words, languages)
    if not others:
        return first
    rest = " ".join(others)
    cut = RichText(first)
    cut.truncate(max(room // 2, room - cell_len(rest) - 1), overflow="ellipsis")
    return f"{cut.plain} {rest}"


def _way(codes: Sequence[str], room: int) -> str:
    """The codes of the steps, the same in a row counted; of a way too long the first and the last."""
    runs = [f"{code}×{number}" if number > 1 else code for code, number in _counted(codes)]
    first, last = 1, len(runs)
    way = " ".join(runs)
    while cell_len(way) > room and last > first:
        first += 1
        way = " ".join((runs[0], "…", *runs[first:]))
    return way


def _counted(codes: Sequence[str]) -> list[tuple[str, int]]:
    return [(code, len(list(alike))) for code, alike in groupby(codes)]


def _waits(journey: Journey, languages: Languages, room: int) -> str:
    question = journey.decision.question
    if question is None:
        return _fitted(_DECIDED.in_, languages, room)
    fact, *others = gathered(wanted(question))
    more = f" +{len(others)}" if others else ""
    first = RichText(_fitted(fact.text.in_, languages, room - len(more)))
    first.truncate(room - len(more), overflow="ellipsis")
    return first.plain + more
