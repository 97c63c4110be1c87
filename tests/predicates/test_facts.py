"""Facts and criteria: what may be written, and what is said when it may not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from crlm_pathway import DefinitionError, Fact, Parameter, Text, boolean, choice, many, record
from crlm_pathway.predicates.nodes import And, Compare, as_predicate
from universe import Colour, Part, Thing

anything: Any = Thing  # to write what a type checker would refuse


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
    ],
)
def test_a_slip_is_told_what_to_write(write: Callable[[], object], message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        write()


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


@pytest.mark.parametrize("value", [2.5, -1, 1001, "3", True])
def test_a_parameter_refuses_what_is_outside_its_range(value: Any) -> None:
    with pytest.raises(DefinitionError, match="policy `limit` takes a whole number from 0 to 1000"):
        Parameter("limit", 3, Text("a limit")).bound_to(value)


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
