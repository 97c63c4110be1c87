"""Pictures show the whole pathway, are right whatever a label says, and need nothing from the machine."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import attrs
import pytest
from hypothesis import given, settings, strategies as st

from crlm_pathway import (
    CRLM,
    DecisionTable,
    Fact,
    Journey,
    Option,
    Pathway,
    PathwayError,
    Provenance,
    State,
    Text,
    Transition,
    boolean,
    record,
    rounds_here,
)
from crlm_pathway.drawing import FORMATS, DrawingError, draw
from crlm_pathway.drawing.dot import dot
from crlm_pathway.drawing.graph import Kind, extract
from crlm_pathway.drawing.lettering import measured, wrapped
from crlm_pathway.drawing.render import FONTS_HERE, image
from crlm_pathway.predicates.labels import LANGUAGES, Language, printable

if TYPE_CHECKING:
    from collections.abc import Iterable


@record
class Light:
    """A record of one fact."""

    green: Fact[bool] = boolean("green")


def to(target: str, code: str, text: str = "go", provenance: Provenance = Provenance.STATED) -> Transition:
    return Transition(key=f"key {code}", code=code, to=target, when=Light.green, text=Text(text), provenance=provenance)


def pathway(*states: State, text: str = "A pathway", interrupts: Iterable[Transition] = ()) -> Pathway:
    return Pathway(
        name="p", text=Text(text), record=Light, start=states[0].name, states=states, interrupts=tuple(interrupts)
    )


def state(name: str, *transitions: Transition, text: str | None = None, terminal: bool = False) -> State:
    return State(name=name, text=Text(text or name), transitions=transitions, terminal=terminal)


def end(name: str, text: str | None = None) -> State:
    return state(name, text=text, terminal=True)


@attrs.frozen
class Went:
    """A step, as far as a picture needs it."""

    source: str
    transition: Transition


def way(*keys: str, source: str = CRLM.start) -> list[Went]:
    """The steps of CRLM with these keys, from the start."""
    transitions = {step.key: step for step in CRLM.transitions}
    steps = []
    for key in keys:
        steps.append(Went(source, transitions[key]))
        source = transitions[key].to
    return steps


def edges_of(source: str) -> dict[tuple[str, str], str]:
    """The edges of DOT text with their attributes."""
    found = re.findall(r"^\s*(\w+) -> (\w+)(?: \[(.*)\])?$", source, re.MULTILINE)
    return {(tail, head): attributes for tail, head, attributes in found}


def texts_of(svg: bytes) -> list[str]:
    """The lines of text of a picture, in the order in which they are drawn."""
    root = ET.fromstring(svg)  # noqa: S314 - our own
    return ["".join(element.itertext()) for element in root.iter("{http://www.w3.org/2000/svg}text")]


def squeezed(text: str) -> str:
    return "".join(text.split())


# -- the whole pathway ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_and_every_transition_is_drawn(language: Language) -> None:
    said = squeezed("".join(texts_of(draw(CRLM, language=language, format="svg"))))
    for shown in CRLM.states:
        assert squeezed(shown.text.in_(language)) in said
    for step in CRLM.transitions:
        assert squeezed(step.code + step.text.in_(language)) in said
    source = draw(CRLM, language=language).decode()
    for shown in CRLM.states:
        assert re.search(rf"\b{shown.name}\b", source) or f"{shown.name}_from_" in source


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_title_the_disclaimer_and_the_tables_are_on_it(language: Language) -> None:
    said = squeezed("".join(texts_of(draw(CRLM, language=language, format="svg"))))
    assert squeezed(CRLM.text.in_(language)) in said
    assert {"en": "notamedicaldevice", "zh": "不是医疗器械"}[language] in said
    for shown in CRLM.states:
        for table in shown.tables:
            assert squeezed(table.text.in_(language)) in said


def test_every_line_leads_where_its_transition_does() -> None:
    """From each state through the label of each transition to its target, whichever way the layout needs the line."""
    arrows: dict[str, set[tuple[str, str]]] = {}
    for (tail, head), attributes in edges_of(draw(CRLM).decode()).items():
        if re.fullmatch(r"[A-Z]\d(_[A-Z]\d)*", tail):
            arrows.setdefault(tail, set()).add(("out" if "dir=none" not in attributes else "in", head))
        else:
            arrows.setdefault(head, set()).add(("out" if "dir=back" in attributes else "in", tail))
    for shown in CRLM.states:
        for step in shown.transitions:
            (label,) = (name for name in arrows if step.code in name.split("_"))
            if step.to == shown.name:
                assert {name for _, name in arrows[label]} == {shown.name}
                continue
            ends = {target.split("_from_")[0] for kind, target in arrows[label] if kind == "out"}
            starts = {source for kind, source in arrows[label] if kind == "in"}
            assert (starts, ends) == ({shown.name}, {step.to})


def test_transitions_between_the_same_states_share_an_edge_if_they_share_a_provenance() -> None:
    drawn = pathway(
        state("a", to("b", "T1"), to("b", "T2"), to("b", "T3", provenance=Provenance.GLUE), to("a", "T4")), end("b")
    )
    edges = extract(drawn).edges
    assert [[line.code for line in edge.lines] for edge in edges] == [["T1", "T2"], ["T3"], ["T4"]]
    found = edges_of(dot(extract(drawn)))
    assert "style=solid" in found["a", "T1_T2"]
    assert "style=dotted" in found["a", "T3"]


def test_interrupts_are_drawn_once_from_any_state() -> None:
    graph = extract(CRLM)
    assert [(edge.source, edge.target) for edge in graph.interrupts] == [(None, "deceased"), (None, "withdrawn")]
    kinds = {node.name: node.kind for node in graph.nodes}
    assert kinds["deceased"] is kinds["withdrawn"] is Kind.STOPPED
    assert kinds["palliative_care"] is Kind.END
    assert kinds["local_treatment"] is Kind.STAGE


def test_an_end_that_many_states_lead_to_is_drawn_beside_each_and_every_copy_tells_it_apart() -> None:
    stages = [
        state(f"s{i}", *([to(f"s{i + 1}", f"N{i}")] if i < 3 else []), to("x", f"X{i}"), to("y", f"Y{i}"))
        for i in range(4)
    ]
    source = dot(
        extract(pathway(*stages, end("x", "End, with care"), end("y", "End, without"), interrupts=[to("x", "I1")]))
    )
    assert len(re.findall(r"^\s*x_from_\w+ \[", source, re.MULTILINE)) == 5
    assert source.count("with care<") >= 5
    assert not re.search(r"^\s*x \[", source, re.MULTILINE)
    assert "x_from_anywhere" in source


def test_a_table_shows_what_the_rows_of_an_option_have_in_common() -> None:
    toolbox = next(node for node in extract(CRLM).nodes if node.name == "local_treatment").tables[0]
    assert "radiofrequency ablation" in toolbox.options
    assert "no local treatment possible" in toolbox.options
    assert (
        "射频消融"
        in next(node for node in extract(CRLM, "zh").nodes if node.name == "local_treatment").tables[0].options
    )


def test_the_text_is_the_same_each_time() -> None:
    script = """
