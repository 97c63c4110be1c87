"""A journey: visits, stale facts, atomicity, snapshots."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, cast

import pytest
from hypothesis import given, strategies as st

from crlm_pathway import (
    DataError,
    Fact,
    ForeignSnapshot,
    History,
    Journey,
    JourneyFinished,
    Pathway,
    Patient,
    State,
    Text,
    boolean,
    many,
    record,
)
from crlm_pathway.pathway.errors import WrongPathway
from crlm_pathway.predicates.records import forget, record_facts
from small import pathway, step
from universe import Colour, Part, Thing

THINGS = pathway()


def in_the_workshop() -> Journey:
    journey = Journey.begin(THINGS, Thing(alive=True, colour=Colour.RED, size=3))
    journey.visit(parts=(Part(broken=True, width=2), Part(broken=False, width=9)), weight=60)
    return journey


def test_a_journey_begins_at_the_start_and_takes_no_step_by_itself() -> None:
    journey = Journey.begin(THINGS, Thing(alive=False, colour=Colour.RED))
    assert (journey.state, journey.finished, journey.waiting_for, list(journey.steps)) == (
        "inspect",
        False,
        (),
        [],
    )


def test_a_visit_takes_at_most_one_step() -> None:
    journey = Journey.begin(THINGS, Thing(alive=True, colour=Colour.RED, parts=(Part(broken=True),), size=0))
    step = journey.visit()
    assert step is not None
    assert (step.source, step.target, journey.state) == ("inspect", "workshop", "workshop")


def test_a_visit_that_does_not_decide_is_recorded_and_waits() -> None:
    journey = Journey.begin(THINGS, Thing())
    assert journey.visit(alive=True) is None
    assert journey.waiting_for == ("colour", "parts")
    assert journey.patient == Thing(alive=True)
    assert len(journey.visits) == 1


def test_asked_facts_are_forgotten_on_entry_and_others_stay() -> None:
    journey = in_the_workshop()
    assert journey.patient == Thing(alive=True, colour=Colour.RED, weight=60, parts=(Part(width=2), Part(width=9)))
    journey.visit(size=1)
    assert journey.patient.size is None, "a self transition is an entry too"


def test_a_step_holds_what_decided_it() -> None:
    step = in_the_workshop().steps[0]
    assert step.patient.size == 3
    assert step.history == History()
    assert {
        name: [option and option.name for option in chosen] if isinstance(chosen, tuple) else chosen and chosen.name
        for name, chosen in step.options.items()
    } == {"coat": "thick", "fixes": ["glue", "weld"]}
    assert [advice.key for advice in step.advisories] == ["heavy", "wide"]


def test_history_counts_steps_rounds_and_arrival() -> None:
    journey = in_the_workshop()
    assert journey.history == History({"repair": 1}, 1, "inspect")
    journey.visit(size=1)
    assert journey.history == History({"repair": 1, "again": 1}, 2, "inspect")
    step = journey.visit(size=1)
    assert step is not None
    assert (step.transition.key, journey.finished) == ("give_up", True)


def test_a_visit_that_waits_is_no_round() -> None:
    journey = in_the_workshop()
    journey.visit()
    assert journey.history.rounds_here == 1


def test_no_visit_follows_the_end() -> None:
    journey = Journey.begin(THINGS, Thing(alive=False, colour=Colour.RED))
    journey.visit()
    with pytest.raises(JourneyFinished, match="the journey has ended in scrapped"):
        journey.visit()
    assert journey.waiting_for == ()


@pytest.mark.parametrize(
    "facts",
    [{"size": 99}, {"siez": 1}, {"alive": "yes"}, {"parts": [1]}],
    ids=["range", "name", "type", "item"],
)
def test_a_visit_with_bad_facts_leaves_the_journey_as_it_was(facts: dict[str, Any]) -> None:
    journey = in_the_workshop()
    before = (journey.state, journey.patient, journey.history, journey.steps, journey.visits)
    with pytest.raises(DataError):
        journey.visit({"weight": 1.0, **facts})
    assert (journey.state, journey.patient, journey.history, journey.steps, journey.visits) == before


def test_dates_may_be_equal_but_never_go_back() -> None:
    journey = Journey.begin(THINGS, Thing())
    journey.visit(on=date(2024, 1, 8))
    journey.visit(on=date(2024, 1, 8))
    journey.visit()
    with pytest.raises(DataError, match="on: expected a date not before 2024-01-08, not 2024-01-07"):
        journey.visit(on=date(2024, 1, 7))
    assert len(journey.visits) == 3


@pytest.mark.parametrize("on", ["2024-01-08", datetime(2024, 1, 8)])  # noqa: DTZ001 - the kind is what is wrong
def test_the_date_of_a_visit_is_a_date(on: Any) -> None:
    journey = Journey.begin(THINGS, Thing())
    with pytest.raises(DataError, match=r"on: expected a datetime.date, not "):
        journey.visit(on=on)
    assert len(journey.visits) == 0


def test_a_snapshot_that_is_none_is_refused() -> None:
    with pytest.raises(DataError, match="the snapshot: expected an object, not a list of 0"):
        Journey.from_json(THINGS, cast("Any", []))


def test_what_if_records_nothing() -> None:
    journey = in_the_workshop()
    transition = journey.what_if(size=-1).transition
    assert transition is not None
    assert transition.key == "fixed"
    assert journey.state == "workshop"
    assert journey.patient.size is None


def test_a_list_is_replaced_whole() -> None:
    journey = in_the_workshop()
    journey.visit(parts=[Part(width=1)])
    assert journey.patient.parts == (Part(width=1),)


def test_a_journey_over_another_record_is_refused() -> None:
    with pytest.raises(Exception, match="things decides on a Thing, not on Patient"):
        Journey.begin(THINGS, Patient())


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda loose: loose.begin(Thing(), THINGS),
            r"^Journey.begin takes the pathway first, not Thing: write Journey.begin\(pathway, patient\)$",
        ),
        (lambda loose: loose.from_json({}, THINGS), r"not an object: write Journey.from_json\(pathway, data\)$"),
        (lambda loose: loose.replay({}, THINGS), r"not an object: write Journey.replay\(pathway, data\)$"),
    ],
)
def test_a_journey_takes_the_pathway_first(call: Callable[[Any], Journey], message: str) -> None:
    with pytest.raises(WrongPathway, match=message):
        call(Journey)


@pytest.mark.parametrize("facts", [Thing(alive=True), ["alive"], "alive"])
def test_a_visit_takes_facts_by_name(facts: Any) -> None:
    journey = Journey.begin(THINGS, Thing())
    with pytest.raises(DataError, match=r"the visit: expected facts by name, as in visit\("):
        journey.visit(facts)
    with pytest.raises(DataError, match=r"the visit: expected facts by name, as in visit\("):
        journey.what_if(facts)
    assert not journey.visits


@pytest.mark.parametrize("callback", [lambda _step: None, lambda: None, lambda _one, _two, *, key: key, Thing])
def test_a_callback_that_cannot_be_called_as_documented_is_refused_when_it_subscribes(callback: Any) -> None:
    journey = Journey.begin(THINGS, Thing())
    with pytest.raises(
        TypeError, match=r"^after_step is called with the journey and the step, which <.*> does not take$"
    ):
        journey.subscribe(after_step=callback)
    with pytest.raises(TypeError, match=r"^on_waiting is called with the journey and the decision, which "):
        journey.subscribe(on_waiting=callback)


def test_a_callback_that_does_not_say_what_it_takes_may_subscribe() -> None:
    silent: Any = min
    Journey.begin(THINGS, Thing()).subscribe(after_step=silent)


def test_facts_with_names_of_arguments_can_be_given_as_a_mapping() -> None:
    journey = Journey.begin(THINGS, Thing())
    journey.visit({"alive": True}, sold=True)
    assert journey.patient == Thing(alive=True, sold=True)


# -- journey = iterated pure decide ----------------------------------------------------------------------------------

visits = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "alive": st.booleans(),
            "colour": st.sampled_from([Colour.RED, Colour.GREEN, Colour.BLUE]),
            "size": st.integers(-3, 5),
            "parts": st.lists(
                st.builds(Part, broken=st.none() | st.booleans(), width=st.none() | st.just(2)), max_size=2
            ).map(tuple),
        },
    ),
    max_size=6,
)


@given(visits)
def test_a_journey_is_pure_deciding_repeated(course: list[dict[str, Any]]) -> None:
    journey = Journey.begin(THINGS, Thing())
    state, thing, history, keys = "inspect", Thing(), History(), []
    for facts in course:
        if journey.finished:
            break
        journey.visit(facts)
        thing = record_facts(thing, facts)
        transition = THINGS.decide(state, thing, history).transition
        if transition is not None:
            keys.append(transition.key)
            history = history.after(transition.key, state, transition.to)
            state = transition.to
            thing = forget(thing, THINGS.stale(state))
        assert (journey.state, journey.patient, journey.history) == (state, thing, history)
    assert [step.transition.key for step in journey.steps] == keys


@given(visits)
def test_a_snapshot_resumes_to_the_same_journey_at_every_point(course: list[dict[str, Any]]) -> None:
    journey = Journey.begin(THINGS, Thing())
    for facts in [{}, *course]:
        if not journey.finished:
            journey.visit(facts)
        again = Journey.from_json(THINGS, json.loads(json.dumps(journey.to_json())))
        assert (again.state, again.patient, again.history) == (
            journey.state,
            journey.patient,
            journey.history,
        )
        assert again.steps == journey.steps
        assert again.to_json() == journey.to_json()


@record
class Screw:
    loose: Fact[bool] = boolean("loose", default=False)


@record
class Shelf:
    screws: Fact[Sequence[Screw]] = many(Screw, "screws")


SHELF = Pathway(
    name="shelf",
    text=Text("Shelf"),
    record=Shelf,
    start="standing",
    states=(
        State(
            name="standing", text=Text("Standing"), transitions=(step("fall", "down", Shelf.screws.some(Screw.loose)),)
        ),
        State(name="down", text=Text("Down"), terminal=True),
    ),
)


def test_a_snapshot_is_exact_where_an_item_has_no_default_either() -> None:
    doubtful = (Screw(loose=None), Screw())
    journey = Journey.begin(SHELF, Shelf(screws=doubtful))
    journey.visit(screws=doubtful[:1])
    resumed = Journey.from_json(SHELF, json.loads(json.dumps(journey.to_json())))
    assert (resumed.patient, resumed.visits) == (journey.patient, journey.visits)
    assert resumed.patient.screws[0].loose is None
    assert resumed.to_json() == journey.to_json()


def test_a_snapshot_of_another_pathway_is_refused() -> None:
    data = in_the_workshop().to_json()
    other = THINGS.with_policy(most=3)
    with pytest.raises(ForeignSnapshot, match=f"{THINGS.fingerprint}; this is things with {other.fingerprint}"):
        Journey.from_json(other, data)


def test_a_fact_given_twice_at_a_visit_is_refused() -> None:
    journey = Journey.begin(THINGS, Thing())
    with pytest.raises(DataError, match=r"^size: expected once: it is given both in the facts and by name, not 2$"):
        journey.visit({"size": 1}, size=2)
    assert not journey.visits


def test_nobody_changes_what_has_been_recorded_chosen_or_set_as_policy() -> None:
    journey = in_the_workshop()
    for kept, key in (
        (journey.visits[0].facts, "weight"),
        (journey.steps[0].options, "coat"),
        (THINGS.parameters, "most"),
        (THINGS.names, "sold"),
    ):
        assert key in kept
        with pytest.raises(TypeError, match="does not support item assignment"):
            cast("dict[str, Any]", kept)[key] = None
    assert pickle.loads(pickle.dumps(journey.visits[0])) == journey.visits[0]  # noqa: S301 - our own
