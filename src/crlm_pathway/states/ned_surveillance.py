"""NED and surveillance: ten years of visits, and another attempt when the disease comes back."""

from ..criteria import candidate, systemic_untried
from ..pathway.model import State, Transition
from ..patient import Patient
from ..policy import MAX_SALVAGES, SURVEILLANCE_VISITS
from ..predicates.labels import Text
from ..predicates.nodes import Provenance, named, rounds_here, taken
from ..toolbox import ned_achievable

recurrence = Patient.recurrence
salvage_left = named(
    "salvage_left",
    Text("salvage attempts left", "挽救治疗次数未用尽"),
    taken("salvage", "reevaluate_recurrence", "convert_recurrence") < MAX_SALVAGES,
)

NED_SURVEILLANCE = State(
    name="ned_surveillance",
    text=Text("NED / surveillance", "NED/随访"),
    claims=("cc-ned-goal-framework",),
    asks=(
        Patient.recurrence,
        Patient.lesions,
        Patient.extrahepatic,
        Patient.remnant_adequate,
        Patient.fitness,
        Patient.willing,
    ),
    transitions=(
        Transition(
            key="complete_surveillance",
            code="F1",
            to="sustained_ned",
            when=~recurrence & (rounds_here >= SURVEILLANCE_VISITS),
            text=Text("surveillance completed", "完成随访"),
            provenance=Provenance.GLUE,
            claims=("cc-10y-survival-30pct",),
        ),
        Transition(
            key="continue_surveillance",
            code="F2",
            to="ned_surveillance",
            when=~recurrence & (rounds_here < SURVEILLANCE_VISITS),
            text=Text("no recurrence: next visit", "无复发：继续随访"),
            provenance=Provenance.GLUE,
        ),
        Transition(
            key="salvage",
            code="F3",
            to="local_treatment",
            when=recurrence & candidate & salvage_left & ned_achievable,
            text=Text("recurrence: treat locally again", "复发：再次局部治疗"),
            provenance=Provenance.STATED,
            note=Text("the cap is added", "次数上限为补充规则"),
            claims=(
                "psh-mda-repeat",
                "psh-japan-salvage",
                "lt-psh-enables-salvage",
                "lt-salvage-improves-prognosis",
            ),
        ),
        Transition(
            key="reevaluate_recurrence",
            code="F4",
            to="response_evaluation",
            when=recurrence & candidate & salvage_left & ~ned_achievable & ~systemic_untried,
            text=Text("recurrence after systemic therapy: evaluate", "全身治疗后复发：评估"),
            provenance=Provenance.GLUE,
            claims=("rt-rescue-hope",),
        ),
        Transition(
            key="end_surveillance",
            code="F5",
            to="palliative_care",
            when=recurrence & ~(candidate & salvage_left),
            text=Text("recurrence: not fit or willing, or no salvage left", "复发：不耐受、无意愿或挽救次数已尽"),
            provenance=Provenance.GLUE,
        ),
        Transition(
            key="convert_recurrence",
            code="F6",
            to="first_line_conversion",
            when=recurrence & candidate & salvage_left & ~ned_achievable & systemic_untried,
            text=Text("recurrence without prior systemic therapy: convert", "未曾全身治疗的复发：转化治疗"),
            provenance=Provenance.IMPLIED,
            claims=("fl-first-line-decisive",),
        ),
    ),
)
