"""The picture of a pathway as data, in one language, before any format is chosen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Protocol

import attrs

from ..pathway.model import DecisionTable, State, Transition
from ..pathway.pathway import Pathway
from ..predicates.labels import Language
from ..predicates.nodes import Provenance
from .errors import DrawingError


class Taken(Protocol):
    """A step of a journey, as far as a picture needs to know it."""

    @property
    def source(self) -> str:
        """The name of the state left."""
        ...

    @property
    def transition(self) -> Transition:
        """The transition taken."""
        ...


class Kind(Enum):
    """What a state is to the reader: a stage, an end of the pathway, or where an interrupt leads."""

    STAGE = "stage"
    END = "end"
    STOPPED = "stopped"


@attrs.frozen
class Line:
    """A transition on an edge; `order` counts, from 1, the steps of the way that took it."""

    code: str
    text: str
    order: tuple[int, ...] = ()


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
class Choices:
    """A decision table of a state: its label and what it can give."""

    title: str
    options: tuple[str, ...]


@attrs.frozen
class Node:
    """A state; `visited` when the way leads through it."""

    name: str
    title: str
    kind: Kind
    tables: tuple[Choices, ...] = ()
    visited: bool = False


@attrs.frozen
class Graph:
    """The whole picture. With `way`, the steps taken stand out and the rest steps back."""

    name: str
    title: str
    language: Language
    start: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    interrupts: tuple[Edge, ...]
    way: bool = False


def extract(pathway: Pathway, language: Language = "en", steps: Iterable[Taken] = (), here: str | None = None) -> Graph:
    """Return the picture of a pathway, with the way that some steps took through it, and where that led."""
    way = _Way(pathway, steps)
    if here is not None:
        way.states.add(pathway.state(here).name)
    drawn = [(state.name, step) for state in pathway.states for step in state.transitions]
    ends = {step.to for _, step in drawn}
    # An interrupt is drawn once, from any state; where the way took it, it is drawn from there too.
    drawn += [(source, step) for source, step in way.steps if step in pathway.interrupts]
    return Graph(
        name=pathway.name,
        title=pathway.text.in_(language),
        language=language,
        start=pathway.start,
        nodes=tuple(
            Node(
                name=state.name,
                title=state.text.in_(language),
                kind=_kind(state, ends),
                tables=tuple(_choices(table, language) for table in state.tables),
                visited=state.name in way.states,
            )
            for state in pathway.states
        ),
        edges=tuple(_edges(drawn, language, way)),
        interrupts=tuple(_edges([(None, step) for step in pathway.interrupts], language, way)),
        way=bool(way.states),
    )


class _Way:
    """The steps taken, each once, the order in which they were, and the states they touched."""

    def __init__(self, pathway: Pathway, steps: Iterable[Taken]) -> None:
        self.steps: list[tuple[str, Transition]] = []
        self.states: set[str] = set()
        self._order: dict[tuple[str | None, str], tuple[int, ...]] = {}
        if not isinstance(steps, Iterable):
            raise DrawingError(f"`steps` are those of a journey, not {steps!r}: write steps=journey.steps")
        for number, step in enumerate(steps, start=1):
            if not hasattr(step, "source") or not hasattr(step, "transition"):
                raise DrawingError(f"step {number} of the way is no step of a journey, but {step!r}")
            key = step.transition.key
            known = {found.key: found for found in pathway.leaving(pathway.state(step.source))}
            if key not in known:
                raise DrawingError(
                    f"step {number} of the way is {key} from {step.source}, which is no transition of {pathway.name}"
                )
            before = self.order(step.source, known[key])
            if not before:
                self.steps.append((step.source, known[key]))
            self._order[step.source, key] = (*before, number)
            self.states |= {step.source, known[key].to}

    def order(self, source: str | None, step: Transition) -> tuple[int, ...]:
        """The numbers, from 1, of the steps that took a transition from a state."""
        return self._order.get((source, step.key), ())


def _kind(state: State, ends: set[str]) -> Kind:
    if not state.terminal:
        return Kind.STAGE
    return Kind.END if state.name in ends else Kind.STOPPED


def _edges(drawn: Iterable[tuple[str | None, Transition]], language: Language, way: _Way) -> Iterator[Edge]:
    groups: dict[tuple[str | None, str, Provenance], list[Line]] = {}
    for source, step in drawn:
        line = Line(step.code, step.text.in_(language), way.order(source, step))
        groups.setdefault((source, step.to, step.provenance), []).append(line)
    for (source, target, provenance), lines in groups.items():
        yield Edge(source, target, provenance, tuple(lines))


# -- what a decision table can give ----------------------------------------------------------------------------------

_WORD = re.compile(r"[\u2e80-\uffff]|[^\s\u2e80-\uffff]+?(?=[,;:.]?(?:[\s\u2e80-\uffff]|$))|\S")
_SMALL_WORDS = frozenset(
    ["a", "an", "and", "at", "by", "for", "from", "in", "next", "of", "on", "or", "the", "to", "with"]
)


def _choices(table: DecisionTable, language: Language) -> Choices:
    rows: dict[str, list[str]] = {}
    for option in table.options:
        rows.setdefault(option.name, []).append(option.text.in_(language))
    return Choices(table.text.in_(language), tuple(dict.fromkeys(map(_shared, rows.values()))))


def _shared(texts: list[str]) -> str:
    """What the rows of one option have in common: to the option's name each row adds its reason in words of its own."""
    if len(texts) == 1:
        return texts[0]
    first, *others = ([match.group() for match in _WORD.finditer(text)] for text in texts)
    places = [match.span() for match in _WORD.finditer(texts[0])]
    found = ""
    for start in range(len(first)):
        end = start
        while end < len(first) and all(_contains(words, first[start : end + 1]) for words in others):
            end += 1
        said = [index for index in range(start, end) if not _is_small(first[index])]
        if said:
            found = max(found, texts[0][places[said[0]][0] : places[said[-1]][1]], key=len)
    return found or " / ".join(texts)


def _contains(words: list[str], run: list[str]) -> bool:
    return any(words[start : start + len(run)] == run for start in range(len(words) - len(run) + 1))


def _is_small(word: str) -> bool:
    return word in _SMALL_WORDS or not any(map(str.isalnum, word))
