"""The ready-made properties hold of sound pathways; of broken ones they show the least that is wrong."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import Phase, settings

from crlm_pathway import CRLM, AmbiguousDecision, Journey, NoDecision, Pathway, Predicate
from crlm_pathway.courses import course_from_json, run_course
from crlm_pathway.testing import (
    assert_every_patient_arrives,
    assert_learning_never_undoes,
    assert_one_way,
    assert_resumes_exactly,
    pathway_machine,
)
from small import COATS, FIXES, INSPECT, LOST, SCRAPPED, SOLD, WORKSHOP, pathway, row
from universe import Part

EXAMPLE = runpy.run_path(str(Path(__file__).parents[2] / "examples/sore_throat.py"))
SORE_THROAT: Pathway = EXAMPLE["SORE_THROAT"]
SoreThroat: Any = EXAMPLE["SoreThroat"]
invalid = EXAMPLE["unreadable"]
PROPERTIES = (assert_every_patient_arrives, assert_one_way, assert_learning_never_undoes, assert_resumes_exactly)
Property = Callable[..., None]

TestSoreThroat = pathway_machine(SORE_THROAT).TestCase
TestSoreThroat.settings = settings(TestSoreThroat.settings, max_examples=15, stateful_step_count=15)
TestCRLM = pathway_machine(CRLM).TestCase
TestCRLM.settings = settings(TestCRLM.settings, max_examples=15, stateful_step_count=15)


@pytest.mark.parametrize("holds", PROPERTIES)
@pytest.mark.parametrize("whole", [CRLM, SORE_THROAT, pathway()], ids=lambda whole: whole.name)
def test_sound_pathways_have_every_property(holds: Property, whole: Pathway) -> None:
    holds(whole, max_examples=30)


def guarded(whole: Pathway, **guards: Predicate) -> Pathway:
    """The pathway with other guards of some transitions."""
    return attrs.evolve(
        whole,
        states=tuple(
            attrs.evolve(
                state,
                transitions=tuple(
                    attrs.evolve(step, when=guards.get(step.key, step.when)) for step in state.transitions
                ),
            )
            for state in whole.states
        ),
    )


def mending(*rows: tuple[str, Predicate]) -> Pathway:
    """The small pathway with other rows in the table over the parts."""
    fixes = attrs.evolve(FIXES, options=tuple(row(name, when) for name, when in rows))
    return pathway(INSPECT, attrs.evolve(WORKSHOP, tables=(COATS, fixes)), SOLD, SCRAPPED, LOST)


def shown(holds: Property, broken: Pathway, **more: Any) -> tuple[str, dict[str, Any]]:
    """What is wrong with a pathway, and the course that shows it."""
    with pytest.raises(AssertionError) as raised:
        holds(broken, derandomize=True, **more)
    said, replayed, course = str(raised.value).split("\n", 2)
    assert replayed == "`crlm-pathway run --pathway MODULE:NAME course.json` takes this course there:"
    return said, json.loads(course)


OVERLAPPING = guarded(SORE_THROAT, spare_the_test=SoreThroat.score <= 2)
GAPING = guarded(SORE_THROAT, spare_the_test=SoreThroat.score < 1)


@pytest.mark.parametrize("holds", [assert_every_patient_arrives, assert_one_way])
def test_an_overlap_at_a_boundary_shrinks_to_that_one_fact(holds: Property) -> None:
    said, course = shown(holds, OVERLAPPING)
    assert said == "sore_throat: in assessment, test_at_once (A1) and spare_the_test (A2) are enabled together"
    assert course == {"patient": {}, "visits": [{"facts": {"score": 2}}]}
    with pytest.raises(AmbiguousDecision):
        run_course(OVERLAPPING, course_from_json(OVERLAPPING, course))


@pytest.mark.parametrize("holds", [assert_every_patient_arrives, assert_one_way])
def test_a_gap_shrinks_to_that_one_fact(holds: Property) -> None:
    said, course = shown(holds, GAPING)
    assert said == "sore_throat: in assessment, no transition is enabled, and nothing is left to learn"
    assert course == {"patient": {}, "visits": [{"facts": {"score": 1}}]}
    with pytest.raises(NoDecision):
        run_course(GAPING, course_from_json(GAPING, course))


def test_an_overlap_that_only_a_history_brings_is_found_with_the_way_to_it() -> None:
    said, course = shown(assert_one_way, guarded(SORE_THROAT, repeat_test=invalid))
    assert said == "sore_throat: in testing, repeat_test (B3) and withhold_antibiotic (B4) are enabled together"
    assert [visit["facts"] for visit in course["visits"]] == [
        {"score": 2},
        {"rapid_test": "invalid"},
        {"rapid_test": "invalid"},
    ]


def test_a_journey_that_need_not_end_is_shown_up_to_where_it_comes_back() -> None:
    positive = EXAMPLE["positive"]
    endless = guarded(SORE_THROAT, repeat_test=invalid, withhold_antibiotic=~positive & ~invalid)
    said, course = shown(assert_every_patient_arrives, endless)
    assert said == (
        "sore_throat: it comes back to testing by repeat_test (B3) with nothing different that a criterion could "
        "tell, and so may go on for ever"
    )
    assert course["patient"] == {}
    assert course["visits"] == [{"facts": {"score": 2}}, *[{"facts": {"rapid_test": "invalid"}}]]


def test_a_journey_that_takes_too_long_is_told() -> None:
    said, course = shown(assert_every_patient_arrives, SORE_THROAT, within=2)
    assert said == "sore_throat: it has not ended after 2 steps"
    assert len(course["visits"]) == 3


@pytest.mark.parametrize("holds", [assert_every_patient_arrives, assert_one_way])
@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ((("glue", Part.width < 3), ("weld", Part.width > 3)), "no row of table fixes applies"),
        ((("glue", Part.width <= 3), ("weld", Part.width >= 3)), "the rows glue and weld of table fixes all apply"),
    ],
)
def test_an_item_for_which_a_table_cannot_choose_is_shown(
    holds: Property, rows: tuple[tuple[str, Predicate], ...], wrong: str
) -> None:
    said, course = shown(holds, mending(*rows))
    assert said == f"things: on entering workshop by repair (REPAIR), {wrong}"
    (visit,) = course["visits"]
    assert visit["facts"].keys() == {"colour", "alive", "parts"}
    assert any(part.get("width") == 3 for part in visit["facts"]["parts"])


def test_what_learning_undoes_is_shown_with_what_was_learnt() -> None:
    broken = guarded(SORE_THROAT, get_well_on_antibiotic=SoreThroat.improving)
    said, course = shown(assert_learning_never_undoes, broken)
    assert said.startswith("sore_throat: in antibiotic, ")
    assert said.endswith(
        " known too, in antibiotic, get_well_on_antibiotic (D1) and change_antibiotic (D2) are enabled together"
    )
    assert course["visits"][-1]["facts"].keys() >= {"improving", "drug_reaction"}


def test_a_journey_that_does_not_resume_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    resume = Journey.from_json

    def forgetful(whole: Pathway, data: dict[str, Any]) -> Journey:
        return resume(whole, {**data, "visits": data["visits"][:1]})

    monkeypatch.setattr(Journey, "from_json", forgetful)
    said, course = shown(assert_resumes_exactly, SORE_THROAT)
    assert "resumed from its snapshot before visit" in said
    assert len(course["visits"]) <= 4


def test_a_fault_is_found_with_whatever_settings() -> None:
    with pytest.raises(AssertionError, match='"score": 2'):
        assert_one_way(OVERLAPPING, settings=settings(max_examples=50, deadline=None, database=None))


def test_a_machine_of_a_broken_pathway_fails() -> None:
    machine = pathway_machine(OVERLAPPING)
    machine.TestCase.settings = settings(machine.TestCase.settings, derandomize=True, phases=[Phase.generate])
    with pytest.raises(AmbiguousDecision):
        machine.TestCase().runTest()


def test_without_hypothesis_one_line_says_how_to_get_it() -> None:
    script = """if True:
        import sys
        sys.modules["hypothesis"] = None
        try:
            import crlm_pathway.testing
        except ImportError as error:
            print(type(error).__name__, error, sep=": ")
        """
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout == "MissingExtra: crlm_pathway.testing needs Hypothesis: pip install 'crlm-pathway[testing]'\n"
