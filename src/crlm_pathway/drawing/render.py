"""DOT text as an image.

The layout runs in a process of its own: it cannot be interrupted here, and a crash there is an error message here.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from .dot import DOTS
from .errors import DrawingError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FONTS_HERE = Path(__file__).parent / "fonts"
SECONDS = 60.0

_CHILD = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from pygraphviz import AGraph
graph = AGraph(string=sys.stdin.buffer.read().decode())
sys.stdout.buffer.write(graph.draw(format=sys.argv[2], prog="dot", args=sys.argv[3]))
"""


def image(dot: str, format: str, *, dpi: int, seconds: float = SECONDS) -> bytes:  # noqa: A002 - as `draw` calls it
    """Return DOT text as the bytes of an image; raise DrawingError when that fails or takes longer than `seconds`."""
    if find_spec("pygraphviz") is None:
        raise DrawingError(f"drawing {format} needs the package pygraphviz: pip install pygraphviz")
    path = json.dumps([entry for entry in sys.path if entry])
    resolution = f"-Gdpi={dpi * DOTS / 72:g}" if format == "png" else ""
    with TemporaryDirectory(prefix="drawing-", ignore_cleanup_errors=True) as folder:
        try:
            done = subprocess.run(  # noqa: S603 - this interpreter, with the text above
                [sys.executable, "-I", "-c", _CHILD, path, format, resolution],
                input=dot.encode(),
                capture_output=True,
                timeout=seconds,
                env=_environment(Path(folder), dot),
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise DrawingError(
                f"the picture was not laid out within {seconds:g} seconds; as dot it can be had"
            ) from None
        except OSError as error:
            raise DrawingError(f"Graphviz could not be started: {error}") from None
    if done.returncode or not done.stdout:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise DrawingError(f"Graphviz failed: {said[-1] if said else f'exit code {done.returncode}'}")
    return _with_clear_dashes(done.stdout) if format == "svg" else done.stdout


def _with_clear_dashes(svg: bytes) -> bytes:
    """An svg with the dashes that the other formats have; its own are nearly a solid line."""
    dashed = svg.replace(b'stroke-dasharray="5,2"', b'stroke-dasharray="6,6"')
    return dashed.replace(b'stroke-dasharray="1,5"', b'stroke-dasharray="2,6"')


def _environment(folder: Path, dot: str) -> Mapping[str, str]:
    """This process's environment, with a font configuration of the picture's own."""
    # Fontconfig leaves files beside the fonts it reads: it gets a copy.
    shutil.copytree(FONTS_HERE, folder / "fonts", ignore=shutil.ignore_patterns("*.md", "*.txt"))
    configuration = folder / "fonts.conf"
    configuration.write_text("\n".join(_configuration(folder, _covered().issuperset(dot))), encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if name != "FONTCONFIG_SYSROOT"}
    return {**kept, "FONTCONFIG_FILE": str(configuration), "PANGOCAIRO_BACKEND": "fc"}


def _configuration(folder: Path, covered: bool) -> Iterator[str]:
    yield '<?xml version="1.0"?>'
    yield "<fontconfig>"
    yield f"<dir>{escape(str(folder / 'fonts'))}</dir>"
    yield f"<cachedir>{escape(str(folder / 'cache'))}</cachedir>"
    if not covered:
        # Other scripts are left to the fonts of the machine; else a picture is the same wherever it is drawn.
        for other in dict.fromkeys((os.environ.get("FONTCONFIG_FILE") or "fonts.conf", "/etc/fonts/fonts.conf")):
            yield f'<include ignore_missing="yes">{escape(other)}</include>'
    yield "</fontconfig>"


@cache
def _covered() -> frozenset[str]:
    """The characters of the font shipped here."""
    return frozenset("\t" + (FONTS_HERE / "characters.txt").read_text(encoding="utf-8"))
