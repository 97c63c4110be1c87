"""Records and histories as symbols: each fact a value and whether it is known, each list so many items or fewer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

import attrs
import z3

from ..predicates.declarations import Declaration
from ..predicates.domains import Boolean, Choice, ListOf, Numeric
from ..predicates.records import facts_of
from .formulas import Formula, as_z3, every, implied, some


@attrs.frozen(eq=False)
class Cell:
    """One fact: whether it is known, and its value as an expression of Z3."""

    known: z3.BoolRef
    value: Any


@attrs.frozen(eq=False)
class Item:
    """One place in a list: whether an item stands there, and its facts."""

    present: z3.BoolRef
    record: Symbols


@attrs.frozen(eq=False)
class Listed:
    """One list: whether it is known, and its places."""

    known: z3.BoolRef
    items: tuple[Item, ...]


class Symbols:
    """A record of a class, of which nothing is settled but the domains of its facts."""

    def __init__(self, record: type[Any], name: str, sizes: Mapping[Declaration, int]) -> None:
        self.record = record
        self.cells: dict[Declaration, Cell | Listed] = {}
        self.constraints: list[Formula] = []
        for fact in facts_of(record).values():
            place = f"{name}.{fact.name}"
            known = z3.Bool(f"{place}?")
            if isinstance(fact.domain, ListOf):
                self.cells[fact] = Listed(
                    known, tuple(self._items(fact.domain.record, place, sizes, sizes.get(fact, 0)))
                )
            else:
                value = _value(fact, place)
                self.constraints += _limits(fact, value)
                self.cells[fact] = Cell(known, value)

    def _items(self, record: type[Any], place: str, sizes: Mapping[Declaration, int], size: int) -> Iterator[Item]:
        before: z3.BoolRef | None = None
        for index in range(size):
            present = z3.Bool(f"{place}[{index}]!")
            if before is not None:
                self.constraints.append(implied(present, before))  # places fill up from the first
            before = present
            item = Symbols(record, f"{place}[{index}]", sizes)
            self.constraints += item.constraints
            yield Item(present, item)

    def within(self) -> Iterator[tuple[Formula, Symbols]]:
        """This record, and every record within it, each with whether it is there."""
        yield True, self
        for cell in self.cells.values():
            if isinstance(cell, Listed):
                for item in cell.items:
                    for there, record in item.record.within():
                        yield every((cell.known, item.present, there)), record

    def of(self, model: z3.ModelRef) -> dict[str, Any]:
        """The facts that a model makes known."""
        facts: dict[str, Any] = {}
        for fact, cell in self.cells.items():
            if not z3.is_true(model.eval(cell.known)):
                continue
            if isinstance(cell, Listed):
                there = (item for item in cell.items if z3.is_true(model.eval(item.present)))
                facts[fact.name] = tuple(fact.item_record(**item.record.of(model)) for item in there)
            else:
                facts[fact.name] = _read(fact, model.eval(cell.value, model_completion=True))
        return facts


def learnt(less: Symbols, more: Symbols, events: frozenset[Declaration]) -> Iterator[Formula]:
    """That one record is another of which more is known; whether events have happened is not learnt."""
    for fact, before in less.cells.items():
        after = more.cells[fact]
        if fact in events:
            yield as_z3(before.known) == as_z3(after.known)
        yield implied(before.known, after.known)
        if isinstance(before, Cell) and isinstance(after, Cell):
            yield implied(before.known, before.value == after.value)
        elif isinstance(before, Listed) and isinstance(after, Listed):
            for one, other in zip(before.items, after.items, strict=True):
                yield implied(before.known, one.present == other.present)
                for condition in learnt(one.record, other.record, events):
                    yield implied(before.known, condition)


def _value(fact: Declaration, place: str) -> Any:
    match fact.domain:
        case Boolean():
            return z3.Bool(place)
        case Choice(enum):
            return z3.BitVec(place, max(1, (len(enum) - 1).bit_length()))
        case Numeric(whole=True):
            return z3.Int(place)
        case Numeric():
            return z3.Real(place)
        case _:
            raise NotImplementedError(f"no symbol stands for {fact!r}")


def _limits(fact: Declaration, value: Any) -> Iterator[Formula]:
    match fact.domain:
        case Choice(enum):
            if len(enum).bit_count() != 1 or len(enum) == 1:
                yield z3.ULT(value, len(enum))
        case Numeric(low, high, _, _, above):
            if low > float("-inf"):
                yield value > exact(low) if above else value >= exact(low)
            if high < float("inf"):
                yield value <= exact(high)
        case _:
            pass


def exact(number: float) -> Any:
    """A number without any rounding: as it is written, which is what people mean."""
    return number if isinstance(number, int) else z3.Q(*Fraction(repr(number)).as_integer_ratio())


def plain(value: Any) -> float:
    """A number of Z3 as one of Python."""
    number = float(value.as_long() if z3.is_int_value(value) else value.as_fraction())
    return int(number) if number.is_integer() else number


def _read(fact: Declaration, value: Any) -> Any:
    match fact.domain:
        case Boolean():
            return z3.is_true(value)
        case Choice():
            return fact.members[value.as_long()]
        case Numeric(whole=True):
            return value.as_long()
        case _:
            return plain(value)


class Histories:
    """Any history: how often each transition was taken, the rounds in the state, the state arrived from."""

    def __init__(self, keys: tuple[str, ...], states: tuple[str, ...]) -> None:
        self.taken = {key: z3.Int(f"taken {key}") for key in keys}
        self.rounds = z3.Int("rounds here")
        self.states = (*states, None)
        self.arrived = z3.BitVec("arrived from", max(1, (len(self.states) - 1).bit_length()))
        self.constraints: list[Formula] = [
            *(times >= 0 for times in self.taken.values()),
            self.rounds >= 1,
            some(self.arrived == position for position in range(len(self.states))),
        ]

    def count(self, keys: Iterable[str]) -> Any:
        """How often the transitions with these keys were taken together."""
        return z3.Sum([z3.IntVal(0), *(self.taken[key] for key in keys if key in self.taken)])

    def arrived_from(self, state: str) -> Formula:
        """That the journey came from a state."""
        return False if state not in self.states else self.arrived == self.states.index(state)
