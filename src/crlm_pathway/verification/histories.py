"""The histories that journeys can have, as far as criteria can tell them apart: finitely many."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import chain
from math import ceil, floor
from typing import Any

import attrs

from ..pathway.model import Transition
from ..pathway.pathway import Pathway
from ..predicates.declarations import Declaration
from ..predicates.domains import Numeric
from ..predicates.nodes import ArrivedFrom, Compare, Operator, Parameter, Predicate, RoundsHere, Taken, walk

MOST_COUNTED = 1_000_000
"""As far as a count is told apart that is compared with a fact; no graph is followed that far."""

Group = tuple[str, ...]
"""Keys of transitions that criteria count together."""

Span = tuple[int, int | None]
"""The least and the greatest of some whole numbers in a row; None when there is no greatest."""


@attrs.frozen
class Scale:
    """Whole numbers from 0 in spans, of each of which every comparison comes out alike."""

    starts: tuple[int, ...]

    @classmethod
    def of(cls, cuts: Iterable[int]) -> Scale:
        """Return the scale in which a span begins at each of these numbers."""
        return cls(tuple(sorted({0, *(cut for cut in cuts if cut > 0)})))

    @property
    def ceiling(self) -> int:
        """The number from which all stand alike."""
        return self.starts[-1]

    def span(self, number: int) -> Span:
        """The numbers that stand as one does."""
        index = bisect_right(self.starts, number)
        return self.starts[index - 1], self.starts[index] - 1 if index < len(self.starts) else None


@attrs.frozen(cache_hash=True)
class Point:
    """Where a journey can be: a state, and what criteria there and further on can tell of how it came there.

    `counts` are how often each group of transitions was taken, `rounds` how often the state was entered in a row, both
    no higher than any such criterion looks; None where none looks any more.
    """

    state: str
    counts: tuple[int | None, ...]
    rounds: int | None
    arrived: str | None


@attrs.frozen
class Sight:
    """What some criteria can tell of a history; of points that look alike to them they hold alike.

    `asked` are the states of which it is asked whether the journey came from there, and `arrived` is the one it did.
    """

    counts: tuple[tuple[Group, Span], ...]
    rounds: Span | None
    arrived: str | None
    asked: frozenset[str]


@attrs.frozen
class Looks:
    """What some criteria look at of a history: counts and rounds, each on its scale, and where it came from."""

    groups: Mapping[Group, Scale]
    rounds: Scale | None
    states: frozenset[str]


class Counters:
    """The counters of a pathway, kept no longer and no higher than its criteria look at them."""

    def __init__(self, pathway: Pathway, criteria: Mapping[str, Iterable[Predicate]]) -> None:
        """`criteria` are all that is decided in each state, on a step from it."""
        self._pathway = pathway
        self._looks = {name: looks_of(found) for name, found in criteria.items()}
        self.groups: tuple[Group, ...] = tuple(
            dict.fromkeys(group for look in self._looks.values() for group in look.groups)
        )
        self._positions = {group: position for position, group in enumerate(self.groups)}
        self._more = {step.key: tuple(step.key in group for group in self.groups) for step in pathway.transitions}

    @cached_property
    def _ceilings(self) -> Mapping[str, tuple[int | None, ...]]:
        """How high each state, and those that can be reached from it, look at each group; None if they do not."""
        ways = {state.name: {step.to for step in self._pathway.leaving(state)} for state in self._pathway.states}
        found: dict[str, tuple[int | None, ...]] = {}
        for state in ways:
            reached, todo = {state}, [state]
            while todo:
                new = ways[todo.pop()] - reached
                reached |= new
                todo += new
            highest: dict[Group, int] = {}
            for group, scale in chain.from_iterable(self._looks[name].groups.items() for name in reached):
                highest[group] = max(highest.get(group, 0), scale.ceiling)
            found[state] = tuple(map(highest.get, self.groups))
        return found

    @cached_property
    def start(self) -> Point:
        """Where journeys begin."""
        nothing = (0,) * len(self.groups)
        return self._point(self._pathway.start, nothing, nothing, 1, None)

    def after(self, point: Point, step: Transition) -> Point:
        """Where a step leads from a point."""
        more = self._more[step.key]
        if step.to == point.state:
            return self._point(step.to, point.counts, more, (point.rounds or 0) + 1, point.arrived)
        return self._point(step.to, point.counts, more, 1, point.state)

    def _point(
        self, state: str, counts: tuple[int | None, ...], more: tuple[int, ...], rounds: int, arrived: str | None
    ) -> Point:
        looks = self._looks[state]
        return Point(
            state,
            tuple(
                None if ceiling is None or times is None else min(times + new, ceiling)
                for times, new, ceiling in zip(counts, more, self._ceilings[state], strict=True)
            ),
            None if looks.rounds is None else min(rounds, looks.rounds.ceiling),
            arrived if arrived in looks.states else None,
        )

    def sight(self, point: Point, looks: Looks) -> Sight:
        """What criteria that decide in its state see of a point."""
        return Sight(
            tuple(
                (group, scale.span(point.counts[self._positions[group]] or 0)) for group, scale in looks.groups.items()
            ),
            None if looks.rounds is None else looks.rounds.span(point.rounds or 0),
            point.arrived if point.arrived in looks.states else None,
            looks.states,
        )


def looks_of(criteria: Iterable[Predicate]) -> Looks:
    """What criteria look at of a history."""
    groups: dict[Group, set[int]] = {}
    rounds: set[int] = set()
    states: set[str] = set()
    for part in chain.from_iterable(map(walk, criteria)):
        match part:
            case Compare(Taken(keys), operator, bound):
                groups.setdefault(keys, set()).update(_cuts(operator, bound))
            case Compare(RoundsHere(), operator, bound):
                rounds.update(_cuts(operator, bound))
            case ArrivedFrom(state):
                states.add(state)
            case _:
                pass
    return Looks(
        {group: Scale.of(bounds) for group, bounds in groups.items()},
        Scale.of(rounds) if rounds else None,
        frozenset(states),
    )


def _cuts(operator: Operator, bound: Any) -> Iterator[int]:
    """The numbers from which a comparison comes out otherwise; beside a fact, any that it can be and the next."""
    match bound:
        case Parameter(value=number) | (int() | float() as number):
            yield ceil(number) if operator in ("<", ">=") else floor(number) + 1
        case Declaration(domain=Numeric(low=low, high=high)):
            yield from range(floor(max(0, low)), floor(min(high, MOST_COUNTED)) + 2)
        case _:
            yield from range(MOST_COUNTED + 1)
