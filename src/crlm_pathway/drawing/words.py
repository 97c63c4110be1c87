"""What pictures say beside the words of the pathway itself."""

from __future__ import annotations

from ..predicates.labels import Text

ANY_STATE = Text("any state, before anything else", "任一状态（优先于其他步骤）")
AN_END = Text("end of the pathway", "路径终点")
STOPPED = Text("end reached from any state", "任一状态均可到达的终点")
BESIDE = Text("{0}: one end, drawn beside each state that leads to it", "{0}：同一终点，在每个通向它的状态旁各绘一次")
THE_WAY = Text("the way taken, in the order of its steps", "实际经过的路径，按步骤编号")
VISITED = Text("gone through", "已经过的状态")
HERE = Text("where it stands", "目前所处状态")

CRITERIA = Text("Named criteria", "有名称的条件")
SOURCE = Text("source", "出处")
REFERENCES = Text("References", "参考文献")
VISITS = Text("Visits", "就诊")

ASKS = Text("asks anew: {0}", "重新询问：{0}")
WAITS = Text("waits to know: {0}", "等待明确：{0}")
ON = Text("{0}, {1}", "{0}，{1}")
VISIT = Text("visit {0}", "第{0}次就诊")
VISIT_RUN = Text("visits {0}–{1}", "第{0}–{1}次就诊")
DATES = Text("{0} to {1}", "{0}至{1}")

SIMPLER = Text(
    "Simplified: {0} transitions are too many to label; each line stands for all from one state to another. "
    "A picture of one state shows its own with their criteria.",
    "已简化：{0}个步骤过多，无法逐一标注；每条线代表一个状态到另一个状态的全部步骤。单个状态的图列出该状态的步骤及条件。",
)
DESCRIBED = Text(
    "{0}. {1} states, {2} transitions; begins in “{3}”, ends in {4}.", "{0}。{1}个状态，{2}个步骤；始于“{3}”，终于{4}。"
)
QUOTED = Text("“{0}”", "“{0}”")
COMMA = Text(", ", "、")
COMPARED = Text("{0} and {1}, side by side.", "{0}与{1}并列对照。")
