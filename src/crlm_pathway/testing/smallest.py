"""Course files as small and plain as they can be while what is wrong with them stays the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from typing import Any

from ..courses import Course
from ..predicates.domains import ListOf
from ..predicates.json_form import record_to_json, value_to_json
from ..predicates.records import facts_of
from ..visits import Visit
from .values import Values

Data = dict[str, Any]
Same = Callable[[Data], bool]
Path = tuple[str | int, ...]


def course_to_json(course: Course) -> Data:
    """Return a course as JSON data, as course files have it; facts that are what they are by default stay out."""
    declared = facts_of(type(course.patient))
    patient = {
        name: value
        for name, value in record_to_json(course.patient).items()
        if declared[name].of(course.patient) != declared[name].default
    }
    return {"patient": patient, "visits": [_visit_to_json(visit) for visit in course.visits]}


def _visit_to_json(visit: Visit) -> Data:
    on = {} if visit.on is None else {"on": visit.on.isoformat()}
    return {**on, "facts": facts_to_json(visit.facts)}


def facts_to_json(facts: Mapping[str, Any]) -> Data:
    """Return the facts of a visit as JSON data."""
    return {name: value_to_json(value) for name, value in facts.items()}


def smallest(data: Data, same: Same, values: Values, record: type[Any]) -> Data:
    """Return the data without all that can go, and with the plainest values, while what matters stays the same."""
    before: Data | None = None
    while data != before:
        before = data
        for parts in (_visits, _dates, _facts, _items, _facts_of_items):
            data = _thinned(data, same, parts)
        for path in (*_facts(data), *_facts_of_items(data)):
            for value in _plainer(path, _at(data, path), values, record):
                other = _changed(data, path, value)
                if same(other):
                    data = other
                    break
    return data


def _thinned(data: Data, same: Same, parts_of: Callable[[Data], list[Path]]) -> Data:
    """The data without those of their parts that can go: many at a time, then fewer, the last first."""
    parts = parts_of(data)
    size = len(parts)
    while size:
        at = len(parts)
        while at > 0:
            first = max(0, at - size)
            smaller = _without(data, parts[first:at])
            if same(smaller):
                data, parts = smaller, parts_of(smaller)
            at = first
        size //= 2
    return data


def _visits(data: Data) -> list[Path]:
    return [("visits", number) for number in range(len(data["visits"]))]


def _dates(data: Data) -> list[Path]:
    return [(*visit, "on") for visit in _visits(data) if "on" in _at(data, visit)]


def _facts(data: Data) -> list[Path]:
    places: list[Path] = [("patient",), *((*visit, "facts") for visit in _visits(data)), ("learnt",)]
    return [(*place, name) for place in places if place[0] in data for name in _at(data, place)]


def _items(data: Data) -> list[Path]:
    lists = ((fact, _at(data, fact)) for fact in _facts(data))
    return [(*fact, at) for fact, items in lists if isinstance(items, list) for at in range(len(items))]


def _facts_of_items(data: Data) -> list[Path]:
    return [(*item, name) for item in _items(data) for name in _at(data, item)]


def _at(data: Data, path: Path) -> Any:
    place: Any = data
    for step in path:
        place = place[step]
    return place


def _without(data: Data, paths: list[Path]) -> Data:
    copy = deepcopy(data)
    for path in reversed(paths):
        del _at(copy, path[:-1])[path[-1]]
    return copy


def _changed(data: Data, path: Path, value: Any) -> Data:
    copy = deepcopy(data)
    _at(copy, path[:-1])[path[-1]] = value
    return copy


def _plainer(path: Path, now: Any, values: Values, record: type[Any]) -> Iterator[Any]:
    """The values of a fact that are plainer than the one it has."""
    *within, name = path[3:] if path[0] == "visits" else path[1:]
    owner = facts_of(record)[str(within[0])].item_record if within else record
    fact = facts_of(owner)[str(name)]
    if not isinstance(fact.domain, ListOf):
        for value in map(value_to_json, values.of(fact)):
            if value == now:
                return
            yield value


def written(data: Data, record: type[Any]) -> str:
    """A course file with a line for each visit, and facts in the order declared."""
    declared = list(facts_of(record))
    data = deepcopy(data)
    for place in (data, *data["visits"]):
        key = "patient" if place is data else "facts"
        place[key] = {name: place[key][name] for name in sorted(place[key], key=declared.index)}
    visits = ",\n            ".join(json.dumps(visit, ensure_ascii=False) for visit in data["visits"])
    return f'{{"patient": {json.dumps(data["patient"], ensure_ascii=False)},\n "visits": [{visits}]}}'
