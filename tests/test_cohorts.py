"""`run` on files of all kinds: many courses, malformed ones, endless ones; interrupted, watched, and read by nobody."""

from __future__ import annotations

import json
import os
import select
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest
from rich.cells import cell_len

from crlm_pathway import CRLM, cli
from crlm_pathway.courses import CourseResult, course_from_json, result_to_json, run_course
from random_courses import complete_course, partial_course

COMMAND = [sys.executable, "-m", "crlm_pathway"]
PIPE = subprocess.PIPE
GOOD = '{"id": "one", "patient": {"liver_metastases_confirmed": false}, "visits": [{}]}'
BAD = '{"patient": {"ras": "Mutant", "raz": 1}}'
LONG = max((json.dumps(complete_course(Random(seed))) for seed in range(50)), key=len)
"""Its result is longer than what goes into a pipe at once or not at all."""
WRONG = [
    'patient.ras: expected one of mutant, wild_type, undetermined (did you mean `mutant`?), not "Mutant"',
    "patient.raz: Patient has no such fact (did you mean `ras`?)",
]


class Done(NamedTuple):
    status: int
    out: list[str]
    err: list[str]


Run = Callable[..., Done]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run `crlm-pathway run` on a file of this name and content, in this process."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")

    def runs(name: str, content: bytes | str | None, *options: str) -> Done:
        if content is not None:
            Path(name).write_bytes(content.encode() if isinstance(content, str) else content)
        monkeypatch.setattr("sys.argv", ["crlm-pathway", "run", name, *options])
        with pytest.raises(SystemExit) as left:
            cli.main()
        out, err = capfd.readouterr()
        assert "Traceback" not in err
        assert isinstance(left.value.code, int)
        return Done(left.value.code, out.splitlines(), err.splitlines())

    return runs


def expected(number: int, written: str) -> dict[str, Any]:
    course = course_from_json(CRLM, json.loads(written))
    result = result_to_json(CourseResult.of(run_course(CRLM, course), course.id))
    answered: dict[str, Any] = json.loads(json.dumps({"line": number, **result}))
    return answered


# -- many courses ----------------------------------------------------------------------------------


def test_each_line_is_answered_by_a_line_with_its_number(run: Run) -> None:
    rng = Random(5)
    courses = [json.dumps(made(rng)) for made in (complete_course, partial_course) * 3]
    done = run("courses.jsonl", "\n" + "\r\n\n".join(courses), "--format", "json")
    assert done.status == 0
    assert all(line.startswith("to check: courses.jsonl: ") for line in done.err)
    assert [json.loads(line) for line in done.out] == [
        expected(2 + 2 * index, course) for index, course in enumerate(courses)
    ]


def test_the_courses_of_a_list_are_counted_from_1(run: Run) -> None:
    done = run("courses.json", f"[{GOOD},\n{GOOD}]", "--format", "json")
    assert (done.status, done.err) == (0, [])
    assert [json.loads(line) for line in done.out] == [expected(1, GOOD), expected(2, GOOD)]


def test_a_course_of_its_own_has_no_number(run: Run) -> None:
    done = run("course.json", GOOD, "--format", "json")
    assert "line" not in json.loads(done.out[0])


def test_bad_lines_are_reported_and_the_others_run(run: Run) -> None:
    lines = [GOOD, BAD, "", '{"id": "\xff"}', "{", GOOD, '{"patient": {"ras": "mu']
    done = run("courses.jsonl", "\n".join(lines).encode("latin-1"), "--format", "json")
    assert [json.loads(line)["line"] for line in done.out] == [1, 6]
    assert done.status == 2
    assert done.err == [
        f"error: courses.jsonl:2: {WRONG[0]}",
        f"error: courses.jsonl:2: {WRONG[1]}",
        "error: courses.jsonl:4: column 9: expected UTF-8 text, not the byte 0xff",
        (
            "error: courses.jsonl:5: column 2: expected JSON: "
            "a name in double quotes belongs here, or a comma before is too many"
        ),
        "error: courses.jsonl:7: column 21: expected JSON: the text that begins here has no closing quote",
        "error: courses.jsonl: 4 of 6 courses could not be run",
    ]


def test_bad_courses_of_a_list_are_reported_and_the_others_run(run: Run) -> None:
    done = run("courses.json", f'[{BAD}, {GOOD}, 7, {{"patient": {{}}, "patient": {{}}}}, {GOOD}]', "--format", "json")
    assert [json.loads(line)["line"] for line in done.out] == [2, 5]
    assert done.status == 2
    assert done.err == [
        f"error: courses.json: course 1: {WRONG[0]}",
        f"error: courses.json: course 1: {WRONG[1]}",
        "error: courses.json: course 3: the course: expected an object with patient and visits, not 7",
        "error: courses.json: course 4: patient: expected each key once in an object, not twice",
        "error: courses.json: 3 of 5 courses could not be run",
    ]


