"""What is said of obligations: what each claims, how far it holds, and what shows that it fails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from ..pathway.model import DecisionTable, State, Transition
from ..predicates.labels import SEMICOLON, Language, Text, labelled, numbered
from ..predicates.records import facts_of, values_of
from ..predicates.wording import value_text
from .rooms import Asked
from .termination import Cap, Certificate
from .witnesses import Shown

TOTAL = Text("in “{0}” there is always a way on", "在“{0}”中总有路可走")
EXCLUSIVE = Text("in “{0}” there are never two ways on", "在“{0}”中绝不会同时有两条路")
ROWS_TOTAL = Text("the table “{0}” always has a row that applies", "决策表“{0}”总有一行适用")
ROWS_EXCLUSIVE = Text("the table “{0}” never has two rows that apply", "决策表“{0}”绝不会有两行同时适用")
MONOTONE = Text("in “{0}” learning more never changes a decision", "在“{0}”中，补充信息不会改变已作出的决定")
TERMINATING = Text("every journey ends: {0}", "每个病程都会结束：{0}")
TAKEN = Text("the step “{0}” can be taken", "步骤“{0}”可以走到")
HAPPENS = Text("“{0}” can be chosen", "“{0}”可以选到")
RAISED = Text("“{0}” can be raised", "“{0}”可以提示")
NEVER_HAPPENS = Text("“{0}” is never chosen", "“{0}”绝不会被选到")
PROMISE = Text("{0}", "{0}")

ALWAYS = Text("for every record and every history", "对任何记录和历史")
ANY_POLICY = Text("for every record, every history, and whatever {0} may be", "对任何记录和历史，且无论{0}取何允许值")
ONLY_JOURNEYS = Text(
    "with {0} not for every history; in every journey of that policy it may hold: try --set",
    "{0}时并非对任何历史都成立；在该策略的病程中可能成立：请用--set检查",
)
UNDER = Text("with {0}: {1}", "{0}时：{1}")
IN_JOURNEYS = Text(
    "in every journey, though not for histories that no journey has", "对任何病程（不含任何病程都不会有的历史）"
)
BUT_EVENTS = Text(
    "for every record and every history; that an event has happened is not learning",
    "对任何记录和历史；记录某事件已发生不算补充信息",
)
UNDECIDED = Text("not decided: {0}", "未能判定：{0}")
NO_CAP = Text("{0}; no cap is found on the way round by {1}", "{0}；未找到经过{1}的循环的次数上限")
NO_COURSE = Text(
    "some record shows a fault, but no journey was found that comes to it: a visit cannot forget what is known",
    "有记录能显示问题，但未找到能走到该处的病程：就诊不能使已知变为未知",
)
FALLS_THROUGH = Text("in “{0}” no way leads on", "在“{0}”中无路可走")
TWO_WAYS = Text("in “{0}” two ways lead on: {1}", "在“{0}”中同时有两条路：{1}")
NO_ROW = Text("on entering “{1}” no row of the table “{0}” applies", "进入“{1}”时，决策表“{0}”无一行适用")
TWO_ROWS = Text(
    "on entering “{1}” two rows of the table “{0}” apply: {2}", "进入“{1}”时，决策表“{0}”有两行同时适用：{2}"
)
NO_JOURNEY = Text(
    "never: its criterion can hold, but not with what any journey has been through before it",
    "永不发生：其条件可以成立，但任何病程走到此处时都不会满足",
)
NO_RECORD = Text("never: no record and no history meet its criterion", "永不发生：没有任何记录和历史满足其条件")
UNDONE = Text(
    "in “{0}” this decides: {1}; and this does not decide so: {2}", "在“{0}”中，此时可作决定：{1}；而此时不然：{2}"
)
LOOP = Text("this can go on for ever: {0}", "可以无休止地继续：{0}")
BROKEN = Text("the step “{0}” breaks it", "走步骤“{0}”时即违反")
AFTER = Text("{0}, after {1}", "{0}，此前已走{1}")
REPEATED = Text("“{0}” {1} times", "“{0}”{1}次")
WITH = Text("{0}, with {1}", "{0}，此时{1}")
EMPTY = Text("none", "无")
EMPTY_ITEM = Text("nothing known", "均未知")
STEPS = Text("at most {0} steps; limited: {1}", "至多{0}步；有次数上限的步骤：{1}")
STEPS_ALONE = Text("at most {0} steps; nothing goes round", "至多{0}步；没有循环")
CAP = Text("“{0}” {1}", "“{0}”{1}")
ROUNDS = Text("“{0}” {1} in a row", "“{0}”连续{1}")
ONCE = Text("once", "1次")
TIMES = Text("{0} times", "{0}次")
QUOTED = Text("“{0}”", "“{0}”")


def at_step(step: Transition, _: Shown) -> Text:
    """What step breaks a promise."""
    return filled(BROKEN, step.text)


def with_facts(words: Text, shown: Shown) -> Text:
    """What is shown, after which steps, and with which facts."""
    facts = list(told(type(shown.record), shown.needed))
    after = filled(AFTER, words, _way(shown.steps)) if shown.steps else words
    return filled(WITH, after, joined(facts)) if facts else after


def _way(steps: Sequence[Transition]) -> Text:
    """Steps in their order, the same in a row counted."""
    rows = [(step.text, len(list(alike))) for step, alike in groupby(steps)]
    return joined([filled(QUOTED if times == 1 else REPEATED, text, Text(str(times))) for text, times in rows])


def told(record: type[Any], facts: Mapping[str, Any]) -> Iterator[Text]:
    """Facts with their labels, those of the items of lists one by one."""
    for name, value in facts.items():
        fact = facts_of(record)[name]
        if not isinstance(value, tuple):
            yield labelled(fact.text, value_text(fact, value))
            continue
        if not value:
            yield labelled(fact.text, EMPTY)
        for number, item in enumerate(value, start=1):
            known = {each.name: kept for each, kept in values_of(item) if kept is not None}
            within = list(told(type(item), known)) or [EMPTY_ITEM]
            yield from (labelled(numbered(fact.text, number), text) for text in within)


def certified(proof: Certificate, steps: int) -> Text:
    """The steps that a journey takes at most, and why: which transitions can be taken how often."""
    limited = [cap for cap in proof.caps if cap.most > (cap.group is None)]
    if not limited:
        return filled(STEPS_ALONE, Text(str(steps)))
    return filled(STEPS, Text(str(steps)), joined([_limit(cap) for cap in limited]))


def _limit(cap: Cap) -> Text:
    in_a_row = cap.group is None
    words = ROUNDS if in_a_row else CAP
    times = cap.most - in_a_row
    number = ONCE if times == 1 else filled(TIMES, Text(str(times)))
    return filled(words, cap.step.text, number)


def no_row(table: DecisionTable, state: State, _: Shown) -> Text:
    """That a table has no row."""
    return filled(NO_ROW, table.text, state.text)


def two_rows(table: DecisionTable, state: State, shown: Shown) -> Text:
    """That a table has two rows, and which."""
    items = (shown.record,) if table.over is None else table.over.of(shown.record) or ()
    both = [row.text for item in items for row in table.options if Asked(row.when).holds(item, shown.history)]
    return filled(TWO_ROWS, table.text, state.text, quoted(list(dict.fromkeys(both))))


def quoted(texts: Sequence[Text]) -> Text:
    """Labels in quotes, one after the other."""
    return joined([filled(QUOTED, text) for text in texts])


def joined(texts: Sequence[Text]) -> Text:
    """Texts one after the other."""

    def in_(language: Language) -> str:
        return SEMICOLON.in_(language).join(text.in_(language) for text in texts)

    return Text(in_("en"), in_("zh"))


def filled(words: Text, *texts: Text) -> Text:
    """Words with texts put into them, in both languages."""
    return words.filled(*texts)
