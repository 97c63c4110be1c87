"""Pictures are right whatever their labels say, the same each time, and say what is wrong where there can be none."""

from __future__ import annotations

import os
import re
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from html import escape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings, strategies as st

from crlm_pathway import CRLM
from crlm_pathway.drawing import figure_of, render
from crlm_pathway.drawing.dot import dot
from crlm_pathway.drawing.errors import DrawingError
from crlm_pathway.drawing.lettering import measured
from crlm_pathway.drawing.render import Image, image
from crlm_pathway.drawing.svg import finished, inline
from crlm_pathway.predicates.labels import printable
from layouts import SVG, layout_json

XML = "{http://www.w3.org/XML/1998/namespace}"
HARMLESS = {"svg", "title", "desc", "g", "text", "path", "polygon", "polyline", "ellipse"}
LINK = '<a href="javascript:x()">x</a> <script>y()</script>'
NODE = 'fontname="Noto Sans SC" fontsize=22 margin=0 shape=box'

# As in the DOT text of our own pictures: cells with a style in the label of the graph, lines by way of their labels.
LEGEND = '<table><tr><td border="2" sides="b" style="dotted"></td><td bgcolor="#F6EEDC">added</td></tr></table>'
PICTURE = f"""digraph p {{
graph [dpi=36 pad=0.3 id=p class=pathway label=<{LEGEND}>]
node [{NODE}]
subgraph cluster_a {{ id=around class=loop label="" a }}
a [id="state-a" class="state stage" label="Assess"]
b [id="state-b" class="state end" label=<R0 &amp; NED>]
t [id="step-T1" class=step shape=plain label="T1 go"]
a -> t [id="step-T1-in" class=line dir=none style=dashed]
t -> b [id="step-T1-out" class=line style=dotted]
b -> a
}}"""

SYSTEM_DOT = """#!{python}
import sys, pathlib
text = sys.stdin.read()
pathlib.Path({asked!r}).write_text(text)
{action}
formats = [word[2:] for word in sys.argv if word.startswith("-T")]
files = [word[2:] for word in sys.argv if word.startswith("-o")]
for format_, file in zip(formats, files, strict=True):
    pathlib.Path(file).write_bytes({svg!r} if format_ == "svg" else b"made as " + format_.encode())
"""
WRITTEN = b'<svg width="9pt"><g transform="scale(0.5 0.5)"/></svg>'


def saying(*labels: str) -> str:
    """DOT text with a node for each label."""
    escaped = (escape(label).replace("\\", "\\\\") for label in labels)
    return f"digraph {{ {' '.join(f'n{index} [label=<{said}> {NODE}]' for index, said in enumerate(escaped))} }}"


def finished_of(dot: str, **texts: str) -> ET.Element:
    """The svg of a picture, finished."""
    written = finished(image(dot, "svg").data, **{"title": "T", "described": "D", "language": "en", **texts})
    return ET.fromstring(written)  # noqa: S314 - our own


def texts_of(svg: ET.Element) -> list[str]:
    return ["".join(element.itertext()) for element in svg.iter(f"{SVG}text")]


def chunks_of(png: bytes) -> dict[bytes, bytes]:
    """The parts of a png by their names, with their sums checked."""
    place, found = 8, {}
    while place < len(png):
        (length,) = struct.unpack_from(">I", png, place)
        body = png[place + 4 : place + 8 + length]
        assert struct.unpack_from(">I", png, place + 8 + length) == (zlib.crc32(body),)
        found[body[:4]] = body[4:]
        place += length + 12
    return found


# -- formats ----------------------------------------------------------------------------------------------------------


def test_formats_are_what_they_say() -> None:
    starts = {"svg": b"<?xml", "png": b"\x89PNG\r", "pdf": b"%PDF-"}
    assert {format_: image(PICTURE, format_).data[:5] for format_ in starts} == starts


@pytest.mark.parametrize("format_", ["svg", "png", "pdf"])
def test_the_same_text_gives_the_same_bytes(format_: str) -> None:
    assert image(PICTURE, format_) == image(PICTURE, format_)


def test_a_pdf_does_not_say_when_it_was_made() -> None:
    assert re.findall(rb"/CreationDate \((.*)\)", image(PICTURE, "pdf").data) == [b"D:20000101000000Z"]


