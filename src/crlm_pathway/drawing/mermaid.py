"""The picture as Mermaid text, as code hosts draw it: a flowchart that carries its own colours.

Everything stands in a subgraph of its own, which is the white page that the colours are made for: a host may put a
dark one behind it. Rows of the page are held one below the other by links that are not seen. All words stand in
double quotes, and every character that Mermaid or HTML might take for its own is written as its number; names in the
text are made from the user's, with a word before them, so that none is a word of Mermaid.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise, product

from ..predicates.labels import printable
from ..predicates.nodes import Provenance
from . import words
from .errors import DrawingError
from .figure import Chart, Edge, Entry, Figure, Grid, Kind, Line, Listing, Mark, Node, Row, Words
from .legend import Sign, Walked, signs
from .lettering import wrapped
from .look import FADED, PLAIN, STANDS, STYLE, TAKEN, Look, citation, look_of, numbers
from .names import Names, identifier

MOST_CHARACTERS, MOST_EDGES = 50_000, 500
"""What Mermaid draws unless its host allows more; beyond, it shows an error in the picture's place."""

LONG = 16
"""So many entries are read better in columns."""

COLUMNS = 2

PX = 14
TITLE_EMS, NOTE_EMS, LABEL_EMS, GUARD_EMS, ROW_EMS, ENTRY_EMS, HEADING_EMS = 16.0, 20.0, 14.0, 20.0, 26.0, 46.0, 36.0
"""Widths of lines."""

SHAPES = {Kind.STAGE: ("(", ")"), Kind.END: ("([", "])"), Kind.STOPPED: ("[[", "]]")}
ARROWS = {
    Provenance.STATED: ("---", "-->"),
    Provenance.IMPLIED: ("-.-", "-.->"),
    Provenance.GLUE: ("-.-", "-.->"),
}
DASHES = {"solid": "", "dashed": ",stroke-dasharray:7 4", "dotted": ",stroke-dasharray:2 4"}
HERE = "◉ "
"""The sign of the state in which a journey stands."""

_SPECIAL = re.compile(r"(?![ ,.;()\[\]/'?+=_-]|:(?= ))[\x00-\x7f\ufeff](?<![A-Za-z0-9])")
"""Characters that are written as their numbers: all of ASCII but letters, digits and what is harmless in quotes."""
_TOGETHER = re.compile(r"\$(?=\$)|\\(?=n)|:(?=fa-)|ﬂ(?=°)|¶(?=ß)")
"""What Mermaid looks for even where its characters are written as numbers: formulas, line ends, icons, its marks."""
_JOINER = "\u2060"
"""It is not seen, and keeps characters apart for Mermaid, together for the reader."""


def mermaid(figure: Figure) -> str:
    """Return the picture as Mermaid text; the same figure gives the same text."""
    drawing = _Flowchart(figure)
    text = drawing.source()
    size = len(text.encode("utf-16-le")) // 2
    for found, most, what in ((size, MOST_CHARACTERS, "characters"), (drawing.links, MOST_EDGES, "lines")):
        if found > most:
            raise DrawingError(
                f"the picture takes {found:,} {what} of Mermaid, and code hosts draw {most:,} at most: "
                "choose the format svg, a less detailed level, or one language"
            )
    return text


