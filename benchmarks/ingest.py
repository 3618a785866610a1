"""How fast telemetry gets into the lake, and how much memory that takes, against merely going through the same bytes.

    python benchmarks/ingest.py [zeek] [evtx] [json] [small] [memory]

Each part (default: all) makes its input in a temporary folder, some GB of disk, then measures in turn, in processes of
their own, the baseline and `lodger ingest` into a new case:

zeek    a conn.log.gz of 5 million rows, against `zcat FILE | wc -l`; the bar is 2.5 times its wall time
evtx    1 million events, the chunks of the sample logs over and over in one file, against listing them as JSON with
        the same parser and decoding that; the bar is 60,000 events/s
json    1 million Sysmon events of a synthetic fleet as JSON lines in one file, against json.loads of every line; the
        bar is 50,000 events/s
small   a day of each of 100 hosts in a file of its own, four days of them, against the same events in one file; the bar
        is 1.3 times its wall time
memory  a single conn.log of 3 GB; the bar is 1.5 GB in all processes together

The samples for `evtx` are below LODGER_DATA or ../shared/data. Memory is the largest sum, over all processes of a
command, of what they have to themselves and their share of the rest (PSS), looked at five times a second in a run that
is not timed: looking takes the command's own time.
"""

from __future__ import annotations

import gzip
import io
import os
import struct
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from lodger.lab import write_fleet

RUNS = 3
ROWS = 5_000_000
EVENTS = 1_000_000
LARGE = 3_000_000_000

_CONN = """\
#separator \\x09
#set_separator\t,
#empty_field\t(empty)
#unset_field\t-
#path\tconn
#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes\tresp_bytes\t\
conn_state\tlocal_orig\tlocal_resp\tmissed_bytes\thistory\torig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes\t\
tunnel_parents
#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\tinterval\tcount\tcount\tstring\tbool\tbool\tcount\tstring\t\
count\tcount\tcount\tcount\tset[string]
"""

_LIST_EVENTS = """
import json, sys
from evtx import PyEvtxParser
records = iter(PyEvtxParser(sys.argv[1]).records_json())
while True:
    try:
        record = next(records, None)
    except RuntimeError:
        continue
    if record is None:
        break
    json.loads(record["data"])
"""
_LOAD_LINES = "import json, sys\nfor line in open(sys.argv[1], 'rb'):\n    json.loads(line)\n"


