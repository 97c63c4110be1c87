"""Care pathways as data: defined once, then decided with, lived, explained and drawn.

Decision documentation for research and education; not a medical device.
"""

from .about import VERSION
from .crlm import CRLM
from .journey import Difference, ForeignSnapshot, Journey, JourneyFinished, Replay, VisitWithinVisit
from .pathway.deciding import Decision
from .pathway.errors import (
    AmbiguousDecision,
    NoDecision,
    RunningError,
    UnknownParameter,
    UnknownState,
    WrongHistory,
    WrongPathway,
    WrongRecord,
)
from .pathway.invariants import Invariant, entering, leaving, taking
from .pathway.model import Advisory, DecisionTable, Option, State, Transition, names_of
from .pathway.pathway import Pathway
from .pathway.showing import paint_with as _paint_with
from .patient import (
    Extrahepatic,
    Fitness,
    LiverMetastasis,
    Microsatellite,
    Patient,
    Ras,
    RasVariant,
    Response,
    Treatment,
    Visibility,
)
from .predicates.errors import DataError, DefinitionError, PathwayError, Problem
from .predicates.facts import Fact, boolean, choice, integer, many, number
from .predicates.history import History
from .predicates.json_form import facts_from_json, record_from_json, record_to_json
from .predicates.labels import LabelledEnum, Text
from .predicates.nodes import Parameter, Predicate, Provenance, arrived_from, named, rounds_here, taken
from .predicates.records import contradiction, record, replace
from .steps import Step
from .visits import Visit

__version__ = VERSION


def _painted(what: object) -> str | None:
    """Draw what a notebook shows; only then is drawing imported."""
    from .drawing.notebook import painted

    return painted(what)


_paint_with(_painted)

__all__ = [
    "CRLM",
    "Advisory",
    "AmbiguousDecision",
    "DataError",
    "Decision",
    "DecisionTable",
    "DefinitionError",
    "Difference",
    "Extrahepatic",
    "Fact",
    "Fitness",
    "ForeignSnapshot",
    "History",
    "Invariant",
    "Journey",
    "JourneyFinished",
    "LabelledEnum",
    "LiverMetastasis",
    "Microsatellite",
    "NoDecision",
    "Option",
    "Parameter",
    "Pathway",
    "PathwayError",
    "Patient",
    "Predicate",
    "Problem",
    "Provenance",
    "Ras",
    "RasVariant",
    "Replay",
    "Response",
    "RunningError",
    "State",
    "Step",
    "Text",
    "Transition",
    "Treatment",
    "UnknownParameter",
    "UnknownState",
    "Visibility",
    "Visit",
    "VisitWithinVisit",
    "WrongHistory",
    "WrongPathway",
    "WrongRecord",
    "__version__",
    "arrived_from",
    "boolean",
    "choice",
    "contradiction",
    "entering",
    "facts_from_json",
    "integer",
    "leaving",
    "many",
    "named",
    "names_of",
    "number",
    "record",
    "record_from_json",
    "record_to_json",
    "replace",
    "rounds_here",
    "taken",
    "taking",
]
