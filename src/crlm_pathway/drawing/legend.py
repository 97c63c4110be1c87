"""What the signs of a picture mean, of those that it has: each format paints them in its own way."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from ..predicates.labels import Text
from ..predicates.nodes import Provenance
from . import words
from .figure import Figure, Kind, Mark


class Walked(Enum):
    """What a way adds to a picture: numbers on its steps, and states that stand out."""

    THE_WAY = "the_way"
    VISITED = "visited"
    HERE = "here"


Sign = Provenance | Kind | Walked | Mark
"""A sort of line, of box, of state on a way, or a mark."""

_MEANINGS: dict[Sign, Text] = {
    **{origin: origin.text for origin in Provenance},
    Kind.END: words.AN_END,
    Kind.STOPPED: words.STOPPED,
    Walked.THE_WAY: words.THE_WAY,
    Walked.VISITED: words.VISITED,
    Walked.HERE: words.HERE,
    **{mark: mark.text for mark in Mark},
}
"""In the order in which they are explained. A stage is a box like any other, and needs no words."""


def signs(figure: Figure) -> Iterator[tuple[Sign, Text]]:
    """Each sign that is in a picture, with its meaning."""
    found = set(_found(figure))
    return ((sign, text) for sign, text in _MEANINGS.items() if sign in found)


def _found(figure: Figure) -> Iterator[Sign | None]:
    for chart in figure.charts:
        for edge in (*chart.edges, *chart.interrupts):
            yield edge.provenance
            for line in edge.lines:
                yield line.mark
                if line.order:
                    yield Walked.THE_WAY
        for node in chart.nodes:
            yield node.kind
            yield node.mark
            if node.visited or node.here:
                yield Walked.HERE if node.here else Walked.VISITED
    for grid in figure.grids:
        yield from (row.provenance for row in grid.rows)
    for listing in figure.listings:
        yield from (entry.mark for entry in listing.entries)
