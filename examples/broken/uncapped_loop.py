"""A loop that nothing ends: whoever is still in pain and willing comes back for review, again and again.

A test follows a patient for a few rounds and lets them recover, as patients in tests do.
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
    boolean,
    record,
    rounds_here,
)

MOST_REVIEWS = 3


@record
class Patient:
    """One patient with a sore back."""

    pain: Fact[bool] = boolean("still in pain", zh="仍疼痛")
    willing: Fact[bool] = boolean("willing to come again", zh="愿意复诊")


def step(key: str, code: str, to: str, when: Predicate, text: Text) -> Transition:
    """Return a way out of the review."""
    return Transition(key=key, code=code, to=to, when=when, text=text, provenance=Provenance.GLUE)


def pathway(another: Predicate | Fact[bool]) -> Pathway:
    """Return the pathway with one meaning of another review."""
    ways = (
        step("discharge", "A1", "home", ~Patient.pain, Text("no pain", "无疼痛")),
        step("review_again", "A2", "review", Patient.pain & another, Text("review again", "再次复诊")),
        step("refer", "A3", "referred", Patient.pain & ~another, Text("no further review", "不再复诊")),
    )
    return Pathway(
        name="back_pain",
        text=Text("Back pain", "背痛"),
        record=Patient,
        start="review",
        states=(
            State(name="review", text=Text("Review", "复诊"), asks=(Patient.pain,), transitions=ways),
            State(name="home", text=Text("Home", "回家"), terminal=True),
            State(name="referred", text=Text("Referred", "转诊"), terminal=True),
        ),
    )


BROKEN = pathway(another=Patient.willing)
MENDED = pathway(another=Patient.willing & (rounds_here < MOST_REVIEWS))
EXPECTED = ("terminating", "back_pain")
COUNTEREXAMPLE = {"patient": {"pain": True, "willing": True}, "visits": [{}, {"facts": {"pain": True}}]}


def main() -> None:
    """Show a patient whose pain stays."""
    for name, back in (("broken", BROKEN), ("mended", MENDED)):
        journey = Journey.begin(back, Patient(willing=True))
        while not journey.finished and len(journey.steps) < 10:  # noqa: PLR2004 - long enough
            journey.visit(pain=True)
        print(name, journey)


if __name__ == "__main__":
    main()
