"""How often each detector fires on stays of real, ordinary records.

    python benchmarks/ordinary.py DATA [FOLDER ...]

Every FOLDER (below DATA, the folder of test data) is analysed as a case of its own; `lab` is a fleet of the lab without
an intruder, ten hosts for 45 days. Printed, per detector that fires
anywhere: on how many program families of how many whose hosts' sensors could show it, per folder; and over all of them
the share, beside the P(ordinary) that the detector ships with. Folders where something was planted or recorded on
purpose hold some findings that are right: the share is an upper bound of how often it fires on ordinary things.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from lodger.evidence import all_detectors
from lodger.lab import write_fleet
from lodger.workspace import Workspace

LAB = "lab"

#: Folders without a known intruder, and such as hold malware's records beside ordinary ones.
FOLDERS = (
    "zeek/rita-24h",
    "zeek/rita-proxy",
    "zeek/brim-sample",
    "zeek/slips-test9-mixed",
    "suricata",
    "otrf/LSASS_campaign_01",
    LAB,
)

#: Families that show it, and those that could.
Shown = tuple[int, int]

_SHOWN = """
    SELECT e.detector, e.programs, COUNT(DISTINCT s.program) AS shown
    FROM eligible AS e
    LEFT JOIN evidence AS f ON f.detector = e.detector
    LEFT JOIN stay AS s ON s.stay_id = f.stay_id
    GROUP BY e.detector, e.programs
"""


def _measured(folder: Path) -> dict[str, Shown]:
    with tempfile.TemporaryDirectory() as scratch:
        workspace = Workspace.create_or_open(Path(scratch) / "case")
        if folder.name == LAB:
            folder = Path(scratch) / "fleet"
            write_fleet(folder, seed=1, hosts=10, days=45, intruders=())
        workspace.ingest([folder])
        workspace.analyse()
        rows = workspace.sql(_SHOWN).to_pylist()
    return {row["detector"]: (row["shown"], row["programs"]) for row in rows}


def _table(measured: Mapping[str, Mapping[str, Shown]]) -> Sequence[str]:
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for found in measured.values():
        for detector, each in found.items():
            for place in (0, 1):
                sums[detector][place] += each[place]
    lines = [
        "| detector | " + " | ".join(measured) + " | share | P(ordinary) |",
        "|---|" + "---|" * (len(measured) + 2),
    ]
    shipped = {each.id: each.detector.p_ordinary for each in all_detectors()}
    for detector, (shown, programs) in sorted(sums.items()):
        if shown:
            cells = [_cell(found.get(detector, (0, 0))) for found in measured.values()]
            lines.append(f"| `{detector}` | {' | '.join(cells)} | {shown / programs:.3f} | {shipped[detector]:g} |")
    silent = sorted(detector for detector, (shown, _) in sums.items() if not shown)
    return [*lines, "", f"{len(silent)} detectors fire nowhere: {', '.join(silent)}"]


def _cell(each: Shown) -> str:
    return f"{each[0]} of {each[1]}" if each[1] else ""


def main() -> None:
    """Print a Markdown table, one row per detector that fires."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("folders", nargs="*", default=list(FOLDERS))
    chosen = parser.parse_args()
    print("\n".join(_table({folder: _measured(chosen.data / folder) for folder in chosen.folders})))


if __name__ == "__main__":
    main()
