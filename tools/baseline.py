#!/usr/bin/env python3
"""Writes the shipped baseline of P(finding | ordinary): ``python tools/baseline.py DATA --work DIR``.

DATA is a folder of public records that are presumed ordinary, as :data:`PUBLIC` names them; beside them come synthetic
fleets without intruders. Each set is analysed by itself, and gives of every detector how many program families it could
have shown, and how many it did. A share is ``(header * 100 + shown) / (100 + families)`` over all sets, of each of
which at most :data:`MOST` families count, so that no set speaks for all; a detector of rarity says nothing in a set of
fewer than :data:`HOSTS` hosts, where everything is rare. No share is more than three times the header's, or less than a
third: the sets are few. The numbers are committed, the records are not.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from lodger.evidence import all_detectors
from lodger.lab import write_fleet
from lodger.verdict import Shares
from lodger.verdict.settings import written
from lodger.workspace import Workspace

BASELINE: Final = Path(__file__).parents[1] / "src" / "lodger" / "verdict" / "baseline.json"

#: Of ordinary networks. (Public event logs of ordinary machines tell of logons and services, but of no programs.)
PUBLIC: Final = ("zeek/rita-24h", "zeek/brim-sample")
#: Synthetic fleets without intruders: seeds, hosts, days.
SEEDS: Final = (101, 102)
FLEET_HOSTS: Final = 12
FLEET_DAYS: Final = 15

HEADER: Final = 100.0
MOST: Final = 300
HOSTS: Final = 5
BOUND: Final = 3.0

Counts = dict[str, tuple[float, float]]


def sets(data: Path, work: Path) -> Iterator[Workspace]:
    """Every set as an analysed case of its own below ``work``."""
    for name in PUBLIC:
        yield _analysed(data / name, work / name.replace("/", "-"))
    for seed in SEEDS:
        fleet = work / f"fleet-{seed}"
        if not fleet.exists():
            write_fleet(fleet, seed=seed, hosts=FLEET_HOSTS, days=FLEET_DAYS, intruders=())
        yield _analysed(fleet, work / f"fleet-{seed}-case")


def _analysed(records: Path, case: Path) -> Workspace:
    workspace = Workspace.create_or_open(case)
    workspace.ingest([records])
    workspace.analyse()
    return workspace


def counts(workspace: Workspace) -> Counts:
    """By detector: how many families it could have shown, and how many it did, at most :data:`MOST` of a set."""
    (fleet,) = workspace.sql("SELECT COUNT(DISTINCT host) AS hosts FROM stay").to_pylist()
    found: Counts = {}
    for row in workspace.sql("SELECT detector, programs, shown FROM eligible").to_pylist():
        if row["programs"] and (fleet["hosts"] >= HOSTS or not _of_rarity(row["detector"])):
            part = min(1.0, MOST / row["programs"])
            found[row["detector"]] = (row["programs"] * part, min(row["shown"], row["programs"]) * part)
    return found


def _of_rarity(detector: str) -> bool:
    return any(word in detector for word in ("rare", "new", "first", "unlike", "autostart", "uploads", "regular"))


def share(header: float, families: float, shown: float) -> float:
    """P(finding | ordinary) of a detector."""
    learned = (header * HEADER + shown) / (HEADER + families)
    return round(min(max(learned, header / BOUND), header * BOUND, 0.5), 5)


def main() -> None:
    """Analyse every set and write the baseline."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--work", type=Path, required=True, help="an empty directory for the cases")
    chosen = parser.parse_args()
    total: Counts = {}
    for workspace in sets(chosen.data, chosen.work):
        for detector, (families, shown) in counts(workspace).items():
            before = total.get(detector, (0.0, 0.0))
            total[detector] = (before[0] + families, before[1] + shown)
    headers = {each.id: each.detector.p_ordinary for each in all_detectors() if not each.detector.outside}
    shares = {name: Shares(p_ordinary=share(headers[name], *total[name])) for name in headers if name in total}
    fleets = f"{len(SEEDS)} synthetic fleets of {FLEET_HOSTS} hosts and {FLEET_DAYS} days without intruders"
    told = f"{', '.join(PUBLIC)}; {fleets}"
    BASELINE.write_bytes(written(shares, told))


if __name__ == "__main__":
    main()
