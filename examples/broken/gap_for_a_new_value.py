"""A result that the laboratory added later has no way: an indeterminate swab is neither positive nor negative.

The tests were written before there was a third result, name the first two, and still pass.
"""

from __future__ import annotations

from crlm_pathway import (
    Fact,
    LabelledEnum,
    NoDecision,
    Pathway,
    Predicate,
    Provenance,
    State,
    Text,
    Transition,
    choice,
    record,
)


class Result(LabelledEnum):
    POSITIVE = "positive", "positive", "阳性"
    NEGATIVE = "negative", "negative", "阴性"
    INDETERMINATE = "indeterminate", "indeterminate", "不确定"  # since the new machine


@record
class Patient:
    """One patient whose nose was swabbed on admission."""

    swab: Fact[Result] = choice(Result, "swab", zh="拭子结果")


def step(key: str, code: str, to: str, when: Predicate, text: Text) -> Transition:
    """Return a way out of the screening."""
    return Transition(key=key, code=code, to=to, when=when, text=text, provenance=Provenance.GLUE)


def pathway(cleared: Predicate) -> Pathway:
    """Return the pathway with one meaning of cleared."""
    ways = (
        step("isolate", "A1", "single_room", Patient.swab.is_(Result.POSITIVE), Text("positive", "阳性")),
        step("clear", "A2", "ward", cleared, Text("cleared", "解除隔离")),
    )
    return Pathway(
        name="admission_swab",
        text=Text("Swab on admission", "入院拭子筛查"),
        record=Patient,
        start="screening",
        states=(
            State(name="screening", text=Text("Screening", "筛查"), transitions=ways),
            State(name="single_room", text=Text("Single room", "单间"), terminal=True),
            State(name="ward", text=Text("Ward", "普通病房"), terminal=True),
        ),
    )


BROKEN = pathway(cleared=Patient.swab.is_(Result.NEGATIVE))
MENDED = pathway(cleared=Patient.swab.is_in(Result.NEGATIVE, Result.INDETERMINATE))
EXPECTED = ("total", "screening")
COUNTEREXAMPLE = {"patient": {"swab": "indeterminate"}, "visits": [{}]}


def main() -> None:
    """Show the patient with the new result."""
    try:
        BROKEN.decide("screening", Patient(swab=Result.INDETERMINATE))
    except NoDecision as error:
        print(error)
    print(MENDED.decide("screening", Patient(swab=Result.INDETERMINATE)))


if __name__ == "__main__":
    main()