import sys
from crlm_pathway import CRLM
from crlm_pathway.drawing import draw
sys.stdout.buffer.write(draw(CRLM))
"""
    elsewhere = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert elsewhere.stdout == draw(CRLM)


# -- the way taken ----------------------------------------------------------------------------------------------------


def test_the_way_taken_is_numbered_in_order_and_the_rest_steps_back() -> None:
    steps = way("start_conversion", "de_escalate", "end_block", "continue_conversion", "end_block", "exhaust_options")
    graph = extract(CRLM, steps=steps)
    order = {line.code: line.order for edge in graph.edges for line in edge.lines if line.order}
    assert order == {"A7": (1,), "B2": (2,), "B3": (3, 5), "C4": (4,), "C6": (6,)}
    assert {node.name for node in graph.nodes if node.visited} == {
        "initial_assessment",
        "first_line_conversion",
        "response_evaluation",
        "palliative_care",
    }
    source = dot(graph)
    for said in ("① A7", "② B2", "③ ⑤ B3", "④ C4", "⑥ C6"):
        assert said in source
    widths = {name: re.findall(r"penwidth=([\d.]+)", said)[0] for name, said in edges_of(source).items()}
    assert float(widths["initial_assessment", "A7"]) > 2 * float(widths["initial_assessment", "A5"])
    copies = re.findall(r'^\s*palliative_care_from_(\w+) \[.*color="(#\w+)" fillcolor', source, re.MULTILINE)
    reached = {colour for source_name, colour in copies if source_name == "response_evaluation"}
    others = {colour for source_name, colour in copies if source_name != "response_evaluation"}
    assert len(reached) == len(others) == 1
    assert reached != others


def test_long_runs_are_shortened_and_numbers_go_on_past_the_circled_ones() -> None:
    steps = way("treat_at_once", "eradicate", *["continue_surveillance"] * 60, "complete_surveillance")
    source = dot(extract(CRLM, steps=steps))
    assert "③–(62) F2" in source
    assert "(63) F1" in source


def test_an_interrupt_taken_leads_from_the_state_it_was_taken_in() -> None:
    graph = extract(CRLM, steps=way("treat_at_once", "withdraw"))
    taken = [(edge.source, edge.target) for edge in graph.edges if edge.taken]
    assert taken == [("initial_assessment", "local_treatment"), ("local_treatment", "withdrawn")]
    assert not any(edge.taken for edge in graph.interrupts)


def test_a_step_of_another_pathway_is_refused() -> None:
    with pytest.raises(DrawingError, match="step 2 of the way is go_astray from local_treatment"):
        draw(CRLM, steps=[*way("treat_at_once"), Went("local_treatment", attrs.evolve(to("x", "Z"), key="go_astray"))])


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
    "",
    "   ",
    "n:p:e",
    'charset="latin1"',
    "x" * 90,
    "\ufffe\ud7ff\uffff",
)
ANYTHING = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(TRAPS)


@settings(max_examples=60, deadline=None)
@given(st.lists(ANYTHING.filter(printable), min_size=6, max_size=6))
def test_any_label_is_drawn_as_it_is_written(labels: list[str]) -> None:
    """The picture is well-formed and says what the labels say, whatever has a meaning in DOT, HTML or XML."""
    title, start, finish, go, code, choice = labels
    option = Option(name="o", when=Light.green, text=Text(choice), provenance=Provenance.GLUE)
    table = DecisionTable(name="t", text=Text(title), options=(option,))
    first = State(
        name=f"a{start}",
        text=Text(start),
        transitions=(
            to(f"b{finish}", f"1{code}", go),
            to(f"a{start}", f"2{code}", go),
        ),
        tables=(table,),
    )
    drawn = attrs.evolve(pathway(first, end(f"b{finish}", finish), text=title), name=title)
    said = squeezed("".join(texts_of(draw(drawn, format="svg"))))
    for label in labels:
        assert squeezed(printable(label)) in said


def test_lone_surrogates_are_drawn_too() -> None:
    drawn = pathway(state("a", to("b", "T", "\ud800")), end("b"))
    assert "\ufffd" in "".join(texts_of(draw(drawn, format="svg")))


def test_names_that_would_fall_together_are_told_apart() -> None:
    drawn = pathway(
        state("start", to("a:b", "T"), to("a b", "T!")),
        state("a:b", to("anywhere", "T?")),
        state("a b", to("肝", "U")),
        end("anywhere"),
        end("肝"),
        interrupts=[to("anywhere", "X")],
    )
    names = re.findall(r"^\s*(\w+) \[label=", dot(extract(drawn)), re.MULTILINE)
    assert len(names) == len(set(names)) == len(["start", "any state", *drawn.states, *drawn.transitions])
    assert draw(drawn, format="svg")


@given(st.text(), st.floats(3, 40))
def test_wrapping_keeps_every_word_and_the_width(text: str, width: float) -> None:
    said = printable(text)
    lines = wrapped(said, width)
    assert squeezed("".join(lines)) == squeezed(said)
    assert all(measured(line) <= width or len(line) == 1 for line in lines)


def test_chinese_lines_neither_begin_with_a_comma_nor_end_with_a_bracket() -> None:
    for width in (4.0, 5.0, 6.0, 7.0):
        lines = wrapped("疗效欠佳，肝脏区域治疗（含姑息）", width)
        assert not any(line.startswith(("，", "）")) or line.endswith("（") for line in lines)


# -- formats and fonts ------------------------------------------------------------------------------------------------


def test_formats_are_what_they_say() -> None:
    small = pathway(state("a", to("b", "T1"), to("a", "T2")), end("b"))
    assert {format_: draw(small, format=format_)[:5] for format_ in FORMATS} == {
        "dot": b"digra",
        "svg": b"<?xml",
        "png": b"\x89PNG\r",
        "pdf": b"%PDF-",
    }
    assert len(draw(small, format="png", dpi=300)) > len(draw(small, format="png", dpi=50))


@pytest.mark.parametrize(("arguments", "said"), [({"format": "jpg"}, "dot, svg, png, pdf"), ({"dpi": 0}, "1 to 1200")])
def test_what_cannot_be_drawn_is_refused(arguments: dict[str, object], said: str) -> None:
    with pytest.raises(PathwayError, match=said):
        draw(CRLM, **arguments)  # type: ignore[arg-type]


def test_only_a_pathway_and_the_steps_of_a_journey_are_drawn() -> None:
    loose: Any = draw
    lit = pathway(state("a", to("b", "T")), end("b"))
    journey = Journey.begin(lit, Light())
    with pytest.raises(
        DrawingError, match=r"draw takes the pathway, not <Journey.*write draw\(journey.pathway, steps="
    ):
        loose(journey)
    with pytest.raises(DrawingError, match=r"draw takes the pathway, not Light\(\)$"):
        loose(Light())
    with pytest.raises(DrawingError, match=r"`steps` are those of a journey, not <Journey.*write steps=journey.steps"):
        loose(lit, steps=journey)
    with pytest.raises(DrawingError, match="step 1 of the way is no step of a journey, but 'T'"):
        loose(lit, steps=["T"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_font_shipped_is_embedded_and_no_other_where_none_is_configured(
    language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Boxes for missing letters would be lines, or another font's."""
    monkeypatch.setenv("FONTCONFIG_FILE", "/nonexistent/fonts.conf")
    monkeypatch.setenv("FONTCONFIG_PATH", "/nonexistent")
    monkeypatch.setenv("FONTCONFIG_SYSROOT", "/nonexistent")
    picture = draw(CRLM, language=language, format="pdf")
    assert {name.split(b"+")[-1] for name in re.findall(rb"/FontName\s*/(\S+)", picture)} == {b"NotoSansSC-Regular"}


