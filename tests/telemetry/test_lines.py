"""Lines in bounded memory, whatever the encoding."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodger.telemetry.lines import lines, text_file, utf8
from lodger.telemetry.reader import RAW


def test_blank_lines_count_but_are_no_records() -> None:
    assert list(lines(BytesIO(b"a\n\n \t\r\nb"))) == [(1, b"a\n", True), (4, b"b", True)]


def test_an_endless_line_is_cut_and_the_next_is_whole() -> None:
    content = b"x" * 300_000 + b"\nnext\n" + b"y" * 300_000
    assert list(lines(BytesIO(content), longest=100_000)) == [
        (1, b"x" * RAW, False),
        (2, b"next\n", True),
        (3, b"y" * RAW, False),
    ]


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=30)), st.integers(1, 40))
def test_every_line_comes_once(texts: list[str], longest: int) -> None:
    content = "\n".join(texts).encode()
    found = list(lines(BytesIO(content), longest))
    assert [n for n, _, _ in found] == [
        n for n, text in enumerate(texts, 1) if not (text + "\n").encode().isspace() or len(text.encode()) > longest
    ]
    assert all(content.split(b"\n")[n - 1] == line.removesuffix(b"\n") for n, line, whole in found if whole)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be-mark"])
def test_encodings_are_told_by_their_mark(tmp_path: Path, encoding: str) -> None:
    text = "Zeile äß€\U0001f600\n" * 20_000
    content = b"\xfe\xff" + text.encode("utf-16-be") if encoding == "utf-16-be-mark" else text.encode(encoding)
    path = tmp_path / "log"
    path.write_bytes(content)
    with text_file(path) as file:
        assert file.read() == text.encode()
    assert text.encode().startswith(utf8(content[:1001]))


def test_damaged_utf16_is_escaped(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"\xff\xfea\0\0\xd8b\0c")
    with text_file(path) as file:
        assert file.read() == b"a\\x00\\xd8b\\x63"
