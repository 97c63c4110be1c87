"""Measure how long pictures take: `python benchmarks/draw.py`.

CRLM in each format, side by side with the same machine drawn by `transitions`, round after round in one process; then
made-up pathways of growing size. What is drawn is looked at before the clock starts.
"""

from __future__ import annotations

import argparse
import gc
import sys
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from random import Random
from statistics import median
from time import perf_counter
from xml.etree import ElementTree as ET

import attrs
from transitions.extensions import GraphMachine

from crlm_pathway import CRLM, Fact, Pathway, Provenance, State, Text, Transition, boolean, record
from crlm_pathway.drawing import draw

SEED = 2027
FORTH = 8
"""How far a transition leads, in states, of a pathway that mostly leads onward."""

ONWARD = 0.9
"""How many of its transitions lead onward."""

STARTS = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF", "dot": b"digraph"}

Drawing = Callable[[], bytes]


@record
class Patient:
    """A patient of whom one thing is known."""

    ill: Fact[bool] = boolean("ill", zh="患病")


# -- what is drawn ---------------------------------------------------------------------------------------------------


def synthetic(states: int, transitions: int, *, onward: bool) -> Pathway:
    """Return a pathway of so many states, with as many transitions each, mostly onward or anywhere at all."""
    rng = Random(SEED)
    names = [f"s{index}" for index in range(states)]
    provenances = tuple(Provenance)

    def target(index: int) -> str:
        if onward and rng.random() < ONWARD:
            return names[min(states - 1, index + rng.randint(1, FORTH))]
        return rng.choice(names)

    def steps(index: int, number: int) -> tuple[Transition, ...]:
        targets = [names[index + 1], *(target(index) for _ in range(number - 1))]
        return tuple(
            Transition(
                key=f"from_{index}_{place}",
                code=f"T{index}.{place}",
                to=to,
                when=Patient.ill,
                text=Text(f"go to {to}"),
                provenance=rng.choice(provenances),
            )
            for place, to in enumerate(targets)
        )

    each, more = divmod(transitions, states - 1)
    stages = [
        State(name=name, text=Text(f"State {index}"), transitions=steps(index, each + (index < more)))
        for index, name in enumerate(names[:-1])
    ]
    return Pathway(
        name="synthetic",
        text=Text("A made-up pathway"),
        record=Patient,
        start=names[0],
        states=(*stages, State(name=names[-1], text=Text("The end"), terminal=True)),
    )


def by_transitions(pathway: Pathway) -> bytes:
    """Return the SVG that `transitions` draws of the same machine through pygraphviz, its labels and all."""
    names = pathway.names
    machine = GraphMachine(
        states=[{"name": state.text.en, "final": state.terminal} for state in pathway.states],
        transitions=[
            {
                "trigger": step.key,
                "source": state.text.en,
                "dest": names[step.to].en,
                "label": f"{step.code} {step.text}",
            }
            for state in pathway.states
            for step in pathway.leaving(state)
        ],
        initial=names[pathway.start].en,
        auto_transitions=False,
    )
    svg: bytes = machine.get_graph().draw(format="svg", prog="dot")
    return svg


def quietly(drawing: Drawing) -> tuple[bytes, list[str]]:
    """Return a picture, and what was warned of."""
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        picture = drawing()
    return picture, [str(warning.message) for warning in found]


# -- agreement -------------------------------------------------------------------------------------------------------


def agree(pathway: Pathway) -> None:
    """Assert that both pictures of a pathway have all its states and transitions."""
    ours, _ = quietly(partial(draw, pathway, format="svg"))
    theirs, _ = quietly(partial(by_transitions, pathway))
    for picture in (ours, theirs):
        said = " ".join("".join(text.itertext()) for text in ET.fromstring(picture).iter() if text.text)  # noqa: S314
        said = " ".join(said.split())
        for step in pathway.transitions:
            assert step.code in said, step
        for state in pathway.states:
            assert state.text.en.split()[0] in said, state
    assert quietly(partial(draw, pathway, format="svg"))[0] == ours


def is_whole(picture: bytes, form: str) -> None:
    """Assert that a picture is in its format."""
    assert picture.startswith(STARTS[form]), picture[:20]


# -- the table -------------------------------------------------------------------------------------------------------


