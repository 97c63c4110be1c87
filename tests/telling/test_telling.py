"""Journeys and explanations as text for people, whatever their labels hold."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import partial
from itertools import pairwise
from typing import Any

import attrs
import pytest
from hypothesis import given, strategies as st
from rich.cells import cell_len
from rich.console import Console

from crlm_pathway import CRLM, Journey, Microsatellite, Pathway, Patient, Text
from crlm_pathway.evidence import load
from crlm_pathway.predicates.labels import printable
from crlm_pathway.telling import Languages, explain_moment, set_out, styled, tell, why
from crlm_pathway.telling.lines import line_of
from small import COATS, INSPECT, LOST, SCRAPPED, SOLD, WORKSHOP, pathway, row
from test_journey import in_the_workshop
from universe import Colour, Part, Thing

words = st.text(min_size=1).filter(printable)
labels = st.builds(Text, words, words) | st.sampled_from(
    [
        Text("\x1b[31mred\x07\x9b2J", "\x1b]0;标题\x07"),
        Text("two\nlines\r\n[bold]no markup[/bold] :smile:", "左\u202e右"),
        Text('"quotes" <b>&amp;</b> {braces} %s', "مرحبا 患者 🙂"),
    ]
)


def labelled(words: Text) -> Pathway:
    """The small pathway with the same words for every label."""

    def again(part: Any) -> Any:
        return attrs.evolve(part, text=words)

    states = [
        attrs.evolve(
            state,
            text=words,
            transitions=tuple(map(again, state.transitions)),
            advisories=tuple(map(again, state.advisories)),
            tables=tuple(attrs.evolve(table, text=words, options=map(again, table.options)) for table in state.tables),
        )
        for state in (INSPECT, WORKSHOP, SOLD, SCRAPPED, LOST)
    ]
    return pathway(*states, text=words)


def printed(told: Any, width: int = 80) -> str:
    console = Console(width=width, highlight=False, markup=False, emoji=False, force_terminal=False)
    with console.capture() as captured:
        console.print(told)
    return captured.get()


EVERY_WAY: list[Languages] = [("en",), ("zh",), ("en", "zh")]


@given(labels, st.sampled_from(EVERY_WAY), st.booleans())
def test_no_label_upsets_a_terminal(words: Text, languages: Languages, folded: bool) -> None:
    things = labelled(words)
    journey = Journey.begin(things, Thing(alive=True, colour=Colour.RED))
    journey.visit(weight=60)
    journey.visit(parts=(Part(broken=True, width=9),), size=1)
    explanation = things.explain(journey.state, journey.patient, journey.history)
    for text in (
        printed(tell(journey, languages)),
        printed(set_out(partial(why, explanation, evidence=load(), folded=folded), languages)),
        explanation.text(languages[0], folded=folded),
    ):
        assert not [character for character in text if character != "\n" and upsetting(character)]


def upsetting(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cs"} or character in "\u202a\u202b\u202d\u202e"


LONG = Text("a rather long label that has to go on below itself " * 3, "一个相当长的标签，必须换行才能放下" * 4)


@pytest.mark.parametrize("languages", EVERY_WAY)
@pytest.mark.parametrize("width", [40, 80, 120])
def test_lines_fit_the_width_also_in_chinese(languages: Languages, width: int) -> None:
    journey = Journey.begin(labelled(LONG), Thing(alive=True, colour=Colour.RED, parts=(Part(broken=True),)))
    journey.visit()
    explanation = journey.pathway.explain(journey.state, journey.patient, journey.history)
    explained = set_out(partial(why, explanation, evidence=load(), folded=False), languages)
    for told in (tell(journey, languages), explained):
        assert max(map(cell_len, printed(told, width).splitlines())) <= width


def test_both_languages_are_told_line_below_line_and_what_is_alike_once() -> None:
    journey = Journey.begin(pathway(), Thing(alive=True, colour=Colour.RED))
    journey.visit(parts=(Part(broken=True),))
    told = [line.split() for line in printed(tell(journey, ("en", "zh"))).splitlines()]
    way = told.index(["Inspection", "→", "Workshop"])
    assert told[way + 1] == ["检查", "→", "车间"]
    assert sum("repair" in line for line in told) == 1, "the label has no Chinese of its own"


def test_rounds_alike_are_told_once_unless_they_bring_options() -> None:
    def told(*workshop: Any) -> str:
        things = pathway(INSPECT, attrs.evolve(WORKSHOP, **dict(workshop)), SOLD, SCRAPPED, LOST).with_policy(most=9)
        journey = Journey.begin(things, Thing(alive=True, colour=Colour.RED, parts=(Part(broken=True),)))
        for day in (1, 2, 3):
            journey.visit(on=date(2024, 1, day), size=1)
        return printed(tell(journey))

    once = told(("tables", ()))
    assert once.count("AGAIN") == 1
    assert "2 times, until 2024-01-03" in once
    assert told().count("AGAIN") == 2


def test_steps_alike_in_a_row_are_counted_in_a_line() -> None:
    journey = in_the_workshop()
    journey.visit(size=1)
    assert " REPAIR AGAIN " in line_of(1, "thing", journey, ("en",))
    lenient = Journey.replay(pathway().with_policy(most=9), journey.to_json()).journey
    lenient.visit(size=1)
    assert " REPAIR AGAIN×2 " in line_of(1, "thing", lenient, ("en",))


def test_items_to_mind_are_counted_from_1() -> None:
    assert "wide (no. 2)" in printed(tell(in_the_workshop()))


def test_a_visit_that_waited_is_explained_with_what_was_known_then() -> None:
    journey = Journey.begin(pathway(), Thing(alive=True, colour=Colour.RED))
    journey.visit(weight=3)
    journey.visit(parts=(Part(broken=True),))
    assert [fact.path for fact in explain_moment(journey, 0).wanted] == ["parts"]
    assert explain_moment(journey, 1).decision.transition is journey.steps[0].transition
    assert [fact.path for fact in explain_moment(journey, None).wanted] == ["size"]


def test_folded_claims_are_told_only_of_the_transition_taken() -> None:
    out_of_scope = Patient(liver_metastases_confirmed=True, microsatellite=Microsatellite.MSI_HIGH)
    explanation = CRLM.explain("initial_assessment", out_of_scope)
    folded, whole = ([line.mark for line in why(explanation, "en", load(), folded=folded)] for folded in (True, False))
    assert folded.count("§") == 1
    assert whole.count("§") > 1


# -- lines -----------------------------------------------------------------------------------------------------------

prose = st.text(st.sampled_from("abc 1.5 （，。）“”；预计剩余肝体积足够 🙂"), max_size=60)


@given(prose, st.integers(4, 20))
def test_prose_loses_nothing_and_fits(words: str, width: int) -> None:
    console = Console(width=width)
    lines = [line.plain for line in styled(words).wrap(console, width)]
    assert all(cell_len(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == printable(words).replace(" ", "")


@given(prose, st.integers(12, 20))
def test_no_line_begins_with_closing_punctuation_or_ends_with_opening(words: str, width: int) -> None:
    calm = re.sub(r"([（“，。；）”])[（“，。；）”]+", r"\1", words)  # whole lines of punctuation cannot be helped
    lines = [line.plain for line in styled(calm).wrap(Console(width=width), width)]
    for before, after in pairwise(lines):
        assert after[:1] not in tuple("，。；）”") or before.endswith(" ") or " " + after in calm
        assert before[-1:] not in tuple("（“") or before + " " in calm


def test_prose_breaks_as_a_setter_would() -> None:
    words = "局部治疗可达NED：否（预计剩余肝体积（FLR）足够：否）；疗效（RECIST 1.1）"
    assert [line.plain for line in styled(words).wrap(Console(width=20), 20)] == [
        "局部治疗可达NED：否",
        "（预计剩余肝体积",
        "（FLR）足够：否）；",
        "疗效（RECIST 1.1）",
    ]


def test_a_sign_stays_with_its_number() -> None:
    words = "diameter of lesion ≥ 30 mm by RECIST 1.1"
    assert [line.plain for line in styled(words).wrap(Console(width=21), 21)] == [
        "diameter of lesion",
        "≥ 30 mm by RECIST 1.1",
    ]
    assert [line.plain for line in styled(words).wrap(Console(width=19), 19)] == [
        "diameter of lesion",
        "≥ 30 mm by",
        "RECIST 1.1",
    ]


def test_a_table_waits_also_to_know_whether_it_applies_and_says_when_it_does_not() -> None:
    coats = attrs.evolve(COATS, given=Thing.sold, options=(row("thick", Thing.weight >= 10),))
    things = pathway(INSPECT, attrs.evolve(WORKSHOP, tables=(coats,)), SOLD, SCRAPPED, LOST)

    def told(**more: Any) -> str:
        journey = Journey.begin(things, Thing(alive=True, colour=Colour.RED, weight=3, **more))
        journey.visit(parts=(Part(broken=True),))
        explained = explain_moment(journey, 0).text()
        return " ".join((printed(tell(journey)) + explained).split())

    assert "coat to be chosen once it is known: sold" in told()
    assert "→ Coat: not to be chosen until it is known: ? sold" in told()
    assert "coat does not apply" in told(sold=False)
    assert "→ Coat: does not apply" in told(sold=False)
