"""From the CRLM pathway to the evidence and back: nothing made up, nothing forgotten, no outcome rate that decides."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from crlm_pathway import CRLM, DecisionTable, Option, Parameter, Provenance, State, Transition
from crlm_pathway.evidence import Kind, Role, elements, load, uses
from crlm_pathway.predicates.declarations import Declaration
from crlm_pathway.predicates.nodes import Compare

EVIDENCE = load()
USES = uses(CRLM)


def test_every_claim_the_pathway_cites_exists() -> None:
    assert set(USES) <= set(EVIDENCE.claims)


def test_every_claim_that_bears_on_the_way_is_used_or_says_why_not() -> None:
    bearing = {claim.id for claim in EVIDENCE.claims.values() if not claim.role.informs_only}
    assert bearing - set(USES) == set(EVIDENCE.not_used)


def test_what_the_article_states_or_implies_cites_a_claim() -> None:
    rules: list[Transition | Option | Parameter] = [*CRLM.transitions, *CRLM.parameters.values()]
    rules += [row for state in CRLM.states for table in state.tables for row in table.options]
    assert not [rule for rule in rules if rule.provenance is not Provenance.GLUE and not rule.claims]


def test_numbers_in_criteria_are_policy_or_say_never_and_once() -> None:
    bare = {
        f"{part.left!r} {part.operator} {part.right!r}"
        for _, part in CRLM.parts
        if isinstance(part, Compare) and not isinstance(part.right, Parameter | Declaration)
    }
    assert bare == {
        "Patient.prior_lines <= 0",  # no line of systemic therapy
        "Patient.prior_lines >= 1",  # some
        "Taken(keys=('end_block',)) < 1",  # no block in this journey
    }


def test_no_outcome_rate_sets_a_number() -> None:
    for parameter in CRLM.parameters.values():
        for id_ in parameter.claims:
            assert not EVIDENCE.claim(id_).role.informs_only, (parameter.name, id_)


def test_no_advisory_or_state_rests_on_an_outcome_rate() -> None:
    for element in elements(CRLM):
        if element.kind in {Kind.ADVISORY, Kind.STATE}:
            assert all(EVIDENCE.claim(id_).role is not Role.OUTCOME_RATE for id_ in element.claims), element.key


def test_claims_do_not_decide() -> None:
    """The fingerprint of the pathway, which changes with all that decides and with nothing else."""
    from attrs import evolve

    def bare_of(parts: Iterable[Any], **more: Callable[[Any], Any]) -> tuple[Any, ...]:
        return tuple(evolve(part, claims=(), **{name: make(part) for name, make in more.items()}) for part in parts)

    def tables(state: State) -> tuple[DecisionTable, ...]:
        return tuple(evolve(table, options=bare_of(table.options)) for table in state.tables)

    states = bare_of(
        CRLM.states,
        transitions=lambda state: bare_of(state.transitions),
        tables=tables,
        advisories=lambda state: bare_of(state.advisories),
    )
    bare = evolve(CRLM, states=states, interrupts=bare_of(CRLM.interrupts))
    assert not any(use.claims for use in elements(bare) if use.kind is not Kind.PARAMETER)
    assert bare.fingerprint == CRLM.fingerprint
