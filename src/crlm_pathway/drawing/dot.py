"""The picture as DOT text.

Each label is a small node in the middle of its edge: the line leads into its label and out of it again, so that no
label can be taken for another edge's. Everything a user wrote stands in HTML-like labels, where four characters and
the backslash have a meaning; names in the DOT text are made from the user's, not taken over.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from ..predicates.labels import printable
from . import words
from .below import below
from .errors import DrawingError
from .figure import Chart, Edge, Figure, Kind, Line, Mark, Node, Words
from .labels import DOTS, cell, gap, inches, lines_of, row, scaled, table, text
from .look import MM, NARROW_MM, PLAIN, STYLE, Look, citation, look_of, numbers, type_for
from .names import Names, identifier

FONTS = "Noto Sans SC,Source Sans Pro,Noto Sans,Helvetica,Arial,Noto Sans CJK SC,PingFang SC,Microsoft YaHei,sans-serif"
"""The first is the font shipped here; the others stand in for it where a picture is looked at without it. Those for
Latin come first: the quotation marks of the others are as wide as Chinese. No name has a word that begins with a
figure, which in CSS would need quotation marks."""

BESIDE_EACH = 4
"""An end that so many states lead to is drawn beside each: their lines would cross the picture."""

MANY_EDGES = 60
"""From here on the layout takes shortcuts, or it would take minutes."""

SHAPE = {Kind.STAGE: "rounded,filled", Kind.END: "filled", Kind.STOPPED: "diagonals,filled"}
"""The corners of a box: round, square, or cut."""

SIGN_EMS = 14
"""Codes and numbers of steps are broken into lines no longer than this."""

GUARD_EMS = 5
"""Guards below codes are broken into lines no longer than this, or the chart would be too wide for its page."""

LONG_WAYS = 3000
"""Where arrows cross so many rows altogether they are straight, since to bend them all would take minutes."""


def dot(figure: Figure) -> str:
    """Return the picture as DOT text; the same figure gives the same text."""
    try:
        from graphviz import Digraph
    except ImportError:
        raise DrawingError("drawing needs the package graphviz: pip install graphviz") from None
    return _Page(figure, Digraph).source()


class _Page:
    """The whole picture: its charts, and what stands below them."""

    def __init__(self, figure: Figure, digraph: Any) -> None:
        self.figure = figure
        room = figure.width / max(1, len(figure.charts))
        self.narrow = room < NARROW_MM
        self.type = type_for(room)
        self.digraph = digraph
        self.name = Names().new

    def source(self) -> str:
        figure = self.figure
        out = self.digraph(identifier(figure.name, "pathway"))
        charts = [_Drawing(self, chart) for chart in figure.charts]
        beside = dict.fromkeys(drawing.nodes[name].title for drawing in charts for name in sorted(drawing.beside))
        said = below(figure, beside=tuple(beside))
        large = sum(len(chart.edges) for chart in figure.charts) > MANY_EDGES
        straight = sum(drawing.crossed for drawing in charts) > LONG_WAYS
        out.attr(
            "graph",
            id=f"picture-{identifier(figure.name, 'pathway')}",
            rankdir=figure.direction,
            # Charts side by side are laid out each by itself, so that those that are alike look so.
            **({"newrank": "true"} if len(charts) == 1 else {"newrank": "false", "remincross": "false"}),
            outputorder="edgesfirst",
            bgcolor="white",
            dpi=f"{DOTS}",
            pad=inches(3),
            margin="0",
            size=f"{inches(figure.width * MM)},{inches(2000 * MM)}",
            nodesep=inches(4 if self.narrow else 3.2),
            ranksep=inches(7 if self.narrow else 9),
            fontname=FONTS,
            fontsize=scaled(self.type.small),
            fontcolor=PLAIN.ink,
            **({"labelloc": "b", "labeljust": "l", "label": said} if charts else {}),
            # It would draw a picture from left to right as high as it may be.
            **({"ratio": "compress"} if figure.direction == "TB" else {}),
            **({"splines": "line"} if straight else {}),
            **({"nslimit": "2", "nslimit1": "2", "mclimit": "0.1"} if large else {}),
        )
        out.attr("node", shape="plain", fontname=FONTS, fontsize=scaled(self.type.label), fontcolor=PLAIN.ink)
        out.attr("edge", fontname=FONTS, arrowsize="0.75", color=PLAIN.line)
        if not charts:
            out.node("table", label=said)
        for drawing in charts:
            if len(charts) == 1:
                drawing.draw(out)
            else:
                name = self.name("chart")
                with out.subgraph(name=f"cluster_{name}") as cluster:
                    cluster.attr(
                        id=name,
                        peripheries="0",
                        margin=scaled(6),
                        labelloc="t",
                        label=_heading(drawing.chart.heading, self.type.state),
                    )
                    drawing.draw(cluster)
        return str(out.source)


def _heading(said: Words, size: float) -> str:
    return f"<{table(row(cell(text(lines_of(said, 30), size, PLAIN.ink))))}>"


class _Drawing:
    """A chart."""

    def __init__(self, page: _Page, chart: Chart) -> None:
        self.page = page
        self.type = page.type
        self.chart = chart
        self.down = page.figure.direction == "TB"
        # Ems: of labels of states, and of what stands below them.
        self.wide, self.note = (6, 12) if page.narrow else (9 if self.down else 7, 26)
        self.names = {node.name: page.name(identifier(node.name, "state")) for node in chart.nodes}
        self.nodes = {node.name: node for node in chart.nodes}
        self.depth = _depths(chart)
        between = {(edge.source, edge.target) for edge in chart.edges if edge.source != edge.target}
        entered = Counter(target for _, target in between)
        ends = [node.name for node in chart.nodes if node.kind is not Kind.STAGE and node.name != chart.start]
        self.beside = {name for name in ends if entered[name] >= BESIDE_EACH}
        self.copies: dict[tuple[str | None, str], str] = {}
        self.anywhere = page.name("anywhere")

    @property
    def crossed(self) -> int:
        """How many rows its arrows cross."""
        return sum(abs(self.depth[edge.source] - self.depth[edge.target]) for edge in self.chart.edges if edge.source)

    def draw(self, out: Any) -> None:
        """Add the chart to DOT text."""
        chart = self.chart
        self.out = out
        for node in chart.nodes:
            if node.name not in self.beside:
                self.state(node, self.names[node.name])
        for edge in chart.edges:
            if edge.source == edge.target and edge.lines:
                self.loop(edge)
            else:
                self.edge(edge)
        if chart.start is not None:
            self.begin(chart.start)
        if chart.interrupts:
            self.interrupts()

    # -- nodes -------------------------------------------------------------------------------------------------------

    def look(self, emphasised: bool, mark: Mark | None = None, here: bool = False) -> Look:
        return look_of(self.chart.way, emphasised, mark, here)

    def state(self, node: Node, name: str, small: bool = False) -> None:
        look = self.look(node.visited, node.mark, node.here)
        points = self.type.label if small else self.type.state
        sign = () if node.mark is None else (node.mark.sign,)
        title = [
            *sign,
            *lines_of(self.shortened(node) if small else node.title, self.note if node.notes else self.wide),
        ]
        rows = [row(cell(text(title, points, look.ink), align="center"))]
        for note in node.notes:
            told = text(lines_of(note, self.note), self.type.small, look.ink)
            rows.append(row(cell(told, align="center", border=scaled(0.6), sides="T", color=look.line)))
        kind = node.kind.value
        self.out.node(
            name,
            id=f"state-{name}",
            **{"class": f"state {kind}{' visited' if node.visited else ''}{' here' if node.here else ''}"},
            label=f"<{table(''.join(rows))}>",
            shape="box",
            style=SHAPE[node.kind],
            fillcolor=look.fill(node.kind),
            color=look.line,
            penwidth=scaled(look.width),
            peripheries="2" if node.kind is Kind.END else "1",
            margin=f"{inches(3)},{inches(1 if small else 2)}",
            height="0",
            width="0",
        )

    def shortened(self, node: Node) -> Words:
        """The label of an end without what is added after a comma, colon or bracket, if that still tells it apart."""
        short = tuple(map(_before_mark, node.title))
        alike = [other for other in self.chart.nodes if tuple(map(_before_mark, other.title)) == short]
        return short if len(alike) == 1 else node.title

    def begin(self, start: str) -> None:
        look = self.look(True)
        name = self.page.name("start")
        self.out.node(
            name,
            id=name,
            **{"class": "start"},
            label="",
            shape="circle",
            style="filled",
            fillcolor=look.line,
            color=look.line,
            width=inches(7),
        )
        self.out.edge(name, self.names[start], color=look.line, penwidth=scaled(look.width), weight="9")

    # -- edges -------------------------------------------------------------------------------------------------------

    def edge(self, edge: Edge) -> None:
        source, target = edge.source, edge.target
        if not edge.lines:
            tail = self.anywhere if source is None else self.names[source]
            head = self.copy(source, target) if target in self.beside else self.names[target]
            self.join(tail, head, **self.look_of(edge))
            return
        label = self.label(edge)
        tail, head = self.anywhere if source is None else self.names[source], self.names[target]
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
            origin = self.anywhere if source is None else self.names[source]
            name = self.page.name(f"{self.names[target]}_from_{origin}")
            self.copies[source, target] = name
            between = [edge for edge in self.chart.edges if (edge.source, edge.target) == (source, target)]
            node, visited = self.nodes[target], any(edge.taken for edge in between)
            self.state(attrs.evolve(node, visited=visited, here=node.here and visited), name, small=True)
        return self.copies[source, target]

    def look_of(self, edge: Edge) -> dict[str, str]:
        mark = next((line.mark for line in edge.lines if line.mark is not None), None)
        look = self.look(edge.taken, mark)
        return {
            "style": STYLE[edge.provenance],
            "color": look.line,
            "penwidth": scaled(look.width),
            "class": f"transition {edge.provenance.value}{' taken' if edge.taken else ''}",
        }

    def line(self, edge: Edge, tail: str, label: str, head: str, weight: int = 1, upwards: bool = False) -> None:
        """A line by way of its label. One that leads upwards is laid out from its head, and drawn from its tail."""
        style = {**self.look_of(edge), "weight": str(weight)}
        if upwards:
            self.join(head, label, dir="back", **style)
            self.join(label, tail, dir="none", **style)
        else:
            self.join(tail, label, dir="none", **style)
            self.join(label, head, **style)

    def bridge(self, edge: Edge, tail: str, label: str, head: str) -> None:
        """A line between states side by side: its label hangs below both."""
        style = self.look_of(edge)
        self.join(tail, label, dir="none", **style)
        self.join(head, label, dir="back", **style)

    def loop(self, edge: Edge) -> None:
        """A line out of a state to its label and back: side by side with the state, across the way things go."""
        name, style = self.names[edge.target], self.look_of(edge)
        whole, self.out = self.out, self.page.digraph()
        self.out.attr(rank="same")
        self.out.node(name)
        label = self.label(edge)
        near, far, side = ("w", "s", "e") if self.down else ("n", "e", "s")
        self.join(f"{name}:{side}", f"{label}:said:{far}", dir="none", **style)
        # Drawn from the label to the state: with dir=back, old versions of Graphviz would draw its head at the label.
        self.join(f"{label}:said:{near}", f"{name}:{side}", constraint="false", **style)
        whole.subgraph(self.out)
        self.out = whole

    def join(self, tail: str, head: str, **style: str) -> None:
        self.out.edge(tail, head, id=self.page.name(re.sub(r":\w+", "", f"way-{tail}-{head}")), **style)

    def label(self, edge: Edge) -> str:
        """The label of an arrow as a node in its middle."""
        name = self.page.name("_".join(identifier(line.code, "step") for line in edge.lines))
        self.out.node(
            name,
            # Made of keys: what else the pathway has does not change them.
            id=self.page.name(self.identity(edge)),
            label=self.spelled_out(edge),
            **{"class": " ".join(["label", edge.provenance.value, *map(_class, edge.lines)])},
        )
        return name

    def identity(self, edge: Edge) -> str:
        """The id of an arrow's label, by its first transition; an interrupt is drawn where it was taken, too."""
        taken_here = edge.source is not None and any(
            edge.lines[0].key == line.key for one in self.chart.interrupts for line in one.lines
        )
        origin = f"-from-{self.names[edge.source or '']}" if taken_here else ""
        return f"{_class(edge.lines[0])}{origin}"

    def spelled_out(self, edge: Edge) -> str:
        """What stands on an arrow."""
        if any(line.text for line in edge.lines):
            rows = "".join(row(*self.spelled(line)) for line in edge.lines)
        else:
            rows = "".join(row(cell(part, align="center")) for part in self.codes(edge.lines))
        said = table(rows, background="white")
        if edge.source == edge.target:
            # The line needs some way to its label, which the layout leaves to nodes in a row only by their width.
            said = cell(said, port="said")
            said = table(row(gap(12), said) if self.down else row(gap(1, 12)) + row(said), padding=0)
        return f"<{said}>"

    def codes(self, lines: Iterable[Line]) -> Iterator[str]:
        """The codes of an arrow, one below the other, each with its guard below it if that is short."""
        for line in lines:
            look = self.look(bool(line.order), line.mark)
            yield text(lines_of((_sign(line),), SIGN_EMS), self.type.label, look.ink)
            if line.guard:
                yield text(lines_of(line.guard, GUARD_EMS), self.type.small, look.ink)

    def spelled(self, line: Line) -> Iterator[str]:
        """The code, and beside it what the transition says, and its guard."""
        look = self.look(bool(line.order), line.mark)
        wide = 12 if self.down else 26
        sign = text(lines_of((_sign(line),), SIGN_EMS), self.type.label, look.ink, "right")
        yield cell(sign, align="right", valign="top")
        yield gap()
        said = lines_of(line.text, wide)
        if line.cites:
            said[-1] = f"{said[-1]} {citation(line.cites)}"
        content = text(said, self.type.label, look.ink, "left")
        if line.guard:
            guard = lines_of(line.guard, 12 if self.down else 40)
            below_ = text(guard, self.type.small, PLAIN.line if look is PLAIN else look.ink, "left")
            # Rows, since lines of two sizes in one cell would be set too closely.
            content = table(row(cell(content)) + row(cell(below_)), padding=0)
        yield cell(content, valign="top")

    def interrupts(self) -> None:
        look = self.look(False)
        stages = [node.name for node in self.chart.nodes if node.kind is Kind.STAGE]
        deepest = max(stages, key=lambda name: self.depth[name], default=self.chart.start or "")
        row_ = self.page.digraph()
        row_.attr(rank="same")
        said = lines_of(self.page.figure.say(words.ANY_STATE), self.wide)
        row_.node(
            self.anywhere,
            id=self.anywhere,
            **{"class": "anywhere"},
            label=f"<{table(row(cell(text(said, self.type.label, look.ink), align='center')))}>",
            shape="box",
            style="rounded,dashed",
            color=look.line,
            margin=f"{inches(3)},{inches(1)}",
            height="0",
            width="0",
        )
        if deepest in self.names:
            row_.node(self.names[deepest])
        self.out.subgraph(row_)
        for edge in self.chart.interrupts:
            self.edge(edge)


def _class(line: Line) -> str:
    """What a transition's label goes by in style sheets."""
    return f"transition-{identifier(line.key, 'step')}"


def _sign(line: Line) -> str:
    mark = "" if line.mark is None else line.mark.sign
    return printable(f"{mark} {numbers(line.order)} {line.code}")


# -- where a state stands --------------------------------------------------------------------------------------------


def _depths(chart: Chart) -> Mapping[str, int]:
    """How far down each state is drawn: below every state declared before it that leads to it."""
    place = {node.name: index for index, node in enumerate(chart.nodes)}
    if chart.start is not None:
        place[chart.start] = -1
    last = len(place)
    for node in chart.nodes:
        if node.kind is not Kind.STAGE:
            place[node.name] += last
    depth = dict.fromkeys(place, 0)
    onward = sorted(
        (edge for edge in chart.edges if edge.source is not None and place[edge.source] < place[edge.target]),
        key=lambda edge: place[edge.source or ""],
    )
    for edge in onward:
        depth[edge.target] = max(depth[edge.target], depth[edge.source or ""] + 1)
    return depth


def _before_mark(said: str) -> str:
    return re.split(r"\s*[,;:(，；：（]", said, maxsplit=1)[0] or said
