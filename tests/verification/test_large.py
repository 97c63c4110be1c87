"""Longest journeys worked out by hand, graphs too large to be followed, and the longest journey of CRLM, lived."""

from __future__ import annotations

from typing import Any

import pytest

from crlm_pathway import CRLM, Pathway, Predicate, State, Text, rounds_here, taken
from crlm_pathway.courses import course_from_json, run_course
from small import step
from universe import Thing

verification = pytest.importorskip("crlm_pathway.verification", reason="proofs need Z3")

alive, sold = Thing.alive.as_predicate(), Thing.sold.as_predicate()


def pathway(**states: tuple[Any, ...]) -> Pathway:
    """A pathway of states given by their steps, the first of which is the start; `end` is added."""
    found = [State(name=name, text=Text(name), transitions=steps) for name, steps in states.items()]
    end = State(name="end", text=Text("end"), terminal=True)
    return Pathway(name="toy", text=Text("Toy"), record=Thing, start=found[0].name, states=(*found, end))


def round_and_round(cap: Predicate) -> Pathway:
    """Round in a circle of two states as long as the cap allows."""
    return pathway(
        day=(step("go_on", "night", alive & cap), step("stop", "end", ~alive | ~cap)),
        night=(step("wake", "day", sold), step("sleep", "end", ~sold)),
    )


LINE = pathway(first=(step("a", "second", alive), step("b", "end", ~alive)), second=(step("c", "end", alive | ~alive),))
ROUNDS = pathway(
    only=(step("again", "only", alive & (rounds_here < 4)), step("leave", "end", ~alive | (rounds_here >= 4)))
)
SHARED = pathway(
    only=(
        step("left", "only", alive & (taken("left", "right") < 5)),
        step("right", "only", ~alive & (taken("left", "right") < 5) & (taken("right") < 2)),
        step("leave", "end", (taken("left", "right") >= 5) | (~alive & (taken("right") >= 2))),
    ),
)
RESET = pathway(
    ward=(
        step("bandage", "ward", alive & (rounds_here < 3)),
        step("bathe", "bath", ~alive & (taken("bathe") < 2)),
        step("leave", "end", (alive & (rounds_here >= 3)) | (~alive & (taken("bathe") >= 2))),
    ),
    bath=(step("dry", "ward", alive | ~alive),),
)
BY_HAND = {
    "a line": (LINE, 2),
    "three more rounds, and away": (ROUNDS, 4),
    "five of both, and away": (SHARED, 6),
    "twice to the bath and back, two bandages before, between and after, and away": (RESET, 2 * 2 + 3 * 2 + 1),
    "three rounds of two, and away": (round_and_round(taken("go_on") < 3), 7),
    "a cap that is no whole number": (round_and_round(taken("go_on") <= 2.5), 7),
    "a cap below nothing": (round_and_round(taken("go_on") < -1), 1),
}


def statuses(report: Any) -> dict[str, str]:
    return {obligation.name: obligation.status.value for obligation in report.obligations}


@pytest.mark.parametrize("case", BY_HAND)
def test_longest_journeys_are_those_worked_out_by_hand(case: str) -> None:
    toy, steps = BY_HAND[case]
    report = verification.check(toy)
    assert (report.longest_journey, report.exact) == (steps, True)
    assert statuses(report)["terminating toy"] == "proved"


def test_counts_of_which_one_holds_another_are_seen_together() -> None:
    """Whoever has taken neither has taken one fewer than five times, and both fewer than twice."""
    left = (taken("go_on") < 5) & (taken("go_on", "wake") < 2)
    report = verification.check(round_and_round(left))
    assert report.holds
    assert (report.longest_journey, report.exact) == (3, True)


def test_the_highest_cap_of_steps_counted_together_bounds_them(monkeypatch: pytest.MonkeyPatch) -> None:
    both = taken("high", "low")
    toy = pathway(
        only=(
            step("high", "only", alive & (both < 6)),
            step("low", "only", ~alive & (both < 2)),
            step("leave", "end", (alive & (both >= 6)) | (~alive & (both >= 2))),
        ),
    )
    whole = verification.check(toy)
    monkeypatch.setattr("crlm_pathway.verification.journeys.MOST_POINTS", 1)
    bound = verification.check(toy)
    assert (whole.longest_journey, whole.exact) == (7, True)
    assert bound.longest_journey >= 7
    assert not bound.exact


@pytest.mark.parametrize("case", BY_HAND)
def test_what_is_too_large_is_bounded_and_never_refuted(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    toy, steps = BY_HAND[case]
    whole = statuses(verification.check(toy))
    monkeypatch.setattr("crlm_pathway.verification.journeys.MOST_POINTS", 2)
    report = verification.check(toy)
    found = statuses(report)
    assert report.longest_journey >= steps
    assert not report.exact or report.longest_journey == steps
    assert all(status in {"unknown", whole[name]} for name, status in found.items())
    assert {status for name, status in found.items() if not name.startswith("alive")} == {"proved"}


def test_a_count_caps_the_way_to_what_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """`wake` is counted and `go_on` is capped: neither goes round without the other."""
    toy = round_and_round(taken("wake") < 3)
    whole = verification.check(toy)
    monkeypatch.setattr("crlm_pathway.verification.journeys.MOST_POINTS", 1)
    bound = verification.check(toy)
    assert (whole.longest_journey, whole.exact) == (7, True)
    assert bound.longest_journey >= 7
    assert statuses(bound)["terminating toy"] == "proved"


CAPS = 24


def many_caps() -> Pathway:
    """Two to the power of CAPS histories, and more."""
    steps = [step(f"from_{number}", f"s{number + 1}", ~alive) for number in range(CAPS)]
    back = [step(f"back_{number}", "s0", alive & (taken(f"back_{number}") < 3)) for number in range(CAPS)]
    gone = [step(f"gone_{number}", "end", alive & (taken(f"back_{number}") >= 3)) for number in range(CAPS)]
    last = (step("last", "end", alive | ~alive),)
    ways = {f"s{number}": found for number, found in enumerate(zip(steps, back, gone, strict=True))}
    return pathway(**ways, **{f"s{CAPS}": last})


def test_many_counters_stop_in_time_and_say_so() -> None:
    report = verification.check(many_caps(), seconds=1)
    assert not report.exact
    assert report.longest_journey >= 3 * CAPS * CAPS
    assert set(statuses(report).values()) <= {"proved", "unknown"}
    assert statuses(report)["terminating toy"] == "proved"


def test_the_longest_journey_of_the_pathway_can_be_lived() -> None:
    from crlm_pathway.verification.obligations import _Prover
    from crlm_pathway.verification.termination import components
    from crlm_pathway.verification.witnesses import Leg, course_along

    prover = _Prover(CRLM, 10)
    journeys = prover.journeys
    onward = journeys.ways_on
    left: dict[Any, int] = {}
    for (point,) in components({point: [after for _, after in steps] for point, steps in onward.items()}):
        left[point] = max((1 + left[after] for _, after in onward[point]), default=0)
    legs, here = [], journeys.start
    while onward[here]:
        taken_step, after = max(onward[here], key=lambda way: left[way[1]])
        legs.append(Leg(prover._step(here.state, taken_step), taken_step))
        here = after
    shown = course_along(journeys, legs)
    assert shown is not None
    lived = run_course(CRLM, course_from_json(CRLM, shown.course))
    assert lived.finished
    assert len(lived.steps) == left[journeys.start] == 105
