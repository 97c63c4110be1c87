"""The columns of a decision table share out its width."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from crlm_pathway.drawing.tables import NARROWEST_OUTPUT, column_widths

LENGTHS = st.floats(0, 300)
COLUMNS = st.lists(st.tuples(LENGTHS, LENGTHS, LENGTHS), max_size=6)


@given(COLUMNS, LENGTHS, st.floats(0, 1000))
def test_no_column_is_narrower_than_it_may_be_and_together_they_fill_the_width(
    columns: list[tuple[float, float, float]], output: float, rest: float
) -> None:
    least, wanted, unbroken = ([column[index] for column in columns] for index in range(3))
    widths, last = column_widths(least, wanted, unbroken, output, rest)
    assert all(width >= low for width, low in zip(widths, least, strict=True))
    assert last >= NARROWEST_OUTPUT
    enough = max(rest, sum(least) + NARROWEST_OUTPUT)
    assert sum(widths) + last == pytest.approx(enough)


@given(COLUMNS, LENGTHS)
def test_where_there_is_room_for_all_nothing_is_broken(
    columns: list[tuple[float, float, float]], output: float
) -> None:
    least, wanted, unbroken = ([column[index] for column in columns] for index in range(3))
    rest = sum(max(column) for column in columns) + output + NARROWEST_OUTPUT + sum(wanted)
    widths, last = column_widths(least, wanted, unbroken, output, rest)
    assert all(width >= one - 1e-9 for width, one in zip(widths, unbroken, strict=True))
    assert last >= output - 1e-9


def test_what_rows_choose_gets_up_to_its_share_before_any_input_gets_more_than_it_must_have() -> None:
    def shared(output: float, rest: float) -> list[float]:
        widths, last = column_widths([10, 10], [80, 40], [90, 90], output, rest)
        return [*widths, last]

    assert shared(400, 60) == [10, 10, NARROWEST_OUTPUT]
    assert shared(400, 200) == pytest.approx([73, 37, 90])
    assert shared(70, 200) == pytest.approx([80 + 10 / 6, 40 + 50 / 6, 70])
