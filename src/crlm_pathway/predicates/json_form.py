"""Records as JSON: read strictly, with every error found; written with what is known."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, TypeVar

from .declarations import Declaration
from .domains import Choice, ListOf
from .errors import NEAR_VALUES, DataError, Problem, did_you_mean
from .reading import OBJECTS, reading
from .records import facts_of, shown, unknown_fact, values_of

R = TypeVar("R")


def record_from_json(record_class: type[R], data: Mapping[str, Any]) -> R:
    """Make a record of decoded JSON; a key that is absent or null is not known.

    Raises a DataError that lists every unknown key and every value outside its domain, with its path.
    """
    record, problems = read_record(record_class, data)
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


def read_facts(record_class: type[Any], data: object) -> tuple[dict[str, Any], list[Problem]]:
    """Read a JSON object as facts of a record class: those recorded, and everything wrong with the rest."""
    if not isinstance(data, OBJECTS):
        return {}, [Problem("", "expected an object of facts", shown(data))]
    read = reading(record_class).facts
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
            problems.extend(_wrong(known[name], written))
        else:
            facts |= recorded
    return facts, problems


def read_record(record_class: type[Any], data: object) -> tuple[Any, list[Problem]]:
    """Read a JSON object as a record of which nothing else is known; with everything wrong with it, None."""
    record = reading(record_class).record(data) if isinstance(data, OBJECTS) else None
    if record is not None:
        return record, []
    facts, problems = read_facts(record_class, data)
    if not problems:
        try:
            return record_class(**facts), []
        except DataError as error:
            problems = list(error.problems)
    return None, problems


def key_shown(key: object) -> str:
    """A key of an object, as it stands in a path."""
    text = shown(key)
    return text[1:-1] if isinstance(key, str) and key.strip() else text


def _wrong(fact: Declaration, written: Any) -> list[Problem]:
    """What is wrong with a value that cannot be read."""
    domain = fact.domain
    if isinstance(domain, ListOf) and isinstance(written, list):
        return [
            problem.under(f"[{index}]").under(fact.name)
            for index, data in enumerate(written)
            for problem in read_record(domain.record, data)[1]
        ]
    hint = ""
    if isinstance(domain, Choice) and isinstance(written, str):
        hint = did_you_mean(written, [str(member.value) for member in domain.enum], NEAR_VALUES)
    return [Problem(fact.name, domain.expected + hint, shown(written))]


def record_to_json(record: Any) -> dict[str, Any]:
    """Return what is known of a record as JSON data.

    `record_from_json` reads it back as an equal record, unless a fact that has a default was unknown.
    """
    return {fact.name: value_to_json(value) for fact, value in values_of(record) if value is not None}


def record_to_json_exactly(record: Any) -> dict[str, Any]:
    """Return a record as JSON data, with null for a fact that has a default while not even that is known."""
    unknown = (fact.name for fact, value in values_of(record) if value is None and fact.default is not None)
    return record_to_json(record) | dict.fromkeys(unknown)


def value_to_json(value: Any) -> Any:
    """Return one fact's value as JSON data."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [record_to_json(item) for item in value]
    return value
