"""Deciding: pure, compiled, and loud when a pathway is wrong."""

from __future__ import annotations

import pickle
from typing import Any, cast

import attrs
import pytest
from hypothesis import given, strategies as st

from crlm_pathway import (
    Advisory,
    AmbiguousDecision,
    DataError,
    Decision,
    DecisionTable,
    History,
    NoDecision,
    Parameter,
    Pathway,
    State,
    Text,
    taken,
)
from crlm_pathway.pathway.errors import UnknownParameter, UnknownState, WrongHistory, WrongRecord
from crlm_pathway.pathway.model import DONE, names_of
from crlm_pathway.predicates.compiler import compile_truth
from crlm_pathway.predicates.nodes import conjunction
from crlm_pathway.predicates.reference import evaluate
from small import COATS, FIXES, INSPECT, INTERRUPTS, LOST, SCRAPPED, SOLD, WORKSHOP, histories, pathway, row, with_guard
from universe import Colour, Part, Thing, things

THINGS = pathway()


def test_a_decision_names_the_one_enabled_transition() -> None:
    decision = THINGS.decide("inspect", Thing(alive=False, colour=Colour.RED))
    assert decision.transition is not None
    assert (decision.state, decision.transition.key, decision.waiting_for) == ("inspect", "scrap", ())


def test_a_step_is_taken_as_soon_as_one_guard_is_true() -> None:
    broken = Thing(alive=True, colour=Colour.RED, parts=(Part(), Part(broken=True)))
    transition = THINGS.decide("inspect", broken).transition
    assert transition is not None
    assert transition.key == "repair"


def test_an_undecided_decision_waits_for_what_could_decide_it() -> None:
    decision = THINGS.decide("inspect", Thing(alive=True, parts=(Part(broken=False), Part())))
    assert decision.transition is None
    assert decision.waiting_for == ("colour", "parts[1].broken")


def test_an_interrupt_comes_before_anything_else() -> None:
    transition = THINGS.decide("workshop", Thing(alive=False, colour=Colour.BLUE)).transition
    assert transition is not None
    assert transition.key == "lose"


def test_nothing_is_decided_in_a_terminal_state() -> None:
    assert THINGS.decide("sold", Thing()) == Decision("sold", None)
    assert THINGS.decide("sold", Thing(colour=Colour.BLUE)).waiting_for == ()


def test_decisions_are_equal_when_question_and_answer_are() -> None:
    assert THINGS.decide("inspect", Thing()) == THINGS.decide("inspect", Thing())
    assert THINGS.decide("inspect", Thing()) != THINGS.decide("inspect", Thing(alive=True))


@given(st.sampled_from(["inspect", "workshop"]), things, histories)
def test_compiled_decisions_are_those_of_the_tree_walk(state: str, thing: Thing, history: History) -> None:
    steps = THINGS.leaving(THINGS.state(state))
    truths = [evaluate(guard, thing, history) for guard in THINGS.guards(state)]
    try:
        decision = THINGS.decide(state, thing, history)
    except (AmbiguousDecision, NoDecision) as error:
        assert truths.count(True) != 1
        assert isinstance(error, AmbiguousDecision) is (truths.count(True) > 1)
        assert isinstance(error, AmbiguousDecision) or None not in truths
    else:
        assert decision.transition is (steps[truths.index(True)] if True in truths else None)


def test_two_enabled_transitions_are_named() -> None:
    twice = with_guard(Thing.alive.as_predicate())
    with pytest.raises(
        AmbiguousDecision,
        match=r"state inspect: scrap \(SCRAP\) and pass_on \(PASS_ON\) are enabled.*Thing\(alive=True",
    ):
        twice.decide("inspect", Thing(alive=True, colour=Colour.RED, parts=()))


def test_no_enabled_transition_is_said_with_the_record() -> None:
    hole = with_guard(Thing.size > 4)
    with pytest.raises(
        NoDecision, match=r"no transition is enabled and nothing is left to learn, for Thing\(alive=False"
    ):
        hole.decide("inspect", Thing(alive=False, size=1, colour=Colour.RED))


def test_an_unknown_state_is_an_error_with_the_nearest_name() -> None:
    with pytest.raises(UnknownState, match=r"things has no state 'inspct' \(did you mean `inspect`\?\)"):
        THINGS.decide("inspct", Thing())


