"""What a picture of two pathways shows: both side by side, what differs marked and listed."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from ..pathway.model import Transition
from ..pathway.pathway import Pathway
from ..predicates.labels import SEMICOLON, Text, figure as spelled, labelled
from . import words
from .charts import Languages, chart
from .described import paragraph
from .differences import Differences, differences
from .figure import Chart, Entry, Figure, Line, Listing, Mark, in_languages
from .levels import PAGE_MM


def compared(one: Pathway, other: Pathway, languages: Languages) -> Figure:
    """Two policies or versions side by side, what differs marked and listed."""
    found = differences(one, other)
    return Figure(
        name=f"{one.name}_compared",
        title=in_languages(one.text, languages),
        described=in_languages(_compared_described(one, other, found), languages),
        languages=languages,
        charts=(_side(one, other, found, languages), _side(other, one, found, languages)),
        listings=(found.listing(languages), *_changed(one, other, found, languages)),
        width=PAGE_MM,
    )


def _changed(one: Pathway, other: Pathway, found: Differences, languages: Languages) -> Iterator[Listing]:
    """The codes of what differs, with what they mean in the first, or in the other."""
    steps = {step.key: step for step in (*other.transitions, *one.transitions) if step.key in found.transitions}
    if steps:
        order = [step.key for step in (*one.transitions, *other.transitions) if step.key in steps]
        entries = (Entry(steps[key].code, in_languages(steps[key].text, languages)) for key in dict.fromkeys(order))
        yield Listing((), tuple(entries))


def _compared_described(one: Pathway, other: Pathway, found: Differences) -> Text:
    """Two pathways in a sentence, then all that differs."""
    both = words.COMPARED.filled(labelled(one.text, _policy(one, other)), labelled(other.text, _policy(other, one)))
    return paragraph([both, *(Text(f"{change.text.en}.", f"{change.text.zh}。") for change in found.changes)])


def _side(pathway: Pathway, other: Pathway, found: Differences, languages: Languages) -> Chart:
    there = {step.key for step in other.transitions}
    states = {state.name for state in other.states}

    def saying(_source: str | None, step: Transition) -> Line:
        mark = Mark.ADDED if step.key not in there else Mark.CHANGED if step.key in found.transitions else None
        return Line(step.key, step.code, mark=mark)

    drawn = chart(pathway, languages, saying)
    nodes = (
        attrs.evolve(
            node,
            mark=Mark.ADDED if node.name not in states else Mark.CHANGED if node.name in found.touched else None,
        )
        for node in drawn.nodes
    )
    return attrs.evolve(drawn, nodes=tuple(nodes), heading=in_languages(_policy(pathway, other), languages))


def _policy(pathway: Pathway, other: Pathway) -> Text:
    """What tells a pathway from another of the same name: its policy where that differs, else its fingerprint."""
    differing = [
        f"{name} = {spelled(parameter.value)}"
        for name, parameter in pathway.parameters.items()
        if name not in other.parameters or other.parameters[name].value != parameter.value
    ]
    if pathway.text != other.text:
        return pathway.text
    if differing or pathway.fingerprint == other.fingerprint:
        return Text(SEMICOLON.en.join(differing)) if differing else pathway.text
    return Text(pathway.fingerprint)
