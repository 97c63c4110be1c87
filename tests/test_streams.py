"""Files of many courses are split while they are read, wherever their pieces are cut, and never held as a whole."""

from __future__ import annotations

import json
import tracemalloc
from io import BufferedReader, RawIOBase
from itertools import chain, cycle, repeat
from typing import Any

import pytest
from hypothesis import given, strategies as st

from crlm_pathway import DataError, streams
from crlm_pathway.streams import Form, Piece, Stream, split


class Drip(RawIOBase):
    """Gives its bytes so many at a time, over and over."""

    def __init__(self, content: bytes, sizes: list[int]) -> None:
        self._rest = memoryview(content)
        self._sizes = cycle(sizes)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        size = min(next(self._sizes), len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size


def stream_of(content: bytes, sizes: list[int] | None = None) -> Stream:
    return Stream(BufferedReader(Drip(content, sizes or [len(content) + 1])))


def pieces_of(content: bytes, sizes: list[int] | None = None, **how: bool) -> tuple[Form, list[Piece], str]:
    """The form, the pieces, and the error at which they end."""
    form, pieces = split(stream_of(content, sizes), **how)
    found: list[Piece] = []
    try:
        for piece in pieces:
            found.append(piece)  # noqa: PERF402 - those before an error are wanted
    except DataError as error:
        return form, found, str(error)
    return form, found, ""


trees = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
blanks = st.text(" \t\r\n", max_size=2)
sizes = st.lists(st.integers(1, 9), min_size=1, max_size=5)


@st.composite
def lists(draw: st.DrawFn) -> tuple[list[Any], bytes]:
    """A list, and its text with white space in odd places."""
    elements = draw(st.lists(trees, max_size=5))
    ascii_only = draw(st.booleans())
    indent = draw(st.sampled_from([None, 1]))
    written = ",".join(
        f"{draw(blanks)}{json.dumps(element, ensure_ascii=ascii_only, indent=indent)}{draw(blanks)}"
        for element in elements
    )
    text = f"{draw(blanks)}[{written or draw(blanks)}]{draw(blanks)}"
    return elements, text.encode(errors="replace")


@given(lists(), sizes)
def test_a_list_is_split_as_json_reads_it_however_its_bytes_arrive(
    written: tuple[Any, bytes], sizes: list[int]
) -> None:
    _, content = written
    form, pieces, error = pieces_of(content, sizes)
    assert (form, error) == (Form.LIST, "")
    assert [piece.number for piece in pieces] == list(range(1, len(pieces) + 1))
    assert [json.loads(piece.content) for piece in pieces] == json.loads(content)


@given(lists(), st.data(), sizes)
def test_of_a_list_that_breaks_off_what_was_complete_is_given(
    written: tuple[Any, bytes], data: st.DataObject, sizes: list[int]
) -> None:
    _, content = written
    begun = content[: data.draw(st.integers(content.index(b"[") + 1, content.rindex(b"]")))]
    form, pieces, error = pieces_of(begun, sizes)
    assert form is Form.LIST
    assert error.endswith("expected JSON: the list breaks off")
    whole = [json.loads(piece.content) for piece in pieces[:-1]]
    assert whole == json.loads(content)[: len(whole)]


@given(st.binary(max_size=30), sizes)
def test_bytes_are_split_the_same_way_however_they_arrive(content: bytes, sizes: list[int]) -> None:
    for listed in (content, b"[" + content, b"[" + content + b"]"):
        for by_line in (False, True):
            try:
                expected: Any = pieces_of(listed, by_line=by_line)
            except DataError as error:
                expected = str(error)
            try:
                found: Any = pieces_of(listed, sizes, by_line=by_line)
            except DataError as error:
                found = str(error)
            assert spelled(found) == spelled(expected)


def spelled(found: Any) -> Any:
    if isinstance(found, str):
        return found
    form, pieces, error = found
    return form, error, [(piece.number, piece.content, piece.place(1, 1), piece.place(2, 1)) for piece in pieces]


@pytest.mark.parametrize("chunk", [4, 5, 8, 64])
@given(lists())
def test_the_size_of_a_chunk_makes_no_difference(chunk: int, written: tuple[Any, bytes]) -> None:
    usual = spelled(pieces_of(written[1]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(streams, "CHUNK", chunk)
        assert spelled(pieces_of(written[1])) == usual


ONE = b'{"patient": {}}'


@pytest.mark.parametrize(
    ("content", "form", "numbers"),
    [
        (ONE, Form.COURSE, [1]),
        (ONE + b"\n\n \n", Form.COURSE, [1]),
        (b"\n" + ONE.replace(b" ", b"\n"), Form.COURSE, [1]),
        (b'{"patient":\n {}}\n{}', Form.COURSE, [1]),
        (b"nonsense\n" + ONE, Form.COURSE, [1]),
        (b"\xef\xbb\xbf \n[]", Form.LIST, []),
        (b"\xef\xbb\xbf[" + ONE + b"]", Form.LIST, [1]),
        (ONE + b"\n" + ONE, Form.LINES, [1, 2]),
        (b"\xef\xbb\xbf\n\n" + ONE + b"\r\n\r\n \t\n" + ONE + b"\n\n" + ONE + b"\n", Form.LINES, [3, 6, 8]),
        (ONE + b"\nnonsense", Form.LINES, [1, 2]),
        (b'{"id": NaN, "id": 1e999, "n": ' + b"9" * 5000 + b"}\n" + ONE, Form.LINES, [1, 2]),
    ],
)
def test_the_form_is_found_by_what_is_there(content: bytes, form: Form, numbers: list[int]) -> None:
    found, pieces, error = pieces_of(content)
    assert (found, [piece.number for piece in pieces], error) == (form, numbers, "")


def test_lines_may_be_asked_for() -> None:
    form, pieces, _ = pieces_of(b"[]\n" + ONE + b"\n{", by_line=True)
    assert (form, [piece.content for piece in pieces]) == (Form.LINES, [b"[]", ONE, b"{"])


@pytest.mark.parametrize(
    ("content", "numbers", "message"),
    [
        (b"[{},\n {}", [1, 2], "line 2, column 4: expected JSON: the list breaks off"),
        (b'[{},\n {"\xe6\x82\xa3', [1, 2], "line 2, column 5: expected JSON: the list breaks off"),
        (b"[{},]", [1], "line 1, column 5: expected JSON: a course is missing"),
        (b"[\n,{}]", [], "line 2, column 1: expected JSON: a course is missing"),
        (b'["\xe6\x82\xa3", {}] \n x', [1, 2], "line 2, column 2: expected JSON: nothing follows the list"),
        (b"[]]", [], "line 1, column 3: expected JSON: nothing follows the list"),
    ],
)
def test_a_broken_list_gives_what_stands_before_and_says_where(
    content: bytes, numbers: list[int], message: str
) -> None:
    _, pieces, error = pieces_of(content)
    assert ([piece.number for piece in pieces], error) == (numbers, message)


def test_places_in_a_list_are_those_of_the_file() -> None:
    _, (_, second, third), _ = pieces_of('[{"id": "患者"}, {\n},\n{}]'.encode())
    assert second.place(1, 1) == "line 1, column 15"
    assert second.place(2, 1) == "line 2, column 1"
    assert third.place(2, 1) == "line 3, column 1"


@pytest.mark.parametrize("listed", [False, True])
def test_what_is_too_large_for_a_course_is_not_held(listed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "LARGEST", 100)
    monkeypatch.setattr(streams, "CHUNK", 10)
    large = b'{"id": "' + b"x" * 1000 + b'"}'
    content = b"[{}," + large + b",{}]" if listed else b"{}\n" + large + b"\n{}"
    _, pieces, _ = pieces_of(content)
    assert [piece.number for piece in pieces] == ([1, 2] if listed else [1, 2, 3])
    assert len(pieces[1].content) < 300
    with pytest.raises(DataError, match="the course: expected at most"):
        _ = pieces[1].text


class Repeated(RawIOBase):
    """So many copies of the same bytes, of which one is held."""

    def __init__(self, first: bytes, middle: bytes, times: int, last: bytes) -> None:
        self._parts = chain([first], repeat(middle, times), [last])

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        part = next(self._parts, b"")
        buffer[: len(part)] = part
        return len(part)


@pytest.mark.parametrize(("first", "between", "last"), [(b"[", b",\n", b"{}]"), (b"{}\n", b"\n", b"{}")])
def test_memory_does_not_grow_with_the_number_of_courses(first: bytes, between: bytes, last: bytes) -> None:
    course = b'{"id": "' + b"x" * 1000 + b'"}' + between

    def peak(times: int) -> int:
        tracemalloc.start()
        _, pieces = split(Stream(BufferedReader(Repeated(first, course, times, last))))
        assert sum(1 for _ in pieces) >= times
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    assert peak(20_000) < 2 * peak(2_000)
