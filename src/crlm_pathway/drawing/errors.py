"""What can go wrong while drawing."""

from __future__ import annotations

from ..predicates.errors import PathwayError


class DrawingError(PathwayError):
    """A picture cannot be made."""


class DrawingWarning(UserWarning):
    """A picture can be made, but not all who look at it will see what it says."""
