"""The pathway written out by hand, twice: as branches over plain objects, and as guards for `transitions`.

Both know true and false only, so they answer for records in which every fact that matters is known. Policy
numbers stand as literals, enumerations are strings, and the history is a handful of numbers: what a
programmer in a hurry for speed would write.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from enum import Enum
from typing import Any

from transitions import Machine

from crlm_pathway import History


@dataclass(slots=True, eq=False)
class PlainLesion:
    """What the branches ask of a lesion."""

    visibility: str
    diameter_mm: float
    near_critical_structure: bool
    resectable: bool
    planned_margin_mm: float
    rfa_feasible: bool
    sbrt_feasible: bool
    destroyed: bool
    treated_by: str
    pathological_margin_mm: float


@dataclass(slots=True, eq=False)
class PlainPatient:
    """What the branches ask of a patient."""

    deceased: bool
    withdrawn: bool
    liver_metastases_confirmed: bool
    microsatellite: str
    ras: str
    fitness: str
    willing: bool
    lesions: Sequence[PlainLesion]
    remnant_adequate: bool
    extrahepatic: str
    dose_limiting_toxicity: bool
    evaluable: bool
    response: str
    focal_progression: bool
    weeks_on_line: float
    prior_lines: int
    hai_available: bool
    debiri_available: bool
    sirt_available: bool
    second_line_available: bool
    embolisation_contraindicated: bool
    liver_reserve_adequate: bool
    hai_failed: bool
    debiri_failed: bool
    sirt_given: bool
    session_done: bool
    residual_treatable: bool
    recurrence: bool


@dataclass(slots=True, eq=False)
class PlainHistory:
    """What the branches ask of the journey so far."""

    rounds_here: int
    arrived_from: str | None
    blocks: int
    de_escalations: int
    regional_rounds: int
    salvages: int

    @classmethod
    def of(cls, history: History) -> PlainHistory:
        """Count beforehand what the library counts when asked."""

        def times(*keys: str) -> int:
            return sum(history.taken.get(key, 0) for key in keys)

        return cls(
            history.rounds_here,
            history.arrived_from,
            times("end_block"),
            times("de_escalate"),
            times("assess_regional"),
            times("salvage", "reevaluate_recurrence", "convert_recurrence"),
        )


LESION_FACTS = tuple(field.name for field in fields(PlainLesion))
PATIENT_FACTS = tuple(field.name for field in fields(PlainPatient))


def plain(value: Any) -> Any:
    """Return a fact's value as plain Python: a string for a member, plain lesions for lesions."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return tuple(PlainLesion(**{name: plain(getattr(item, name)) for name in LESION_FACTS}) for item in value)
    return value


def plain_facts(record: Any) -> dict[str, Any]:
    """Return the facts of a record that the branches ask for."""
    return {name: plain(getattr(record, name)) for name in PATIENT_FACTS}


# -- criteria --------------------------------------------------------------------------------------


def _cleared(lesion: PlainLesion) -> bool:
    return lesion.destroyed and (lesion.treated_by in ("rfa", "sbrt") or lesion.pathological_margin_mm > 1)


def _liver_cleared(patient: PlainPatient) -> bool:
    for lesion in patient.lesions:
        if lesion.visibility in ("visible", "disappeared_found") and not _cleared(lesion):
            return False
    return True


def _ned_achievable(patient: PlainPatient) -> bool:
    if patient.extrahepatic == "not_eradicable" or not patient.remnant_adequate:
        return False
    for lesion in patient.lesions:
        if lesion.sbrt_feasible or (lesion.resectable and lesion.planned_margin_mm > 1):
            continue
        if lesion.visibility not in ("visible", "disappeared_found"):
            continue
        if not lesion.near_critical_structure and lesion.rfa_feasible and lesion.diameter_mm < 30:
            continue
        if not _cleared(lesion):
            return False
    return True


def _regional_possible(patient: PlainPatient, history: PlainHistory) -> bool:
    if history.regional_rounds >= 3 or patient.extrahepatic == "not_eradicable":
        return False
    return (
        patient.second_line_available
        or (patient.hai_available and not patient.hai_failed)
        or (patient.sirt_available and patient.liver_reserve_adequate and not patient.sirt_given)
        or (patient.debiri_available and not patient.embolisation_contraindicated and not patient.debiri_failed)
    )


# -- branches: one function a state, which gives the code of the transition ------------------------


def initial_assessment(patient: PlainPatient, _history: PlainHistory) -> str:
    """Decide whether the patient is in scope, fit and willing, and where treatment begins."""
    if patient.deceased:
        return "X1"
    if patient.withdrawn:
        return "X2"
    if not patient.liver_metastases_confirmed:
        return "A1"
    if patient.microsatellite == "msi_high":
        return "A2"
    if patient.ras == "wild_type":
        return "A3"
    if patient.microsatellite == "undetermined" or patient.ras == "undetermined":
        return "A4"
    if patient.fitness == "unfit" or not patient.willing:
        return "A5"
    if _ned_achievable(patient):
        return "A6"
    return "A7" if patient.prior_lines <= 0 else "A8"


