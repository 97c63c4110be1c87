"""What can go wrong with evidence."""

from ..predicates.errors import PathwayError


class BrokenEvidence(PathwayError):
    """A file of evidence is missing, is not what it should be, or speaks of something that no file holds."""


class UnknownClaim(PathwayError):
    """No claim has that id."""


class UnknownWord(PathwayError):
    """Neither the evidence nor the pathway calls anything by that word."""
