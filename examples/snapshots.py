"""Keep journeys in a database: a row a journey, saved by callbacks at every visit, resumed exactly after a crash.

python examples/snapshots.py [DATABASE [COURSE ...]]    # without a file for the database, it is made in memory

Run it twice with the same database, or kill it in between: it goes on where the last saved visit left it.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from crlm_pathway import CRLM, Decision, Journey, PathwayError, Patient, Step
from crlm_pathway.courses import read_course

COURSES = [
    Path(__file__).parent / "courses" / f"{name}.json"
    for name in ("converted_by_triplet", "regional_rescue", "waiting_for_ras")
]

TABLES = """
CREATE TABLE IF NOT EXISTS journeys (patient TEXT PRIMARY KEY, state TEXT NOT NULL, snapshot TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS steps (patient TEXT NOT NULL, visit INTEGER NOT NULL, audit TEXT NOT NULL,
                                  PRIMARY KEY (patient, visit));
"""


class Clinic:
    """Journeys by patient, each visit of them saved before anybody hears of it."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self.database = database
        database.executescript(TABLES)

    def journey(self, patient: str, referral: Patient) -> Journey:
        """Resume a patient's journey, or begin it with what is known at referral."""
        row = self.database.execute("SELECT snapshot FROM journeys WHERE patient = ?", (patient,)).fetchone()
        # Nobody is told of the visits of a journey that is resumed: nobody has subscribed to it yet.
        journey = Journey.begin(CRLM, referral) if row is None else Journey.from_json(CRLM, json.loads(row[0]))

        def keep(journey: Journey, step: Step | None) -> None:
            """Save the visit in one transaction: the snapshot, and what is needed to audit the step."""
            with self.database:
                self.database.execute(
                    "INSERT OR REPLACE INTO journeys VALUES (?, ?, ?)",
                    (patient, journey.state, json.dumps(journey.to_json(), ensure_ascii=False)),
                )
                if step is not None:
                    self.database.execute(
                        "INSERT INTO steps VALUES (?, ?, ?)",
                        (patient, step.visit, json.dumps(step.audit(), ensure_ascii=False)),
                    )

        # One callback saves and then tells: of two, the second would hear also of what the first could not save.
        def keep_and_announce(journey: Journey, step: Step) -> None:
            keep(journey, step)
            announce(step)

        def keep_and_ask(journey: Journey, decision: Decision) -> None:
            keep(journey, None)
            ask(decision)

        journey.subscribe(after_step=keep_and_announce, on_waiting=keep_and_ask)
        return journey


def announce(step: Step) -> None:
    """Tell the ward."""
    print(f"  {step.on}  {step.transition.code}  {step.transition.text} -> {step.target}")


def ask(decision: Decision) -> None:
    """Say what is still to be learnt."""
    print("  waits for", ", ".join(decision.waiting_for))


def main(database: str = ":memory:", *courses: str) -> None:
    """Take patients to the end of what is known of them, going on where an earlier run left off."""
    with closing(sqlite3.connect(database)) as connection:
        clinic = Clinic(connection)
        for file in map(Path, courses or COURSES):
            course = read_course(CRLM, file.read_bytes())  # as a hospital's system would send it
            journey = clinic.journey(file.stem, course.patient)
            known = len(journey.visits)
            print(f"{file.stem}: {f'goes on after visit {known}' if known else 'begins'} in {journey.state}")
            for visit in course.visits[known:]:
                if not journey.finished:
                    journey.visit(visit.facts, on=visit.on)
            print(f"  now in {journey.state}{', the end' if journey.finished else ''}\n")
        audits = connection.execute("SELECT COUNT(*) FROM steps").fetchone()[0]
        print(f"{audits} steps are kept with all that is needed to audit them.")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (PathwayError, OSError, sqlite3.Error) as error:
        sys.exit(f"error: {error}")
