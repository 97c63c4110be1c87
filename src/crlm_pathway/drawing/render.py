"""DOT text as an image.

The layout runs in a process of its own: it cannot be interrupted here, and a crash there is an error message here.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import struct
import subprocess
import sys
import warnings
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.etree import ElementTree as ET

import attrs

from .child import NO_GRAPHVIZ
from .errors import DrawingError, DrawingWarning
from .fonts import environment, lacking, listed, strange
from .labels import DOTS
from .lettering import FONTS_HERE, measured
from .svg import parsed

__all__ = ["FONTS_HERE", "SECONDS", "Image", "image", "layout_json"]

SECONDS = 60.0

_AS_TEXT = ("svg", "json0")
"""Formats that carry text as text, whatever fonts there are."""

_REMEDIES = "pip install pygraphviz, or install Graphviz so that its program `dot` is found"
_ROUNDED = 0.01
_INCHES_PER_METRE = 1 / 0.0254
_POINTS = 72


@attrs.frozen
class Image:
    """A picture. `scale` is 1 unless the DOT text asks for a size that its layout had to be shrunk to."""

    data: bytes
    scale: float


def image(dot: str, format: str, *, dpi: float = 300, seconds: float = SECONDS) -> Image:  # noqa: A002 - as `draw` has it
    """Return DOT text as a picture: svg as Graphviz leaves it, png with `dpi` dots to the inch, or pdf.

    The same text gives the same bytes. Raises DrawingError when Graphviz fails or takes longer than `seconds`, and
    where a png or pdf would show boxes for letters that no font has; of those an svg only warns.
    """
    dots = DOTS * dpi / _POINTS if format == "png" else DOTS
    made = _Layout(_at(dot, dots), tuple(dict.fromkeys(("svg", format))), seconds).made()
    # The svg tells how all formats of this layout were scaled.
    found = re.search(rb'transform="scale\(([\d.e-]+)', made["svg"])
    assert found
    scale = round(float(found[1]) * _POINTS / dots, 4)
    # Older versions of Graphviz write two digits.
    scale = scale if abs(scale - 1) > _ROUNDED else 1.0
    if format == "png":
        return Image(_resolved(_of_full_size(made, dpi), dpi), scale)
    return Image(_undated(made[format]) if format == "pdf" else made[format], scale)


def layout_json(dot: str, seconds: float = SECONDS) -> Mapping[str, Any]:
    """Graphviz's own layout of DOT text, as its format json has it, with the drawing operations of the labels.

    These, `_ldraw_` of the graph and of each object and edge, are taken from the svg: the part of Graphviz that writes
    drawing operations may crash over a cell with a style in the label of a graph.
    """
    made = _Layout(_at(dot, DOTS), ("json0", "svg"), seconds).made()
    layout: dict[str, Any] = json.loads(made["json0"])
    objects, edges = layout.get("objects", []), layout.get("edges", [])
    parts = {each["name"]: each for each in objects}
    for edge in edges:
        parts["->".join(objects[edge[end]]["name"] for end in ("tail", "head"))] = edge
    (graph,) = parsed(made["svg"]).findall("g")
    layout["_ldraw_"] = [operation for text in graph.findall("text") for operation in _operations(text)]
    for group in graph.findall("g"):
        name = re.sub(r":\w+", "", group.findtext("title", ""))
        parts[name]["_ldraw_"] = [operation for text in group.iter("text") for operation in _operations(text)]
    return layout


def _operations(text: ET.Element) -> Iterator[Mapping[str, Any]]:
    """A line of text of an svg as drawing operations."""
    said, size = "".join(text.itertext()), float(text.attrib["font-size"])
    align = {"start": "l", "middle": "c", "end": "r"}[text.attrib["text-anchor"]]
    place = [float(text.attrib["x"]), -float(text.attrib["y"])]
    yield {"op": "F", "size": size, "face": text.attrib["font-family"]}
    yield {"op": "T", "pt": place, "align": align, "width": round(measured(said) * size, 2), "text": said}


def _at(dot: str, dots: float) -> str:
    """DOT text laid out for so many dots an inch, whatever it asks for."""
    whole, brace, rest = dot.rpartition("}")
    return f"{whole}\ngraph [dpi={dots:g}]\n{brace}{rest}" if brace else dot


# -- Graphviz, in a process of its own --------------------------------------------------------------------------------


@attrs.frozen
class _Layout:
    """One layout of DOT text, and the formats to write it in."""

    dot: str
    formats: Sequence[str]
    seconds: float

    def made(self) -> Mapping[str, bytes]:
        """The files that Graphviz wrote, by their format."""
        words = strange(self.dot)
        with TemporaryDirectory(prefix="drawing-", ignore_cleanup_errors=True) as place:
            folder = Path(place)
            run = _Run(folder, environment(folder, machine=bool(words)), self.seconds)
            missing = self._laid_out(run, words)
            if missing and self.strict:
                raise DrawingError(f"the picture would show boxes: {lacking(missing)}; as svg it can be had")
            if missing:
                warnings.warn(f"the picture may show boxes: {lacking(missing)}", DrawingWarning, stacklevel=6)
            return {name: (folder / f"picture.{name}").read_bytes() for name in self.formats}

    @property
    def strict(self) -> bool:
        """Whether letters without a font are an error."""
        return not set(_AS_TEXT).issuperset(self.formats)

    def _laid_out(self, run: _Run, words: tuple[str, ...]) -> str | None:
        """Have the files written, and return the letters that no font has."""
        if find_spec("pygraphviz") is not None and self._by_pygraphviz(run, words):
            missing = run.folder / "missing.json"
            found: str | None = json.loads(missing.read_bytes()) if missing.exists() else None
            return found
        program = shutil.which("dot")
        if program is None:
            raise DrawingError(f"drawing {self.formats[-1]} needs Graphviz: {_REMEDIES}")
        missing_letters = listed(words, run.fonts_with) if words else None
        if not (missing_letters and self.strict):
            files = (f"-T{name} -o{run.folder / f'picture.{name}'}".split(" ", 1) for name in self.formats)
            done = run([program, *(word for pair in files for word in pair)], self.dot)
            _succeeded(done)
        return missing_letters

    def _by_pygraphviz(self, run: _Run, words: tuple[str, ...]) -> bool:
        """Whether there was a Graphviz with that package that works at all."""
        job = {
            "path": [entry for entry in sys.path if entry],
            "folder": str(run.folder),
            "dot": self.dot,
            "formats": self.formats,
            "words": words,
            "strict": self.strict,
        }
        done = run([sys.executable, "-I", str(Path(__file__).with_name("child.py"))], json.dumps(job))
        if done.returncode != NO_GRAPHVIZ:
            _succeeded(done)
        return done.returncode != NO_GRAPHVIZ


@attrs.frozen
class _Run:
    """Runs programs with the picture's fonts."""

    folder: Path
    environment: Mapping[str, str]
    seconds: float

    def __call__(self, command: Sequence[str], text: str) -> subprocess.CompletedProcess[bytes]:
        try:
            child = subprocess.Popen(  # noqa: S603 - this interpreter with a file of ours, or Graphviz
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=self.environment,
                start_new_session=True,
            )
        except OSError as error:
            raise DrawingError(f"Graphviz could not be started: {error}") from None
        with child:
            try:
                written, said = child.communicate(text.encode(errors="replace"), self.seconds)
            except subprocess.TimeoutExpired:
                _end(child)
                raise DrawingError(
                    f"the picture was not laid out within {self.seconds:g} seconds; as dot it can be had"
                ) from None
            except BaseException:
                _end(child)
                raise
        return subprocess.CompletedProcess(child.args, child.returncode, written, said)

    def fonts_with(self, letter: str) -> str:
        """The kinds of the font files that have a letter, a line each."""
        command = ["fc-list", "--format=%{fontformat}\n", f":charset={ord(letter):x}"]
        found = subprocess.run(  # noqa: S603 - nothing of it is a user's but a number
            command, capture_output=True, env=self.environment, timeout=self.seconds, check=True, text=True
        )
        return found.stdout


