"""One patient's course through a pathway, driven by the `transitions` engine one visit at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import attrs

from .about import VERSION
from .pathway.deciding import Decision
from .pathway.errors import RunningError
from .pathway.model import Advisory, Choice, Transition
from .pathway.pathway import Pathway
from .predicates.errors import DataError, Problem
from .predicates.history import START, History
from .predicates.json_form import record_from_json, record_to_json
from .predicates.labels import Language
from .predicates.records import forget, record_facts, shown
from .visits import Visit, visits_from_json

if TYPE_CHECKING:
    from transitions import Machine


class JourneyFinished(RunningError):
    """A visit after the journey has reached a terminal state."""


class ForeignSnapshot(RunningError):
    """A snapshot was taken of another pathway, or of this one when it decided otherwise."""


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

    @cached_property
    def options(self) -> Mapping[str, Choice]:
        """What the decision tables of the state entered chose, by the name of the table."""
        return self.pathway.options(self.target, self.patient, self.history)

    @cached_property
    def advisories(self) -> tuple[Advisory, ...]:
        """What was to be minded: the advisories of the state left, then of the state entered."""
        return self.pathway.advisories(self.source, self.target, self.patient, self.history)

    def because(self, language: Language = "en") -> str:
        """The reasons in one line, with the values that decided."""
        from .pathway.because import because

        return because(self.transition, self.patient, self.history, self.pathway.names, language)


class _Cursor:
    """Where a journey is: the model of the transitions engine, and nothing else."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


_ENGINES: WeakKeyDictionary[Pathway, Machine] = WeakKeyDictionary()


def _engine(pathway: Pathway) -> Machine:
    """The pathway as a state machine, made once: a trigger for each transition, without conditions of its own."""
    if pathway not in _ENGINES:
        from transitions import Machine

        machine = Machine(
            model=None,
            states=[state.name for state in pathway.states],
            initial=pathway.start,
            auto_transitions=False,
        )
        for state in pathway.states:
            for transition in pathway.leaving(state):
                machine.add_transition(transition.key, state.name, transition.to)
        _ENGINES[pathway] = machine
    return _ENGINES[pathway]


class Journey:
    """One patient's course: what is known, where it stands, and the steps that led there.

    Begin with `Journey.begin(pathway, patient)`, then `visit`. A journey belongs to one thread.
    """

    __slots__ = ("_cursor", "_history", "_latest", "_machine", "_patient", "_referral", "_steps", "_visits", "pathway")

    def __init__(self, pathway: Pathway, patient: Any) -> None:
        pathway.decide(pathway.start, patient)  # refuses a record of another class
        self.pathway = pathway
        self._machine = _engine(pathway)
        self._cursor = _Cursor(pathway.start)
        self._referral = self._patient = patient
        self._history = START
        self._latest: date | None = None
        self._visits: list[Visit] = []
        self._steps: list[Step] = []

    @classmethod
    def begin(cls, pathway: Pathway, patient: Any) -> Journey:
        """Begin in the pathway's first state with what is known at referral."""
        return cls(pathway, patient)

    def __repr__(self) -> str:
        return (
            f"<Journey through {self.pathway.name}: {self.state}, {len(self._steps)} steps, {len(self._visits)} visits>"
        )

    @property
    def state(self) -> str:
        """The name of the state the journey is in."""
        return self._cursor.state

    @property
    def finished(self) -> bool:
        """Whether that state is terminal."""
        return self._cursor.state in self.pathway.terminal_states

    @property
    def patient(self) -> Any:
        """What is known now."""
        return self._patient

    @property
    def history(self) -> History:
        """The journey facts now."""
        return self._history

    @property
    def steps(self) -> Sequence[Step]:
        """The steps taken."""
        return tuple(self._steps)

    @property
    def visits(self) -> Sequence[Visit]:
        """The visits made, those that waited included."""
        return tuple(self._visits)

    @property
    def decision(self) -> Decision:
        """What the state does with what is known now."""
        return self.pathway.decide(self.state, self._patient, self._history)

    @property
    def waiting_for(self) -> tuple[str, ...]:
        """Paths of the unknown facts that could decide the next step; empty when it is decided, or at the end."""
        return self.decision.waiting_for

    def visit(self, facts: Mapping[str, Any] | None = None, /, *, on: date | None = None, **named: Any) -> Step | None:
        """Record the facts of a visit, then take at most one step; return it, or None while the journey waits.

        `on` is the visit's date, never before an earlier one. Facts may be given as a mapping, by name, or both; None
        was not recorded. Raises DataError for facts that do not fit, and leaves the journey as it was; raises
        JourneyFinished in a terminal state.
        """
        state = self._cursor.state
        if self.finished:
            raise JourneyFinished(f"the journey has ended in {state}; no visit can follow")
        recorded = _recorded(facts, named)
        if on is not None:
            if type(on) is not date:
                raise DataError([Problem("on", "expected a datetime.date", repr(on))])
            if self._latest is not None and on < self._latest:
                raise DataError([Problem("on", f"expected a date not before {self._latest}", str(on))])
        patient = record_facts(self._patient, recorded)
        history = self._history
        decision = self.pathway.decide(state, patient, history)
        transition = decision.transition
        self._latest = on or self._latest
        visit = Visit(on, recorded, decision)
        if transition is None:
            self._patient = patient
            self._visits.append(visit)
            return None
        step = Step(self.pathway, len(self._visits), on, state, transition, patient, history)
        stale = self.pathway.stale(transition.to)
        self._patient = forget(patient, stale) if stale else patient
        self._history = history.after(transition.key, state, transition.to)
        self._visits.append(visit)
        self._steps.append(step)
        self._machine.events[transition.key].trigger(self._cursor)
        return step

    def what_if(self, facts: Mapping[str, Any] | None = None, /, **named: Any) -> Decision:
        """Return what a visit with these facts would decide; nothing is recorded."""
        patient = record_facts(self._patient, _recorded(facts, named))
        return self.pathway.decide(self.state, patient, self._history)

    # -- snapshot and resume -----------------------------------------------------------------------------------------

    def to_json(self) -> dict[str, Any]:
        """Return the journey as JSON data: its pathway's fingerprint, its referral and its visits."""
        return {
            "pathway": self.pathway.name,
            "fingerprint": self.pathway.fingerprint,
            "version": VERSION,
            "patient": record_to_json(self._referral),
            "visits": [visit.to_json() for visit in self._visits],
        }

    @classmethod
    def from_json(cls, pathway: Pathway, data: Mapping[str, Any]) -> Journey:
        """Resume a snapshot by replaying it.

        Raises ForeignSnapshot when it was taken of a pathway that decides otherwise, DataError when it does not read.
        """
        if not isinstance(data, Mapping):
            raise DataError([Problem("the snapshot", "expected an object", shown(data))])
        if data.get("fingerprint") != pathway.fingerprint:
            raise ForeignSnapshot(
                f"the snapshot is of {data.get('pathway')} with the fingerprint {data.get('fingerprint')}; "
                f"this is {pathway.name} with {pathway.fingerprint}"
            )
        visits, problems = visits_from_json(pathway.record, data.get("visits", []))
        if problems:
            raise DataError(problems)
        journey = cls.begin(pathway, record_from_json(pathway.record, data.get("patient", {})))
        for visit in visits:
            journey.visit(visit.facts, on=visit.on)
        return journey


def _recorded(facts: Mapping[str, Any] | None, named: Mapping[str, Any]) -> dict[str, Any]:
    """What a visit recorded, in a form that nobody can change later."""
    given = {**facts, **named} if facts else named
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in given.items() if value is not None
    }
