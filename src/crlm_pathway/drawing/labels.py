"""HTML-like labels of DOT: the one place where what users wrote is set in type.

Everything is laid out at `SCALE` times its size and drawn at that part of 72 dots an inch: the layout rounds the width
of each letter to whole dots, and small letters would stand unevenly.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..predicates.labels import printable
from .figure import Words
from .lettering import wrapped

SCALE = 2
DOTS = 72 // SCALE

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;", "\\": "\\\\"})


def scaled(points: float) -> str:
    """A length of the picture, in points, as it is laid out."""
    return f"{points * SCALE:g}"


def inches(points: float) -> str:
    """The same in inches."""
    return f"{points * SCALE / 72:.4g}"


def lines_of(words: Words, ems: float, *, even: bool = True) -> list[str]:
    """What a label says in lines of at most so many ems, of equal width if `even`: each paragraph by itself."""
    return [line for paragraph in words for line in wrapped(printable(paragraph), ems, even=even)] or [""]


def text(lines: Iterable[str], points: float, ink: str, align: str = "center") -> str:
    """Lines in one size and colour."""
    # An empty <font> is a syntax error; a space is not.
    said = "".join(f'{line.translate(_ESCAPES) or " "}<br align="{align}"/>' for line in lines)
    return f'<font point-size="{scaled(points)}" color="{ink}">{said}</font>'


def cell(content: str, *, align: str = "left", **attributes: object) -> str:
    """A cell of a table; attributes are those of DOT's `<td>`."""
    more = "".join(f' {name.rstrip("_")}="{value}"' for name, value in attributes.items())
    return f'<td align="{align}" balign="{align}"{more}>{content}</td>'


def row(*cells: str) -> str:
    """A row of a table."""
    return f"<tr>{''.join(cells)}</tr>"


def table(rows: str, *, padding: float = 1, background: str = "", border: float = 0, ink: str = "") -> str:
    """A table without lines, or with a line around each cell."""
    fill = f' bgcolor="{background}"' if background else ""
    lines = f' color="{ink}"' if ink else ""
    return (
        f'<table border="0" cellborder="{scaled(border)}" cellspacing="0" cellpadding="{scaled(padding)}"{fill}{lines}>'
        f"{rows}</table>"
    )


def gap(width: float = 3, height: float = 0) -> str:
    """An empty cell."""
    tall = f' height="{scaled(height)}"' if height else ""
    return f'<td width="{scaled(width)}"{tall}></td>'


def ems(points_wide: float, points: float) -> float:
    """How many ems of a size of type stand in a width in points."""
    return points_wide / points