def first_line_conversion(patient: PlainPatient, history: PlainHistory) -> str:
    """Decide after a block of systemic therapy."""
    if patient.deceased:
        return "X1"
    if patient.withdrawn:
        return "X2"
    if patient.fitness == "unfit" or not patient.willing:
        return "B1"
    if patient.dose_limiting_toxicity and history.de_escalations < 2:
        return "B2"
    return "B3"


def response_evaluation(patient: PlainPatient, history: PlainHistory) -> str:
    """Decide what imaging leads to."""
    if patient.deceased:
        return "X1"
    if patient.withdrawn:
        return "X2"
    if patient.fitness == "unfit" or not patient.willing:
        return "C1"
    if patient.evaluable:
        response = patient.response
        progressing = response == "progressive" or history.arrived_from == "ned_surveillance"
        if (
            not progressing or (patient.focal_progression and not _regional_possible(patient, history))
        ) and _ned_achievable(patient):
            return "C3"
        promising = not progressing and (response != "stable" or patient.weeks_on_line < 8)
    else:
        if history.rounds_here <= 1:
            return "C2"
        promising = True
    if (
        promising
        and history.arrived_from == "first_line_conversion"
        and history.blocks < 3
        and not patient.dose_limiting_toxicity
    ):
        return "C4"
    return "C5" if _regional_possible(patient, history) else "C6"


def regional_therapy(patient: PlainPatient, _history: PlainHistory) -> str:
    """Decide after a round of regional therapy."""
    if patient.deceased:
        return "X1"
    if patient.withdrawn:
        return "X2"
    return "D1" if patient.fitness == "unfit" or not patient.willing else "D3"


def local_treatment(patient: PlainPatient, history: PlainHistory) -> str:
    """Decide after a local session."""
    if patient.deceased:
        return "X1"
    if patient.withdrawn:
        return "X2"
    if patient.session_done and patient.extrahepatic == "none" and _liver_cleared(patient):
        return "E1"
    if patient.fitness == "unfit" or not patient.willing:
        return "E2"
    if patient.residual_treatable and history.rounds_here <= 2 and patient.extrahepatic != "not_eradicable":
        return "E3"
    if history.blocks < 1 and patient.prior_lines <= 0:
        return "E6"
    return "E4" if _regional_possible(patient, history) and not _liver_cleared(patient) else "E5"


def ned_surveillance(patient: PlainPatient, history: PlainHistory) -> str:
    """Decide after a surveillance visit."""
    if patient.deceased:
        return "X1"
    if patient.withdrawn:
        return "X2"
    if not patient.recurrence:
        return "F2" if history.rounds_here < 19 else "F1"
    if patient.fitness == "unfit" or not patient.willing or history.salvages >= 2:
        return "F5"
    if _ned_achievable(patient):
        return "F3"
    return "F6" if history.blocks < 1 and patient.prior_lines <= 0 else "F4"


Branches = Callable[[PlainPatient, PlainHistory], str]

BRANCHES: dict[str, Branches] = {
    function.__name__: function
    for function in (
        initial_assessment,
        first_line_conversion,
        response_evaluation,
        regional_therapy,
        local_treatment,
        ned_surveillance,
    )
}


# -- guards: a model for the transitions package ---------------------------------------------------


