"""How fast `lodger trust verify` is.

    python -m benchmarks.trust [FILES]

Run from the project's folder. Makes a folder of FILES (300) signed programs, packages, scripts and catalogs of 8 kB to
2 MB, by 30 signers under 6 authorities, with RSA keys and time stamps, every tenth with a second signature; then

verify    the files in this process, by Microsoft's roots and those of the folder; the bar is 60 files/s
command   the whole command, with the start of Python and the reading of the roots, to JSON; the bar is the same
baseline  reading the same files and taking the SHA-256 of each: what no verifier can do without

All files are in the page cache. The ratio is the time of `verify` to that of the baseline.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

from tests.trust import files, makers

from lodger.trust import NO_CRLS, both, load_roots, microsoft_roots, verify_files

FILES = 300
BAR = 60.0
STAMP = makers.token(makers.day(2015, 6))


def signers(count: int) -> list[makers.Holder]:
    """Signers with RSA keys, five to an authority."""
    found = []
    for number in range(count):
        if number % 5 == 0:
            authority = makers.issue(f"Authority {number // 5}", makers.root(), authority=True, bits=2048)
        found.append(
            makers.issue(
                f"Vendor {number}",
                authority,
                usages=[makers.CODE],
                since=makers.day(2015),
                until=makers.day(2016),
                bits=2048,
            )
        )
    return found


def made(number: int, who: makers.Holder, rng: Random) -> tuple[str, bytes]:
    """One signed file, and its name."""
    size = int(8_192 * 2 ** rng.uniform(0, 8))
    stamps = [STAMP]
    if number % 10 == 9:
        name, content = f"{number}.msi", files.package({"Data": rng.randbytes(50_000)}, by=who, stamps=stamps)
    elif number % 10 == 8:
        name, content = f"{number}.ps1", files.script("Get-Date\r\n" * 500, by=who, stamps=stamps)
    elif number % 10 == 7:
        digests = [("sha256", rng.randbytes(32)) for _ in range(200)]
        name, content = f"{number}.cat", files.catalog(digests, by=who, stamps=stamps)
    else:
        plain = files.program(size, seed=number)
        if number % 10 == 6:
            inner = makers.authenticode(lambda algorithm: files.digest(plain, algorithm), by=who, stamps=[STAMP])
            stamps = [STAMP, makers.nested(inner)]
        name, content = f"{number}.exe", files.signed(plain, by=who, stamps=stamps)
    return name, content


def baseline(paths: list[Path]) -> float:
    """Seconds to read and hash the files."""
    began = time.perf_counter()
    for path in paths:
        hashlib.sha256(path.read_bytes()).digest()
    return time.perf_counter() - began


def main() -> int:
    """Make the folder, measure, print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else FILES
    rng = Random(2011)
    who = signers(30)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "files"
        folder.mkdir()
        root = Path(name) / "root.der"
        root.write_bytes(makers.root().der)
        paths = []
        for number in range(count):
            file, content = made(number, who[number % len(who)], rng)
            (folder / file).write_bytes(content)
            paths.append(folder / file)
        total = sum(path.stat().st_size for path in paths)
        baseline(paths)
        floor = min(baseline(paths) for _ in range(3))
        trusted = both(microsoft_roots(), load_roots([root]))
        began = time.perf_counter()
        told = verify_files(paths, trusted, NO_CRLS, [], None)
        taken = time.perf_counter() - began
        verdicts = dict(Counter(each.verdict.value for each in told.files))
        command = [
            sys.executable,
            "-m",
            "lodger",
            "trust",
            "verify",
            str(folder),
            "--root",
            str(root),
            "--format",
            "json",
        ]
        began = time.perf_counter()
        done = subprocess.run(command, capture_output=True, check=True)
        whole = time.perf_counter() - began
    if verdicts != {"valid": count} or len(json.loads(done.stdout)) != count:
        print(f"not all are valid: {verdicts}")
        return 1
    print(f"{count:,} files, {total / 1e6:,.0f} MB, {verdicts}")
    print(f"verify    {count / taken:8,.0f} files/s   {taken:.2f} s, {taken / floor:.1f} times the baseline")
    print(f"command   {count / whole:8,.0f} files/s   {whole:.2f} s")
    print(f"baseline  {count / floor:8,.0f} files/s   {floor:.2f} s (reading and SHA-256)")
    return 0 if min(count / taken, count / whole) >= BAR else 1


if __name__ == "__main__":
    sys.exit(main())
