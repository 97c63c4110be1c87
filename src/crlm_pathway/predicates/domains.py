"""The values a fact may take."""

from __future__ import annotations

from enum import Enum
from typing import Any

import attrs

from .errors import DefinitionError
from .labels import figure


@attrs.frozen
class Boolean:
    """True or false."""

    unit = ""

    def accepts(self, value: object) -> bool:
        """Whether a fact may have the value."""
        return value is True or value is False

    @property
    def expected(self) -> str:
        """What belongs there, in words."""
        return "expected true or false"


@attrs.frozen
class Choice:
    """A member of an enumeration whose values are strings."""

    enum: type[Enum]
    unit = ""

    def accepts(self, value: object) -> bool:
        """Whether a fact may have the value."""
        return type(value) is self.enum

    @property
    def expected(self) -> str:
        """What belongs there, in words."""
        return "expected one of " + ", ".join(str(member.value) for member in self.enum)


@attrs.frozen
class Numeric:
    """A number from `low` to `high` in `unit`, both included unless `exclusive_minimum`; whole when `whole`."""

    low: float
    high: float
    unit: str = ""
    whole: bool = False
    exclusive_minimum: bool = False

    def __attrs_post_init__(self) -> None:
        if not self.low < self.high:
            raise DefinitionError(f"a range goes from a lower to a higher number, not from {self.low} to {self.high}")

    def accepts(self, value: object) -> bool:
        """Whether a fact may have the value."""
        kind = type(value)  # not isinstance: a bool is no number here
        if kind is not int and (self.whole or kind is not float):
            return False
        above = self.low < value if self.exclusive_minimum else self.low <= value  # type: ignore[operator]
        return above and value <= self.high  # type: ignore[operator]  # false for NaN

    @property
    def expected(self) -> str:
        """What belongs there, in words."""
        kind = "a whole number" if self.whole else "a number"
        start = f"above {figure(self.low)} and at most" if self.exclusive_minimum else f"from {figure(self.low)} to"
        return f"expected {kind} {start} {figure(self.high)}" + (f" {self.unit}" if self.unit else "")


@attrs.frozen
class ListOf:
    """A tuple of records of one class."""

    record: type[Any]
    unit = ""

    def accepts(self, value: object) -> bool:
        """Whether a fact may have the value."""
        return isinstance(value, tuple) and all(type(item) is self.record for item in value)

    @property
    def expected(self) -> str:
        """What belongs there, in words."""
        return f"expected a list of {self.record.__name__}"


Domain = Boolean | Choice | Numeric | ListOf
