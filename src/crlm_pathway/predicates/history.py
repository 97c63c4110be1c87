"""What a journey has been through, as far as criteria may ask."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import attrs


def _frozen(counts: Mapping[str, int]) -> Mapping[str, int]:
    return counts if isinstance(counts, MappingProxyType) else MappingProxyType(dict(counts))


@attrs.frozen
class History:
    """The journey facts: immutable, made anew by each step.

    `taken` counts the fired transitions by key; `rounds_here` is 1 on arrival from another state and one more at each
    self transition; `arrived_from` names the last state, other than the current one, or is None at the start.
    """

    taken: Mapping[str, int] = attrs.field(factory=dict, converter=_frozen)
    rounds_here: int = attrs.field(default=1, validator=attrs.validators.ge(1))
    arrived_from: str | None = None

    def after(self, key: str, source: str, target: str) -> History:
        """Return the history once the transition `key` has led from `source` to `target`."""
        counts = MappingProxyType({**self.taken, key: self.taken.get(key, 0) + 1})
        if source == target:
            return History(counts, self.rounds_here + 1, self.arrived_from)
        return History(counts, 1, source)

    def __reduce__(self) -> tuple[type[History], tuple[dict[str, int], int, str | None]]:
        return (History, (dict(self.taken), self.rounds_here, self.arrived_from))


START = History()
