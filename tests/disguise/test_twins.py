from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from tests.disguise import writers
from tests.disguise.test_tails import movie

from lodger.disguise import Inspected, Verdict, inspect


def inspected(tmp_path: Path, **files: bytes) -> Inspected:
    for name, content in files.items():
        (tmp_path / f"{name}.jpg").write_bytes(content)
    return inspect(sorted(tmp_path.iterdir()))


def same(found: Inspected) -> dict[str, str]:
    return {
        Path(each.file).stem: finding.sentence
        for each in found.files
        for finding in each.findings
        if finding.kind == "same picture"
    }


def test_one_picture_with_different_tails_is_told_with_the_other_s_name(tmp_path: Path) -> None:
    rng = Random(1)
    cover = writers.jpeg(rng)
    found = inspected(tmp_path, a=cover + rng.randbytes(300), b=cover + rng.randbytes(500), c=writers.jpeg(rng))
    assert same(found) == {
        "a": "the same picture as b.jpg, which has another tail",
        "b": "the same picture as a.jpg, which has another tail",
    }
    assert [each.verdict for each in found.files] == [Verdict.HIDDEN, Verdict.HIDDEN, Verdict.CLEAN]


def test_the_picture_without_a_tail_is_not_blamed(tmp_path: Path) -> None:
    rng = Random(1)
    cover = writers.jpeg(rng)
    assert same(inspected(tmp_path, a=cover, b=cover + rng.randbytes(500))) == {
        "b": "the same picture as a.jpg, which has no tail"
    }


@pytest.mark.parametrize("tails", [(b"", b""), (bytes(50), bytes(900)), (b"", movie(Random(3)))])
def test_copies_padding_and_a_still_of_a_moving_picture_are_nothing(tails: tuple[bytes, bytes], tmp_path: Path) -> None:
    cover = writers.jpeg(Random(1))
    found = inspected(tmp_path, a=cover + tails[0], b=cover + tails[1])
    assert [each.findings for each in found.files] == [(), ()]


def test_two_videos_behind_one_picture_are_told_though_each_is_accounted_for(tmp_path: Path) -> None:
    cover = writers.jpeg(Random(1))
    found = inspected(tmp_path, a=cover + movie(Random(2)), b=cover + movie(Random(3)))
    assert set(same(found)) == {"a", "b"}


def test_pictures_alike_but_for_their_data_s_middle_are_two(tmp_path: Path) -> None:
    cover = bytearray(writers.jpeg(Random(1), 20_000))
    other = bytearray(cover)
    other[6000] = (other[6000] + 1) % 250
    found = inspected(tmp_path, a=bytes(cover) + b"x" * 300, b=bytes(other) + b"y" * 300)
    assert same(found) == {}
    assert [each.verdict for each in found.files] == [Verdict.HIDDEN, Verdict.HIDDEN]


def test_what_cannot_be_read_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(writers.jpeg(Random(1)))
    (tmp_path / "notes.txt").write_bytes(b"words")
    found = inspect([tmp_path / "gone.jpg", tmp_path / "notes.txt", tmp_path / "a.jpg"])
    assert [Path(each.file).name for each in found.files] == ["a.jpg"]
    assert found.passed == 1
    assert [(Path(each.file).name, each.reason) for each in found.unread] == [
        ("gone.jpg", "cannot be read: No such file or directory")
    ]
