"""A small pathway over the universe's record, whose parts tests exchange."""

from __future__ import annotations

from typing import Any

import attrs
from hypothesis import strategies as st

from crlm_pathway import (
    Advisory,
    DecisionTable,
    History,
    Option,
    Parameter,
    Pathway,
    Predicate,
    Provenance,
    State,
    Text,
    Transition,
    arrived_from,
    rounds_here,
    taken,
)
from universe import Colour, Part, Thing

MOST = Parameter("most", 2, Text("most rounds", "最多轮数"))


def step(key: str, to: str, when: Any, **more: Any) -> Transition:
    defaults: dict[str, Any] = {"code": key.upper(), "text": Text(key), "provenance": Provenance.GLUE}
    return Transition(key=key, to=to, when=when, **{**defaults, **more})


def row(name: str, when: Any, **more: Any) -> Option:
    return Option(name=name, when=when, text=Text(name), provenance=Provenance.GLUE, **more)


COATS = DecisionTable(
    name="coat",
    text=Text("Coat", "涂层"),
    options=(row("thick", Thing.weight >= 10), row("thin", Thing.weight < 10)),
)
FIXES = DecisionTable(
    name="fixes",
    text=Text("Fixes", "修理"),
    over=Thing.parts,
    done=Part.broken.so_far & (Part.width > 5),
    options=(row("glue", Part.width < 3), row("weld", Part.width >= 3)),
)
HEAVY = Advisory(key="heavy", when=Thing.weight > 50, text=Text("heavy", "重"))
WIDE = Advisory(key="wide", when=Part.width > 8, each=Thing.parts, text=Text("wide", "宽"))

INSPECT = State(
    name="inspect",
    text=Text("Inspection", "检查"),
    transitions=(
        step("scrap", "scrapped", ~Thing.alive),
        step("repair", "workshop", Thing.alive & ~Thing.parts.every(~Part.broken)),
        step("pass_on", "sold", Thing.alive & Thing.parts.every(~Part.broken)),
    ),
    advisories=(HEAVY,),
)
WORKSHOP = State(
    name="workshop",
    text=Text("Workshop", "车间"),
    asks=(Thing.size, Part.broken),
    tables=(COATS, FIXES),
    transitions=(
        step("again", "workshop", (Thing.size > 0) & (rounds_here < MOST)),
        step("give_up", "scrapped", (Thing.size > 0) & (rounds_here >= MOST) & (taken("again") >= 1)),
        step("fixed", "sold", Thing.size <= 0),
        step(
            "odd",
            "scrapped",
            (Thing.size > 0) & (rounds_here >= MOST) & (taken("again") < 1) & arrived_from("inspect"),
        ),
    ),
    advisories=(HEAVY, WIDE),
)
SOLD = State(name="sold", text=Text("Sold", "售出"), terminal=True)
SCRAPPED = State(name="scrapped", text=Text("Scrapped", "报废"), terminal=True)
LOST = State(name="lost", text=Text("Lost", "遗失"), terminal=True)
INTERRUPTS = (step("lose", "lost", Thing.colour.is_(Colour.BLUE)),)


def pathway(*states: State, **more: Any) -> Pathway:
    defaults: dict[str, Any] = {
        "name": "things",
        "text": Text("Things", "物件"),
        "record": Thing,
        "start": "inspect",
        "interrupts": INTERRUPTS,
        "states": states or (INSPECT, WORKSHOP, SOLD, SCRAPPED, LOST),
    }
    return Pathway(**{**defaults, **more})


_keys = [step.key for state in (INSPECT, WORKSHOP) for step in state.transitions]
histories = st.builds(
    History,
    taken=st.dictionaries(st.sampled_from(_keys), st.integers(0, 4)),
    rounds_here=st.integers(1, 4),
    arrived_from=st.none() | st.sampled_from(["inspect", "workshop"]),
)


def with_step(transition: Transition) -> Pathway:
    """The pathway with one more way out of the inspection."""
    return pathway(
        attrs.evolve(INSPECT, transitions=(*INSPECT.transitions, transition)), WORKSHOP, SOLD, SCRAPPED, LOST
    )


def with_guard(when: Predicate) -> Pathway:
    """The pathway with the first guard exchanged."""
    first, *others = INSPECT.transitions
    return pathway(
        attrs.evolve(INSPECT, transitions=(attrs.evolve(first, when=when), *others)),
        WORKSHOP,
        SOLD,
        SCRAPPED,
        LOST,
    )
