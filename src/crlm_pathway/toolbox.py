"""The local toolbox: for each liver metastasis, what removes or destroys it."""

from .criteria import destroyed_with_margin, reachable_outside, target
from .pathway.model import DecisionTable, Option
from .patient import LiverMetastasis, Patient, Visibility
from .policy import MARGIN_FLOOR_MM, RFA_MAX_DIAMETER_MM
from .predicates.labels import Text
from .predicates.nodes import Provenance, named

STATED, IMPLIED, GLUE = Provenance.STATED, Provenance.IMPLIED, Provenance.GLUE

disappeared = LiverMetastasis.visibility.is_(Visibility.DISAPPEARED)
not_found = LiverMetastasis.visibility.is_(Visibility.DISAPPEARED_NOT_FOUND)
critical = LiverMetastasis.near_critical_structure
deep = LiverMetastasis.deep
sbrt_feasible = LiverMetastasis.sbrt_feasible
clear_margin = named(
    "clear_margin",
    Text("resectable with a clear margin", "可切除且切缘足够"),
    LiverMetastasis.resectable & (LiverMetastasis.planned_margin_mm > MARGIN_FLOOR_MM),
)
ablatable = named(
    "ablatable",
    Text("small enough and feasible for ablation", "大小及条件适合消融"),
    (LiverMetastasis.diameter_mm < RFA_MAX_DIAMETER_MM) & LiverMetastasis.rfa_feasible,
)

# A lesion without a recorded outcome has not been treated: planning does not wait for the outcome of a session to come.
done = named(
    "done",
    Text("recorded as cleared earlier", "已记录为既往清除"),
    LiverMetastasis.destroyed.so_far & destroyed_with_margin,
)

TOOLBOX = DecisionTable(
    name="lesions",
    text=Text("Local treatment of each lesion", "各病灶的局部治疗"),
    over=Patient.lesions,
    done=done,
    options=(
        Option(
            name="search_intraoperatively",
            when=disappeared,
            text=Text("search by intra-operative ultrasound", "术中超声探查"),
            provenance=STATED,
            claims=("dlm-search", "lt-ius-ceus-practice", "lt-found-dlm-resect-or-ablate"),
        ),
        Option(
            name="treat_site",
            when=not_found & LiverMetastasis.site_in_reach,
            text=Text("treat the site of the disappeared lesion", "处理消失病灶原部位"),
            provenance=STATED,
            claims=("dlm-active-intervention", "dlm-residual", "dlm-surgery-3y-rfs"),
        ),
        Option(
            name="surveil_site",
            when=not_found & ~LiverMetastasis.site_in_reach,
            text=Text("watch the site of the disappeared lesion (out of reach)", "随访消失病灶原部位（不可及）"),
            provenance=GLUE,
            claims=("dlm-korea-1y", "dlm-korea-2y", "dlm-surgery-no-os"),
        ),
        Option(
            name="sbrt",
            key="sbrt_critical_structure",
            when=target & critical & sbrt_feasible,
            text=Text("stereotactic body radiotherapy (next to a critical structure)", "立体定向放疗（邻近重要结构）"),
            provenance=STATED,
            claims=(
                "sbrt-near-critical-structures",
                "rfa-risk-near-structures",
                "surgery-risk-near-structures",
            ),
        ),
        Option(
            name="high_risk_resection",
            when=target & critical & ~sbrt_feasible & clear_margin,
            text=Text(
                "high-risk resection next to a critical structure, SBRT not feasible",
                "邻近重要结构的高风险切除（SBRT不可行）",
            ),
            provenance=GLUE,
            claims=("surgery-risk-near-structures",),
        ),
        Option(
            name="untreatable",
            key="untreatable_critical_structure",
            when=target & critical & ~sbrt_feasible & ~clear_margin,
            text=Text("no local treatment possible (next to a critical structure)", "无可行的局部治疗（邻近重要结构）"),
            provenance=GLUE,
        ),
        Option(
            name="rfa",
            key="rfa_deep",
            when=target & ~critical & deep & ablatable,
            text=Text("radiofrequency ablation (deep lesion)", "射频消融（深在病灶）"),
            provenance=STATED,
            claims=("lt-deep-resection-sacrifice", "rfa-under-3cm", "mskcc-ablation-os"),
        ),
        Option(
            name="parenchyma_sparing_resection",
            when=target & ~critical & ~deep & clear_margin,
            text=Text("parenchyma-sparing resection", "保留肝实质切除"),
            provenance=STATED,
            claims=("lt-psh-principle", "lt-psh-techniques", "ras-margin-infiltration"),
        ),
        Option(
            name="parenchyma_sparing_resection",
            key="parenchyma_sparing_resection_deep",
            when=target & ~critical & deep & ~ablatable & clear_margin,
            text=Text("parenchyma-sparing resection (deep, not ablatable)", "保留肝实质切除（深在、不可消融）"),
            provenance=GLUE,
        ),
        Option(
            name="rfa",
            key="rfa_not_resectable",
            when=target & ~critical & ~deep & ablatable & ~clear_margin,
            text=Text("radiofrequency ablation (not resectable with a clear margin)", "射频消融（无法以足够切缘切除）"),
            provenance=IMPLIED,
            claims=("rfa-minimally-invasive",),
        ),
        Option(
            name="sbrt",
            key="sbrt_technically_difficult",
            when=target & ~critical & ~ablatable & ~clear_margin & sbrt_feasible,
            text=Text("stereotactic body radiotherapy (technically difficult)", "立体定向放疗（技术处理难度大）"),
            provenance=STATED,
            claims=("sbrt-technically-difficult",),
        ),
        Option(
            name="untreatable",
            when=target & ~critical & ~ablatable & ~clear_margin & ~sbrt_feasible,
            text=Text("no local treatment possible", "无可行的局部治疗"),
            provenance=GLUE,
        ),
    ),
)

untreatable = named("untreatable", Text("untreatable", "无法局部治疗"), TOOLBOX.gives("untreatable"))
planned_resection = TOOLBOX.gives("parenchyma_sparing_resection", "high_risk_resection")

ned_achievable = named(
    "ned_achievable",
    Text("NED achievable by local treatment", "局部治疗可达NED"),
    reachable_outside & Patient.remnant_adequate & Patient.lesions.every(~untreatable),
)
