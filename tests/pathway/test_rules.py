"""Each rule a pathway must satisfy, and the exception that names it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs
import pytest

import crlm_pathway
from crlm_pathway import (
    DefinitionError,
    Fact,
    Invariant,
    Option,
    Parameter,
    Pathway,
    Predicate,
    State,
    Text,
    arrived_from,
    entering,
    integer,
    leaving,
    named,
    number,
    record,
    rounds_here,
    taken,
    taking,
)
from crlm_pathway.pathway import errors
from crlm_pathway.predicates.history import START
from crlm_pathway.predicates.nodes import ALWAYS
from small import FIXES, INSPECT, LOST, SCRAPPED, SOLD, WIDE, WORKSHOP, pathway, row, step, with_guard, with_step
from universe import Part, Thing

loose: Any = crlm_pathway  # to write what a type checker would refuse
loose_thing: Any = Thing


def wrong(make: Any, kind: type[DefinitionError], message: str) -> None:
    with pytest.raises(kind, match=message) as error:
        make()
    assert type(error.value) is kind


def test_a_right_pathway_is_made() -> None:
    assert isinstance(pathway(), Pathway)


def test_unknown_target() -> None:
    wrong(
        lambda: with_step(step("x", "workshp", Thing.sold)),
        errors.UnknownTarget,
        r"transition x leads to 'workshp', which is no state \(did you mean `workshop`\?\)",
    )


def test_unknown_start() -> None:
    wrong(lambda: pathway(start="inspekt"), errors.UnknownTarget, "the start 'inspekt' is no state.*`inspect`")


def test_arrival_from_an_unknown_state() -> None:
    wrong(
        lambda: with_guard(arrived_from("soldd")),
        errors.UnknownTarget,
        "scrap asks for arrival from 'soldd'.*`sold`",
    )


def test_duplicate_key() -> None:
    wrong(lambda: with_step(step("fixed", "sold", Thing.sold, code="Z")), errors.DuplicateKey, "the key 'fixed'")


def test_duplicate_code() -> None:
    wrong(
        lambda: with_step(step("x", "sold", Thing.sold, code="FIXED")),
        errors.DuplicateCode,
        "the code 'FIXED'",
    )


def test_duplicate_state() -> None:
    wrong(lambda: pathway(INSPECT, WORKSHOP, SOLD, SCRAPPED, LOST, SOLD), errors.DuplicateState, "named 'sold'")


def test_duplicate_row() -> None:
    table = WORKSHOP.tables[0]
    wrong(
        lambda: attrs.evolve(table, options=(row("a", Thing.sold), row("a", ~Thing.sold))),
        errors.DuplicateKey,
        "'a'",
    )


def test_a_table_gives_only_options_it_has() -> None:
    table = WORKSHOP.tables[0]
    wrong(
        lambda: table.gives("thikc"), DefinitionError, r"table coat gives no option 'thikc' \(did you mean `thick`\?\)"
    )
    wrong(table.gives, DefinitionError, "table coat gives no option '': it has thick, thin")


@pytest.mark.parametrize(
    ("declare", "message"),
    [
        (
            lambda: loose.State(name="x", text="X", asks=Thing.size),
            "asked facts stand in a sequence, with a comma after",
        ),
        (
            lambda: loose.State(name="x", text="X", asks=("size",)),
            "stands 'size', which is no Declaration: write the record's attribute .size, as in Patient.ras",
        ),
        (lambda: loose.State(name=None, text="X"), "state: `name` is a word in quotes, not None"),
        (
            lambda: step("x", loose.State(name="vacc", text="X"), Thing.sold),
            "transition x: `to` is the name of a state: write 'vacc', not the State itself",
        ),
        (
            lambda: pathway(start=INSPECT),
            "pathway things: `start` is the name of a state: write 'inspect', not the State itself",
        ),
        (lambda: step("x", "sold", Thing.alive, provenance="stated"), "transition x: .*write Provenance.STATED"),
        (
            lambda: loose.Option(name="x", when=Thing.alive, text="X", provenance="implied"),
            "option x: `provenance` is a Provenance, not 'implied': write Provenance.IMPLIED",
        ),
        (
            lambda: loose.State(name="x", text="X", transitions=INSPECT.transitions[0]),
            "transitions stand in a sequence",
        ),
        (lambda: loose.State(name="x", text=5), "a label is a Text or words, not 5"),
        (lambda: pathway(record=Thing(), states=()), "`record` is a class declared with @record"),
        (lambda: step("x", "sold", None), "a criterion stands here, not None"),
        (lambda: step("x", "sold", taken("scrap")), "compare it"),
        (lambda: loose_thing.colour.is_("red"), "not 'red': write Colour.RED"),
        (lambda: loose.Text("x").in_("fr"), "texts are in en and zh, not in 'fr'"),
        (lambda: integer(3, 0, "size"), "not from 3 to 0"),
    ],
)
def test_a_slip_of_an_author_is_told_what_to_write(declare: Callable[[], Any], message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        declare()


@pytest.mark.parametrize(
    ("rows", "kind", "message"),
    [
        ((row("a", Thing.weight > 5),), errors.NoDecision, "no row applies"),
        (
            (row("a", Thing.weight > 0), row("b", Thing.weight < 9)),
            errors.AmbiguousDecision,
            "the rows a and b all apply",
        ),
    ],
)
def test_a_wrong_table_is_told_with_the_pathway_and_the_state(
    rows: tuple[Option, ...], kind: type[errors.RunningError], message: str
) -> None:
    workshop = attrs.evolve(WORKSHOP, tables=(attrs.evolve(WORKSHOP.tables[0], options=rows),))
    with pytest.raises(kind, match=f"^things, state workshop, table coat: {message}"):
        pathway(INSPECT, workshop, SOLD, SCRAPPED, LOST).options("workshop", Thing(weight=3))


def test_a_state_and_a_transition_have_names() -> None:
    nameless = attrs.evolve(SOLD, name=" ")
    wrong(lambda: pathway(INSPECT, WORKSHOP, nameless), errors.EmptyName, "the state in place 3 has no name")
    keyless = step("", "sold", Thing.sold, code="Z", text=Text("sell"))
    wrong(lambda: with_step(keyless), errors.EmptyName, "the transition Z sell → sold has no key")
    wrong(lambda: with_step(step("x", "sold", Thing.sold, code="")), errors.EmptyName, "transition x has no code")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: pathway(text=""), r"pathway things has no label: write words for people, not Text\(en='', zh=''\)"),
        (lambda: pathway(INSPECT, WORKSHOP, attrs.evolve(SOLD, text=" ")), "state sold has no label"),
        (lambda: pathway(INSPECT, WORKSHOP, attrs.evolve(SOLD, text=Text("sold", ""))), "not Text.en='sold', zh=''"),
        (lambda: with_step(step("x", "sold", Thing.sold, text="\n")), "transition x has no label"),
        (lambda: with_guard(named("odd", "", Thing.sold)), "criterion odd has no label"),
        (lambda: with_guard(Thing.size < Parameter("few", 2, "")), "parameter few has no label"),
    ],
)
def test_what_people_read_has_a_label(make: Callable[[], Pathway], message: str) -> None:
    wrong(make, errors.EmptyLabel, message)


def test_a_table_has_rows() -> None:
    wrong(lambda: attrs.evolve(WORKSHOP.tables[0], options=()), errors.EmptyTable, "table coat has no rows: give it")


def test_unreachable_state() -> None:
    island = State(name="island", text=Text("Island"), transitions=(step("leave", "sold", Thing.sold),))
    wrong(
        lambda: pathway(INSPECT, WORKSHOP, SOLD, SCRAPPED, LOST, island),
        errors.UnreachableState,
        "no way leads from inspect to the state island",
    )


def test_no_way_to_a_terminal_state() -> None:
    trap = State(name="trap", text=Text("Trap"), transitions=(step("stay", "trap", Thing.sold),))
    entered = attrs.evolve(INSPECT, transitions=(*INSPECT.transitions, step("fall", "trap", Thing.sold)))
    wrong(lambda: pathway(entered, WORKSHOP, SOLD, SCRAPPED, LOST, trap), errors.NoWayOut, "from the state trap")


def test_a_state_without_transitions_that_is_not_terminal() -> None:
    wrong(
        lambda: pathway(INSPECT, WORKSHOP, attrs.evolve(SOLD, terminal=False), SCRAPPED, LOST),
        errors.NoWayOut,
        "from the state sold",
    )


def test_terminal_state_with_transitions() -> None:
    reopened = attrs.evolve(SOLD, transitions=(step("return", "inspect", Thing.alive),))
    wrong(
        lambda: pathway(INSPECT, WORKSHOP, reopened, SCRAPPED, LOST),
        errors.TerminalWithTransitions,
        "the terminal state sold has transitions: return",
    )


def test_guard_over_the_facts_of_another_record() -> None:
    wrong(
        lambda: with_guard(Part.width < 3),
        errors.ForeignFact,
        "scrap speaks of Part.width where the facts of Thing",
    )


def test_quantifier_over_the_facts_of_another_record() -> None:
    wrong(
        lambda: with_guard(Thing.parts.some(Thing.alive)),
        errors.ForeignFact,
        "Thing.alive where the facts of Part",
    )


def test_asking_a_fact_that_does_not_exist() -> None:
    from crlm_pathway import Patient

    wrong(
        lambda: pathway(INSPECT, attrs.evolve(WORKSHOP, asks=(Patient.ras,)), SOLD, SCRAPPED, LOST),
        errors.UnknownAskedFact,
        "state workshop asks Patient.ras, which Thing does not have",
    )


def test_counting_a_transition_that_does_not_exist() -> None:
    wrong(lambda: with_guard(taken("agian") < 1), errors.UnknownTransitionTaken, "counts 'agian'.*`again`")


def test_one_parameter_with_two_values() -> None:
    other = Parameter("most", 5, Text("another"))
    wrong(lambda: with_guard(Thing.size < other), errors.ConflictingParameter, "most has the values")


FAR = Parameter("far", 1000, Text("far"), at_least=-1000)
HALF = Parameter("half", 1.5, Text("half"))


@pytest.mark.parametrize(
    ("criterion", "kind", "message"),
    [
        (
            Thing.size < FAR,
            errors.ParameterOutOfDomain,
            (
                "^the guard of transition scrap compares Thing.size with policy `far`, which 1000 makes the same for "
                "every value: expected a whole number from -3 to 5$"
            ),
        ),
        (
            Thing.parts.some(Part.width > FAR),
            errors.ParameterOutOfDomain,
            "expected a number above 0 and at most 10 mm",
        ),
        (
            Thing.size < HALF,
            errors.FractionalParameter,
            "scrap compares Thing.size with policy `half`: expected a whole number, not 1.5",
        ),
        (rounds_here < HALF, errors.FractionalParameter, "a count with policy `half`"),
        (taken("again") < HALF, errors.FractionalParameter, "a count with policy `half`"),
        (Thing.parts.count(Part.broken) < HALF, errors.FractionalParameter, "a count with policy `half`"),
        (
            Thing.weight < Parameter("few", 2, Text("few"), unit="g"),
            errors.ParameterUnit,
            "compares Thing.weight in kg with policy `few` in g: write both in the same unit",
        ),
    ],
)
def test_a_parameter_suits_what_it_is_compared_with(
    criterion: Predicate, kind: type[DefinitionError], message: str
) -> None:
    wrong(lambda: with_guard(criterion), kind, message)


def test_a_policy_suits_what_it_is_compared_with() -> None:
    size = with_guard(Thing.size < Parameter("few", 2, Text("few"), at_least=-1000))
    for never, always in ((-4, 6), (-3, 5)):
        size.with_policy(few=never)
        size.with_policy(few=always)
    wrong(lambda: size.with_policy(few=7), errors.ParameterOutOfDomain, "policy `few`, which 7 makes")
    wrong(lambda: size.with_policy(few=-5), errors.ParameterOutOfDomain, "policy `few`, which -5 makes")
    whole = with_guard(Thing.size < Parameter("few", 2.0, Text("few")))
    wrong(lambda: whole.with_policy(few=2.5), errors.FractionalParameter, "not 2.5")


def test_a_name_stands_for_one_criterion() -> None:
    light, heavy = (named("at_risk", Text("at risk"), Thing.weight > limit) for limit in (5, 50))
    wrong(
        lambda: with_guard(light & ~heavy),
        errors.ConflictingCriterion,
        "'at_risk' names two criteria, in the guard of transition scrap and in the guard of transition scrap",
    )
    with_guard(light & (light | Thing.sold))


def test_further_errors_are_added_as_notes() -> None:
    with pytest.raises(errors.UnknownTarget, match="the start 'nowhere' is no state") as error:
        pathway(start="nowhere", interrupts=(step("lose", "gone", Thing.sold),))
    assert error.value.__notes__ == ["transition lose leads to 'gone', which is no state"]


def test_facts_are_compared_in_one_unit() -> None:
    @record
    class Stay:
        weeks: Fact[float] = number(0, 50, "weeks", unit="weeks")
        days: Fact[float] = number(0, 50, "days", unit="days")

    end = State(name="end", text=Text("end"), terminal=True)
    ways = (step("long", "end", Stay.weeks < Stay.days), step("short", "end", Stay.weeks >= Stay.days))
    begin = State(name="begin", text=Text("begin"), transitions=ways)
    wrong(
        lambda: pathway(begin, end, record=Stay, start="begin", interrupts=()),
        errors.FactUnit,
        "compares Stay.weeks in weeks with Stay.days in days: declare both in the same unit",
    )


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: row("thin", ALWAYS, review=8), "option thin: `review` is a Parameter in a unit of time, not 8"),
        (
            lambda: attrs.evolve(WIDE, each=loose.__name__),
            "advisory wide: `each` is a list of the record, .* not 'crlm_pathway'",
        ),
        (lambda: attrs.evolve(WIDE, each=Thing.alive), "advisory wide: `each` is a list of the record"),
        (
            lambda: attrs.evolve(FIXES, over=loose.__name__),
            "table fixes: `over` is a list of the record, .* not 'crlm_pathway'",
        ),
        (lambda: step("go", "sold", ALWAYS, note=None), "a label is a Text or words, not None"),
    ],
)
def test_one_thing_given_for_another_is_refused(make: Callable[[], object], message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        make()


def test_words_and_facts_as_they_stand_will_do() -> None:
    assert step("go", "sold", ALWAYS, note="as it is").note == Text("as it is")
    assert attrs.evolve(FIXES, done=Part.broken).done == Part.broken.as_predicate()


def test_invariants_alone_speak_of_steps_and_only_of_steps_there_are() -> None:
    def promising(**promise: Any) -> Callable[[], Pathway]:
        return lambda: pathway(invariants=(Invariant(key="promise", text="a promise", **promise),))

    promising(never=entering("sold") & leaving("workshop") & taking("fixed"))()
    wrong(promising(never=entering("slod")), errors.UnknownTarget, "promise speaks of the state 'slod', .*`sold`")
    wrong(promising(always=leaving("nowhere")), errors.UnknownTarget, "speaks of the state 'nowhere'")
    wrong(promising(never=taking("fix")), errors.UnknownTransitionTaken, "speaks of 'fix', .*`fixed`")
    wrong(lambda: with_guard(entering("sold")), errors.MisplacedStep, "the guard of transition scrap speaks of a step")
    for both in ({}, {"never": Thing.alive, "always": Thing.sold}):
        with pytest.raises(DefinitionError, match="invariant promise: give either `never` or `always`"):
            promising(**both)()
    twice = Invariant(key="promise", text="a promise", never=Thing.sold)
    wrong(lambda: pathway(invariants=(twice, twice)), errors.DuplicateKey, "two invariants have the key 'promise'")


def test_an_invariant_is_broken_by_what_is_known_to_break_it() -> None:
    give_up = next(found for found in WORKSHOP.transitions if found.key == "give_up")
    never = Invariant(key="a", text="a", never=entering("scrapped") & ~leaving("inspect") & Thing.alive)
    always = Invariant(key="b", text="b", always=~taking("give_up") | ~Thing.alive)
    for alive, broken in ((True, (True, True)), (False, (False, False)), (None, (False, True))):
        found = tuple(one.broken_by("workshop", give_up, Thing(alive=alive), START) for one in (never, always))
        assert found == broken
    assert pathway(invariants=(never, always)).fingerprint == pathway().fingerprint
