"""What decides, in a form that can be compared: the same fingerprint, the same decisions."""

from __future__ import annotations

import json
from collections.abc import Iterable
from enum import Enum
from typing import TYPE_CHECKING, Any

import attrs

from ..predicates.declarations import Declaration
from ..predicates.domains import Choice, ListOf
from ..predicates.nodes import Named, Parameter
from ..predicates.records import contradictions_of, facts_of
from .model import DecisionTable, State, lists_of

if TYPE_CHECKING:
    from .pathway import Pathway


def fingerprint(pathway: Pathway) -> str:
    """Return 16 hexadecimal digits over states, asked facts, guards, tables, parameters and facts, but no labels."""
    form = {
        "start": pathway.start,
        "records": [_record(cls) for cls in _records(pathway.record)],
        "interrupts": _in_order([step.key, step.to, _form(step.when)] for step in pathway.interrupts),
        "states": _in_order([state.name, _state(state)] for state in pathway.states),
    }
    import hashlib

    return hashlib.sha256(json.dumps(form, sort_keys=True).encode()).hexdigest()[:16]


def _records(cls: type[Any]) -> Iterable[type[Any]]:
    yield cls
    for fact in lists_of(cls):
        yield from _records(fact.item_record)


def _record(cls: type[Any]) -> Any:
    facts = [[name, _form(fact.domain), _form(fact.default)] for name, fact in facts_of(cls).items()]
    return [cls.__name__, facts, [[_form(found.when), found.together] for found in contradictions_of(cls)]]


def _state(state: State) -> Any:
    return {
        "name": state.name,
        "terminal": state.terminal,
        "asks": sorted(map(repr, state.asks)),
        "transitions": _in_order([step.key, step.to, _form(step.when)] for step in state.transitions),
        "tables": _in_order(_table(table) for table in state.tables),
        "advisories": _in_order([advice.key, _form(advice.criterion)] for advice in state.advisories),
    }


def _in_order(parts: Iterable[list[Any]]) -> list[list[Any]]:
    """Parts that begin with their names; in which order they were declared decides nothing."""
    return sorted(parts, key=lambda part: str(part[0]))


def _table(table: DecisionTable) -> Any:
    rows = _in_order([row.key, row.name, _form(row.when), _form(row.review)] for row in table.options)
    return [table.name, _form(table.over), _form(table.done), _form(table.given), rows]


def _form(value: Any) -> Any:
    """The value as JSON data: nodes as [kind, fields...], facts by name, no labels."""
    match value:
        case None | bool() | int() | float() | str() if not isinstance(value, Enum):
            return value
        case Declaration():
            return ["fact", repr(value)]
        case Enum():
            return value.value
        case type():
            return value.__name__
        case Parameter(name, number):
            return ["parameter", name, number]
        case Named(predicate=inner):
            return _form(inner)
        case Choice(enum):
            return ["choice", [member.value for member in enum]]
        case ListOf(record):
            return ["list", record.__name__]
        case tuple():
            return [_form(part) for part in value]
        case _ if attrs.has(kind := type(value)):
            return [kind.__name__, *(_form(getattr(value, field.name)) for field in attrs.fields(kind))]
        case _:
            raise NotImplementedError(f"the fingerprint has no rule for {type(value).__name__}")
