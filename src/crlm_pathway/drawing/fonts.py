"""The fonts that a picture is drawn with: the one shipped here, and the machine's for letters that it lacks."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from xml.sax.saxutils import escape

from .lettering import FONTS_HERE, covered

_STANDARD_PLACES = {
    "darwin": ("/System/Library/Fonts", "/Library/Fonts", "~/Library/Fonts"),
    "win32": ("WINDOWSFONTDIR", "~/AppData/Local/Microsoft/Windows/Fonts"),
}
"""Where a system keeps its fonts that seldom has a configuration of fontconfig."""

_FULL = "pylopdf_fonts_zh_cn"
"""The package of the extra `fonts`: the font that the one shipped here is a part of."""

_DRAWN_BY_PANGO = {"TrueType", "CFF"}
_UNDATED = {"SOURCE_DATE_EPOCH": "946684800", "TZ": "UTC"}
SOME = 6
"""So many missing letters are named."""


def strange(dot: str) -> tuple[str, ...]:
    """The words of DOT text with letters that the font shipped here lacks; these are left to the machine's fonts."""
    known = covered() | {"\t", "\n"}
    if known.issuperset(dot):
        return ()
    return tuple(dict.fromkeys(word for word in re.split(r'[\s<>"&;]+', dot) if not known.issuperset(word)))


def environment(folder: Path, *, machine: bool) -> Mapping[str, str]:
    """This process's environment, with a font configuration of the picture's own: its files are put into a folder.

    With `machine`, letters are looked for in the machine's fonts too; else a picture is the same wherever it is drawn.
    """
    # Fontconfig leaves files beside the fonts it reads: it gets a copy.
    (folder / "fonts").mkdir()
    for file in FONTS_HERE.glob("*.otf"):
        shutil.copy(file, folder / "fonts")
    configuration = folder / "fonts.conf"
    configuration.write_text("\n".join(_configuration(folder, machine)), encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if name != "FONTCONFIG_SYSROOT"}
    return {**kept, "FONTCONFIG_FILE": str(configuration), "PANGOCAIRO_BACKEND": "fc", **_UNDATED}


def _configuration(folder: Path, machine: bool) -> Iterator[str]:
    yield '<?xml version="1.0"?>'
    yield "<fontconfig>"
    yield f"<dir>{escape(str(folder / 'fonts'))}</dir>"
    yield f"<cachedir>{escape(str(folder / 'cache'))}</cachedir>"
    if machine:
        own = os.environ.get("FONTCONFIG_FILE")
        for other in (own,) if own else ("fonts.conf", "/etc/fonts/fonts.conf"):
            yield f'<include ignore_missing="yes">{escape(other)}</include>'
        for place in () if own else _STANDARD_PLACES.get(sys.platform, ()):
            yield f"<dir>{escape(place)}</dir>"
        full = find_spec(_FULL)
        for place in (full and full.submodule_search_locations) or ():
            yield f"<dir>{escape(place)}</dir>"
    yield "</fontconfig>"


def listed(words: tuple[str, ...], asked: Callable[[str, float], str], seconds: float) -> str:
    """The letters of some words that no font has, by `fc-list`; as many of them as are found in so many seconds.

    `asked` runs it for one letter, in so many seconds at most. No more are looked for than there is something to be
    said about.
    """
    needed = dict.fromkeys(letter for word in words for letter in word if _seen(letter) and letter not in covered())
    until = time.monotonic() + seconds
    missing = ""
    with suppress(OSError, subprocess.SubprocessError):
        for letter in needed:
            left = until - time.monotonic()
            if left <= 0 or len(missing) > SOME:
                break
            if _DRAWN_BY_PANGO.isdisjoint(asked(letter, left).split("\n")):
                missing += letter
    return missing


def _seen(letter: str) -> bool:
    """Whether a character needs a shape: marks of direction, joiners and selectors do not."""
    selector = "VARIATION SELECTOR" in unicodedata.name(letter, "")
    return not selector and unicodedata.category(letter) not in ("Cf", "Cc", "Zs")


# -- what to do about missing letters ---------------------------------------------------------------------------------


def lacking(letters: str) -> str:
    """What to say about letters that no font has, and what to do."""
    named = map(_shown, islice(letters, SOME))
    more = " and more" if len(letters) > SOME else ""
    fonts = list(dict.fromkeys(filter(None, map(_font, letters))))
    remedy = f"install {' and '.join(fonts)}" if fonts else "leave them out, or install a font that has them"
    return f"no font here has {', '.join(named)}{more}: {remedy}"


def _shown(letter: str) -> str:
    name = unicodedata.name(letter, "")
    code = f"U+{ord(letter):04X}"
    if not name:
        return code
    return f"{name if unicodedata.category(letter)[0] == 'M' else repr(letter)} ({code})"


_SCRIPT_ENDS_AT = re.compile(
    r" (?:(?:SMALL|CAPITAL|FINAL|INDEPENDENT|DEPENDENT|SUBJOINED|COMBINING|CONSONANT|VOWEL|CHARACTER|LETTER|SYLLABLE|"
    r"SYLLABICS|SIGN|DIGIT|NUMBER|NUMERIC|MARK|IDEOGRAPH|TONE|LIGATURE|HIEROGLYPH)\b|.*-)"
)
_FONTS = {
    'Noto Sans CJK, or pip install "crlm-pathway[fonts]"': r"CJK|KANGXI",
    "Noto Sans CJK": r"HANGUL|HIRAGANA|KATAKANA|BOPOMOFO|IDEOGRAPHIC|FULLWIDTH|HALFWIDTH",
    "Noto Sans": r"LATIN|GREEK|CYRILLIC|COMBINING|MODIFIER LETTER|SUPERSCRIPT|SUBSCRIPT",
    "Noto Sans Math": r"MATHEMATICAL|N-ARY|DOUBLE-STRUCK|SCRIPT|BLACK-LETTER",
    "Noto Music": r"MUSICAL",
    "Noto Sans Egyptian Hieroglyphs": r"EGYPTIAN",
    "Noto Sans Canadian Aboriginal": r"CANADIAN",
    "Noto Serif Tibetan": r"TIBETAN",
    "Noto Sans Symbols 2": r"BRAILLE|BOX|CIRCLED|PARENTHESIZED|NEGATIVE",
}


def _font(letter: str) -> str | None:
    """The font that has a letter, by the script in its name; None for a character without a name."""
    name = unicodedata.name(letter, "")
    if not name:
        return None
    for font, scripts in _FONTS.items():
        if re.match(rf"(?:{scripts})\b", name):
            return font
    if unicodedata.category(letter)[0] in "SP":
        emoji = "\U0001f000" <= letter <= "\U0001faff" or "\u2600" <= letter <= "\u27bf"
        return "Noto Color Emoji or Noto Emoji" if emoji else "Noto Sans Symbols 2"
    return f"Noto Sans {_SCRIPT_ENDS_AT.split(name)[0].title()}"
