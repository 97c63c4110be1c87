"""The commands that are read: explanations and the evidence, as text and as data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from crlm_pathway import CRLM
from crlm_pathway.evidence import load
from test_cli import command

COURSES = Path(__file__).resolve().parents[1] / "examples" / "courses"
RESCUE = COURSES / "regional_rescue.json"


def words(text: str) -> str:
    return " ".join(text.split())


def paragraphs(text: str) -> list[str]:
    return [words(paragraph) for paragraph in text.split("\n\n")]


def test_explain_says_why_the_step_why_not_the_others_and_what_the_article_says() -> None:
    told = paragraphs(command("explain", RESCUE, "--visit", "7").stdout)
    assert told[:2] == [
        "Visit 7, 2018-09-17",
        "In the state “Local treatment”, → takes E3, another session → Local treatment",
    ]
    step, *others = told[3:]
    assert step.startswith("✓ E3 another session → Local treatment")
    assert "✗ pathological margin > 1 mm [margin_floor_mm] — known: 0.8 mm" in step
    assert "§ what the article says for it: - lt-surgery-plus-lats: The surgical model" in step
    items = [f"liver metastases, no. {number}: " for number in (1, 2, 3)]
    assert [other.startswith(f"→ {item}") for item, other in zip(items, others, strict=False)] == [True] * 3
    assert "nothing more to do" in others[0]
    assert "✓ recorded as cleared earlier ✓ fully resected, ablated or irradiated so far: yes — known: yes" in others[0]
    others = others[3:]
    assert [other.split()[:2] for other in others] == [["✗", code] for code in ("E1", "E2", "E4", "E5", "E6")]
    assert "✗ every lesion to clear is cleared (see above)" in others[0]


def test_explain_tells_the_last_step_and_then_what_is_still_needed() -> None:
    course = json.loads(RESCUE.read_text("utf-8"))
    course["visits"] = course["visits"][:3]
    told = paragraphs(command("explain", "-", given=json.dumps(course)).stdout)
    assert told[0] == "Visit 3, 2018-05-29"
    assert "Now" in told
    now = told[told.index("Now") :]
    assert now[1].startswith("In the state “Response evaluation”, it waits to know: - ")
    assert "- evaluable: imaging evaluable for response" in now[1]


def test_explain_tells_a_visit_that_waited_with_what_was_known_then() -> None:
    told = command("explain", COURSES / "waiting_for_ras.json", "--visit", "1", "--lang", "zh").stdout
    assert "第1次就诊" in told
    assert "- ras: RAS状态（单独即可决定）" in told


@pytest.mark.parametrize("language", ["en", "zh", "both"])
@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("everything", [[], ["--all"]])
def test_explanations_fit_the_terminal(language: str, width: int, everything: list[str]) -> None:
    arguments: list[str | Path] = ["explain", RESCUE, "--visit", "4", "--lang", language, *everything]
    done = command(*arguments, environment={"COLUMNS": str(width)})
    assert (done.returncode, done.stderr) == (0, "")
    assert max(map(cell_len, done.stdout.splitlines())) <= width


def test_everything_is_told_only_when_asked_for() -> None:
    short = command("explain", RESCUE, "--visit", "4").stdout
    whole = command("explain", RESCUE, "--visit", "4", "--all").stdout
    assert len(whole.splitlines()) > 2 * len(short.splitlines())
    assert "✗ X1 deceased" in words(whole)
    assert "X1" not in short
    assert "(see above)" not in whole


def test_explain_gives_data() -> None:
    done = json.loads(command("explain", RESCUE, "--format", "json").stdout)
    assert (done["pathway"], done["fingerprint"]) == ("crlm", CRLM.fingerprint)
    last, now = done["explanations"]
    assert (last["visit"], last["state"], last["takes"]) == (14, "response_evaluation", "exhaust_options")
    assert (now["visit"], now["state"], now["transitions"]) == (None, "palliative_care", [])
    taken = next(found for found in last["transitions"] if found["truth"])
    assert (taken["code"], taken["claims"]) == ("C6", ["rt-second-line-loses-ned", "rt-rescue-hope"])
    assert {found["truth"] for found in last["transitions"]} == {True, False}
    assert leaves(taken["criterion"])


def leaves(criterion: dict[str, Any]) -> list[dict[str, Any]]:
    parts: list[dict[str, Any]] = criterion["parts"]
    return [leaf for part in parts for leaf in leaves(part)] if parts else [criterion]


def test_a_visit_that_was_not_made_cannot_be_explained() -> None:
    done = command("explain", RESCUE, "--visit", "99")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--visit 99: the journey made 15" in done.stderr


# -- evidence --------------------------------------------------------------------------------------------------------


def test_a_claim_is_shown_with_its_paper_its_doubts_and_its_uses() -> None:
    told = words(command("evidence", "sultan-trigger").stdout)
    assert "rescue for CRLM still unresectable with poor effect after two months" in told
    assert "used by transition B3 (block ended: evaluate)" in told
    assert "policy parameter second_look_weeks" in told
    assert "doubt D30: " in told
    assert "[28] Boilève A, Maillard A, Wagner M, et al." in told
    assert "doi: 10.1186/s12885-020-6571-7" in told


@pytest.mark.parametrize(
    ("word", "title"),
    [
        ("C5", "transition C5: NED not within reach"),
        ("become", "study BECOME"),
        ("rfa_max_diameter_mm", "policy parameter rfa_max_diameter_mm"),
        ("local_treatment", "state local_treatment"),
        ("high_burden", "advisory high_burden"),
        ("28", "reference Boileve2020"),
    ],
)
def test_anything_that_has_evidence_can_be_asked_for(word: str, title: str) -> None:
    done = command("evidence", word)
    assert (done.returncode, done.stderr) == (0, "")
    assert title in words(done.stdout)


def test_a_claim_that_is_not_used_says_why() -> None:
    assert "not used Background epidemiology" in words(command("evidence", "cc-crc-burden").stdout)
    assert "未采用 结直肠癌的流行病学背景" in words(command("evidence", "cc-crc-burden", "--lang", "zh").stdout)


def test_a_figure_that_does_not_add_up_stands_as_printed_beside_what_it_comes_to() -> None:
    assert "Printed: 20.5%; computed: 20.2%." in words(command("evidence", "cairo5-orr-gain").stdout)


def test_without_a_word_every_claim_is_listed() -> None:
    told = words(command("evidence").stdout)
    assert all(f"- {id_}: " in told for id_ in load().claims)


def test_an_unknown_word_is_an_error_with_the_nearest_names() -> None:
    done = command("evidence", "sirflix")
    assert (done.returncode, done.stdout) == (2, "")
    assert "did you mean `SIRFLOX`" in done.stderr


@pytest.mark.parametrize(("format_", "first"), [("bibtex", "@article{"), ("csl-json", '[{"id": ')])
def test_references_are_exported_all_or_those_behind_a_word(format_: str, first: str) -> None:
    whole, some = command("evidence", "--format", format_), command("evidence", "B3", "C5", "--format", format_)
    assert whole.stdout.startswith(first)
    assert (whole.stdout.count("10.1186/s12885-020-6571-7"), some.stdout.count("10.1186/s12885-020-6571-7")) == (1, 1)
    assert len(some.stdout) < len(whole.stdout) / 10


def test_evidence_gives_data() -> None:
    (found,) = json.loads(command("evidence", "C5", "--format", "json").stdout)
    assert (found["kind"], found["element"]["code"]) == ("transition", "C5")
    assert found["claims"][0]["statement"]["zh"]
    whole = json.loads(command("evidence", "--format", "json").stdout)
    assert (len(whole["claims"]), len(whole["references"])) == (202, 46)


@pytest.mark.parametrize("language", ["en", "zh", "both"])
def test_evidence_fits_the_terminal(language: str) -> None:
    done = command("evidence", "C3", "BECOME", "D06", "--lang", language)
    assert (done.returncode, done.stderr) == (0, "")
    assert max(map(cell_len, done.stdout.splitlines())) <= 80


# -- what is lacking, and what was recorded in vain ------------------------------------------------------------------

REFERRAL = {
    "liver_metastases_confirmed": True,
    "microsatellite": "mss",
    "ras": "mutant",
    "fitness": "triplet",
    "willing": True,
    "prior_lines": 0,
    "remnant_adequate": False,
}


def given(*visits: dict[str, Any]) -> str:
    return json.dumps({"patient": REFERRAL, "visits": [{"facts": facts} for facts in visits]})


def test_a_table_that_cannot_choose_says_what_it_lacks() -> None:
    told = words(command("run", "-", given=given({})).stdout)
    assert "regimen to be chosen once it is known: bevacizumab contraindicated add-on none" in told
    explained = words(command("explain", "-", given=given({})).stdout)
    assert "→ Regimen: not to be chosen until it is known: ? bevacizumab contraindicated" in explained
    data = json.loads(command("explain", "-", "--format", "json", given=given({})).stdout)
    regimen = data["explanations"][0]["options"][0]
    assert (regimen["option"], [fact["en"] for fact in regimen["lacking"]]) == (None, ["bevacizumab contraindicated"])


def test_facts_that_the_state_entered_asks_anew_are_told_when_nothing_had_asked_them_before() -> None:
    early = {"dose_limiting_toxicity": False, "fitness": "doublet"}
    first, second = command("run", "-", given=given(early, early)).stdout.split("\n\n")[:2]
    assert "ask again dose-limiting toxicity in this block source" in words(first)
    assert "ask again" not in second, "what decided the step was not in vain"


def test_ways_of_which_one_is_enough_are_said_to_be_such_under_a_name() -> None:
    visits = [
        {},
        {"dose_limiting_toxicity": False, "fitness": "triplet"},
        {"evaluable": True, "response": "progressive"},
    ]
    told = words(command("explain", "-", given=given(*visits)).stdout)
    assert "a regional or second-line option left ? any of these: ? SIRT possible" in told


def test_data_in_both_languages_have_the_reasons_in_both() -> None:
    done = command("run", "-", "--format", "json", "--lang", "both", given=given({}))
    english, chinese = json.loads(done.stdout)["steps"][0]["because"].split("\n")
    assert english.startswith("confirmed CRLM, MSS and RAS-mutant: yes")
    assert chinese.startswith("确诊CRLM、MSS且RAS突变：是")


def test_a_study_is_found_by_a_part_of_its_name_nearly_right() -> None:
    assert "did you mean `SULTAN`?" in command("evidence", "SULTN").stderr
