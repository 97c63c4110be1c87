"""Local treatment: every lesion resected, ablated or irradiated, in one session or several."""

from ..criteria import (
    NO_LONGER_A_CANDIDATE,
    candidate,
    liver_cleared,
    reachable_outside,
    regional_possible,
    systemic_untried,
)
from ..pathway.model import Advisory, State, Transition
from ..patient import Extrahepatic, LiverMetastasis, Patient, Treatment, Visibility
from ..policy import MARGIN_TARGET_MM, MAX_REPEAT_LOCAL
from ..predicates.labels import Text
from ..predicates.nodes import Provenance, named, rounds_here
from ..toolbox import TOOLBOX, planned_resection

eradicated = named(
    "eradicated",
    Text("all visible or imaged disease eradicated", "所有肉眼或影像可见病灶均已根除"),
    Patient.session_done & Patient.extrahepatic.is_(Extrahepatic.NONE) & liver_cleared,
)
another_session = named(
    "another_session",
    Text("another session possible", "可再行一次局部治疗"),
    Patient.residual_treatable & (rounds_here <= MAX_REPEAT_LOCAL) & reachable_outside,
)
liver_rescue = named(
    "liver_rescue",
    Text("regional rescue of the liver", "肝脏区域挽救治疗"),
    regional_possible & ~liver_cleared,
)

LOCAL_TREATMENT = State(
    name="local_treatment",
    text=Text("Local treatment", "局部治疗"),
    claims=(
        "lt-ned-centred-shift",
        "lt-toolbox-rational-use",
        "lt-deep-small-lesions",
        "mskcc-ablation-bleeding",
        "sum-surgery-plus-ablation",
    ),
    asks=(
        Patient.session_done,
        Patient.residual_treatable,
        LiverMetastasis.destroyed,
        LiverMetastasis.treated_by,
        LiverMetastasis.pathological_margin_mm,
    ),
    tables=(TOOLBOX,),
    transitions=(
        Transition(
            key="eradicate",
            code="E1",
            to="ned_surveillance",
            when=eradicated,
            text=Text("NED reached", "达到NED"),
            provenance=Provenance.STATED,
            claims=("lt-ned-definition", "cc-ned-prolongs-os"),
        ),
        Transition(
            key="stop_local",
            code="E2",
            to="palliative_care",
            when=~eradicated & ~candidate,
            text=NO_LONGER_A_CANDIDATE,
            provenance=Provenance.GLUE,
        ),
        Transition(
            key="repeat_session",
            code="E3",
            to="local_treatment",
            when=~eradicated & candidate & another_session,
            text=Text("another session", "再次局部治疗"),
            provenance=Provenance.GLUE,
            claims=("lt-surgery-plus-lats",),
        ),
        Transition(
            key="rescue_regionally",
            code="E4",
            to="regional_therapy",
            when=~eradicated & candidate & ~another_session & ~systemic_untried & liver_rescue,
            text=Text("liver not cleared: regional rescue", "肝内未清除：区域挽救"),
            provenance=Provenance.GLUE,
            claims=("rt-rescue-hope",),
        ),
        Transition(
            key="end_local",
            code="E5",
            to="palliative_care",
            when=~eradicated & candidate & ~another_session & ~systemic_untried & ~liver_rescue,
            text=Text("no further local or regional treatment possible", "已无可行的局部或区域治疗"),
            provenance=Provenance.GLUE,
        ),
        Transition(
            key="convert_after_session",
            code="E6",
            to="first_line_conversion",
            when=~eradicated & candidate & ~another_session & systemic_untried,
            text=Text("not cleared, no systemic therapy so far", "未清除且未曾全身治疗"),
            provenance=Provenance.IMPLIED,
            claims=("fl-first-line-decisive",),
        ),
    ),
    advisories=(
        Advisory(
            key="margin_below_ras_target",
            each=Patient.lesions,
            when=(planned_resection & (LiverMetastasis.planned_margin_mm <= MARGIN_TARGET_MM))
            | (
                LiverMetastasis.treated_by.is_(Treatment.RESECTION)
                & (LiverMetastasis.pathological_margin_mm <= MARGIN_TARGET_MM)
            ),
            text=Text(
                "margin not beyond the one to aim for in RAS-mutant disease",
                "切缘未超过RAS突变型应力求的目标值",
            ),
            claims=(
                "lt-ras-margin-over-10mm",
                "lt-1mm-enough-for-ras",
                "ras-margin-positive",
                "ras-margin-width",
            ),
        ),
        Advisory(
            key="search_disappeared_lesions",
            each=Patient.lesions,
            when=LiverMetastasis.visibility.is_(Visibility.DISAPPEARED),
            text=Text("search for disappeared lesions during the operation", "术中须探查消失病灶"),
            claims=("dlm-search", "dlm-hard-to-see"),
        ),
    ),
)
