"""Two rows apply to whom the table was not meant for: `given` excuses a table from having a row, not from having two.

A test of the patients for whom the table is meant, those who are not in shock, passes.
"""

from __future__ import annotations

from crlm_pathway import (
    AmbiguousDecision,
    DecisionTable,
    Fact,
    Journey,
    Option,
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
class Patient:
    """One patient who has lost water."""

    thirsty: Fact[bool] = boolean("lost water", zh="脱水")
    vomiting: Fact[bool] = boolean("vomiting", zh="呕吐")
    shock: Fact[bool] = boolean("in shock", zh="休克")


def row(name: str, when: Predicate | Fact[bool], text: Text) -> Option:
    """Return one row of the table."""
    return Option(name=name, when=when, text=text, provenance=Provenance.GLUE)


def step(key: str, code: str, to: str, when: Predicate | Fact[bool], text: Text) -> Transition:
    """Return a way out of the admission."""
    return Transition(key=key, code=code, to=to, when=when, text=text, provenance=Provenance.GLUE)


def pathway(drip: Predicate | Fact[bool]) -> Pathway:
    """Return the pathway in which some get a drip."""
    fluid = DecisionTable(
        name="fluid",
        text=Text("Fluid", "补液"),
        given=~Patient.shock,
        options=(
            row("drink", ~Patient.vomiting, Text("drink", "口服补液")),
            row("drip", drip, Text("drip", "静脉补液")),
        ),
    )
    ways = (
        step("give_fluid", "A1", "ward", Patient.thirsty, Text("lost water", "脱水")),
        step("send_home", "A2", "home", ~Patient.thirsty, Text("well", "无脱水")),
    )
    return Pathway(
        name="dehydration",
        text=Text("Dehydration", "脱水"),
        record=Patient,
        start="admission",
        states=(
            State(name="admission", text=Text("Admission", "入院"), transitions=ways),
            State(name="ward", text=Text("Ward", "病房"), tables=(fluid,), terminal=True),
            State(name="home", text=Text("Home", "回家"), terminal=True),
        ),
    )


BROKEN = pathway(drip=Patient.vomiting | Patient.shock)
MENDED = pathway(drip=Patient.vomiting)
EXPECTED = ("exclusive", "fluid in ward")
COUNTEREXAMPLE = {"patient": {"thirsty": True, "vomiting": False, "shock": True}, "visits": [{}]}


def main() -> None:
    """Show the patient in shock who does not vomit."""
    shocked = Patient(thirsty=True, vomiting=False, shock=True)
    try:
        Journey.begin(BROKEN, shocked).visit()
    except AmbiguousDecision as error:
        print(error)
    print(MENDED.options("ward", shocked)["fluid"])


if __name__ == "__main__":
    main()
