"""Courses that show what was found: along given steps, with the fewest facts and the plainest values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import attrs

from ..journey import Journey
from ..pathway.errors import RunningError
from ..pathway.model import Transition
from ..predicates.declarations import Declaration
from ..predicates.diagram import bounds_of
from ..predicates.domains import Boolean, Choice, ListOf, Numeric
from ..predicates.errors import DataError
from ..predicates.history import History
from ..predicates.json_form import value_to_json
from ..predicates.records import contradictions_of, facts_of, record_facts, replace, values_of
from .journeys import Journeys
from .rooms import Asked

Facts = dict[str, Any]


@attrs.frozen
class Leg:
    """One visit of a course: what is asked of the record there, and the step it takes, if it takes one."""

    asked: Asked
    step: Transition | None


@attrs.frozen
class Shown:
    """A course file that shows something: the facts of its last visit, and the record and the history they lead to."""

    course: dict[str, Any]
    facts: Facts
    record: Any
    history: History


def course_along(journeys: Journeys, legs: Sequence[Leg]) -> Shown | None:
    """Return a course that takes these steps, each on a record of which what is asked is so; None if none does."""
    pathway = journeys.pathway
    journey = Journey.begin(pathway, pathway.record())
    point = journeys.start
    record, history = journey.patient, journey.history
    visits: list[Facts] = []
    for leg in legs:
        known = [fact.name for fact, value in values_of(journey.patient) if value is not None]
        found = journeys.find(point, leg.asked, known)
        facts = None if found is None else _fewest(found, leg, journey)
        if facts is None:
            return None
        visits.append(facts)
        record, history = record_facts(journey.patient, facts), journey.history
        if leg.step is not None:
            point = journeys.after(point, leg.step)
        try:
            journey.visit(facts)
        except RunningError:  # at the end it is the fault itself
            if leg is not legs[-1]:
                return None
    return Shown(_course(visits), visits[-1], record, history)


def _course(visits: Sequence[Facts]) -> dict[str, Any]:
    """The facts of the first visit are those of the referral."""
    first, *others = [{name: value_to_json(value) for name, value in facts.items()} for facts in visits]
    return {"patient": first, "visits": [{}, *({"facts": facts} if facts else {} for facts in others)]}


def _fewest(found: Facts, leg: Leg, journey: Journey) -> Facts | None:
    """The fewest facts with which a visit shows what it is to, on top of what is known."""
    facts = found
    pathway, history = journey.pathway, journey.history

    def shows(candidate: Facts) -> bool:
        try:
            record = record_facts(journey.patient, candidate)
        except DataError:
            return False
        if not leg.asked.holds(record, history):
            return False
        if leg.step is None:
            return True
        try:
            return pathway.decide(journey.state, record, history).transition is leg.step
        except RunningError:
            return False

    if not shows(facts):
        for together in contradictions_of(pathway.record):  # facts that are only refused in one visit
            less = next((less for less in _without(facts, sorted(together.facts)) if shows(less)), None)
            facts = facts if less is None else less
        if not shows(facts):
            return None
    for name in list(facts):
        for less in _without(facts, [name]):
            facts = less if shows(less) else facts
    numbers = bounds_of(leg.asked.criteria)
    for name, fact in facts_of(pathway.record).items():
        if name in facts:
            facts = {**facts, name: _plainest(fact, facts[name], partial(_shown_with, shows, facts, name), numbers)}
    return facts


def _shown_with(shows: Callable[[Facts], bool], facts: Facts, name: str, value: Any) -> bool:
    return shows({**facts, name: value})


def _without(facts: Facts, names: Sequence[str]) -> Iterator[Facts]:
    for name in names:
        if name in facts:
            yield {other: value for other, value in facts.items() if other != name}


def _plainest(fact: Declaration, value: Any, shows: Callable[[Any], bool], numbers: Mapping[Any, Any]) -> Any:
    """The plainest value that still shows it."""
    if isinstance(fact.domain, ListOf):
        return _plainest_list(value, shows, numbers)
    for plain in _plain_values(fact, value, numbers):
        if plain == value and type(plain) is type(value):
            return value
        if fact.domain.accepts(plain) and shows(plain):
            return plain
    return value


def _plain_values(fact: Declaration, value: Any, numbers: Mapping[Any, Any]) -> Iterator[Any]:
    match fact.domain:
        case Boolean():
            yield from (False, True)
        case Choice(enum):
            yield from enum
        case Numeric(low, high, _, whole):
            beside = sorted({round(float(bound)) + step for bound in numbers.get(fact, ()) for step in (0, -1, 1)})
            for number in (0, 1, *beside, low, high, *(round(value, digits) for digits in (0, 1, 2))):
                if float(number).is_integer():
                    yield int(number)
                elif not whole:
                    yield number
            yield value
        case _:
            yield value


def _plainest_list(items: tuple[Any, ...], shows: Callable[[Any], bool], numbers: Mapping[Any, Any]) -> tuple[Any, ...]:
    for index in reversed(range(len(items))):
        less = (*items[:index], *items[index + 1 :])
        if shows(less):
            items = less
    for index in range(len(items)):
        for fact, value in values_of(items[index]):
            if value is None:
                continue
            still = partial(_still, items, index, fact, shows)
            plainest = None if still(None) else _plainest(fact, value, still, numbers)
            items = _with_value(items, index, fact, plainest)
    return items


def _with_value(items: tuple[Any, ...], index: int, fact: Declaration, value: Any) -> tuple[Any, ...]:
    return (*items[:index], replace(items[index], {fact.name: value}), *items[index + 1 :])


def _still(items: tuple[Any, ...], index: int, fact: Declaration, shows: Callable[[Any], bool], value: Any) -> bool:
    """Whether a list still shows it with another value of one fact of one item."""
    try:
        return shows(_with_value(items, index, fact, value))
    except DataError:
        return False
