"""The record of a patient with colorectal liver metastases: every fact the pathway may ask about.

None means not known. A fact with `default=False` is known to be false until it is recorded otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence

from .predicates.facts import Fact, boolean, choice, integer, many, number
from .predicates.labels import LabelledEnum
from .predicates.records import contradiction, record


class Microsatellite(LabelledEnum):
    """Microsatellite status; undetermined: tested without a result, which is not the same as not known."""

    MSS = "mss", "stable (MSS)", "稳定（MSS）"
    MSI_HIGH = "msi_high", "high instability (MSI-H)", "高度不稳定（MSI-H）"
    UNDETERMINED = "undetermined", "tested without a result", "已检测但无结果"


class Ras(LabelledEnum):
    """RAS status; undetermined: tested without a result."""

    MUTANT = "mutant", "mutant", "突变型"
    WILD_TYPE = "wild_type", "wild type", "野生型"
    UNDETERMINED = "undetermined", "tested without a result", "已检测但无结果"


class RasVariant(LabelledEnum):
    """Which RAS mutation it is."""

    KRAS_G12C = "kras_g12c", "KRAS G12C", "KRAS G12C"
    KRAS_G12D = "kras_g12d", "KRAS G12D", "KRAS G12D"
    KRAS_G13D = "kras_g13d", "KRAS G13D", "KRAS G13D"
    OTHER = "other", "another variant", "其他突变"
    UNDETERMINED = "undetermined", "not determined", "未确定"


class Fitness(LabelledEnum):
    """The most intensive systemic regimen tolerated; unfit: tolerates no treatment aimed at NED."""

    TRIPLET = "triplet", "triplet", "三药"
    DOUBLET = "doublet", "doublet", "双药"
    UNFIT = "unfit", "none (unfit)", "均不耐受"


class Extrahepatic(LabelledEnum):
    """Disease outside the liver, the primary included; eradicated disease is recorded as none."""

    NONE = "none", "none", "无"
    ERADICABLE = "eradicable", "eradicable", "可根除"
    NOT_ERADICABLE = "not_eradicable", "not eradicable", "不可根除"


class Response(LabelledEnum):
    """RECIST 1.1 category."""

    COMPLETE = "complete", "complete response (CR)", "完全缓解（CR）"
    PARTIAL = "partial", "partial response (PR)", "部分缓解（PR）"
    STABLE = "stable", "stable disease (SD)", "疾病稳定（SD）"
    PROGRESSIVE = "progressive", "progressive disease (PD)", "疾病进展（PD）"


class Visibility(LabelledEnum):
    """On current imaging; a disappeared lesion (DLM) is searched for by intra-operative ultrasound."""

    VISIBLE = "visible", "visible", "可见"
    DISAPPEARED = "disappeared", "disappeared (not yet searched for)", "消失（尚未术中探查）"
    DISAPPEARED_FOUND = "disappeared_found", "disappeared (found by ultrasound)", "消失（术中超声已找到）"
    DISAPPEARED_NOT_FOUND = (
        "disappeared_not_found",
        "disappeared (not found by ultrasound)",
        "消失（术中超声未找到）",
    )


class Treatment(LabelledEnum):
    """What a liver metastasis was treated by."""

    RESECTION = "resection", "resection", "切除"
    RFA = "rfa", "radiofrequency ablation", "射频消融"
    SBRT = "sbrt", "stereotactic body radiotherapy", "立体定向放疗"
    NONE = "none", "none", "无"


@record
class LiverMetastasis:
    """One liver metastasis; one that disappears on imaging stays listed."""

    segment: Fact[int] = integer(1, 8, "Couinaud segment", zh="Couinaud肝段")
    visibility: Fact[Visibility] = choice(Visibility, "visibility on imaging", zh="影像可见性")
    diameter_mm: Fact[float] = number(0, 300, "diameter", zh="直径", unit="mm", exclusive_minimum=True)
    near_critical_structure: Fact[bool] = boolean(
        "next to a large vessel, the common bile duct or another vital structure",
        zh="邻近大血管、胆总管或其他重要结构",
    )
    deep: Fact[bool] = boolean("deep: removal would sacrifice much normal liver", zh="深在：切除会牺牲较多正常肝组织")
    resectable: Fact[bool] = boolean("technically resectable", zh="技术上可切除")
    planned_margin_mm: Fact[float] = number(0, 100, "planned resection margin", zh="计划切缘", unit="mm")
    rfa_feasible: Fact[bool] = boolean("radiofrequency ablation feasible", zh="射频消融可行")
    sbrt_feasible: Fact[bool] = boolean("stereotactic radiotherapy feasible", zh="立体定向放疗可行")
    site_in_reach: Fact[bool] = boolean("site of the disappeared lesion within reach", zh="消失病灶的部位可及")
    destroyed: Fact[bool] = boolean("fully resected, ablated or irradiated", zh="已完全切除、消融或照射")
    treated_by: Fact[Treatment] = choice(Treatment, "treated by", zh="治疗方式")
    pathological_margin_mm: Fact[float] = number(0, 100, "pathological margin", zh="病理切缘", unit="mm")


@record
class Patient:
    """One patient with colorectal liver metastases, as far as is known."""

    deceased: Fact[bool] = boolean("deceased", zh="已去世", default=False)
    withdrawn: Fact[bool] = boolean("withdrawn from the pathway", zh="已退出路径", default=False)
    liver_metastases_confirmed: Fact[bool] = boolean("colorectal liver metastases confirmed", zh="确诊结直肠癌肝转移")
    microsatellite: Fact[Microsatellite] = choice(Microsatellite, "microsatellite status", zh="微卫星状态")
    ras: Fact[Ras] = choice(Ras, "RAS status", zh="RAS状态")
    ras_variant: Fact[RasVariant] = choice(RasVariant, "RAS variant", zh="RAS突变类型")
    fitness: Fact[Fitness] = choice(Fitness, "most intensive regimen tolerated", zh="可耐受的最强治疗方案")
    willing: Fact[bool] = boolean("wants treatment aimed at NED", zh="愿意接受以NED为目标的治疗")
    bevacizumab_contraindicated: Fact[bool] = boolean("bevacizumab contraindicated", zh="存在贝伐珠单抗禁忌证")
    in_g12c_inhibitor_trial: Fact[bool] = boolean(
        "enrolled in a KRAS G12C inhibitor trial", zh="已入组KRAS G12C抑制剂试验", default=False
    )
    in_immunotherapy_trial: Fact[bool] = boolean(
        "enrolled in an immunotherapy trial", zh="已入组免疫治疗试验", default=False
    )
    liver_metastasis_count: Fact[int] = integer(0, 500, "number of liver metastases", zh="肝转移灶数目")
    lesions: Fact[Sequence[LiverMetastasis]] = many(LiverMetastasis, "liver metastases", zh="肝转移灶")
    remnant_adequate: Fact[bool] = boolean("future liver remnant (FLR) adequate", zh="预计剩余肝体积（FLR）足够")
    extrahepatic: Fact[Extrahepatic] = choice(
        Extrahepatic, "disease outside the liver, primary included", zh="肝外病灶（含原发灶）"
    )
    dose_limiting_toxicity: Fact[bool] = boolean("dose-limiting toxicity in this block", zh="本疗程剂量限制性毒性")
    evaluable: Fact[bool] = boolean("imaging evaluable for response", zh="影像可评估疗效")
    response: Fact[Response] = choice(Response, "response (RECIST 1.1)", zh="疗效（RECIST 1.1）")
    focal_progression: Fact[bool] = boolean("progression limited to treatable foci", zh="进展仅限于可治疗的局部病灶")
    weeks_on_line: Fact[float] = number(0, 520, "time on the current line", zh="本线治疗时间", unit="weeks")
    prior_lines: Fact[int] = integer(0, 20, "prior systemic lines", zh="既往全身治疗线数")
    portal_vein_thrombus: Fact[bool] = boolean("portal-vein tumour thrombus", zh="门静脉癌栓")
    hai_available: Fact[bool] = boolean("HAI available", zh="本中心目前可开展HAI")
    debiri_available: Fact[bool] = boolean("DEBIRI available", zh="本中心目前可开展DEBIRI")
    sirt_available: Fact[bool] = boolean("SIRT available", zh="本中心目前可开展SIRT")
    second_line_available: Fact[bool] = boolean(
        "second-line (or later) systemic therapy available", zh="可获得二线（及以后）全身治疗"
    )
    embolisation_contraindicated: Fact[bool] = boolean("embolisation contraindicated", zh="存在栓塞禁忌证")
    liver_reserve_adequate: Fact[bool] = boolean("liver reserve adequate for SIRT", zh="肝功能储备可耐受SIRT")
    hai_failed: Fact[bool] = boolean("progressed on HAI", zh="HAI治疗期间进展", default=False)
    debiri_failed: Fact[bool] = boolean("progressed on DEBIRI", zh="DEBIRI治疗期间进展", default=False)
    sirt_given: Fact[bool] = boolean("SIRT already given", zh="已行SIRT", default=False)
    fudr_dose_mg_per_kg_per_day: Fact[float] = number(
        # The upper end is the maximum tolerated dose: claim sysucc-fudr-mtd.
        0,
        0.12,
        "floxuridine dose by hepatic artery",
        zh="氟尿苷肝动脉灌注剂量",
        unit="mg/kg/day",
        exclusive_minimum=True,
    )
    session_done: Fact[bool] = boolean("local session took place", zh="局部治疗已实施（开腹者含术中超声）")
    residual_treatable: Fact[bool] = boolean(
        "remaining disease treatable in another session", zh="肝内外残余病灶可再次局部治疗"
    )
    recurrence: Fact[bool] = boolean("recurrence at this visit", zh="本次随访复发")


contradiction(
    Patient.ras_variant,
    Patient.ras.is_(Ras.WILD_TYPE) & ~Patient.ras_variant.is_(RasVariant.UNDETERMINED),
    "expected no variant other than undetermined, since ras is wild_type",
    zh="RAS为野生型时突变类型只能为未确定",
)
contradiction(
    Patient.lesions,
    Patient.lesions.count() < Patient.liver_metastasis_count,
    "expected at least as many lesions as liver_metastasis_count",
    zh="所列病灶不得少于肝转移灶数目（liver_metastasis_count）",
    together=True,
)
contradiction(
    LiverMetastasis.treated_by,
    LiverMetastasis.destroyed & LiverMetastasis.treated_by.is_(Treatment.NONE),
    "expected a treatment other than none, since the lesion is destroyed",
    zh="须为“无”以外的治疗方式，因该病灶已毁损",
)
