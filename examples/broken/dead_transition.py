"""A way that nobody can take: two limits are swapped, so whoever is to be seen today is already urgent.

Everybody gets exactly one answer, so a test that asks for that passes; nobody is ever seen today.
"""

from __future__ import annotations

from crlm_pathway import Fact, Pathway, Predicate, Provenance, State, Text, Transition, integer, record


@record
class Patient:
    """One patient who calls with a pain."""

    pain: Fact[int] = integer(0, 10, "pain from 0 to 10", zh="疼痛评分（0至10）")


def step(key: str, code: str, to: str, when: Predicate, text: Text) -> Transition:
    """Return a way out of the call."""
    return Transition(key=key, code=code, to=to, when=when, text=text, provenance=Provenance.GLUE)


def pathway(urgent_from: int, today_from: int) -> Pathway:
    """Return the pathway with two limits."""
    urgent, today = Patient.pain >= urgent_from, Patient.pain >= today_from
    ways = (
        step("send_ambulance", "A1", "ambulance", urgent, Text("urgent", "紧急")),
        step("see_today", "A2", "practice", ~urgent & today, Text("to be seen today", "当日就诊")),
        step("book_appointment", "A3", "practice", ~urgent & ~today, Text("can wait", "可预约")),
    )
    return Pathway(
        name="call",
        text=Text("Call for a pain", "疼痛来电"),
        record=Patient,
        start="call",
        states=(
            State(name="call", text=Text("Call", "来电"), transitions=ways),
            State(name="ambulance", text=Text("Ambulance", "救护车"), terminal=True),
            State(name="practice", text=Text("Practice", "门诊"), terminal=True),
        ),
    )


BROKEN = pathway(urgent_from=4, today_from=8)
MENDED = pathway(urgent_from=8, today_from=4)
EXPECTED = ("alive", "see_today")


def main() -> None:
    """Show what becomes of each pain."""
    for pain in range(11):
        patient = Patient(pain=pain)
        print(pain, BROKEN.decide("call", patient).transition, "| mended:", MENDED.decide("call", patient).transition)


if __name__ == "__main__":
    main()
