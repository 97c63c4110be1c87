"""Hypothesis strategies read off a pathway, a stateful test for it, and properties that any pathway should have.

Hypothesis is needed: `pip install 'crlm-pathway[testing]'`.
"""

from ..predicates.errors import MissingExtra

try:
    import hypothesis as _hypothesis  # noqa: F401 - whether it is there
except ImportError as missing:
    raise MissingExtra("crlm_pathway.testing", "Hypothesis", "testing") from missing

from .facts import complete_records, records
from .journeys import Situation, courses, histories, situations
from .machine import pathway_machine
from .properties import (
    assert_every_patient_arrives,
    assert_learning_never_undoes,
    assert_one_way,
    assert_resumes_exactly,
)

__all__ = [
    "Situation",
    "assert_every_patient_arrives",
    "assert_learning_never_undoes",
    "assert_one_way",
    "assert_resumes_exactly",
    "complete_records",
    "courses",
    "histories",
    "pathway_machine",
    "records",
    "situations",
]
