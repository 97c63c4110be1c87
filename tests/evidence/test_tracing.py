"""Tracing through any pathway, and looking a word up."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given
from hypothesis.strategies import sampled_from

from crlm_pathway import CRLM, Text
from crlm_pathway.evidence import Kind, UnknownClaim, UnknownWord, about, elements, load, uses
from small import COATS, HEAVY, INSPECT, INTERRUPTS, LOST, MOST, SCRAPPED, SOLD, WORKSHOP, pathway, row, step
from universe import Thing

EVIDENCE = load()
LIMIT = attrs.evolve(MOST, name="limit", claims=("limit",))
REVIEW = attrs.evolve(MOST, name="review", claims=("review",))
MANY = attrs.evolve(MOST, name="many", claims=("many", "many"))
ADVICE = attrs.evolve(HEAVY, when=Thing.weight > LIMIT, claims=("advice",))
THINGS = pathway(
    attrs.evolve(INSPECT, claims=("state",), advisories=(ADVICE,)),
    attrs.evolve(
        WORKSHOP,
        tables=(
            attrs.evolve(
                COATS,
                options=(
                    row("coat", Thing.weight >= 10, key="thick", claims=("row",), review=REVIEW),
                    row("coat", Thing.weight < 10, key="thin"),
                ),
            ),
        ),
        advisories=(ADVICE,),
    ),
    SOLD,
    SCRAPPED,
    LOST,
    interrupts=(step("lose", "lost", Thing.size > MANY, code="X1", claims=("state",)),),
)


def test_uses_name_every_element_that_cites_a_claim() -> None:
    found = {
        id_: [(use.kind.value, use.key, use.code, use.table, use.states) for use in where]
        for id_, where in uses(THINGS).items()
    }
    both = ("inspect", "workshop")
    assert found == {
        "state": [("state", "inspect", "", "", ("inspect",)), ("transition", "lose", "X1", "", both)],
        "advice": [("advisory", "heavy", "", "", both)],
        "row": [("option", "thick", "", "coat", ("workshop",))],
        "limit": [("parameter", "limit", "", "", both)],
        "many": [("parameter", "many", "", "", both)],
        "review": [("parameter", "review", "", "", ("workshop",))],
    }


def test_another_policy_cites_the_same_claims() -> None:
    assert uses(THINGS.with_policy(limit=9, review=1)) == uses(THINGS)


def test_elements_are_all_there_cited_or_not() -> None:
    keys = {(element.kind, element.key) for element in elements(CRLM)}
    assert {(Kind.STATE, state.name) for state in CRLM.states} <= keys
    assert {(Kind.TRANSITION, step.key) for step in CRLM.transitions} <= keys
    assert {(Kind.PARAMETER, name) for name in CRLM.parameters} <= keys


def test_an_element_of_several_states_is_one() -> None:
    [burden] = [element for element in elements(CRLM) if element.key == "high_burden"]
    assert burden.states == ("initial_assessment", "response_evaluation")
    [die] = [element for element in elements(CRLM) if element.code == "X1"]
    assert set(die.states) == {state.name for state in CRLM.states} - CRLM.terminal_states


@pytest.mark.parametrize(
    ("word", "kinds", "keys"),
    [
        ("cairo5-orr", "claim", ["cairo5-orr"]),
        ("becomE", "study", ["BECOME"]),
        ("SULTAN", "study", ["SULTAN UCGI 30/PRODIGE 53"]),
        ("c5", "transition", ["turn_to_regional_therapy"]),
        ("eradicate", "transition", ["eradicate"]),
        ("rfa_deep", "option", ["rfa_deep"]),
        ("rfa", "option", ["rfa_deep", "rfa_not_resectable"]),
        ("margin_below_ras_target", "advisory", ["margin_below_ras_target"]),
        ("regional_therapy", "state", ["regional_therapy"]),
        ("second_look_weeks", "parameter", ["second_look_weeks"]),
        ("30", "reference", ["Martin2011"]),
        ("37", "reference", ["Mise2016"]),
        ("25775068", "reference", ["Mise2016"]),
        ("cremolini2015b", "reference", ["Cremolini2015b"]),
        ("D04", "discrepancy", ["D04"]),
    ],
)
def test_a_word_is_found_whatever_it_names(word: str, kinds: str, keys: list[str]) -> None:
    found = about(CRLM, EVIDENCE, word)
    assert [it.key for it in found] == keys
    assert {it.kind.value for it in found} == {kinds}


def test_a_word_that_names_several_things_gives_all_of_them() -> None:
    found = about(CRLM, EVIDENCE, "debiri")
    assert [(it.kind, it.key) for it in found] == [
        (Kind.OPTION, "debiri"),
        (Kind.STUDY, "DEBIRI"),
        (Kind.STUDY, "DEBIRI x3"),
    ]
    nothing = about(CRLM, EVIDENCE, "none")
    assert [it.element and it.element.table for it in nothing] == ["add_on", "modality"]


def test_what_is_found_leads_from_the_pathway_to_the_papers_and_back() -> None:
    [step] = about(CRLM, EVIDENCE, "C5")
    assert step.label == Text("NED not within reach by local treatment", "局部治疗尚不可达NED")
    assert [claim.id for claim in step.claims][2] == "sultan-trigger"
    assert [paper.key for paper in step.references] == ["Boileve2020", "Wasan2017"]
    assert [found.id for found in step.discrepancies] == ["D30", "D43", "D20", "D46"]
    assert [use.key for use in step.uses["sultan-trigger"]] == [
        "end_block",
        "continue_conversion",
        "turn_to_regional_therapy",
        "second_look_weeks",
    ]
    [paper] = about(CRLM, EVIDENCE, "28")
    assert step.claims[2] in paper.claims
    assert paper.uses["sultan-registration"] == ()
    assert "sultan-registration" in EVIDENCE.not_used


def test_evidence_of_a_discrepancy_is_its_own() -> None:
    [found] = about(CRLM, EVIDENCE, "D01")
    assert [claim.id for claim in found.claims] == ["cairo5-orr", "cairo5-orr-gain"]
    assert [it.id for it in found.discrepancies] == ["D01"]  # not D40, which concerns one of the claims too


@given(sampled_from([name for element in elements(CRLM) for name in element.names] + list(EVIDENCE.claims)))
def test_every_name_is_found_in_any_case(name: str) -> None:
    assert about(CRLM, EVIDENCE, name.upper()) == about(CRLM, EVIDENCE, f" {name} ") != ()


def test_labels_dois_and_words_of_claims_find_what_they_stand_in() -> None:
    for label in ("NED reached", "ned REACHED", "达到NED"):
        assert [found.key for found in about(CRLM, EVIDENCE, label)] == ["eradicate"]
    paper = EVIDENCE.references[1]
    assert paper.doi
    assert about(CRLM, EVIDENCE, paper.doi)[0].references == (paper,)
    speaking = about(CRLM, EVIDENCE, "bevacizumab")
    assert {found.kind for found in speaking} == {Kind.CLAIM}
    assert {found.key for found in speaking} == {
        claim.id for claim in EVIDENCE.claims.values() if "bevacizumab" in claim.statement.en.casefold()
    }
    assert about(CRLM, EVIDENCE, "贝伐珠单抗")


def test_an_unknown_word_gets_the_nearest_names() -> None:
    with pytest.raises(
        UnknownWord, match=r"called 'SIRFOX' or speaks of it \(did you mean `SIRFLOX`, `sirflox-n` or `sirflox-orr`\?\)"
    ):
        about(CRLM, EVIDENCE, "SIRFOX")
    for word in ("", "47", "?!"):
        with pytest.raises(UnknownWord):
            about(CRLM, EVIDENCE, word)


def test_a_pathway_that_cites_what_the_evidence_has_not_is_told() -> None:
    assert INTERRUPTS[0].claims == ()
    with pytest.raises(UnknownClaim, match="'row'"):
        about(THINGS, EVIDENCE, "thick")
