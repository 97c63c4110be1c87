"""What is proved, refuted and left open, on pathways small enough to know the answer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import attrs
import pytest

from crlm_pathway import (
    AmbiguousDecision,
    DecisionTable,
    Fact,
    Invariant,
    NoDecision,
    Parameter,
    Pathway,
    Predicate,
    State,
    Text,
    boolean,
    entering,
    integer,
    many,
    record,
    taken,
)
from crlm_pathway.courses import course_from_json, run_course
from crlm_pathway.verification import Obligation, Report, Status, check, journeys, rooms
from small import row, step


@record
class Screw:
    rusty: Fact[bool] = boolean("rusty", zh="生锈")
    loose: Fact[bool] = boolean("loose", zh="松动")


@record
class Shelf:
    full: Fact[bool] = boolean("full", zh="满")
    steady: Fact[bool] = boolean("steady", zh="稳固")
    boards: Fact[int] = integer(0, 50, "boards", zh="板数")
    screws: Fact[Sequence[Screw]] = many(Screw, "screws", zh="螺钉")


full, steady = Shelf.full.as_predicate(), Shelf.steady.as_predicate()
rusty, loose = Screw.rusty.as_predicate(), Screw.loose.as_predicate()


def shelves(*ways: Any, tables: Sequence[DecisionTable] = (), **more: Any) -> Pathway:
    """A pathway of one decision; those who go come to `there`, which has the tables."""
    here = State(name="here", text=Text("Here", "此处"), transitions=ways)
    there = State(name="there", text=Text("There", "彼处"), terminal=True, tables=tables)
    away = State(name="away", text=Text("Away", "别处"), terminal=True)
    return Pathway(
        name="shelves", text=Text("Shelves", "架子"), record=Shelf, start="here", states=(here, there, away), **more
    )


def split(by: Predicate, **more: Any) -> Pathway:
    return shelves(step("go", "there", by), step("stay", "away", ~by), **more)


def named(report: Report, name: str) -> Obligation:
    (found,) = (obligation for obligation in report.obligations if obligation.name == name)
    return found


def course_of(obligation: Obligation) -> Any:
    assert obligation.status is Status.REFUTED
    assert obligation.counterexample is not None
    return obligation.counterexample.course


def test_faults_beside_each_other_do_not_hide_one() -> None:
    """Each of three faulty tables needs an item of its own to be avoided, and the promise one more to be broken."""
    screws = Shelf.screws
    tables = [
        DecisionTable(name=name, text=Text(name), options=(row(name, screws.some(one)),))
        for name, one in {"a": rusty & ~loose, "b": ~rusty & loose, "c": rusty & loose}.items()
    ]
    promise = Invariant(key="k", text="k", never=entering("there") & screws.some(~rusty & ~loose))
    report = check(split(full, tables=tables, invariants=(promise,)))
    broken = named(report, "invariant k")
    pathway = split(full, tables=tables, invariants=(promise,))
    journey = run_course(pathway, course_from_json(pathway, course_of(broken)))
    found = journey.steps[-1]
    assert promise.broken_by(found.source, found.transition, found.patient, found.history)
    for name in "abc":
        assert course_of(named(report, f"total {name} in there")) == {
            "patient": {"full": True, "screws": []},
            "visits": [{}],
        }


def test_every_and_some_of_the_same_each_have_their_witness() -> None:
    report = check(
        shelves(
            step("all", "there", Shelf.screws.every(rusty)),
            step("none", "away", ~Shelf.screws.some(rusty)),
        )
    )
    screws = course_of(named(report, "total here"))["patient"]["screws"]
    assert sorted(map(str, screws)) == ["{'rusty': False}", "{'rusty': True}"]
    assert course_of(named(report, "exclusive here"))["patient"] == {"screws": []}


@pytest.mark.parametrize("number", [1, 4, 12])
def test_counts_are_counted_out(number: int) -> None:
    rusted = Shelf.screws.count(rusty)
    assert check(split(rusted >= number)).holds
    report = check(shelves(step("go", "there", rusted >= number), step("stay", "away", rusted <= number)))
    assert len(course_of(named(report, "exclusive here"))["patient"]["screws"]) == number


def test_a_count_beyond_what_is_looked_at_is_left_open() -> None:
    report = check(split(Shelf.screws.count(rusty) >= 100), seconds=5)
    total = named(report, "total here")
    assert total.status is Status.UNKNOWN
    assert "“screws” would need more than 60 items" in total.detail.en
    assert "“螺钉”需要超过60项" in total.detail.zh
    assert not report.holds


def test_a_row_promised_never_to_be_chosen_is_held_to_it() -> None:
    kept = DecisionTable(name="t", text=Text("t"), options=(row("yes", full), row("no", ~full, never=True)))
    assert check(split(full, tables=[kept])).holds
    broken = named(check(split(steady, tables=[kept])), "invariant no of t in there")
    assert course_of(broken) == {"patient": {"full": False, "steady": True}, "visits": [{}]}


def test_what_is_always_promised_must_be_known() -> None:
    promise = Invariant(key="k", text="k", always=~entering("there") | steady)
    assert course_of(named(check(split(full, invariants=(promise,))), "invariant k"))["patient"] == {"full": True}
    assert check(split(full & steady, invariants=(promise,))).holds


FEW = Parameter("few", 2, Text("few"), at_most=9)


@pytest.mark.parametrize(
    ("term", "shows"),
    [(Shelf.boards, {"boards": 6}), (Shelf.screws.count(), {"screws": [{}] * 6})],
    ids=["number", "count"],
)
def test_a_fault_that_only_some_policy_has_is_found_with_its_number(term: Any, shows: dict[str, Any]) -> None:
    pathway = shelves(
        step("go", "there", (term < FEW) | (term > 6)),
        step("stay", "away", (term >= FEW) & (term <= 6)),
        step("odd", "away", (term >= 6) & (term < FEW)),
    )
    assert {found.name for found in check(pathway).obligations if found.status is not Status.PROVED} == {"alive odd"}
    report = check(pathway, any_of=["few"])
    assert {found.kind.value for found in report.obligations} == {"total", "exclusive", "monotone"}
    assert named(report, "total here").status is Status.PROVED
    assert "whatever few may be" in named(report, "total here").detail.en
    two_ways = named(report, "exclusive here")
    assert two_ways.counterexample is not None
    policy = two_ways.counterexample.policy
    assert 6 < policy["few"] <= 9
    course = course_of(two_ways)
    assert course["patient"] == shows
    bound = pathway.with_policy(**policy)
    with pytest.raises(AmbiguousDecision):
        run_course(bound, course_from_json(bound, course))
    assert named(check(pathway, any_of=[]), "exclusive here").status is Status.PROVED


def no_time(*_arguments: Any) -> Any:
    raise rooms.no_answer(1)


def test_a_witness_for_which_there_is_no_time_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    report = check(split(full))
    monkeypatch.setattr(journeys.Journeys, "find", no_time)
    assert named(report, "alive go").witness is None
    json.dumps(report.to_json())


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf")])
def test_no_time_at_all_is_refused(seconds: float) -> None:
    with pytest.raises(ValueError, match="seconds: expected a number above 0"):
        check(split(full), seconds=seconds)


def test_what_shows_a_fault_is_told_in_both_languages() -> None:
    pathway = shelves(step("go", "there", full), step("stay", "away", ~full & Shelf.screws.every(~rusty)))
    report = check(pathway)
    found = named(report, "total here").counterexample
    assert found is not None
    assert found.text == Text(
        "in “Here” no way leads on, with full: no; screws, no. 1: rusty: yes",
        "在“此处”中无路可走，此时满：否；第1个螺钉：生锈：是",
    )
    assert found.course == {"patient": {"full": False, "screws": [{"rusty": True}]}, "visits": [{}]}
    course = course_from_json(pathway, found.course)
    with pytest.raises(NoDecision):
        run_course(pathway, course)


def test_a_counter_compared_with_a_fact_is_followed() -> None:
    """Round and round as long as there are boards left: as often as there can be boards."""
    few = attrs.evolve(
        State(name="only", text=Text("Only"), transitions=()),
        transitions=(
            step("again", "only", full & (taken("again") < Shelf.boards)),
            step("leave", "end", ~full | (taken("again") >= Shelf.boards)),
        ),
    )
    end = State(name="end", text=Text("End"), terminal=True)
    report = check(Pathway(name="boards", text=Text("Boards"), record=Shelf, start="only", states=(few, end)))
    assert (report.holds, report.longest_journey, report.exact) == (True, 51, True)
