"""Records: classes of facts, made into frozen, slotted attrs classes that are checked against their domains."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set as AbstractSet
from enum import Enum
from functools import cached_property, wraps
from typing import TYPE_CHECKING, Any, TypeVar, dataclass_transform

import attrs

from .declarations import Declaration
from .domains import Choice, ListOf
from .errors import DataError, DefinitionError, Problem, did_you_mean
from .history import START
from .labels import WORDS, Text, unlabelled
from .nodes import Predicate, as_predicate, facts_in
from .reference import Reader, Truth

if TYPE_CHECKING:
    from .facts import Fact

R = TypeVar("R")

_Slot = tuple[Callable[[Any, Any], None], Callable[[Any], bool]]
"""How to write a fact of a record under construction, and whether its domain accepts a value."""


@attrs.frozen(slots=False)  # so that its cached properties are read at once
class Contradiction:
    """Something the facts of one record can never be, told at the fact `at`.

    When `together`, it is a contradiction only between facts recorded at the same time.
    """

    at: Declaration
    when: Predicate
    text: Text
    together: bool

    @cached_property
    def facts(self) -> frozenset[str]:
        """The names of the record's own facts it speaks of."""
        return frozenset(fact.name for fact in facts_in(self.when) if fact.owner is self.at.owner)

    @cached_property
    def holds(self) -> Reader[Truth]:
        """The compiled criterion."""
        from .compiler import compile_truth  # the first question, not the first import, pays for compiling

        return compile_truth(self.when, f"contradiction at {self.at!r}")


@dataclass_transform(kw_only_default=True, frozen_default=True)
def record(cls: type[R]) -> type[R]:
    """Make a class of facts a record class.

    Its instances are frozen, slotted and checked: `Patient(ras=Ras.MUTANT)` knows one fact, every other is None or its
    default. Values outside their domain raise a DataError that lists them all.
    """
    inherited = next((base for base in cls.__mro__[1:] if hasattr(base, "__facts__")), None)
    if inherited is not None:
        raise DefinitionError(f"{cls.__name__} cannot inherit the facts of {inherited.__name__}: declare them again")
    facts = {name: fact for name, fact in vars(cls).items() if isinstance(fact, Declaration)}
    for name in facts:
        if name.startswith("_"):
            raise DefinitionError(f"{cls.__name__}.{name}: the name of a fact does not begin with an underscore")
    for name in cls.__annotations__:
        if name not in facts:
            raise DefinitionError(f"{cls.__name__}.{name} declares no fact: give it boolean(...), choice(...), ...")
    for name, fact in facts.items():
        if unlabelled(fact.text):
            raise DefinitionError(f"{cls.__name__}.{name} has no label: {WORDS}, not {fact.text!r}")
        if fact.default is not None and not fact.domain.accepts(fact.default):
            raise DefinitionError(f"{cls.__name__}.{name}: the default: {fact.domain.expected}, not {fact.default!r}")
    fields = {
        name: attrs.field(default=fact.default, converter=_as_tuple if isinstance(fact.domain, ListOf) else None)
        for name, fact in facts.items()
    }
    body: dict[str, Any] = {"__attrs_post_init__": _check, "__repr__": _shown}
    for name, value in body.items():
        setattr(cls, name, value)
    made: Any = attrs.define(cls, these=fields, frozen=True, slots=True, kw_only=True, repr=False, weakref_slot=False)
    made.__init__ = _hinting(made.__init__)
    made.__facts__ = facts
    made.__contradictions__ = []
    for position, (name, fact) in enumerate(facts.items()):
        fact.owner, fact.position = made, position
        setattr(made, "_" + name, vars(made)[name])  # the slot, which generated code reads
        setattr(made, name, fact)
    made.__open__ = type("_Open", (), {"__slots__": tuple(facts)})
    made.__clone__ = staticmethod(_cloner(made))
    made.__writers__ = {name: (getattr(made, "_" + name).__set__, fact.domain.accepts) for name, fact in facts.items()}
    result: type[R] = made
    return result


def _hinting(init: Callable[..., None]) -> Callable[..., None]:
    """A constructor that says of an unknown fact what a visit would; until it fails, it costs one call."""

    @wraps(init)
    def __init__(self: Any, *positional: Any, **named: Any) -> None:  # noqa: N807 - as tracebacks show it
        try:
            init(self, *positional, **named)
        except TypeError:
            _refuse_unknown(type(self), named)
            raise

    return __init__