@pytest.mark.parametrize(
    ("rest", "messages"),
    [
        (
            "",
            [
                "error: courses.json: line 2, column 1: expected JSON: the list breaks off",
                "error: courses.json: 0 of 2",
            ],
        ),
        (
            ',\n{"patient": {}',
            [
                (
                    "error: courses.json: course 3: line 3, column 15: expected JSON: "
                    "a comma or a closing bracket is missing before this"
                ),
                "error: courses.json: 1 of 3 courses could not be run; what follows was not read",
            ],
        ),
        (
            ", {]}, " + GOOD + "]",
            [
                "error: courses.json: course 3: line 2, column 4: expected JSON: a name in double quotes belongs here",
                "error: courses.json: 1 of 3 courses could not be run; what follows was not read",
            ],
        ),
        (
            "] x",
            [
                "error: courses.json: line 2, column 3: expected JSON: nothing follows the list",
                "error: courses.json: 0 of 2 courses could not be run; what follows was not read",
            ],
        ),
    ],
)
def test_of_a_broken_list_what_was_complete_is_run(run: Run, rest: str, messages: list[str]) -> None:
    done = run("courses.json", f"[{GOOD}, {GOOD}\n{rest}", "--format", "json")
    assert [json.loads(line)["line"] for line in done.out] == [1, 2]
    assert done.status == 2
    assert len(done.err) == len(messages)
    for line, message in zip(done.err, messages, strict=True):
        assert line.startswith(message)


@pytest.mark.parametrize(("content", "status"), [("[]", 0), (" [ ] \n", 0), ("", 2), (" \n\n", 2)])
def test_no_courses_are_said_to_be_none(run: Run, content: str, status: int) -> None:
    done = run("courses.json", content)
    message = "courses.json: no courses" if content.strip() else "error: courses.json: the file: expected JSON, but it"
    assert (done.status, done.out, len(done.err)) == (status, [], 1)
    assert done.err[0].startswith(message)


def test_a_contradiction_met_on_the_way_is_one_courses_own(run: Run) -> None:
    course = '{"patient": {"ras_variant": "kras_g12c"}, "visits": [{"facts": {"ras": "wild_type"}}]}'
    done = run("courses.jsonl", f"{course}\n{GOOD}", "--format", "json")
    assert [json.loads(line)["line"] for line in done.out] == [2]
    assert done.err[0].startswith("error: courses.jsonl:1: visits[0].facts.ras_variant: expected no variant other")


@pytest.mark.parametrize("language", ["en", "zh", "both"])
def test_many_courses_are_told_in_a_line_each_in_columns(run: Run, language: str) -> None:
    rng = Random(11)
    courses = [json.loads(GOOD), *(made(rng) for _ in range(20) for made in (complete_course, partial_course))]
    for number, course in enumerate(courses):
        course["id"] = rng.choice((None, f"course {number}", "患者" * 9, "\ud800\u202e\x1b[1m\n"))
    done = run("courses.jsonl", "\n".join(map(json.dumps, courses)), "--lang", language)
    assert done.status == 0
    assert all(line.startswith("to check: courses.jsonl: ") for line in done.err)
    heading, *lines = map(by_cells, done.out)
    assert len(lines) == len(courses)
    for number, line in enumerate(lines, start=1):
        assert "".join(line[:6]).strip() == str(number)
    for told in (heading, *lines):
        assert len(told) <= 80
        for gap in (6, 20, 40):
            assert told[gap : gap + 2] == [" ", " "]
    for start, label in zip((8, 22, 42, 63), HEADINGS[language], strict=True):
        assert "".join(heading[start:]).startswith(label)
    assert "".join(lines[0][22:]).split() == ["A1", *OUT_OF_SCOPE[language].split()]


HEADINGS = {
    "en": ["course", "way", "state", "to know"],
    "zh": ["病程", "路径", "状态", "待明确"],
    "both": ["course 病程", "way 路径", "state 状态", "to know 待明确"],
}
OUT_OF_SCOPE = {"en": "Out of scope", "zh": "超出适用范围", "both": "Out of scope 超出适用范围"}


def by_cells(line: str) -> list[str]:
    """What stands in each cell of a line; the second cell of a wide character is empty."""
    return [cell for character in line for cell in (character, *[""] * (cell_len(character) - 1))]


