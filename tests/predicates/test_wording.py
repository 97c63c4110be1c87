"""What criteria say, in English and Chinese."""

from __future__ import annotations

import pytest
from hypothesis import given

from crlm_pathway import (
    Fact,
    LabelledEnum,
    Parameter,
    Predicate,
    Text,
    arrived_from,
    choice,
    entering,
    leaving,
    named,
    record,
    rounds_here,
    taken,
    taking,
)
from crlm_pathway.predicates.labels import LANGUAGES, SEMICOLON, figure
from crlm_pathway.predicates.nodes import ArrivedFrom, Compare, Holds, HoldsSoFar, Not, OneOf, as_predicate, walk
from crlm_pathway.predicates.wording import answers, question, say
from universe import Colour, Part, Thing, predicates

NAMES = {"go": Text("go on", "继续"), "there": Text("There", "那里")}
LIMIT = Parameter("the_limit", 3, Text("the limit", "上限"))


class Fever(LabelledEnum):
    """Values of which one is a denial."""

    NONE = "none", "no fever", "无发热"
    LOW = "low", "low", "低"
    HIGH = "high", "high", "高"


@record
class Ill:
    """A record of one fact."""

    fever: Fact[Fever] = choice(Fever, "fever", zh="发热")


def test_nothing_is_denied_twice() -> None:
    assert say(~Ill.fever.is_(Fever.NONE)) == "fever: low or high"
    assert say(~Ill.fever.is_(Fever.NONE), "zh") == "发热：低或高"
    assert answers([~Ill.fever.is_(Fever.NONE)]).en == "low or high"
    assert say(~Ill.fever.is_(Fever.LOW)) == "fever: not low"


def test_what_stands_together_is_kept_apart_where_no_values_stand_beside_it() -> None:
    known = named("known", Text("old and sold", "旧且已售"), as_predicate(Thing.alive))
    bright = Thing.colour.is_in(Colour.RED, Colour.BLUE)
    assert say(known & bright & Thing.alive, apart=True) == "“old and sold” and colour: (red or blue) and alive: yes"
    assert say(~known | bright, "zh", apart=True) == "并非“旧且已售”或颜色：（红或蓝）"
    assert say(known, apart=True) == "old and sold"
    assert say(~known, apart=True) == "not “old and sold”"
    assert say(bright, apart=True) == "colour: red or blue"


@pytest.mark.parametrize(
    ("criterion", "en", "zh"),
    [
        (as_predicate(Thing.alive), "alive: yes", "存活：是"),
        (~Thing.alive, "alive: no", "存活：否"),
        (Thing.sold.so_far, "sold so far: yes", "迄今已售：是"),
        (Thing.colour.is_in(Colour.RED, Colour.BLUE), "colour: red or blue", "颜色：红或蓝"),
        (~Thing.colour.is_(Colour.RED), "colour: not red", "颜色：非红"),
        (Thing.weight <= LIMIT, "weight ≤ 3 kg [the_limit]", "重量 ≤ 3 kg [the_limit]"),
        (~(Thing.weight <= 2.5), "weight > 2.5 kg", "重量 > 2.5 kg"),
        (Thing.weight < Thing.limit, "weight < limit", "重量 < 上限"),
        (taken("go") < 2, "times of “go on” so far < 2", "迄今“继续”次数 < 2"),
        (rounds_here >= 2, "rounds in this state ≥ 2", "本状态轮次 ≥ 2"),
        (arrived_from("there"), "arrived from “There”: yes", "由“那里”进入：是"),
        (entering("there", "away"), "entering “There / away”: yes", "进入“那里 / away”：是"),
        (~leaving("there"), "leaving “There”: no", "离开“那里”：否"),
        (taking("go"), "taking “go on”: yes", "走步骤“继续”：是"),
        (Thing.parts.every(~Part.broken), "each of the parts: broken: no", "每个部件均：损坏：否"),
        (~Thing.parts.every(~Part.broken), "at least one of the parts: broken: yes", "至少一个部件：损坏：是"),
        (Thing.parts.is_empty(), "no parts", "无部件"),
        (Thing.parts.count() >= 2, "number of parts ≥ 2", "部件数目 ≥ 2"),
        (Thing.parts.count(Part.broken) < 2, "number of parts with broken: yes < 2", "部件中符合“损坏：是”的数目 < 2"),
        (Thing.alive & (Thing.sold | (Thing.size < 3)), "alive: yes and (sold: yes or size < 3)",
         "存活：是且（已售：是或尺寸 < 3）"),
        (~(Thing.alive & Thing.sold), "alive: no or sold: no", "存活：否或已售：否"),
        (named("n", Text("fit and willing", "适合"), Thing.alive & Thing.sold), "fit and willing", "适合"),
        (~named("n", Text("fit and willing", "适合"), Thing.alive), "not (fit and willing)", "并非“适合”"),
    ],
)  # fmt: skip
def test_a_criterion_reads_as_a_sentence(criterion: Predicate, en: str, zh: str) -> None:
    assert say(criterion, "en", NAMES) == en
    assert say(criterion, "zh", NAMES) == zh


def test_no_digit_of_a_number_is_lost() -> None:
    assert [figure(number) for number in (30.0, 29.99999, 1234567, 0.1 + 0.2, -3)] == [
        "30",
        "29.99999",
        "1234567",
        "0.30000000000000004",
        "-3",
    ]


def test_texts_are_joined_in_both_languages() -> None:
    assert SEMICOLON.join(NAMES.values()) == Text("go on; There", "继续；那里")
    assert SEMICOLON.join(name for name in [LIMIT.text]) == LIMIT.text
    assert SEMICOLON.join([]) == Text("")


@given(predicates)
def test_every_criterion_can_be_said(predicate: Predicate) -> None:
    assert say(predicate, "en").strip()
    assert say(predicate, "zh").strip()


@given(predicates)
def test_a_question_and_its_answer_say_what_the_criterion_says(predicate: Predicate) -> None:
    for part in walk(predicate):
        for criterion in (part, ~part):
            asked, answer = question(criterion), answers([criterion])
            for language in LANGUAGES:
                told = (
                    answer.in_(language).replace("（", "(").replace("）", ")").removeprefix("not ").removeprefix("非")
                )
                assert asked.in_(language).strip()
                match part:
                    case Holds() | HoldsSoFar():
                        colon = ": " if language == "en" else "："
                        assert say(criterion, language) == f"{asked.in_(language)}{colon}{answer.in_(language)}"
                    case OneOf():
                        assert say(criterion, language).endswith(told.strip("()"))
                    case Compare():
                        assert say(criterion, language) == f"{asked.in_(language)} {answer.in_(language)}"
                    case Not() | ArrivedFrom():
                        pass
                    case _:
                        assert asked.in_(language) == say(part, language)
                        assert answer.en == ("yes" if criterion is part else "no")


def test_several_answers_to_one_question_are_told_apart() -> None:
    red_or_blue = Thing.colour.is_in(Colour.RED, Colour.BLUE)
    assert answers([red_or_blue, ~Thing.colour.is_(Colour.RED)]) == Text(
        "(red or blue) and not red", "（红或蓝）且非红"
    )
    assert answers([~red_or_blue]) == Text("not (red or blue)", "非（红或蓝）")
    assert answers([Thing.weight > 2, ~(Thing.weight >= LIMIT)]) == Text(
        "> 2 kg and < 3 kg [the_limit]", "> 2 kg且< 3 kg [the_limit]"
    )
    assert answers([]) == Text("")
