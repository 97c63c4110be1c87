"""How pictures look in every format: colours, lines and sizes of type."""

from __future__ import annotations

import attrs

from ..predicates.nodes import Provenance
from .figure import Kind

STYLE = {Provenance.STATED: "solid", Provenance.IMPLIED: "dashed", Provenance.GLUE: "dotted"}


@attrs.frozen
class Look:
    """Colours and widths, distinct without colour too: in greyscale by darkness, thickness and border."""

    ink: str
    line: str
    width: float
    stage: str
    end: str
    stopped: str

    def fill(self, kind: Kind) -> str:
        """The colour of a state."""
        return {Kind.STAGE: self.stage, Kind.END: self.end, Kind.STOPPED: self.stopped}[kind]


PLAIN = Look(ink="#1F2933", line="#3E4C59", width=0.8, stage="#EAF1F8", end="#F6EEDC", stopped="#ECECEC")
TAKEN = Look(ink="#0B2545", line="#0B4F8A", width=1.7, stage="#CFE3F5", end="#F3DDAE", stopped="#D9D9D9")
FADED = Look(ink="#7B8794", line="#B4BCC5", width=0.7, stage="#FAFBFC", end="#FCFAF5", stopped="#FAFAFA")
MARKED = Look(ink="#7A2E00", line="#B3470B", width=1.5, stage="#FBE3D2", end="#FBE3D2", stopped="#FBE3D2")


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


CIRCLED = "".join(map(chr, (*range(0x2460, 0x2474), *range(0x3251, 0x3260), *range(0x32B1, 0x32C0))))
"""The numbers from 1 to 50 in circles: there are no more."""


def numbers(order: tuple[int, ...]) -> str:
    """Circled numbers; of three or more in a row the first and the last."""
    runs: list[list[int]] = []
    for number in order:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    spans = (run if len(run) <= len("①②") else (run[0], 0, run[-1]) for run in runs)
    return " ".join("".join(_circled(number) if number else "–" for number in span) for span in spans)


def _circled(number: int) -> str:
    return CIRCLED[number - 1] if number <= len(CIRCLED) else f"({number})"
