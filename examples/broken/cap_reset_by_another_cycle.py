"""A cap that another cycle resets: `rounds_here` begins again at 1 whenever the patient comes back from the bath.

A test that gives the bandage over and over on the ward meets the cap, and a test of the bath comes back once.
"""

from __future__ import annotations

from crlm_pathway import (
    Fact,
    Journey,
    Pathway,
    Predicate,
    Provenance,
    State,
    Text,
    Transition,
    boolean,
    record,
    rounds_here,
    taken,
)

MOST_TREATMENTS = 3


@record
class Patient:
    """One patient with a leg that will not heal."""

    healed: Fact[bool] = boolean("leg healed", zh="腿部愈合")
    dry: Fact[bool] = boolean("wound dry", zh="创面干燥")
    faint: Fact[bool] = boolean("faint in the bath", zh="浴中晕厥")


def step(key: str, code: str, to: str, when: Predicate | Fact[bool], text: Text) -> Transition:
    """Return one transition."""
    return Transition(key=key, code=code, to=to, when=when, text=text, provenance=Provenance.GLUE)


def pathway(treatment_left: Predicate) -> Pathway:
    """Return the pathway with one cap on its two cycles."""
    more = ~Patient.healed & treatment_left
    ward = (
        step("go_home", "A1", "home", Patient.healed, Text("healed", "愈合")),
        step("bandage", "A2", "ward", more & ~Patient.dry, Text("wet: bandage", "潮湿：包扎")),
        step("bathe", "A3", "bath", more & Patient.dry, Text("dry: bathe", "干燥：药浴")),
        step("give_up", "A4", "surgeon", ~Patient.healed & ~treatment_left, Text("enough tried", "已尝试足够")),
    )
    bath = (
        step("return_to_ward", "B1", "ward", ~Patient.faint, Text("bathed", "药浴完成")),
        step("stop_bathing", "B2", "surgeon", Patient.faint, Text("faint", "晕厥")),
    )
    return Pathway(
        name="leg_ulcer",
        text=Text("Leg ulcer", "下肢溃疡"),
        record=Patient,
        start="ward",
        states=(
            State(name="ward", text=Text("Ward", "病房"), asks=(Patient.healed,), transitions=ward),
            State(name="bath", text=Text("Bath", "药浴室"), asks=(Patient.faint,), transitions=bath),
            State(name="home", text=Text("Home", "回家"), terminal=True),
            State(name="surgeon", text=Text("Surgeon", "外科"), terminal=True),
        ),
    )


BROKEN = pathway(treatment_left=rounds_here <= MOST_TREATMENTS)
MENDED = pathway(treatment_left=taken("bandage", "bathe") < MOST_TREATMENTS)
EXPECTED = ("terminating", "leg_ulcer")
COUNTEREXAMPLE = {
    "patient": {"healed": False, "dry": True},
    "visits": [{}, {"facts": {"faint": False}}, {"facts": {"healed": False}}, {"facts": {"faint": False}}],
}


def main() -> None:
    """Show a leg that stays as it is."""
    for name, leg in (("broken", BROKEN), ("mended", MENDED)):
        journey = Journey.begin(leg, Patient(dry=True))
        while not journey.finished and len(journey.steps) < 20:  # noqa: PLR2004 - long enough
            journey.visit(healed=False, faint=False)
        print(name, journey)


if __name__ == "__main__":
    main()
