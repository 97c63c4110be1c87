"""Spoilt course files taken through everything that reads, runs and answers them: they come to results or to errors."""

from __future__ import annotations

import json
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from io import BufferedReader, BytesIO
from pathlib import Path
from random import Random
from typing import Any, Final

import attrs

from crlm_pathway import CRLM, PathwayError
from crlm_pathway.cohorts import Tally, run_all
from crlm_pathway.courses import CourseResult, course_from_json, read_course, result_to_json, run_course
from crlm_pathway.journey import Journey
from crlm_pathway.predicates.labels import LANGUAGES
from crlm_pathway.streams import Stream, split
from crlm_pathway.telling.lines import line_of
from mutations import mutated, spoilt, written
from random_courses import complete_course, partial_course

EXAMPLES: Final = Path(__file__).parent.parent / "examples" / "courses"
SECONDS: Final = 20
"""Far more than any case takes: whoever is still at it does not come to an end."""


@cache
def sound_courses() -> tuple[Any, ...]:
    """Courses without a fault, short and long."""
    rng = Random(7)
    found = [json.loads(file.read_bytes()) for file in sorted(EXAMPLES.glob("*.json"))]
    found += [made(rng) for _ in range(40) for made in (complete_course, partial_course)]
    for course in found:
        del course["visits"][rng.choice((1, 1, 1, 2, 3, 30)) :]
    return tuple(found)


@attrs.frozen
class Case:
    """A file's content, and whether its ending says that it holds a course a line."""

    content: bytes
    by_line: bool


def case(rng: Random) -> Case:
    """A spoilt file: one course, a list or lines, spoilt in its structure, byte by byte, or both."""
    form = rng.choice(("course", "course", "course", "list", "lines"))
    number = 1 if form == "course" else rng.choice((0, 1, 2, 3))
    courses = [rng.choice(sound_courses()) for _ in range(number)]
    if rng.random() < 0.7:
        courses = [mutated(rng, course) for course in courses]
    texts = [written(rng, course) for course in courses]
    if form == "lines":
        content = rng.choice((b"\n", b"\r\n", b"\n\n")).join(text.replace(b"\n", b" ") for text in texts)
    elif form == "list":
        content = b"[" + rng.choice((b",", b",\n")).join(texts) + b"]"
    else:
        content = texts[0]
    if rng.random() < 0.5:
        content = spoilt(rng, content)
    return Case(content, by_line=rng.random() < 0.1)


def check(case: Case) -> Counter[str]:
    """Read and run the courses of a file, in every way there is; return how many came to what."""
    found: Counter[str] = Counter()
    with limited():
        try:
            read = read_course(CRLM, case.content)
            answered(run_course(CRLM, read), read.id)
            found["courses run"] += 1
        except PathwayError as error:
            told(str(error))
            found["courses refused"] += 1
        found.update(checked_as_many(case))
    return found


def checked_as_many(case: Case) -> Counter[str]:
    """Do the same with what a stream makes of it."""
    found: Counter[str] = Counter()
    tally = Tally()
    try:
        stream = Stream(BufferedReader(BytesIO(case.content)))
        form, pieces = split(stream, by_line=case.by_line)
        for piece, course, journey in run_all(CRLM, form, pieces, tally, told):
            answered(journey, course.id)
            assert "\n" not in line_of(piece.number, course.id, journey, LANGUAGES)
    except PathwayError as error:
        told(str(error))
        found["files refused"] += 1
    else:
        found[f"files of {form.value}"] += 1
        assert tally.bad <= tally.courses
    return found


def check_decoded(rng: Random) -> None:
    """Read what no JSON text decodes to, infinite numbers for one."""
    with limited():
        try:
            course = course_from_json(CRLM, mutated(rng, rng.choice(sound_courses())))
            answered(run_course(CRLM, course), course.id)
        except PathwayError as error:
            told(str(error))


def answered(journey: Journey, id_: str | None) -> None:
    """Assert that a journey can be answered as JSON."""
    result = result_to_json(CourseResult.of(journey, id_))
    assert json.loads(json.dumps(result, allow_nan=False)) == json.loads(json.dumps(result))


def told(message: str) -> None:
    """Assert that an error says something, on lines that any terminal can print."""
    lines = message.splitlines()
    assert lines
    assert all(map(str.isprintable, lines)), message
    assert max(map(len, lines)) < 1000, message


@contextmanager
def limited() -> Iterator[None]:
    """Let nothing go on for ever, where the system has alarms."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return
    before = signal.signal(signal.SIGALRM, _out_of_time)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _out_of_time(_signal: int, _frame: object) -> None:
    raise AssertionError(f"not done after {SECONDS} seconds")
