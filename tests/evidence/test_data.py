"""What the data files hold, and that the two languages say the same."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis.strategies import sampled_from

from crlm_pathway import CRLM
from crlm_pathway.evidence import Author, BrokenEvidence, UnknownClaim, load, read, to_json
from crlm_pathway.patient import LiverMetastasis, Patient
from crlm_pathway.predicates.records import facts_of

EVIDENCE = load()
CLAIMS = EVIDENCE.claims
TEXTS = {
    **{claim.id: claim.statement for claim in CLAIMS.values()},
    **{found.id: found.note for found in EVIDENCE.discrepancies.values()},
    **{f"not_used: {id_}": reason for id_, reason in EVIDENCE.not_used.items()},
}

WORDS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "sixteen": 16,
    "twice": 2,
    "fifth": 5,
    "fifths": 5,
    "september": 9,
}
"""Numbers that the English spells out and the Chinese writes in figures."""

NOT_IN_WORDS = {
    "cc-synchronous-25pct": "said as a quarter",
    "cc-10y-survival-30pct": "said as three in ten",
    "cc-upfront-resectable-20pct": "said as one fifth",
    "cc-initially-unresectable-80pct": "said as four fifths",
    "cc-kras-40pct": "said as four of ten",
    "cc-lifetime-over-half": "said as more than half",
    "rt-progression-on-first-line-25pct": "said as a quarter",
    "raise-named": "the range is said of both trials in second-line-orr",
    "axept-named": "the range is said of both trials in second-line-orr",
}
"""Claims whose statements do not write the figures of their values, and why."""


def numbers(text: str) -> Counter[float]:
    """The numbers in a text, those in names of drugs and trials included."""
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    text = re.sub(r"\bone of the\b", "", text, flags=re.IGNORECASE)
    text = re.sub(r"\ba quarter\b", "1/4", text)
    spelt = (WORDS.get(word, 0) for word in re.findall(r"[a-z]+", text.lower()))
    return Counter([*map(float, re.findall(r"\d+(?:\.\d+)?", text)), *filter(None, spelt)])


def test_a_text_gives_the_same_numbers_in_both_languages() -> None:
    differing = {name: text for name, text in TEXTS.items() if numbers(text.en) != numbers(text.zh)}
    assert not differing


def test_every_text_is_in_its_language() -> None:
    for name, text in TEXTS.items():
        assert re.search("[一-鿿]", text.zh), name
        assert not re.search("[一-鿿，。；：（）]", text.en), name


def test_a_statement_writes_the_figures_of_its_values() -> None:
    for claim in CLAIMS.values():
        figures = Counter(float(figure) for value in claim.values for figure in re.findall(r"[\d.]+", str(value)))
        assert (figures <= numbers(claim.statement.en)) is (claim.id not in NOT_IN_WORDS), claim.id


def test_all_of_the_article_is_there() -> None:
    assert len(CLAIMS) == 202
    assert list(EVIDENCE.references) == list(range(1, 47))
    assert len(EVIDENCE.papers) == len({paper.pmid for paper in EVIDENCE.papers}) == 44
    assert EVIDENCE.references[3] is EVIDENCE.references[37]
    assert EVIDENCE.references[8] is EVIDENCE.references[13]
    assert {number for claim in CLAIMS.values() for number in claim.references} == set(EVIDENCE.references)
    assert all(EVIDENCE.claims_of_discrepancy(id_) for id_ in EVIDENCE.discrepancies)


def test_papers_are_given_as_the_articles_list_gives_them() -> None:
    paper = EVIDENCE.references[16]
    assert (paper.key, paper.pmid, paper.doi) == ("Cremolini2015b", "26338525", "10.1016/S1470-2045(15)00122-9")
    assert str(paper).startswith("Cremolini C, Loupakis F, Antoniotti C, et al. FOLFOXIRI plus bevacizumab versus")
    assert str(paper).endswith("Lancet Oncol. 2015;16(13):1306-15. PMID: 26338525")
    assert EVIDENCE.references[21].authors[-1] == Author("RAISE Study Investigators")
    assert EVIDENCE.references[5].authors[2] == Author("van Oijen", "MGH")
    assert (EVIDENCE.references[4].month, EVIDENCE.references[4].day) == (4, 10)
    assert EVIDENCE.references[19].volume is None
    assert EVIDENCE.references[35].note == "discussion 483-5"


@given(sampled_from(EVIDENCE.papers))
def test_identifiers_have_the_form_of_their_kind(paper: Any) -> None:
    assert re.fullmatch(r"[A-Z][A-Za-z]+\d{4}[a-z]?", paper.key)
    assert str(paper.year) in paper.key
    assert re.fullmatch(r"\d{8}", paper.pmid)
    assert paper.doi is None or re.fullmatch(r"10\.\d{4,5}/\S+[^.\s]", paper.doi)
    assert paper.pmcid is None or re.fullmatch(r"PMC\d+", paper.pmcid)
    assert all(re.fullmatch(r"[A-Z]{0,3}", author.initials) for author in paper.authors)


def test_a_printed_figure_is_kept_and_the_computed_one_stands_beside_it() -> None:
    """As printed in the claim's values, confidence interval, P or number of patients."""
    for found in EVIDENCE.discrepancies.values():
        for figure in found.figures:
            claim = EVIDENCE.claim(figure.claim)
            assert found.id in claim.discrepancies
            printed = numbers(figure.printed)
            assert printed <= numbers(f"{claim.values} {claim.n} {claim.p} {claim.ci}"), (found.id, claim.id)
            assert figure.computed is None or numbers(figure.computed) != printed
    [figure] = EVIDENCE.discrepancies["D04"].figures
    assert (figure.claim, figure.printed, figure.computed) == ("codebreak100-dcr", "51%", "82.3%")


