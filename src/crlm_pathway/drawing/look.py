"""How pictures look in every format: colours, lines and sizes of type."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from ..predicates.nodes import Provenance
from .figure import Kind, Mark

STYLE = {Provenance.STATED: "solid", Provenance.IMPLIED: "dashed", Provenance.GLUE: "dotted"}


@attrs.frozen
class Look:
    """Colours and widths, distinct without colour too: in greyscale by darkness, thickness and border."""

    name: str
    ink: str
    line: str
    width: float
    stage: str
    end: str
    stopped: str

    def fill(self, kind: Kind) -> str:
        """The colour of a state."""
        return {Kind.STAGE: self.stage, Kind.END: self.end, Kind.STOPPED: self.stopped}[kind]


PLAIN = Look("plain", ink="#1F2933", line="#3E4C59", width=0.8, stage="#EAF1F8", end="#F6EEDC", stopped="#ECECEC")
TAKEN = Look("taken", ink="#0B2545", line="#0B4F8A", width=1.7, stage="#CFE3F5", end="#F3DDAE", stopped="#D9D9D9")
FADED = Look("faded", ink="#7B8794", line="#B4BCC5", width=0.7, stage="#FAFBFC", end="#FCFAF5", stopped="#FAFAFA")
STANDS = Look("stands", ink="#FFFFFF", line="#0B4F8A", width=1.7, stage="#0B4F8A", end="#0B4F8A", stopped="#0B4F8A")
MARKED = Look("marked", ink="#7A2E00", line="#B3470B", width=1.5, stage="#FBE3D2", end="#FBE3D2", stopped="#FBE3D2")


def look_of(way: bool, emphasised: bool, mark: Mark | None = None, here: bool = False) -> Look:
    """How a part looks: marked if it differs from another pathway's; else, where a way is shown, by its being on it.

    `here` is the state that the way has led to.
    """
    if mark is not None:
        return MARKED
    if not way:
        return PLAIN
    if here:
        return STANDS
    return TAKEN if emphasised else FADED


@attrs.frozen
class Type:
    """Sizes of type in points at print size: of states, of the labels of arrows, and of all that stands beside."""

    state: float
    label: float
    small: float


NARROW_MM = 120
"""A narrower page is set as a column of a journal."""

COLUMN, PAGE = Type(6.5, 6.0, 5.5), Type(7.5, 6.5, 6.0)


def type_for(width: float) -> Type:
    """The sizes for a page of a width in mm."""
    return COLUMN if width < NARROW_MM else PAGE


MM = 72 / 25.4
"""Points in a millimetre."""


# -- numbers ---------------------------------------------------------------------------------------------------------

CIRCLED = "".join(map(chr, (*range(0x2460, 0x2474), *range(0x3251, 0x3260), *range(0x32B1, 0x32C0))))
"""The numbers from 1 to 50 in circles: there are no more."""

MOST_LISTED = 2
"""So many numbers in a row are all written; of more the first and the last."""


def numbers(order: Iterable[int]) -> str:
    """Circled numbers; of three or more in a row the first and the last."""
    return " ".join(
        f"{_circled(run[0])}–{_circled(run[-1])}" if len(run) > MOST_LISTED else "".join(map(_circled, run))
        for run in runs(order)
    )


def citation(references: Iterable[int]) -> str:
    """Numbers of references in brackets; of three or more in a row the first and the last."""
    spans = (f"{run[0]}–{run[-1]}" if len(run) > MOST_LISTED else ",".join(map(str, run)) for run in runs(references))
    return f"[{','.join(spans)}]"


def runs(numbers: Iterable[int]) -> list[list[int]]:
    """Numbers in their order, those together that count on."""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][-1] + 1:
            found[-1].append(number)
        else:
            found.append([number])
    return found


def _circled(number: int) -> str:
    return CIRCLED[number - 1] if number <= len(CIRCLED) else f"({number})"
