"""What was found out about a pathway: obligations, each with its status and, where it fails, what shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import attrs

from ..predicates.labels import LabelledEnum, Text

NOTHING = Text("")


class Kind(LabelledEnum):
    """What is to be proved."""

    TOTAL = "total", "nobody falls through", "无人遗漏"
    EXCLUSIVE = "exclusive", "nobody gets two answers", "答案唯一"
    ALIVE = "alive", "it can happen", "可以发生"
    MONOTONE = "monotone", "learning more undoes nothing", "补充信息不推翻决定"
    TERMINATING = "terminating", "everybody arrives", "人人到达终点"
    INVARIANT = "invariant", "the author's promise", "作者声明的不变式"


class Status(LabelledEnum):
    """How it stands."""

    PROVED = "proved", "proved", "已证明"
    REFUTED = "refuted", "refuted", "不成立"
    UNKNOWN = "unknown", "not decided", "未能判定"


@attrs.frozen
class Counterexample:
    """What shows that an obligation fails: in words, and where there is one, as a course to be run.

    `policy` are the numbers that parameters have in it which were to be any.
    """

    text: Text
    course: dict[str, Any] | None = None
    policy: Mapping[str, float] = attrs.field(factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON data."""
        return {"text": attrs.asdict(self.text), "course": self.course, "policy": dict(self.policy)}


@attrs.frozen(kw_only=True, slots=False)  # its cached property is worked out when it is asked for
class Obligation:
    """One thing that a pathway owes: what it is about, whether it holds, and what shows that.

    `detail` says why and how far: with every history or in every journey, by which caps, or why it is not decided.
    """

    kind: Kind
    subject: str
    text: Text
    status: Status
    seconds: float
    counterexample: Counterexample | None = None
    detail: Text = NOTHING
    _witness: Callable[[], dict[str, Any] | None] = attrs.field(
        default=lambda: None, alias="witness", repr=False, eq=False
    )

    @property
    def name(self) -> str:
        """What it is called."""
        return f"{self.kind.value} {self.subject}"

    @cached_property
    def witness(self) -> dict[str, Any] | None:
        """Of what can happen, a course in which it does."""
        return self._witness()

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON data."""
        return {
            "name": self.name,
            "kind": self.kind.value,
            "subject": self.subject,
            "status": self.status.value,
            "seconds": round(self.seconds, 6),
            "counterexample": None if self.counterexample is None else self.counterexample.to_json(),
            "witness": self.witness,
            "detail": attrs.asdict(self.detail),
        }


@attrs.frozen
class Report:
    """Everything a pathway owes, and the steps of its longest journey.

    `longest_journey` is None when journeys have no bound; it is the length of one unless `exact` is false: then no
    journey is longer. Visits that wait are no steps.
    """

    obligations: tuple[Obligation, ...]
    longest_journey: int | None
    exact: bool

    @property
    def holds(self) -> bool:
        """Whether everything was proved."""
        return all(obligation.status is Status.PROVED for obligation in self.obligations)

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON data."""
        return {
            "obligations": [obligation.to_json() for obligation in self.obligations],
            "longest_journey": self.longest_journey,
            "exact": self.exact,
        }
