"""What people read: journeys, explanations and evidence, in English, Chinese or both, set for a terminal by rich."""

from .evidence import tell_claims, tell_found
from .explanations import explain_moment, heading, set_out, why
from .facts import tell_facts
from .journeys import beyond, tell
from .proofs import tell_proofs
from .words import Languages, counted, said, spoken, styled

__all__ = [
    "Languages",
    "beyond",
    "counted",
    "explain_moment",
    "heading",
    "said",
    "set_out",
    "spoken",
    "styled",
    "tell",
    "tell_claims",
    "tell_facts",
    "tell_found",
    "tell_proofs",
    "why",
]
