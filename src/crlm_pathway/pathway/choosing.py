"""What the decision tables of a state chose, one by one, and what is lacking where they could not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from ..predicates.history import History
from ..predicates.waiting import Place, waiting_for
from .model import Choice, DecisionTable, Option, State


@attrs.frozen
class Chosen:
    """The option of a table for a record, or for the item with this number, from 1, of the list it is over."""

    table: DecisionTable
    record: Any
    option: Option | None
    number: int | None = None

    def lacking(self, history: History) -> tuple[Place, ...]:
        """The unknown facts of `record` that keep the table from choosing; none where it does not apply."""
        if self.option is not None:
            return ()
        if self.table.over is not None and self.number is None:
            return (Place.of(self.table.over, None),)
        done = () if self.table.done is None else (self.table.done,)
        rows = (row.when for row in self.table.options)
        return waiting_for((*done, self.table.given, *rows), self.record, history)

    def lacking_paths(self, history: History) -> tuple[str, ...]:
        """What is lacking, as paths from the record that the pathway decides on."""
        within = "" if self.number is None or self.table.over is None else f"{self.table.over.name}[{self.number - 1}]."
        return tuple(within + place.path for place in self.lacking(history))


def each_chosen(state: State, chosen: Mapping[str, Choice], record: Any) -> Iterator[Chosen]:
    """What each table of a state chose: of a table over a list that is known, item by item."""
    for table in state.tables:
        choice = chosen[table.name]
        if not isinstance(choice, tuple):
            yield Chosen(table, record, choice)
            continue
        assert table.over is not None
        for number, (option, item) in enumerate(zip(choice, table.over.of(record), strict=True), start=1):
            yield Chosen(table, item, option, number)
