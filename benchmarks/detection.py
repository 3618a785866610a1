"""Where the intruder's life comes in the ranked table of synthetic fleets.

    python benchmarks/detection.py [--seeds 5] [--hosts 10] [--days 45]

For each seed the lab writes a fleet with one intruder and its look-alikes, `lodger` ingests and analyses it, and the
ground truth (beside the fleet; the analysis never reads it) says which rows are the intruder's. Printed, per seed:
the rank and weight of the best of the intruder's stays, the weight of the best ordinary case, and how many ordinary
cases have posterior odds above one. (Stays that came with one another are one case.)
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from lodger.lab import is_intruders, write_fleet
from lodger.model.findings import parties
from lodger.workspace import Workspace


def _row(seed: int, hosts: int, days: int) -> str:
    with tempfile.TemporaryDirectory() as scratch:
        truth = write_fleet(Path(scratch) / "fleet", seed=seed, hosts=hosts, days=days)
        workspace = Workspace.create_or_open(Path(scratch) / "case")
        workspace.ingest([Path(scratch) / "fleet"])
        summary = workspace.analyse()
        ranked = workspace.ranked()
    theirs = [case for case in ranked if is_intruders(truth, case.host, case.program)]
    ours = {case.stay_id for case in theirs}
    ordinary = [
        party.head for party in parties(ranked) if not any(case.stay_id in ours for case in (party.head, *party.kin))
    ]
    best, other = theirs[0] if theirs else None, ordinary[0] if ordinary else None
    cells = [
        seed,
        summary.stays,
        best.rank if best else "not ranked",
        f"{best.weight_db:.1f}" if best else "",
        f"{other.weight_db:.1f}" if other else "",
        sum(case.odds > 1 for case in ordinary),
        other.program if other else "",
    ]
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def main() -> None:
    """Print a Markdown table, one row per seed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--hosts", type=int, default=10)
    parser.add_argument("--days", type=int, default=45)
    chosen = parser.parse_args()
    print(f"lodger lab fleets, hosts={chosen.hosts}, days={chosen.days}, seeds 1 to {chosen.seeds}\n")
    print("| seed | stays | intruder's rank | its dB | best ordinary dB | ordinary, odds > 1 | best ordinary program |")
    print("|---|---|---|---|---|---|---|")
    for seed in range(1, chosen.seeds + 1):
        print(_row(seed, chosen.hosts, chosen.days), flush=True)


if __name__ == "__main__":
    main()
