"""Two ways are open to whoever has no moles at all: of an empty list, `every` is true.

A test of each way passes: to take it, a patient needs a mole.
"""

from __future__ import annotations

from collections.abc import Sequence

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
    many,
    record,
)


@record
class Mole:
    """One mole."""

    regular: Fact[bool] = boolean("regular border", zh="边界规则")


@record
class Patient:
    """One patient at a check of the skin."""

    moles: Fact[Sequence[Mole]] = many(Mole, "moles", zh="痣")


def step(key: str, code: str, to: str, when: Predicate, text: Text) -> Transition:
    """Return a way out of the check."""
    return Transition(key=key, code=code, to=to, when=when, text=text, provenance=Provenance.GLUE)


def pathway(all_irregular: Predicate) -> Pathway:
    """Return the pathway with one meaning of moles that are all irregular."""
    mixed = Patient.moles.some(Mole.regular) & Patient.moles.some(~Mole.regular)
    ways = (
        step("recheck", "A1", "next_year", Patient.moles.every(Mole.regular), Text("all regular", "均规则")),
        step("excise", "A2", "excised", mixed, Text("excise the irregular ones", "切除不规则者")),
        step("refer", "A3", "clinic", all_irregular, Text("all irregular", "均不规则")),
    )
    return Pathway(
        name="moles",
        text=Text("Moles", "痣检查"),
        record=Patient,
        start="check",
        states=(
            State(name="check", text=Text("Check", "检查"), transitions=ways),
            State(name="next_year", text=Text("Check next year", "明年复查"), terminal=True),
            State(name="excised", text=Text("Excised", "已切除"), terminal=True),
            State(name="clinic", text=Text("Skin clinic", "皮肤专科"), terminal=True),
        ),
    )


BROKEN = pathway(all_irregular=Patient.moles.every(~Mole.regular))
MENDED = pathway(all_irregular=Patient.moles.every(~Mole.regular) & ~Patient.moles.is_empty())
EXPECTED = ("exclusive", "check")
COUNTEREXAMPLE = {"patient": {"moles": []}, "visits": [{}]}


def main() -> None:
    """Show the patient without moles."""
    try:
        BROKEN.decide("check", Patient(moles=[]))
    except AmbiguousDecision as error:
        print(error)
    print(MENDED.decide("check", Patient(moles=[])))


if __name__ == "__main__":
    main()
