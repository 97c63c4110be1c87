"""Proofs about a pathway: that nobody falls through, nobody gets two answers, and everybody arrives.

The extra `verify` brings the solver: pip install 'crlm-pathway[verify]'.
"""

try:
    import z3 as _z3  # noqa: F401 - the first of all that needs it
except ModuleNotFoundError as missing:  # pragma: no cover - tried in a fresh environment
    from ..predicates.errors import MissingExtra

    raise MissingExtra("check", "Z3", "verify") from missing

from .obligations import check
from .report import Counterexample, Kind, Obligation, Report, Status

__all__ = ["Counterexample", "Kind", "Obligation", "Report", "Status", "check"]
