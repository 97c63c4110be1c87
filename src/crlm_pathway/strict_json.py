"""JSON text read strictly, with the place of everything that JSON allows and data must not have."""

from __future__ import annotations

import codecs
import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import attrs

from .predicates.errors import DataError, Problem
from .predicates.json_form import key_shown

Place = Callable[[int, int], str]
"""How a line and a column of a text, both counted from 1, are spelled in an error."""


def in_file(line: int, column: int) -> str:
    """Spell a place in a text that is a whole file."""
    return f"line {line}, column {column}"


class Malformed(DataError):
    """A text is no JSON; where it should have ended is anyone's guess."""


@attrs.frozen(repr=False)
class Unheld:
    """A number as it was written that no number of a computer holds: NaN, an infinity, or one too large."""

    written: str

    def __repr__(self) -> str:
        digits = self.written.removeprefix("-")
        return f"a number of {len(digits)} digits" if digits.isdigit() else self.written


def text_of(content: bytes, place: Place = in_file) -> str:
    """Decode UTF-8, with or without a byte order mark. Raises DataError."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        refuse_foreign(content)
        before = error.object[: error.start].decode()
        where = place(before.count("\n") + 1, len(before) - before.rfind("\n"))
        byte = f"the byte 0x{error.object[error.start]:02x}"
        raise DataError([Problem(where, "expected UTF-8 text", byte)]) from None


UTF8_MARK = codecs.BOM_UTF8
WHITE = b" \t\r\n"
"""What JSON knows as white space."""

_MARKS = {
    codecs.BOM_UTF32_LE: "UTF-32",  # begins like that of UTF-16, and is looked for first
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}


def refuse_foreign(content: bytes) -> None:
    """Raise DataError for text whose byte order mark announces another encoding than UTF-8."""
    for mark, name in _MARKS.items():
        if content.startswith(mark):
            expected = f"expected UTF-8 text, not {name} as its byte order mark says"
            raise DataError([Problem("the file", expected)])


def refuse_empty(text: str | bytes) -> None:
    """Raise DataError for a file in which there is nothing."""
    if not text.strip():
        raise DataError([Problem("the file", "expected JSON, but it is empty")])


def load_json(content: str | bytes) -> Any:
    """Decode JSON strictly: UTF-8, no duplicate keys, no NaN or infinity, no absurd nesting. Raises DataError."""
    data, problems = load_odd(content if isinstance(content, str) else text_of(content))
    problems += [
        Problem(path, "expected a finite number", str(value))
        for path, value in _places(data)
        if isinstance(value, Unheld)
    ]
    if problems:
        raise DataError(problems)
    return data


class Odd(Exception):
    """A text is no plain JSON: `load_odd` finds out what is odd about it."""


def load_plain(text: str) -> Any:
    """Decode JSON in which nothing is odd, as fast as can be; raise Odd for any other text."""
    try:
        return _plain.decode(text)
    except (ValueError, RecursionError):
        raise Odd from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Odd
    return found


def _refuse(_written: str) -> Any:
    raise Odd


_plain = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_refuse)


class _Doubled(dict[str, Any]):
    """An object in which keys stand twice; the last of them counts."""

    pairs: list[tuple[str, Any]]


def load_odd(text: str, place: Place = in_file) -> tuple[Any, list[Problem]]:
    """Decode JSON, and say which keys stand twice in one object.

    Numbers that cannot be held are left in it as `Unheld`, for the domains of facts to refuse. Raises Malformed for
    what is no JSON, DataError for what is empty or nested absurdly deep.
    """
    refuse_empty(text)
    doubled = False

    def object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal doubled
        found = dict(pairs)
        if len(found) != len(pairs):
            found = _Doubled(pairs)
            found.pairs = pairs
            doubled = True
        return found

    decoder = json.JSONDecoder(object_pairs_hook=object_of, parse_constant=Unheld, parse_int=_int, parse_float=_float)
    try:
        data = decoder.decode(text)
    except json.JSONDecodeError as error:
        where = place(error.lineno, error.colno)
        raise Malformed([Problem(where, f"expected JSON: {_in_plain_words(error)}")]) from None
    except RecursionError:
        raise DataError([Problem("the course", "expected JSON of a few levels, not nested this deep")]) from None
    return data, list(_standing_twice(data)) if doubled else []


_PLAIN_WORDS = {
    "Expecting property name": "a name in double quotes belongs here, or a comma before is too many",
    "Expecting ',' delimiter": "a comma or a closing bracket is missing before this",
    "Expecting ':' delimiter": "a colon is missing before this",
    "Expecting value": "what stands here is no value: a number, a text in double quotes, true, false, null, [ or {",
    "Extra data": "it should have ended before this",
    "Unterminated string": "the text that begins here has no closing quote",
    "Invalid control character": "a text goes on one line, without tabs",
    "Illegal trailing comma": "this comma is too many",
    "Invalid \\": "a backslash in a text is written twice",
}
"""What Python's decoder calls a slip, as it begins, and what there is to mend."""


_OTHER_LANGUAGES = {
    ("//", "/*", "#"): "it has no comments",
    ("'", *"“”„‘’«»「『"): 'a text stands in straight double quotes, "like this"',
    ("True", "False", "None"): "it spells true, false and null",
}
"""What may stand in a file that is nearly JSON, and what JSON has instead."""


def _in_plain_words(error: json.JSONDecodeError) -> str:
    here = error.doc[error.pos : error.pos + 10].lstrip()
    for others, words in _OTHER_LANGUAGES.items():
        if here.startswith(others):
            return words
    return next((words for begun, words in _PLAIN_WORDS.items() if error.msg.startswith(begun)), error.msg)


def _int(written: str) -> int | Unheld:
    try:
        return int(written)
    except ValueError:  # more digits than Python converts
        return Unheld(written)


def _float(written: str) -> float | Unheld:
    value = float(written)
    return Unheld(written) if value in (float("inf"), float("-inf")) else value


def _standing_twice(data: Any) -> Iterator[Problem]:
    for path, value in _places(data):
        if isinstance(value, _Doubled):
            times = Counter(key for key, _ in value.pairs)
            for key in (key for key, number in times.items() if number > 1):
                place = Problem(key_shown(key), "expected each key once in an object, not twice")
                yield place.under(path) if path else place


def _places(data: Any) -> Iterator[tuple[str, Any]]:
    """Everything in decoded JSON, with its path."""
    todo = [("", data)]
    while todo:  # not by recursion, which ends before JSON does
        path, value = todo.pop()
        yield path, value
        if isinstance(value, list):
            inner = [(f"{path}[{index}]", item) for index, item in enumerate(value)]
        elif isinstance(value, dict):
            pairs = value.pairs if isinstance(value, _Doubled) else value.items()
            inner = [(f"{path}.{key_shown(key)}".lstrip("."), item) for key, item in pairs]
        else:
            continue
        todo.extend(reversed(inner))
