"""The compiling interpreter: decision diagrams written out as Python functions, visible to tracebacks and debuggers."""

from __future__ import annotations

import linecache
from collections import Counter
from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any, TypeVar

import attrs

from .declarations import Declaration
from .diagram import Leaf, Node, Outcome, Stretch, Test, TooLarge, Variable, Verdict, diagram, whether, which
from .history import History
from .nodes import OPPOSITE, Bound, Compare, Count, Every, Operator, Parameter, Predicate, RoundsHere, Some, Taken
from .reference import Reader, Truth, evaluate

T = TypeVar("T")

INLINE = 2
"""Questions up to which a shared part of a diagram is written out again instead of becoming a function."""
DEEPEST = 30
"""Indentation at which a part becomes a function of its own; Python allows 100 levels."""
LOOP = 60
"""Questions up to which the body of a loop over a list is written into the loop."""


def compile_truth(predicate: Predicate, name: str = "criterion") -> Reader[Truth]:
    """Return a function of (record, history) that gives the truth of a predicate."""
    module = _Module(name)
    try:
        module.function("truth", diagram([predicate], whether), _answer)
    except (TooLarge, RecursionError):
        return lambda record, history: evaluate(predicate, record, history)
    truth: Reader[Truth] = module.load("truth")
    return truth


def compile_choice(
    predicates: Sequence[Predicate],
    outcomes: Sequence[T],
    *,
    waiting: Reader[T],
    gap: Reader[T],
    overlap: Reader[T],
    name: str = "choice",
) -> Reader[T]:
    """Return a function of (record, history) that gives the outcome of the one true predicate.

    When none is true, `waiting` answers if some are unknown and `gap` if all are false; `overlap` answers when more
    than one is true.
    """
    module = _Module(name)
    special = {Verdict.WAIT: waiting, Verdict.GAP: gap, Verdict.OVERLAP: overlap}

    def leaf(outcome: Outcome) -> str:
        if isinstance(outcome, Verdict):
            return f"return {module.bind(special[outcome], outcome.name.lower())}(_p, _h)"
        return f"return {module.bind(outcomes[outcome], f'outcome_{outcome}')}"

    try:
        module.function("choose", diagram(predicates, which), leaf)
    except (TooLarge, RecursionError):
        return _by_reference(predicates, outcomes, special)
    choose: Reader[T] = module.load("choose")
    return choose


def _by_reference(
    predicates: Sequence[Predicate], outcomes: Sequence[T], special: dict[Verdict, Reader[T]]
) -> Reader[T]:
    def choose(record: Any, history: History) -> T:
        truths = [evaluate(predicate, record, history) for predicate in predicates]
        if truths.count(True) == 1:
            return outcomes[truths.index(True)]
        verdict = Verdict.OVERLAP if True in truths else Verdict.WAIT if None in truths else Verdict.GAP
        return special[verdict](record, history)

    return choose


Leaves = Callable[[Outcome], str]
"""What to write where a diagram is settled."""

_WORDS = {Verdict.TRUE: "True", Verdict.FALSE: "False", Verdict.UNKNOWN: "None"}


def _answer(outcome: Outcome) -> str:
    assert isinstance(outcome, Verdict)
    return f"return {_WORDS[outcome]}"


def _sizes(root: Node) -> tuple[dict[Node, int], Counter[Node]]:
    """For each node the questions in it when written out as a tree, and how many others lead to it."""
    sizes: dict[Node, int] = {}
    parents: Counter[Node] = Counter()

    def visit(node: Node) -> int:
        if node not in sizes:
            sizes[node] = 0
            if isinstance(node, Test):
                below = [child for child in (node.yes, node.no, node.unknown) if child is not None]
                parents.update(set(below))
                sizes[node] = 1 + sum(visit(child) for child in below)
        return sizes[node]

    visit(root)
    return sizes, parents


