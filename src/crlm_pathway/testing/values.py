"""The values of a fact that are worth trying: plain ones, the ends of its domain, those that criteria tell apart."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, Final

from ..predicates.declarations import Declaration
from ..predicates.diagram import bounds_of, stretches
from ..predicates.domains import Boolean, Choice, ListOf, Numeric
from ..predicates.nodes import Compare, Predicate, Term, walk
from ..predicates.records import contradictions_of, facts_of

SPAN: Final = 1000.0
"""How far numbers are tried from an end of a domain whose other end is infinite."""


class Values:
    """The values worth trying of each fact, given the criteria that will read them; the plainest first."""

    def __init__(self, criteria: Iterable[Predicate] = ()) -> None:
        self.criteria = tuple(criteria)
        self._bounds = bounds_of(self.criteria)
        self._compared = dict(_compared_with(self.criteria))
        self._found: dict[Declaration, tuple[Any, ...]] = {}

    @classmethod
    def of_record(cls, record: type[Any], criteria: Iterable[Predicate] = ()) -> Values:
        """The values that criteria, or what the records must never be, tell apart."""
        never = (found.when for owner in _nested(record) for found in contradictions_of(owner))
        return cls((*criteria, *never))

    def of(self, fact: Declaration) -> tuple[Any, ...]:
        """The values of a fact that is no list: every member, and of numbers those worth trying."""
        if fact not in self._found:
            self._found[fact] = tuple(self._values(fact))
        return self._found[fact]

    def _values(self, fact: Declaration) -> Iterable[Any]:
        match fact.domain:
            case Boolean():
                found: Iterable[Any] = (False, True)
            case Choice(enum):
                found = tuple(enum)
            case Numeric() as domain:
                found = _numbers(domain, [bound for one in self._linked(fact) for bound in self._bounds_near(one)])
            case ListOf():
                raise TypeError(f"{fact!r} is a list, whose values are made item by item")
        return sorted(found, key=lambda value: value != fact.default) if fact.default is not None else found

    def _linked(self, fact: Declaration) -> Iterator[Declaration | Term]:
        """The fact, and what it is compared with."""
        yield fact
        yield from self._compared.get(fact, ())

    def _bounds_near(self, one: Declaration | Term) -> Iterator[float]:
        yield from self._bounds.get(one, ())
        if isinstance(one, Declaration):
            assert isinstance(one.domain, Numeric)
            yield from (one.domain.low, one.domain.high)
        else:
            yield from (0, 1, 2)


def _nested(record: type[Any]) -> Iterator[type[Any]]:
    """The record class, and those of the items of its lists."""
    yield record
    for fact in facts_of(record).values():
        if isinstance(fact.domain, ListOf):
            yield from _nested(fact.domain.record)


def _compared_with(criteria: Iterable[Predicate]) -> Iterator[tuple[Declaration, list[Declaration | Term]]]:
    """The facts that are compared with another fact or a count, with what they are compared with."""
    found: dict[Declaration, list[Declaration | Term]] = {}
    for criterion in criteria:
        for part in walk(criterion):
            if isinstance(part, Compare) and isinstance(part.right, Declaration):
                found.setdefault(part.right, []).append(part.left)
                if isinstance(part.left, Declaration):
                    found.setdefault(part.left, []).append(part.right)
    yield from found.items()


def _numbers(domain: Numeric, bounds: Iterable[float]) -> list[float]:
    """The ends of a domain, the numbers it is compared with, those just beside them, and one of each stretch."""
    bounds = [bound for bound in bounds if math.isfinite(bound)]
    tried = {0.0, 1.0, *(end for end in (domain.low, domain.high) if math.isfinite(end))}
    for bound in bounds:
        beside = 1.0 if domain.whole else _a_little(bound)
        tried |= {bound, round(bound - beside, 12), round(bound + beside, 12)}
    tried |= {cut.representative for cut in stretches(domain, bounds)}
    return sorted({plain for value in tried if domain.accepts(plain := _plain(value))}, key=_plainness)


def _plain(value: float) -> float:
    return int(value) if float(value).is_integer() else value


def _plainness(value: float) -> tuple[int, float, bool]:
    return len(repr(abs(value))), abs(value), value < 0


def _a_little(bound: float) -> float:
    """One unit of the last figure in which a bound is written, and at most a tenth: 0.1 of 30, 0.01 of 0.05."""
    exponent = Decimal(repr(_plain(bound))).as_tuple().exponent
    assert isinstance(exponent, int)
    return float(10.0 ** min(-1, exponent))


def within(domain: Numeric) -> tuple[float, float]:
    """The ends of a domain, or of a stretch of it when it has none."""
    low = domain.low if math.isfinite(domain.low) else min(domain.high, SPAN) - SPAN
    high = domain.high if math.isfinite(domain.high) else max(low, 0) + SPAN
    return low, high
