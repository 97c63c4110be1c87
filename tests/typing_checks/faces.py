"""What type checkers make of facts on their two faces. Checked by mypy and pyright, never executed.

Every `type: ignore` marks a slip that the checkers must see: both are set to complain of one that is not needed.
"""

from collections.abc import Sequence
from typing import assert_type

from crlm_pathway import CRLM, Fact, Fitness, Journey, LiverMetastasis, Patient, Predicate, Ras, Step
from crlm_pathway.policy import SIRT_LATE_LINE
from crlm_pathway.predicates.nodes import Count

patient = Patient(fitness=Fitness.TRIPLET, prior_lines=2, lesions=[LiverMetastasis(diameter_mm=12)])

# On the class: the operand of criteria.
assert_type(Patient.fitness, Fact[Fitness])
assert_type(Patient.lesions, Fact[Sequence[LiverMetastasis]])
assert_type(Patient.fitness.is_in(Fitness.TRIPLET, Fitness.DOUBLET) & Patient.willing, Predicate)
assert_type(Patient.prior_lines >= SIRT_LATE_LINE, Predicate)
assert_type(Patient.lesions.every(LiverMetastasis.diameter_mm < 30), Predicate)
assert_type(Patient.lesions.count(LiverMetastasis.deep), Count)
assert_type(~Patient.willing, Predicate)

# On an instance: the value, or None.
assert_type(patient.fitness, Fitness | None)
assert_type(patient.prior_lines, int | None)
assert_type(patient.lesions, Sequence[LiverMetastasis] | None)

# Slips.
Patient(fitness="triplet")  # type: ignore
Patient(fitnes=Fitness.TRIPLET)  # type: ignore
patient.prior_lines + 1  # type: ignore
Patient.ras & Patient.willing  # type: ignore
Patient.willing < 3  # type: ignore
Patient.ras.is_(Fitness.TRIPLET)  # type: ignore
Patient.prior_lines.is_(Ras.MUTANT)  # type: ignore
Patient.prior_lines < "3"  # type: ignore
Patient.willing.every(LiverMetastasis.deep)  # type: ignore

# A journey.
journey = Journey.begin(CRLM, patient)
assert_type(journey.visit(ras=Ras.MUTANT), Step | None)
