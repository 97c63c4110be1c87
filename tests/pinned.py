"""The interpreter for Z3, asked about one record and one history."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import z3

from crlm_pathway import History, Predicate
from crlm_pathway.predicates.declarations import Declaration
from crlm_pathway.predicates.domains import Choice, ListOf
from crlm_pathway.predicates.records import values_of
from crlm_pathway.predicates.reference import Truth
from crlm_pathway.verification.formulas import as_z3
from crlm_pathway.verification.symbols import Cell, Histories, Listed, Symbols
from crlm_pathway.verification.truths import Truths
from universe import KEYS, STATES


def solved(predicate: Predicate, record: Any, history: History) -> Truth:
    """The truth of a predicate of a record, by a solver that knows no more than the record's facts."""
    sizes = {fact: len(value) for fact, value in values_of(record) if isinstance(value, tuple)}
    symbols, histories = Symbols(type(record), "record", sizes), Histories(KEYS, STATES)
    truth = Truths(histories)(predicate, symbols)
    solver = z3.Solver()
    solver.add(*pinned(symbols, record), *(as_z3(limit) for limit in (*symbols.constraints, *histories.constraints)))
    solver.add(*(times == history.taken.get(key, 0) for key, times in histories.taken.items()))
    solver.add(histories.rounds == history.rounds_here)
    solver.add(histories.arrived == histories.states.index(history.arrived_from))
    assert solver.check() == z3.sat, "the record and the history are among those it speaks of"
    can = [solver.check(as_z3(side)) == z3.sat for side in (truth.true, truth.false)]
    assert can.count(True) <= 1, "nothing is true and false"
    return True if can[0] else False if can[1] else None


def pinned(symbols: Symbols, record: Any) -> Iterator[Any]:
    """That symbols stand for a record."""
    for fact, value in values_of(record):
        cell = symbols.cells[fact]
        yield cell.known if value is not None else z3.Not(cell.known)
        if value is None:
            continue
        if isinstance(cell, Listed):
            for item, one in zip(cell.items, value, strict=True):
                yield item.present
                yield from pinned(item.record, one)
        else:
            yield cell.value == _written(fact, cell, value)


def _written(fact: Declaration, cell: Cell, value: Any) -> Any:
    assert not isinstance(fact.domain, ListOf)
    if isinstance(fact.domain, Choice):
        return fact.members.index(value)
    if z3.is_real(cell.value):
        return z3.Q(*Fraction(str(value)).as_integer_ratio())
    return value
