"""What a notebook shows of a pathway and its parts: a picture, drawn by whoever has said that it can draw."""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import Any

SVG = "image/svg+xml"

Painter = Callable[[Any], str | None]
"""Draws something as SVG text; None where nobody would see it, or it cannot be drawn."""

_painter: Painter | None = None


def paint_with(painter: Painter) -> None:
    """Have everything shown in notebooks be drawn by a painter, and no longer by the one before."""
    global _painter  # noqa: PLW0603 - whoever can draw says so once
    _painter = painter


class Shown:
    """Something that a notebook shows as a picture. It has no fields, and does not count in comparisons."""

    __slots__ = ()

    def _repr_mimebundle_(
        self, include: Container[str] | None = None, exclude: Container[str] | None = None, **_more: object
    ) -> dict[str, str]:
        """What Jupyter asks of an object that it is to display: its forms, by their media types."""
        bundle = {"text/plain": repr(self)} if _wanted("text/plain", include, exclude) else {}
        if _painter is not None and _wanted(SVG, include, exclude):
            picture = _painter(self)
            if picture is not None:
                bundle[SVG] = picture
        return bundle


def _wanted(form: str, include: Container[str] | None, exclude: Container[str] | None) -> bool:
    """Whether a form is asked for; Jupyter takes an empty `include` for none given."""
    return (not include or form in include) and not (exclude and form in exclude)
