"""Pictures in pages of Markdown, as MkDocs builds them: a fence of pymdownx.superfences, drawn into the page.

markdown_extensions:
  - pymdownx.superfences:
      custom_fences:
        - name: care-pathway
          class: care-pathway
          format: !!python/name:crlm_pathway.drawing.markdown.fence
          validator: !!python/name:crlm_pathway.drawing.markdown.validator
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..predicates.errors import PathwayError
from . import DrawingError
from .embedding import embedded
from .svg import inline

if TYPE_CHECKING:
    from markdown import Markdown

_log = logging.getLogger("mkdocs.plugins.care_pathway")
"""What is warned of here, MkDocs shows, and counts when it builds strictly."""


def validator(
    language: str,  # noqa: ARG001 - superfences gives it
    inputs: Mapping[str, str],
    options: dict[str, Any],
    attrs: dict[str, Any],  # noqa: ARG001 - likewise
    md: Markdown,  # noqa: ARG001 - likewise
) -> bool:
    """Take what stands on the opening line of a fence for what might stand below: `fence` says what is wrong."""
    options.update(inputs)
    return True


def fence(
    source: str,
    language: str,
    class_name: str,
    options: Mapping[str, Any],
    md: Markdown,
    *,
    classes: Iterable[str] = (),
    id_value: str = "",
    attrs: Mapping[str, Any] | None = None,
    **_more: object,
) -> str:
    """Return the HTML of the picture that a fence asks for, or of a message in its place that says what is wrong."""
    names = " ".join(dict.fromkeys((class_name or language, *classes)))
    opening = f'class="{escape(names)}"' + (f' id="{escape(id_value)}"' if id_value else "")
    try:
        said = dict(_read(source, {**options, **(attrs or {})}))
        caption = said.pop("caption", "").strip()
        drawn = embedded(said, folder=Path(), beside=("caption",)).drawn("svg", warn=_warn)
        # The page numbers the pieces of HTML in it, which tells this picture from the others.
        picture = inline(drawn, f"care-pathway-{md.htmlStash.html_counter + 1}-")
    except PathwayError as error:
        _warn(str(error))
        message = "<br>".join(map(escape, str(error).splitlines()))
        return f'<div {opening} role="alert"><p><strong>No picture.</strong> {message}</p></div>'
    except Exception as error:
        from pymdownx.superfences import SuperFencesException  # any other would leave the fence as it is written

        raise SuperFencesException(f"care-pathway: {type(error).__name__}: {error}") from error
    below = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    return f"<figure {opening}>{picture}{below}</figure>"


def _warn(said: str) -> None:
    _log.warning("care-pathway: %s", said)


def _read(source: str, opening: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The keys of a fence with what is said under each: `key: value` lines; `#` begins a line that says nothing."""
    seen = set(opening)
    yield from ((key, str(value)) for key, value in opening.items())
    for number, line in enumerate(source.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        key, colon, value = line.partition(":")
        if not colon:
            raise DrawingError(f"line {number}: expected `key: value`, not {line.strip()!r}")
        if key.strip() in seen:
            raise DrawingError(f"line {number}: {key.strip()} is said before")
        seen.add(key.strip())
        yield key.strip(), value
