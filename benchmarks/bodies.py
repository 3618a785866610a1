"""What it costs to look for files in the HTTP bodies of captures: reading them with that and without.

    python benchmarks/bodies.py [ordinary] [pictures] [large]

Each part (default: all) writes a capture of some 300 MB (`large`: 1 GB) in a temporary folder and reads it in processes
of their own, in turn: flows alone, flows and bodies, the best of three runs each.

ordinary  15,000 connections of TLS that carry 20 KB each
pictures  15,000 connections of HTTP that carry a picture of 20 KB each
large     one download of HTTP; a picture begins it

Memory is the peak of the process that reads, without nfstream's engine, which has one of its own.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from struct import pack

RUNS = 3
CONNECTIONS = 15_000
EACH = 20_000
LARGE = 1_000_000_000
SEGMENT = 1448

_READ = """
import resource, sys, time
from pathlib import Path
from lodger.model.telemetry import Batch, SourceFile
from lodger.telemetry.readers import pcap
path = Path(sys.argv[1])
def nothing(source, before):
    return before
    yield
if sys.argv[2] == "flows":
    pcap.bodies = nothing
start = time.perf_counter()
rows = {}
for item in pcap.READER.read(SourceFile(path, "x", "f" * 64, "f" * 64, path.stat().st_size, spool=path.parent)):
    if isinstance(item, Batch):
        rows[item.table] = rows.get(item.table, 0) + item.data.num_rows
    else:
        sys.exit(str(item))
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, rows)
"""


def _packet(ends: tuple[int, bool], sequence: int, flags: int, payload: bytes) -> bytes:
    number, up = ends
    client, server = pack(">I", 0x0A000001 + number // 50_000), b"\xc0\x00\x02\x01"
    ports = (10_000 + number % 50_000, 80) if up else (80, 10_000 + number % 50_000)
    around = client + server if up else server + client
    data = bytes(12) + b"\x08\0" + pack(">BBHHHBBH", 0x45, 0, 40 + len(payload), 1, 0, 64, 6, 0) + around
    data += pack(">HHIIBBHHH", *ports, sequence, 1, 5 << 4, flags, 64240, 0, 0) + payload
    return pack("<IIII", 1_600_000_000 + number, 0, len(data), len(data)) + data


def _connection(number: int, asked: bytes, head: bytes, content: Iterator[bytes]) -> Iterator[bytes]:
    yield _packet((number, True), 0, 2, b"") + _packet((number, False), 0, 18, b"")
    yield _packet((number, True), 1, 24, asked) + _packet((number, False), 1, 24, head)
    at = 1 + len(head)
    for part in content:
        yield _packet((number, False), at % 2**32, 16, part)
        at += len(part)
    yield _packet((number, True), 1 + len(asked), 17, b"") + _packet((number, False), at % 2**32, 17, b"")


def _parts(content: bytes) -> Iterator[bytes]:
    return (content[at : at + SEGMENT] for at in range(0, len(content), SEGMENT))


def _picture(size: int) -> bytes:
    """A picture (BMP) of random pixels."""
    rows = size // 3072
    lead = pack("<2sIIIIIiHHIIiiII", b"BM", 54 + 3072 * rows, 0, 54, 40, 1024, rows, 1, 24, 0, 3072 * rows, 0, 0, 0, 0)
    return lead + Random(1).randbytes(3072 * rows)


def _capture(part: str) -> Iterator[bytes]:
    yield pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1)
    asked = b"GET /x.bmp HTTP/1.1\r\nHost: www.example\r\n\r\n"
    if part == "large":
        head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % LARGE
        first, block = _picture(200_000), Random(2).randbytes(SEGMENT)
        rest = (block for _ in range((LARGE - len(first)) // SEGMENT))
        yield from _connection(1, asked, head, (each for parts in (_parts(first), rest) for each in parts))
        return
    picture = _picture(EACH) if part == "pictures" else Random(3).randbytes(EACH)
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(picture)
    if part == "ordinary":
        asked, head = (b"\x16\3\1\2\0" + Random(seed).randbytes(512) for seed in (4, 5))
    for number in range(CONNECTIONS):
        yield from _connection(number, asked, head, _parts(picture))


def _measured(path: Path, what: str) -> tuple[float, float, str]:
    told = subprocess.run([sys.executable, "-c", _READ, path, what], check=True, capture_output=True, text=True).stdout
    seconds, memory, rows = told.strip().split(" ", 2)
    return float(seconds), float(memory), rows


def main() -> None:
    """Write, read and tell."""
    for part in sys.argv[1:] or ["ordinary", "pictures", "large"]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "x.pcap"
            with path.open("wb") as out:
                out.writelines(_capture(part))
            size = path.stat().st_size / 1e6
            runs = [(_measured(path, "flows"), _measured(path, "bodies")) for _ in range(RUNS)]
            flows, both = (min(run[at] for run in runs) for at in (0, 1))
            print(
                f"{part}: {size:,.0f} MB; flows {flows[0]:.1f} s, {flows[1]:.0f} MB; with bodies {both[0]:.1f} s, "
                f"{both[1]:.0f} MB: {both[0] / flows[0]:.2f} times; {both[2]}"
            )


if __name__ == "__main__":
    main()
