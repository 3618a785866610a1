"""Files behind URLs, by stores that fsspec brings along."""

from __future__ import annotations

import gzip
import io
import os
import shutil
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import fsspec
import pytest

from lodger.model.telemetry import SourceFile
from lodger.telemetry import remote, sources
from lodger.telemetry.sources import Known, Problem

INSTALL = "what reads such URLs is not installed: pip install 'lodger[cloud]'"


@pytest.fixture
def store() -> Iterator[Any]:
    memory = fsspec.filesystem("memory")
    yield memory
    memory.store.clear()
    memory.pseudo_dirs[:] = [""]


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    return tmp_path / "spool"


def find(spool: Path, *paths: str | Path, known: bool = False) -> tuple[list[tuple[str, bytes]], list[Problem | Known]]:
    """Name and content of every file found, and all else."""
    files: list[tuple[str, bytes]] = []
    rest: list[Problem | Known] = []
    for found in sources.find(paths, spool, lambda _: known):
        if isinstance(found, SourceFile):
            assert found.path.parent == spool or found.path in paths
            if found.path.parent == spool:
                assert len(list(spool.iterdir())) <= 2, "one outermost file at a time, and a member of it"
            files.append((found.name, found.path.read_bytes()))
        else:
            rest.append(found)
    assert list(spool.iterdir()) == [], "nothing stays in the spool"
    return files, rest


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_a_folder_of_a_store_is_searched_whole_and_in_order(store: Any, spool: Path) -> None:
    store.pipe("/logs/b/z.log", b"last")
    store.pipe("/logs/b.log", gzip.compress(b"packed"))
    store.pipe("/logs/a.zip", zipped(x=b"1", y=b"2"))
    store.pipe("/logs/c#1?.log", b"odd name")
    store.pipe("/logs/none", b"")
    store.pipe("/other", b"not asked for")
    assert find(spool, "memory://logs") == (
        [
            ("memory://logs/a.zip!x", b"1"),
            ("memory://logs/a.zip!y", b"2"),
            ("memory://logs/b.log", b"packed"),
            ("memory://logs/c#1?.log", b"odd name"),
            ("memory://logs/b/z.log", b"last"),
        ],
        [Problem("memory://logs/none", "file is empty")],
    )


def test_a_url_is_a_file_or_a_pattern_too(store: Any, spool: Path) -> None:
    for name in ("a.log", "b.log", "c.txt", "d/e.log"):
        store.pipe(f"/logs/{name}", name.encode())
    assert find(spool, "memory://logs/c.txt") == ([("memory://logs/c.txt", b"c.txt")], [])
    named = [("memory://logs/a.log", b"a.log"), ("memory://logs/b.log", b"b.log")]
    assert find(spool, "memory://logs/*.log") == (named, [])
    everywhere, _ = find(spool, "memory://logs/**/*.log")
    assert [name for name, _ in everywhere][-1] == "memory://logs/d/e.log"


def test_local_files_come_before_urls_and_sizes_add_up(store: Any, spool: Path, tmp_path: Path) -> None:
    store.pipe("/x", b"12345")
    path = tmp_path / "here"
    path.write_bytes(b"123")
    done: list[int] = []
    found = sources.find(["memory://x", path], spool, lambda _: False, done.append)
    assert [each.name for each in found if isinstance(each, SourceFile)] == [str(path), "memory://x"]
    assert done == [3, 5]
    assert sources.total_bytes(["memory://x", path, "-"]) == 8


def test_what_is_known_is_fetched_to_be_known_but_not_unpacked(store: Any, spool: Path) -> None:
    store.pipe("/a.zip", zipped(x=b"1"))
    files, (found,) = find(spool, "memory://a.zip", known=True)
    assert files == []
    assert isinstance(found, Known)
    assert found.name == "memory://a.zip"


def test_the_disk_of_this_machine_by_url(spool: Path, tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    (logs / "deep").mkdir(parents=True)
    (logs / "a").write_bytes(b"1")
    (logs / "b").symlink_to(logs / "a")
    os.mkfifo(logs / "pipe")
    (logs / "deep" / "loop").symlink_to(logs)
    assert find(spool, f"file://{logs}") == (
        [(f"file://{logs}/a", b"1"), (f"file://{logs}/b", b"1")],
        [
            Problem(f"file://{logs}/pipe", "not a regular file (a pipe, device or socket)"),
            Problem(f"file://{logs}/deep/loop", "link to a folder is not followed"),
        ],
    )


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("memory://nothing", "cannot be read: no such file or folder"),
        ("memory://nothing/*.log", "no such file or folder"),
        ("nonsense://x", "no library knows URLs of this kind"),
        ("memory://empty", "folder is empty"),
    ],
)
def test_what_cannot_be_read_is_one_line(store: Any, spool: Path, url: str, reason: str) -> None:
    store.mkdir("/empty")
    assert find(spool, url) == ([], [Problem(url, reason)])


def test_without_the_extra_a_line_says_what_to_install(spool: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec", None)
    assert find(spool, "s3://bucket/logs") == ([], [Problem("s3://bucket/logs", INSTALL)])


def test_without_one_stores_library_too(spool: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)
    monkeypatch.delitem(sys.modules["fsspec.registry"]._registry, "s3", raising=False)
    assert find(spool, "s3://bucket/logs") == ([], [Problem("s3://bucket/logs", INSTALL)])


class _Breaks(io.BytesIO):
    def read(self, size: int | None = -1) -> bytes:
        if self.tell():
            raise ConnectionResetError(104, "Connection reset by peer")
        return super().read(5)


def test_a_file_that_breaks_off_is_one_line_and_nothing_of_it_is_taken(
    store: Any, spool: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.pipe("/logs/a", b"0123456789")
    monkeypatch.setattr(type(store), "open", lambda *_, **__: _Breaks(b"0123456789"))
    assert find(spool, "memory://logs") == (
        [],
        [Problem("memory://logs/a", "cannot be fetched: connection reset by peer")],
    )


class _Disk(NamedTuple):
    total: int
    used: int
    free: int


def test_what_does_not_fit_on_the_disk_is_not_fetched(store: Any, spool: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store.pipe("/big", b"0123456789")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: _Disk(9, 0, 9))
    reason = "does not fit on the disk of the case: it has 10 bytes, 9 are free"
    assert find(spool, "memory://big") == ([], [Problem("memory://big", reason)])


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("s3://bucket/a b.log", "s3://bucket/a b.log"),
        ("ftp://me:secret@host/x", "ftp://host/x"),
        ("https://token@host/x?X-Amz-Signature=abc&y#z", "https://host/x"),
        ("abfs://container@account.dfs.core.windows.net/x", "abfs://container@account.dfs.core.windows.net/x"),
        ("403, message='Forbidden', url='https://u:p@h/x?sig=abc'", "403, message='Forbidden', url='https://h/x'"),
        ("s3://b/\x1b[2J", "s3://b/\\x1b[2J"),
    ],
)  # fmt: skip
def test_no_login_and_no_signature_is_shown(url: str, shown: str) -> None:
    assert remote.shown(url) == shown


def test_a_path_is_no_url() -> None:
    assert not any(remote.is_url(path) for path in ("-", "a/b", "C:\\x", "/s3:/x", Path("s3://b")))
    assert all(remote.is_url(url) for url in ("s3://b/x", "abfs://c@a/x", "http+x://h"))
