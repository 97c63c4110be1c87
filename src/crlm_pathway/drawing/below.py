"""What stands below the charts of a picture: how to read them, tables, listings in columns, the title and the notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from . import words
from .columns import columns
from .figure import Figure, Words
from .key import key
from .labels import cell, ems, lines_of, row, table, text
from .legend import signs
from .look import MM, PLAIN, type_for
from .tables import grid_table

MARGINS = 12
"""Points of the page's width that nothing is set in."""


def below(figure: Figure, *, beside: Sequence[Words] = ()) -> str:
    """Return, as an HTML-like table, all that stands below the charts; `beside` are ends drawn more than once."""
    width, type_ = figure.width * MM - MARGINS, type_for(figure.width)
    title = text(lines_of(figure.title, ems(width, type_.state)), type_.state, PLAIN.ink, "left")
    # The title of a table stands above it, that of a figure below.
    parts = [] if figure.charts else [title]
    if explained := [(sign, figure.say(meaning)) for sign, meaning in signs(figure)]:
        parts.append(key(explained, width, type_))
    parts += _ends(figure, beside, width, type_.small)
    parts += [grid_table(figure, grid, width) for grid in figure.grids]
    if figure.listings:
        parts.append(columns(figure, width))
    parts += [title] if figure.charts else []
    for note in figure.notes:
        lines = lines_of(note, ems(width, type_.small), even=False)
        parts.append(text(lines, type_.small, PLAIN.line, "left"))
    return f"<{table(''.join(row(cell(part)) for part in parts), padding=2)}>"


def _ends(figure: Figure, beside: Iterable[Words], width: float, points: float) -> Iterator[str]:
    """That an end drawn several times is one."""
    for title in beside:
        titles = title if len(title) == len(figure.languages) else title * len(figure.languages)
        said = (words.BESIDE.in_(one).format(each) for one, each in zip(figure.languages, titles, strict=True))
        yield text(lines_of(tuple(said), ems(width, points)), points, PLAIN.ink, "left")
