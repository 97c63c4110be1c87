"""What was proved of a pathway, told: every obligation with how it stands, and what shows that one fails."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table

from ..predicates.labels import Language, Text
from .words import Languages, counted, row, said, spoken, styled

if TYPE_CHECKING:
    from ..verification import Obligation, Report

_MARKS = {"proved": ("✓", "green"), "refuted": ("✗", "bold red"), "unknown": ("?", "bold yellow")}
_PROVED = (Text("1 obligation, proved", "1项，已证明"), Text("{0} obligations, all proved", "共{0}项，全部已证明"))
_FAILED = Text("{0} of {1} obligations not proved", "{1}项中有{0}项未获证明")
_TOOK = Text("{0}, in {1} s.", "{0}，用时{1}秒。")
_EXACT = (
    Text("The longest journey takes 1 step.", "最长的病程为1步。"),
    Text("The longest journey takes {0} steps.", "最长的病程为{0}步。"),
)
_BOUND = (
    Text("No journey takes more than 1 step.", "任何病程都不超过1步。"),
    Text("No journey takes more than {0} steps.", "任何病程都不超过{0}步。"),
)
_ON_ONE_SCREEN = 20
_SHOWN = Text("a course that shows it:", "可重现此问题的病程：")


def tell_proofs(report: Report, languages: Languages = ("en",)) -> Iterator[RenderableType]:
    """Every obligation with its time, by kind, then what it comes to; below one that fails, what shows it."""
    for kind in dict.fromkeys(obligation.kind for obligation in report.obligations):
        yield spoken(kind.text.in_, languages, "bold")
        for obligation in report.obligations:
            if obligation.kind is kind:
                yield from _told(obligation, languages)
        yield ""
    yield spoken(partial(_summary, report), languages, "bold")
    failed = [obligation for obligation in report.obligations if obligation.status.value != "proved"]
    if len(report.obligations) > _ON_ONE_SCREEN:  # what failed may have gone by
        for obligation in failed:
            mark, style = _MARKS[obligation.status.value]
            yield row(mark, obligation.text.in_, languages, style)


def _told(obligation: Obligation, languages: Languages) -> Iterator[RenderableType]:
    mark, style = _MARKS[obligation.status.value]
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(no_wrap=True, justify="right", min_width=8)
    grid.add_column(ratio=1, overflow="fold")
    seconds = f"{obligation.seconds:.3f} s"
    for line in said(obligation.text.in_, languages):
        grid.add_row(styled(mark, style), styled(seconds, "dim"), styled(line, style if style != "green" else ""))
        mark = seconds = ""
    yield grid
    found = obligation.counterexample
    shown = obligation.detail if found is None else found.text
    if obligation.status.value != "proved" or obligation.kind.value == "terminating":
        yield Padding(spoken(shown.in_, languages), (0, 0, 0, 11))
    if found is not None and found.course is not None:
        yield Padding(spoken(_SHOWN.in_, languages, "dim"), (0, 0, 0, 11))
        yield Padding(styled(json.dumps(found.course, ensure_ascii=False)), (0, 0, 0, 11))


def _summary(report: Report, language: Language) -> str:
    failed = sum(obligation.status.value != "proved" for obligation in report.obligations)
    total = len(report.obligations)
    stands = _FAILED.in_(language).format(failed, total) if failed else counted(total, _PROVED, language)
    took = f"{sum(obligation.seconds for obligation in report.obligations):.1f}"
    words = _TOOK.in_(language).format(stands, took)
    if report.longest_journey is None:
        return words
    longest = counted(report.longest_journey, _EXACT if report.exact else _BOUND, language)
    return f"{words}{' ' if language == 'en' else ''}{longest}"
