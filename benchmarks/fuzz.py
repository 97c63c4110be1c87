"""Fuzz the reading and running of course files for as long as asked: `python benchmarks/fuzz.py --seconds 600`.

The cases are those of `tests/test_fuzz.py`, with other seeds. A case that comes neither to a result nor to an error
that says what is wrong is printed with its seed, and the exit status is 1.
"""

from __future__ import annotations

import sys
import traceback
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from random import Random
from time import monotonic, time_ns

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from fuzzing import case, check, check_decoded  # noqa: E402


def main() -> None:
    """Fuzz until the time is over, then say what was found."""
    parser = ArgumentParser(description="Fuzz the reading and running of course files.")
    parser.add_argument("--seconds", type=float, default=60, help="how long (60)")
    parser.add_argument("--seed", default=str(time_ns()), help="what the cases are made of; else the clock")
    chosen = parser.parse_args()
    found: Counter[str] = Counter()
    files = faults = 0
    end = monotonic() + chosen.seconds
    while monotonic() < end:
        key = f"{chosen.seed}/{files}"
        files += 1
        rng = Random(key)
        try:
            found += check(case(rng))
            check_decoded(rng)
        except Exception:  # noqa: BLE001 - whatever it is, it is what is looked for
            faults += 1
            print(f"case(Random({key!r})):", file=sys.stderr)
            traceback.print_exc()
    print(f"{files:,} spoilt files, seed {chosen.seed}: {faults} faults")
    for what, times in found.most_common():
        print(f"{times:>12,} {what}")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
