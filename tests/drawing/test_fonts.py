"""No picture shows a box for a letter: a font is shipped, the machine's help out, and what is missing is named."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from html import escape
from pathlib import Path
from typing import Any

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from crlm_pathway import CRLM
from crlm_pathway.drawing import child, draw, render
from crlm_pathway.drawing.errors import DrawingError
from crlm_pathway.drawing.fonts import SOME, environment, lacking, listed, strange
from crlm_pathway.drawing.lettering import FONTS_HERE, covered
from crlm_pathway.drawing.render import image

FONT = "Noto Sans SC"


def saying(*labels: str) -> str:
    """DOT text with a node for each label."""
    nodes = (f'n{index} [label=<{escape(label)}> fontname="{FONT}"]' for index, label in enumerate(labels))
    return f"digraph {{ {' '.join(nodes)} }}"


def fonts_of(pdf: bytes) -> set[bytes]:
    """The fonts embedded in a pdf."""
    return {name.split(b"+")[-1] for name in re.findall(rb"/FontName\s*/(\S+)", pdf)}


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without fonts: the folder where it would have them."""
    fonts = tmp_path / "machine"
    fonts.mkdir()
    configuration = tmp_path / "fonts.conf"
    configuration.write_text(
        f"<fontconfig><dir>{fonts}</dir><cachedir>{tmp_path / 'cache'}</cachedir></fontconfig>", encoding="utf-8"
    )
    monkeypatch.setenv("FONTCONFIG_FILE", str(configuration))
    monkeypatch.setenv("FONTCONFIG_PATH", "/nonexistent")
    monkeypatch.setenv("FONTCONFIG_SYSROOT", "/nonexistent")
    return fonts


def install(fonts: Path, name: str, letters: str) -> None:
    """Make a font in which each letter is a square."""
    pen = TTGlyphPen(None)
    for move, place in (
        (pen.moveTo, (50, 0)),
        (pen.lineTo, (50, 700)),
        (pen.lineTo, (550, 700)),
        (pen.lineTo, (550, 0)),
    ):
        move(place)
    pen.closePath()
    square, glyphs = pen.glyph(), [".notdef", *(f"g{index}" for index in range(len(letters)))]
    font = FontBuilder(1000)
    font.setupGlyphOrder(glyphs)
    font.setupCharacterMap({ord(letter): glyph for letter, glyph in zip(letters, glyphs[1:], strict=True)})
    font.setupGlyf(dict.fromkeys(glyphs, square))
    font.setupHorizontalMetrics(dict.fromkeys(glyphs, (600, 0)))
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupNameTable({"familyName": name, "styleName": "Regular", "psName": name})
    font.setupOS2()
    font.setupPost()
    font.save(fonts / f"{name}.ttf")


# -- the font shipped -------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("bare")
def test_the_font_shipped_is_embedded_and_no_other() -> None:
    assert fonts_of(image(saying("Response ≥ 20 mm ①", "疗效评估"), "pdf").data) == {b"NotoSansSC-Regular"}


@pytest.mark.usefixtures("bare")
def test_no_letter_of_the_font_shipped_is_drawn_as_a_box(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "strange", lambda dot: tuple(sorted(covered())))
    assert image(saying("a"), "png", dpi=36).data


@pytest.mark.parametrize("level", ["overview", "criteria", "evidence"])
def test_the_font_shipped_has_every_letter_of_our_own_pictures(level: Any) -> None:
    assert strange(draw(CRLM, level=level, language="both").decode()) == ()


def test_where_the_font_shipped_has_all_letters_the_machine_is_not_asked(tmp_path: Path) -> None:
    assert strange(saying("Response ≥ 20 mm ①", "疗效评估")) == ()
    configuration = Path(environment(tmp_path, machine=False)["FONTCONFIG_FILE"])
    assert "<include" not in configuration.read_text(encoding="utf-8")


def test_drawing_leaves_nothing_beside_the_font() -> None:
    before = sorted(path.name for path in FONTS_HERE.iterdir())
    image(saying("a"), "png")
    assert sorted(path.name for path in FONTS_HERE.iterdir()) == before


# -- letters that it lacks --------------------------------------------------------------------------------------------

MISSING = {
    "नमस्ते": r"'न' \(U\+0928\), .*DEVANAGARI VOWEL SIGN E \(U\+0947\): install Noto Sans Devanagari;",
    "a שלום": r"'ש' \(U\+05E9\), .*: install Noto Sans Hebrew;",
    "👨‍👩‍👧": r"'👨' \(U\+1F468\), '👩' \(U\+1F469\), '👧' \(U\+1F467\): install Noto Color Emoji or Noto Emoji;",
    "龘": r"'龘' \(U\+9F98\): install Noto Sans CJK, or pip install \"crlm-pathway\[fonts\]\";",
    "\ue000": r"no font here has U\+E000: leave them out, or install a font that has them;",
    "abcԱԲԳԴԵԶԷԸԹ": r"'Ա' .* and more: install Noto Sans Armenian;",
}


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize("format_", ["png", "pdf"])
@pytest.mark.parametrize("label", MISSING)
def test_a_letter_that_no_font_has_is_named_with_the_font_to_install(label: str, format_: str) -> None:
    with pytest.raises(DrawingError, match=MISSING[label]):
        image(saying("fine", label), format_)


