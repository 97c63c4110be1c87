"""One patient's course through a pathway, driven by the `transitions` engine one visit at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, NoReturn
from weakref import WeakKeyDictionary

import attrs

from .about import VERSION
from .pathway.deciding import Decision
from .pathway.errors import RunningError
from .pathway.pathway import Pathway
from .predicates.errors import DataError, Problem
from .predicates.history import START, History
from .predicates.json_form import record_from_json, record_to_json
from .predicates.records import forget, record_facts, shown
from .steps import Outcome, Step
from .visits import Visit, unknown_keys, visits_from_json

if TYPE_CHECKING:
    from transitions import Machine


class JourneyFinished(RunningError):
    """A visit after the journey has reached a terminal state."""


class ForeignSnapshot(RunningError):
    """A snapshot was taken of another pathway, or of this one when it decided otherwise."""


class VisitWithinVisit(RunningError):
    """A callback made a visit while the one it was told of was still going on."""


StepCallback = Callable[["Journey", Step], object]
WaitingCallback = Callable[["Journey", Decision], object]
Moment = Literal["before_step", "on_exit", "on_enter", "after_step", "on_waiting"]
_Subscriber = Mapping[Moment, Callable[["Journey", Any], object] | None]


class _Cursor:
    """Where a journey is: the model of the transitions engine, and nothing else."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


_Engines = WeakKeyDictionary[Pathway, "Machine"]
_QUIET: _Engines = WeakKeyDictionary()
_TELLING: _Engines = WeakKeyDictionary()


def _engine(pathway: Pathway, engines: _Engines) -> Machine:
    """The pathway as a state machine, made once: a trigger for each transition, without conditions of its own.

    The telling one calls those who subscribed to the journey; the quiet one spares the others the time.
    """
    if pathway not in engines:
        from transitions import Machine

        telling = engines is _TELLING
        ways = {"on_exit": _told("on_exit"), "on_enter": _told("on_enter")} if telling else {}
        machine = Machine(
            model=None,
            states=[{"name": state.name, **ways} for state in pathway.states],
            initial=pathway.start,
            auto_transitions=False,
            before_state_change=_told("before_step") if telling else None,
            after_state_change=_told("after_step") if telling else None,
        )
        for state in pathway.states:
            for transition in pathway.leaving(state):
                machine.add_transition(transition.key, state.name, transition.to)
        engines[pathway] = machine
    return engines[pathway]


def _told(moment: Moment) -> Callable[[Journey, Step], None]:
    """The engine's callback for a moment of a step."""

    def tell(journey: Journey, step: Step) -> None:
        if moment == "on_enter":
            journey._arrive(step)  # noqa: SLF001 - the engine is a part of the journey
        journey._tell(moment, step)  # noqa: SLF001 - likewise

    return tell


