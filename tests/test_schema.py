"""The JSON Schema of course files: what the reader accepts it accepts, what it refuses the reader refuses."""

from __future__ import annotations

import json
from datetime import date
from random import Random
from typing import Any

import pytest
from hypothesis import given, strategies as st
from jsonschema import Draft202012Validator

import small
from crlm_pathway import CRLM, DataError, Pathway, State, boolean, cli, contradiction, integer, many, number, record
from crlm_pathway.courses import course_from_json
from crlm_pathway.predicates.declarations import Declaration
from crlm_pathway.predicates.domains import Boolean, Choice, ListOf, Numeric
from crlm_pathway.predicates.errors import Problem
from crlm_pathway.predicates.records import contradictions_of, facts_of
from crlm_pathway.schema import course_schema
from mutations import mutated
from random_courses import complete_course, partial_course
from universe import Part, Thing

PATHWAYS = {"crlm": CRLM, "things": small.pathway()}
VALIDATORS = {
    name: Draft202012Validator(course_schema(pathway), format_checker=Draft202012Validator.FORMAT_CHECKER)
    for name, pathway in PATHWAYS.items()
}


def beyond_a_schema(problem: Problem, pathway: Pathway) -> bool:
    """Whether it is one of what no schema can say: the order of dates, and what facts can never be together."""
    if problem.expected.startswith("expected a date not before "):
        return True
    told = {found.text.en for listed in classes(pathway.record) for found in contradictions_of(listed)}
    return problem.expected in told


def classes(listed: type[Any]) -> list[type[Any]]:
    """A class of records, and those of its lists."""
    inner = [fact.item_record for fact in facts_of(listed).values() if isinstance(fact.domain, ListOf)]
    return [listed, *(found for one in inner for found in classes(one))]


def problems_of(pathway: Pathway, course: Any) -> tuple[Problem, ...]:
    try:
        course_from_json(pathway, course)
    except DataError as error:
        return error.problems
    return ()


def agree(name: str, content: Any) -> None:
    """Reader and schema accept and refuse the same file, of one course or of many, but for what no schema can say."""
    pathway = PATHWAYS[name]
    courses = content if isinstance(content, list) else [content]
    problems = [problem for course in courses for problem in problems_of(pathway, course)]
    sayable = [str(problem) for problem in problems if not beyond_a_schema(problem, pathway)]
    errors = [error.message for error in VALIDATORS[name].iter_errors(content)]
    assert bool(errors) == bool(sayable), (content, sayable, errors)


@pytest.mark.parametrize("name", PATHWAYS)
def test_the_schema_is_one_and_can_be_written(name: str) -> None:
    schema = course_schema(PATHWAYS[name])
    Draft202012Validator.check_schema(schema)
    assert json.loads(json.dumps(schema, allow_nan=False)) == schema
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"urn:care-pathway:{name}:{PATHWAYS[name].fingerprint}:course"


@given(st.integers(), st.booleans())
def test_schema_and_reader_agree_on_courses_whole_and_mutated(seed: int, complete: bool) -> None:
    rng = Random(seed)
    course = (complete_course if complete else partial_course)(rng)
    agree("crlm", course)
    for _ in range(5):
        changed = mutated(rng, course)
        if is_json(changed):
            agree("crlm", changed)


def is_json(data: Any) -> bool:
    """Whether a file can hold it: JSON has no NaN and no infinities, of which a schema therefore says nothing."""
    try:
        json.dumps(data, allow_nan=False)
    except ValueError:
        return False
    return True


junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-20, 20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(
        ["red", "", "2024-01-01", "2024-02-30", "2024-01-01\n", "0000-01-01", "２０２４-01-01", "24-1-1"]
    ),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["id", "patient", "visits", "on", "facts", "alive"]), inner, max_size=3)
    ),
    max_leaves=5,
)


def fact_values(fact: Declaration) -> st.SearchStrategy[Any]:
    match fact.domain:
        case Boolean():
            right: st.SearchStrategy[Any] = st.booleans()
        case Choice(enum):
            right = st.sampled_from([member.value for member in enum])
        case Numeric() as domain:
            ends = [domain.low, domain.high, domain.low - 1, domain.high + 1]
            right = st.sampled_from([*ends, *map(float, ends)]) | st.floats(domain.low, domain.high)
        case ListOf(listed):
            right = st.lists(facts(listed), max_size=2)
    return right | right | right | st.none() | junk


