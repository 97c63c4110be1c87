"""`crlm-pathway check`, as its user meets it: what is proved, what is refuted by which course, and how it leaves."""

from __future__ import annotations

import io
import json
import re
import sys
import unicodedata
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import attrs
import pytest
from rich.cells import cell_len

from crlm_pathway import CRLM
from crlm_pathway.cli import attempt
from test_cli import command

pytest.importorskip("z3", reason="proofs need Z3")

BROKEN = Path(__file__).parents[1] / "examples" / "broken"
GAP = f"{BROKEN / 'gap_at_one_value.py'}:BROKEN"
OBLIGATION = ["name", "kind", "subject", "status", "seconds", "counterexample", "witness", "detail"]
CODES = {step.key: step.code for step in CRLM.transitions}


@attrs.frozen
class Done:
    """How the command left, and what it said."""

    status: int
    stdout: str
    stderr: str


def here(*arguments: str | Path) -> Done:
    """The command in this process, which spares it the start."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    line = ["crlm-pathway", *map(str, arguments)]
    with mock.patch.object(sys, "argv", line), redirect_stdout(out), redirect_stderr(err):
        status = attempt()
    for stream in (out, err):
        stream.seek(0)
    return Done(status, out.read(), err.read())


@cache
def report(*arguments: str) -> tuple[int, Mapping[str, Any]]:
    done = here("check", *arguments, "--format", "json")
    assert done.stderr == ""
    return done.status, json.loads(done.stdout)


def refuted(*arguments: str) -> set[str]:
    """The names of what is not proved, transitions by their codes."""
    return {
        f"{one['kind']} {CODES.get(one['subject'], one['subject'])}"
        for one in report(*arguments)[1]["obligations"]
        if one["status"] != "proved"
    }


def test_crlm_is_proved() -> None:
    status, told = report()
    assert (status, told["longest_journey"], told["exact"]) == (0, 105, True)
    assert {one["status"] for one in told["obligations"]} == {"proved"}
    shown = {one["subject"]: one["witness"] for one in told["obligations"] if one["kind"] == "alive"}
    assert shown.keys() >= {step.key for step in CRLM.transitions}
    assert all(course["visits"] for course in shown.values())


@pytest.mark.parametrize("arguments", [(), (GAP,)], ids=["proved", "refuted"])
def test_the_json_form_has_one_shape(arguments: tuple[str, ...]) -> None:
    _, told = report(*arguments)
    assert list(told) == ["obligations", "longest_journey", "exact"]
    for one in told["obligations"]:
        assert list(one) == OBLIGATION
        assert one["name"] == f"{one['kind']} {one['subject']}"
        assert one["seconds"] >= 0
        assert list(one["detail"]) == ["en", "zh"]
        assert (one["counterexample"] is not None) == (one["status"] == "refuted")
        for course in (one["witness"], (one["counterexample"] or {}).get("course")):
            assert course is None or list(course) == ["patient", "visits"]
    kinds = {one["kind"] for one in told["obligations"]}
    assert kinds <= {"total", "exclusive", "alive", "monotone", "terminating", "invariant"}
    assert len({one["name"] for one in told["obligations"]}) == len(told["obligations"])


def test_a_refutation_has_words_and_a_course() -> None:
    status, told = report(GAP)
    assert status == 1
    (found,) = (one["counterexample"] for one in told["obligations"] if one["status"] == "refuted")
    assert list(found) == ["text", "course", "policy"]
    assert found["text"]["en"].startswith("in “Measuring” no way leads on")
    assert found["text"]["zh"].startswith("在“测量体温”中无路可走")
    assert found["course"] == {"patient": {"temperature": 40}, "visits": [{}]}


@pytest.mark.parametrize(
    ("policy", "dead"),
    [
        ({"max_evaluations": 5, "max_salvages": 1, "margin_floor_mm": 0.5}, set()),
        ({"max_repeat_imaging": 0, "max_salvages": 0}, {"C2", "F3", "F4", "F6"}),
        ({"max_regional_rounds": 0}, {"C5", "D1", "D3", "E4"}),
    ],
)
def test_what_a_policy_switches_off_never_happens(policy: Mapping[str, float], dead: set[str]) -> None:
    settings = [word for name, number in policy.items() for word in ("--set", f"{name}={number}")]
    found = refuted(*settings)
    steps = {f"alive {code}" for code in dead}
    assert steps <= found
    assert report(*settings)[0] == (1 if dead else 0)
    for rest in found - steps:  # the rows of a state that nobody enters any more
        assert "D1" in dead
        assert re.fullmatch("alive .* of modality in regional_therapy", rest)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nowhere_at_all:X",), "error: there is no module 'nowhere_at_all' here"),
        (("crlm_pathway.crlm:CLRM",), "did you mean `CRLM`?"),
        (("nowhere.py",), "error: nowhere.py: no such file"),
        (("--set", "max_evaluation=1"), "did you mean `max_evaluations`?"),
        (("--set", "max_evaluations"), "expected NAME=NUMBER"),
        (("--seconds", "0"), "--seconds"),
        (("--seconds", "nan"), "--seconds"),
        (("--seconds", "inf"), "--seconds"),
        (("one.py", "two.py"), "unexpected extra argument"),
        ((GAP, "--courses", f"{GAP.removesuffix(':BROKEN')}/here"), "here"),
    ],
)
def test_bad_usage_is_told(arguments: tuple[str, ...], message: str) -> None:
    done = here("check", *arguments)
    assert done.status == 2
    assert message in done.stderr


@pytest.mark.parametrize(
    ("name", "leaves"),
    [("gap_at_one_value", 2), ("overlap_on_an_empty_list", 2), ("promise_broken_in_the_third_round", 0)],
)
def test_courses_are_written_as_files_that_run(name: str, leaves: int, tmp_path: Path) -> None:
    mine, folder = f"{BROKEN / name}.py:BROKEN", tmp_path / "shown" / "here"
    assert here("check", mine, "--courses", folder).status == 1
    _, told = report(mine)
    for one in told["obligations"]:
        file = folder / f"{one['kind']}_{one['subject']}.json"
        course = one["witness"] or (one["counterexample"] or {}).get("course")
        # Of two runs on a busy machine, one may have had the time to find a smaller course.
        assert file.exists() is (course is not None)
        if one["status"] == "refuted":
            assert here("run", file, "--pathway", mine).status == leaves
        elif course is not None:
            done = here("run", file, "--pathway", mine, "--format", "json")
            assert json.loads(done.stdout)["steps"][-1]["transition"] == one["subject"]


def test_without_the_solver_one_line_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "z3.py").write_text("raise ModuleNotFoundError(\"No module named 'z3'\", name='z3')", encoding="utf-8")
    done = command("check", environment={"PYTHONPATH": str(tmp_path)})
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: check needs Z3: pip install 'crlm-pathway[verify]'\n"
    assert command("facts", "response", environment={"PYTHONPATH": str(tmp_path)}).returncode == 0


@pytest.mark.parametrize("format_", ["text", "json"])
def test_what_is_not_decided_in_time_is_unknown(format_: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import z3

    monkeypatch.setattr(z3.Solver, "check", lambda _solver, *_assumptions: z3.unknown)
    monkeypatch.setattr(z3.Solver, "reason_unknown", lambda _solver: "timeout")
    done = here("check", GAP, "--format", format_)
    assert (done.status, done.stderr) == (1, "")
    if format_ == "json":
        found = json.loads(done.stdout)
        ends = "terminating fever"  # nothing goes round in it, for which no solver is needed
        assert {one["status"] for one in found["obligations"] if one["name"] != ends} == {"unknown"}
        assert all(one["detail"]["en"] and one["counterexample"] is None for one in found["obligations"])
        assert not found["exact"]
    else:
        assert re.search(r"^\? .* s in “Measuring” there is always a way on$", done.stdout, re.MULTILINE)
        assert re.search(r"^6 of 7 obligations not proved", done.stdout, re.MULTILINE)


@pytest.mark.parametrize("language", ["en", "zh", "both"])
@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("name", ["gap_for_one_item", "cap_reset_by_another_cycle", "state_behind_a_wrong_memory"])
def test_lines_fit_the_width(name: str, width: int, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    told = here("check", f"{BROKEN / name}.py:BROKEN", "--lang", language).stdout
    assert max(map(cell_len, told.splitlines())) <= width
    assert ("obligations not proved" in told, "未获证明" in told) == (language != "zh", language != "en")


HOSTILE = "a \\\"b'\\n\\tc\\x1b[31md\\u202e[bold]e[/bold] {0} {} 肝转移 \\\\"
LABELLED = f"""
import attrs
from runpy import run_path

