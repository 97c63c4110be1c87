"""The command, as its user meets it: output, exit status, and errors without tracebacks."""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import sys
from collections.abc import Sequence
from html import unescape
from pathlib import Path

import pytest

from crlm_pathway import CRLM
from crlm_pathway.cli import DEMO


def command(
    *arguments: str | Path, given: str = "", environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    line: Sequence[str] = [sys.executable, "-m", "crlm_pathway", *map(str, arguments)]
    return subprocess.run(
        line,
        input=given,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
        env={**os.environ, "COLUMNS": "80", **(environment or {})},
    )


def test_run_prints_json() -> None:
    done = command("run", DEMO, "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    result = json.loads(done.stdout)
    assert (result["state"], result["finished"], result["id"]) == ("sustained_ned", True, "example")
    assert [step["code"] for step in result["steps"][:7]] == ["A7", "B2", "B3", "C5", "D3", "C3", "E3"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            [
                "start conversion",
                "FOLFOXIRI + bevacizumab; review in 8 weeks",
                "to know",
                "18 times, until",
            ],
        ),
        ("zh", ["开始转化治疗", "FOLFOXIRI＋贝伐珠单抗；8周后评估", "待明确", "共18次，至"]),
    ],
)
def test_run_tells_people_in_their_language_within_80_columns(language: str, words: list[str]) -> None:
    from rich.cells import cell_len

    done = command("run", DEMO, "--lang", language)
    assert done.returncode == 0
    for word in words:
        assert word in done.stdout
    assert max(map(cell_len, done.stdout.splitlines())) <= 80
    assert "\x1b" not in done.stdout, "no colours when nobody looks"


def test_a_waiting_journey_is_done_and_says_for_what() -> None:
    done = command("run", "-", given='{"patient": {"ras": "mutant"}, "visits": [{"facts": {}}]}')
    assert done.returncode == 0
    assert "Now in the state “Initial assessment”. It waits to know:\n" in done.stdout
    assert "\n  - liver_metastases_confirmed: colorectal liver metastases confirmed\n" in done.stdout


def test_a_list_that_has_become_shorter_is_to_be_checked_in_text_and_on_standard_error() -> None:
    course = '{"patient": {"lesions": [{}, {}]}, "visits": [{"facts": {"lesions": [{}]}}]}'
    told = " ".join(command("run", "-", given=course).stdout.split())
    assert "to check liver metastases: 1 listed, 2 before; what is no longer listed is no longer known" in told
    done = command("run", "-", "--format", "json", given=course)
    assert json.loads(done.stdout)["visits_used"] == 1
    assert done.stderr.startswith("to check: -: visits[0].facts: liver metastases: 1 listed, 2 before;")


def test_a_fact_wanted_of_several_items_is_told_once() -> None:
    lesion = {"visibility": "visible", "resectable": False}
    course = {
        "patient": {
            "liver_metastases_confirmed": True,
            "microsatellite": "mss",
            "ras": "mutant",
            "fitness": "triplet",
            "willing": True,
            "prior_lines": 0,
            "extrahepatic": "none",
            "remnant_adequate": True,
            "lesions": [lesion, lesion, {**lesion, "diameter_mm": 20}],
        }
    }
    done = command("run", "-", given=json.dumps(course))
    assert "\n  - lesions[].diameter_mm: liver metastases, no. 1, 2: diameter\n" in done.stdout
    assert "\n  - lesions[].rfa_feasible: liver metastases, no. 1, 2, 3: radiofrequency" in done.stdout


def test_a_course_of_many_is_explained_and_drawn_by_its_number(tmp_path: Path) -> None:
    many = tmp_path / "many.jsonl"
    many.write_text('{"patient": {"ras": "mutant"}}\n{"patient": {"ras": 1}}\n{"patient": {"willing": true}}\n')
    alone = command("explain", "-", given='{"patient": {"willing": true}}')
    assert command("explain", many, "--course", "3").stdout == alone.stdout
    assert command("draw", many, "--course", "1").returncode == 0
    for number, message in {
        "2": "many.jsonl:2: patient.ras: expected one of",
        "4": "--course 4: ",
        "0": "is not in the range",
    }.items():
        done = command("explain", many, "--course", number)
        assert done.returncode == 2
        assert message in done.stderr
    assert "say which with --course NUMBER" in command("explain", many).stderr


