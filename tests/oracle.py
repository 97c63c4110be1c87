"""An independent reading of the pathway, against which the library is tested.

Nothing here comes from the library. Courses, records and lesions are plain dictionaries in their JSON
form; a missing key or None is an unknown fact. The pathway is written out as ordinary expressions over
three-valued truths, and every truth that is unknown carries the paths of the facts it waits for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

Record = Mapping[str, Any]
Policy = Mapping[str, float]

POLICY: Final[dict[str, float]] = {
    "max_de_escalations": 2,
    "max_evaluations": 3,
    "max_repeat_imaging": 1,
    "max_regional_rounds": 3,
    "max_repeat_local": 2,
    "max_salvages": 2,
    "surveillance_visits": 19,
    "second_look_weeks": 8,
    "rfa_max_diameter_mm": 30,
    "margin_floor_mm": 1,
    "margin_target_mm": 10,
    "sirt_late_line": 3,
    "high_burden_count": 10,
}

PATIENT_FACTS: Final = (
    "deceased",
    "withdrawn",
    "liver_metastases_confirmed",
    "microsatellite",
    "ras",
    "ras_variant",
    "fitness",
    "willing",
    "bevacizumab_contraindicated",
    "in_g12c_inhibitor_trial",
    "in_immunotherapy_trial",
    "liver_metastasis_count",
    "lesions",
    "remnant_adequate",
    "extrahepatic",
    "dose_limiting_toxicity",
    "evaluable",
    "response",
    "focal_progression",
    "weeks_on_line",
    "prior_lines",
    "portal_vein_thrombus",
    "hai_available",
    "debiri_available",
    "sirt_available",
    "second_line_available",
    "embolisation_contraindicated",
    "liver_reserve_adequate",
    "hai_failed",
    "debiri_failed",
    "sirt_given",
    "fudr_dose_mg_per_kg_per_day",
    "session_done",
    "residual_treatable",
    "recurrence",
)
LESION_FACTS: Final = (
    "segment",
    "visibility",
    "diameter_mm",
    "near_critical_structure",
    "deep",
    "resectable",
    "planned_margin_mm",
    "rfa_feasible",
    "sbrt_feasible",
    "site_in_reach",
    "destroyed",
    "treated_by",
    "pathological_margin_mm",
)
FALSE_UNLESS_RECORDED: Final = (
    "deceased",
    "withdrawn",
    "in_g12c_inhibitor_trial",
    "in_immunotherapy_trial",
    "hai_failed",
    "debiri_failed",
    "sirt_given",
)

INITIAL: Final = "initial_assessment"
TERMINAL: Final = frozenset({"sustained_ned", "palliative_care", "out_of_scope", "deceased", "withdrawn"})

# The facts that become unknown when a state is entered.
ASKS: Final[dict[str, tuple[str, ...]]] = {
    "first_line_conversion": ("dose_limiting_toxicity", "fitness"),
    "response_evaluation": (
        "evaluable",
        "response",
        "focal_progression",
        "weeks_on_line",
        "lesions",
        "liver_metastasis_count",
        "extrahepatic",
        "remnant_adequate",
    ),
    "regional_therapy": ("sirt_given", "hai_failed", "debiri_failed"),
    "local_treatment": ("session_done", "residual_treatable"),
    "ned_surveillance": (
        "recurrence",
        "lesions",
        "extrahepatic",
        "remnant_adequate",
        "fitness",
        "willing",
    ),
}
# The same for the facts of every lesion.
ASKS_OF_LESIONS: Final[dict[str, tuple[str, ...]]] = {
    "local_treatment": ("destroyed", "treated_by", "pathological_margin_mm"),
}

TARGET_STATE: Final = {
    "X1": "deceased",
    "X2": "withdrawn",
    "A1": "out_of_scope",
    "A2": "out_of_scope",
    "A3": "out_of_scope",
    "A4": "out_of_scope",
    "A5": "palliative_care",
    "A6": "local_treatment",
    "A7": "first_line_conversion",
    "A8": "response_evaluation",
    "B1": "palliative_care",
    "B2": "first_line_conversion",
    "B3": "response_evaluation",
    "C1": "palliative_care",
    "C2": "response_evaluation",
    "C3": "local_treatment",
    "C4": "first_line_conversion",
    "C5": "regional_therapy",
    "C6": "palliative_care",
    "D1": "palliative_care",
    "D3": "response_evaluation",
    "E1": "ned_surveillance",
    "E2": "palliative_care",
    "E3": "local_treatment",
    "E4": "regional_therapy",
    "E5": "palliative_care",
    "E6": "first_line_conversion",
    "F1": "sustained_ned",
    "F2": "ned_surveillance",
    "F3": "local_treatment",
    "F4": "response_evaluation",
    "F5": "palliative_care",
    "F6": "first_line_conversion",
}


# --- three-valued truth ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Truth:
    """True, false, or unknown (None) together with the paths of the facts it waits for."""

    value: bool | None
    waits: frozenset[str] = frozenset()

    def __and__(self, other: Truth) -> Truth:
        """Kleene's and."""
        if self.value is False or other.value is False:
            return NO
        if self.value is True:
            return other
        if other.value is True:
            return self
        return Truth(None, self.waits | other.waits)

    def __or__(self, other: Truth) -> Truth:
        """Kleene's or."""
        if self.value is True or other.value is True:
            return YES
        if self.value is False:
            return other
        if other.value is False:
            return self
        return Truth(None, self.waits | other.waits)

    def __invert__(self) -> Truth:
        """Kleene's not."""
        if self.value is None:
            return self
        return NO if self.value else YES

    def __bool__(self) -> bool:
        """Refuse: unknown is neither."""
        raise TypeError("a three-valued truth is not a bool: ask for its value")


