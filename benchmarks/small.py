"""Where the intruder comes when there is little to learn of: one host, twelve minutes of records.

    python benchmarks/small.py [--seeds 10] [--data DATA --without DIR]

From a lab fleet of each seed twelve minutes of one host's own records are cut: those around the intruder's arrival, and
the same minutes of the day before. DATA is a folder with the LSASS campaigns of OTRF/Security-Datasets, each of which
is such a window by nature (with the network's logs); they are also judged by baselines that had no part of them,
DIR/LSASS_campaign_0N.json, made by `tools/baseline.py DATA --work W --without otrf/LSASS_campaign_0N --out FILE`.
Every window is analysed once, and weighed with the headers' shares and with the shipped ones. Printed: the rank of the
best of the intruder's programs, its weight over the best ordinary program's (dB), and of ordinary programs how many are
likelier an intruder than not. What the intruder worked through is neither.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from lodger import evidence, verdict
from lodger.engine.duckdb import DuckDB
from lodger.lab import is_intruders, write_fleet
from lodger.lab.truth import is_touched
from lodger.lake.tables import Lake
from lodger.verdict.baseline import baseline, parsed
from lodger.verdict.settings import Settings, Shares, counted
from lodger.workspace import Workspace

BEFORE: Final = timedelta(minutes=2)
LONG: Final = timedelta(minutes=12)
HOSTS: Final = 3
DAYS: Final = 12

#: By the transcript of each campaign: the program, in the second what unpacked it, and what it loaded.
PAYLOADS: Final = re.compile(r"winx64_payload\.exe$|happy_image\.jpeg\.exe$|\\temp\\[a-z]{6}\.dll", re.IGNORECASE)
#: What it moved into, ran, and came through.
USED: Final = re.compile(r"\\(procdump(64)?|svchost|msedge|cmd|net|sc)\.exe|\\comsvcs\.dll", re.IGNORECASE)

#: True: the intruder's; False: an ordinary program; None: one that the intruder worked through.
Whose = Callable[[str, str], bool | None]


def _cut(fleet: Path, host: str, start: datetime, out: Path) -> None:
    """The records of one host from ``start`` on, for :data:`LONG`."""
    day = fleet / "hosts" / host / f"events-{start.date().isoformat()}.jsonl"
    first, last = (f'"@timestamp":"{when.isoformat()[:19]}'.encode() for when in (start, start + LONG))
    out.mkdir()
    with day.open("rb") as lines, (out / "events.jsonl").open("wb") as cut:
        for line in lines:
            at = line.find(b'"@timestamp":"')
            if first <= line[at : at + len(first)] < last:
                cut.write(line)


def _ranked(case: Path, ways: Mapping[str, Mapping[str, Shares]]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The cases of an analysed case, by each way to weigh."""
    lake = Lake(case)
    engine = DuckDB(lake.spool / "engine")
    try:
        for name in set(lake.findings()) - {"ranked", "evidence", "eligible"}:
            engine.scan(name, lake.findings_files(name), lake.findings_schema(name))
        engine.scan("kept", lake.findings_files("evidence"), lake.findings_schema("evidence"))
        columns = ", ".join(evidence.FINDING.names)
        engine.create("finding", f"SELECT {columns} FROM kept WHERE kin IS NULL")  # noqa: S608
        for way, shares in ways.items():
            verdict.rank(engine, Settings(shares=shares))
            yield way, engine.query("SELECT rank, host, program, weight_db, odds FROM ranked ORDER BY rank").to_pylist()
    finally:
        engine.close()


def _rows(name: str, records: Path, ways: Mapping[str, Mapping[str, Shares]], whose: Whose) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as scratch:
        workspace = Workspace.create_or_open(Path(scratch) / "case")
        workspace.ingest([records])
        programs = workspace.analyse().programs
        for way, cases in _ranked(workspace.path, ways):
            told = [(case, whose(case["host"], case["program"])) for case in cases]
            theirs = next((case for case, one in told if one), None)
            ordinary = [case for case, one in told if one is False]
            best = float(ordinary[0]["weight_db"]) if ordinary else 0.0
            rank, lead = (theirs["rank"], f"{theirs['weight_db'] - best:.1f}") if theirs else ("", "")
            likely = sum(case["odds"] > 1 for case in ordinary)
            which = ordinary[0]["program"][-60:] if ordinary else ""
            yield f"| {' | '.join(map(str, (name, programs, way, rank, lead, f'{best:.1f}', likely, which)))} |"


def _lab(seed: int, ways: Mapping[str, Mapping[str, Shares]]) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as scratch:
        fleet = Path(scratch) / "fleet"
        truth = write_fleet(fleet, seed=seed, hosts=HOSTS, days=DAYS)
        (one,) = truth.intruders
        arrival = datetime.fromisoformat(one.arrival).replace(tzinfo=None)

        def whose(host: str, program: str) -> bool | None:
            return True if is_intruders(truth, host, program) else None if is_touched(truth, host, program) else False

        for name, start in (("arrival", arrival - BEFORE), ("the day before", arrival - BEFORE - timedelta(days=1))):
            if (fleet / "hosts" / one.hosts[0] / f"events-{start.date().isoformat()}.jsonl").exists():
                out = Path(scratch) / name
                _cut(fleet, one.hosts[0], start, out)
                yield from _rows(f"lab {seed}, {name}", out, ways, whose)


def _campaign(data: Path, number: int, without: Path | None, ways: Mapping[str, Mapping[str, Shares]]) -> Iterator[str]:
    name = f"LSASS_campaign_0{number}"
    more = dict(ways)
    if without is not None:
        file = without / f"{name}.json"
        more["without it"] = counted(parsed(file.read_bytes(), file.name))
    yield from _rows(name, data / "otrf" / name, more, _took_part)


def _took_part(_: str, program: str) -> bool | None:
    return True if PAYLOADS.search(program) else None if USED.search(program) else False


def main() -> None:
    """Print a Markdown table, a row for each window and way."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--data", type=Path, help="the folder that holds otrf/")
    parser.add_argument("--without", type=Path, help="baselines made without each campaign")
    chosen = parser.parse_args()
    ways: dict[str, Mapping[str, Shares]] = {"headers": {}, "shipped": counted(baseline())}
    head = "window", "programs", "shares", "intruder's rank", "its lead, dB", "best ordinary, dB", "odds > 1", "which"
    print(f"| {' | '.join(head)} |")
    print("|---|---|---|---|---|---|---|---|")
    for number in range(1, 5) if chosen.data else ():
        for row in _campaign(chosen.data, number, chosen.without, ways):
            print(row, flush=True)
    for seed in range(1, chosen.seeds + 1):
        for row in _lab(seed, ways):
            print(row, flush=True)


if __name__ == "__main__":
    main()
