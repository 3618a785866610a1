"""Writes the HTML report of a case."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lodger.cli.terminal import complain
from lodger.model.findings import Case
from lodger.model.ingest import AnalysisSummary

if TYPE_CHECKING:
    from lodger.workspace import Workspace

#: Stays that the report tells whole; its table has all.
LIVES: Final = 50


def publish(workspace: Workspace, ranked: Sequence[Case], analysis: AnalysisSummary, out: Path) -> None:
    """Write the report to ``out`` and say where it is on standard error."""
    from lodger.report.page import write_report

    lives = workspace.lives([case.stay_id for case in ranked[:LIVES]])
    write_report(out, cases=ranked, lives=lives, summary=analysis, coverage=workspace.coverage())
    complain(f"report: {out}")
