"""A journey lived with: callbacks through the engine, replay under another pathway, steps that can be audited."""

from __future__ import annotations

import copy
import gc
import json
import pickle
import sys
from datetime import date
from types import FrameType
from typing import Any, cast
from weakref import ref

import attrs
import pytest
from hypothesis import given

from crlm_pathway import (
    CRLM,
    Advisory,
    AmbiguousDecision,
    DataError,
    Decision,
    DecisionTable,
    ForeignSnapshot,
    History,
    Journey,
    Patient,
    Provenance,
    Ras,
    Step,
    Text,
    Transition,
    VisitWithinVisit,
    __version__ as VERSION,  # noqa: N812 - a constant,
    record_from_json,
    replace,
    rounds_here,
)
from crlm_pathway.predicates.wording import say
from small import COATS, INSPECT, LOST, SCRAPPED, SOLD, WORKSHOP, pathway, row, step as way
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


@pytest.mark.parametrize("subscribed", [False, True])
def test_an_interrupt_anywhere_in_a_visit_leaves_it_whole_or_not_made(subscribed: bool) -> None:
    def standing(journey: Journey) -> object:
        return journey.state, journey.patient, journey.history, journey.steps, journey.to_json()

    def interrupted(journey: Journey, at: int) -> bool:
        calls = 0

        def trace(_frame: FrameType, _event: str, _arg: object) -> None:
            nonlocal calls
            calls += 1
            if calls == at:
                raise KeyboardInterrupt

        before = sys.gettrace()
        gc.disable()  # others' callbacks of the collector are not to be interrupted
        sys.settrace(trace)
        try:
            journey.visit(parts=[Part(broken=True)])
        except KeyboardInterrupt:
            return True
        finally:
            sys.settrace(before)
            gc.enable()
        return False

    untouched, whole = at_the_start(), at_the_start()
    whole.visit(parts=[Part(broken=True)])
    at = 0
    for at in range(1, 1000):
        journey = at_the_start()
        if subscribed:
            listen(journey)
        if not interrupted(journey, at):
            break
        assert standing(journey) == standing(whole if journey.visits else untouched)
        journey.visit(parts=[Part(broken=True)], size=0)
        assert Journey.from_json(THINGS, journey.to_json()).steps == journey.steps
    assert at > 20


def test_what_callbacks_raised_is_raised_once_when_an_interrupt_came_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    arrive, first = Journey._arrive, iter([True])

    def interrupted(journey: Journey, step: Step) -> None:
        if next(first, False):
            raise KeyboardInterrupt
        arrive(journey, step)

    monkeypatch.setattr(Journey, "_arrive", interrupted)
    journey = at_the_start()
    end = journey.subscribe(before_step=lambda *_: 1 / 0)
    with pytest.raises(BaseExceptionGroup) as raised:
        journey.visit(parts=[Part(broken=True)])
    assert [type(error) for error in raised.value.exceptions] == [ZeroDivisionError, KeyboardInterrupt]
    end()
    journey.visit(size=0)
    assert journey.state == "sold"


def test_a_subscription_made_or_ended_in_a_callback_counts_from_the_next_moment_on() -> None:
    journey = at_the_start()
    heard: list[str] = []

    def exchange(journey: Journey, _step: Step) -> None:
        end()
        journey.subscribe(**{moment: lambda _j, _s, moment=moment: heard.append(moment) for moment in STEP_MOMENTS})

    journey.subscribe(before_step=exchange)
    end = journey.subscribe(
        before_step=lambda *_: heard.append("first"), after_step=lambda *_: heard.append("not any more")
    )
    journey.visit(parts=[Part(broken=True)])
    assert heard == ["first", "on_exit", "on_enter", "after_step"]


