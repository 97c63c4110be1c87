"""Facts: one declaration that is the constructor's argument, the domain, the label and the operand of criteria."""

from __future__ import annotations

from collections.abc import Sequence, Set as AbstractSet
from enum import Enum
from typing import Any, Generic, NoReturn, TypeVar, overload

from .declarations import Declaration
from .domains import Boolean, Choice, Domain, ListOf, Numeric
from .errors import DefinitionError
from .labels import WORDS, Text, figure, text_of, unlabelled
from .nodes import (
    ALWAYS,
    Compare,
    Count,
    Every,
    Holds,
    HoldsSoFar,
    OneOf,
    Operator,
    Parameter,
    Predicate,
    Some,
    as_predicate,
    conjunction,
    disjunction,
)

T = TypeVar("T")
E = TypeVar("E", bound=Enum)
R = TypeVar("R")


class Fact(Declaration, Generic[T]):
    """One fact of a record: on the class the operand of criteria, on an instance its value, or None while unknown."""

    __slots__ = ()

    def __init__(self, domain: Domain, text: Text, default: T | None) -> None:
        super().__init__(domain, text, default)

    @overload
    def __get__(self, instance: None, owner: type[Any]) -> Fact[T]: ...
    @overload
    def __get__(self, instance: object, owner: type[Any]) -> T | None: ...
    def __get__(self, instance: object | None, owner: type[Any]) -> Fact[T] | T | None:
        if instance is None:
            return self
        value: T | None = self.of(instance)
        return value

    def __set__(self, instance: object, value: T | None) -> None:
        object.__setattr__(instance, "_" + self.name, value)

    def __bool__(self) -> NoReturn:
        raise DefinitionError(f"{self!r} is a declaration without a truth value; combine criteria with &, | and ~")

    def __rand__(self, other: bool) -> NoReturn:
        as_predicate(other)
        raise AssertionError  # as_predicate has raised: whatever knows `&` itself does not come here

    __ror__ = __rand__

    # -- yes or no ---------------------------------------------------------------------------------------------------

    def as_predicate(self: Fact[bool]) -> Predicate:
        """The fact as a criterion: it is true."""
        self._require(Boolean, "a yes-or-no fact")
        return Holds(self)

    @property
    def so_far(self: Fact[bool]) -> Predicate:
        """True once the event is recorded; false, never unknown, while it is not. See `HoldsSoFar` before using it."""
        self._require(Boolean, "a yes-or-no fact")
        return HoldsSoFar(self)

    def __and__(self: Fact[bool], other: Predicate | Fact[bool]) -> Predicate:
        return conjunction(self.as_predicate(), as_predicate(other))

    def __or__(self: Fact[bool], other: Predicate | Fact[bool]) -> Predicate:
        return disjunction(self.as_predicate(), as_predicate(other))

    def __invert__(self: Fact[bool]) -> Predicate:
        return ~self.as_predicate()

    # -- enumerations ------------------------------------------------------------------------------------------------

    def is_(self: Fact[E], value: E) -> Predicate:
        """The fact has this value."""
        return self.is_in(value)

    def is_in(self: Fact[E], *values: E) -> Predicate:
        """The fact has one of these values."""
        domain = self._require(Choice, "an enumeration")
        if not values:
            raise DefinitionError(f"{self!r}.is_in() names no value: write .is_in(A, B), {domain.expected}")
        if isinstance(values[0], list | tuple | AbstractSet):
            raise DefinitionError(f"{self!r}: write .is_in(A, B), without the brackets, not .is_in({values[0]!r})")
        for value in values:
            if not domain.accepts(value):
                meant = next(
                    (f": write {domain.enum.__name__}.{one.name}" for one in domain.enum if one.value == value), ""
                )
                raise DefinitionError(f"{self!r}: {domain.expected}, not {value!r}{meant}")
        return OneOf(self, tuple(member for member in domain.enum if member in values))

    # -- numbers -----------------------------------------------------------------------------------------------------

    def __lt__(self: Fact[int] | Fact[float], other: float | Parameter | Fact[int] | Fact[float]) -> Predicate:
        return self._compare("<", other)

    def __le__(self: Fact[int] | Fact[float], other: float | Parameter | Fact[int] | Fact[float]) -> Predicate:
        return self._compare("<=", other)

    def __gt__(self: Fact[int] | Fact[float], other: float | Parameter | Fact[int] | Fact[float]) -> Predicate:
        return self._compare(">", other)

    def __ge__(self: Fact[int] | Fact[float], other: float | Parameter | Fact[int] | Fact[float]) -> Predicate:
        return self._compare(">=", other)

    def _compare(self: Fact[Any], operator: Operator, other: float | Parameter | Fact[Any]) -> Predicate:
        domain = self._require(Numeric, "a number")
        if isinstance(other, Fact):
            other._require(Numeric, "a number")  # noqa: SLF001 - of another fact
        elif isinstance(other, bool) or not isinstance(other, int | float | Parameter):
            raise DefinitionError(f"{self!r} is compared with a number, a Parameter or a number fact, not {other!r}")
        elif isinstance(other, int | float) and not domain.low <= other <= domain.high:  # NaN too
            raise DefinitionError(f"{self!r} {operator} {figure(other)} is the same for every value: {domain.expected}")
        return Compare(self, operator, other)

    # -- lists -------------------------------------------------------------------------------------------------------

    def every(self: Fact[Sequence[R]], criterion: Predicate | Fact[bool]) -> Predicate:
        """The criterion, over the facts of an item, holds of every item; of an empty list, always."""
        self._require(ListOf, "a list")
        return Every(self, as_predicate(criterion))

    def some(self: Fact[Sequence[R]], criterion: Predicate | Fact[bool]) -> Predicate:
        """The criterion, over the facts of an item, holds of at least one item."""
        self._require(ListOf, "a list")
        return Some(self, as_predicate(criterion))

    def count(self: Fact[Sequence[R]], criterion: Predicate | Fact[bool] = ALWAYS) -> Count:
        """How many items satisfy the criterion; compare the result."""
        self._require(ListOf, "a list")
        return Count(self, as_predicate(criterion))

    def is_empty(self: Fact[Sequence[R]]) -> Predicate:
        """The list is known and has no item."""
        return ~self.some(ALWAYS)

    def _require(self, domain: type[R], kind: str) -> R:
        if not isinstance(self.domain, domain):
            raise DefinitionError(f"{self!r} is not {kind}: {_SPEAK[type(self.domain)]}")
        return self.domain


