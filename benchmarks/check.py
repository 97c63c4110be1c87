"""Measure how `check` grows with a pathway: `python benchmarks/check.py`.

Synthetic pathways of so many states and transitions, then the examples and CRLM, round after round in one process.
"""

from __future__ import annotations

import argparse
import gc
import runpy
import sys
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter

from crlm_pathway import (
    CRLM,
    DecisionTable,
    Fact,
    Option,
    Pathway,
    Predicate,
    Provenance,
    State,
    Text,
    Transition,
    boolean,
    integer,
    many,
    record,
    rounds_here,
    taken,
)
from crlm_pathway.predicates.nodes import conjunction
from crlm_pathway.verification import Report, Status, check

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
SEED = 2026
NOTHING = Text("nothing")


@record
class Spot:
    """One of many spots on a patient."""

    large: Fact[bool] = boolean("large", zh="大")
    deep: Fact[bool] = boolean("deep", zh="深")


@record
class Patient:
    """A patient of whom much can be known."""

    dead: Fact[bool] = boolean("dead", zh="死亡")
    a: Fact[bool] = boolean("a", zh="甲")
    b: Fact[bool] = boolean("b", zh="乙")
    c: Fact[bool] = boolean("c", zh="丙")
    d: Fact[bool] = boolean("d", zh="丁")
    e: Fact[bool] = boolean("e", zh="戊")
    grade: Fact[int] = integer(0, 9, "grade", zh="分级")
    stage: Fact[int] = integer(0, 9, "stage", zh="分期")
    spots: Fact[Sequence[Spot]] = many(Spot, "spots", zh="病灶")


FACTS = tuple(fact.as_predicate() for fact in (Patient.a, Patient.b, Patient.c, Patient.d, Patient.e))


def step(key: str, to: str, when: Predicate) -> Transition:
    """Return one transition."""
    return Transition(key=key, code=key.upper(), to=to, when=when, text=Text(key), provenance=Provenance.GLUE)


def table(name: str, first: Predicate) -> DecisionTable:
    """Return a table over the spots."""
    rows = {"treat": first & Spot.large, "watch": first & ~Spot.large, "leave": ~first}
    return DecisionTable(
        name=name,
        text=Text(name),
        over=Patient.spots,
        options=tuple(
            Option(name=key, when=when, text=Text(key), provenance=Provenance.GLUE) for key, when in rows.items()
        ),
    )


def synthetic(states: int, transitions: int, caps: int, *, lists: bool = False) -> Pathway:
    """Return a pathway whose states lead on by the first of several criteria that holds.

    Of its transitions `caps` lead back, each as often as its cap allows; every tenth state has rounds. With `lists`,
    criteria and tables speak of lists as well.
    """
    rng = Random(SEED)
    names = [f"s{index}" for index in range(states)]
    ways = transitions // states
    back = set(rng.sample(range(1, states - 1), caps))
    found: list[State] = []
    for index, (name, onward) in enumerate(pairwise((*names, "end"))):
        steps: list[Transition] = []
        before: list[Predicate] = []

        def add(to: str, when: Predicate, steps: list[Transition] = steps, before: list[Predicate] = before) -> None:
            steps.append(step(f"t{len(found)}_{len(steps)}", to, conjunction(when, *(~other for other in before))))
            before.append(when)

        if index in back:
            key = f"t{index}_0"
            add(names[rng.randrange(index)], rng.choice(FACTS) & (taken(key) < rng.randint(1, 2)))
        if index % 10 == 5:
            add(name, rng.choice(FACTS) & (rounds_here < 4))
        while len(steps) < ways - 1:
            criterion = rng.choice(FACTS) & (Patient.grade > rng.randint(0, 8))
            if rng.random() < 0.5:
                criterion |= ~rng.choice(FACTS) & (Patient.stage <= rng.randint(0, 8))
            if lists and rng.random() < 0.5:
                criterion &= Patient.spots.some(Spot.large & ~Spot.deep) | Patient.spots.every(Spot.deep)
            add(rng.choice([*names[index + 1 : index + 8], "end"]), criterion)
        steps.append(step(f"t{index}_{len(steps)}", onward, conjunction(*(~other for other in before))))
        tables = (table(f"for_{name}", Spot.deep.as_predicate()),) if lists and index % 3 == 1 else ()
        found.append(State(name=name, text=Text(name), transitions=steps, tables=tables))
    found += [State(name=name, text=Text(name), terminal=True) for name in ("end", "dead")]
    return Pathway(
        name=f"synthetic_{states}_{transitions}",
        text=NOTHING,
        record=Patient,
        start=names[0],
        states=found,
        interrupts=(step("die", "dead", Patient.dead.as_predicate()),),
    )


def example(path: str, name: str) -> Pathway:
    """Return a pathway of an example script."""
    found = runpy.run_path(str(EXAMPLES / path))[name]
    assert isinstance(found, Pathway)
    return found


CONTESTANTS: dict[str, Callable[[], Pathway]] = {
    "10 states, 100 transitions, 3 caps": lambda: synthetic(10, 100, 3),
    "30 states, 300 transitions, 3 caps": lambda: synthetic(30, 300, 3),
    "100 states, 1,000 transitions, 3 caps": lambda: synthetic(100, 1000, 3),
    "100 states, 1,000 transitions, lists, tables": lambda: synthetic(100, 1000, 3, lists=True),
    "100 states, 1,000 transitions, 8 caps": lambda: synthetic(100, 1000, 8),
    "30 states, 300 transitions, 25 caps": lambda: synthetic(30, 300, 25),
    "sore throat": lambda: example("sore_throat.py", "SORE_THROAT"),
    "CRLM": lambda: CRLM,
}


def timed(pathway: Pathway, seconds: float) -> tuple[float, Report]:
    """Return how long a check takes, and what it finds."""
    gc.collect()
    begun = perf_counter()
    report = check(pathway, seconds=seconds)
    return perf_counter() - begun, report


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=10, help="limit of one obligation")
    parser.add_argument("--only", default="", help="part of the names of those to be measured")
    asked = parser.parse_args()
    chosen = {name: cache(make) for name, make in CONTESTANTS.items() if asked.only in name}
    times: dict[str, list[float]] = {name: [] for name in chosen}
    reports: dict[str, Report] = {}
    for _ in range(asked.rounds):
        for name, make in chosen.items():
            took, reports[name] = timed(make(), asked.seconds)
            times[name].append(took)
            print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    print("| | seconds | ratio | obligations | not decided | longest journey |")
    print("|---|--:|--:|--:|--:|--:|")
    first = next(iter(times))
    for name, report in reports.items():
        ratio = median(mine / theirs for mine, theirs in zip(times[name], times[first], strict=True))
        unknown = sum(obligation.status is Status.UNKNOWN for obligation in report.obligations)
        most = "none" if report.longest_journey is None else f"{'' if report.exact else '≤ '}{report.longest_journey:,}"
        print(f"| {name} | {median(times[name]):.2f} | {ratio:.2f} | {len(report.obligations)} | {unknown} | {most} |")


if __name__ == "__main__":
    main()
