"""Courses that show what was found: along given steps, with the fewest facts and the plainest values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import attrs

from ..journey import Journey
from ..pathway.errors import RunningError
from ..pathway.model import Transition
from ..pathway.pathway import Pathway
from ..predicates.declarations import Declaration
from ..predicates.diagram import bounds_of
from ..predicates.domains import Boolean, Choice, ListOf, Numeric
from ..predicates.errors import DataError
from ..predicates.history import History
from ..predicates.json_form import value_to_json
from ..predicates.records import contradictions_of, facts_of, forget, record_facts, replace, values_of
from .histories import Point
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
    """A course file that shows something on the record and the history of its last visit.

    `needed` are the facts of that record without which it would not, `steps` those taken before.
    """

    course: dict[str, Any]
    needed: Facts
    steps: tuple[Transition, ...]
    record: Any
    history: History


def course_along(journeys: Journeys, legs: Sequence[Leg]) -> Shown | None:
    """Return a course that takes these steps, each on a record of which what is asked is so; None if none does."""
    pathway, begun = journeys.pathway, _begun(journeys, legs[:-1])
    if begun is None:
        return None
    point, journey, visits = begun
    last = _next(journeys, point, legs[-1], journey)
    if last is None:
        return None
    visits = _fewest_together(pathway, legs, [*visits, last])
    lived = _lived(pathway, legs, visits)
    if lived is None:  # not a course as it is written, whose referral is whole
        return None
    steps = tuple(leg.step for leg in legs[:-1] if leg.step is not None)
    return Shown(_course(visits), _needed(legs[-1], *lived), steps, *lived)


def can_be_lived(journeys: Journeys, before: Sequence[Leg], last: Leg) -> bool:
    """Whether a journey that comes along these steps can take a last one."""
    begun = _begun(journeys, before)
    if begun is None:
        return False
    point, journey, _ = begun
    found = journeys.find(point, last.asked, _known(journey))
    if found is None:
        return False
    if before and _recorded(last, found, journey) is not None:
        return True
    facts = _fewest(found, last, journey)
    return facts is not None and (bool(before) or _lived(journeys.pathway, [last], [facts]) is not None)


def can_be_lived_whole(journeys: Journeys, legs: Sequence[Leg]) -> bool:
    """Whether a journey can take all these steps, everything recorded at each; else it may still, with less known."""
    journey, point = _blank(journeys), journeys.start
    for leg in legs if journey is not None else ():
        assert journey is not None
        found = journeys.find(point, leg.asked, _known(journey))
        if found is None or leg.step is None or _recorded(leg, found, journey) is None:
            return False
        try:
            journey.visit(found)
        except RunningError:
            return False
        point = journeys.after(point, leg.step)
    return journey is not None


def _blank(journeys: Journeys) -> Journey | None:
    """A journey of which nothing is known yet but defaults; None when they contradict each other."""
    try:
        return Journey.begin(journeys.pathway, journeys.pathway.record())
    except DataError:
        return None


def _known(journey: Journey) -> list[str]:
    return [fact.name for fact, value in values_of(journey.patient) if value is not None]


Begun = tuple[Point, Journey, list[Facts]]
"""Where a journey stands, the journey, and its visits."""


def _begun(journeys: Journeys, legs: Sequence[Leg]) -> Begun | None:
    """A journey along some steps, which is made once; None if none takes them."""
    key = tuple(legs)
    if key not in journeys.begun:
        journeys.begun[key] = _along(journeys, legs)
    begun: Begun | None = journeys.begun[key]
    return begun


def _along(journeys: Journeys, legs: Sequence[Leg]) -> Begun | None:
    journey, point = _blank(journeys), journeys.start
    visits: list[Facts] = []
    if journey is None:
        return None
    for leg in legs:
        facts = _next(journeys, point, leg, journey)
        if facts is None or leg.step is None:
            return None
        try:
            journey.visit(facts)
        except RunningError:
            return None
        visits.append(facts)
        point = journeys.after(point, leg.step)
    return point, journey, visits


def _next(journeys: Journeys, point: Point, leg: Leg, journey: Journey) -> Facts | None:
    """The facts of one more visit."""
    found = journeys.find(point, leg.asked, _known(journey))
    return None if found is None else _fewest(found, leg, journey)


def _lived(pathway: Pathway, legs: Sequence[Leg], visits: Sequence[Facts]) -> tuple[Any, History] | None:
    """The last record and history of visits that show what they are to; None when they do not."""
    try:
        journey = Journey.begin(pathway, pathway.record(**visits[0]))
    except DataError:
        return None
    shown: tuple[Any, History] | None = None
    for number, (leg, facts) in enumerate(zip(legs, visits, strict=True)):
        recorded = facts if number else {}
        record = _recorded(leg, recorded, journey)
        if record is None:
            return None
        shown = record, journey.history
        try:
            journey.visit(recorded)
        except RunningError:
            return shown if leg is legs[-1] else None
    return shown


def _fewest_together(pathway: Pathway, legs: Sequence[Leg], visits: list[Facts]) -> list[Facts]:
    """The visits without facts that need not be recorded again, where one value does for both visits."""
    for later in range(1, len(visits)):
        for name, value in list(visits[later].items()):
            earlier = next((one for one in reversed(range(later)) if name in visits[one]), None)
            without = {other: kept for other, kept in visits[later].items() if other != name}
            ways = [] if earlier is None else [{**visits[earlier], name: value}]
            for begun in (None, *ways):
                tried = [*visits[:later], without, *visits[later + 1 :]]
                if begun is not None and earlier is not None:
                    tried[earlier] = begun
                if _lived(pathway, legs, tried) is not None:
                    visits = tried
                    break
    return visits


def _needed(leg: Leg, record: Any, history: History) -> Facts:
    """The facts of a record without which it would not show what it is to."""
    needed = {fact.name: value for fact, value in values_of(record) if value is not None}
    unset: Facts = {}
    for name in list(needed):
        less = forget(record, dict.fromkeys((*unset, name)))
        if leg.asked.holds(less, history):
            unset[name] = needed.pop(name)
    return needed


def _course(visits: Sequence[Facts]) -> dict[str, Any]:
    """The facts of the first visit are those of the referral."""
    first, *others = [{name: value_to_json(value) for name, value in facts.items()} for facts in visits]
    return {"patient": first, "visits": [{}, *({"facts": facts} if facts else {} for facts in others)]}


def _fewest(found: Facts, leg: Leg, journey: Journey) -> Facts | None:
    """The fewest facts with which a visit shows what it is to, on top of what is known."""
    facts, pathway = found, journey.pathway

    def shows(candidate: Facts) -> bool:
        return _recorded(leg, candidate, journey) is not None

    if not shows(facts):
        for together in contradictions_of(pathway.record):  # facts that are only refused in one visit
            less = next((less for less in _without(facts, sorted(together.facts)) if shows(less)), None)
            facts = facts if less is None else less
        if not shows(facts):
            return None
    numbers = bounds_of(leg.asked.criteria)
    before: Facts | None = None
    while facts != before:  # a plainer value may make another fact needless
        before = facts
        for name in list(facts):
            for less in _without(facts, [name]):
                facts = less if shows(less) else facts
        for name, fact in facts_of(pathway.record).items():
            if name in facts:
                still = partial(_shown_with, shows, facts, name)
                facts = {**facts, name: _plainest(fact, facts[name], still, numbers)}
    return facts


def _recorded(leg: Leg, facts: Facts, journey: Journey) -> Any:
    """The record of a journey with the facts of one more visit that shows what it is to; None if it does not."""
    try:
        record = record_facts(journey.patient, facts)
        if not leg.asked.holds(record, journey.history):
            return None
        if leg.step is None or journey.pathway.decide(journey.state, record, journey.history).transition is leg.step:
            return record
    except (DataError, RunningError):
        pass
    return None


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
            plainest = fact.default if still(fact.default) else _plainest(fact, value, still, numbers)
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
