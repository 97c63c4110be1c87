"""Course files: one patient's data as JSON, read strictly, run, and answered as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import attrs
import cattrs
from cattrs.gen import make_dict_unstructure_fn, override

from .about import VERSION
from .journey import Journey
from .pathway.model import names_of
from .pathway.pathway import Pathway
from .predicates.errors import DataError, Problem
from .predicates.json_form import read_facts
from .predicates.labels import Language
from .predicates.records import shown
from .steps import Step
from .visits import Visit, unknown_keys, visits_from_json


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
    def of(cls, step: Step, language: Language = "en") -> StepResult:
        """What results give of a step."""
        transition = step.transition
        return cls(
            visit=step.visit,
            on=None if step.on is None else step.on.isoformat(),
            source=step.source,
            to=step.target,
            transition=transition.key,
            code=transition.code,
            because=step.because(language),
            provenance=transition.provenance.value,
            claims=transition.claims,
            options={name: names_of(chosen) for name, chosen in step.options.items()},
            advisories=tuple(advisory.key for advisory in step.advisories),
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
    def of(cls, journey: Journey, id_: str | None, language: Language = "en") -> CourseResult:
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
            steps=tuple(StepResult.of(step, language) for step in journey.steps),
        )


_converter = cattrs.Converter()
_converter.register_unstructure_hook(
    StepResult, make_dict_unstructure_fn(StepResult, _converter, source=override(rename="from"))
)


def result_to_json(result: CourseResult) -> dict[str, Any]:
    """Return a result as JSON data."""
    data: dict[str, Any] = _converter.unstructure(result)
    return data


def load_json(text: str | bytes) -> Any:
    """Decode JSON strictly: no duplicate keys, no NaN or infinity, no absurd nesting. Raises DataError."""
    try:
        decoded = text if isinstance(text, str) else text.decode("utf-8-sig")
        if not decoded.strip():
            raise DataError([Problem("the file", "expected JSON, but it is empty")])
        return json.loads(decoded, object_pairs_hook=_unique, parse_constant=_no_constant)
    except RecursionError:
        raise DataError([Problem("the file", "expected JSON of a few levels, not nested this deep")]) from None
    except UnicodeDecodeError as error:
        raise DataError([Problem("the file", f"expected UTF-8 text; byte {error.start} is not")]) from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise DataError([Problem(place, f"expected JSON: {error.msg.removesuffix(' at')}")]) from None
    except ValueError as error:
        if isinstance(error, DataError):
            raise
        raise DataError([Problem("the file", "expected numbers of at most a few thousand digits")]) from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    problems = []
    for key, value in pairs:
        if key in found:
            problems.append(Problem(key, "expected each key once in an object, not twice"))
        found[key] = value
    if problems:
        raise DataError(problems)
    return found


def _no_constant(name: str) -> Any:
    raise DataError([Problem("the file", "expected a finite number", name)])


_COURSE_KEYS = ("id", "patient", "visits")


def course_from_json(pathway: Pathway, data: object) -> Course:
    """Read decoded JSON as a course of a pathway's record; a DataError lists everything wrong with it."""
    if not isinstance(data, Mapping):
        raise DataError([Problem("the course", "expected an object with patient and visits", shown(data))])
    problems = unknown_keys(data, _COURSE_KEYS)
    id_ = data.get("id")
    if not isinstance(id_, str | None):
        problems.append(Problem("id", "expected text", shown(id_)))
    if "patient" not in data:
        problems.append(Problem("patient", "expected the facts known at referral; the key is missing"))
    facts, wrong = read_facts(pathway.record, data.get("patient", {}))
    problems.extend(problem.under("patient") for problem in wrong)
    visits, wrong_visits = visits_from_json(pathway.record, data.get("visits", []))
    problems.extend(wrong_visits)
    patient = None
    if not wrong:
        try:
            patient = pathway.record(**facts)
        except DataError as error:
            problems.extend(problem.under("patient") for problem in error.problems)
    if problems:
        raise DataError(problems)
    return Course(id_, patient, visits)


def run_course(pathway: Pathway, course: Course) -> Journey:
    """Take a course through a pathway, visit by visit; visits after the end are not used.

    Raises a DataError, with the path of the visit, for facts that contradict what was known before.
    """
    journey = Journey.begin(pathway, course.patient)
    for index, visit in enumerate(course.visits):
        if journey.finished:
            break
        try:
            journey.visit(visit.facts, on=visit.on)
        except DataError as error:
            raise DataError(problem.under(f"visits[{index}].facts") for problem in error.problems) from None
    return journey
