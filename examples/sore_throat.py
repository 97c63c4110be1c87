"""A care pathway from scratch: acute sore throat by the McIsaac score, in one file.

An illustration of how a pathway is written, not medical advice. Run it to follow two patients:

    python examples/sore_throat.py
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from crlm_pathway import (
    Advisory,
    DecisionTable,
    Fact,
    Journey,
    LabelledEnum,
    Option,
    Parameter,
    Pathway,
    Predicate,
    Provenance,
    State,
    Text,
    Transition,
    boolean,
    choice,
    integer,
    many,
    named,
    number,
    record,
    rounds_here,
    taken,
)

STATED, GLUE = Provenance.STATED, Provenance.GLUE

# -- what may be known about a patient --------------------------------------------------------------


class Drug(LabelledEnum):
    PENICILLIN = "penicillin", "penicillin", "青霉素类"
    CEPHALOSPORIN = "cephalosporin", "cephalosporin", "头孢菌素类"
    MACROLIDE = "macrolide", "macrolide", "大环内酯类"


class RapidTest(LabelledEnum):
    POSITIVE = "positive", "positive", "阳性"
    NEGATIVE = "negative", "negative", "阴性"
    INVALID = "invalid", "not readable", "无法判读"


@record
class Allergy:
    """An allergy to a class of antibiotics."""

    drug: Fact[Drug] = choice(Drug, "drug", zh="药物")
    immediate: Fact[bool] = boolean("immediate reaction, such as anaphylaxis", zh="速发型反应（如过敏性休克）")


@record
class SoreThroat:
    """One patient with a sore throat, as far as is known."""

    danger_sign: Fact[bool] = boolean(
        "stridor, drooling or a jaw that does not open", zh="喘鸣、流涎或张口困难", default=False
    )
    # A point each for fever above 38 degrees, no cough, tender neck nodes, and swollen or coated tonsils;
    # one more from 3 to 14 years of age, one less from 45.
    score: Fact[int] = integer(-1, 5, "McIsaac score", zh="McIsaac评分")
    days_ill: Fact[float] = number(0, 90, "duration", zh="病程", unit="days")
    allergies: Fact[Sequence[Allergy]] = many(Allergy, "allergies to antibiotics", zh="抗生素过敏")
    rapid_test: Fact[RapidTest] = choice(RapidTest, "rapid test for streptococci", zh="链球菌快速检测")
    improving: Fact[bool] = boolean("improving", zh="好转")
    drug_reaction: Fact[bool] = boolean("reaction to the antibiotic", zh="抗生素不良反应")


# -- the numbers that are policy --------------------------------------------------------------------

TEST_FROM_SCORE = Parameter(
    "test_from_score",
    2,
    Text("score from which a rapid test is worthwhile", "值得快速检测的评分"),
    provenance=STATED,
    at_least=-1,
    at_most=5,
)
MAX_RETESTS = Parameter("max_retests", 1, Text("repeats of an unreadable test", "检测无法判读时的最多重复次数"))
MAX_CHANGES = Parameter("max_changes", 1, Text("changes of antibiotic", "更换抗生素的最多次数"))
LONG_ILLNESS_DAYS = Parameter(
    "long_illness_days",
    7,
    Text("days within which most sore throats pass", "多数咽痛痊愈的天数"),
    unit="days",
)

# -- criteria ---------------------------------------------------------------------------------------


def allergic_to(drug: Drug) -> Predicate:
    """Return the criterion that the patient has some allergy to a drug."""
    return SoreThroat.allergies.some(Allergy.drug.is_(drug))


worth_testing = named(
    "worth_testing",
    Text("streptococci likely enough to test", "链球菌感染可能性值得检测"),
    SoreThroat.score >= TEST_FROM_SCORE,
)
cephalosporin_safe = named(
    "cephalosporin_safe",
    Text("cephalosporin safe", "可用头孢菌素"),
    ~allergic_to(Drug.CEPHALOSPORIN)
    & ~SoreThroat.allergies.some(Allergy.drug.is_(Drug.PENICILLIN) & Allergy.immediate),
)

ANTIBIOTIC = DecisionTable(
    name="antibiotic",
    text=Text("Antibiotic", "抗生素"),
    options=(
        Option(
            name="penicillin_v",
            when=~allergic_to(Drug.PENICILLIN),
            text=Text("penicillin V", "青霉素V"),
            provenance=STATED,
        ),
        Option(
            name="cefalexin",
            when=allergic_to(Drug.PENICILLIN) & cephalosporin_safe,
            text=Text("cefalexin", "头孢氨苄"),
            provenance=STATED,
        ),
        Option(
            name="clarithromycin",
            when=allergic_to(Drug.PENICILLIN) & ~cephalosporin_safe & ~allergic_to(Drug.MACROLIDE),
            text=Text("clarithromycin", "克拉霉素"),
            provenance=STATED,
        ),
        Option(
            name="none",
            when=allergic_to(Drug.PENICILLIN) & ~cephalosporin_safe & allergic_to(Drug.MACROLIDE),
            text=Text("none of the usual ones", "无常用抗生素可选"),
            provenance=GLUE,
        ),
    ),
)

antibiotic_left = named("antibiotic_left", Text("an antibiotic left", "尚有抗生素可选"), ~ANTIBIOTIC.gives("none"))
may_change = named(
    "may_change",
    Text("another antibiotic may be tried", "可换用其他抗生素"),
    antibiotic_left & (taken("change_antibiotic") < MAX_CHANGES),
)

# -- the states, and the ways out of each -----------------------------------------------------------

positive = SoreThroat.rapid_test.is_(RapidTest.POSITIVE)
unreadable = SoreThroat.rapid_test.is_(RapidTest.INVALID)
retest_left = rounds_here <= MAX_RETESTS
tested = taken("test_at_once", "test_after_all") >= 1

ASSESSMENT = State(
    name="assessment",
    text=Text("Assessment", "评估"),
    transitions=(
        Transition(
            key="test_at_once",
            code="A1",
            to="testing",
            when=worth_testing,
            text=Text("take a throat swab", "咽拭子检测"),
            provenance=STATED,
        ),
        Transition(
            key="spare_the_test",
            code="A2",
            to="self_care",
            when=~worth_testing,
            text=Text("no test, no antibiotic", "无需检测及抗生素"),
            provenance=STATED,
        ),
    ),
)

TESTING = State(
    name="testing",
    text=Text("Rapid test", "快速检测"),
    asks=(SoreThroat.rapid_test,),
    transitions=(
        Transition(
            key="treat",
            code="B1",
            to="antibiotic",
            when=positive & antibiotic_left,
            text=Text("streptococci found: treat", "检出链球菌：治疗"),
            provenance=STATED,
        ),
        Transition(
            key="seek_advice",
            code="B2",
            to="referred",
            when=positive & ~antibiotic_left,
            text=Text("streptococci found, but no usual antibiotic", "检出链球菌但无常用抗生素"),
            provenance=GLUE,
        ),
        Transition(
            key="repeat_test",
            code="B3",
            to="testing",
            when=unreadable & retest_left,
            text=Text("repeat the test", "重复检测"),
            provenance=GLUE,
        ),
        Transition(
            key="withhold_antibiotic",
            code="B4",
            to="self_care",
            when=~positive & ~(unreadable & retest_left),
            text=Text("no streptococci found: no antibiotic", "未检出链球菌：不用抗生素"),
            provenance=STATED,
            note=Text("giving up on a test that stays unreadable is added", "检测仍无法判读时放弃为补充规则"),
        ),
    ),
)

LONG_ILLNESS = Advisory(
    key="long_illness",
    when=SoreThroat.days_ill > LONG_ILLNESS_DAYS,
    text=Text("ill for long: think of glandular fever", "病程较长：考虑传染性单核细胞增多症"),
)

SELF_CARE = State(
    name="self_care",
    text=Text("Self-care", "自我护理"),
    asks=(SoreThroat.improving,),
    transitions=(
        Transition(
            key="get_well",
            code="C1",
            to="recovered",
            when=SoreThroat.improving,
            text=Text("getting well", "好转"),
            provenance=GLUE,
        ),
        Transition(
            key="test_after_all",
            code="C2",
            to="testing",
            when=~SoreThroat.improving & ~tested,
            text=Text("no better: test after all", "未好转：补做检测"),
            provenance=GLUE,
        ),
        Transition(
            key="refer_from_self_care",
            code="C3",
            to="referred",
            when=~SoreThroat.improving & tested,
            text=Text("no better although tested", "已检测仍未好转"),
            provenance=GLUE,
        ),
    ),
    advisories=(LONG_ILLNESS,),
)

ON_ANTIBIOTIC = State(
    name="antibiotic",
    text=Text("Antibiotic treatment", "抗生素治疗"),
    asks=(SoreThroat.improving, SoreThroat.drug_reaction, SoreThroat.allergies),  # a reaction is an allergy too
    tables=(ANTIBIOTIC,),
    transitions=(
        Transition(
            key="get_well_on_antibiotic",
            code="D1",
            to="recovered",
            when=~SoreThroat.drug_reaction & SoreThroat.improving,
            text=Text("getting well", "好转"),
            provenance=GLUE,
        ),
        Transition(
            key="change_antibiotic",
            code="D2",
            to="antibiotic",
            when=SoreThroat.drug_reaction & may_change,
            text=Text("not tolerated: change it", "不耐受：更换"),
            provenance=GLUE,
        ),
        Transition(
            key="stop_antibiotic",
            code="D3",
            to="referred",
            when=SoreThroat.drug_reaction & ~may_change,
            text=Text("not tolerated, and nothing to change to", "不耐受且无可更换"),
            provenance=GLUE,
        ),
        Transition(
            key="refer_from_antibiotic",
            code="D4",
            to="referred",
            when=~SoreThroat.drug_reaction & ~SoreThroat.improving,
            text=Text("no better on the antibiotic", "用抗生素后未好转"),
            provenance=GLUE,
        ),
    ),
    advisories=(LONG_ILLNESS,),
)

SORE_THROAT = Pathway(
    name="sore_throat",
    text=Text("Acute sore throat", "急性咽痛"),
    record=SoreThroat,
    start="assessment",
    states=(
        ASSESSMENT,
        TESTING,
        SELF_CARE,
        ON_ANTIBIOTIC,
        State(name="recovered", text=Text("Recovered", "痊愈"), terminal=True),
        State(name="referred", text=Text("Referred", "转诊"), terminal=True),
        State(name="emergency", text=Text("Emergency department", "急诊"), terminal=True),
    ),
    interrupts=(
        Transition(
            key="send_to_hospital",
            code="X1",
            to="emergency",
            when=SoreThroat.danger_sign,
            text=Text("danger sign: to hospital at once", "危险征象：立即送院"),
            provenance=STATED,
        ),
    ),
)

# -- two patients -----------------------------------------------------------------------------------


def treated() -> Journey:
    """Follow a patient through an unreadable test and a rash."""
    journey = Journey.begin(SORE_THROAT, SoreThroat(score=4, days_ill=2, allergies=[]))
    journey.visit(on=date(2024, 3, 4))
    journey.visit(on=date(2024, 3, 4), rapid_test=RapidTest.INVALID)
    journey.visit(on=date(2024, 3, 4), rapid_test=RapidTest.POSITIVE)
    rash = Allergy(drug=Drug.PENICILLIN, immediate=False)
    journey.visit(on=date(2024, 3, 6), drug_reaction=True, allergies=[rash])
    journey.visit(on=date(2024, 3, 13), drug_reaction=False, improving=True)
    return journey


def sent_home() -> Journey:
    """Follow a patient who is sent home without a test, and comes back worse."""
    journey = Journey.begin(SORE_THROAT, SoreThroat(score=1, days_ill=9))
    journey.visit(on=date(2024, 3, 4))
    journey.visit(on=date(2024, 3, 6), danger_sign=True)
    return journey


def tell(journey: Journey) -> None:
    """Print each step of a journey: why it was taken, what was given, and what was to be minded."""
    for step in journey.steps:
        print(f"  {step.on}  {step.transition.text} -> {step.target}")
        print(f"              because {step.because()}")
        given = step.options.get("antibiotic")
        if isinstance(given, Option):
            print(f"              give {given.text}")
        for advisory in step.advisories:
            print(f"              mind: {advisory.text}")


def main() -> None:
    """Decide, explain, and tell two stories."""
    decision = SORE_THROAT.decide("assessment", SoreThroat())
    print("While nothing is known, the assessment waits for:", ", ".join(decision.waiting_for))

    print("\nWhat it does with a score of 1, and why:\n")
    print(SORE_THROAT.explain("assessment", SoreThroat(score=1)))

    print("\nA clinic that tests everybody has another policy, not another pathway:")
    test_everybody = SORE_THROAT.with_policy(test_from_score=-1)
    step = test_everybody.decide("assessment", SoreThroat(score=1)).transition
    print(f"  {step.text}" if step else "  it waits")

    print("\nA patient who does not tolerate penicillin:")
    tell(treated())

    print("\nA patient who comes back worse:")
    tell(sent_home())


if __name__ == "__main__":
    main()
