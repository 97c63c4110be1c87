"""Pictures in notebooks: a pathway, or a part of one, that a cell ends with is shown as it is drawn.

from crlm_pathway.drawing import notebook

notebook.show_in("zh")
"""

from __future__ import annotations

import sys
from hashlib import sha256
from typing import Any, get_args

from ..pathway.showing import SVG
from ..predicates.errors import PathwayError, did_you_mean
from . import DrawingError, Languages, draw
from .levels import PAGE_MM
from .svg import inline

_LANGUAGES: tuple[Languages, ...] = get_args(Languages)


class _Settings:
    """What the reader of the notebook has chosen."""

    language: Languages = "en"


_settings = _Settings()


def show_in(language: Languages) -> None:
    """Have what is shown from now on be in English (`en`, as at first), Chinese (`zh`) or `both`."""
    if language not in _LANGUAGES:
        hint = did_you_mean(str(language), _LANGUAGES)
        raise DrawingError(f"notebooks show {', '.join(_LANGUAGES)}, not {language!r}{hint}")
    _settings.language = language


def painted(what: Any) -> str | None:
    """Return the picture of something as SVG text.

    None where no picture is seen, as in a terminal, and when it cannot be drawn: then standard error says why.
    """
    if not _seen():
        return None
    try:
        picture = draw(what, language=_settings.language, width=PAGE_MM, format="svg")
    except PathwayError as error:
        sys.stderr.write(f"no picture: {error}\n")
        return None
    # All that a notebook shows stands in one page: only a picture shown twice has its ids twice.
    return inline(picture, f"picture-{sha256(picture).hexdigest()[:12]}-")


def _seen() -> bool:
    """Whether there are pictures where this is shown: IPython in a terminal asks for them, and drops them."""
    ipython = sys.modules.get("IPython")
    shell = None if ipython is None else ipython.get_ipython()
    return shell is None or SVG in shell.display_formatter.active_types
