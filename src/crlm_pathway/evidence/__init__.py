"""The evidence behind the CRLM pathway: the article's claims, its references, and where its figures do not add up.

It documents and never decides: nothing that decides imports it, and `import crlm_pathway` does not read it.

    evidence = load()
    evidence.claim("cairo5-orr").statement.in_("zh")
    uses(CRLM)["sultan-trigger"]
    about(CRLM, evidence, "SULTAN")
    to_bibtex(evidence.papers)
"""

from .citing import to_bibtex, to_csl_json
from .errors import BrokenEvidence, UnknownClaim, UnknownWord
from .loading import load, read
from .model import Author, Claim, Discrepancy, DiscrepancyKind, Evidence, Figure, Reference, Role, Section
from .plain import to_json
from .tracing import Found, Kind, Use, about, elements, uses

__all__ = [
    "Author",
    "BrokenEvidence",
    "Claim",
    "Discrepancy",
    "DiscrepancyKind",
    "Evidence",
    "Figure",
    "Found",
    "Kind",
    "Reference",
    "Role",
    "Section",
    "UnknownClaim",
    "UnknownWord",
    "Use",
    "about",
    "elements",
    "load",
    "read",
    "to_bibtex",
    "to_csl_json",
    "to_json",
    "uses",
]