@pytest.mark.usefixtures("bare")
def test_an_svg_carries_it_as_text_with_a_remark() -> None:
    picture = image(saying("नमस्ते"), "svg")
    assert "नमस्ते".encode() in picture.data
    (remark,) = picture.remarks
    assert remark.startswith("the picture may show boxes: no font here has 'न'")
    assert remark.endswith("install Noto Sans Devanagari")
    assert not image(saying("fine"), "svg").remarks


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize(
    "label", ["e\u0302", "a\u200db", "\u202ea\u202c", "\u2068a\u2069", "肝\ufe0f", "a\u2060b", "\ufeffa"]
)
def test_what_needs_no_shape_of_its_own_is_not_missed(label: str) -> None:
    assert strange(saying(label))
    assert image(saying(label), "png").data


def test_a_letter_that_a_font_of_the_machine_has_is_drawn_with_it(bare: Path) -> None:
    install(bare, "OwnSquares", "नमस")
    assert fonts_of(image(saying("नमस", "a"), "pdf").data) == {b"OwnSquares", b"NotoSansSC-Regular"}
    with pytest.raises(DrawingError, match=r"no font here has 'ꙮ' \(U\+A66E\): install Noto Sans;"):
        image(saying("नमसꙮ"), "pdf")


@pytest.mark.usefixtures("bare")
def test_the_full_font_is_used_where_it_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "pylopdf_fonts_zh_cn"
    package.mkdir()
    (package / "__init__.py").touch()
    install(package, "Full", "龘")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert fonts_of(image(saying("龘"), "pdf").data) == {b"Full"}


def test_where_fonts_cannot_be_asked_nothing_is_refused(bare: Path) -> None:
    assert child._missing(["नमस्ते"], bare) is None


@pytest.mark.parametrize(
    ("letters", "said"),
    [
        ("한", "Noto Sans CJK"),
        ("ก", "Noto Sans Thai"),
        ("ا", "Noto Sans Arabic"),
        ("𝔸", "Noto Sans Math"),
        ("𓀀", "Noto Sans Egyptian Hieroglyphs"),
        ("⠿", "Noto Sans Symbols 2"),
        ("☃", "Noto Color Emoji or Noto Emoji"),
        ("க한", "Noto Sans Tamil and Noto Sans CJK"),
    ],
)
def test_the_font_to_install_is_known_by_the_script(letters: str, said: str) -> None:
    assert lacking(letters).endswith(f": install {said}")


# -- the machine's own Graphviz ---------------------------------------------------------------------------------------


def test_fc_list_is_asked_for_each_letter_that_needs_a_shape() -> None:
    asked = []

    def kinds(letter: str, _seconds: float) -> str:
        asked.append(letter)
        return {"न": "TrueType\n", "म": "", "ꙮ": "PCF\n"}[letter]

    assert listed(("नम", "a\u200d\ufe0fꙮ"), kinds, 60) == "मꙮ"
    assert asked == ["न", "म", "ꙮ"]


def test_fc_list_is_asked_no_more_than_there_is_something_to_be_said_about() -> None:
    letters = "".join(map(chr, range(0x13000, 0x13400)))
    assert listed((letters,), lambda _letter, _seconds: "", 60) == letters[: SOME + 1]


def test_all_of_fc_list_together_has_so_many_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each time it is asked, four seconds go by."""
    now, given = 100.0, []
    monkeypatch.setattr(time, "monotonic", lambda: now)

    def kinds(letter: str, seconds: float) -> str:
        nonlocal now
        given.append(seconds)
        now += 4
        return "CFF" if letter == "न" else ""

    assert listed(("नमꙮगघच",), kinds, 10) == "मꙮ"
    assert given == [10, 6, 2]


@pytest.mark.parametrize("error", [FileNotFoundError("fc-list"), subprocess.TimeoutExpired("fc-list", 1)])
def test_where_fc_list_cannot_be_asked_nothing_more_is_refused(error: Exception) -> None:
    def kinds(letter: str, _seconds: float) -> str:
        if letter == "न":
            return ""
        raise error

    assert listed(("म",), kinds, 60) == ""
    assert listed(("नम",), kinds, 60) == "न"


@pytest.mark.skipif(sys.platform == "win32", reason="no fontconfig as a program")
def test_the_machines_fonts_are_looked_for_where_they_usually_are(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("FONTCONFIG_FILE", raising=False)
    configuration = Path(environment(tmp_path, machine=True)["FONTCONFIG_FILE"])
    assert "/etc/fonts/fonts.conf" in configuration.read_text(encoding="utf-8")
