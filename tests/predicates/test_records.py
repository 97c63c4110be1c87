"""Records: constructed, checked, compared, copied and written as JSON."""

from __future__ import annotations

import copy
import inspect
import json
import math
import pickle
from collections.abc import Sequence
from typing import Any

import attrs
import pytest
from hypothesis import given, strategies as st

from crlm_pathway import (
    DataError,
    Fact,
    boolean,
    contradiction,
    many,
    number,
    record,
    record_from_json,
    record_to_json,
    replace,
)
from crlm_pathway.predicates.json_form import record_to_json_exactly
from crlm_pathway.predicates.records import forget, record_facts, values_of
from crlm_pathway.strict_json import load_json
from universe import Colour, Part, Thing, things

make: Any = Thing


def test_what_is_not_said_is_unknown() -> None:
    thing = Thing(alive=True)
    assert (thing.alive, thing.sold, thing.parts) == (True, None, None)


def test_a_record_shows_what_is_known() -> None:
    assert repr(Thing(alive=True, parts=(Part(width=1.5),))) == "Thing(alive=True, parts=(Part(width=1.5),))"


def test_a_record_cannot_be_changed() -> None:
    thing: Any = Thing(alive=True)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        thing.alive = False
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        del thing.alive
    assert not hasattr(thing, "__dict__")


@given(things)
def test_copies_equal_the_original(thing: Thing) -> None:
    for other in (copy.copy(thing), copy.deepcopy(thing), pickle.loads(pickle.dumps(thing)), replace(thing)):  # noqa: S301
        assert other == thing
        assert hash(other) == hash(thing)


def test_a_criterion_survives_pickling() -> None:
    criterion = Thing.alive & Thing.colour.is_(Colour.RED) & Thing.parts.every(Part.width < 3)
    assert pickle.loads(pickle.dumps(criterion)) == criterion  # noqa: S301


def test_every_wrong_value_is_reported_at_once() -> None:
    with pytest.raises(DataError) as error:
        make(alive=1, colour="red", size=6, weight=float("nan"), parts=(3,))
    assert str(error.value).splitlines() == [
        "alive: expected true or false, not 1",
        'colour: expected one of red, green, blue (in Python, write Colour.RED), not "red"',
        "size: expected a whole number from -3 to 5, not 6",
        "weight: expected a number from 0 to 100 kg, not nan",
        "parts[0]: expected one Part, not 3",
    ]


def test_a_constructor_says_of_an_unknown_fact_what_a_visit_says() -> None:
    with pytest.raises(DataError) as error:
        make(alive=True, wieght=3, soldd=True)
    assert str(error.value).splitlines() == [
        "wieght: Thing has no such fact (did you mean `weight`?)",
        "soldd: Thing has no such fact (did you mean `sold`?)",
    ]
    with pytest.raises(TypeError, match="positional"):
        make(True)
    assert list(inspect.signature(Thing).parameters) == [fact.name for fact, _ in values_of(Thing())]


def test_an_item_given_as_a_dict_is_told_how_to_make_a_record() -> None:
    for recording in (lambda parts: make(parts=parts), lambda parts: record_facts(Thing(), {"parts": parts})):
        with pytest.raises(DataError) as error:
            recording((Part(), {"width": 3}))
        assert str(error.value) == (
            "parts[1]: expected one Part (in Python, write Part(...), "
            "or read JSON with record_from_json or facts_from_json), not an object"
        )


@pytest.mark.parametrize(("value", "fits"), [(0, False), (0.001, True), (10, True), (10.001, False), (True, False)])
def test_the_ends_of_a_range(value: float, fits: bool) -> None:
    if fits:
        assert Part(width=value).width == value
    else:
        with pytest.raises(DataError, match="expected a number above 0 and at most 10 mm"):
            Part(width=value)


def test_a_visit_replaces_what_it_records_and_nothing_else() -> None:
    before = Thing(alive=True, size=2, parts=(Part(broken=True),))
    after = record_facts(before, {"size": 3, "alive": None, "parts": (Part(width=2),)})
    assert after == Thing(alive=True, size=3, parts=(Part(width=2),))
    assert before.size == 2


def test_a_visit_with_wrong_facts_says_all_that_is_wrong() -> None:
    with pytest.raises(DataError) as error:
        record_facts(Thing(), {"size": 9, "wieght": 3, "sold": "no"})
    assert str(error.value).splitlines() == [
        "size: expected a whole number from -3 to 5, not 9",
        "wieght: Thing has no such fact (did you mean `weight`?)",
        'sold: expected true or false, not "no"',
    ]


def test_forgetting_facts_of_items_keeps_the_items() -> None:
    thing = Thing(size=2, parts=(Part(broken=True, width=1), Part(width=2)))
    assert forget(thing, {"size": None, "parts": frozenset({"width"})}) == Thing(parts=(Part(broken=True), Part()))
    assert forget(Thing(), {"parts": frozenset({"width"})}) == Thing()


