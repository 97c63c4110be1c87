"""Kleene's three-valued logic, by its truth tables, in every interpreter."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crlm_pathway import Predicate
from crlm_pathway.predicates.compiler import compile_truth
from crlm_pathway.predicates.history import START
from crlm_pathway.predicates.reference import Truth, evaluate
from universe import Part, Thing

T, F, U = True, False, None
READERS: list[Callable[[Predicate, Thing], Truth]] = [
    evaluate,
    lambda predicate, thing: compile_truth(predicate)(thing, START),
]
reader = pytest.mark.parametrize("read", READERS, ids=["reference", "compiled"])


@reader
@pytest.mark.parametrize(
    ("a", "b", "both", "either"),
    [
        (T, T, T, T), (T, F, F, T), (T, U, U, T),
        (F, T, F, T), (F, F, F, F), (F, U, F, U),
        (U, T, U, T), (U, F, F, U), (U, U, U, U),
    ],
)  # fmt: skip
def test_and_or_not(read: Callable[[Predicate, Thing], Truth], a: Truth, b: Truth, both: Truth, either: Truth) -> None:
    thing = Thing(alive=a, sold=b)
    assert read(Thing.alive & Thing.sold, thing) is both
    assert read(Thing.alive | Thing.sold, thing) is either
    assert read(~Thing.alive, thing) is {T: F, F: T, U: U}[a]


@reader
@pytest.mark.parametrize(
    ("items", "every", "some"),
    [
        (None, U, U), ([], T, F), ([T, T], T, T), ([T, U], U, T), ([F, U], F, U), ([F, F], F, F), ([U], U, U),
    ],
)  # fmt: skip
def test_quantifiers(
    read: Callable[[Predicate, Thing], Truth], items: list[Truth] | None, every: Truth, some: Truth
) -> None:
    thing = Thing(parts=None if items is None else tuple(Part(broken=item) for item in items))
    assert read(Thing.parts.every(Part.broken), thing) is every
    assert read(Thing.parts.some(Part.broken), thing) is some


@reader
@pytest.mark.parametrize(
    ("items", "at_least_two"),
    [(None, U), ([], F), ([T], F), ([T, U], U), ([T, T], T), ([T, T, U], T), ([F, U], F)],
)
def test_a_count_compares_its_least_and_greatest_number(
    read: Callable[[Predicate, Thing], Truth], items: list[Truth] | None, at_least_two: Truth
) -> None:
    thing = Thing(parts=None if items is None else tuple(Part(broken=item) for item in items))
    assert read(Thing.parts.count(Part.broken) >= 2, thing) is at_least_two


@reader
def test_an_event_not_recorded_has_not_happened_so_far(read: Callable[[Predicate, Thing], Truth]) -> None:
    assert [read(Thing.sold.so_far, Thing(sold=sold)) for sold in (T, F, U)] == [T, F, F]