def test_a_record_of_another_class_is_refused() -> None:
    with pytest.raises(WrongRecord, match="things decides on a Thing, not on Part"):
        THINGS.decide("inspect", Part())


def test_what_is_no_history_is_refused_where_it_is_asked_for() -> None:
    thing, none = Thing(alive=True, colour=Colour.RED, size=3), cast("Any", {"rounds_here": 1})
    said = (
        r"decisions are made on a History, as journey.history is, not on {'rounds_here': 1}: write History\(\*\*...\)"
    )
    asking = with_workshop(
        tables=(attrs.evolve(COATS, options=(row("x", taken("again") < 1), row("y", taken("again") >= 1))),),
        advisories=(Advisory(key="late", when=taken("again") > 1, text="late"),),
    )
    for ask in (
        lambda: asking.decide("workshop", thing, none),
        lambda: asking.decide("workshop", Thing(), none).waiting_for,
        lambda: asking.explain("inspect", thing, none),
        lambda: asking.options("workshop", thing, none),
        lambda: asking.advisories("inspect", "workshop", thing, none),
    ):
        with pytest.raises(WrongHistory, match=said):
            ask()


def test_tables_and_advisories_refuse_what_is_no_record() -> None:
    for ask in (
        lambda: THINGS.options("workshop", {"weight": 3}),
        lambda: THINGS.advisories("inspect", "workshop", {"weight": 3}),
    ):
        with pytest.raises(WrongRecord, match=r"things decides on a Thing, not on {'weight': 3} \(record_from_json"):
            ask()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"rounds_here": 0}, "rounds_here: expected a whole number from 1, the arrival, not 0"),
        ({"rounds_here": "1"}, "rounds_here: expected a whole number from 1, the arrival, not '1'"),
        ({"taken": ["go"]}, r"taken: expected how often each transition has fired, by its key, not \['go'\]"),
        ({"taken": {"go": -1}}, r"taken\['go'\]: expected the key of a transition, and a whole number from 0, not -1"),
    ],
)
def test_a_history_that_cannot_be_is_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(DataError, match=message):
        History(**given)


def test_the_stale_facts_of_an_unknown_state_are_asked_with_the_nearest_name() -> None:
    with pytest.raises(UnknownState, match=r"did you mean `sold`"):
        THINGS.stale("solt")


def test_a_pathway_that_has_decided_can_be_pickled_and_decides_the_same() -> None:
    THINGS.decide("workshop", Thing())
    THINGS.options("workshop", Thing(weight=3, parts=()))
    again = pickle.loads(pickle.dumps(THINGS))  # noqa: S301
    assert again.fingerprint == THINGS.fingerprint
    assert again.decide("inspect", Thing(alive=False, colour=Colour.RED)).transition.key == "scrap"


# -- tables and advisories -------------------------------------------------------------------------------------------


def test_a_table_chooses_one_row() -> None:
    assert [names_of(COATS.choose(Thing(weight=weight))) for weight in (10, 9.9, None)] == [
        "thick",
        "thin",
        None,
    ]


def test_a_table_over_a_list_chooses_for_each_item() -> None:
    parts = (Part(width=2), Part(width=6, broken=True), Part(width=6), Part(), Part(broken=True))
    assert names_of(FIXES.choose(Thing(parts=parts))) == ["glue", "done", "weld", None, None]
    chosen = FIXES.choose(Thing(parts=parts))
    assert isinstance(chosen, tuple)
    assert chosen[1] is DONE
    assert FIXES.choose(Thing()) is None


@given(things)
def test_a_table_gives_an_option_of_exactly_the_items_for_which_it_chooses_it(thing: Thing) -> None:
    chosen = names_of(FIXES.choose(thing))
    for part, name in zip(thing.parts or (), chosen or [], strict=True):
        assert (evaluate(FIXES.gives("weld"), part) is True) is (name == "weld")


def test_advisories_come_from_the_state_left_then_entered_each_once() -> None:
    thing = Thing(weight=60, parts=(Part(width=2), Part(width=9)))
    raised = THINGS.advisories("inspect", "workshop", thing)
    assert [advice.key for advice in raised] == ["heavy", "wide"]
    assert raised[1].items(thing) == (1,)
    assert THINGS.advisories("inspect", "workshop", Thing()) == ()


