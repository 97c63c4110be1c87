"""What the README shows besides its code blocks, which `docs/test_code_blocks.py` tries."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

from crlm_pathway import CRLM

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_link_leads_somewhere() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)", README) if "://" not in link]
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_picture_shows_every_state_and_every_transition() -> None:
    (shown,) = re.findall(r"!\[.*\]\((docs/.*\.svg)\)", README)
    picture = (ROOT / shown).read_text(encoding="utf-8")
    said = set(map(unescape, re.findall(r"<text [^>]*>(.*?)</text>", picture)))
    assert {step.code for step in CRLM.transitions} <= said
    assert {state.text.en for state in CRLM.states} - said == {"Palliative care, palliative systemic therapy included"}
