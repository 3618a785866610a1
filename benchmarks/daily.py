"""What a day more costs, day after day, and whether day by day gives what all days at once give.

    python benchmarks/daily.py [--hosts 20] [--days 60] [--every 1] [--seed 1] [--check]

The lab writes a fleet; each day's logs are ingested and analysed on top of all days before, as somebody would who runs
`lodger hunt` every morning. Told are, for every tenth of the days: records a day, processor seconds of the ingest and
of the analysis a day (they depend less than seconds on what else the machine does), and the analysis against that of
the first tenth, by the record. The last line is the slope of a day's cost over 400 days, by Theil and Sen, against the
mean. With --every 40 only every fortieth day is looked at: the days between are ingested and analysed together, which
leaves the case as it is day by day. With --check a second case takes all days at once, and its answer must be the same
to the byte.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations
from pathlib import Path

from lodger.lab import write_fleet
from lodger.lab.fleet import START
from lodger.workspace import Workspace

ANSWERS = ("ranked", "evidence", "stay", "contact_day", "coverage", "eligible", "judged")


@dataclass(frozen=True)
class Day:
    """One day: records read, and processor seconds."""

    number: int
    records: int
    ingest: float
    analysis: float


def _logs(fleet: Path, number: int) -> list[Path]:
    day = (START + timedelta(days=number)).isoformat()
    return [
        path for path in (fleet / "zeek" / day, *sorted((fleet / "hosts").glob(f"*/events-{day}.*"))) if path.exists()
    ]


def _taken(case: Path, fleet: Path, number: int) -> Day:
    workspace = Workspace.open(case)  # anew each day, as a command of its own would: its tables are opened again
    begun = time.process_time()
    read = sum(source.read for source in workspace.ingest(_logs(fleet, number)).sources)
    ingested = time.process_time()
    workspace.analyse()
    return Day(number, read, ingested - begun, time.process_time() - ingested)


def _answer(path: Path) -> dict[str, list[str]]:
    case = Workspace.open(path)
    return {name: sorted(map(repr, case.sql(f"FROM {name}").to_pylist())) for name in ANSWERS}


def slope(costs: list[tuple[int, float]]) -> float:
    """How much more a day costs 400 days later, against the mean day (Sen, JASA 63, 1968); ``costs`` by day."""
    rises = [(later - early) / (b - a) for (a, early), (b, later) in combinations(costs, 2)]
    return 400 * statistics.median(rises) / statistics.fmean(cost for _, cost in costs)


def _between(workspace: Workspace, fleet: Path, numbers: range) -> None:
    """Days that are not looked at."""
    if numbers:
        workspace.ingest([log for number in numbers for log in _logs(fleet, number)])
        workspace.analyse()


def main() -> None:
    """Print a Markdown table, the slope, and with --check whether the answers are the same."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--hosts", type=int, default=20)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--check", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        fleet = Path(scratch) / "fleet"
        write_fleet(fleet, seed=chosen.seed, hosts=chosen.hosts, days=chosen.days)
        workspace = Workspace.create_or_open(Path(scratch) / "by-day")
        print(f"lodger lab fleet, hosts={chosen.hosts}, days={chosen.days}, seed {chosen.seed}\n")
        print("| days | records a day | ingest, CPU s | analysis, CPU s | by the record, against the first |")
        print("|---|---|---|---|---|", flush=True)
        days: list[Day] = []
        tenth = max(1, chosen.days // chosen.every // 10)
        for number in range(chosen.every - 1, chosen.days, chosen.every):
            _between(workspace, fleet, range(number - chosen.every + 1, number))
            days.append(_taken(workspace.path, fleet, number))
            if len(days) % tenth == 0:
                first, last = days[:tenth], days[-tenth:]
                print(_row(first, last), flush=True)
        _between(workspace, fleet, range(chosen.days - chosen.days % chosen.every, chosen.days))
        analysis = slope([(day.number, day.analysis) for day in days])
        whole = slope([(day.number, day.ingest + day.analysis) for day in days])
        print(f"\nslope over 400 days: {whole:+.0%} of the mean day; of its analysis {analysis:+.0%}")
        if chosen.check:
            other = Workspace.create_or_open(Path(scratch) / "at-once")
            other.ingest([fleet / "hosts", fleet / "zeek"])
            other.analyse()
            same = _answer(workspace.path) == _answer(other.path)
            print(f"all days at once: {'the same, to the byte' if same else 'ANOTHER ANSWER'}")


def _row(first: list[Day], last: list[Day]) -> str:
    records = statistics.fmean(day.records for day in last)
    cost = sum(day.analysis for day in last) / max(1, sum(day.records for day in last))
    before = sum(day.analysis for day in first) / max(1, sum(day.records for day in first))
    cells = (
        f"{last[0].number + 1} to {last[-1].number + 1}",
        f"{records:,.0f}",
        f"{statistics.fmean(day.ingest for day in last):.1f}",
        f"{statistics.fmean(day.analysis for day in last):.1f}",
        f"{cost / before:.2f}",
    )
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    main()
