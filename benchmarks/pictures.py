"""What `lodger inspect` finds in pictures, what it does not, and how fast it walks clean ones.

    python -m benchmarks.pictures [found] [clean FOLDER...] [speed] [huge]

Run from the project's folder. Each part (default: all that need no folder):

found   1,000 pictures, made ones and the real ones of the sample data in turn, each with 64 bytes to 1 MB of random
        bytes behind, between or inside, at every class of place in turn; the bar is all of them
clean   every picture below the folders, and the sample data's: the bar is no finding
speed   clean files of every kind, large ones made and the real pictures, against reading the same files and against
        their SHA-256, all in memory (the page cache); the bar is 500 MB/s
huge    files of 4 GB that are zero, or one other byte, from some point on (sparse, in the folder for temporary files),
        against reading the same file; the bar is seconds

The samples are below LODGER_DATA or ../shared/data; without them only made pictures are used.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from random import Random

from tests.disguise.writers import PLACES, WRITERS

from lodger.disguise import Verdict, examine, inspect

SEED = 2011
PICTURES = 1_000
LARGE = 24_000_000
PICTURE_KINDS = ("jpeg", "png", "gif", "bmp", "webp")
ENDINGS = {".jpg": "jpeg", ".jpeg": "jpeg", ".png": "png", ".gif": "gif", ".bmp": "bmp", ".webp": "webp"}
ROUNDS = 5
HUGE = 4 * 1024**3
ALL = ("found", "clean", "speed", "huge")


def samples(folder: Path) -> list[Path]:
    """The real pictures, unpacked into the folder."""
    data = Path(os.environ.get("LODGER_DATA", Path(__file__).parents[2] / "shared" / "data"))
    packed = data / "jpeg" / "exif-samples.zip"
    if not packed.is_file():
        print(f"{packed}: not there, only made pictures are used")
        return []
    found = []
    with zipfile.ZipFile(packed) as archive:
        for number, name in enumerate(sorted(name for name in archive.namelist() if name.endswith(".jpg"))):
            path = folder / f"{number}.jpg"
            path.write_bytes(archive.read(name))
            found.append(path)
    return found


def found(real: Sequence[Path], folder: Path) -> None:
    """Plant and look, place by place."""
    rng = Random(SEED)
    every = [(kind, place) for kind in PICTURE_KINDS for place in PLACES[kind]]
    told, missed, exact = 0, Counter[str](), 0
    number = 0
    while told < PICTURES:
        kind, place = every[number % len(every)]
        number += 1
        real_one = kind == "jpeg" and real and rng.random() < 0.5
        content = rng.choice(real).read_bytes() if real_one else WRITERS[kind](rng, rng.choice((600, 9_000, 200_000)))
        length = round(64 * (1_000_000 / 64) ** rng.random())
        planted = PLACES[kind][place](content, rng.randbytes(length), rng)
        if planted is None:  # this picture has no such place, or the place no such room
            continue
        told += 1
        path = folder / {"jpeg": "x.jpg"}.get(kind, f"x.{kind}")
        path.write_bytes(planted.content)
        seen = examine(path)
        if seen is None or seen.inspection.verdict is Verdict.CLEAN:
            missed[f"{kind}, {place}"] += 1
        elif any(
            each.offset < planted.offset + planted.length and planted.offset - 8 < each.offset + max(each.length, 1)
            for each in seen.inspection.findings
        ):
            exact += 1
    print(f"found: {told - missed.total():,} of {told:,}, {exact:,} of them with the place; missed: {dict(missed)}")


def packed(real: Sequence[Path], folder: Path) -> None:
    """Bytes put into the packed pixels themselves, which no walk accounts for: how many still break the structure."""
    rng, seen = Random(SEED), Counter[str]()
    for number in range(300):
        kind = ("jpeg", "gif", "webp")[number % 3]
        length = round(64 * (1_000_000 / 64) ** rng.random())
        use = kind == "jpeg" and bool(real)
        path = folder / {"jpeg": "x.jpg"}.get(kind, f"x.{kind}")
        path.write_bytes(rng.choice(real).read_bytes() if use else WRITERS[kind](rng, 9_000))
        whole = examine(path)
        assert whole is not None  # noqa: S101
        assert whole.image is not None  # noqa: S101
        content, (start, end) = path.read_bytes(), whole.image
        at = rng.randint(start, end - 2)
        path.write_bytes(content[:at] + rng.randbytes(length) + content[at:])
        each = examine(path)
        seen[kind] += each is not None and each.inspection.verdict is not Verdict.CLEAN
    print(f"within packed pixels, outside the bar, found of 100 each: {dict(seen)}")


def clean(folders: Sequence[Path], real: Sequence[Path]) -> None:
    """Every picture, and each finding."""
    paths = [path for folder in folders for path in sorted(folder.rglob("*")) if path.suffix.lower() in ENDINGS]
    kinds, odd = Counter[str](), []
    for each in inspect([path for path in [*real, *paths] if path.is_file()]).files:
        kinds[each.kind] += 1
        if each.findings:
            odd.append(each)
            print(f"  {each.verdict}: {each.file}: {each.findings[0].sentence}")
    print(f"clean: {kinds.total() - len(odd):,} of {kinds.total():,} untouched pictures ({dict(kinds)})")


def speed(real: Sequence[Path], folder: Path) -> None:
    """Large files of each kind, then the real pictures as they are."""
    rng = Random(SEED)
    print("kind: MB, walked MB/s, as a multiple of reading's and of SHA-256's time")
    for kind in PICTURE_KINDS:
        path = folder / {"jpeg": "large.jpg"}.get(kind, f"large.{kind}")
        path.write_bytes(WRITERS[kind](rng, LARGE))
        _rate(f"{kind}, made", [path])
    if real:
        _rate("jpeg, real, as they are", real)
        _rate("jpeg, real, as large as of today's cameras", [_longer(path, folder) for path in real])


def huge(folder: Path) -> None:
    """Files of 4 GB of which hardly anything is there."""
    print("what: s, as a multiple of reading's time, verdict")
    rng = Random(SEED)
    for kind in WRITERS:
        content = WRITERS[kind](rng, 9_000)
        for name, begun in (("whole", content), ("half", content[: len(content) // 2]), ("its head", content[:40])):
            path = folder / f"huge.{kind}"
            with path.open("wb") as file:
                file.write(begun)
                file.truncate(HUGE)
            reading, walking = _once(partial(_through, path)), _once(partial(examine, path))
            seen = examine(path)
            assert seen is not None  # noqa: S101
            told = f"{walking:.1f} s, {walking / reading:.2f} x reading, {seen.inspection.verdict}"
            print(f"{kind}, {name}, then zeros to 4 GB: {told}")
            path.unlink()


def _through(path: Path) -> None:
    with path.open("rb", buffering=0) as file:
        while file.read(1024**2):
            pass


def _longer(path: Path, folder: Path) -> Path:
    """A real picture whose coded data comes forty times more: as large as a camera of today makes them.

    Some have restarts, or several scans, which cannot come again; those stay as they are.
    """
    content = path.read_bytes()
    seen = examine(path)
    assert seen is not None  # noqa: S101
    assert seen.image is not None  # noqa: S101
    start, end = seen.image
    coded = content[start : end - 2].rstrip(b"\xff")
    times = 0 if any(mark in coded for mark in (b"\xff\xda", b"\xff\xc4", b"\xff\xd0")) else 40
    out = folder / f"long-{path.name}"
    out.write_bytes(content[:start] + coded * times + content[start:])
    return out


def _rate(name: str, paths: Sequence[Path]) -> None:
    size = sum(path.stat().st_size for path in paths)
    reading = _best(lambda: [path.read_bytes() for path in paths])
    hashing = _best(lambda: [_sha256(path) for path in paths])
    walking = _best(lambda: inspect(paths))
    findings = sum(len(each.findings) for each in inspect(paths).files)
    rates = f"{size / walking / 1e6:,.0f} MB/s, {walking / reading:.2f} x reading, {walking / hashing:.2f} x SHA-256"
    print(f"{name}: {size / 1e6:.1f} MB in {len(paths)} files, {rates}, {findings} findings")


def _sha256(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _once(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _best(work: Callable[[], object]) -> float:
    """Seconds of processor time, the best of some runs: how busy the machine is says nothing about the code."""
    taken = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return min(taken)


def main(arguments: Sequence[str]) -> None:
    parts = [each for each in arguments if each in ALL] or ALL
    folders = [Path(each) for each in arguments if each not in ALL]
    with tempfile.TemporaryDirectory() as name:
        real = samples(Path(name))
        if "found" in parts:
            found(real, Path(name))
            packed(real, Path(name))
        if "clean" in parts:
            clean(folders, real)
        if "speed" in parts:
            speed(real, Path(name))
        if "huge" in parts:
            huge(Path(name))


if __name__ == "__main__":
    main(sys.argv[1:])
