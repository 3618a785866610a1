"""What the commands say about an analysis as a whole."""

from __future__ import annotations

from collections.abc import Sequence

from lodger.cli.terminal import complain
from lodger.model.findings import Case
from lodger.model.ingest import AnalysisSummary


def tell_analysis(analysis: AnalysisSummary) -> None:
    """What was looked at and what could not be seen, on standard error."""
    complain(
        f"{analysis.hosts:,} hosts, {analysis.programs:,} programs, {analysis.stays:,} stays, "
        f"{analysis.evidence:,} pieces of evidence"
    )
    for note in analysis.notes:
        complain(note)


def exit_code(ranked: Sequence[Case], fail_on_cases: bool) -> int:
    """1 when asked to fail and a stay is at least as likely an intruder's as not, else 0."""
    return int(fail_on_cases and any(case.odds >= 1 for case in ranked))
