"""One patient's course through a pathway, driven by the `transitions` engine one visit at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from inspect import iscoroutinefunction, signature
from types import MappingProxyType
from typing import Any, Literal, NoReturn
from weakref import WeakKeyDictionary

import attrs

from .about import VERSION
from .pathway.choosing import chosen_since
from .pathway.deciding import Decision
from .pathway.errors import AmbiguousDecision, NoDecision, RunningError, WrongPathway
from .pathway.model import Choice
from .pathway.pathway import Pathway
from .pathway.showing import Shown
from .predicates.errors import DataError, Problem
from .predicates.history import START, History
from .predicates.json_form import key_shown, record_from_json, record_to_json_exactly
from .predicates.records import forget, record_facts, shown
from .steps import Outcome, Step
from .visits import Visit, unknown_keys, visits_from_json


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


_Engine = Mapping[str, Callable[..., bool]]
_Engines = WeakKeyDictionary[Pathway, _Engine]
_QUIET: _Engines = WeakKeyDictionary()
_TELLING: _Engines = WeakKeyDictionary()


def _engine(pathway: Pathway, engines: _Engines) -> _Engine:
    """The pathway as a state machine, made once: a trigger for each transition, by its key, without conditions.

    The telling one calls those who subscribed to the journey; the quiet one spares the others the time.
    """
    engine = engines.get(pathway)
    if engine is None:
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
        # Any name will do for a state or a transition: `*` and `=` are no wildcards, and no trigger is called `state`.
        machine.wildcard_all = machine.wildcard_same = ""
        for state in pathway.states:
            for transition in pathway.leaving(state):
                machine.add_transition(f"take {transition.key}", state.name, transition.to)
        engine = {step.key: machine.events[f"take {step.key}"].trigger for step in pathway.transitions}
        engines[pathway] = engine
    return engine


def _told(moment: Moment) -> Callable[[Journey, Step], None]:
    """The engine's callback for a moment of a step."""

    def tell(journey: Journey, step: Step) -> None:
        if moment == "on_enter":
            journey._arrive(step)  # noqa: SLF001 - the engine is a part of the journey
        journey._tell(moment, step)  # noqa: SLF001 - likewise

    return tell


