"""Which facts are waited for, and how they are spelled."""

from __future__ import annotations

from crlm_pathway import Predicate
from crlm_pathway.predicates.waiting import waiting_for
from universe import Colour, Part, Thing


def paths(predicate: Predicate, thing: Thing) -> list[str]:
    return [place.path for place in waiting_for([predicate], thing)]


def test_facts_are_waited_for_in_the_order_declared() -> None:
    assert paths((Thing.size < 3) & Thing.colour.is_(Colour.RED) & Thing.alive, Thing()) == [
        "alive",
        "colour",
        "size",
    ]


def test_what_is_settled_is_not_waited_for() -> None:
    assert paths(Thing.alive & (Thing.sold | (Thing.size < 3)), Thing(sold=True)) == ["alive"]
    assert paths(Thing.alive & Thing.sold, Thing(sold=False)) == []


def test_an_unknown_list_is_waited_for_as_a_whole() -> None:
    assert paths(Thing.parts.every(Part.broken), Thing()) == ["parts"]


def test_items_are_waited_for_one_by_one() -> None:
    thing = Thing(parts=(Part(broken=True), Part(), Part(broken=True, width=2)))
    assert paths(Thing.parts.every(Part.broken & (Part.width < 3)), thing) == [
        "parts[0].width",
        "parts[1].broken",
        "parts[1].width",
    ]
    assert paths(Thing.parts.count(Part.broken) >= 3, thing) == ["parts[1].broken"]


def test_both_sides_of_a_comparison_are_waited_for() -> None:
    assert paths(Thing.weight < Thing.limit, Thing()) == ["weight", "limit"]
    assert paths(Thing.weight < Thing.limit, Thing(limit=3)) == ["weight"]
    assert paths(Thing.parts.count() < Thing.size, Thing(parts=())) == ["size"]


def test_an_event_that_has_not_been_recorded_is_not_waited_for() -> None:
    assert paths(Thing.sold.so_far & Thing.alive, Thing()) == []
    assert paths(~Thing.sold.so_far & Thing.alive, Thing()) == ["alive"]
