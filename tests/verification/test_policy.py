"""With every policy number one up, one down, and at either end of its range: what is still proved, and what is not.

What no journey comes to any more when a number is at its end was worked out from the criteria, each with its reason.
"""

from __future__ import annotations

from typing import Any

import pytest

from crlm_pathway import CRLM

verification = pytest.importorskip("crlm_pathway.verification", reason="proofs need Z3")

Policy = tuple[tuple[str, float], ...]

PARAMETERS = CRLM.parameters
ONE_UP: Policy = tuple((name, parameter.value + 1) for name, parameter in PARAMETERS.items())
ONE_DOWN: Policy = tuple((name, parameter.value - 1) for name, parameter in PARAMETERS.items())
LOWEST: list[Policy] = [((name, parameter.at_least),) for name, parameter in PARAMETERS.items()]
HIGHEST: list[Policy] = [((name, parameter.at_most),) for name, parameter in PARAMETERS.items()]

NEVER: dict[Policy, set[str]] = {
    # one repeat of imaging is all there is: at none, unreadable imaging counts as no response
    ONE_DOWN: {"repeat_imaging"},
    (("max_repeat_imaging", 0),): {"repeat_imaging"},
    (("max_de_escalations", 0),): {"de_escalate"},
    # whoever is back from first-line conversion has ended a block
    (("max_evaluations", 0),): {"continue_conversion"},
    # nobody comes to regional therapy, so that nothing happens there
    (("max_regional_rounds", 0),): {
        "turn_to_regional_therapy",
        "stop_regional",
        "assess_regional",
        "rescue_regionally",
        "sirt_portal_vein_thrombus of modality in regional_therapy",
        "sirt_late_line of modality in regional_therapy",
        "hai of modality in regional_therapy",
        "debiri of modality in regional_therapy",
        "sirt_remaining_option of modality in regional_therapy",
        "second_line_systemic of modality in regional_therapy",
    },
    # only another session can meet a lesion that cannot be treated: the first is for those with none
    (("max_repeat_local", 0),): {
        "repeat_session",
        "untreatable_critical_structure of lesions in local_treatment",
        "untreatable of lesions in local_treatment",
    },
    (("max_salvages", 0),): {"salvage", "reevaluate_recurrence", "convert_recurrence"},
    # the first visit completes it
    (("surveillance_visits", 1),): {"continue_surveillance"},
    # nothing is smaller than 0 mm
    (("rfa_max_diameter_mm", 0),): {
        "rfa_deep of lesions in local_treatment",
        "rfa_not_resectable of lesions in local_treatment",
    },
    # no margin is wider than 100 mm
    (("margin_floor_mm", 100),): {
        "high_risk_resection of lesions in local_treatment",
        "parenchyma_sparing_resection of lesions in local_treatment",
        "parenchyma_sparing_resection_deep of lesions in local_treatment",
    },
    # every line is late: wherever radioembolisation is possible it is preferred, and never what remains
    (("sirt_late_line", 0),): {"sirt_remaining_option of modality in regional_therapy"},
}

LONGEST = {
    ONE_UP: 164,
    ONE_DOWN: 58,
    (("max_de_escalations", 0),): 103,
    (("max_evaluations", 0),): 99,
    (("max_repeat_imaging", 0),): 96,
    (("max_regional_rounds", 0),): 87,
    (("max_repeat_local", 0),): 91,
    (("max_salvages", 0),): 57,
    (("surveillance_visits", 1),): 51,
}
"""Of the others the journeys are as long as with the policy as it is."""

ENDLESS = {policy for policy in HIGHEST if policy[0][1] == 1000}
"""A thousand of anything is more than is followed."""


def said(policy: Policy) -> str:
    if len(policy) > 1:
        return "one up" if policy == ONE_UP else "one down"
    name, value = next(iter(policy))
    return f"{name}={value}"


def not_proved(report: Any, status: str) -> set[str]:
    return {obligation.name for obligation in report.obligations if obligation.status.value == status}


@pytest.mark.parametrize(
    "policy", [ONE_UP, ONE_DOWN, *LOWEST, *(policy for policy in HIGHEST if policy not in ENDLESS)], ids=said
)
def test_only_what_a_policy_rules_out_is_refuted(policy: Policy) -> None:
    report = verification.check(CRLM.with_policy(**dict(policy)), seconds=60)
    assert not_proved(report, "unknown") == set()
    assert not_proved(report, "refuted") == {f"alive {subject}" for subject in NEVER.get(policy, ())}
    assert (report.longest_journey, report.exact) == (LONGEST.get(policy, 105), True)


@pytest.mark.parametrize("policy", sorted(ENDLESS), ids=said)
def test_a_thousand_of_anything_is_bounded_and_ruins_nothing(policy: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crlm_pathway.verification.journeys.MOST_POINTS", 10_000)
    report = verification.check(CRLM.with_policy(**dict(policy)), seconds=60)
    assert not_proved(report, "refuted") == set()
    # ten years of visits are followed to their end, a thousand visits are not
    late = {"alive complete_surveillance"} if policy[0][0] == "surveillance_visits" else set()
    assert not_proved(report, "unknown") == late
    assert not report.exact
    assert report.longest_journey > 1000
