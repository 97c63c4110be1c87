"""The picture as DOT text.

Each label is a small node in the middle of its edge: the line leads into its label and out of it again, so that no
label can be taken for another edge's. Everything a user wrote stands in HTML-like labels, where four characters and
the backslash have a meaning; names in the DOT text are made from the user's, not taken over.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

import attrs

from ..about import DISCLAIMER
from ..predicates.labels import SEMICOLON, Text, printable
from ..predicates.nodes import Provenance
from .errors import DrawingError
from .graph import Choices, Edge, Graph, Kind, Line, Node
from .lettering import wrapped

FONT = "Noto Sans SC"
FONTS = f"{FONT},Noto Sans CJK SC,Source Han Sans SC,PingFang SC,Microsoft YaHei,Helvetica,Arial,sans-serif"
"""The first is the font shipped here; the others stand in for it where a picture is looked at without it."""

ANY_STATE = Text("any state, before anything else", "任一状态（优先于其他步骤）")
AN_END = Text("end of the pathway", "路径终点")
STOPPED = Text("end reached from any state", "任一状态均可到达的终点")
BESIDE = Text("{0}: one end, drawn beside each state that leads to it", "{0}：同一终点，在每个通向它的状态旁各绘一次")
THE_WAY = Text("the way taken, in the order of its steps", "实际经过的路径，按步骤编号")

LIST = Text("{0}, by criteria: {1}", "{0}（按条件择一）：{1}")

STYLE = {Provenance.STATED: "solid", Provenance.IMPLIED: "dashed", Provenance.GLUE: "dotted"}
TITLE_POINTS, LABEL_POINTS, SMALL_POINTS = 22.0, 18.0, 15.0
DOTS = 36
"""Everything is laid out at twice its size and drawn at half of 72 dots an inch: the layout rounds the width of each
letter to whole dots, and small letters would stand unevenly."""

TITLE_EMS, LABEL_EMS, SMALL_EMS, END_EMS = 12.0, 12.0, 30.0, 9.0

BESIDE_EACH = 4
"""An end that so many states lead to is drawn beside each: their lines would cross the picture."""

LAST_CIRCLED = 20
"""Few fonts have larger numbers in a circle, and an svg may be looked at with any."""

OWN_NAMES = ("start", "anywhere")
"""Names in the DOT text that stand for no state."""

MANY_STATES = 6
"""From here on the picture is wide enough for a legend in columns."""

MANY_EDGES = 60
"""From here on the layout takes shortcuts, or it would take minutes."""


@attrs.frozen
class _Look:
    """Colours and widths, distinct without colour too: in greyscale by darkness, thickness and border."""

    ink: str
    line: str
    width: float
    stage: str
    end: str
    stopped: str

    def fill(self, kind: Kind) -> str:
        return {Kind.STAGE: self.stage, Kind.END: self.end, Kind.STOPPED: self.stopped}[kind]


PLAIN = _Look(ink="#1F2933", line="#3E4C59", width=2.0, stage="#EAF1F8", end="#F6EEDC", stopped="#ECECEC")
TAKEN = _Look(ink="#0B2545", line="#0B4F8A", width=3.8, stage="#CFE3F5", end="#F3DDAE", stopped="#D9D9D9")
FADED = _Look(ink="#7B8794", line="#B4BCC5", width=1.6, stage="#FAFBFC", end="#FCFAF5", stopped="#FAFAFA")


def dot(graph: Graph) -> str:
    """Return the picture as DOT text; the same graph gives the same text."""
    return _Drawing(graph).source()


class _Drawing:
    def __init__(self, graph: Graph) -> None:
        try:
            from graphviz import Digraph
        except ImportError:
            raise DrawingError("drawing needs the package graphviz: pip install graphviz") from None
        self.graph = graph
        self.names = _names(node.name for node in graph.nodes)
        self.nodes = {node.name: node for node in graph.nodes}
        self.depth = _depths(graph)
        between = {(edge.source, edge.target) for edge in graph.edges if edge.source != edge.target}
        entered = Counter(target for _, target in between)
        ends = [node.name for node in graph.nodes if node.kind is not Kind.STAGE and node.name != graph.start]
        self.beside = {name for name in ends if entered[name] >= BESIDE_EACH}
        self.used = {*self.names.values(), *OWN_NAMES}
        self.copies: dict[tuple[str | None, str], str] = {}
        self.digraph = Digraph
        self.out = Digraph(_identifier(graph.name) or "pathway")

    def source(self) -> str:
        graph, out = self.graph, self.out
        large = len(graph.edges) > MANY_EDGES
        out.attr(
            "graph",
            rankdir="TB",
            newrank="true",
            outputorder="edgesfirst",
            bgcolor="white",
            dpi=f"{DOTS}",
            pad="0.3",
            nodesep="0.4",
            ranksep="0.38",
            fontname=FONTS,
            fontsize=f"{SMALL_POINTS:g}",
            fontcolor=PLAIN.ink,
            labelloc="b",
            label=self.legend(),
            **({"nslimit": "2", "nslimit1": "2", "mclimit": "0.1"} if large else {"mclimit": "4"}),
        )
        out.attr("node", shape="plain", fontname=FONTS, fontsize=f"{LABEL_POINTS:g}", fontcolor=PLAIN.ink)
        out.attr("edge", fontname=FONTS, arrowsize="1.3", color=PLAIN.line)
        loops = {name: [edge for edge in graph.edges if edge.source == edge.target == name] for name in self.names}
        for node in graph.nodes:
            if node.name not in self.beside:
                self.node(node, loops[node.name])
        for edge in graph.edges:
            if edge.source != edge.target:
                self.edge(edge)
        self.begin()
        if graph.interrupts:
            self.interrupts()
        return str(out.source)

    # -- nodes -------------------------------------------------------------------------------------------------------

    def look(self, emphasised: bool) -> _Look:
        return PLAIN if not self.graph.way else TAKEN if emphasised else FADED

    def node(self, node: Node, loops: list[Edge]) -> None:
        name = self.names[node.name]
        if not loops:
            self.state(node, name)
            return
        # Kept together and in one row, so that nothing comes between a state and the way back to it.
        cluster, row, whole = self.digraph(f"cluster_{name}"), self.digraph(), self.out
        cluster.attr(peripheries="0", margin="0", label="")
        row.attr(rank="same")
        self.out = row
        self.state(node, name)
        for index, edge in enumerate(loops):
            self.loop(edge, name, to_the_right=index % 2 == 0)
        self.out = whole
        cluster.subgraph(row)
        whole.subgraph(cluster)

    def state(self, node: Node, name: str, small: bool = False) -> None:
        look = self.look(node.visited)
        title = _lines(self.shortened(node), END_EMS) if small else _lines(node.title, TITLE_EMS)
        rows = [_row(title, LABEL_POINTS if small else TITLE_POINTS, look.ink)]
        for table in node.tables:
            rows += self.choices(table, look)
        self.out.node(
            name,
            label=_table("".join(rows)),
            shape="box",
            style="rounded,filled",
            fillcolor=look.fill(node.kind),
            color=look.line,
            penwidth=f"{min(look.width * (1.0 if small else 1.2), 3.2):g}",
            peripheries="1" if node.kind is Kind.STAGE else "2",
            margin="0.16,0.06" if small else "0.24,0.1",
            height="0",
            width="0",
        )

    def shortened(self, node: Node) -> str:
        """The label of an end without what is added after a comma, colon or bracket, if that still tells it apart."""
        short = _before_mark(node.title)
        alike = [other for other in self.graph.nodes if _before_mark(other.title) == short]
        return short if len(alike) == 1 else node.title

    def choices(self, table: Choices, look: _Look) -> Iterable[str]:
        said = LIST.in_(self.graph.language)
        lines = _lines(said.format(table.title, SEMICOLON.in_(self.graph.language).join(table.options)), SMALL_EMS)
        yield _row(lines, SMALL_POINTS, look.ink, sides="T", line=look.line)

    def begin(self) -> None:
        look = self.look(True)
        self.out.node(
            "start", label="", shape="circle", style="filled", fillcolor=look.line, color=look.line, width="0.26"
        )
        self.out.edge("start", self.names[self.graph.start], color=look.line, penwidth=f"{look.width:g}", weight="9")

    # -- edges -------------------------------------------------------------------------------------------------------

    def edge(self, edge: Edge) -> None:
        source, target = edge.source, edge.target
        label = self.label(edge)
        tail, head = "anywhere" if source is None else self.names[source], self.names[target]
        if target in self.beside:
            self.line(edge, tail, label, self.copy(source, target), weight=4)
        elif source is None:
            self.line(edge, tail, label, head)
        elif self.depth[source] < self.depth[target]:
            onwards = self.depth[target] == self.depth[source] + 1 and self.nodes[target].kind is Kind.STAGE
            self.line(edge, tail, label, head, weight=2 if onwards else 1)
        elif self.depth[source] > self.depth[target]:
            self.line(edge, tail, label, head, weight=2, upwards=True)
        else:
            self.bridge(edge, tail, label, head)

    def copy(self, source: str | None, target: str) -> str:
        """The end drawn beside one of the states that lead to it."""
        if (source, target) not in self.copies:
            name = self.name(f"{self.names[target]}_from_{'anywhere' if source is None else self.names[source]}")
            self.copies[source, target] = name
            between = [edge for edge in self.graph.edges if (edge.source, edge.target) == (source, target)]
            visited = any(edge.taken for edge in between)
            self.state(attrs.evolve(self.nodes[target], visited=visited), name, small=True)
        return self.copies[source, target]

    def name(self, wanted: str) -> str:
        name = _unused(wanted, self.used)
        self.used.add(name)
        return name

    def look_of(self, edge: Edge) -> dict[str, str]:
        look = self.look(edge.taken)
        return {"style": STYLE[edge.provenance], "color": look.line, "penwidth": f"{look.width:g}"}

    def line(self, edge: Edge, tail: str, label: str, head: str, weight: int = 1, upwards: bool = False) -> None:
        """A line by way of its label. One that leads upwards is laid out from its head, and drawn from its tail."""
        style = {**self.look_of(edge), "weight": str(weight)}
        if upwards:
            self.out.edge(head, label, dir="back", **style)
            self.out.edge(label, tail, dir="none", **style)
        else:
            self.out.edge(tail, label, dir="none", **style)
            self.out.edge(label, head, **style)

    def bridge(self, edge: Edge, tail: str, label: str, head: str) -> None:
        """A line between states side by side: its label hangs below both."""
        self.out.edge(tail, label, dir="none", **self.look_of(edge))
        self.out.edge(head, label, dir="back", **self.look_of(edge))

    def loop(self, edge: Edge, name: str, to_the_right: bool) -> None:
        label = self.label(edge)
        # Both lines meet the middle of the side: at a corner they might be taken for those of other edges.
        style = {**self.look_of(edge), "minlen": "2"}
        if to_the_right:
            self.out.edge(name, label, dir="none", tailport="e", headport="s", **style)
            self.out.edge(name, label, dir="back", tailport="e", headport="w", **style)
        else:
            self.out.edge(label, name, dir="none", tailport="s", headport="w", **style)
            self.out.edge(label, name, tailport="e", headport="w", **style)

    def label(self, edge: Edge) -> str:
        name = self.name("_".join(_identifier(line.code) or "step" for line in edge.lines))
        # A loop meets its label from the side: not so closely that the line reads as a letter.
        side = GAP if edge.source == edge.target else ""
        rows = "".join(f"<tr>{side}{self.transition(line)}{side}</tr>" for line in edge.lines)
        self.out.node(name, label=_table(rows, background="white"))
        return name

    def transition(self, line: Line) -> str:
        look = self.look(bool(line.order))
        order = _numbers(line.order)
        code = _text([f"{order} {printable(line.code)}".strip()], LABEL_POINTS, look.ink)
        text = _text(_lines(line.text, LABEL_EMS), LABEL_POINTS, look.ink, align="left")
        return f'<td valign="top" align="right">{code}</td>{GAP}<td valign="top" align="left">{text}</td>'

    def interrupts(self) -> None:
        look = self.look(False)
        stages = [node.name for node in self.graph.nodes if node.kind is Kind.STAGE]
        deepest = max(stages, key=lambda name: self.depth[name], default=self.graph.start)
        row = self.digraph()
        row.attr(rank="same")
        row.node(
            "anywhere",
            label=_table(_row(_lines(ANY_STATE.in_(self.graph.language), LABEL_EMS), LABEL_POINTS, look.ink)),
            shape="box",
            style="rounded,dashed",
            color=look.line,
            margin="0.16,0.06",
            height="0",
            width="0",
        )
        row.node(self.names[deepest])
        self.out.subgraph(row)
        for edge in self.graph.interrupts:
            self.edge(edge)

    # -- the legend --------------------------------------------------------------------------------------------------

    def legend(self) -> str:
        graph = self.graph
        say = graph.language
        used = {edge.provenance for edge in (*graph.edges, *graph.interrupts)}
        kinds = {node.kind for node in graph.nodes}
        items = [(_stroke(STYLE[origin]), origin.text.in_(say)) for origin in Provenance if origin in used]
        if Kind.END in kinds:
            items.append((_swatch(PLAIN.end), AN_END.in_(say)))
        if Kind.STOPPED in kinds:
            items.append((_swatch(PLAIN.stopped), STOPPED.in_(say)))
        items += [("", BESIDE.in_(say).format(node.title)) for node in graph.nodes if node.name in self.beside]
        if graph.way:
            items.append((_text(["①②③"], LABEL_POINTS, TAKEN.ink), THE_WAY.in_(say)))
        columns = 3 if len(graph.nodes) >= MANY_STATES else 1
        said = [_text(_lines(text, 60.0), SMALL_POINTS, PLAIN.ink, align="left") for _, text in items]
        cells = [
            f'<td align="right">{sample}</td><td align="left">{text}</td>'
            for (sample, _), text in zip(items, said, strict=True)
        ]
        rows = [f"<tr>{''.join(cells[index : index + columns])}</tr>" for index in range(0, len(cells), columns)]
        span = f'colspan="{2 * columns}" align="left"'
        title = _text(_lines(graph.title, 44.0 if columns > 1 else 24.0), TITLE_POINTS, PLAIN.ink, align="left")
        note = _text(_lines(DISCLAIMER.in_(say), 70.0 if columns > 1 else 36.0), SMALL_POINTS, PLAIN.ink, align="left")
        return _table(
            f'<tr><td height="16"></td></tr>{"".join(rows)}<tr><td {span} balign="left">{title}</td></tr>'
            f'<tr><td {span} balign="left">{note}</td></tr>',
            padding=4,
        )


# -- where a state stands --------------------------------------------------------------------------------------------


def _depths(graph: Graph) -> Mapping[str, int]:
    """How far down each state is drawn: below every state declared before it that leads to it."""
    place = {node.name: index for index, node in enumerate(graph.nodes)}
    place[graph.start] = -1
    last = len(place)
    for node in graph.nodes:
        if node.kind is not Kind.STAGE:
            place[node.name] += last
    depth = dict.fromkeys(place, 0)
    onward = sorted(
        (edge for edge in graph.edges if edge.source is not None and place[edge.source] < place[edge.target]),
        key=lambda edge: place[edge.source or ""],
    )
    for edge in onward:
        depth[edge.target] = max(depth[edge.target], depth[edge.source or ""] + 1)
    return depth


# -- names in the DOT text -------------------------------------------------------------------------------------------


def _identifier(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_")


def _unused(name: str, used: Collection[str]) -> str:
    number, found = 1, name
    while found in used:
        number += 1
        found = f"{name}_{number}"
    return found


def _names(names: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in names:
        found[name] = _unused(_identifier(name) or "state", {*found.values(), *OWN_NAMES})
    return found


# -- HTML-like labels ------------------------------------------------------------------------------------------------

GAP = '<td width="6"></td>'
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;", "\\": "\\\\"})


def _lines(text: str, ems: float) -> list[str]:
    return wrapped(printable(text), ems) or [""]


def _before_mark(text: str) -> str:
    return re.split(r"\s*[,;:(，；：（]", text, maxsplit=1)[0] or text


def _text(lines: Iterable[str], points: float, ink: str, align: str = "center") -> str:
    # An empty <font> is a syntax error; a space is not.
    said = "".join(f'{line.translate(_ESCAPES) or " "}<br align="{align}"/>' for line in lines)
    return f'<font point-size="{points:g}" color="{ink}">{said}</font>'


def _row(lines: list[str], points: float, ink: str, *, align: str = "center", sides: str = "", line: str = "") -> str:
    border = f' border="2" sides="{sides}" color="{line}"' if sides else ""
    return f'<tr><td align="{align}" balign="{align}"{border}>{_text(lines, points, ink, align)}</td></tr>'


def _table(rows: str, background: str = "", padding: int = 2) -> str:
    fill = f' bgcolor="{background}"' if background else ""
    return f'<<table border="0" cellborder="0" cellspacing="0" cellpadding="{padding}"{fill}>{rows}</table>>'


def _stroke(style: str) -> str:
    line = f'<td border="2" sides="b" style="{style}" color="{PLAIN.line}" width="56" height="8" fixedsize="true"></td>'
    return f'<table border="0" cellspacing="0" cellpadding="0"><tr>{line}</tr></table>'


def _swatch(fill: str) -> str:
    inner = f'<td border="2" color="{PLAIN.line}" bgcolor="{fill}" width="36" height="14" fixedsize="true"></td>'
    return f'<table border="2" color="{PLAIN.line}" cellspacing="4" cellpadding="0"><tr>{inner}</tr></table>'


def _numbers(order: tuple[int, ...]) -> str:
    """Circled numbers; of three or more in a row the first and the last."""
    runs: list[list[int]] = []
    for number in order:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    spans = (run if len(run) <= len("①②") else (run[0], 0, run[-1]) for run in runs)
    return " ".join("".join(_circled(number) if number else "–" for number in span) for span in spans)


def _circled(number: int) -> str:
    return chr(ord("①") + number - 1) if number <= LAST_CIRCLED else f"({number})"