class _Flowchart:
    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.lines: list[str] = []
        self.depth = 1
        self.links = 0
        self.link_styles: dict[str, list[int]] = {}
        self.classes: dict[str, str] = {}
        self.names = Names()

    def source(self) -> str:
        figure = self.figure
        with self.subgraph(self.name("page", ""), "TB"):
            self.page()
        head = [f"%%{{init: {json.dumps(_CONFIGURATION)}}}%%", "flowchart TB"]
        for said, what in (("accTitle", figure.title), ("accDescr", figure.described)):
            if shown := printable(" ".join(what)):
                head.append(f"  {said}: {_escaped(shown)}")
        classes = [f"  classDef {name} {style}" for name, style in sorted(self.classes.items())]
        links = [f"  linkStyle {','.join(map(str, at))} {style}" for style, at in self.link_styles.items()]
        return "\n".join([*head, *self.lines, *classes, *links, ""])

    def page(self) -> None:
        figure = self.figure
        heading = [_strong(line) for line in _broken(figure.title, HEADING_EMS)]
        above = [self.text("title", heading, "title")] if heading else []
        charts = [self.chart(chart) for chart in figure.charts]
        grids = [self.grid(grid) for grid in figure.grids]
        listings = [self.listing(listing) for listing in _columns(figure)]
        columns = [listings[at : at + COLUMNS] for at in range(0, len(listings), COLUMNS)]
        said = [line for note in figure.notes for line in _broken(note, ENTRY_EMS)]
        below = [*([self.text("note", said)] if said else []), *self.legend()]
        for upper, lower in pairwise(row for row in (above, charts, grids, *columns, below) if row):
            for one, other in product(upper, lower):
                self.link(one, "~~~", other)

    # -- parts of the text -------------------------------------------------------------------------------------------

    def add(self, line: str) -> None:
        self.lines.append("  " * self.depth + line)

    def name(self, sort: str, wanted: str) -> str:
        """A name in the text that nothing else has."""
        return self.names.new("_".join(filter(None, (sort, identifier(wanted)))))

    @contextmanager
    def subgraph(self, name: str, direction: str) -> Iterator[None]:
        """A part laid out by itself. Its heading is a node: Mermaid leaves too little room for that of a subgraph."""
        self.add(f"subgraph {name}[{_label(())}]")
        self.depth += 1
        self.add(f"direction {direction}")
        yield
        self.depth -= 1
        self.add("end")
        self.classes["page"] = _PAGE
        self.add(f"class {name} page")

    def text(self, sort: str, lines: Sequence[str], styled: str = "words") -> str:
        """A node that is only read."""
        name = self.name(sort, "")
        self.node(name, ("[", "]"), lines, styled, _TEXTS[styled])
        return name

    def node(self, name: str, shape: tuple[str, str], lines: Sequence[str], styled: str, style: str) -> None:
        opening, closing = shape
        self.classes[styled] = style
        self.add(f"{name}{opening}{_label(lines)}{closing}:::{styled}")

    def link(self, tail: str, arrow: str, head: str, style: str = "") -> None:
        self.add(f"{tail} {arrow} {head}")
        if style:
            self.link_styles.setdefault(style, []).append(self.links)
        self.links += 1

    def arrow(self, tail: str, head: str, label: str, lines: Sequence[str], look: Look, provenance: Provenance) -> None:
        """A line by way of its label: Mermaid puts a label onto a line where others may be, but no node onto another.

        Which sort it is can be told from the text too, where styles are not kept.
        """
        begins, leads = ("===", "==>") if look is TAKEN else ARROWS[provenance]
        style = _stroke(look, DASHES[STYLE[provenance]])
        if not lines:
            self.link(tail, leads, head, style)
        else:
            self.node(label, ("[", "]"), lines, f"{look.name}Label", f"fill:#FFFFFF,stroke:#FFFFFF,color:{look.ink}")
            self.link(tail, begins, label, style)
            self.link(label, leads, head, style)

    # -- charts ------------------------------------------------------------------------------------------------------

    def chart(self, chart: Chart) -> str:
        """The chart in a frame of its own, so that its direction is kept."""
        name = self.name("chart", chart.name)
        with self.subgraph(name, self.figure.direction):
            names = {node.name: self.name("state", node.name) for node in chart.nodes}
            top = next(iter(names.values()), "")
            if chart.start is not None:
                top, look = self.name("start", ""), look_of(chart.way, True)
                self.node(top, ("((", "))"), (), f"{look.name}Start", _dot(look))
                self.link(top, "-->", names[chart.start], _stroke(look, ""))
            for node in chart.nodes:
                self.state(chart, node, names[node.name])
            if heading := [_strong(line) for line in _broken(chart.heading, TITLE_EMS)]:
                above = self.text("heading", heading)
                if top:
                    self.link(above, "~~~", top)
            for edge in chart.edges:
                assert edge.source is not None
                self.edge(chart, edge, names[edge.source], names[edge.target])
            if chart.interrupts:
                anywhere = self.name("any_state", "")
                look = look_of(chart.way, False)
                style = f"{_box(look, 'none')},stroke-dasharray:4 3"
                said = _broken(self.figure.say(words.ANY_STATE), TITLE_EMS)
                self.node(anywhere, SHAPES[Kind.STAGE], said, f"{look.name}Anywhere", style)
                for edge in chart.interrupts:
                    self.edge(chart, edge, anywhere, names[edge.target])
        return name

    def state(self, chart: Chart, node: Node, name: str) -> None:
        look = look_of(chart.way, node.visited, node.mark, node.here)
        title = _broken(node.title, TITLE_EMS, before=f"{HERE if node.here else ''}{_sign(node.mark)}")
        notes = [_small(line) for note in node.notes for line in _broken(note, NOTE_EMS)]
        self.box(name, node.kind, [*map(_strong, title), *notes], look, here=node.here)

    def box(self, name: str, kind: Kind, lines: Sequence[str], look: Look, *, here: bool = False) -> None:
        self.node(name, SHAPES[kind], lines, f"{look.name}{kind.value.title()}", _box(look, look.fill(kind)))
        if here:
            self.classes["here"] = "stroke-width:5px"
            self.add(f"class {name} here")

    def edge(self, chart: Chart, edge: Edge, tail: str, head: str) -> None:
        marks = [line.mark for line in edge.lines if line.mark]
        look = look_of(chart.way, edge.taken, marks[0] if marks else None)
        said = [said for line in edge.lines for said in _transition(line)]
        label = self.name("step", " ".join(line.code for line in edge.lines))
        self.arrow(tail, head, label, said, look, edge.provenance)

    # -- decision tables ---------------------------------------------------------------------------------------------

    def grid(self, grid: Grid) -> str:
        """The table, and from it a line for each row to what the row chooses."""
        name = self.name("table", grid.name)
        decided = any(row.chosen for row in grid.rows)
        with self.subgraph(name, "LR"):
            root = self.name("decide", grid.name)
            notes = [line for note in grid.notes for line in _broken(note, NOTE_EMS)]
            lines = [*map(_strong, _broken(grid.heading, TITLE_EMS)), *map(_small, notes)]
            self.node(root, ("{{", "}}"), lines, "plainTable", _box(PLAIN, PLAIN.stage))
            chosen = {row.output for row in grid.rows if row.chosen}
            options: dict[Words, str] = {}
            for row in grid.rows:
                if row.output not in options:
                    options[row.output] = self.name("option", " ".join(row.output))
                    said = [_strong(line) for line in _broken(row.output, TITLE_EMS)]
                    look = look_of(decided, row.output in chosen)
                    self.box(options[row.output], Kind.STAGE, said, look)
            for row in grid.rows:
                look = look_of(decided, row.chosen)
                label = self.name("row", row.key)
                self.arrow(root, options[row.output], label, self.row(grid, row), look, row.provenance)
        return name

    def row(self, grid: Grid, row: Row) -> list[str]:
        """The entries of a row, each with what it answers."""
        asked = zip(grid.inputs, row.entries, strict=True)
        lines = [line for input_, entry in asked if entry for line in _broken(self.condition(input_, entry), ROW_EMS)]
        return [*lines, *([_escaped(citation(row.cites))] if row.cites else [])]

    def condition(self, asked: Words, entry: Words) -> Words:
        """An input with its entry, in each language in which either is told."""
        told = {language: (_in(asked, at), _in(entry, at)) for at, language in enumerate(self.figure.languages)}
        return tuple(
            f"{input_}：{said}" if language == "zh" else f"{input_}: {said}"
            for language, (input_, said) in told.items()
        )[: max(len(asked), len(entry))]

    # -- what stands below -------------------------------------------------------------------------------------------

    def listing(self, listing: Listing) -> str:
        heading = [_strong(line) for line in _broken(listing.heading, ENTRY_EMS)]
        entries = [line for entry in listing.entries for line in _entry(entry)]
        return self.text("listing", [*heading, *entries], "listing")

    def legend(self) -> Iterator[str]:
        """What the sorts of lines and boxes mean, of those that are there."""
        explained = [(sign, self.figure.say(text)) for sign, text in signs(self.figure)]
        if not explained:
            return
        name = self.name("legend", "")
        with self.subgraph(name, "LR"):
            heads = [self.sample(sign, said) for sign, said in explained if isinstance(sign, Provenance)]
            boxes = [self.sort(sign, said) for sign, said in explained if sign in _BOXES]
            rest = [
                line
                for sign, said in explained
                if sign in _IN_WORDS
                for line in _broken(said, NOTE_EMS, _IN_WORDS[sign])
            ]
            boxes += [self.text("signs", rest)] if rest else []
            for head, box in zip(heads, boxes, strict=False):
                self.link(head, "~~~", box)
        yield name

    def sample(self, origin: Provenance, said: Words) -> str:
        """A line with its meaning; returns where it leads."""
        tail, head = self.name("line", ""), self.name("line", "")
        for name in (tail, head):
            self.node(name, ("[", "]"), (), "words", _WORDS)
        self.arrow(tail, head, self.name("meaning", origin.value), _broken(said, ENTRY_EMS), PLAIN, origin)
        return head

    def sort(self, sign: Sign, said: Words) -> str:
        """A box with its meaning."""
        kind, look = _BOXES[sign]
        name, here = self.name("sort", sign.value), sign is Walked.HERE
        self.box(name, kind, _broken(said, TITLE_EMS, HERE if here else ""), look, here=here)
        return name


