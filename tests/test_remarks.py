"""What is to be checked in the facts of a journey's visits: allowed, and said."""

from __future__ import annotations

from hypothesis import given, strategies as st

from crlm_pathway import CRLM, Journey, LiverMetastasis, Patient, Text
from crlm_pathway.remarks import remarks
from small import pathway
from universe import Part, Thing


@given(st.lists(st.none() | st.integers(0, 3), max_size=6), st.none() | st.integers(0, 3))
def test_a_list_is_to_be_checked_wherever_it_has_become_shorter_and_nowhere_else(
    lengths: list[int | None], before: int | None
) -> None:
    journey = Journey.begin(pathway(), Thing(parts=None if before is None else (Part(),) * before))
    expected, latest = {}, before or 0
    for visit, length in enumerate(lengths):
        journey.visit({} if length is None else {"parts": [Part()] * length})
        if length is not None:
            if length < latest:
                expected[visit] = (f"{length} listed, {latest} before", f"本次列出{length}个，此前为{latest}个")
            latest = length
    found = remarks(journey)
    assert found.keys() == expected.keys()
    for visit, (english, chinese) in expected.items():
        (text,) = found[visit]
        assert text.en.startswith(f"parts: {english}; ")
        assert text.zh.startswith(f"部件：{chinese}；")


def test_a_list_is_compared_with_the_one_before_also_when_a_step_has_forgotten_it() -> None:
    lesions = [LiverMetastasis(destroyed=True)] * 2
    journey = Journey.begin(CRLM, Patient())
    journey.visit(lesions=lesions)
    journey.visit(lesions=lesions[:1])
    assert list(remarks(journey)) == [1]


def test_what_would_be_refused_together_is_to_be_checked_when_it_comes_apart() -> None:
    journey = Journey.begin(CRLM, Patient(liver_metastasis_count=6))
    journey.visit(ras_variant=None)
    journey.visit(lesions=[LiverMetastasis()] * 4)
    journey.visit()
    expected = Text(
        "liver metastases: expected at least as many lesions as liver_metastasis_count",
        "肝转移灶：所列病灶不得少于肝转移灶数目（liver_metastasis_count）",
    )
    assert remarks(journey) == {1: (expected,)}
