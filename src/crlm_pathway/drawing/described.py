"""Pathways in sentences: for those who cannot see the picture."""

from __future__ import annotations

from collections.abc import Iterable

from ..pathway.model import NOTHING, Transition
from ..pathway.pathway import Pathway
from ..predicates.labels import Text
from . import words


def described(pathway: Pathway) -> Text:
    """A pathway in a sentence or two, then each of its transitions: for those who cannot see the picture."""
    names = pathway.names
    ends = [words.QUOTED.filled(state.text) for state in pathway.states if state.terminal]
    said = words.DESCRIBED.filled(
        pathway.text,
        Text(str(len(pathway.states))),
        Text(str(len(pathway.transitions))),
        names[pathway.start],
        words.COMMA.join(ends),
    )
    steps = [(state.text, step) for state in pathway.states for step in state.transitions]
    steps += [(words.ANY_STATE, step) for step in pathway.interrupts]
    return paragraph([said, *(way_on(step, names[step.to], source) for source, step in steps)])


def way_on(step: Transition, target: Text, source: Text = NOTHING) -> Text:
    """A transition in words."""
    return Text(
        f"{step.code} {source.en} → {target.en}: {step.text.en}.".replace("  ", " "),
        f"{step.code} {source.zh} → {target.zh}：{step.text.zh}。".replace("  ", " "),
    )


def paragraph(sentences: Iterable[Text]) -> Text:
    """Sentences in a row."""
    return Text(" ", "").join(sentences)
