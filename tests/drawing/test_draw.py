"""Pictures come out in every format, whatever their labels say, and large ones in time."""

from __future__ import annotations

import re
import subprocess
import sys
import warnings
from itertools import islice
from typing import Any
from xml.etree import ElementTree as ET

import attrs
import pytest
from hypothesis import given, settings, strategies as st

from crlm_pathway import (
    CRLM,
    DecisionTable,
    Fact,
    Fitness,
    Journey,
    Microsatellite,
    Option,
    Pathway,
    PathwayError,
    Patient,
    Provenance,
    Ras,
    State,
    Text,
    Transition,
    boolean,
    record,
)
from crlm_pathway.drawing import FORMATS, DrawingWarning, Format, draw, drawn, figure_of
from crlm_pathway.drawing.dot import dot
from crlm_pathway.drawing.figure import Chart, Edge, Entry, Figure, Kind, Line, Listing, Mark, Node
from crlm_pathway.drawing.picture import simplified
from crlm_pathway.predicates.labels import printable

SVG = "{http://www.w3.org/2000/svg}"


@record
class Light:
    """A record of one fact."""

    green: Fact[bool] = boolean("green")


def to(target: str, code: str, text: str = "go", **more: Any) -> Transition:
    given = {"key": f"key {code}", "when": Light.green, "provenance": Provenance.STATED}
    return Transition(code=code, to=target, text=Text(text), **{**given, **more})


def state(name: str, *transitions: Transition, text: str | None = None, **more: Any) -> State:
    return State(name=name, text=Text(text or name), transitions=transitions, **more)


def end(name: str, text: str | None = None) -> State:
    return state(name, text=text, terminal=True)


def pathway(*states: State, text: str = "A pathway", **more: Any) -> Pathway:
    return Pathway(name="p", text=Text(text), record=Light, start=states[0].name, states=states, **more)


SMALL = pathway(state("a", to("b", "T1"), to("a", "T2", when=~Light.green)), end("b"))


def arrows(source: str) -> dict[tuple[str, str], str]:
    """The arrows of DOT text with their attributes."""
    found = re.findall(r"^\s*([\w:]+) -> ([\w:]+)(?: \[(.*)\])?$", source, re.MULTILINE)
    return {(tail, head): attributes for tail, head, attributes in found}


def texts_of(svg: bytes) -> str:
    root = ET.fromstring(svg)  # noqa: S314 - our own
    return squeezed("".join("".join(element.itertext()) for element in root.iter(f"{SVG}text")))


def squeezed(text: str) -> str:
    return "".join(text.split())


# -- where lines lead ----------------------------------------------------------------------------------------------


def leads(source: str) -> dict[str, tuple[set[str], set[str]]]:
    """Of each label the boxes that arrows to it come from, and those that arrows from it go to, as they are drawn."""
    found: dict[str, tuple[set[str], set[str]]] = {}
    for (tail, head), attributes in arrows(source).items():
        one, other = tail.split(":")[0], head.split(":")[0]
        backwards = "dir=back" in attributes
        for label, box, outward in ((one, other, True), (other, one, False)):
            if re.fullmatch(r"[A-Z]\d(_[A-Z]\d)*", label):
                headed = backwards is not outward and "dir=none" not in attributes
                found.setdefault(label, (set(), set()))[headed].add(box.split("_from_")[0])
    return found


@pytest.mark.parametrize("options", [{}, {"direction": "LR"}, {"level": "criteria"}, {"language": "zh", "width": 190}])
def test_every_line_leads_where_its_transition_does(options: dict[str, Any]) -> None:
    """From each state through the label of each transition to its target, whichever way the layout needs the line."""
    found = leads(draw(CRLM, **options).decode())
    for one in CRLM.states:
        for step in one.transitions:
            ((sources, targets),) = (ways for label, ways in found.items() if step.code in label.split("_"))
            assert (sources, targets) == ({one.name}, {step.to})


def test_provenance_is_the_style_of_the_line() -> None:
    drawn = pathway(state("a", to("b", "T1"), to("b", "T3", provenance=Provenance.GLUE)), end("b"))
    found = arrows(draw(drawn).decode())
    assert "style=solid" in found["a", "T1"]
    assert "style=dotted" in found["a", "T3"]