class Journey:
    """One patient's course: what is known, where it stands, and the steps that led there.

    Begin with `Journey.begin(pathway, patient)`, then `visit`. A journey belongs to one thread.
    """

    __slots__ = (
        "_cursor",
        "_history",
        "_latest",
        "_patient",
        "_raised",
        "_referral",
        "_steps",
        "_steps_of_visits",
        "_subscribers",
        "_visiting",
        "_visits",
        "pathway",
    )

    def __init__(self, pathway: Pathway, patient: Any) -> None:
        pathway.decide(pathway.start, patient)  # refuses a record of another class
        self.pathway = pathway
        self._cursor = _Cursor(pathway.start)
        self._referral = self._patient = patient
        self._history = START
        self._latest: date | None = None
        self._visits: list[Visit] = []
        self._steps_of_visits: list[Step | None] = []
        self._steps: list[Step] = []
        self._subscribers: tuple[_Subscriber, ...] = ()
        self._visiting = False
        self._raised: list[BaseException] = []

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
        JourneyFinished in a terminal state. What a callback raises is raised once the visit is whole: see `subscribe`.
        """
        if self._visiting:
            raise VisitWithinVisit("a callback cannot make a visit; make it once the visit it was told of is over")
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
        decision = self.pathway.decide(state, patient, self._history)
        step = None
        if decision.transition is not None:
            step = Step(self.pathway, len(self._visits), on, state, decision.transition, patient, self._history)
            if self.pathway.state(step.target).tables:
                step.options  # noqa: B018 - a table that cannot choose is to raise here, not when the step is told
        # Nothing can go wrong from here on but a callback, which undoes nothing.
        self._patient = patient
        self._latest = on or self._latest
        self._visits.append(Visit(on, recorded, decision))
        self._steps_of_visits.append(step)
        self._visiting = True
        try:
            self._come_to(decision, step)
        finally:
            self._visiting = False
        if self._raised:
            self._raise()
        return step

    def _come_to(self, decision: Decision, step: Step | None) -> None:
        """Take the step that a visit decided on, or tell that it waits."""
        if step is None:
            self._tell("on_waiting", decision)
        elif self._subscribers:
            _engine(self.pathway, _TELLING).events[step.transition.key].trigger(self._cursor, self, step)
        else:
            _engine(self.pathway, _QUIET).events[step.transition.key].trigger(self._cursor)
            self._arrive(step)

    def _raise(self) -> NoReturn:
        """Raise what callbacks have raised."""
        raised, self._raised = self._raised, []
        if len(raised) > 1:
            raise BaseExceptionGroup("several callbacks raised; the visit stands", raised)
        raise raised[0]

    def _arrive(self, step: Step) -> None:
        stale = self.pathway.stale(step.target)
        self._patient = forget(self._patient, stale) if stale else self._patient
        self._history = self._history.after(step.transition.key, step.source, step.target)
        self._steps.append(step)

    def _tell(self, moment: Moment, what: Step | Decision) -> None:
        for subscriber in self._subscribers:
            callback = subscriber[moment]
            if callback is not None:
                try:
                    callback(self, what)
                except BaseException as error:  # noqa: BLE001 - it is raised when the visit is whole
                    self._raised.append(error)

    def what_if(self, facts: Mapping[str, Any] | None = None, /, **named: Any) -> Decision:
        """Return what a visit with these facts would decide; nothing is recorded."""
        patient = record_facts(self._patient, _recorded(facts, named))
        return self.pathway.decide(self.state, patient, self._history)

    # -- callbacks ---------------------------------------------------------------------------------------------------

    def subscribe(
        self,
        *,
        before_step: StepCallback | None = None,
        on_exit: StepCallback | None = None,
        on_enter: StepCallback | None = None,
        after_step: StepCallback | None = None,
        on_waiting: WaitingCallback | None = None,
    ) -> Callable[[], None]:
        """Have functions called at every visit from now on; return one that ends the subscription.

        A step is told in this order: `before_step` and `on_exit` hear of it while the journey stands in the state it
        leaves, `on_enter` and `after_step` when it stands in the one it enters, a self transition's own included. They
        are called with the journey and the step; `on_waiting`, at a visit that takes no step, with the journey and the
        decision. The visit is recorded before the first call, so `to_json` saves it at any of them.

        A callback that raises undoes nothing and keeps nobody else from hearing: once the visit is whole, `visit`
        raises what it raised (an ExceptionGroup when there are several). A callback cannot make a visit.
        """
        subscriber: _Subscriber = {
            "before_step": before_step,
            "on_exit": on_exit,
            "on_enter": on_enter,
            "after_step": after_step,
            "on_waiting": on_waiting,
        }
        self._subscribers = (*self._subscribers, subscriber)

        def unsubscribe() -> None:
            self._subscribers = tuple(other for other in self._subscribers if other is not subscriber)

        return unsubscribe

    # -- snapshot and resume -----------------------------------------------------------------------------------------

    def to_json(self) -> dict[str, Any]:
        """Return the journey as JSON data: its pathway's fingerprint, its referral and its visits."""
        return {
            "pathway": self.pathway.name,
            "fingerprint": self.pathway.fingerprint,
            "version": VERSION,
            "patient": record_to_json(self._referral),
            "visits": [
                {**visit.to_json(), "step": None if step is None else attrs.asdict(step.outcome)}
                for visit, step in zip(self._visits, self._steps_of_visits, strict=True)
            ],
        }

    @classmethod
    def from_json(cls, pathway: Pathway, data: Mapping[str, Any]) -> Journey:
        """Resume a snapshot by replaying it; nobody has subscribed yet, so nobody is told.

        Raises ForeignSnapshot when it was taken of a pathway that decides otherwise, DataError when it does not read.
        """
        fingerprint = data.get("fingerprint", pathway.fingerprint) if isinstance(data, Mapping) else pathway.fingerprint
        if fingerprint != pathway.fingerprint:
            raise ForeignSnapshot(
                f"the snapshot is of {data.get('pathway')} with the fingerprint {fingerprint}; this is "
                f"{pathway.name} with {pathway.fingerprint}. Journey.replay tells what differs"
            )
        replay = cls.replay(pathway, data)
        if replay.difference is not None:
            raise ForeignSnapshot(f"the snapshot is not of what happened: {replay.difference}")
        return replay.journey

    @classmethod
    def replay(cls, pathway: Pathway, data: Mapping[str, Any]) -> Replay:
        """Take the referral and the visits of a snapshot through a pathway, whatever it was taken of.

        The visits go on after the first that comes to something else, up to the end. Raises DataError when the
        snapshot does not read, or its facts are none of this pathway's record.
        """
        referral, visits = _read_snapshot(pathway, data)
        journey = cls.begin(pathway, referral)
        difference: Difference | None = None
        for number, (visit, took) in enumerate(visits):
            state, now = journey.state, None
            for step in follow(journey, [visit]):
                now = None if step is None else step.outcome
            if now != took and difference is None:
                difference = Difference(number, visit.on, state, took, now)
        return Replay(journey, difference)


