"""The gallery: one list of pictures, for the page, its commands and the files kept beside it.

`python docs/_ext/gallery.py` makes the kept pictures, and their manifest, anew.
"""

from __future__ import annotations

import json
import shlex
import struct
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path
from typing import Literal

import attrs

from crlm_pathway.drawing import Figure, drawn
from crlm_pathway.drawing.embedding import embedded
from crlm_pathway.drawing.look import NARROW_MM
from markup import chinese, paragraphs, place

DOCS = Path(__file__).resolve().parents[1]
KEPT = DOCS / "gallery"
MANIFEST = KEPT / "manifest.json"
COMMAND = "make gallery"
"""What makes the kept pictures anew."""

FINE, COARSE = 300, 150
"""Dots per inch: on a screen a page is large enough with the fewer, a column is not."""
MM_PER_INCH = 25.4
COURSES = "examples/courses"

Language = Literal["en", "zh", "both"]
LANGUAGES: Mapping[Language, str] = {"en": "English", "zh": chinese("中文"), "both": "both"}


@attrs.frozen(slots=False)
class Picture:
    """A picture of the gallery: `asked` are the keys of the directive `care-pathway` and what they say."""

    name: str
    title: str
    use: str
    asked: Mapping[str, str]
    course: str | None = None
    both: bool = False

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages in which it is kept."""
        return ("en", "zh", "both") if self.both else ("en", "zh")

    def figure(self, language: Language) -> Figure:
        """The picture as data."""
        return embedded(self._said, folder=DOCS, language=language).figure

    @cached_property
    def dpi(self) -> int:
        """The resolution in which it is kept."""
        return FINE if self.figure("en").width < NARROW_MM else COARSE

    def file(self, language: Language) -> Path:
        """Where it is kept."""
        return KEPT / f"{self.name}.{language}.png"

    def command(self, *more: str) -> str:
        """The command that draws it."""
        course = [f"{COURSES}/{self.course}"] if self.course is not None else []
        options = (word for key, said in self.asked.items() for word in (f"--{key}", said))
        return shlex.join(["crlm-pathway", "draw", *course, *options, *more])

    def directive(self) -> str:
        """What draws it on the page, for the width that the command has it."""
        said = {**self._said, "width": f"{self.figure('en').width:g}"}
        return "\n".join(["```{care-pathway}", *(f":{key}: {value}" for key, value in said.items()), "```"])

    @property
    def _said(self) -> dict[str, str]:
        return {**self.asked, **({"course": f"../{COURSES}/{self.course}"} if self.course is not None else {})}


PICTURES = (
    Picture(
        "overview",
        "The pathway at a glance",
        "The figure of a paper: every state and every transition under its code, in one column of a journal.",
        {},
        both=True,
    ),
    Picture(
        "criteria",
        "Every criterion",
        "For whoever checks the pathway against the article: each guard in full, and what its named criteria mean. "
        "A supplement, or a sheet on the wall of the meeting room.",
        {"level": "criteria"},
    ),
    Picture(
        "evidence",
        "The papers behind it",
        "Every criterion with the numbers of the papers it rests on, and the list of them. A supplement: it is higher "
        "than a page.",
        {"level": "evidence"},
    ),
    Picture(
        "state",
        "One state with its tables",
        "What is decided in one place: the facts it asks for, each way on with its guard, and the tables that choose. "
        "For a page of a protocol, or to talk about one decision.",
        {"state": "first_line_conversion"},
        both=True,
    ),
    Picture(
        "table",
        "A decision table",
        "The choice of one regional therapy as a table in the manner of DMN: of its rows at most one applies.",
        {"table": "modality"},
    ),
    Picture(
        "toolbox",
        "The local toolbox",
        "How each liver metastasis is treated: twelve rows, exactly one of which applies to a lesion not yet cleared. "
        "For the planning of an operation, or as the table of a paper.",
        {"table": "lesions"},
        both=True,
    ),
    Picture(
        "journey",
        "The way one patient took",
        "Twenty-three steps over four years, in their order: conversion, local treatment, two recurrences treated, a "
        "third not. For a case report, or for the team that goes over it.",
        {},
        course="two_recurrences_treated.json",
    ),
    Picture(
        "waiting",
        "A patient who waits",
        "Where somebody stands, and which facts are still to be known: here only the RAS status. For the agenda of a "
        "meeting.",
        {},
        course="waiting_for_ras.json",
    ),
    Picture(
        "policies",
        "Two policies side by side",
        "What changes when a number does: two rounds of regional therapy instead of three, every transition marked "
        "that is no longer the same. For those who have to agree on the number.",
        {"compare": "max_regional_rounds=2"},
    ),
)


# -- the page --------------------------------------------------------------------------------------------------------


def gallery() -> str:
    """Return the pictures, drawn when the page is built, each with the command that draws it."""
    return paragraphs(part for picture in PICTURES for part in _section(picture))


def _section(picture: Picture) -> Iterator[str]:
    yield place("gallery", picture.name)
    yield f"## {picture.title}"
    yield f"{picture.use} Printed {_size(picture)}."
    yield f"```console\n$ {picture.command('-o', f'{picture.name}.svg')}\n```"
    yield picture.directive()
    kept = (f"[{LANGUAGES[language]}](gallery/{picture.file(language).name})" for language in picture.languages)
    yield f"As PNG: {' · '.join(kept)}"


def _size(picture: Picture) -> str:
    """How large a kept picture is in print."""
    png = picture.file("en").read_bytes()
    width, height = (round(dots / picture.dpi * MM_PER_INCH) for dots in struct.unpack_from(">II", png, 16))
    return f"{width} mm wide and {height} mm high"


# -- the kept pictures -----------------------------------------------------------------------------------------------


@cache
def manifest() -> Mapping[str, str]:
    """Return the sum of the DOT text of every picture, as it is drawn now, by the name of its file."""
    return {
        picture.file(language).name: sha256(drawn(picture.figure(language), format="dot")).hexdigest()
        for picture in PICTURES
        for language in picture.languages
    }


def main() -> None:
    """Draw the kept pictures anew, and no others."""
    KEPT.mkdir(exist_ok=True)
    for path in KEPT.glob("*.png"):
        if path.name not in manifest():
            path.unlink()
    for picture in PICTURES:
        for language in picture.languages:
            picture.file(language).write_bytes(drawn(picture.figure(language), format="png", dpi=picture.dpi))
    MANIFEST.write_text(f"{json.dumps(manifest(), indent=2)}\n", encoding="utf-8")
    print(f"{KEPT}: {len(manifest())} pictures")  # noqa: T201 - a command says what it did


if __name__ == "__main__":
    main()
