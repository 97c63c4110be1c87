"""Signatures as a reader would write them: attrs has the defaults of its constructors in a dictionary of its own."""

from __future__ import annotations

import re
from typing import Any

from sphinx.application import Sphinx

_DEFAULT = re.compile(r"attr_dict\['\w+'\]\.default|\bNOTHING\b")


def _readable(*event: Any) -> tuple[str | None, str | None]:
    """Show that there is a default where it cannot be shown what it is."""
    *_, signature, returned = event
    return None if signature is None else _DEFAULT.sub("...", signature), returned


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to autodoc."""
    app.connect("autodoc-process-signature", _readable)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