@pytest.mark.parametrize("dpi", [72, 300, 600])
def test_a_png_has_so_many_dots_to_the_inch_and_says_so(dpi: int) -> None:
    svg = finished_of(PICTURE)
    chunks = chunks_of(image(PICTURE, "png", dpi=dpi).data)
    assert chunks[b"pHYs"] == struct.pack(">IIB", round(dpi / 0.0254), round(dpi / 0.0254), 1)
    drawn = struct.unpack(">II", chunks[b"IHDR"][:8])
    said = [float(svg.attrib[side].removesuffix("pt")) / 72 * dpi for side in ("width", "height")]
    assert drawn == pytest.approx(said, abs=dpi / 72 + 1)


@pytest.mark.parametrize("format_", ["svg", "png", "pdf"])
def test_the_scale_tells_how_far_a_drawing_was_shrunk_to_its_size(format_: str) -> None:
    large = saying("x" * 100)
    inches = measured("x" * 100) * 22 / 72
    assert image(large, format_, dpi=72).scale == 1.0
    shrunk = image(large.replace("{", '{ graph [size="5,5" pad=0 margin=0]', 1), format_, dpi=72)
    assert shrunk.scale == pytest.approx(5 / inches, rel=0.05)


def test_an_image_too_large_to_be_had_is_refused_with_what_can_be() -> None:
    with pytest.raises(
        DrawingError, match=r"too large for a png at 1200 dpi: at most 1\d{3} dpi can be had, or svg or"
    ):
        image(saying("x" * 400), "png", dpi=1200)


def test_the_layout_can_be_had_with_the_place_of_every_text() -> None:
    layout = layout_json(PICTURE)
    parts: dict[str, Any] = {part["name"]: part for part in layout["objects"]}
    said = [
        operation["text"]
        for part in (layout, *parts.values())
        for operation in part.get("_ldraw_", ())
        if "text" in operation
    ]
    assert sorted(said) == ["Assess", "R0 & NED", "T1 go", "added"]
    (font, text) = parts["a"]["_ldraw_"]
    assert (font["size"], text["align"], text["width"]) == (22.0, "c", pytest.approx(measured("Assess") * 22, abs=0.01))
    assert text["pt"][0] == pytest.approx(float(parts["a"]["pos"].split(",")[0]), abs=0.01)


# -- svg fit for publication ------------------------------------------------------------------------------------------


def test_an_svg_has_a_title_and_a_description_first() -> None:
    svg = finished_of(PICTURE, title='A <b> & "c"', described="What is\x00 seen", language="zh")
    title, described = svg[0], svg[1]
    assert (title.tag, title.text) == (f"{SVG}title", 'A <b> & "c"')
    assert (described.tag, described.text) == (f"{SVG}desc", "What is\ufffd seen")
    assert (
        svg.attrib["aria-labelledby"].split() == [title.attrib["id"], described.attrib["id"]] == ["p-title", "p-desc"]
    )
    assert (svg.attrib["role"], svg.attrib[f"{XML}lang"]) == ("img", "zh")
    assert svg.attrib["width"].endswith("pt")
    assert svg.attrib["viewBox"]


def test_ids_and_classes_of_the_dot_text_are_kept() -> None:
    groups = {group.get("id"): group for group in finished_of(PICTURE).iter(f"{SVG}g") if group.get("class")}
    assert {name: group.attrib["class"] for name, group in groups.items() if not str(name).startswith("p_")} == {
        "p": "graph pathway",
        "around": "cluster loop",
        "state-a": "node state stage",
        "state-b": "node state end",
        "step-T1": "node step",
        "step-T1-in": "edge line",
        "step-T1-out": "edge line",
    }


def test_names_in_the_dot_text_are_not_shown() -> None:
    assert [title.text for title in finished_of(PICTURE).iter(f"{SVG}title")] == ["T"]


def test_nothing_runs_nothing_leads_elsewhere_and_nothing_tells_versions() -> None:
    for picture in (PICTURE, saying(*map(printable, TRAPS)), dot(figure_of(CRLM, level="evidence"))):
        written = finished(image(picture, "svg").data, title=LINK, described=LINK, language="en").decode()
        assert not re.search(r"<!|generated|graphviz", written, re.IGNORECASE)
        for element in ET.fromstring(written).iter():  # noqa: S314 - our own
            assert element.tag.removeprefix(SVG) in HARMLESS
            assert not [name for name in element.attrib if name.startswith("on") or name.endswith("href")]


