"""The pages that follow something else, follow it."""

from __future__ import annotations

import importlib
import re
from html import unescape
from pathlib import Path

import pytest

import article_map
import crlm_pathway
from code_blocks import ROOT, Reader, blocks_of
from command_help import command_help
from crlm_pathway import CRLM
from crlm_pathway.cli import cli
from crlm_pathway.evidence import elements, load, uses
from facts_list import facts

DOCS = ROOT / "docs"
MADE = {
    "article-map": article_map.article_map,
    "claims": article_map.claims,
    "references": article_map.references,
    "discrepancies": article_map.discrepancies,
}


def places(markdown: str) -> list[str]:
    return re.findall(r"^\((.+)\)=$", markdown, flags=re.MULTILINE)


def test_what_is_made_of_the_pathway_is_linked_as_a_whole() -> None:
    made = [make() for make in MADE.values()]
    known = [place for markdown in made for place in places(markdown)]
    assert len(known) == len(set(known))
    linked = {place for markdown in made for place in re.findall(r"\]\(#([^)]+)\)", markdown)}
    assert linked <= set(known)


def test_the_article_map_has_every_element_with_every_claim_behind_it() -> None:
    markdown = article_map.article_map()
    for element in elements(CRLM):
        assert f"`{element.key}`" in markdown
        for language in (element.label.en, element.label.zh):
            assert language in markdown.replace("\\", "")
    assert {f"transition-{step.code.lower()}" for step in CRLM.transitions} <= set(places(markdown))
    assert set(re.findall(r"\(#claim-([^)]+)\)", markdown)) == set(uses(CRLM))


def test_every_claim_paper_and_discrepancy_has_its_place() -> None:
    evidence = load()
    assert {f"claim-{id_}" for id_ in evidence.claims} == set(places(article_map.claims()))
    assert {f"reference-{number}" for number in evidence.references} == set(places(article_map.references()))
    assert {f"discrepancy-{id_.lower()}" for id_ in evidence.discrepancies} == set(places(article_map.discrepancies()))


def test_every_fact_and_every_command_is_listed() -> None:
    listed = facts()
    for name in (*CRLM.record.__facts__, *crlm_pathway.LiverMetastasis.__facts__):  # type: ignore[attr-defined]
        assert f"\n`{name}`\n:" in listed
    helped = command_help()
    for name, command in cli.commands.items():
        assert f"Usage: crlm-pathway {name}" in helped
        assert all(option in helped for parameter in command.params for option in parameter.opts if option[:1] == "-")


def test_the_reference_names_every_public_name() -> None:
    reference = (DOCS / "api.md").read_text(encoding="utf-8")
    others = (f"crlm_pathway.{name}" for name in ("evidence", "testing", "verification"))
    modules = (crlm_pathway, *map(importlib.import_module, others))
    missing = [name for module in modules for name in module.__all__ if not re.search(rf"\b{name}\b", reference)]
    assert missing == ["__version__"]


def shown(page: str) -> list[str]:
    """The lines of the files that a page shows part by part."""
    lines: list[str] = []
    for block in blocks_of(DOCS / page):
        if block.language == "{literalinclude}":
            limits = dict(re.findall(r'^:([a-z-]+): "(.*)"$', block.content, flags=re.MULTILINE))
            rest = (DOCS / block.argument).read_text(encoding="utf-8").splitlines()
            first = next(number for number, line in enumerate(rest) if limits["start-at"] in line)
            end = limits.get("end-before")
            after = enumerate(rest[first + 1 :], start=first + 1)
            last = len(rest) if end is None else next(number for number, line in after if end in line)
            lines += rest[first:last]
    return lines


def test_the_pathway_explained_line_by_line_is_shown_whole_and_in_order() -> None:
    assert shown("sore_throat.md") == (ROOT / "examples/sore_throat.py").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_for_authors_shows_what_its_code_draws(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Reader(DOCS / "authoring.md", tmp_path).read()
    name = f"ankle.{language}.svg"
    assert words(DOCS / name) == words(tmp_path / name)


def words(picture: Path) -> list[str]:
    """What a picture says, wherever it says it."""
    return sorted(map(unescape, re.findall(r"<text [^>]*>(.*?)</text>", picture.read_text(encoding="utf-8"))))