@pytest.mark.parametrize("name", ["state", "trigger", "model", "*", "=", "to_x"])
def test_no_name_means_anything_to_the_engine(name: str) -> None:
    def renamed(step: Transition) -> Transition:
        return attrs.evolve(
            step, key=name if step.key == "repair" else step.key, to=name if step.to == "workshop" else step.to
        )

    states = [
        attrs.evolve(
            state,
            name=name if state.name == "workshop" else state.name,
            transitions=[renamed(step) for step in state.transitions],
        )
        for state in (INSPECT, WORKSHOP, SOLD, SCRAPPED, LOST)
    ]
    journey = Journey.begin(pathway(*states), Thing(alive=True, colour=Colour.RED))
    journey.visit(parts=[Part(broken=True)])
    assert (journey.state, len(journey.steps)) == (name, 1)
    journey.visit(size=0)
    assert journey.state == "sold"


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


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda journey: pickle.loads(pickle.dumps(journey))])  # noqa: S301 - our own
def test_a_copy_lives_a_life_of_its_own(again: Any) -> None:
    journey = in_the_workshop()
    heard = listen(journey)
    copied = again(journey)
    assert copied.to_json() == journey.to_json()
    copied.visit(size=0)
    assert (copied.state, journey.state, len(journey.visits), len(journey.steps)) == ("sold", "workshop", 1, 1)
    assert not heard, "nobody has subscribed to the copy"


def test_a_journey_can_be_kept_by_weak_references() -> None:
    journey = at_the_start()
    assert ref(journey)() is journey


def test_a_snapshot_is_plain_data() -> None:
    journey = at_the_start()
    journey.visit(on=date(2024, 1, 8), parts=[Part(broken=True, width=2)])
    journey.visit()
    step = {"transition": "repair", "to": "workshop", "options": {"coat": None, "fixes": ["glue"]}, "advisories": []}
    assert journey.to_json() == {
        "pathway": "things",
        "fingerprint": THINGS.fingerprint,
        "version": VERSION,
        "patient": {"alive": True, "colour": "red"},
        "visits": [
            {"on": "2024-01-08", "facts": {"parts": [{"broken": True, "width": 2}]}, "step": step},
            {"on": None, "facts": {}, "step": None},
        ],
    }


def test_a_fact_with_a_default_that_was_unknown_at_referral_is_so_again() -> None:
    journey = Journey.begin(CRLM, Patient(deceased=None, liver_metastases_confirmed=False))
    assert journey.visit() is None
    again = Journey.from_json(CRLM, json.loads(json.dumps(journey.to_json())))
    assert (again.patient, again.waiting_for) == (journey.patient, ("deceased",))


def test_a_visit_after_the_end_is_none_of_a_snapshot() -> None:
    journey = in_the_workshop()
    journey.visit(size=0)
    data = journey.to_json()
    data["visits"].append({"on": None, "facts": {}, "step": None})
    with pytest.raises(ForeignSnapshot, match="visit 3, in sold: it waited, and now the journey has ended before"):
        Journey.from_json(THINGS, data)


def test_a_snapshot_of_another_pathway_is_refused_on_one_short_line() -> None:
    with pytest.raises(ForeignSnapshot) as refused:
        Journey.from_json(THINGS, at_the_start().to_json() | {"pathway": "\x1b[31m\n", "fingerprint": "0" * 10_000})
    assert len(str(refused.value)) < 300
    assert str(refused.value).isprintable()


@pytest.mark.parametrize(
    "wrong",
    [
        {"advisories": 5},
        {"advisories": [5]},
        {"options": {"coat": 5}},
        {"options": {"coat": [["thick"]]}},
        {"transition": None},
        {"to": ["workshop"]},
        {"more": 1},
    ],
)
def test_what_a_step_came_to_is_read_strictly(wrong: dict[str, Any]) -> None:
    data = in_the_workshop().to_json()
    data["visits"][0]["step"] |= wrong
    with pytest.raises(DataError, match=r"visits\[0\]\.step: expected null or transition, to, "):
        Journey.from_json(THINGS, data)


def test_a_difference_is_told_on_one_line_whatever_the_snapshot_holds() -> None:
    data = in_the_workshop().to_json()
    data["visits"][0]["step"]["transition"] = "\x1b[31m\n"
    assert str(Journey.replay(THINGS, data).difference).isprintable()


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


def test_what_a_step_came_to_is_said_in_words_also_of_what_is_undecided() -> None:
    journey = at_the_start()
    step = journey.visit(parts=[Part(broken=True), Part(broken=False, width=9)])
    assert step is not None
    told = str(step.outcome)
    assert told == "repair to workshop (coat: undecided; fixes: undecided, weld; mind: wide)"


def test_parts_of_a_pathway_print_in_a_line() -> None:
    step = in_the_workshop().steps[0]
    assert all(len(repr(part)) < 500 for part in (step, step.pathway, WORKSHOP, COATS, step.transition))