from crlm_pathway import Invariant, Text, taking

BROKEN = run_path({str(BROKEN / "overlap_at_one_value.py")!r})["BROKEN"]
WORDS = Text("{HOSTILE}", "{HOSTILE}，")


def labelled(state):
    steps = tuple(attrs.evolve(step, text=WORDS) for step in state.transitions)
    return attrs.evolve(state, text=WORDS, transitions=steps)


HOSTILE = attrs.evolve(
    BROKEN,
    text=WORDS,
    states=tuple(map(labelled, BROKEN.states)),
    invariants=(Invariant(key="k", never=taking("let_be"), text=WORDS),),
)
"""


@pytest.mark.parametrize("format_", ["text", "json"])
def test_no_label_upsets_a_terminal(format_: str, tmp_path: Path) -> None:
    hostile = tmp_path / "hostile.py"
    hostile.write_text(LABELLED, encoding="utf-8")
    shown = tmp_path / "shown"
    done = here("check", f"{hostile}:HOSTILE", "--lang", "both", "--courses", shown, "--format", format_)
    assert (done.status, done.stderr) == (1, "")
    upsetting = [one for one in done.stdout if one != "\n" and unicodedata.category(one) in {"Cc", "Cs"}]
    assert upsetting == []
    assert "[bold]e[/bold] {0} {} 肝转移" in done.stdout
    if format_ == "text":
        assert "\u202e" not in done.stdout
    assert sorted(file.name for file in shown.iterdir()) == [
        "alive_let_be.json",
        "alive_supplement.json",
        "exclusive_reading.json",
        "invariant_k.json",
    ]
