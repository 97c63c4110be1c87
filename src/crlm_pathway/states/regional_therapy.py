"""Regional therapy: through the hepatic artery, where drugs alone fall short."""

from ..criteria import NO_LONGER_A_CANDIDATE, any_modality, candidate, debiri_possible, hai_possible, sirt_possible
from ..pathway.model import DecisionTable, Option, State, Transition
from ..patient import Patient
from ..policy import REVIEW_AFTER_SIRT_WEEKS, REVIEW_AFTER_SYSTEMIC_WEEKS, SIRT_LATE_LINE
from ..predicates.labels import Text
from ..predicates.nodes import Provenance, named

thrombus = Patient.portal_vein_thrombus
late_line = Patient.prior_lines >= SIRT_LATE_LINE
prefer_sirt = named(
    "prefer_sirt",
    Text("SIRT preferred", "优先SIRT"),
    sirt_possible & (thrombus | late_line),
)

MODALITY = DecisionTable(
    name="modality",
    text=Text("Modality", "治疗方式"),
    given=candidate,
    options=(
        Option(
            name="sirt",
            key="sirt_portal_vein_thrombus",
            when=sirt_possible & thrombus,
            text=Text(
                "selective internal radiotherapy (SIRT) with systemic therapy, for portal-vein thrombus",
                "选择性内放射治疗（SIRT）联合全身治疗（门静脉癌栓）",
            ),
            provenance=Provenance.STATED,
            claims=("sirt-portal-vein-thrombus", "sirt-y90-market-access"),
            review=REVIEW_AFTER_SIRT_WEEKS,
        ),
        Option(
            name="sirt",
            key="sirt_late_line",
            when=sirt_possible & ~thrombus & late_line,
            text=Text(
                "selective internal radiotherapy (SIRT) with systemic therapy, in a late line",
                "选择性内放射治疗（SIRT）联合全身治疗（后线）",
            ),
            provenance=Provenance.IMPLIED,
            claims=("sirt-late-line-opinion", "italian-sirt-population"),
            review=REVIEW_AFTER_SIRT_WEEKS,
        ),
        Option(
            name="hai",
            when=~prefer_sirt & hai_possible,
            text=Text("hepatic arterial infusion (HAI) with systemic therapy", "肝动脉灌注化疗（HAI）联合全身治疗"),
            provenance=Provenance.IMPLIED,
            claims=(
                "mskcc-hai-conversion",
                "sysucc-fudr-conversion",
                "hearto-orr",
                "sultan-regimen",
                "rt-hai-debiri-widely-available",
            ),
            review=REVIEW_AFTER_SYSTEMIC_WEEKS,
        ),
        Option(
            name="debiri",
            when=~prefer_sirt & ~hai_possible & debiri_possible,
            text=Text("irinotecan drug-eluting bead chemoembolisation (DEBIRI)", "伊立替康载药微球化疗栓塞（DEBIRI）"),
            provenance=Provenance.IMPLIED,
            claims=("debiri-limited-uptake", "debiri-embolisation-syndrome", "debiri-no-large-phase3"),
            review=REVIEW_AFTER_SYSTEMIC_WEEKS,
        ),
        Option(
            name="sirt",
            key="sirt_remaining_option",
            when=~prefer_sirt & ~hai_possible & ~debiri_possible & sirt_possible,
            text=Text(
                "selective internal radiotherapy (SIRT) with systemic therapy, the remaining option",
                "选择性内放射治疗（SIRT）联合全身治疗（其余区域治疗均不可行）",
            ),
            provenance=Provenance.GLUE,
            claims=("sirflox-resectability", "sirflox-arms"),
            review=REVIEW_AFTER_SIRT_WEEKS,
        ),
        Option(
            name="second_line_systemic",
            when=~sirt_possible & ~hai_possible & ~debiri_possible & Patient.second_line_available,
            text=Text(
                "second-line (or later) systemic therapy: no liver-directed option is left",
                "二线（及以后）全身治疗（无肝脏区域治疗可选）",
            ),
            provenance=Provenance.IMPLIED,
            claims=("second-line-orr", "livermetsurvey-second-line-resection"),
            review=REVIEW_AFTER_SYSTEMIC_WEEKS,
        ),
        # The transitions that lead here require a modality.
        Option(
            name="none",
            never=True,
            when=~any_modality,
            text=Text("none", "无"),
            provenance=Provenance.GLUE,
        ),
    ),
)

REGIONAL_THERAPY = State(
    name="regional_therapy",
    text=Text("Regional liver therapy", "肝脏区域治疗"),
    claims=(
        "rt-dual-blood-supply",
        "rt-esmo-modalities",
        "sirflox-role",
        "foxfire-combined-no-os",
        "sirt-usually-single-session",
    ),
    asks=(Patient.sirt_given, Patient.hai_failed, Patient.debiri_failed),
    tables=(MODALITY,),
    transitions=(
        Transition(
            key="stop_regional",
            code="D1",
            to="palliative_care",
            when=~candidate,
            text=NO_LONGER_A_CANDIDATE,
            provenance=Provenance.IMPLIED,
            claims=("sum-fit-tolerance",),
        ),
        Transition(
            key="assess_regional",
            code="D3",
            to="response_evaluation",
            when=candidate,
            text=Text("evaluate regional therapy", "评估区域治疗"),
            provenance=Provenance.STATED,
            claims=("italian-sirt-assessment", "mskcc-hai-conversion", "sirt-downstage-and-necrosis"),
        ),
    ),
)