def _seconds(command: list[str]) -> float:
    """How long a command takes on the wall."""
    start = time.perf_counter()
    _ended(command, subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
    return time.perf_counter() - start


def _memory(command: list[str]) -> float:
    """The peak of a command's memory, all its processes together, in MB."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peaks = [0.0]
    watch = threading.Thread(target=_watch, args=(process, peaks))
    watch.start()
    _ended(command, process)
    watch.join()
    return max(peaks)


def _ended(command: list[str], process: subprocess.Popen[bytes]) -> None:
    if status := process.wait():
        sys.exit(f"{command[0]} ended with {status}")


def _watch(process: subprocess.Popen[bytes], peaks: list[float]) -> None:
    while process.poll() is None:
        peaks.append(sum(map(share, family(process.pid))) / 1024)
        time.sleep(0.2)


def family(pid: int) -> Iterator[int]:
    yield pid
    try:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in (thread / "children").read_text().split():
                yield from family(int(child))
    except OSError:  # it has just ended
        return


def share(pid: int) -> int:
    """The memory of a process in KB, what it shares with others divided among them."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def _rows(count: int, seed: int) -> Iterator[bytes]:
    """Connection rows of one day, some hundred thousand at a time."""
    random = np.random.default_rng(seed)
    letters = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", np.uint8)
    start = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
    step = 86_400 / count
    for first in range(0, count, 200_000):
        size = min(200_000, count - first)
        uids = letters[random.integers(0, len(letters), (size, 17))].tobytes().decode()
        n = random.integers(0, 1 << 30, (size, 12)).tolist()
        lines = [
            f"{start + (first + i) * step:.6f}\tC{uids[17 * i : 17 * i + 17]}\t10.{a % 4}.{b % 50}.{c % 250}"
            f"\t{1024 + d % 64000}\t{1 + e % 219}.{f % 30}.{a % 250}.{b % 250}\t{(53, 80, 443, 443, 445)[c % 5]}"
            f"\t{('tcp', 'udp')[d % 5 == 0]}\t{('http', 'ssl', 'dns', '-')[e % 4]}"
            f"\t{'-' if f % 5 == 0 else f'{g / 1e8:.6f}'}\t{'-' if f % 5 == 0 else h % 5000}"
            f"\t{'-' if f % 5 == 0 else j % 50000}\t{('SF', 'S0', 'REJ', 'RSTO')[k % 4]}\tT\tF\t0"
            f"\t{('ShADadfF', 'Dd', 'S', 'ShADadR')[k % 4]}\t{m % 50}\t{o % 9000}\t{g % 50}\t{h % 90000}\t-\n"
            for i, (a, b, c, d, e, f, g, h, j, k, m, o) in enumerate(n)
        ]
        yield "".join(lines).encode()


def _conn_gz(path: Path) -> None:
    with gzip.open(path, "wb", compresslevel=6) as file:
        file.write(_CONN.encode())
        file.writelines(_rows(ROWS, 1))


def _conn(path: Path) -> None:
    with path.open("wb") as file:
        file.write(_CONN.encode())
        while file.tell() < LARGE:
            for block in _rows(1_000_000, file.tell()):
                file.write(block)


def _chunks(data: Path) -> Iterator[tuple[bytes, int]]:
    """The whole chunks of all sample logs, with how many records each says it has."""
    for archive in sorted((data / "evtx").glob("*.zip")):
        with zipfile.ZipFile(archive) as members:
            for name in sorted(members.namelist()):
                file = io.BytesIO(members.read(name))
                if file.read(4096)[:8] != b"ElfFile\0":
                    continue
                while len(chunk := file.read(65_536)) == 65_536:
                    first, last = struct.unpack_from("<QQ", chunk, 8)
                    if chunk.startswith(b"ElfChnk\0") and 0 <= last - first < 3000:
                        yield chunk, last - first + 1


def _evtx(path: Path) -> None:
    data = Path(os.environ.get("LODGER_DATA", Path(__file__).parents[2] / "shared" / "data"))
    chunks = list(_chunks(data))
    if not chunks:
        sys.exit(f"no sample logs in {data / 'evtx'}: set LODGER_DATA")
    written = events = 0
    with path.open("wb") as file:
        file.write(b"\0" * 4096)
        while events < EVENTS:
            chunk, records = chunks[written % len(chunks)]
            file.write(chunk)
            written, events = written + 1, events + records
        header = struct.pack("<8sQQQIHHHH", b"ElfFile\0", 0, written - 1, events + 1, 128, 1, 3, 4096, written)
        file.seek(0)
        file.write(header)


def _json(path: Path) -> None:
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        write_fleet(Path(folder) / "fleet", seed=1, hosts=4, days=10)
        texts = [part.read_bytes() for part in sorted((Path(folder) / "fleet" / "hosts").rglob("*.jsonl"))]
    events = 0
    with path.open("wb") as file:
        while events < EVENTS:
            for text in texts:
                file.write(text)
                events += text.count(b"\n")


def _small(folder: Path, whole: Path) -> int:
    """Host-days of a fleet as files in ``folder``, and one after the other in ``whole``; how many events."""
    write_fleet(folder.parent / "fleet", seed=1, hosts=100, days=4)
    (folder.parent / "fleet" / "hosts").rename(folder)
    events = 0
    with whole.open("wb") as file:
        for part in sorted(folder.rglob("*.jsonl")):
            text = part.read_bytes()
            file.write(text)
            events += text.count(b"\n")
    return events


def _compared(what: str, path: Path, baseline: list[str], count: int | None, runs: int = RUNS) -> None:
    ours, theirs = [], []
    for _ in range(runs):
        theirs.append(_seconds(baseline))
        with _ingest(path) as command:
            ours.append(_seconds(command))
    wall, base = (sorted(each)[runs // 2] for each in (ours, theirs))
    rate = f"{count / wall:12,.0f}" if count else f"{'':12}"
    with _ingest(path) as command:
        print(f"{what:8}{wall:8.1f}{base:12.1f}{wall / base:8.2f}{rate}{_memory(command):10.0f}", flush=True)


@contextmanager
def _ingest(path: Path) -> Iterator[list[str]]:
    """The command that takes a file into a new case."""
    with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
        yield [sys.executable, "-m", "lodger", "ingest", str(path), "--case", str(Path(scratch) / "case")]


def _zeek_part(folder: Path) -> None:
    path = folder / "conn.log.gz"
    _conn_gz(path)
    _compared("zeek", path, ["sh", "-c", 'zcat "$0" | wc -l', str(path)], ROWS)


def _evtx_part(folder: Path) -> None:
    path = folder / "Replicated.evtx"
    _evtx(path)
    _compared("evtx", path, [sys.executable, "-c", _LIST_EVENTS, str(path)], EVENTS)


def _json_part(folder: Path) -> None:
    path = folder / "events.jsonl"
    _json(path)
    _compared("json", path, [sys.executable, "-c", _LOAD_LINES, str(path)], EVENTS)


def _small_part(folder: Path) -> None:
    hosts, whole = folder / "hosts", folder / "events.jsonl"
    events = _small(hosts, whole)
    with _ingest(whole) as one_file:
        case = Path(one_file[-1])
        _compared("small", hosts, ["sh", "-c", 'rm -rf "$0"; exec "$@"', str(case), *one_file], events)


def _memory_part(folder: Path) -> None:
    path = folder / "conn.log"
    _conn(path)
    _compared("memory", path, ["sh", "-c", 'wc -l < "$0"', str(path)], None, runs=1)


PARTS: dict[str, Callable[[Path], None]] = {
    "zeek": _zeek_part,
    "evtx": _evtx_part,
    "json": _json_part,
    "small": _small_part,
    "memory": _memory_part,
}


def main() -> None:
    """Run the named parts and print a line for each: medians of wall time, the largest memory."""
    names = sys.argv[1:] or list(PARTS)
    if unknown := set(names) - set(PARTS):
        sys.exit(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    print(f"{'':8}{'wall s':>8}{'baseline s':>12}{'ratio':>8}{'records/s':>12}{'peak MB':>10}", flush=True)
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            PARTS[name](Path(folder))


if __name__ == "__main__":
    main()
