"""Writes the HTML report of a case."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lodger.cli.terminal import complain
from lodger.model.findings import Case, parties
from lodger.model.ingest import AnalysisSummary

if TYPE_CHECKING:
    from lodger.workspace import Workspace

#: Stays that the report tells whole.
LIVES: Final = 50


def publish(workspace: Workspace, ranked: Sequence[Case], analysis: AnalysisSummary, out: Path) -> None:
    """Write the report to ``out`` and say where it is on standard error."""
    from lodger.report.page import write_report

    lives = workspace.lives([case.stay_id for case in _told(ranked)])
    write_report(out, cases=ranked, lives=lives, summary=analysis, coverage=workspace.coverage())
    complain(f"report: {out}")


def _told(ranked: Sequence[Case]) -> list[Case]:
    """The stays that get a section, by rank: those that head the first cases, and as far as there is room their kin."""
    first = parties(ranked)[:LIVES]
    kin = [case for party in first for case in party.kin][: LIVES - len(first)]
    return sorted([*(party.head for party in first), *kin], key=lambda case: case.rank)
