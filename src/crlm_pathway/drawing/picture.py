"""A figure as an image, as good as its size allows: simpler where there is too much to label, and not in silence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import attrs

from ..predicates.labels import Text
from ..predicates.nodes import Provenance
from . import words
from .dot import dot
from .figure import Chart, Edge, Figure, Listing
from .look import type_for
from .render import image
from .svg import finished

MOST_LABELLED = 500
"""So many arrows are still labelled."""

READABLE_POINTS = 5.0
"""Smaller type is not to be read in print."""

LANGUAGE_TAGS = {"en": "en", "zh": "zh-Hans"}


@attrs.frozen
class Picture:
    """A picture in a format, and what is to be said of it though it was drawn."""

    content: bytes
    remarks: tuple[str, ...] = ()


def picture(figure: Figure, format: Literal["dot", "svg", "png", "pdf"], dpi: float) -> Picture:  # noqa: A002 - as `draw` has it
    """Return a figure as DOT text or as an image."""
    shown, remarks = simplified(figure)
    source = dot(shown)
    if format == "dot":
        return Picture(source.encode(), remarks)
    made = image(source, format, dpi=dpi)
    remarks = (*remarks, *made.remarks, *_too_small(figure.width, made.scale))
    if format == "svg":
        tag = LANGUAGE_TAGS[figure.languages[0]]
        said = finished(made.data, title=" ".join(figure.title), described=" ".join(figure.described), language=tag)
        return Picture(said, remarks)
    return Picture(made.data, remarks)


def _too_small(width: float, scale: float) -> Iterator[str]:
    """That type had to be made too small to read, and what would do."""
    points = scale * type_for(width).small
    if points < READABLE_POINTS:
        yield (
            f"the type of this picture is {points:.1f} points high at a width of {width:g} mm, too small to read in "
            f"print: give it {width * READABLE_POINTS / points:.0f} mm, or draw its states one by one"
        )


def simplified(figure: Figure) -> tuple[Figure, tuple[str, ...]]:
    """The figure itself or, where there are too many arrows to label, one line for all from one state to another."""
    edges = [edge for chart in figure.charts for edge in (*chart.edges, *chart.interrupts)]
    if len(edges) <= MOST_LABELLED:
        return figure, ()
    said = words.SIMPLER.filled(Text(str(sum(len(edge.lines) for edge in edges))))
    codes = {line.code for edge in edges for line in edge.lines}
    simpler = attrs.evolve(
        figure,
        charts=tuple(map(_unlabelled, figure.charts)),
        listings=tuple(listing for listing in figure.listings if not _is_key(listing, codes)),
        notes=(figure.say(said), *figure.notes),
    )
    return simpler, (said.en,)


def _is_key(listing: Listing, codes: set[str]) -> bool:
    return not listing.heading and codes.issuperset(entry.sign for entry in listing.entries)


def _unlabelled(chart: Chart) -> Chart:
    """A chart with one line from each state to each other that can follow it; what stands out keeps its label.

    A line that stands for several is drawn as the least certain of them.
    """
    shown = [
        attrs.evolve(edge, lines=tuple(line for line in edge.lines if line.order or line.mark)) for edge in chart.edges
    ]
    labelled = [edge for edge in shown if edge.lines]
    between = {(edge.source, edge.target) for edge in labelled}
    origins: dict[tuple[str | None, str], set[Provenance]] = {}
    for edge in chart.edges:
        if (edge.source, edge.target) not in between:
            origins.setdefault((edge.source, edge.target), set()).add(edge.provenance)
    bare = (
        Edge(source, target, max(found, key=list(Provenance).index), ()) for (source, target), found in origins.items()
    )
    return attrs.evolve(chart, edges=(*labelled, *bare))