def facts(listed: type[Any]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries({}, optional={name: fact_values(fact) for name, fact in facts_of(listed).items()})


visits = st.fixed_dictionaries(
    {}, optional={"on": st.dates(date(1, 1, 1)).map(str) | junk, "facts": facts(Thing), "fact": junk}
)
courses = st.fixed_dictionaries(
    {}, optional={"id": st.text() | junk, "patient": facts(Thing), "visits": st.lists(visits, max_size=2) | junk}
)


@given(courses | junk | st.lists(courses, max_size=3))
def test_schema_and_reader_agree_on_another_pathway(content: Any) -> None:
    agree("things", content)


def test_a_file_holds_a_course_or_a_list_of_courses() -> None:
    one = {"patient": {"ras": "mutant"}}
    valid = VALIDATORS["crlm"].is_valid
    assert valid(one)
    assert valid([])
    assert valid([one, one])
    assert not valid([[one]])
    assert not valid([one, {}])


def test_every_slip_of_a_file_is_an_error_at_its_place() -> None:
    course = {
        "id": 7,
        "patient": {
            "microsatellite": "MSS",
            "prior_lines": 2.5,
            "willing": "yes",
            "weeks_on_line": 521,
            "fudr_dose_mg_per_kg_per_day": 0,
            "lesions": [{}, {"segment": 9}, {"treated_by": "Resection", "diameter": 12}, None],
            "Fitness": "doublet",
        },
        "visits": [
            {"on": "2024-02-30", "facts": {"response": "PR"}},
            {"on": "8.1.2024"},
            {"on": "2024-01-08\n"},
            {"when": "2024-03-01"},
        ],
    }
    slips = {
        "id": "7 is not of type",
        "patient": "'Fitness' was unexpected",
        "patient.microsatellite": "'MSS' is not one of ['mss', 'msi_high', 'undetermined', None]",
        "patient.prior_lines": "2.5 is not of type 'integer'",
        "patient.willing": "'yes' is not of type 'boolean'",
        "patient.weeks_on_line": "521 is greater than the maximum of 520",
        "patient.fudr_dose_mg_per_kg_per_day": "0 is less than or equal to the minimum of 0",
        "patient.lesions.1.segment": "9 is greater than the maximum of 8",
        "patient.lesions.2": "'diameter' was unexpected",
        "patient.lesions.2.treated_by": "'Resection' is not one of ['resection', 'rfa', 'sbrt', 'none', None]",
        "patient.lesions.3": "None is not of type 'object'",
        "visits.0.on": "'2024-02-30' is not a 'date'",
        "visits.0.facts.response": "'PR' is not one of ['complete', 'partial', 'stable', 'progressive', None]",
        "visits.1.on": "'8.1.2024' does not match",
        "visits.2.on": "'2024-01-08\\n' does not match",
        "visits.3": "'when' was unexpected",
    }
    for content, before in ((course, ""), ([{"patient": {}}, course], "1.")):
        errors = list(VALIDATORS["crlm"].iter_errors(content))
        found = {".".join(map(str, error.absolute_path)): error.message for error in errors}
        assert len(found) == len(errors)
        assert found.keys() == {before + place for place in slips}
        for place, message in slips.items():
            assert message in found[before + place]


def test_the_schema_tells_labels_units_and_ranges() -> None:
    facts = course_schema(CRLM)["$defs"]["Patient"]["properties"]
    assert facts["weeks_on_line"] == {
        "title": "time on the current line",
        "x-title-zh": "本线治疗时间",
        "type": ["number", "null"],
        "x-unit": "weeks",
        "x-unit-zh": "周",
        "minimum": 0,
        "maximum": 520,
    }
    dose = facts["fudr_dose_mg_per_kg_per_day"]
    assert (dose["exclusiveMinimum"], dose["maximum"], dose["x-unit"]) == (0, 0.12, "mg/kg/day")
    assert facts["ras"] == {
        "title": "RAS status",
        "x-title-zh": "RAS状态",
        "enum": ["mutant", "wild_type", "undetermined", None],
        "x-enum-titles": ["mutant", "wild type", "tested without a result", "not recorded"],
        "x-enum-titles-zh": ["突变型", "野生型", "已检测但无结果", "未记录"],
    }
    assert facts["lesions"]["items"] == {"$ref": "#/$defs/LiverMetastasis"}
    assert "since ras is wild_type" in facts["ras_variant"]["description"]
    assert facts["sirt_given"]["description"] == "no until recorded otherwise"


def test_what_the_schema_cannot_say_is_told() -> None:
    description = course_schema(CRLM)["description"]
    for told in ("no key stands twice", "dates of visits do not go back", "can never be together", "NaN", "3.0"):
        assert told in description


def test_boundless_numbers_and_namesakes_have_their_place() -> None:
    @record
    class Item:
        size = number(-1.5, float("inf"), "size")

    inner = many(Item, "inner")

    @record
    class course:  # noqa: N801 - a name that a definition has already
        items = inner
        count = integer(0, 3, "count")
        seen = boolean("seen")

    contradiction(course.count, course.count > 2, "expected a smaller count", zh="数目应更小")
    pathway = small.pathway(
        State(
            name="inspect",
            text="x",
            transitions=(small.step("end", "over", course.seen | ~course.seen),),
        ),
        State(name="over", text="y", terminal=True),
        record=course,
        interrupts=(),
    )
    validator = Draft202012Validator(course_schema(pathway))
    assert validator.is_valid({"patient": {"items": [{"size": 1e300}], "count": 3.0}})
    assert not validator.is_valid({"patient": {"items": [{"size": -2}]}})
    assert Part.__name__ not in course_schema(pathway)["$defs"]


def test_the_command_prints_the_schema(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.argv", ["crlm-pathway", "schema"])
    with pytest.raises(SystemExit) as left:
        cli.main()
    out, err = capfd.readouterr()
    assert (left.value.code, err) == (0, "")
    assert json.loads(out) == course_schema(CRLM)
