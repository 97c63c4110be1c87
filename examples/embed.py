"""Use the pathway from another program: decide, live a course, look ahead, store and resume.

python examples/embed.py
"""

from __future__ import annotations

import json
from datetime import date

from crlm_pathway import CRLM, DataError, Fitness, Journey, Patient, Ras, Response, record_from_json

# What a form or a hospital system sends. Facts that are missing, or null, are not known.
REFERRAL = """
{
  "liver_metastases_confirmed": true, "microsatellite": "mss", "ras": null,
  "fitness": "triplet", "willing": true, "prior_lines": 0,
  "extrahepatic": "none", "remnant_adequate": false,
  "lesions": [{"segment": 8, "visibility": "visible", "diameter_mm": 38, "deep": true}]
}
"""


def main() -> Journey:
    """Take a patient from referral to the first evaluation, and return the resumed journey."""
    # Reading is strict: every error of the data is reported, with its place.
    try:
        record_from_json(Patient, {"fitnes": "triplet", "lesions": [{"diameter_mm": 380}]})
    except DataError as error:
        print(f"Refused:\n{error}\n")

    # Deciding is a pure function. What is not known is waited for, never guessed.
    patient = record_from_json(Patient, json.loads(REFERRAL))
    decision = CRLM.decide("initial_assessment", patient)
    print("Decided:", decision.transition is not None, "- waiting for:", *decision.waiting_for)

    # A journey remembers: each visit records facts, then takes at most one step.
    journey = Journey.begin(CRLM, patient)
    step = journey.visit(on=date(2024, 1, 8), ras=Ras.MUTANT)
    assert step is not None
    print(f"{step.on}: {step.transition.text} -> {journey.state}")
    print("Because", step.because())
    journey.visit(on=date(2024, 3, 4), dose_limiting_toxicity=False, fitness=Fitness.TRIPLET)

    # Looking ahead records nothing.
    ahead = journey.what_if(evaluable=True, response=Response.PROGRESSIVE)
    print(f"Were it progressive, {journey.state} would wait for:", *ahead.waiting_for)

    # A snapshot is JSON; resuming replays it under the same pathway.
    stored = json.dumps(journey.to_json())
    resumed = Journey.from_json(CRLM, json.loads(stored))
    print(f"Resumed in {resumed.state} after {len(resumed.steps)} steps, waiting for:", *resumed.waiting_for)
    return resumed


if __name__ == "__main__":
    main()
