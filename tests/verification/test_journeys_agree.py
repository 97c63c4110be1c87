"""Random small pathways, proved and lived: every journey step by step, with histories as they are, nothing merged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise, product
from typing import Any
from unittest.mock import patch

import attrs
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from crlm_pathway import (
    AmbiguousDecision,
    Fact,
    History,
    NoDecision,
    Pathway,
    Predicate,
    State,
    Text,
    arrived_from,
    boolean,
    integer,
    record,
    rounds_here,
    taken,
)
from crlm_pathway.courses import course_from_json, run_course
from crlm_pathway.predicates.nodes import conjunction, disjunction
from small import step

verification = pytest.importorskip("crlm_pathway.verification", reason="proofs need Z3")

MOST_PLACES = 600
NAMES = ("here", "there", "yonder")


@record
class Walker:
    tired: Fact[bool] = boolean("tired", zh="疲倦")
    strength: Fact[int] = integer(-1, 2, "strength", zh="体力")


RECORDS = [Walker(tired=tired, strength=most) for tired, most in product((None, False, True), (None, -1, 0, 1, 2))]

OVERLAPS = ("exclusive", "refuted")

# -- random pathways ---------------------------------------------------------------------------------------------------

bounds = st.sampled_from([-1, -0.5, 0, 0.5, 1, 1, 2, 2, 2.5, 3])


def comparisons(terms: st.SearchStrategy[Any]) -> st.SearchStrategy[Predicate]:
    operators = st.sampled_from(["__lt__", "__le__", "__gt__", "__ge__"])
    return st.builds(lambda term, name, bound: getattr(term, name)(bound), terms, operators, bounds)


def criteria(keys: tuple[str, ...], names: tuple[str, ...]) -> st.SearchStrategy[Predicate]:
    counters = st.lists(st.sampled_from(keys), min_size=1, max_size=3, unique=True).map(lambda found: taken(*found))
    leaf = st.one_of(
        st.sampled_from([Walker.tired.as_predicate(), Walker.strength > 0, Walker.strength < 2]),
        comparisons(counters),
        comparisons(counters),
        comparisons(st.just(rounds_here)),
        st.sampled_from(names).map(arrived_from),
    )
    literal = st.builds(lambda predicate, turned: ~predicate if turned else predicate, leaf, st.booleans())
    several = st.lists(literal, min_size=1, max_size=3)
    return st.one_of(several.map(lambda found: conjunction(*found)), several.map(lambda found: disjunction(*found)))


@st.composite
def pathways(draw: st.DrawFn) -> Pathway:
    """Most states go on by the first criterion that holds; some by criteria that leave gaps and overlap."""
    names = NAMES[: draw(st.integers(1, 3))]
    ways = {name: draw(st.integers(2, 3)) for name in names}
    keys = tuple(f"{name}_{number}" for name, count in ways.items() for number in range(count))
    states = []
    for name, onward in pairwise((*names, "end")):
        targets = [draw(st.sampled_from((*names, "end"))) for _ in range(ways[name] - 1)] + [onward]
        guards = [draw(criteria(keys, names)) for _ in targets]
        if draw(st.integers(0, 3)):
            first = [conjunction(*(~other for other in guards[:at]), guard) for at, guard in enumerate(guards[:-1])]
            guards = [*first, conjunction(*(~guard for guard in guards[:-1]))]
        steps = [
            step(f"{name}_{number}", target, guard)
            for number, (target, guard) in enumerate(zip(targets, guards, strict=True))
        ]
        states.append(State(name=name, text=Text(name), transitions=steps))
    states.append(State(name="end", text=Text("end"), terminal=True))
    return Pathway(name="walk", text=Text("Walk"), record=Walker, start=names[0], states=states)


# -- living them -------------------------------------------------------------------------------------------------------


@attrs.frozen
class Place:
    """A state with the whole history."""

    state: str
    taken: frozenset[tuple[str, int]] = frozenset()
    rounds_here: int = 1
    arrived_from: str | None = None

    @property
    def history(self) -> History:
        return History(dict(self.taken), self.rounds_here, self.arrived_from)

    def after(self, key: str, target: str) -> Place:
        history = self.history.after(key, self.state, target)
        return Place(target, frozenset(history.taken.items()), history.rounds_here, history.arrived_from)


class Lived:
    """What journeys come to, step by step, as long as there are not too many.

    `longest` is the number of steps that were followed; when `whole`, no journey has more.
    """

    def __init__(self, pathway: Pathway) -> None:
        self.found: set[str] = set()
        self.longest = 0
        here = {Place(pathway.start)}
        places = 0
        while (there := self._steps(pathway, here)) and places <= MOST_PLACES:
            self.longest += 1
            places += len(there)
            here = there
        self.whole = not there

    def _steps(self, pathway: Pathway, here: Iterable[Place]) -> set[Place]:
        there = set()
        for place in here:
            if place.state == "end":
                continue
            for walker in RECORDS:
                try:
                    taken = pathway.decide(place.state, walker, place.history).transition
                except NoDecision:
                    self.found.add(f"total {place.state}")
                except AmbiguousDecision:
                    self.found.add(f"exclusive {place.state}")
                else:
                    if taken is not None:
                        self.found.add(f"alive {taken.key}")
                        there.add(place.after(taken.key, taken.to))
        return there


# -- the tests ---------------------------------------------------------------------------------------------------------

slowly = settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])


def happens(obligation: Any) -> bool:
    """Whether what an obligation speaks of is said to come about in some journey."""
    return (obligation.status.value == "proved") is (obligation.kind.value == "alive")


def run(pathway: Pathway, course: Mapping[str, Any]) -> Any:
    return run_course(pathway, course_from_json(pathway, course))


def shown(pathway: Pathway, obligation: Any) -> bool:
    """Whether the course of an obligation shows what it is to show."""
    if obligation.kind.value == "alive":
        return obligation.subject in [step.transition.key for step in run(pathway, obligation.witness).steps]
    course = obligation.counterexample.course
    if obligation.kind.value == "terminating":
        return len(run(pathway, course).steps) == len(course["visits"])
    with pytest.raises(NoDecision if obligation.kind.value == "total" else AmbiguousDecision):
        run(pathway, course)
    return True


@slowly
@given(pathways())
def test_what_is_proved_is_what_happens(pathway: Pathway) -> None:
    lived = Lived(pathway)
    report = verification.check(pathway)
    overlaps = {one.subject for one in report.obligations if (one.kind.value, one.status.value) == OVERLAPS}
    for obligation in report.obligations:
        if obligation.status.value == "unknown":
            # Where steps overlap, one may be alone only while a fact is unknown, which the way there has made known.
            assert obligation.kind.value == "alive"
            assert obligation.detail == verification.words.NO_COURSE
            assert obligation.subject.split("_")[0] in overlaps
        elif obligation.kind.value == "monotone":
            assert obligation.status.value == "proved"
        elif obligation.kind.value == "terminating":
            if lived.whole:
                assert obligation.status.value == "proved"
                assert (report.longest_journey, report.exact) == (lived.longest, True)
            elif obligation.status.value == "proved":
                assert report.longest_journey is not None
                assert report.longest_journey > lived.longest
            else:
                assert shown(pathway, obligation)
        elif happens(obligation):
            assert obligation.name in lived.found or (not lived.whole and shown(pathway, obligation)), obligation.name
        else:
            assert obligation.name not in lived.found, obligation.name


def test_a_step_that_only_what_is_forgotten_could_leave_alone_is_not_decided() -> None:
    tired = Walker.tired.as_predicate()
    here = [step("here_0", "there", tired), step("here_1", "there", ~tired)]
    there = [step("there_0", "end", tired), step("there_1", "end", ~tired), step("there_2", "end", Walker.strength > 0)]
    states = [
        State(name="here", text=Text("here"), transitions=here),
        State(name="there", text=Text("there"), transitions=there),
        State(name="end", text=Text("end"), terminal=True),
    ]
    report = verification.check(Pathway(name="walk", text=Text("Walk"), record=Walker, start="here", states=states))
    found = {(one.kind.value, one.subject): one for one in report.obligations}
    assert found["exclusive", "there"].status.value == "refuted"
    assert found["alive", "there_2"].status.value in {"unknown", "refuted"}
    assert found["alive", "there_2"].status.value == "refuted" or (
        found["alive", "there_2"].detail == verification.words.NO_COURSE
    )


@slowly
@given(pathways(), st.integers(1, 5))
def test_what_is_not_followed_is_unknown_and_never_wrong(pathway: Pathway, points: int) -> None:
    whole = verification.check(pathway)
    with patch("crlm_pathway.verification.journeys.MOST_POINTS", points):
        part = verification.check(pathway)
    for less, more in zip(part.obligations, whole.obligations, strict=True):
        assert less.status.value in {"unknown", more.status.value}, less.name
    if part.longest_journey is not None:
        assert whole.longest_journey is not None
        assert part.longest_journey >= whole.longest_journey
        assert not part.exact or part.longest_journey == whole.longest_journey
