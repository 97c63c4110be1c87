"""The list of facts: whoever writes a course file finds every key, its values and its unit there."""

from __future__ import annotations

import pytest

from crlm_pathway import LiverMetastasis, Patient
from crlm_pathway.predicates.domains import Choice
from crlm_pathway.predicates.labels import LANGUAGES, Language, text_of
from crlm_pathway.predicates.records import facts_of
from test_cli import command


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_stands_in_the_list_with_its_label_and_its_values(language: Language) -> None:
    words = "".join(command("facts", "--lang", language).stdout.split())
    colon = ":" if language == "en" else "："
    for fact in (*facts_of(Patient).values(), *facts_of(LiverMetastasis).values()):
        assert fact.name in words
        assert "".join(fact.text.in_(language).split()) in words
        for member in fact.members if isinstance(fact.domain, Choice) else ():
            assert "".join(f"{member.value}{colon}{text_of(member).in_(language)}".split()) in words


def test_only_the_facts_asked_for_are_listed() -> None:
    assert command("facts", "fitness", "lesions[].diameter_mm").stdout.splitlines() == [
        "at referral (patient) and at a visit (facts)",
        "fitness  most intensive regimen tolerated",
        "         triplet: triplet",
        "         doublet: doublet",
        "         unfit: none (unfit)",
        "         asked anew in First-line conversion, NED / surveillance",
        "of an item of lesions",
        "diameter_mm  diameter",
        "             number above 0, up to 300 mm",
    ]


def test_unknown_keys_are_told_with_the_nearest_of_the_record_and_its_items() -> None:
    done = command("facts", "diamter_mm", "xyzzy", "ras")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        "error: diamter_mm: crlm has no such fact (did you mean `diameter_mm`?)",
        "error: xyzzy: crlm has no such fact",
    ]