# -- policy and fingerprint ------------------------------------------------------------------------------------------


def test_a_policy_binds_other_numbers_everywhere() -> None:
    patient = THINGS.with_policy(most=3)
    assert {name: parameter.value for name, parameter in patient.parameters.items()} == {"most": 3}
    third = History(taken={"again": 2}, rounds_here=2, arrived_from="inspect")
    keys: list[Any] = []
    for one in (THINGS, patient):
        transition = one.decide("workshop", Thing(colour=Colour.RED, size=2), third).transition
        keys.append(transition and transition.key)
    assert keys == ["give_up", "again"]
    assert THINGS.parameters["most"].value == 2


def test_a_policy_that_does_not_exist_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(UnknownParameter, match=r"no policy `mots` \(did you mean `most`\?\)"):
        THINGS.with_policy(mots=3)


def test_the_fingerprint_is_of_what_decides() -> None:
    same: list[Pathway] = [
        pathway(),
        attrs.evolve(THINGS, text=Text("other words")),
        THINGS.with_policy(most=2),
    ]
    assert {one.fingerprint for one in same} == {THINGS.fingerprint}
    table = FIXES
    other = [
        THINGS.with_policy(most=3),
        with_guard(Thing.size > 1),
        with_guard(Thing.size >= 1),
        with_workshop(asks=(Thing.size,)),
        with_workshop(tables=(COATS,)),
        with_workshop(tables=(COATS, attrs.evolve(table, done=Part.broken.so_far))),
        with_workshop(tables=(attrs.evolve(COATS, given=Thing.alive), table)),
        with_workshop(advisories=()),
        pathway(interrupts=(attrs.evolve(INTERRUPTS[0], when=Thing.colour.is_(Colour.GREEN)),)),
    ]
    assert len({one.fingerprint for one in [THINGS, *other]}) == 1 + len(other)


def test_a_policy_reaches_counts_interrupts_reviews_and_what_tables_are_given() -> None:
    few = Parameter("few", 2, Text("few"))
    table = DecisionTable(
        name="t", text="T", given=Thing.size > few, options=[row("all", Thing.alive | ~Thing.alive, review=few)]
    )
    things = with_workshop(
        tables=(table,),
        advisories=(Advisory(key="many", when=Thing.parts.count(Part.width > few) >= 1, text="many"),),
    )
    things = attrs.evolve(things, interrupts=(attrs.evolve(INTERRUPTS[0], when=Thing.weight > few),))
    changed = things.with_policy(few=5)
    assert {parameter.value for parameter in changed.mentioned_parameters() if parameter.name == "few"} == {5}
    assert sum(parameter.name == "few" for parameter in changed.mentioned_parameters()) == 4


def with_workshop(**parts: Any) -> Pathway:
    return pathway(INSPECT, attrs.evolve(WORKSHOP, **parts), SOLD, SCRAPPED, LOST)


def test_a_criterion_of_hundreds_of_parts_is_decided_too() -> None:
    wide = conjunction(*((taken(f"k{number}") <= number) for number in range(600)), Thing.alive.as_predicate())
    for alive in (True, False, None):
        assert compile_truth(wide)(Thing(alive=alive), History()) is alive


@pytest.mark.parametrize("strange", [History({"agian": 1}), History(arrived_from="inspection")])
def test_a_history_of_no_journey_of_this_pathway_is_refused(strange: History) -> None:
    with pytest.raises(WrongHistory, match=r"did you mean `(again|inspect)`\?"):
        THINGS.decide("workshop", Thing(alive=True), strange)
    with pytest.raises(WrongHistory):
        THINGS.explain("workshop", Thing(alive=True), strange)


def test_the_order_of_declaration_decides_nothing_and_leaves_no_mark() -> None:
    def turned(state: State) -> State:
        tables = [attrs.evolve(table, options=table.options[::-1]) for table in state.tables]
        return attrs.evolve(state, transitions=state.transitions[::-1], tables=tables[::-1])

    backwards = attrs.evolve(THINGS, states=tuple(map(turned, THINGS.states[::-1])))
    assert backwards.fingerprint == THINGS.fingerprint
