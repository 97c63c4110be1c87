"""Pictures as an author would send them to a journal: nothing stands on anything else, or leaves the page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crlm_pathway import CRLM, Journey
from crlm_pathway.courses import read_course, run_course
from crlm_pathway.drawing import figure_of
from crlm_pathway.drawing.dot import dot
from crlm_pathway.drawing.levels import LEVELS
from crlm_pathway.drawing.look import COLUMN, PAGE, type_for
from crlm_pathway.drawing.render import image
from layouts import faults, layout_json

LANGUAGES = ("en", "zh", "both")
COURSES = Path(__file__).parents[2] / "examples" / "courses"
A4_MM = 277.0

A_GRAPH = "digraph {{ dpi=36; node [shape=plain]; {} }}"


def journey(name: str) -> Journey:
    return run_course(CRLM, read_course(CRLM, (COURSES / f"{name}.json").read_bytes()))


PICTURES: dict[str, tuple[Any, dict[str, Any]]] = {
    **{level: (CRLM, {"level": level}) for level in LEVELS},
    "overview from left to right": (CRLM, {"direction": "LR", "width": 190}),
    "criteria from top to bottom": (CRLM, {"level": "criteria", "direction": "TB"}),
    **{f"state {state.name}": (CRLM, {"state": state.name}) for state in CRLM.states},
    **{f"table {table.name}": (CRLM, {"table": table.name}) for state in CRLM.states for table in state.tables},
    "table lesions with references": (CRLM, {"table": "lesions", "level": "evidence"}),
    **{
        f"course {name}": (journey(name), {})
        for name in ("two_recurrences_treated", "waiting_for_ras", "died_during_first_line", "toxicity_and_step_down")
    },
    "two policies": (CRLM, {"compare": CRLM.with_policy(max_regional_rounds=2)}),
    "another two": (CRLM, {"compare": CRLM.with_policy(rfa_max_diameter_mm=20, max_salvages=1)}),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PICTURES)
def test_nothing_stands_on_anything_else_and_no_arrow_runs_through_a_label(name: str, language: Any) -> None:
    what, options = PICTURES[name]
    assert not list(faults(layout_json(dot(figure_of(what, language=language, **options)))))


@pytest.mark.parametrize(
    ("drawn", "said"),
    [
        ('a [label="a long label" fixedsize=true width=.1]; b [label="another one" fixedsize=true width=.1]', "stands"),
        ('a [label="a long label" shape=box fixedsize=true width=0.2]', "'a long label' leaves the page"),
        ("splines=line; a -> bbbbbbbbbbbbb -> c [weight=99]; a -> c", "from a runs through 'bbbbbbbbbbbbb'"),
        ('layout=neato a [pos="0,0!" shape=box] b [pos="0.2,0.2!" shape=box]', "the box a stands on the box b"),
    ],
)
def test_each_of_these_faults_is_found(drawn: str, said: str) -> None:
    assert any(said in fault for fault in faults(layout_json(A_GRAPH.format(drawn))))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_overview_fits_a_column_of_a_journal_in_type_that_can_be_read(language: Any) -> None:
    figure = figure_of(CRLM, language=language)
    made = image(dot(figure), "svg")
    assert figure.width == 85
    assert made.scale * COLUMN.small > 5


@pytest.mark.parametrize("course", sorted(path.stem for path in COURSES.glob("*.json")))
def test_every_way_fits_a_column_in_type_that_can_be_read(course: str) -> None:
    assert image(dot(figure_of(journey(course))), "svg").scale * COLUMN.small > 4.8


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_criteria_fit_a_page_of_a4_in_type_that_can_be_read(language: Any) -> None:
    figure = figure_of(CRLM, level="criteria", language=language)
    made = image(dot(figure), "svg")
    height = float(made.data.split(b'height="')[1].split(b"pt")[0]) / 72 * 25.4
    assert figure.width <= 190
    assert height <= A4_MM
    assert type_for(figure.width) is PAGE
    assert made.scale > 0.95