def test_the_font_holds_every_character_of_our_own_pictures() -> None:
    covered = set((FONTS_HERE / "characters.txt").read_text(encoding="utf-8"))
    steps = way("treat_at_once", "eradicate", *["continue_surveillance"] * 30)
    for language in LANGUAGES:
        assert set(dot(extract(CRLM, language, steps))) - covered <= {"\t"}


def test_a_letter_the_font_has_not_is_left_to_the_machine() -> None:
    assert draw(pathway(state("a", to("b", "T", "हिन्दी 龘")), end("b")), format="pdf")


def test_drawing_leaves_nothing_behind() -> None:
    before = sorted(path.name for path in FONTS_HERE.iterdir())
    draw(pathway(state("a", to("b", "T")), end("b")), format="png")
    assert sorted(path.name for path in FONTS_HERE.iterdir()) == before


# -- what goes wrong --------------------------------------------------------------------------------------------------


def test_a_layout_that_takes_too_long_is_an_error() -> None:
    with pytest.raises(DrawingError, match=r"not laid out within 0\.01 seconds"):
        image(dot(extract(CRLM)), "svg", dpi=72, seconds=0.01)


def test_a_crash_is_an_error_of_one_line() -> None:
    with pytest.raises(DrawingError, match="Graphviz failed: ") as caught:
        image("digraph { a -> ", "svg", dpi=72)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("package", "format_"), [("graphviz", "dot"), ("pygraphviz", "svg")])
