"""What the decision tables of a state chose, one by one, and what is lacking where they could not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from ..predicates.errors import DataError
from ..predicates.history import History
from ..predicates.records import record_facts
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


def _completed(choice: Choice, table: DecisionTable, record: Any, history: History) -> Choice:
    if choice is None:
        return table.choose(record, history)
    if isinstance(choice, tuple) and None in choice:
        now = table.choose(record, history)
        if isinstance(now, tuple) and len(now) == len(choice):
            return tuple(after if before is None else before for before, after in zip(choice, now, strict=True))
    return choice


def chosen_since(
    state: State, before: Mapping[str, Choice], entered: Any, recorded: Mapping[str, Any], history: History
) -> tuple[Mapping[str, Choice], list[Chosen]]:
    """What the tables of a state choose by what has been recorded since, where they could not before; and what is new.

    `entered` is the record, and `history` the history, on which the state was entered: on them its tables choose.
    """
    new: list[Chosen] = []
    if all(None not in _all(choice) for choice in before.values()):
        return before, new
    try:
        record = record_facts(entered, recorded)
    except DataError:  # what is recorded now does not go with what was known then
        return before, new
    now = {table.name: _completed(before[table.name], table, record, history) for table in state.tables}
    for table in state.tables:
        was, choice = before[table.name], now[table.name]
        if not isinstance(choice, tuple):
            new += [Chosen(table, record, choice)] if choice != was else []
            continue
        assert table.over is not None
        known = was if isinstance(was, tuple) else (None,) * len(choice)
        items = table.over.of(record) if choice != was else ()
        for number, (old, option, item) in enumerate(zip(known, choice, items, strict=False), start=1):
            if old is None and option is not None:
                new.append(Chosen(table, item, option, number))
    return now, new


def _all(choice: Choice) -> tuple[Option | None, ...]:
    return choice if isinstance(choice, tuple) else (choice,)


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