def test_text_keeps_its_place_in_any_font() -> None:
    for text in finished_of(saying("Response ≥ 20 mm", "疗效评估")).iter(f"{SVG}text"):
        width = measured("".join(text.itertext())) * float(text.attrib["font-size"])
        assert float(text.attrib["textLength"]) == pytest.approx(width, abs=0.01)
    (text,) = finished_of(saying("a龘")).iter(f"{SVG}text")
    assert "textLength" not in text.attrib


def test_dashes_are_told_from_lines() -> None:
    svg = finished_of(PICTURE)
    assert {element.get("stroke-dasharray") for element in svg.iter(f"{SVG}path")} == {None, "6,6", "2,6"}


def test_the_title_finds_an_id_of_its_own() -> None:
    svg = finished_of('digraph { graph [id="a b"]; x [id="a-b-title"]; y [id="a-b--desc"] }')
    assert svg.attrib["aria-labelledby"] == "a-b---title a-b---desc"


def test_pictures_in_a_page_share_no_id() -> None:
    written = finished(image(PICTURE, "svg").data, title="A <b> & c", described="D", language="zh")
    page = ET.fromstring(f"<body>{inline(written, 'one-')}{inline(written, 'two-')}</body>")  # noqa: S314 - our own
    whole = ET.fromstring(written)  # noqa: S314 - our own
    names = [found for element in whole.iter() if (found := element.get("id")) is not None]
    ids = [found for element in page.iter() if (found := element.get("id")) is not None]
    assert ids == [f"{prefix}{name}" for prefix in ("one-", "two-") for name in names]
    assert [svg.get("aria-labelledby") for svg in page] == ["one-p-title one-p-desc", "two-p-title two-p-desc"]
    for svg in page:
        assert texts_of(svg) == texts_of(whole)
        assert (svg[0].text, svg.attrib[f"{XML}lang"], svg.get("viewBox")) == ("A <b> & c", "zh", whole.get("viewBox"))


# -- whatever a label says --------------------------------------------------------------------------------------------

TRAPS = (
    'a "quote"',
    "\\N \\G \\E \\\\",
    "ends in \\",
    "<b>x</b> &amp; &#65; <",
    "]]> --> <!-- %",
    "a\x00b\nc\r\td\x1b",
    "肝" * 40,
    "שלום العالم",
    "\u202eright to left",
    "👨\u200d👩\u200d👧",
    "graph [dpi=1] }",
    'charset="latin1"',
    "x" * 5000,
    "\ufffe\ud7ff\uffff",
    "\ud800",
    LINK,
    'URL="javascript:x()" tooltip="y"',
)
ANYTHING = st.text(max_size=30) | st.sampled_from(TRAPS)


@settings(max_examples=40, deadline=None)
@given(st.lists(ANYTHING.filter(printable), min_size=1, max_size=4), ANYTHING)
def test_any_label_is_drawn_as_it_is_written(labels: list[str], title: str) -> None:
    said = [printable(label) for label in labels]
    svg = finished_of(saying(*said), title=title, described=title)
    assert texts_of(svg) == said
    assert (svg[0].text or "") == printable(title)


# -- what goes wrong --------------------------------------------------------------------------------------------------


def test_a_layout_that_takes_too_long_is_an_error() -> None:
    with pytest.raises(DrawingError, match=r"not laid out within 0\.001 seconds"):
        image(PICTURE, "svg", seconds=0.001)


@pytest.mark.parametrize("dot", ["digraph { a -> ", "digraph { a [label=<<b>] }", "}", ""])
def test_a_crash_is_an_error_of_one_line(dot: str) -> None:
    with pytest.raises(DrawingError, match=r"Graphviz failed: .") as caught:
        image(dot, "svg")
    assert "\n" not in str(caught.value)


def test_an_error_says_what_graphviz_says() -> None:
    with pytest.raises(DrawingError, match=r"Graphviz failed: .*syntax error in line 2 near '->'"):
        image("digraph {\n -> a }", "svg")


def without_pygraphviz(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "find_spec", lambda name: None)


def test_without_any_graphviz_both_remedies_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    without_pygraphviz(monkeypatch)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(
        DrawingError, match="drawing pdf needs Graphviz: pip install pygraphviz, or install Graphviz so"
    ):
        image(PICTURE, "pdf")


