"""Measure `import crlm_pathway` in fresh processes, and check that it stays light."""

from __future__ import annotations

import subprocess
import sys
from statistics import median
from time import perf_counter

TIMES = 15
HEAVY = ("graphviz", "pygraphviz", "click", "rich", "hypothesis", "z3", "cattrs")


def milliseconds(code: str) -> float:
    """Run a fresh interpreter and return how long it took."""
    started = perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return (perf_counter() - started) * 1000


def imported_with_it() -> set[str]:
    """The top-level modules that `import crlm_pathway` brings along."""
    code = "import sys, crlm_pathway; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return set(done.stdout.split())


def main() -> None:
    """Measure in turn, print, and fail when something heavy comes along."""
    bare: list[float] = []
    library: list[float] = []
    parts: list[float] = []
    milliseconds("import crlm_pathway")  # writes the bytecode
    for _ in range(TIMES):
        bare.append(milliseconds("pass"))
        parts.append(milliseconds("import attrs, transitions"))
        library.append(milliseconds("import crlm_pathway"))
    start, below, whole = median(bare), median(parts), median(library)
    print(f"bare interpreter                     {start:6.0f} ms")
    print(f"import attrs, transitions            {below:6.0f} ms, {below - start:.0f} ms above the interpreter")
    print(f"import crlm_pathway                  {whole:6.0f} ms, {whole - start:.0f} ms above the interpreter")
    heavy = sorted(imported_with_it().intersection(HEAVY))
    if heavy:
        sys.exit(f"import crlm_pathway brings along what it should not: {', '.join(heavy)}")
    print(f"without {', '.join(HEAVY)}")


if __name__ == "__main__":
    main()
