"""A promise kept at the door and broken inside: no fever is admitted, but on the ward nobody asks for a new one.

A test records the patient once, at referral. What is recorded at a later visit replaces what the door has seen.
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
    entering,
    record,
)


@record
class Patient:
    """One patient with a hernia."""

    fever: Fact[bool] = boolean("fever", zh="发热")
    fasting: Fact[bool] = boolean("fasting since midnight", zh="午夜后禁食")


def step(key: str, code: str, to: str, when: Predicate | Fact[bool], text: Text) -> Transition:
    """Return one transition."""
    return Transition(key=key, code=code, to=to, when=when, text=text, provenance=Provenance.GLUE)


NO_FEVER = Invariant(
    key="no_fever_in_theatre",
    never=entering("theatre") & Patient.fever,
    text=Text("nobody with a fever is operated on", "发热者不手术"),
)


def pathway(ready: Predicate | Fact[bool]) -> Pathway:
    """Return the pathway with one meaning of ready."""
    door = (
        step("admit", "A1", "ward", ~Patient.fever, Text("no fever: admit", "无发热：收住")),
        step("send_away", "A2", "postponed", Patient.fever, Text("fever", "发热")),
    )
    ward = (
        step("operate", "B1", "theatre", ready, Text("ready", "准备就绪")),
        step("postpone", "B2", "postponed", ~ready, Text("not ready", "未就绪")),
    )
    return Pathway(
        name="hernia",
        text=Text("Hernia", "疝气"),
        record=Patient,
        start="door",
        states=(
            State(name="door", text=Text("At the door", "入院处"), transitions=door),
            State(name="ward", text=Text("Ward", "病房"), transitions=ward),
            State(name="theatre", text=Text("Theatre", "手术室"), terminal=True),
            State(name="postponed", text=Text("Postponed", "延期"), terminal=True),
        ),
        invariants=(NO_FEVER,),
    )


BROKEN = pathway(ready=Patient.fasting)
MENDED = pathway(ready=Patient.fasting & ~Patient.fever)
EXPECTED = ("invariant", "no_fever_in_theatre")
COUNTEREXAMPLE = {"patient": {"fever": False}, "visits": [{}, {"facts": {"fever": True, "fasting": True}}]}


def main() -> None:
    """Show a patient who falls ill on the ward."""
    for name, hernia in (("broken", BROKEN), ("mended", MENDED)):
        journey = Journey.begin(hernia, Patient(fever=False, fasting=True))
        journey.visit()
        journey.visit(fever=True)
        print(name, journey.state)


if __name__ == "__main__":
    main()