YES: Final = Truth(True)
NO: Final = Truth(False)


def known(value: bool) -> Truth:
    """A truth that does not depend on the record."""
    return YES if value else NO


class Facts:
    """A record, or one lesion of it, read in comparisons. An unknown fact gives an unknown truth."""

    __slots__ = ("prefix", "values")

    def __init__(self, values: Record, prefix: str = "") -> None:
        self.values = values
        self.prefix = prefix

    def unknown(self, name: str) -> Truth:
        """Unknown, waiting for a fact of this record."""
        return Truth(None, frozenset((self.prefix + name,)))

    def yes(self, name: str) -> Truth:
        """The fact holds."""
        value = self.values.get(name)
        return self.unknown(name) if value is None else known(value)

    def is_in(self, name: str, *choices: str) -> Truth:
        """The fact is one of the choices."""
        value = self.values.get(name)
        return self.unknown(name) if value is None else known(value in choices)

    def below(self, name: str, bound: float) -> Truth:
        """The number is less than the bound."""
        value = self.values.get(name)
        return self.unknown(name) if value is None else known(value < bound)

    def at_most(self, name: str, bound: float) -> Truth:
        """The number is the bound or less."""
        value = self.values.get(name)
        return self.unknown(name) if value is None else known(value <= bound)

    def above(self, name: str, bound: float) -> Truth:
        """The number is more than the bound."""
        value = self.values.get(name)
        return self.unknown(name) if value is None else known(value > bound)

    def at_least(self, name: str, bound: float) -> Truth:
        """The number is the bound or more."""
        value = self.values.get(name)
        return self.unknown(name) if value is None else known(value >= bound)

    def lesions(self) -> list[Facts] | None:
        """The lesions, or None where the list is unknown."""
        items = self.values.get("lesions")
        if items is None:
            return None
        return [Facts(item, f"{self.prefix}lesions[{index}].") for index, item in enumerate(items)]

    def every_lesion(self, test: Callable[[Facts], Truth]) -> Truth:
        """The test holds for every lesion."""
        items = self.lesions()
        if items is None:
            return self.unknown("lesions")
        result = YES
        for item in items:
            result = result & test(item)
        return result

    def some_lesion(self, test: Callable[[Facts], Truth]) -> Truth:
        """The test holds for some lesion."""
        return ~self.every_lesion(lambda lesion: ~test(lesion))


_LESION_PATH: Final = re.compile(r"lesions\[(\d+)\]\.(\w+)")
_PATIENT_ORDER: Final = {name: position for position, name in enumerate(PATIENT_FACTS)}
_LESION_ORDER: Final = {name: position for position, name in enumerate(LESION_FACTS)}


def _declared(path: str) -> tuple[int, int, int]:
    match = _LESION_PATH.fullmatch(path)
    if match is None:
        return (_PATIENT_ORDER[path], -1, -1)
    return (_PATIENT_ORDER["lesions"], int(match[1]), _LESION_ORDER[match[2]])


