"""Pictures of a pathway: as DOT text, or drawn as svg, png or pdf with nothing else to install.

from crlm_pathway import CRLM
from crlm_pathway.drawing import draw

picture = draw(CRLM, language="en", format="svg")
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

from ..pathway.pathway import Pathway
from ..predicates.labels import Language
from .errors import DrawingError
from .graph import Taken, extract

__all__ = ["FORMATS", "DrawingError", "Format", "draw"]

Format = Literal["dot", "svg", "png", "pdf"]
MAX_DPI = 1200
FORMATS: tuple[Format, ...] = get_args(Format)


def draw(
    pathway: Pathway,
    *,
    language: Language = "en",
    format: Format = "dot",  # noqa: A002 - what else it might be called says less
    steps: Iterable[Taken] = (),
    here: str | None = None,
    dpi: int = 150,
) -> bytes:
    """Return the picture of a pathway; DOT text is UTF-8.

    `steps`, a journey's, are drawn as the way taken: numbered and dark, with the rest stepping back; `here` is the
    state it is in, dark too. `dpi` is the resolution of a png. Raises DrawingError when the picture cannot be made.
    """
    from .dot import dot
    from .render import image

    _pathway_first(pathway)
    if format not in FORMATS:
        raise DrawingError(f"no picture can be drawn as {format!r}: choose from {', '.join(FORMATS)}")
    if not 1 <= dpi <= MAX_DPI:
        raise DrawingError(f"no picture can be drawn at {dpi} dpi: choose from 1 to {MAX_DPI}")
    source = dot(extract(pathway, language, steps, here))
    return source.encode() if format == "dot" else image(source, format, dpi=dpi)


def _pathway_first(given: object) -> None:
    if not isinstance(given, Pathway):
        is_journey = isinstance(getattr(given, "pathway", None), Pathway) and hasattr(given, "steps")
        hint = ": write draw(journey.pathway, steps=journey.steps, here=journey.state)" if is_journey else ""
        raise DrawingError(f"draw takes the pathway, not {given!r}{hint}")
