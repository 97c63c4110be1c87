"""A state that the drawing connects and nobody reaches: only who came straight from reception is operated on.

The guard was right until the X-ray was put in between. A test that makes its own history for the clinic passes.
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
    arrived_from,
    boolean,
    record,
)


@record
class Patient:
    """One patient with a sore wrist."""

    swollen: Fact[bool] = boolean("wrist swollen", zh="手腕肿胀")
    fracture: Fact[bool] = boolean("fracture on the X-ray", zh="X线示骨折")
    displaced: Fact[bool] = boolean("fracture displaced", zh="骨折移位")


def step(key: str, code: str, to: str, when: Predicate | Fact[bool], text: Text) -> Transition:
    """Return one transition."""
    return Transition(key=key, code=code, to=to, when=when, text=text, provenance=Provenance.GLUE)


def pathway(newly_arrived: Predicate) -> Pathway:
    """Return the pathway with one meaning of newly arrived."""
    operate = Patient.displaced & newly_arrived
    reception = (
        step("send_to_x_ray", "A1", "x_ray", Patient.swollen, Text("swollen: X-ray", "肿胀：拍片")),
        step("send_home", "A2", "home", ~Patient.swollen, Text("not swollen", "无肿胀")),
    )
    x_ray = (
        step("show_surgeon", "B1", "clinic", Patient.fracture, Text("fracture", "骨折")),
        step("reassure", "B2", "home", ~Patient.fracture, Text("no fracture", "无骨折")),
    )
    clinic = (
        step("operate", "C1", "theatre", operate, Text("displaced: operate", "移位：手术")),
        step("plaster", "C2", "home", ~operate, Text("plaster", "石膏固定")),
    )
    return Pathway(
        name="wrist",
        text=Text("Sore wrist", "腕部疼痛"),
        record=Patient,
        start="reception",
        states=(
            State(name="reception", text=Text("Reception", "接诊"), transitions=reception),
            State(name="x_ray", text=Text("X-ray", "X线检查"), transitions=x_ray),
            State(name="clinic", text=Text("Surgeon's clinic", "外科门诊"), transitions=clinic),
            State(name="theatre", text=Text("Theatre", "手术室"), terminal=True),
            State(name="home", text=Text("Home", "回家"), terminal=True),
        ),
    )


BROKEN = pathway(newly_arrived=arrived_from("reception"))
MENDED = pathway(newly_arrived=arrived_from("x_ray"))
EXPECTED = ("alive", "operate")


def main() -> None:
    """Show where a displaced fracture ends."""
    for name, wrist in (("broken", BROKEN), ("mended", MENDED)):
        journey = Journey.begin(wrist, Patient(swollen=True, fracture=True, displaced=True))
        print(name, [journey.visit() and journey.state for _ in range(3)])


if __name__ == "__main__":
    main()
