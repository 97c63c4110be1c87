"""What can go wrong, as one family of exceptions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs


class PathwayError(Exception):
    """Base of every error this library raises on purpose."""


class DefinitionError(PathwayError):
    """A record, criterion or pathway is declared in a way that cannot work."""


@attrs.frozen
class Problem:
    """One thing wrong with one value of a user's data.

    `path` spells the place (`visits[2].facts.lesions[0].diameter_mm`), `value` is what stood there as it would be
    written in JSON, `expected` says what belongs there, unit included.
    """

    path: str
    expected: str
    value: str | None = None

    def __str__(self) -> str:
        got = "" if self.value is None else f", not {self.value}"
        return f"{self.path or 'the record'}: {self.expected}{got}"

    def under(self, prefix: str) -> Problem:
        """Return the same problem seen from one level further out."""
        joint = "" if not self.path or self.path.startswith("[") else "."
        return attrs.evolve(self, path=f"{prefix}{joint}{self.path}")


class DataError(PathwayError, ValueError):
    """A user's data break their declared domains; `problems` holds every one found, in the order of the data."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type[DataError], tuple[tuple[Problem, ...]]]:
        return (type(self), (self.problems,))


LONGEST_WORD = 100
"""Letters of a word that are looked at: a longer one is near to nothing, and comparing takes long."""


NEAR = 0.66
"""How alike two names are, of 1, that may be meant for each other."""
NEAR_VALUES = 0.7
"""Likewise of two values: they are short, and one suggested in another's place would turn a fact round."""
_NEGATIONS = ("un", "in", "non", "non_", "not_", "no_")


def did_you_mean(word: str, known: Iterable[str], cutoff: float = NEAR) -> str:
    """Return ` (did you mean `x`?)` for the nearest known word, or nothing when none is near.

    Capitals, and what stands between the parts of a word, make no difference. The opposite of a word is never near, nor
    is one with another figure: G12V is not G12D.
    """
    from difflib import get_close_matches

    spelled = _spelled(str(word)[:LONGEST_WORD])
    opposites = {f"{negation}{spelled}" for negation in _NEGATIONS}
    opposites |= {spelled.removeprefix(negation) for negation in _NEGATIONS if spelled.startswith(negation)}
    figures = _figures(spelled)
    meant = {name: one for one in known if not figures ^ _figures(name := _spelled(one))}
    near: Sequence[str] = get_close_matches(spelled, [one for one in meant if one not in opposites], n=1, cutoff=cutoff)
    return f" (did you mean `{meant[near[0]]}`?)" if near else ""


def _spelled(word: str) -> str:
    return word.casefold().replace("-", "_").replace(" ", "_")


def _figures(word: str) -> set[str]:
    """The parts of a word in which there are figures."""
    return {part for part in word.split("_") if any(map(str.isdigit, part))}


class MissingExtra(PathwayError, ImportError):
    """A package that only some need is not installed."""

    def __init__(self, what: str, package: str, extra: str) -> None:
        super().__init__(f"{what} needs {package}: pip install 'crlm-pathway[{extra}]'")
