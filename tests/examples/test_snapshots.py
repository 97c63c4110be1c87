"""Journeys kept in a database survive whatever becomes of the process that lives them."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

from crlm_pathway import CRLM, Journey
from crlm_pathway.courses import course_from_json, load_json, run_course

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
COURSES = sorted((EXAMPLES / "courses").glob("*.json"))
ENOUGH = 40
LINES = 4 * len(COURSES)


def start(database: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-u", str(EXAMPLES / "snapshots.py"), str(database), *map(str, COURSES)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8")


def rows(database: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(query).fetchall()


def lived(name: str) -> Journey:
    course = load_json((EXAMPLES / "courses" / f"{name}.json").read_bytes())
    return run_course(CRLM, course_from_json(CRLM, course))


def test_what_cannot_be_saved_is_not_announced(tmp_path: Path) -> None:
    database = tmp_path / "clinic.db"
    start(database).communicate(timeout=60)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("DELETE FROM journeys")
        connection.execute("CREATE TRIGGER full BEFORE INSERT ON journeys BEGIN SELECT RAISE(ABORT, 'full'); END")
        connection.commit()
    told, complaint = start(database).communicate(timeout=60)
    assert complaint == "error: full\n"
    assert told.splitlines() == [f"{COURSES[0].stem}: begins in initial_assessment"]


def test_a_process_killed_again_and_again_resumes_every_journey_exactly(tmp_path: Path) -> None:
    """Killed after a random line, of which one follows each write, and a random moment more."""
    random, database, partial = Random(7), tmp_path / "clinic.db", 0
    for _ in range(ENOUGH):
        process = start(database)
        assert process.stdout is not None
        for _ in range(random.randrange(1, LINES)):
            process.stdout.readline()
        time.sleep(random.random() * 0.01)
        process.kill()
        process.communicate()
        saved = rows(database, "SELECT patient, state, snapshot FROM journeys")
        for patient, state, snapshot in saved:
            journey = Journey.from_json(CRLM, json.loads(snapshot))
            whole = lived(patient)
            assert journey.state == state
            assert journey.steps == whole.steps[: len(journey.steps)]
            assert journey.to_json()["visits"] == whole.to_json()["visits"][: len(journey.visits)]
            partial += len(journey.visits) < len(whole.visits)
        if len(saved) == len(COURSES):
            break
    assert partial, "some kill came in the middle of a journey"
    process = start(database)
    _, complaint = process.communicate(timeout=60)
    assert (process.returncode, complaint) == (0, "")
    for patient, state, snapshot in rows(database, "SELECT patient, state, snapshot FROM journeys"):
        whole = lived(patient)
        assert (state, json.loads(snapshot)) == (whole.state, whole.to_json())
    audits = rows(database, "SELECT patient, visit, audit FROM steps ORDER BY patient, visit")
    expected = [(file.stem, step.visit, step.audit()) for file in COURSES for step in lived(file.stem).steps]
    assert [(patient, visit, json.loads(audit)) for patient, visit, audit in audits] == expected
