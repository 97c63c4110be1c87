"""The facts of the CRLM record as Markdown, from their declarations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crlm_pathway import CRLM
from crlm_pathway.pathway.model import lists_of
from crlm_pathway.predicates.declarations import Declaration
from crlm_pathway.predicates.domains import Boolean, Choice, ListOf, Numeric
from crlm_pathway.predicates.labels import figure, text_of, unit_text
from crlm_pathway.predicates.records import contradictions_of, facts_of
from markup import both, bullets, code, paragraphs, plain


def facts() -> str:
    """Return every fact of a patient and of the items of the patient's lists, and what is expected of them together."""
    return paragraphs(_facts())


def _facts() -> Iterator[str]:
    yield "## The facts"
    yield (
        "These are the facts of `patient` and of each visit's `facts`. A state in which a fact is *asked* makes it "
        "unknown on entry."
    )
    yield "### `patient`"
    yield _listed(CRLM.record)
    for listed in lists_of(CRLM.record):
        yield f"### An item of `{listed.name}`"
        yield _listed(listed.item_record)
    yield "### What is expected of facts together"
    yield bullets(both(found.text, "<br>") for cls in _records() for found in contradictions_of(cls))


def _records() -> Iterator[type[Any]]:
    yield CRLM.record
    yield from (listed.item_record for listed in lists_of(CRLM.record))


def _listed(record: type[Any]) -> str:
    return "\n\n".join(f"{code(fact.name)}\n: {'<br>'.join(_told(fact))}" for fact in facts_of(record).values())


def _told(fact: Declaration) -> Iterator[str]:
    yield both(fact.text)
    yield _domain(fact)
    if fact.default is not None:
        yield f"At referral {code(str(fact.default).lower())} unless it is recorded otherwise"
    asking = [code(state.name) for state in CRLM.states if fact in state.asks]
    if asking:
        yield f"Asked in {', '.join(asking)}"


def _domain(fact: Declaration) -> str:
    match fact.domain:
        case Boolean():
            return "`true` or `false`"
        case Choice(enum):
            return "; ".join(f"{code(member.value)} {both(text_of(member))}" for member in enum)
        case Numeric(low, high, unit, whole, above):
            kind = "whole number" if whole else "number"
            start = f"above {figure(low)}, up to" if above else f"{figure(low)} to"
            return plain(f"{kind}, {start} {figure(high)} {unit_text(unit).en}".rstrip())
        case ListOf(item):
            return f"list of {item.__name__}"
