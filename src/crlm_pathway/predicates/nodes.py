"""The nodes of a criterion: inert, compared by structure, knowing no interpreter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum
from math import isfinite
from typing import TYPE_CHECKING, Any, Literal, NoReturn

import attrs

from .declarations import Declaration
from .domains import Numeric
from .errors import DefinitionError, did_you_mean
from .labels import Text, as_text, figure

if TYPE_CHECKING:
    from .facts import Fact

Operator = Literal["<", "<=", ">", ">="]
OPPOSITE: dict[Operator, Operator] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


class Predicate:
    """A criterion: true, false or unknown of a record and a history. Combine with `&`, `|` and `~`."""

    __slots__ = ()

    def __and__(self, other: Predicate | Fact[bool]) -> Predicate:
        return conjunction(self, as_predicate(other))

    def __or__(self, other: Predicate | Fact[bool]) -> Predicate:
        return disjunction(self, as_predicate(other))

    def __invert__(self) -> Predicate:
        return self.operand if isinstance(self, Not) else Not(self)

    def __rand__(self, other: bool) -> NoReturn:
        as_predicate(other)
        raise AssertionError  # as_predicate has raised: whatever knows `&` itself does not come here

    __ror__ = __rand__

    def __bool__(self) -> NoReturn:
        raise DefinitionError(
            "a criterion has no truth value of its own; combine criteria with &, | and ~ "
            "(not `and`, `or`, `not`, `in` or chained comparisons), and ask a pathway to decide"
        )


class Term:
    """A number a criterion may compare: a count or a journey fact."""

    __slots__ = ()

    def __lt__(self, other: float | Parameter | Fact[Any]) -> Predicate:
        return self._compare("<", other)

    def __le__(self, other: float | Parameter | Fact[Any]) -> Predicate:
        return self._compare("<=", other)

    def __gt__(self, other: float | Parameter | Fact[Any]) -> Predicate:
        return self._compare(">", other)

    def __ge__(self, other: float | Parameter | Fact[Any]) -> Predicate:
        return self._compare(">=", other)

    def _compare(self, operator: Operator, other: object) -> Predicate:
        number = isinstance(other, int | float) and not isinstance(other, bool) and isfinite(other)
        if not (number or isinstance(other, Parameter) or _is_number_fact(other)):
            raise DefinitionError(f"a count is compared with a number, a Parameter or a number fact, not {other!r}")
        return Compare(self, operator, other)  # type: ignore[arg-type]  # it is one of these


def _is_number_fact(other: object) -> bool:
    return isinstance(other, Declaration) and isinstance(other.domain, Numeric)


class Provenance(Enum):
    """Where a rule or number comes from."""

    STATED = "stated"
    IMPLIED = "implied"
    GLUE = "glue"

    @property
    def text(self) -> Text:
        """The provenance in words."""
        return _PROVENANCE[self]


_PROVENANCE = {
    Provenance.STATED: Text("stated by the source", "原文明确"),
    Provenance.IMPLIED: Text("implied by the source", "原文隐含"),
    Provenance.GLUE: Text("added so that every case is covered", "为覆盖全部情形而补充"),
}


def provenance_field(instance: Any, _attribute: object, value: Any) -> None:
    """The validator of a field that says where something comes from."""
    if isinstance(value, Provenance):
        return
    named = {member.name: member for member in Provenance}
    near = next((member for name, member in named.items() if did_you_mean(str(value), [name])), None)
    meant = str(near) if near is not None else "one of " + ", ".join(map(str, Provenance))
    place = f"{type(instance).__name__.lower()} {instance.key if hasattr(instance, 'key') else instance.name}"
    raise DefinitionError(f"{place}: `provenance` is a Provenance, not {value!r}: write {meant}")


@attrs.frozen
class Parameter:
    """A number that is policy, kept under its name wherever it is used.

    `value` is in `unit` and lies between `at_least` and `at_most`, both included; `claims` and `provenance` say where
    it comes from. A pathway binds another value with `with_policy(name=value)`.
    """

    name: str
    value: float
    text: Text = attrs.field(converter=as_text, eq=False)
    provenance: Provenance = attrs.field(default=Provenance.GLUE, validator=provenance_field, eq=False)
    claims: tuple[str, ...] = attrs.field(default=(), eq=False)
    unit: str = attrs.field(default="", eq=False)
    at_least: float = attrs.field(default=0, eq=False)
    at_most: float = attrs.field(default=1000, eq=False)

    def __attrs_post_init__(self) -> None:
        if not self.name.isidentifier():
            raise DefinitionError(f"a policy goes by one word, as in with_policy(max_rounds=2), not by {self.name!r}")
        self.bound_to(self.value)

    def bound_to(self, value: float) -> Parameter:
        """Return this parameter with another value, or raise a DefinitionError naming the range."""
        fits = isinstance(value, int | float) and not isinstance(value, bool)
        if not fits or not self.at_least <= value <= self.at_most:
            unit = f" {self.unit}" if self.unit else ""
            limits = f"from {figure(self.at_least)} to {figure(self.at_most)}{unit}"
            raise DefinitionError(f"policy `{self.name}` takes a number {limits}, not {value!r}")
        return self if value == self.value else attrs.evolve(self, value=value)

    if not TYPE_CHECKING:  # type checkers refuse these anyway, at the place itself

        def _no_arithmetic(self, _other: object = None) -> NoReturn:
            raise DefinitionError(
                f"`{self.name}` is a parameter, and parameters have no arithmetic: declare another Parameter "
                "for the number that is meant"
            )

        __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _no_arithmetic
        __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __pow__ = __rpow__ = __neg__ = __abs__ = _no_arithmetic

        def _compared(self, other: object) -> Any:
            if isinstance(other, Declaration | Term):
                return NotImplemented  # it compares itself, the other way round
            raise DefinitionError(
                f"`{self.name}` is a parameter, which is compared with a fact or a count, not with {other!r}: "
                "parameters have no arithmetic or order among themselves; declare another Parameter"
            )

        __lt__ = __le__ = __gt__ = __ge__ = _compared


Bound = float | Parameter | Declaration
"""What a number is compared with."""


@attrs.frozen(cache_hash=True)
class Holds(Predicate):
    """A yes-or-no fact is true."""

    fact: Declaration


@attrs.frozen(cache_hash=True)
class HoldsSoFar(Predicate):
    """A yes-or-no fact about an event has been recorded as true; not recorded means that it has not happened yet.

    The one node that is never unknown of an unknown fact, and so the one through which recording more may revise a
    decision: what it waits for is not knowledge but the event.
    """

    fact: Declaration


@attrs.frozen(cache_hash=True)
class OneOf(Predicate):
    """The value of an enumeration fact is among `values`, which stand in the order of the enumeration."""

    fact: Declaration
    values: tuple[Enum, ...]


@attrs.frozen(cache_hash=True)
class Compare(Predicate):
    """A number stands in an order to a bound."""

    left: Declaration | Term
    operator: Operator
    right: Bound


@attrs.frozen(cache_hash=True)
class ArrivedFrom(Predicate):
    """The last state the journey was in, other than the current one."""

    state: str


@attrs.frozen(cache_hash=True)
class Every(Predicate):
    """The predicate holds of every item of a list."""

    fact: Declaration
    predicate: Predicate


@attrs.frozen(cache_hash=True)
class Some(Predicate):
    """The predicate holds of at least one item of a list."""

    fact: Declaration
    predicate: Predicate


@attrs.frozen(cache_hash=True)
class And(Predicate):
    """All operands hold."""

    operands: tuple[Predicate, ...]


@attrs.frozen(cache_hash=True)
class Or(Predicate):
    """At least one operand holds."""

    operands: tuple[Predicate, ...]


@attrs.frozen(cache_hash=True)
class Not(Predicate):
    """The operand does not hold."""

    operand: Predicate


@attrs.frozen(cache_hash=True)
class Named(Predicate):
    """A criterion under the name by which people know it; it means what it holds."""

    name: str
    text: Text = attrs.field(converter=as_text, eq=False)
    predicate: Predicate


@attrs.frozen(cache_hash=True)
class Constant(Predicate):
    """Always true, or always false."""

    value: bool


@attrs.frozen(cache_hash=True)
class Entering(Predicate):
    """The step leads into one of these states."""

    states: tuple[str, ...]


@attrs.frozen(cache_hash=True)
class Leaving(Predicate):
    """The step leads out of one of these states, or round in it."""

    states: tuple[str, ...]


@attrs.frozen(cache_hash=True)
class Taking(Predicate):
    """The step is one of the transitions with these keys."""

    keys: tuple[str, ...]


@attrs.frozen(order=False)
class Count(Term):
    """How many items of a list satisfy a predicate."""

    fact: Declaration
    predicate: Predicate


@attrs.frozen(order=False)
class Taken(Term):
    """How often the transitions with these keys have fired in this journey, together."""

    keys: tuple[str, ...]


@attrs.frozen(order=False)
class RoundsHere(Term):
    """1 on arrival from another state, one more at each self transition."""

    if not TYPE_CHECKING:  # type checkers refuse it anyway

        def __call__(self, *_arguments: object) -> NoReturn:
            """Say what to write instead."""
            raise DefinitionError("rounds_here is a number, not a function: write rounds_here without brackets")


ALWAYS = Constant(True)
NEVER = Constant(False)


_INVERTED = (-1, -2)
"""What Python makes of `~False` and `~True`: of a comparison with `==` that was inverted."""


def as_predicate(operand: object) -> Predicate:
    """Return a predicate for a predicate or a yes-or-no fact; raise a DefinitionError that says what to write else."""
    if isinstance(operand, Predicate):
        return operand
    convert = getattr(operand, "as_predicate", None)
    if convert is not None:
        predicate: Predicate = convert()
        return predicate
    hint = ""
    if isinstance(operand, bool) or operand in _INVERTED:
        hint = (
            "; `==` compares declarations: write .is_(...), for a number <= and >=, for a yes-or-no fact ~ or nothing"
        )
        if not isinstance(operand, bool):
            hint += "; and `&` binds before `<` and `>`: put comparisons in brackets"
    elif isinstance(operand, Term):
        hint = "; compare it, as in `... >= 1`"
    elif isinstance(operand, int | float):
        hint = "; `&` binds before `<` and `>`: put comparisons in brackets"
    raise DefinitionError(f"a criterion stands here, not {operand!r}{hint}")


def conjunction(*operands: Predicate) -> Predicate:
    """All of these, flattened; of none, always true."""
    return _joined(And, operands, ALWAYS)


def disjunction(*operands: Predicate) -> Predicate:
    """Any of these, flattened; of none, never true."""
    return _joined(Or, operands, NEVER)


def _joined(kind: type[And | Or], operands: tuple[Predicate, ...], empty: Predicate) -> Predicate:
    flat: list[Predicate] = []
    for operand in operands:
        flat.extend(operand.operands if isinstance(operand, kind) else (operand,))
    return kind(tuple(flat)) if len(flat) > 1 else flat[0] if flat else empty


def named(name: str, text: Text | str, criterion: Predicate | Fact[bool]) -> Predicate:
    """Give a criterion the name by which explanations and pictures call it."""
    return Named(name, text, as_predicate(criterion))


def taken(*keys: str) -> Taken:
    """How often the transitions with these keys have fired in this journey, together."""
    if not keys or not all(isinstance(key, str) for key in keys):
        given = "" if not keys else f", not {', '.join(map(repr, keys))}"
        raise DefinitionError(f'taken() counts transitions by their keys{given}: write taken("key") or taken("a", "b")')
    return Taken(tuple(dict.fromkeys(keys)))


def arrived_from(state: str) -> Predicate:
    """True when `state` is the last state, other than the current one, that the journey was in."""
    return ArrivedFrom(state)


rounds_here = RoundsHere()


def children(predicate: Predicate) -> tuple[Predicate, ...]:
    """The predicates directly inside, those inside a count included."""
    match predicate:
        case And(operands) | Or(operands):
            return operands
        case Not(inner) | Named(predicate=inner) | Every(predicate=inner) | Some(predicate=inner):
            return (inner,)
        case Compare(left=Count(predicate=inner)):
            return (inner,)
        case _:
            return ()


def walk(predicate: Predicate) -> Iterator[Predicate]:
    """Yield the predicate, then everything inside it, in the order written."""
    yield predicate
    for inner in children(predicate):
        yield from walk(inner)


def facts_in(predicate: Predicate) -> Iterator[Declaration]:
    """Yield every fact mentioned, in the order written, repetitions included."""
    for part in walk(predicate):
        match part:
            case Holds(fact) | HoldsSoFar(fact) | OneOf(fact=fact) | Every(fact=fact) | Some(fact=fact):
                yield fact
            case Compare(left, _, right):
                for side in (left, right):
                    if isinstance(side, Count):
                        yield side.fact
                    elif isinstance(side, Declaration):
                        yield side
            case _:
                pass


def bind(predicate: Predicate, policy: dict[str, float]) -> Predicate:
    """Return the predicate with the named parameters bound to other values."""

    def bound(part: Predicate) -> Predicate:
        return Compare(part.left, part.operator, rebound(part.right, policy)) if isinstance(part, Compare) else part

    return mapped(predicate, bound)


def mapped(predicate: Predicate, change: Callable[[Predicate], Predicate]) -> Predicate:
    """Return the predicate with every part that is not made of others changed."""
    match predicate:
        case And(operands) | Or(operands):
            return attrs.evolve(predicate, operands=tuple(mapped(operand, change) for operand in operands))
        case Not(inner):
            return Not(mapped(inner, change))
        case Named(predicate=inner) | Every(predicate=inner) | Some(predicate=inner):
            return attrs.evolve(predicate, predicate=mapped(inner, change))
        case Compare(left=Count(predicate=inner) as count):
            return change(attrs.evolve(predicate, left=attrs.evolve(count, predicate=mapped(inner, change))))
        case _:
            return change(predicate)


def rebound(bound: Bound, policy: dict[str, float]) -> Bound:
    """Return a comparison's bound under another policy."""
    if isinstance(bound, Parameter) and bound.name in policy:
        return bound.bound_to(policy[bound.name])
    return bound
