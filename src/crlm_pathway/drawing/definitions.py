"""The named criteria that guards speak of, spelled out."""

from __future__ import annotations

from collections.abc import Iterable

from ..predicates.labels import Language, Names, labelled
from ..predicates.nodes import Named, Predicate, walk
from ..predicates.wording import said
from .figure import Entry, in_languages


def definitions(
    predicates: Iterable[Predicate], languages: tuple[Language, ...], names: Names | None = None
) -> tuple[Entry, ...]:
    """Return what each named criterion means that some predicates mention, those within others included.

    Each is told once, in the order of mention, before what is within it.
    """
    mentioned = (part for predicate in predicates for part in walk(predicate))
    criteria = dict.fromkeys(part for part in mentioned if isinstance(part, Named))
    return tuple(
        Entry(sign="", text=in_languages(labelled(found.text, said(found.predicate, names, apart=True)), languages))
        for found in criteria
    )
