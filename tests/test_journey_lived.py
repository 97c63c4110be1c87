"""A journey lived with: callbacks through the engine, replay under another pathway, steps that can be audited."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import attrs
import pytest
from hypothesis import given

from crlm_pathway import (
    AmbiguousDecision,
    DataError,
    Decision,
    ForeignSnapshot,
    History,
    Journey,
    Step,
    VisitWithinVisit,
    record_from_json,
)
from crlm_pathway.predicates.wording import say
from small import COATS, INSPECT, LOST, SCRAPPED, SOLD, WORKSHOP, pathway, row
from test_journey import THINGS, in_the_workshop, visits
from universe import Colour, Part, Thing

Heard = list[tuple[str, str, str, int]]
STEP_MOMENTS = ("before_step", "on_exit", "on_enter", "after_step")


def listen(journey: Journey) -> Heard:
    """Note at every callback: which, of what, where the journey stands, and how many steps it has."""
    heard: Heard = []

    def noting(moment: str) -> Any:
        def note(journey: Journey, what: Step | Decision) -> None:
            key = what.transition.key if what.transition is not None else "-"
            heard.append((moment, key, journey.state, len(journey.steps)))

        return note

    journey.subscribe(**{moment: noting(moment) for moment in (*STEP_MOMENTS, "on_waiting")})
    return heard


def at_the_start() -> Journey:
    return Journey.begin(THINGS, Thing(alive=True, colour=Colour.RED))


def test_a_step_is_told_in_the_order_of_the_engine_on_either_side_of_the_move() -> None:
    journey = at_the_start()
    heard = listen(journey)
    journey.visit(parts=[Part(broken=True)])
    assert heard == [
        ("before_step", "repair", "inspect", 0),
        ("on_exit", "repair", "inspect", 0),
        ("on_enter", "repair", "workshop", 1),
        ("after_step", "repair", "workshop", 1),
    ]


def test_a_self_transition_is_told_as_an_exit_and_an_entry() -> None:
    journey = in_the_workshop()
    heard = listen(journey)
    journey.visit(size=1)
    assert [(moment, state) for moment, _, state, _ in heard] == [(moment, "workshop") for moment in STEP_MOMENTS]


def test_a_visit_that_waits_is_told_with_its_decision_and_nothing_else_is() -> None:
    journey = at_the_start()
    decisions: list[Decision] = []
    heard = listen(journey)
    journey.subscribe(on_waiting=lambda _, decision: decisions.append(decision))
    journey.visit(weight=3)
    assert heard == [("on_waiting", "-", "inspect", 0)]
    assert decisions[0].waiting_for == ("parts",)


def test_looking_ahead_and_bad_facts_are_not_told() -> None:
    journey = at_the_start()
    heard = listen(journey)
    journey.what_if(alive=False)
    with pytest.raises(DataError):
        journey.visit(size=99)
    assert heard == []


def test_a_subscription_ends_when_asked_and_others_stay() -> None:
    journey = at_the_start()
    first: list[str] = []
    second: list[str] = []
    end_first = journey.subscribe(after_step=lambda _, step: first.append(step.target))
    journey.subscribe(after_step=lambda _, step: second.append(step.target))
    journey.visit(parts=[Part(broken=True)])
    end_first()
    end_first()
    journey.visit(size=0)
    assert (first, second) == (["workshop"], ["workshop", "sold"])


@pytest.mark.parametrize("moment", STEP_MOMENTS)
def test_a_callback_that_raises_undoes_nothing_and_silences_nobody(moment: str) -> None:
    def fail(_journey: Journey, _step: Step) -> None:
        raise LookupError("no such ward")

    failing, quiet = at_the_start(), at_the_start()
    failing.subscribe(**{moment: fail})  # type: ignore[arg-type]
    heard = listen(failing)
    with pytest.raises(LookupError, match="no such ward"):
        failing.visit(parts=[Part(broken=True)])
    quiet.visit(parts=[Part(broken=True)])
    assert [told for told, *_ in heard] == list(STEP_MOMENTS)
    assert (failing.state, failing.patient, failing.history) == (quiet.state, quiet.patient, quiet.history)
    assert failing.steps == quiet.steps
    assert failing.to_json() == quiet.to_json()


def test_a_callback_that_raises_keeps_a_waiting_visit() -> None:
    journey = at_the_start()
    journey.subscribe(on_waiting=lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        journey.visit(weight=3)
    assert (len(journey.visits), journey.patient.weight) == (1, 3)


def test_what_several_callbacks_raise_is_raised_together_once() -> None:
    journey = at_the_start()
    journey.subscribe(before_step=lambda *_: 1 / 0, on_enter=lambda *_: int("x"))
    with pytest.raises(ExceptionGroup, match="several callbacks raised; the visit stands") as raised:
        journey.visit(parts=[Part(broken=True)])
    assert [type(error) for error in raised.value.exceptions] == [ZeroDivisionError, ValueError]
    journey.subscribe()
    with pytest.raises(ExceptionGroup):
        journey.visit(size=0)
    assert journey.finished


def test_an_interrupt_during_a_callback_leaves_the_step_whole() -> None:
    def interrupted(_journey: Journey, _step: Step) -> None:
        raise KeyboardInterrupt

    journey = at_the_start()
    journey.subscribe(before_step=interrupted)
    with pytest.raises(KeyboardInterrupt):
        journey.visit(parts=[Part(broken=True)])
    assert (journey.state, len(journey.steps)) == ("workshop", 1)


@pytest.mark.parametrize("moment", STEP_MOMENTS)
def test_a_callback_cannot_make_a_visit(moment: str) -> None:
    journey = at_the_start()
    journey.subscribe(**{moment: lambda journey, _: journey.visit(size=0)})
    with pytest.raises(VisitWithinVisit, match="a callback cannot make a visit"):
        journey.visit(parts=[Part(broken=True)])
    assert (journey.state, len(journey.visits)) == ("workshop", 1)
    with pytest.raises(VisitWithinVisit):
        journey.visit(size=1)
    assert len(journey.visits) == 2, "the next visit is a visit of its own"


def test_a_table_that_cannot_choose_leaves_the_journey_as_it_was() -> None:
    coats = attrs.evolve(COATS, options=(*COATS.options, row("thickest", Thing.weight >= 90)))
    things = pathway(INSPECT, attrs.evolve(WORKSHOP, tables=(coats,)), SOLD, SCRAPPED, LOST)
    journey = Journey.begin(things, Thing(alive=True, colour=Colour.RED, weight=95))
    with pytest.raises(AmbiguousDecision, match="thick and thickest"):
        journey.visit(parts=[Part(broken=True)])
    assert (journey.state, len(journey.visits), journey.patient.parts) == ("inspect", 0, None)


# -- snapshots -------------------------------------------------------------------------------------------------------


@given(visits)
def test_a_snapshot_taken_in_any_callback_resumes_to_the_whole_visit(course: list[dict[str, Any]]) -> None:
    journey = Journey.begin(THINGS, Thing())
    saved: list[dict[str, Any]] = []
    journey.subscribe(
        **{moment: lambda journey, _: saved.append(journey.to_json()) for moment in (*STEP_MOMENTS, "on_waiting")}
    )
    for facts in course:
        if journey.finished:
            break
        saved.clear()
        step = journey.visit(facts)
        assert len(saved) == (1 if step is None else 4)
        for data in saved:
            again = Journey.from_json(THINGS, json.loads(json.dumps(data)))
            assert (again.state, again.patient, again.history) == (journey.state, journey.patient, journey.history)
            assert again.steps == journey.steps


def test_a_resumed_journey_tells_only_what_comes_after() -> None:
    journey = at_the_start()
    heard = listen(journey)
    journey.visit(parts=[Part(broken=True)])
    again = Journey.from_json(THINGS, journey.to_json())
    assert len(heard) == 4
    heard_again = listen(again)
    again.visit(size=0)
    assert (len(heard), len(heard_again)) == (4, 4)


def test_a_snapshot_that_was_tampered_with_is_refused() -> None:
    data = in_the_workshop().to_json()
    data["visits"][0]["facts"]["parts"] = [{"broken": False}]
    with pytest.raises(ForeignSnapshot, match=r"visit 1, in inspect: it took repair to workshop .* now takes pass_on"):
        Journey.from_json(THINGS, data)


def test_everything_wrong_with_a_snapshot_is_reported_together() -> None:
    data = in_the_workshop().to_json()
    data["visits"][0]["facts"]["size"] = 99
    data["visits"].append({"facts": {}, "step": {"transition": "again"}})
    data["visits"].append({"facts": {}})
    data["patient"]["colour"] = "pink"
    data["vists"] = data.pop("version")
    with pytest.raises(DataError) as refused:
        Journey.from_json(THINGS, data)
    assert [problem.path for problem in refused.value.problems] == [
        "vists",
        "version",
        "patient.colour",
        "visits[0].facts.size",
        "visits[1].step",
        "visits[2].step",
    ]


def test_a_course_is_no_snapshot() -> None:
    with pytest.raises(DataError, match=r"fingerprint: expected what Journey\.to_json gives; the key is missing"):
        Journey.from_json(THINGS, {"patient": {}, "visits": []})


# -- replay ----------------------------------------------------------------------------------------------------------


def rounds(number: int) -> Journey:
    journey = in_the_workshop()
    for day in range(1, number + 1):
        journey.visit(on=date(2024, 1, day), size=1)
    return journey


def test_a_replay_under_another_policy_reports_the_first_step_that_differs() -> None:
    lenient = THINGS.with_policy(most=3)
    replay = Journey.replay(lenient, rounds(2).to_json())
    assert replay.difference is not None
    assert str(replay.difference) == (
        "visit 3 on 2024-01-02, in workshop: it took give_up to scrapped (mind: heavy, wide), "
        "and now takes again to workshop (coat: thick; fixes: glue, weld; mind: heavy, wide)"
    )
    assert (replay.journey.state, replay.journey.pathway) == ("workshop", lenient)


def test_a_replay_that_comes_to_the_same_says_so_and_can_be_saved_as_the_new() -> None:
    other = THINGS.with_policy(most=3)
    replay = Journey.replay(other, rounds(1).to_json())
    assert replay.difference is None
    assert Journey.from_json(other, replay.journey.to_json()).state == "workshop"


def test_a_replay_reports_options_that_differ_though_the_way_is_the_same() -> None:
    coats = attrs.evolve(COATS, options=(row("thick", Thing.weight >= 90), row("thin", Thing.weight < 90)))
    tables = (coats, *WORKSHOP.tables[1:])
    other = pathway(INSPECT, attrs.evolve(WORKSHOP, tables=tables), SOLD, SCRAPPED, LOST)
    difference = Journey.replay(other, rounds(1).to_json()).difference
    assert difference is not None
    assert (difference.visit, difference.recorded and difference.recorded.options["coat"]) == (0, "thick")
    assert difference.replayed is not None
    assert difference.replayed.options["coat"] == "thin"


def test_a_replay_that_ends_early_uses_no_further_visits() -> None:
    hasty = THINGS.with_policy(most=1)
    replay = Journey.replay(hasty, rounds(2).to_json())
    assert (replay.journey.state, len(replay.journey.visits)) == ("scrapped", 2)
    assert replay.difference is not None
    assert replay.difference.visit == 1


# -- audit -----------------------------------------------------------------------------------------------------------


@given(visits)
def test_an_audit_record_alone_leads_to_the_same_decision(course: list[dict[str, Any]]) -> None:
    journey = Journey.begin(THINGS, Thing())
    for facts in course:
        if journey.finished:
            break
        journey.visit(facts)
    for step in journey.steps:
        audit = json.loads(json.dumps(step.audit()))
        again = THINGS.decide(audit["from"], record_from_json(Thing, audit["facts"]), History(**audit["history"]))
        assert again.transition is step.transition
        assert audit["transition"] == step.transition.key
        assert audit["guard"]["en"] == say(step.guard, "en", THINGS.names)


def test_an_audit_record_holds_what_decided_and_what_it_came_to() -> None:
    step = in_the_workshop().steps[0]
    audit = step.audit()
    assert (audit["pathway"], audit["fingerprint"]) == ("things", THINGS.fingerprint)
    assert audit["policy"] == {"most": 2}
    assert (audit["visit"], audit["on"], audit["from"], audit["to"]) == (0, None, "inspect", "workshop")
    assert audit["because"]["zh"] == step.because("zh")
    assert audit["options"] == {
        "coat": {"option": "thick", "row": "thick", "claims": []},
        "fixes": [
            {"option": "glue", "row": "glue", "claims": []},
            {"option": "weld", "row": "weld", "claims": []},
        ],
    }
    assert audit["advisories"] == [
        {"key": "heavy", "claims": [], "items": []},
        {"key": "wide", "claims": [], "items": [1]},
    ]
    assert audit["facts"]["size"] == 3, "what was forgotten on entry was known when it was decided"
