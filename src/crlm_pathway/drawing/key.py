"""The legend of a picture in DOT: each sign as it is drawn, and beside it what it means."""

from __future__ import annotations

from collections.abc import Sequence

from ..predicates.nodes import Provenance
from .figure import Kind, Mark, Words
from .labels import cell, ems, lines_of, row, scaled, table, text
from .legend import Sign, Walked
from .lettering import measured
from .look import MARKED, PLAIN, STANDS, STYLE, TAKEN, Type

SIGN_WIDTH = 32.0
"""Points for a sign."""

MOST_COLUMNS = 3


def key(signs: Sequence[tuple[Sign, Words]], width: float, type_: Type) -> str:
    """Signs and their meanings, in as many columns as fit a width in points."""
    points = type_.small
    widest = max(max(map(measured, said)) for _, said in signs) * points + SIGN_WIDTH
    columns = max(1, min(MOST_COLUMNS, int(width // widest)))
    each = width / columns - SIGN_WIDTH
    cells = [
        cell(_painted(sign, type_), align="left", width=scaled(SIGN_WIDTH))
        + cell(text(lines_of(said, ems(each, points)), points, PLAIN.ink, "left"), width=scaled(each))
        for sign, said in signs
    ]
    rows = [row(*cells[index : index + columns]) for index in range(0, len(cells), columns)]
    return table("".join(rows), padding=1.5)


def _painted(sign: Sign, type_: Type) -> str:
    match sign:
        case Provenance():
            return stroke(sign)
        case Kind():
            return _swatch(PLAIN.fill(sign), doubled=sign is Kind.END)
        case Walked.THE_WAY:
            return text(["①②③"], type_.label, TAKEN.ink)
        case Walked.VISITED:
            return _swatch(TAKEN.stage, TAKEN.line, border=TAKEN.width)
        case Walked.HERE:
            return _swatch(STANDS.stage, STANDS.line)
        case Mark():
            return text([sign.sign], type_.label, MARKED.ink)


def stroke(provenance: Provenance) -> str:
    """A piece of line."""
    attributes = {
        "border": scaled(0.8),
        "sides": "b",
        "style": STYLE[provenance],
        "color": PLAIN.line,
        "fixedsize": "true",
    }
    line = cell("", align="left", width=scaled(24), height=scaled(4), **attributes)
    return f'<table border="0" cellspacing="0" cellpadding="0">{row(line)}</table>'


def _swatch(fill: str, line: str = PLAIN.line, *, doubled: bool = False, border: float = PLAIN.width) -> str:
    """A small box as a state of this colour is drawn."""
    box = {"border": scaled(border), "color": line, "bgcolor": fill, "fixedsize": "true"}
    inner = row(cell("", align="center", width=scaled(15), height=scaled(5), **box))
    outer = f'border="{scaled(0.8)}" width="{scaled(19)}" height="{scaled(9)}"' if doubled else 'border="0"'
    fixed = f'fixedsize="{str(doubled).lower()}" cellspacing="{scaled(1)}" cellpadding="0"'
    return f'<table {outer} color="{line}" {fixed}>{inner}</table>'