def test_a_policy_is_set_for_one_command() -> None:
    done = command("run", DEMO, "--format", "json", "--set", "max_evaluations=1", "--set", "margin_floor_mm=0.5")
    policy = CRLM.with_policy(max_evaluations=1, margin_floor_mm=0.5)
    assert json.loads(done.stdout)["fingerprint"] == policy.fingerprint
    for setting, message in {
        "max_evaluations": "--set: expected NAME=NUMBER, as in max_regional_rounds=2",
        "max_evaluations=x": "expected NAME=NUMBER",
        "max_evaluation=1": "did you mean `max_evaluations`?",
        "max_evaluations=1.5": "expected a whole number, not 1.5",
    }.items():
        done = command("run", DEMO, "--set", setting)
        assert (done.returncode, done.stdout) == (2, "")
        assert message in done.stderr


def test_the_facts_that_decide_in_a_state_are_listed() -> None:
    told = command("facts", "--state", "response_evaluation").stdout
    assert "\nresponse " in told
    assert "\nmicrosatellite " not in told
    assert command("facts", "--state", "response_evaluatoin").returncode == 2


LATE = {
    "patient": {
        "liver_metastases_confirmed": True,
        "microsatellite": "mss",
        "ras": "mutant",
        "fitness": "triplet",
        "willing": True,
        "prior_lines": 0,
        "remnant_adequate": False,
    },
    "visits": [{}, {"facts": {"bevacizumab_contraindicated": True}}, {}],
}


def test_an_option_that_is_decided_late_is_told_at_the_visit_that_decides_it() -> None:
    told = " ".join(command("run", "-", given=json.dumps(LATE)).stdout.split())
    assert told.count("regimen to be chosen once it is known: bevacizumab contraindicated") == 1
    assert told.count("regimen FOLFOXIRI without bevacizumab") == 1
    assert told.index("visit 2") < told.index("FOLFOXIRI without bevacizumab") < told.index("visit 3")


def test_what_a_step_forgot_and_did_not_use_is_to_be_asked_again() -> None:
    lesion = {"segment": 6, "visibility": "visible", "diameter_mm": 22, "near_critical_structure": False}
    planned = {**lesion, "deep": False, "resectable": True, "planned_margin_mm": 16}
    treated = {"segment": 6, "visibility": "visible", "destroyed": True, "treated_by": "rfa"}
    course = {
        "patient": {
            "liver_metastases_confirmed": True,
            "microsatellite": "mss",
            "ras": "mutant",
            "fitness": "doublet",
            "willing": True,
            "prior_lines": 1,
            "extrahepatic": "none",
            "remnant_adequate": True,
            "lesions": [planned],
        },
        "visits": [
            {},
            {"facts": {"recurrence": False}},
            {"facts": {"session_done": True, "willing": False, "lesions": [treated]}},
        ],
    }
    told = " ".join(command("run", "-", given=json.dumps(course)).stdout.split())
    assert "ask again recurrence at this visit; wants treatment aimed at NED source" in told


def test_a_pathway_that_cannot_decide_is_told_with_the_file_and_the_visit(tmp_path: Path) -> None:
    broken = Path(__file__).parents[1] / "examples" / "broken" / "overlap_at_one_value.py"
    course = tmp_path / "both.json"
    runpy_names = runpy.run_path(str(broken))
    course.write_text(json.dumps(runpy_names["COUNTEREXAMPLE"]))
    done = command("run", course, "--pathway", f"{broken}:BROKEN")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"error: {course}: visit 1: ")
    assert "are enabled together" in done.stderr


def test_everything_wrong_in_a_file_is_told_at_once_contradictions_too() -> None:
    course = {
        "patient": {"ras": "wild_type", "ras_variant": "kras_g12c"},
        "visits": [{"facts": {"lesions": [{}], "liver_metastasis_count": 2}}],
    }
    done = command("run", "-", given=json.dumps(course))
    assert [line.split(":")[2].strip() for line in done.stderr.splitlines()] == [
        "patient.ras_variant",
        "visits[0].facts.lesions",
    ]


def test_one_parameter_has_one_value() -> None:
    done = command("run", DEMO, "--set", "max_salvages=0", "--set", "max_salvages=1")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--set: max_salvages is given two numbers" in done.stderr


def test_facts_recorded_without_effect_on_the_step_are_told() -> None:
    course = {
        "patient": {"liver_metastases_confirmed": False},
        "visits": [{"facts": {"recurrence": True, "lesions": [{"destroyed": True}]}}],
    }
    told = " ".join(command("run", "-", given=json.dumps(course)).stdout.split())
    assert "not used recurrence at this visit" in told


