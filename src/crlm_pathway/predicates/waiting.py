"""Which unknown facts a criterion waits for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs

from .declarations import Declaration
from .history import START, History
from .labels import Text, labelled, numbered
from .nodes import Compare, Count, Every, Holds, OneOf, Predicate, Some, children
from .reference import Evaluator


@attrs.frozen(order=True)
class Place:
    """One fact of one record: the positions that order it, the path that spells it, and its label.

    `steps` leads there from the record: names of facts, and positions of items in lists. `listed` is the list to
    whose item it belongs.
    """

    order: tuple[int, ...]
    path: str = attrs.field(eq=False)
    text: Text = attrs.field(eq=False)
    fact: Declaration = attrs.field(eq=False, repr=False)
    steps: tuple[str | int, ...] = attrs.field(eq=False, repr=False)
    listed: Declaration | None = attrs.field(default=None, eq=False, repr=False)

    @classmethod
    def of(cls, fact: Declaration, within: Place | None) -> Place:
        """A fact of the record itself, or of the item that stands `within` it."""
        if within is None:
            return cls((fact.position,), fact.name, fact.text, fact, (fact.name,))
        text = labelled(within.text, fact.text)
        path = f"{within.path}.{fact.name}"
        return cls((*within.order, fact.position), path, text, fact, (*within.steps, fact.name), within.fact)

    def item(self, index: int) -> Place:
        """One item of the list that stands here."""
        text = numbered(self.text, index + 1)
        return Place((*self.order, index), f"{self.path}[{index}]", text, self.fact, (*self.steps, index))


def waiting_for(predicates: Iterable[Predicate], record: Any, history: History = START) -> tuple[Place, ...]:
    """The unknown facts of which every node above, up to the criterion, is unknown too; in the order declared.

    A fact that can no longer matter, because something above it is settled, is not among them.
    """
    search = _Search(Evaluator(history))
    for predicate in predicates:
        search.open(predicate, record, None)
    return tuple(sorted(search.found))


class _Search:
    """A walk through what is unknown, that goes nowhere twice."""

    def __init__(self, evaluate: Evaluator) -> None:
        self.evaluate = evaluate
        self.found: set[Place] = set()
        self._seen: set[tuple[int, Place | None]] = set()

    def open(self, predicate: Predicate, record: Any, within: Place | None) -> None:
        key = (id(predicate), within)
        if key in self._seen or self.evaluate(predicate, record) is not None:
            return
        self._seen.add(key)
        match predicate:
            case Holds(fact) | OneOf(fact=fact):
                self.found.add(Place.of(fact, within))
            case Every(fact, inner) | Some(fact, inner):
                self.open_items(fact, inner, record, within)
            case Compare(left, _, right):
                for side in (left, right):
                    if isinstance(side, Count):
                        self.open_items(side.fact, side.predicate, record, within)
                    elif isinstance(side, Declaration) and side.of(record) is None:
                        self.found.add(Place.of(side, within))
            case _:
                for inner in children(predicate):
                    self.open(inner, record, within)

    def open_items(self, fact: Declaration, inner: Predicate, record: Any, within: Place | None) -> None:
        place = Place.of(fact, within)
        items = fact.of(record)
        if items is None:
            self.found.add(place)
            return
        for index, item in enumerate(items):
            self.open(inner, item, place.item(index))
