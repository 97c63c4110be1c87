"""What the strategies draw: valid records, complete ones, courses that end, histories that journeys have."""

from __future__ import annotations

import runpy
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import find, given, settings, strategies as st

from crlm_pathway import CRLM, History, Pathway, Patient, UnknownState
from crlm_pathway.courses import Course, course_from_json, run_course
from crlm_pathway.predicates.domains import ListOf
from crlm_pathway.predicates.records import contradictions_of, values_of
from crlm_pathway.predicates.reference import evaluate
from crlm_pathway.testing import Situation, complete_records, courses, histories, records, situations
from crlm_pathway.testing.journeys import UNTIMED
from crlm_pathway.testing.smallest import course_to_json
from small import pathway
from universe import Colour, Thing

SORE_THROAT: Pathway = runpy.run_path(str(Path(__file__).parents[2] / "examples/sore_throat.py"))["SORE_THROAT"]
THINGS = pathway()
few = settings(max_examples=25, suppress_health_check=UNTIMED)
same = settings(max_examples=200, derandomize=True, suppress_health_check=UNTIMED)


def known(record: Any) -> bool:
    """Whether every fact is known, of the items of lists too."""
    return all(
        value is not None and (not isinstance(fact.domain, ListOf) or all(map(known, value)))
        for fact, value in values_of(record)
    )


@few
@given(records(Patient, of=CRLM))
def test_records_are_valid(patient: Patient) -> None:
    assert Patient(**{fact.name: value for fact, value in values_of(patient)}) == patient
    assert not any(evaluate(never.when, patient) for never in contradictions_of(Patient))


@few
@given(complete_records(Patient))
def test_of_complete_records_everything_is_known(patient: Patient) -> None:
    assert known(patient)
    assert Patient(**{fact.name: value for fact, value in values_of(patient)}) == patient


def test_values_shrink_to_the_plainest() -> None:
    anything = find(records(Thing), lambda thing: True, settings=same)
    assert anything == Thing()
    thing = find(complete_records(Thing), lambda thing: True, settings=same)
    assert thing == Thing(alive=False, sold=False, colour=Colour.RED, size=0, weight=0, limit=0, parts=())
    wide = find(records(Thing, of=THINGS), lambda thing: (thing.weight or 0) >= 10, settings=same)
    assert wide == Thing(weight=10)


def test_the_numbers_that_criteria_compare_with_come_often_and_so_do_those_beside_them() -> None:
    seen: Counter[float | None] = Counter()

    @same
    @given(records(Thing, of=THINGS))
    def drawn(thing: Thing) -> None:
        seen[thing.weight] += 1

    drawn()
    assert min(seen[number] for number in (None, 0, 9.9, 10, 10.1, 49.9, 50, 50.1, 100)) > 0


@few
@given(courses(SORE_THROAT))
def test_courses_end_and_can_be_written_as_course_files(course: Course) -> None:
    journey = run_course(SORE_THROAT, course)
    assert journey.finished
    assert len(journey.visits) == len(course.visits)
    again = run_course(SORE_THROAT, course_from_json(SORE_THROAT, course_to_json(course)))
    assert [step.outcome for step in again.steps] == [step.outcome for step in journey.steps]


def test_nearly_every_transition_of_the_pathway_is_taken_in_few_courses() -> None:
    taken: Counter[str] = Counter()

    @same
    @given(courses(CRLM))
    def lived(course: Course) -> None:
        taken.update(step.transition.code for step in run_course(CRLM, course).steps)

    lived()
    assert len({step.code for step in CRLM.transitions} - taken.keys()) <= 2
    assert taken["F1"], "complete surveillance takes nineteen visits"


def test_courses_shrink_to_the_shortest_journey_with_the_fewest_facts() -> None:
    def treated(course: Course) -> bool:
        return run_course(SORE_THROAT, course).history.taken.get("treat", 0) > 0

    course = find(courses(SORE_THROAT), treated, settings=same)
    assert course.patient == SORE_THROAT.record()
    assert len(course.visits) == 3
    assert sum(len(visit.facts) for visit in course.visits) <= 5


def test_histories_are_such_as_journeys_have() -> None:
    @same
    @given(histories(SORE_THROAT, "testing"))
    def drawn(history: History) -> None:
        assert history.rounds_here <= 2
        assert history.taken.get("repeat_test", 0) <= 1
        assert history.arrived_from in ("assessment", "self_care")

    drawn()
    with pytest.raises(UnknownState, match="nothing is decided in recovered, which is terminal"):
        histories(SORE_THROAT, "recovered")


@few
@given(st.one_of(situations(THINGS, complete=True), situations(SORE_THROAT, complete=True)))
def test_in_situations_of_which_everything_is_known_a_step_is_decided(situation: Situation) -> None:
    whole = THINGS if isinstance(situation.record, Thing) else SORE_THROAT
    assert known(situation.record)
    assert whole.decide(*situation).transition is not None
