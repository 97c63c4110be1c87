"""Names in DOT and Mermaid text: made from what users wrote, and each of one thing only."""

from __future__ import annotations

import re
from collections.abc import Iterable


def identifier(text: str, otherwise: str = "") -> str:
    """The letters and digits of ASCII in a text, with underscores between them; or another name where it has none."""
    return re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_") or otherwise


class Names:
    """The names in a text; those that are reserved are nobody's."""

    def __init__(self, reserved: Iterable[str] = ()) -> None:
        self._used = set(reserved)
        self._last: dict[str, int] = {}

    def new(self, wanted: str) -> str:
        """A name that nothing else has: the one wanted, or that with a number behind it."""
        number = self._last.get(wanted, 1)
        found = wanted if number == 1 else f"{wanted}_{number}"
        while found in self._used:
            number += 1
            found = f"{wanted}_{number}"
        self._last[wanted] = number
        self._used.add(found)
        return found
