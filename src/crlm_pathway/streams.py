"""Files of many courses, split while they are read: of a list, or of lines, one course at a time is held."""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from enum import Enum
from functools import partial
from io import BufferedReader
from itertools import chain, repeat
from pathlib import Path
from typing import cast

import attrs

from .predicates.errors import DataError, PathwayError, Problem
from .strict_json import UTF8_MARK, WHITE, Malformed, Place, in_file, load_odd, refuse_empty, refuse_foreign, text_of

LARGEST = 32 * 2**20
"""Bytes of one course: a thousand times as many as a long one has, and few enough to be held."""
CHUNK = 2**18
"""Bytes read at a time."""


class Form(Enum):
    """How a file holds its courses."""

    COURSE = "one course"
    LIST = "a list of courses"
    LINES = "a course a line"


class Unreadable(PathwayError):
    """A file cannot be opened or read."""


class Stream:
    """A file that is read byte by byte: how large it is where that is known, and how much of it has been read."""

    def __init__(self, file: BufferedReader, size: int | None = None) -> None:
        self._file = file
        self.size = size
        self.done = 0

    def readline(self, size: int) -> bytes:
        """Read to the end of the line, but no more than so many bytes."""
        return self._read(self._file.readline, size)

    def read(self, size: int) -> bytes:
        """Read so many bytes, or all that is left."""
        return self._read(self._file.read, size)

    def read1(self, size: int) -> bytes:
        """Read what there is without waiting for more, but no more than so many bytes."""
        return self._read(self._file.read1, size)

    def _read(self, how: Callable[[int], bytes], size: int) -> bytes:
        try:
            found = how(size)
        except OSError as error:
            raise Unreadable(error.strerror or "cannot be read") from None
        self.done += len(found)
        return found


@contextmanager
def opened(path: Path) -> Iterator[Stream]:
    """Open a file, `-` for standard input. Raises Unreadable."""
    if str(path) == "-":
        if sys.stdin is None:
            raise Unreadable("standard input is closed")
        yield Stream(cast("BufferedReader", sys.stdin.buffer))
        return
    try:
        file = path.open("rb")
    except OSError as error:
        raise Unreadable(error.strerror) from None
    with file:
        status = os.fstat(file.fileno())
        yield Stream(file, status.st_size if stat.S_ISREG(status.st_mode) else None)


@attrs.frozen
class Piece:
    """One course as it stands in a file, and its number from 1: of its line, or in the list."""

    number: int
    content: bytes
    place: Place = in_file

    @property
    def text(self) -> str:
        """The course as text. Raises DataError for what is no UTF-8, Malformed for what is too large to be held."""
        if len(self.content) > LARGEST:
            raise Malformed([Problem("the course", f"expected at most {LARGEST >> 20} MiB")])
        return text_of(self.content, self.place)


def split(stream: Stream, *, by_line: bool = False) -> tuple[Form, Iterator[Piece]]:
    """Find out how a file holds its courses, and yield them one by one.

    A course a line, unless `by_line` says so, is what begins with a line that is a whole object and goes on after it.
    Raises DataError, Malformed when a list is broken; of a list what stands before has then been yielded.
    """
    blank, first = _first_line(stream)
    if by_line:
        if first.strip(WHITE) in (b"{", b"["):
            expected = "expected one course a line; a course set over several lines goes into a file ending in .json"
            raise DataError([Problem("the file", expected)])
        return Form.LINES, _lines(stream, [_completed(first, stream)], blank)
    if first.removeprefix(UTF8_MARK).lstrip(WHITE).startswith(b"["):
        return Form.LIST, _elements(stream, first, blank + 1)
    first = _completed(first, stream)
    gap, following = _skip_blank(stream)
    if following and _is_whole(first):
        return Form.LINES, _lines(stream, chain([first], repeat(b"\n", gap), [_completed(following, stream)]), blank)
    whole = b"".join((b"\n" * blank, first, b"\n" * gap, following, stream.read(LARGEST)))
    return Form.COURSE, iter([Piece(1, whole)])


def _first_line(stream: Stream) -> tuple[int, bytes]:
    """How many blank lines there are, and the line after them, or a chunk of it."""
    first = stream.readline(CHUNK)
    refuse_foreign(first)
    if first.removeprefix(UTF8_MARK).strip(WHITE):
        return 0, first
    blank, first = _skip_blank(stream)
    refuse_empty(first)
    return blank + 1, first


