"""The papers behind a picture: numbered in the order in which they are first cited, and listed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import attrs

from ..evidence import Evidence, Reference, load
from ..predicates.labels import Text
from . import words
from .charts import Languages
from .figure import Entry, Figure, Listing, Words, in_languages

Cites = Callable[[Iterable[str]], tuple[int, ...]]
"""The numbers of the papers behind some claims."""


def uncited(_claims: Iterable[str]) -> tuple[int, ...]:
    """No numbers: where papers are not told."""
    return ()


def with_references(drawn: Callable[[Cites], Figure], languages: Languages, known: Evidence | None) -> Figure:
    """A figure with its papers numbered in the order in which they are first cited, and listed."""
    cited = _Citations(load() if known is None else known)
    found = drawn(cited)
    return attrs.evolve(
        found,
        listings=(*found.listings, *cited.listing(languages)),
        notes=(*found.notes, *cited.unknown(languages)),
        room=0.0,
    )


class _Citations:
    """The numbers of papers, in the order in which claims first cite them."""

    def __init__(self, known: Evidence) -> None:
        self._known = known
        self._numbers: dict[Reference, int] = {}
        self._unknown: dict[str, None] = {}

    def __call__(self, claims: Iterable[str]) -> tuple[int, ...]:
        """The numbers of the papers behind some claims; a claim that is not known here has none."""
        claims = tuple(claims)
        self._unknown |= dict.fromkeys(claim for claim in claims if claim not in self._known.claims)
        known = [self._known.claims[claim] for claim in claims if claim in self._known.claims]
        papers = self._known.references_of(known)
        return tuple(sorted({self._numbers.setdefault(paper, len(self._numbers) + 1) for paper in papers}))

    def unknown(self, languages: Languages) -> Iterator[Words]:
        if self._unknown:
            yield in_languages(words.UNKNOWN_CLAIMS.filled(Text(", ".join(self._unknown))), languages)

    def listing(self, languages: Languages) -> Iterator[Listing]:
        if self._numbers:
            papers = (Entry(f"{number}", (str(paper),)) for paper, number in self._numbers.items())
            yield Listing(in_languages(words.REFERENCES, languages), tuple(papers))
