"""Folders, files and archives of all kinds, hostile ones too."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lodger.model.telemetry import SourceFile
from lodger.telemetry import sources, unpack
from lodger.telemetry.sources import Known, Problem, total_bytes


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def zipped(*members: tuple[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content, how)
    return out.getvalue()


Given = tuple[str, bytes]


def find(path: Path, spool: Path, known: str = "") -> tuple[list[Given], list[Problem | Known]]:
    """Name (below ``path``'s folder) and content of every file found, and all else."""
    files: list[Given] = []
    rest: list[Problem | Known] = []
    for found in sources.find([path], spool, lambda container: container == known):
        if isinstance(found, SourceFile):
            content = found.path.read_bytes()
            assert (len(content), sha(content)) == (found.size, found.fingerprint)
            assert found.path.parent == spool or found.path.is_relative_to(path)
            files.append((found.name.removeprefix(f"{path.parent}/"), content))
        else:
            rest.append(found)
    assert list(spool.iterdir()) == [], "nothing stays in the spool"
    return files, rest


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    return tmp_path / "spool"


def test_a_folder_with_everything_in_it(tmp_path: Path, spool: Path) -> None:
    logs = tmp_path / "logs"
    (logs / "b").mkdir(parents=True)
    (logs / "a.log").write_bytes(b"one")
    (logs / "b" / "misnamed.txt").write_bytes(gzip.compress(b"two") + gzip.compress(b"three"))
    (logs / "b" / "c.zip").write_bytes(
        zipped(("h/x.json", b"four"), ("y.gz", gzip.compress(b"five")), ("z.zip", zipped(("i", b"six"))), ("e", b""))
    )
    assert find(logs, spool) == (
        [
            ("logs/a.log", b"one"),
            ("logs/b/c.zip!h/x.json", b"four"),
            ("logs/b/c.zip!y.gz", b"five"),
            ("logs/b/c.zip!z.zip!i", b"six"),
            ("logs/b/misnamed.txt", b"twothree"),
        ],
        [Problem(f"{logs}/b/c.zip!e", "file is empty")],
    )


def test_files_come_day_after_day_where_their_paths_name_days(tmp_path: Path, spool: Path) -> None:
    logs = tmp_path / "logs"
    names = [
        "conn.log",
        "dc1/Security.json",
        "archive.20240230.json",
        "zeek/2024-03-31/conn.00:00:00-01:00:00.log",
        "host1/events-2024-04-01.jsonl",
        "host2/2024/04/01/events.jsonl",
        "host3/20240401T235959.jsonl",
        "eve.json.20240402",
        "host1/events-2024-04-02.jsonl",
        "host2/20240402103000.jsonl",
    ]
    for name in reversed(names):
        (logs / name).parent.mkdir(parents=True, exist_ok=True)
        (logs / name).write_text(name)
    undated, dated = {*names[:2]}, [f"logs/{name}" for name in names[2:]]
    found = [name for name, _ in find(logs, spool)[0]]
    assert {name.removeprefix("logs/") for name in found[:2]} == undated
    assert found[2:] == dated


def test_a_known_archive_is_not_unpacked_again(tmp_path: Path, spool: Path) -> None:
    archive = tmp_path / "a.zip"
    archive.write_bytes(zipped(("x", b"one")))
    container = sha(archive.read_bytes())
    assert find(archive, spool, container) == ([], [Known(str(archive), container)])


def test_member_names_are_text_only(tmp_path: Path, spool: Path) -> None:
    archive = tmp_path / "a.zip"
    archive.write_bytes(zipped(("../../x", b"1"), ("/etc/passwd", b"2"), ("C:\\x", b"3"), ("bell\x07\n\u202e", b"4")))
    before = {path for path in tmp_path.rglob("*") if path != spool}
    assert find(archive, spool) == (
        [
            ("a.zip!../../x", b"1"),
            ("a.zip!/etc/passwd", b"2"),
            ("a.zip!C:\\x", b"3"),
            ("a.zip!bell\\x07\\n\\u202e", b"4"),
        ],
        [],
    )
    assert {path for path in tmp_path.rglob("*") if path != spool} == before


def test_what_is_no_telemetry_gets_a_line_each(tmp_path: Path, spool: Path) -> None:
    logs = tmp_path / "logs"
    (logs / "empty").mkdir(parents=True)
    (logs / "loop").symlink_to(logs)
    (logs / "dangling").symlink_to(logs / "nowhere")
    (logs / "nothing.log").touch()
    (logs / "mac").write_bytes(b"\0\5\x16\7\0\2")
    damaged = "7z archive is damaged, read as far as it goes: "
    (logs / "a.7z").write_bytes(b"7z\xbc\xaf\x27\x1c")
    (logs / "a.tar").write_bytes(b"x".ljust(257, b"\0") + b"ustar\0")
    os.mkfifo(logs / "pipe")
    assert find(logs, spool) == (
        [],
        [
            Problem(f"{logs}/a.7z", damaged + "truncated archive: expected 4 bytes for a uint32"),
            Problem(f"{logs}/a.tar", "tar archive is damaged, read as far as it goes: truncated header"),
            Problem(f"{logs}/dangling", "cannot be read: no such file or directory"),
            Problem(f"{logs}/loop", "link to a folder is not followed; name the folder itself to read it"),
            Problem(f"{logs}/mac", "what macOS keeps beside a file, not telemetry"),
            Problem(f"{logs}/nothing.log", "file is empty"),
            Problem(f"{logs}/pipe", "not a regular file (a pipe, device or socket)"),
            Problem(f"{logs}/empty", "folder is empty"),
        ],
    )
    missing = tmp_path / "missing"
    assert find(missing, spool) == ([], [Problem(str(missing), "no such file or directory")])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_gets_a_line_each(tmp_path: Path, spool: Path) -> None:
    logs = tmp_path / "logs"
    (logs / "closed").mkdir(parents=True)
    (logs / "secret").write_bytes(b"x")
    (logs / "secret").chmod(0)
    (logs / "closed").chmod(0)
    try:
        assert find(logs, spool) == (
            [],
            [
                Problem(f"{logs}/secret", "cannot be read: permission denied"),
                Problem(f"{logs}/closed", "folder cannot be read: permission denied"),
            ],
        )
    finally:
        (logs / "closed").chmod(0o700)


def test_a_name_that_is_not_utf8_is_escaped(tmp_path: Path, spool: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    Path(os.fsdecode(os.fsencode(logs) + b"/\xff.log")).write_bytes(b"x")
    assert find(logs, spool) == ([("logs/\\xff.log", b"x")], [])


def test_the_same_file_named_twice_is_found_once(tmp_path: Path, spool: Path) -> None:
    (tmp_path / "a.log").write_bytes(b"x")
    found = list(sources.find([tmp_path / "a.log", str(tmp_path)], spool, lambda _: False))
    assert [item.name for item in found if isinstance(item, SourceFile)] == [str(tmp_path / "a.log")]


def test_a_truncated_gzip_is_read_as_far_as_it_goes(tmp_path: Path, spool: Path) -> None:
    log = tmp_path / "a.log"
    content = os.urandom(300_000)
    log.write_bytes(gzip.compress(content)[:200_000])
    (((name, read),), problems) = find(log, spool)
    assert name == "a.log"
    assert len(read) > 190_000
    assert content.startswith(read)
    assert problems == [Problem(str(log), "damaged, read as far as it goes: the file ends before the packed data does")]


def test_a_damaged_or_encrypted_member_costs_no_other(tmp_path: Path, spool: Path) -> None:
    archive = tmp_path / "a.zip"
    content = bytearray(zipped(("a", b"first"), ("b", b"second"), ("c", b"third"), how=zipfile.ZIP_STORED))
    content[content.find(b"second")] ^= 1
    directory = content.find(b"PK\1\2")
    content[directory + 8] |= 1  # the first member's flag in the directory: encrypted
    archive.write_bytes(content)
    files, problems = find(archive, spool)
    assert files == [("a.zip!c", b"third")]
    assert problems == [
        Problem(f"{archive}!a", "encrypted: unpack it first"),
        Problem(f"{archive}!b", "damaged, read as far as it goes: Bad CRC-32 for file 'b'"),
    ]


def test_a_member_without_a_name_is_a_member(tmp_path: Path, spool: Path) -> None:
    content = bytearray(zipped(("x", b"one"), ("y.log", b"two")))
    directory = content.index(b"PK\1\2")
    content[directory + 28 : directory + 30] = b"\0\0"  # the first name's length, as the directory gives it
    del content[directory + 46]
    content[-10:-6] = (int.from_bytes(content[-10:-6], "little") - 1).to_bytes(4, "little")  # the directory's length
    (tmp_path / "a.zip").write_bytes(content)
    files, rest = find(tmp_path / "a.zip", spool)
    assert [content for _, content in files] == [b"two"]
    (problem,) = rest
    assert isinstance(problem, Problem)


def test_a_zip_without_its_end_gets_one_line(tmp_path: Path, spool: Path) -> None:
    archive = tmp_path / "a.zip"
    archive.write_bytes(zipped(("a", b"first"))[:-10])
    assert find(archive, spool) == ([], [Problem(str(archive), "zip archive cannot be opened: File is not a zip file")])


def test_a_zip_bomb_gets_one_line_and_the_rest_goes_on(
    tmp_path: Path, spool: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpack, "HARMLESS", 1_000_000)
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "a.zip").write_bytes(zipped(("bomb", b"\0" * 20_000_000), ("more", b"x")))
    (logs / "b.log.gz").write_bytes(gzip.compress(b"\0" * 20_000_000))
    (logs / "c.log").write_bytes(b"x")
    spent = "all of it unpacks to more than 300 times its size, as a zip bomb does: the rest is not read"
    assert find(logs, spool) == (
        [("logs/c.log", b"x")],
        [Problem(f"{logs}/a.zip", spent), Problem(f"{logs}/b.log.gz", spent)],
    )


def test_a_bomb_among_much_else_costs_only_itself(tmp_path: Path, spool: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "HARMLESS", 1_000_000)
    archive = tmp_path / "a.zip"
    archive.write_bytes(zipped(("noise", os.urandom(200_000)), ("bomb", b"\0" * 20_000_000), ("last", b"x")))
    files, problems = find(archive, spool)
    assert [name for name, _ in files] == ["a.zip!noise", "a.zip!last"]
    assert problems == [
        Problem(f"{archive}!bomb", "unpacks to more than 300 times its size, as a zip bomb does: not read")
    ]


def test_archives_are_opened_three_deep(tmp_path: Path, spool: Path) -> None:
    content = b"core"
    for _ in range(4):
        content = zipped(("x", content))
    (tmp_path / "a.zip").write_bytes(content)
    name = f"{tmp_path}/a.zip!x!x!x"
    assert find(tmp_path / "a.zip", spool) == (
        [],
        [Problem(name, "archives in archives are opened 3 deep: not read")],
    )


def test_the_number_of_members_is_bounded(tmp_path: Path, spool: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "MEMBERS", 2)
    (tmp_path / "a.zip").write_bytes(zipped(*((str(n), b"x") for n in range(4))))
    files, problems = find(tmp_path / "a.zip", spool)
    assert [name for name, _ in files] == ["a.zip!0", "a.zip!1"]
    assert problems == [Problem(f"{tmp_path}/a.zip", "more than 2 files in one archive: the rest is not read")]


def test_the_directory_of_a_zip_is_bounded(tmp_path: Path, spool: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "DIRECTORY_BYTES", 100)
    (tmp_path / "a.zip").write_bytes(zipped(*((str(n), b"x") for n in range(4))))
    assert find(tmp_path / "a.zip", spool) == (
        [],
        [Problem(f"{tmp_path}/a.zip", "its directory is longer than 0 MiB: not read")],
    )


def test_progress_counts_the_bytes_on_disk(tmp_path: Path, spool: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped(("x", b"one" * 1000)))
    (tmp_path / "b.log").write_bytes(b"two")
    done: list[int] = []
    paths = [tmp_path / "a.zip", tmp_path / "b.log"]
    list(sources.find(paths, spool, lambda _: False, done.append))
    assert done == [path.stat().st_size for path in paths]
    assert sum(done) == total_bytes(paths)


_MEMBERS = st.lists(
    st.tuples(st.text(st.characters(codec="utf-8"), min_size=1, max_size=8), st.binary(min_size=1, max_size=80)),
    max_size=4,
)


@settings(max_examples=200, deadline=None)
@given(
    _MEMBERS,
    st.lists(st.tuples(st.integers(0, 600), st.integers(0, 255)), max_size=6),
    st.integers(0, 600),
    st.booleans(),
)
def test_no_damaged_archive_stops_the_search(
    tmp_path_factory: pytest.TempPathFactory,
    members: list[tuple[str, bytes]],
    flips: list[tuple[int, int]],
    cut: int,
    packed: bool,
) -> None:
    folder = tmp_path_factory.mktemp("fuzz")
    names = {f"{n}{name}".replace("\0", ""): content for n, (name, content) in enumerate(members)}
    content = bytearray(zipped(*names.items()))
    for at, value in flips:
        if at < len(content):
            content[at] = value
    hostile = bytes(content[: cut + 30])
    (folder / "x").write_bytes(gzip.compress(hostile) if packed else hostile)
    find(folder / "x", folder / "spool")