def _skip_blank(stream: Stream) -> tuple[int, bytes]:
    for blank, line in enumerate(iter(partial(stream.readline, CHUNK), b"")):
        if line.strip(WHITE):
            return blank, line
    return 0, b""


def _completed(line: bytes, stream: Stream) -> bytes:
    """A line of which a chunk has been read."""
    return line if line.endswith(b"\n") else line + stream.readline(LARGEST + 1)


def _is_whole(line: bytes) -> bool:
    try:
        return isinstance(load_odd(text_of(line))[0], dict)
    except DataError:
        return False


# -- lines -----------------------------------------------------------------------------------------


def _lines(stream: Stream, ahead: Iterable[bytes], blank: int) -> Iterator[Piece]:
    """The courses of lines, of which some were read ahead, after so many blank ones."""
    lines = chain(ahead, iter(partial(stream.readline, LARGEST + 1), b""))
    for number, line in enumerate(lines, start=blank + 1):
        if len(line) > LARGEST:
            rest = line
            while rest and not rest.endswith(b"\n"):
                rest = stream.readline(CHUNK)
        if line.strip(WHITE):
            yield Piece(number, line.rstrip(WHITE), _in_line)


def _in_line(_line: int, column: int) -> str:
    return f"column {column}"


# -- lists -----------------------------------------------------------------------------------------

_STRINGS = rb'(?:"[^"\\]*+(?:\\.[^"\\]*+)*+"[^%s]*+)*+'
_TO_BRACKET = re.compile(rb'[^"{}\[\]]*+' + _STRINGS % rb'"{}\[\]', re.DOTALL)
_TO_BRACKET_OR_COMMA = re.compile(rb'[^"{}\[\],]*+' + _STRINGS % rb'"{}\[\],', re.DOTALL)
"""What stands before the next bracket outside of strings, and before the next comma too."""


@attrs.define
class _Mark:
    """A place in a file that moves on."""

    line: int
    column: int = 1

    def move(self, passed: bytes) -> None:
        newlines = passed.count(b"\n")
        if newlines:
            self.line, self.column = self.line + newlines, 1
        self.column += len(passed[passed.rfind(b"\n") + 1 :].decode(errors="replace"))

    def place(self) -> Place:
        """Spell places in a text that begins here."""
        first, before = self.line, self.column - 1
        return lambda line, column: in_file(first + line - 1, column + (before if line == 1 else 0))

    def broken(self, why: str) -> Malformed:
        return Malformed([Problem(in_file(self.line, self.column), f"expected JSON: {why}")])


def _elements(stream: Stream, read: bytes, line: int) -> Iterator[Piece]:
    """The courses of a list, of which some bytes have been read: what stands between commas outside of brackets."""
    mark = _Mark(line)
    start = position = read.index(b"[") + 1
    mark.move(read[:start].removeprefix(UTF8_MARK))
    number, depth = 0, 1
    while depth:
        skipped = (_TO_BRACKET_OR_COMMA if depth == 1 else _TO_BRACKET).match(read, position)
        assert skipped is not None  # it matches nothing, if need be
        position = skipped.end()
        sign = read[position : position + 1]
        if sign in (b"", b'"'):  # no more has been read, or not all of a string
            more = b"" if len(read) - start > LARGEST else _more(stream, len(read) - start)
            if not more:
                break
            read, position, start = read[start:] + more, position - start, 0
            continue
        position += 1
        depth += (sign in b"[{") - (sign in b"]}")
        if sign == b"," or not depth:
            course = read[start : position - 1]
            if course.strip(WHITE):
                number += 1
                yield Piece(number, course, mark.place())
            elif number or depth:
                mark.move(course)
                raise mark.broken("a course is missing")
            mark.move(read[start:position])
            start = position
    rest = read[start:]
    if depth:
        if rest.strip(WHITE):
            yield Piece(number + 1, rest, mark.place())
        mark.move(rest)
        raise mark.broken("the list breaks off")
    for after in chain([rest], iter(partial(stream.read1, CHUNK), b"")):
        mark.move(after[: len(after) - len(after.lstrip(WHITE))])
        if after.strip(WHITE):
            raise mark.broken("nothing follows the list")


def _more(stream: Stream, held: int) -> bytes:
    """Read on: of a long course as much again, so that it is not gone through again for every chunk."""
    return stream.read1(CHUNK) if held < CHUNK else stream.read(held)
