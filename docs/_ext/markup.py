"""Markdown made by programs: words that mean themselves, in both languages, with anchors and links."""

from __future__ import annotations

import re
from collections.abc import Iterable

from crlm_pathway import Text

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~$&])")


def plain(words: str) -> str:
    """Return words of which Markdown makes nothing else."""
    return _MARKUP.sub(r"\\\1", words)


def code(words: str) -> str:
    """Return a name as code; names have no backquotes."""
    return f"`{words}`"


def chinese(words: str) -> str:
    """Return Markdown in Chinese, so that browsers choose the right letters."""
    return f'<span lang="zh-Hans">{words}</span>'


def both(text: Text, between: str = " ") -> str:
    """Return a text in both languages, once where they agree."""
    return plain(text.en) if text.en == text.zh else f"{plain(text.en)}{between}{chinese(plain(text.zh))}"


def heading(text: Text) -> str:
    """Return a label as a heading, which begins with a capital."""
    return both(Text(f"{text.en[:1].upper()}{text.en[1:]}", text.zh))


def anchor(*names: str) -> str:
    """Return the name of a place that links lead to."""
    return "-".join(names).replace("_", "-").lower()


def place(*names: str) -> str:
    """Return the line that puts a place before what follows it."""
    return f"({anchor(*names)})="


def link(words: str, *names: str) -> str:
    """Return a link to a place, on whatever page."""
    return f"[{words}](#{anchor(*names)})"


def bullets(items: Iterable[str]) -> str:
    """Return a list."""
    return "\n".join(f"- {item}" for item in items)


def paragraphs(parts: Iterable[str]) -> str:
    """Return parts with an empty line between them; empty ones are left out."""
    return "\n\n".join(filter(None, parts)) + "\n"
