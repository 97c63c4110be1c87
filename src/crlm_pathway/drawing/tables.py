"""Decision tables as DMN has them: inputs, what each row chooses, and where it comes from."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from ..predicates.labels import SEMICOLON, Language
from . import words
from .figure import Figure, Grid, Row, Words
from .key import stroke
from .labels import cell, ems, lines_of, row, scaled, table, text
from .lettering import measured
from .look import FADED, PLAIN, TAKEN, Type, citation, type_for

STROKE_WIDTH, CELL_PADDING = 26.0, 4.0
"""Points for a piece of line, and around what stands in a cell."""

NARROWEST_OUTPUT, NARROWEST_SIGNS = 60.0, 6.0
"""Points that are left to what rows choose, and to their numbers, however little room there is."""

OUTPUT_SHARE = 0.45
"""So much of the width goes to what rows choose, if they can use it, before any input gets more than it must have."""

LONGEST_WORD_EMS, LONGEST_ENTRY_EMS = 12.0, 13.0
"""A longer word is broken; a longer entry gets more lines rather than a wider column."""

HEAD_LINES = 3
"""The label of an input is set in about so many lines."""

HEADING_EMS = 60.0
BORDER = 0.5


def grid_table(figure: Figure, grid: Grid, width: float) -> str:
    """A decision table in a width in points: its heading, its inputs, and a row for each of its rows."""
    type_ = type_for(figure.width)
    signs = max(measured(str(len(grid.rows))) * type_.small, NARROWEST_SIGNS)
    rest = width - signs - STROKE_WIDTH - CELL_PADDING * (len(grid.inputs) + 3)
    widths, output = _widths(grid, type_.small, rest)
    return _Setter(figure, grid, width, type_, signs, widths, output).table()


# -- the widths of the columns ---------------------------------------------------------------------------------------


def column_widths(
    least: Sequence[float], wanted: Sequence[float], unbroken: Sequence[float], output: float, rest: float
) -> tuple[list[float], float]:
    """The widths of the inputs and that of the output, which together have the `rest` of a table's width.

    Of each input there is given the least width that it can have, the one in which it would be well set, and the one
    in which none of its lines is broken; of the output the one in which no line is broken. Each step gives out what
    the one before has left:

    1. The inputs get their least; the output up to its share of the width, or all that inputs well set would leave.
    2. Each input gets the same part of what it lacks to be well set.
    3. Each input gets the same part of what it lacks for unbroken lines.
    4. The output gets the remainder.

    Where not even the least widths fit, the output has its narrowest, and the table is wider than it should be.
    """
    for_output = min(output, max(rest * OUTPUT_SHARE, rest - sum(wanted)), rest - sum(least))
    output = max(for_output, NARROWEST_OUTPUT)
    widths = _grown(least, wanted, rest - output)
    widths = _grown(widths, unbroken, rest - output)
    return widths, max(output, rest - sum(widths))


def _grown(widths: Sequence[float], wanted: Sequence[float], room: float) -> list[float]:
    """Widths, each larger by the same part of what it lacks to the one wanted: as large a part as there is room for."""
    lacks = [max(0.0, more - one) for one, more in zip(widths, wanted, strict=True)]
    spare, asked = room - sum(widths), sum(lacks)
    part = max(0.0, min(1.0, spare / asked)) if asked else 0.0
    return [one + lack * part for one, lack in zip(widths, lacks, strict=True)]


def _widths(grid: Grid, points: float, rest: float) -> tuple[list[float], float]:
    """The widths of a table's columns, each with a point or more to spare."""
    columns = list(zip(grid.inputs, *(one.entries for one in grid.rows), strict=True))
    least = [_longest_word(column) * points + 2 for column in columns]
    wanted = [max(low, _well_set(column) * points + 3) for low, column in zip(least, columns, strict=True)]
    unbroken = [max((measured(said) for part in column for said in part), default=3) * points + 2 for column in columns]
    output = max((measured(said) for one in grid.rows for said in one.output), default=4) * points + 1
    return column_widths(least, wanted, unbroken, output, rest)


def _longest_word(column: Sequence[Words]) -> float:
    """How many ems the longest word is wide, up to a limit; lines of Chinese may be broken anywhere."""
    pieces = (piece for part in column for said in part for piece in said.split() if piece.isascii())
    return min(max(map(measured, pieces), default=3), LONGEST_WORD_EMS)


def _well_set(column: Sequence[Words]) -> float:
    """How many ems make lines of a good length: of the entries, and of the label above them."""
    head, *entries = column
    longest = max((measured(said) for part in entries for said in part), default=2)
    return max(min(longest, LONGEST_ENTRY_EMS), max(map(measured, head), default=3) / HEAD_LINES)


# -- the table -------------------------------------------------------------------------------------------------------


@attrs.frozen
class _Setter:
    """Sets a decision table whose columns have their widths."""

    figure: Figure
    grid: Grid
    width: float
    type: Type
    signs: float
    widths: Sequence[float]
    output: float

    def table(self) -> str:
        grid, say = self.grid, self.figure.say
        span = len(grid.inputs) + 3
        rows = []
        if self.figure.charts:  # else it is the title of the picture
            heading = text(lines_of(grid.heading, HEADING_EMS), self.type.label, PLAIN.ink, "left")
            rows.append(row(cell(heading, colspan=span, border=0)))
        head = [self.cell(("U",), self.signs, fill=PLAIN.stage, align="center")]
        head += [self.cell(said, width, fill=PLAIN.stage) for said, width in zip(grid.inputs, self.widths, strict=True)]
        head.append(self.cell(grid.output, self.output, fill=PLAIN.end))
        head.append(self.cell(say(words.SOURCE), STROKE_WIDTH, fill=PLAIN.end))
        rows.append(row(*head))
        rows += [self.row(number, one) for number, one in enumerate(grid.rows, start=1)]
        if grid.notes:
            notes = _run_on(grid.notes, self.figure.languages)
            lines = lines_of(notes, ems(self.width, self.type.small), even=False)
            rows.append(row(cell(text(lines, self.type.small, PLAIN.line, "left"), colspan=span, border=0)))
        return table("".join(rows), padding=CELL_PADDING / 2, border=BORDER, ink=PLAIN.line)

    def row(self, number: int, one: Row) -> str:
        fill = TAKEN.stage if one.chosen else "white"
        cells = [self.cell((str(number),), self.signs, fill=fill, align="center")]
        for said, width in zip(one.entries, self.widths, strict=True):
            cells.append(self.cell(said or ("–",), width, fill=fill, ink=PLAIN.ink if said else FADED.ink))
        output = (*one.output[:-1], f"{one.output[-1]} {citation(one.cites)}") if one.cites else one.output
        cells.append(self.cell(output, self.output, fill=fill, even=False))
        cells.append(cell(stroke(one.provenance), bgcolor=fill))
        return row(*cells)

    def cell(
        self, said: Words, width: float, *, fill: str, ink: str = PLAIN.ink, align: str = "left", even: bool = True
    ) -> str:
        lines = lines_of(said, ems(width, self.type.small), even=even)
        return cell(text(lines, self.type.small, ink, align), align=align, bgcolor=fill, width=scaled(width))


def _run_on(notes: Sequence[Words], languages: Sequence[Language]) -> Words:
    """Several labels as one, in each language."""
    each = [note if len(note) == len(languages) else note * len(languages) for note in notes]
    joined = (
        SEMICOLON.in_(language).join(said) for language, said in zip(languages, zip(*each, strict=True), strict=True)
    )
    return tuple(dict.fromkeys(joined))
