"""BibTeX that a parser reads back, and CSL-JSON by the rules of its schema."""

from __future__ import annotations

import json
import re
from typing import Any

import attrs
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import LatexDecodingMiddleware, SeparateCoAuthors, SplitNameParts
from bibtexparser.model import Entry
from hypothesis import given
from hypothesis.strategies import lists, sampled_from, text

from crlm_pathway.evidence import Author, Reference, load, to_bibtex, to_csl_json

EVIDENCE = load()
PAPERS = EVIDENCE.papers


def parsed(references: list[Reference] | tuple[Reference, ...]) -> list[Entry]:
    middleware = [SeparateCoAuthors(), SplitNameParts(), LatexDecodingMiddleware()]
    library = parse_string(to_bibtex(references), append_middleware=middleware)
    assert not library.failed_blocks
    return library.entries


def test_bibtex_gives_each_paper_back() -> None:
    entries = parsed([*EVIDENCE.references.values()])
    assert [entry.key for entry in entries] == [paper.key for paper in PAPERS]
    for entry, paper in zip(entries, PAPERS, strict=True):
        values = {field.key: field.value for field in entry.fields}
        assert entry.entry_type == "article"
        assert values["title"] == paper.title.replace("--", "–")
        assert (values["journal"], values["year"]) == (paper.journal, str(paper.year))
        assert (values.get("doi"), values["pmid"], values.get("pmcid")) == (paper.doi, paper.pmid, paper.pmcid)
        assert (values.get("volume"), values.get("number")) == (paper.volume, paper.issue)
        assert values.get("note") == paper.note
        assert values.get("pages") == (paper.pages and paper.pages.replace("-", "–"))
        assert len(values["author"]) == len(paper.authors)


def test_names_keep_their_particles_and_groups_stay_whole() -> None:
    [oijen, raise_] = parsed([EVIDENCE.references[5], EVIDENCE.references[21]])
    person = oijen["author"][2]
    assert (person.von, person.last, person.first) == (["van"], ["Oijen"], ["M.", "G.", "H."])
    assert raise_["author"][-1].last == ["{RAISE Study Investigators}"]


def test_capitals_that_mean_something_are_protected() -> None:
    text = to_bibtex([EVIDENCE.references[9], EVIDENCE.references[14], EVIDENCE.references[41]])
    assert "{MEK-1} activates {C-Raf} through a Ras-independent mechanism" in text
    assert "Bevacizumab Plus {mFOLFOX6} Versus {mFOLFOX6} Alone" in text
    assert r"(\ensuremath{\leq}5 mm)" in text


def test_letters_with_accents_stay_letters() -> None:
    assert "Boilève, A." in to_bibtex([EVIDENCE.references[28]])
    assert "D'Angelica, M. I." in to_bibtex([EVIDENCE.references[25]])


DECODED = "ˆ"  # as which the parser reads the ASCII circumflex
SIGNS = text(sampled_from("aÅ B9\\{}~^<>&%$#_≤,.:()é"), min_size=1).map(lambda it: " ".join(f"x{it}x".split()))


@given(SIGNS, lists(SIGNS, min_size=1, max_size=3))
def test_whatever_signs_a_title_has_come_back(title: str, notes: list[str]) -> None:
    papers = [attrs.evolve(PAPERS[0], key=f"K{place}", title=title, note=note) for place, note in enumerate(notes)]
    found = [(entry["title"], entry["note"]) for entry in parsed(papers)]
    assert found == [(title.replace("^", DECODED), note.replace("^", DECODED)) for note in notes]


NAME_KEYS = {"family", "given", "non-dropping-particle", "literal"}
STRINGS = {"id", "type", "title", "container-title", "volume", "issue", "page", "DOI", "PMID", "PMCID", "note"}


def test_csl_json_keeps_the_rules_of_its_schema() -> None:
    """CSL 1.0.2: `id` and `type` required, no unknown key, names and dates as objects of their own forms."""
    items = json.loads(json.dumps(to_csl_json(EVIDENCE.references.values())))
    assert [item["id"] for item in items] == [paper.key for paper in PAPERS]
    for item in items:
        assert item["type"] == "article-journal"
        assert set(item) <= STRINGS | {"author", "issued"}
        assert all(isinstance(item[key], str) and item[key] for key in STRINGS & set(item))
        for name in item["author"]:
            assert set(name) == {"literal"} or {"family", "given"} <= set(name) <= NAME_KEYS - {"literal"}
            assert all(isinstance(part, str) and part for part in name.values())
        [date] = item["issued"]["date-parts"]
        assert 1 <= len(date) <= 3
        assert all(type(part) is int for part in date)


def test_csl_json_gives_what_the_list_gives() -> None:
    item: dict[str, Any]
    [item, ahead] = to_csl_json([EVIDENCE.references[32], EVIDENCE.references[19]])
    assert item["author"][17] == {"non-dropping-particle": "de la", "family": "Cuesta", "given": "A. M."}
    assert item["author"][2] == {"family": "Van Hazel", "given": "G. A."}
    assert item["issued"] == {"date-parts": [[2019, 12]]}
    assert (item["volume"], item["issue"], item["page"]) == ("106", "13", "1837-1846")
    assert (item["DOI"], item["PMID"], item["PMCID"]) == ("10.1002/bjs.11283", "31424576", "PMC6899564")
    assert ahead["issued"] == {"date-parts": [[2022, 4, 25]]}
    assert "volume" not in ahead


def test_keys_do_not_depend_on_what_else_is_cited() -> None:
    alone = [re.findall(r"@article\{(\w+),", to_bibtex([paper]))[0] for paper in PAPERS]
    assert alone == [paper.key for paper in PAPERS]
    assert len(set(alone)) == len(PAPERS)


def test_a_group_has_no_initials() -> None:
    assert Author.parse("FOXFIRE trial investigators") == Author("FOXFIRE trial investigators", "")
    assert str(Author.parse("de la Cuesta, AM")) == "de la Cuesta AM"
