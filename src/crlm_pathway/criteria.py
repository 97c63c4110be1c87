"""The named criteria that several states share. The sentences of the article, as facts."""

from .patient import (
    Extrahepatic,
    Fitness,
    LiverMetastasis,
    Microsatellite,
    Patient,
    Ras,
    Treatment,
    Visibility,
)
from .policy import MARGIN_FLOOR_MM, MAX_REGIONAL_ROUNDS
from .predicates.labels import Text
from .predicates.nodes import named, taken

# -- the patient -----------------------------------------------------------------------------------------------------

candidate = named(
    "candidate",
    Text("fit and willing", "体能可耐受且有意愿"),
    Patient.fitness.is_in(Fitness.TRIPLET, Fitness.DOUBLET) & Patient.willing,
)
in_scope = named(
    "in_scope",
    Text("confirmed CRLM, MSS and RAS-mutant", "确诊CRLM、MSS且RAS突变"),
    Patient.liver_metastases_confirmed & Patient.microsatellite.is_(Microsatellite.MSS) & Patient.ras.is_(Ras.MUTANT),
)
NO_LONGER_A_CANDIDATE = Text("no longer fit or willing", "不再耐受或无意愿")

systemic_untried = named(
    "systemic_untried",
    Text("no systemic therapy so far", "尚未接受全身治疗"),
    (taken("end_block") < 1) & (Patient.prior_lines <= 0),
)
reachable_outside = named(
    "reachable_outside",
    Text("disease outside the liver absent or eradicable", "肝外无病灶或可根除"),
    Patient.extrahepatic.is_in(Extrahepatic.NONE, Extrahepatic.ERADICABLE),
)

# -- one lesion ------------------------------------------------------------------------------------------------------

target = named(
    "target",
    Text("lesion to clear", "须清除的病灶"),
    LiverMetastasis.visibility.is_in(Visibility.VISIBLE, Visibility.DISAPPEARED_FOUND),
)
destroyed_with_margin = LiverMetastasis.treated_by.is_in(Treatment.RFA, Treatment.SBRT) | (
    LiverMetastasis.pathological_margin_mm > MARGIN_FLOOR_MM
)
cleared = named("cleared", Text("cleared", "已清除"), LiverMetastasis.destroyed & destroyed_with_margin)

# -- the liver -------------------------------------------------------------------------------------------------------

liver_cleared = named(
    "liver_cleared",
    Text("every lesion to clear is cleared", "须清除的病灶均已清除"),
    Patient.lesions.every(~target | cleared),
)

# -- regional therapy ------------------------------------------------------------------------------------------------

sirt_possible = named(
    "sirt_possible",
    Text("SIRT possible", "SIRT可行"),
    Patient.sirt_available & Patient.liver_reserve_adequate & ~Patient.sirt_given,
)
hai_possible = named(
    "hai_possible",
    Text("HAI possible", "HAI可行"),
    Patient.hai_available & ~Patient.hai_failed,
)
debiri_possible = named(
    "debiri_possible",
    Text("DEBIRI possible", "DEBIRI可行"),
    Patient.debiri_available & ~Patient.embolisation_contraindicated & ~Patient.debiri_failed,
)
any_modality = named(
    "any_modality",
    Text("a regional or second-line option left", "尚有区域或二线治疗可选"),
    sirt_possible | hai_possible | debiri_possible | Patient.second_line_available,
)
regional_possible = named(
    "regional_possible",
    Text("regional or second-line therapy possible", "区域或二线治疗可行"),
    (taken("assess_regional") < MAX_REGIONAL_ROUNDS) & any_modality & reachable_outside,
)
