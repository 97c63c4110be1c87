"""CRLM as three libraries draw it: writes the others' pictures for a page, and prints the figures of all.

It needs this library with what it depends on, and besides

    pip install python-statemachine pydot

and is run by `python docs/beside/draw.py`. All are laid out by the same Graphviz, that of pygraphviz. The others are
set up as their documentation has it: states with their labels, codes and labels for the events, and guards under the
names that a program would give them. Nothing of their looks is changed.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from operator import or_
from pathlib import Path
from statistics import median
from time import perf_counter
from types import new_class

import attrs
from pygraphviz import AGraph
from statemachine import Event, State, StateChart  # pyright: ignore[reportMissingImports]
from statemachine.contrib.diagram import DotGraphMachine  # pyright: ignore[reportMissingImports]
from transitions.extensions import GraphMachine

from crlm_pathway import CRLM, Transition
from crlm_pathway.drawing import draw

HERE = Path(__file__).resolve().parent
ROUNDS = 5
MM = 25.4 / 72
READABLE_POINTS = 5.5
"""The size of type that the pictures are compared at."""

GUARDS = {
    "A1": "not is_confirmed",
    "A2": "is_msi_high",
    "A3": "is_ras_wild_type",
    "A4": "is_without_result",
    "A5": "not is_candidate",
    "A6": "is_ned_achievable",
    "A7": "not is_pretreated",
    "A8": "is_pretreated",
    "B1": "not is_candidate",
    "B2": "must_step_down",
    "B3": "not must_step_down",
    "C1": "not is_candidate",
    "C2": "must_repeat_imaging",
    "C3": "is_operable",
    "C4": "is_worth_continuing",
    "C5": "is_regional_possible",
    "C6": "not is_regional_possible",
    "D1": "not is_candidate",
    "D3": "is_candidate",
    "E1": "is_eradicated",
    "E2": "not is_candidate",
    "E3": "is_another_session_worthwhile",
    "E4": "is_liver_rescue_possible",
    "E5": "not is_liver_rescue_possible",
    "E6": "is_systemic_untried",
    "F1": "has_completed_surveillance",
    "F2": "not has_recurrence",
    "F3": "is_ned_achievable",
    "F4": "has_recurrence",
    "F5": "is_beyond_salvage",
    "F6": "is_systemic_untried",
    "X1": "is_deceased",
    "X2": "is_withdrawn",
}
"""A name for the guard of each transition; each is tried when those before it did not hold."""


def ways() -> Iterator[tuple[str, Transition]]:
    """Every transition with the state that it leaves; an interrupt with each state that has any."""
    for state in CRLM.states:
        for step in CRLM.leaving(state):
            yield state.name, step


def named(step: Transition) -> str:
    """What stands for a transition."""
    return f"{step.code} {step.text.en}"


# -- transitions -----------------------------------------------------------------------------------------------------


def condition(guard: str) -> dict[str, str]:
    """A guard as `transitions` takes it."""
    name = guard.removeprefix("not ")
    return {"conditions": name} if name == guard else {"unless": name}


def by_transitions() -> bytes:
    """The machine as `GraphMachine` draws it."""
    machine = GraphMachine(
        states=[{"name": state.text.en, "final": state.terminal} for state in CRLM.states],
        transitions=[
            {
                "trigger": step.key,
                "source": CRLM.names[source].en,
                "dest": CRLM.names[step.to].en,
                "label": named(step),
                **condition(GUARDS[step.code]),
            }
            for source, step in ways()
        ],
        initial=CRLM.names[CRLM.start].en,
        auto_transitions=False,
        show_conditions=True,
        title=CRLM.text.en,
    )
    svg: bytes = machine.get_graph().draw(format="svg", prog="dot")
    return svg


# -- python-statemachine ---------------------------------------------------------------------------------------------


def by_python_statemachine() -> bytes:
    """The machine as `DotGraphMachine` draws it."""
    states = {
        state.name: State(state.text.en, initial=state.name == CRLM.start, final=state.terminal)
        for state in CRLM.states
    }
    events: dict[str, Event] = {}
    for step in CRLM.transitions:
        sources = [states[source] for source, leaving in ways() if leaving == step]
        all_ways = (source.to(states[step.to], cond=GUARDS[step.code]) for source in sources)
        events[step.key] = Event(reduce(or_, all_ways), name=named(step))
    machine = new_class("Crlm", (StateChart,), exec_body=lambda body: body.update({**states, **events}))
    svg = AGraph(string=DotGraphMachine(machine)().to_string()).draw(format="svg", prog="dot")
    assert svg is not None
    return re.sub(rb"_\d{9,}", b"", svg)  # names that are addresses in memory, others in each run


# -- ours ------------------------------------------------------------------------------------------------------------


def overview() -> bytes:
    """The machine as we draw it, at a glance."""
    return draw(CRLM, format="svg")


def criteria() -> bytes:
    """The machine as we draw it, with all guards."""
    return draw(CRLM, level="criteria", format="svg")


# -- the figures -----------------------------------------------------------------------------------------------------


@attrs.frozen
class Measured:
    """A picture, and how long it took in seconds."""

    name: str
    svg: bytes
    seconds: float

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as drawn, in mm."""
        found = re.search(rb'<svg[^>]* width="([\d.]+)pt"[^>]* height="([\d.]+)pt"', self.svg)
        assert found
        return float(found[1]) * MM, float(found[2]) * MM

    @property
    def smallest(self) -> float:
        """The height of its smallest type as drawn, in points."""
        found = re.search(rb"scale\(([\d.]+)", self.svg)
        shown = re.search(rb'viewBox="[\d.-]+ [\d.-]+ ([\d.]+)', self.svg)
        assert found
        assert shown
        points = min(float(size) for size in re.findall(rb'font-size="([\d.]+)"', self.svg))
        return points * float(found[1]) * self.size[0] / MM / float(shown[1])

    def row(self) -> str:
        """A line of the table."""
        (width, height), by = self.size, READABLE_POINTS / self.smallest
        told = (
            f"{width:,.0f} × {height:,.0f}",
            f"{self.smallest:.1f}",
            f"{width * by:,.0f} × {height * by:,.0f}",
            f"{len(self.svg) / 1000:,.0f}, {len(gzip.compress(self.svg)) / 1000:,.0f} packed",
            f"{self.seconds * 1000:,.0f}",
        )
        return f"| {self.name} | {' | '.join(told)} |"


def measured(name: str, picture: Callable[[], bytes]) -> Measured:
    """Draw a picture, once before the clock starts."""
    svg, times = picture(), []
    for _ in range(ROUNDS):
        begun = perf_counter()
        picture()
        times.append(perf_counter() - begun)
    return Measured(name, svg, median(times))


OTHERS: Sequence[tuple[str, Callable[[], bytes]]] = (
    ("transitions", by_transitions),
    ("python-statemachine", by_python_statemachine),
)
OURS: Sequence[tuple[str, Callable[[], bytes]]] = (("overview", overview), ("criteria", criteria))


def rows() -> Iterator[str]:
    """Write the others' pictures and yield the figures of all, as a table."""
    yield "| | as drawn, mm | smallest type, pt | at 5.5 pt, mm | kB | ms |"
    yield "|---|--:|--:|--:|--:|--:|"
    for name, picture in OTHERS:
        found = measured(name, picture)
        (HERE / f"{name}.svg").write_bytes(found.svg)
        yield found.row()
    for name, picture in OURS:
        yield measured(name, picture).row()


if __name__ == "__main__":
    print("\n".join(rows()))  # noqa: T201 - a script
