"""What stands behind or within pictures and is known by its structure, and what only looks like it."""

from __future__ import annotations

import struct
from pathlib import Path
from random import Random

import pytest
from tests.disguise import writers

from lodger.disguise import Finding, examine


def findings(tmp_path: Path, content: bytes, name: str = "x.jpg") -> tuple[Finding, ...]:
    path = tmp_path / name
    path.write_bytes(content)
    found = examine(path)
    assert found is not None
    return found.inspection.findings


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + kind + body


def movie(rng: Random) -> bytes:
    return (
        box(b"ftyp", b"mp42\0\0\0\0isom") + box(b"mdat", rng.randbytes(3000)) + box(b"moov", box(b"mvhd", bytes(100)))
    )


def samsung(*blocks: tuple[int, bytes, bytes]) -> bytes:
    bodies = [struct.pack("<HHI", 0, kind, len(name)) + name + content for kind, name, content in blocks]
    whole, table = b"".join(bodies), b""
    at = 0
    for (kind, _, _), body in zip(blocks, bodies, strict=True):
        table += struct.pack("<HHII", 0, kind, len(whole) - at, len(body))
        at += len(body)
    head = b"SEFH" + struct.pack("<II", 106, len(blocks)) + table
    return whole + head + struct.pack("<I", len(head)) + b"SEFT"


def with_index(first: bytes, second: bytes, size: int | None = None) -> bytes:
    """Two pictures, the first with an MPF index of both."""
    start = 4 + 6 + 2 + 12 * 3 + 4
    listed = len(second) if size is None else size

    def segment(total: int, away: int) -> bytes:
        entries = struct.pack("<HHI4s", 0xB000, 7, 4, b"0100") + struct.pack("<HHII", 0xB001, 4, 1, 2)
        entries += struct.pack("<HHII", 0xB002, 7, 32, start - 2)
        images = struct.pack("<IIIHH", 0x030000, total, 0, 0, 0) + struct.pack("<IIIHH", 0, listed, away, 0, 0)
        body = b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", 3) + entries + b"\0\0\0\0"
        return writers.jpeg_segment(0xE2, b"MPF\0" + body.ljust(start - 2, b"\0") + images)

    total = len(first) + len(segment(0, 0))
    return first[:2] + segment(total, total - (2 + 4 + 4)) + first[2:] + second


def test_pictures_of_an_index_are_accounted_for(tmp_path: Path) -> None:
    rng = Random(1)
    both = with_index(writers.jpeg(rng), writers.jpeg(rng, 900))
    assert findings(tmp_path, both) == ()
    assert findings(tmp_path, both + bytes(300)) == ()


def test_what_stands_behind_an_index_s_last_picture_is_found(tmp_path: Path) -> None:
    rng = Random(1)
    both = with_index(writers.jpeg(rng), writers.jpeg(rng, 900))
    (found,) = findings(tmp_path, both + rng.randbytes(200))
    assert (found.kind, found.offset, found.length) == ("after the end", len(both), 200)


def test_an_index_cannot_account_for_what_is_no_picture(tmp_path: Path) -> None:
    rng = Random(1)
    payload = rng.randbytes(800)
    (found,) = findings(tmp_path, with_index(writers.jpeg(rng), payload))
    assert (found.kind, found.length) == ("after the end", 800)
    second = writers.jpeg(rng, 900)
    (found,) = findings(tmp_path, with_index(writers.jpeg(rng), second + payload, len(second) + 800))
    assert (found.kind, found.length) == ("after the end", 800)


def test_a_picture_without_an_index_behind_another_is_found(tmp_path: Path) -> None:
    rng = Random(1)
    first = writers.jpeg(rng)
    (found,) = findings(tmp_path, first + writers.jpeg(rng))
    assert (found.kind, found.offset) == ("after the end", len(first))
    assert "beginning as a JPEG picture" in found.sentence


def test_a_moving_picture_s_video_is_accounted_for_to_its_exact_end(tmp_path: Path) -> None:
    rng = Random(1)
    whole = writers.jpeg(rng) + movie(rng)
    assert findings(tmp_path, whole) == ()
    (found,) = findings(tmp_path, whole + rng.randbytes(64))
    assert (found.offset, found.length) == (len(whole), 64)


def test_a_video_s_first_words_alone_account_for_nothing(tmp_path: Path) -> None:
    rng = Random(1)
    tail = box(b"ftyp", b"mp42\0\0\0\0isom") + rng.randbytes(500)
    (found,) = findings(tmp_path, writers.jpeg(rng) + tail)
    assert found.length == len(tail)


def test_a_phone_s_trailer_is_accounted_for(tmp_path: Path) -> None:
    rng = Random(1)
    blocks = [(0x0A01, b"Image_UTC_Data", b"1623345678901"), (0x0A30, b"MotionPhoto_Data", movie(rng))]
    assert findings(tmp_path, writers.jpeg(rng) + samsung(*blocks)) == ()


def test_noise_in_or_beside_a_phone_s_trailer_is_found(tmp_path: Path) -> None:
    rng = Random(1)
    first = writers.jpeg(rng)
    blocks = [(0x0A01, b"Image_UTC_Data", b"1623345678901"), (0x0A30, b"Other", rng.randbytes(500))]
    (found,) = findings(tmp_path, first + samsung(*blocks))
    assert found.kind == "after the end"
    assert 400 < found.length <= 520
    (found,) = findings(tmp_path, first + rng.randbytes(300) + samsung(blocks[0]))
    assert (found.offset, found.length) == (len(first), 300)


def test_what_is_left_of_a_longer_picture_is_accounted_for_and_a_second_picture_is_not(tmp_path: Path) -> None:
    rng = Random(1)
    longer, short = writers.png(rng, 60_000), writers.png(rng, 900)
    assert findings(tmp_path, short + longer[len(short) :], "x.png") == ()
    broken = bytearray(short + longer[len(short) :])
    broken[30_000] ^= 1
    assert [each.kind for each in findings(tmp_path, bytes(broken), "x.png")] == ["after the end"]
    (found,) = findings(tmp_path, short + longer, "x.png")
    assert (found.offset, found.length) == (len(short), len(longer))


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_maker_s_note_may_be_random_and_a_gap_may_not(tmp_path: Path, order: str) -> None:
    rng = Random(1)
    exif, whole = b"Exif\0\0" + writers.tiff(rng, order), writers.jpeg(rng)
    head, rest = whole[:2], whole[2:]
    assert findings(tmp_path, head + writers.jpeg_segment(0xE1, exif) + rest) == ()
    (found,) = findings(tmp_path, head + writers.jpeg_segment(0xE1, exif + rng.randbytes(100)) + rest)
    assert 6 + len(exif) <= found.offset + 16
    assert found.offset + found.length <= 6 + len(exif) + 100