class Journey(Shown):
    """One patient's course: what is known, where it stands, and the steps that led there.

    Begin with `Journey.begin(pathway, patient)`, then `visit`. A journey belongs to one thread. A copy of it, pickled
    or not, is resumed from a snapshot: nobody has subscribed to it.
    """

    __slots__ = (
        "__weakref__",
        "_arrival",
        "_cursor",
        "_history",
        "_latest",
        "_made",
        "_patient",
        "_raised",
        "_referral",
        "_steps",
        "_subscribers",
        "_visiting",
        "pathway",
    )

    def __init__(self, pathway: Pathway, patient: Any) -> None:
        _pathway_first("begin", pathway, "patient")
        if type(patient) is not pathway.record:
            pathway.refuse(patient, START)
        self.pathway = pathway
        self._cursor = _Cursor(pathway.start)
        self._referral = self._patient = patient
        self._history = History().know(pathway)
        self._latest: date | None = None
        self._made: list[tuple[Visit, Step | None]] = []
        self._steps: list[Step] = []
        self._arrival: tuple[Any, History] = (patient, START)
        self._subscribers: tuple[_Subscriber, ...] = ()
        self._visiting = False
        self._raised: list[BaseException] = []

    @classmethod
    def begin(cls, pathway: Pathway, patient: Any) -> Journey:
        """Begin in the pathway's first state with what is known at referral.

        Raises WrongRecord for a record of another class than the pathway's, WrongPathway for what is no pathway.
        """
        return cls(pathway, patient)

    def __repr__(self) -> str:
        return (
            f"<Journey through {self.pathway.name}: {self.state}, {len(self._steps)} steps, {len(self._made)} visits>"
        )

    def __reduce__(self) -> tuple[Callable[..., Journey], tuple[Pathway, dict[str, Any]]]:
        return (type(self).from_json, (self.pathway, self.to_json()))

    @property
    def state(self) -> str:
        """The name of the state the journey is in."""
        return self._cursor.state

    @property
    def finished(self) -> bool:
        """Whether that state is terminal."""
        return self._cursor.state in self.pathway.terminal_states

    @property
    def referral(self) -> Any:
        """What was known at referral."""
        return self._referral

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
        return tuple(visit for visit, _ in self._made)

    @property
    def options(self) -> Mapping[str, Choice]:
        """What the tables of the state chose on entering it or, where they could not then, choose by what is known now.

        By the name of the table, as `Step.options`; empty before the first step.
        """
        if not self._steps:
            return {}
        step = self._steps[-1]
        since = [visit.facts for visit, _ in self._made[step.visit + 1 :]]
        recorded = {name: value for facts in since for name, value in facts.items()}
        return chosen_since(self.pathway.state(self.state), step.options, step.patient, recorded, step.history)[0]

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
            step = Step(self.pathway, len(self._made), on, state, decision.transition, patient, self._history)
            if self.pathway.state(step.target).tables:
                step.options  # noqa: B018 - a table that cannot choose is to raise here, not when the step is told
            stale = self.pathway.stale(step.target)
            history = self._history.after(step.transition.key, state, step.target)
            self._arrival = (forget(patient, stale) if stale else patient, history)
        # Nothing can go wrong from here on but a callback, which undoes nothing, and an interrupt at any moment.
        self._make((Visit(on, MappingProxyType(recorded), decision), step), decision, patient, on or self._latest)
        if self._raised:
            self._raise()
        return step

    def _make(self, made: tuple[Visit, Step | None], decision: Decision, patient: Any, latest: date | None) -> None:
        """Make a visit, whole or not at all."""
        step = made[1]
        try:
            self._visiting = True
            self._made.append(made)
            self._patient, self._latest = patient, latest
            self._come_to(decision, step)
        except BaseException as error:  # noqa: BLE001 - it is raised when the visit is whole
            if self._made and self._made[-1] is made:
                self._latest = latest
                if step is None:
                    self._patient = patient
                elif not (self._steps and self._steps[-1] is step):
                    self._cursor.state = step.target
                    self._arrive(step)
            self._raised.append(error)
        finally:
            self._visiting = False

    def _come_to(self, decision: Decision, step: Step | None) -> None:
        """Take the step that a visit decided on, or tell that it waits."""
        if step is None:
            self._tell("on_waiting", decision)
        elif self._subscribers:
            _engine(self.pathway, _TELLING)[step.transition.key](self._cursor, self, step)
        else:
            _engine(self.pathway, _QUIET)[step.transition.key](self._cursor)
            self._arrive(step)

    def _raise(self) -> NoReturn:
        """Raise what callbacks have raised, and an interrupt."""
        raised, self._raised = self._raised, []
        if len(raised) > 1:
            raise BaseExceptionGroup("several callbacks raised; the visit stands", raised)
        raise raised[0]

    def _arrive(self, step: Step) -> None:
        self._patient, self._history = self._arrival
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
        """Return what a visit with these facts would decide; nothing is recorded. Raises DataError as `visit` does."""
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
        raises what it raised (an ExceptionGroup when there are several). A callback cannot make a visit; when it
        subscribes or ends a subscription, that counts from the next of these moments on.
        """
        subscriber: _Subscriber = {
            "before_step": before_step,
            "on_exit": on_exit,
            "on_enter": on_enter,
            "after_step": after_step,
            "on_waiting": on_waiting,
        }
        for moment, callback in subscriber.items():
            if callback is not None and (not callable(callback) or iscoroutinefunction(callback)):
                raise TypeError(f"{moment} is a function that is called, and not awaited; not {callback!r}")
            if callback is not None and not _takes_two(callback):
                told = "decision" if moment == "on_waiting" else "step"
                raise TypeError(f"{moment} is called with the journey and the {told}, which {callback!r} does not take")
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
            "patient": record_to_json_exactly(self._referral),
            "visits": [
                {**visit.to_json(), "step": None if step is None else attrs.asdict(step.outcome)}
                for visit, step in self._made
            ],
        }

    @classmethod
    def from_json(cls, pathway: Pathway, data: Mapping[str, Any]) -> Journey:
        """Resume a snapshot by replaying it; nobody has subscribed yet, so nobody is told.

        Raises ForeignSnapshot when it was taken of a pathway that decides otherwise, DataError when it does not read.
        """
        _pathway_first("from_json", pathway, "data")
        fingerprint = data.get("fingerprint", pathway.fingerprint) if isinstance(data, Mapping) else pathway.fingerprint
        if fingerprint != pathway.fingerprint:
            raise ForeignSnapshot(
                f"the snapshot is of {key_shown(data.get('pathway'))} with the fingerprint {key_shown(fingerprint)}; "
                f"this is {pathway.name} with {pathway.fingerprint}. Journey.replay tells what differs"
            )
        replay = cls.replay(pathway, data)
        if replay.difference is not None:
            raise ForeignSnapshot(f"the snapshot is not of what happened: {replay.difference}")
        return replay.journey

    @classmethod
    def replay(cls, pathway: Pathway, data: Mapping[str, Any]) -> Replay:
        """Take the referral and the visits of a snapshot through a pathway, whatever it was taken of.

        The visits go on after the first that comes to something else, up to the end. Raises DataError when the
        snapshot does not read, or its facts are none of this pathway's record; AmbiguousDecision or NoDecision when
        this pathway cannot decide a visit.
        """
        _pathway_first("replay", pathway, "data")
        referral, visits = _read_snapshot(pathway, data)
        journey = cls.begin(pathway, referral)
        difference: Difference | None = None
        for number, (visit, took) in enumerate(visits):
            state, ended, now = journey.state, journey.finished, None
            for step in follow(journey, [visit]):
                now = None if step is None else step.outcome
            if difference is None and (ended or now != took):
                difference = Difference(number, visit.on, state, took, now)
        return Replay(journey, difference)


def _pathway_first(call: str, given: object, then: str) -> None:
    """Refuse anything but a pathway as the first argument of a call."""
    if not isinstance(given, Pathway):
        raise WrongPathway(
            f"Journey.{call} takes the pathway first, not {shown(given)}: write Journey.{call}(pathway, {then})"
        )


def _takes_two(callback: Callable[..., object]) -> bool:
    """Whether a function can be called with two arguments, as far as it says."""
    try:
        parameters = signature(callback)
    except (TypeError, ValueError):  # some that are written in C do not say
        return True
    try:
        parameters.bind(None, None)
    except TypeError:
        return False
    return True


def follow(journey: Journey, visits: Iterable[Visit]) -> Iterator[Step | None]:
    """Make visits until the journey ends, and yield what each came to.

    Raises, with the place of the visit, a DataError for facts that contradict what was known before, and
    AmbiguousDecision or NoDecision when the pathway cannot decide it.
    """
    for visit in visits:
        if journey.finished:
            return
        try:
            yield journey.visit(visit.facts, on=visit.on)
        except DataError as error:
            place = f"visits[{len(journey.visits)}].facts"
            raise DataError(problem.under(place) for problem in error.problems) from None
        except (AmbiguousDecision, NoDecision) as error:
            raise type(error)(f"visit {len(journey.visits) + 1}: {error}") from None


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
        if self.recorded is None and self.replayed is None:
            return f"{when}, in {self.state}: it waited, and now the journey has ended before"
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
        referral = record_from_json(pathway.record, data.get("patient", {}), exactly=True)
    except DataError as error:
        problems.extend(problem.under("patient") for problem in error.problems)
    written, outcomes, wrong = _split_outcomes(data.get("visits", []))
    visits, wrong_visits = visits_from_json(pathway.record, written, exact=True)
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
        outcomes.append(_outcome(step))
        if outcomes[-1] is None and step is not None:
            expected = f"expected null or {', '.join(_OUTCOME_KEYS)} as Journey.to_json gives them"
            problems.append(Problem(f"visits[{index}].step", expected, None if step is ... else shown(step)))
        plain.append({k: v for k, v in visit.items() if k != "step"} if isinstance(visit, Mapping) else visit)
    return plain, outcomes, problems


def _outcome(step: object) -> Outcome | None:
    """What a visit came to, as a snapshot has it; None when it is no such thing."""
    if not isinstance(step, Mapping) or set(step) != set(_OUTCOME_KEYS):
        return None
    match found := Outcome(**step):
        case Outcome(str(), str(), Mapping() as options, list() as advisories) if all(
            map(_are_names, (*options.values(), advisories))
        ):
            return found
        case _:
            return None


def _are_names(value: object) -> bool:
    return all(one is None or isinstance(one, str) for one in (value if isinstance(value, list) else [value]))


def _recorded(facts: Mapping[str, Any] | None, named: Mapping[str, Any]) -> dict[str, Any]:
    """What a visit recorded, in a form that nobody can change later."""
    try:
        given = {**facts, **named} if facts else named
    except TypeError:
        expected = 'expected facts by name, as in visit(ras=Ras.MUTANT) or visit({"ras": Ras.MUTANT})'
        raise DataError([Problem("the visit", expected, shown(facts))]) from None
    if facts and len(given) < len(facts) + len(named):
        twice = "expected once: it is given both in the facts and by name"
        raise DataError(Problem(name, twice, shown(named[name])) for name in named if name in facts)
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in given.items() if value is not None
    }
