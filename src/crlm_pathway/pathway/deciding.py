"""What deciding returns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs

from ..predicates.history import History
from .errors import AmbiguousDecision, NoDecision, WrongHistory
from .model import Transition
from .showing import Shown

if TYPE_CHECKING:
    from ..predicates.waiting import Place
    from .pathway import Pathway


@attrs.frozen
class Question:
    """What an undecided decision was asked."""

    pathway: Pathway = attrs.field(repr=False, eq=False)
    state: str = attrs.field(repr=False, eq=False)
    record: Any
    history: History

    @property
    def places(self) -> tuple[Place, ...]:
        """The unknown facts that could still decide it, in the order declared."""
        from ..predicates.waiting import waiting_for

        try:
            return waiting_for(self.pathway.guards(self.state), self.record, self.history)
        except AttributeError:  # whoever decided may not have looked at the history
            refuse_history(self.history)
            raise

    def decided_by(self, record: Any) -> bool:
        """Whether another record, in which more is known, would decide it."""
        try:
            return self.pathway.decide(self.state, record, self.history).transition is not None
        except AmbiguousDecision:
            return True
        except NoDecision:
            return False


def refuse_history(history: object) -> None:
    """Refuse a history that is none."""
    if not isinstance(history, History):
        hint = ": write History(**...)" if isinstance(history, Mapping) else ""
        raise WrongHistory(f"decisions are made on a History, as journey.history is, not on {history!r}{hint}")


@attrs.frozen
class Decision(Shown):
    """What a state does with a record: the one enabled transition, or None while it waits."""

    state: str
    transition: Transition | None
    question: Question | None = attrs.field(default=None, repr=False)
    _pathway: Pathway | None = attrs.field(default=None, repr=False, eq=False, kw_only=True, alias="pathway")

    def __copy__(self) -> Decision:
        return self  # nothing of it changes

    def __deepcopy__(self, _known: object) -> Decision:
        return self

    def __getstate__(self) -> tuple[str, Transition | None, Question | None]:
        return (self.state, self.transition, self.question)  # a decision is sent often, its pathway once

    def __setstate__(self, state: tuple[str, Transition | None, Question | None]) -> None:
        for name, value in zip(("state", "transition", "question", "_pathway"), (*state, None), strict=True):
            object.__setattr__(self, name, value)

    def __str__(self) -> str:
        if self.transition is not None:
            return f"{self.state}: {self.transition}"
        return (
            f"{self.state}: waits for {', '.join(self.waiting_for)}" if self.waiting_for else f"{self.state}: the end"
        )

    @property
    def pathway(self) -> Pathway | None:
        """The pathway that decided; None where a decision that does not wait has been pickled."""
        return self._pathway if self.question is None else self.question.pathway

    @property
    def waiting_for(self) -> tuple[str, ...]:
        """Paths of the unknown facts that could still decide it (`ras`, `lesions[0].diameter_mm`), as declared."""
        return () if self.question is None else tuple(place.path for place in self.question.places)
