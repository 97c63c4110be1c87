"""What stands below the charts of a picture: how to read them, tables, listings in columns, the title and the notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import attrs

from ..predicates.labels import SEMICOLON, Language
from ..predicates.nodes import Provenance
from . import words
from .figure import Entry, Figure, Grid, Kind, Listing, Mark, Row, Words
from .labels import cell, ems, gap, lines_of, row, scaled, table, text
from .lettering import measured
from .look import FADED, MARKED, MM, NARROW_MM, PLAIN, STYLE, TAKEN, Type, type_for

COLUMN_GAP = 10.0
"""Points between the columns of a listing."""

SHORT_LINE = 0.3
"""A last line that takes less of the width looks lost."""

SIGN_WIDTH = 32.0
"""Points for the signs of the legend."""

STROKE_WIDTH, CELL_PADDING = 26.0, 4.0
"""Points for a piece of line, and around what stands in a cell of a table."""

ROW_PADDING = 1.0
"""Points between the entries of a listing."""

LEADING = 1.22
"""The height of a line, to the size of its type."""

SMALLEST = 5.0
"""The smallest type that listings are set in, where room is short; they are set in the largest that fits."""


def below(figure: Figure, *, beside: Sequence[Words] = ()) -> str:
    """Return, as an HTML-like table, all that stands below the charts; `beside` are ends drawn more than once."""
    width, type_ = figure.width * MM - 12, type_for(figure.width)
    title = row(cell(text(lines_of(figure.title, ems(width, type_.state)), type_.state, PLAIN.ink, "left")))
    # The title of a table stands above it, that of a figure below.
    rows = [] if figure.charts else [title]
    if items := list(_items(figure, type_)):
        rows.append(row(cell(_legend(items, width, type_.small))))
    rows += [row(cell(said)) for said in _ends(figure, beside, width, type_.small)]
    rows += [row(cell(_grid(figure, one, width))) for one in figure.grids]
    if figure.listings:
        rows.append(row(cell(_columns(figure, width))))
    rows += [title] if figure.charts else []
    for note in figure.notes:
        rows.append(
            row(cell(text(lines_of(note, ems(width, type_.small), even=False), type_.small, PLAIN.line, "left")))
        )
    return f"<{table(''.join(rows), padding=2)}>"


# -- how to read the charts ------------------------------------------------------------------------------------------


def _items(figure: Figure, type_: Type) -> Iterator[tuple[str, Words]]:
    """The signs of the charts, each with what it means."""
    charts = figure.charts
    used = {edge.provenance for chart in charts for edge in (*chart.edges, *chart.interrupts)}
    used |= {one.provenance for grid in figure.grids for one in grid.rows}
    kinds = {node.kind for chart in charts for node in chart.nodes}
    for origin in Provenance:
        if origin in used:
            yield stroke(STYLE[origin]), figure.say(origin.text)
    if Kind.END in kinds:
        yield swatch(PLAIN.end, doubled=True), figure.say(words.AN_END)
    if Kind.STOPPED in kinds:
        yield swatch(PLAIN.stopped), figure.say(words.STOPPED)
    if any(line.order for chart in charts for edge in chart.edges for line in edge.lines):
        yield text(["①②③"], type_.label, TAKEN.ink), figure.say(words.THE_WAY)
    if any(node.visited and not node.here for chart in charts for node in chart.nodes):
        yield swatch(TAKEN.stage, TAKEN.line), figure.say(words.VISITED)
    if any(node.here for chart in charts for node in chart.nodes):
        yield swatch("white", TAKEN.line, border=TAKEN.width), figure.say(words.HERE)
    marks = {node.mark for chart in charts for node in chart.nodes}
    marks |= {line.mark for chart in charts for edge in (*chart.edges, *chart.interrupts) for line in edge.lines}
    for mark in Mark:
        if mark in marks:
            yield text([mark.sign], type_.label, MARKED.ink), figure.say(mark.text)


def _ends(figure: Figure, beside: Iterable[Words], width: float, points: float) -> Iterator[str]:
    """That an end drawn several times is one."""
    for title in beside:
        titles = title if len(title) == len(figure.languages) else title * len(figure.languages)
        said = (words.BESIDE.in_(one).format(each) for one, each in zip(figure.languages, titles, strict=True))
        yield text(lines_of(tuple(said), ems(width, points)), points, PLAIN.ink, "left")


def _legend(items: Sequence[tuple[str, Words]], width: float, points: float) -> str:
    """Signs and meanings, in as many columns as fit."""
    widest = max(max(map(measured, said)) for _, said in items) * points + SIGN_WIDTH
    columns = max(1, min(3, int(width // widest)))
    each = width / columns - SIGN_WIDTH
    cells = [
        cell(sign, align="left", width=scaled(SIGN_WIDTH))
        + cell(text(lines_of(said, ems(each, points)), points, PLAIN.ink, "left"), width=scaled(each))
        for sign, said in items
    ]
    rows = [row(*cells[index : index + columns]) for index in range(0, len(cells), columns)]
    return table("".join(rows), padding=1.5)


def stroke(style: str) -> str:
    """A piece of line."""
    attributes = {"border": scaled(0.8), "sides": "b", "style": style, "color": PLAIN.line, "fixedsize": "true"}
    line = cell("", align="left", width=scaled(24), height=scaled(4), **attributes)
    return f'<table border="0" cellspacing="0" cellpadding="0">{row(line)}</table>'


def swatch(fill: str, line: str = PLAIN.line, *, doubled: bool = False, border: float = PLAIN.width) -> str:
    """A small box as a state of this colour is drawn."""
    box = {"border": scaled(border), "color": line, "bgcolor": fill, "fixedsize": "true"}
    inner = row(cell("", align="center", width=scaled(15), height=scaled(5), **box))
    outer = f'border="{scaled(0.8)}" width="{scaled(19)}" height="{scaled(9)}"' if doubled else 'border="0"'
    fixed = f'fixedsize="{str(doubled).lower()}" cellspacing="{scaled(1)}" cellpadding="0"'
    return f'<table {outer} color="{line}" {fixed}>{inner}</table>'


# -- listings in columns ---------------------------------------------------------------------------------------------


@attrs.frozen
class _Block:
    """What stays together in a column: some rows, and how high they are, in points."""

    rows: str
    height: float


def _columns(figure: Figure, width: float) -> str:
    """The listings, one after the other, in columns of about equal height, in the largest type that fits."""
    count = _column_count(figure, width)
    each = (width - (count - 1) * COLUMN_GAP) / count
    points = type_for(figure.width).small
    while True:
        shares = _shared_out([block for one in figure.listings for block in _blocks(one, each, points)], count)
        heights = [sum(block.height for block in share) for share in shares]
        if not figure.room or max(heights) <= figure.room * MM or points <= SMALLEST:
            break
        points -= 0.25
    cells = []
    for index, (share, height) in enumerate(zip(shares, heights, strict=True)):
        # The layout would spread the rows of a shorter column over the height of the tallest.
        rest = max(heights) - height - ROW_PADDING
        filled = "".join(block.rows for block in share) + (row(gap(1, rest)) if rest > 1 else "")
        cells += [gap(COLUMN_GAP)] if index else []
        cells.append(cell(table(filled, padding=ROW_PADDING / 2), valign="top"))
    return table(row(*cells), padding=0)


def _column_count(figure: Figure, width: float) -> int:
    """Two columns or, on a wide page, three where every entry is a line; not more than there is to fill them with."""
    entries = [entry for one in figure.listings for entry in one.entries]
    points = type_for(figure.width).small
    longest = max((measured(said) for entry in entries for said in entry.text), default=0) * points
    three = longest + SIGN_WIDTH <= width / 3 and width > NARROW_MM * MM
    return min(3 if three else 2, max(1, len(entries) // 2))


def _blocks(listing: Listing, width: float, points: float) -> Iterator[_Block]:
    signs = max((measured(_signed(entry)) for entry in listing.entries), default=0) * points
    rest = width - signs - 6
    heading, above = "", 0.0
    if listing.heading:
        lines = lines_of(listing.heading, ems(width, points))
        above = (len(lines) * LEADING + 0.6) * points
        said = text(lines, points, PLAIN.line, "left")
        heading = row(cell(said, colspan=3, height=scaled(above), valign="bottom"))
        above += ROW_PADDING
    for entry in listing.entries:
        lines = _paragraphs(_cited(entry), ems(rest, points))
        ink = MARKED.ink if entry.mark is not None else PLAIN.ink
        sign = cell(text([_signed(entry)], points, ink, "left"), valign="top") + gap()
        said = cell(text(lines, points, ink, "left"), valign="top", width=scaled(rest))
        yield _Block(heading + row(sign, said), above + len(lines) * LEADING * points + ROW_PADDING)
        heading, above = "", 0.0


def _paragraphs(said: Words, width: float) -> list[str]:
    """A label in full lines, but for a last one of a word or two: then in even ones."""
    lines = []
    for paragraph in said:
        full = lines_of((paragraph,), width, even=False)
        short = len(full) > 1 and measured(full[-1]) < SHORT_LINE * width
        lines += lines_of((paragraph,), width) if short else full
    return lines


def _signed(entry: Entry) -> str:
    return f"{'' if entry.mark is None else entry.mark.sign + ' '}{entry.sign or '▪'}"


def _cited(entry: Entry) -> Words:
    if not entry.cites or not entry.text:
        return entry.text
    *first, last = entry.text
    return (*first, f"{last} {citation(entry.cites)}")


def citation(numbers: Sequence[int]) -> str:
    """Numbers of references in brackets; of three or more in a row the first and the last."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    spans = (f"{run[0]}–{run[-1]}" if len(run) > len("ab") else ",".join(map(str, run)) for run in runs)
    return f"[{','.join(spans)}]"


