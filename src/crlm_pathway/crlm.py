"""The assembled pathway: RAS-mutant colorectal liver metastases to no evidence of disease (NED)."""

from .pathway.pathway import Pathway
from .patient import Patient
from .predicates.labels import Text
from .promises import PROMISES
from .states.first_line_conversion import FIRST_LINE_CONVERSION
from .states.initial_assessment import INITIAL_ASSESSMENT
from .states.local_treatment import LOCAL_TREATMENT
from .states.ned_surveillance import NED_SURVEILLANCE
from .states.outcomes import INTERRUPTS, OUTCOMES
from .states.regional_therapy import REGIONAL_THERAPY
from .states.response_evaluation import RESPONSE_EVALUATION

CRLM = Pathway(
    name="crlm",
    text=Text(
        "RAS-mutant colorectal liver metastases: the way to NED",
        "RAS突变型结直肠癌肝转移：以NED为目标的诊疗路径",
    ),
    record=Patient,
    start="initial_assessment",
    states=(
        INITIAL_ASSESSMENT,
        FIRST_LINE_CONVERSION,
        RESPONSE_EVALUATION,
        REGIONAL_THERAPY,
        LOCAL_TREATMENT,
        NED_SURVEILLANCE,
        *OUTCOMES,
    ),
    interrupts=INTERRUPTS,
    invariants=PROMISES,
)