def in_order(paths: frozenset[str]) -> list[str]:
    """Paths in the order in which their facts are declared."""
    return sorted(paths, key=_declared)


# --- what the journey knows about itself ----------------------------------------------------------


@dataclass
class History:
    """How often each transition was taken, by its code, and how the journey came to be where it is."""

    taken: dict[str, int] = field(default_factory=dict[str, int])
    rounds_here: int = 1
    arrived_from: str | None = None


def taken(history: History, *codes: str) -> int:
    """How often the named transitions have been taken, together."""
    return sum(history.taken.get(code, 0) for code in codes)


# --- one lesion -----------------------------------------------------------------------------------


def _cleared(lesion: Facts, policy: Policy) -> Truth:
    wide_enough = lesion.above("pathological_margin_mm", policy["margin_floor_mm"])
    return lesion.yes("destroyed") & (lesion.is_in("treated_by", "rfa", "sbrt") | wide_enough)


def _done(lesion: Facts, policy: Policy) -> Truth:
    if lesion.values.get("destroyed") is None:
        return NO
    return _cleared(lesion, policy)


def _target(lesion: Facts) -> Truth:
    return lesion.is_in("visibility", "visible", "disappeared_found")


def _clear_margin(lesion: Facts, policy: Policy) -> Truth:
    return lesion.yes("resectable") & lesion.above("planned_margin_mm", policy["margin_floor_mm"])


def _ablatable(lesion: Facts, policy: Policy) -> Truth:
    return lesion.below("diameter_mm", policy["rfa_max_diameter_mm"]) & lesion.yes("rfa_feasible")


def _lesion_rows(lesion: Facts, policy: Policy) -> dict[str, Truth]:
    target = _target(lesion)
    critical = lesion.yes("near_critical_structure")
    deep = lesion.yes("deep")
    sbrt = lesion.yes("sbrt_feasible")
    reach = lesion.yes("site_in_reach")
    margin = _clear_margin(lesion, policy)
    ablatable = _ablatable(lesion, policy)
    not_found = lesion.is_in("visibility", "disappeared_not_found")
    away = target & ~critical
    return {
        "search_intraoperatively": lesion.is_in("visibility", "disappeared"),
        "treat_site": not_found & reach,
        "surveil_site": not_found & ~reach,
        "sbrt (critical structure)": target & critical & sbrt,
        "high_risk_resection": target & critical & ~sbrt & margin,
        "untreatable (critical structure)": target & critical & ~sbrt & ~margin,
        "rfa (deep)": away & deep & ablatable,
        "parenchyma_sparing_resection": away & ~deep & margin,
        "parenchyma_sparing_resection (deep, not ablatable)": away & deep & ~ablatable & margin,
        "rfa (not resectable)": away & ~deep & ablatable & ~margin,
        "sbrt (technically difficult)": away & ~ablatable & ~margin & sbrt,
        "untreatable": away & ~ablatable & ~margin & ~sbrt,
    }


def _untreatable(lesion: Facts, policy: Policy) -> Truth:
    target = _target(lesion)
    critical = lesion.yes("near_critical_structure")
    sbrt = lesion.yes("sbrt_feasible")
    margin = _clear_margin(lesion, policy)
    near = target & critical & ~sbrt & ~margin
    away = target & ~critical & ~_ablatable(lesion, policy) & ~margin & ~sbrt
    return ~_done(lesion, policy) & (near | away)


def _resection(lesion: Facts, policy: Policy) -> Truth:
    rows = _lesion_rows(lesion, policy)
    return (
        rows["high_risk_resection"]
        | rows["parenchyma_sparing_resection"]
        | rows["parenchyma_sparing_resection (deep, not ablatable)"]
    )


def _only(rows: Mapping[str, Truth], table: str) -> str | None:
    chosen = [row for row, truth in rows.items() if truth.value is True]
    if len(chosen) > 1:
        raise AssertionError(f"{table}: more than one row holds: {', '.join(chosen)}")
    if not chosen and not any(truth.waits for truth in rows.values()):
        raise AssertionError(f"{table}: no row holds although nothing is unknown")
    return chosen[0] if chosen else None


def _name(row: str | None) -> str | None:
    return None if row is None else row.partition(" (")[0]


