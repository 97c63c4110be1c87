"""An svg fit for publication: with a title and a description, and text that keeps its width in any font."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET
from xml.parsers import expat

from ..predicates.labels import printable
from .lettering import covered, measured

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_DASHES = {"5,2": "6,6", "1,5": "2,6"}
"""Graphviz's own in an svg are nearly a solid line; these are those of its other formats."""


def finished(svg: bytes, *, title: str, described: str, language: str) -> bytes:
    """Return an svg of Graphviz's with a title and a description, and with what an article can be published with.

    Elements keep the ids and classes that the DOT text gives them. Left out are what Graphviz says of itself, and the
    names in the DOT text that it shows where the mouse rests. `language` is that of the title and the labels, as in
    BCP 47.
    """
    root = _parsed(svg)
    for group in list(root.iter("g")):
        _without_title(group)
    for element in root.iter():
        _dashed(element)
    for text in root.iter("text"):
        _kept_in_its_place(text)
    # Older versions of Graphviz make the view larger than the drawing where it is not laid out at 72 dots an inch.
    width, height = (root.get(side, "").removesuffix("pt") for side in ("width", "height"))
    if width and height:
        root.set("viewBox", f"0 0 {width} {height}")
    _named(root, {"title": title, "desc": described}, language)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'.encode()


def inline(svg: bytes, prefix: str) -> str:
    """Return a finished svg as it may stand in a page beside others: only its element, with a prefix before its ids."""
    root = _parsed(svg)
    for element in root.iter():
        for attribute in ("id", "aria-labelledby"):
            if names := element.get(attribute):
                element.set(attribute, " ".join(f"{prefix}{name}" for name in names.split()))
    root.attrib.pop("xmlns:xlink", None)  # nothing is a link
    root.set("style", "max-width: 100%; height: auto")  # on a screen that is narrower, too
    return ET.tostring(root, encoding="unicode")


def _parsed(svg: bytes) -> ET.Element:
    """The elements, with names as they are written; comments, instructions and the document type are left out."""
    builder = ET.TreeBuilder()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.Parse(_NOT_XML.sub("\ufffd", svg.decode(errors="replace")).encode(), True)
    return builder.close()


def _without_title(group: ET.Element) -> None:
    for name in group.findall("title"):
        group.remove(name)


def _dashed(element: ET.Element) -> None:
    dashes = element.get("stroke-dasharray")
    if dashes in _DASHES:
        element.set("stroke-dasharray", _DASHES[dashes])


def _kept_in_its_place(text: ET.Element) -> None:
    """In another font than ours the text is stretched or squeezed to the place that it was laid out in."""
    said = "".join(text.itertext())
    if len(said.strip()) > 1 and covered().issuperset(said):  # a sign by itself would only be distorted
        text.set("textLength", f"{measured(said) * float(text.attrib['font-size']):.2f}")
        text.set("lengthAdjust", "spacingAndGlyphs")


def _named(root: ET.Element, texts: dict[str, str], language: str) -> None:
    """Give the picture its title and description, with ids made from that of its graph."""
    graph = root.find("g")
    name = "-".join(("" if graph is None else graph.get("id", "")).split()) or "graph"
    taken = {element.get("id") for element in root.iter()}
    while not taken.isdisjoint(f"{name}-{tag}" for tag in texts):
        name += "-"
    for index, (tag, words) in enumerate(texts.items()):
        element = ET.Element(tag, {"id": f"{name}-{tag}"})
        element.text, element.tail = printable(words), "\n"
        root.insert(index, element)
    root.set("role", "img")
    root.set("aria-labelledby", " ".join(f"{name}-{tag}" for tag in texts))
    root.set("xml:lang", language)
    # Browsers else put small letters on whole dots of the screen, and they stand unevenly.
    root.set("text-rendering", "geometricPrecision")
