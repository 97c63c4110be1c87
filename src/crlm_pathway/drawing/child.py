"""Run in a process of its own, by its path: reads a job as JSON, and leaves the files of a picture in a folder.

It imports nothing of this package, whose other modules may be of no use to a bare interpreter.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

NO_GRAPHVIZ = 3
"""The exit code where pygraphviz cannot be imported."""


def main() -> None:
    """Write the letters that no font has, and then the picture in each format, unless letters are needed for it."""
    job = json.load(sys.stdin)
    sys.path[:] = job["path"]
    folder = Path(job["folder"])
    try:
        import pygraphviz
        from pygraphviz import graphviz as gv
    except ImportError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(NO_GRAPHVIZ)
    if job["words"]:
        missing = _missing(job["words"], Path(pygraphviz.__file__).parent)
        (folder / "missing.json").write_text(json.dumps(missing), encoding="ascii")
        if missing and job["strict"]:
            return
    graph = pygraphviz.AGraph(string=job["dot"])
    context = gv.gvContextWithBuiltins()
    if gv.gvLayout(context, graph.handle, b"dot"):
        sys.exit("the layout failed")
    for format_ in job["formats"]:
        failed, data = gv.gvRenderData(context, graph.handle, format_.encode())
        if failed:
            sys.exit(f"no {format_} could be made")
        (folder / f"picture.{format_}").write_bytes(data)
    sys.stderr.flush()
    # Freeing what Graphviz holds takes time, and some of its versions crash over it.
    os._exit(0)


def _missing(words: list[str], package: Path) -> str | None:
    """The letters among those of some words for which Pango finds no font; None where it cannot be asked."""
    try:
        unknown = _asked(package)
        found = [word for word in words if unknown(word)]
        # A letter may be drawn well with what stands beside it, and have no place alone: then the word is named.
        letters = ("".join(filter(unknown, word)) or word for word in found)
        return "".join(dict.fromkeys("".join(letters)))
    except (OSError, AttributeError, StopIteration):
        return None


def _asked(package: Path) -> Callable[[str], int]:
    """How many letters of a text Pango has no font for, asked of the libraries that Graphviz draws with."""
    import ctypes

    folders = (package.with_name("pygraphviz.libs"), package / ".dylibs")
    files = [file for folder in folders if folder.is_dir() for file in sorted(folder.iterdir())]
    pango: Any = ctypes.CDLL(str(next(file for file in files if "pango-1" in file.name)))
    cairo: Any = ctypes.CDLL(str(next(file for file in files if "pangocairo-1" in file.name)))
    pointer, text = ctypes.c_void_p, ctypes.c_char_p
    for function, result, arguments in (
        (cairo.pango_cairo_font_map_get_default, pointer, []),
        (pango.pango_font_map_create_context, pointer, [pointer]),
        (pango.pango_layout_new, pointer, [pointer]),
        (pango.pango_font_description_from_string, pointer, [text]),
        (pango.pango_layout_set_font_description, None, [pointer, pointer]),
        (pango.pango_layout_set_text, None, [pointer, text, ctypes.c_int]),
        (pango.pango_layout_get_unknown_glyphs_count, ctypes.c_int, [pointer]),
    ):
        function.restype, function.argtypes = result, arguments
    context = pango.pango_font_map_create_context(cairo.pango_cairo_font_map_get_default())
    layout = pango.pango_layout_new(context)
    font = pango.pango_font_description_from_string(b"Noto Sans SC 12")
    pango.pango_layout_set_font_description(layout, font)

    def unknown(word: str) -> int:
        said = word.encode(errors="replace")
        pango.pango_layout_set_text(layout, said, len(said))
        count: int = pango.pango_layout_get_unknown_glyphs_count(layout)
        return count

    return unknown


if __name__ == "__main__":
    main()
