"""References as bibliographies: BibTeX and CSL-JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from .model import Author, Reference

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        # Not \{ and \}: BibTeX counts braces, escaped or not.
        "{": r"\ensuremath{\lbrace}",
        "}": r"\ensuremath{\rbrace}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "<": r"\ensuremath{<}",
        ">": r"\ensuremath{>}",
        "≤": r"\ensuremath{\leq}",
        "≥": r"\ensuremath{\geq}",
        "ʼ": "'",  # no LaTeX font has the modifier letter
        **{sign: f"\\{sign}" for sign in "&%$#_"},
    }
)
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_LETTER_FIRST = re.compile(r"[A-Z]-")


def to_bibtex(references: Iterable[Reference]) -> str:
    """Return BibTeX in UTF-8, what LaTeX would not print escaped; each paper once, in the order given."""
    return "\n".join(map(_entry, dict.fromkeys(references)))


def _entry(reference: Reference) -> str:
    fields = ",\n".join(f"  {name} = {value}" for name, value in _fields(reference))
    return f"@article{{{reference.key},\n{fields}\n}}\n"


def _fields(reference: Reference) -> Iterator[tuple[str, str]]:
    yield "author", f"{{{' and '.join(map(_bibtex_name, reference.authors))}}}"
    yield "title", f"{{{_WORD.sub(_protected, reference.title.translate(_LATEX))}}}"
    yield "journal", f"{{{reference.journal.translate(_LATEX)}}}"
    yield "year", f"{{{reference.year}}}"
    if reference.month is not None:
        yield "month", _MONTHS[reference.month - 1]
    pages = None if reference.pages is None else reference.pages.replace("-", "--")
    for name, value in (("volume", reference.volume), ("number", reference.issue), ("pages", pages)):
        if value is not None:
            yield name, f"{{{value}}}"
    # Identifiers are not text: bibliography styles print them verbatim.
    for name, value in (("doi", reference.doi), ("pmid", reference.pmid), ("pmcid", reference.pmcid)):
        if value is not None:
            yield name, f"{{{value}}}"
    if reference.note is not None:
        yield "note", f"{{{reference.note.translate(_LATEX)}}}"


def _protected(word: re.Match[str]) -> str:
    """Return a word of a title in braces when a style must not lower its capitals: FOLFOXIRI, mFOLFOX6, C-Raf."""
    text = word[0]
    inside = any(part[1:] != part[1:].lower() for part in text.split("-"))
    return f"{{{text}}}" if inside or _LETTER_FIRST.match(text) else text


def _bibtex_name(author: Author) -> str:
    name = author.name.translate(_LATEX)
    return f"{name}, {_given(author)}" if author.initials else f"{{{name}}}"


def _given(author: Author) -> str:
    return " ".join(f"{initial}." for initial in author.initials)


def to_csl_json(references: Iterable[Reference]) -> list[dict[str, Any]]:
    """Return CSL-JSON data, version 1.0.2; each paper once, in the order given."""
    return [_item(reference) for reference in dict.fromkeys(references)]


def _item(reference: Reference) -> dict[str, Any]:
    date = [part for part in (reference.year, reference.month, reference.day) if part is not None]
    item = {
        "id": reference.key,
        "type": "article-journal",
        "title": reference.title,
        "author": [_csl_name(author) for author in reference.authors],
        "container-title": reference.journal,
        "issued": {"date-parts": [date]},
        "volume": reference.volume,
        "issue": reference.issue,
        "page": reference.pages,
        "DOI": reference.doi,
        "PMID": reference.pmid,
        "PMCID": reference.pmcid,
        "note": reference.note,
    }
    return {name: value for name, value in item.items() if value is not None}


def _csl_name(author: Author) -> dict[str, str]:
    if not author.initials:
        return {"literal": author.name}
    words = author.name.split()
    particles = next((index for index, word in enumerate(words) if not word.islower()), 0)
    name = {"family": " ".join(words[particles:]), "given": _given(author)}
    return {"non-dropping-particle": " ".join(words[:particles]), **name} if particles else name
