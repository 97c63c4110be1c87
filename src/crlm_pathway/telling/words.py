"""Words for people in one language or both, to be printed by rich."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from rich.cells import cell_len
from rich.console import Console, JustifyMethod, OverflowMethod, RenderableType
from rich.containers import Lines
from rich.table import Table
from rich.text import Text as RichText

from ..predicates.labels import Language, Text, printable

Languages = Sequence[Language]
"""The languages to tell in, in this order."""

Words = Callable[[Language], str]


_OPENING = "（［《【「『“‘"
_CLOSING = "）］》】」』”’，。；：、！？"
_CJK = "\u2e80-\u303f\u3041-\u9fff\uf900-\ufaff\uff00-\uff60"
_WORD = rf"(?:[<>≤≥=] |[A-Z]{{3,}} (?=\d))?[^\s{_OPENING}{_CLOSING}{_CJK}]+"
_UNIT = re.compile(rf"[{_OPENING}]*(?:{_WORD}|[^\s{_OPENING}{_CLOSING}])?[{_CLOSING}]*\s*", re.DOTALL)
"""What stays on one line: a word, or a Chinese character, with its punctuation; `≥ 3` and `RECIST 1.1` too."""


class Prose(RichText):
    """Words that wrap as both languages are set: Chinese anywhere but before its closing punctuation."""

    def wrap(
        self,
        console: Console,
        width: int,
        *,
        justify: JustifyMethod | None = None,
        overflow: OverflowMethod | None = None,
        tab_size: int = 8,
        no_wrap: bool | None = None,
    ) -> Lines:
        """Return the lines that fit into a width in cells."""
        if no_wrap:
            return super().wrap(console, width, justify=justify, overflow=overflow, tab_size=tab_size, no_wrap=no_wrap)
        lines = Lines()
        for paragraph in self.split(allow_blank=True):
            lines.extend(paragraph.divide(breaks(paragraph.plain, width)))
        for line in lines:
            line.rstrip()
        return lines


def breaks(words: str, width: int) -> Iterator[int]:
    """Where lines of a width in cells end; what is too long for a line of its own is cut."""
    used = 0
    for unit in _UNIT.finditer(words):
        taken = cell_len(unit[0].rstrip())
        if used and used + taken > width:
            yield unit.start()
            used = 0
        for index, character in enumerate(unit[0].rstrip() if taken > width else "", start=unit.start()):
            if used + cell_len(character) > width:
                yield index
                used = 0
            used += cell_len(character)
        used += cell_len(unit[0]) if taken <= width else cell_len(unit[0]) - taken


def styled(words: str, style: str = "") -> Prose:
    """Words in a style, without what could upset a terminal."""
    return Prose("\n".join(map(printable, words.split("\n"))), style=style)


def said(words: Words, languages: Languages) -> dict[str, Language]:
    """The words in each language, and the language; once where the languages agree."""
    found: dict[str, Language] = {}
    for language in languages:
        found.setdefault(words(language), language)
    return found


def spoken(words: Words, languages: Languages, style: str = "") -> RenderableType:
    """The words, a line for each language."""
    return styled("\n".join(said(words, languages)), style)


def counted(number: int, one_many: tuple[Text, Text], language: Language) -> str:
    """So many of something."""
    one, many = one_many
    return (one if number == 1 else many).in_(language).format(number)


def row(mark: str, words: Words, languages: Languages, style: str = "") -> RenderableType:
    """A mark, and beside it the words, a line for each language; what is too long goes on below itself."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(ratio=1, overflow="fold")
    grid.add_row(styled(mark, style), spoken(words, languages, style))
    return grid