def lesion_row(lesion: Record, policy: Policy = POLICY) -> str | None:
    """The row of the lesion table that holds, or None where that is not decidable.

    Rows that give the same option differ by a remark in brackets.
    """
    facts = Facts(lesion)
    done = _done(facts, policy)
    if done.value is None:
        return None
    if done.value:
        return "done"
    return _only(_lesion_rows(facts, policy), "lesion")


def lesion_option(lesion: Record, policy: Policy = POLICY) -> str | None:
    """What the lesion table offers for one lesion, or None where that is not decidable."""
    return _name(lesion_row(lesion, policy))


# --- named criteria -------------------------------------------------------------------------------


def _candidate(patient: Facts) -> Truth:
    return patient.is_in("fitness", "triplet", "doublet") & patient.yes("willing")


def _reachable_outside(patient: Facts) -> Truth:
    return patient.is_in("extrahepatic", "none", "eradicable")


def _ned_achievable(patient: Facts, policy: Policy) -> Truth:
    all_treatable = patient.every_lesion(lambda lesion: ~_untreatable(lesion, policy))
    return _reachable_outside(patient) & patient.yes("remnant_adequate") & all_treatable


def _systemic_untried(patient: Facts, history: History) -> Truth:
    return known(taken(history, "B3") < 1) & patient.at_most("prior_lines", 0)


def _sirt_possible(patient: Facts) -> Truth:
    return patient.yes("sirt_available") & patient.yes("liver_reserve_adequate") & ~patient.yes("sirt_given")


def _hai_possible(patient: Facts) -> Truth:
    return patient.yes("hai_available") & ~patient.yes("hai_failed")


def _debiri_possible(patient: Facts) -> Truth:
    return (
        patient.yes("debiri_available") & ~patient.yes("embolisation_contraindicated") & ~patient.yes("debiri_failed")
    )


def _any_modality(patient: Facts) -> Truth:
    return (
        _sirt_possible(patient)
        | _hai_possible(patient)
        | _debiri_possible(patient)
        | patient.yes("second_line_available")
    )


def _regional_possible(patient: Facts, history: History, policy: Policy) -> Truth:
    rounds_left = known(taken(history, "D3") < policy["max_regional_rounds"])
    return rounds_left & _any_modality(patient) & _reachable_outside(patient)


def _progressing(patient: Facts, history: History) -> Truth:
    recurred = known(history.arrived_from == "ned_surveillance")
    return patient.yes("evaluable") & (patient.is_in("response", "progressive") | recurred)


def _continue_first_line(patient: Facts, history: History, policy: Policy) -> Truth:
    evaluable = patient.yes("evaluable")
    still_responding = evaluable & patient.is_in("response", "complete", "partial")
    early = patient.below("weeks_on_line", policy["second_look_weeks"])
    too_early_to_judge = ~evaluable | (patient.is_in("response", "stable") & early)
    return (
        known(history.arrived_from == "first_line_conversion")
        & known(taken(history, "B3") < policy["max_evaluations"])
        & ~patient.yes("dose_limiting_toxicity")
        & ~_progressing(patient, history)
        & (still_responding | too_early_to_judge)
    )


def _liver_cleared(patient: Facts, policy: Policy) -> Truth:
    return patient.every_lesion(lambda lesion: ~_target(lesion) | _cleared(lesion, policy))


# --- the guards of each state ---------------------------------------------------------------------


def _initial_assessment(patient: Facts, _history: History, policy: Policy) -> dict[str, Truth]:
    confirmed = patient.yes("liver_metastases_confirmed")
    msi_high = patient.is_in("microsatellite", "msi_high")
    wild_type = patient.is_in("ras", "wild_type")
    untyped = patient.is_in("microsatellite", "undetermined") | patient.is_in("ras", "undetermined")
    in_scope = confirmed & patient.is_in("microsatellite", "mss") & patient.is_in("ras", "mutant")
    candidate = _candidate(patient)
    achievable = _ned_achievable(patient, policy)
    return {
        "A1": ~confirmed,
        "A2": confirmed & msi_high,
        "A3": confirmed & ~msi_high & wild_type,
        "A4": confirmed & ~msi_high & ~wild_type & untyped,
        "A5": in_scope & ~candidate,
        "A6": in_scope & candidate & achievable,
        "A7": in_scope & candidate & ~achievable & patient.at_most("prior_lines", 0),
        "A8": in_scope & candidate & ~achievable & patient.at_least("prior_lines", 1),
    }


