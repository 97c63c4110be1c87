"""Records as Hypothesis strategies, read off their declarations."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from hypothesis import reject, strategies as st

from ..pathway.pathway import Pathway
from ..predicates.declarations import Declaration
from ..predicates.domains import Boolean, Choice, ListOf, Numeric
from ..predicates.errors import DataError
from ..predicates.nodes import Predicate
from ..predicates.records import Contradiction, contradictions_of, facts_of, record_facts
from .values import Values, within

R = TypeVar("R")
Facts = dict[str, Any]
Of = Pathway | Iterable[Predicate]

LONGEST_LIST = 3
"""Items of a list that are drawn; more only where facts that contradict each other ask for it."""
LONGEST_MENDED = 12


def records(record: type[R], *, of: Of = ()) -> st.SearchStrategy[R]:
    """Records of which some facts are known, those of the items of their lists too.

    `of`, a pathway or criteria, favours the values that its criteria tell apart. A record shrinks to one of which
    nothing is known but the defaults, and a value to false, the first member, the plainest number, the empty list.
    """
    return drawn_records(record, values_of(record, of), complete=False)


def complete_records(record: type[R], *, of: Of = ()) -> st.SearchStrategy[R]:
    """Records of which every fact is known, those of the items of their lists too; `of` as in `records`."""
    return drawn_records(record, values_of(record, of), complete=True)


def values_of(record: type[Any], of: Of) -> Values:
    """The values that a pathway or criteria tell apart."""
    criteria = [found.predicate for found in of.criteria()] if isinstance(of, Pathway) else of
    return Values.of_record(record, criteria)


def drawn_records(record: type[R], values: Values, *, complete: bool, written: bool = False) -> st.SearchStrategy[R]:
    """Records; when `written`, such as course files hold: of a fact with a default, at least that is known."""
    facts = drawn_facts(record, values, complete=complete, written=written)
    blank = record(**dict.fromkeys(facts_of(record)))

    @st.composite
    def made(draw: st.DrawFn) -> R:
        drawn = draw(facts)
        mended = settled(blank, drawn, _mending(values, draw) if complete else never)
        return record_facts(blank, mended if mended is not None else reject())

    return made()


def drawn_facts(
    record: type[Any], values: Values, *, complete: bool, written: bool = False
) -> st.SearchStrategy[Facts]:
    """The facts of a record by name, each for itself: they may contradict each other."""

    def value(fact: Declaration) -> st.SearchStrategy[Any]:
        known = drawn_value(fact, values, complete=complete, written=written)
        if complete:
            return known
        return st.sampled_from(_unknown(fact, written)) | known

    known = st.fixed_dictionaries({name: value(fact) for name, fact in facts_of(record).items()})
    return known.map(lambda facts: {name: value for name, value in facts.items() if value is not None})


def _unknown(fact: Declaration, written: bool) -> tuple[Any, ...]:
    """What a fact is while nothing was recorded of it."""
    return (None,) if fact.default is None else (fact.default,) if written else (fact.default, None)


def drawn_value(fact: Declaration, values: Values, *, complete: bool, written: bool = False) -> st.SearchStrategy[Any]:
    """The values of a fact."""
    match fact.domain:
        case Boolean() | Choice():
            return st.sampled_from(values.of(fact))
        case Numeric() as domain:
            return st.sampled_from(values.of(fact)) | _any_number(domain)
        case ListOf(record):
            items = drawn_records(record, values, complete=complete, written=written)
            return st.lists(items, max_size=LONGEST_LIST).map(tuple)


def _any_number(domain: Numeric) -> st.SearchStrategy[float]:
    """Any number of a domain; of those that are not whole, such as are written with few figures."""
    low, high = within(domain)
    scale = 1 if domain.whole else 10 ** max(0, 3 - math.floor(math.log10(high - low)))
    first, last = math.ceil(low * scale), math.floor(high * scale)
    first += not domain.accepts(_scaled(first, scale))
    return st.integers(min(first, last), last).map(lambda number: _scaled(number, scale))


def _scaled(number: int, scale: int) -> float:
    return number if scale == 1 else number / scale


# -- facts that contradict each other --------------------------------------------------------------------------------

Choices = Callable[[Declaration, Any], Iterable[Any]]
"""The values that may be recorded of a fact instead of the one it has."""


def never(_fact: Declaration, _now: Any) -> Iterable[Any]:
    """Nothing may be recorded instead: what contradicts is left out."""
    return ()


def settled(before: Any, facts: Mapping[str, Any], choices: Choices = never) -> Facts | None:
    """The facts with as few others in their place as make them fit what was known before, or None.

    Where there is no choice of another value, the fact that contradicts is left out.
    """
    found = dict(facts)
    broken = contradicted(before, found)
    while broken:
        mended = _mended(before, found, broken, choices)
        if mended is None:
            return None
        found, broken = mended
    return found


def contradicted(before: Any, facts: Mapping[str, Any]) -> list[Contradiction]:
    """What would be contradictory if these facts were recorded."""
    try:
        record_facts(before, facts)
    except DataError as error:
        told = {(problem.path, problem.expected) for problem in error.problems}
        return [one for one in contradictions_of(type(before)) if (one.at.name, one.text.en) in told]
    return []


def _mended(
    before: Any, facts: Facts, broken: list[Contradiction], choices: Choices
) -> tuple[Facts, list[Contradiction]] | None:
    """The facts with one contradiction less."""
    first = broken[0]
    declared = facts_of(type(before))
    others = sorted(first.facts - {first.at.name}, key=list(declared).index)
    for name in (first.at.name, *others):
        now = facts.get(name, declared[name].of(before))
        for value in choices(declared[name], now):
            tried = {**facts, name: value}
            left = contradicted(before, tried)
            if len(left) < len(broken):
                return tried, left
    for names in ({first.at.name}, first.facts):
        kept = {name: value for name, value in facts.items() if name not in names}
        left = contradicted(before, kept)
        if choices is never and len(left) < len(broken):
            return kept, left
    return None


def _mending(values: Values, draw: st.DrawFn) -> Choices:
    """Any value instead; of a list, one with fewer or more items, unless others are to be recorded anew."""

    def choices(fact: Declaration, now: Any) -> Iterable[Any]:
        if not isinstance(fact.domain, ListOf):
            return values.of(fact)
        if not now or not draw(st.booleans()):
            return ()
        return (now[:1] * length if length > len(now) else now[:length] for length in range(LONGEST_MENDED + 1))

    return choices
