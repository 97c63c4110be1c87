"""Why a state does what it does: data first, text second."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

import attrs

from ..predicates.declarations import Declaration
from ..predicates.history import START, History
from ..predicates.labels import LANGUAGES, Language, Names, Text, figure, labelled, numbered, printable
from ..predicates.nodes import (
    And,
    ArrivedFrom,
    Compare,
    Constant,
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
)
from ..predicates.reference import Evaluator, Truth
from ..predicates.wording import NOT_RECORDED, UNKNOWN, say, seen_text, value_text
from .choosing import each_chosen
from .deciding import Decision
from .model import DONE, Option, Transition
from .wanted import Wanted, gathered, wanted

if TYPE_CHECKING:
    from .pathway import Pathway

MARK: dict[Truth, str] = {True: "✓", False: "✗", None: "?"}


@attrs.frozen
class Reason:
    """A criterion, or a part of one: what it says, its truth, the value seen, and its own parts.

    `deciding` are the parts that make it what it is: of what fails, one that does; of what is open, those that are.
    """

    text: Text
    truth: Truth
    seen: Text | None
    parts: tuple[Reason, ...] = ()
    deciding: tuple[Reason, ...] = attrs.field(default=(), eq=False)  # parts, which are hashed once

    def lines(self, language: Language = "en", depth: int = 0) -> Iterator[Line]:
        """The tree line by line: a mark for the truth, what it says, and the value seen."""
        yield self.line(language, depth)
        for part in self.parts:
            yield from part.lines(language, depth + 1)

    def folded(self, language: Language, depth: int, told: set[Reason]) -> Iterator[Line]:
        """The tree line by line, of what decides, and of that only what has not been told."""
        line = self.line(language, depth)
        if self.deciding and self in told and self.text not in _GROUPS:  # a group has no name to be found by
            yield attrs.evolve(line, words=_ABOVE.in_(language).format(line.words))
            return
        told.add(self)
        yield line
        for part in self.deciding:
            yield from part.folded(language, depth + 1, told)

    def criterion(self, language: Language, told: set[Reason] | None) -> Iterator[Line]:
        """The whole criterion of something, below it; what it takes all of is not said to be so."""
        if self.text is not _ALL:
            parts: tuple[Reason, ...] = (self,)
        else:
            parts = self.parts if told is None else self.deciding
        for part in parts:
            yield from part.lines(language, 1) if told is None else part.folded(language, 1, told)

    def line(self, language: Language, depth: int) -> Line:
        """Its own line, without its parts."""
        words = self.text.in_(language)
        if self.seen is not None:
            known = _SEEN if self.seen not in {UNKNOWN, NOT_RECORDED} else _NOT_SEEN
            words = known.in_(language).format(words, self.seen.in_(language))
        return Line(depth, MARK[self.truth], words)

    def to_json(self) -> dict[str, Any]:
        """Return the tree as JSON data."""
        return {
            "text": attrs.asdict(self.text),
            "truth": self.truth,
            "seen": None if self.seen is None else attrs.asdict(self.seen),
            "parts": [part.to_json() for part in self.parts],
        }


@attrs.frozen
class TransitionReason:
    """A transition, the label of the state it leads to, and how its guard fared."""

    transition: Transition
    target: Text
    truth: Truth
    reason: Reason
    interrupt: bool = False

    def lines(self, language: Language = "en", told: set[Reason] | None = None) -> Iterator[Line]:
        """The transition, and below it its criterion, line by line; folded, when it is said what has been told."""
        step = self.transition
        yield Line(0, MARK[self.truth], f"{step.code} {step.text.in_(language)} → {self.target.in_(language)}")
        yield from self.reason.criterion(language, told)


@attrs.frozen
class OptionReason:
    """What a decision table of the state entered chose, for an item where it is over a list, and why.

    While it cannot choose, `lacking` are the labels of the facts it needs to know.
    """

    label: Text
    option: Option | None
    reason: Reason | None
    lacking: tuple[Text, ...] = ()

    def lines(self, language: Language = "en", told: set[Reason] | None = None) -> Iterator[Line]:
        """The option, and below it its criterion, line by line; folded, when it is said what has been told."""
        open_ = UNDECIDED if self.lacking else NOT_APPLICABLE
        chosen = open_ if self.option is None else self.option.text
        yield Line(0, "→", labelled(self.label, chosen).in_(language))
        for fact in self.lacking:
            yield Line(1, "?", fact.in_(language))
        if self.reason is not None:
            yield from self.reason.criterion(language, told)


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
    options: tuple[OptionReason, ...] = ()

    def text(self, language: Language = "en", *, folded: bool = False) -> str:
        """The explanation in one language: the decision, what is still to be learnt, and the criteria."""
        return "\n".join(map(str, self.lines(language, folded=folded)))

    def lines(
        self,
        language: Language = "en",
        *,
        folded: bool = False,
        behind: Callable[[Sequence[str]], Iterable[Line]] = lambda _claims: (),
    ) -> Iterator[Line]:
        """The explanation line by line, for whoever sets it in type; folded, only of what decides, and that once.

        `behind` gives the lines to add about the claims behind what was decided; not folded, behind every transition.
        """
        yield from self.decided(language)
        if self.transitions:
            yield Line(0, "", "")
            yield Line(0, "", _LEGEND.in_(language))
        told: set[Reason] | None = set() if folded else None
        for found in self.ways(folded=folded):
            taken = found.transition is self.decision.transition
            yield Line(0, "", "")
            yield from found.lines(language, told)
            if taken or not folded:
                yield from behind(found.transition.claims)
            for chosen in self.options if taken else ():
                yield Line(0, "", "")
                yield from chosen.lines(language, told)
                yield from behind(() if chosen.option is None else chosen.option.claims)

    def decided(self, language: Language = "en") -> Iterator[Line]:
        """What the state does, and while it waits, for what."""
        step = self.decision.transition
        yield Line(0, "", _HEAD.in_(language).format(self.state.in_(language)))
        if step is not None:
            target = next(found.target for found in self.transitions if found.transition is step)
            said = (step.code, step.text.in_(language), target.in_(language))
            yield Line(0, "→", _TAKEN_STEP.in_(language).format(*said))
        else:
            yield Line(0, "", (_WAITING if self.transitions else _ENDED).in_(language))
        for fact in gathered(self.wanted):
            alone = _ALONE.in_(language) if fact.alone else ""
            yield Line(1, "-", f"{fact.path}: {fact.text.in_(language)}{alone}")

    def ways(self, *, folded: bool = False) -> Iterator[TransitionReason]:
        """The transitions, that taken first; folded, without the interrupts that are known not to be."""
        for found in sorted(self.transitions, key=lambda found: found.transition is not self.decision.transition):
            if not (folded and found.interrupt and found.truth is False):
                yield found

    def to_json(self) -> dict[str, Any]:
        """Return the explanation as JSON data, its words in both languages."""
        step = self.decision.transition
        return {
            "state": self.decision.state,
            "takes": None if step is None else step.key,
            "waiting_for": [
                {"path": fact.path, "text": attrs.asdict(fact.text), "alone": fact.alone} for fact in self.wanted
            ],
            "transitions": [
                {
                    "transition": found.transition.key,
                    "code": found.transition.code,
                    "to": found.transition.to,
                    "truth": found.truth,
                    "provenance": found.transition.provenance.value,
                    "claims": list(found.transition.claims),
                    "criterion": found.reason.to_json(),
                }
                for found in self.transitions
            ],
            "options": [
                {
                    "label": attrs.asdict(chosen.label),
                    "option": chosen.option and chosen.option.name,
                    "row": chosen.option and chosen.option.key,
                    "provenance": chosen.option and chosen.option.provenance.value,
                    "claims": list(chosen.option.claims) if chosen.option else [],
                    "criterion": chosen.reason and chosen.reason.to_json(),
                    "lacking": [attrs.asdict(fact) for fact in chosen.lacking],
                }
                for chosen in self.options
            ],
        }

    def __str__(self) -> str:
        return self.text()


_HEAD = Text("In the state “{0}”,", "状态“{0}”")
_LEGEND = Text("✓ holds, ✗ does not, ? is open", "✓ 成立，✗ 不成立，? 待定")
_SEEN = Text("{0} — known: {1}", "{0} — 已知：{1}")
_NOT_SEEN = Text("{0} — {1}", "{0} — {1}")
_TAKEN_STEP = Text("takes {0}, {1} → {2}", "执行{0}：{1} → {2}")
_WAITING = Text("it waits to know:", "等待明确：")
_ENDED = Text("the journey has ended.", "路径已结束。")
NOT_APPLICABLE = Text("does not apply", "不适用")
UNDECIDED = Text("not to be chosen until it is known:", "尚不能选择，待明确：")
_ABOVE = Text("{0} (see above)", "{0}（见上）")
_ALONE = Text(" (can decide alone)", "（单独即可决定）")


def explain(pathway: Pathway, state: str, record: Any, history: History = START) -> Explanation:
    """Explain what `pathway.decide` answers; see Pathway.explain."""
    decision = pathway.decide(state, record, history)
    here = pathway.state(state)
    evaluate = Evaluator(history)
    interrupted = any(evaluate(step.when, record) is not False for step in pathway.interrupts)
    transitions = tuple(
        TransitionReason(
            step,
            pathway.names[step.to],
            evaluate(guard, record),
            # Whoever is known not to be interrupted is spared the reminder at every transition.
            reason(step.when if not interrupted else guard, record, evaluate, pathway.names),
            interrupt=step in pathway.interrupts,
        )
        for step, guard in zip(pathway.leaving(here), pathway.guards(state), strict=True)
    )
    return Explanation(
        here.text,
        decision,
        transitions,
        () if decision.question is None else wanted(decision.question),
        () if decision.transition is None else tuple(_chosen(pathway, decision.transition.to, record, evaluate)),
    )


def _chosen(pathway: Pathway, state: str, record: Any, evaluate: Evaluator) -> Iterator[OptionReason]:
    """What the tables of a state choose for a record that enters it, each with the criterion of the row."""
    history = evaluate.history
    for chosen in each_chosen(pathway.state(state), pathway.options(state, record, history), record):
        table, option = chosen.table, chosen.option
        over = table.over
        label = table.text if over is None or chosen.number is None else numbered(over.text, chosen.number)
        if option is None:
            yield OptionReason(label, None, None, tuple(place.text for place in chosen.lacking(history)))
        else:
            criterion = table.done if option is DONE and table.done is not None else option.when
            yield OptionReason(label, option, reason(criterion, chosen.record, evaluate, pathway.names))


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
    truth = evaluate(predicate, record)
    return Reason(
        text, truth, seen(predicate, record, evaluate, names), parts, tuple(_deciding(predicate, truth, parts))
    )


_ALL = Text("all of these:", "全部满足：")
_ANY = Text("any of these:", "满足其一：")
_NOT_ALL = Text("not all of these:", "并非全部满足：")
_NONE = Text("none of these:", "均不满足：")


_GROUPS = frozenset({_ALL, _ANY, _NOT_ALL, _NONE})


def _parts(predicate: Predicate, record: Any, evaluate: Evaluator, names: Names) -> Iterator[Reason]:
    match predicate:
        case Every(predicate=Constant()) | Some(predicate=Constant()) | Compare(left=Count(predicate=Constant())):
            pass  # of the items themselves nothing is said
        case Every(fact, inner) | Some(fact, inner) | Compare(left=Count(fact, inner)):
            for number, item in enumerate(fact.of(record) or (), start=1):
                found = reason(inner, item, evaluate, names)
                yield attrs.evolve(found, text=labelled(numbered(fact.text, number), found.text))
        case Not(operand):
            yield from _parts(operand, record, evaluate, names)
        case Named(predicate=And() as inner):
            yield from _parts(inner, record, evaluate, names)
        case Named(predicate=inner):
            yield reason(inner, record, evaluate, names)
        case And(operands) | Or(operands):
            yield from (reason(operand, record, evaluate, names) for operand in operands)
        case _:
            pass


def _deciding(predicate: Predicate, truth: Truth, parts: tuple[Reason, ...]) -> Iterable[Reason]:
    """The parts that make a criterion what it is; what its own words say is not said again."""
    match predicate:
        case Not(operand):
            return _deciding(operand, None if truth is None else not truth, parts)
        case Named(predicate=inner):
            return _deciding(inner, truth, parts) if isinstance(inner, And) else parts
        case And() if truth is True:
            return parts
        case Or() if truth is False:
            return parts
        case And() | Or() | Every() | Some() | Compare() if truth is None:
            return (part for part in parts if part.truth is None)
        case And() | Or():
            return islice((part for part in parts if part.truth is truth), 1)
        case Every() if truth is False:
            return islice((part for part in parts if part.truth is truth), 1)
        case Some() if truth is True:
            return islice((part for part in parts if part.truth is truth), 1)
        case _:
            return ()


_BESIDE = Text("{0}; {1}: {2}", "{0}；{1}：{2}")


_NOWHERE = Text("the start", "起点")


def seen(predicate: Predicate, record: Any, evaluate: Evaluator, names: Names) -> Text | None:
    """The value a leaf looked at, in words, and that of a fact it is compared with; None for one made of others."""
    match predicate:
        case Compare(right=Declaration() as other):
            first, second = _compared(predicate, record, evaluate), value_text(other, other.of(record))
            if first == UNKNOWN:
                return first
            said = (first, other.text, second)
            return Text(
                *(_BESIDE.in_(language).format(*(text.in_(language) for text in said)) for language in LANGUAGES)
            )
        case Compare():
            return _compared(predicate, record, evaluate)
        case Holds() | HoldsSoFar() | OneOf():
            return seen_text(predicate, record)
        case Not(operand):
            return seen(operand, record, evaluate, names)
        case ArrivedFrom():
            before = evaluate.history.arrived_from
            return _NOWHERE if before is None else names.get(before, Text(before))
        case Every(fact) | Some(fact):
            items = fact.of(record)
            return UNKNOWN if items is None else None
        case _:
            return None


def _compared(predicate: Compare, record: Any, evaluate: Evaluator) -> Text:
    """The value of a fact that is compared, or of a count."""
    if isinstance(predicate.left, Declaration):
        return seen_text(predicate, record)
    found = evaluate.bounds(predicate.left, record)
    if found is None:
        return UNKNOWN
    return Text(f"{figure(found[0])}" if found[0] == found[1] else f"{figure(found[0])}-{figure(found[1])}")
