"""Reading the evidence from the package's data files, strictly."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import TypeVar, get_origin

from cattrs import transform_error
from cattrs.errors import BaseValidationError
from cattrs.preconf.json import make_converter

from ..predicates.errors import DataError
from ..predicates.labels import Text
from ..strict_json import load_json
from .errors import BrokenEvidence
from .model import Author, Claim, Discrepancy, Evidence, Reference

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)


def _text(value: object, kind: type[str]) -> str:
    """Read a text, or the member of an enumeration of texts; cattrs alone would make the text "5" of the number 5."""
    if not isinstance(value, str):
        raise TypeError(value)
    return kind(value)


def _whole(value: object, _: type[int]) -> int:
    if type(value) is not int:
        raise TypeError(value)
    return value


_converter = make_converter(forbid_extra_keys=True)
_converter.register_structure_hook(str, _text)
_converter.register_structure_hook(int, _whole)
_converter.register_structure_hook(Author, lambda value, _: Author.parse(_text(value, str)))


@cache
def load() -> Evidence:
    """Return the evidence behind the CRLM pathway; read once."""
    return read(files("crlm_pathway.evidence"))


def read(folder: Traversable) -> Evidence:
    """Return the evidence in a folder's files; raises BrokenEvidence, which names the file and the place in it."""
    claims = _structured(folder, "claims.json", list[Claim])
    papers = _structured(folder, "references.json", list[Reference])
    discrepancies = _structured(folder, "discrepancies.json", list[Discrepancy])
    numbered = sorted((number, place) for place, paper in enumerate(papers) for number in paper.numbers)
    return Evidence(
        claims=_once("claims.json", ((claim.id, claim) for claim in claims)),
        references=_once("references.json", ((number, papers[place]) for number, place in numbered)),
        discrepancies=_once("discrepancies.json", ((found.id, found) for found in discrepancies)),
        not_used=MappingProxyType(_structured(folder, "not_used.json", dict[str, Text])),
    )


def _structured(folder: Traversable, name: str, kind: type[T]) -> T:
    try:
        data = load_json(folder.joinpath(name).read_bytes())
    except FileNotFoundError:
        raise BrokenEvidence(f"{name} is missing; the package is not installed whole") from None
    except DataError as error:
        raise BrokenEvidence(f"{name}: {error}") from None
    if type(data) is not get_origin(kind):
        raise BrokenEvidence(f"{name}: expected {'an object' if get_origin(kind) is dict else 'a list'}")
    try:
        return _converter.structure(data, kind)
    except BaseValidationError as error:
        raise BrokenEvidence("\n".join(f"{name}: {problem}" for problem in transform_error(error))) from None


def _once(name: str, items: Iterable[tuple[K, T]]) -> Mapping[K, T]:
    found: dict[K, T] = {}
    for key, item in items:
        if key in found:
            raise BrokenEvidence(f"{name}: {key} stands twice")
        found[key] = item
    return MappingProxyType(found)
