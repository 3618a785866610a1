from __future__ import annotations

import struct
from pathlib import Path

import pytest
from tests.trust import files
from tests.trust.judging import STAMP, look

from lodger.trust.formats import pe


def test_the_checksum_and_the_tables_place_are_not_covered() -> None:
    content = bytearray(files.signed(stamps=[STAMP]))
    content[0xD8:0xDC] = b"\1\2\3\4"
    assert look(bytes(content)).verdict == "valid"


def test_headers_that_break_off_are_malformed() -> None:
    content = files.signed()
    for cut in (0x84, 0x98, 0xE0):
        assert look(content[:cut]).verdict == "malformed"
    assert look(content[:0x98] + b"\x07\x01" + content[0x9A:]).reason == "a program's header of an unknown kind"


def test_a_program_without_room_for_a_table_is_unsigned() -> None:
    content = bytearray(files.program())
    struct.pack_into("<I", content, 0x98 + 108, 3)
    assert look(bytes(content)).verdict == "unsigned"


def test_a_time_stamp_that_is_a_hash_is_no_time_of_compilation() -> None:
    content = bytearray(files.program(stamp=0xF0000000))
    assert look(files.signed(bytes(content), stamps=[STAMP])).flags == ("compiled-after-signing",)
    struct.pack_into("<II", content, 0x98 + 160, 0x1000, 28)
    struct.pack_into("<IIHHIIII", content, 0x400, 0, 0, 0, 0, 16, 0, 0, 0)
    assert pe.layout(bytes(content)).reproducible
    assert look(files.signed(bytes(content), stamps=[STAMP])).flags == ()


def test_a_large_file_is_mapped_and_judged_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.exe"
    path.write_bytes(files.signed(stamps=[STAMP]))
    read = look(path)
    monkeypatch.setattr("lodger.trust.files._SMALL", 100)
    assert look(path) == read
