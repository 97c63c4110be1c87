"""Decision tables as grids: each row's criterion taken apart into an entry for each input."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from types import MappingProxyType

import attrs

from ..pathway.model import DecisionTable, Option
from ..predicates.declarations import Declaration
from ..predicates.labels import SEMICOLON, Language, Names, Text, figure, labelled, unit_text
from ..predicates.nodes import (
    ALWAYS,
    NEVER,
    And,
    ArrivedFrom,
    Compare,
    Constant,
    Holds,
    Not,
    OneOf,
    Or,
    Parameter,
    Predicate,
    conjunction,
)
from ..predicates.wording import answers, question, said
from . import words
from .figure import Grid, Row, in_languages

WIDEST = 10
"""Columns of inputs that a reader can still follow across a row."""

_NOBODY: Names = MappingProxyType({})
_NOTHING: Mapping[str, tuple[int, ...]] = MappingProxyType({})


@attrs.frozen
class Column:
    """What is asked, and for each row the criteria about it, all of which hold where the row applies.

    `asked` is a fact, a term, a criterion, or the class of criteria that ask for the same; None where whole criteria
    stand, each for itself.
    """

    asked: Hashable | None
    cells: tuple[tuple[Predicate, ...], ...]

    @property
    def shared(self) -> int:
        """How many rows have an entry."""
        return sum(map(bool, self.cells))


def columns(guards: Sequence[Predicate], widest: int = WIDEST) -> tuple[Column, ...]:
    """Return the criteria of rows by what they ask, in the order in which rows first ask it.

    The cells of a row together are its criterion. What the fewest rows ask is gathered in a last column, where there
    would be more than `widest`.
    """
    # What some row asks as a whole is asked as a whole of the others too, though its denial could be taken apart.
    whole = frozenset(part for guard in guards for part in _conjuncts(guard) if isinstance(part, Or))
    cells: dict[Hashable | None, list[dict[Predicate, None]]] = {}
    for number, guard in enumerate(guards):
        for part in _conjuncts(guard, whole):
            cells.setdefault(_asked(part), [{} for _ in guards])[number][part] = None
    found = [Column(asked, tuple(map(tuple, parts))) for asked, parts in cells.items()]
    return _gathered(found, widest)


def _conjuncts(
    predicate: Predicate, whole: Collection[Predicate] = frozenset(), holds: bool = True
) -> Iterator[Predicate]:
    """The criteria that all hold when the predicate holds, or does not."""
    match predicate:
        case Not(operand):
            yield from _conjuncts(operand, whole, not holds)
        case And(operands) | Or(operands) if isinstance(predicate, And) is holds and predicate not in whole:
            for operand in operands:
                yield from _conjuncts(operand, whole, holds)
        case Constant(truth):
            if truth is not holds:
                yield NEVER
        case _:
            yield predicate if holds else Not(predicate)


def _asked(predicate: Predicate) -> Hashable | None:
    match predicate:
        case Not(operand):
            return _asked(operand)
        case Holds(fact) | OneOf(fact=fact) | Compare(left=Declaration() as fact):
            return fact
        case Compare(left):
            return left
        case ArrivedFrom():
            return ArrivedFrom
        case Constant():
            return None
        case _:
            return predicate


def _gathered(found: Sequence[Column], widest: int) -> tuple[Column, ...]:
    apart = [column for column in found if column.asked is not None]
    if len(found) > widest:
        kept = sorted(apart, key=lambda column: -column.shared)[: widest - 1]
        apart = [column for column in apart if column in kept]
    rest = [column for column in found if column not in apart]
    if not rest:
        return tuple(apart)
    cells = zip(*(column.cells for column in rest), strict=True)
    return (*apart, Column(None, tuple(tuple(part for cell in row for part in cell) for row in cells)))


def grid(
    table: DecisionTable,
    languages: tuple[Language, ...],
    names: Names = _NOBODY,
    *,
    cites: Mapping[str, tuple[int, ...]] = _NOTHING,
    chosen: Collection[str] = (),
) -> Grid:
    """Return a decision table as a DMN table, its rows in order.

    `cites` gives numbers of references by the keys of rows; `chosen` are the keys of rows that a journey chose.
    """
    found = columns([row.when for row in table.options])
    reviews = {row.review for row in table.options}
    common = reviews.pop() if len(reviews) == 1 else None
    return Grid(
        name=table.name,
        heading=in_languages(table.text, languages),
        inputs=tuple(in_languages(_header(column, table, names), languages) for column in found),
        output=in_languages(words.OPTION, languages),
        rows=tuple(
            Row(
                key=row.key,
                entries=tuple(_entry(column, number, languages, names) for column in found),
                output=in_languages(_output(row, common), languages),
                provenance=row.provenance,
                cites=cites.get(row.key, ()),
                chosen=row.key in chosen,
            )
            for number, row in enumerate(table.options)
        ),
        notes=tuple(in_languages(note, languages) for note in _notes(table, common, names)),
    )


def _header(column: Column, table: DecisionTable, names: Names) -> Text:
    """What a column asks; whether another row applies, rather than that row's criterion once more."""
    if column.asked is None:
        return words.FURTHER
    texts = [row.text for row in table.options]
    for row, cell in zip(table.options, column.cells, strict=True):
        if row.when == column.asked and isinstance(row.when, And | Or) and not cell and texts.count(row.text) == 1:
            return words.APPLIES.filled(row.text)
    return question(next(part for cell in column.cells for part in cell), names)


def _entry(column: Column, number: int, languages: tuple[Language, ...], names: Names) -> tuple[str, ...]:
    cell = column.cells[number]
    if not cell:
        return ()
    return in_languages(said(conjunction(*cell), names) if column.asked is None else answers(cell, names), languages)


def _output(row: Option, common: Parameter | None) -> Text:
    text = words.ASIDE.filled(row.text, words.NEVER_CHOSEN) if row.never else row.text
    return text if row.review in (None, common) else SEMICOLON.join((text, _review(row.review)))


def _review(review: Parameter) -> Text:
    unit = unit_text(review.unit)
    interval = Text(f"{figure(review.value)} {unit.en}".rstrip(), f"{figure(review.value)}{unit.zh}")
    return words.NAMED.filled(words.REVIEW_LATER.filled(interval), Text(review.name))


def _notes(table: DecisionTable, common: Parameter | None, names: Names) -> Iterator[Text]:
    if table.given == ALWAYS:
        yield words.UNIQUE
    else:
        yield words.AT_MOST_ONE.filled(labelled(words.COVERS, said(table.given, names)))
    if table.over is not None:
        yield words.EACH.filled(table.over.text)
    if table.done is not None:
        yield labelled(words.DONE, said(table.done, names))
    if common is not None:
        yield _review(common)
