"""Reading decoded JSON: functions written out for one class of records, which say whether all is right and no more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import isfinite
from typing import Any

import attrs

from .declarations import Declaration
from .domains import Boolean, Choice, ListOf, Numeric
from .history import START
from .records import contradictions_of, facts_of

OBJECTS = (dict, Mapping)
"""What is read as an object; nearly always the first, which is told in no time."""


@attrs.frozen
class Reading:
    """Functions that read objects as facts of a class of records; they return None when anything is wrong.

    Facts that are absent or null are not recorded. A record is one of which nothing else is known; read exactly, not
    even the default of a fact that is null.
    """

    facts: Callable[[Mapping[str, Any]], dict[str, Any] | None]
    record: Callable[[Mapping[str, Any]], Any | None]


_READINGS: dict[type[Any], Reading] = {}
_EXACT_READINGS: dict[type[Any], Reading] = {}


def reading(record_class: type[Any], *, exact: bool = False) -> Reading:
    """Return the functions that read a class of records, written when first asked for."""
    readings = _EXACT_READINGS if exact else _READINGS
    found = readings.get(record_class)
    if found is None:
        found = readings[record_class] = _written(record_class, exact=exact)
    return found


def _written(record_class: Any, *, exact: bool) -> Reading:
    """Write the functions out fact by fact, twice as fast as a loop that asks the domain of each."""
    facts = facts_of(record_class)
    names: dict[str, Any] = {
        "_keys": facts.keys(),
        "_open": record_class.__open__,
        "_class": record_class,
        "_contradictions": contradictions_of(record_class),
        "_start": START,
    }
    source = ["def facts(data):", "    get, found, facts = data.get, 0, {}"]
    for fact in facts.values():
        names |= _names(fact, exact=exact)
        source += _reads(fact, f"facts[{fact.name!r}]")
    source += [*_ENDS, "    return facts", "def record(data):", "    get, found, new = data.get, 0, _open()"]
    for fact in facts.values():
        known = f"_default_{fact.name}" + (f" if {fact.name!r} not in data else None" if exact else "")
        source += [*_reads(fact, f"new.{fact.name}"), f"    else: new.{fact.name} = {known}"]
    source += [*_ENDS, *_becomes("not contradiction.together and " if exact else "")]
    exec("\n".join(source), names)  # noqa: S102 - our own source, made of names
    return Reading(names["facts"], names["record"])


_ENDS = ("    if found != len(data) and not data.keys() <= _keys: return None",)


def _becomes(unless: str) -> Sequence[str]:
    """The source that makes a record of what was read; of one read exactly, the facts were not recorded together."""
    return (
        "    new.__class__ = _class",
        "    for contradiction in _contradictions:",
        f"        if {unless}contradiction.holds(new, _start): return None",
        "    return new",
    )


def _reads(fact: Declaration, target: str) -> Iterator[str]:
    """The source that reads a fact; `found` counts the keys that are known."""
    yield f"    value = get({fact.name!r})"
    yield "    if value is not None:"
    for line in _checks(fact):
        yield f"        {line}"
    yield f"        {target} = value"
    yield "        found += 1"


def _checks(fact: Declaration) -> Sequence[str]:
    """The source that makes a value of what was written, or returns; values of Python pass as they are."""
    refused = f"if not _accepts_{fact.name}(value): return None"
    match fact.domain:
        case Boolean():
            return ("if value is not True and value is not False: return None",)
        case Choice():
            return (f"if isinstance(value, str): value = _members_{fact.name}.get(value, value)", refused)
        case Numeric(whole=True):  # JSON has one kind of number: 3.0 is whole
            return ("if type(value) is float and value.is_integer(): value = int(value)", refused)
        case Numeric(low=low, high=high):
            no_infinity = () if isfinite(low) and isfinite(high) else ("if value - value != 0: return None",)
            return (refused, *no_infinity)
        case ListOf():
            return (f"if type(value) is list: value = _items_{fact.name}(value)", refused)


def _names(fact: Declaration, *, exact: bool) -> dict[str, Any]:
    """What the source for a fact refers to."""
    names = {f"_accepts_{fact.name}": fact.domain.accepts, f"_default_{fact.name}": fact.default}
    if isinstance(fact.domain, Choice):
        names[f"_members_{fact.name}"] = {member.value: member for member in fact.members}
    elif isinstance(fact.domain, ListOf):
        names[f"_items_{fact.name}"] = _items_of(fact.item_record, exact=exact)
    return names


def _items_of(record_class: type[Any], *, exact: bool) -> Callable[[list[Any]], tuple[Any, ...] | None]:
    read = reading(record_class, exact=exact).record

    def items(written: list[Any]) -> tuple[Any, ...] | None:
        found = []
        for data in written:
            item = read(data) if isinstance(data, OBJECTS) else None
            if item is None:
                return None
            found.append(item)
        return tuple(found)

    return items
