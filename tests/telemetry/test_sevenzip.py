"""7z archives, hostile ones too."""

from __future__ import annotations

import io
import os
import shutil
import struct
import sys
import zlib
from pathlib import Path
from typing import Any

import py7zr
import pytest

from lodger.model.telemetry import SourceFile
from lodger.telemetry import sevenzip, sources, unpack
from lodger.telemetry.sources import Problem

DAMAGED = "7z archive is damaged, read as far as it goes: "


COPY = [{"id": py7zr.FILTER_COPY}]


def packed(*members: tuple[str, bytes], **how: Any) -> bytes:
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", **how) as archive:
        if how.get("header_encryption"):
            archive.set_encrypted_header(True)
        archive.set_encoded_header_mode(how.get("filters") is not COPY)
        for name, content in members:
            archive.writestr(content, name)
    return out.getvalue()


def resealed(content: bytes) -> bytes:
    """An archive whose unpacked directory was changed, with checksums that fit (7-Zip's DOC/7zFormat.txt)."""
    offset, size = struct.unpack_from("<QQ", content, 12)
    directory = content[32 + offset : 32 + offset + size]
    start = struct.pack("<QQI", offset, size, zlib.crc32(directory))
    return content[:8] + struct.pack("<I", zlib.crc32(start)) + start + content[32:]


def find(path: Path, spool: Path) -> tuple[list[tuple[str, bytes]], list[tuple[str, str]]]:
    """Name and content of every file found, and every problem; names without the folder."""
    files, problems = [], []
    base = f"{path.parent}/"
    for found in sources.find([path], spool, lambda _: False):
        if isinstance(found, SourceFile):
            assert found.path.parent == spool
            assert found.path.stat().st_size == found.size
            files.append((found.name.removeprefix(base), found.path.read_bytes()))
        elif isinstance(found, Problem):
            problems.append((found.path.removeprefix(base), found.reason))
    assert list(spool.iterdir()) == [], "nothing stays in the spool"
    return files, problems


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    return tmp_path / "spool"


METHODS: dict[str, list[dict[str, Any]]] = {
    "lzma2": [{"id": py7zr.FILTER_LZMA2, "preset": 1}],
    "lzma": [{"id": py7zr.FILTER_LZMA}],
    "ppmd": [{"id": py7zr.FILTER_PPMD, "order": 6, "mem": 24}],
    "zstd": [{"id": py7zr.FILTER_ZSTD, "level": 3}],
    "bzip2": [{"id": py7zr.FILTER_BZIP2}],
    "copy": COPY,
}


@pytest.mark.parametrize("filters", METHODS.values(), ids=METHODS)
def test_members_come_out_in_their_order(tmp_path: Path, spool: Path, filters: list[dict[str, Any]]) -> None:
    big = b"line of a log\n" * 200_000
    path = tmp_path / "a.bin"
    path.write_bytes(packed(("h/x.json", b"one"), ("big", big), ("empty", b""), ("y", b"two"), filters=filters))
    assert find(path, spool) == (
        [("a.bin!h/x.json", b"one"), ("a.bin!big", big), ("a.bin!y", b"two")],
        [("a.bin!empty", "file is empty")],
    )


