"""A step of a journey: the transition taken at a visit, with all that is needed to audit it later."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any

import attrs

from .about import VERSION
from .pathway.choosing import each_chosen
from .pathway.model import Advisory, Choice, Option, Transition, declared, names_of
from .pathway.pathway import Pathway
from .predicates.history import History
from .predicates.json_form import record_to_json_exactly
from .predicates.labels import LANGUAGES, Language, printable
from .predicates.nodes import Predicate
from .predicates.wording import say


@attrs.frozen
class Outcome:
    """What a step came to, as JSON data: the transition's key, the state entered, its options, and what to mind."""

    transition: str
    to: str
    options: Mapping[str, Any]
    advisories: list[str]

    def __str__(self) -> str:
        chosen = {table: names if isinstance(names, list) else [names] for table, names in self.options.items()}
        told = [
            f"{label}: {', '.join('undecided' if name is None else str(name) for name in names)}"
            for label, names in {**chosen, "mind": self.advisories}.items()
            if names
        ]
        return printable(f"{self.transition} to {self.to}" + (f" ({'; '.join(told)})" if told else ""))


@attrs.frozen(slots=False)  # its cached properties are read at once
class Step:
    """A transition taken at a visit, with what decided it.

    `visit` counts from 0. `patient` and `history` are as they were when it was decided: after the visit's facts were
    recorded, before the facts that the state entered asks became unknown.
    """

    pathway: Pathway = attrs.field(repr=False)
    visit: int
    on: date | None
    source: str
    transition: Transition
    patient: Any = attrs.field(repr=False)
    history: History = attrs.field(repr=False)

    @property
    def target(self) -> str:
        """The name of the state entered."""
        return self.transition.to

    @property
    def guard(self) -> Predicate:
        """The criterion that held: the transition's own guard, and no interrupt."""
        leaving = self.pathway.leaving(self.pathway.state(self.source))
        return self.pathway.guards(self.source)[leaving.index(self.transition)]

    @cached_property
    def options(self) -> Mapping[str, Choice]:
        """What the decision tables of the state entered chose, by the name of the table."""
        return MappingProxyType(self.pathway.options(self.target, self.patient, self.history))

    def __getstate__(self) -> dict[str, Any]:
        return declared(self)

    @property
    def lacking(self) -> Mapping[str, tuple[str, ...]]:
        """Paths of the unknown facts that keep tables of the state entered from choosing, by the name of the table."""
        found: dict[str, tuple[str, ...]] = {}
        for chosen in each_chosen(self.pathway.state(self.target), self.options, self.patient):
            if paths := chosen.lacking_paths(self.history):
                found[chosen.table.name] = (*found.get(chosen.table.name, ()), *paths)
        return found

    @cached_property
    def advisories(self) -> tuple[Advisory, ...]:
        """What was to be minded: the advisories of the state left, then of the state entered."""
        return self.pathway.advisories(self.source, self.target, self.patient, self.history)

    @property
    def outcome(self) -> Outcome:
        """What it came to, by names and keys."""
        options = {table: names_of(choice) for table, choice in self.options.items()}
        return Outcome(self.transition.key, self.target, options, [advice.key for advice in self.advisories])

    def because(self, language: Language = "en") -> str:
        """The reasons in one line, with the values that decided."""
        from .pathway.because import because

        return because(self.transition, self.patient, self.history, self.pathway.names, language)

    def audit(self) -> dict[str, Any]:
        """Return, as JSON data, all that is needed to judge the step years later, without this library.

        What decided (`pathway`, `fingerprint`, `version`, `policy`), what it decided on (`facts`, `history`), what it
        came to (`transition`, `options` with the row that chose each, `lacking`: what keeps one from being chosen yet,
        `advisories`) and why (`guard` and `because` in
        both languages, `provenance`, `claims`). Whoever has the library decides `facts` and `history` in the state
        `from` again, and gets the same transition.
        """
        names, transition = self.pathway.names, self.transition
        return {
            "pathway": self.pathway.name,
            "fingerprint": self.pathway.fingerprint,
            "version": VERSION,
            "policy": {name: parameter.value for name, parameter in self.pathway.parameters.items()},
            "visit": self.visit,
            "on": None if self.on is None else self.on.isoformat(),
            "from": self.source,
            "to": self.target,
            "transition": transition.key,
            "code": transition.code,
            "provenance": transition.provenance.value,
            "claims": list(transition.claims),
            "guard": {language: say(self.guard, language, names) for language in LANGUAGES},
            "because": {language: self.because(language) for language in LANGUAGES},
            "options": {table: _chosen(choice) for table, choice in self.options.items()},
            "lacking": {table: list(paths) for table, paths in self.lacking.items()},
            "advisories": [
                {
                    "key": advice.key,
                    "claims": list(advice.claims),
                    "items": list(advice.items(self.patient, self.history)),
                }
                for advice in self.advisories
            ],
            "facts": record_to_json_exactly(self.patient),
            "history": {
                "taken": dict(self.history.taken),
                "rounds_here": self.history.rounds_here,
                "arrived_from": self.history.arrived_from,
            },
        }


def _chosen(choice: Choice) -> Any:
    """The option a table chose, with the row that chose it; one for each item of a table over a list."""
    match choice:
        case Option(name=name, key=key, claims=claims):
            return {"option": name, "row": key, "claims": list(claims)}
        case tuple():
            return [_chosen(one) for one in choice]
        case None:
            return None
