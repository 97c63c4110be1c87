"""What a page of documentation asks to see: words under the author's keys, read into what is drawn."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, get_args

import attrs

from .. import about
from ..courses import read_course, run_course
from ..journey import Journey
from ..lookup import other_pathway, pathway_named, policy_of
from ..pathway.pathway import Pathway
from ..predicates.errors import DataError, PathwayError, did_you_mean
from . import DrawingError, DrawingWarning, Figure, Format, Languages, draw, figure_of
from .levels import PAGE_MM

PATHWAY = "crlm_pathway:CRLM"
"""The pathway that is shown where none is named."""

KEYS = ("pathway", "level", "lang", "state", "table", "course", "compare", "direction", "width", "set")
"""Everything that can be said of a picture."""

SCREEN_MM, PAPER_MM = PAGE_MM, 160.0
"""For how wide a page a picture is made where nothing is said of it."""

_LANGUAGES: tuple[str, ...] = get_args(Languages)


@attrs.frozen
class Embedded:
    """A picture that a page asks for: what is drawn, and how, as `draw` takes it.

    `files` are those that it is made from, as far as is known.
    """

    what: Pathway | Journey
    options: Mapping[str, Any]
    files: tuple[Path, ...]

    @property
    def figure(self) -> Figure:
        """The picture as data."""
        return figure_of(self.what, **self.options)

    def drawn(self, format: Format, *, warn: Callable[[str], object]) -> bytes:  # noqa: A002 - as `draw` calls it
        """The picture in a format; `warn` is told of what can be drawn, but not be read by everybody."""
        with warnings.catch_warnings(record=True) as found:
            warnings.simplefilter("always", DrawingWarning)
            width = PAPER_MM if format == "pdf" else SCREEN_MM
            picture = draw(self.what, **{"width": width, **self.options}, format=format)
        for warning in found:
            if issubclass(warning.category, DrawingWarning):
                warn(str(warning.message))
            else:
                warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)
        return picture


def embedded(
    said: Mapping[str, str], *, folder: Path, language: Languages = "en", beside: Iterable[str] = ()
) -> Embedded:
    """Read what an author said of a picture; files are looked for in the folder of the page.

    `beside` are keys that say something of the page: they are none of these, but may have been meant.

    Raises PathwayError: DrawingError for a key or a word that is none, a policy included, and what a pathway or a
    course that cannot be had raises.
    """
    words = {key: value.strip() for key, value in said.items()}
    for key, value in words.items():
        _refuse(key, value, (*KEYS, *beside))
    if "compare" in words and "course" in words:
        raise DrawingError("compare: draws two pathways; leave out the course")
    pathway = _named(words.get("pathway", PATHWAY), folder=folder)
    if "set" in words:
        with _under("set"):
            pathway = pathway.with_policy(**policy_of([words["set"]]))
    course = None if "course" not in words else folder / words["course"]
    options: dict[str, Any] = {"language": language}
    options |= {key: words[key] for key in ("level", "state", "table", "direction") if key in words}
    if "lang" in words:
        options["language"] = _language(words["lang"])
    if "width" in words:
        options["width"] = _millimetres(words["width"])
    if "compare" in words:
        with _under("compare"):
            options["compare"] = other_pathway(pathway, [words["compare"]], partial(_named, folder=folder))
    what = pathway if course is None else _lived(pathway, course, words["course"])
    named = [words.get("pathway", PATHWAY), words.get("compare", ""), pathway.record.__module__]
    return Embedded(what, options, (*([course] if course is not None else []), *_imported_with(named, folder)))


def _refuse(key: str, value: str, known: Iterable[str]) -> None:
    """Refuse a key that says nothing of a picture, and one with nothing behind it."""
    if key not in KEYS:
        raise DrawingError(f"a picture has no `{key}`{did_you_mean(key, known)}: choose from {', '.join(known)}")
    if not value:
        raise DrawingError(f"{key}: nothing is said; leave it out, or say what is meant")


def _named(name: str, *, folder: Path) -> Pathway:
    """The pathway of this name, the file being one beside the page."""
    where, colon, attribute = name.rpartition(":") if ":" in name else (name, "", "")
    return pathway_named(f"{folder / where}{colon}{attribute}" if where.endswith(".py") else name)


def _imported_with(names: Iterable[str], folder: Path) -> Iterator[Path]:
    """The files named, and those of the packages named, as far as they have been imported; and this library's."""
    places = {name.rpartition(":")[0] or name for name in names if "=" not in name}
    packages = {place.partition(".")[0] for place in places if not place.endswith(".py")}
    yield from (folder / place for place in sorted(places) if place.endswith(".py"))
    yield Path(about.__file__)  # which every version of it changes
    for name, module in tuple(sys.modules.items()):
        if name.partition(".")[0] in packages and getattr(module, "__file__", None) is not None:
            yield Path(str(module.__file__))


@contextmanager
def _under(key: str) -> Iterator[None]:
    """Put a key before what is wrong with the words under it."""
    try:
        yield
    except PathwayError as error:
        raise DrawingError(f"{key}: {error}") from error


def _language(said: str) -> str:
    if said not in _LANGUAGES:
        raise DrawingError(
            f"lang: expected one of {', '.join(_LANGUAGES)}, not {said!r}{did_you_mean(said, _LANGUAGES)}"
        )
    return said


def _millimetres(said: str) -> float:
    try:
        return float(said.removesuffix("mm"))
    except ValueError:
        raise DrawingError(f"width: expected a number of millimetres, as in 85, not {said!r}") from None


def _lived(pathway: Pathway, path: Path, said: str) -> Journey:
    """The journey of the course in a file."""
    try:
        return run_course(pathway, read_course(pathway, path.read_bytes()))
    except OSError as error:
        raise DrawingError(f"course: {said} cannot be read: {error.strerror}") from None
    except DataError as error:
        raise DataError(attrs.evolve(found, path=f"{said}: {found.path}") for found in error.problems) from None
