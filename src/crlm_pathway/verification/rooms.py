"""One state as the solver sees it: any record, any history, and what the state's criteria say of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from time import monotonic
from typing import Any

import attrs
import z3

from ..pathway.model import lists_of
from ..pathway.pathway import Pathway
from ..predicates.declarations import Declaration
from ..predicates.domains import Numeric
from ..predicates.history import History
from ..predicates.labels import Text
from ..predicates.nodes import Compare, Count, Every, HoldsSoFar, Parameter, Predicate, Some, walk
from ..predicates.records import contradictions_of, facts_of
from ..predicates.reference import Evaluator
from .formulas import Formula, as_z3, every, implied, negated, some
from .histories import Sight, Span, looks_of
from .sizes import MOST_ITEMS, items_needed
from .symbols import Histories, Symbols, exact, learnt, plain
from .truths import Truth, Truths


@attrs.frozen(cache_hash=True)
class Asked:
    """What is asked of a record and a history: that one criterion is true, and that each of some others is not."""

    true: Predicate
    not_true: tuple[Predicate, ...] = ()

    @property
    def criteria(self) -> tuple[Predicate, ...]:
        """The criteria it speaks of."""
        return (self.true, *self.not_true)

    def holds(self, record: Any, history: History) -> bool:
        """Whether it is so of a record and a history, by the reference interpreter."""
        evaluate = Evaluator(history)
        others = (evaluate(other, record) for other in self.not_true)
        return evaluate(self.true, record) is True and not any(others)


class Undecided(Exception):
    """It was not decided, within the time or at all; `text` says why."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


def no_answer(seconds: float) -> Undecided:
    """There was not enough time."""
    return Undecided(Text(f"no answer within {seconds:g} s", f"{seconds:g}秒内未得出结论"))


