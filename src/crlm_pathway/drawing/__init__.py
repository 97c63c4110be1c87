"""Pictures of a pathway: as DOT or Mermaid text, or drawn as svg, png or pdf with nothing else to install.

from crlm_pathway import CRLM
from crlm_pathway.drawing import draw

picture = draw(CRLM, level="criteria", language="both", format="pdf")
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Literal, get_args

from .errors import DrawingError, DrawingWarning
from .figure import Direction, Figure

if TYPE_CHECKING:
    from ..evidence import Evidence
    from ..journey import Journey
    from ..pathway.deciding import Decision
    from ..pathway.model import DecisionTable, State
    from ..pathway.pathway import Pathway
    from .levels import Level

    Drawable = Pathway | Journey | State | DecisionTable | Decision

__all__ = ["FORMATS", "DrawingError", "DrawingWarning", "Figure", "Format", "draw", "drawn", "figure_of"]

Format = Literal["dot", "svg", "png", "pdf", "mermaid"]
Languages = Literal["en", "zh", "both"]
MAX_DPI = 1200
FORMATS: tuple[Format, ...] = get_args(Format)


def draw(
    what: Drawable,
    *,
    level: Level = "overview",
    state: str | None = None,
    table: str | None = None,
    compare: Pathway | None = None,
    evidence: Evidence | None = None,
    language: Languages = "en",
    format: Format = "dot",  # noqa: A002 - what else it might be called says less
    direction: Direction | None = None,
    width: float | None = None,
    dpi: float = 300,
) -> bytes:
    """Return the picture of a Pathway, Journey, State, DecisionTable or Decision; the same input gives the same bytes.

    `level` is "overview" (states and short labels, for a column of 85 mm), "criteria" (every guard, for a page of A4)
    or "evidence" (the papers behind them too). Of a pathway, `state` and `table` name what to draw alone, and `compare`
    is another to draw beside it, what differs marked; a state or a table has its guards at every level. `evidence` is
    where the papers are found, else the library's own. A journey is drawn as the way taken: numbered and dark, with its
    visits and what it waits for, the rest stepping back.

    `language` is "en", "zh" or "both"; `direction` the way the pathway leads, "TB" (top to bottom) or "LR" (left to
    right); `width` that of the page in mm, else what the picture is made for; `dpi` the resolution of a png. Text (DOT
    and Mermaid) is UTF-8. Raises DrawingError when the picture cannot be made; warns of type too small to read.
    """
    _refuse(format, dpi)
    figure = figure_of(
        what,
        level=level,
        state=state,
        table=table,
        compare=compare,
        evidence=evidence,
        language=language,
        direction=direction,
        width=width,
    )
    content, remarks = _made(figure, format, dpi)
    for remark in remarks:
        warnings.warn(remark, DrawingWarning, stacklevel=2)
    return content


def figure_of(
    what: Drawable,
    *,
    level: Level = "overview",
    state: str | None = None,
    table: str | None = None,
    compare: Pathway | None = None,
    evidence: Evidence | None = None,
    language: Languages = "en",
    direction: Direction | None = None,
    width: float | None = None,
) -> Figure:
    """Return a picture as data, before any format is chosen; see `draw`."""
    from .asking import Request

    request = Request(
        level=level,
        state=state,
        table=table,
        compare=compare,
        evidence=evidence,
        language=language,
        direction=direction,
        width=width,
    )
    return request.figure(what)


def drawn(figure: Figure, *, format: Format = "dot", dpi: float = 300) -> bytes:  # noqa: A002 - as above
    """Return a picture in a format; see `draw`."""
    if not isinstance(figure, Figure):
        raise DrawingError(
            f"drawn takes a Figure, as figure_of returns it; write draw(...) for a {type(figure).__name__}"
        )
    _refuse(format, dpi)
    content, remarks = _made(figure, format, dpi)
    for remark in remarks:
        warnings.warn(remark, DrawingWarning, stacklevel=2)
    return content


def _refuse(format_: str, dpi: float) -> None:
    """Refuse a format or a resolution that is none."""
    if format_ not in FORMATS:
        raise DrawingError(f"no picture can be drawn as {format_!r}: choose from {', '.join(FORMATS)}")
    if not isinstance(dpi, int | float) or isinstance(dpi, bool) or not 1 <= dpi <= MAX_DPI:
        raise DrawingError(f"no picture can be drawn at {dpi!r} dpi: choose from 1 to {MAX_DPI}")


def _made(figure: Figure, format_: Format, dpi: float) -> tuple[bytes, tuple[str, ...]]:
    """A picture in a format, and what is to be said of it."""
    if format_ == "mermaid":
        from .mermaid import mermaid

        return mermaid(figure).encode(), ()
    from .picture import picture

    made = picture(figure, format_, dpi)
    return made.content, made.remarks