def _columns(figure: Figure) -> tuple[Listing, ...]:
    """The listings; a long one that stands alone in columns."""
    if len(figure.listings) != 1 or len(figure.listings[0].entries) < LONG:
        return figure.listings
    whole = figure.listings[0]
    length = -(-len(whole.entries) // COLUMNS)
    parts = (whole.entries[at : at + length] for at in range(0, len(whole.entries), length))
    return tuple(Listing(() if index else whole.heading, part) for index, part in enumerate(parts))


# -- looks -----------------------------------------------------------------------------------------------------------

_CONFIGURATION = {
    "theme": "base",
    "themeVariables": {
        "primaryColor": PLAIN.stage,
        "primaryTextColor": PLAIN.ink,
        "primaryBorderColor": PLAIN.line,
        "lineColor": PLAIN.line,
        "textColor": PLAIN.ink,
        "titleColor": PLAIN.ink,
        "edgeLabelBackground": "#FFFFFF",
        "clusterBkg": "#FFFFFF",
        "clusterBorder": "#FFFFFF",
        "fontSize": f"{PX}px",
    },
    "flowchart": {"htmlLabels": True, "wrappingWidth": 900, "nodeSpacing": 40, "rankSpacing": 30, "padding": 10},
}
_PAGE = f"fill:#FFFFFF,stroke:#FFFFFF,color:{PLAIN.ink}"
_WORDS = f"fill:none,stroke:none,color:{PLAIN.ink},text-align:left"
_TEXTS = {
    "words": _WORDS,
    "title": f"fill:none,stroke:none,color:{PLAIN.ink},font-size:{1.4 * PX:g}px",
    "listing": f"fill:#FFFFFF,stroke:{FADED.line},color:{PLAIN.ink},text-align:left",
}

_BOXES: dict[Sign, tuple[Kind, Look]] = {
    Kind.END: (Kind.END, PLAIN),
    Kind.STOPPED: (Kind.STOPPED, PLAIN),
    Walked.VISITED: (Kind.STAGE, TAKEN),
    Walked.HERE: (Kind.STAGE, STANDS),
}
"""Signs that are explained in a box that looks alike."""

_IN_WORDS: dict[Sign, str] = {Walked.THE_WAY: "①②③ ", **{mark: f"{mark.sign} " for mark in Mark}}
"""Signs that are written."""


def _px(points: float) -> str:
    return f"{2 * points:g}px"


def _box(look: Look, fill: str) -> str:
    return f"fill:{fill},stroke:{look.line},stroke-width:{_px(look.width)},color:{look.ink}"


def _dot(look: Look) -> str:
    return f"fill:{look.line},stroke:{look.line},stroke-width:8px"


def _stroke(look: Look, dashes: str) -> str:
    return f"stroke:{look.line},stroke-width:{_px(look.width)}{dashes}"


# -- words -----------------------------------------------------------------------------------------------------------


def _transition(line: Line) -> Iterator[str]:
    order = numbers(line.order)
    sign = f"{_sign(line.mark)}{order} {line.code}".strip()
    yield from _signed(sign, line.text, line.cites, LABEL_EMS)
    for words_ in line.guard:
        yield from map(_small, _broken((words_,), GUARD_EMS))


def _entry(entry: Entry) -> Iterator[str]:
    return _signed(f"{_sign(entry.mark)}{entry.sign or '•'}", entry.text, entry.cites, ENTRY_EMS)


def _signed(sign: str, text: Words, cites: tuple[int, ...], ems: float) -> Iterator[str]:
    """A sign in strong letters, what it stands for in each language, and what it cites."""
    shown = printable(sign)
    said = [printable(paragraph) for paragraph in text] or [""]
    if cites:
        said[-1] = f"{said[-1]} {citation(cites)}".strip()
    first, *rest = wrapped(f"{shown} {said[0]}".strip(), ems) or [""]
    if first.startswith(shown):
        yield f"{_strong(_escaped(shown))}{_escaped(first[len(shown) :])}" if shown else _escaped(first)
    else:
        yield _strong(_escaped(first))
    yield from map(_escaped, rest)
    for paragraph in said[1:]:
        yield from map(_escaped, wrapped(paragraph, ems))


def _in(words_: Words, language: int) -> str:
    """Words in one of the languages of the picture; told once where all have the same."""
    return words_[min(language, len(words_) - 1)] if words_ else ""


def _sign(mark: Mark | None) -> str:
    return f"{mark.sign} " if mark else ""


def _broken(paragraphs: Words, ems: float, before: str = "") -> list[str]:
    """Lines of words, escaped; the first may begin with a sign."""
    signed = (f"{before if index == 0 else ''}{words_}" for index, words_ in enumerate(paragraphs))
    return [_escaped(line) for words_ in signed for line in wrapped(printable(words_), ems)]


def _strong(line: str) -> str:
    return f"<b>{line}</b>"


def _small(line: str) -> str:
    return f"<small>{line}</small>"


def _label(lines: Sequence[str]) -> str:
    """Lines as a label. Each is a block of HTML: in some versions of Mermaid, anything else is taken for Markdown."""
    return '"' + ("".join(f"<div>{line}</div>" for line in lines) or " ") + '"'


def _escaped(text: str) -> str:
    """Words without a character that Mermaid or HTML may take for its own."""
    apart = _TOGETHER.sub(rf"\g<0>{_JOINER}", text)
    return _SPECIAL.sub(lambda found: f"#{ord(found[0])};", apart)