@pytest.mark.skipif(os.name != "posix", reason="the program of the tests is a script")
class TestTheSystemsGraphviz:
    """Where pygraphviz is missing, or cannot be loaded, the program `dot` is used."""

    @pytest.fixture(autouse=True)
    def place(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.setenv("PATH", str(tmp_path))
        without_pygraphviz(monkeypatch)
        self.write(tmp_path)
        return tmp_path

    def write(self, place: Path, action: str = "", svg: bytes = WRITTEN) -> None:
        program = place / "dot"
        asked = str(place / "asked")
        program.write_text(SYSTEM_DOT.format(python=sys.executable, asked=asked, action=action, svg=svg))
        program.chmod(0o755)

    def test_it_makes_the_picture(self, place: Path) -> None:
        assert image("digraph { a }", "pdf") == Image(b"made as pdf", 1.0)
        assert (place / "asked").read_text() == "digraph { a \ngraph [dpi=36]\n}"

    def test_it_makes_it_where_pygraphviz_is_broken(self, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.undo()
        monkeypatch.setenv("PATH", str(place))
        (place / "pygraphviz.py").write_text("raise ImportError('libcgraph.so.6: cannot open shared object file')")
        monkeypatch.syspath_prepend(str(place))
        assert image("digraph { a }", "pdf").data == b"made as pdf"

    def test_it_makes_it_where_no_python_is_known(self, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.undo()
        monkeypatch.setenv("PATH", str(place))
        monkeypatch.setattr(sys, "executable", "")
        assert image("digraph { a }", "pdf").data == b"made as pdf"

    def test_a_folder_may_have_spaces_in_its_name(
        self, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = tmp_path / "a b -o c"
        folder.mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(folder))
        assert image("digraph { a }", "pdf").data == b"made as pdf"
        assert (place / "asked").exists()

    def test_an_svg_that_does_not_say_how_large_it_is_is_an_error(self, place: Path) -> None:
        self.write(place, svg=b"<svg/>")
        with pytest.raises(DrawingError, match=r"Graphviz failed: its svg does not say how large the picture is"):
            image("digraph { a }", "pdf")
        self.write(place, svg=b'<svg><g transform="scale(1 1)"/></svg>')
        with pytest.raises(DrawingError, match=r"Graphviz failed: its svg does not say"):
            image("digraph { a }", "png")

    def test_its_errors_are_told(self, place: Path) -> None:
        self.write(place, "sys.exit('Error: <stdin>: syntax error\\nmore')")
        with pytest.raises(DrawingError, match=r"Graphviz failed: <stdin>: syntax error$"):
            image("digraph { a }", "pdf")

    def test_its_end_by_a_signal_is_told(self, place: Path) -> None:
        self.write(place, "import os; os.kill(os.getpid(), 11)")
        with pytest.raises(DrawingError, match=r"Graphviz failed: it was ended by signal 11"):
            image("digraph { a }", "pdf")

    def test_a_letter_that_fc_list_does_not_know_is_refused(self, place: Path) -> None:
        program = place / "fc-list"
        program.write_text(f"#!{sys.executable}\nimport sys\nprint('CFF' if sys.argv[-1] == ':charset=928' else '')")
        program.chmod(0o755)
        assert image("digraph { न }", "pdf").data
        with pytest.raises(DrawingError, match=r"no font here has 'म' \(U\+092E\): install Noto Sans Devanagari"):
            image("digraph { नम }", "pdf")

    @pytest.mark.parametrize("interrupted", [False, True])
    def test_all_that_it_started_ends_with_it(
        self, place: Path, interrupted: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A process that sleeps holds a pipe open; its end is the pipe's."""
        pipe = place / "pipe"
        os.mkfifo(pipe)
        sleeper = f"import time; file = open({str(pipe)!r}, 'w'); file.write('up'); file.flush(); time.sleep(600)"
        self.write(place, f"import subprocess; subprocess.run([sys.executable, '-c', {sleeper!r}])")
        reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)

        def waited(child: subprocess.Popen[bytes], *_: object) -> tuple[bytes, bytes]:
            assert child.stdin
            child.stdin.close()
            os.set_blocking(reading, True)
            while not os.read(reading, 2):
                time.sleep(0.01)
            if interrupted:
                raise KeyboardInterrupt
            raise subprocess.TimeoutExpired("dot", 1)

        monkeypatch.setattr(subprocess.Popen, "communicate", waited)
        with pytest.raises(KeyboardInterrupt if interrupted else DrawingError):
            image("digraph { a }", "pdf")
        assert os.read(reading, 2) == b""
        os.close(reading)
