"""Two ways are open to whoever has both of two findings: a feverish child who is allergic to egg as well.

A test of each finding by itself passes, and few people think of both at once.
"""

from __future__ import annotations

from crlm_pathway import (
    AmbiguousDecision,
    Fact,
    Pathway,
    Predicate,
    Provenance,
    State,
    Text,
    Transition,
    boolean,
    record,
)


@record
class Child:
    """One child to be vaccinated."""

    fever: Fact[bool] = boolean("fever", zh="发热")
    allergic: Fact[bool] = boolean("allergic to egg", zh="鸡蛋过敏")


def step(key: str, code: str, to: str, when: Predicate | Fact[bool], text: Text) -> Transition:
    """Return a way out of the check."""
    return Transition(key=key, code=code, to=to, when=when, text=text, provenance=Provenance.GLUE)


def pathway(postpone: Predicate | Fact[bool]) -> Pathway:
    """Return the pathway in which some are postponed."""
    ways = (
        step("refuse", "A1", "hospital", Child.allergic, Text("allergic: in hospital", "过敏：转院接种")),
        step("postpone", "A2", "postponed", postpone, Text("fever: later", "发热：延期")),
        step("vaccinate", "A3", "vaccinated", ~Child.fever & ~Child.allergic, Text("healthy", "健康：接种")),
    )
    return Pathway(
        name="vaccination",
        text=Text("Vaccination", "疫苗接种"),
        record=Child,
        start="check",
        states=(
            State(name="check", text=Text("Check", "接种前检查"), transitions=ways),
            State(name="hospital", text=Text("To hospital", "转院"), terminal=True),
            State(name="postponed", text=Text("Postponed", "延期"), terminal=True),
            State(name="vaccinated", text=Text("Vaccinated", "已接种"), terminal=True),
        ),
    )


BROKEN = pathway(postpone=Child.fever)
MENDED = pathway(postpone=Child.fever & ~Child.allergic)
EXPECTED = ("exclusive", "check")
COUNTEREXAMPLE = {"patient": {"fever": True, "allergic": True}, "visits": [{}]}


def main() -> None:
    """Show the child with both."""
    both = Child(fever=True, allergic=True)
    try:
        BROKEN.decide("check", both)
    except AmbiguousDecision as error:
        print(error)
    print(MENDED.decide("check", both))


if __name__ == "__main__":
    main()
