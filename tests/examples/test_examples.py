"""Every example runs, and does what it says."""

from __future__ import annotations

import runpy
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest

from crlm_pathway import CRLM, History, Journey
from crlm_pathway.courses import course_from_json, load_json, run_course

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SCRIPTS = sorted(EXAMPLES.glob("*.py"))


def loaded(name: str) -> dict[str, Any]:
    return runpy.run_path(str(EXAMPLES / name))


def states(journey: Journey) -> list[str]:
    """The states entered, a stay in one counted once."""
    entered = [journey.pathway.start, *(step.target for step in journey.steps)]
    return [state for state, before in zip(entered, ["", *entered], strict=False) if state != before]


def lived(name: str) -> Journey:
    """The journey of a course file, none of whose visits follows the end."""
    course = course_from_json(CRLM, load_json((EXAMPLES / "courses" / name).read_bytes()))
    journey = run_course(CRLM, course)
    assert len(journey.visits) == len(course.visits)
    return journey


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_every_script_runs_and_prints(
    script: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", [str(script)])
    runpy.run_path(str(script), run_name="__main__")
    assert capsys.readouterr().out.strip()


def test_a_sore_throat_is_treated_until_it_passes() -> None:
    journey = loaded("sore_throat.py")["treated"]()
    assert states(journey) == ["assessment", "testing", "antibiotic", "recovered"]
    assert [step.transition.code for step in journey.steps] == ["A1", "B3", "B1", "D2", "D1"]
    given = [step.options["antibiotic"].name for step in journey.steps if step.target == "antibiotic"]
    assert given == ["penicillin_v", "cefalexin"]


def test_the_sore_throat_pathway_has_one_answer_for_everybody() -> None:
    module = loaded("sore_throat.py")
    pathway, allergy, drug = module["SORE_THROAT"], module["Allergy"], module["Drug"]
    allergies = [
        [allergy(drug=member, immediate=immediate) for member in drugs]
        for size in range(len(drug) + 1)
        for drugs in combinations(drug, size)
        for immediate in (False, True)
    ]
    histories = [
        History(taken={"test_at_once": tests, "change_antibiotic": changes}, rounds_here=rounds)
        for tests, changes, rounds in product((0, 1), (0, 1), (1, 2))
    ]
    truths = (False, True)
    for danger, score, known, result, improving, reaction in product(
        truths, (-1, 1, 2, 5), allergies, module["RapidTest"], truths, truths
    ):
        patient = module["SoreThroat"](
            danger_sign=danger,
            score=score,
            allergies=known,
            rapid_test=result,
            improving=improving,
            drug_reaction=reaction,
        )
        for state, history in product(("assessment", "testing", "self_care", "antibiotic"), histories):
            assert pathway.decide(state, patient, history).transition is not None


def test_a_danger_sign_interrupts_self_care() -> None:
    journey = loaded("sore_throat.py")["sent_home"]()
    assert states(journey) == ["assessment", "self_care", "emergency"]
    assert journey.finished
    assert [advisory.key for advisory in journey.steps[0].advisories] == ["long_illness"]


@pytest.mark.parametrize(
    ("drugs", "immediate", "expected"),
    [
        ([], None, "penicillin_v"),
        (["penicillin"], False, "cefalexin"),
        (["penicillin"], True, "clarithromycin"),
        (["penicillin", "cephalosporin"], False, "clarithromycin"),
        (["penicillin", "macrolide"], True, "none"),
        (["penicillin"], None, None),
    ],
)
def test_the_antibiotic_fits_the_allergies(drugs: list[str], immediate: bool | None, expected: str | None) -> None:
    module = loaded("sore_throat.py")
    allergies = [module["Allergy"](drug=module["Drug"](drug), immediate=immediate) for drug in drugs]
    chosen = module["ANTIBIOTIC"].choose(module["SoreThroat"](allergies=allergies))
    assert (None if chosen is None else chosen.name) == expected


def test_the_embedding_program_resumes_where_it_stopped() -> None:
    journey = loaded("embed.py")["main"]()
    assert journey.state == "response_evaluation"
    assert [step.transition.key for step in journey.steps] == ["start_conversion", "end_block"]


def test_triplet_conversion_leads_to_sustained_ned() -> None:
    journey = lived("converted_by_triplet.json")
    assert journey.finished
    assert states(journey) == [
        "initial_assessment",
        "first_line_conversion",
        "response_evaluation",
        "first_line_conversion",
        "response_evaluation",
        "local_treatment",
        "ned_surveillance",
        "sustained_ned",
    ]
    assert sum(step.source == "ned_surveillance" for step in journey.steps) == 19


def test_regional_therapy_rescues_and_salvage_follows() -> None:
    journey = lived("regional_rescue.json")
    keys = [step.transition.key for step in journey.steps]
    assert keys == [
        "start_conversion",
        "de_escalate",
        "end_block",
        "turn_to_regional_therapy",
        "assess_regional",
        "proceed_to_local_treatment",
        "repeat_session",
        "eradicate",
        "continue_surveillance",
        "salvage",
        "eradicate",
        "continue_surveillance",
        "continue_surveillance",
        "reevaluate_recurrence",
        "exhaust_options",
    ]
    assert journey.state == "palliative_care"


def test_a_missing_ras_status_is_waited_for() -> None:
    journey = lived("waiting_for_ras.json")
    assert journey.state == "initial_assessment"
    assert journey.waiting_for == ("ras",)
    assert len(journey.visits) == 2
