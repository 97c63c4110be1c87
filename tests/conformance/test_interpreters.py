"""One suite over every interpreter of predicates, with the tree walk as the oracle."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, strategies as st

from crlm_pathway import History, Predicate
from crlm_pathway.predicates import diagram
from crlm_pathway.predicates.compiler import compile_choice, compile_truth
from crlm_pathway.predicates.nodes import NEVER
from crlm_pathway.predicates.reference import Truth, evaluate
from crlm_pathway.predicates.waiting import waiting_for
from pinned import solved
from universe import Thing, histories, learnt, monotone_predicates, predicates, things

Interpreter = Callable[[Predicate, Thing, History], Truth]


def compiled(predicate: Predicate, thing: Thing, history: History) -> Truth:
    return compile_truth(predicate)(thing, history)


def chosen(predicate: Predicate, thing: Thing, history: History) -> Truth:
    """A choice between a predicate and nothing."""
    choose: Callable[[Any, History], Truth] = compile_choice(
        [predicate, NEVER],
        [True, True],
        waiting=lambda thing, history: None,
        gap=lambda thing, history: False,
        overlap=lambda thing, history: pytest.fail("never is true"),
    )
    return choose(thing, history)


def contrary(predicate: Predicate, thing: Thing, history: History) -> Truth:
    """A choice between a predicate and its opposite."""
    choose: Callable[[Any, History], Truth] = compile_choice(
        [predicate, ~predicate],
        [True, False],
        waiting=lambda thing, history: None,
        gap=lambda thing, history: pytest.fail("one of two opposites is true, or both are unknown"),
        overlap=lambda thing, history: pytest.fail("two opposites cannot both be true"),
    )
    return choose(thing, history)


INTERPRETERS: list[Interpreter] = [compiled, chosen, contrary, solved]


@pytest.fixture(params=INTERPRETERS, ids=lambda interpreter: interpreter.__name__)
def interpreter(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture(params=[20_000, 0], ids=["diagram", "without diagrams"])
def _largest(request: pytest.FixtureRequest) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(diagram, "LARGEST", request.param)
        yield


@pytest.mark.usefixtures("_largest")
def test_every_interpreter_agrees_with_the_reference(interpreter: Interpreter) -> None:
    @given(predicates, things, histories)
    def agrees(predicate: Predicate, thing: Thing, history: History) -> None:
        assert interpreter(predicate, thing, history) is evaluate(predicate, thing, history)

    agrees()


@given(st.lists(predicates, min_size=1, max_size=4), things, histories)
def test_a_compiled_choice_finds_the_one_true_predicate(
    choices: list[Predicate], thing: Thing, history: History
) -> None:
    choose: Callable[[Any, History], object] = compile_choice(
        choices,
        list(range(len(choices))),
        waiting=lambda thing, history: "waiting",
        gap=lambda thing, history: "gap",
        overlap=lambda thing, history: "overlap",
    )
    truths = [evaluate(predicate, thing, history) for predicate in choices]
    if truths.count(True) == 1:
        expected: object = truths.index(True)
    else:
        expected = "overlap" if True in truths else "waiting" if None in truths else "gap"
    assert choose(thing, history) == expected


@given(st.data(), monotone_predicates, things, histories)
def test_learning_more_never_changes_a_truth(
    data: st.DataObject, predicate: Predicate, thing: Thing, history: History
) -> None:
    before = evaluate(predicate, thing, history)
    after = evaluate(predicate, data.draw(learnt(thing)), history)
    assert before is None or after is before


@given(predicates, things, histories)
def test_a_criterion_waits_exactly_while_it_is_unknown(predicate: Predicate, thing: Thing, history: History) -> None:
    places = waiting_for([predicate], thing, history)
    assert bool(places) is (evaluate(predicate, thing, history) is None)
    assert len({place.path for place in places}) == len(places)


@given(predicates, things, histories)
def test_what_is_waited_for_is_unknown(predicate: Predicate, thing: Thing, history: History) -> None:
    for place in waiting_for([predicate], thing, history):
        value: Any = thing
        for step in place.steps:
            value = value[step] if isinstance(step, int) else getattr(value, step)
        assert value is None
