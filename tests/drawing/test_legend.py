"""Every sign of a picture is explained beside it, in each format, and no other is."""

from __future__ import annotations

import re
from typing import Any

import pytest

from crlm_pathway import CRLM, Provenance
from crlm_pathway.drawing import figure_of, words
from crlm_pathway.drawing.dot import dot
from crlm_pathway.drawing.figure import Chart, Edge, Entry, Figure, Grid, Kind, Line, Listing, Mark, Node, Row
from crlm_pathway.drawing.legend import Sign, Walked, signs
from crlm_pathway.drawing.look import FADED, MARKED, PLAIN, TAKEN, Look, citation, look_of, numbers, runs
from crlm_pathway.drawing.mermaid import mermaid
from crlm_pathway.predicates.labels import Text

MEANINGS = (
    *(origin.text for origin in Provenance),
    *(words.AN_END, words.STOPPED, words.THE_WAY, words.VISITED, words.HERE),
    *(mark.text for mark in Mark),
)


def figure(*charts: Chart, **parts: Any) -> Figure:
    return Figure("f", ("A title",), ("What it shows.",), ("en",), charts, **parts)


def chart(*nodes: Node, line: Line | None = None, interrupt: Line | None = None) -> Chart:
    """States, a line from the first of them round to itself, and one from any."""
    edges = () if line is None else (Edge(nodes[0].name, nodes[0].name, Provenance.STATED, (line,)),)
    others = () if interrupt is None else (Edge(None, nodes[-1].name, Provenance.GLUE, (interrupt,)),)
    return Chart("c", nodes, edges, others)


def explained(text: str) -> list[Text]:
    """The meanings that stand in a picture, whatever lines they are broken into."""
    said = re.sub(r"<[^>]*>|&[^;]*;|#\d+;|\s", "", text)
    return [meaning for meaning in MEANINGS if meaning.en.replace(" ", "") in said]


STAGE, END, STOPPED = Node("a", ("A",), Kind.STAGE), Node("b", ("B",), Kind.END), Node("d", ("D",), Kind.STOPPED)
ROW = Row("r", ((),), ("o",), Provenance.IMPLIED)

PICTURES: dict[str, tuple[Figure, list[Sign]]] = {
    "a stage alone": (figure(chart(STAGE)), []),
    "ends": (figure(chart(STAGE, END, STOPPED)), [Kind.END, Kind.STOPPED]),
    "a line": (figure(chart(STAGE, line=Line("k", "A1"))), [Provenance.STATED]),
    "a line from any state": (figure(chart(STAGE, interrupt=Line("k", "X1"))), [Provenance.GLUE]),
    "a row": (figure(grids=(Grid("g", ("G",), (("i",),), ("o",), (ROW,)),)), [Provenance.IMPLIED]),
    "a step taken": (
        figure(chart(STAGE, line=Line("k", "A1", order=(1,)))),
        [Provenance.STATED, Walked.THE_WAY],
    ),
    "a step taken from any state": (
        figure(chart(STAGE, interrupt=Line("k", "X1", order=(1,)))),
        [Provenance.GLUE, Walked.THE_WAY],
    ),
    "states gone through": (figure(chart(Node("a", ("A",), Kind.STAGE, visited=True))), [Walked.VISITED]),
    "the state where it stands": (
        figure(chart(Node("a", ("A",), Kind.STAGE, visited=True, here=True))),
        [Walked.HERE],
    ),
    "a state marked": (figure(chart(Node("a", ("A",), Kind.STAGE, mark=Mark.ADDED))), [Mark.ADDED]),
    "a line marked": (
        figure(chart(STAGE, line=Line("k", "A1", mark=Mark.CHANGED))),
        [Provenance.STATED, Mark.CHANGED],
    ),
    "an entry marked": (
        figure(chart(STAGE), listings=(Listing((), (Entry("A1", ("what",), mark=Mark.CHANGED),)),)),
        [Mark.CHANGED],
    ),
}


@pytest.mark.parametrize("name", PICTURES)
def test_each_sign_that_is_there_is_explained_and_no_other(name: str) -> None:
    picture, expected = PICTURES[name]
    assert [sign for sign, _ in signs(picture)] == expected
    meanings = [meaning for _, meaning in signs(picture)]
    assert explained(dot(picture)) == explained(mermaid(picture)) == meanings


def test_a_list_of_differences_explains_its_marks() -> None:
    picture = figure_of(CRLM, compare=CRLM.with_policy(max_regional_rounds=2))
    assert any(entry.mark is Mark.CHANGED for listing in picture.listings for entry in listing.entries)
    assert Mark.CHANGED.text in explained(dot(picture))


@pytest.mark.parametrize(
    ("way", "emphasised", "mark", "look"),
    [
        (False, False, None, PLAIN),
        (False, True, None, PLAIN),
        (True, True, None, TAKEN),
        (True, False, None, FADED),
        (True, True, Mark.ADDED, MARKED),
        (False, False, Mark.CHANGED, MARKED),
    ],
)
def test_a_mark_is_seen_on_a_way_too(way: bool, emphasised: bool, mark: Mark | None, look: Look) -> None:
    assert look_of(way, emphasised, mark) is look


@pytest.mark.parametrize(
    ("given", "circled", "cited"),
    [
        ((), "", "[]"),
        ((3,), "③", "[3]"),
        ((1, 2), "①②", "[1,2]"),
        ((1, 2, 3), "①–③", "[1–3]"),
        ((1, 3, 4, 5, 9, 8), "① ③–⑤ ⑨ ⑧", "[1,3–5,9,8]"),
        ((50, 51), "㊿(51)", "[50,51]"),
    ],
)
def test_of_three_numbers_or_more_in_a_row_the_first_and_the_last_are_written(
    given: tuple[int, ...], circled: str, cited: str
) -> None:
    assert (numbers(given), citation(given)) == (circled, cited)
    assert [number for run in runs(given) for number in run] == list(given)
