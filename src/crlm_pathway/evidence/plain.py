"""Evidence as JSON data, as it stands in the package's own files."""

from __future__ import annotations

from typing import Any

from cattrs.preconf.json import make_converter

from .model import Author

_converter = make_converter(omit_if_default=True)
_converter.register_unstructure_hook(Author, lambda author: ", ".join(filter(None, (author.name, author.initials))))


def to_json(evidence: Any) -> Any:
    """Return any piece of evidence, or a list of them, as JSON data; words are in both languages."""
    return _converter.unstructure(evidence)
