"""Course files spoilt at random, in their structure and byte by byte; the same seed spoils in the same way."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from random import Random
from typing import Any, Final

Container = dict[str, Any] | list[Any]

STRANGE_STRINGS: Final = (
    "",
    " ",
    "\x00",
    "\x1b[2J",
    "\ud800",
    "\udfff\ud800",
    "\u202e",
    "\ufeff",
    "患者",
    "🙂" * 50,
    "e\u0301" * 30,
    "x" * 5000,
    "NaN",
    "null",
    "__class__",
    "a.b[0]",
    "[0]",
    "2024-02-30",
    "2024-01-01T00:00",
    "9999-12-31",
    "0001-01-01",
    "0000-00-00",
    "Mutant",
    "WILD-TYPE",
)
STRANGE_NUMBERS: Final = (
    *(0, -0.0, -1, 1, 2, 3.0, 1.5, 8, 9, 0.12, 0.1200001, 5e-324, 300, 520, 520.1),
    *(1e308, -1e308, 2**53, 2**63, -(2**64), 10**20, 10**400, float("inf"), float("-inf"), float("nan")),
)
KEYS: Final = (
    *("id", "patient", "visits", "on", "facts", "step", "lesions", "ras", "Ras", "lesion", "prior_lines"),
    *("deceased", "withdrawn", "destroyed", "treated_by", "liver_metastasis_count", "ras_variant"),
)


def places(data: Any) -> Iterator[tuple[Container, Any]]:
    """Every container in decoded JSON, with each key or index in it."""
    todo = [data]
    while todo:
        found = todo.pop()
        pairs = found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else ()
        for key, value in list(pairs):
            yield found, key
            todo.append(value)


def copied(data: Any) -> Any:
    """A copy of decoded JSON, faster than one of anything."""
    if isinstance(data, dict):
        return {key: copied(value) for key, value in data.items()}
    return list(map(copied, data)) if isinstance(data, list) else data


def nested(rng: Random) -> Any:
    """Junk some levels deep."""
    value: Any = strange(rng)
    for _ in range(rng.choice((1, 2, 5, 50))):
        value = [value] if rng.random() < 0.5 else {rng.choice(KEYS): value}
    return value


def strange(rng: Random) -> Any:
    """A value that seldom fits."""
    return rng.choice(
        (
            None,
            True,
            False,
            [],
            {},
            [[]],
            [None],
            [{}],
            {"": None},
            rng.choice(STRANGE_STRINGS),
            rng.choice(STRANGE_NUMBERS),
            rng.randint(-5, 30),
        )
    )


def retyped(value: Any) -> Any:
    """The same in another type."""
    match value:
        case bool():
            return int(value)
        case int() | float():
            return str(value)
        case str():
            return [value]
        case list():
            return {str(index): item for index, item in enumerate(value)}
        case dict():
            return list(value.values())
        case _:
            return "null"


def _delete(_rng: Random, within: Any, key: Any) -> None:
    del within[key]


def _replace(rng: Random, within: Any, key: Any) -> None:
    within[key] = strange(rng)


def _replace_deep(rng: Random, within: Any, key: Any) -> None:
    within[key] = nested(rng)


def _retype(_rng: Random, within: Any, key: Any) -> None:
    within[key] = retyped(within[key])


def _double(rng: Random, within: Any, key: Any) -> None:
    if isinstance(within, list):
        within.insert(rng.randint(0, len(within)), within[key])
    else:
        within[rng.choice(KEYS)] = within[key]


def _rename(rng: Random, within: Any, key: Any) -> None:
    if isinstance(within, dict):
        new = rng.choice((*KEYS, str(key).upper(), str(key)[1:], str(key) + "s", rng.choice(STRANGE_STRINGS)))
        within[new] = within.pop(key)
    else:
        within.reverse()


def _scale(rng: Random, within: Any, key: Any) -> None:
    within[key] = rng.choice(STRANGE_NUMBERS)
    with suppress(TypeError, OverflowError):  # no number, or one too large for a float
        within[key] = abs(within[key]) * rng.choice((-1, 10, 1e10, 1.0, 10**30))


_CHANGES: Final[tuple[Callable[[Random, Any, Any], None], ...]] = (
    *(_delete, _replace, _replace_deep, _retype, _double, _rename, _scale),
)


GENTLE: Final = 0.3
"""How often a course is left with what can be read: some of its parts are missing, that is all."""


def mutated(rng: Random, course: Any) -> Any:
    """A copy of decoded JSON with a few changes; now and then two of its parts change places, or some are left out."""
    changed = copied(course)
    changes = (_delete,) if rng.random() < GENTLE else _CHANGES
    for _ in range(rng.choice((1, 1, 1, 2, 3, 8))):
        found = list(places(changed))
        if not found:
            return strange(rng)
        within, key = rng.choice(found)
        if rng.random() < 0.1:
            other, other_key = rng.choice(found)
            value = copied(within[key])
            within[key] = copied(other[other_key])
            other[other_key] = value
        else:
            rng.choice(changes)(rng, within, key)
    return changed


STRANGE_BYTES: Final = (
    *(b"\xff", b"\x00", b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xef\xbb\xbf", b"\xff\xfe", b"\xe2\x80\xa8"),
    *(b'"', b"\\", b"\\u", b"\\ud800", b"\\u0000", b"{", b"}", b"[", b"]", b",", b":", b"\n", b"\r", b"\t", b" "),
    *(b"NaN", b"-Infinity", b"1e999", b"-", b"0", b"00", b"9" * 5000, b"1e5", b"true", b"null", b"nul", b"//", b"'"),
    *(b'"patient":', b'"ras":"mutant",', b"[" * 2000, b'{"a":' * 2000, b"\x1f\x8b\x08"),
)


def spoilt(rng: Random, text: bytes) -> bytes:
    """Text with a few of its bytes changed, left out, doubled or put in; or cut off."""
    for _ in range(rng.choice((1, 1, 1, 2, 5))):
        start = rng.randint(0, len(text))
        end = min(len(text), start + rng.choice((0, 1, 1, 2, 10, 300)))
        match rng.randrange(6):
            case 0:
                text = text[:start] + rng.choice(STRANGE_BYTES) + text[start:]
            case 1:
                text = text[:start] + rng.choice(STRANGE_BYTES) + text[end:]
            case 2:
                text = text[:start] + text[end:]
            case 3:
                text = text[:end] + text[start:end] + text[end:]
            case 4:
                text = text[:start] + bytes([rng.randrange(256)]) + text[start + 1 :]
            case _:
                text = text[:start] if rng.random() < 0.3 else text.replace(b'"', b"", 1)
    return text


def written(rng: Random, data: Any) -> bytes:
    """Decoded JSON as text, in one of the ways in which it can stand in a file."""
    indent = rng.choice((None, None, 1))
    text = json.dumps(data, ensure_ascii=rng.random() < 0.5, indent=indent)
    return text.encode("utf-8", "surrogatepass" if rng.random() < 0.1 else "backslashreplace")
