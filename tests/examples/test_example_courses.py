"""The table of example courses says what the library does with them."""

from __future__ import annotations

import json
import re
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from crlm_pathway import CRLM, Journey
from crlm_pathway.courses import Course, course_from_json, load_json, run_course

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "courses"
COURSES = sorted(path.name for path in FOLDER.glob("*.json"))
ROW = re.compile(
    r"^\| \[`(?P<file>[^`]+)`\]\((?P=file)\) \| (?P<shows>[^|]+) \| (?P<steps>[^|]+) \| `(?P<end>\w+)` \|$",
    flags=re.MULTILINE,
)
ROWS = list(ROW.finditer((FOLDER / "README.md").read_text(encoding="utf-8")))
TABLE = {row["file"]: row for row in ROWS}

# An untreatable lesion keeps a patient from local treatment, and regional therapy is entered with a modality to give.
GIVE_NOTHING = {("lesions", "untreatable"), ("lesions", "untreatable_critical_structure"), ("modality", "none")}


def read(file: str) -> Course:
    return course_from_json(CRLM, load_json((FOLDER / file).read_bytes()))


def lived(file: str) -> Journey:
    return run_course(CRLM, read(file))


def steps_of(journey: Journey) -> str:
    """The codes of the steps, visit by visit, as the table writes them."""
    codes = {step.visit: step.transition.code for step in journey.steps}
    runs = ((code, len(list(run))) for code, run in groupby(codes.get(n, "?") for n in range(len(journey.visits))))
    return " ".join(code if times == 1 else f"{code}×{times}" for code, times in runs)


def laid_out(value: Any, indent: str = "") -> str:
    """JSON with two spaces of indentation, where what holds no object or list stands on one line."""
    held = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if not any(isinstance(part, dict | list) for part in held):
        return json.dumps(value, ensure_ascii=False)
    inner = f"{indent}  "
    if isinstance(value, dict):
        parts = (f'{inner}"{key}": {laid_out(part, inner)}' for key, part in value.items())
        return "{\n" + ",\n".join(parts) + f"\n{indent}}}"
    return "[\n" + ",\n".join(f"{inner}{laid_out(part, inner)}" for part in value) + f"\n{indent}]"


def test_the_table_lists_every_course_once() -> None:
    assert sorted(row["file"] for row in ROWS) == COURSES


@pytest.mark.parametrize("file", COURSES)
def test_a_course_goes_as_its_row_says(file: str) -> None:
    journey = lived(file)
    assert steps_of(journey) == TABLE[file]["steps"]
    assert journey.state == TABLE[file]["end"]
    assert len(journey.visits) == len(read(file).visits)  # none comes after the end


@pytest.mark.parametrize("file", COURSES)
def test_a_course_is_laid_out_like_the_others(file: str) -> None:
    text = (FOLDER / file).read_text(encoding="utf-8")
    assert text == laid_out(json.loads(text)) + "\n"


def test_every_course_is_named_and_dated() -> None:
    courses = [read(file) for file in COURSES]
    names = [course.id for course in courses]
    assert all(names)
    assert len(set(names)) == len(names)
    for course in courses:
        dates = [visit.on for visit in course.visits]
        assert None not in dates
        assert len(set(dates)) == len(dates)


def test_the_courses_take_every_transition() -> None:
    taken = {step.transition.key for file in COURSES for step in lived(file).steps}
    assert taken == {transition.key for transition in CRLM.transitions}


def test_the_courses_meet_every_option_but_those_that_give_nothing() -> None:
    chosen = set()
    for file in COURSES:
        for step in lived(file).steps:
            for table, choice in step.options.items():
                for option in choice if isinstance(choice, tuple) else (choice,):
                    assert option is not None, f"{file}, visit {step.visit}: {table} is left open"
                    chosen.add((table, option.key))
    every = {(table.name, option.key) for state in CRLM.states for table in state.tables for option in table.options}
    assert every - chosen == GIVE_NOTHING
