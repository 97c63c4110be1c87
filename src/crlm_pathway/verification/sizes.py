"""How many items a list needs, so that whatever can be true of a list of any length can be true of one this long.

Take a list of any length of which some criteria have certain truths. Of each `every` that is not true, and each `some`
that is not false, one item is enough to show it: keep that one. Of a count that is compared with n, keep items that are
counted, and beside them items of which it is not known, until there are n + 1: the comparison cannot tell more of them
apart. Drop all others: what held of every item still does, no witness is gone, and no count has passed its number. So a
list that has as many items as all the criteria need together stands for all lists.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from math import floor
from typing import Any

from ..predicates.declarations import Declaration
from ..predicates.domains import Numeric
from ..predicates.nodes import Compare, Count, Every, Parameter, Predicate, Some, walk

MOST_ITEMS = 60
"""Items of a list that are looked at: where criteria need more, that none of these shows something proves nothing."""

_Needs = Mapping[tuple[Declaration, Any], int]
"""By list and what is said of its items, how many of them show it."""


def items_needed(
    together: Iterable[Predicate], one_of: Iterable[Predicate] = (), free: Collection[str] = ()
) -> Mapping[Declaration, int]:
    """How many items each list needs for some criteria side by side, and beside them one of some others.

    The parameters whose names are `free` may have any number that they may be bound to.
    """
    always = _needs(together, free)
    most = _summed(always)
    for other in one_of:
        for fact, items in _summed(_either(always, _needs([other], free))).items():
            most[fact] = max(most.get(fact, 0), items)
    return most


def _needs(predicates: Iterable[Predicate], free: Collection[str]) -> _Needs:
    found: dict[tuple[Declaration, Any], int] = {}
    for predicate in predicates:
        for part in walk(predicate):
            match part:
                case Every(fact, inner) | Some(fact, inner):
                    found[fact, (type(part), inner)] = 1
                case Compare(left, _, right):
                    for side, other in ((left, right), (right, left)):
                        if isinstance(side, Count):
                            key = (side.fact, (Count, side.predicate))
                            found[key] = max(found.get(key, 0), _highest(other, free) + 1)
                case _:
                    pass
    return found


def _either(some: _Needs, others: _Needs) -> _Needs:
    return {key: max(some.get(key, 0), others.get(key, 0)) for key in (*some, *others)}


def _summed(needs: _Needs) -> dict[Declaration, int]:
    items: dict[Declaration, int] = {}
    for (fact, _), need in needs.items():
        items[fact] = items.get(fact, 0) + need
    return items


def _highest(bound: Any, free: Collection[str]) -> int:
    """The highest number that a count is compared with."""
    match bound:
        case Parameter(name=name, at_most=number) if name in free:
            return max(0, floor(min(number, 1e9)))
        case Parameter(value=number):
            return max(0, floor(number))
        case Declaration(domain=Numeric(high=high)):
            return max(0, floor(min(high, 1e9)))
        case int() | float():
            return max(0, floor(bound))
        case _:
            return 0
