"""Measure deciding and living side by side with the same logic by hand: `python benchmarks/decide.py`.

All contestants run in one process in turn, round after round, over the same questions from random journeys.
Before the first round they must agree on every answer.
"""

from __future__ import annotations

import gc
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter_ns
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from by_hand import BRANCHES, Course, PlainHistory, PlainPatient, machine, plain, plain_facts  # noqa: E402

from crlm_pathway import CRLM, History, Journey, LiverMetastasis, Patient, record_from_json  # noqa: E402
from crlm_pathway.predicates.reference import evaluate  # noqa: E402
from random_courses import complete_course, partial_course  # noqa: E402

SEED = 2024
A_STATE = 500  # questions of each state
COURSES = 150  # journeys of visits
LONGEST = 40  # visits of such a journey
CHANGING = 0.05  # chance that a visit records a fact that its state does not ask
INCOMPLETE = 2000  # questions with facts missing, of each kind
SLOW = 100  # questions for what is slow, and only of interest
ROUNDS = 31

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Question:
    """What a journey asked the pathway at a visit, and the code of the step it took; None while it waited."""

    state: str
    patient: Patient
    history: History
    code: str | None


@dataclass(frozen=True)
class Visits:
    """A journey to be lived: the referral, and what each visit records."""

    referral: Patient
    visits: Sequence[tuple[date, Facts]]


# -- the sample ------------------------------------------------------------------------------------