def _first_line_conversion(patient: Facts, history: History, policy: Policy) -> dict[str, Truth]:
    candidate = _candidate(patient)
    toxicity = patient.yes("dose_limiting_toxicity")
    steps_left = known(taken(history, "B2") < policy["max_de_escalations"])
    return {
        "B1": ~candidate,
        "B2": candidate & toxicity & steps_left,
        "B3": candidate & ~(toxicity & steps_left),
    }


def _response_evaluation(patient: Facts, history: History, policy: Policy) -> dict[str, Truth]:
    candidate = _candidate(patient)
    evaluable = patient.yes("evaluable")
    repeat = ~evaluable & known(history.rounds_here <= policy["max_repeat_imaging"])
    regional = _regional_possible(patient, history, policy)
    focal_only = patient.yes("focal_progression") & ~regional
    operable = evaluable & _ned_achievable(patient, policy) & (~_progressing(patient, history) | focal_only)
    resume = _continue_first_line(patient, history, policy)
    return {
        "C1": ~candidate,
        "C2": candidate & repeat,
        "C3": candidate & ~repeat & operable,
        "C4": candidate & ~repeat & ~operable & resume,
        "C5": candidate & ~repeat & ~operable & ~resume & regional,
        "C6": candidate & ~repeat & ~operable & ~resume & ~regional,
    }


def _regional_therapy(patient: Facts, _history: History, _policy: Policy) -> dict[str, Truth]:
    candidate = _candidate(patient)
    return {"D1": ~candidate, "D3": candidate}


def _local_treatment(patient: Facts, history: History, policy: Policy) -> dict[str, Truth]:
    candidate = _candidate(patient)
    liver_cleared = _liver_cleared(patient, policy)
    eradicated = patient.yes("session_done") & patient.is_in("extrahepatic", "none") & liver_cleared
    sessions_left = known(history.rounds_here <= policy["max_repeat_local"])
    another = patient.yes("residual_treatable") & sessions_left & _reachable_outside(patient)
    untried = _systemic_untried(patient, history)
    rescue = _regional_possible(patient, history, policy) & ~liver_cleared
    return {
        "E1": eradicated,
        "E2": ~eradicated & ~candidate,
        "E3": ~eradicated & candidate & another,
        "E4": ~eradicated & candidate & ~another & ~untried & rescue,
        "E5": ~eradicated & candidate & ~another & ~untried & ~rescue,
        "E6": ~eradicated & candidate & ~another & untried,
    }


def _ned_surveillance(patient: Facts, history: History, policy: Policy) -> dict[str, Truth]:
    recurrence = patient.yes("recurrence")
    candidate = _candidate(patient)
    watched = known(history.rounds_here >= policy["surveillance_visits"])
    salvage_left = known(taken(history, "F3", "F4", "F6") < policy["max_salvages"])
    achievable = _ned_achievable(patient, policy)
    untried = _systemic_untried(patient, history)
    return {
        "F1": ~recurrence & watched,
        "F2": ~recurrence & ~watched,
        "F3": recurrence & candidate & salvage_left & achievable,
        "F4": recurrence & candidate & salvage_left & ~achievable & ~untried,
        "F5": recurrence & ~(candidate & salvage_left),
        "F6": recurrence & candidate & salvage_left & ~achievable & untried,
    }


_STATES: Final[dict[str, Callable[[Facts, History, Policy], dict[str, Truth]]]] = {
    "initial_assessment": _initial_assessment,
    "first_line_conversion": _first_line_conversion,
    "response_evaluation": _response_evaluation,
    "regional_therapy": _regional_therapy,
    "local_treatment": _local_treatment,
    "ned_surveillance": _ned_surveillance,
}


def guards(state: str, record: Record, history: History, policy: Policy = POLICY) -> dict[str, Truth]:
    """The truth of every guard of a state, by code, the interrupts first. A terminal state has none."""
    if state in TERMINAL:
        return {}
    patient = Facts(record)
    deceased = patient.yes("deceased")
    withdrawn = patient.yes("withdrawn")
    present = ~deceased & ~withdrawn
    result = {"X1": deceased, "X2": withdrawn & ~deceased}
    for code, guard in _STATES[state](patient, history, policy).items():
        result[code] = present & guard
    return result


