"""One fleet from logs to ranked cases: how long each step takes, and how much memory.

    python -m benchmarks.scale [--hosts 100] [--days 30] [--seed 1] [--steps 15] [--keep]

The lab writes the fleet into a temporary folder (some 0.5 MB for a host and day); then it is read as a mere baseline
(json.loads of every event, and gunzip of every Zeek log), ingested into a new case, analysed, and its cases are listed,
each in processes of their own. Printed: seconds on the wall and of processor (all cores together: what else the machine
does changes it little), records per second, the peak of memory of all processes together (PSS, looked at once a
second), the ratio to the baseline (on the wall); what 1,000 hosts over 60 days come to if all grows in proportion, on
the wall and of processor (the bars: 30 minutes and 8 GB); and the steps of the analysis that took longest. With
--keep what was measured lies with the results of `benchmarks.lab`, whose page tells it.
"""

from __future__ import annotations

import argparse
import inspect
import json
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from benchmarks.ingest import family, share
from benchmarks.lab.__main__ import RESULTS
from benchmarks.lab.build import here, same
from benchmarks.lab.cost import WHOLE, Scale, Step, keep
from lodger import evidence
from lodger.engine.duckdb import DuckDB
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


@dataclass(frozen=True)
class Cost:
    """Of one command: seconds on the wall and of processor, the peak of its processes' memory in MB, and what it
    printed.
    """

    seconds: float
    processor: float
    memory: float
    printed: str


class Steps:
    """How much processor time each table of an analysis took: what the engine is asked for, outermost calls only."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._names = {each.select: f"finding {each.id}" for each in evidence.all_detectors()}
        self._thread = threading.local()
        self._lock = threading.Lock()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch every embedded engine while this lasts."""
        with ExitStack() as stack:
            for name in ("create", "load", "map", "query", "read", "scan", "stream"):
                stack.enter_context(mock.patch.object(DuckDB, name, self._watched(getattr(DuckDB, name))))
            start = time.process_time()
            yield
            whole = time.process_time() - start
        self.seconds["everything else"] = whole - sum(self.seconds.values())

    def _watched(self, ask: Callable[..., Any]) -> Callable[..., Any]:
        def watched_(engine: DuckDB, what: str, *more: object, **named: object) -> Any:
            with self._counted(self._names.get(what, " ".join(what.split())[:60])):
                answer = ask(engine, what, *more, **named)
            return self._each(answer, what) if inspect.isgenerator(answer) else answer

        return watched_

    def _each(self, batches: Iterator[Any], what: str) -> Iterator[Any]:
        while True:
            with self._counted(self._names.get(what, " ".join(what.split())[:60])):
                batch = next(batches, None)
            if batch is None:
                return
            yield batch

    @contextmanager
    def _counted(self, name: str) -> Iterator[None]:
        if getattr(self._thread, "busy", False):
            yield
            return
        # Asked by the main thread, a statement may have others of the engine's; asked beside others, it has its own.
        clock = time.process_time if threading.current_thread() is threading.main_thread() else time.thread_time
        self._thread.busy, start = True, clock()
        try:
            yield
        finally:
            self._thread.busy = False
            with self._lock:
                self.seconds[name] = self.seconds.get(name, 0.0) + clock() - start


def watched(command: list[str], *, quiet: bool = False) -> Cost:
    """Run a command and look at its memory once a second. ``quiet``: what it says beside is told only if it fails."""
    start, before, peak = time.perf_counter(), _processor(), 0.0
    beside = subprocess.PIPE if quiet else None
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=beside, text=True)
    while True:
        try:
            printed, said = process.communicate(timeout=1.0)
            break
        except subprocess.TimeoutExpired:
            peak = max(peak, sum(map(share, family(process.pid))) / 1024)
    if process.returncode:
        sys.exit(f"{said or ''}{' '.join(command[:5])} ended with {process.returncode}")
    return Cost(time.perf_counter() - start, _processor() - before, peak, printed)


def _processor() -> float:
    """Seconds of processor that all commands which have ended took."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _analyse(case: Path) -> None:
    """Analyse a case and print its steps as JSON: what runs in a process of its own."""
    steps = Steps()
    with steps.watching():
        Workspace.open(case).analyse()
    print(json.dumps(steps.seconds))


def _table(costs: dict[str, Cost], records: int, larger: float) -> None:
    base = costs["read"].seconds
    print(
        f"{'':10}{'wall s':>9}{'cpu s':>9}{'records/s':>12}{'peak MB':>9}{'to reading':>12}{'1,000 x 60: min':>17}"
        f"{'cpu min':>9}"
    )
    for name, cost in costs.items():
        print(
            f"{name:10}{cost.seconds:9.1f}{cost.processor:9.1f}{records / cost.seconds:12,.0f}{cost.memory:9.0f}"
            f"{cost.seconds / base:12.2f}{cost.seconds * larger / 60:17.1f}{cost.processor * larger / 60:9.1f}"
        )


def main() -> None:
    """Print the table and the longest steps."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--hosts", type=int, default=100)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=15, help="how many of the longest steps are listed")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--analyse", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.analyse:
        _analyse(chosen.analyse)
        return
    lodger, build = [sys.executable, "-m", "lodger"], here()
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
    costs[WHOLE] = Cost(sum(each.seconds for each in whole), sum(each.processor for each in whole), memory, "")
    _table(costs, records, 60_000 / (chosen.hosts * chosen.days))
    if chosen.keep:
        told = tuple(Step(name, each.seconds, each.processor, each.memory) for name, each in costs.items())
        counts = (truth["events"], truth["zeek_rows"])
        keep(Scale(same(build, here()), chosen.hosts, chosen.days, chosen.seed, *counts, told), RESULTS)
    print("\nlongest steps of the analysis, seconds of processor")
    steps: dict[str, float] = json.loads(costs["analyse"].printed)
    for name, seconds in sorted(steps.items(), key=lambda each: -each[1])[: chosen.steps]:
        print(f"{seconds:9.1f}  {name}")


if __name__ == "__main__":
    main()
