"""Random courses for differential tests: plain dictionaries in the form of a course file.

`complete_course` records every fact at every visit and ends in a terminal state. `partial_course` leaves
facts out and fills some of them in later. Both are steered: most patients are in scope, journeys are
long, and values at the edge of a rule are drawn often. The same seed gives the same course.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from oracle import FALSE_UNLESS_RECORDED, Walk, lesion_option

Facts = dict[str, Any]

_LONGEST: Final = 200
_DIAMETERS: Final = (29.9, 30.0, 30.1)
_MARGINS: Final = (1.0, 1.1, 10.0, 10.1)
_WEEKS: Final = (7.9, 8.0, 8.1)
_DOSES: Final = (0.01, 0.05, 0.1, 0.12)
_VISIBILITIES: Final = ("visible", "disappeared", "disappeared_found", "disappeared_not_found")
_RESPONSES: Final = ("complete", "partial", "stable", "progressive")
_LESION_FLAGS: Final = (
    "near_critical_structure",
    "deep",
    "resectable",
    "rfa_feasible",
    "sbrt_feasible",
    "site_in_reach",
)
_VARIANTS: Final = ("kras_g12c", "kras_g12c", "kras_g12d", "kras_g13d", "other", "undetermined")


# --- the patient behind a course ------------------------------------------------------------------


@dataclass
class _Patient:
    """What stays the same, or changes slowly, over one course."""

    confirmed: bool
    microsatellite: str
    ras: str
    variant: str
    prior_lines: int
    burden: int
    thrombus: bool
    unfit: float
    recurring: float
    succeeding: float
    wild: bool


def _chance(rng: Random, probability: float) -> bool:
    return rng.random() < probability


def _patient(rng: Random) -> _Patient:
    ras = "mutant" if _chance(rng, 0.94) else rng.choice(("wild_type", "undetermined"))
    prior_lines = rng.choice((0, 0, 0, 0, 1, 2, 3)) if _chance(rng, 0.97) else rng.randint(4, 20)
    burden = rng.choice((1, 1, 2, 2, 3, 4)) if _chance(rng, 0.88) else rng.choice((0, 0, 9, 10, 10, 11))
    return _Patient(
        confirmed=_chance(rng, 0.98),
        microsatellite="mss" if _chance(rng, 0.94) else rng.choice(("msi_high", "undetermined")),
        ras=ras,
        variant="undetermined" if ras == "wild_type" else rng.choice(_VARIANTS),
        prior_lines=prior_lines,
        burden=burden,
        thrombus=_chance(rng, 0.2),
        unfit=rng.choice((0.0, 0.03, 0.03, 0.15)),
        recurring=rng.choice((0.0, 0.05, 0.3, 0.3, 0.7)),
        succeeding=rng.choice((0.3, 0.6, 0.9)),
        wild=_chance(rng, 0.08),
    )


# --- lesions --------------------------------------------------------------------------------------


def _margin(rng: Random) -> float:
    draw = rng.random()
    if draw < 0.5:
        return rng.choice(_MARGINS)
    if draw < 0.52:
        return rng.choice((0.0, 100.0))
    return round(30.0 * rng.random(), 1)


def _diameter(rng: Random) -> float:
    draw = rng.random()
    if draw < 0.45:
        return rng.choice(_DIAMETERS)
    if draw < 0.47:
        return rng.choice((0.1, 300.0))
    return round(1.0 + 70.0 * rng.random(), 1)


def _lesion(rng: Random) -> Facts:
    """One liver metastasis that nobody has treated, every fact known."""
    lesion: Facts = {"segment": rng.randint(1, 8)} if _chance(rng, 0.5) else {}
    lesion["visibility"] = "visible" if _chance(rng, 0.7) else rng.choice(_VISIBILITIES)
    lesion["diameter_mm"] = _diameter(rng)
    lesion["near_critical_structure"] = _chance(rng, 0.3)
    lesion["deep"] = _chance(rng, 0.4)
    lesion["resectable"] = _chance(rng, 0.65)
    lesion["planned_margin_mm"] = _margin(rng)
    lesion["rfa_feasible"] = _chance(rng, 0.6)
    lesion["sbrt_feasible"] = _chance(rng, 0.5)
    lesion["site_in_reach"] = _chance(rng, 0.5)
    lesion["destroyed"] = False
    lesion["treated_by"] = "none"
    lesion["pathological_margin_mm"] = _margin(rng)
    return lesion


def _treat(rng: Random, lesion: Facts, success: bool) -> None:
    """Record what a session did to a lesion: cleared it, or one of the ways of falling short."""
    if success:
        lesion["destroyed"] = True
        lesion["treated_by"] = rng.choice(("resection", "resection", "rfa", "sbrt"))
        if lesion["treated_by"] == "resection" and lesion["pathological_margin_mm"] <= 1.0:
            lesion["pathological_margin_mm"] = rng.choice((1.1, 10.0, 10.1))
    elif _chance(rng, 0.4):
        lesion["destroyed"] = True
        lesion["treated_by"] = "resection"
        lesion["pathological_margin_mm"] = rng.choice((0.0, 0.9, 1.0, 1.0))
    else:
        lesion["destroyed"] = False
        lesion["treated_by"] = rng.choice(("none", "none", "resection", "rfa", "sbrt"))


def _lesions(rng: Random, patient: _Patient) -> list[Facts]:
    number = patient.burden
    if _chance(rng, 0.1):
        number = max(0, number + rng.choice((-1, 1)))
    lesions = [_lesion(rng) for _ in range(number)]
    for lesion in lesions:
        if _chance(rng, 0.1):
            _treat(rng, lesion, _chance(rng, 0.6))
    return lesions


def _make_treatable(rng: Random, lesions: list[Facts]) -> None:
    for lesion in lesions:
        if not lesion["sbrt_feasible"] and lesion_option(lesion) == "untreatable":
            if lesion["planned_margin_mm"] > 1.0 and _chance(rng, 0.5):
                lesion["resectable"] = True
            else:
                lesion["sbrt_feasible"] = True


def _make_untreatable(rng: Random, lesion: Facts) -> None:
    lesion["visibility"] = rng.choice(("visible", "disappeared_found"))
    lesion["resectable"] = False
    lesion["sbrt_feasible"] = False
    if not lesion["near_critical_structure"]:
        lesion["rfa_feasible"] = False
    lesion["destroyed"] = False
    lesion["treated_by"] = "none"


def _wild_lesion(rng: Random) -> Facts:
    """One liver metastasis with every fact drawn evenly from its domain."""
    lesion = _lesion(rng)
    lesion["visibility"] = rng.choice(_VISIBILITIES)
    for name in _LESION_FLAGS:
        lesion[name] = _chance(rng, 0.5)
    lesion["destroyed"] = _chance(rng, 0.5)
    treatments = ("resection", "rfa", "sbrt") if lesion["destroyed"] else ("resection", "rfa", "sbrt", "none")
    lesion["treated_by"] = rng.choice(treatments)
    return lesion


# --- the facts of one visit -----------------------------------------------------------------------


def _common_facts(rng: Random, patient: _Patient) -> Facts:
    """Every fact of the record but the lesions, without regard to the state."""
    if _chance(rng, 0.1):
        patient.prior_lines = min(20, patient.prior_lines + 1)
    unfit = _chance(rng, patient.unfit)
    weeks = round(60.0 * rng.random(), 1) if _chance(rng, 0.4) else rng.choice((*_WEEKS, *_WEEKS, 0.0, 520.0))
    available = rng.choice((0.25, 0.6, 0.6))
    return {
        "liver_metastases_confirmed": patient.confirmed,
        "microsatellite": patient.microsatellite,
        "ras": patient.ras,
        "ras_variant": patient.variant,
        "fitness": "unfit" if unfit else rng.choice(("triplet", "doublet")),
        "willing": not _chance(rng, patient.unfit),
        "bevacizumab_contraindicated": _chance(rng, 0.25),
        "in_g12c_inhibitor_trial": _chance(rng, 0.5),
        "in_immunotherapy_trial": _chance(rng, 0.25),
        "remnant_adequate": _chance(rng, 0.7),
        "extrahepatic": rng.choice(("none", "none", "none", "none", "eradicable", "not_eradicable")),
        "dose_limiting_toxicity": _chance(rng, 0.3),
        "evaluable": _chance(rng, 0.8),
        "response": rng.choice(_RESPONSES),
        "focal_progression": _chance(rng, 0.5),
        "weeks_on_line": weeks,
        "prior_lines": patient.prior_lines,
        "portal_vein_thrombus": patient.thrombus,
        "hai_available": _chance(rng, available),
        "debiri_available": _chance(rng, available),
        "sirt_available": _chance(rng, available),
        "second_line_available": _chance(rng, 0.7),
        "embolisation_contraindicated": _chance(rng, 0.2),
        "liver_reserve_adequate": _chance(rng, 0.7),
        "hai_failed": _chance(rng, 0.3),
        "debiri_failed": _chance(rng, 0.3),
        "sirt_given": _chance(rng, 0.3),
        "fudr_dose_mg_per_kg_per_day": rng.choice(_DOSES),
        "session_done": _chance(rng, 0.9),
        "residual_treatable": _chance(rng, 0.5),
        "recurrence": _chance(rng, patient.recurring),
    }


def _steer(rng: Random, patient: _Patient, state: str, facts: Facts) -> None:
    """Lean the facts of a visit towards the less common ways out of a state."""
    lesions: list[Facts] = facts["lesions"]
    if state in ("initial_assessment", "response_evaluation", "ned_surveillance"):
        draw = rng.random()
        if draw < (0.25 if state == "initial_assessment" else 0.45):
            facts["remnant_adequate"] = True
            if facts["extrahepatic"] == "not_eradicable":
                facts["extrahepatic"] = "eradicable"
            _make_treatable(rng, lesions)
        elif draw < 0.75 and lesions:
            _make_untreatable(rng, rng.choice(lesions))
    elif state == "local_treatment":
        if _chance(rng, patient.succeeding):
            facts["session_done"] = True
            facts["extrahepatic"] = "none"
            for lesion in lesions:
                _treat(rng, lesion, True)
        else:
            for lesion in lesions:
                _treat(rng, lesion, _chance(rng, 0.6))
            if lesions and _chance(rng, 0.3):
                _make_untreatable(rng, rng.choice(lesions))


def _wild_facts(rng: Random, patient: _Patient) -> Facts:
    """Every fact drawn with little steering, to reach what steering keeps away from."""
    facts = _common_facts(rng, patient)
    for name, value in facts.items():
        if isinstance(value, bool) and name != "liver_metastases_confirmed":
            facts[name] = _chance(rng, 0.5)
    if patient.variant == "undetermined":
        facts["ras"] = rng.choice(("mutant", "mutant", "mutant", "wild_type", "undetermined"))
    facts["fitness"] = rng.choice(("triplet", "doublet", "unfit"))
    facts["willing"] = _chance(rng, 0.8)
    facts["extrahepatic"] = rng.choice(("none", "eradicable", "not_eradicable"))
    facts["prior_lines"] = rng.choice((0, 1, 2, 3, 20))
    facts["lesions"] = [_wild_lesion(rng) for _ in range(rng.choice((0, 1, 1, 2, 3)))]
    return facts


def _facts(rng: Random, patient: _Patient, state: str) -> Facts:
    """Everything there is to know at a visit in a state, apart from death and withdrawal."""
    if patient.wild:
        facts = _wild_facts(rng, patient)
    else:
        facts = _common_facts(rng, patient)
        facts["lesions"] = _lesions(rng, patient)
        _steer(rng, patient, state, facts)
    number = len(facts["lesions"])
    facts["liver_metastasis_count"] = number if _chance(rng, 0.9) else rng.randint(0, number)
    return facts


def _record_interrupts(rng: Random, facts: Facts) -> None:
    """Say at some visits whether the patient died or withdrew; mostly neither."""
    draw = rng.random()
    if draw < 0.012:
        facts["deceased"] = True
    elif draw < 0.022:
        facts["withdrawn"] = True
    elif draw < 0.025:
        facts["deceased"] = facts["withdrawn"] = True
    elif draw < 0.1:
        facts["deceased"] = facts["withdrawn"] = False


# --- courses --------------------------------------------------------------------------------------


def _calendar(rng: Random) -> Callable[[], Facts]:
    """A function that starts each visit: now and then with a date, never an earlier one than before."""
    dated = rng.choice((0.0, 0.3, 1.0))
    today = date(2015, 1, 1) + timedelta(days=rng.randint(0, 3000))

    def start() -> Facts:
        nonlocal today
        if not _chance(rng, dated):
            return {}
        today += timedelta(days=rng.choice((0, 1, 14, 42, 56, 90)))
        return {"on": today.isoformat()}

    return start


def _course(rng: Random, referral: Facts, visits: list[Facts]) -> Facts:
    course: Facts = {"id": f"course {rng.randint(0, 10**6)}"} if _chance(rng, 0.2) else {}
    course["patient"] = referral
    course["visits"] = visits
    return course


def complete_course(rng: Random) -> Facts:
    """A course that records every fact at every visit, so that each visit decides, up to a terminal state.

    Sometimes further visits follow the end. Death and withdrawal are recorded only at some visits.
    """
    patient = _patient(rng)
    start = _calendar(rng)
    referral = _facts(rng, patient, "initial_assessment")
    for name in FALSE_UNLESS_RECORDED:
        if name in referral and _chance(rng, 0.3):
            del referral[name]
    walk = Walk(referral)
    visits: list[Facts] = []
    extra = rng.choice((0, 0, 0, 1, 2))
    while not walk.finished or extra:
        if walk.finished:
            extra -= 1
        assert len(visits) < _LONGEST, "the course does not end"
        facts = _facts(rng, patient, walk.state)
        _record_interrupts(rng, facts)
        visits.append({**start(), "facts": facts})
        walk.visit(facts)
    return _course(rng, referral, visits)


def _thin(rng: Random, facts: Facts, keep: float) -> Facts:
    """Leave facts out at random, of lesions too; now and then as an explicit null."""
    kept: Facts = {}
    for name, value in facts.items():
        if name == "lesions" and _chance(rng, keep):
            inner = 1.0 if _chance(rng, 0.3) else max(keep, 0.5)
            kept[name] = [_thin(rng, lesion, inner) for lesion in value]
        elif _chance(rng, keep):
            kept[name] = value
        elif _chance(rng, 0.05):
            kept[name] = None
    return kept


def _answer(rng: Random, facts: Facts, asked: list[str]) -> Facts:
    """Record most of the facts that are waited for, and no others."""
    answered: Facts = {}
    for path in asked:
        name = path.partition("[")[0]
        if name in facts and name not in answered and _chance(rng, 0.7):
            answered[name] = facts[name]
    if "lesions" in answered and _chance(rng, 0.7):
        answered["lesions"] = [_thin(rng, lesion, 0.85) for lesion in facts["lesions"]]
    return answered


def partial_course(rng: Random) -> Facts:
    """A course with facts missing at the referral and at visits, some of them filled in later.

    Some visits are empty, and many courses stop before the end.
    """
    patient = _patient(rng)
    start = _calendar(rng)
    keep = rng.choice((0.15, 0.4, 0.7, 0.9))
    truth = _facts(rng, patient, "initial_assessment")
    referral = _thin(rng, truth, rng.choice((0.4, 0.8, 0.95)))
    for name in FALSE_UNLESS_RECORDED:
        if name in referral and referral[name] is None:
            del referral[name]
    walk = Walk(referral)
    visits: list[Facts] = []
    extra = rng.choice((0, 0, 0, 1, 2))
    for _ in range(rng.choice((0, 2, 5, 10, 20, 40))):
        if walk.finished:
            if not extra:
                break
            extra -= 1
        draw = rng.random()
        if draw < 0.07:
            facts: Facts = {}
        elif draw < 0.5 and visits:
            facts = _answer(rng, truth, walk.waiting_for)
        else:
            facts = _thin(rng, truth, keep)
        _record_interrupts(rng, facts)
        visits.append({**start(), "facts": facts})
        step = walk.visit(facts)
        if step is not None or _chance(rng, 0.15):
            truth = _facts(rng, patient, walk.state)
    return _course(rng, referral, visits)
