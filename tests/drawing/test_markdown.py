"""A fence in a page of Markdown becomes a picture in it, or says there what is wrong."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from markdown import Markdown
from pymdownx.superfences import SuperFencesException

from crlm_pathway.drawing import DrawingError, embedding
from crlm_pathway.drawing.markdown import fence, validator
from page_samples import samples

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
FENCE = {"name": "care-pathway", "class": "care-pathway", "format": fence, "validator": validator}
REGISTERED: Mapping[str, Any] = {"pymdownx.superfences": {"custom_fences": [FENCE]}}
SVG = """<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "none.dtd"><!-- drawn -->
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" aria-labelledby="t d">
<style>#t, #fade ~ text { fill: #fade00; stroke: #fade; mask: url(#m) } .x { fill: url("#m") }</style>
<title id="t">A &lt;b&gt;</title><desc id="d">#m</desc><mask id="m"/><text id="fade">#t url(x)</text>
<a xlink:href="#t"><use href="#m" mask="url(#m)"/></a><a href="#elsewhere" xlink:href="page.html#t"/></svg>"""


def html(text: str) -> str:
    return Markdown(extensions=["attr_list", "pymdownx.superfences"], extension_configs=dict(REGISTERED)).convert(text)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """Whatever is drawn from here on is the picture above; what was asked for."""
    asked: list[tuple[str, dict[str, Any]]] = []

    def draw(what: Any, **options: Any) -> bytes:
        asked.append((getattr(what, "name", type(what).__name__), options))
        return SVG.encode()

    monkeypatch.setattr(embedding, "draw", draw)
    return asked


# -- what is drawn ----------------------------------------------------------------------------------------------------


def test_pictures_stand_in_the_page_wherever_it_has_a_fence_and_share_no_id() -> None:
    said = html(
        "```care-pathway\nstate: initial_assessment\n```\n\n"
        "- item\n\n    ```care-pathway\n    state: initial_assessment\n    ```\n\n"
        "> ```care-pathway\n> state: initial_assessment\n> lang: zh\n> ```\n"
    )
    assert [said.count(tag) for tag in ("<figure", "<svg", "</svg></figure>")] == [3, 3, 3]
    assert "<?xml" not in said
    assert "<!DOCTYPE" not in said
    assert "初始评估" in said
    ids = re.findall(r'\bid="([^"]*)"', said)
    assert len(ids) == len(set(ids))
    assert all(found.startswith("care-pathway-") for found in ids)


def test_every_key_reaches_what_draws(drawn: list[tuple[str, dict[str, Any]]]) -> None:
    html(
        "```care-pathway\n# a comment\npathway: crlm_pathway:CRLM\nlevel: overview\nlang: both\n"
        "set: max_regional_rounds=1\ndirection: LR\nwidth: 85 mm\n"
        "compare: max_regional_rounds=3 max_de_escalations=0\n```"
    )
    html(f"```care-pathway\ncourse: {EXAMPLES / 'courses' / 'regional_rescue.json'}\n```")
    html(f"```care-pathway\npathway: {EXAMPLES / 'sore_throat.py'}\nstate: s\ntable: t\n```")
    (named, options), (journey, plain), (throat, parts) = drawn
    other = options.pop("compare")
    assert options == {"language": "both", "level": "overview", "direction": "LR", "width": 85.0, "format": "svg"}
    assert other.parameters["max_regional_rounds"].value == 3
    assert other.parameters["max_de_escalations"].value == 0
    assert (named, journey, throat) == ("crlm", "Journey", "sore_throat")
    assert plain == {"language": "en", "width": 190.0, "format": "svg"}
    assert parts == {**plain, "state": "s", "table": "t"}


def test_a_fence_may_have_a_caption_an_id_classes_and_keys_on_its_opening_line(
    drawn: list[tuple[str, dict[str, Any]]],
) -> None:
    said = html('``` {.care-pathway .wide #one lang=zh}\ncaption: What <leads> & "where"\n```')
    assert said.startswith('<figure class="care-pathway wide" id="one"><svg')
    assert said.endswith("<figcaption>What &lt;leads&gt; &amp; &quot;where&quot;</figcaption></figure>")
    assert drawn[0][1]["language"] == "zh"
    assert "figcaption" not in html("```care-pathway\n```")


# -- what is wrong ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("levle: criteria", "a picture has no `levle` (did you mean `level`?): choose from pathway, level,"),
        ("captoin: x", "a picture has no `captoin` (did you mean `caption`?)"),
        ("level: criterai", "not 'criterai' (did you mean `criteria`?)"),
        ("lang: english", "lang: expected one of en, zh, both, not 'english'"),
        ("direction: down", "not 'down'"),
        ("width: wide", "width: expected a number of millimetres, as in 85, not 'wide'"),
        ("state:", "state: nothing is said; leave it out, or say what is meant"),
        ("state: <script>", "crlm has no state '<script>'"),
        ("state: inital_assessment", "(did you mean `initial_assessment`?)"),
        ("pathway: crlm_pathway:CRML", "crlm_pathway has no pathway 'CRML' (did you mean `CRLM`?)"),
        ("pathway: none.py", "none.py: no such file"),
        ("set: max_salvage=2", "set: crlm has no policy `max_salvage` (did you mean `max_salvages`?)"),
        ("set: max_regional_rounds", "set: expected NAME=NUMBER, as in max_regional_rounds=2"),
        ("set: x=1, y=2", "set: expected NAME=NUMBER, as in max_regional_rounds=2, with a space"),
        ("set: x=1 x=2", "set: x is given two numbers"),
        ("compare: x=one", "compare: expected NAME=NUMBER"),
        ("compare: max_regional_rounds", "compare: say with which number, as in max_regional_rounds=2"),
        ("compare: max_salvage=1", "compare: crlm has no policy `max_salvage` (did you mean `max_salvages`?)"),
        ("compare: none.py", "compare: none.py: no such file"),
        (
            f"compare: max_salvages=1\ncourse: {EXAMPLES / 'courses' / 'regional_rescue.json'}",
            "compare: draws two pathways; leave out the course",
        ),
        ("course: none.json", "course: none.json cannot be read: No such file or directory"),
        ("level criteria", "line 1: expected `key: value`, not 'level criteria'"),
        ("lang: zh\nlang: en", "line 2: lang is said before"),
    ],
)
def test_what_is_wrong_stands_in_the_page_and_is_warned_of(
    said: str, wrong: str, caplog: pytest.LogCaptureFixture
) -> None:
    page = html(f"```care-pathway\n{said}\n```")
    assert page.startswith('<div class="care-pathway" role="alert"><p><strong>No picture.</strong> ')
    for sign, escaped in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("'", "&#x27;")):
        wrong = wrong.replace(sign, escaped) if sign != "&" else wrong
    assert wrong in page
    ((logger, level, _),) = caplog.record_tuples
    assert (logger, level) == ("mkdocs.plugins.care_pathway", logging.WARNING)


def test_everything_wrong_with_a_course_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    course = tmp_path / "course.json"
    course.write_text(json.dumps({"patient": {"ras": "mutnt"}, "visits": [{"fact": {}}]}), encoding="utf-8")
    page = html(f"```care-pathway\ncourse: {course}\n```")
    assert "course.json: patient.ras: expected one of mutant," in page
    assert "<br>" in page
    assert "course.json: visits[0].fact: " in caplog.text


def test_a_key_on_the_opening_line_that_is_none_is_no_plain_code(caplog: pytest.LogCaptureFixture) -> None:
    page = html('```care-pathway levle="criteria"\n```')
    assert "(did you mean `level`?)" in page
    assert caplog.records


def test_a_fault_of_ours_breaks_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(*_what: object, **_options: object) -> bytes:
        raise RuntimeError("oh")

    monkeypatch.setattr(embedding, "draw", faulty)
    with pytest.raises(SuperFencesException, match="care-pathway: RuntimeError: oh"):
        html("```care-pathway\n```")


def test_what_cannot_be_drawn_is_said(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def failing(*_what: object, **_options: object) -> bytes:
        raise DrawingError("not laid out")

    monkeypatch.setattr(embedding, "draw", failing)
    assert "not laid out" in html("```care-pathway\n```")
    assert "not laid out" in caplog.text


# -- what the page about it says --------------------------------------------------------------------------------------


def test_what_the_page_about_pictures_shows_of_mkdocs_is_built(drawn: list[tuple[str, dict[str, Any]]]) -> None:
    (configured,) = (sample for sample in samples() if "superfences" in sample)
    registered = dict(re.findall(r"(\w+): (?:!!python/name:)?([\w.-]+)$", configured, re.MULTILINE))
    assert registered == {
        "name": "care-pathway",
        "class": "care-pathway",
        **{key: f"{made.__module__}.{made.__name__}" for key, made in (("format", fence), ("validator", validator))},
    }
    (page,) = (sample for sample in samples() if "```care-pathway" in sample)
    assert "<figcaption>What the response leads to.</figcaption></figure>" in html(page)
    ((pathway, options),) = drawn
    assert (pathway, options["state"], options["language"]) == ("crlm", "response_evaluation", "both")