def _as_tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _cloner(cls: Any) -> Callable[[Any], Any]:
    """Write the function that copies a record slot by slot, twenty times as fast as attrs.evolve.

    The copy is written as an instance of a class with the same slots that is not frozen, and then becomes a record.
    """
    names: dict[str, Any] = {"_cls": cls, "_Open": cls.__open__}
    copies = (f"    new.{name} = old._{name}" for name in facts_of(cls))
    source = "\n".join(["def clone(old):", "    new = _Open()", *copies, "    new.__class__ = _cls", "    return new"])
    exec(source, names)  # noqa: S102 - our own source, made of names
    clone: Callable[[Any], Any] = names["clone"]
    return clone


def facts_of(record_class: type[Any]) -> Mapping[str, Declaration]:
    """The facts a record class declares, by name, in the order declared."""
    try:
        facts: Mapping[str, Declaration] = record_class.__facts__
    except AttributeError:
        raise DefinitionError(f"facts are declared by a class under @record, which {record_class!r} is not") from None
    return facts


def contradictions_of(record_class: type[Any]) -> list[Contradiction]:
    """The contradictions declared for a record class."""
    found: list[Contradiction] = record_class.__contradictions__
    return found


def contradiction(
    at: Declaration, when: Predicate | Fact[bool], en: str, *, zh: str = "", together: bool = False
) -> None:
    """Declare what the facts of a record can never be; a record of which it is true is refused at the fact `at`.

    When `together`, it is one only between facts recorded at the same time: at referral, or at one visit.
    """
    criterion = as_predicate(when)
    for fact in facts_in(criterion):
        if fact.owner is not at.owner and not any(fact.owner is listed for listed in _items_of(at.owner)):
            raise DefinitionError(f"the contradiction at {at!r} speaks of {fact!r}, which is no fact of that record")
    contradictions_of(at.owner).append(Contradiction(at, criterion, Text(en, zh or en), together))


def _items_of(cls: type[Any]) -> Iterator[type[Any]]:
    """The records of the items of a record's lists."""
    return (fact.item_record for fact in facts_of(cls).values() if isinstance(fact.domain, ListOf))


def values_of(instance: Any) -> Iterator[tuple[Declaration, Any]]:
    """Each fact with its value, None where unknown, in the order declared."""
    for name, fact in facts_of(type(instance)).items():
        yield fact, getattr(instance, "_" + name)


def _shown(self: Any) -> str:
    known = ", ".join(f"{fact.name}={value!r}" for fact, value in values_of(self) if value is not None)
    return f"{type(self).__name__}({known})"


def _check(self: Any) -> None:
    problems = [
        problem for fact, value in values_of(self) if value is not None for problem in domain_problems(fact, value)
    ]
    if not problems:
        problems = _contradictions(self, facts_of(type(self)).keys())
    if problems:
        raise DataError(problems)


def domain_problems(fact: Declaration, value: Any) -> list[Problem]:
    """What is wrong with a value of a fact, if anything."""
    if fact.domain.accepts(value):
        return []
    if isinstance(fact.domain, ListOf) and isinstance(value, tuple | list):
        wrong = [(index, item) for index, item in enumerate(value) if type(item) is not fact.item_record]
        if wrong:
            return [Problem(f"{fact.name}[{index}]", _item_expected(fact, item), shown(item)) for index, item in wrong]
    meant = [member for member in fact.members if member.value == value] if isinstance(fact.domain, Choice) else []
    hint = f" (in Python, write {type(meant[0]).__name__}.{meant[0].name})" if meant else ""
    if hasattr(value, "dtype") and hasattr(value, "item"):
        hint = " (of a NumPy scalar, give its .item())"
    return [Problem(fact.name, fact.domain.expected + hint, shown(value))]


def _item_expected(fact: Declaration, item: object) -> str:
    name = fact.item_record.__name__
    hint = f" (in Python, write {name}(...), or read JSON with record_from_json or facts_from_json)"
    return f"expected one {name}" + (hint if isinstance(item, Mapping) else "")


