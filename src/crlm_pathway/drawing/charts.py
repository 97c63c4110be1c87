"""The states of a pathway and the arrows between them, with the way that was taken."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

import attrs

from ..pathway.model import State, Transition
from ..pathway.pathway import Pathway
from ..predicates.labels import Language, Names, Text, labelled
from ..predicates.nodes import Predicate, Provenance
from ..predicates.wording import said
from . import words
from .definitions import definitions
from .figure import Chart, Edge, Kind, Line, Listing, Node, Words, in_languages
from .lettering import measured
from .way import NO_WAY, Way

SHORT_EMS = 14.0
"""A guard no longer than this stands on its arrow."""

Languages = tuple[Language, ...]
Saying = Callable[[str | None, Transition], Line]
"""How a transition from a state (an interrupt: from any) stands on its arrow."""


def chart(pathway: Pathway, languages: Languages, saying: Saying, way: Way = NO_WAY) -> Chart:
    """The states of a pathway and its transitions, with the way that was taken."""
    order, touched = way.order, way.states
    drawn: list[tuple[str | None, Transition]] = [
        (state.name, step) for state in pathway.states for step in state.transitions
    ]
    stopped = stopping(pathway)
    # An interrupt is drawn once, from any state; where the way took it, it is drawn from there too.
    taken = {(source, step.key) for source, step in way.steps}
    drawn += dict.fromkeys((source, step) for source, step in way.steps if step in pathway.interrupts)

    def line(source: str | None, step: Transition) -> Line:
        said = saying(source, step)
        return attrs.evolve(said, order=order[source, step.key]) if (source, step.key) in taken else said

    return Chart(
        name=pathway.name,
        start=pathway.start,
        nodes=tuple(
            Node(
                name=state.name,
                title=in_languages(state.text, languages),
                kind=kind_of(state, stopped),
                notes=(in_languages(way.waits, languages),) if way.waits and state.name == way.here else (),
                visited=state.name in touched,
                here=state.name == way.here,
            )
            for state in pathway.states
        ),
        edges=tuple(edges(drawn, line)),
        interrupts=tuple(edges([(None, step) for step in pathway.interrupts], line)),
        way=bool(touched),
    )


def stopping(pathway: Pathway) -> frozenset[str]:
    """The states that interrupts lead to, and no other transition."""
    others = {step.to for state in pathway.states for step in state.transitions}
    return frozenset(step.to for step in pathway.interrupts) - others


def kind_of(state: State, stopped: Collection[str]) -> Kind:
    """What a state is to the reader; `stopped` are those that interrupts lead to."""
    if not state.terminal:
        return Kind.STAGE
    return Kind.STOPPED if state.name in stopped else Kind.END


def edges(drawn: Iterable[tuple[str | None, Transition]], saying: Saying) -> Iterator[Edge]:
    """The arrows of transitions: one for those between the same states that share a provenance."""
    groups: dict[tuple[str | None, str, Provenance], list[Line]] = {}
    for source, step in drawn:
        groups.setdefault((source, step.to, step.provenance), []).append(saying(source, step))
    for (source, target, provenance), lines in groups.items():
        yield Edge(source, target, provenance, tuple(lines))


@attrs.frozen
class Speaker:
    """Criteria in the languages of a picture."""

    names: Names
    languages: Languages

    def guard(self, predicate: Predicate) -> Words:
        """What a guard says."""
        return in_languages(said(predicate, self.names, apart=True), self.languages)

    def is_short(self, predicate: Predicate) -> bool:
        """Whether it can stand on an arrow."""
        return all(measured(said) <= SHORT_EMS for said in self.guard(predicate))

    def labelled(self, text: Text, predicate: Predicate) -> Words:
        """What it says, with the label of what it is of before it."""
        return in_languages(labelled(text, said(predicate, self.names, apart=True)), self.languages)


def criteria(guards: Iterable[Predicate], languages: Languages, names: Names) -> Iterator[Listing]:
    """The named criteria that guards speak of, spelled out, if there are any."""
    named = definitions(guards, languages, names)
    if named:
        yield Listing(in_languages(words.CRITERIA, languages), named)
