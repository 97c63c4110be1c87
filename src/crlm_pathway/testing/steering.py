"""Facts that lead to a wanted outcome, found by walking decision diagrams from their root to the leaf wanted."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice, product
from typing import Any, Final

import attrs
from hypothesis import strategies as st

from ..predicates.declarations import Declaration
from ..predicates.diagram import (
    Leaf,
    Node,
    Outcome,
    Stretch,
    Test,
    TooLarge,
    Variable,
    Verdict,
    diagram,
    whether,
    which,
)
from ..predicates.domains import ListOf
from ..predicates.errors import DataError
from ..predicates.history import History
from ..predicates.nodes import (
    ALWAYS,
    Compare,
    Count,
    Every,
    Parameter,
    Predicate,
    RoundsHere,
    Some,
    Taken,
    conjunction,
)
from ..predicates.records import record_facts
from ..predicates.reference import COMPARISON, Evaluator, Truth
from .facts import Facts, settled
from .values import Values

MOST_PAIRS: Final = 200
"""Pairs of values tried for two facts that are compared with each other."""
MOST_MORE: Final = 3
"""Items beyond those counted that are tried."""
_BOTH: Final = 3
"""The mask of a question that may be answered either way."""


@lru_cache(maxsize=1000)
def tree_of(*predicates: Predicate) -> Node | None:
    """The diagram that says which one of several predicates is true; None when it would be too large."""
    try:
        return diagram(predicates, which)
    except (TooLarge, RecursionError):
        return None


@lru_cache(maxsize=1000)
def truth_of(predicate: Predicate) -> Node | None:
    """The diagram that says whether a predicate is true; None when it would be too large."""
    try:
        return diagram([predicate], whether)
    except (TooLarge, RecursionError):
        return None


def outcomes(tree: Node, history: History) -> frozenset[Outcome]:
    """What a diagram can come to under a history, taking its questions as independent."""
    found: set[Outcome] = set()
    seen: set[int] = set()
    todo = [tree]
    while todo:
        node = todo.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Leaf):
            found.add(node.outcome)
        elif node.variable.always_known:
            todo.append(_way_of_history(node, history))
        else:
            todo += [way for way in (node.yes, node.no, node.unknown) if way is not None]
    return frozenset(found)


def counted(source: Any, history: History) -> Any:
    """What a history says of a journey fact."""
    match source:
        case Taken(keys):
            return sum(history.taken.get(key, 0) for key in keys)
        case RoundsHere():
            return history.rounds_here
        case _:
            return history.arrived_from


def _way_of_history(node: Test, history: History) -> Node:
    cell = _cell(node.variable, counted(node.variable.source, history))
    return node.yes if node.mask >> cell & 1 else node.no


def _cell(variable: Variable, value: Any) -> int:
    """The position of the cell in which a known value lies."""
    cells = variable.cells
    if isinstance(cells[0], Stretch):
        return max(at for at, cell in enumerate(cells) if COMPARISON[cell.operator](value, cell.bound))
    return cells.index(value) if value in cells else cells.index(None)


@attrs.frozen
class Steering:
    """How facts are drawn that lead somewhere: with what values, under which history."""

    draw: st.DrawFn
    values: Values
    history: History
    straight: bool
    """Whether the way with the fewest new facts is taken, or any."""
    learning: bool = False
    """Whether what is known stays as it is."""

    def facts(self, tree: Node | None, wanted: Outcome, record: Any) -> Facts | None:
        """The facts to record so that a diagram comes to the wanted outcome, or None when no way is seen to it.

        Questions about lists are taken as independent of each other, so whoever asks sees whether it did.
        """
        masks = None if tree is None else self._walk(tree, wanted, record)
        return None if masks is None else self._recorded(masks, record)

    # -- the way through the diagram ---------------------------------------------------------------------------------

    def _walk(self, tree: Node, wanted: Outcome, record: Any) -> dict[Variable, int | None] | None:
        """What is to be known of each variable on a way to the outcome: its cells, or (None) nothing."""
        evaluate = Evaluator(self.history)
        known: dict[int, int | None] = {}
        prices: dict[int, float] = {}

        def cell(variable: Variable) -> int | None:
            if variable.index not in known:
                source = variable.source
                if variable.always_known:
                    value: Any = counted(source, self.history)
                else:
                    value = source.of(record) if isinstance(source, Declaration) else evaluate(source, record)  # type: ignore[arg-type]
                known[variable.index] = None if value is None and not variable.always_known else _cell(variable, value)
            return known[variable.index]

        def ways(node: Test) -> Iterator[tuple[float, int | None, Node]]:
            now, variable = cell(node.variable), node.variable
            for mask, child in ((node.mask & node.possible, node.yes), (node.possible & ~node.mask, node.no)):
                keeps = now is not None and bool(mask >> now & 1)
                if mask and (keeps or not (variable.always_known or (self.learning and now is not None))):
                    yield (0 if keeps else 2 if variable.costly else 1), mask, child
            if now is None and node.unknown is not None:
                yield 0, None, node.unknown

        def price(node: Node) -> float:
            if isinstance(node, Leaf):
                return 0 if node.outcome == wanted else math.inf
            if id(node) not in prices:
                prices[id(node)] = min((cost + price(child) for cost, _, child in ways(node)), default=math.inf)
            return prices[id(node)]

        found: dict[Variable, int | None] = {}
        node = tree
        while isinstance(node, Test):
            open_ = sorted(
                ((cost + price(child), mask, child) for cost, mask, child in ways(node)), key=lambda way: way[0]
            )
            open_ = [way for way in open_ if way[0] < math.inf]
            if not open_:
                return None
            _, mask, child = open_[0 if self.straight else self._any(len(open_))]
            found[node.variable] = mask
            node = child
        return found if node.outcome == wanted else None

    def _any(self, number: int) -> int:
        return 0 if number == 1 else self.draw(st.integers(0, number - 1))

    def _one(self, values: Sequence[Any]) -> Any:
        return values[0 if self.straight else self._any(len(values))]

    # -- the facts that go with it -----------------------------------------------------------------------------------

    def _recorded(self, masks: dict[Variable, int | None], record: Any) -> Facts | None:
        """Facts of a record that lie in the cells wanted; None when none were found."""
        allowed: dict[str, Sequence[Any]] = {}
        asked: list[tuple[Predicate, bool]] = []
        facts: Facts = {}
        for variable, mask in masks.items():
            source = variable.source
            if mask is None or variable.always_known:
                continue
            if isinstance(source, Declaration):
                fitting = [value for value in self.values.of(source) if mask >> _cell(variable, value) & 1]
                allowed[source.name] = fitting
                now = source.of(record)
                if now is None or not mask >> _cell(variable, now) & 1:
                    facts[source.name] = self._one(fitting)
            elif mask != _BOTH:
                assert isinstance(source, Predicate)
                asked.append((source, mask == 2))  # noqa: PLR2004 - the mask of true

        def choices(fact: Declaration, _now: Any = None) -> Sequence[Any]:
            if isinstance(fact.domain, ListOf):
                return ()
            return allowed.get(fact.name, self.values.of(fact))

        for comparison, truth in asked:
            if isinstance(comparison, Compare) and isinstance(comparison.left, Declaration):
                facts |= self._pair(comparison, truth, record, facts, choices)
        for listed, demands in _by_list(asked).items():
            if not all(self._holds(demand, truth, record, facts) for demand, truth in demands):
                items = self._items(listed, demands, record, facts, choices)
                if items is None:
                    return None
                facts[listed.name] = items
        return settled(record, facts, choices)

    def _holds(self, demand: Predicate, truth: bool, record: Any, facts: Facts) -> bool:
        """Whether a demand is met by the list as it is."""
        against = demand.right if isinstance(demand, Compare) else None
        anew = isinstance(against, Declaration) and against.name in facts
        return not anew and Evaluator(self.history)(demand, record) is truth

    def _pair(self, comparison: Compare, truth: bool, record: Any, facts: Facts, choices: Any) -> Facts:
        """The values of two facts that compare as wanted."""
        left, right = comparison.left, comparison.right
        assert isinstance(left, Declaration)
        assert isinstance(right, Declaration)
        compare = COMPARISON[comparison.operator]
        first, second = (facts.get(fact.name, fact.of(record)) for fact in (left, right))
        if None not in (first, second) and compare(first, second) is truth:
            return {}
        pairs = [
            pair
            for pair in islice(product(choices(left), choices(right)), MOST_PAIRS)
            if compare(pair[0], pair[1]) is truth
        ]
        kept = [pair for pair in pairs if first in (None, pair[0]) and second in (None, pair[1])]
        if not pairs:
            return {}
        one = self._one(kept or pairs)
        return {left.name: one[0], right.name: one[1]}

    # -- lists -------------------------------------------------------------------------------------------------------

    def _items(
        self, listed: Declaration, demands: Sequence[tuple[Predicate, bool]], record: Any, facts: Facts, choices: Any
    ) -> tuple[Any, ...] | None:
        """A list of which each demand has its truth: of every item, of some item, or of how many."""
        every: list[Predicate] = []
        some: list[Predicate] = []
        for demand, truth in demands:
            match demand:
                case Every(_, inner):
                    (every if truth else some).append(inner if truth else ~inner)
                case Some(_, inner):
                    (some if truth else every).append(inner if truth else ~inner)
                case Compare(Count(_, inner), operator, right):
                    times = self._times(operator, truth, self._number(right, record, facts, choices))
                    if times is None:
                        return None
                    some += [inner] * times
                    if (operator in ("<", "<=")) is truth and inner != ALWAYS:
                        every_other = ~inner
                        some = [conjunction(every_other, one) if one != inner else one for one in some]
                case _:
                    return None
        items = [self._item(listed.item_record, conjunction(*every, one)) for one in some]
        if (
            not items
            and not self.straight
            and (not demands or all(isinstance(one, Every | Some) for one, _ in demands))
        ):
            items = [self._item(listed.item_record, conjunction(*every)) for _ in range(self._any(MOST_MORE))]
        return None if None in items else tuple(items)

    def _number(self, right: Any, record: Any, facts: Facts, choices: Any) -> float:
        """The number that a count is compared with; of a fact that is not known, one is recorded."""
        if isinstance(right, Parameter):
            return right.value
        if not isinstance(right, Declaration):
            number: float = right
            return number
        known = facts.get(right.name, right.of(record))
        if known is None:
            known = facts[right.name] = self._one(choices(right))
        value: float = known
        return value

    def _times(self, operator: Any, truth: bool, bound: float) -> int | None:
        """How often something is to be, so that its number compares as wanted."""
        top = max(0, math.ceil(bound)) + MOST_MORE
        fitting = [number for number in range(min(top, 40)) if COMPARISON[operator](number, bound) is truth]
        return self._one(fitting[:MOST_MORE]) if fitting else None

    def _item(self, record_class: type[Any], criterion: Predicate) -> Any:
        """An item of which a criterion is true, or None."""
        blank = record_class()
        facts = self.facts(truth_of(criterion), Verdict.TRUE, blank)
        if facts is None:
            return None
        try:
            return record_facts(blank, facts)
        except DataError:
            return None


def _by_list(asked: Iterable[tuple[Predicate, Truth]]) -> dict[Declaration, list[tuple[Predicate, bool]]]:
    """The questions about lists, by the list."""
    found: dict[Declaration, list[tuple[Predicate, bool]]] = {}
    for demand, truth in asked:
        match demand:
            case Every(fact) | Some(fact) | Compare(left=Count(fact)):
                found.setdefault(fact, []).append((demand, bool(truth)))
            case _:
                pass
    return found