@pytest.mark.skipif(os.name != "posix", reason="a shell is needed")
def test_whoever_reads_no_further_is_no_error() -> None:
    line = f"{sys.executable} -m crlm_pathway facts | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)  # noqa: S607
    assert (done.returncode, done.stderr) == (0, "")


def test_explain_says_why_and_what_could_decide() -> None:
    done = command("explain", "-", given='{"patient": {"ras": "mutant"}}')
    assert done.returncode == 0
    assert "liver_metastases_confirmed: colorectal liver metastases confirmed (can decide alone)" in " ".join(
        done.stdout.split()
    )


@pytest.mark.parametrize(
    ("arguments", "given", "message"),
    [
        (["run", "no-such-file.json"], "", "no-such-file.json: No such file or directory"),
        (["run", "."], "", "directory"),
        (["run", "-"], "{", "error: -: line 1, column 2: expected JSON"),
        (
            ["run", "-"],
            '{"patient": {"raz": 1}}',
            "error: -: patient.raz: Patient has no such fact (did you mean `ras`?)",
        ),
        (["run"], "", "Missing argument 'COURSE'"),
        (["rum"], "", "No such command 'rum'"),
        (["run", "-", "--format", "xml"], "", "'xml' is not one of 'text', 'json'"),
        (["draw", "-o", "picture.bmp"], "", "picture.bmp: the ending is none of dot, svg, png, pdf, mermaid, gv, mmd"),
        (["draw", "--level", "criterion"], "", "'criterion' is not one of 'overview', 'criteria', 'evidence'"),
        (["draw", "--state", "local_treatmnt"], "", "did you mean `local_treatment`?"),
        (["draw", "--table", "lesion"], "", "crlm has no table 'lesion' (did you mean `lesions`?)"),
        (["draw", "--table", "lesions", "--state", "ned_surveillance"], "", "ned_surveillance has no table 'lesions'"),
        (["draw", "--compare", "max_regional_rounds"], "", "--compare: say with which number, as in max_reg"),
        (["draw", "--compare", "max_salvages=two"], "", "--compare: expected NAME=NUMBER"),
        (["draw", "--compare", "max_salvages=1", "--compare", "max_salvages=2"], "", "--compare: max_salvages is"),
        (["draw", "--compare", "max_salvage=1"], "", "--compare: crlm has no policy `max_salvage` (did you mean"),
        (["draw", "--compare", "nowhere:X"], "", "--compare: there is no module 'nowhere' here"),
        (["draw", "--compare", "max_salvages=1", DEMO], "", "--compare draws two pathways, without a course"),
        (["draw", "--compare", "max_salvages=1", "--compare", "a:B"], "", "--compare: expected numbers"),
        (["draw", "--course", "3"], "", "--course 3: name the file that holds the course"),
        (["draw", "--course", "none.json"], "", "--course none.json: there is no such file"),
        (["draw", "--width", "5"], "", "5.0 is not in the range 30<=x<=2000"),
        (["draw", "-o", "/proc/nowhere/picture.dot"], "", "/proc/nowhere"),
    ],
)
def test_bad_input_and_bad_usage_exit_2_with_a_message(arguments: list[str], given: str, message: str) -> None:
    done = command(*arguments, given=given)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_control_characters_in_a_file_do_not_reach_the_terminal() -> None:
    done = command("run", "-", given='{"patient": {"\\u001b[31m": "\\u0007\\u001b[2J"}}')
    assert done.returncode == 2
    assert "\x1b" not in done.stderr
    assert "\x07" not in done.stderr


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_any_text_comes_through_any_terminal(encoding: str) -> None:
    course = json.dumps({"id": "\ud800 \u202e مريض 🙂 患者", "patient": {}})
    done = command("run", "-", "--format", "json", given=course, environment={"PYTHONIOENCODING": encoding})
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["id"] == "\ud800 \u202e مريض 🙂 患者"
    told = command("run", "-", "--lang", "zh", given=course, environment={"PYTHONIOENCODING": encoding})
    assert (told.returncode, told.stderr) == (0, "")


def test_visits_after_the_end_are_mentioned() -> None:
    done = command("run", "-", given='{"patient": {"liver_metastases_confirmed": false}, "visits": [{}, {}, {}]}')
    assert done.stdout.rstrip().endswith("2 visits after the end were not used.")


