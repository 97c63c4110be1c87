"""Listings in columns of about equal height, as text in a book."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import attrs

from ..predicates.labels import printable
from .figure import Entry, Figure, Listing, Words
from .labels import cell, ems, gap, lines_of, row, scaled, table, text
from .lettering import measured
from .look import MARKED, MM, NARROW_MM, PLAIN, citation, type_for

COLUMN_GAP = 10.0
"""Points between the columns."""

SIGN_GAP = 6.0
"""Points between the signs of the entries and what they say."""

MOST_FOR_SIGN = 0.3
"""Signs take at most so much of the width; longer ones are broken."""

ROW_PADDING = 1.0
"""Points between the entries."""

LEADING = 1.22
"""The height of a line, to the size of its type."""

ABOVE_TEXT = 0.6
"""The height of what stands free below a heading, to the size of its type."""

SHORT_LINE = 0.3
"""A last line that takes less of the width looks lost."""

SMALLEST, SMALLER_BY = 5.0, 0.5
"""The smallest type that listings are set in, where room is short, and the steps to it: the largest that fits is.

The layout knows whole points, which are half of one in print.
"""

ROOM_FOR_SIGN = 32.0
"""Points that an entry's sign takes at most where its entry is to be a line."""

TRIES = 30
"""So often the difference between too short and too tall columns is halved."""


@attrs.frozen
class _Block:
    """What stays together in a column: some rows, and how high they are, in points."""

    rows: str
    height: float


def columns(figure: Figure, width: float) -> str:
    """The listings of a figure, one after the other, in a width in points, in the largest type that fits."""
    count = _count(figure, width)
    each = (width - (count - 1) * COLUMN_GAP) / count
    points = type_for(figure.width).small
    while True:
        shares = _shared_out([block for one in figure.listings for block in _blocks(one, each, points)], count)
        heights = [sum(block.height for block in share) for share in shares]
        if not figure.room or max(heights) <= figure.room * MM or points <= SMALLEST:
            break
        points -= SMALLER_BY
    cells = []
    for index, (share, height) in enumerate(zip(shares, heights, strict=True)):
        # The layout would spread the rows of a shorter column over the height of the tallest.
        rest = max(heights) - height - ROW_PADDING
        filled = "".join(block.rows for block in share) + (row(gap(1, rest)) if rest > 1 else "")
        cells += [gap(COLUMN_GAP)] if index else []
        cells.append(cell(table(filled, padding=ROW_PADDING / 2), valign="top"))
    return table(row(*cells), padding=0)


def _count(figure: Figure, width: float) -> int:
    """Two columns or, on a wide page, three where every entry is a line; not more than there is to fill them with."""
    entries = [entry for one in figure.listings for entry in one.entries]
    points = type_for(figure.width).small
    longest = max((measured(said) for entry in entries for said in entry.text), default=0) * points
    three = longest + ROOM_FOR_SIGN <= width / 3 and width > NARROW_MM * MM
    return min(3 if three else 2, max(1, len(entries) // 2))


def _blocks(listing: Listing, width: float, points: float) -> Iterator[_Block]:
    widest = max((measured(_sign(entry)) for entry in listing.entries), default=0) * points
    signs = min(widest, width * MOST_FOR_SIGN)
    rest = width - signs - SIGN_GAP
    heading, above = "", 0.0
    if listing.heading:
        lines = lines_of(listing.heading, ems(width, points))
        above = (len(lines) * LEADING + ABOVE_TEXT) * points
        said = text(lines, points, PLAIN.line, "left")
        heading = row(cell(said, colspan=3, height=scaled(above), valign="bottom"))
        above += ROW_PADDING
    for entry in listing.entries:
        lines = _paragraphs(_cited(entry), ems(rest, points))
        ink = MARKED.ink if entry.mark is not None else PLAIN.ink
        signed = lines_of((_sign(entry),), max(ems(signs, points), 1.0))
        sign = cell(text(signed, points, ink, "left"), valign="top", width=scaled(signs)) + gap()
        said = cell(text(lines, points, ink, "left"), valign="top", width=scaled(rest))
        tall = max(len(lines), len(signed)) * LEADING * points
        yield _Block(heading + row(sign, said), above + tall + ROW_PADDING)
        heading, above = "", 0.0


def _paragraphs(said: Words, width: float) -> list[str]:
    """A label in full lines, but for a last one of a word or two: then in even ones."""
    lines = []
    for paragraph in said:
        full = lines_of((paragraph,), width, even=False)
        short = len(full) > 1 and measured(full[-1]) < SHORT_LINE * width
        lines += lines_of((paragraph,), width) if short else full
    return lines


def _sign(entry: Entry) -> str:
    return printable(f"{'' if entry.mark is None else entry.mark.sign} {entry.sign or '▪'}")


def _cited(entry: Entry) -> Words:
    if not entry.cites or not entry.text:
        return entry.text
    *first, last = entry.text
    return (*first, f"{last} {citation(entry.cites)}")


def _shared_out(blocks: Sequence[_Block], count: int) -> list[list[_Block]]:
    """The blocks in columns, in their order, so that the tallest column is as short as can be."""
    low = max((block.height for block in blocks), default=0)
    high = sum(block.height for block in blocks)
    for _ in range(TRIES):
        middle = (low + high) / 2
        if len(_filled(blocks, middle)) <= count:
            high = middle
        else:
            low = middle
    return _filled(blocks, high)


def _filled(blocks: Iterable[_Block], tallest: float) -> list[list[_Block]]:
    columns: list[list[_Block]] = [[]]
    used = 0.0
    for block in blocks:
        if columns[-1] and used + block.height > tallest + 1e-9:
            columns.append([])
            used = 0.0
        columns[-1].append(block)
        used += block.height
    return columns
