"""A row that is never chosen: the tablet for children stands in the table of a state that children never enter.

A test of the table alone chooses every row, and a test of the guards alone sees nothing missing.
"""

from __future__ import annotations

from crlm_pathway import (
    DecisionTable,
    Fact,
    Option,
    Pathway,
    Predicate,
    Provenance,
    State,
    Text,
    Transition,
    number,
    record,
)

ADULT_FROM = 40


@record
class Patient:
    """One patient with worms."""

    weight: Fact[float] = number(1, 200, "weight", zh="体重", unit="kg")


def row(name: str, when: Predicate, text: Text) -> Option:
    """Return one row of the table."""
    return Option(name=name, when=when, text=text, provenance=Provenance.GLUE)


def step(key: str, code: str, to: str, when: Predicate, text: Text) -> Transition:
    """Return a way out of the weighing."""
    return Transition(key=key, code=code, to=to, when=when, text=text, provenance=Provenance.GLUE)


def pathway(treated_from: int) -> Pathway:
    """Return the pathway with tablets from some weight on."""
    tablets = DecisionTable(
        name="tablets",
        text=Text("Tablets", "药片"),
        options=(
            row("adult", Patient.weight >= ADULT_FROM, Text("the whole tablet", "整片")),
            row("child", Patient.weight < ADULT_FROM, Text("half a tablet", "半片")),
        ),
    )
    ways = (
        step("treat", "A1", "treated", Patient.weight >= treated_from, Text("heavy enough", "体重达标")),
        step("refer", "A2", "referred", Patient.weight < treated_from, Text("too light", "体重过低")),
    )
    return Pathway(
        name="worms",
        text=Text("Worms", "驱虫"),
        record=Patient,
        start="weighing",
        states=(
            State(name="weighing", text=Text("Weighing", "称重"), transitions=ways),
            State(name="treated", text=Text("Treated", "已服药"), tables=(tablets,), terminal=True),
            State(name="referred", text=Text("Referred", "转诊"), terminal=True),
        ),
    )


BROKEN = pathway(treated_from=40)
MENDED = pathway(treated_from=10)
EXPECTED = ("alive", "child of tablets in treated")


def main() -> None:
    """Show a child that the table would serve."""
    child = Patient(weight=25)
    print(BROKEN.options("treated", child)["tablets"], "| but:", BROKEN.decide("weighing", child).transition)
    print(MENDED.options("treated", child)["tablets"], "| and:", MENDED.decide("weighing", child).transition)


if __name__ == "__main__":
    main()
