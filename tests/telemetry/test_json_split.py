"""A search's response is taken apart into its hits, however long it is and wherever a block ends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodger.telemetry.json_split import hits, is_response, outermost

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet='a"\\{}[]:,hits\n', max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["hits", "a", "\\", '"']), inner),
    max_leaves=8,
)
HITS = st.lists(st.dictionaries(st.sampled_from(["_source", "hits", "fields", "sort"]), VALUES, max_size=3), max_size=4)
AROUND = st.dictionaries(st.sampled_from(["took", "_shards", "aggregations"]), VALUES, max_size=3)


def blocks(content: bytes, size: int) -> Iterator[bytes]:
    return (content[at : at + size] for at in range(0, len(content), size))


def response(found: list[Any], before: dict[str, Any], after: dict[str, Any], indent: int | None = None) -> bytes:
    return json.dumps(
        {**before, "hits": {"total": {"value": 1}, "hits": found, "x": 1}, **after}, indent=indent
    ).encode()


@given(st.lists(HITS, min_size=1, max_size=3), AROUND, AROUND, st.integers(1, 40), st.sampled_from([None, 2]))
def test_all_hits_of_all_pages_come_out_as_they_are(
    pages: list[list[Any]], before: dict[str, Any], after: dict[str, Any], size: int, indent: int | None
) -> None:
    after = {f"{name} after": value for name, value in after.items()}
    content = b"\n".join(response(page, before, after, indent) for page in pages)
    found = list(hits(blocks(content, size)))
    assert [json.loads(piece) for _, piece, _ in found] == [hit for page in pages for hit in page]
    assert [number for number, _, _ in found] == list(range(1, len(found) + 1))
    assert all(whole for _, _, whole in found)
    assert is_response(content) == bool(pages[0])


@given(HITS.filter(bool), st.data())
def test_a_response_that_is_cut_off_says_so_and_loses_no_whole_hit(found: list[Any], data: st.DataObject) -> None:
    content = response(found, {"took": 3}, {"timed_out": False})
    cut = data.draw(st.integers(1, len(content) - 1))
    *whole, last = hits(blocks(content[:cut], 7))
    assert [json.loads(piece) for _, piece, _ in whole] == found[: len(whole)]
    assert last[2] is False
    assert content[:cut].count(b'"hits"') == 0 or len(whole) <= len(found)


@pytest.mark.parametrize(
    ("content", "pieces"),
    [
        (b'{"hits":{"hits":[{"a":1}]}}\n{"b":2}\n', [(b'{"a":1}', True), (b'{"b":2}', True)]),
        (b'{"hits":{"hits":[{"a":1},7]}}', [(b'{"a":1}', True), (b",7", True)]),
        (b'{"hits":{"hits":[{"a":1}]}} end', [(b'{"a":1}', True), (b" end", True)]),
    ],
)
def test_what_is_no_hit_is_not_lost_either(content: bytes, pieces: list[tuple[bytes, bool]]) -> None:
    assert [(piece.rstrip(b"\n"), whole) for _, piece, whole in hits(iter([content])) if piece.strip()] == [
        (piece, whole) for piece, whole in pieces
    ]


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"[]",
        b'{"hits":3}',
        b'{"a":{"hits":{"hits":[{}]}}}',
        b'{"hits":[{"hits":[{}]}]}',
        b'{"x":"hits"}\n{"hits":',
    ],
)
def test_what_only_looks_like_a_response_is_none(head: bytes) -> None:
    assert not is_response(head)


@given(st.lists(st.dictionaries(st.text(max_size=3), VALUES, min_size=1, max_size=3), max_size=4), st.integers(1, 40))
def test_the_objects_of_an_array_come_out_as_they_are(found: list[Any], size: int) -> None:
    content = json.dumps(found).encode()
    assert [json.loads(piece) for _, piece, _ in outermost(blocks(content, size))] == found
