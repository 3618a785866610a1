"""Searching in pieces finds what a search in one finds, and long runs of one byte take no time."""

from __future__ import annotations

import mmap
import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodger.disguise.octets import Octets, opened
from lodger.disguise.trace import is_padding

PATTERNS = [
    re.compile(rb"\xff[^\0\xff]"),
    re.compile(rb"[A-Z]{2}"),
    re.compile(rb"(?<!\d)\d{1,3} obj|xref"),
    re.compile(rb"\x2c(?=.{2}[^\x08])|\x3b\Z", re.DOTALL),
]
#: Runs, which are longer than the pieces below, and a little of what the patterns are about.
CONTENT = st.lists(
    st.one_of(
        st.binary(max_size=5),
        st.tuples(st.sampled_from([b"\0", b"\xff", b"A", b" ", b"1"]), st.integers(0, 1500)).map(lambda p: p[0] * p[1]),
        st.sampled_from([b"\xff\xd9", b"AB", b"12 obj", b"xref", b"\x3b", b"\x2cabc"]),
    ),
    max_size=8,
).map(b"".join)


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.pattern)
@given(content=CONTENT, start=st.integers(0, 600))
def test_a_search_in_pieces_finds_what_one_over_all_finds(
    pattern: re.Pattern[bytes], content: bytes, start: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lodger.disguise.octets._PIECE", 300)
        patch.setattr("lodger.disguise.octets._run", lambda one: one * 300)
        found = Octets(content).search(pattern, start)
    wanted = pattern.search(content, start, len(content))
    assert (found and found.span()) == (wanted and wanted.span())


@given(content=CONTENT, what=st.sampled_from([b"AB", b"xref", b"\0\0\0", b"\x2c"]), start=st.integers(0, 600))
def test_a_mapped_file_is_searched_as_one_in_memory(content: bytes, what: bytes, start: int) -> None:
    with pytest.MonkeyPatch.context() as patch, mmap.mmap(-1, len(content) + 1) as mapped:
        patch.setattr("lodger.disguise.octets._PIECE", 300)
        mapped.write(content)
        assert Octets(mapped, 0, len(content)).find(what, start) == content.find(what, start)


@given(one=st.binary(min_size=1, max_size=1), length=st.integers(1, 1500), behind=st.binary(max_size=3))
def test_a_run_ends_where_another_byte_begins(one: bytes, length: int, behind: bytes) -> None:
    content = one * length + behind
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lodger.disguise.octets._PIECE", 300)
        patch.setattr("lodger.disguise.octets._run", lambda one: one * 300)
        end = Octets(content).run_end(0)
    assert end == len(content) - len(content.lstrip(one))
    assert Octets(content).run_end(len(content)) == len(content)


@pytest.mark.parametrize(
    ("content", "padding"),
    [
        (b"\0" * 200_000, True),
        (b"\xff" * 200_000, True),
        (b" \r\n" * 70_000 + b"\0", True),
        (b" " * 200_000 + b"\n" * 200_000, True),
        (b"\0" * 200_000 + b"\xff", False),
        (b" " * 200_000 + b"a", False),
        (b"a" * 200_000, False),
        (b"", True),
    ],
)
def test_padding_is_all_zero_or_all_ones_or_all_white_space(content: bytes, padding: bool) -> None:
    assert is_padding(Octets(content), 0, len(content)) == padding


def test_a_gigabyte_of_zeros_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "zeros"
    with path.open("wb") as file:
        file.truncate(1 << 30)
    began = time.process_time()
    with opened(path) as data:
        assert data.search(re.compile(rb"[A-Za-z]{4}"), 0) is None
        assert data.run_end(0) == data.end
    assert time.process_time() - began < 4  # byte by byte it takes ten times as long as this does
