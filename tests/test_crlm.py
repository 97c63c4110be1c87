"""The pathway of RAS-mutant colorectal liver metastases against its specification."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

import oracle
from crlm_pathway import CRLM, History, Journey, LiverMetastasis, Patient, Step, record_from_json
from crlm_pathway.courses import CourseResult, course_from_json, result_to_json, run_course
from crlm_pathway.pathway.model import DONE, Choice, Option
from crlm_pathway.predicates.nodes import HoldsSoFar, walk
from crlm_pathway.predicates.records import facts_of
from random_courses import complete_course, partial_course

COURSES = 5_000
SEED = 20_240_108

CODES = {
    "A1",
    "A2",
    "A3",
    "A4",
    "A5",
    "A6",
    "A7",
    "A8",
    "B1",
    "B2",
    "B3",
    "C1",
    "C2",
    "C3",
    "C4",
    "C5",
    "C6",
    "D1",
    "D3",
    "E1",
    "E2",
    "E3",
    "E4",
    "E5",
    "E6",
    "F1",
    "F2",
    "F3",
    "F4",
    "F5",
    "F6",
    "X1",
    "X2",
}


@cache
def complete_journeys() -> list[tuple[dict[str, Any], Journey]]:
    rng = random.Random(SEED)
    courses = [complete_course(rng) for _ in range(COURSES)]
    return [(course, run_course(CRLM, course_from_json(CRLM, course))) for course in courses]


@cache
def partial_journeys() -> list[tuple[dict[str, Any], Journey]]:
    rng = random.Random(SEED)
    courses = [partial_course(rng) for _ in range(COURSES)]
    return [(course, run_course(CRLM, course_from_json(CRLM, course))) for course in courses]


def steps_of_complete_journeys() -> Iterator[Step]:
    return (step for _, journey in complete_journeys() for step in journey.steps)


def comparable(journey: Journey) -> dict[str, Any]:
    """What the oracle answers too."""
    result = result_to_json(CourseResult.of(journey, None))
    return {
        **{key: result[key] for key in ("state", "finished", "visits_used")},
        "waiting_for": list(result["waiting_for"]),
        "steps": [
            {
                **{key: step[key] for key in ("visit", "from", "to", "code", "options")},
                "advisories": list(step["advisories"]),
            }
            for step in result["steps"]
        ],
    }


# -- against the oracle ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("journeys", [complete_journeys, partial_journeys], ids=["complete", "facts missing"])
def test_states_codes_options_advisories_and_waiting_are_the_oracles(journeys: Any) -> None:
    for course, journey in journeys():
        assert comparable(journey) == oracle.run(course)


def test_every_transition_and_both_interrupts_are_taken() -> None:
    assert {step.transition.code for step in steps_of_complete_journeys()} == CODES
    assert {transition.code for transition in CRLM.transitions} == CODES


def test_every_row_of_every_table_is_chosen_but_the_one_that_cannot_be() -> None:
    def rows(choice: Choice) -> Iterator[Option]:
        for option in choice if isinstance(choice, tuple) else (choice,):
            if option is not None:
                yield option

    chosen = Counter(
        (name, option.key)
        for step in steps_of_complete_journeys()
        for name, choice in step.options.items()
        for option in rows(choice)
    )
    every = {(table.name, row.key) for state in CRLM.states for table in state.tables for row in table.options}
    assert every - chosen.keys() == {("modality", "none")}, "the transitions into regional therapy require a modality"
    assert chosen.keys() - every == {("lesions", DONE.key)}


# -- what must hold for every patient --------------------------------------------------------------------------------


def test_every_complete_course_ends_in_a_terminal_state() -> None:
    assert all(journey.finished for _, journey in complete_journeys())


def test_complete_records_are_decided_in_every_state() -> None:
    """Exactly one transition: with none or two, deciding raises or waits."""
    rng = random.Random(SEED)
    states = [state.name for state in CRLM.states if not state.terminal]
    for step in steps_of_complete_journeys():
        state = rng.choice(states)
        history = History(
            {key: rng.randrange(4) for key in ("end_block", "de_escalate", "assess_regional", "salvage")},
            rng.randrange(1, 21),
            rng.choice([None, *states]),
        )
        unknown = [fact for fact in facts_of(Patient) if getattr(step.patient, fact) is None]
        assert unknown == []
        assert CRLM.decide(state, step.patient, history).transition is not None


def test_learning_more_never_changes_a_decision() -> None:
    """Facts are taken away at random from records that decide; whatever still decides, decides the same.

    `destroyed` alone stays as it is where a lesion's plan looks at it: there it is an event, not knowledge.
    """
    rng = random.Random(SEED)
    compared = 0
    for step in steps_of_complete_journeys():
        less = without_some_facts(step.patient, rng, keep_events=step.source != "local_treatment")
        decided = CRLM.decide(step.source, less, step.history).transition
        if decided is not None:
            compared += 1
            assert decided is step.transition
    assert compared > 1_000


def without_some_facts(patient: Patient, rng: random.Random, *, keep_events: bool) -> Patient:
    share = rng.choice([0.05, 0.2, 0.5])

    def thinned(record: Any, keep: set[str]) -> dict[str, Any]:
        return {
            name: value if name in keep or rng.random() > share else None
            for name in facts_of(type(record))
            for value in [getattr(record, name)]
        }

    facts = thinned(patient, set())
    if facts["lesions"] is not None:
        events = {"destroyed"} if keep_events else set()
        facts["lesions"] = tuple(LiverMetastasis(**thinned(lesion, events)) for lesion in facts["lesions"])
    return Patient(**facts)


def test_asked_facts_never_decide_stale() -> None:
    """On entering a state, whatever it asks is unknown, and what it does not ask is as it was."""
    rng = random.Random(SEED)
    entered: set[str] = set()
    for _ in range(300):
        course = course_from_json(CRLM, complete_course(rng))
        journey = Journey.begin(CRLM, course.patient)
        for visit in course.visits:
            step = None if journey.finished else journey.visit(visit.facts, on=visit.on)
            if step is None:
                continue
            entered.add(step.target)
            asked = set(oracle.ASKS.get(step.target, ()))
            asked_of_lesions = set(oracle.ASKS_OF_LESIONS.get(step.target, ()))
            for name in facts_of(Patient):
                if name in asked:
                    assert getattr(journey.patient, name) is None
                elif name != "lesions" or not asked_of_lesions:
                    assert getattr(journey.patient, name) == getattr(step.patient, name)
            for now, then in zip(journey.patient.lesions or (), step.patient.lesions, strict=False):
                for name in facts_of(LiverMetastasis):
                    expected = None if name in asked_of_lesions else getattr(then, name)
                    assert getattr(now, name) == expected
    assert entered == {state.name for state in CRLM.states} - {CRLM.start}


def test_only_the_plan_of_a_lesion_looks_at_an_event() -> None:
    looking = {
        criterion.place
        for criterion in CRLM.criteria()
        for part in walk(criterion.predicate)
        if isinstance(part, HoldsSoFar) and not criterion.place.startswith("invariant ")  # which decides nothing
    }
    guards = {f"the guard of transition {key}" for key in _keys_that_ask_whether_ned_is_achievable()}
    assert looking == guards | {"`done` of table lesions", "advisory margin_below_ras_target"}


def _keys_that_ask_whether_ned_is_achievable() -> set[str]:
    codes = {"A6", "A7", "A8", "C3", "C4", "C5", "C6", "F3", "F4", "F6"}
    return {transition.key for transition in CRLM.transitions if transition.code in codes}


def test_nobody_is_followed_up_as_ned_with_disease_left() -> None:
    entered = [step for step in steps_of_complete_journeys() if step.target == "ned_surveillance" != step.source]
    assert entered
    for step in entered:
        assert step.patient.session_done
        assert step.patient.extrahepatic == "none"
        for lesion in step.patient.lesions:
            if lesion.visibility in {"visible", "disappeared_found"}:
                assert lesion.destroyed
                assert lesion.treated_by != "resection" or lesion.pathological_margin_mm > 1


def test_ablation_is_offered_to_small_lesions_away_from_critical_structures_only() -> None:
    offered = 0
    for step in steps_of_complete_journeys():
        chosen = step.options.get("lesions")
        if isinstance(chosen, tuple):
            for lesion, option in zip(step.patient.lesions, chosen, strict=True):
                if option is not None and option.name == "rfa":
                    offered += 1
                    assert lesion.diameter_mm < 30
                    assert not lesion.near_critical_structure
    assert offered


def test_no_anti_egfr_antibody_is_an_option() -> None:
    names = {row.name for state in CRLM.states for table in state.tables for row in table.options}
    assert not any("egfr" in name or "cetuximab" in name or "panitumumab" in name for name in names)


def test_regional_therapy_has_a_modality_and_disease_within_reach() -> None:
    entered = [step for step in steps_of_complete_journeys() if step.target == "regional_therapy"]
    assert entered
    for step in entered:
        assert step.patient.extrahepatic != "not_eradicable"
        modality = step.options["modality"]
        assert isinstance(modality, Option)
        assert modality.name != "none"


def test_a_radiological_complete_response_never_goes_straight_to_surveillance() -> None:
    assert "ned_surveillance" not in {step.to for step in CRLM.state("response_evaluation").transitions}


def test_tumour_burden_alone_never_leads_to_palliation_at_the_initial_assessment() -> None:
    for step in steps_of_complete_journeys():
        if step.source == "initial_assessment" and step.target == "palliative_care":
            assert step.patient.fitness == "unfit" or not step.patient.willing


def test_first_line_conversion_comes_before_regional_therapy_or_evaluation() -> None:
    for step in steps_of_complete_journeys():
        untreated = step.patient.prior_lines == 0 and step.history.taken.get("end_block", 0) == 0
        if untreated and step.source in {"initial_assessment", "local_treatment", "ned_surveillance"}:
            assert step.target not in {"regional_therapy", "response_evaluation"}


def test_steps_stay_within_their_caps() -> None:
    for _, journey in complete_journeys():
        taken = Counter(step.transition.code for step in journey.steps)
        assert taken["B2"] <= 2
        assert taken["F3"] + taken["F4"] + taken["F6"] <= 2


# -- the numbers at their edges --------------------------------------------------------------------------------------

LESION: dict[str, Any] = {
    "visibility": "visible",
    "near_critical_structure": False,
    "deep": True,
    "resectable": True,
    "rfa_feasible": True,
    "sbrt_feasible": False,
}


@pytest.mark.parametrize(
    ("diameter", "margin", "option"),
    [
        (29.9, 0, "rfa"),
        (30.0, 1.1, "parenchyma_sparing_resection"),
        (30.0, 1.0, "untreatable"),
    ],
)
def test_a_lesion_at_the_edges_of_ablation_and_margin(diameter: float, margin: float, option: str) -> None:
    lesion = record_from_json(LiverMetastasis, {**LESION, "diameter_mm": diameter, "planned_margin_mm": margin})
    (chosen,) = CRLM.options("local_treatment", Patient(lesions=(lesion,)))["lesions"]  # type: ignore[misc]
    assert isinstance(chosen, Option)
    assert chosen.name == option


def test_a_lesion_without_a_recorded_outcome_is_planned_for() -> None:
    hopeless = {**LESION, "diameter_mm": 80, "planned_margin_mm": 0}
    referral = {
        "liver_metastases_confirmed": True,
        "microsatellite": "mss",
        "ras": "mutant",
        "fitness": "triplet",
    }
    patient = {
        **referral,
        "willing": True,
        "prior_lines": 0,
        "extrahepatic": "none",
        "remnant_adequate": True,
    }

    def code(lesion: dict[str, Any]) -> str | None:
        transition = CRLM.decide(
            "initial_assessment", record_from_json(Patient, {**patient, "lesions": [lesion]})
        ).transition
        return None if transition is None else transition.code

    assert code(hopeless) == "A7"
    assert code({**hopeless, "destroyed": True, "treated_by": "rfa"}) == "A6"
    assert code({**hopeless, "destroyed": True}) is None, "destroyed, but by what, and with what margin?"


# -- policy ----------------------------------------------------------------------------------------------------------


def test_the_policy_has_the_numbers_of_the_specification() -> None:
    assert {name: parameter.value for name, parameter in CRLM.parameters.items()} == {
        "max_de_escalations": 2,
        "max_evaluations": 3,
        "max_repeat_imaging": 1,
        "max_regional_rounds": 3,
        "max_repeat_local": 2,
        "max_salvages": 2,
        "surveillance_visits": 19,
        "second_look_weeks": 8,
        "rfa_max_diameter_mm": 30,
        "margin_floor_mm": 1,
        "margin_target_mm": 10,
        "sirt_late_line": 3,
        "high_burden_count": 10,
        "review_after_systemic_weeks": 8,
        "review_after_sirt_weeks": 6,
    }


@pytest.mark.parametrize("change", [-1, 1])
def test_under_another_policy_the_oracle_agrees_too(change: int) -> None:
    numbers = {name: max(1, value + change) for name, value in oracle.POLICY.items()}
    other = CRLM.with_policy(**numbers)
    rng = random.Random(SEED + change)
    for _ in range(300):
        course = partial_course(rng)
        assert comparable(run_course(other, course_from_json(other, course))) == oracle.run(course, numbers)
