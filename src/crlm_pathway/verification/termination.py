"""Whether every journey ends: which counters its cycles use up, how many steps it can take, or a way round for ever."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import attrs

from ..pathway.model import State, Transition
from ..pathway.pathway import Pathway
from .histories import Group, Point, Scale, looks_of
from .journeys import Journeys
from .rooms import Room

N = TypeVar("N")


@attrs.frozen
class Cap:
    """A transition can be taken only while a counter is below `most`: that of a group, or the rounds here (None)."""

    state: str
    step: Transition
    group: Group | None
    most: int

    @property
    def own(self) -> bool:
        """Whether the transition itself uses up the counter; else others do, without which it does not go round."""
        return self.group is None or self.step.key in self.group


@attrs.frozen
class Certificate:
    """The caps, and the states between which journeys could go round without one; a bound if there are none."""

    caps: tuple[Cap, ...]
    uncapped: tuple[str, ...]
    bound: int | None


Way = tuple[str, Transition]


def certificate(pathway: Pathway, rooms: Mapping[str, Room]) -> Certificate:
    """Find which counters the transitions use up, and how many steps there can be at most if each cycle uses up one."""
    own: list[Cap] = []
    others: list[Cap] = []
    free: set[Way] = set()
    for state in pathway.states:
        for step in pathway.leaving(state):
            caps = list(_caps(pathway, state, step, rooms))
            used = next((cap for cap in caps if cap.own), None)
            if used is None:
                free.add((state.name, step))
                others += caps
            else:
                own.append(used)
    counted, rounds = _counted(pathway, own)
    between = _between(pathway, frozenset(free), others, rounds)
    if isinstance(between, int):
        return Certificate(tuple(own), (), counted + (counted + 1) * between)
    return Certificate(tuple(own), between, None)


def _caps(pathway: Pathway, state: State, step: Transition, rooms: Mapping[str, Room]) -> Iterator[Cap]:
    """The caps of a transition: those of groups, whose count nothing sets back, before that of the rounds."""
    room = rooms[state.name]
    guard = pathway.guards(state.name)[pathway.leaving(state).index(step)]
    looks = looks_of([guard])
    truth = room.truth(guard).true

    def most(count: Any, scale: Scale) -> int | None:
        """The lowest number that the count has not reached whenever the guard is true."""
        if room.can(truth, count >= scale.ceiling):
            return None
        return scale.starts[bisect_left(scale.starts, True, key=lambda least: not room.can(truth, count >= least))]

    for group, scale in looks.groups.items():
        if (times := most(room.histories.count(group), scale)) is not None:
            yield Cap(state.name, step, group, times)
    if step.to == state.name and looks.rounds is not None:
        times = most(room.histories.rounds, looks.rounds)
        if times is not None:
            yield Cap(state.name, step, None, times)


def _counted(pathway: Pathway, caps: Sequence[Cap]) -> tuple[int, Mapping[str, int]]:
    """How many steps there are at most that use up a count, and how often a journey goes round in each state."""
    counts: dict[Group, int] = {}
    rounds = {state.name: 0 for state in pathway.states}
    for cap in caps:
        if cap.group is None:
            rounds[cap.state] = max(rounds[cap.state], cap.most - 1)
        else:
            counts[cap.group] = max(counts.get(cap.group, 0), cap.most)
    return sum(counts.values()), rounds


def _between(
    pathway: Pathway, free: frozenset[Way], caps: Sequence[Cap], rounds: Mapping[str, int]
) -> int | tuple[str, ...]:
    """The most steps along free transitions and round in the states they lead by, or states that go round uncapped.

    Where a cycle has a transition that a count caps, and others that are counted: until the count has reached the cap,
    those others are taken only so often, and a journey goes on without them before, between and after; from then on it
    goes on without what is capped.
    """
    ways: dict[str, set[str]] = {state.name: set() for state in pathway.states}
    for name, step in free:
        ways[name].add(step.to)
    circle = next(_circles(ways), None)
    if circle is None:
        return longest_way(ways, rounds)
    inside = {(name, step) for name, step in free if name in circle and step.to in circle}
    for group in dict.fromkeys(cap.group for cap in caps if cap.group is not None):
        counted = {(name, step) for name, step in inside if step.key in group}
        capped = [cap for cap in caps if cap.group == group and (cap.state, cap.step) in inside]
        if not counted or not capped:
            continue
        before = _between(pathway, free - {way for way in free if way[1].key in group}, caps, rounds)
        after = _between(pathway, free - {(cap.state, cap.step) for cap in capped}, caps, rounds)
        if isinstance(before, int) and isinstance(after, int):
            most = max(cap.most for cap in capped)
            return most + most * before + max(before, after)
    return circle


def longest_way(ways: Mapping[N, Iterable[N]], weights: Mapping[N, int] | None = None) -> int:
    """The most steps along ways on which nothing comes twice, those at each place added."""
    return max((length for _, length in _lengths(ways, weights)), default=0)


def _lengths(ways: Mapping[N, Iterable[N]], weights: Mapping[N, int] | None = None) -> Iterator[tuple[N, int]]:
    """The most steps from each place on."""
    lengths: dict[N, int] = {}
    for part in components(ways):  # a component comes after all to which it leads
        (node,) = part
        onward = max((1 + lengths[other] for other in ways[node]), default=0)
        lengths[node] = onward + (0 if weights is None else weights[node])
        yield node, lengths[node]


def components(ways: Mapping[N, Iterable[N]]) -> Iterator[tuple[N, ...]]:
    """The strongly connected components of a graph, each after all to which it leads (Tarjan), without recursion."""
    index: dict[N, int] = {}
    low: dict[N, int] = {}
    stack: list[N] = []
    on_stack: set[N] = set()
    for root in ways:
        if root in index:
            continue
        work: list[tuple[N, Iterator[N]]] = [(root, iter(ways[root]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, onward = work[-1]
            for other in onward:
                if other not in index:
                    index[other] = low[other] = len(index)
                    stack.append(other)
                    on_stack.add(other)
                    work.append((other, iter(ways[other])))
                    break
                if other in on_stack:
                    low[node] = min(low[node], index[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    part: list[N] = []
                    while not part or part[-1] != node:
                        part.append(stack.pop())
                        on_stack.discard(part[-1])
                    yield tuple(reversed(part))


def _circles(ways: Mapping[N, Iterable[N]]) -> Iterator[tuple[N, ...]]:
    """The components within which ways go round."""
    for part in components(ways):
        if any(other in part for node in part[:1] for other in ways[node]):
            yield part


def circle(journeys: Journeys) -> tuple[Point, tuple[Transition, ...]] | None:
    """A point to which a journey can come back, the nearest to the start, with the shortest way round; None if none.

    Of a graph that was not followed to the end, what was followed is looked at.
    """
    followed = journeys.ways_on
    ways = {point: [after for _, after in onward if after in followed] for point, onward in followed.items()}
    going_round = {point for part in _circles(ways) for point in part}
    start = next((point for point in journeys.points if point in going_round), None)
    if start is None:
        return None
    came: dict[Point, tuple[Transition, ...]] = {start: ()}
    todo = deque([start])
    while todo:
        point = todo.popleft()
        for step, after in journeys.ways_on.get(point, ()):
            if after == start:
                return start, (*came[point], step)
            if after not in came:
                came[after] = (*came[point], step)
                todo.append(after)
    raise AssertionError(start)


def longest_way_of(journeys: Journeys) -> tuple[Transition, ...]:
    """The steps of a longest journey, when none goes round for ever."""
    ways = {point: [after for _, after in onward] for point, onward in journeys.ways_on.items()}
    lengths = dict(_lengths(ways))
    steps: list[Transition] = []
    here = journeys.start
    while journeys.ways_on[here]:
        step, here = max(journeys.ways_on[here], key=lambda way: lengths[way[1]])
        steps.append(step)
    return tuple(steps)


def longest(journeys: Journeys) -> int:
    """The steps of the longest journey, when none goes round for ever."""
    return longest_way({point: [after for _, after in onward] for point, onward in journeys.ways_on.items()})
