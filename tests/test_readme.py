"""What the README shows, works."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

from crlm_pathway import CRLM
from crlm_pathway.courses import course_from_json, run_course

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def test_the_python_prints_what_its_comments_say() -> None:
    from contextlib import redirect_stdout
    from io import StringIO

    (code,) = blocks("python")
    printed = StringIO()
    with redirect_stdout(printed):
        exec(compile(code, "README.md", "exec"), {})  # noqa: S102
    lines = printed.getvalue().splitlines()
    assert lines[0] == "('lesions', 'remnant_adequate', 'extrahepatic')"
    assert lines[1] == "A7 first_line_conversion"
    assert "NED achievable by local treatment: no (future liver remnant (FLR) adequate: no)" in lines[2]
    assert lines[3] == "FOLFOXIRI + bevacizumab"
    assert lines[4] == "状态“一线转化治疗”"
    assert lines[-1] == "B2"


def test_the_course_file_runs() -> None:
    (course,) = blocks("json")
    journey = run_course(CRLM, course_from_json(CRLM, json.loads(course)))
    assert journey.state == "palliative_care"


def test_the_commands_exist() -> None:
    from crlm_pathway.cli import cli

    makefile = (Path(__file__).parents[1] / "Makefile").read_text(encoding="utf-8")
    shown = "".join(blocks("console"))
    for target in re.findall(r"\$ make (\w+)", shown):
        assert f"\n{target}:" in makefile
    commands = re.findall(r"\$ crlm-pathway (\w+)", shown)
    assert commands
    assert set(commands) <= set(cli.commands)


def test_the_picture_shows_every_state_and_every_transition() -> None:
    root = Path(__file__).parents[1]
    (shown,) = re.findall(r"!\[.*\]\((docs/.*\.svg)\)", README)
    picture = (root / shown).read_text(encoding="utf-8")
    said = set(map(unescape, re.findall(r"<text [^>]*>(.*?)</text>", picture)))
    assert {step.code for step in CRLM.transitions} <= said
    assert {state.text.en for state in CRLM.states} - said == {"Palliative care, palliative systemic therapy included"}
