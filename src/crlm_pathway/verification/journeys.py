"""All journeys of a pathway as a finite graph: where they can be, and by which steps they go on."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ..pathway.model import Transition
from ..pathway.pathway import Pathway
from ..predicates.labels import Text
from .histories import Counters, Looks, Point, Sight, looks_of
from .rooms import Asked, Clock, Room, Undecided

_TOO_MANY = Text("more than {0} points", "图中的点超过{0}个")
MOST_POINTS = 200_000
"""Points up to which a graph is followed."""


class Journeys:
    """The graph of all journeys, followed as far as `MOST_POINTS`, and as long as there is time.

    `unfinished` says why it was not followed to the end, if it was not.
    """

    def __init__(
        self,
        pathway: Pathway,
        rooms: Mapping[str, Room],
        counters: Counters,
        ways: Mapping[str, Sequence[tuple[Transition, Asked]]],
        clock: Clock,
    ) -> None:
        """`ways` are the steps from each state, with what is asked for each to be taken."""
        self.pathway = pathway
        self._ways = ways
        self._counters = counters
        self._rooms = rooms
        self._clock = clock
        self._possible: dict[tuple[str, Asked, Sight], bool] = {}
        self._looks: dict[Asked, Looks] = {}
        self._facts: dict[tuple[str, Asked, Sight, frozenset[str]], dict[str, Any] | None] = {}
        self.begun: dict[Any, Any] = {}  # journeys that were lived as far as some point, by those who live them
        self._came: dict[Point, tuple[Point, Transition] | None] = {}
        self._before = {
            name: looks_of(criterion for _, asked in onward for criterion in asked.criteria)
            for name, onward in ways.items()
        }
        self._onward: dict[tuple[str, Sight], tuple[tuple[Transition, ...], Undecided | None]] = {}
        self.ways_on: dict[Point, tuple[tuple[Transition, Point], ...]] = {}
        self.unfinished = self._follow()
        self._at: dict[str, list[Point]] = {name: [] for name in ways}
        for point in self._came:
            self._at[point.state].append(point)

    @property
    def complete(self) -> bool:
        """Whether every point was followed."""
        return self.unfinished is None

    def _follow(self) -> Undecided | None:
        unfinished: Undecided | None = None
        start = self._counters.start
        self._came[start] = None
        todo = deque([start])
        while todo:
            point = todo.popleft()
            try:
                self._clock.milliseconds  # noqa: B018 - raises when there is no time left
            except Undecided as reason:
                return reason
            steps, left_open = self._steps(point)
            unfinished = unfinished or left_open
            self.ways_on[point] = tuple((step, self._counters.after(point, step)) for step in steps)
            for step, after in self.ways_on[point]:
                if after not in self._came:
                    if len(self._came) >= MOST_POINTS:
                        return Undecided(_TOO_MANY.filled(Text(f"{MOST_POINTS:,}")))
                    self._came[after] = (point, step)
                    todo.append(after)
        return unfinished

    def _steps(self, point: Point) -> tuple[tuple[Transition, ...], Undecided | None]:
        """The steps that can be taken from a point, the same wherever all criteria see the same; and what is open."""
        key = (point.state, self._counters.sight(point, self._before[point.state]))
        if key not in self._onward:
            steps: list[Transition] = []
            left_open: Undecided | None = None
            for step, asked in self._ways[point.state]:
                try:
                    steps += [step] if self.possible(point, asked) else []
                except Undecided as reason:
                    left_open = reason
            self._onward[key] = tuple(steps), left_open
        return self._onward[key]

    def sight(self, point: Point, asked: Asked) -> Sight:
        """What is seen of a point when something is asked there."""
        if asked not in self._looks:
            self._looks[asked] = looks_of(asked.criteria)
        return self._counters.sight(point, self._looks[asked])

    def possible(self, point: Point, asked: Asked) -> bool:
        """Whether what is asked can be so at a point. Raises Undecided."""
        sight = self.sight(point, asked)
        key = (point.state, asked, sight)
        if key not in self._possible:
            self._possible[key] = self._rooms[point.state].possible(asked, sight)
        return self._possible[key]

    def first(self, asked: Mapping[str, Asked]) -> Point | None:
        """The point nearest to the start where what is asked in its state can be so. Raises Undecided."""
        if not any(self._rooms[state].possible(one) for state, one in asked.items()):
            return None  # not even with histories that no journey has
        points = self._at[next(iter(asked))] if len(asked) == 1 else self._came
        for point in points:
            if point.state in asked and self.possible(point, asked[point.state]):
                return point
            self._clock.milliseconds  # noqa: B018 - likewise
        if self.unfinished is not None:
            raise self.unfinished
        return None

    def find(self, point: Point, asked: Asked, known: Collection[str] = ()) -> dict[str, Any] | None:
        """Facts of which what is asked is so at a point, those named `known` among them. Raises Undecided."""
        sight = self.sight(point, asked)
        key = (point.state, asked, sight, frozenset(known))
        if key not in self._facts:
            self._facts[key] = self._rooms[point.state].find(asked, sight, known)
        return self._facts[key]

    @property
    def start(self) -> Point:
        """Where journeys begin."""
        return self._counters.start

    def after(self, point: Point, step: Transition) -> Point:
        """Where a step leads from a point."""
        return self._counters.after(point, step)

    @property
    def points(self) -> tuple[Point, ...]:
        """Every point, the nearest to the start first."""
        return tuple(self._came)

    def way_to(self, point: Point) -> tuple[Transition, ...]:
        """The steps of the shortest way to a point."""
        steps: list[Transition] = []
        here = point
        while (came := self._came[here]) is not None:
            here, step = came
            steps.append(step)
        return tuple(reversed(steps))
