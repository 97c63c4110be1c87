"""Many courses run one after the other: a line for each, the bad ones reported, the others run all the same."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from time import perf_counter
from types import FrameType, TracebackType
from typing import Any, Self, TextIO

import attrs
import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from .courses import Course, CourseResult, read_course, result_to_json, run_course
from .journey import Journey
from .pathway.pathway import Pathway
from .predicates.errors import DataError, PathwayError
from .predicates.labels import printable
from .remarks import remarks
from .streams import Form, Piece, Stream, Unreadable
from .strict_json import Malformed
from .telling import Languages
from .telling.lines import heading_of_lines, line_of


@attrs.define
class Tally:
    """How many courses there were, how many of them were bad or are to be checked, and whether the file broke off."""

    courses: int = 0
    bad: int = 0
    to_check: int = 0
    first_to_check: int = 0
    broken: bool = False

    def __str__(self) -> str:
        words = f"{self.bad} of {self.courses} courses could not be run" if self.courses else "no courses"
        return words + ("; what follows was not read" if self.broken else "")


def print_all(
    pathway: Pathway,
    name: str,
    stream: Stream,
    form: Form,
    pieces: Iterator[Piece],
    languages: Languages,
    *,
    text: bool,
) -> Tally:
    """Run many courses, and print for each a line of text, or of JSON; complaints go to standard error."""
    tally = Tally()
    width = Console().width
    ascii_only = sys.stdout.encoding.lower() != "utf-8"
    with WholeLines(sys.stdout) as output, Bar(stream.size) as bar:
        for piece, course, journey in run_all(pathway, form, pieces, tally, lambda words: bar.complain(name + words)):
            if remarks(journey):
                tally.to_check += 1
                tally.first_to_check = tally.first_to_check or piece.number
            if not text:
                result = result_to_json(CourseResult.of(journey, course.id, languages))
                output.write(json.dumps({"line": piece.number, **result}, ensure_ascii=ascii_only))
            else:
                if not output.lines:
                    output.write(heading_of_lines(languages, width))
                output.write(line_of(piece.number, course.id, journey, languages, width))
            bar.show(stream.done, tally.courses)
    return tally


def _numbered(form: Form, number: int) -> str:
    """The place of a course in its file."""
    return f":{number}: " if form is Form.LINES else f": course {number}: "


def run_all(
    pathway: Pathway, form: Form, pieces: Iterator[Piece], tally: Tally, complain: Callable[[str], object]
) -> Iterator[tuple[Piece, Course, Journey]]:
    """Run each course that can be read, and complain of the others, each under its number.

    A list that is no JSON from some place on ends there.
    """
    try:
        for piece in pieces:
            tally.courses += 1
            try:
                course = read_course(pathway, piece.text, piece.place)
                journey = run_course(pathway, course)
            except PathwayError as error:
                tally.bad += 1
                for line in str(error).splitlines():
                    complain(_numbered(form, piece.number) + line)
                if form is Form.LIST and isinstance(error, Malformed):
                    tally.broken = True
                    return
            else:
                yield piece, course, journey
    except (DataError, Unreadable) as error:
        tally.broken = True
        complain(f": {error}")


class WholeLines:
    """Writes lines, flushed one by one: an interruption waits until the line is out, a second one does not."""

    def __init__(self, stream: TextIO) -> None:
        self.lines = 0
        self._stream = stream
        self._writing = False
        self._interrupted = False
        self._before: Any = None

    def __enter__(self) -> Self:
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else somebody has other plans
            with suppress(ValueError):  # this is not the main thread, which is the one interrupted
                self._before = signal.signal(signal.SIGINT, self._interrupt)
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def _interrupt(self, _signal: int, _frame: FrameType | None) -> None:
        if not self._writing or self._interrupted:
            raise KeyboardInterrupt
        self._interrupted = True

    def write(self, line: str) -> None:
        """Write a line."""
        left = f"{line}\n".encode(self._stream.encoding, self._stream.errors or "strict")
        self._writing = True
        try:
            while left:  # an unbuffered stream, when interrupted, leaves the rest to be written
                left = left[self._stream.buffer.write(left) :]
            self._stream.buffer.flush()
        finally:
            self._writing = False
        self.lines += 1
        if self._interrupted:
            raise KeyboardInterrupt


PATIENCE = 1.0
"""Seconds after which people want to see that something is going on."""
REFRESH = 0.1
"""Seconds between two looks of the bar."""


class Bar:
    """A progress bar on standard error, for people only: not in a log, not between lines on the same terminal."""

    def __init__(self, total: int | None) -> None:
        self._total = total
        self._next = perf_counter() + PATIENCE
        self._progress: Progress | None = None
        self._console = Console(stderr=True)
        self._wanted = sys.stderr.isatty() and not sys.stdout.isatty() and not self._console.is_dumb_terminal

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        if self._progress is not None:
            self._progress.stop()

    def show(self, done: int, courses: int) -> None:
        """Show how many bytes and courses are done, now and then."""
        if not self._wanted or perf_counter() < self._next:
            return
        self._next = perf_counter() + REFRESH
        if self._progress is None:
            self._progress = Progress(
                TextColumn("{task.fields[courses]} courses"),
                BarColumn(),
                DownloadColumn(binary_units=True),
                TimeRemainingColumn(),
                console=self._console,
                auto_refresh=False,  # no thread, which an interruption would meet anywhere
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            self._progress.add_task("", total=self._total, courses=0)
            self._progress.start()
        self._progress.update(self._progress.task_ids[0], completed=done, courses=courses)
        self._progress.refresh()

    def complain(self, words: str) -> None:
        """Print an error, above the bar if there is one."""
        line = f"error: {printable(words)}"
        if self._progress is None:
            click.echo(line, err=True)
        else:
            self._console.print(line, markup=False, highlight=False, emoji=False, soft_wrap=True)
