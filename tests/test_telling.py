"""Journeys and explanations as text for people, whatever their labels hold."""

from __future__ import annotations

import unicodedata
from typing import Any

import attrs
from hypothesis import given, strategies as st
from rich.cells import cell_len
from rich.console import Console

from crlm_pathway import Journey, Pathway, Text
from crlm_pathway.telling import set_out, tell
from small import INSPECT, LOST, SCRAPPED, SOLD, WORKSHOP, pathway
from universe import Colour, Part, Thing

labels = st.builds(Text, st.text(min_size=1), st.text(min_size=1)) | st.sampled_from(
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


def printed(told: Any) -> str:
    console = Console(width=80, highlight=False, markup=False, emoji=False, force_terminal=False)
    with console.capture() as captured:
        console.print(told)
    return captured.get()


@given(labels, st.sampled_from(["en", "zh"]))
def test_no_label_upsets_a_terminal(words: Text, language: Any) -> None:
    things = labelled(words)
    journey = Journey.begin(things, Thing(alive=True, colour=Colour.RED))
    journey.visit(weight=60)
    journey.visit(parts=(Part(broken=True, width=9),), size=1)
    explanation = things.explain(journey.state, journey.patient, journey.history)
    for text in (
        printed(tell(journey, language)),
        printed(set_out(explanation, language)),
        explanation.text(language),
    ):
        assert not [character for character in text if character != "\n" and upsetting(character)]


def upsetting(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cs"} or character in "\u202a\u202b\u202d\u202e"


def test_lines_fit_the_width_also_in_chinese() -> None:
    long = Text("a rather long label that has to go on below itself " * 3, "一个相当长的标签，必须换行才能放下" * 4)
    journey = Journey.begin(labelled(long), Thing(alive=True, colour=Colour.RED, parts=(Part(broken=True),)))
    journey.visit()
    for language in ("en", "zh"):
        lines = printed(tell(journey, language)).splitlines()
        assert max(map(cell_len, lines)) <= 80
