"""A promise that holds for two rounds and breaks in the third: the dose without a level is allowed once too often.

A test gives a first dose and a second, sees that both are allowed, and stops there.
"""

from __future__ import annotations

from crlm_pathway import (
    Fact,
    Invariant,
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
    taking,
)

LAST_DOSE = 5


@record
class Patient:
    """One patient on gentamicin."""

    infected: Fact[bool] = boolean("still infected", zh="仍有感染")
    level_low: Fact[bool] = boolean("blood level low enough", zh="血药浓度足够低")


def step(key: str, code: str, to: str, when: Predicate, text: Text) -> Transition:
    """Return a way out of the dosing."""
    return Transition(key=key, code=code, to=to, when=when, text=text, provenance=Provenance.GLUE)


LEVEL_FROM_THIRD = Invariant(
    key="level_from_the_third_dose",
    always=~taking("give_dose") | (rounds_here <= 2) | Patient.level_low,  # noqa: PLR2004 - the promise itself
    text=Text("from the third dose on, only with a low level", "自第三剂起，须血药浓度足够低"),
)


def pathway(doses_without_level: int) -> Pathway:
    """Return the pathway with so many doses for which no level is asked."""
    safe = (rounds_here < LAST_DOSE) & ((rounds_here <= doses_without_level) | Patient.level_low)
    ways = (
        step("give_dose", "A1", "dosing", Patient.infected & safe, Text("give a dose", "给药")),
        step("change_drug", "A2", "changed", Patient.infected & ~safe, Text("another drug", "换药")),
        step("stop", "A3", "cured", ~Patient.infected, Text("cured", "治愈")),
    )
    return Pathway(
        name="gentamicin",
        text=Text("Gentamicin", "庆大霉素"),
        record=Patient,
        start="dosing",
        states=(
            State(name="dosing", text=Text("Dosing", "给药"), transitions=ways),
            State(name="changed", text=Text("Drug changed", "已换药"), terminal=True),
            State(name="cured", text=Text("Cured", "治愈"), terminal=True),
        ),
        invariants=(LEVEL_FROM_THIRD,),
    )


BROKEN = pathway(doses_without_level=3)
MENDED = pathway(doses_without_level=2)
EXPECTED = ("invariant", "level_from_the_third_dose")
COUNTEREXAMPLE = {"patient": {"infected": True}, "visits": [{}, {}, {}]}


def main() -> None:
    """Show a patient whose level is too high."""
    for name, gentamicin in (("broken", BROKEN), ("mended", MENDED)):
        journey = Journey.begin(gentamicin, Patient(infected=True, level_low=False))
        while not journey.finished:
            journey.visit()
        print(name, *(step.transition.key for step in journey.steps))


if __name__ == "__main__":
    main()