def test_computed_figures_are_right() -> None:
    computed = {
        (found.id, figure.claim): figure.computed
        for found in EVIDENCE.discrepancies.values()
        for figure in found.figures
        if figure.computed is not None
    }
    assert computed == {
        ("D01", "cairo5-orr-gain"): f"{53.5 - 33.3:.1f}%",
        ("D02", "cc-kras-g13d"): f"{8 / 47:.2%}",
        ("D03", "nivacor-orr"): f"{56 / 73:.1%}",
        ("D04", "codebreak100-dcr"): f"{51 / 62:.1%}",
        ("D06", "become-orr"): f"P={chi_square(66, 121, 44, 120):.3f}",
        ("D07", "visnu1-or"): f"{1 / 0.61:.2f} ({1 / 0.97:.2f}-{1 / 0.38:.2f})",
        ("D08", "sirflox-orr"): f"P={chi_square(0.787 * 265, 265, 0.688 * 265, 265):.3f}",
        ("D08", "sirflox-resectability"): f"P={chi_square(93, 244, 66, 228):.3f}",
        ("D08", "sirflox-resectability-gain"): f"P={chi_square(93, 244, 66, 228):.3f}",
    }


def chi_square(hits: float, n: float, others: float, m: float) -> float:
    """Pearson's test of two rates, without a correction for continuity."""
    from math import erfc, sqrt

    rate = (hits + others) / (n + m)
    z = (hits / n - others / m) / sqrt(rate * (1 - rate) * (1 / n + 1 / m))
    return erfc(abs(z) / sqrt(2))


def test_where_speaks_of_what_the_pathway_has() -> None:
    names = {state.name for state in CRLM.states} | set(CRLM.parameters)
    names |= set(facts_of(Patient)) | set(facts_of(LiverMetastasis))
    for claim in CLAIMS.values():
        assert set(re.findall(r"[a-z0-9]+(?:_[a-z0-9]+)+", claim.where)) <= names, claim.id


def test_locators_are_short() -> None:
    assert all(0 < len(claim.anchor) <= 12 for claim in CLAIMS.values())
    assert {claim.id for claim in CLAIMS.values() if claim.anchor_in == "references"} == {"ref19-ten-or-more"}


def test_claims_are_found_by_study_reference_and_discrepancy() -> None:
    assert [claim.id for claim in EVIDENCE.of_study("sirflox")][:2] == ["sirflox-role", "sirflox-n"]
    assert EVIDENCE.claims_of_reference(37) == EVIDENCE.claims_of_reference(3)
    assert {"cc-10y-survival-30pct", "psh-mda-repeat"} <= {claim.id for claim in EVIDENCE.claims_of_reference(3)}
    assert EVIDENCE.claims_of_reference(47) == ()
    with pytest.raises(UnknownClaim, match="did you mean `cairo5-orr`"):
        EVIDENCE.claim("cairo5_orr")