def _end(child: subprocess.Popen[bytes]) -> None:
    """Kill a process and all that it started."""
    with suppress(OSError):
        if os.name == "posix":
            os.killpg(child.pid, signal.SIGKILL)
    child.kill()


def _succeeded(done: subprocess.CompletedProcess[bytes]) -> None:
    if done.returncode == 0:
        return
    lines = [line.strip() for line in done.stderr.decode(errors="replace").splitlines()]
    said = [line for line in lines if line and not line.startswith("Fontconfig")]
    error = next((line for line in said if line.startswith("Error")), said[-1] if said else "")
    if done.returncode < 0:
        error = f"it was ended by signal {-done.returncode}"
    raise DrawingError(f"Graphviz failed: {error.removeprefix('Error: ') or f'exit code {done.returncode}'}")


# -- what is added to what Graphviz writes ----------------------------------------------------------------------------


def _of_full_size(made: Mapping[str, bytes], dpi: float) -> bytes:
    """A png, unless it has been made smaller than it should be: so large an image cannot be had."""
    found = re.search(rb'<svg width="([\d.]+)pt"', made["svg"])
    assert found
    wanted = float(found[1])
    (width,) = struct.unpack_from(">I", made["png"], 16)
    if width < wanted * 0.95 - 2:
        largest = int(dpi * width / wanted)
        raise DrawingError(
            f"the picture is too large for a png at {dpi:g} dpi: at most {largest} dpi can be had, or svg or pdf"
        )
    return made["png"]


def _resolved(png: bytes, dpi: float) -> bytes:
    """A png that says how many dots make an inch."""
    if b"pHYs" in png[: png.index(b"IDAT")]:
        return png
    dots = round(dpi * _INCHES_PER_METRE)
    body = b"pHYs" + struct.pack(">IIB", dots, dots, 1)
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    header_ends = png.index(b"IHDR") + 4 + 13 + 4
    return png[:header_ends] + chunk + png[header_ends:]


def _undated(pdf: bytes) -> bytes:
    """A pdf that does not say when it was made; of the same length, for it counts its bytes."""
    return re.sub(rb"(?<=/CreationDate \()D:\d{14}", b"D:20000101000000", pdf)