def test_a_missing_package_is_named(package: str, format_: str) -> None:
    script = f"""
import sys
sys.modules["graphviz"] = None if {package == "graphviz"} else __import__("graphviz")
from importlib import util
find = util.find_spec
util.find_spec = lambda name: None if name == {package!r} else find(name)
from crlm_pathway import CRLM
from crlm_pathway.drawing import DrawingError, draw
try:
    draw(CRLM, format={format_!r})
except DrawingError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith(f"pip install {package}")


def test_importing_the_library_imports_no_drawing() -> None:
    script = "import sys, crlm_pathway, crlm_pathway.drawing; print({'graphviz', 'pygraphviz'} & set(sys.modules))"
    assert (
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "set()\n"
    )


def test_large_pathways_take_seconds_not_minutes() -> None:
    stages = [
        state(
            f"s{i}",
            *(
                to(f"s{(i * step + 7) % 40}" if step else f"s{i + 1}", f"T{i}.{step}", "some label")
                for step in range(3)
            ),
        )
        for i in range(40)
    ]
    assert draw(pathway(*stages, end("s40")), format="svg")


def test_a_loop_leads_out_and_back_beside_its_state() -> None:
    wait = attrs.evolve(to("a", "W"), when=~Light.green & (rounds_here < 3))
    source = dot(extract(pathway(state("a", to("b", "T"), wait), end("b"))))
    assert "cluster_a" in source
    assert len(re.findall(r"a -> W\b", source)) == 2