def test_embedding_does_not_read_the_evidence() -> None:
    code = "import crlm_pathway, sys; print([name for name in sys.modules if 'evidence' in name or name == 'cattrs'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The data files, to be broken."""
    source: Traversable = files("crlm_pathway.evidence")
    for name in ("claims.json", "references.json", "discrepancies.json", "not_used.json"):
        (tmp_path / name).write_text(source.joinpath(name).read_text("utf-8"), "utf-8")
    return tmp_path


def test_a_copy_reads_the_same(copy: Path) -> None:
    assert attrs.astuple(read(copy), recurse=False) == attrs.astuple(EVIDENCE, recurse=False)


def test_json_gives_back_what_the_files_hold(copy: Path) -> None:
    given_back = json.loads(json.dumps(to_json(EVIDENCE)))
    assert list(given_back["claims"].values()) == json.loads((copy / "claims.json").read_text("utf-8"))
    assert to_json(EVIDENCE.papers) == json.loads((copy / "references.json").read_text("utf-8"))
    assert given_back["not_used"] == json.loads((copy / "not_used.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("name", "before", "after", "message"),
    [
        ("claims.json", '"role"', '"roll"', r"claims\.json: .*roll"),
        ("claims.json", '"role": "scope"', '"role": "scoop"', r"claims\.json: .*role"),
        (
            "claims.json",
            '"paragraph": 1',
            '"paragraph": "1"',
            r"claims\.json: invalid value for type, expected int @ \$\[0\]\.paragraph",
        ),
        ("claims.json", '"cc-lifetime-over-half"', '"cc-crc-burden"', r"claims\.json: cc-crc-burden stands twice"),
        ("claims.json", '"references": [1]', '"references": [99]', "claim cc-crc-burden: there is no reference 99"),
        ("claims.json", '["D36"]', '["D99"]', "claim cc-crc-burden: there is no discrepancy D99"),
        ("references.json", '"numbers": [2]', '"numbers": [1]', r"references\.json: 1 stands twice"),
        ("references.json", "[", "[,", r"references\.json: line 1, column 2: expected JSON"),
        ("discrepancies.json", '"cairo5-orr-gain"', '"cairo5"', "discrepancy D01: there is no claim cairo5"),
        ("not_used.json", '"cc-crc-burden"', '"cc-burden"', "not_used: there is no claim cc-burden"),
        ("not_used.json", '"nivacor-design"', '"cc-crc-burden"', "cc-crc-burden: expected each key once"),
    ],
)
def test_a_broken_file_is_refused_with_the_place(copy: Path, name: str, before: str, after: str, message: str) -> None:
    path = copy / name
    text = path.read_text("utf-8")
    path.write_text(text.replace(before, after, 1), "utf-8")
    with pytest.raises(BrokenEvidence, match=message):
        read(copy)


@pytest.mark.parametrize("data", ["5", "null", '"text"', "{}"])
def test_a_file_of_something_else_is_refused(copy: Path, data: str) -> None:
    (copy / "discrepancies.json").write_text(data, "utf-8")
    with pytest.raises(BrokenEvidence, match=r"discrepancies\.json: expected a list"):
        read(copy)
    (copy / "discrepancies.json").write_text("[]", "utf-8")
    (copy / "not_used.json").write_text("[]", "utf-8")
    with pytest.raises(BrokenEvidence, match=r"not_used\.json: expected an object"):
        read(copy)


def test_a_missing_file_is_named(copy: Path) -> None:
    (copy / "discrepancies.json").unlink()
    with pytest.raises(BrokenEvidence, match=r"discrepancies\.json is missing"):
        read(copy)


def test_no_key_stands_twice_in_an_object() -> None:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len(dict(pairs)) == len(pairs), pairs
        return dict(pairs)

    for path in files("crlm_pathway.evidence").iterdir():
        if path.name.endswith(".json"):
            json.loads(path.read_text("utf-8"), object_pairs_hook=unique)