def test_archives_are_opened_three_deep(tmp_path: Path, spool: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(packed(("b", packed(("c", packed(("d", b"core")))))))
    assert find(path, spool) == ([("a!b!c!d", b"core")], [])
    path.write_bytes(packed(("a", path.read_bytes())))
    assert find(path, spool) == ([], [("a!a!b!c", "archives in archives are opened 3 deep: not read")])


@pytest.mark.parametrize("header", [False, True])
def test_an_encrypted_archive_is_one_line(tmp_path: Path, spool: Path, header: bool) -> None:
    path = tmp_path / "a"
    path.write_bytes(packed(("x", b"secret"), password="pass", header_encryption=header))  # noqa: S106
    assert find(path, spool) == ([], [("a", "encrypted: unpack it first")])


def test_a_name_that_leads_out_is_refused(tmp_path: Path, spool: Path) -> None:
    path = tmp_path / "a"
    content = packed(("aa/bb/out", b"1"), filters=COPY)
    path.write_bytes(resealed(content.replace("aa/bb/".encode("utf-16-le"), "../../".encode("utf-16-le"))))
    before = {each for each in tmp_path.parent.rglob("*") if each != spool}
    files, problems = find(path, spool)
    assert (files, problems) == ([], [("a", DAMAGED + "Specified path is bad: ../../out")])
    assert {each for each in tmp_path.parent.rglob("*") if each != spool} == before


def test_links_are_counted_and_never_made(tmp_path: Path, spool: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "real").write_bytes(b"1")
    (folder / "link").symlink_to("/etc/passwd")
    path = tmp_path / "a"
    with py7zr.SevenZipFile(path, "w") as archive:
        archive.writeall(folder, "in")
    assert find(path, spool) == ([("a!in/real", b"1")], [("a", "1 links in it are not read")])


def test_damage_costs_what_lies_behind_it(tmp_path: Path, spool: Path) -> None:
    path = tmp_path / "a"
    first, second = os.urandom(400_000), os.urandom(400_000)
    content = bytearray(packed(("one", first), ("two", second), filters=COPY))
    content[600_000] ^= 0xFF
    path.write_bytes(content)
    files, problems = find(path, spool)
    assert files[0] == ("a!one", first)
    assert problems[-1][0] == "a"
    assert problems[-1][1].startswith(DAMAGED)
    assert problems[0][0] == "a!two"


def test_one_cut_off_is_one_line(tmp_path: Path, spool: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(packed(("one", b"x" * 1000))[:-5])
    files, ((name, reason),) = find(path, spool)
    assert (files, name) == ([], "a")
    assert reason.startswith(DAMAGED)


def test_a_bomb_is_one_line(tmp_path: Path, spool: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (unpack, sevenzip):
        monkeypatch.setattr(module, "HARMLESS", 1_000_000)
    path = tmp_path / "a"
    path.write_bytes(packed(("zeros", b"\0" * 40_000_000)))
    reason = "unpacks to more than 300 times its size, as a zip bomb does: not read"
    assert find(path, spool) == ([], [("a", reason)])


def test_what_a_method_takes_of_memory_is_in_its_properties() -> None:
    assert sevenzip._memory({"method": b"\x21", "properties": bytes([26])}) == 32 * 1024**2
    assert sevenzip._memory({"method": b"\x21", "properties": bytes([40])}) == 2**32 - 1
    assert sevenzip._memory({"method": b"\x03\x01\x01", "properties": b"\x5d\0\0\0\x20"}) == 512 * 1024**2


def test_memory_is_bounded(tmp_path: Path, spool: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sevenzip, "MEMORY", 1000)
    path = tmp_path / "a"
    path.write_bytes(packed(("x", b"1")))
    assert find(path, spool) == ([], [("a", "unpacking it takes more than 0 MiB of memory: not read")])


def test_the_directory_is_bounded(tmp_path: Path, spool: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sevenzip, "DIRECTORY_BYTES", 50)
    path = tmp_path / "a"
    path.write_bytes(packed(*((f"name{n}", b"1") for n in range(20))))
    files, ((_, reason),) = find(path, spool)
    assert files == []
    assert reason.startswith(DAMAGED)


def test_what_does_not_fit_on_the_disk_is_one_line(
    tmp_path: Path, spool: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a"
    path.write_bytes(packed(("x", b"1" * 1000)))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: _Full)
    reason = "unpacked it does not fit on the disk of the case: 1,000 bytes, 9 are free"
    assert find(path, spool) == ([], [("a", reason)])


class _Full:
    free = 9


def test_without_the_library_a_line_says_what_to_install(
    tmp_path: Path, spool: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a"
    path.write_bytes(packed(("x", b"1")))
    monkeypatch.setitem(sys.modules, "py7zr", None)
    reason = "7z archives need a library that is not installed: pip install 'lodger[7z]'"
    assert find(path, spool) == ([], [("a", reason)])
