"""What one visit records, and its form as JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

import attrs

from .pathway.deciding import Decision
from .predicates.errors import DataError, Problem, did_you_mean
from .predicates.json_form import key_shown, read_facts, record_to_json_exactly, value_to_json
from .predicates.records import shown


def _unchanging(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    return facts if type(facts) is MappingProxyType else MappingProxyType(dict(facts))


@attrs.frozen
class Visit:
    """What one visit recorded; `on` is its date where given. Once made, `decision` is what it came to."""

    on: date | None
    facts: Mapping[str, Any] = attrs.field(converter=_unchanging)
    decision: Decision | None = attrs.field(default=None, eq=False, repr=False)

    def __reduce__(self) -> tuple[type[Visit], tuple[date | None, dict[str, Any], Decision | None]]:
        return (Visit, (self.on, dict(self.facts), self.decision))

    def to_json(self) -> dict[str, Any]:
        """Return the visit as JSON data."""
        facts = {name: value_to_json(value, record_to_json_exactly) for name, value in self.facts.items()}
        return {"on": None if self.on is None else self.on.isoformat(), "facts": facts}


_KEYS = ("on", "facts")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def visits_from_json(
    record_class: type[Any], data: object, *, exact: bool = False
) -> tuple[tuple[Visit, ...], list[Problem]]:
    """Read decoded JSON as the visits of a course: those that could be read, and everything wrong with them.

    When `exact`, they are what Visit.to_json gave.
    """
    if not isinstance(data, list):
        return (), [Problem("visits", "expected a list of visits", shown(data))]
    visits = []
    problems: list[Problem] = []
    latest: date | None = None
    for index, written in enumerate(data):
        place = f"visits[{index}]"
        if not isinstance(written, Mapping):
            problems.append(Problem(place, "expected an object with on and facts", shown(written)))
            continue
        facts, wrong = read_facts(record_class, written.get("facts", {}), exact=exact)
        on = None
        try:
            on = _date(written.get("on"))
        except DataError as error:
            problems.extend(problem.under(place) for problem in error.problems)
        if on is not None and latest is not None and on < latest:
            problems.append(Problem(f"{place}.on", f"expected a date not before {latest}", str(on)))
        latest = on or latest
        problems.extend(problem.under(place) for problem in unknown_keys(written, _KEYS))
        problems.extend(problem.under("facts").under(place) for problem in wrong)
        visits.append(Visit(on, facts))
    return tuple(visits), problems


def unknown_keys(data: Mapping[str, Any], known: tuple[str, ...]) -> list[Problem]:
    """What is wrong with the keys of an object that has only the known ones."""
    return [
        Problem(key_shown(key), f"expected one of the keys {', '.join(known)}{did_you_mean(key, known)}")
        for key in data
        if key not in known
    ]


def _date(written: object) -> date | None:
    """Read YYYY-MM-DD, or None."""
    if written is None:
        return None
    if isinstance(written, str) and _DATE.fullmatch(written):
        try:
            return date.fromisoformat(written)
        except ValueError:
            pass
    raise DataError([Problem("on", "expected a date as YYYY-MM-DD", shown(written))])
