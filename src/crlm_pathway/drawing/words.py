"""What pictures say beside the words of the pathway itself."""

from __future__ import annotations

from ..predicates.labels import Text, labelled

FROM_ANY = Text("any state", "任一状态")
ANY_STATE = Text("{0}, before anything else", "{0}（优先于其他步骤）").filled(FROM_ANY)
AN_END = Text("end of the pathway", "路径终点")
STOPPED = Text("end reached from any state", "任一状态均可到达的终点")
BESIDE = Text("{0}: one end, drawn beside each state that leads to it", "{0}：同一终点，在每个通向它的状态旁各绘一次")
THE_WAY = Text("the way taken, in the order of its steps", "实际经过的路径，按步骤编号")
VISITED = Text("gone through", "已经过的状态")
HERE = Text("where it stands", "目前所处状态")
STANDS = Text("The journey stands in “{0}”", "目前处于“{0}”")
STOP = Text(". ", "。")

ADVISORIES = Text("Advisories", "提示")
CRITERIA = Text("Named criteria", "有名称的条件")
SOURCE = Text("source", "来源")
REFERENCES = Text("References", "参考文献")
UNKNOWN_CLAIMS = Text("No paper is known here for the claims: {0}", "以下依据在此无文献可查：{0}")
VISITS = Text("Visits", "就诊")

ASKS_ANEW = Text("asks anew", "重新询问")
ASKS = labelled(ASKS_ANEW, Text("{0}"))
WAITS = Text("waits to know: {0}", "等待明确：{0}")
ON = Text("{0}, {1}", "{0}，{1}")
LEADS = Text("{0} → {1}", "{0} → {1}")
CHOSEN = Text("{0} ({1})", "{0}（{1}）")
TIMES = Text("{0} ({1} times)", "{0}（{1}次）")
NOT_HERE = Text("The journey, now in “{0}”, has not come here.", "该病程目前处于“{0}”，未曾到此。")
NOT_NOW = Text("The journey is in “{0}”, where this table is not asked.", "该病程目前处于“{0}”，该处不用此表。")
VISIT = Text("visit {0}", "第{0}次就诊")
VISIT_RUN = Text("visits {0}–{1}", "第{0}–{1}次就诊")
DATES = Text("{0} to {1}", "{0}至{1}")

OPTION = Text("option", "选项")
FURTHER = Text("further", "其他条件")
APPLIES = Text("“{0}” applies", "“{0}”适用")
UNIQUE = Text("U (unique): exactly one row applies", "U（唯一）：恰有一行适用")
AT_MOST_ONE = Text("U (unique): at most one row applies; {0}", "U（唯一）：至多一行适用；{0}")
COVERS = Text("promised to cover every case in which", "保证覆盖以下条件成立时的全部情形")
OVER = Text("for each of", "逐个用于")
EACH = Text("for each of the {0}", "逐个用于每个{0}")
DONE = Text("nothing more to do when", "以下条件成立时无需再处理")
NEVER_CHOSEN = Text("never chosen", "不会被选用")
REVIEW = Text("review", "评估")
LATER = Text("in {0}", "{0}后")
REVIEW_LATER = Text("{0} {1}", "{1}{0}").filled(REVIEW, LATER)

SIMPLER = Text(
    "Simplified: {0} transitions are too many to label; each line stands for all from one state to another. "
    "A picture of one state shows its own with their criteria.",
    "已简化：{0}个步骤过多，无法逐一标注；每条线代表一个状态到另一个状态的全部步骤。单个状态的图列出该状态的步骤及条件。",
)
DESCRIBED = Text(
    "{0}. {1} states, {2} transitions; begins in “{3}”, ends in {4}.", "{0}。{1}个状态，{2}个步骤；始于“{3}”，终于{4}。"
)
QUOTED = Text("“{0}”", "“{0}”")
ASIDE = Text("{0} ({1})", "{0}（{1}）")
NAMED = Text("{0} [{1}]", "{0} [{1}]")
COMMA = Text(", ", "、")
COMPARED = Text("{0} and {1}, side by side.", "{0}与{1}并列对照。")
