"""A figure as an image, as good as its size allows: simpler where there is too much to label, and not in silence."""

from __future__ import annotations

import warnings
from typing import Literal

import attrs

from ..predicates.labels import Text
from ..predicates.nodes import Provenance
from . import words
from .dot import dot
from .errors import DrawingWarning
from .figure import Chart, Edge, Figure, Listing, in_languages
from .look import type_for
from .render import image
from .svg import finished

MOST_LABELLED = 500
"""So many arrows are still labelled."""

READABLE_POINTS = 4.5
"""Smaller type is not to be read in print."""

LANGUAGE_TAGS = {"en": "en", "zh": "zh-Hans"}


def picture(figure: Figure, format: Literal["dot", "svg", "png", "pdf"], dpi: float) -> bytes:  # noqa: A002 - as `draw` has it
    """Return a figure as DOT text or as an image."""
    figure = simplified(figure)
    source = dot(figure)
    if format == "dot":
        return source.encode()
    made = image(source, format, dpi=dpi)
    if (points := made.scale * type_for(figure.width).small) < READABLE_POINTS:
        warnings.warn(
            f"the type of this picture is {points:.1f} points high at a width of {figure.width:g} mm, too small to "
            f"read in print: give it {figure.width * READABLE_POINTS / points:.0f} mm, or draw its states one by one",
            DrawingWarning,
            stacklevel=4,
        )
    if format == "svg":
        tag = LANGUAGE_TAGS[figure.languages[0]]
        return finished(made.data, title=" ".join(figure.title), described=" ".join(figure.described), language=tag)
    return made.data


def simplified(figure: Figure) -> Figure:
    """The figure itself or, where there are too many arrows to label, one line for all from one state to another."""
    count = sum(len(edge.lines) for chart in figure.charts for edge in (*chart.edges, *chart.interrupts))
    if max((len(chart.edges) for chart in figure.charts), default=0) <= MOST_LABELLED:
        return figure
    said = words.SIMPLER.filled(Text(str(count)))
    warnings.warn(said.en, DrawingWarning, stacklevel=5)
    codes = {line.code for chart in figure.charts for edge in chart.edges for line in edge.lines}
    return attrs.evolve(
        figure,
        charts=tuple(map(_unlabelled, figure.charts)),
        listings=tuple(listing for listing in figure.listings if not _is_key(listing, codes)),
        notes=(in_languages(said, figure.languages), *figure.notes),
    )


def _is_key(listing: Listing, codes: set[str]) -> bool:
    return codes.issuperset(entry.sign for entry in listing.entries)


def _unlabelled(chart: Chart) -> Chart:
    """A chart with one line from each state to each other that can follow it."""
    origins: dict[tuple[str | None, str], set[Provenance]] = {}
    for edge in chart.edges:
        origins.setdefault((edge.source, edge.target), set()).add(edge.provenance)
    edges = (
        Edge(source, target, found.pop() if len(found) == 1 else Provenance.STATED, ())
        for (source, target), found in origins.items()
    )
    return attrs.evolve(chart, edges=tuple(edges))