def _contradictions(instance: Any, recorded: AbstractSet[str]) -> list[Problem]:
    """What is contradictory about a record of which these facts have just been recorded."""
    return [
        Problem(found.at.name, found.text.en, shown(getattr(instance, "_" + found.at.name)))
        for found in contradictions_of(type(instance))
        if (found.facts <= recorded if found.together else not found.facts.isdisjoint(recorded))
        and found.holds(instance, START)
    ]


LONGEST_SHOWN = 60


def shown(value: object) -> str:
    """A value as it would stand in JSON, cut to one readable line."""
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if hasattr(type(value), "__facts__"):
        text = type(value).__name__
    elif isinstance(value, str):
        text = '"' + value.encode("unicode_escape").decode("ascii") + '"' if not value.isprintable() else f'"{value}"'
    elif isinstance(value, tuple | list):
        text = f"a list of {len(value)}"
    elif isinstance(value, dict):
        text = "an object"
    elif isinstance(value, int) and abs(value) >= 10**20:
        text = "a number of more than 20 digits"
    else:
        text = repr(value)
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 3] + "..."


def replace(instance: R, facts: Mapping[str, Any] | None = None, /, **named: Any) -> R:
    """Return the record with some facts replaced, checked as those of a visit are; None makes a fact unknown."""
    changes = {name: _as_tuple(value) for name, value in {**(facts or {}), **named}.items()}
    _refuse_unknown(type(instance), changes)
    return forget(record_facts(instance, changes), {name: None for name, value in changes.items() if value is None})


def replace_at(instance: R, steps: Sequence[str | int], value: Any) -> R:
    """Return the record with one fact replaced, of itself or of an item of a list: `("lesions", 0, "deep")`."""
    name, *rest = steps
    if not rest:
        return replace(instance, {str(name): value})
    index, *within = rest
    items = list(getattr(instance, str(name)))
    items[int(index)] = replace_at(items[int(index)], within, value)
    return replace(instance, {str(name): items})


def _refuse_unknown(cls: type[Any], names: Mapping[str, Any]) -> None:
    known = facts_of(cls)
    problems = [Problem(name, unknown_fact(cls, name)) for name in names if name not in known]
    if problems:
        raise DataError(problems)


def unknown_fact(cls: type[Any], name: str, hinted: bool = True) -> str:
    """Say that a record class has no such fact, and, when hinted, which comes nearest."""
    meant = _OF_A_COURSE.get(name) or (did_you_mean(name, facts_of(cls)) if hinted else "")
    return f"{cls.__name__} has no such fact{meant}"


_OF_A_COURSE = {
    "facts": " (facts are given by name, or as one mapping without a name)",
    "patient": " (this is a course: course_from_json reads it)",
    "visits": " (this is a course: course_from_json reads it)",
    "on": " (that is the date of a visit, beside its facts)",
}
"""Keys of a course that are taken for facts."""


def record_facts(instance: R, facts: Mapping[str, Any]) -> R:
    """Return the record after a visit at which these facts were recorded.

    A value replaces what was known, None was not recorded and changes nothing; lists are given as tuples. The values
    are checked against their domains and each other, and the result against what must never be; a DataError lists all
    that is wrong.
    """
    cls: Any = type(instance)
    slots: Mapping[str, _Slot] = cls.__writers__
    new: Any = cls.__clone__(instance)
    problems: list[Problem] = []
    recorded: set[str] = set()
    for name, value in facts.items():
        if value is None:
            continue
        if name not in slots:
            problems.append(Problem(name, unknown_fact(cls, name)))
            continue
        write, accepts = slots[name]
        if not accepts(value):
            problems.extend(domain_problems(facts_of(cls)[name], value))
        write(new, value)
        recorded.add(name)
    if not problems:
        problems = _contradictions(new, recorded)
    if problems:
        raise DataError(problems)
    result: R = new
    return result


def forget(instance: R, facts: Mapping[str, frozenset[str] | None]) -> R:
    """Return the record with some facts unknown: whole (None), or (names) those facts of every item of a list."""
    cls: Any = type(instance)
    slots: Mapping[str, _Slot] = cls.__writers__
    new: Any = cls.__clone__(instance)
    for name, within in facts.items():
        write, _ = slots[name]
        items = None if within is None else getattr(new, "_" + name)
        if within is None or items is None:
            write(new, None)
        else:
            blank = dict.fromkeys(within)
            write(new, tuple(forget(item, blank) for item in items))
    result: R = new
    return result
