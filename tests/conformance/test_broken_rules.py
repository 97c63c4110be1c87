"""The suite is worth its time: whichever rule of an interpreter is broken, it finds a predicate that shows it."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, Phase, find, settings, strategies as st
from hypothesis.errors import NoSuchExample

from crlm_pathway import History, Predicate
from crlm_pathway.predicates import compiler, diagram, nodes, reference
from crlm_pathway.predicates.compiler import compile_truth
from crlm_pathway.predicates.declarations import Declaration
from crlm_pathway.predicates.reference import Truth, evaluate
from crlm_pathway.verification import truths
from pinned import solved
from universe import Thing, histories, predicates, things

PARTS = (
    *(nodes.Holds, nodes.HoldsSoFar, nodes.OneOf, nodes.Compare, nodes.ArrivedFrom, nodes.Every, nodes.Some),
    *(nodes.And, nodes.Or, nodes.Not, nodes.Named, nodes.Constant),
)
TERMS = (nodes.Count, nodes.Taken, nodes.RoundsHere, nodes.Parameter, Declaration)
Interpreter = Callable[[Predicate, Thing, History], Truth]
Breaking = Callable[[pytest.MonkeyPatch, type[Any]], None]


def compiled(predicate: Predicate, thing: Thing, history: History) -> Truth:
    return compile_truth(predicate)(thing, history)


def break_reference(patch: pytest.MonkeyPatch, node: type[Any]) -> None:
    right = reference.Evaluator._evaluate
    bounds = reference.Evaluator.bounds

    def wrong(self: reference.Evaluator, predicate: Predicate, record: Any) -> Truth:
        truth = right(self, predicate, record)
        return reference.negation(truth) if isinstance(predicate, node) else truth

    def wrong_bounds(self: reference.Evaluator, term: Any, record: Any) -> Any:
        found = bounds(self, term, record)
        return (found[0] + 1, found[1] + 1) if isinstance(term, node) and found is not None else found

    patch.setattr(reference.Evaluator, "_evaluate", wrong)
    patch.setattr(reference.Evaluator, "bounds", wrong_bounds)


def break_solver(patch: pytest.MonkeyPatch, node: type[Any]) -> None:
    right, ranges = truths.Truths._truth, truths.Truths._range

    def wrong(self: truths.Truths, predicate: Predicate, record: Any) -> truths.Truth:
        truth = right(self, predicate, record)
        return truth.negation() if isinstance(predicate, node) else truth

    def wrong_range(self: truths.Truths, term: Any, record: Any) -> Any:
        found = ranges(self, term, record)
        moved = attrs.evolve(found, least=found.least + 1, greatest=found.greatest + 1)
        return moved if isinstance(term, node) else found

    patch.setattr(truths.Truths, "_truth", wrong)
    patch.setattr(truths.Truths, "_range", wrong_range)


def break_compiler(patch: pytest.MonkeyPatch, node: type[Any]) -> None:
    right, load, bound = diagram._Translation.formula, compiler._Module._load, diagram.plain_bound
    helper = compiler._Module._helper

    def wrong(self: Any, predicate: Predicate, holds: bool = True) -> Any:
        return right(self, predicate, not holds if isinstance(predicate, node) else holds)

    def wrong_load(self: Any, variable: Any, record: str) -> tuple[str, str]:
        name, source = load(self, variable, record)
        return name, "None" if isinstance(variable.source, node) else source

    def wrong_bound(part: Predicate) -> float | None:
        found = bound(part)
        moved = found is not None and isinstance(part, nodes.Compare) and isinstance(part.right, node)
        return found + 1 if moved and found is not None else found

    def wrong_helper(self: Any, predicate: Predicate) -> str:
        if isinstance(predicate, nodes.Compare) and isinstance(predicate.left, node):
            predicate = attrs.evolve(predicate, operator=nodes.OPPOSITE[predicate.operator])
        return helper(self, predicate)

    patch.setattr(diagram._Translation, "formula", wrong)
    patch.setattr(compiler._Module, "_load", wrong_load)
    patch.setattr(compiler._Module, "_helper", wrong_helper)
    patch.setattr(diagram, "plain_bound", wrong_bound)


@pytest.mark.parametrize("node", [*PARTS, *TERMS], ids=lambda node: node.__name__)
@pytest.mark.parametrize(
    ("interpreter", "breaking"),
    [(compiled, break_reference), (compiled, break_compiler), (solved, break_solver)],
    ids=["reference", "compiler", "solver"],
)
def test_a_broken_rule_is_found(
    interpreter: Interpreter, breaking: Breaking, node: type[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    breaking(monkeypatch, node)

    def differs(case: tuple[Predicate, Thing, History]) -> bool:
        try:
            return interpreter(*case) is not evaluate(*case)
        except (TypeError, AssertionError):  # it does not even answer
            return True

    find(
        st.tuples(predicates, things, histories),
        differs,
        settings=settings(max_examples=5000, phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow]),
        random=Random(0),
    )


@pytest.mark.parametrize("interpreter", [compiled, solved])
def test_none_is_found_in_rules_that_are_whole(interpreter: Interpreter) -> None:
    def differs(case: tuple[Predicate, Thing, History]) -> bool:
        return interpreter(*case) is not evaluate(*case)

    with pytest.raises(NoSuchExample):
        find(st.tuples(predicates, things, histories), differs, settings=settings(max_examples=300), random=Random(0))