@attrs.frozen
class Row:
    """A line of the table: what is drawn, what its time is compared with, and the most seconds aimed at."""

    text: str
    run: Drawing
    form: str
    against: int | None = None
    target: float | None = None


def timed(drawing: Drawing) -> float:
    """Return how many seconds a picture takes."""
    begun = perf_counter()
    quietly(drawing)
    return perf_counter() - begun


def measure(rows: Sequence[Row], rounds: int) -> list[list[float]]:
    """Run all rows in turn, round after round; return seconds, a list for each row."""
    found: list[list[float]] = [[] for _ in rows]
    for _ in range(rounds):
        for row, figures in zip(rows, found, strict=True):
            gc.collect()
            figures.append(timed(row.run))
        print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return found


def table(rows: Sequence[Row], found: Sequence[Sequence[float]], pictures: Sequence[tuple[bytes, list[str]]]) -> None:
    """Print the figures: medians over the rounds; a ratio is the median of the ratios of the rounds."""
    print("| | median | least | ratio | kB | target |")
    print("|---|--:|--:|--:|--:|--:|")
    remarks: list[str] = []
    for row, figures, (picture, warned) in zip(rows, found, pictures, strict=True):
        ratio, target, mark = "", "", ""
        if row.against is not None:
            against = zip(figures, found[row.against], strict=True)
            ratio = f"{median(own / other for own, other in against):.2f}"
        if row.target is not None:
            target = f"{row.target * 1000:,.0f} ms: {'met' if median(figures) <= row.target else 'MISSED'}"
        if warned:
            remarks.append(" ".join(warned))
            mark = f" ({len(remarks)})"
        times = f"{median(figures) * 1000:,.0f} ms | {min(figures) * 1000:,.0f} ms"
        print(f"| {row.text}{mark} | {times} | {ratio} | {len(picture) / 1000:,.0f} | {target} |")
    print()
    for number, remark in enumerate(remarks, 1):
        print(f"({number}) {remark}")
    if remarks:
        print()


def shown(rows: Sequence[Row], rounds: int) -> None:
    """Draw each once, look at it, then measure."""
    pictures = [quietly(row.run) for row in rows]
    for row, (picture, _) in zip(rows, pictures, strict=True):
        is_whole(picture, row.form)
    table(rows, measure(rows, rounds), pictures)


def main() -> None:
    """Look, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=21, help="for CRLM")
    parser.add_argument("--large", type=int, default=3, help="rounds for the made-up pathways; 0 leaves them out")
    asked = parser.parse_args()
    agree(CRLM)
    print(f"Both draw {len(CRLM.states)} states and {len(CRLM.transitions)} transitions, the same each time.\n")
    of_crlm = partial(draw, CRLM)
    shown(
        (
            Row("CRLM by `transitions`, svg", partial(by_transitions, CRLM), "svg"),
            Row("CRLM, overview, svg", partial(of_crlm, format="svg"), "svg", 0, 0.2),
            Row("... dot, the text alone", partial(of_crlm, format="dot"), "dot", 0),
            Row("... pdf", partial(of_crlm, format="pdf"), "pdf", 0),
            Row("... png, 300 dpi", partial(of_crlm, format="png"), "png", 0),
            Row("CRLM, criteria, svg", partial(of_crlm, level="criteria", format="svg"), "svg", 0),
            Row("CRLM, evidence, pdf", partial(of_crlm, level="evidence", format="pdf"), "pdf", 0),
        ),
        asked.rounds,
    )
    if asked.large:
        onward, anywhere = (synthetic(100, 300, onward=each) for each in (True, False))
        huge = synthetic(100, 1000, onward=False)
        shown(
            (
                Row("100 states, 300 transitions onward, by `transitions`", partial(by_transitions, onward), "svg"),
                Row("... by us, svg", partial(draw, onward, format="svg"), "svg", 0, 5),
                Row("100 states, 300 transitions anywhere, by `transitions`", partial(by_transitions, anywhere), "svg"),
                Row("... by us, svg", partial(draw, anywhere, format="svg"), "svg", 2, 5),
                Row(
                    "100 states, 1,000 transitions anywhere, by us, svg",
                    partial(draw, huge, format="svg"),
                    "svg",
                    None,
                    60,
                ),
            ),
            asked.large,
        )


if __name__ == "__main__":
    main()