class _Module:
    """Source text that grows, with the objects it refers to."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: list[str] = []
        self.names: dict[str, Any] = {}
        self._helpers: dict[Predicate, str] = {}
        self._fresh = 0

    def bind(self, value: object, name: str) -> str:
        """Return the name under which the source refers to an object."""
        name = "_" + name
        while name in self.names and self.names[name] is not value:
            name += "_"
        self.names[name] = value
        return name

    def fresh(self, name: str) -> str:
        self._fresh += 1
        return f"_{name}_{self._fresh}"

    def load(self, function: str) -> Any:
        """Compile the source, make it visible to tracebacks, and return one of its functions."""
        source = "\n".join(self.lines) + "\n"
        filename = f"<crlm_pathway {self.name} {abs(hash(source)):x}>"
        exec(compile(source, filename, "exec"), self.names)  # noqa: S102 - our own source, made of names and numbers
        linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
        return self.names[function]

    def function(self, name: str, tree: Node, leaves: Leaves) -> None:
        """Write a function of (_p, _h) that walks a diagram, and one more for each larger part that is shared."""
        sizes, parents = _sizes(tree)
        apart: dict[Node, str] = {}
        todo: list[tuple[str, Node]] = [(name, tree)]

        def jump(node: Node, depth: int) -> str | None:
            shared = parents[node] > 1 and sizes[node] > INLINE
            if isinstance(node, Leaf) or not (shared or depth >= DEEPEST):
                return None
            if node not in apart:
                apart[node] = self.fresh("part")
                todo.append((apart[node], node))
            return f"return {apart[node]}(_p, _h)"

        while todo:
            part, node = todo.pop()
            body = self._body(node, leaves, jump, "_p", 1)
            self.lines.extend((f"def {part}(_p, _h):", *body))

    def _body(
        self,
        root: Node,
        leaves: Leaves,
        jump: Callable[[Node, int], str | None],
        record: str,
        depth: int,
    ) -> list[str]:
        lines: list[str] = []

        def write(node: Node, depth: int, loaded: frozenset[int]) -> None:
            elsewhere = None if node is root else jump(node, depth)
            pad = "    " * depth
            if elsewhere is not None:
                lines.append(pad + elsewhere)
            elif isinstance(node, Leaf):
                lines.extend(pad + line for line in leaves(node.outcome).split("\n"))
            else:
                variable = node.variable
                value, load = self._load(variable, record)
                if variable.index not in loaded:
                    lines.append(f"{pad}{value} = {load}")
                    loaded |= {variable.index}
                yes, no, unknown = node.yes, node.no, node.unknown
                condition = self._condition(node, value)
                if condition.startswith("not "):
                    condition, yes, no = condition.removeprefix("not "), no, yes

                def branch(condition: str, then: Node) -> None:
                    lines.append(f"{pad}if {condition}:")
                    write(then, depth + 1, loaded)

                # An order fails on None, which is looked for first; for all else None is the rarest and comes last.
                ordered = isinstance(variable.cells[0], Stretch)
                if unknown is not None and ordered:
                    branch(f"{value} is None", unknown)
                if yes is not no:
                    branch(condition, yes)
                if unknown not in (None, no) and not ordered:
                    branch(f"{value} is None", unknown)
                write(no, depth, loaded)

        write(root, depth, frozenset())
        return lines

    def _load(self, variable: Variable, record: str) -> tuple[str, str]:
        """The local name of a variable, and the expression that reads it."""
        match variable.source:
            case Declaration() as fact:
                return fact.name, f"{record}._{fact.name}"
            case Taken() as counted:
                return f"_taken_{variable.index}", _counted(counted)
            case RoundsHere() as rounds:
                return "_rounds_here", _counted(rounds)
            case Predicate() as predicate:
                return f"_answer_{variable.index}", f"{self._helper(predicate)}({record}, _h)"
            case _:
                return "_arrived_from", "_h.arrived_from"

    def _condition(self, node: Test, value: str) -> str:
        """The source that is true in `node.mask` and false in the rest; with a leading `not ` it is the reverse."""
        cells = node.variable.cells
        chosen = [cell for index, cell in enumerate(cells) if node.mask >> index & 1]
        others = [cell for index, cell in enumerate(cells) if (node.possible & ~node.mask) >> index & 1]
        if not others:
            return "True"
        if isinstance(chosen[0], Stretch):
            return _range(value, chosen, others)
        if isinstance(chosen[0], bool):
            return value if chosen == [True] else f"not {value}"
        if len(others) < len(chosen) or None in chosen:
            return "not " + self._membership(value, others)
        return self._membership(value, chosen)

    def _membership(self, value: str, members: Sequence[Enum | str]) -> str:
        return " or ".join(
            f"{value} == {member!r}"
            if not isinstance(member, Enum)
            else f"{value} is {self.bind(member, f'{type(member).__name__}_{member.name}')}"
            for member in members
        )

    def _helper(self, predicate: Predicate) -> str:
        """Write the function that answers a question about a list, or about two facts, and return its name."""
        if predicate in self._helpers:
            return self._helpers[predicate]
        name = self._helpers[predicate] = self.fresh(type(predicate).__name__.lower())
        match predicate:
            case Every(fact, inner):
                body = self._walk(fact, inner, _EVERY)
            case Some(fact, inner):
                body = self._walk(fact, inner, _SOME)
            case Compare(Count(fact, inner), operator, right):
                body = [*_right(right), *self._walk(fact, inner, _count(operator))]
            case Compare(Declaration() as left, operator, right):
                read = [f"_left = _p._{left.name}", f"return None if _left is None else _left {operator} _right"]
                body = [*_right(right), *read]
            case Compare(Taken() | RoundsHere() as left, operator, right):
                body = [*_right(right), f"return {_counted(left)} {operator} _right"]
            case _:
                raise NotImplementedError(f"the compiler has no rule for {type(predicate).__name__}")
        self.lines.append(f"def {name}(_p, _h):")
        self.lines.extend("    " + line for line in body)
        return name

    def _walk(self, fact: Declaration, inner: Predicate, walk: _Walk) -> list[str]:
        """The lines that walk a list and do something for each item of which `inner` is true, false or unknown."""
        words = {Verdict.TRUE: walk.true, Verdict.FALSE: walk.false, Verdict.UNKNOWN: walk.unknown}

        def leaves(outcome: Outcome) -> str:
            assert isinstance(outcome, Verdict)
            word = words[outcome]
            return word if word.startswith("return") else f"{word}\ncontinue".lstrip("\n")

        return [
            f"_items = _p._{fact.name}",
            "if _items is None:",
            "    return None",
            walk.start,
            "for _item in _items:",
            *self._each(inner, leaves),
            *walk.end,
        ]

    def _each(self, inner: Predicate, leaves: Leaves) -> list[str]:
        """The body of the loop: the diagram of `inner` if it is small, else a call."""
        try:
            tree = diagram([inner], whether)
        except TooLarge:
            truth = self.bind(lambda item, history: evaluate(inner, item, history), self.fresh("truth"))
        else:
            if _sizes(tree)[0][tree] <= LOOP:
                return self._body(tree, leaves, lambda _node, _depth: None, "_item", 1)
            truth = self.fresh("truth")
            self.function(truth, tree, _answer)
        lines = [f"    _truth = {truth}(_item, _h)"]
        for condition, verdict in (
            ("_truth", Verdict.TRUE),
            ("_truth is None", Verdict.UNKNOWN),
            ("True", Verdict.FALSE),
        ):
            lines.append(f"    if {condition}:")
            lines.extend(f"        {line}" for line in leaves(verdict).split("\n"))
        return lines


@attrs.frozen
class _Walk:
    """What a walk over a list does at its start, for an item of each truth, and at its end."""

    start: str
    true: str
    false: str
    unknown: str
    end: tuple[str, ...]


_EVERY = _Walk("_all = True", "", "return False", "_all = None", ("return _all",))
_SOME = _Walk("_any = False", "return True", "", "_any = None", ("return _any",))


def _count(operator: Operator) -> _Walk:
    end = (f"_truth = _least {operator} _right", f"return _truth if _truth is (_most {operator} _right) else None")
    return _Walk("_least = _most = 0", "_least += 1\n_most += 1", "", "_most += 1", end)


def _counted(term: Taken | RoundsHere) -> str:
    """The source that reads a journey fact."""
    if isinstance(term, RoundsHere):
        return "_h.rounds_here"
    return "(" + " + ".join(f"_h.taken.get({key!r}, 0)" for key in term.keys) + ")"


def _right(right: Bound) -> list[str]:
    """The lines that read what something is compared with."""
    if isinstance(right, Declaration):
        return [f"_right = _p._{right.name}", "if _right is None:", "    return None"]
    return [f"_right = {right.value if isinstance(right, Parameter) else right!r}"]


def _range(value: str, chosen: Sequence[Stretch], others: Sequence[Stretch]) -> str:
    """A comparison that tells the chosen stretches from the others, which lie all above or all below them."""
    if chosen[0].bound > others[0].bound or (chosen[0].bound == others[0].bound and chosen[0].operator == ">"):
        return f"{value} {chosen[0].operator} {chosen[0].bound!r}"
    return f"{value} {OPPOSITE[others[0].operator]} {others[0].bound!r}"
