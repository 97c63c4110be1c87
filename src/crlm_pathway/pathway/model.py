"""The parts of a pathway: states, transitions, decision tables and advisories. Data only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, TypeVar

import attrs

from ..predicates.declarations import Declaration
from ..predicates.domains import ListOf
from ..predicates.errors import DefinitionError, did_you_mean
from ..predicates.facts import Fact
from ..predicates.history import START, History
from ..predicates.labels import Text, as_text
from ..predicates.nodes import (
    ALWAYS,
    NEVER,
    Parameter,
    Predicate,
    Provenance,
    Some,
    as_predicate,
    bind,
    conjunction,
    disjunction,
    provenance_field,
)
from ..predicates.reference import Reader, Truth, evaluate
from .errors import AmbiguousDecision, DuplicateKey, EmptyTable, NoDecision
from .showing import Shown

NOTHING = Text("")


T = TypeVar("T")


def sequence_of(kind: type[T], items: Iterable[T], what: str) -> tuple[T, ...]:
    """Any sequence will do to declare with; a tuple is kept."""
    if isinstance(items, kind) or not isinstance(items, Iterable) or isinstance(items, str):
        raise DefinitionError(f"{what} stand in a sequence, with a comma after a single one; not {items!r}")
    found = tuple(items)
    for item in found:
        if not isinstance(item, kind):
            named = kind is Declaration and isinstance(item, str)
            hint = f": write the record's attribute .{item}, as in Patient.ras, not its name" if named else ""
            raise DefinitionError(f"among the {what} stands {item!r}, which is no {kind.__name__}{hint}")
    return found


def _strings(items: Iterable[str]) -> tuple[str, ...]:
    return sequence_of(str, items, "claims")


def name_field(instance: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
    """The validator of a field that names something: a part itself does not stand for its name."""
    if isinstance(value, str):
        return
    kind, field = type(instance).__name__.lower(), attribute.name
    own = next((own for own in ("key", "name") if hasattr(instance, own)), field)
    place = kind if own == field else f"{kind} {getattr(instance, own)}"
    if isinstance(value, State):
        raise DefinitionError(f"{place}: `{field}` is the name of a state: write {value.name!r}, not the State itself")
    raise DefinitionError(f"{place}: `{field}` is a word in quotes, not {value!r}")


@attrs.frozen(kw_only=True)
class Transition:
    """A step from one state to the state `to`, taken when its guard `when` is true.

    `key` says what the step does and is unique in the pathway; `code` is its short name in documents. `note` adds to
    the provenance what holds for a part of the guard only; `claims` are ids of the evidence behind it.
    """

    key: str = attrs.field(validator=name_field)
    code: str = attrs.field(validator=name_field)
    to: str = attrs.field(validator=name_field)
    when: Predicate = attrs.field(converter=as_predicate, repr=False)
    text: Text = attrs.field(converter=as_text)
    provenance: Provenance = attrs.field(validator=provenance_field)
    claims: tuple[str, ...] = attrs.field(default=(), converter=_strings)
    note: Text = attrs.field(default=NOTHING, converter=as_text)

    def __str__(self) -> str:
        return f"{self.code} {self.text} → {self.to}"


@attrs.frozen(kw_only=True)
class Option:
    """A row of a decision table: the option `name`, chosen when `when` is true.

    Rows may give the same option for different reasons; `key` tells them apart. `review` is the interval after which
    the effect is looked at. A row that only completes the table, and is promised `never` to be chosen, says so.
    """

    name: str
    key: str = attrs.field(default=attrs.Factory(lambda self: self.name, takes_self=True))
    when: Predicate = attrs.field(converter=as_predicate, repr=False)
    text: Text = attrs.field(converter=as_text)
    provenance: Provenance = attrs.field(validator=provenance_field)
    claims: tuple[str, ...] = attrs.field(default=(), converter=_strings)
    review: Parameter | None = attrs.field(default=None)
    never: bool = False

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.never, bool):
            raise DefinitionError(
                f"option {self.name}: `never` is True for a row never to be chosen, not {self.never!r}"
            )
        if self.review is not None and not isinstance(self.review, Parameter):
            raise DefinitionError(f"option {self.name}: `review` is a Parameter in a unit of time, not {self.review!r}")

    def __str__(self) -> str:
        return f"{self.name}: {self.text}"


DONE = Option(
    name="done",
    when=NEVER,
    text=Text("nothing more to do", "无需再处理"),
    provenance=Provenance.GLUE,
)
"""What a table says of an item of which its `done` holds: no row is consulted."""

Choice = Option | None | tuple[Option | None, ...]
"""The row that applies, None while that is not decidable; of a table over a list, one for each item."""


def _options(items: Iterable[Option]) -> tuple[Option, ...]:
    return sequence_of(Option, items, "options")


@attrs.frozen(kw_only=True, slots=False)  # its cached properties are read at once
class DecisionTable(Shown):
    """A DMN decision table, hit policy *unique*: exactly one row for every record, or every item of the list `over`.

    The rows are promised to cover every case in which `given` holds. Of an item for which `done` holds no row is
    consulted: it is `done`.
    """

    name: str
    text: Text = attrs.field(converter=as_text)
    options: tuple[Option, ...] = attrs.field(converter=_options, repr=False)
    over: Declaration | None = None
    done: Predicate | None = attrs.field(default=None, converter=attrs.converters.optional(as_predicate), repr=False)
    given: Predicate = attrs.field(default=ALWAYS, converter=as_predicate, repr=False)

    def __attrs_post_init__(self) -> None:
        _refuse_no_list(f"table {self.name}: `over`", self.over)
        if not self.options:
            raise EmptyTable(f"table {self.name} has no rows: give it at least one Option in `options`")
        seen: set[str] = set()
        for option in self.options:
            if option.key in seen:
                raise DuplicateKey(f"table {self.name}: two rows have the key {option.key!r}")
            seen.add(option.key)

    def __getstate__(self) -> dict[str, Any]:
        return declared(self)

    def gives(self, *names: str) -> Predicate:
        """The criterion that the table gives one of these options; over a list, of an item."""
        known = {option.name for option in self.options}
        if not names or not known.issuperset(names):
            wrong = next((name for name in names if name not in known), "")
            hint = did_you_mean(wrong, known) or f": it has {', '.join(sorted(known))}"
            raise DefinitionError(f"table {self.name} gives no option {wrong!r}{hint}")
        rows = disjunction(*(option.when for option in self.options if option.name in names))
        return rows if self.done is None else ~self.done & rows

    def choose(self, record: Any, history: History = START) -> Choice:
        """The row that applies to a record, None while that is not decidable; over a list one for each item.

        Raises AmbiguousDecision or NoDecision when not exactly one row applies and everything that matters is known.
        """
        if self.over is None:
            return self._row(record, history)
        items = self.over.of(record)
        return None if items is None else tuple(self._row(item, history) for item in items)

    def _row(self, item: Any, history: History) -> Option | None:
        done = False if self._is_done is None else self._is_done(item, history)
        return self._chooser(item, history) if done is False else DONE if done else None

    @cached_property
    def _is_done(self) -> Reader[Truth] | None:
        from ..predicates.compiler import compile_truth

        return None if self.done is None else compile_truth(self.done, f"table {self.name}: done")

    @cached_property
    def _chooser(self) -> Reader[Option | None]:
        from ..predicates.compiler import compile_choice

        return compile_choice(
            [option.when for option in self.options],
            self.options,
            waiting=lambda _item, _history: None,
            gap=self._gap,
            overlap=self._overlap,
            name=f"table {self.name}",
        )

    def _gap(self, item: Any, history: History) -> Option | None:
        if evaluate(self.given, item, history) is True:
            raise NoDecision(f"table {self.name}: no row applies to {item!r}")
        return None

    def _overlap(self, item: Any, history: History) -> Option | None:
        rows = [option.key for option in self.options if evaluate(option.when, item, history) is True]
        raise AmbiguousDecision(f"table {self.name}: the rows {' and '.join(rows)} all apply to {item!r}")


def _refuse_no_list(place: str, fact: object) -> None:
    """Refuse what stands where a list of the record is meant."""
    if fact is not None and not (isinstance(fact, Declaration) and isinstance(fact.domain, ListOf)):
        raise DefinitionError(f"{place} is a list of the record, as in Patient.lesions, not {fact!r}")


def names_of(choice: Choice) -> str | list[str | None] | None:
    """The names of what a table chose, in the shape in which results give them."""
    if isinstance(choice, tuple):
        return [None if option is None else option.name for option in choice]
    return None if choice is None else choice.name


def declared(instance: attrs.AttrsInstance) -> dict[str, Any]:
    """What to pickle of an object that also keeps compiled functions: what it was declared with."""
    return {field.name: getattr(instance, field.name) for field in attrs.fields(type(instance))}


@attrs.frozen(kw_only=True, slots=False)  # its cached properties are read at once
class Advisory:
    """Something to mind: raised while `when` is true, never routing. With `each`, when it is true of some item."""

    key: str
    when: Predicate = attrs.field(converter=as_predicate, repr=False)
    text: Text = attrs.field(converter=as_text)
    claims: tuple[str, ...] = attrs.field(default=(), converter=_strings)
    each: Declaration | None = None

    def __attrs_post_init__(self) -> None:
        _refuse_no_list(f"advisory {self.key}: `each`", self.each)

    @property
    def criterion(self) -> Predicate:
        """The criterion over the whole record."""
        return self.when if self.each is None else Some(self.each, self.when)

    def raised(self, record: Any, history: History = START) -> bool:
        """Whether it is known to hold."""
        return self._holds(record, history) is True

    def items(self, record: Any, history: History = START) -> tuple[int, ...]:
        """The positions of the items of which it holds."""
        items = () if self.each is None else self.each.of(record) or ()
        return tuple(index for index, item in enumerate(items) if evaluate(self.when, item, history) is True)

    @cached_property
    def _holds(self) -> Reader[Truth]:
        from ..predicates.compiler import compile_truth

        return compile_truth(self.criterion, f"advisory {self.key}")

    def __getstate__(self) -> dict[str, Any]:
        return declared(self)


def _facts(items: Iterable[Fact[Any]]) -> tuple[Declaration, ...]:
    declared: Iterable[Declaration] = items
    return sequence_of(Declaration, declared, "asked facts")


def transitions(items: Iterable[Transition]) -> tuple[Transition, ...]:
    """Any sequence will do to declare with; a tuple is kept."""
    return sequence_of(Transition, items, "transitions")


def _tables(items: Iterable[DecisionTable]) -> tuple[DecisionTable, ...]:
    return sequence_of(DecisionTable, items, "tables")


def _advisories(items: Iterable[Advisory]) -> tuple[Advisory, ...]:
    return sequence_of(Advisory, items, "advisories")


@attrs.frozen(kw_only=True)
class State(Shown):
    """A stage of the pathway.

    `asks` are the facts, of the record or of the items of its lists, that become unknown on entry: a state decides on
    what is learnt in it. `tables` give the options on entering; `advisories` are raised on entering and on leaving.
    `claims` are the ids of the claims that tell why there is such a stage.
    """

    name: str = attrs.field(validator=name_field)
    text: Text = attrs.field(converter=as_text)
    asks: tuple[Declaration, ...] = attrs.field(default=(), converter=_facts)
    transitions: tuple[Transition, ...] = attrs.field(default=(), converter=transitions, repr=False)
    tables: tuple[DecisionTable, ...] = attrs.field(default=(), converter=_tables, repr=False)
    advisories: tuple[Advisory, ...] = attrs.field(default=(), converter=_advisories, repr=False)
    claims: tuple[str, ...] = attrs.field(default=(), converter=_strings)
    terminal: bool = False

    def stale(self, record: type[Any]) -> Mapping[str, frozenset[str] | None]:
        """What becomes unknown of a record on entry: facts whole (None), or facts of the items of a list."""
        stale: dict[str, frozenset[str] | None] = {}
        for fact in self.asks:
            if fact.owner is record:
                stale[fact.name] = None
                continue
            for listed in lists_of(record):
                if listed.domain == ListOf(fact.owner):
                    before = stale.get(listed.name, frozenset())
                    stale[listed.name] = None if before is None else before | {fact.name}
        return stale


def states(items: Iterable[State]) -> tuple[State, ...]:
    """Any sequence will do to declare with; a tuple is kept."""
    return sequence_of(State, items, "states")


def lists_of(record: type[Any]) -> Iterator[Declaration]:
    """The list facts of a record class."""
    declared: Mapping[str, Declaration] = getattr(record, "__facts__", {})
    return (fact for fact in declared.values() if isinstance(fact.domain, ListOf))


def under(policy: Mapping[str, float], state: State) -> State:
    """Return a state whose criteria and tables have other parameters."""
    values = dict(policy)

    def option(row: Option) -> Option:
        review = row.review
        if review is not None and review.name in values:
            review = review.bound_to(values[review.name])
        return attrs.evolve(row, when=bind(row.when, values), review=review)

    def table(whole: DecisionTable) -> DecisionTable:
        return attrs.evolve(
            whole,
            options=tuple(map(option, whole.options)),
            done=None if whole.done is None else bind(whole.done, values),
            given=bind(whole.given, values),
        )

    return attrs.evolve(
        state,
        transitions=tuple(attrs.evolve(step, when=bind(step.when, values)) for step in state.transitions),
        tables=tuple(map(table, state.tables)),
        advisories=tuple(attrs.evolve(found, when=bind(found.when, values)) for found in state.advisories),
    )


def guard(transition: Transition, interrupts: Iterable[Transition]) -> Predicate:
    """What must hold for a transition of a state to fire: its own guard, and no interrupt."""
    return conjunction(*(~interrupt.when for interrupt in interrupts), transition.when)
