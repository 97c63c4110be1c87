"""Graphviz's own layout of a picture, measured: where each line of text stands, each state, each arrow."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

from crlm_pathway.drawing.lettering import measured
from crlm_pathway.drawing.render import written

SVG = "{http://www.w3.org/2000/svg}"
Ops = Sequence[Mapping[str, Any]]


class Box(NamedTuple):
    """A part of the page, with what stands there; y grows upwards."""

    left: float
    bottom: float
    right: float
    top: float
    what: str
    owner: int = -1

    def shrunk(self, by: float) -> Box:
        """The box without its margins."""
        return self._replace(left=self.left + by, bottom=self.bottom + by, right=self.right - by, top=self.top - by)

    def overlaps(self, other: Box) -> bool:
        """Whether two boxes share more than an edge."""
        return (
            self.left < other.right and other.left < self.right and self.bottom < other.top and other.bottom < self.top
        )

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies inside."""
        return self.left < x < self.right and self.bottom < y < self.top


def layout_json(dot: str) -> Mapping[str, Any]:
    """Graphviz's own layout of DOT text, as its format json has it, with the drawing operations of the labels.

    These, `_ldraw_` of the graph and of each object and edge, are taken from the svg: the part of Graphviz that writes
    drawing operations may crash over a cell with a style in the label of a graph.
    """
    made = written(dot, ("json0", "svg")).files
    layout: dict[str, Any] = json.loads(made["json0"])
    objects, edges = layout.get("objects", []), layout.get("edges", [])
    parts = {each["name"]: each for each in objects}
    for edge in edges:
        parts["->".join(objects[edge[end]]["name"] for end in ("tail", "head"))] = edge
    graph = ET.fromstring(made["svg"]).find(f"{SVG}g")  # noqa: S314 - Graphviz's own
    assert graph is not None
    layout["_ldraw_"] = [operation for text in graph.findall(f"{SVG}text") for operation in _operations(text)]
    for group in graph.findall(f"{SVG}g"):
        name = re.sub(r":\w+", "", group.findtext(f"{SVG}title", ""))
        parts[name]["_ldraw_"] = [operation for text in group.iter(f"{SVG}text") for operation in _operations(text)]
    return layout


def _operations(text: ET.Element) -> Iterator[Mapping[str, Any]]:
    """A line of text of an svg as drawing operations."""
    said, size = "".join(text.itertext()), float(text.attrib["font-size"])
    align = {"start": "l", "middle": "c", "end": "r"}[text.attrib["text-anchor"]]
    place = [float(text.attrib["x"]), -float(text.attrib["y"])]
    yield {"op": "F", "size": size, "face": text.attrib["font-family"]}
    yield {"op": "T", "pt": place, "align": align, "width": round(measured(said) * size, 2), "text": said}


def faults(layout: Mapping[str, Any]) -> Iterator[str]:
    """What a reader would object to: text on text, states on states, text off the page or under an arrow."""
    left, bottom, right, top = map(float, layout["bb"].split(","))
    page = Box(left, bottom, right, top, "the page")
    objects = [one for one in layout.get("objects", []) if "pos" in one]
    texts = [*_texts(layout.get("_ldraw_", ()))]
    for number, one in enumerate(objects):
        texts += [text._replace(owner=number) for text in _texts(one.get("_ldraw_", ()))]
    for cluster in (one for one in layout.get("objects", []) if "pos" not in one):
        texts += _texts(cluster.get("_ldraw_", ()))
    for one, other in _overlapping(texts):
        yield f"{one.what!r} stands on {other.what!r}"
    for text in texts:
        if text.left < page.left or text.right > page.right or text.bottom < page.bottom or text.top > page.top:
            yield f"{text.what!r} leaves the page"
    nodes = [_node(one, number) for number, one in enumerate(objects)]
    for one, other in _overlapping([node.shrunk(1) for node in nodes]):
        yield f"{one.what} stands on {other.what}"
    identifiers = {one["_gvid"]: number for number, one in enumerate(objects)}
    for edge in layout.get("edges", []):
        ends = {identifiers[edge["tail"]], identifiers[edge["head"]]}
        points = list(_points(edge))
        across, up = zip(*points, strict=True)
        reach = Box(min(across), min(up), max(across), max(up), "the arrow")
        for text in (text.shrunk(2) for text in texts if text.owner not in ends):
            if text.overlaps(reach) and any(text.holds(x, y) for x, y in points):
                yield f"an arrow from {objects[identifiers[edge['tail']]]['name']} runs through {text.what!r}"


def _overlapping(boxes: Sequence[Box]) -> Iterator[tuple[Box, Box]]:
    for one, other in combinations(sorted(boxes), 2):
        if one.overlaps(other):
            yield one, other


def _texts(operations: Ops) -> Iterator[Box]:
    """Each line of text, from the foot of its letters to their top."""
    size = 0.0
    for operation in operations:
        match operation["op"]:
            case "F":
                size = operation["size"]
            case "T" if operation["text"].strip():
                x, y = operation["pt"]
                left = x - operation["width"] * {"l": 0.0, "c": 0.5, "r": 1.0}[operation["align"]]
                yield Box(left, y - 0.18 * size, left + operation["width"], y + 0.72 * size, operation["text"])


def _node(one: Mapping[str, Any], number: int) -> Box:
    x, y = map(float, one["pos"].split(","))
    width, height = float(one["width"]) * 72 / 2, float(one["height"]) * 72 / 2
    return Box(x - width, y - height, x + width, y + height, f"the box {one['name']}", number)


def _points(edge: Mapping[str, Any]) -> Iterator[tuple[float, float]]:
    """Points along an arrow, close enough to meet any letter."""
    for spline in edge["pos"].split(";"):
        points = [tuple(map(float, word.split(","))) for word in spline.split() if word[0] not in "se"]
        for start in range(0, len(points) - 3, 3):
            (ax, ay), (bx, by), (cx, cy), (dx, dy) = points[start : start + 4]
            for step in range(21):
                t = step / 20
                u = 1 - t
                yield (
                    u**3 * ax + 3 * u * u * t * bx + 3 * u * t * t * cx + t**3 * dx,
                    u**3 * ay + 3 * u * u * t * by + 3 * u * t * t * cy + t**3 * dy,
                )
