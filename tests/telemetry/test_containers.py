"""Compressed files, tar archives and standard input, hostile ones too."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lodger.model.telemetry import SourceFile
from lodger.telemetry import sources, tarball, unpack
from lodger.telemetry.sources import Known, Problem


def zstd(content: bytes) -> bytes:
    out = pa.BufferOutputStream()
    with pa.CompressedOutputStream(out, "zstd") as stream:
        stream.write(content)
    return bytes(out.getvalue().to_pybytes())


Pack = Callable[[bytes], bytes]
PACKERS: dict[str, Pack] = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress, "zst": zstd}


def regular(name: str, content: bytes) -> tuple[tarfile.TarInfo, bytes]:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    return member, content


def special(name: str, kind: bytes, target: str = "") -> tuple[tarfile.TarInfo, bytes]:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    return member, b""


def tarred(*members: tuple[tarfile.TarInfo, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.TarFile(fileobj=out, mode="w", format=form) as archive:
        for member, content in members:
            archive.addfile(member, io.BytesIO(content))
    return out.getvalue()


def find(path: Path | str, spool: Path) -> tuple[list[tuple[str, bytes]], list[tuple[str, str]]]:
    """Name and content of every file found, and every problem; names without the folder."""
    files, problems = [], []
    base = f"{Path(path).parent}/"
    for found in sources.find([path], spool, lambda _: False):
        if isinstance(found, SourceFile):
            assert found.path.parent == spool or found.path == Path(path)
            files.append((found.name.removeprefix(base), found.path.read_bytes()))
        elif isinstance(found, Problem):
            problems.append((found.path.removeprefix(base), found.reason))
    assert list(spool.iterdir()) == [], "nothing stays in the spool"
    return files, problems


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    return tmp_path / "spool"


@pytest.mark.parametrize("pack", PACKERS.values(), ids=PACKERS)
def test_many_streams_in_one_file_are_one_content(tmp_path: Path, spool: Path, pack: Pack) -> None:
    (tmp_path / "log").write_bytes(pack(b"one") + pack(b"two") + pack(b"x" * 3_000_000))
    assert find(tmp_path / "log", spool) == ([("log", b"onetwo" + b"x" * 3_000_000)], [])


@pytest.mark.parametrize("pack", PACKERS.values(), ids=PACKERS)
def test_a_truncated_file_is_read_as_far_as_it_goes(tmp_path: Path, spool: Path, pack: Pack) -> None:
    content = os.urandom(2_000_000)
    (tmp_path / "log").write_bytes(pack(content)[:1_900_000])
    ((_, found),), ((name, reason),) = find(tmp_path / "log", spool)
    assert content.startswith(found)
    assert len(found) > 900_000
    assert name == "log"
    assert reason.startswith("damaged, read as far as it goes: ")


@pytest.mark.parametrize("pack", PACKERS.values(), ids=PACKERS)
def test_a_bomb_of_any_packing_is_one_line(
    tmp_path: Path, spool: Path, pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpack, "HARMLESS", 1_000_000)
    (tmp_path / "log").write_bytes(pack(b"\0" * 40_000_000))
    reason = "all of it unpacks to more than 300 times its size, as a zip bomb does: the rest is not read"
    assert find(tmp_path / "log", spool) == ([], [("log", reason)])


def test_an_xz_or_zst_that_wants_too_much_memory_is_one_line(tmp_path: Path, spool: Path) -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 1, "dict_size": 256 * 1024**2}]
    (tmp_path / "a").write_bytes(lzma.compress(b"x", filters=filters))
    (tmp_path / "b").write_bytes(b"\x28\xb5\x2f\xfd\x00" + bytes([21 << 3]) + b"\1\0\0")
    damaged = "damaged, read as far as it goes: "
    assert find(tmp_path / "a", spool) == ([], [("a", damaged + "Memory usage limit exceeded")])
    zst = "ZSTD decompress failed: Frame requires too much memory for decoding"
    assert find(tmp_path / "b", spool) == ([], [("b", damaged + zst)])


@settings(deadline=None)
@given(st.sampled_from(sorted(PACKERS)), st.lists(st.binary(min_size=1, max_size=3000), min_size=1, max_size=4))
def test_what_was_packed_comes_out(tmp_path_factory: pytest.TempPathFactory, how: str, parts: list[bytes]) -> None:
    folder = tmp_path_factory.mktemp("packed")
    (folder / "x").write_bytes(b"".join(map(PACKERS[how], parts)))
    unpacker = {"gz": unpack.gunzip, "bz2": unpack.unbzip2, "xz": unpack.unxz, "zst": unpack.unzstd}[how]
    with (folder / "x").open("rb") as file:
        assert b"".join(unpacker(file)) == b"".join(parts)


@pytest.mark.parametrize("pack", [bytes, *PACKERS.values()], ids=["plain", *PACKERS])
@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT])
def test_a_tar_of_any_packing_counts_as_one_level(tmp_path: Path, spool: Path, pack: Pack, form: int) -> None:
    long = "d/" * 40 + "n" * 90
    inner = tarred(regular("deep", gzip.compress(b"core")), form=form)
    content = tarred(regular(long, b"one"), regular("in", pack(inner)), regular("empty", b""), form=form)
    (tmp_path / "a").write_bytes(pack(content))
    assert find(tmp_path / "a", spool) == (
        [(f"a!{long}", b"one"), ("a!in!deep", b"core")],
        [("a!empty", "file is empty")],
    )


def test_links_devices_and_names_lead_nowhere(tmp_path: Path, spool: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"not for you")
    members = [
        regular("../../out", b"1"),
        regular(str(tmp_path / "absolute"), b"2"),
        special("link", tarfile.SYMTYPE, str(secret)),
        regular("link", b"3"),
        special("hard", tarfile.LNKTYPE, "../../secret"),
        special("null", tarfile.CHRTYPE),
        special("pipe", tarfile.FIFOTYPE),
        special("folder", tarfile.DIRTYPE),
    ]
    (tmp_path / "a.tar").write_bytes(tarred(*members))
    before = {path for path in tmp_path.parent.rglob("*") if path != spool}
    assert find(tmp_path / "a.tar", spool) == (
        [("a.tar!../../out", b"1"), (f"a.tar!{tmp_path}/absolute", b"2"), ("a.tar!link", b"3")],
        [("a.tar", "4 links, devices or pipes in it are not read")],
    )
    assert {path for path in tmp_path.parent.rglob("*") if path != spool} == before
    assert secret.read_bytes() == b"not for you"


def test_archives_are_opened_three_deep_whatever_they_are(tmp_path: Path, spool: Path) -> None:
    three = tarred(regular("b", lzma.compress(tarred(regular("c", bz2.compress(b"core"))))))
    (tmp_path / "a").write_bytes(three)
    assert find(tmp_path / "a", spool) == ([("a!b!c", b"core")], [])
    (tmp_path / "a").write_bytes(zstd(zstd(three)))
    too_deep = [("a!b!c", "archives in archives are opened 3 deep: not read")]
    assert find(tmp_path / "a", spool) == ([], too_deep)


def test_a_damaged_tar_is_read_as_far_as_it_goes_and_says_so(tmp_path: Path, spool: Path) -> None:
    content = tarred(regular("a", b"x" * 600), regular("b", b"y" * 600))
    path = tmp_path / "t"
    one = [("t!a", b"x" * 600)]
    damaged = "tar archive is damaged, read as far as it goes: "
    path.write_bytes(content[:1536] + b"?" * 512 + content[2048:])
    assert find(path, spool) == (one, [("t", damaged + "no header at offset 1536")])
    path.write_bytes(content[:1536])
    assert find(path, spool) == (one, [("t", damaged + "it ends without its end mark")])
    path.write_bytes(content[:2248])
    files, problems = find(path, spool)
    assert files == [*one, ("t!b", b"y" * 200)]
    assert problems[0] == ("t!b", "damaged, read as far as it goes: unexpected end of data")


def test_a_header_that_would_fill_the_memory_is_one_line(tmp_path: Path, spool: Path) -> None:
    member = tarfile.TarInfo("x")
    member.type, member.size = tarfile.GNUTYPE_LONGNAME, 5_000_000_000
    content = tarred(regular("a", b"1"))[:1024] + member.tobuf(tarfile.GNU_FORMAT) + b"n" * 4096
    (tmp_path / "t").write_bytes(content)
    files, ((name, reason),) = find(tmp_path / "t", spool)
    assert (files, name) == ([("t!a", b"1")], "t")
    assert reason == "tar archive is damaged, read as far as it goes: a header of more than 1 MiB"


def test_the_holes_of_a_sparse_file_count_as_unpacked(
    tmp_path: Path, spool: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpack, "HARMLESS", 1_000_000)
    member = tarfile.TarInfo("big")
    member.size = 1024
    member.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": str(10**12)}
    sparse_map = b"1\n0\n512\n".ljust(512, b"\0")
    (tmp_path / "t").write_bytes(tarred((member, sparse_map + b"d" * 512), regular("b", b"2")))
    files, problems = find(tmp_path / "t", spool)
    assert files == [("t!b", b"2")]
    assert any("300 times its size" in reason for _, reason in problems)


def test_the_number_of_members_is_bounded(tmp_path: Path, spool: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "MEMBERS", 2)
    (tmp_path / "t").write_bytes(tarred(*(regular(str(n), b"x") for n in range(4))))
    files, problems = find(tmp_path / "t", spool)
    assert [name for name, _ in files] == ["t!0", "t!1"]
    assert problems == [("t", "more than 2 files in one archive: the rest is not read")]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.binary(max_size=700), max_size=4),
    st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 255)), max_size=6),
    st.integers(0, 6000),
    st.sampled_from(["", *PACKERS]),
)
def test_no_damaged_tar_stops_the_search(
    tmp_path_factory: pytest.TempPathFactory, parts: list[bytes], flips: list[tuple[int, int]], cut: int, how: str
) -> None:
    folder = tmp_path_factory.mktemp("fuzz")
    content = bytearray(tarred(*(regular(f"{n}", part) for n, part in enumerate(parts))))
    for at, value in flips:
        content[at % len(content)] = value
    hostile = bytes(content[: cut + 512])
    (folder / "x").write_bytes(PACKERS[how](hostile) if how else hostile)
    find(folder / "x", folder / "spool")


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(PACKERS)), st.binary(max_size=200), st.integers(0, 300), st.binary(max_size=8))
def test_no_damaged_packing_stops_the_search(
    tmp_path_factory: pytest.TempPathFactory, how: str, content: bytes, at: int, noise: bytes
) -> None:
    folder = tmp_path_factory.mktemp("fuzz")
    packed = PACKERS[how](content)
    (folder / "x").write_bytes((packed[:at] + noise + packed[at + len(noise) :]) or b"x")
    find(folder / "x", folder / "spool")


class _Piped(io.TextIOWrapper):
    def __init__(self, content: bytes) -> None:
        super().__init__(io.BytesIO(content))


def test_standard_input_is_a_file_or_an_archive(tmp_path: Path, spool: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", _Piped(b"plain"))
    assert find("-", spool) == ([("<stdin>", b"plain")], [])
    monkeypatch.setattr(sys, "stdin", _Piped(gzip.compress(tarred(regular("x", b"one")))))
    assert find("-", spool) == ([("<stdin>!x", b"one")], [])
    monkeypatch.setattr(sys, "stdin", _Piped(b""))
    assert find("-", spool) == ([], [("<stdin>", "standard input is empty")])
    monkeypatch.setattr(sys, "stdin", None)
    assert find("-", spool) == ([], [("<stdin>", "nothing is piped into it: `-` reads telemetry from another program")])


def test_standard_input_is_bounded_and_known_again(spool: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", _Piped(b"again"))
    (found,) = sources.find(["-"], spool, lambda _: True)
    assert isinstance(found, Known)
    assert found.name == "<stdin>"
    monkeypatch.setattr(unpack, "MEMBER_BYTES", 1000)
    monkeypatch.setattr(sys, "stdin", _Piped(b"x" * 2000))
    assert find("-", spool) == ([], [("<stdin>", "unpacks to more than 0 GiB: not read")])


def test_a_member_is_read_without_its_header_limit(tmp_path: Path, spool: Path) -> None:
    content = os.urandom(tarball.HEADER_BYTES * 2)
    (tmp_path / "t").write_bytes(tarred(regular("a", content), regular("b", b"2")))
    assert find(tmp_path / "t", spool) == ([("t!a", content), ("t!b", b"2")], [])
