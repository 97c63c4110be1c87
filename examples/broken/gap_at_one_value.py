"""No way is open at one single value: a fever of exactly 40 degrees is neither for the doctor's visit nor for hospital.

A test with a typical value of each of the three bands passes, and so do values drawn at random.
"""

from __future__ import annotations

from crlm_pathway import Fact, NoDecision, Pathway, Predicate, Provenance, State, Text, Transition, number, record

FEVER, HIGH_FEVER = 38, 40


@record
class Child:
    """One child with a fever."""

    temperature: Fact[float] = number(30, 45, "temperature", zh="体温", unit="°C")


def step(key: str, code: str, to: str, when: Predicate, text: Text) -> Transition:
    """Return a way out of the measuring."""
    return Transition(key=key, code=code, to=to, when=when, text=text, provenance=Provenance.GLUE)


def pathway(high: Predicate) -> Pathway:
    """Return the pathway with one meaning of high fever."""
    fever = (Child.temperature >= FEVER) & (Child.temperature < HIGH_FEVER)
    ways = (
        step("stay_home", "A1", "home", Child.temperature < FEVER, Text("no fever", "无发热")),
        step("call_doctor", "A2", "visited", fever, Text("fever", "发热")),
        step("admit", "A3", "hospital", high, Text("high fever", "高热")),
    )
    return Pathway(
        name="fever",
        text=Text("Fever", "发热"),
        record=Child,
        start="measuring",
        states=(
            State(name="measuring", text=Text("Measuring", "测量体温"), transitions=ways),
            State(name="home", text=Text("At home", "居家"), terminal=True),
            State(name="visited", text=Text("Doctor's visit", "医生出诊"), terminal=True),
            State(name="hospital", text=Text("Hospital", "住院"), terminal=True),
        ),
    )


BROKEN = pathway(high=Child.temperature > HIGH_FEVER)
MENDED = pathway(high=Child.temperature >= HIGH_FEVER)
EXPECTED = ("total", "measuring")
COUNTEREXAMPLE = {"patient": {"temperature": 40}, "visits": [{}]}


def main() -> None:
    """Show the child who falls through."""
    try:
        BROKEN.decide("measuring", Child(temperature=40))
    except NoDecision as error:
        print(error)
    print(MENDED.decide("measuring", Child(temperature=40)))


if __name__ == "__main__":
    main()
