"""Measure `crlm-pathway run` on a file of 100,000 courses, one a line: `python benchmarks/course_files.py`.

The command runs as a user would run it, in a process of its own with its output in a file. What it takes is compared
with decoding each line of the same file by `json.loads`, in the same run and in turn.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from mutations import spoilt  # noqa: E402
from random_courses import complete_course, partial_course  # noqa: E402

SEED = 2024
DIFFERENT = 2000  # random courses, which come again and again under other names
BAD = 100  # one line in so many is spoilt
PLAIN = "import json, sys\nfor line in open(sys.argv[1], 'rb'):\n    try: json.loads(line)\n    except ValueError: pass"
MEASURED = """
import resource, subprocess, sys
with open(sys.argv[1], "wb") as out, open(sys.argv[2], "wb") as err:
    status = subprocess.call(sys.argv[3:], stdout=out, stderr=err)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(status, used.ru_utime + used.ru_stime, used.ru_maxrss)
"""


def lines(number: int) -> Iterator[bytes]:
    """So many courses, among them the examples, and bad ones."""
    rng = Random(SEED)
    made = [json.loads(file.read_bytes()) for file in sorted((ROOT / "examples" / "courses").glob("*.json"))]
    made += [(complete_course if index % 2 else partial_course)(rng) for index in range(DIFFERENT)]
    for index, course in enumerate(islice(cycle(made), number), start=1):
        line = json.dumps({**course, "id": f"course {index}"}, ensure_ascii=False).encode()
        yield b'{"patient": {}, ' + spoilt(rng, line).replace(b"\n", b" ") if index % BAD == 0 else line


@dataclass(frozen=True)
class Taken:
    """What a process took: its exit status, the time of the clock and of the processor, and its memory."""

    status: int
    seconds: float
    busy: float
    megabytes: float


def run(folder: Path, *line: str) -> Taken:
    """Run a Python process with its output in files of a folder."""
    started = perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(folder / "out"), str(folder / "err"), sys.executable, *line],
        check=True,
        capture_output=True,
        text=True,
    )
    seconds = perf_counter() - started
    status, busy, kilobytes = done.stdout.split()
    return Taken(int(status), seconds, float(busy), float(kilobytes) / 1024)


def complained_of(folder: Path) -> int:
    """How many lines the command complained of, after asserting that it answered all others."""
    found = re.compile(rb"error: .*?\.jsonl:(\d+): ")
    with (folder / "err").open("rb") as complaints:
        return len({match[1] for match in map(found.match, complaints) if match})


def row(what: str, courses: int, megabytes: float, taken: Taken) -> str:
    """A line of the table."""
    return (
        f"{what:<28}{taken.seconds:>9.1f}{taken.busy:>9.1f}{courses / taken.busy:>11,.0f}{megabytes / taken.busy:>8.1f}"
        f"{taken.megabytes:>7,.0f} MB"
    )


def main() -> None:
    """Write the files, run, print."""
    parser = ArgumentParser(description="Measure `crlm-pathway run` on many courses.")
    parser.add_argument("--courses", type=int, default=100_000, help="courses in the largest file (100,000)")
    number = parser.parse_args().courses
    print(f"{'':28}{'seconds':>9}{'busy':>9}{'courses/s':>11}{'MB/s':>8}{'peak RSS':>10}")
    with TemporaryDirectory() as name:
        folder = Path(name)
        for size in (number // 100, number // 10, number):
            file = folder / f"{size}.jsonl"
            with file.open("wb") as written:
                written.writelines(line + b"\n" for line in lines(size))
            megabytes = file.stat().st_size / 1e6
            print(f"{size:,} courses, {megabytes:,.0f} MB")
            decoding = run(folder, "-c", PLAIN, str(file))
            print(row("  json.loads of each line", size, megabytes, decoding))
            taken = run(folder, "-m", "crlm_pathway", "run", str(file), "--format", "json")
            bad = complained_of(folder)
            with (folder / "out").open("rb") as answers:
                assert sum(1 for _ in answers) + bad == size, "each line is answered or complained of"
            assert taken.status == 2, "there are bad lines"
            print(row("  crlm-pathway run", size, megabytes, taken))
            print(f"    speed {decoding.busy / taken.busy:.3f} of json.loads; {bad:,} bad lines reported", flush=True)
    print("\nbusy: seconds of the processor, start and all, by which speeds are reckoned.")


if __name__ == "__main__":
    main()
