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
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import attrs

from .child import NO_GRAPHVIZ
from .errors import DrawingError
from .fonts import environment, lacking, listed, strange
from .labels import DOTS

SECONDS = 60.0

_AS_TEXT = ("svg", "json0")
"""Formats that carry text as text, whatever fonts there are."""

_REMEDIES = "pip install pygraphviz, or install Graphviz so that its program `dot` is found"
_ROUNDED = 0.01
_INCHES_PER_METRE = 1 / 0.0254
_POINTS = 72


@attrs.frozen
class Image:
    """The bytes of a picture, and `remarks` on it, a sentence each: what is wrong with it though it was made.

    `scale` is the size of its type to that in the DOT text: 1 unless that asks for a size of the whole, in inches, that
    the layout had to be shrunk to.
    """

    data: bytes
    scale: float
    remarks: tuple[str, ...] = ()


@attrs.frozen
class Written:
    """The files of one layout, by their format, and remarks on them."""

    files: Mapping[str, bytes]
    remarks: tuple[str, ...] = ()


def image(dot: str, format: str, *, dpi: float = 300, seconds: float = SECONDS) -> Image:  # noqa: A002 - as `draw` has it
    """Return DOT text as a picture: svg as Graphviz leaves it, png with `dpi` dots to the inch, or pdf.

    The same text gives the same bytes. Raises DrawingError when Graphviz fails or takes longer than `seconds`, and
    where a png or pdf would show boxes for letters that no font has; of those an svg only has a remark.
    """
    dots = DOTS * dpi / _POINTS if format == "png" else DOTS
    made = written(dot, ("svg", format), dots=dots, seconds=seconds)
    # The svg tells how all formats of this layout were scaled.
    scale = round(_found(rb'transform="scale\(([\d.e-]+)', made.files["svg"]) * _POINTS / dots, 4)
    # Older versions of Graphviz write two digits.
    scale = scale if abs(scale - 1) > _ROUNDED else 1.0
    data = made.files[format]
    if format == "png":
        data = _resolved(_of_full_size(made.files, dpi), dpi)
    if format == "pdf":
        data = _undated(data)
    return Image(data, scale, made.remarks)


def written(dot: str, formats: Sequence[str], *, dots: float = DOTS, seconds: float = SECONDS) -> Written:
    """Return DOT text, laid out once for so many dots to the inch, in some of Graphviz's formats as it leaves them."""
    return _Layout(_at(dot, dots), tuple(dict.fromkeys(formats)), seconds).written()


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

    def written(self) -> Written:
        """The files that Graphviz wrote."""
        try:
            return self._written()
        except OSError as error:
            raise DrawingError(f"the picture could not be written while it was drawn: {error}") from None

    def _written(self) -> Written:
        words = strange(self.dot)
        with TemporaryDirectory(prefix="drawing-", ignore_cleanup_errors=True) as place:
            folder = Path(place)
            run = _Run(folder, environment(folder, machine=bool(words)), self.seconds)
            missing = self._laid_out(run, words)
            if missing and self.strict:
                raise DrawingError(f"the picture would show boxes: {lacking(missing)}; as svg it can be had")
            remarks = (f"the picture may show boxes: {lacking(missing)}",) if missing else ()
            return Written({name: (folder / f"picture.{name}").read_bytes() for name in self.formats}, remarks)

    @property
    def strict(self) -> bool:
        """Whether letters without a font are an error."""
        return not set(_AS_TEXT).issuperset(self.formats)

    def _laid_out(self, run: _Run, words: tuple[str, ...]) -> str:
        """Have the files written, and return the letters of which it is known that no font has them."""
        # A program that Python is embedded in may not say where Python is.
        if sys.executable and find_spec("pygraphviz") is not None and self._by_pygraphviz(run, words):
            missing = run.folder / "missing.json"
            found: str | None = json.loads(missing.read_bytes()) if missing.exists() else None
            return found or ""
        program = shutil.which("dot")
        if program is None:
            raise DrawingError(f"drawing {self.formats[-1]} needs Graphviz: {_REMEDIES}")
        letters = listed(words, run.fonts_with, self.seconds) if words else ""
        if not (letters and self.strict):
            files = [word for name in self.formats for word in (f"-T{name}", f"-o{run.folder / f'picture.{name}'}")]
            _succeeded(run([program, *files], self.dot))
        return letters

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

    def fonts_with(self, letter: str, seconds: float) -> str:
        """The kinds of the font files that have a letter, a line each."""
        command = ["fc-list", "--format=%{fontformat}\n", f":charset={ord(letter):x}"]
        found = subprocess.run(  # noqa: S603 - nothing of it is a user's but a number
            command, capture_output=True, env=self.environment, timeout=seconds, check=True, text=True
        )
        return found.stdout


def _end(child: subprocess.Popen[bytes]) -> None:
    """Kill a process and all that it started."""
    with suppress(OSError):
        if os.name == "posix":
            os.killpg(child.pid, signal.SIGKILL)
    child.kill()
    child.wait()  # after Ctrl-C nobody else would, and it would stay a zombie


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


def _found(pattern: bytes, svg: bytes) -> float:
    """A number that stands in Graphviz's svg."""
    found = re.search(pattern, svg)
    if found is None:
        raise DrawingError("Graphviz failed: its svg does not say how large the picture is")
    return float(found[1])


def _of_full_size(made: Mapping[str, bytes], dpi: float) -> bytes:
    """A png, unless it has been made smaller than it should be: so large an image cannot be had."""
    wanted = _found(rb'<svg width="([\d.]+)pt"', made["svg"])
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
