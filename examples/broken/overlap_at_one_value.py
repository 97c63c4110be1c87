"""Two ways are open at one single value: a potassium of exactly 3.5 is both low and in order.

A test with 3.4 and 3.6, or with any number of values drawn at random, passes.
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
    number,
    record,
)

LOWEST_NORMAL = 3.5


@record
class Sample:
    """One blood sample."""

    potassium: Fact[float] = number(1, 10, "potassium", zh="血钾", unit="mmol/L")


def step(key: str, code: str, to: str, when: Predicate, text: Text) -> Transition:
    """Return a way out of the reading."""
    return Transition(key=key, code=code, to=to, when=when, text=text, provenance=Provenance.GLUE)


def pathway(low: Predicate) -> Pathway:
    """Return the pathway with one meaning of low."""
    normal = Sample.potassium >= LOWEST_NORMAL
    ways = (
        step("supplement", "A1", "supplemented", low, Text("low: supplement", "偏低：补钾")),
        step("let_be", "A2", "done", normal, Text("in order", "正常")),
    )
    return Pathway(
        name="potassium",
        text=Text("Potassium", "血钾"),
        record=Sample,
        start="reading",
        states=(
            State(name="reading", text=Text("Reading", "读取结果"), transitions=ways),
            State(name="supplemented", text=Text("Potassium given", "已补钾"), terminal=True),
            State(name="done", text=Text("Nothing to do", "无需处理"), terminal=True),
        ),
    )


BROKEN = pathway(low=Sample.potassium <= LOWEST_NORMAL)
MENDED = pathway(low=Sample.potassium < LOWEST_NORMAL)
EXPECTED = ("exclusive", "reading")
COUNTEREXAMPLE = {"patient": {"potassium": 3.5}, "visits": [{}]}


def main() -> None:
    """Show the sample that gets two answers."""
    try:
        BROKEN.decide("reading", Sample(potassium=3.5))
    except AmbiguousDecision as error:
        print(error)
    print(MENDED.decide("reading", Sample(potassium=3.5)))


if __name__ == "__main__":
    main()
