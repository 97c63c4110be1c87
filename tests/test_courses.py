"""Course files: read strictly, run, and answered as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from hypothesis import given, strategies as st

from crlm_pathway import CRLM, DataError, Patient, __version__, record_from_json
from crlm_pathway.courses import (
    CourseResult,
    course_from_json,
    load_json,
    read_course,
    result_to_json,
    run_course,
)
from crlm_pathway.predicates.json_form import value_to_json
from crlm_pathway.predicates.records import facts_of
from crlm_pathway.testing.facts import drawn_value, values_of
from random_courses import complete_course, partial_course

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
    read = read_course(CRLM, json.dumps(course))
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
        'patient.ras: expected one of mutant, wild_type, undetermined (did you mean `mutant`?), not "Mutant"',
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


@pytest.mark.parametrize(
    ("patient", "hint"),
    [
        ({"RAS": "mutant"}, "patient.RAS: Patient has no such fact (did you mean `ras`?)"),
        ({"Prior-Lines": 0}, "patient.Prior-Lines: Patient has no such fact (did you mean `prior_lines`?)"),
        ({"ras": "wild type"}, "(did you mean `wild_type`?)"),
        ({"microsatellite": "MSI-H"}, "(did you mean `msi_high`?)"),
        ({"fitness": "tripelt"}, "(did you mean `triplet`?)"),
        ({"lesions": [{"Segment": 1}]}, "LiverMetastasis has no such fact (did you mean `segment`?)"),
        ({"lesions": [{"visibility": "VISIBLE"}]}, "(did you mean `visible`?)"),
    ],
)
def test_what_was_meant_is_found_whatever_its_capitals(patient: dict[str, Any], hint: str) -> None:
    (problem,) = problems({"patient": patient})
    assert hint in problem


def test_a_byte_order_mark_is_no_error() -> None:
    assert read_course(CRLM, b'\xef\xbb\xbf{"patient": {}}').visits == ()


def wrong(text: str | bytes) -> list[str]:
    with pytest.raises(DataError) as error:
        read_course(CRLM, text)
    return [str(problem) for problem in error.value.problems]


def test_keys_standing_twice_are_reported_at_their_places_with_all_other_errors() -> None:
    text = """
    {"patient": {"ras": "mutant", "ras": "mutant", "lesions": [{}, {"deep": true, "deep": true}]},
     "visits": [{}, {"facts": {"willing": 1, "fitness": NaN}}, {"on": 5, "facts": {"ras": "x", "ras": "mutant"}}],
     "visits": [{}, {}, {"facts": {"ras": "mutant", "RAS": "mutant", "ras": "mutant"}}]}
    """
    once = "expected each key once in an object, not twice"
    assert wrong(text) == [
        f"visits: {once}",
        f"patient.ras: {once}",
        f"patient.lesions[1].deep: {once}",
        f"visits[2].facts.ras: {once}",
        f"visits[2].facts.ras: {once}",
        "visits[2].facts.RAS: Patient has no such fact (did you mean `ras`?)",
    ]


def test_numbers_that_cannot_be_held_are_shown_as_they_are_written() -> None:
    patient = '{"prior_lines": 1e999, "weeks_on_line": -Infinity, "liver_metastasis_count": ' + "9" * 5000
    assert wrong('{"id": NaN, "patient": ' + patient + ', "fudr_dose_mg_per_kg_per_day": 1E+400, "odd": NaN}}') == [
        "id: expected text, not NaN",
        "patient.prior_lines: expected a whole number from 0 to 20, not 1e999",
        "patient.weeks_on_line: expected a number from 0 to 520 weeks, not -Infinity",
        "patient.liver_metastasis_count: expected a whole number from 0 to 500, not a number of 5000 digits",
        ("patient.fudr_dose_mg_per_kg_per_day: expected a number above 0 and at most 0.12 mg/kg/day, not 1E+400"),
        "patient.odd: Patient has no such fact",
    ]


def test_whoever_has_another_file_is_told_soon() -> None:
    other = {f"column {number}": number for number in range(5000)}
    assert len(problems({"patient": other})) == 5000


def test_what_contradicts_is_refused_at_its_place() -> None:
    lesion = {"destroyed": True, "treated_by": "none"}
    assert problems({"patient": {"ras": "wild_type", "ras_variant": "kras_g12c"}}) == [
        'patient.ras_variant: expected no variant other than undetermined, since ras is wild_type, not "kras_g12c"'
    ]
    assert problems({"patient": {"lesions": [lesion]}}) == [
        (
            "patient.lesions[0].treated_by: expected a treatment other than none, since the lesion is destroyed, "
            'not "none"'
        )
    ]
    assert answer({"patient": {"lesions": [{"destroyed": True}]}})["visits_used"] == 0
    assert problems({"patient": {}, "visits": [{"facts": {"lesions": [{}], "liver_metastasis_count": 2}}]}) == [
        "visits[0].facts.lesions: expected at least as many lesions as liver_metastasis_count, not a list of 1"
    ]


def test_a_count_recorded_earlier_does_not_contradict_a_shorter_list() -> None:
    course = {"patient": {"liver_metastasis_count": 4}, "visits": [{"facts": {"lesions": [{}]}}]}
    assert answer(course)["visits_used"] == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "the file: expected JSON, but it is empty"),
        (b" \n\t", "the file: expected JSON, but it is empty"),
        (b"{", "line 1, column 2: expected JSON: a name in double quotes belongs here, or a comma before is too many"),
        (b'{"patient": {}\n}}', "line 2, column 2: expected JSON: it should have ended before this"),
        (
            b'{"patient": {"ras": "mut',
            "line 1, column 21: expected JSON: the text that begins here has no",
        ),
        (b'{"patient": {"prior_lines": true}}', "patient.prior_lines: expected a whole number from 0 to 20, not true"),
        (b'{"patient": {"weeks_on_line": false}}', "weeks_on_line: expected a number from 0 to 520 weeks, not false"),
        (b'{"patient": {"willing": 1}}', "patient.willing: expected true or false, not 1"),
        (b'{"patient": {"willing": "true"}}', 'patient.willing: expected true or false, not "true"'),
        (b'{"patient": {"prior_lines": 1.5}}', "patient.prior_lines: expected a whole number from 0 to 20, not 1.5"),
        (b'{"patient": {"prior_lines": ' + b"9" * 50 + b"}}", "not a number of more than 20 digits"),
        (b'{"patient": {"ras": "' + b"x" * 10**6 + b'"}}', 'undetermined, not "' + "x" * 56 + "..."),
        (b'{"patient": {"ras": "\\ud800"}}', 'undetermined, not "\\ud800"'),
        (b'{"patient": {"\\udfff": 1}}', "patient.\\udfff: Patient has no such fact"),
        (b'{"patient": {"": 1}}', 'patient."": Patient has no such fact'),
        (b"[" * 100_000, "the course: expected JSON of a few levels, not nested this deep"),
        (b'{"a":' * 100_000, "the course: expected JSON of a few levels, not nested this deep"),
        (b"\xff\xfe{\x00", "the file: expected UTF-8 text, not UTF-16 as its byte order mark says"),
        (b"\xfe\xff\x00{", "the file: expected UTF-8 text, not UTF-16 as its byte order mark says"),
        (b"\xff\xfe\x00\x00", "the file: expected UTF-8 text, not UTF-32 as its byte order mark says"),
        (b'{"id":\n "M\xc3\xbcller \xfc"}', "line 2, column 10: expected UTF-8 text, not the byte 0xfc"),
        (bytes(range(256)), "line 2, column 118: expected UTF-8 text, not the byte 0x80"),
        (b"\x00\x01\x02", "line 1, column 1: expected JSON: what stands here is no value"),
        (b"null", "the course: expected an object with patient and visits, not null"),
        (b"[]", "the course: expected an object with patient and visits, not a list of 0"),
        (b"{}", "patient: expected the facts known at referral; the key is missing"),
        (b'{"patient": {}, "visits": {}}', "visits: expected a list of visits, not an object"),
        (
            b'{"patient": {}, "visits": [{"on": "2024-02-01"}, {"on": "2024-01-31"}]}',
            "visits[1].on: expected a date not before 2024-02-01, not 2024-01-31",
        ),
    ],
    ids=lambda part: repr(part)[:40],
)
def test_malformed_text_is_named(text: bytes, message: str) -> None:
    told = wrong(text)
    assert message in told[0]
    assert all(map(str.isprintable, told))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b'{"a": {"b": [1, {"c": 1, "c": 2}]}}', "a.b[1].c: expected each key once in an object, not twice"),
        (b'[{"a": [1e999, NaN]}]', "[0].a[0]: expected a finite number, not 1e999"),
        (b"1 2", "line 1, column 3: expected JSON: it should have ended before this"),
    ],
)
def test_any_json_is_decoded_strictly(text: bytes, message: str) -> None:
    with pytest.raises(DataError) as error:
        load_json(text)
    assert message in str(error.value)


@given(st.binary(max_size=60))
def test_no_bytes_break_the_reader(content: bytes) -> None:
    try:
        read_course(CRLM, content)
    except DataError as error:
        assert error.problems


def outcome(make: Callable[[], Any]) -> Any:
    try:
        return make()
    except DataError as error:
        return error.problems


VALUES = values_of(Patient, CRLM)
FACTS = {name: st.none() | drawn_value(fact, VALUES, complete=False) for name, fact in facts_of(Patient).items()}


@given(st.fixed_dictionaries({}, optional=FACTS))
def test_a_record_read_is_the_record_constructed(facts: dict[str, Any]) -> None:
    recorded = {name: found for name, found in facts.items() if found is not None}
    written = {name: value_to_json(found) for name, found in facts.items()}
    assert outcome(lambda: record_from_json(Patient, written)) == outcome(lambda: Patient(**recorded))


@given(st.integers(), st.booleans())
def test_what_was_written_is_read_whether_decoded_or_as_text(seed: int, complete: bool) -> None:
    course = (complete_course if complete else partial_course)(Random(seed))
    assert read_course(CRLM, json.dumps(course, ensure_ascii=complete)) == course_from_json(CRLM, course)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("fitness", "fit"),
        ("microsatellite", "msi"),
        ("ras", "unmutated"),
        ("ras", "non-mutant"),
        ("bevacizumab_allowed", True),
    ],
)
def test_the_clinical_opposite_is_never_suggested(name: str, written: Any) -> None:
    (problem,) = problems({"patient": {name: written}})
    assert "did you mean" not in problem