def facts_of(written: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts that a visit of a course file records."""
    patient = record_from_json(Patient, written)
    return {name: getattr(patient, name) for name, value in written.items() if value is not None}


def questions_of(course: Mapping[str, Any]) -> Iterator[Question]:
    """Live a course and yield what was asked at each visit."""
    journey = Journey.begin(CRLM, record_from_json(Patient, course["patient"]))
    for visit in course["visits"]:
        if journey.finished:
            return
        step = journey.visit(facts_of(visit["facts"]))
        if step is None:
            yield Question(journey.state, journey.patient, journey.history, None)
        else:
            yield Question(step.source, step.patient, step.history, step.transition.code)


def complete_questions(rng: Random) -> list[Question]:
    """Questions in which everything is known, as many of each state."""
    found: dict[str, list[Question]] = {state: [] for state in BRANCHES}
    while any(len(questions) < A_STATE for questions in found.values()):
        for question in questions_of(complete_course(rng)):
            if len(found[question.state]) < A_STATE:
                found[question.state].append(question)
    mixed = [question for questions in found.values() for question in questions]
    rng.shuffle(mixed)
    return mixed


def incomplete_questions(rng: Random) -> tuple[list[Question], list[Question]]:
    """Questions with facts missing: those that wait, and those that are decided all the same."""
    waiting: list[Question] = []
    deciding: list[Question] = []
    while min(len(waiting), len(deciding)) < INCOMPLETE:
        for question in questions_of(partial_course(rng)):
            (waiting if question.code is None else deciding).append(question)
    return waiting[:INCOMPLETE], deciding[:INCOMPLETE]


def journeys(rng: Random) -> list[Visits]:
    """Journeys whose visits record what their state asks, and now and then something else that changed."""
    pool: dict[str, list[dict[str, Any]]] = {state: [] for state in BRANCHES}
    for _ in range(300):
        course = complete_course(rng)
        journey = Journey.begin(CRLM, record_from_json(Patient, course["patient"]))
        for visit in course["visits"]:
            if not journey.finished:
                facts = facts_of(visit["facts"])
                pool[journey.state].append(facts)
                journey.visit(facts)
    found: list[Visits] = []
    while len(found) < COURSES:
        referral = record_from_json(Patient, complete_course(rng)["patient"])
        journey = Journey.begin(CRLM, referral)
        today = date(2015, 1, 1)
        visits: list[tuple[date, Facts]] = []
        while not journey.finished and len(visits) < LONGEST:
            asked = {
                "lesions" if fact.owner is LiverMetastasis else fact.name for fact in CRLM.state(journey.state).asks
            }
            facts = {
                name: value
                for name, value in rng.choice(pool[journey.state]).items()
                if name in asked or (rng.random() < CHANGING and value != getattr(journey.patient, name))
            }
            today += timedelta(days=rng.choice((14, 42, 56, 90)))
            visits.append((today, facts))
            assert journey.visit(facts, on=today) is not None
        found.append(Visits(referral, visits))
    return found


# -- the contestants -------------------------------------------------------------------------------

Contestant = Callable[[], float]
"""Goes through its questions once, or a few times, and returns nanoseconds a question."""


def contestant(loop: Callable[[], None], questions: int, passes: int = 1) -> Contestant:
    """Time a loop over so many questions."""

    def run() -> float:
        started = perf_counter_ns()
        for _ in range(passes):
            loop()
        return (perf_counter_ns() - started) / (passes * questions)

    return run


def deciding(questions: Sequence[Question]) -> Callable[[], None]:
    """`CRLM.decide`."""
    asked = [(question.state, question.patient, question.history) for question in questions]
    decide = CRLM.decide

    def loop() -> None:
        for state, patient, history in asked:
            decide(state, patient, history)

    return loop


def naming_facts(questions: Sequence[Question]) -> Callable[[], None]:
    """`CRLM.decide`, and what it waits for."""
    asked = [(question.state, question.patient, question.history) for question in questions]
    decide = CRLM.decide

    def loop() -> None:
        for state, patient, history in asked:
            decide(state, patient, history).waiting_for  # noqa: B018 - a property that works it out

    return loop


def doing_nothing(questions: Sequence[Question]) -> Callable[[], None]:
    """The loop itself."""
    asked = [(question.state, question.patient, question.history) for question in questions]

    def loop() -> None:
        for _state, _patient, _history in asked:
            pass

    return loop


def branching(questions: Sequence[Question]) -> Callable[[], None]:
    """The branches by hand, over their own plain objects."""
    asked = [
        (question.state, PlainPatient(**plain_facts(question.patient)), PlainHistory.of(question.history))
        for question in questions
    ]
    branches = BRANCHES

    def loop() -> None:
        for state, patient, history in asked:
            branches[state](patient, history)

    return loop


def models_of(questions: Sequence[Question]) -> list[Course]:
    """A model of the transitions package for each question, all of one machine."""
    models = [course_of(question.patient) for question in questions]
    machine(models)
    for model, question in zip(models, questions, strict=True):
        model.history = PlainHistory.of(question.history)
    return models


def course_of(patient: Patient) -> Course:
    """A model that knows what a patient's record knows."""
    return Course(**plain_facts(patient))


def triggering(questions: Sequence[Question]) -> Callable[[], None]:
    """A `transitions` machine with guards by hand; the model's state is put back for the next round."""
    asked = [(question.state, model) for question, model in zip(questions, models_of(questions), strict=True)]

    def loop() -> None:
        for state, model in asked:
            model.state = state
            model.step()

    return loop


def walking(questions: Sequence[Question]) -> Callable[[], None]:
    """The reference interpreter, over every guard of the state."""
    asked = [(CRLM.guards(question.state), question.patient, question.history) for question in questions]

    def loop() -> None:
        for guards, patient, history in asked:
            for guard in guards:
                evaluate(guard, patient, history)

    return loop


def living(courses: Sequence[Visits]) -> Contestant:
    """`Journey.visit`; the journeys are begun before the clock starts."""

    def run() -> float:
        begun = [(Journey.begin(CRLM, course.referral), course.visits) for course in courses]
        started = perf_counter_ns()
        for journey, visits in begun:
            visit = journey.visit
            for on, facts in visits:
                visit(facts, on=on)
        return (perf_counter_ns() - started) / number_of_visits(courses)

    return run


def setting_and_triggering(courses: Sequence[Visits]) -> Contestant:
    """Set the facts of each visit on a mutable model, then trigger; putting models back is not timed."""
    models = [course_of(course.referral) for course in courses]
    machine(models)
    visits = [plain_visits(course) for course in courses]

    def run() -> float:
        for model, course in zip(models, courses, strict=True):
            model.state = "initial_assessment"
            for name, value in plain_facts(course.referral).items():
                setattr(model, name, value)
        begun = list(zip(models, visits, strict=True))
        started = perf_counter_ns()
        for model, todo in begun:
            for facts in todo:
                for name, value in facts.items():
                    setattr(model, name, value)
                model.step()
        return (perf_counter_ns() - started) / number_of_visits(courses)

    return run


def plain_visits(course: Visits) -> list[dict[str, Any]]:
    """What each visit sets on a model: its facts, its date, and the history so far, worked out beforehand."""
    journey = Journey.begin(CRLM, course.referral)
    plainly = []
    for on, facts in course.visits:
        values = {name: plain(value) for name, value in facts.items()}
        plainly.append({**values, "on": on, "history": PlainHistory.of(journey.history)})
        journey.visit(facts, on=on)
    return plainly


def number_of_visits(courses: Sequence[Visits]) -> int:
    """All visits of all courses."""
    return sum(len(course.visits) for course in courses)


# -- agreement -------------------------------------------------------------------------------------


def agree(questions: Sequence[Question]) -> None:
    """Assert that all contestants give the same answer to every question in which everything is known."""
    for question, model in zip(questions, models_of(questions), strict=True):
        step = CRLM.decide(question.state, question.patient, question.history).transition
        assert step is not None
        facts = PlainPatient(**plain_facts(question.patient))
        by_hand = BRANCHES[question.state](facts, PlainHistory.of(question.history))
        assert by_hand == step.code == question.code, (by_hand, step.code, question)
        model.state = question.state
        assert model.step()
        assert model.state == step.to, (model.state, step.to, question)
        agree_with_reference([question])


def agree_with_reference(questions: Sequence[Question]) -> None:
    """Assert that the compiled pathway and the reference interpreter agree."""
    for question in questions:
        leaving = CRLM.leaving(CRLM.state(question.state))
        enabled = [
            step.code
            for step, guard in zip(leaving, CRLM.guards(question.state), strict=True)
            if evaluate(guard, question.patient, question.history)
        ]
        assert enabled == ([] if question.code is None else [question.code]), (enabled, question)


def agree_on_visits(courses: Sequence[Visits]) -> None:
    """Assert that journeys and bare models go through the same states."""
    for course in courses:
        model = course_of(course.referral)
        machine([model])
        journey = Journey.begin(CRLM, course.referral)
        for (on, facts), values in zip(course.visits, plain_visits(course), strict=True):
            for name, value in values.items():
                setattr(model, name, value)
            model.step()
            journey.visit(facts, on=on)
            assert model.state == journey.state, (model.state, journey)


# -- the table -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """A line of the table: a contestant, what its speed is compared with, and the least speed aimed at."""

    text: str
    run: Contestant
    against: int | None = None
    target: float | None = None
    less_loop: bool = True


def measure(rows: Sequence[Row], loop: Contestant) -> list[list[float]]:
    """Run all rows in turn, round after round; return nanoseconds a question, a list for each row."""
    gc.collect()
    gc.freeze()  # what is measured pays for its own garbage, not for the sample's
    found: list[list[float]] = [[] for _ in rows]
    for _ in range(ROUNDS):
        overhead = loop()
        for row, figures in zip(rows, found, strict=True):
            figures.append(row.run() - (overhead if row.less_loop else 0))
    return found


def table(rows: Sequence[Row], found: Sequence[Sequence[float]]) -> Iterator[str]:
    """The figures: medians over the rounds; a ratio is the median of the ratios of the rounds."""
    yield f"{'':52}{'median':>10}{'a second':>12}{'speed':>11}  target"
    for row, figures in zip(rows, found, strict=True):
        middle = median(figures)
        line = f"{row.text:52}{middle:>7,.0f} ns{1e9 / middle:>12,.0f}"
        if row.against is not None:
            ratio = median(other / own for own, other in zip(figures, found[row.against], strict=True))
            line += f"{ratio:>11.3g}"
            if row.target is not None:
                line += f"  at least {row.target:g}: {'met' if ratio >= row.target else 'MISSED'}"
        yield line


def main() -> None:
    """Gather, check, measure, print."""
    rng = Random(SEED)
    questions = complete_questions(rng)
    waiting, decided = incomplete_questions(rng)
    courses = journeys(rng)

    agree(questions)
    agree_with_reference([*waiting, *decided])
    agree_on_visits(courses)
    visits = number_of_visits(courses)
    facts = sum(len(facts) for course in courses for _, facts in course.visits) / visits
    codes = Counter(question.code for question in questions)
    print(f"All agree on {len(questions)} questions of {len(BRANCHES)} states, by {len(codes)} transitions;")
    print(f"on {len(waiting)} questions that wait and {len(decided)} decided with facts missing;")
    print(f"and on {visits} visits in {len(courses)} journeys, with {facts:.1f} facts a visit.\n")

    size = len(questions)
    loop = contestant(doing_nothing(questions), size, passes=10)
    rows = [
        Row("(a) branches by hand, two-valued", contestant(branching(questions), size, 10)),
        Row("    CRLM.decide", contestant(deciding(questions), size, 10), 0, 0.3),
        Row("(b) transitions with guards by hand", contestant(triggering(questions), size)),
        Row("    CRLM.decide, as above", contestant(deciding(questions), size, 10), 2, 10),
        Row("(c) set facts, transitions with guards by hand", setting_and_triggering(courses), less_loop=False),
        Row("    Journey.visit", living(courses), 4, 0.5, less_loop=False),
        Row("(d) CRLM.decide, facts missing, decided", contestant(deciding(decided), len(decided), 5), 1),
        Row("    CRLM.decide, facts missing, waiting", contestant(deciding(waiting), len(waiting), 5), 1),
        Row("    ... and naming the facts waited for", contestant(naming_facts(waiting[:SLOW]), SLOW), 1),
        Row("    reference tree walk over the guards", contestant(walking(questions[:SLOW]), SLOW), 1),
    ]
    found = measure(rows, loop)
    print("\n".join(table(rows, found)))
    print("\nspeed: against the first line of the group; in (d) against CRLM.decide of (a).")
    print(f"{ROUNDS} rounds in turn; the cost of the loop itself is taken off (a), (b) and (d).")


if __name__ == "__main__":
    main()
