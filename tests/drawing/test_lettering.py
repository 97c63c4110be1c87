"""Text is measured as the font shipped draws it, and broken into as few and as narrow lines as can be."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, strategies as st

from crlm_pathway.drawing.lettering import FONTS_HERE, covered, measured, wrapped

CHINESE = "疗效欠佳，肝脏区域治疗（含姑息）"
WORDS = st.lists(st.text("abcdeWi", min_size=1, max_size=6) | st.sampled_from(CHINESE), min_size=1, max_size=30)
ANY_TEXT = st.text(max_size=60) | st.text(st.sampled_from("ab Wi，（）肝癌.,(\u0301\u200d👨🏽"), max_size=40)


def squeezed(text: str) -> str:
    return text.replace(" ", "")


def greedy(text: str, width: float) -> int:
    """How many lines are needed where a line may be broken at spaces only."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".lstrip()
        if measured(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return len(lines)


def test_widths_are_those_of_the_font_shipped() -> None:
    font: Any = TTFont(FONTS_HERE / "NotoSansSC-Regular.otf")
    characters = font.getBestCmap()
    assert covered() == set(map(chr, characters))
    for code, glyph in characters.items():
        stands = unicodedata.category(chr(code)) not in ("Cf", "Mn")
        assert measured(chr(code)) * font["head"].unitsPerEm == pytest.approx(font["hmtx"][glyph][0] * stands)


def test_a_chinese_character_is_one_em_wide_whether_the_font_has_it_or_not() -> None:
    assert measured("肝") == measured("龘") == 1.0
    assert measured("龘e\u0301") == 1.0 + measured("e")


def test_the_width_of_a_text_is_the_sum_of_its_letters_exactly() -> None:
    assert measured("il" * 5000) == 5000 * 559 / 1000


@given(ANY_TEXT, st.floats(0, 40))
def test_wrapping_keeps_every_letter_and_the_width(text: str, width: float) -> None:
    lines = wrapped(text, width)
    assert squeezed("".join(lines)) == squeezed(text)
    assert all(lines)
    for line in lines:
        assert measured(line) <= width or sum(measured(letter) > 0 for letter in line) == 1


@given(WORDS, st.floats(6, 20))
def test_lines_are_no_wider_than_so_many_lines_need(words: list[str], width: float) -> None:
    text = " ".join(words)
    lines = wrapped(text, width)
    narrowest = max(map(measured, words))
    widest = max(map(measured, lines))
    assert len(lines) == 1 or widest == narrowest or len(wrapped(text, widest - 0.001)) > len(lines)


@given(WORDS, st.floats(6, 20))
def test_lines_are_as_few_as_can_be(words: list[str], width: float) -> None:
    text = " ".join(words)
    assert len(wrapped(text, width)) == greedy(text, width)


@pytest.mark.parametrize("width", [4.0, 5.0, 6.0, 7.0])
def test_chinese_lines_neither_begin_with_a_comma_nor_end_with_a_bracket(width: float) -> None:
    lines = wrapped(CHINESE, width)
    assert not any(line.startswith(("，", "）")) or line.endswith("（") for line in lines)


@given(st.text(st.sampled_from("ab 肝，\u0301\u0651"), max_size=40))
def test_no_line_starts_with_an_accent(text: str) -> None:
    words = " ".join(word for word in text.split() if word[0] not in "\u0301\u0651")
    assert not any(line.startswith(("\u0301", "\u0651")) for line in wrapped(words, 4.0))


def test_a_family_is_not_parted_nor_a_skin_from_its_tone() -> None:
    assert wrapped("👨\u200d👩\u200d👧👍🏽👍🏽", 4.0) == ["👨\u200d👩\u200d👧", "👍🏽👍🏽"]


def test_a_word_longer_than_the_line_is_broken_inside() -> None:
    lines = wrapped("a " + "m" * 50, 10.0)
    assert "".join(lines) == "a" + "m" * 50
    assert all(len(line) > 5 for line in lines[1:-1])


@pytest.mark.parametrize("text", ["", " ", "     "])
def test_of_nothing_there_is_no_line(text: str) -> None:
    assert wrapped(text, 12.0) == []


@pytest.mark.parametrize("text", ["word and another, " * 300, CHINESE * 300, "x" * 5000, "(" * 5000, "\u0301" * 5000])
def test_labels_of_thousands_of_letters_are_wrapped_too(text: str) -> None:
    assert squeezed("".join(wrapped(text, 12.0))) == squeezed(text)