def test_an_end_that_many_states_lead_to_is_drawn_beside_each_and_every_copy_tells_it_apart() -> None:
    stages = [
        state(f"s{i}", *([to(f"s{i + 1}", f"N{i}")] if i < 3 else []), to("x", f"X{i}"), to("y", f"Y{i}"))
        for i in range(4)
    ]
    drawn = pathway(*stages, end("x", "End, with care"), end("y", "End, without"), interrupts=[to("x", "I1")])
    source = draw(drawn, width=190).decode()
    assert len(re.findall(r"^\s*x_from_\w+ \[", source, re.MULTILINE)) == 5
    assert source.count("with care<") >= 5
    assert not re.search(r"^\s*x \[", source, re.MULTILINE)


def test_names_that_would_fall_together_are_told_apart() -> None:
    drawn = pathway(
        state("start", to("a:b", "T"), to("a b", "T!")),
        state("a:b", to("anywhere", "T?")),
        state("a b", to("肝", "U")),
        end("anywhere"),
        end("肝"),
        interrupts=[to("anywhere", "X")],
    )
    names = re.findall(r"^\s*(?!graph)(\w+) \[.*label=", draw(drawn).decode(), re.MULTILINE)
    assert len(names) == len(set(names)) == len(["start", "any state", *drawn.states, *drawn.transitions])


@pytest.mark.parametrize(
    ("what", "options"),
    [
        (pathway(state("transition", to("way", "T1"), to("transition", "T2", when=~Light.green)), end("way")), {}),
        (pathway(state("路", to("步", "T1"), to("路", "T2", when=~Light.green)), end("步")), {}),
        (SMALL, {"compare": attrs.evolve(SMALL, text=Text("Another"))}),
        (CRLM, {"compare": CRLM.with_policy(max_salvages=1)}),
    ],
)
def test_every_id_is_of_one_element_only(what: Pathway, options: dict[str, Any]) -> None:
    svg = ET.fromstring(draw(what, format="svg", **options))  # noqa: S314 - our own
    ids = [element.get("id") for element in svg.iter() if element.get("id")]
    assert len(ids) == len(set(ids))


def test_the_id_of_a_transition_is_its_own_whatever_else_there_is() -> None:
    assert re.findall(r'id="?(transition-[\w-]+)', draw(SMALL).decode()) == ["transition-key_T1", "transition-key_T2"]
    journey = Journey.begin(CRLM, Patient())
    journey.visit(withdrawn=True)
    found = re.findall(r'id="?(transition-withdraw[\w-]*)', draw(journey).decode())
    assert sorted(found) == ["transition-withdraw", "transition-withdraw-from-initial_assessment"]


IN_SCOPE = Patient(liver_metastases_confirmed=True, microsatellite=Microsatellite.MSS, ras=Ras.MUTANT)


def test_only_one_of_the_copies_of_an_end_is_where_a_journey_stands() -> None:
    journey = Journey.begin(CRLM, IN_SCOPE)
    journey.visit(fitness=Fitness.UNFIT, willing=True)
    assert journey.state == "palliative_care"
    assert len(re.findall(r'class="[^"]*\bhere\b', draw(journey).decode())) == 1


# -- formats -------------------------------------------------------------------------------------------------------


def test_formats_are_what_they_say() -> None:
    assert {format_: draw(SMALL, format=format_)[:5] for format_ in FORMATS} == {
        "dot": b"digra",
        "svg": b"<?xml",
        "png": b"\x89PNG\r",
        "pdf": b"%PDF-",
        "mermaid": draw(SMALL, format="mermaid")[:5],
    }
    assert b"flowchart" in draw(SMALL, format="mermaid")
    assert len(draw(SMALL, format="png", dpi=300)) > len(draw(SMALL, format="png", dpi=50))


@pytest.mark.parametrize("format_", FORMATS)
def test_the_same_input_gives_the_same_bytes(format_: Format) -> None:
    script = f"""
import sys
from crlm_pathway import CRLM
from crlm_pathway.drawing import draw
sys.stdout.buffer.write(draw(CRLM, language="both", format={format_!r}, dpi=60))
"""
    elsewhere = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert elsewhere.stdout == draw(CRLM, language="both", format=format_, dpi=60)


