"""What a fact is declared to be, apart from how criteria and records use it."""

from __future__ import annotations

from enum import Enum
from typing import Any

from .domains import Choice, Domain, ListOf
from .labels import Text


class Declaration:
    """A fact's record class (`owner`), name, position there, domain, label and default."""

    __slots__ = ("default", "domain", "name", "owner", "position", "text")

    def __init__(self, domain: Domain, text: Text, default: Any) -> None:
        self.domain = domain
        self.text = text
        self.default = default
        self.owner: type[Any] = object
        self.name = "?"
        self.position = 0

    def __set_name__(self, owner: type[Any], name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"{self.owner.__name__}.{self.name}"

    def __reduce__(self) -> tuple[Any, ...]:
        return (getattr, (self.owner, self.name))

    def of(self, record: Any) -> Any:
        """The fact's value in a record, None while it is unknown."""
        return getattr(record, "_" + self.name)

    @property
    def members(self) -> tuple[Enum, ...]:
        """The members of an enumeration."""
        assert isinstance(self.domain, Choice)
        return tuple(self.domain.enum)

    @property
    def item_record(self) -> type[Any]:
        """The record class of a list's items."""
        assert isinstance(self.domain, ListOf)
        return self.domain.record
