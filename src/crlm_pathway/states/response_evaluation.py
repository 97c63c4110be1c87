"""Response evaluation: operate, go on, change to regional therapy, or stop."""

from ..criteria import NO_LONGER_A_CANDIDATE, candidate, regional_possible
from ..pathway.model import State, Transition
from ..patient import Patient, Response
from ..policy import MAX_EVALUATIONS, MAX_REPEAT_IMAGING, SECOND_LOOK_WEEKS
from ..predicates.labels import Text
from ..predicates.nodes import Provenance, arrived_from, named, rounds_here, taken
from ..toolbox import ned_achievable
from .initial_assessment import BURDEN_ADVISORIES

repeat_imaging = named(
    "repeat_imaging",
    Text("imaging to be repeated", "需复查影像"),
    ~Patient.evaluable & (rounds_here <= MAX_REPEAT_IMAGING),
)
progressing = named(
    "progressing",
    Text("progression or recurrence", "进展或复发"),
    Patient.evaluable & (Patient.response.is_(Response.PROGRESSIVE) | arrived_from("ned_surveillance")),
)
operable = named(
    "operable",
    Text("ready for local treatment", "可转入局部治疗"),
    Patient.evaluable & ned_achievable & (~progressing | (Patient.focal_progression & ~regional_possible)),
)
still_responding = named(
    "still_responding",
    Text("still responding", "仍有缓解"),
    Patient.evaluable & Patient.response.is_in(Response.COMPLETE, Response.PARTIAL),
)
too_early_to_judge = named(
    "too_early_to_judge",
    Text("too early, or not evaluable", "尚早或无法评估"),
    ~Patient.evaluable | (Patient.response.is_(Response.STABLE) & (Patient.weeks_on_line < SECOND_LOOK_WEEKS)),
)
continue_first_line = named(
    "continue_first_line",
    Text("first line worth continuing", "值得继续一线治疗"),
    arrived_from("first_line_conversion")
    & (taken("end_block") < MAX_EVALUATIONS)
    & ~Patient.dose_limiting_toxicity
    & ~progressing
    & (still_responding | too_early_to_judge),
)

RESPONSE_EVALUATION = State(
    name="response_evaluation",
    text=Text("Response evaluation", "疗效评估"),
    claims=("rt-acquired-resistance",),
    asks=(
        Patient.evaluable,
        Patient.response,
        Patient.focal_progression,
        Patient.weeks_on_line,
        Patient.lesions,
        Patient.liver_metastasis_count,
        Patient.extrahepatic,
        Patient.remnant_adequate,
    ),
    transitions=(
        Transition(
            key="stop_at_evaluation",
            code="C1",
            to="palliative_care",
            when=~candidate,
            text=NO_LONGER_A_CANDIDATE,
            provenance=Provenance.IMPLIED,
            claims=("sum-fit-and-willing",),
        ),
        Transition(
            key="repeat_imaging",
            code="C2",
            to="response_evaluation",
            when=candidate & repeat_imaging,
            text=Text("repeat the imaging", "复查影像"),
            provenance=Provenance.GLUE,
        ),
        Transition(
            key="proceed_to_local_treatment",
            code="C3",
            to="local_treatment",
            when=candidate & ~repeat_imaging & operable,
            text=Text("NED now achievable by local treatment", "现可经局部治疗达NED"),
            provenance=Provenance.STATED,
            note=Text(
                "only the branch for focal progression without a regional option is added",
                "仅“局灶性进展且无区域治疗可选时行局部治疗”一条为补充规则",
            ),
            claims=(
                "cc-guideline-multimodal-destruction",
                "fl-goal-burden-and-remnant",
                "cc-conversion-long-survival",
                "dlm-not-pcr",
                "livermetsurvey-second-line-resection",
            ),
        ),
        Transition(
            key="continue_conversion",
            code="C4",
            to="first_line_conversion",
            when=candidate & ~repeat_imaging & ~operable & continue_first_line,
            text=Text("continue first line", "继续一线治疗"),
            provenance=Provenance.IMPLIED,
            claims=("fl-goal-burden-and-remnant", "sultan-trigger"),
        ),
        Transition(
            key="turn_to_regional_therapy",
            code="C5",
            to="regional_therapy",
            when=candidate & ~repeat_imaging & ~operable & ~continue_first_line & regional_possible,
            text=Text("NED not within reach by local treatment", "局部治疗尚不可达NED"),
            provenance=Provenance.STATED,
            note=Text("the condition on disease outside the liver is implied", "其中肝外病灶条件为原文隐含"),
            claims=(
                "rt-trigger-unsatisfactory-regression",
                "sum-regional-on-poor-systemic",
                "sultan-trigger",
                "rt-second-line-loses-ned",
                "foxfire-combined-extrahepatic",
            ),
        ),
        Transition(
            key="exhaust_options",
            code="C6",
            to="palliative_care",
            when=candidate & ~repeat_imaging & ~operable & ~continue_first_line & ~regional_possible,
            text=Text("no option left towards NED", "已无以NED为目标的可选方案"),
            provenance=Provenance.IMPLIED,
            claims=("rt-second-line-loses-ned", "rt-rescue-hope"),
        ),
    ),
    advisories=BURDEN_ADVISORIES,
)
