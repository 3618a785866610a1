"""What a day more costs, day after day, and whether day by day gives what all days at once give.

    python -m benchmarks.daily [--hosts 20] [--days 60] [--every 1] [--seed 1] [--check] [--keep]

The lab writes a fleet; each day's logs are ingested and analysed on top of all days before, as somebody would who runs
`lodger ingest` and `lodger analyse` every morning. Told are records a day, processor seconds of either command, from
its start to its end, and the slope of a day's cost over 400 days, by Theil and Sen, against the mean. Beside each day
the first one is taken again, on a copy of the case as it was then: by what that costs more or less than on average the
slope is put right, since what else the machine does costs more than a year of days. With --every 40 only every fortieth
day is looked at (of seven and more a Wednesday: a Sunday has a fifth of the records): the days between are ingested and
analysed together, which leaves the case as it is day by day. With --check a second case takes all days at once, and its
answer must be the same to the byte. With --keep what was measured lies with the results of `benchmarks.lab`, whose page
tells it.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from benchmarks.lab.__main__ import RESULTS
from benchmarks.lab.build import here, same
from benchmarks.lab.cost import Daily, Day, keep, slopes
from benchmarks.scale import watched
from lodger.lab import write_fleet
from lodger.lab.fleet import START
from lodger.workspace import Workspace

LODGER = (sys.executable, "-m", "lodger")
ANSWERS = ("ranked", "evidence", "stay", "contact_day", "coverage", "eligible", "judged")


def _logs(fleet: Path, number: int) -> list[Path]:
    day = (START + timedelta(days=number)).isoformat()
    return [
        path for path in (fleet / "zeek" / day, *sorted((fleet / "hosts").glob(f"*/events-{day}.*"))) if path.exists()
    ]


def _taken(case: Path, fleet: Path, number: int) -> tuple[int, float, float]:
    """Records, and seconds of processor of the ingest and of the analysis: whole commands, as they start and end."""
    logs = [str(log) for log in _logs(fleet, number)]
    ingest = watched([*LODGER, "ingest", *logs, "--case", str(case), "--format", "json"], quiet=True)
    analysis = watched([*LODGER, "analyse", "--case", str(case)], quiet=True)
    read = sum(source["read"] for source in json.loads(ingest.printed)["sources"])
    return read, ingest.processor, analysis.processor


def _control(young: Path, fleet: Path, number: int) -> float:
    """What the first day costs now, in seconds of processor."""
    again = young.with_name("control")
    shutil.copytree(young, again)
    _, ingest, analysis = _taken(again, fleet, number)
    shutil.rmtree(again)
    return ingest + analysis


def _answer(path: Path) -> dict[str, list[str]]:
    case = Workspace.open(path)
    return {name: sorted(map(repr, case.sql(f"FROM {name}").to_pylist())) for name in ANSWERS}


def looked_at(days: int, every: int) -> list[int]:
    """The days whose cost is told, from 0: one in so many; of seven and more the Wednesday before it."""
    last = range(every - 1, days, every)
    return [day - (day - 2) % 7 for day in last] if every >= 7 else [*last]


def _between(workspace: Workspace, fleet: Path, numbers: range) -> None:
    """Days that are not looked at."""
    if numbers:
        workspace.ingest([log for number in numbers for log in _logs(fleet, number)])
        workspace.analyse()


def main() -> None:
    """Print a Markdown table, the slopes, and with --check whether the answers are the same."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--hosts", type=int, default=20)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--keep", action="store_true")
    chosen = parser.parse_args()
    build = here()
    with tempfile.TemporaryDirectory() as scratch:
        fleet = Path(scratch) / "fleet"
        write_fleet(fleet, seed=chosen.seed, hosts=chosen.hosts, days=chosen.days)
        workspace = Workspace.create_or_open(Path(scratch) / "by-day")
        print(f"lodger lab fleet, hosts={chosen.hosts}, days={chosen.days}, seed {chosen.seed}\n")
        print(
            "| day | records | ingest, CPU s | analysis, CPU s | the first day again |\n|---|---|---|---|---|",
            flush=True,
        )
        days: list[Day] = []
        done, young = 0, Path(scratch) / "young"
        for number in looked_at(chosen.days, chosen.every):
            _between(workspace, fleet, range(done, number))
            if not days:
                shutil.copytree(workspace.path, young)
            taken = _taken(workspace.path, fleet, number)
            days.append(Day(number, *taken, _control(young, fleet, days[0].number if days else number)))
            done, last = number + 1, days[-1]
            print(
                f"| {done} | {last.records:,} | {last.ingest:.2f} | {last.analysis:.2f} | {last.control:.2f} |",
                flush=True,
            )
        _between(workspace, fleet, range(done, chosen.days))
        daily = Daily(same(build, here()), chosen.hosts, chosen.days, chosen.every, chosen.seed, tuple(days))
        print("\nslope over 400 days, of the mean day, and its interval of 95 %:")
        for name, each in slopes(daily).items():
            print(f"{name:10}{each.value:+.0%} ({each.low:+.0%} to {each.high:+.0%})")
        if chosen.keep:
            keep(daily, RESULTS)
        if chosen.check:
            other = Workspace.create_or_open(Path(scratch) / "at-once")
            other.ingest([fleet / "hosts", fleet / "zeek"])
            other.analyse()
            same_answer = _answer(workspace.path) == _answer(other.path)
            print(f"all days at once: {'the same, to the byte' if same_answer else 'ANOTHER ANSWER'}")


if __name__ == "__main__":
    main()
