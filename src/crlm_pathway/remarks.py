"""What the visits of a journey recorded that may be a slip: allowed, but not to be passed over in silence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .journey import Journey
from .pathway.model import lists_of
from .predicates.declarations import Declaration
from .predicates.history import START
from .predicates.labels import Text, labelled
from .predicates.records import contradictions_of
from .visits import Visit

_FEWER = Text(
    "{0} listed, {1} before; what is no longer listed is no longer known",
    "本次列出{0}个，此前为{1}个；未再列出者不再为已知",
)


def remarks(journey: Journey) -> Mapping[int, tuple[Text, ...]]:
    """Return what to check in the facts of a journey's visits, by the visit, counted from 0.

    A list that has become shorter: it is replaced whole, so an item left out is forgotten with all that was known of
    it. And facts recorded at different visits that would have been refused together.
    """
    steps = {step.visit: step for step in journey.steps}
    listed = _lengths(journey.referral)
    found: dict[int, tuple[Text, ...]] = {}
    for number, visit in enumerate(journey.visits):
        record = steps[number].patient if number in steps else _asked(visit)
        lengths = _lengths(record)
        found[number] = (*_fewer(visit, listed, lengths), *_apart(visit, record))
        listed = {**listed, **lengths}
    return {number: texts for number, texts in found.items() if texts}


def _asked(visit: Visit) -> Any:
    """The record that a visit without a step left."""
    assert visit.decision is not None
    assert visit.decision.question is not None
    return visit.decision.question.record


def _lengths(record: Any) -> dict[Declaration, int]:
    """How many items each list has that is known."""
    return {fact: len(items) for fact in lists_of(type(record)) if (items := fact.of(record)) is not None}


def _fewer(visit: Visit, before: Mapping[Declaration, int], now: Mapping[Declaration, int]) -> Iterator[Text]:
    for fact, length in now.items():
        if fact.name in visit.facts and length < before.get(fact, 0):
            numbers = (length, before[fact])
            yield labelled(fact.text, Text(_FEWER.en.format(*numbers), _FEWER.zh.format(*numbers)))


def _apart(visit: Visit, record: Any) -> Iterator[Text]:
    for contradiction in contradictions_of(type(record)):
        recorded = contradiction.facts & visit.facts.keys()
        if contradiction.together and recorded and contradiction.holds(record, START):
            yield labelled(contradiction.at.text, contradiction.text)
