"""What must hold of the pathway for every patient and history, whether or not a journey leads there."""

from __future__ import annotations

from hypothesis import given, strategies as st

from crlm_pathway import CRLM, History, LiverMetastasis, Patient, State
from crlm_pathway.pathway.model import names_of
from crlm_pathway.predicates.nodes import Compare, Taken
from crlm_pathway.predicates.records import facts_of
from crlm_pathway.predicates.reference import evaluate
from crlm_pathway.testing import complete_records, records

LIVING = [state for state in CRLM.states if not state.terminal]
COUNTED = sorted(
    {
        key
        for _, part in CRLM.parts
        if isinstance(part, Compare) and isinstance(part.left, Taken)
        for key in part.left.keys
    }
)

states = st.sampled_from(LIVING)
patients = complete_records(Patient, of=CRLM)
partly_known = records(Patient, of=CRLM)
histories = st.builds(
    History,
    taken=st.fixed_dictionaries({key: st.integers(0, 4) for key in COUNTED}),
    rounds_here=st.sampled_from([1, 2, 3, 18, 19, 20]),
    arrived_from=st.none() | st.sampled_from([state.name for state in LIVING]),
)


@given(states, patients, histories)
def test_of_everyone_fully_known_exactly_one_transition_is_enabled(
    state: State, patient: Patient, history: History
) -> None:
    truths = [evaluate(guard, patient, history) for guard in CRLM.guards(state.name)]
    assert truths.count(True) == 1
    assert None not in truths
    decision = CRLM.decide(state.name, patient, history)
    assert decision.transition is CRLM.leaving(state)[truths.index(True)]


@given(states, partly_known, histories)
def test_whatever_is_known_at_most_one_transition_is_enabled_and_else_it_waits(
    state: State, patient: Patient, history: History
) -> None:
    truths = [evaluate(guard, patient, history) for guard in CRLM.guards(state.name)]
    decision = CRLM.decide(state.name, patient, history)
    assert truths.count(True) == (decision.transition is not None)
    assert bool(decision.waiting_for) is (decision.transition is None)


@given(patients)
def test_of_everyone_fully_known_every_table_chooses_exactly_one_option(patient: Patient) -> None:
    for state in LIVING:
        for table in state.tables:
            if table.over is not None or evaluate(table.given, patient):
                chosen = names_of(table.choose(patient))
                assert None not in (chosen if isinstance(chosen, list) else [chosen])


@given(st.data(), states, patients, histories)
def test_learning_more_never_changes_a_decision(
    data: st.DataObject, state: State, patient: Patient, history: History
) -> None:
    """`destroyed` is learnt only in the state that asks it; elsewhere it is an event that has or has not happened."""
    learnt_here = LiverMetastasis.destroyed in state.asks
    less = data.draw(blanked(patient, frozenset() if learnt_here else frozenset({"destroyed"})))
    decided = CRLM.decide(state.name, less, history).transition
    assert decided in {None, CRLM.decide(state.name, patient, history).transition}


@st.composite
def blanked(draw: st.DrawFn, patient: Patient, kept: frozenset[str]) -> Patient:
    """The patient with some facts unknown."""
    unknown = draw(st.frozensets(st.sampled_from(list(facts_of(Patient)))))
    facts = {name: None if name in unknown else getattr(patient, name) for name in facts_of(Patient)}
    if facts["lesions"] is not None:
        missing = draw(st.frozensets(st.sampled_from(list(facts_of(LiverMetastasis))))) - kept
        facts["lesions"] = tuple(
            LiverMetastasis(
                **{name: None if name in missing else getattr(lesion, name) for name in facts_of(LiverMetastasis)}
            )
            for lesion in facts["lesions"]
        )
    return Patient(**facts)


def test_lists_are_asked_whole_or_by_the_facts_of_their_items() -> None:
    whole = {state.name for state in LIVING if Patient.lesions in state.asks}
    by_item = {state.name for state in LIVING if LiverMetastasis.destroyed in state.asks}
    assert (whole, by_item) == ({"response_evaluation", "ned_surveillance"}, {"local_treatment"})
