"""The way through a pathway that a journey took, as a picture shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import TYPE_CHECKING

import attrs

from ..journey import Journey
from ..pathway.model import Choice, DecisionTable, Transition
from ..pathway.wanted import gathered, wanted
from ..predicates.labels import SEMICOLON, Text, labelled
from . import words
from .figure import Entry, in_languages
from .look import numbers

if TYPE_CHECKING:
    from ..pathway.deciding import Question
    from ..predicates.labels import Language
    from ..steps import Step


@attrs.frozen
class Way:
    """The steps taken, by the state left and the transition's key, with their order from 1; and where they led.

    `waits` says what is waited for there.
    """

    steps: tuple[tuple[str, Transition], ...] = ()
    here: str | None = None
    waits: Text | None = None

    @property
    def order(self) -> Mapping[tuple[str | None, str], tuple[int, ...]]:
        """The numbers, from 1, of the steps that took a transition from a state."""
        found: dict[tuple[str | None, str], tuple[int, ...]] = {}
        for number, (source, step) in enumerate(self.steps, start=1):
            found[source, step.key] = (*found.get((source, step.key), ()), number)
        return found

    @property
    def states(self) -> frozenset[str]:
        """The states it touches."""
        touched = {name for source, step in self.steps for name in (source, step.to)}
        return frozenset(touched if self.here is None else {*touched, self.here})


NO_WAY = Way()
"""That of nobody."""


def way_of(journey: Journey) -> Way:
    """The way that a journey took so far."""
    question = None if journey.finished else journey.decision.question
    steps = tuple((step.source, step.transition) for step in journey.steps)
    return Way(steps, journey.state, None if question is None else waits_for(question))


def waits_for(question: Question) -> Text:
    """The facts that are waited for, in words."""
    return words.WAITS.filled(SEMICOLON.join(fact.text for fact in gathered(wanted(question))))


def way_described(journey: Journey, way: Way) -> Text:
    """Where a journey stands and what it waits for, then its visits: for those who cannot see the picture."""
    stands = words.STANDS.filled(journey.pathway.names[journey.state])
    here = stands if way.waits is None else words.ON.filled(stands, way.waits)
    return words.STOP.join([here, *(told for _, told in _told(journey))])


# -- the visits, in words --------------------------------------------------------------------------------------------


@attrs.frozen
class _Made:
    """A visit, counted from 1, and what it came to: a step of a number, or what is waited for."""

    visit: int
    on: str
    step: Step | None
    number: int
    waits: Text | None

    @property
    def alike(self) -> tuple[object, ...]:
        """What visits have in common that are told together: the same step round in a state."""
        rounds = self.step is not None and self.step.source == self.step.target
        return (self.step.transition.key,) if rounds and self.step is not None else (self.visit,)


def visits(journey: Journey, languages: tuple[Language, ...]) -> tuple[Entry, ...]:
    """The visits of a journey: when, and what each came to; rounds in a state are told together."""
    return tuple(Entry(sign, in_languages(told, languages)) for sign, told in _told(journey))


def _told(journey: Journey) -> Iterator[tuple[str, Text]]:
    """The numbers of the steps, or that there was none, and what is to be said of the visits."""
    for _, run in groupby(_made(journey), key=lambda made: made.alike):
        yield _entry(list(run))


def _made(journey: Journey) -> Iterator[_Made]:
    steps = {step.visit: (number, step) for number, step in enumerate(journey.steps, start=1)}
    for index, visit in enumerate(journey.visits):
        number, step = steps.get(index, (0, None))
        question = None if step is not None or visit.decision is None else visit.decision.question
        on = "" if visit.on is None else visit.on.isoformat()
        yield _Made(index + 1, on, step, number, None if question is None else waits_for(question))


def _taken(step: Step, alone: bool) -> Text:
    """A step by its code, where it led, and what the tables there chose: not of several rounds told together."""
    said = Text(step.transition.code)
    if step.source != step.target:
        said = words.LEADS.filled(said, step.pathway.names[step.target])
    chosen = [_chosen(table, step.options[table.name]) for table in step.pathway.state(step.target).tables]
    told = [one for one in chosen if one is not None]
    return words.CHOSEN.filled(said, SEMICOLON.join(told)) if alone and told else said


def _chosen(table: DecisionTable, choice: Choice) -> Text | None:
    """What a table chose; of the items of a list, how many of each."""
    if not isinstance(choice, tuple):
        return None if choice is None else labelled(table.text, choice.text)
    counted = Counter(option.text for option in choice if option is not None)
    each = [text if number == 1 else words.TIMES.filled(text, Text(str(number))) for text, number in counted.items()]
    return labelled(table.text, words.COMMA.join(each)) if each else None


def _entry(run: list[_Made]) -> tuple[str, Text]:
    first, last = run[0], run[-1]
    if first is last:
        when = words.VISIT.filled(Text(str(first.visit)))
    else:
        when = words.VISIT_RUN.filled(Text(str(first.visit)), Text(str(last.visit)))
    if first.on and last.on:
        on = Text(first.on) if first.on == last.on else words.DATES.filled(Text(first.on), Text(last.on))
        when = words.ON.filled(when, on)
    if first.step is None:
        told = words.ON.filled(when, first.waits or Text(""))
    else:
        told = labelled(when, _taken(first.step, last is first))
    sign = numbers(tuple(made.number for made in run)) if first.step is not None else "?"
    return sign, told