def decide(state: str, record: Record, history: History, policy: Policy = POLICY) -> tuple[str | None, list[str]]:
    """The code of the transition to take, or None and the facts waited for; neither in a terminal state."""
    if state in TERMINAL:
        return None, []
    truths = guards(state, record, history, policy)
    enabled = [code for code, truth in truths.items() if truth.value is True]
    if len(enabled) > 1:
        raise AssertionError(f"{state}: {', '.join(enabled)} are enabled together: {dict(record)}")
    if enabled:
        return enabled[0], []
    waits = frozenset[str]().union(*(truth.waits for truth in truths.values()))
    if not waits:
        raise AssertionError(f"{state}: no transition is enabled although nothing is unknown: {dict(record)}")
    return None, in_order(waits)


# --- options --------------------------------------------------------------------------------------


def regimen_row(record: Record, policy: Policy = POLICY) -> str | None:
    """The row of the regimen table that holds, or None where that is not decidable or the patient unfit."""
    patient = Facts(record)
    if patient.is_in("fitness", "unfit").value is True:
        return None
    triplet = patient.is_in("fitness", "triplet")
    doublet = patient.is_in("fitness", "doublet")
    no_bevacizumab = patient.yes("bevacizumab_contraindicated")
    rows = {
        "folfoxiri_bev": triplet & ~no_bevacizumab,
        "doublet_bev": doublet & ~no_bevacizumab,
        "folfoxiri": triplet & no_bevacizumab,
        "doublet": doublet & no_bevacizumab,
    }
    return _only(rows, "regimen")


def regimen(record: Record, policy: Policy = POLICY) -> str | None:
    """The systemic regimen of first-line conversion, or None where that is not decidable."""
    return _name(regimen_row(record, policy))


def add_on_row(record: Record, policy: Policy = POLICY) -> str | None:
    """The row of the add-on table that holds, or None where that is not decidable."""
    patient = Facts(record)
    on_triplet = patient.is_in("fitness", "triplet") & ~patient.yes("bevacizumab_contraindicated")
    g12c = patient.is_in("ras_variant", "kras_g12c")
    g12c_inhibitor = on_triplet & g12c & patient.yes("in_g12c_inhibitor_trial")
    pd1_inhibitor = on_triplet & patient.yes("in_immunotherapy_trial") & ~g12c_inhibitor
    rows = {
        "kras_g12c_inhibitor": g12c_inhibitor,
        "pd1_inhibitor": pd1_inhibitor,
        "none": ~g12c_inhibitor & ~pd1_inhibitor,
    }
    return _only(rows, "add-on")


def add_on(record: Record, policy: Policy = POLICY) -> str | None:
    """What is added to the regimen within a trial, or None where that is not decidable."""
    return _name(add_on_row(record, policy))


def modality_row(record: Record, policy: Policy = POLICY) -> str | None:
    """The row of the modality table that holds, or None where that is not decidable."""
    patient = Facts(record)
    sirt = _sirt_possible(patient)
    hai = _hai_possible(patient)
    debiri = _debiri_possible(patient)
    thrombus = patient.yes("portal_vein_thrombus")
    late = patient.at_least("prior_lines", policy["sirt_late_line"])
    prefer_sirt = sirt & (thrombus | late)
    rows = {
        "sirt (portal-vein thrombus)": sirt & thrombus,
        "sirt (late line)": sirt & ~thrombus & late,
        "hai": ~prefer_sirt & hai,
        "debiri": ~prefer_sirt & ~hai & debiri,
        "sirt (remaining option)": ~prefer_sirt & ~hai & ~debiri & sirt,
        "second_line_systemic": ~sirt & ~hai & ~debiri & patient.yes("second_line_available"),
        "none": ~_any_modality(patient),
    }
    return _only(rows, "modality")


def modality(record: Record, policy: Policy = POLICY) -> str | None:
    """The regional modality, or None where that is not decidable."""
    return _name(modality_row(record, policy))


def options(state_entered: str, record: Record, policy: Policy = POLICY) -> dict[str, Any]:
    """What the state just entered offers this patient, in the form in which results are printed."""
    if state_entered == "first_line_conversion":
        return {"regimen": regimen(record, policy), "add_on": add_on(record, policy)}
    if state_entered == "regional_therapy":
        return {"modality": modality(record, policy)}
    if state_entered == "local_treatment":
        lesions = record.get("lesions")
        if lesions is None:
            return {"lesions": None}
        return {"lesions": [lesion_option(lesion, policy) for lesion in lesions]}
    return {}


