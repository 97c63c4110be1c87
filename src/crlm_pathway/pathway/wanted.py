"""Which unknown facts could still decide, and which of them alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import attrs

from ..predicates.declarations import Declaration
from ..predicates.diagram import Leaf, Node, Test, TooLarge, Verdict, bounds_of, diagram, stretches, whether
from ..predicates.domains import Boolean, Choice, ListOf, Numeric
from ..predicates.errors import DataError
from ..predicates.labels import Text, labelled, numbered
from ..predicates.nodes import Compare, Constant, Count, Every, Predicate, Some, walk
from ..predicates.records import replace_at
from ..predicates.waiting import Place
from .deciding import Question


@attrs.frozen
class Wanted:
    """An unknown fact that could still decide; `alone` when one answer to it is enough."""

    path: str
    text: Text
    alone: bool
    place: Place = attrs.field(repr=False)


def wanted(question: Question) -> tuple[Wanted, ...]:
    """The facts an undecided question waits for, those first of which one answer is enough."""
    guards = question.pathway.guards(question.state)
    places = question.places
    values = {fact: tuple(values_told_apart(fact, guards)) for fact in {place.fact for place in places}}
    found = [
        Wanted(place.path, place.text, any(map(question.decided_by, _answers(question, place, values))), place)
        for place in places
    ]
    return tuple(sorted(found, key=lambda one: not one.alone))


def gathered(facts: Iterable[Wanted]) -> tuple[Wanted, ...]:
    """The facts told together: one that is wanted of several items of a list stands once, `lesions[].deep`."""
    alike: dict[tuple[bool, tuple[str | int, ...]], list[Wanted]] = {}
    for one in facts:
        match one.place.steps:
            case (str() as name, int(), str() as within):
                alike.setdefault((one.alone, (name, within)), []).append(one)
            case steps:
                alike.setdefault((one.alone, steps), []).append(one)
    return tuple(found[0] if len(found) == 1 else _together(found) for found in alike.values())


def _together(facts: Sequence[Wanted]) -> Wanted:
    first = facts[0]
    listed, fact = first.place.listed, first.place.fact
    assert listed is not None
    text = labelled(numbered(listed.text, *(int(one.place.steps[1]) + 1 for one in facts)), fact.text)
    return attrs.evolve(first, path=f"{listed.name}[].{fact.name}", text=text)


def _answers(question: Question, place: Place, values: Mapping[Declaration, Iterable[Any]]) -> Iterator[Any]:
    """The record with each answer to one open question that the guards can tell apart."""
    for value in values[place.fact]:
        try:
            yield replace_at(question.record, place.steps, value)
        except DataError:  # an answer that contradicts what is known
            continue


def values_told_apart(fact: Declaration, predicates: Iterable[Predicate]) -> Iterator[Any]:
    """Values of a fact, one for each way in which the predicates can take it.

    Of a list: empty, and one item for each way in which a predicate over its items can be true or false.
    """
    predicates = tuple(predicates)
    match fact.domain:
        case Boolean():
            yield from (True, False)
        case Choice(enum):
            yield from enum
        case Numeric() as domain:
            yield from (cut.representative for cut in stretches(domain, bounds_of(predicates).get(fact, ())))
        case ListOf(record_class):
            yield ()
            inner = dict.fromkeys(part.predicate for predicate in predicates for part in _over(fact, predicate))
            for predicate in inner:
                yield from ((item,) for item in _witnesses(record_class, predicate))


def _over(fact: Declaration, predicate: Predicate) -> Iterator[Every | Some | Count]:
    for part in walk(predicate):
        if isinstance(part, Every | Some) and part.fact is fact:
            yield part
        elif isinstance(part, Compare) and isinstance(part.left, Count) and part.left.fact is fact:
            yield part.left


MOST_PATHS = 10_000
"""Ways through a diagram that are tried for a witness: enough for any criterion a person can read."""


def _witnesses(record_class: type[Any], predicate: Predicate) -> Iterator[Any]:
    """For each truth, records of which the predicate has it, with no more known than needed."""
    if isinstance(predicate, Constant):
        yield record_class()
        return
    try:
        tree = diagram([predicate], whether)
    except TooLarge:
        return
    found: set[Verdict] = set()
    for leaf, facts in islice(_paths(tree, {}), MOST_PATHS):
        if isinstance(leaf.outcome, Verdict) and leaf.outcome not in found | {Verdict.UNKNOWN}:
            try:
                yield record_class(**facts)
            except DataError:
                continue
            found.add(leaf.outcome)


def _paths(node: Node, facts: dict[str, Any]) -> Iterator[tuple[Leaf, dict[str, Any]]]:
    """Each way through a diagram, with values that lead along it; ways through unknown facts are left out."""
    if isinstance(node, Leaf):
        yield node, facts
        return
    assert isinstance(node, Test)
    source = node.variable.source
    for mask, child in ((node.mask, node.yes), (node.possible & ~node.mask, node.no)):
        cell = next((cell for index, cell in enumerate(node.variable.cells) if mask >> index & 1), None)
        if cell is not None and isinstance(source, Declaration):
            yield from _paths(child, {**facts, source.name: getattr(cell, "representative", cell)})
