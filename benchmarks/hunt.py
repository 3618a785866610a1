"""How long a whole hunt takes, from zip to printed table, against merely decoding the same JSON.

    python benchmarks/hunt.py [FOLDER]

FOLDER holds zips of Windows events as JSON lines and of Zeek logs (default: LSASS_campaign_01 of OTRF's
Security-Datasets, below LODGER_DATA or ../shared/data). Printed: wall and CPU seconds and peak memory of `lodger
hunt` in a process of its own, and their ratio to a process that unzips and decodes every line of the same files and
does nothing with them.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

RUNS = 3

_DECODE = """
import io, json, sys, zipfile
for path in sys.argv[1:]:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            for line in archive.open(name):
                if line.startswith(b"{"):
                    json.loads(line)
"""


@dataclass(frozen=True)
class Cost:
    """Of one process and its children: seconds on the wall, seconds of processor, peak of resident memory in MB."""

    wall: float
    cpu: float
    memory: float


def _cost(command: list[str]) -> Cost:
    """Measured in a forked parent of its own, because the kernel keeps one maximum of memory for all children."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        line = f"{time.perf_counter() - start} {usage.ru_utime + usage.ru_stime} {usage.ru_maxrss / 1024}"
        os.write(write, line.encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        wall, cpu, memory = map(float, pipe.read().split())
    os.waitpid(child, 0)
    return Cost(wall, cpu, memory)


def main() -> None:
    """Run both in turn and print the medians."""
    shared = Path(os.environ.get("LODGER_DATA", Path(__file__).parents[2] / "shared" / "data"))
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else shared / "otrf" / "LSASS_campaign_01"
    archives = sorted(str(path) for path in folder.glob("*.zip"))
    if not archives:
        sys.exit(f"no zip in {folder}: name a folder, or set LODGER_DATA")
    hunts, decodes = [], []
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory() as scratch:
            case = str(Path(scratch) / "case")
            hunts.append(_cost([sys.executable, "-m", "lodger", "hunt", str(folder), "--case", case]))
        decodes.append(_cost([sys.executable, "-c", _DECODE, *archives]))
    hunt, decode = (sorted(each, key=lambda cost: cost.cpu)[RUNS // 2] for each in (hunts, decodes))
    print(f"{'':24}{'wall s':>8}{'cpu s':>8}{'peak MB':>9}")
    print(f"{'lodger hunt':24}{hunt.wall:8.2f}{hunt.cpu:8.2f}{hunt.memory:9.0f}")
    print(f"{'unzip and json.loads':24}{decode.wall:8.2f}{decode.cpu:8.2f}{decode.memory:9.0f}")
    print(f"{'ratio':24}{hunt.wall / decode.wall:8.2f}{hunt.cpu / decode.cpu:8.2f}{hunt.memory / decode.memory:9.1f}")


if __name__ == "__main__":
    main()
