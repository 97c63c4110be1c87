"""Course files: read strictly, run, and answered as JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, strategies as st

from crlm_pathway import CRLM, DataError, __version__
from crlm_pathway.courses import CourseResult, course_from_json, load_json, result_to_json, run_course

REFERRAL: dict[str, Any] = {
    "liver_metastases_confirmed": True,
    "microsatellite": "mss",
    "ras": "mutant",
    "fitness": "triplet",
    "willing": True,
    "remnant_adequate": False,
    "prior_lines": 0,
    "liver_metastasis_count": 12,
    "bevacizumab_contraindicated": False,
}


def answer(course: dict[str, Any]) -> dict[str, Any]:
    read = course_from_json(CRLM, load_json(json.dumps(course)))
    answered: dict[str, Any] = json.loads(json.dumps(result_to_json(CourseResult.of(run_course(CRLM, read), read.id))))
    return answered


def test_a_result_has_the_published_shape() -> None:
    course = {
        "id": "one",
        "patient": REFERRAL,
        "visits": [
            {"on": "2024-01-08", "facts": {}},
            {"facts": {"dose_limiting_toxicity": False, "fitness": "triplet"}},
            {"on": "2024-03-04", "facts": {"focal_progression": False}},
        ],
    }
    assert answer(course) == {
        "id": "one",
        "pathway": "crlm",
        "fingerprint": CRLM.fingerprint,
        "version": __version__,
        "state": "response_evaluation",
        "finished": False,
        "visits_used": 3,
        "waiting_for": [
            "lesions",
            "remnant_adequate",
            "extrahepatic",
            "evaluable",
            "response",
            "weeks_on_line",
            *("hai_available", "debiri_available", "sirt_available", "second_line_available"),
            *("embolisation_contraindicated", "liver_reserve_adequate"),
        ],
        "steps": [
            {
                "visit": 0,
                "on": "2024-01-08",
                "from": "initial_assessment",
                "to": "first_line_conversion",
                "transition": "start_conversion",
                "code": "A7",
                "because": "confirmed CRLM, MSS and RAS-mutant: yes; fit and willing: yes; NED achievable by local "
                "treatment: no (future liver remnant (FLR) adequate: no); prior systemic lines: 0",
                "provenance": "stated",
                "claims": [
                    "cc-initially-unresectable-80pct",
                    "cc-conversion-unpredictable",
                    "fl-first-line-decisive",
                ],
                "options": {"regimen": "folfoxiri_bev", "add_on": "none"},
                "advisories": ["high_burden"],
            },
            {
                "visit": 1,
                "on": None,
                "from": "first_line_conversion",
                "to": "response_evaluation",
                "transition": "end_block",
                "code": "B3",
                "because": "fit and willing: yes; dose-limiting toxicity, and dose reduction or step-down "
                "still allowed: no (dose-limiting toxicity in this block: no)",
                "provenance": "implied",
                "claims": ["sultan-trigger"],
                "options": {},
                "advisories": ["high_burden"],
            },
        ],
    }


def test_visits_after_the_end_are_not_used() -> None:
    result = answer({"patient": {"liver_metastases_confirmed": False}, "visits": [{"facts": {}}, {"facts": {}}]})
    assert (result["state"], result["finished"], result["visits_used"], result["waiting_for"]) == (
        "out_of_scope",
        True,
        1,
        [],
    )


def test_without_visits_the_journey_stays_at_the_start() -> None:
    result = answer({"patient": {}, "visits": []})
    assert (result["state"], result["steps"], result["visits_used"]) == ("initial_assessment", [], 0)


def problems(course: Any) -> list[str]:
    with pytest.raises(DataError) as error:
        run_course(CRLM, course_from_json(CRLM, course))
    return str(error.value).splitlines()


def test_all_errors_of_a_course_are_reported_together() -> None:
    course = {
        "idd": "x",
        "id": 3,
        "patient": {"ras": "Mutant", "lesions": [{"diameter_mm": 0}]},
        "visits": [
            {"on": "2024-02-30", "facts": {"fudr_dose_mg_per_kg_per_day": 0.2}},
            {"on": "2024-03-01", "fact": {}},
            {"on": "2024-02-29", "facts": []},
            7,
        ],
    }
    assert problems(course) == [
        "idd: expected one of the keys id, patient, visits (did you mean `id`?)",
        "id: expected text, not 3",
        'patient.ras: expected one of mutant, wild_type, undetermined, not "Mutant"',
        "patient.lesions[0].diameter_mm: expected a number above 0 and at most 300 mm, not 0",
        'visits[0].on: expected a date as YYYY-MM-DD, not "2024-02-30"',
        "visits[0].facts.fudr_dose_mg_per_kg_per_day: expected a number above 0 and at most 0.12 mg/kg/day, not 0.2",
        "visits[1].fact: expected one of the keys on, facts (did you mean `facts`?)",
        "visits[2].on: expected a date not before 2024-03-01, not 2024-02-29",
        "visits[2].facts: expected an object of facts, not a list of 0",
        "visits[3]: expected an object with on and facts, not 7",
    ]


@pytest.mark.parametrize("on", ["2024-W05-1", "20240108", "2024-1-8", "2024-01-08T00:00", "２０２４-01-08", 20240108])
def test_a_date_is_written_in_one_way(on: Any) -> None:
    assert "visits[0].on: expected a date as YYYY-MM-DD" in problems({"patient": {}, "visits": [{"on": on}]})[0]


def test_an_undated_visit_does_not_let_dates_go_back() -> None:
    visits = [{"on": "2024-03-01"}, {}, {"on": "2024-02-01"}]
    assert problems({"patient": {}, "visits": visits}) == [
        "visits[2].on: expected a date not before 2024-03-01, not 2024-02-01"
    ]


def test_a_byte_order_mark_is_no_error() -> None:
    assert course_from_json(CRLM, load_json(b'\xef\xbb\xbf{"patient": {}}')).visits == ()


def test_what_contradicts_is_refused_at_its_place() -> None:
    lesion = {"destroyed": True, "treated_by": "none"}
    assert problems({"patient": {"ras": "wild_type", "ras_variant": "kras_g12c"}}) == [
        'patient.ras_variant: expected no variant other than undetermined, since ras is wild_type, not "kras_g12c"'
    ]
    assert problems({"patient": {"lesions": [lesion]}}) == [
        'patient.lesions[0].treated_by: expected the treatment that destroyed the lesion, not "none"'
    ]
    assert problems({"patient": {}, "visits": [{"facts": {"lesions": [{}], "liver_metastasis_count": 2}}]}) == [
        (
            "visits[0].facts.lesions: expected at least as many lesions as the liver_metastasis_count recorded with "
            "them, not a list of 1"
        )
    ]


def test_a_count_recorded_earlier_does_not_contradict_a_shorter_list() -> None:
    course = {"patient": {"liver_metastasis_count": 4}, "visits": [{"facts": {"lesions": [{}]}}]}
    assert answer(course)["visits_used"] == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "the file: expected JSON, but it is empty"),
        (b"{", "expected JSON"),
        (b'{"patient": {}, "patient": {}}', "patient: expected each key once in an object, not twice"),
        (b'{"patient": {"weeks_on_line": NaN}}', "expected a finite number, not NaN"),
        (b'{"patient": {"weeks_on_line": -Infinity}}', "expected a finite number, not -Infinity"),
        (
            b'{"patient": {"prior_lines": 1e999}}',
            "patient.prior_lines: expected a whole number from 0 to 20, not inf",
        ),
        (b'{"patient": {"prior_lines": ' + b"9" * 50 + b"}}", "not a number of more than 20 digits"),
        (b'{"patient": {"prior_lines": ' + b"9" * 5000 + b"}}", "expected numbers of at most a few thousand digits"),
        (b"[" * 100_000, "nested this deep"),
        (b"\xff\xfe\x00", "expected UTF-8 text; byte 0 is not"),
        (b"[]", "the course: expected an object with patient and visits, not a list of 0"),
        (b"{}", "patient: expected the facts known at referral; the key is missing"),
        (b'{"patient": {}, "visits": {}}', "visits: expected a list of visits, not an object"),
    ],
)
def test_malformed_files_are_named(text: bytes, message: str) -> None:
    with pytest.raises(DataError) as error:
        course_from_json(CRLM, load_json(text))
    assert message in str(error.value)


@given(st.binary(max_size=60))
def test_no_bytes_break_the_reader(content: bytes) -> None:
    try:
        course_from_json(CRLM, load_json(content))
    except DataError as error:
        assert error.problems
