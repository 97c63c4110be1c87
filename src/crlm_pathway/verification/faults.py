"""What would be wrong with guards and decision tables, as criteria: that none of some holds, or two do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..pathway.model import DecisionTable, Option
from ..predicates.nodes import Or, Predicate, Some, conjunction, disjunction


def two_of(criteria: Sequence[Predicate]) -> Predicate:
    """The criterion that at least two of some criteria hold."""
    pairs: list[Predicate] = []
    before: Predicate | None = None
    for criterion in criteria:
        if before is not None:
            pairs.append(conjunction(criterion, before))
        before = criterion if before is None else Or((before, criterion))
    return disjunction(*pairs)


def gap(table: DecisionTable) -> Predicate:
    """The criterion that a table promises a row and has none; over a list, for some item."""
    nothing = conjunction(*_undone(table), table.given, *(~row.when for row in table.options))
    return nothing if table.over is None else Some(table.over, nothing)


def overlap(table: DecisionTable) -> Predicate:
    """The criterion that two rows of a table hold; over a list, for some item."""
    two = conjunction(*_undone(table), two_of([row.when for row in table.options]))
    return two if table.over is None else Some(table.over, two)


def rows(table: DecisionTable) -> Iterator[tuple[Option, Predicate]]:
    """Each row of a table, with the criterion that it is chosen; over a list, for some item."""
    for row in table.options:
        chosen = conjunction(*_undone(table), row.when)
        yield row, chosen if table.over is None else Some(table.over, chosen)


def _undone(table: DecisionTable) -> tuple[Predicate, ...]:
    return () if table.done is None else (~table.done,)