def test_a_wide_terminal_shows_more(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    course = {"id": "a name of thirty characters ..", "patient": {"ras": "mutant"}, "visits": []}
    narrow = run("course.jsonl", json.dumps(course))
    monkeypatch.setenv("COLUMNS", "200")
    wide = run("course.jsonl", json.dumps(course))
    assert "…" in narrow.out[1]
    assert "a name of thirty characters .." in wide.out[1]
    assert "colorectal liver metastases confirmed +" in wide.out[1]


# -- malformed files ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "the file: expected JSON, but it is empty"),
        (b"\x7fELF\x02\x01\x01\x00", "line 1, column 1: expected JSON: what stands here is no value"),
        (bytes(range(128, 256)), "line 1, column 1: expected UTF-8 text, not the byte 0x80"),
        (GOOD.encode("utf-16"), "the file: expected UTF-8 text, not UTF-16 as its byte order mark says"),
        (f"[{GOOD}]".encode("utf-16-be").join([b"\xfe\xff", b""]), "not UTF-16 as its byte order mark says"),
        ("[" * 100_000, "course 1: the course: expected JSON of a few levels, not nested this deep"),
        ("[" * 100_000 + "]" * 100_000, "course 1: the course: expected JSON of a few levels, not nested this deep"),
        ('{"a":' * 100_000, "the course: expected JSON of a few levels, not nested this deep"),
        ('{"patient": {"ras": "mutant", "ras": "mutant"}}', "patient.ras: expected each key once in an object, not"),
        (
            '{"patient": {"weeks_on_line": NaN}}',
            "patient.weeks_on_line: expected a number from 0 to 520 weeks, not NaN",
        ),
        ('{"patient": {"prior_lines": -Infinity}}', "expected a whole number from 0 to 20, not -Infinity"),
        ('{"patient": {"weeks_on_line": 1e999}}', "expected a number from 0 to 520 weeks, not 1e999"),
        (f'{{"patient": {{"prior_lines": {"9" * 5000}}}}}', "from 0 to 20, not a number of 5000 digits"),
        ('{"patient": {"prior_lines": true}}', "expected a whole number from 0 to 20, not true"),
        ('{"patient": {"willing": 0}}', "patient.willing: expected true or false, not 0"),
        ('{"patient": {"ras": "\\ud800\\u001b[31m"}}', 'undetermined, not "\\ud800\\x1b[31m"'),
        ('{"patient": {"\\udfff\\n": 1}}', "patient.\\udfff\\n: Patient has no such fact"),
        (
            '{"patient": {"' + "x" * 10**6 + '": "' + "y" * 10**6 + '"}}',
            "patient." + "x" * 56 + "..: Patient has no such",
        ),
        (
            '{"patient": {}, "visits": [{"on": "2024-02-01"}, {"on": "2024-01-31"}]}',
            "visits[1].on: expected a date not before 2024-02-01, not 2024-01-31",
        ),
    ],
    ids=lambda part: repr(part)[:40],
)
def test_malformed_files_are_refused_with_what_is_wrong(run: Run, content: bytes | str, message: str) -> None:
    done = run("course.json", content)
    assert (done.status, done.out) == (2, [])
    assert done.err[0].startswith("error: course.json: ")
    assert message in done.err[0]
    assert all(len(line) < 300 and line.isprintable() for line in done.err)


def test_folders_and_missing_files_are_refused(run: Run) -> None:
    assert run("missing.json", None).err == ["error: missing.json: No such file or directory"]
    Path("folder").mkdir()
    done = run("folder", None)
    assert (done.status, done.err[-1]) == (2, "Error: Invalid value for 'COURSE': File 'folder' is a directory.")


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="no file that opens and cannot be read")
def test_what_cannot_be_read_is_an_error(run: Run) -> None:
    assert run("/proc/self/mem", None).err == ["error: /proc/self/mem: Input/output error"]


