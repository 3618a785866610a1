"""Changes signed files and asks for verdicts: ``python -m tests.trust.mutations [COUNT] [SEED]``.

Makes COUNT changed files (2,000) in a folder for temporary ones, from files of its own and, where LODGER_DATA or
../shared/data has them, real ones; verifies each, and says how many got which verdict and how long the slowest took. A
file that is called valid must still have all that its signature covers.
"""

from __future__ import annotations

import os
import struct
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Final

from tests.trust import files, makers
from tests.trust.judging import NOW, STAMP, roots
from tests.trust.proof import Whole, still_covered, whole

from lodger.trust import both, microsoft_roots, verify

_ODD: Final = (0, 1, 7, 8, 0x7F, 0x80, 0xFF, 0x100, 0x200, 0x7FFF, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
_REAL: Final = ("whois.exe", "pciide.sys", "DXCore.dll")


@cache
def made() -> tuple[Whole, ...]:
    """Files of every format, signed and stamped, of signers whose certificates have expired."""
    plain = files.program()
    inner = makers.authenticode(lambda algorithm: files.digest(plain, algorithm), stamps=[STAMP])
    return (
        whole(files.signed(plain, stamps=[STAMP]), "plain.exe"),
        whole(files.signed(plain, by=makers.signer(2048), stamps=[STAMP, makers.nested(inner)]), "nested.exe"),
        whole(files.signed(plain, about=makers.paged("sha256", files.pages(plain, "sha256")), stamps=[STAMP]), "p.dll"),
        whole(files.signed(stamps=[makers.countersignature(makers.day(2015, 6))]), "legacy.sys"),
        whole(files.script("Get-Date\r\nGet-Host", stamps=[STAMP]), "script.ps1"),
        whole(files.package(extended=True, stamps=[STAMP]), "package.msi"),
        whole(files.catalog([("sha256", bytes(range(32)))], stamps=[STAMP]), "list.cat"),
    )


def real(data: Path) -> tuple[Whole, ...]:
    """Small signed files of other people."""
    found = [data / "authenticode" / name for name in _REAL]
    return tuple(whole(path.read_bytes(), path.name) for path in found if path.is_file())


def changed(of: Whole, rng: Random) -> bytes:
    """The file with one to three changes, half of them where the signatures are."""
    content = bytearray(of.content)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        area = len(content) if rng.random() < 0.5 else min(len(content), 9000)
        at = len(content) - 1 - rng.randrange(area) if rng.random() < 0.8 else rng.randrange(min(len(content), 0x400))
        _change(content, max(at, 0), rng)
    return bytes(content)


def _change(content: bytearray, at: int, rng: Random) -> None:
    how = rng.randrange(7)
    if how <= 1:
        content[at] ^= 1 << rng.randrange(8)
    elif how == 2:
        content[at] = rng.randrange(256)
    elif how == 3:
        value = struct.pack("<I", rng.choice(_ODD))
        content[at : at + 4] = value[: len(content) - at]
    elif how == 4:
        content[at:at] = rng.randbytes(rng.choice((1, 4, 8, 64)))
    elif how == 5:
        del content[at : at + rng.choice((1, 4, 8, 64, 4096))]
    else:
        other = rng.randrange(len(content))
        piece = bytes(content[other : other + rng.randrange(1, 200)])
        content[at : at + len(piece)] = piece
    if not content:
        content += b"\0"


def cases(count: int, seed: int, bases: tuple[Whole, ...]) -> Iterator[tuple[Whole, bytes]]:
    """``count`` changed files, each with the file that it was; none that is as it was."""
    rng = Random(seed)
    while count:
        of = rng.choice(bases)
        content = changed(of, rng)
        if content != of.content:
            count -= 1
            yield of, content


def main() -> int:
    """Make the folder, verify, tell."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    data = Path(os.environ.get("LODGER_DATA", Path(__file__).parents[3] / "shared" / "data"))
    bases = (*made(), *real(data))
    trusted = both(microsoft_roots(), roots())
    verdicts, slowest, kept, wrong = Counter[str](), 0.0, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for number, (of, content) in enumerate(cases(count, seed, bases)):
            path = Path(folder) / f"{number}-{of.name}"
            path.write_bytes(content)
            began = time.process_time()
            told = verify(path, trusted, at=NOW)
            slowest = max(slowest, time.process_time() - began)
            verdicts[told.verdict.value] += 1
            if told.verdict == "valid":
                kept += still_covered(of, content)
                wrong += not still_covered(of, content)
    _say(
        f"{count:,} changed files of {len(bases)}: {dict(verdicts)}; slowest {slowest * 1000:.0f} ms of processor time"
    )
    _say(f"valid with all that is covered: {kept:,}, without: {wrong:,}")
    return 1 if wrong else 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