def test_an_svg_says_what_it_is_and_its_parts_can_be_styled() -> None:
    root = ET.fromstring(draw(CRLM, format="svg"))  # noqa: S314 - our own
    assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    assert root.get("width") == "241pt"
    groups = {group.get("id"): group.get("class") or "" for group in root.iter(f"{SVG}g")}
    assert "state stage" in groups["state-local_treatment"]
    assert "label implied" in groups["transition-forgo_ned_at_referral"]
    assert "transition-find_ras_wild_type" in groups["transition-find_no_liver_metastases"]
    assert "transition stated" in groups["way-initial_assessment-A7"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"format": "jpg"}, "dot, svg, png, pdf"),
        *(({"dpi": dpi}, "from 1 to 1200") for dpi in (0, "300", None, True)),
    ],
)
def test_what_cannot_be_drawn_is_refused(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(PathwayError, match=said):
        draw(CRLM, **arguments)


def test_importing_the_library_imports_no_graphviz() -> None:
    script = "import sys, crlm_pathway, crlm_pathway.drawing; print({'graphviz', 'pygraphviz'} & set(sys.modules))"
    assert (
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "set()\n"
    )


# -- whatever a label says -----------------------------------------------------------------------------------------

TRAPS = (
    'a "quote"',
    "\\N \\G \\E \\\\ \\n",
    "ends in \\",
    "<b>x</b> &amp; &#65; <script>alert(1)</script>",
    "]]> --> <!-- %",
    "a\x00b\nc\r\td\x1b",
    "肝" * 40,
    "שלום العالم",
    "\u202eright to left",
    "   ",
    "n:p:e",
    "emoji 👩‍⚕️ 🫀",
    'charset="latin1"',
    "x" * 5000,
    "word " * 1000,
    "\ufffe\ud7ff\uffff",
)
ANYTHING = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(TRAPS)


def labelled(labels: list[str]) -> Pathway:
    title, start, finish, go, code, choice = labels
    option = Option(name="o", when=Light.green, text=Text(choice), provenance=Provenance.GLUE)
    table = DecisionTable(name="t", text=Text(title), options=(option,))
    first = state(
        f"a{start}",
        to(f"b{finish}", f"1{code}", go),
        to(f"a{start}", f"2{code}", go, when=~Light.green),
        text=start,
        tables=(table,),
    )
    return attrs.evolve(pathway(first, end(f"b{finish}", finish), text=title), name=title)


@pytest.mark.filterwarnings("ignore::crlm_pathway.drawing.errors.DrawingWarning")
@settings(max_examples=40, deadline=None)
@given(st.lists(ANYTHING.filter(printable), min_size=6, max_size=6), st.sampled_from([None, "state"]))
def test_any_label_is_drawn_as_it_is_written(labels: list[str], part: str | None) -> None:
    """The picture is well-formed and says what the labels say, whatever has a meaning in DOT, HTML or XML."""
    drawn = labelled(labels)
    svg = draw(drawn, format="svg", state=None if part is None else drawn.start)
    said = texts_of(svg)
    for label in labels[:-1] if part is None else labels:
        assert squeezed(printable(label)) in said
    assert b"<script" not in svg.lower()


@pytest.mark.filterwarnings("ignore::crlm_pathway.drawing.errors.DrawingWarning")
def test_every_trap_comes_through_every_format() -> None:
    for trap in filter(printable, TRAPS):
        drawn = labelled([trap] * 6)
        assert squeezed(printable(trap)) in texts_of(draw(drawn, format="svg"))
        for format_ in FORMATS:
            try:
                assert draw(drawn, format=format_, dpi=30)
            except PathwayError as error:
                no_font = "install" in str(error) and format_ in {"png", "pdf"}
                too_long = "50,000" in str(error) and format_ == "mermaid"
                assert no_font or too_long


def test_lone_surrogates_are_drawn_too() -> None:
    assert "\ufffd" in texts_of(draw(pathway(state("a", to("b", "T", "\ud800")), end("b")), format="svg"))


def test_what_is_reported_of_a_picture_is_reported_of_whoever_asked_for_it() -> None:
    for ask in (draw, drawn):
        what: Any = CRLM if ask is draw else figure_of(CRLM, width=30)
        options: dict[str, Any] = {"width": 30} if ask is draw else {}
        with pytest.warns(DrawingWarning, match="points high") as caught:
            ask(what, format="svg", **options)
        assert [warning.filename for warning in caught] == [__file__]


# -- large ones ----------------------------------------------------------------------------------------------------


def spread(states: int, arrows_: int) -> Figure:
    """A picture of many states with arrows all over it."""
    nodes = tuple(Node(f"s{i}", (f"State {i}",), Kind.STAGE) for i in range(states))
    ways = ((tail, (tail * 7 + hop * 13 + 1) % states) for hop in range(states) for tail in range(states))
    edges = tuple(
        Edge(f"s{tail}", f"s{head}", Provenance.STATED, (Line(f"k{number}", f"T{number}", ("some label",)),))
        for number, (tail, head) in enumerate(islice(ways, arrows_))
    )
    return Figure("large", ("Large",), ("large",), ("en",), (Chart("large", nodes, edges, start="s0"),))


@pytest.mark.parametrize(("states", "ways"), [(60, 200), (100, 700)])
def test_large_pictures_are_drawn_simpler_where_that_is_needed_and_say_so(states: int, ways: int) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        svg = drawn(spread(states, ways), format="svg")
    said = " ".join(str(warning.message) for warning in caught)
    assert all(warning.category is DrawingWarning for warning in caught)
    assert ("Simplified: 700 transitions are too many to label" in said) is (ways > 500)
    assert ("somelabel" in texts_of(svg)) is (ways < 500)
    assert ("Simplified:700transitions" in texts_of(svg)) is (ways > 500)


def test_what_stands_out_does_so_in_a_simpler_picture_too() -> None:
    figure = spread(100, 700)
    (chart,) = figure.charts
    first, second, *others = chart.edges
    taken = attrs.evolve(first, lines=(attrs.evolve(first.lines[0], order=(1,)),))
    marked = attrs.evolve(second, lines=(attrs.evolve(second.lines[0], mark=Mark.CHANGED),))
    told = Listing(("What differs",), (Entry("T1", ("something",)),))
    whole = attrs.evolve(figure, charts=(attrs.evolve(chart, edges=(taken, marked, *others)),), listings=(told,))
    simpler, remarks = simplified(whole)
    assert [line.code for edge in simpler.charts[0].edges for line in edge.lines] == ["T0", "T1"]
    assert simpler.listings == (told,)
    assert len(remarks) == 1


def test_an_end_drawn_beside_each_is_drawn_in_a_simpler_picture_too() -> None:
    figure = spread(100, 600)
    (chart,) = figure.charts
    end = Node("end", ("The end",), Kind.END)
    ways = tuple(Edge(f"s{number}", "end", Provenance.GLUE, (Line("k", "E"),)) for number in range(5))
    whole = attrs.evolve(chart, nodes=(*chart.nodes, end), edges=(*chart.edges, *ways))
    source = dot(simplified(attrs.evolve(figure, charts=(whole,)))[0])
    assert len(re.findall(r"^\s*end_from_s\d \[", source, re.MULTILINE)) == 5
    assert not re.search(r"-> end\b", source)


def test_a_line_that_stands_for_several_claims_no_more_than_the_least_of_them() -> None:
    figure = spread(100, 600)
    (chart,) = figure.charts
    doubled = (*chart.edges, *(attrs.evolve(edge, provenance=Provenance.GLUE) for edge in chart.edges))
    (simpler,) = simplified(attrs.evolve(figure, charts=(attrs.evolve(chart, edges=doubled),)))[0].charts
    assert {edge.provenance for edge in simpler.edges} == {Provenance.GLUE}


@pytest.mark.filterwarnings("ignore::crlm_pathway.drawing.errors.DrawingWarning")
@pytest.mark.parametrize("code", ["A\x071", "\x1b[31m", "\x00", "\ud800", "\u202e", "a\nb", "a-very-long-" * 20])
def test_codes_are_users_words_too(code: str) -> None:
    steps = [to("b", f"{code}{number}", "the way", key=f"k{number}") for number in range(14)]
    drawn_ = pathway(state("a", *steps), end("b"), text="The title")
    said = texts_of(draw(drawn_, format="svg"))
    assert "Thetitle" in said
    assert squeezed(printable(code)) in said
    assert "theway" in said


def test_type_too_small_to_read_is_warned_of_with_the_width_that_would_do() -> None:
    with pytest.warns(DrawingWarning, match=r"type of this picture is \d\.\d points .* give it \d+ mm"):
        draw(CRLM, level="criteria", format="svg", width=85)


def test_the_text_tells_the_layout_to_fit_the_page() -> None:
    assert 'size="6.693,' in dot(figure_of(CRLM))
    assert "rankdir=LR" in dot(figure_of(CRLM, direction="LR"))