class Course(PlainPatient):
    """One patient as a model of a `transitions` machine: facts and history are attributes, guards methods.

    The machine tries the transitions of a state in the order in which they were added, so a guard need not
    repeat that those before it failed.
    """

    state: str
    history: PlainHistory
    step: Callable[[], bool]

    def is_deceased(self) -> bool:
        """Interrupt."""
        return self.deceased

    def is_withdrawn(self) -> bool:
        """Interrupt."""
        return self.withdrawn

    def is_candidate(self) -> bool:
        """Fit and willing."""
        return self.fitness != "unfit" and self.willing

    def is_confirmed(self) -> bool:
        """Liver metastases confirmed."""
        return self.liver_metastases_confirmed

    def is_msi_high(self) -> bool:
        """MSI-high."""
        return self.microsatellite == "msi_high"

    def is_ras_wild_type(self) -> bool:
        """RAS wild type."""
        return self.ras == "wild_type"

    def is_without_result(self) -> bool:
        """Tested without a result."""
        return self.microsatellite == "undetermined" or self.ras == "undetermined"

    def is_ned_achievable(self) -> bool:
        """Local treatment can reach NED."""
        return _ned_achievable(self)

    def is_pretreated(self) -> bool:
        """Had systemic lines before referral."""
        return self.prior_lines > 0

    def must_step_down(self) -> bool:
        """Dose-limiting toxicity with a step down left."""
        return self.dose_limiting_toxicity and self.history.de_escalations < 2

    def must_repeat_imaging(self) -> bool:
        """Imaging could not be read, and may be repeated."""
        return not self.evaluable and self.history.rounds_here <= 1

    def is_progressing(self) -> bool:
        """Progressive on imaging, or back from surveillance."""
        return self.response == "progressive" or self.history.arrived_from == "ned_surveillance"

    def is_operable(self) -> bool:
        """Local treatment now leads to NED."""
        return (
            self.evaluable
            and (not self.is_progressing() or (self.focal_progression and not self.is_regional_possible()))
            and _ned_achievable(self)
        )

    def is_worth_continuing(self) -> bool:
        """First line goes on."""
        history = self.history
        return (
            history.arrived_from == "first_line_conversion"
            and history.blocks < 3
            and not self.dose_limiting_toxicity
            and (
                not self.evaluable
                or (not self.is_progressing() and (self.response != "stable" or self.weeks_on_line < 8))
            )
        )

    def is_regional_possible(self) -> bool:
        """A round and a modality are left."""
        return _regional_possible(self, self.history)

    def is_eradicated(self) -> bool:
        """All disease eradicated."""
        return self.session_done and self.extrahepatic == "none" and _liver_cleared(self)

    def is_another_session_worthwhile(self) -> bool:
        """A further local session makes sense."""
        return self.residual_treatable and self.history.rounds_here <= 2 and self.extrahepatic != "not_eradicable"

    def is_systemic_untried(self) -> bool:
        """No systemic therapy so far."""
        return self.history.blocks < 1 and self.prior_lines <= 0

    def is_liver_rescue_possible(self) -> bool:
        """Regional therapy may still clear the liver."""
        return _regional_possible(self, self.history) and not _liver_cleared(self)

    def has_recurrence(self) -> bool:
        """Recurrence at this visit."""
        return self.recurrence

    def has_completed_surveillance(self) -> bool:
        """The last visit planned."""
        return self.history.rounds_here >= 19

    def is_beyond_salvage(self) -> bool:
        """Unfit, unwilling, or no salvage left."""
        return self.fitness == "unfit" or not self.willing or self.history.salvages >= 2


STATES = (
    *BRANCHES,
    "sustained_ned",
    "palliative_care",
    "out_of_scope",
    "deceased",
    "withdrawn",
)


def _way(source: str | list[str], dest: str, *conditions: str, unless: Sequence[str] = ()) -> dict[str, Any]:
    return {
        "trigger": "step",
        "source": source,
        "dest": dest,
        "conditions": list(conditions),
        "unless": list(unless),
    }


TRANSITIONS = (
    _way(list(BRANCHES), "deceased", "is_deceased"),
    _way(list(BRANCHES), "withdrawn", "is_withdrawn"),
    _way("initial_assessment", "out_of_scope", unless=["is_confirmed"]),
    _way("initial_assessment", "out_of_scope", "is_msi_high"),
    _way("initial_assessment", "out_of_scope", "is_ras_wild_type"),
    _way("initial_assessment", "out_of_scope", "is_without_result"),
    _way("initial_assessment", "palliative_care", unless=["is_candidate"]),
    _way("initial_assessment", "local_treatment", "is_ned_achievable"),
    _way("initial_assessment", "first_line_conversion", unless=["is_pretreated"]),
    _way("initial_assessment", "response_evaluation"),
    _way("first_line_conversion", "palliative_care", unless=["is_candidate"]),
    _way("first_line_conversion", "first_line_conversion", "must_step_down"),
    _way("first_line_conversion", "response_evaluation"),
    _way("response_evaluation", "palliative_care", unless=["is_candidate"]),
    _way("response_evaluation", "response_evaluation", "must_repeat_imaging"),
    _way("response_evaluation", "local_treatment", "is_operable"),
    _way("response_evaluation", "first_line_conversion", "is_worth_continuing"),
    _way("response_evaluation", "regional_therapy", "is_regional_possible"),
    _way("response_evaluation", "palliative_care"),
    _way("regional_therapy", "palliative_care", unless=["is_candidate"]),
    _way("regional_therapy", "response_evaluation"),
    _way("local_treatment", "ned_surveillance", "is_eradicated"),
    _way("local_treatment", "palliative_care", unless=["is_candidate"]),
    _way("local_treatment", "local_treatment", "is_another_session_worthwhile"),
    _way("local_treatment", "first_line_conversion", "is_systemic_untried"),
    _way("local_treatment", "regional_therapy", "is_liver_rescue_possible"),
    _way("local_treatment", "palliative_care"),
    _way("ned_surveillance", "ned_surveillance", unless=["has_recurrence", "has_completed_surveillance"]),
    _way("ned_surveillance", "sustained_ned", unless=["has_recurrence"]),
    _way("ned_surveillance", "palliative_care", "is_beyond_salvage"),
    _way("ned_surveillance", "local_treatment", "is_ned_achievable"),
    _way("ned_surveillance", "first_line_conversion", "is_systemic_untried"),
    _way("ned_surveillance", "response_evaluation"),
)


def machine(models: Sequence[Course]) -> Machine:
    """Return the machine that drives these models, each in the first state."""
    return Machine(
        model=list(models),
        states=list(STATES),
        transitions=list(TRANSITIONS),
        initial="initial_assessment",
        auto_transitions=False,
    )
