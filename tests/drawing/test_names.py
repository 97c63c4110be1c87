"""Names in DOT and Mermaid text are plain, and each is of one thing only."""

from __future__ import annotations

import re

from hypothesis import given, strategies as st

from crlm_pathway.drawing.names import Names, identifier

WANTED = st.sampled_from(["a", "a_2", "a_2_2", "a_3", "b", ""])


@given(st.text(max_size=20))
def test_a_name_is_of_plain_letters_digits_and_underscores(text: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9]+(_[A-Za-z0-9]+)*", identifier(text, "state"))


@given(st.lists(WANTED, max_size=20), st.sets(WANTED))
def test_no_two_names_are_the_same_and_none_is_reserved(wanted: list[str], reserved: set[str]) -> None:
    names = Names(reserved)
    made = [names.new(each) for each in wanted]
    assert len(set(made)) == len(made)
    assert reserved.isdisjoint(made)
    assert all(name.startswith(each) for name, each in zip(made, wanted, strict=True))


def test_a_name_is_as_it_is_wanted_if_it_can_be() -> None:
    names = Names(["end"])
    assert [names.new(each) for each in ("a b", "end", "a b", "a b", "b")] == ["a b", "end_2", "a b_2", "a b_3", "b"]
    assert (identifier("a b-c!"), identifier("状态"), identifier("状态", "state")) == ("a_b_c", "", "state")
