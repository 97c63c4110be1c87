"""What the page about pictures shows of other programs' files."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent

PAGE = Path(__file__).resolve().parents[1] / "docs" / "embedding-pictures.md"


def samples() -> list[str]:
    """The code blocks that are not Python to be run, in their order."""
    block = re.compile(r"^:::\{code-block\} \w+\n(?::[^\n]*\n)*\n?(.*?)^:::$", re.MULTILINE | re.DOTALL)
    return [dedent(content) for content in block.findall(PAGE.read_text(encoding="utf-8"))]
