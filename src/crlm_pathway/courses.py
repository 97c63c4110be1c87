"""Course files: one patient's data as JSON, read strictly, run, and answered as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs
import cattrs
from cattrs.gen import make_dict_unstructure_fn, override

from .about import VERSION
from .journey import Journey, follow
from .pathway.pathway import Pathway
from .predicates.errors import DataError, Problem
from .predicates.json_form import read_record
from .predicates.labels import Language
from .predicates.records import record_facts, shown
from .steps import Step
from .strict_json import Odd, Place, in_file, load_json, load_odd, load_plain, text_of
from .visits import Visit, unknown_keys, visits_from_json

__all__ = [
    "Course",
    "CourseResult",
    "StepResult",
    "course_from_json",
    "load_json",
    "read_course",
    "result_to_json",
    "run_course",
]


@attrs.frozen
class Course:
    """One patient's data: what was known at referral, and what each visit recorded."""

    id: str | None
    patient: Any
    visits: tuple[Visit, ...]


@attrs.frozen
class StepResult:
    """One step of a course, as results give it."""

    visit: int
    on: str | None
    source: str
    to: str
    transition: str
    code: str
    because: str
    provenance: str
    claims: tuple[str, ...]
    options: Mapping[str, str | list[str | None] | None]
    advisories: tuple[str, ...]

    @classmethod
    def of(cls, step: Step, languages: Sequence[Language] = ("en",)) -> StepResult:
        """What results give of a step; the reasons in each language, a line each."""
        transition, outcome = step.transition, step.outcome
        return cls(
            visit=step.visit,
            on=None if step.on is None else step.on.isoformat(),
            source=step.source,
            to=step.target,
            transition=transition.key,
            code=transition.code,
            because="\n".join(map(step.because, languages)),
            provenance=transition.provenance.value,
            claims=transition.claims,
            options=outcome.options,
            advisories=tuple(outcome.advisories),
        )


@attrs.frozen
class CourseResult:
    """What became of a course: where it stands, what it waits for, and its steps."""

    id: str | None
    pathway: str
    fingerprint: str
    version: str
    state: str
    finished: bool
    visits_used: int
    waiting_for: tuple[str, ...]
    steps: tuple[StepResult, ...]

    @classmethod
    def of(cls, journey: Journey, id_: str | None, languages: Sequence[Language] = ("en",)) -> CourseResult:
        """What results give of a journey."""
        return cls(
            id=id_,
            pathway=journey.pathway.name,
            fingerprint=journey.pathway.fingerprint,
            version=VERSION,
            state=journey.state,
            finished=journey.finished,
            visits_used=len(journey.visits),
            waiting_for=journey.waiting_for,
            steps=tuple(StepResult.of(step, languages) for step in journey.steps),
        )


_converter = cattrs.Converter()
_converter.register_unstructure_hook(
    StepResult, make_dict_unstructure_fn(StepResult, _converter, source=override(rename="from"))
)


def result_to_json(result: CourseResult) -> dict[str, Any]:
    """Return a result as JSON data."""
    data: dict[str, Any] = _converter.unstructure(result)
    return data


_COURSE_KEYS = ("id", "patient", "visits")


def read_course(pathway: Pathway, content: str | bytes, place: Place = in_file) -> Course:
    """Read JSON text as a course of a pathway's record.

    A DataError lists everything wrong with it; it is Malformed when the text is no JSON.
    """
    text = content if isinstance(content, str) else text_of(content, place)
    try:
        return course_from_json(pathway, load_plain(text))
    except (Odd, DataError):  # what is wrong is told after a second reading, which keeps how numbers were written
        data, doubled = load_odd(text, place)
        course, problems = _read(pathway, data)
        if doubled or course is None:
            raise DataError([*doubled, *problems]) from None
        return course


def course_from_json(pathway: Pathway, data: object) -> Course:
    """Read decoded JSON as a course of a pathway's record; a DataError lists everything wrong with it."""
    course, problems = _read(pathway, data)
    if course is None:
        raise DataError(problems)
    return course


def _read(pathway: Pathway, data: object) -> tuple[Course | None, list[Problem]]:
    """The course that decoded JSON holds, or everything wrong with it."""
    if not isinstance(data, Mapping):
        return None, [Problem("the course", "expected an object with patient and visits", shown(data))]
    problems = unknown_keys(data, _COURSE_KEYS)
    id_ = data.get("id")
    if not isinstance(id_, str | None):
        problems.append(Problem("id", "expected text", shown(id_)))
    if "patient" not in data:
        problems.append(Problem("patient", "expected the facts known at referral; the key is missing"))
    patient, wrong = read_record(pathway.record, data.get("patient", {}))
    visits, wrong_visits = visits_from_json(pathway.record, data.get("visits", []))
    problems += [*(problem.under("patient") for problem in wrong), *wrong_visits]
    if problems:  # nothing will be run, which would tell them one by one
        problems += _contradictory(pathway.record, visits)
    return (None, problems) if problems else (Course(id_, patient, visits), [])


def _contradictory(record_class: type[Any], visits: Sequence[Visit]) -> Iterator[Problem]:
    """What contradicts itself within one visit."""
    for index, visit in enumerate(visits):
        try:
            record_facts(record_class(), visit.facts)
        except DataError as error:
            yield from (problem.under("facts").under(f"visits[{index}]") for problem in error.problems)


def run_course(pathway: Pathway, course: Course) -> Journey:
    """Take a course through a pathway, visit by visit; visits after the end are not used.

    Raises a DataError, with the path of the visit, for facts that contradict what was known before.
    """
    journey = Journey.begin(pathway, course.patient)
    for _ in follow(journey, course.visits):
        pass
    return journey
