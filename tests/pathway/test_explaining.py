"""Explanations: data first, text second, in both languages."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given, strategies as st

from crlm_pathway import (
    CRLM,
    Extrahepatic,
    Fitness,
    History,
    LiverMetastasis,
    Microsatellite,
    Patient,
    Predicate,
    Ras,
    RunningError,
    Text,
    Visibility,
    named,
    replace,
)
from crlm_pathway.pathway.because import because
from crlm_pathway.pathway.explaining import Explanation, Reason, reason
from crlm_pathway.pathway.wanted import values_told_apart
from crlm_pathway.predicates.labels import LANGUAGES, Language
from crlm_pathway.predicates.reference import Evaluator, evaluate
from small import INSPECT, SCRAPPED, SOLD, WORKSHOP, histories, pathway, step, with_guard
from universe import Colour, Part, Thing, monotone_predicates, things

THINGS = pathway()


def test_each_transition_is_explained_with_the_values_seen() -> None:
    explained = THINGS.explain("inspect", Thing(alive=False, colour=Colour.RED))
    assert [(found.transition.key, found.truth) for found in explained.transitions] == [
        ("lose", False),
        ("scrap", True),
        ("repair", False),
        ("pass_on", False),
    ]
    scrap = explained.transitions[1].reason
    assert (scrap.text.en, scrap.truth, scrap.seen and scrap.seen.en) == ("alive: no", True, "no")


def test_a_criterion_over_a_list_is_explained_item_by_item() -> None:
    thing = Thing(alive=True, colour=Colour.RED, parts=(Part(broken=False), Part(), Part(broken=True)))
    repair = THINGS.explain("inspect", thing).transitions[2].reason
    over_parts = repair.parts[1]
    assert [(part.text.en, part.truth) for part in over_parts.parts] == [
        ("parts, no. 1: broken: no", True),
        ("parts, no. 2: broken: no", None),
        ("parts, no. 3: broken: no", False),
    ]


def test_what_can_decide_alone_comes_first() -> None:
    explained = THINGS.explain("inspect", Thing(colour=Colour.RED))
    assert [(wanted.path, wanted.alone) for wanted in explained.wanted] == [("alive", True), ("parts", False)]
    explained = THINGS.explain("inspect", Thing(alive=True, colour=Colour.RED, parts=(Part(), Part())))
    assert [(wanted.path, wanted.alone) for wanted in explained.wanted] == [
        ("parts[0].broken", True),
        ("parts[1].broken", True),
    ]
    explained = THINGS.explain("inspect", Thing(alive=True, colour=Colour.RED))
    assert [(wanted.path, wanted.alone) for wanted in explained.wanted] == [("parts", True)]


@given(st.sampled_from(["inspect", "workshop"]), things, histories)
def test_the_truths_explained_are_those_decided(state: str, thing: Thing, history: History) -> None:
    try:
        explained = THINGS.explain(state, thing, history)
    except Exception as error:  # noqa: BLE001 - a pathway under test may be ambiguous
        assert "enabled" in str(error)
        return
    for found, guard in zip(explained.transitions, THINGS.guards(state), strict=True):
        assert found.truth is evaluate(guard, thing, history)
    assert {wanted.path for wanted in explained.wanted} == set(explained.decision.waiting_for)


@given(monotone_predicates, st.sampled_from([Thing.size, Thing.weight, Thing.alive, Thing.colour]), st.data())
def test_values_told_apart_stand_for_all_others(predicate: Any, fact: Any, data: st.DataObject) -> None:
    """Whatever a criterion makes of any value of a fact, it makes of one of those told apart."""
    domain: dict[Any, st.SearchStrategy[Any]] = {
        Thing.size: st.integers(-3, 5),
        Thing.weight: st.floats(0, 100),
        Thing.alive: st.booleans(),
        Thing.colour: st.sampled_from(Colour),
    }
    value = data.draw(domain[fact])
    truth = evaluate(predicate, Thing(**{fact.name: value}))
    representatives = list(values_told_apart(fact, [predicate]))
    assert truth in [evaluate(predicate, Thing(**{fact.name: other})) for other in representatives]


@given(st.sampled_from(["inspect", "workshop"]), things, histories, st.sampled_from(LANGUAGES))
def test_folded_whatever_fails_or_is_open_has_a_reason_with_the_same_mark(
    state: str, thing: Thing, history: History, language: Language
) -> None:
    try:
        explained = THINGS.explain(state, thing, history)
    except RunningError:  # of a random history, the pathway may be ambiguous or have a gap
        return
    for found in explained.transitions:
        way, *reasons = found.lines(language, set())
        assert found.reason.truth is found.truth
        assert found.truth is True or way.mark in {line.mark for line in reasons}


def test_a_criterion_that_compares_two_facts_shows_both() -> None:
    inspect = attrs.evolve(
        INSPECT,
        transitions=(
            step("scrap", "scrapped", Thing.parts.count(Part.broken) > Thing.size),
            step("repair", "workshop", (Thing.parts.count(Part.broken) <= Thing.size) & (Thing.weight > Thing.limit)),
            step("pass_on", "sold", (Thing.parts.count(Part.broken) <= Thing.size) & (Thing.weight <= Thing.limit)),
        ),
    )
    compared = pathway(inspect, WORKSHOP, SOLD, SCRAPPED, interrupts=())
    known = Thing(weight=3, parts=())
    told = compared.explain("inspect", known).text()
    assert "? weight > limit — known: 3 kg; limit: unknown" in told
    assert "— known: 0; size: unknown" in told
    assert "? weight > limit — unknown" in compared.explain("inspect", Thing(limit=2)).text()
    whole = replace(known, limit=2, size=0)
    assert "✓ weight > limit — known: 3 kg; limit: 2 kg" in compared.explain("inspect", whole).text()
    repair = compared.decide("inspect", whole).transition
    assert repair is not None
    assert (
        because(repair, whole, History(), {})
        == "number of parts with broken: yes: 0 (≤ size); size: 0; weight: 3 kg; limit: 2 kg"
    )
    assert because(repair, whole, History(), {}, "zh").endswith("重量：3 kg；上限：2 kg")


def test_what_decides_is_every_part_that_is_needed_and_of_those_that_do_each_alone_the_first() -> None:
    def deciding(predicate: Predicate, thing: Thing) -> list[str]:
        return [part.text.en for part in reason(predicate, thing, Evaluator(), {}).deciding]

    heavy, small = Thing.weight > 5, Thing.size < 0
    neither = Thing(weight=3, size=1)
    assert deciding(~(heavy | small), neither) == ["weight > 5 kg", "size < 0"]
    assert deciding(~(heavy & small), neither) == ["weight > 5 kg"]
    assert deciding(named("both", Text("both"), ~heavy & ~small), neither) == ["weight ≤ 5 kg", "size ≥ 0"]
    assert deciding(heavy & small, Thing(weight=9)) == ["size < 0"]


def test_the_reason_in_one_line_says_nothing_twice_and_names_an_item_only_where_one_decides() -> None:
    def why(predicate: Predicate, thing: Thing) -> str:
        return because(step("go", "sold", predicate), thing, History(), {})

    parts = (Part(broken=False), Part(broken=True))
    assert why((Thing.weight > 2) & (Thing.weight < 9), Thing(weight=3)) == "weight: 3 kg"
    assert why(Thing.parts.every(~Part.broken), Thing(parts=parts[:1])) == "each of the parts: broken: no"
    assert why(~Thing.parts.every(~Part.broken), Thing(parts=parts)) == "parts, no. 2: broken: yes"
    assert why(Thing.parts.some(Part.broken), Thing(parts=parts)) == "parts, no. 2: broken: yes"


def test_criteria_nested_deeply_are_folded_at_once() -> None:
    deep: Predicate = Thing.alive.as_predicate()
    for level in range(30):
        further = deep & (Thing.weight > level) if level % 2 else deep | (Thing.weight > 50 + level)
        deep = named(f"level_{level}", Text(f"level {level}"), further)
    explained = with_guard(deep & ~Thing.alive).explain("inspect", Thing(weight=30, colour=Colour.RED))
    assert "level 0" in explained.text(folded=True)


def test_an_explanation_reads_in_both_languages() -> None:
    referral = Patient(liver_metastases_confirmed=True, microsatellite=Microsatellite.MSS, ras=Ras.MUTANT)
    explained = CRLM.explain("initial_assessment", referral)
    english, chinese = str(explained), explained.text("zh")
    assert "In the state “Initial assessment”" in english
    assert "- fitness: most intensive regimen tolerated (can decide alone)" in english
    assert "✗ A1 colorectal liver metastases excluded → Out of scope" in english
    assert "状态“初始评估”" in chinese
    assert "fitness: 可耐受的最强治疗方案（单独即可决定）" in chinese


@pytest.mark.parametrize("state", [state.name for state in CRLM.states])
def test_every_state_can_be_explained_to_someone_of_whom_nothing_is_known(state: str) -> None:
    explained = CRLM.explain(state, Patient())
    assert isinstance(explained, Explanation)
    assert explained.text("en")
    assert explained.text("zh")


def test_the_reason_in_one_line_names_the_values_that_decided() -> None:
    lesion = LiverMetastasis(
        visibility=Visibility.VISIBLE,
        near_critical_structure=False,
        deep=True,
        resectable=False,
        diameter_mm=30.0,
        sbrt_feasible=False,
    )
    patient = Patient(
        liver_metastases_confirmed=True,
        microsatellite=Microsatellite.MSS,
        ras=Ras.MUTANT,
        fitness=Fitness.TRIPLET,
        willing=True,
        prior_lines=0,
        extrahepatic=Extrahepatic.NONE,
        remnant_adequate=True,
        lesions=(LiverMetastasis(visibility=Visibility.DISAPPEARED), lesion),
    )
    transition = CRLM.decide("initial_assessment", patient).transition
    assert transition is not None
    reason = because(transition, patient, History(), CRLM.names)
    assert transition.code == "A7"
    assert "NED achievable by local treatment: no (liver metastases, no. 2: untreatable: yes" in reason
    assert "diameter: 30 mm" in reason
    assert because(transition, patient, History(), CRLM.names, "zh").startswith("确诊CRLM、MSS且RAS突变：是；")


def test_lines_are_indented_by_depth() -> None:
    whole = Reason(Text("all", "全部"), None, None, (Reason(Text("one", "一"), True, Text("yes", "是")),))
    assert [str(line) for line in whole.lines("en")] == ["? all", "  ✓ one — known: yes"]
    assert [str(line) for line in whole.lines("zh")] == ["? 全部", "  ✓ 一 — 已知：是"]