def follow(journey: Journey, visits: Iterable[Visit]) -> Iterator[Step | None]:
    """Make visits until the journey ends, and yield what each came to.

    Raises a DataError, with the path of the visit, for facts that contradict what was known before.
    """
    for visit in visits:
        if journey.finished:
            return
        place = f"visits[{len(journey.visits)}].facts"
        try:
            yield journey.visit(visit.facts, on=visit.on)
        except DataError as error:
            raise DataError(problem.under(place) for problem in error.problems) from None


@attrs.frozen
class Difference:
    """The first visit of a snapshot that comes to something else under another pathway.

    `visit` counts from 0; `state` is where the replay stood; `recorded` is the step that the snapshot has, `replayed`
    the one that this pathway takes, each None where the journey waited or had ended.
    """

    visit: int
    on: date | None
    state: str
    recorded: Outcome | None
    replayed: Outcome | None

    def __str__(self) -> str:
        when = f"visit {self.visit + 1}" + ("" if self.on is None else f" on {self.on}")
        recorded, replayed = self.recorded or "no step", self.replayed or "no step"
        return f"{when}, in {self.state}: it took {recorded}, and now takes {replayed}"


@attrs.frozen
class Replay:
    """A journey replayed under a pathway, and the first visit that came to something else, if there is one."""

    journey: Journey
    difference: Difference | None


_SNAPSHOT_KEYS = ("pathway", "fingerprint", "version", "patient", "visits")
_OUTCOME_KEYS = tuple(field.name for field in attrs.fields(Outcome))


def _read_snapshot(pathway: Pathway, data: object) -> tuple[Any, Sequence[tuple[Visit, Outcome | None]]]:
    """The referral and the visits of a snapshot; a DataError lists everything wrong with it."""
    if not isinstance(data, Mapping):
        raise DataError([Problem("the snapshot", "expected an object", shown(data))])
    problems = [
        *unknown_keys(data, _SNAPSHOT_KEYS),
        *(
            Problem(key, "expected what Journey.to_json gives; the key is missing")
            for key in _SNAPSHOT_KEYS
            if key not in data
        ),
    ]
    referral = None
    try:
        referral = record_from_json(pathway.record, data.get("patient", {}))
    except DataError as error:
        problems.extend(problem.under("patient") for problem in error.problems)
    written, outcomes, wrong = _split_outcomes(data.get("visits", []))
    visits, wrong_visits = visits_from_json(pathway.record, written)
    problems += [*wrong_visits, *wrong]
    if problems:
        raise DataError(problems)
    return referral, tuple(zip(visits, outcomes, strict=True))


def _split_outcomes(visits: object) -> tuple[object, list[Outcome | None], list[Problem]]:
    """The visits of a snapshot as those of a course, what each came to, and what is wrong with the latter."""
    if not isinstance(visits, list):
        return visits, [], []
    plain: list[object] = []
    outcomes: list[Outcome | None] = []
    problems: list[Problem] = []
    for index, visit in enumerate(visits):
        step = visit.get("step", ...) if isinstance(visit, Mapping) else None
        if isinstance(step, Mapping) and set(step) == set(_OUTCOME_KEYS) and isinstance(step["options"], Mapping):
            outcomes.append(Outcome(**step))
        else:
            outcomes.append(None)
            if step is not None:
                expected = f"expected null or an object with {', '.join(_OUTCOME_KEYS)}"
                problems.append(Problem(f"visits[{index}].step", expected, None if step is ... else shown(step)))
        plain.append({k: v for k, v in visit.items() if k != "step"} if isinstance(visit, Mapping) else visit)
    return plain, outcomes, problems


def _recorded(facts: Mapping[str, Any] | None, named: Mapping[str, Any]) -> dict[str, Any]:
    """What a visit recorded, in a form that nobody can change later."""
    given = {**facts, **named} if facts else named
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in given.items() if value is not None
    }