class Clock:
    """The time for one obligation."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.restart()

    def restart(self) -> None:
        """Begin with another obligation."""
        self._until = monotonic() + self.seconds

    @property
    def milliseconds(self) -> int:
        """The time that is left. Raises Undecided when there is none."""
        left = self._until - monotonic()
        if left <= 0:
            raise no_answer(self.seconds)
        return max(1, round(left * 1000))


class Room:
    """The records and histories that one state can decide on."""

    def __init__(
        self,
        pathway: Pathway,
        together: Iterable[Predicate],
        others: Iterable[Predicate],
        clock: Clock,
        free: frozenset[str] = frozenset(),
    ) -> None:
        """Some criteria are asked `together`, of the `others` one at a time beside them; parameters may be `free`."""
        asked = {fact for state in pathway.states for fact in state.asks}
        apart = [
            found
            for record in _records(pathway.record)
            for found in contradictions_of(record)
            if (not found.together or len(found.facts) == 1 or record is not pathway.record)
            and not any(isinstance(part, HoldsSoFar) and part.fact in asked for part in walk(found.when))
        ]  # items are recorded whole; and forgetting may make true what is read as an event
        together, others = (*together, *(found.when for found in apart)), tuple(others)
        needed = items_needed(together, others, free)
        self._sizes = {fact: min(items, MOST_ITEMS) for fact, items in needed.items()}
        short = next((fact.text for fact, items in needed.items() if items > MOST_ITEMS), None)
        self._short = None if short is None else _TOO_SHORT.filled(short, Text(str(MOST_ITEMS)))
        self._clock = clock
        self._pathway = pathway
        self._apart = apart
        forgotten = {name for state in pathway.states for name in pathway.stale(state.name)}
        facts = facts_of(pathway.record)
        self._asked = asked
        self._never_forgotten = [
            fact for name, fact in facts.items() if fact.default is not None and name not in forgotten
        ]
        looks = looks_of((*together, *others))
        keys = dict.fromkeys(key for group in looks.groups for key in group)
        self.histories = Histories(tuple(keys), tuple(sorted(looks.states)))  # all other states are as one
        whole = {name for name, _ in whole_parameters_of(pathway)}
        self.policy = {name: (z3.Int if name in whole else z3.Real)(f"policy {name}") for name in sorted(free)}
        self.truths = Truths(self.histories, self.policy)
        self.record = Symbols(pathway.record, "record", self._sizes)
        self._solver = z3.Solver()
        limits = [limit for name, symbol in self.policy.items() for limit in _between(symbol, pathway.parameters[name])]
        conditions = (*self._allowed(self.record), *self.histories.constraints, *limits)
        self._solver.add([as_z3(condition) for condition in conditions])

    def _allowed(self, record: Symbols) -> Iterable[Formula]:
        """What every record keeps to: the domains of its facts, and that they do not contradict each other."""
        yield from record.constraints
        yield from (record.cells[fact].known for fact in self._never_forgotten)
        for there, within in record.within():
            if within is not record:
                kept = (fact for fact in within.cells if fact.default is not None and fact not in self._asked)
                yield from (implied(there, within.cells[fact].known) for fact in kept)
            for found in self._apart:
                if found.at.owner is within.record:
                    yield implied(there, negated(self.truths(found.when, within).true))

    def truth(self, criterion: Predicate) -> Truth:
        """When a criterion is true and when false."""
        return self.truths(criterion, self.record)

    def possible(self, asked: Asked, sight: Sight | None = None, *conditions: Formula) -> bool:
        """Whether what is asked can be so of a record and a history; with a sight, of one that looks like it.

        Conditions are further ones on the symbols. Raises Undecided.
        """
        others = (negated(self.truth(other).true) for other in asked.not_true)
        condition = every((self.truth(asked.true).true, *others))
        seen = () if sight is None else self._seen(sight)
        return self.can(condition, *seen, *conditions)

    def can(self, *conditions: Formula) -> bool:
        """Whether conditions on the symbols can be true together. Raises Undecided."""
        self._solver.set("timeout", self._clock.milliseconds)
        return self._is_sat(self._solver.check(*map(as_z3, conditions)))

    def _is_sat(self, answer: z3.CheckSatResult) -> bool:
        if answer == z3.unknown:
            raise no_answer(self._clock.seconds)
        if answer == z3.unsat and self._short is not None:
            raise Undecided(self._short)
        return bool(answer == z3.sat)

    def find(self, asked: Asked, sight: Sight, known: Collection[str] = ()) -> dict[str, Any] | None:
        """Return facts of which what is asked is so, those named `known` among them; None if there are none.

        Raises Undecided.
        """
        kept = (cell.known for fact, cell in self.record.cells.items() if fact.name in known)
        return self.record.of(self._solver.model()) if self.possible(asked, sight, *kept) else None

    def _seen(self, sight: Sight) -> Iterable[Formula]:
        histories = self.histories
        for group, span in sight.counts:
            yield from _within(histories.count(group), span)
        if sight.rounds is not None:
            yield from _within(histories.rounds, sight.rounds)
        for state in sorted(sight.asked):
            came = histories.arrived_from(state)
            yield came if state == sight.arrived else negated(came)

    def changed(
        self, ways: Iterable[Predicate], events: frozenset[Any]
    ) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """Return facts that decide, and facts that say more and do not decide so; None if there are none."""
        ways = tuple(ways)
        # What is said of items and never changes once it is known needs no other witnesses when more is known.
        copies = 1 if all(self._kept(part, events) for way in ways for part in walk(way)) else 2
        sizes = {fact: copies * items for fact, items in self._sizes.items()}
        less, more = (Symbols(self._pathway.record, name, sizes) for name in ("less", "more"))
        undone = (every((self.truths(way, less).true, negated(self.truths(way, more).true))) for way in ways)
        conditions = (*self._allowed(less), *self._allowed(more), *learnt(less, more, events), some(undone))
        self._solver.push()
        try:
            self._solver.add([as_z3(condition) for condition in conditions])
            if not self.can():
                return None
            model = self._solver.model()
            return less.of(model), more.of(model)
        finally:
            self._solver.pop()

    def _kept(self, part: Predicate, events: frozenset[Any]) -> bool:
        """Whether what is said of the items of a list, if anything, stays true or false when more is known of one."""
        match part:
            case Every(fact, inner) | Some(fact, inner) | Compare(left=Count(fact, inner)):
                less, more = (Symbols(fact.item_record, name, self._sizes) for name in ("item", "more of it"))
                before, after = self.truths(inner, less), self.truths(inner, more)
                lost = (every((a, negated(b))) for a, b in ((before.true, after.true), (before.false, after.false)))
                return not self.can(*less.constraints, *more.constraints, *learnt(less, more, events), some(lost))
            case _:
                return True

    def policy_found(self) -> dict[str, float]:
        """The numbers of the free parameters with which the last thing asked was possible."""
        model = self._solver.model()
        return {name: plain(model.eval(symbol, model_completion=True)) for name, symbol in self.policy.items()}


_TOO_SHORT = Text(
    "“{0}” would need more than {1} items, so much are they counted", "“{0}”需要超过{1}项才能判定（因计数条件）"
)


def whole_parameters_of(pathway: Pathway) -> Iterable[tuple[str, Compare]]:
    """The parameters that are compared with whole numbers, each with where it is."""
    for _, part in pathway.parts:
        if isinstance(part, Compare) and isinstance(part.right, Parameter):
            left = part.left
            if not isinstance(left, Declaration) or (isinstance(left.domain, Numeric) and left.domain.whole):
                yield part.right.name, part


def _between(symbol: Any, parameter: Parameter) -> Iterable[Formula]:
    if parameter.at_least > float("-inf"):
        yield symbol >= exact(parameter.at_least)
    if parameter.at_most < float("inf"):
        yield symbol <= exact(parameter.at_most)


def _within(count: Any, span: Span) -> Iterable[Formula]:
    least, greatest = span
    yield count >= least
    if greatest is not None:
        yield count <= greatest


def _records(record: type[Any]) -> Iterable[type[Any]]:
    yield record
    for fact in lists_of(record):
        yield from _records(fact.item_record)
