"""What a journey has been through, as far as criteria may ask."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import attrs

from .errors import DataError, Problem


def _frozen(counts: Mapping[str, int]) -> Mapping[str, int]:
    if isinstance(counts, MappingProxyType):
        return counts
    if not isinstance(counts, Mapping):
        raise DataError([Problem("taken", "expected how often each transition has fired, by its key", repr(counts))])
    problems = [
        Problem(f"taken[{key!r}]", "expected the key of a transition, and a whole number from 0", repr(times))
        for key, times in counts.items()
        if not isinstance(key, str) or type(times) is not int or times < 0
    ]
    if problems:
        raise DataError(problems)
    return MappingProxyType(dict(counts))


def _from_one(_history: Any, attribute: attrs.Attribute[int], rounds: int) -> None:
    if type(rounds) is not int or rounds < 1:
        raise DataError([Problem(attribute.name, "expected a whole number from 1, the arrival", repr(rounds))])


@attrs.frozen
class History:
    """The journey facts: immutable, made anew by each step.

    `taken` counts the fired transitions by key; `rounds_here` is 1 on arrival from another state and one more at each
    self transition; `arrived_from` names the last state, other than the current one, or is None at the start.
    """

    taken: Mapping[str, int] = attrs.field(factory=dict, converter=_frozen)
    rounds_here: int = attrs.field(default=1, validator=_from_one)
    arrived_from: str | None = None
    known_to: object = attrs.field(default=None, init=False, eq=False, repr=False)
    """The pathway that has found its own names in it."""

    def after(self, key: str, source: str, target: str) -> History:
        """Return the history once the transition `key` has led from `source` to `target`."""
        stays = source == target
        new = object.__new__(History)  # what comes of a right history is right, and a journey need not check it again
        put = object.__setattr__
        put(new, "taken", MappingProxyType({**self.taken, key: self.taken.get(key, 0) + 1}))
        put(new, "rounds_here", self.rounds_here + 1 if stays else 1)
        put(new, "arrived_from", self.arrived_from if stays else source)
        put(new, "known_to", self.known_to)
        return new

    def know(self, pathway: object) -> History:
        """Remember that this is a history of a pathway, which need not look again; return it."""
        object.__setattr__(self, "known_to", pathway)
        return self

    def __reduce__(self) -> tuple[type[History], tuple[dict[str, int], int, str | None]]:
        return (History, (dict(self.taken), self.rounds_here, self.arrived_from))


START = History()
