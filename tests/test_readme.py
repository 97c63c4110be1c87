"""What the README shows besides its code blocks, which `docs/test_code_blocks.py` tries."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from crlm_pathway import CRLM
from crlm_pathway.drawing import draw
from crlm_pathway.predicates.labels import LANGUAGES, Language

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_link_leads_somewhere() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)", README) if "://" not in link]
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_picture_is_that_of_the_pathway(language: Language) -> None:
    page = {"en": "README.md", "zh": "README.zh-CN.md"}[language]
    (shown,) = re.findall(r"!\[.*\]\((docs/.*\.svg)\)", (ROOT / page).read_text(encoding="utf-8"))
    drawn = draw(CRLM, direction="LR", width=190, language=language, format="svg")
    assert _words((ROOT / shown).read_text(encoding="utf-8")) == _words(drawn.decode())


def _words(picture: str) -> list[str]:
    """What a picture says, wherever it says it."""
    return sorted(map(unescape, re.findall(r"<text [^>]*>(.*?)</text>", picture)))
