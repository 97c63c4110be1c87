"""Initial assessment: who is within the article's scope, fit and willing, and who can reach NED at once."""

from ..criteria import candidate, in_scope
from ..pathway.model import Advisory, State, Transition
from ..patient import Microsatellite, Patient, Ras
from ..policy import HIGH_BURDEN_COUNT
from ..predicates.labels import Text
from ..predicates.nodes import Provenance
from ..toolbox import ned_achievable

confirmed = Patient.liver_metastases_confirmed
msi_high = Patient.microsatellite.is_(Microsatellite.MSI_HIGH)
wild_type = Patient.ras.is_(Ras.WILD_TYPE)
no_result = Patient.microsatellite.is_(Microsatellite.UNDETERMINED) | Patient.ras.is_(Ras.UNDETERMINED)

BURDEN_ADVISORIES = (
    Advisory(
        key="high_burden",
        when=Patient.liver_metastasis_count >= HIGH_BURDEN_COUNT,
        text=Text(
            "high burden: conversion for local treatment may not suit this many metastases",
            "高负荷：转移灶较多者未必适合以局部治疗为目标的转化",
        ),
        claims=("ref19-ten-or-more",),
    ),
    Advisory(
        key="no_lesion_listed",
        when=Patient.lesions.is_empty(),
        text=Text(
            "no liver metastasis is listed; one that has disappeared stays listed",
            "未列出肝转移灶；消失的病灶仍须列出",
        ),
    ),
)

INITIAL_ASSESSMENT = State(
    name="initial_assessment",
    text=Text("Initial assessment", "初始评估"),
    claims=("cc-conversion-vs-palliation",),
    transitions=(
        Transition(
            key="find_no_liver_metastases",
            code="A1",
            to="out_of_scope",
            when=~confirmed,
            text=Text("colorectal liver metastases excluded", "已排除结直肠癌肝转移"),
            provenance=Provenance.IMPLIED,
            claims=("cc-liver-commonest-site",),
        ),
        Transition(
            key="find_msi_high",
            code="A2",
            to="out_of_scope",
            when=confirmed & msi_high,
            text=Text("MSI-high", "MSI-H"),
            provenance=Provenance.STATED,
            claims=("cc-scope-mss",),
        ),
        Transition(
            key="find_ras_wild_type",
            code="A3",
            to="out_of_scope",
            when=confirmed & ~msi_high & wild_type,
            text=Text("RAS wild type", "RAS野生型"),
            provenance=Provenance.IMPLIED,
            claims=("cc-anti-egfr-contraindicated",),
        ),
        Transition(
            key="find_no_result",
            code="A4",
            to="out_of_scope",
            when=confirmed & ~msi_high & ~wild_type & no_result,
            text=Text("MSI or RAS result undetermined", "微卫星或RAS检测无结果"),
            provenance=Provenance.GLUE,
        ),
        Transition(
            key="forgo_ned_at_referral",
            code="A5",
            to="palliative_care",
            when=in_scope & ~candidate,
            text=Text("unfit or unwilling", "不耐受或无意愿"),
            provenance=Provenance.IMPLIED,
            claims=("sum-fit-and-willing", "cc-guideline-max-shrinkage-if-fit"),
        ),
        Transition(
            key="treat_at_once",
            code="A6",
            to="local_treatment",
            when=in_scope & candidate & ned_achievable,
            text=Text("NED achievable at once by local treatment", "初始即可经局部治疗达NED"),
            provenance=Provenance.IMPLIED,
            claims=("cc-upfront-resectable-20pct",),
        ),
        Transition(
            key="start_conversion",
            code="A7",
            to="first_line_conversion",
            when=in_scope & candidate & ~ned_achievable & (Patient.prior_lines <= 0),
            text=Text("start conversion", "开始转化治疗"),
            provenance=Provenance.STATED,
            claims=(
                "cc-initially-unresectable-80pct",
                "cc-conversion-unpredictable",
                "fl-first-line-decisive",
            ),
        ),
        Transition(
            key="evaluate_pretreated",
            code="A8",
            to="response_evaluation",
            when=in_scope & candidate & ~ned_achievable & (Patient.prior_lines >= 1),
            text=Text("already treated: evaluate", "既往已治疗：评估"),
            provenance=Provenance.IMPLIED,
            claims=("hearto-regimen", "sirt-late-line-opinion"),
        ),
    ),
    advisories=BURDEN_ADVISORIES,
)