@record
class Ledger:
    open: Fact[bool] = boolean("open")
    closed: Fact[bool] = boolean("closed")
    paid: Fact[bool] = boolean("paid")


contradiction(Ledger.closed, Ledger.open & Ledger.closed, "expected not closed, since it is open")
contradiction(Ledger.paid, Ledger.closed & ~Ledger.paid, "expected paid when it closes", together=True)


def test_a_contradiction_is_refused_wherever_it_arises() -> None:
    with pytest.raises(DataError, match="closed: expected not closed, since it is open, not true"):
        Ledger(open=True, closed=True)
    with pytest.raises(DataError, match="closed: expected not closed"):
        record_facts(Ledger(open=True), {"closed": True})


def test_a_contradiction_together_is_one_only_at_the_same_time() -> None:
    with pytest.raises(DataError, match="paid: expected paid when it closes, not false"):
        record_facts(Ledger(), {"closed": True, "paid": False})
    assert record_facts(Ledger(paid=False), {"closed": True}) == record_facts(Ledger(closed=True), {"paid": False})


# -- JSON ------------------------------------------------------------------------------------------------------------


@given(things)
def test_json_gives_back_an_equal_record(thing: Thing) -> None:
    assert record_from_json(Thing, json.loads(json.dumps(record_to_json(thing)))) == thing


def test_every_error_in_json_is_reported_with_its_path() -> None:
    data = {
        "alvie": True,
        "alive": "yes",
        "size": 2.5,
        "weight": True,
        "colour": "purple",
        "parts": [{"width": 3}, {"width": 11, "brokn": True}, 7],
    }
    with pytest.raises(DataError) as error:
        record_from_json(Thing, data)
    assert str(error.value).splitlines() == [
        "alvie: Thing has no such fact (did you mean `alive`?)",
        'alive: expected true or false, not "yes"',
        "size: expected a whole number from -3 to 5, not 2.5",
        "weight: expected a number from 0 to 100 kg, not true",
        'colour: expected one of red, green, blue, not "purple"',
        "parts[1].width: expected a number above 0 and at most 10 mm, not 11",
        "parts[1].brokn: Part has no such fact (did you mean `broken`?)",
        "parts[2]: expected an object of facts, not 7",
    ]


def test_null_and_an_absent_key_are_not_known() -> None:
    assert record_from_json(Thing, {"alive": None, "size": 3.0}) == Thing(size=3)


def test_a_default_is_known_until_recorded_otherwise() -> None:
    from crlm_pathway import Patient

    assert record_from_json(Patient, {"deceased": None}).deceased is False


@record
class Screw:
    loose: Fact[bool] = boolean("loose", default=False)
    tight: Fact[bool] = boolean("tight")


contradiction(Screw.tight, ~Screw.loose & ~Screw.tight, "a screw is loose or tight")


@record
class Shelf:
    empty: Fact[bool] = boolean("empty", default=True)
    screws: Fact[Sequence[Screw]] = many(Screw, "screws")


known = st.none() | st.booleans()
screws = (
    st.tuples(known, known)
    .filter(lambda facts: facts != (False, False))
    .map(lambda facts: Screw(loose=facts[0], tight=facts[1]))
)
shelves = st.builds(Shelf, empty=known, screws=st.none() | st.lists(screws, max_size=3).map(tuple))


@given(shelves)
def test_written_exactly_a_record_is_read_as_it_was_though_no_default_is_known(shelf: Shelf) -> None:
    written = json.loads(json.dumps(record_to_json_exactly(shelf)))
    assert record_from_json(Shelf, written, exactly=True) == shelf


def test_read_exactly_a_record_is_told_all_that_is_wrong() -> None:
    loose = [{"loose": None, "tight": False}, {"loose": None, "tight": 3}, {"tight": False}]
    with pytest.raises(DataError) as error:
        record_from_json(Shelf, {"screws": loose}, exactly=True)
    assert [problem.path for problem in error.value.problems] == ["screws[1].tight", "screws[2].tight"]


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_no_json_value_breaks_the_reader(data: Any) -> None:
    for written in (data, {"parts": data}, {"size": data}, {"colour": data}):
        try:
            made = record_from_json(Thing, written)
        except DataError as error:
            assert error.problems
        else:
            assert isinstance(made, Thing)


@pytest.mark.parametrize("written", ["1e999", "-1e999", "NaN"])
def test_what_no_number_can_hold_is_refused_also_by_a_range_without_ends(written: str) -> None:
    @record
    class Open:
        below: Fact[float] = number(-math.inf, 10, "below")
        above: Fact[float] = number(0, math.inf, "above")

    for name in ("below", "above"):
        with pytest.raises(DataError, match=rf"{name}: expected a number from "):
            record_from_json(Open, {name: float(written.replace("1e999", "inf"))})
    with pytest.raises(DataError, match=r"\[0\]: expected a finite number"):
        load_json(f"[{written}]")
