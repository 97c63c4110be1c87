"""A picture as data, before any format is chosen: what is shown, in which words, and what is marked."""

from __future__ import annotations

from enum import Enum
from typing import Literal

import attrs

from ..predicates.labels import LabelledEnum, Language, Text
from ..predicates.nodes import Provenance

Words = tuple[str, ...]
"""What a label says: a paragraph in one language, or one in each; never broken into lines."""

Direction = Literal["TB", "LR"]
"""Which way the pathway leads: from top to bottom, or from left to right."""


class Kind(Enum):
    """What a state is to the reader: a stage, an end of the pathway, or where an interrupt leads."""

    STAGE = "stage"
    END = "end"
    STOPPED = "stopped"


class Mark(LabelledEnum):
    """How a part of one pathway differs from what the other has in its place."""

    ADDED = "added", "only here", "仅此处有"
    CHANGED = "changed", "not the same", "有改动"

    @property
    def sign(self) -> str:
        """The sign it goes by."""
        return {Mark.ADDED: "＋", Mark.CHANGED: "≠"}[self]


@attrs.frozen
class Line:
    """A transition on an edge.

    `code` is its sign. `text` and `guard` stand on the arrow; either is empty where it stands in a listing, or nowhere.
    `cites` are numbers of the list of references; `order` counts, from 1, the steps of the way that took it.
    """

    key: str
    code: str
    text: Words = ()
    guard: Words = ()
    cites: tuple[int, ...] = ()
    order: tuple[int, ...] = ()
    mark: Mark | None = None


@attrs.frozen
class Edge:
    """The transitions from one state to another that share a provenance. Interrupts have no source: any state is."""

    source: str | None
    target: str
    provenance: Provenance
    lines: tuple[Line, ...]

    @property
    def taken(self) -> bool:
        """Whether the way leads along it."""
        return any(line.order for line in self.lines)


@attrs.frozen
class Node:
    """A state. `notes` stand below its label, smaller; `visited` when the way leads through it, `here` where it is."""

    name: str
    title: Words
    kind: Kind
    notes: tuple[Words, ...] = ()
    visited: bool = False
    here: bool = False
    mark: Mark | None = None


@attrs.frozen
class Chart:
    """States and the transitions between them. With `way`, the steps taken stand out and the rest steps back.

    Where `start` is None, no state is marked as the beginning.
    """

    name: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    interrupts: tuple[Edge, ...] = ()
    start: str | None = None
    heading: Words = ()
    way: bool = False


@attrs.frozen
class Entry:
    """A line of a listing: its sign (a code, a number; or none), and what it says."""

    sign: str
    text: Words
    cites: tuple[int, ...] = ()
    mark: Mark | None = None


@attrs.frozen
class Listing:
    """Entries under a heading, beside or below a chart."""

    heading: Words
    entries: tuple[Entry, ...]


@attrs.frozen
class Row:
    """A row of a decision table: an entry for each input (none: `()`), and what it chooses."""

    key: str
    entries: tuple[Words, ...]
    output: Words
    provenance: Provenance
    cites: tuple[int, ...] = ()
    chosen: bool = False


@attrs.frozen
class Grid:
    """A DMN decision table: its inputs, and its rows with an entry for each. `notes` say what is not in the rows."""

    name: str
    heading: Words
    inputs: tuple[Words, ...]
    output: Words
    rows: tuple[Row, ...]
    notes: tuple[Words, ...] = ()


@attrs.frozen
class Figure:
    """The whole picture: charts side by side, and below them tables, listings and notes.

    `name` names it in file formats; `described` says in a paragraph what is to be seen, for those who cannot see it.
    `width` is that of the page it is made for, in mm; `direction` the way its charts lead.
    Where listings have only so much `room` below the chart, in mm, they are set in smaller type.
    """

    name: str
    title: Words
    described: Words
    languages: tuple[Language, ...]
    charts: tuple[Chart, ...] = ()
    grids: tuple[Grid, ...] = ()
    listings: tuple[Listing, ...] = ()
    notes: tuple[Words, ...] = ()
    width: float = 190.0
    direction: Direction = "TB"
    room: float = 0.0

    def say(self, text: Text) -> Words:
        """A label in the languages of the picture."""
        return in_languages(text, self.languages)


def in_languages(text: Text, languages: tuple[Language, ...]) -> Words:
    """A label in each of some languages, once where it is the same."""
    return tuple(dict.fromkeys(text.in_(language) for language in languages))
