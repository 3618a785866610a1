"""How fast `lodger lab` writes a fleet, and how that compares with writing the same bytes.

    python benchmarks/fleet.py [--hosts 200] [--days 5] [--processes 2] [--gzip]

Printed: records and bytes, seconds on the clock and of processor time, the largest resident memory of one process, and
records a second: as measured, and as two idle cores would do them (twice the records for each second of processor
time), for machines that do other things as well. Baselines of the same run: what was written is written again as it is,
which is what the disk allows; and the events once more as dictionaries, each encoded by itself (msgspec, the fastest of
Python's encoders), which is what the encoding alone would cost.
"""

from __future__ import annotations

import argparse
import gzip
import os
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from lodger.lab import write_fleet


def _processor() -> float:
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    clock, processor = time.perf_counter(), _processor()
    done = work()
    return done, time.perf_counter() - clock, _processor() - processor


def _written(folder: Path) -> Iterator[tuple[Path, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path, path.read_bytes()


def _again(fleet: Path, out: Path) -> int:
    """Write the same bytes; returns how many."""
    size = 0
    for number, (_, content) in enumerate(_written(fleet)):
        (out / str(number)).write_bytes(content)
        size += len(content)
    return size


def _encoded(fleet: Path, out: Path) -> float:
    """Seconds to encode the events anew, one dictionary after the other, and write them."""
    encode, spent = msgspec.json.Encoder().encode, 0.0
    for path, content in _written(fleet / "hosts"):
        text = gzip.decompress(content) if path.suffix == ".gz" else content
        events = [msgspec.json.decode(line) for line in text.splitlines()]
        begun = time.process_time()
        (out / "again").write_bytes(b"".join(encode(event) + b"\n" for event in events))
        spent += time.process_time() - begun
    return spent


def main() -> None:
    """Print a Markdown table of one row."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--hosts", type=int, default=200)
    parser.add_argument("--days", type=int, default=5)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--gzip", action="store_true")
    parser.add_argument("--scratch", type=Path, help="where to write; default: the system's folder for such")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.scratch) as scratch:
        fleet, out = Path(scratch) / "fleet", Path(scratch) / "again"
        out.mkdir()
        truth, clock, processor = _timed(
            lambda: write_fleet(
                fleet,
                seed=1,
                hosts=chosen.hosts,
                days=chosen.days,
                packed=chosen.gzip,
                processes=chosen.processes,
            )
        )
        size, _, copied = _timed(lambda: _again(fleet, out))
        encoded = _encoded(fleet, out)
        shutil.rmtree(out)
    records = truth.events + truth.zeek_rows
    memory = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    print(f"{chosen.hosts} hosts x {chosen.days} days, {chosen.processes} processes, load {os.getloadavg()[0]:.1f}\n")
    print(
        "| events | Zeek rows | MB | clock s | processor s | records/s on the clock | on two idle cores | MB memory "
        "| the same bytes, s | events encoded anew, s |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    cells = (
        f"{truth.events:,}",
        f"{truth.zeek_rows:,}",
        f"{size / 1e6:,.0f}",
        f"{clock:.1f}",
        f"{processor:.1f}",
        f"{records / clock:,.0f}",
        f"{2 * records / processor:,.0f}",
        f"{memory:.0f}",
        f"{copied:.2f}",
        f"{encoded:.2f}",
    )
    print("| " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