# --- advisories -----------------------------------------------------------------------------------


def _below_ras_target(lesion: Facts, policy: Policy) -> Truth:
    target = policy["margin_target_mm"]
    planned = lesion.at_most("planned_margin_mm", target)
    achieved = lesion.is_in("treated_by", "resection") & lesion.at_most("pathological_margin_mm", target)
    return (~_done(lesion, policy) & _resection(lesion, policy) & planned) | achieved


def _advisories_of(state: str, record: Record, policy: Policy) -> list[str]:
    patient = Facts(record)
    raised: list[str] = []
    if state in ("initial_assessment", "response_evaluation"):
        if patient.at_least("liver_metastasis_count", policy["high_burden_count"]).value is True:
            raised.append("high_burden")
        lesions = record.get("lesions")
        if lesions is not None and len(lesions) == 0:
            raised.append("no_lesion_listed")
    if state == "local_treatment":
        if patient.some_lesion(lambda lesion: _below_ras_target(lesion, policy)).value is True:
            raised.append("margin_below_ras_target")
        if patient.some_lesion(lambda lesion: lesion.is_in("visibility", "disappeared")).value is True:
            raised.append("search_disappeared_lesions")
    return raised


def advisories(state_left: str, state_entered: str, record: Record, policy: Policy = POLICY) -> list[str]:
    """The advisories of a step: those of the state left, then those of the state entered, each once."""
    raised = _advisories_of(state_left, record, policy) + _advisories_of(state_entered, record, policy)
    return list(dict.fromkeys(raised))


# --- a whole course -------------------------------------------------------------------------------


class Walk:
    """One patient's way through the pathway, a visit at a time."""

    def __init__(self, referral: Record, policy: Policy = POLICY) -> None:
        self.policy = policy
        self.state = INITIAL
        self.history = History()
        self.visits_used = 0
        self.steps: list[dict[str, Any]] = []
        self.record: dict[str, Any] = dict.fromkeys(FALSE_UNLESS_RECORDED, False)
        self._learn(referral)

    @property
    def finished(self) -> bool:
        """Whether a terminal state is reached."""
        return self.state in TERMINAL

    @property
    def waiting_for(self) -> list[str]:
        """The facts that the next step waits for; none where it is decided."""
        return decide(self.state, self.record, self.history, self.policy)[1]

    def visit(self, facts: Record) -> dict[str, Any] | None:
        """Record the facts of a visit and take at most one step. A visit after the end changes nothing."""
        if self.finished:
            return None
        self._learn(facts)
        number = self.visits_used
        self.visits_used += 1
        code, _ = decide(self.state, self.record, self.history, self.policy)
        if code is None:
            return None
        left, entered = self.state, TARGET_STATE[code]
        step: dict[str, Any] = {
            "visit": number,
            "from": left,
            "to": entered,
            "code": code,
            "options": options(entered, self.record, self.policy),
            "advisories": advisories(left, entered, self.record, self.policy),
        }
        self.steps.append(step)
        self._enter(code, entered)
        return step

    def _learn(self, facts: Record) -> None:
        for name, value in facts.items():
            if value is not None:
                self.record[name] = value

    def _enter(self, code: str, entered: str) -> None:
        history = self.history
        history.taken[code] = history.taken.get(code, 0) + 1
        if entered == self.state:
            history.rounds_here += 1
        else:
            history.arrived_from = self.state
            history.rounds_here = 1
        self.state = entered
        for name in ASKS.get(entered, ()):
            self.record.pop(name, None)
        stale = ASKS_OF_LESIONS.get(entered, ())
        lesions = self.record.get("lesions")
        if stale and lesions is not None:
            self.record["lesions"] = [
                {name: value for name, value in lesion.items() if name not in stale} for lesion in lesions
            ]


def run(course: Mapping[str, Any], policy: Policy = POLICY) -> dict[str, Any]:
    """Follow a course to its end: where the patient stands, what is waited for, and every step taken."""
    walk = Walk(course["patient"], policy)
    for visit in course["visits"]:
        walk.visit(visit["facts"])
    return {
        "state": walk.state,
        "finished": walk.finished,
        "visits_used": walk.visits_used,
        "waiting_for": walk.waiting_for,
        "steps": walk.steps,
    }
