"""One fleet from logs to ranked cases: how long each step takes, and how much memory.

    python -m benchmarks.scale [--hosts 100] [--days 30] [--seed 1] [--steps 15]

The lab writes the fleet into a temporary folder (some 0.5 MB for a host and day); then it is read as a mere baseline
(json.loads of every event, and gunzip of every Zeek log), ingested into a new case, analysed, and its cases are listed,
each in processes of their own. Printed: seconds, records per second, the peak of memory of all processes together (PSS,
looked at once a second), the ratio to the baseline; what 1,000 hosts over 60 days come to if all grows in proportion
(the bars: 30 minutes and 8 GB); and the steps of the analysis that took longest.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.ingest import family, share

from lodger import evidence, stays
from lodger.workspace import Workspace

_READ = """
import gzip, json, sys
from pathlib import Path
for path in sorted(Path(sys.argv[1]).rglob("*.jsonl")):
    with path.open("rb") as lines:
        for line in lines:
            json.loads(line)
for path in sorted(Path(sys.argv[1]).rglob("*.log.gz")):
    with gzip.open(path) as lines:
        for line in lines:
            pass
"""
_NAMES = {"stays": stays.STEPS, "evidence": ("regular contact", *(each.id for each in evidence.all_detectors()))}


@dataclass(frozen=True)
class Cost:
    """Of one command: seconds on the wall, the peak of its processes' memory in MB, and what it printed."""

    seconds: float
    memory: float
    printed: str


class Steps:
    """Progress that keeps how long each step took."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._phase, self._step, self._last = "", 0, time.perf_counter()

    def phase(self, name: str, total: int | None) -> None:  # noqa: ARG002
        """What went before the phase's first step is its own line."""
        self._keep("after the last step")
        self._phase, self._step = name, 0

    def advance(self, amount: int) -> None:  # noqa: ARG002
        """One step of the phase is done."""
        names = _NAMES.get(self._phase, ())
        self._keep(names[self._step] if self._step < len(names) else "")
        self._step += 1

    def done(self) -> None:
        """What came after the last step."""
        self._keep("after the last step")

    def _keep(self, step: str) -> None:
        name, now = f"{self._phase} {step}".strip(), time.perf_counter()
        self.seconds[name] = self.seconds.get(name, 0.0) + now - self._last
        self._last = now


def watched(command: list[str]) -> Cost:
    """Run a command and look at its memory once a second."""
    start, peak = time.perf_counter(), 0.0
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    while True:
        try:
            printed, _ = process.communicate(timeout=1.0)
            break
        except subprocess.TimeoutExpired:
            peak = max(peak, sum(map(share, family(process.pid))) / 1024)
    if process.returncode:
        sys.exit(f"{' '.join(command[:5])} ended with {process.returncode}")
    return Cost(time.perf_counter() - start, peak, printed)


def _analyse(case: Path) -> None:
    """Analyse a case and print its steps as JSON: what runs in a process of its own."""
    steps = Steps()
    Workspace.open(case).analyse(steps)
    steps.done()
    print(json.dumps(steps.seconds))


def _table(costs: dict[str, Cost], records: int, larger: float) -> None:
    base = costs["read"].seconds
    print(f"{'':10}{'wall s':>9}{'records/s':>12}{'peak MB':>9}{'to reading':>12}{'1,000 x 60, min':>17}")
    for name, cost in costs.items():
        print(
            f"{name:10}{cost.seconds:9.1f}{records / cost.seconds:12,.0f}{cost.memory:9.0f}"
            f"{cost.seconds / base:12.2f}{cost.seconds * larger / 60:17.1f}"
        )


def main() -> None:
    """Print the table and the longest steps."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--hosts", type=int, default=100)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=15, help="how many of the longest steps are listed")
    parser.add_argument("--analyse", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.analyse:
        _analyse(chosen.analyse)
        return
    lodger = [sys.executable, "-m", "lodger"]
    with tempfile.TemporaryDirectory() as scratch:
        fleet, case = Path(scratch) / "fleet", ["--case", str(Path(scratch) / "case")]
        size = ["--seed", str(chosen.seed), "--hosts", str(chosen.hosts), "--days", str(chosen.days)]
        costs = {"write": watched([*lodger, "lab", "fleet", "--out", str(fleet), *size])}
        truth = json.loads(fleet.with_name("fleet.truth.json").read_text(encoding="utf-8"))
        records = truth["events"] + truth["zeek_rows"]
        print(
            f"{chosen.hosts} hosts, {chosen.days} days: {truth['events']:,} events, {truth['zeek_rows']:,} Zeek rows\n"
        )
        costs["read"] = watched([sys.executable, "-c", _READ, str(fleet)])
        costs["ingest"] = watched([*lodger, "ingest", str(fleet), *case])
        costs["analyse"] = watched([sys.executable, "-m", "benchmarks.scale", "--analyse", case[1]])
        costs["cases"] = watched([*lodger, "cases", "--format", "json", *case])
    whole = [costs[name] for name in ("ingest", "analyse", "cases")]
    memory = max(each.memory for each in whole)
    costs["all three"] = Cost(sum(each.seconds for each in whole), memory, "")
    _table(costs, records, 60_000 / (chosen.hosts * chosen.days))
    print("\nlongest steps of the analysis, s")
    steps: dict[str, float] = json.loads(costs["analyse"].printed)
    for name, seconds in sorted(steps.items(), key=lambda each: -each[1])[: chosen.steps]:
        print(f"{seconds:9.1f}  {name}")


if __name__ == "__main__":
    main()
