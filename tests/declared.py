"""Hypothesis strategies for records, read off their declarations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from hypothesis import strategies as st

from crlm_pathway import DataError
from crlm_pathway.predicates.declarations import Declaration
from crlm_pathway.predicates.diagram import bounds_of, stretches
from crlm_pathway.predicates.domains import Boolean, Choice, ListOf, Numeric
from crlm_pathway.predicates.nodes import Predicate
from crlm_pathway.predicates.records import facts_of

R = TypeVar("R")


def records(record: type[R], criteria: Iterable[Predicate] = (), *, complete: bool = True) -> st.SearchStrategy[R]:
    """Records whose every fact is known (`complete`) or may be; numbers at which `criteria` change come often."""
    criteria = tuple(criteria)
    unknown = st.nothing() if complete else st.none()
    facts = {name: unknown | value(fact, criteria, complete=complete) for name, fact in facts_of(record).items()}
    return st.fixed_dictionaries(facts).map(lambda drawn: _made(record, drawn)).filter(lambda made: made is not None)


def value(fact: Declaration, criteria: tuple[Predicate, ...], *, complete: bool) -> st.SearchStrategy[Any]:
    match fact.domain:
        case Boolean():
            return st.booleans()
        case Choice(enum):
            return st.sampled_from(enum)
        case Numeric() as domain:
            told_apart = stretches(domain, bounds_of(criteria).get(fact, ()))
            return st.sampled_from([cut.representative for cut in told_apart])
        case ListOf(record):
            return st.lists(records(record, criteria, complete=complete), max_size=3).map(tuple)


def _made(record: type[R], facts: dict[str, Any]) -> Any:
    try:
        return record(**facts)
    except DataError:  # contradicts itself
        return None
