"""The table over a list has no row for one kind of item: the wound that is dirty but shallow.

A test sees it only if its patient has such a wound; patients without one, whatever else they have, are well served.
"""

from __future__ import annotations

from collections.abc import Sequence

from crlm_pathway import (
    DecisionTable,
    Fact,
    Journey,
    NoDecision,
    Option,
    Pathway,
    Predicate,
    Provenance,
    State,
    Text,
    Transition,
    boolean,
    many,
    names_of,
    record,
)


@record
class Wound:
    """One wound."""

    deep: Fact[bool] = boolean("through the skin", zh="穿透皮肤")
    dirty: Fact[bool] = boolean("dirty", zh="污染")


@record
class Patient:
    """One patient after a fall."""

    wounds: Fact[Sequence[Wound]] = many(Wound, "wounds", zh="伤口")


def row(name: str, when: Predicate, text: Text) -> Option:
    """Return one row of the table."""
    return Option(name=name, when=when, text=text, provenance=Provenance.GLUE)


def step(key: str, code: str, to: str, when: Predicate, text: Text) -> Transition:
    """Return a way out of the inspection."""
    return Transition(key=key, code=code, to=to, when=when, text=text, provenance=Provenance.GLUE)


def pathway(plaster: Predicate) -> Pathway:
    """Return the pathway with plasters for some wounds."""
    care = DecisionTable(
        name="care",
        text=Text("Care of each wound", "各伤口处理"),
        over=Patient.wounds,
        options=(
            row("suture", Wound.deep & ~Wound.dirty, Text("suture", "缝合")),
            row("leave_open", Wound.deep & Wound.dirty, Text("clean and leave open", "清创后开放")),
            row("plaster", plaster, Text("clean and plaster", "清洁后贴敷")),
        ),
    )
    tetanus = Patient.wounds.some(Wound.dirty)
    ways = (
        step("vaccinate", "A1", "treated", tetanus, Text("dirty: tetanus vaccine", "污染：接种破伤风疫苗")),
        step("dress", "A2", "treated", ~tetanus, Text("clean: no vaccine", "清洁：无需接种")),
    )
    return Pathway(
        name="wounds",
        text=Text("Wounds", "伤口"),
        record=Patient,
        start="inspection",
        states=(
            State(name="inspection", text=Text("Inspection", "检查"), transitions=ways),
            State(name="treated", text=Text("Treated", "已处理"), tables=(care,), terminal=True),
        ),
    )


BROKEN = pathway(plaster=~Wound.deep & ~Wound.dirty)
MENDED = pathway(plaster=~Wound.deep)
EXPECTED = ("total", "care in treated")
COUNTEREXAMPLE = {"patient": {"wounds": [{"deep": False, "dirty": True}]}, "visits": [{}]}


def main() -> None:
    """Show the patient with a dirty graze."""
    graze = Patient(wounds=[Wound(deep=False, dirty=True)])
    try:
        Journey.begin(BROKEN, graze).visit()
    except NoDecision as error:
        print(error)
    print(names_of(MENDED.options("treated", graze)["care"]))


if __name__ == "__main__":
    main()
