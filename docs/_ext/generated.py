"""Writes below what a page says itself what is read from the library, whenever the site is built."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sphinx.application import Sphinx

from article_map import article_map, claims, discrepancies, references
from command_help import command_help
from facts_list import facts
from gallery import gallery

PAGES: Mapping[str, Callable[[], str]] = {
    "article-map": article_map,
    "claims": claims,
    "command": command_help,
    "course-files": facts,
    "discrepancies": discrepancies,
    "gallery": gallery,
    "references": references,
}


def _fill(_: Sphinx, page: str, source: list[str]) -> None:
    if page in PAGES:
        source[0] = f"{source[0]}\n{PAGES[page]()}"


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.connect("source-read", _fill)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
