"""What must hold at every step of every journey: what an author promises of a pathway."""

from __future__ import annotations

from typing import Any

import attrs

from ..predicates.errors import DefinitionError
from ..predicates.history import History
from ..predicates.labels import Text, as_text
from ..predicates.nodes import ALWAYS, NEVER, Entering, Leaving, Predicate, Taking, as_predicate, mapped
from ..predicates.reference import evaluate
from .model import Transition, name_field, sequence_of


def entering(*states: str) -> Predicate:
    """True of a step into one of these states; of a self transition too, unless `& ~leaving(...)` follows."""
    return Entering(_words(states, "entering"))


def leaving(*states: str) -> Predicate:
    """True of a step out of one of these states, self transitions included."""
    return Leaving(_words(states, "leaving"))


def taking(*keys: str) -> Predicate:
    """True of the transitions with these keys."""
    return Taking(_words(keys, "taking"))


def _words(words: tuple[str, ...], name: str) -> tuple[str, ...]:
    if not words or not all(isinstance(word, str) for word in words):
        raise DefinitionError(f"{name}(...) takes names in quotes, at least one, not {words!r}")
    return words


def _criterion(when: Any) -> Predicate | None:
    return None if when is None else as_predicate(when)


@attrs.frozen(kw_only=True)
class Invariant:
    """A promise about every step of every journey: what is `never` true of one, or what is `always` true.

    A criterion speaks of the step by `entering`, `leaving` and `taking`, and of the record and the history on which it
    was decided. Unknown is not true: it breaks an `always`, and does not break a `never`.
    """

    key: str = attrs.field(validator=name_field)
    text: Text = attrs.field(converter=as_text)
    never: Predicate | None = attrs.field(default=None, converter=_criterion, repr=False)
    always: Predicate | None = attrs.field(default=None, converter=_criterion, repr=False)

    def __attrs_post_init__(self) -> None:
        if (self.never is None) is (self.always is None):
            raise DefinitionError(f"invariant {self.key}: give either `never` or `always`")

    @property
    def when(self) -> Predicate:
        """The criterion, whether it is never or always to hold."""
        found = self.never if self.always is None else self.always
        assert found is not None
        return found

    def bound(self, when: Predicate) -> Invariant:
        """Return the same promise with its criterion exchanged."""
        return attrs.evolve(self, always=when) if self.never is None else attrs.evolve(self, never=when)

    def at(self, source: str, step: Transition) -> Predicate:
        """What the criterion says of the record and the history when the transition is taken from a state."""

        def grounded(part: Predicate) -> Predicate:
            match part:
                case Entering(states):
                    return ALWAYS if step.to in states else NEVER
                case Leaving(states):
                    return ALWAYS if source in states else NEVER
                case Taking(keys):
                    return ALWAYS if step.key in keys else NEVER
                case _:
                    return part

        return mapped(self.when, grounded)

    def broken_by(self, source: str, step: Transition, record: Any, history: History) -> bool:
        """Whether a step, decided on this record and this history, breaks the promise."""
        truth = evaluate(self.at(source, step), record, history)
        return truth is True if self.always is None else truth is not True


def invariants(items: Any) -> tuple[Invariant, ...]:
    """Any sequence will do to declare with; a tuple is kept."""
    return sequence_of(Invariant, items, "invariants")


def speaks_of_steps(predicate: Predicate) -> bool:
    """Whether a part of a criterion can be asked of a step only."""
    return isinstance(predicate, Entering | Leaving | Taking)
