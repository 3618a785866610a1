"""Progress goes on within one large file, packed or not, and ends at its size."""

from __future__ import annotations

import bz2
import gzip
import io
import random
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from lodger.lake.ingest import ingest
from lodger.lake.tables import Lake
from lodger.model.telemetry import SourceFile
from lodger.telemetry import outermost, sources

LINE = b'{"EventID":1,"Channel":"Security","Hostname":"a","TimeCreated":"2023-08-15T09:55:25Z","Image":"%d"}\n'
CONTENT = b"".join(LINE % number for number in range(50_000))


class Watched:
    def __init__(self) -> None:
        self.total: int | None = None
        self.steps: list[int] = []

    def phase(self, name: str, total: int | None) -> None:
        self.total = total

    def advance(self, amount: int) -> None:
        self.steps.append(amount)


def zipped(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", content)
        archive.writestr("b", content.replace(b"15T", b"16T"))
    return out.getvalue()


def tarred(content: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        member = tarfile.TarInfo("a")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return bz2.compress(out.getvalue())


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zipped, tarred])
def test_one_large_file_is_told_in_steps(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "log"
    path.write_bytes(pack(CONTENT))
    watched = Watched()
    ingest(Lake.create(tmp_path / "case"), [path], watched)
    assert watched.total == sum(watched.steps) == path.stat().st_size
    assert len(watched.steps) > 2
    assert max(watched.steps) < watched.total * 0.6


def test_progress_goes_on_while_a_file_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "log.gz"
    path.write_bytes(gzip.compress(random.Random(1).randbytes(8_000_000)))
    told: list[int] = []
    found = sources.find([path], tmp_path / "spool", lambda _: False, unpacked=told.append)
    (file,) = [each for each in found if isinstance(each, SourceFile)]
    assert len(told) > 1  # how often depends on how far the unpacking thread is ahead
    assert sum(told) + file.packed == path.stat().st_size
    assert sum(told) == int(path.stat().st_size * outermost.UNPACKING)


def test_progress_goes_on_while_a_large_file_is_hashed(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"0123456789abcde\n" * 2_500_000)
    told: list[int] = []
    found = sources.find([path], tmp_path / "spool", lambda _: False, unpacked=told.append)
    (file,) = [each for each in found if isinstance(each, SourceFile)]
    assert len(told) == 3
    assert sum(told) == pytest.approx(path.stat().st_size * outermost.HASHING, rel=0.3)
    assert sum(told) + file.packed == path.stat().st_size
