"""Records as JSON: read strictly, with every error found; written with what is known."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, TypeVar

from .declarations import Declaration
from .domains import Choice, ListOf
from .errors import NEAR_VALUES, DataError, Problem, did_you_mean
from .labels import text_of
from .reading import OBJECTS, reading
from .records import facts_of, shown, unknown_fact, values_of

R = TypeVar("R")


def record_from_json(record_class: type[R], data: Mapping[str, Any], *, exactly: bool = False) -> R:
    """Make a record of decoded JSON; a key that is absent or null is not known, unless the fact has a default.

    Read `exactly`, as an audit's facts are, a null makes unknown also what has a default, and facts may contradict each
    other that are refused only when they are recorded together. Raises a DataError that lists
    every unknown key and every value outside its domain, with its path.
    """
    record, problems = read_record(record_class, data, exact=exactly)
    if problems:
        raise DataError(problems)
    made: R = record
    return made


def facts_from_json(record_class: type[Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """Read decoded JSON as the facts of a visit; raises DataError as `record_from_json` does."""
    facts, problems = read_facts(record_class, data)
    if problems:
        raise DataError(problems)
    return facts


HINTED = 100
"""Wrong keys of one object up to which the nearest right one is looked for: who has more of them has another file."""


def read_facts(record_class: type[Any], data: object, *, exact: bool = False) -> tuple[dict[str, Any], list[Problem]]:
    """Read a JSON object as facts of a record class: those recorded, and everything wrong with the rest.

    When `exact`, not even the default is known of what is null in an item of a list.
    """
    if not isinstance(data, OBJECTS):
        return {}, [Problem("", "expected an object of facts", shown(data))]
    read = reading(record_class, exact=exact).facts
    facts = read(data)
    if facts is not None:
        return facts, []
    facts = {}
    problems: list[Problem] = []
    known = facts_of(record_class)
    for name, written in data.items():
        if name not in known:
            problems.append(Problem(key_shown(name), unknown_fact(record_class, name, len(problems) < HINTED)))
            continue
        recorded = read({name: written})
        if recorded is None:
            problems.extend(_wrong(known[name], written, exact=exact))
        else:
            facts |= recorded
    return facts, problems


def read_record(record_class: type[Any], data: object, *, exact: bool = False) -> tuple[Any, list[Problem]]:
    """Read a JSON object as a record of which nothing else is known; with everything wrong with it, None."""
    record = reading(record_class, exact=exact).record(data) if isinstance(data, OBJECTS) else None
    if record is not None:
        return record, []
    facts, problems = read_facts(record_class, data, exact=exact)
    if not problems:
        nulls = data.keys() - facts.keys() if exact and isinstance(data, Mapping) else ()
        try:
            return record_class(**facts, **dict.fromkeys(nulls)), []
        except DataError as error:
            problems = list(error.problems)
    return None, problems


def key_shown(key: object) -> str:
    """A key of an object, as it stands in a path."""
    text = shown(key)
    return text[1:-1] if isinstance(key, str) and key.strip() else text


def _wrong(fact: Declaration, written: Any, *, exact: bool) -> list[Problem]:
    """What is wrong with a value that cannot be read."""
    domain = fact.domain
    if isinstance(domain, ListOf) and isinstance(written, list):
        return [
            problem.under(f"[{index}]").under(fact.name)
            for index, data in enumerate(written)
            for problem in read_record(domain.record, data, exact=exact)[1]
        ]
    hint = ""
    if isinstance(domain, Choice) and isinstance(written, str):
        hint = _by_label(written, domain) or did_you_mean(
            written, [str(member.value) for member in domain.enum], NEAR_VALUES
        )
    return [Problem(fact.name, domain.expected + hint, shown(written))]


def _by_label(written: str, domain: Choice) -> str:
    """The one value whose label, or a word of it, was written: `PR` means `partial`."""
    wanted = written.strip().casefold()
    meant = [
        member.value
        for member in domain.enum
        if any(wanted in (label, *_WORDS.findall(label)) for label in map(str.casefold, _labels(member)))
    ]
    return f" (did you mean `{meant[0]}`?)" if len(meant) == 1 else ""


_WORDS = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


def _labels(member: Enum) -> tuple[str, str]:
    text = text_of(member)
    return text.en, text.zh


def record_to_json(record: Any) -> dict[str, Any]:
    """Return what is known of a record as JSON data.

    `record_from_json` reads it back as an equal record, unless a fact that has a default was unknown.
    """
    return {fact.name: value_to_json(value) for fact, value in values_of(record) if value is not None}


def record_to_json_exactly(record: Any) -> dict[str, Any]:
    """Return a record as JSON data, with null for a fact that has a default while not even that is known."""
    return {
        fact.name: value_to_json(value, record_to_json_exactly)
        for fact, value in values_of(record)
        if value is not None or fact.default is not None
    }


def value_to_json(value: Any, item_to_json: Callable[[Any], dict[str, Any]] = record_to_json) -> Any:
    """Return one fact's value as JSON data."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [item_to_json(item) for item in value]
    return value
