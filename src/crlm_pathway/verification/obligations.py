"""What a pathway owes its patients, one obligation after the other, each proved or refuted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from time import perf_counter
from typing import Any

import attrs

from ..pathway.invariants import Invariant
from ..pathway.model import State, Transition
from ..pathway.pathway import Pathway
from ..predicates.declarations import Declaration
from ..predicates.errors import DefinitionError
from ..predicates.labels import Text, figure, labelled
from ..predicates.nodes import ALWAYS, HoldsSoFar, Predicate, conjunction
from . import words as say
from .faults import gap, overlap, rows, two_of
from .histories import Counters, Point
from .journeys import Journeys
from .report import NOTHING, Counterexample, Kind, Obligation, Report, Status
from .rooms import Asked, Clock, Room, Undecided
from .termination import certificate, circle, longest, longest_way_of
from .witnesses import Leg, Shown, can_be_lived, can_be_lived_whole, course_along

Course = dict[str, Any]


@attrs.frozen
class _Answer:
    """How an obligation stands, and what shows it."""

    status: Status
    detail: Text = NOTHING
    counterexample: Counterexample | None = None
    witness: Callable[[], Course | None] = lambda: None


def check(
    pathway: Pathway,
    *,
    seconds: float = 10,
    any_of: Iterable[str] = (),
    progress: Callable[[int, int], object] | None = None,
) -> Report:
    """Prove or refute all that a pathway owes, for every record and every journey.

    `seconds` is the time limit of one obligation; what takes longer is reported as unknown. `any_of` names policy
    parameters: then what is owed at each single step is proved for whatever number each of them may be bound to, and
    journeys are left out. `progress` is called with how many obligations are decided, and how many there are. Raises
    UnknownParameter, and ValueError for no time.
    """
    if not 0 < seconds < float("inf"):
        raise ValueError(f"seconds: expected a number above 0, not {seconds!r}")
    free = frozenset(any_of)
    pathway.with_policy(**dict.fromkeys(sorted(free - pathway.parameters.keys()), 0))  # refuses any
    prover = _Prover(pathway, seconds, free)
    found: list[Obligation] = []
    questions = [ask for ask in prover.questions() if not free or ask.kind in _OF_ONE_STEP]
    for ask in questions:
        begun = perf_counter()
        answer = prover.answer(ask)
        obligation = Obligation(
            kind=ask.kind,
            subject=ask.subject,
            text=ask.text,
            status=answer.status,
            seconds=perf_counter() - begun,
            counterexample=answer.counterexample,
            detail=answer.detail,
            witness=answer.witness,
        )
        found.append(obligation)
        if progress is not None:
            progress(len(found), len(questions))
    return Report(tuple(found), *prover.longest_journey)


_OF_ONE_STEP = frozenset({Kind.TOTAL, Kind.EXCLUSIVE, Kind.MONOTONE})


class _SomePolicy(Exception):
    """With some numbers of the free parameters, what is asked is not so for every record and history."""

    def __init__(self, policy: Mapping[str, float]) -> None:
        super().__init__()
        self.policy = policy


@attrs.frozen
class _Question:
    kind: Kind
    subject: str
    text: Text
    answer: Callable[[], _Answer]


class _Prover:
    """A pathway and all that is worked out about it once."""

    def __init__(self, pathway: Pathway, seconds: float, free: frozenset[str] = frozenset()) -> None:
        self.pathway = pathway
        self.free = free
        self.clock = Clock(seconds)
        self._asked = {state.name: tuple(self._asked_in(state)) for state in pathway.states}
        self._guards = {state.name: pathway.guards(state.name) for state in pathway.states}
        self._overlapping: dict[str, bool] = {}
        self._faulty: dict[tuple[str, str], Sequence[Predicate]] = {}
        self.longest_journey: tuple[int | None, bool] = (None, False)

    def answer(self, ask: _Question) -> _Answer:
        """Work out how an obligation stands, as long as there is time."""
        self.clock.restart()
        try:
            return ask.answer()
        except Undecided as reason:
            return _Answer(Status.UNKNOWN, say.filled(say.UNDECIDED, reason.text))
        except _SomePolicy as found:
            return self._answer_under(found.policy, ask)

    def _answer_under(self, policy: Mapping[str, float], ask: _Question) -> _Answer:
        """How an obligation stands under a policy with which it may not hold."""
        bound = Text(", ".join(f"{name} = {figure(number)}" for name, number in sorted(policy.items())))
        try:
            prover = _Prover(self.pathway.with_policy(**policy), self.clock.seconds)
        except DefinitionError as error:  # beyond what the numbers are compared with
            return _Answer(Status.UNKNOWN, say.filled(say.UNDECIDED, Text(str(error))))
        alike = next(one for one in prover.questions() if (one.kind, one.subject) == (ask.kind, ask.subject))
        answer = prover.answer(alike)
        if answer.counterexample is None:
            return _Answer(Status.UNKNOWN, say.filled(say.ONLY_JOURNEYS, bound))
        text = say.filled(say.UNDER, bound, answer.counterexample.text)
        shown = attrs.evolve(answer.counterexample, text=text, policy=dict(policy))
        return attrs.evolve(answer, counterexample=shown)

    # -- what is asked -----------------------------------------------------------------------------------------------

    def questions(self) -> Iterator[_Question]:
        """Every obligation, in the order in which a reader wants to know."""
        states = [state for state in self.pathway.states if not state.terminal]
        for state in states:
            yield self._question(Kind.TOTAL, state.name, say.TOTAL, partial(self._total, state), state.text)
        for state in states:
            yield self._question(Kind.EXCLUSIVE, state.name, say.EXCLUSIVE, partial(self._exclusive, state), state.text)
        for state in self.pathway.states:
            for table in state.tables:
                subject, rows_of = f"{table.name} in {state.name}", partial(self._rows, state)
                nothing = partial(rows_of, gap(table), partial(say.no_row, table, state))
                yield self._question(Kind.TOTAL, subject, say.ROWS_TOTAL, nothing, table.text)
                two = partial(rows_of, overlap(table), partial(say.two_rows, table, state))
                yield self._question(Kind.EXCLUSIVE, subject, say.ROWS_EXCLUSIVE, two, table.text)
        for state in states:
            yield self._question(Kind.MONOTONE, state.name, say.MONOTONE, partial(self._monotone, state), state.text)
        yield self._question(Kind.TERMINATING, self.pathway.name, say.TERMINATING, self._terminating, self.pathway.text)
        for step in self.pathway.transitions:
            yield self._question(Kind.ALIVE, step.key, say.TAKEN, partial(self._taken, step), step.text)
        for subject, text, steps, row, never in self._happenings():
            kind = Kind.INVARIANT if never else Kind.ALIVE
            words = say.NEVER_HAPPENS if never else say.HAPPENS if row else say.RAISED
            yield self._question(kind, subject, words, partial(self._happens, steps, never=never), text)
        for invariant in self.pathway.invariants:
            yield self._question(
                Kind.INVARIANT, invariant.key, say.PROMISE, partial(self._invariant, invariant), invariant.text
            )

    def _question(self, kind: Kind, subject: str, words: Text, answer: Callable[[], _Answer], label: Text) -> _Question:
        return _Question(kind, subject, say.filled(words, label), answer)

    def _asked_in(self, state: State) -> Iterator[Predicate]:
        """All that is decided in a state, on the record and the history of a step from it."""
        yield from self.pathway.guards(state.name)
        for step in self.pathway.leaving(state):
            entered = self.pathway.state(step.to)
            for table in entered.tables:
                yield gap(table)
                yield overlap(table)
                yield from (event for _, event in rows(table))
            for advice in (*state.advisories, *entered.advisories):
                yield advice.criterion
            for invariant in self.pathway.invariants:
                yield invariant.at(state.name, step)

    def _together(self, state: State) -> Iterator[Predicate]:
        """What may be asked at once of a step from a state: every guard, and what is wrong with tables it leads to."""
        yield from self._guards[state.name]
        for name in dict.fromkeys(step.to for step in self.pathway.leaving(state)):
            for table in self.pathway.state(name).tables:
                yield gap(table)
                yield overlap(table)

    @cached_property
    def rooms(self) -> Mapping[str, Room]:
        """Each state as the solver sees it."""
        return {
            state.name: Room(self.pathway, self._together(state), self._asked[state.name], self.clock, self.free)
            for state in self.pathway.states
            if not state.terminal
        }

    @cached_property
    def journeys(self) -> Journeys:
        """All journeys."""
        ways = {
            state.name: tuple((step, self._step(state.name, step)) for step in self.pathway.leaving(state))
            for state in self.pathway.states
        }
        return Journeys(self.pathway, self.rooms, Counters(self.pathway, self._asked), ways, self.clock)

    def _step(
        self, source: str, step: Transition, event: Predicate = ALWAYS, not_true: tuple[Predicate, ...] = ()
    ) -> Asked:
        """What is asked for a step to be taken, and something to be so on it: that nothing else keeps it from being."""
        guard = self._guard(source, step)
        others = self._others(source, step)
        return Asked(conjunction(guard, event), (*not_true, *others, *self._faults(source, step.to)))

    def _others(self, source: str, step: Transition) -> tuple[Predicate, ...]:
        """The guards of the other ways on, where two may hold at once."""
        ways = zip(self.pathway.leaving(self.pathway.state(source)), self._guards[source], strict=True)
        return tuple(guard for way, guard in ways if way is not step) if self._two_ways(source) else ()

    def _may_be(self, source: str, fault: Predicate) -> bool:
        """Whether something may be wrong: unless it is shown that it is not."""
        try:
            return self.rooms[source].possible(Asked(fault))
        except Undecided:
            return True

    def _two_ways(self, source: str) -> bool:
        """Whether a state has two ways on for some record."""
        if source not in self._overlapping:
            self._overlapping[source] = self._may_be(source, two_of(self._guards[source]))
        return self._overlapping[source]

    def _faults(self, source: str, target: str) -> Sequence[Predicate]:
        """What is wrong with the tables of a state for some record that enters it."""
        if (source, target) not in self._faulty:
            faults = (fault(table) for table in self.pathway.state(target).tables for fault in (gap, overlap))
            self._faulty[source, target] = [fault for fault in faults if self._may_be(source, fault)]
        return self._faulty[source, target]

    # -- guards and tables -------------------------------------------------------------------------------------------

    def _total(self, state: State) -> _Answer:
        nothing = Asked(conjunction(*(~guard for guard in self._guards[state.name])))
        return self._never({state.name: nothing}, None, lambda _: say.filled(say.FALLS_THROUGH, state.text))

    def _exclusive(self, state: State) -> _Answer:
        two = Asked(two_of(self._guards[state.name]))

        def words(shown: Shown) -> Text:
            ways = zip(self.pathway.leaving(state), self._guards[state.name], strict=True)
            both = [step.text for step, guard in ways if Asked(guard).holds(shown.record, shown.history)]
            return say.filled(say.TWO_WAYS, state.text, say.quoted(both))

        return self._never({state.name: two}, None, words)

    def _never(self, asked: Mapping[str, Asked], step: Transition | None, words: Callable[[Shown], Text]) -> _Answer:
        """That what is asked, state by state, is so at no point of any journey, on no step from there."""
        if not self._ever(asked.items()):
            return _Answer(Status.PROVED, self._always)
        point = self.journeys.first(asked)
        if point is None:
            return _Answer(Status.PROVED, say.IN_JOURNEYS)
        shown = self._show(point, asked[point.state], step)
        if shown is None:
            return _Answer(Status.UNKNOWN, say.NO_COURSE)
        return _Answer(Status.REFUTED, counterexample=Counterexample(say.with_facts(words(shown), shown), shown.course))

    def _never_on(
        self,
        ways: Iterable[tuple[str, Transition, Asked]],
        words: Callable[[Transition], Callable[[Shown], Text]],
    ) -> _Answer:
        """That what is asked is so on none of some steps, or the first of which that is not proved."""
        detail = self._always
        for source, step, asked in ways:
            answer = self._never({source: asked}, step, words(step))
            if answer.status is not Status.PROVED:
                return answer
            detail = answer.detail if answer.detail is say.IN_JOURNEYS else detail
        return _Answer(Status.PROVED, detail)

    def _ever(self, asked: Iterable[tuple[str, Asked]]) -> bool:
        """Whether something of what is asked, state by state, can be so of any record and history at all."""
        for state, one in asked:
            if self.rooms[state].possible(one):
                if self.free:
                    raise _SomePolicy(self.rooms[state].policy_found())
                return True
        return False

    @property
    def _always(self) -> Text:
        return say.filled(say.ANY_POLICY, Text(", ".join(sorted(self.free)))) if self.free else say.ALWAYS

    def _show(self, point: Point, asked: Asked, step: Transition | None) -> Shown | None:
        """A course to a point at which what is asked is so, and, where there is one, on by a step."""
        return course_along(self.journeys, [*self._legs(self.journeys.way_to(point)), Leg(asked, step)])

    def _legs(self, steps: Iterable[Transition]) -> list[Leg]:
        """The visits that take these steps from the start."""
        legs, here = [], self.journeys.start
        for step in steps:
            legs.append(Leg(self._step(here.state, step), step))
            here = self.journeys.after(here, step)
        return legs

    def _witness(self, point: Point, asked: Asked, step: Transition) -> Course | None:
        self.clock.restart()
        try:
            shown = self._show(point, asked, step)
        except Undecided:
            return None
        return None if shown is None else shown.course

    def _guard(self, state: str, step: Transition) -> Predicate:
        return self._guards[state][self.pathway.leaving(self.pathway.state(state)).index(step)]

    def _steps_into(self, state: State) -> Iterator[tuple[str, Transition]]:
        for source in self.pathway.states:
            for step in self.pathway.leaving(source):
                if step.to == state.name:
                    yield source.name, step

    def _rows(self, state: State, fault: Predicate, words: Callable[[Shown], Text]) -> _Answer:
        into = list(self._steps_into(state))
        if not self._ever((source, Asked(fault)) for source, _ in into):
            return _Answer(Status.PROVED, self._always)
        guarded = (
            (source, step, Asked(conjunction(self._guard(source, step), fault), self._others(source, step)))
            for source, step in into
        )
        return self._never_on(guarded, lambda _step: words)

    # -- what can happen ---------------------------------------------------------------------------------------------

    def _taken(self, step: Transition) -> _Answer:
        asked = {
            state.name: self._step(state.name, step)
            for state in self.pathway.states
            if step in self.pathway.leaving(state)
        }
        return self._alive([(state, step, one) for state, one in asked.items()])

    def _happenings(self) -> Iterator[tuple[str, Text, list[tuple[str, Transition, Predicate]], bool, bool]]:
        """Every row and advisory: the steps it could come to be on, whether it is a row, and whether it never is to."""
        for state in self.pathway.states:
            into = list(self._steps_into(state))
            for table in state.tables:
                for row, event in rows(table):
                    steps = [(source, step, event) for source, step in into]
                    yield (
                        f"{row.key} of {table.name} in {state.name}",
                        labelled(table.text, row.text),
                        steps,
                        True,
                        row.never,
                    )
            beside = into + [(state.name, step) for step in self.pathway.leaving(state) if step.to != state.name]
            for advice in state.advisories:
                steps = [(source, step, advice.criterion) for source, step in beside]
                yield f"{advice.key} in {state.name}", advice.text, steps, False, False

    def _happens(self, steps: Sequence[tuple[str, Transition, Predicate]], *, never: bool) -> _Answer:
        ways = [(source, step, self._step(source, step, event)) for source, step, event in steps]
        if not never:
            return self._alive(ways)
        return self._never_on(ways, _naming_the_step)

    def _alive(self, ways: Sequence[tuple[str, Transition, Asked]]) -> _Answer:
        """That one of some steps can be taken so in a journey."""
        ever = left_open = False
        for source, step, asked in ways:
            if not self.rooms[source].possible(asked):
                continue
            ever = True
            point = self.journeys.first({source: asked})
            if point is None:
                continue
            if can_be_lived(self.journeys, self._legs(self.journeys.way_to(point)), Leg(asked, step)):
                return _Answer(Status.PROVED, witness=partial(self._witness, point, asked, step))
            left_open = True
        if left_open:
            return _Answer(Status.UNKNOWN, say.NO_COURSE)
        return _Answer(Status.REFUTED, counterexample=Counterexample(say.NO_JOURNEY if ever else say.NO_RECORD))

    # -- all journeys ------------------------------------------------------------------------------------------------

    def _monotone(self, state: State) -> _Answer:
        guards = self._guards[state.name]
        changed = self.rooms[state.name].changed(guards, self._events)
        if changed is None:
            return _Answer(Status.PROVED, say.BUT_EVENTS if self._events else self._always)
        less, more = (say.joined(list(say.told(self.pathway.record, facts))) for facts in changed)
        return _Answer(Status.REFUTED, counterexample=Counterexample(say.filled(say.UNDONE, state.text, less, more)))

    @cached_property
    def _events(self) -> frozenset[Declaration]:
        """The facts that are read as events: that one has happened is not learning more of what was."""
        return frozenset(part.fact for _, part in self.pathway.parts if isinstance(part, HoldsSoFar))

    def _terminating(self) -> _Answer:
        proof = certificate(self.pathway, self.rooms)
        found = circle(self.journeys)
        if found is None and not self.journeys.complete:
            if proof.bound is None:
                where = [self.pathway.names[name] for name in proof.uncapped]
                assert self.journeys.unfinished is not None
                raise Undecided(say.filled(say.NO_CAP, self.journeys.unfinished.text, say.quoted(where)))
            self.longest_journey = (proof.bound, False)
            return _Answer(Status.PROVED, say.certified(proof, proof.bound))
        if found is None:
            steps = longest(self.journeys)
            self.longest_journey = (steps, self._is_lived(longest_way_of(self.journeys)))
            return _Answer(Status.PROVED, say.certified(proof, steps))
        point, round_ = found
        shown = course_along(self.journeys, self._legs((*self.journeys.way_to(point), *round_, *round_)))
        if shown is None:
            return _Answer(Status.UNKNOWN, say.NO_COURSE)
        words = say.filled(say.LOOP, say.quoted([step.text for step in round_]))
        return _Answer(Status.REFUTED, counterexample=Counterexample(words, shown.course))

    def _is_lived(self, steps: Sequence[Transition]) -> bool:
        """Whether a journey is found in time that takes these steps from the start."""
        legs = self._legs(steps)
        try:
            if not legs or can_be_lived_whole(self.journeys, legs):
                return True
            return can_be_lived(self.journeys, legs[:-1], legs[-1])
        except Undecided:  # then their number is a bound
            return False

    def _invariant(self, invariant: Invariant) -> _Answer:
        def broken() -> Iterator[tuple[str, Transition, Asked]]:
            for state in self.pathway.states:
                for step in self.pathway.leaving(state):
                    promised = invariant.at(state.name, step)
                    if invariant.always is None:
                        yield state.name, step, self._step(state.name, step, promised)
                    else:
                        yield state.name, step, self._step(state.name, step, not_true=(promised,))

        return self._never_on(broken(), _naming_the_step)


def _naming_the_step(step: Transition) -> Callable[[Shown], Text]:
    return partial(say.at_step, step)
