"""The ends of the pathway, and the interrupts that lead to two of them from anywhere."""

from ..pathway.model import State, Transition
from ..patient import Patient
from ..predicates.labels import Text
from ..predicates.nodes import Provenance

SUSTAINED_NED = State(name="sustained_ned", text=Text("Sustained NED", "持续NED"), terminal=True)
PALLIATIVE_CARE = State(
    name="palliative_care",
    text=Text("Palliative care, palliative systemic therapy included", "姑息治疗（含姑息性全身治疗）"),
    terminal=True,
)
OUT_OF_SCOPE = State(name="out_of_scope", text=Text("Out of scope", "超出适用范围"), terminal=True)
DECEASED = State(name="deceased", text=Text("Deceased", "死亡"), terminal=True)
WITHDRAWN = State(name="withdrawn", text=Text("Withdrawn", "退出"), terminal=True)

OUTCOMES = (SUSTAINED_NED, PALLIATIVE_CARE, OUT_OF_SCOPE, DECEASED, WITHDRAWN)

INTERRUPTS = (
    Transition(
        key="die",
        code="X1",
        to="deceased",
        when=Patient.deceased,
        text=Text("deceased", "死亡"),
        provenance=Provenance.GLUE,
    ),
    Transition(
        key="withdraw",
        code="X2",
        to="withdrawn",
        when=Patient.withdrawn & ~Patient.deceased,
        text=Text("withdrawn", "退出"),
        provenance=Provenance.GLUE,
    ),
)
