"""README.zh-CN.md shows what README.md shows, block for block, and calls things as the library calls them."""

from __future__ import annotations

import io
import re
import shlex
import tokenize
from collections.abc import Iterator, Sequence
from html import unescape
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from crlm_pathway import CRLM, Provenance
from crlm_pathway.about import DISCLAIMER
from crlm_pathway.evidence import Kind, Role, load

ROOT = Path(__file__).parents[1]
ENGLISH = (ROOT / "README.md").read_text(encoding="utf-8")
CHINESE = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
CHINESE_FOR = {"README.zh-CN.md": "README.md", "docs/pathway.en.svg": "docs/pathway.zh.svg"}
"""Where the Chinese page leads instead."""
ONLY_WORDS = ("text", "softbreak", "em_open", "em_close")
"""What belongs to how a sentence is put: Chinese is not set in italics."""

# -- the two pages, without what is in one language --------------------------------------------------------------------

Frame = list[tuple[object, ...]]


def frame(page: str) -> Frame:
    """The blocks of a page in their order, each with what does not depend on the language."""
    return [_block(token) for token in MarkdownIt().parse(page)]


def _block(token: Token) -> tuple[object, ...]:
    match token.type:
        case "fence":
            return token.type, token.info, _fence(token)
        case "inline":
            shown = [child for child in token.children or [] if child.type not in ONLY_WORDS]
            words = "".join(child.content for child in token.children or [] if child.type == "text")
            return (
                token.type,
                sorted((child.type, child.content if child.type == "code_inline" else "") for child in shown),
                sorted(CHINESE_FOR.get(link, link) for link in _links(token)),
                sorted(re.findall(r"[0-9]+(?:\.[0-9]+)*", words)),
            )
        case _:
            return token.type, token.tag, token.info


def _links(token: Token) -> Iterator[str]:
    for child in token.children or []:
        for name in ("href", "src"):
            if name in child.attrs:
                yield str(child.attrs[name])


def _fence(token: Token) -> Sequence[object]:
    """What a block does, and where it has a comment."""
    match token.info:
        case "python":
            return list(_python(token.content))
        case "console":
            return [
                (shlex.split(line, comments=True), " #" in line) if line.startswith("$ ") else line
                for line in token.content.splitlines()
            ]
        case _:
            return token.content.splitlines()


def _python(source: str) -> Iterator[tuple[str, bool]]:
    comments = {
        token.start[0]: token.start[1]
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    }
    for number, line in enumerate(source.splitlines(), start=1):
        yield line[: comments.get(number)].rstrip(), number in comments


# -- in step -----------------------------------------------------------------------------------------------------------


def test_both_pages_show_the_same() -> None:
    assert frame(CHINESE) == frame(ENGLISH)


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("\n## ", "\n### "),
        ("```json\n", "```jsonl\n"),
        ("$ make test ", "$ make check "),
        ("$ crlm-pathway run course.json  ", "$ crlm-pathway run course.json --all  "),
        ("--lang zh  #", "--lang en  #"),
        ('"prior_lines": 0', '"prior_lines": 1'),
        ("(2024, 1, 8)", "(2024, 1, 9)"),
        ("step.because())  # ... NED", "step.because())\n# ... NED"),
        ("  # FOLFOXIRI + bevacizumab\n", "\n"),
        ("\nprint(decision.waiting_for)", "\n# print(decision.waiting_for)"),
        ('"fitness": "unfit"', '"fitness": "doublet"'),
        ("](examples/embed.py)", "](examples/snapshots.py)"),
        ("[`examples/courses/`](examples/courses)", "`examples/courses/`"),
        ("docs/pathway.", "docs/ankle."),
        ("](README.", "](READYOU."),
        ("202", "203"),
        ("44", "46"),
        ("3.11", "3.12"),
        ("(max_regional_rounds=2)", "(max_regional_rounds=3)"),
        ("`null`", "null"),
        ("> **", "> "),
        ("\n> **", "\n\n**"),
        ("\n- **", "\n\n**"),
        ("\n## ", "\n---\n\n## "),
    ],
)
def test_a_change_of_one_page_alone_is_noticed(here: str, there: str) -> None:
    assert here in ENGLISH
    assert here in CHINESE
    assert frame(ENGLISH.replace(here, there, 1)) != frame(CHINESE)
    assert frame(CHINESE.replace(here, there, 1)) != frame(ENGLISH)


@pytest.mark.parametrize(("page", "other"), [(ENGLISH, CHINESE), (CHINESE, ENGLISH)], ids=["english", "chinese"])
def test_a_block_of_one_page_alone_is_noticed(page: str, other: str) -> None:
    lines = page.splitlines(keepends=True)
    spans = {tuple(token.map) for token in MarkdownIt().parse(page) if token.map is not None}
    for first, end in spans:
        assert frame("".join(lines[:first] + lines[end:])) != frame(other)
        assert frame("".join([*lines[:end], "\n", *lines[first:]])) != frame(other)


# -- the Chinese page --------------------------------------------------------------------------------------------------


def test_every_link_leads_somewhere() -> None:
    links = [link for token in MarkdownIt().parse(CHINESE) for link in _links(token)]
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_each_page_leads_to_the_other() -> None:
    assert "[English](README.md)" in CHINESE
    assert "[中文](README.zh-CN.md)" in ENGLISH


def test_the_picture_shows_every_state_and_every_transition() -> None:
    (shown,) = re.findall(r"!\[.*\]\((docs/.*\.svg)\)", CHINESE)
    picture = (ROOT / shown).read_text(encoding="utf-8")
    said = set(map(unescape, re.findall(r"<text [^>]*>(.*?)</text>", picture)))
    assert {step.code for step in CRLM.transitions} <= said
    assert {state.text.zh for state in CRLM.states} - said == {"姑息治疗（含姑息性全身治疗）"}


def test_paragraphs_stand_on_one_line_each() -> None:
    # A line break would show as a space between two Chinese characters.
    tokens = MarkdownIt().parse(CHINESE)
    assert [token.content for token in tokens if token.type == "inline" and "\n" in token.content] == []


def test_things_are_called_as_the_library_calls_them() -> None:
    terms = [
        CRLM.text.zh.partition("：")[0],
        CRLM.state(CRLM.start).text.zh,
        CRLM.state("local_treatment").tables[0].text.zh,
        *re.findall("[^，；。]+", DISCLAIMER.zh),
        *(provenance.text.zh for provenance in Provenance),
        *(kind.text.zh for kind in (Kind.STATE, Kind.TRANSITION, Kind.CLAIM, Kind.PARAMETER, Kind.DISCREPANCY)),
        Role.OUTCOME_RATE.text.zh,
    ]
    assert [term for term in terms if term not in CHINESE] == []


def test_both_pages_promise_as_many_claims_and_papers_as_there_are() -> None:
    claims, papers = len(load().claims), len(load().papers)
    assert f"{claims} claims and {papers} papers" in " ".join(ENGLISH.split())
    assert f"{claims}条依据和{papers}篇文献" in CHINESE