def test_what_takes_one_course_refuses_many() -> None:
    done = subprocess.run([*COMMAND, "explain", "-"], input="[]", capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "- holds a list of courses; this takes one course" in done.stderr


# -- as they come and go -----------------------------------------------------------------------------


@pytest.fixture
def started() -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Start the command on its standard input, and see to it that it ends."""
    processes: list[subprocess.Popen[bytes]] = []

    def start(
        *,
        stdin: Any = subprocess.PIPE,
        stdout: Any = subprocess.PIPE,
        stderr: Any = subprocess.PIPE,
        **environment: str,
    ) -> subprocess.Popen[bytes]:
        line = [*COMMAND, "run", "-", "--format", "json"]
        environ = {**os.environ, **environment}
        process = subprocess.Popen(line, stdin=stdin, stdout=stdout, stderr=stderr, env=environ)
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


def send(process: subprocess.Popen[bytes], text: str) -> None:
    assert process.stdin is not None
    process.stdin.write(text.encode())
    process.stdin.flush()


@pytest.mark.parametrize(("first", "between"), [("", "\n"), ("[", ",\n")])
def test_courses_are_answered_while_others_are_yet_to_come(
    started: Callable[..., subprocess.Popen[bytes]], first: str, between: str
) -> None:
    process = started()
    assert process.stdout is not None
    send(process, first + (GOOD + between) * 3)
    assert [json.loads(process.stdout.readline())["line"] for _ in range(3)] == [1, 2, 3]
    send(process, GOOD + between)
    assert json.loads(process.stdout.readline())["line"] == 4


def test_an_interruption_ends_the_wait_for_input(started: Callable[..., subprocess.Popen[bytes]]) -> None:
    process = started()
    assert process.stdout is not None
    send(process, f"{GOOD}\n{GOOD}\n{GOOD[:20]}")
    for _ in range(2):
        process.stdout.readline()
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, b"", b"interrupted\n")


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_an_interruption_leaves_whole_lines(
    started: Callable[..., subprocess.Popen[bytes]], tmp_path: Path, unbuffered: str
) -> None:
    file = tmp_path / "courses.jsonl"
    file.write_text(f"{LONG}\n" * 2000)
    with file.open("rb") as given:
        process = started(stdin=given, PYTHONUNBUFFERED=unbuffered)
        assert process.stdout is not None
        begun = process.stdout.readline()
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)  # while it waits for its full pipe to be read, as a rule
        time.sleep(0.1)
        lines = (begun + process.stdout.read()).decode().splitlines(keepends=True)
        assert process.stderr is not None
        assert (process.wait(timeout=60), process.stderr.read()) == (130, b"interrupted\n")
    assert [json.loads(line)["line"] for line in lines] == list(range(1, len(lines) + 1))
    assert lines[-1].endswith("\n")


def test_who_ignores_interruptions_is_not_interrupted(started: Callable[..., subprocess.Popen[bytes]]) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a shell does for what runs in the background
    try:
        process = started()
    finally:
        signal.signal(signal.SIGINT, before)
    assert process.stdout is not None
    send(process, f"{GOOD}\n{GOOD}\n")
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    send(process, f"{GOOD}\n")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")
    assert json.loads(out.splitlines()[-1])["line"] == 3


@pytest.mark.parametrize(("closed", "message"), [("<&-", "-: standard input is closed"), (">&-", "output is closed")])
def test_closed_streams_are_errors(closed: str, message: str) -> None:
    line = f"{shlex.join(COMMAND)} run - {closed}"
    done = subprocess.run(line, shell=True, capture_output=True, text=True, check=False, timeout=60)  # noqa: S602
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert message in done.stderr


def test_who_presses_twice_is_not_kept_waiting(started: Callable[..., subprocess.Popen[bytes]], tmp_path: Path) -> None:
    file = tmp_path / "courses.jsonl"
    file.write_text(f"{LONG}\n" * 2000)
    with file.open("rb") as given:
        process = started(stdin=given)
        assert process.stdout is not None
        process.stdout.read(1)
        time.sleep(0.5)  # the pipe is full, and nobody reads it
        process.send_signal(signal.SIGINT)
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 130


def test_a_reader_of_many_who_has_had_enough_is_no_error(
    started: Callable[..., subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    file = tmp_path / "courses.jsonl"
    file.write_text(f"{GOOD}\n" * 5000)
    with file.open("rb") as given:
        process = started(stdin=given)
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["line"] == 1
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="no pseudo-terminals")
def test_a_bar_is_shown_to_those_who_wait_and_leaves_nothing_behind(
    started: Callable[..., subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    terminal, other_end = os.openpty()
    with (tmp_path / "out").open("wb") as out:
        process = started(stdout=out, stderr=other_end, TERM="xterm", COLUMNS="80", LINES="24")
        os.close(other_end)
        send(process, f"{GOOD}\n{BAD}\n")
        while not (tmp_path / "out").stat().st_size and process.poll() is None:
            time.sleep(0.05)
        for _ in range(20):
            time.sleep(0.1)
            send(process, f"{GOOD}\n")
        send(process, f"{BAD}\n")
        assert process.stdin is not None
        process.stdin.close()
        shown = read_to_the_end(terminal)
        assert process.wait(timeout=60) == 2
    assert "courses" in shown
    assert shown.count("error: -:2: ") == 2
    assert shown.count("error: -:23: ") == 2
    after = shown[shown.rindex("error: -:23: ") :]
    assert "\x1b[2K" in after, "the bar is wiped out"
    assert after.splitlines()[-1].endswith("error: -: 2 of 23 courses could not be run")


def read_to_the_end(terminal: int) -> str:
    shown = b""
    while select.select([terminal], [], [], 60)[0]:
        try:
            part = os.read(terminal, 4096)
        except OSError:  # how Linux says that the other end is closed
            break
        if not part:
            break
        shown += part
    os.close(terminal)
    return shown.decode()
