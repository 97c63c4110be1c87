"""What must hold for every patient, whichever way the journey goes."""

from .criteria import candidate, reachable_outside, systemic_untried, target
from .pathway.invariants import Invariant, entering, leaving
from .patient import Extrahepatic, LiverMetastasis, Patient, Treatment
from .policy import MARGIN_FLOOR_MM, RFA_MAX_DIAMETER_MM
from .predicates.labels import Text
from .toolbox import TOOLBOX

reaching_ned = entering("ned_surveillance") & ~leaving("ned_surveillance")
resected_too_close = (
    target
    & LiverMetastasis.treated_by.is_(Treatment.RESECTION)
    & (LiverMetastasis.pathological_margin_mm <= MARGIN_FLOOR_MM)
)
offered_rfa = TOOLBOX.gives("rfa")

PROMISES = (
    Invariant(
        key="ned_after_a_session",
        always=~reaching_ned | Patient.session_done,
        text=Text("nobody reaches NED without a local session", "未实施局部治疗者不会达到NED"),
    ),
    Invariant(
        key="ned_with_every_target_destroyed",
        always=~reaching_ned | Patient.lesions.every(~target | LiverMetastasis.destroyed),
        text=Text(
            "nobody reaches NED with a lesion to clear that is not destroyed",
            "尚有须清除病灶未毁损者不会达到NED",
        ),
    ),
    Invariant(
        key="ned_with_clear_margins",
        never=reaching_ned & Patient.lesions.some(resected_too_close),
        text=Text("nobody reaches NED with a lesion resected too close", "有病灶切缘不足者不会达到NED"),
    ),
    Invariant(
        key="ned_outside_the_liver_too",
        always=~reaching_ned | Patient.extrahepatic.is_(Extrahepatic.NONE),
        text=Text("nobody reaches NED with disease outside the liver", "尚有肝外病灶者不会达到NED"),
    ),
    Invariant(
        key="no_rfa_of_large_lesions",
        never=entering("local_treatment")
        & Patient.lesions.some(offered_rfa & (LiverMetastasis.diameter_mm >= RFA_MAX_DIAMETER_MM)),
        text=Text("no large lesion is offered radiofrequency ablation", "不对过大的病灶建议射频消融"),
    ),
    Invariant(
        key="no_rfa_near_critical_structures",
        never=entering("local_treatment") & Patient.lesions.some(offered_rfa & LiverMetastasis.near_critical_structure),
        text=Text(
            "no lesion next to a critical structure is offered radiofrequency ablation",
            "不对邻近重要结构的病灶建议射频消融",
        ),
    ),
    Invariant(
        key="regional_only_for_the_liver",
        always=~entering("regional_therapy") | reachable_outside,
        text=Text(
            "nobody with disease outside the liver that cannot be eradicated gets regional therapy",
            "肝外病灶不可根除者不会进入区域治疗",
        ),
    ),
    Invariant(
        key="no_response_is_ned",
        never=leaving("response_evaluation") & entering("ned_surveillance"),
        text=Text(
            "a response on imaging alone, even a complete one, is never NED", "仅凭影像疗效（即使完全缓解）绝不等于NED"
        ),
    ),
    Invariant(
        key="burden_alone_is_no_reason_for_palliation",
        never=leaving("initial_assessment") & entering("palliative_care") & candidate & systemic_untried,
        text=Text(
            "no fit and willing patient is given up at referral for the burden of tumour alone",
            "体能可耐受且有意愿者不会仅因肿瘤负荷在转诊时被放弃",
        ),
    ),
    Invariant(
        key="first_line_comes_first",
        never=leaving("initial_assessment", "local_treatment", "ned_surveillance")
        & entering("regional_therapy", "response_evaluation")
        & systemic_untried,
        text=Text(
            "nobody goes to regional therapy or back to evaluation before any systemic therapy",
            "未接受过全身治疗者不会进入区域治疗或返回疗效评估",
        ),
    ),
)