_SPEAK: dict[type[Any], str] = {
    Boolean: "it is a yes-or-no fact; use it as it stands, or with ~",
    Choice: "it is an enumeration; write .is_(...) or .is_in(...)",
    Numeric: "it is a number; compare it with <, <=, > or >=",
    ListOf: "it is a list; write .every(...), .some(...), .count(...) or .is_empty()",
}


def boolean(en: str, *, zh: str = "", default: bool | None = None) -> Fact[bool]:
    """Declare a yes-or-no fact; with a default it is known from the start."""
    return Fact(Boolean(), Text(en, zh or en), default)


def choice(enum: type[E], en: str, *, zh: str = "", default: E | None = None) -> Fact[E]:
    """Declare a fact whose value is one of an enumeration of strings."""
    if not isinstance(enum, type) or not issubclass(enum, Enum) or not list(enum):
        raise DefinitionError(
            f"choice() takes an enumeration with members, and the label, not {enum!r}: write "
            'class Colour(LabelledEnum): RED = "red", "red", "红", and choice(Colour, "colour")'
        )
    for name, member in enum.__members__.items():
        if member.name != name:
            raise DefinitionError(f"{enum.__name__}.{name} and .{member.name} have the same value {member.value!r}")
    if not all(isinstance(member.value, str) for member in enum):
        raise DefinitionError(f"{enum.__name__}: the values of a choice are strings, as they stand in JSON")
    for member in enum:
        if unlabelled(text_of(member)):
            raise DefinitionError(f"{enum.__name__}.{member.name} has no label: {WORDS}, not {text_of(member)!r}")
    return Fact(Choice(enum), Text(en, zh or en), default)


def integer(low: int, high: int, en: str, *, zh: str = "", unit: str = "", default: int | None = None) -> Fact[int]:
    """Declare a whole number from `low` to `high`, both included, in `unit`."""
    _in_order("integer", low, high, en)
    return Fact(Numeric(low, high, unit, whole=True), Text(en, zh or en), default)


def number(
    low: float,
    high: float,
    en: str,
    *,
    zh: str = "",
    unit: str = "",
    exclusive_minimum: bool = False,
    default: float | None = None,
) -> Fact[float]:
    """Declare a number from `low` (excluded if `exclusive_minimum`) to `high` (included), in `unit`."""
    _in_order("number", low, high, en)
    return Fact(Numeric(low, high, unit, exclusive_minimum=exclusive_minimum), Text(en, zh or en), default)


def _in_order(function: str, *given: object) -> None:
    """Refuse arguments other than the lowest number, the highest and the label."""
    numbers = [one for one in given if isinstance(one, int | float) and not isinstance(one, bool)]
    labels = [one for one in given if isinstance(one, str)]
    if given != (*numbers, *labels) or len(numbers) != 2:  # noqa: PLR2004 - two ends
        low, high = numbers if len(numbers) == 2 else (0, 10)  # noqa: PLR2004
        label = labels[0] if labels else "label"
        written = ", ".join(map(repr, given))
        raise DefinitionError(
            f"{function}() takes the lowest number, the highest number and the label, in this order, not {written}: "
            f'write {function}({low!r}, {high!r}, "{label}")'
        )


def many(record: type[R], en: str, *, zh: str = "") -> Fact[Sequence[R]]:
    """Declare a list of records of another class; an instance keeps it as a tuple."""
    if not hasattr(record, "__facts__"):
        raise DefinitionError(f"many() lists records: {record!r} is not a class declared with @record")
    return Fact(ListOf(record), Text(en, zh or en), None)