def test_json_gives_its_reasons_in_the_language_asked_for() -> None:
    given = '{"patient": {"liver_metastases_confirmed": false}, "visits": [{}]}'
    result = json.loads(command("run", "-", "--format", "json", "--lang", "zh", given=given).stdout)
    assert result["steps"][0]["because"] == "确诊结直肠癌肝转移：否"


def test_explain_tells_the_last_step_too() -> None:
    done = command("explain", DEMO)
    assert "surveillance completed" in done.stdout
    assert "the journey has ended" in done.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("arguments", [["run", str(DEMO)], ["explain", str(DEMO)], ["draw"], ["--help"]])
def test_a_full_disk_is_an_error_without_a_traceback(arguments: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        line = [sys.executable, "-m", "crlm_pathway", *arguments]
        done = subprocess.run(line, stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (2, "error: cannot write: No space left on device\n")


def test_a_reader_who_has_had_enough_is_no_error() -> None:
    line = f"{sys.executable} -m crlm_pathway run {DEMO} | head -1"
    done = subprocess.run(line, shell=True, capture_output=True, text=True, check=False, timeout=60)  # noqa: S602
    assert done.stderr == ""


def test_draw_marks_where_a_patient_stands_who_has_not_moved_yet() -> None:
    waiting = command("draw", "-", given='{"patient": {}}')
    assert waiting.returncode == 0
    assert waiting.stdout != command("draw").stdout


def test_draw_writes_what_the_ending_says(tmp_path: Path) -> None:
    texts, images = {"dot": b"digraph", "gv": b"digraph", "mmd": b"flowchart"}, {"png": b"\x89PNG", "pdf": b"%PDF"}
    for ending, start in {**texts, **images, "svg": b"<?xml"}.items():
        file = tmp_path / "new" / f"pathway.{ending}"
        done = command("draw", "-o", file)
        assert (done.returncode, done.stderr) == (0, "")
        assert start in file.read_bytes()[:2000]


def test_draw_prints_dot_with_the_way_taken() -> None:
    plain, way = command("draw"), command("draw", DEMO)
    assert plain.returncode == way.returncode == 0
    assert "digraph" in plain.stdout
    assert plain.stdout != way.stdout


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        (["--level", "criteria"], ["Named criteria"]),
        (["--level", "evidence", "--lang", "zh"], ["参考文献"]),
        (["--lang", "both"], ["Initial", "初始评估"]),
        (["--state", "regional_therapy"], ["Regional", "not “fit and willing”"]),
        (["--table", "modality"], ["portal-vein", "source"]),
        (["--compare", "max_regional_rounds=2"], ["max_regional_rounds = 3", "max_regional_rounds = 2", "≠ C5"]),
        (["--compare", "crlm_pathway:CRLM"], ["nothing: both decide and say the same"]),
        (["--set", "max_regional_rounds=1", "--level", "criteria"], ["< 1"]),
        (["--course", DEMO, "--direction", "LR"], ["rankdir=LR", "2012-01-09"]),
    ],
)
def test_draw_draws_what_is_asked_for(options: list[str | Path], shown: list[str]) -> None:
    done = command("draw", "--width", "190", *options)
    assert (done.returncode, done.stderr) == (0, "")
    said = unescape(done.stdout)
    assert [words for words in shown if words not in said] == []


def test_draw_says_on_standard_error_what_cannot_be_read_in_print() -> None:
    done = command("draw", "--level", "criteria", "--width", "60", "--format", "svg")
    assert done.returncode == 0
    assert done.stderr.startswith("note: the type of this picture is ")


def test_demo_tells_and_draws(tmp_path: Path) -> None:
    done = command("demo", "--out", tmp_path, "--lang", "zh")
    assert (done.returncode, done.stderr) == (0, "")
    assert "路径终止于“持续NED”" in done.stdout
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "pathway.zh.png",
        "pathway.zh.svg",
        "way-taken.zh.png",
        "way-taken.zh.svg",
    ]


def test_help_shows_an_example_for_every_command() -> None:
    for name in ("run", "explain", "schema", "draw", "demo"):
        assert f"Example: crlm-pathway {name}" in command(name, "--help").stdout


def test_the_library_imports_nothing_heavy() -> None:
    heavy = ["graphviz", "pygraphviz", "click", "rich", "cattrs", "hypothesis", "z3"]
    code = f"import sys, crlm_pathway; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_demo_takes_an_example_through_the_whole_pathway() -> None:
    result = json.loads(command("run", DEMO, "--format", "json").stdout)
    assert {step["to"] for step in result["steps"]} | {"initial_assessment"} >= {
        state.name for state in CRLM.states if not state.terminal
    }
