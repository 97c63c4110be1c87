"""Decision tables as grids, and the named criteria spelled out."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import pytest
from hypothesis import given, strategies as st

from crlm_pathway import CRLM, DecisionTable, History, Option, Parameter, Patient, Predicate, Provenance, Text, named
from crlm_pathway.drawing.definitions import definitions
from crlm_pathway.drawing.grids import WIDEST, columns, grid
from crlm_pathway.predicates.history import START
from crlm_pathway.predicates.nodes import ALWAYS, NEVER, Named, Not, arrived_from, conjunction, rounds_here, taken, walk
from crlm_pathway.predicates.reference import evaluate
from crlm_pathway.predicates.wording import say
from crlm_pathway.testing import records
from small import FIXES, row
from universe import Colour, Part, Thing, histories, predicates, things

TABLES = {table.name: table for state in CRLM.states for table in state.tables}
NAMES = {"go": Text("go on", "继续"), "there": Text("There", "那里")}
REVIEW = Parameter("look_again", 8, Text("look again", "再评估"), unit="weeks")


def table(*rows: Option | Predicate, **more: object) -> DecisionTable:
    options = [each if isinstance(each, Option) else row(f"row_{number}", each) for number, each in enumerate(rows)]
    return DecisionTable(name="table", text=Text("Table", "表"), options=options, **more)  # type: ignore[arg-type]


def entries(*guards: Predicate) -> dict[str, tuple[str, ...]]:
    """Each column of a table in English, by what it asks."""
    found = grid(table(*guards), ("en",), NAMES)
    cells = zip(*(each.entries for each in found.rows), strict=True)
    return {
        asked: tuple("".join(cell) for cell in column) for (asked,), column in zip(found.inputs, cells, strict=True)
    }


# -- a row's entries are its criterion -------------------------------------------------------------------------------


def together(guards: Sequence[Predicate], number: int, widest: int = WIDEST) -> Predicate:
    """The criteria that stand in the cells of a row."""
    return conjunction(*(part for column in columns(guards, widest) for part in column.cells[number]))


@given(st.lists(predicates, min_size=1, max_size=5), st.integers(1, 6), things, histories)
def test_the_entries_of_a_row_together_are_its_criterion(
    guards: list[Predicate], widest: int, thing: Thing, history: History
) -> None:
    for number, guard in enumerate(guards):
        assert evaluate(together(guards, number, widest), thing, history) is evaluate(guard, thing, history)
    assert len(columns(guards, widest)) <= widest


@pytest.mark.parametrize("name", TABLES)
def test_the_entries_of_a_row_of_the_article_are_its_criterion(name: str) -> None:
    found = TABLES[name]
    record = Patient if found.over is None else found.over.item_record
    guards = [option.when for option in found.options]

    @given(records(record, of=guards))
    def agree(of: object) -> None:
        for number, guard in enumerate(guards):
            assert evaluate(together(guards, number), of, START) is evaluate(guard, of, START)

    agree()


@given(st.lists(predicates, min_size=1, max_size=5))
def test_every_criterion_of_a_row_stands_in_words_in_its_column(guards: list[Predicate]) -> None:
    found = grid(table(*guards), ("en", "zh"), NAMES)
    assert len(found.inputs) <= WIDEST
    assert all(found.inputs)
    for number, each in enumerate(found.rows):
        filled = [bool(column.cells[number]) for column in columns(guards)]
        assert [bool(entry) for entry in each.entries] == filled
        assert all(words.strip() for entry in each.entries for words in entry)


# -- what stands where -----------------------------------------------------------------------------------------------


def test_what_is_asked_of_one_fact_or_count_shares_a_column() -> None:
    assert entries(
        Thing.alive & (Thing.weight >= 3) & (Thing.weight < 5) & Thing.colour.is_(Colour.RED),
        ~Thing.alive & ~Thing.colour.is_in(Colour.RED, Colour.BLUE) & (taken("go") < 2),
        ~(Thing.weight >= 3) & ~(taken("go") < 2) & Thing.colour.is_in(Colour.RED, Colour.BLUE),
    ) == {
        "alive": ("yes", "no", ""),
        "weight": ("≥ 3 kg and < 5 kg", "", "< 3 kg"),
        "colour": ("red", "not (red or blue)", "red or blue"),
        "times of “go on” so far": ("", "< 2", "≥ 2"),
    }


def test_the_states_a_journey_may_have_arrived_from_share_a_column() -> None:
    asked = entries(arrived_from("there"), ~arrived_from("there") & ~arrived_from("away"), rounds_here >= 2)
    assert asked == {
        "arrived from": ("“There”", "not “There” and not “away”", ""),
        "rounds in this state": ("", "", "≥ 2"),
    }


def test_named_criteria_and_what_is_not_about_one_fact_have_columns_of_their_own() -> None:
    fit = named("fit", Text("fit"), Thing.alive & Thing.sold)
    either = Thing.alive | Thing.sold
    assert entries(fit & either, ~fit, ~either & Thing.parts.some(Part.broken), ~Thing.sold.so_far) == {
        "fit": ("yes", "no", "", ""),
        "alive: yes or sold: yes": ("yes", "", "no", ""),
        "at least one of the parts: broken: yes": ("", "", "yes", ""),
        "sold so far": ("", "", "", "no"),
    }


def test_a_row_that_excludes_another_says_which_instead_of_all_its_criteria() -> None:
    first = Thing.alive & Thing.sold
    assert entries(first, ~first) == {"alive": ("yes", ""), "sold": ("yes", ""), "“row_0” applies": ("", "no")}


def test_always_needs_no_entry_and_never_says_so() -> None:
    assert entries(ALWAYS, NEVER, Thing.alive & NEVER) == {"alive": ("", "", "yes"), "further": ("", "never", "never")}
    assert entries(ALWAYS) == {}


def test_what_few_rows_ask_is_gathered_where_there_are_too_many_columns() -> None:
    questions = [(taken(f"key_{number}") >= 1) for number in range(WIDEST + 1)]
    asked = entries(conjunction(*questions), *questions[2:])
    assert len(asked) == WIDEST
    assert asked["further"][0] == "times of “key_0” so far ≥ 1 and times of “key_1” so far ≥ 1"
    assert set(asked["further"][1:]) == {""}


def test_the_article_s_table_reads_as_a_decision_table() -> None:
    found = grid(TABLES["lesions"], ("en",), CRLM.names, cites={"rfa_deep": (4, 7)}, chosen=("done", "rfa_deep"))
    assert [asked for (asked,) in found.inputs] == [
        "visibility on imaging",
        "site of the disappeared lesion within reach",
        "lesion to clear",
        "next to a large vessel, the common bile duct or another vital structure",
        "stereotactic radiotherapy feasible",
        "resectable with a clear margin",
        "deep: removal would sacrifice much normal liver",
        "small enough and feasible for ablation",
    ]
    rows = {each.key: each for each in found.rows}
    assert list(rows) == [option.key for option in TABLES["lesions"].options]
    assert rows["treat_site"].entries == (("disappeared (not found by ultrasound)",), ("yes",), *[()] * 6)
    deep = rows["rfa_deep"]
    assert deep.entries == ((), (), ("yes",), ("no",), (), (), ("yes",), ("yes",))
    assert (deep.cites, deep.chosen, deep.provenance) == ((4, 7), True, Provenance.STATED)
    assert [key for key, each in rows.items() if each.chosen] == ["rfa_deep"]


def test_what_is_not_in_the_rows_stands_in_the_notes() -> None:
    assert grid(FIXES, ("en",)).notes == (
        ("U (unique): exactly one row applies",),
        ("for each of the parts",),
        ("nothing more to do when: broken so far: yes and width > 5 mm",),
    )
    given_alive = table(Thing.sold.as_predicate(), given=Thing.alive)
    assert grid(given_alive, ("zh",)).notes == (
        ("U（唯一）：至多一行适用；保证覆盖以下条件成立时的全部情形：存活：是",),
    )


def test_a_review_is_a_note_where_all_rows_share_it_and_else_stands_with_the_option() -> None:
    first, second = row("a", Thing.alive, review=REVIEW), row("b", ~Thing.alive, review=REVIEW)
    shared = grid(table(first, second), ("en", "zh"))
    assert shared.notes[-1] == ("review in 8 weeks [look_again]", "8周后评估 [look_again]")
    assert [each.output for each in shared.rows] == [("a",), ("b",)]
    apart = grid(table(first, attrs.evolve(second, review=None, never=True)), ("en",))
    assert [each.output for each in apart.rows] == [("a; review in 8 weeks [look_again]",), ("b (never chosen)",)]
    assert len(apart.notes) == 1


def test_braces_and_quotes_in_labels_stay_what_they_are() -> None:
    text = Text("{0} “{x}” }{ <b> & \\")
    odd = row("odd", Thing.alive, never=True, review=REVIEW)
    found = grid(table(attrs.evolve(odd, text=text), row("b", ~Thing.alive)), ("en",))
    assert found.rows[0].output == (f"{text.en} (never chosen); review in 8 weeks [look_again]",)


# -- definitions -----------------------------------------------------------------------------------------------------


@given(st.lists(predicates, max_size=4))
def test_each_named_criterion_is_spelled_out_once(found: list[Predicate]) -> None:
    mentioned = dict.fromkeys(part for each in found for part in walk(each) if isinstance(part, Named))
    told = definitions(found, ("en",))
    assert [entry.text for entry in told] == [
        (f"{part.text}: {say(part.predicate, apart=True)}",) for part in mentioned
    ]


def test_a_named_criterion_comes_before_those_it_is_made_of() -> None:
    inner = named("inner", Text("inner", "内"), Thing.alive)
    outer = named(
        "outer", Text("outer", "外"), ~inner & Thing.parts.every(named("whole", "whole", Not(Part.broken.so_far)))
    )
    told = definitions([inner | outer, outer], ("en", "zh"))
    assert [entry.text for entry in told] == [
        ("inner: alive: yes", "内：存活：是"),
        ("outer: not “inner” and each of the parts: “whole”", "外：并非“内”且每个部件均：“whole”"),
        ("whole: broken so far: no", "whole：迄今损坏：否"),
    ]
