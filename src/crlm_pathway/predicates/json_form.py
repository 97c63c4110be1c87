"""Records as JSON: read strictly, with every error found; written with what is known."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, TypeVar

from .domains import Choice, Domain, ListOf, Numeric
from .errors import DataError, Problem
from .records import domain_problems, facts_of, shown, unknown_fact, values_of

R = TypeVar("R")


def record_from_json(record_class: type[R], data: Mapping[str, Any]) -> R:
    """Make a record of decoded JSON; a key that is absent or null is not known.

    Raises a DataError that lists every unknown key and every value outside its domain, with its path.
    """
    return record_class(**facts_from_json(record_class, data))


def facts_from_json(record_class: type[Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """Read decoded JSON as the facts of a visit; raises DataError as `record_from_json` does."""
    facts, problems = read_facts(record_class, data)
    if problems:
        raise DataError(problems)
    return facts


def read_facts(record_class: type[Any], data: object) -> tuple[dict[str, Any], list[Problem]]:
    """Read a JSON object as facts of a record class: those recorded, and everything wrong with the rest."""
    if not isinstance(data, Mapping):
        return {}, [Problem("", "expected an object of facts", shown(data))]
    known = facts_of(record_class)
    facts: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, written in data.items():
        if name not in known:
            problems.append(Problem(shown(name)[1:-1] or '""', unknown_fact(record_class, name)))
        elif written is not None:
            value, wrong = _value_from_json(known[name].domain, written)
            wrong = [problem.under(name) for problem in wrong] or domain_problems(known[name], value)
            problems.extend(wrong)
            facts[name] = value
    return facts, problems


def _value_from_json(domain: Domain, written: Any) -> tuple[Any, list[Problem]]:
    """The value a domain makes of decoded JSON; what it cannot make anything of is left for the domain to refuse."""
    match domain:
        case Choice(enum) if isinstance(written, str):
            return next((member for member in enum if member.value == written), written), []
        case Numeric(whole=True) if isinstance(written, float) and written.is_integer():
            return int(written), []  # JSON has one kind of number: 3.0 is whole
        case ListOf(record_class) if isinstance(written, list):
            items = [_item_from_json(record_class, item) for item in written]
            wrong = [problem.under(f"[{index}]") for index, (_, bad) in enumerate(items) for problem in bad]
            return tuple(item for item, _ in items), wrong
        case _:
            return written, []


def _item_from_json(record_class: type[Any], data: object) -> tuple[Any, list[Problem]]:
    facts, problems = read_facts(record_class, data)
    if problems:
        return None, problems
    try:
        return record_class(**facts), []
    except DataError as error:
        return None, list(error.problems)


def record_to_json(record: Any) -> dict[str, Any]:
    """Return what is known of a record as JSON data.

    `record_from_json` reads it back as an equal record, unless a fact that has a default was unknown.
    """
    return {fact.name: value_to_json(value) for fact, value in values_of(record) if value is not None}


def value_to_json(value: Any) -> Any:
    """Return one fact's value as JSON data."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [record_to_json(item) for item in value]
    return value
