"""The numbers that are policy. Each is a named parameter that `CRLM.with_policy(name=value)` can bind otherwise."""

from .predicates.labels import Text
from .predicates.nodes import Parameter, Provenance

MAX_DE_ESCALATIONS = Parameter(
    "max_de_escalations",
    2,
    Text("dose adjustments or steps down allowed for toxicity", "因毒性减量或降低方案强度的最多次数"),
)
MAX_EVALUATIONS = Parameter(
    "max_evaluations",
    3,
    Text("first-line blocks evaluated before another approach", "换用其他策略前一线疗程评估的最多次数"),
)
MAX_REPEAT_IMAGING = Parameter(
    "max_repeat_imaging",
    1,
    Text("repeats of imaging that could not be read", "影像无法评估时复查的最多次数"),
)
MAX_REGIONAL_ROUNDS = Parameter(
    "max_regional_rounds",
    3,
    Text("rounds of regional therapy", "区域治疗的最多轮数"),
)
MAX_REPEAT_LOCAL = Parameter(
    "max_repeat_local",
    2,
    Text("further local sessions in a row", "连续追加局部治疗的最多次数"),
)
MAX_SALVAGES = Parameter(
    "max_salvages",
    2,
    Text("treatments of a recurrence", "复发后挽救治疗的最多次数"),
)
SURVEILLANCE_VISITS = Parameter(
    "surveillance_visits",
    19,
    Text(
        "surveillance visits without recurrence: quarterly for 2 years, half-yearly to 5, yearly to 10",
        "无复发随访次数：2年内每季度、至5年每半年、至10年每年",
    ),
    at_least=1,
)
SECOND_LOOK_WEEKS = Parameter(
    "second_look_weeks",
    8,
    Text("weeks on the line before stable disease counts as poor effect", "疾病稳定被视为疗效不佳前的治疗周数"),
    provenance=Provenance.STATED,
    claims=("sultan-trigger",),
    unit="weeks",
    at_most=520,
)
RFA_MAX_DIAMETER_MM = Parameter(
    "rfa_max_diameter_mm",
    30,
    Text("diameter below which radiofrequency ablation is curative", "射频消融可根治的直径上限（不含）"),
    provenance=Provenance.STATED,
    claims=("rfa-under-3cm",),
    unit="mm",
    at_most=300,
)
MARGIN_FLOOR_MM = Parameter(
    "margin_floor_mm",
    1,
    Text("resection margin that must be exceeded", "切缘必须超过的下限"),
    provenance=Provenance.STATED,
    claims=("lt-margin-over-1mm",),
    unit="mm",
    at_most=100,
)
MARGIN_TARGET_MM = Parameter(
    "margin_target_mm",
    10,
    Text("resection margin to aim beyond in RAS-mutant disease", "RAS突变型应力求超过的切缘"),
    provenance=Provenance.STATED,
    claims=("lt-ras-margin-over-10mm",),
    unit="mm",
    at_most=100,
)
SIRT_LATE_LINE = Parameter(
    "sirt_late_line",
    3,
    Text("prior systemic lines from which radioembolisation is preferred", "优先选择SIRT的既往全身治疗线数"),
    provenance=Provenance.STATED,
    claims=("italian-sirt-population",),
    at_most=20,
)
HIGH_BURDEN_COUNT = Parameter(
    "high_burden_count",
    10,
    Text("liver metastases that count as a high burden", "视为高肿瘤负荷的肝转移灶数目"),
    claims=("ref19-ten-or-more",),
    at_most=500,
)
REVIEW_AFTER_SYSTEMIC_WEEKS = Parameter(
    "review_after_systemic_weeks",
    8,
    Text("weeks from a systemic block to its evaluation", "全身治疗疗程至评估的周数"),
    unit="weeks",
    at_least=1,
    at_most=520,
)
REVIEW_AFTER_SIRT_WEEKS = Parameter(
    "review_after_sirt_weeks",
    6,
    Text("weeks from radioembolisation to its evaluation", "SIRT至评估的周数"),
    provenance=Provenance.STATED,
    claims=("italian-sirt-assessment",),
    unit="weeks",
    at_least=1,
    at_most=520,
)