def test_a_replay_that_ends_early_uses_no_further_visits() -> None:
    hasty = THINGS.with_policy(most=1)
    replay = Journey.replay(hasty, rounds(2).to_json())
    assert (replay.journey.state, len(replay.journey.visits)) == ("scrapped", 2)
    assert replay.difference is not None
    assert replay.difference.visit == 1


def test_a_replay_under_which_the_journey_had_ended_is_no_replay_that_comes_to_the_same() -> None:
    journey = in_the_workshop()
    journey.visit(weight=3)
    ending = pathway(INSPECT, attrs.evolve(WORKSHOP, terminal=True, transitions=()), SOLD, SCRAPPED, LOST)
    replay = Journey.replay(ending, journey.to_json())
    assert replay.difference is not None
    assert (replay.difference.visit, replay.difference.state) == (1, "workshop")


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
    last = rounds(2).steps[-1].audit()
    assert (last["visit"], last["on"], last["version"]) == (2, "2024-01-02", VERSION)
    assert last["history"] == {"taken": {"repair": 1, "again": 1}, "rounds_here": 2, "arrived_from": "inspect"}


def test_an_audit_record_holds_what_the_history_chose_and_what_stands_behind_it() -> None:
    care = DecisionTable(
        name="care",
        text=Text("Care"),
        options=(row("usual", rounds_here < 2, claims=["one"]), row("special", rounds_here >= 2, claims=["two"])),
    )
    patience = Advisory(
        key="patience", when=rounds_here >= 2, each=Thing.parts, text=Text("patience"), claims=["three"]
    )
    again, *others = WORKSHOP.transitions
    workshop = attrs.evolve(
        WORKSHOP,
        transitions=(attrs.evolve(again, provenance=Provenance.STATED, claims=["four"]), *others),
        tables=(care,),
        advisories=(patience,),
    )
    things = pathway(INSPECT, workshop, SOLD, SCRAPPED, LOST).with_policy(most=9)
    journey = Journey.begin(things, Thing(alive=True, colour=Colour.RED, parts=(Part(broken=True), Part())))
    first, _, third = [journey.visit(size=1) for _ in range(3)]
    assert first is not None
    assert (first.audit()["provenance"], first.audit()["claims"], first.audit()["advisories"]) == ("glue", [], [])
    assert first.audit()["options"] == {"care": {"option": "usual", "row": "usual", "claims": ["one"]}}
    assert third is not None
    audit = third.audit()
    assert (audit["provenance"], audit["claims"], audit["policy"]) == ("stated", ["four"], {"most": 9})
    assert audit["options"] == {"care": {"option": "special", "row": "special", "claims": ["two"]}}
    assert audit["advisories"] == [{"key": "patience", "claims": ["three"], "items": [0, 1]}]


def test_what_cannot_be_called_back_is_refused_at_once() -> None:
    async def later(_journey: Journey, _step: Step) -> None: ...

    journey = at_the_start()
    for callback in (later, 5):
        with pytest.raises(TypeError, match="after_step is a function that is called, and not awaited; not "):
            journey.subscribe(after_step=cast("Any", callback))
    journey.visit(alive=False)
    assert journey.finished


def test_a_replay_that_cannot_decide_names_the_visit() -> None:
    data = rounds(1).to_json()
    both = pathway(INSPECT, attrs.evolve(WORKSHOP, transitions=(*WORKSHOP.transitions, ALSO)), SOLD, SCRAPPED, LOST)
    with pytest.raises(AmbiguousDecision, match=r"^visit 2: things, state workshop: again .* and also .* are enabled"):
        Journey.replay(both, data)


ALSO = way("also", "sold", Thing.size > 0)


def test_an_audit_of_facts_recorded_at_different_visits_is_read_back() -> None:
    journey = Journey.begin(CRLM, Patient(liver_metastasis_count=5))
    step = journey.visit(lesions=[], liver_metastases_confirmed=False)
    assert step is not None
    facts = step.audit()["facts"]
    assert record_from_json(Patient, facts, exactly=True) == step.patient
    with pytest.raises(DataError, match="at least as many lesions"):
        record_from_json(Patient, facts)
    assert replace(step.patient, ras=Ras.MUTANT).ras is Ras.MUTANT
