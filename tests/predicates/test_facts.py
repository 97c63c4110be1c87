"""Facts and criteria: what may be written, and what is said when it may not."""

from __future__ import annotations

import math
from collections.abc import Callable
from enum import Enum
from typing import Any

import pytest

import crlm_pathway
from crlm_pathway import (
    DataError,
    DefinitionError,
    Fact,
    LabelledEnum,
    Parameter,
    Text,
    boolean,
    choice,
    contradiction,
    many,
    number,
    record,
    rounds_here,
    taken,
)
from crlm_pathway.predicates.compiler import compile_truth
from crlm_pathway.predicates.history import START
from crlm_pathway.predicates.nodes import And, Compare, as_predicate
from crlm_pathway.predicates.records import facts_of
from crlm_pathway.predicates.reference import evaluate
from universe import Colour, Part, Thing

anything: Any = Thing  # to write what a type checker would refuse
anywhere: Any = crlm_pathway


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (lambda: bool(Thing.alive), "Thing.alive is a declaration without a truth value"),
        (lambda: bool(Thing.size < 3), "combine criteria with &, | and ~"),
        (lambda: 0 < Thing.size < 3, "chained comparisons"),
        (lambda: (anything.size == 3) & Thing.alive, r"`==` compares declarations: write .is_\(...\)"),
        (lambda: (anything.size == 3) | (Thing.size < 2), "`==` compares declarations"),
        (lambda: anything.colour & Thing.alive, "it is an enumeration; write .is_"),
        (lambda: anything.alive < 3, "it is a yes-or-no fact; use it as it stands"),
        (lambda: anything.size.is_(3), "Thing.size is not an enumeration: it is a number"),
        (lambda: anything.colour.is_("red"), "Thing.colour: expected one of red, green, blue, not 'red'"),
        (lambda: anything.size < "3", "compared with a number, a Parameter or a number fact, not '3'"),
        (lambda: anything.size < True, "not True"),
        (lambda: anything.parts.every("x"), "a criterion stands here, not 'x'"),
        (lambda: anything.size.some(Part.broken), "Thing.size is not a list"),
        (lambda: many(int, "numbers"), "not a class declared with @record"),
        (lambda: anything.alive & ~int(anything.size == 3), r"`==` compares declarations: write .is_\(...\).*brackets"),
        (anything.colour.is_in, r"Thing.colour.is_in\(\) names no value: write .is_in\(A, B\), expected one of red, "),
        (lambda: anything.colour.is_in([Colour.RED]), r"write .is_in\(A, B\), without the brackets"),
        (taken, r'counts transitions by their keys: write taken\("key"\)'),
        (lambda: anywhere.taken(["go"]), r"by their keys, not \['go'\]: write taken"),
        (anywhere.rounds_here, "write rounds_here without brackets"),
        (lambda: anywhere.integer("age", 0, 3), r'in this order, not \'age\', 0, 3: write integer\(0, 3, "age"\)'),
        (lambda: anywhere.number("weight", 0.5, 3), r'write number\(0.5, 3, "weight"\)'),
        (lambda: anywhere.integer("0", "3", "age"), "takes the lowest number, the highest number and the label"),
        (lambda: anywhere.integer(0, True, "age"), "takes the lowest number, the highest number and the label"),
        (
            lambda: Thing.weight > 900,
            "Thing.weight > 900 is the same for every value: expected a number from 0 to 100 kg",
        ),
        (lambda: Thing.weight <= -1, "Thing.weight <= -1 is the same for every value"),
        (lambda: Thing.size < math.inf, "Thing.size < inf is the same for every value"),
        (
            lambda: anywhere.choice(["red", "green"], "colour"),
            r"choice\(\) takes an enumeration with members, and the label, not \['red', 'green'\]: write class Colour",
        ),
        (lambda: anywhere.choice(str, "colour"), "not <class 'str'>: write class Colour"),
        (lambda: anywhere.choice("colour", Colour), "not 'colour': write class Colour"),
        (lambda: choice(Enum, "colour"), "not <enum 'Enum'>: write class Colour"),
        (
            lambda: choice(anywhere.LabelledEnum("Blank", {"NONE": ""}), "colour"),
            "Blank.NONE has no label: write words",
        ),
        (lambda: anywhere.LabelledEnum("Sizes", {"ONE": 1}), "Sizes: a value is a string, as it stands in JSON, not 1"),
        (lambda: record(type("Blank", (), {"__annotations__": {}, "seen": boolean(" ")})), "Blank.seen has no label"),
        (
            lambda: record(type("Blank", (), {"__annotations__": {}, "seen": anywhere.boolean(5)})),
            r"Blank.seen has no label: write words for people, not Text\(en=5, zh=5\)",
        ),
        (lambda: anywhere.Parameter("limit", 3, "a limit", "Glue"), "parameter limit: .*'Glue': write Provenance.GLUE"),
        (lambda: anywhere.Parameter("limit", 3, "a limit", 7), "write one of Provenance.STATED, Provenance.IMPLIED, "),
    ],
)
def test_a_slip_is_told_what_to_write(write: Callable[[], object], message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        write()


def test_a_number_at_the_end_of_a_range_or_between_whole_numbers_may_be_compared_with() -> None:
    for criterion in (Thing.size >= -3, Thing.size < 5, anything.size > 2.5, Part.width > 0):
        assert isinstance(criterion, Compare)


@pytest.mark.parametrize(
    "write",
    [
        lambda limit: limit + 1,
        lambda limit: 1 + limit,
        lambda limit: Thing.size < limit * 2,
        lambda limit: -limit,
        lambda limit: sum([limit, limit]),
        lambda limit: limit > 2,
        lambda limit: limit <= Parameter("other", 2, Text("another limit")),
        lambda limit: max(limit, limit),
    ],
)
def test_parameters_have_no_arithmetic_and_no_order(write: Callable[[Any], object]) -> None:
    with pytest.raises(DefinitionError, match=r"`limit` is a parameter.*no arithmetic.*declare another Parameter"):
        write(Parameter("limit", 3, Text("a limit")))


def test_a_parameter_may_stand_before_what_it_is_compared_with() -> None:
    limit = Parameter("limit", 3, Text("a limit"))
    assert (limit > Thing.size) == (Thing.size < limit)
    assert (limit <= rounds_here) == (rounds_here >= limit)


def test_criteria_are_compared_by_structure() -> None:
    assert (Thing.alive & (Thing.size < 3)) == (Thing.alive & (Thing.size < 3))
    assert (Thing.size < 3) != (Thing.size <= 3)
    assert ~~(Thing.size < 3) == (Thing.size < 3)


def test_and_is_flat_in_the_order_written() -> None:
    parts = [as_predicate(part) for part in (Thing.alive, Thing.size < 3, Thing.sold)]
    assert parts[0] & parts[1] & parts[2] == And(tuple(parts))


def test_members_stand_in_the_order_of_the_enumeration() -> None:
    assert Thing.colour.is_in(Colour.BLUE, Colour.RED) == Thing.colour.is_in(Colour.RED, Colour.BLUE)


def test_a_parameter_keeps_its_name_in_a_criterion() -> None:
    limit = Parameter("limit", 3, Text("a limit"))
    criterion = Thing.size < limit
    assert isinstance(criterion, Compare)
    assert criterion.right is limit


@pytest.mark.parametrize("value", [-0.5, -1, 1001, float("nan"), "3", True])
def test_a_parameter_refuses_what_is_outside_its_range(value: Any) -> None:
    with pytest.raises(DefinitionError, match="policy `limit` takes a number from 0 to 1000"):
        Parameter("limit", 3, Text("a limit")).bound_to(value)


def test_a_parameter_takes_fractions_and_goes_by_one_word() -> None:
    assert Parameter("limit", 3, Text("a limit")).bound_to(2.5).value == 2.5
    with pytest.raises(DefinitionError, match="goes by one word"):
        Parameter("a limit", 3, Text("a limit"))


def test_a_record_declares_nothing_but_facts() -> None:
    with pytest.raises(DefinitionError, match=r"Wrong\.count declares no fact"):

        @record
        class Wrong:
            count: int


def test_the_name_of_a_fact_has_no_underscore_before_it() -> None:
    with pytest.raises(DefinitionError, match="does not begin with an underscore"):

        @record
        class Wrong:
            _hidden: Fact[bool] = boolean("hidden")


def test_a_choice_is_among_strings() -> None:
    from enum import IntEnum

    numbers: Any = IntEnum("numbers", ["ONE"])
    with pytest.raises(DefinitionError, match="the values of a choice are strings"):
        choice(numbers, "one")


def test_members_of_one_value_facts_of_two_units_and_records_that_inherit_are_refused() -> None:
    class Doubled(LabelledEnum):
        NONE = "none", "none", "无"
        MILD = "none", "mild", "轻"

    with pytest.raises(DefinitionError, match=r"Doubled\.MILD and \.NONE have the same value 'none'"):
        choice(Doubled, "a degree")
    with pytest.raises(DefinitionError, match="Longer cannot inherit the facts of Thing"):

        @record
        class Longer(Thing):
            more: Fact[bool] = boolean("more")


def test_a_contradiction_takes_a_yes_or_no_fact_and_no_foreign_one() -> None:
    @record
    class Switch:
        on: Fact[bool] = boolean("on")
        off: Fact[bool] = boolean("off")

    with pytest.raises(DefinitionError, match=r"speaks of Thing\.alive, which is no fact of that record"):
        contradiction(Switch.on, Thing.alive & Switch.off, "expected one of them")
    contradiction(Switch.on, Switch.off, "expected off not to be recorded as true")
    with pytest.raises(DataError, match="expected off not to be recorded"):
        Switch(on=True, off=True)


def test_a_transition_named_twice_counts_once() -> None:
    assert taken("go", "go") == taken("go")


@pytest.mark.parametrize("wrong", ["3", True, math.nan, math.inf, None, Thing.alive, Thing.colour])
@pytest.mark.parametrize("count", [taken("go"), rounds_here, Thing.parts.count()])
def test_a_count_is_compared_with_nothing_but_a_number(count: Any, wrong: Any) -> None:
    with pytest.raises(DefinitionError, match="a count is compared with a number, a Parameter or a number fact, not"):
        count < wrong  # noqa: B015 - it raises


@pytest.mark.parametrize("exclusive", [True, False])
@pytest.mark.parametrize(("low", "high"), [(-math.inf, math.inf), (-math.inf, 5), (0, math.inf)])
def test_a_number_may_have_no_end(low: float, high: float, exclusive: bool) -> None:
    @record
    class Endless:
        x: Fact[float] = number(low, high, "x", exclusive_minimum=exclusive)

    criterion = (Endless.x >= 1) & (Endless.x < 3)
    truth = compile_truth(criterion)
    for value in (-1e300, -7, 0.5, 1, 2.5, 3, 4, 1e300):
        if facts_of(Endless)["x"].domain.accepts(value):
            found = Endless(x=value)
            assert truth(found, START) is evaluate(criterion, found) is (1 <= value < 3)