def _shared_out(blocks: Sequence[_Block], count: int) -> list[list[_Block]]:
    """The blocks in columns, in their order, so that the tallest column is as short as can be."""
    low = max((block.height for block in blocks), default=0)
    high = sum(block.height for block in blocks)
    for _ in range(30):
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


# -- decision tables -------------------------------------------------------------------------------------------------


def _grid(figure: Figure, grid: Grid, width: float) -> str:
    """A decision table with lines: its heading, its inputs, and a row for each of its rows."""
    return _Setter(figure, grid, width).table()


def _run_on(notes: Sequence[Words], languages: Sequence[Language]) -> Words:
    """Several labels as one, in each language."""
    each = [note if len(note) == len(languages) else note * len(languages) for note in notes]
    joined = (
        SEMICOLON.in_(language).join(said) for language, said in zip(languages, zip(*each, strict=True), strict=True)
    )
    return tuple(dict.fromkeys(joined))


class _Setter:
    """Sets a decision table in a width in points."""

    def __init__(self, figure: Figure, grid: Grid, width: float) -> None:
        self.figure = figure
        self.grid = grid
        self.width = width
        self.type = type_for(figure.width)
        self.signs = max(measured(str(len(grid.rows))) * self.type.small, 6.0)
        rest = width - self.signs - STROKE_WIDTH - CELL_PADDING * (len(grid.inputs) + 3)
        outputs = [said for one in grid.rows for said in one.output]
        longest = max(map(measured, outputs), default=4) * self.type.small + 1
        least = [self._least(index) for index in range(len(grid.inputs))]
        wanted = [max(one, self._wanted(index)) for index, one in enumerate(least)]
        self.output = max(min(longest, max(rest * 0.45, rest - sum(wanted)), rest - sum(least)), 60)
        spare = max(0.0, rest - self.output - sum(least))
        asked = sum(wanted) - sum(least)
        share = min(1.0, spare / asked) if asked else 0.0
        widths = [low + (high - low) * share for low, high in zip(least, wanted, strict=True)]
        # What is left goes to the inputs, as far as they can use it, and then to the options.
        unbroken = [max(one, self._unbroken(index)) for index, one in enumerate(widths)]
        left, more = rest - self.output - sum(widths), sum(unbroken) - sum(widths)
        part = min(1.0, left / more) if more > 0 and left > 0 else 0.0
        self.widths = [low + (high - low) * part for low, high in zip(widths, unbroken, strict=True)]
        self.output = max(self.output, rest - sum(self.widths))

    def _least(self, index: int) -> float:
        """The width of the longest word in a column: none is broken."""
        said = [*self.grid.inputs[index], *(words_ for one in self.grid.rows for words_ in one.entries[index])]
        words_ = (piece for paragraph in said for piece in paragraph.split() if piece.isascii())
        return min(max(map(measured, words_), default=3), 12) * self.type.small + 2

    def _wanted(self, index: int) -> float:
        """The width a column would like: its entries on few lines, its input on about three."""
        entries = [said for one in self.grid.rows for said in one.entries[index]]
        head = max((measured(said) for said in self.grid.inputs[index]), default=3)
        longest = max(map(measured, entries), default=2)
        return max(min(longest, 13), head / 3) * self.type.small + 3

    def _unbroken(self, index: int) -> float:
        """The width that a column needs to break nothing."""
        said = [*self.grid.inputs[index], *(part for one in self.grid.rows for part in one.entries[index])]
        return max(map(measured, said), default=3) * self.type.small + 2

    def table(self) -> str:
        grid, say = self.grid, self.figure.say
        span = len(grid.inputs) + 3
        rows = []
        if self.figure.charts:  # else it is the title of the picture
            heading = text(lines_of(grid.heading, 60), self.type.label, PLAIN.ink, "left")
            rows.append(row(cell(heading, colspan=span, border=0)))
        head = [self.cell(("U",), self.signs, fill=PLAIN.stage, align="center")]
        head += [self.cell(said, width, fill=PLAIN.stage) for said, width in zip(grid.inputs, self.widths, strict=True)]
        head.append(self.cell(grid.output, self.output, fill=PLAIN.end))
        head.append(self.cell(say(words.SOURCE), STROKE_WIDTH, fill=PLAIN.end))
        rows.append(row(*head))
        rows += [self.row(number, one) for number, one in enumerate(grid.rows, start=1)]
        if grid.notes:
            said = text(
                lines_of(_run_on(grid.notes, self.figure.languages), ems(self.width, self.type.small), even=False),
                self.type.small,
                PLAIN.line,
                "left",
            )
            rows.append(row(cell(said, colspan=span, border=0)))
        return table("".join(rows), padding=CELL_PADDING / 2, border=0.5, ink=PLAIN.line)

    def row(self, number: int, one: Row) -> str:
        fill = TAKEN.stage if one.chosen else "white"
        cells = [self.cell((str(number),), self.signs, fill=fill, align="center")]
        for said, width in zip(one.entries, self.widths, strict=True):
            cells.append(self.cell(said or ("–",), width, fill=fill, ink=PLAIN.ink if said else FADED.ink))
        output = (*one.output[:-1], f"{one.output[-1]} {citation(one.cites)}") if one.cites else one.output
        cells.append(self.cell(output, self.output, fill=fill, even=False))
        cells.append(cell(stroke(STYLE[one.provenance]), bgcolor=fill))
        return row(*cells)

    def cell(
        self, said: Words, width: float, *, fill: str, ink: str = PLAIN.ink, align: str = "left", even: bool = True
    ) -> str:
        lines = lines_of(said, ems(width, self.type.small), even=even)
        return cell(text(lines, self.type.small, ink, align), align=align, bgcolor=fill, width=scaled(width))
