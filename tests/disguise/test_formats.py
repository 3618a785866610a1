"""Every format's walk: whole files are clean, what is put anywhere is found there, damage is told in little time."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.disguise import writers
from tests.disguise.writers import PLACES, WRITERS
from tests.fuzz.contract import bounded

from lodger.disguise import Inspection, Verdict, examine
from lodger.disguise.discovery import formats
from lodger.disguise.octets import BrokenError, Octets
from lodger.disguise.trace import Trace

NAMES = {"jpeg": "x.jpg"}
EVERY = [(kind, place) for kind, places in PLACES.items() for place in places]


def looked_at(tmp_path: Path, kind: str, content: bytes) -> Inspection:
    path = tmp_path / NAMES.get(kind, f"x.{kind}")
    path.write_bytes(content)
    found = examine(path)
    assert found is not None
    return found.inspection


@pytest.mark.parametrize("kind", WRITERS)
@given(seed=st.integers(0, 2**32), size=st.integers(300, 90_000))
@settings(max_examples=30)
def test_a_whole_file_is_clean(kind: str, seed: int, size: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    content = WRITERS[kind](Random(seed), size)
    found = looked_at(tmp_path_factory.mktemp("whole"), kind, content)
    assert replace(found, file="") == Inspection("", {"docx": "ooxml"}.get(kind, kind), len(content))


@pytest.mark.parametrize(("kind", "place"), EVERY)
@given(seed=st.integers(0, 2**32))
@settings(max_examples=15)
def test_random_bytes_are_found_where_they_were_put(
    kind: str, place: str, seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    rng = Random(seed)
    content = WRITERS[kind](rng, rng.randint(300, 5_000))
    planted = PLACES[kind][place](content, rng.randbytes(rng.randint(80, 30_000)), rng)
    if planted is None:
        return
    found = looked_at(tmp_path_factory.mktemp("planted"), kind, planted.content)
    assert found.verdict is not Verdict.CLEAN
    # What a walk takes the first random bytes for may hold it up a little; the findings still cover the place.
    first, behind = planted.offset, planted.offset + planted.length
    assert any(each.offset < behind and each.offset + max(each.length, 1) > first - 8 for each in found.findings)


@pytest.mark.parametrize("kind", WRITERS)
def test_what_stands_behind_is_told_exactly(kind: str, tmp_path: Path) -> None:
    content, tail = WRITERS[kind](Random(1), 4000), b"\x17" + Random(2).randbytes(999)
    (finding,) = looked_at(tmp_path, kind, content + tail).findings
    assert (finding.kind, finding.verdict) == ("after the end", Verdict.HIDDEN)
    assert (finding.offset, finding.length) == (len(content), 1000)
    assert finding.entropy is not None
    assert 7.7 < finding.entropy < 7.9
    assert finding.chance is not None
    assert 1e-4 < finding.chance < 1 - 1e-4


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("padding", [b"\0" * 5000, b"\xff" * 700, b" \r\n" * 90], ids=["zeros", "ones", "blanks"])
def test_padding_behind_is_nothing(kind: str, padding: bytes, tmp_path: Path) -> None:
    assert looked_at(tmp_path, kind, WRITERS[kind](Random(1), 4000) + padding).findings == ()


@pytest.mark.parametrize("kind", WRITERS)
def test_a_file_cut_anywhere_is_not_clean_and_takes_no_time(kind: str, tmp_path: Path) -> None:
    content = WRITERS[kind](Random(3), 1000)
    for cut in range(1, len(content)):
        with bounded():
            found = looked_at(tmp_path, kind, content[:cut])
        assert found.verdict is not Verdict.CLEAN or _is_whole(kind, content, cut), cut


def _is_whole(kind: str, content: bytes, cut: int) -> bool:
    """A document without its last revision is one, too; crumbs of a line end are no loss."""
    return kind == "pdf" and (cut >= len(content) - 2 or cut - content.find(b"%%EOF") in range(5, 24))


@pytest.mark.parametrize("kind", [kind for kind in WRITERS if kind != "docx"])
@given(st.data())
@settings(max_examples=60)
def test_no_damage_raises_anything_but_what_is_promised(kind: str, data: st.DataObject) -> None:
    content = bytearray(WRITERS[kind](Random(data.draw(st.integers(0, 5))), 1200))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    form = next(each for each in formats() if each.name == kind)
    at = 0
    with bounded():
        try:
            form.walk(Octets(bytes(content)), Trace())
        except BrokenError as error:
            at = error.offset
    assert 0 <= at <= len(content)


def _huge(kind: str) -> bytes:
    """A file whose first part says to be 4 GB long."""
    many = 0xFFFFFFFF
    if kind == "png":
        return writers.png(Random(1))[:33] + struct.pack(">I", 0x7FFFFFFF) + b"IDAT" + b"x" * 50
    if kind == "bmp":
        return writers.bmp(Random(1))[:18] + struct.pack("<ii", 0x7FFFFFFF, 0x7FFFFFFF) + writers.bmp(Random(1))[26:]
    if kind == "webp":
        return b"RIFF" + struct.pack("<I", many) + b"WEBPVP8 " + struct.pack("<I", many) + b"x" * 50
    if kind == "pdf":
        return b"%PDF-1.4\n1 0 obj\n<< /Length 4294967295 >>\nstream\nxxxx"
    whole = writers.docx(Random(1))
    at = whole.find(b"PK\x01\x02")
    return whole[: at + 20] + struct.pack("<II", many, many) + whole[at + 28 :]


@pytest.mark.parametrize("kind", ["png", "bmp", "webp", "pdf", "docx"])
def test_a_declared_size_of_4_gb_is_malformed_and_takes_neither_time_nor_memory(kind: str, tmp_path: Path) -> None:
    with bounded():
        found = looked_at(tmp_path, kind, _huge(kind))
    assert Verdict.MALFORMED in {each.verdict for each in found.findings}


def test_a_picture_that_unpacks_to_far_more_than_it_holds_is_not_followed(tmp_path: Path) -> None:
    whole = writers.png(Random(1), 300)
    bomb = writers.chunk(b"IDAT", zlib.compress(bytes(300_000_000), 9))
    _, start, end = next(each for each in writers.png_places(whole) if each[0] == b"IDAT")
    with bounded():
        found = looked_at(tmp_path, "png", whole[:start] + bomb + whole[end:])
    assert [each.kind for each in found.findings] == ["picture data"]


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xd8" + b"\xff\xe0\0\0" * 50_000,
        b"\xff\xd8" + b"\xff\xe0\0\x02" * 500_000,
        b"\xff\xd8" + b"\xff" * 3_000_000,
        b"\xff\xd8\xff\xe0\0\x04ab" + b"x\xff\xe0\xff" * 500_000,
        writers.jpeg(Random(1)) * 300,
        writers.jpeg(Random(1))[:-2] + b"\xff\x3a" * 500_000,
        writers.jpeg(Random(1), 60_000, restarts=True)[:-2] + b"\xff\xd0" * 500_000 + b"\xff\xd9",
    ],
    ids=["length 0", "empty segments", "fill", "marks", "pictures", "bad marks", "restarts"],
)
def test_a_jpeg_made_to_hold_up_the_walk_does_not(content: bytes, tmp_path: Path) -> None:
    with bounded():
        assert looked_at(tmp_path, "jpeg", content).verdict is not Verdict.CLEAN


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("png", writers.png(Random(1))[:33] + writers.chunk(b"aaAa", b"") * 100_000),
        ("png", writers.png(Random(1))[:33] + b"aaAa" * 500_000),
        ("png", writers.png(Random(1))[:33] + writers.chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(4_000_000))) * 300),
        ("gif", writers.gif(Random(1))[:25] + b"\x21\xfe\x01a\0" * 40_000),
        ("gif", writers.gif(Random(1))[:25] + b"\x21\xf9\x04\0\0\0\0" * 300_000),
        ("gif", writers.gif(Random(1))[:-1] + b"\x01a" * 1_000_000),
        ("webp", b"RIFF\xff\xff\xff\0WEBP" + b"VP8 \xff\xff\xff\xff" * 200_000),
        ("pdf", b"%PDF-1.4\n" + b"1 0 obj " * 60_000),
        ("pdf", b"%PDF-1.4\n1 0 obj endobj " + b"trailer >> " * 200_000),
        ("pdf", b"%PDF-1.4\n1 0 obj << /Length 9 >> stream\n" * 60_000),
        ("docx", b"PK\x05\x06" * 300_000),
    ],
)
def test_files_made_to_hold_up_the_walk_do_not(kind: str, content: bytes, tmp_path: Path) -> None:
    with bounded():
        assert looked_at(tmp_path, kind, content).verdict is not Verdict.CLEAN


def test_every_format_says_what_it_looks_at_and_has_its_own_names() -> None:
    names = [name for each in formats() for name in each.names]
    assert len(names) == len(set(names))
    for each in formats():
        assert each.title
        assert each.looked_at
        assert all(name == name.lower() and "." not in name for name in each.names)
