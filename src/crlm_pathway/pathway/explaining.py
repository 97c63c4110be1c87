"""Why a state does what it does: data first, text second."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import attrs

from ..predicates.declarations import Declaration
from ..predicates.history import START, History
from ..predicates.labels import Language, Names, Text, figure, numbered, printable
from ..predicates.nodes import (
    And,
    Compare,
    Count,
    Every,
    Holds,
    HoldsSoFar,
    Named,
    Not,
    OneOf,
    Or,
    Predicate,
    Some,
    Term,
)
from ..predicates.reference import Evaluator, Truth
from ..predicates.wording import UNKNOWN, say, value_text
from .deciding import Decision
from .model import Transition
from .wanted import Wanted, wanted

if TYPE_CHECKING:
    from .pathway import Pathway

MARK: dict[Truth, str] = {True: "✓", False: "✗", None: "?"}


@attrs.frozen
class Reason:
    """A criterion, or a part of one: what it says, its truth, the value seen, and its own parts."""

    text: Text
    truth: Truth
    seen: Text | None
    parts: tuple[Reason, ...] = ()

    def lines(self, language: Language = "en", depth: int = 0) -> Iterator[Line]:
        """The tree line by line: a mark for the truth, what it says, and the value seen."""
        seen = "" if self.seen is None else f" [{self.seen.in_(language)}]"
        yield Line(depth, MARK[self.truth], f"{self.text.in_(language)}{seen}")
        for part in self.parts:
            yield from part.lines(language, depth + 1)


@attrs.frozen
class TransitionReason:
    """A transition, the label of the state it leads to, and how its guard fared."""

    transition: Transition
    target: Text
    truth: Truth
    reason: Reason


@attrs.frozen
class Line:
    """One line of an explanation: how deep it stands, the mark of its truth if it has one, and its words."""

    depth: int
    mark: str
    words: str

    def __str__(self) -> str:
        words = printable(self.words)
        return f"{'  ' * self.depth}{self.mark} {words}".rstrip() if self.mark else words


@attrs.frozen
class Explanation:
    """Why a state does what it does with a record: every transition with its criterion and the values seen."""

    state: Text
    decision: Decision
    transitions: tuple[TransitionReason, ...]
    wanted: tuple[Wanted, ...]

    def text(self, language: Language = "en") -> str:
        """The explanation in one language: the decision, what is still to be learnt, and the criteria."""
        return "\n".join(map(str, self.lines(language)))

    def lines(self, language: Language = "en") -> Iterator[Line]:
        """The explanation line by line, for whoever sets it in type."""
        step = self.decision.transition
        yield Line(0, "", _HEAD.in_(language).format(self.state.in_(language)))
        if step is not None:
            target = next(found.target for found in self.transitions if found.transition is step)
            said = (step.code, step.text.in_(language), target.in_(language))
            yield Line(0, "→", _TAKEN_STEP.in_(language).format(*said))
        else:
            yield Line(0, "", (_WAITING if self.transitions else _ENDED).in_(language))
        for fact in self.wanted:
            alone = _ALONE.in_(language) if fact.alone else ""
            yield Line(1, "-", f"{fact.path}: {fact.text.in_(language)}{alone}")
        if self.transitions:
            yield Line(0, "", "")
            yield Line(0, "", _LEGEND.in_(language))
        for found in self.transitions:
            step = found.transition
            yield Line(0, "", "")
            way = f"{step.text.in_(language)} → {found.target.in_(language)}"
            yield Line(0, MARK[found.truth], f"{step.code} {way}")
            whole = found.reason
            for part in whole.parts if whole.text is _ALL else (whole,):
                yield from part.lines(language, 1)

    def __str__(self) -> str:
        return self.text()


_HEAD = Text("In the state “{0}”,", "状态“{0}”")
_LEGEND = Text("✓ holds, ✗ does not, ? is open; [what is known]", "✓ 成立，✗ 不成立，? 待定；[已知信息]")
_TAKEN_STEP = Text("takes {0}, {1} → {2}", "执行{0}：{1} → {2}")
_WAITING = Text("it waits; any of these could still decide:", "等待；以下信息可决定下一步：")
_ENDED = Text("the journey has ended.", "路径已结束。")
_ALONE = Text(" (can decide alone)", "（单独即可决定）")
_ITEM = Text("{0} {1}", "{0}{1}")


def explain(pathway: Pathway, state: str, record: Any, history: History = START) -> Explanation:
    """Explain what `pathway.decide` answers; see Pathway.explain."""
    decision = pathway.decide(state, record, history)
    here = pathway.state(state)
    evaluate = Evaluator(history)
    interrupted = any(evaluate(step.when, record) for step in pathway.interrupts)
    transitions = tuple(
        TransitionReason(
            step,
            pathway.names[step.to],
            evaluate(guard, record),
            # Whoever is not interrupted is spared the reminder at every transition.
            reason(step.when if not interrupted else guard, record, evaluate, pathway.names),
        )
        for step, guard in zip(pathway.leaving(here), pathway.guards(state), strict=True)
    )
    return Explanation(here.text, decision, transitions, () if decision.question is None else wanted(decision.question))


# -- criteria with the values seen -----------------------------------------------------------------------------------


def reason(predicate: Predicate, record: Any, evaluate: Evaluator, names: Names) -> Reason:
    """A criterion as a tree of reasons: what each part says, its truth, and the values seen."""
    match predicate:
        case And() | Or():
            text = _ALL if isinstance(predicate, And) else _ANY
        case Not(And() | Or() as operand):
            text = _NOT_ALL if isinstance(operand, And) else _NONE
        case _:
            text = Text(say(predicate, "en", names), say(predicate, "zh", names))
    parts = tuple(_parts(predicate, record, evaluate, names))
    return Reason(text, evaluate(predicate, record), seen(predicate, record, evaluate), parts)


_ALL = Text("all of these:", "全部满足：")
_ANY = Text("any of these:", "满足其一：")
_NOT_ALL = Text("not all of these:", "并非全部满足：")
_NONE = Text("none of these:", "均不满足：")


def _parts(predicate: Predicate, record: Any, evaluate: Evaluator, names: Names) -> Iterator[Reason]:
    match predicate:
        case Every(fact, inner) | Some(fact, inner) | Compare(left=Count(fact, inner)):
            for number, item in enumerate(fact.of(record) or (), start=1):
                found = reason(inner, item, evaluate, names)
                item_label = numbered(fact.text, number)
                text = Text(f"{item_label.en}: {found.text.en}", f"{item_label.zh}：{found.text.zh}")
                yield attrs.evolve(found, text=text)
        case Not(operand):
            yield from _parts(operand, record, evaluate, names)
        case Named(predicate=And() | Or() as inner):
            yield from _parts(inner, record, evaluate, names)
        case Named(predicate=inner):
            yield reason(inner, record, evaluate, names)
        case And(operands) | Or(operands):
            yield from (reason(operand, record, evaluate, names) for operand in operands)
        case _:
            pass


def seen(predicate: Predicate, record: Any, evaluate: Evaluator) -> Text | None:
    """The value a leaf looked at, in words; None for a criterion made of others."""
    match predicate:
        case Holds(fact) | HoldsSoFar(fact) | OneOf(fact=fact) | Compare(left=Declaration() as fact):
            return value_text(fact, fact.of(record))
        case Compare(left=Term() as term):
            found = evaluate.bounds(term, record)
            if found is None:
                return UNKNOWN
            return Text(f"{figure(found[0])}" if found[0] == found[1] else f"{figure(found[0])}-{figure(found[1])}")
        case Not(operand):
            return seen(operand, record, evaluate)
        case Every(fact) | Some(fact):
            items = fact.of(record)
            return UNKNOWN if items is None else None
        case _:
            return None
