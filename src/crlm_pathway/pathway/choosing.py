"""What the decision tables of a state chose, one by one, and what is lacking where they could not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from ..predicates.history import History
from ..predicates.labels import Text
from ..predicates.waiting import waiting_for
from .model import Choice, DecisionTable, Option, State


@attrs.frozen
class Chosen:
    """The option of a table for a record, or for the item with this number, from 1, of the list it is over."""

    table: DecisionTable
    record: Any
    option: Option | None
    number: int | None = None

    def lacking(self, history: History) -> tuple[Text, ...]:
        """The labels of the unknown facts that keep the table from choosing; none where it does not apply."""
        if self.option is not None:
            return ()
        if self.table.over is not None and self.number is None:
            return (self.table.over.text,)
        done = () if self.table.done is None else (self.table.done,)
        rows = (row.when for row in self.table.options)
        return tuple(place.text for place in waiting_for((*done, self.table.given, *rows), self.record, history))


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
