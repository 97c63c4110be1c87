"""A small record with every kind of fact, and Hypothesis strategies for it and for predicates over it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from crlm_pathway import (
    Fact,
    History,
    LabelledEnum,
    Parameter,
    Predicate,
    Text,
    arrived_from,
    boolean,
    choice,
    integer,
    many,
    named,
    number,
    record,
    rounds_here,
    taken,
)
from crlm_pathway.predicates.nodes import ALWAYS, NEVER, Compare, Term


class Colour(LabelledEnum):
    RED = "red", "red", "红"
    GREEN = "green", "green", "绿"
    BLUE = "blue", "blue", "蓝"


@record
class Part:
    broken: Fact[bool] = boolean("broken", zh="损坏")
    colour: Fact[Colour] = choice(Colour, "colour", zh="颜色")
    width: Fact[float] = number(0, 10, "width", zh="宽度", unit="mm", exclusive_minimum=True)


@record
class Thing:
    alive: Fact[bool] = boolean("alive", zh="存活")
    sold: Fact[bool] = boolean("sold", zh="已售")
    colour: Fact[Colour] = choice(Colour, "colour", zh="颜色")
    size: Fact[int] = integer(-3, 5, "size", zh="尺寸")
    weight: Fact[float] = number(0, 100, "weight", zh="重量", unit="kg")
    limit: Fact[float] = number(0, 100, "limit", zh="上限", unit="kg")
    parts: Fact[Sequence[Part]] = many(Part, "parts", zh="部件")


LIMIT = Parameter("limit", 2, Text("a limit", "上限"))
STATES = ("here", "there", "elsewhere")
KEYS = ("go", "stay")

numbers = st.sampled_from([-1, 0, 0.5, 1, 2, 2.5, 3, LIMIT])


def compared(term: Any, bounds: st.SearchStrategy[Any] = numbers) -> st.SearchStrategy[Predicate]:
    """Comparisons as nodes: with a number outside the range of a fact, as a policy may have it, none can be written."""
    return st.builds(Compare, st.just(term), st.sampled_from(["<", "<=", ">", ">="]), bounds)


def joined(leaves: st.SearchStrategy[Predicate]) -> st.SearchStrategy[Predicate]:
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(lambda a, b: a & b, inner, inner),
            st.builds(lambda a, b: a | b, inner, inner),
            st.builds(lambda a: ~a, inner),
            st.builds(lambda a: named("a_name", Text("a name", "一个名字"), a), inner),
        ),
        max_leaves=6,
    )


def members(fact: Fact[Colour]) -> st.SearchStrategy[Predicate]:
    return st.builds(
        lambda values: fact.is_in(*values), st.lists(st.sampled_from(list(Colour)), min_size=1, max_size=3)
    )


constants = st.sampled_from([ALWAYS, NEVER])
monotone_part_leaves = st.one_of(
    st.just(Part.broken.as_predicate()), members(Part.colour), compared(Part.width), constants
)
part_predicates = joined(st.one_of(monotone_part_leaves, st.just(Part.broken.so_far)))
monotone_part_predicates = joined(monotone_part_leaves)

journey_leaves = st.one_of(
    compared(taken("go")),
    compared(taken("go", "stay")),
    compared(rounds_here),
    compared(rounds_here, st.just(Thing.size)),
    compared(taken("go"), st.just(Thing.limit)),
    st.builds(arrived_from, st.sampled_from(STATES)),
)


def things_leaves(parts: st.SearchStrategy[Predicate]) -> st.SearchStrategy[Predicate]:
    counts: st.SearchStrategy[Term] = st.builds(Thing.parts.count, parts)
    return st.one_of(
        st.sampled_from([Thing.alive.as_predicate(), Thing.sold.as_predicate(), Thing.parts.is_empty()]),
        members(Thing.colour),
        compared(Thing.size),
        compared(Thing.weight),
        compared(Thing.weight, st.just(Thing.limit)),
        st.builds(Thing.parts.every, parts),
        st.builds(Thing.parts.some, parts),
        counts.flatmap(compared),
        counts.flatmap(lambda count: compared(count, st.just(Thing.size))),
        journey_leaves,
        constants,
    )


monotone_predicates = joined(things_leaves(monotone_part_predicates))
predicates = joined(st.one_of(things_leaves(part_predicates), st.just(Thing.sold.so_far)))

values = st.sampled_from([0.5, 1, 2, 2.5, 3, 7])
parts = st.builds(
    Part,
    broken=st.none() | st.booleans(),
    colour=st.none() | st.sampled_from(Colour),
    width=st.none() | values,
)
things = st.builds(
    Thing,
    alive=st.none() | st.booleans(),
    sold=st.none() | st.booleans(),
    colour=st.none() | st.sampled_from(Colour),
    size=st.none() | st.integers(-3, 5),
    weight=st.none() | values,
    limit=st.none() | values,
    parts=st.none() | st.lists(parts, max_size=3).map(tuple),
)
histories = st.builds(
    History,
    taken=st.dictionaries(st.sampled_from(KEYS), st.integers(0, 4)),
    rounds_here=st.integers(1, 4),
    arrived_from=st.none() | st.sampled_from(STATES),
)

_known_part = {
    "broken": st.booleans(),
    "colour": st.sampled_from(Colour),
    "width": values,
}
_known = {
    "alive": st.booleans(),
    "sold": st.booleans(),
    "colour": st.sampled_from(Colour),
    "size": st.integers(-3, 5),
    "weight": values,
    "limit": values,
    "parts": st.lists(parts, max_size=3).map(tuple),
}


@st.composite
def learnt(draw: st.DrawFn, thing: Thing) -> Thing:
    """The thing with some of what was unknown filled in."""
    facts: dict[str, Any] = {}
    for name, strategy in _known.items():
        value = getattr(thing, name)
        if value is None:
            value = draw(st.none() | strategy)
        elif name == "parts":
            value = tuple(
                Part(
                    **{
                        fact: getattr(part, fact)
                        if getattr(part, fact) is not None
                        else draw(st.none() | _known_part[fact])
                        for fact in _known_part
                    }
                )
                for part in value
            )
        facts[name] = value
    return Thing(**facts)
