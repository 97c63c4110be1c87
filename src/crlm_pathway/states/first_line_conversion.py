"""First-line conversion: the most effective regimen tolerated, one block at a time."""

from ..criteria import NO_LONGER_A_CANDIDATE, candidate
from ..pathway.model import DecisionTable, Option, State, Transition
from ..patient import Fitness, Patient, RasVariant
from ..policy import MAX_DE_ESCALATIONS, REVIEW_AFTER_SYSTEMIC_WEEKS
from ..predicates.labels import Text
from ..predicates.nodes import Provenance, named, taken

triplet = Patient.fitness.is_(Fitness.TRIPLET)
doublet = Patient.fitness.is_(Fitness.DOUBLET)
no_bevacizumab = Patient.bevacizumab_contraindicated
triplet_with_bevacizumab = triplet & ~no_bevacizumab

REGIMEN = DecisionTable(
    name="regimen",
    text=Text("Regimen", "治疗方案"),
    given=candidate,
    options=(
        Option(
            name="folfoxiri_bev",
            when=triplet_with_bevacizumab,
            text=Text("FOLFOXIRI + bevacizumab", "FOLFOXIRI＋贝伐珠单抗"),
            provenance=Provenance.STATED,
            claims=(
                "fl-guidelines-2016-triplet",
                "cairo5-role",
                "olivia-role",
                "tribe-superiority",
                "visnu1-role",
                "sum-triplet-routine",
            ),
            review=REVIEW_AFTER_SYSTEMIC_WEEKS,
        ),
        Option(
            name="doublet_bev",
            when=doublet & ~no_bevacizumab,
            text=Text("doublet + bevacizumab", "双药＋贝伐珠单抗"),
            provenance=Provenance.IMPLIED,
            claims=("become-role", "become-resection"),
            review=REVIEW_AFTER_SYSTEMIC_WEEKS,
        ),
        Option(
            name="folfoxiri",
            when=triplet & no_bevacizumab,
            text=Text("FOLFOXIRI without bevacizumab", "FOLFOXIRI（不联合贝伐珠单抗）"),
            provenance=Provenance.GLUE,
            claims=("cc-guideline-max-shrinkage-if-fit",),
            review=REVIEW_AFTER_SYSTEMIC_WEEKS,
        ),
        Option(
            name="doublet",
            when=doublet & no_bevacizumab,
            text=Text("doublet without bevacizumab", "双药（不联合贝伐珠单抗）"),
            provenance=Provenance.GLUE,
            claims=("become-resection",),
            review=REVIEW_AFTER_SYSTEMIC_WEEKS,
        ),
    ),
)

g12c_trial = triplet_with_bevacizumab & Patient.ras_variant.is_(RasVariant.KRAS_G12C) & Patient.in_g12c_inhibitor_trial
pd1_trial = triplet_with_bevacizumab & Patient.in_immunotherapy_trial & ~g12c_trial

ADD_ON = DecisionTable(
    name="add_on",
    text=Text("Add-on", "附加药物"),
    options=(
        Option(
            name="kras_g12c_inhibitor",
            when=g12c_trial,
            text=Text(
                "KRAS G12C inhibitor, investigational: within a trial only",
                "KRAS G12C抑制剂（研究性，仅限临床试验）",
            ),
            provenance=Provenance.IMPLIED,
            claims=(
                "fl-g12c-plus-triplet-future",
                "sum-kras-inhibitor-combo",
                "codebreak100-below-expectation",
            ),
        ),
        Option(
            name="pd1_inhibitor",
            when=pd1_trial,
            text=Text("PD-1 inhibitor, investigational: within a trial only", "PD-1抑制剂（研究性，仅限临床试验）"),
            provenance=Provenance.IMPLIED,
            claims=(
                "fl-io-open-question",
                "nivacor-vs-history",
                "atezotribe-needs-more",
                "checkmate9x8-needs-more",
            ),
        ),
        # An anti-EGFR antibody is never an option in RAS-mutant disease.
        Option(
            name="none",
            when=~g12c_trial & ~pd1_trial,
            text=Text("none", "无"),
            provenance=Provenance.IMPLIED,
            claims=("cc-anti-egfr-contraindicated",),
        ),
    ),
)

must_step_down = named(
    "must_step_down",
    Text(
        "dose-limiting toxicity, and dose reduction or step-down still allowed",
        "剂量限制性毒性，且仍可减量或降低方案强度",
    ),
    Patient.dose_limiting_toxicity & (taken("de_escalate") < MAX_DE_ESCALATIONS),
)

FIRST_LINE_CONVERSION = State(
    name="first_line_conversion",
    text=Text("First-line conversion", "一线转化治疗"),
    claims=("cc-limited-targeted-options", "fl-bev-tolerability", "tribe-tolerability"),
    asks=(Patient.dose_limiting_toxicity, Patient.fitness),
    tables=(REGIMEN, ADD_ON),
    transitions=(
        Transition(
            key="stop_conversion",
            code="B1",
            to="palliative_care",
            when=~candidate,
            text=NO_LONGER_A_CANDIDATE,
            provenance=Provenance.IMPLIED,
            claims=("sum-fit-and-willing",),
        ),
        Transition(
            key="de_escalate",
            code="B2",
            to="first_line_conversion",
            when=candidate & must_step_down,
            text=Text("adjust the dose or step down", "减量或降低方案强度"),
            provenance=Provenance.IMPLIED,
            claims=("fl-triplet-rationale",),
        ),
        Transition(
            key="end_block",
            code="B3",
            to="response_evaluation",
            when=candidate & ~must_step_down,
            text=Text("block ended: evaluate", "疗程结束：评估"),
            provenance=Provenance.IMPLIED,
            claims=("sultan-trigger",),
        ),
    ),
)
