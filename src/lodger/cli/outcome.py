"""What the commands say about an analysis as a whole."""

from __future__ import annotations

from collections.abc import Sequence

from lodger.cli.terminal import complain
from lodger.model.findings import Case, parties
from lodger.model.ingest import AnalysisSummary


def tell_analysis(analysis: AnalysisSummary) -> None:
    """What was looked at and what could not be seen, on standard error."""
    complain(
        f"{analysis.hosts:,} hosts, {analysis.programs:,} programs, {analysis.stays:,} stays, "
        f"{analysis.evidence:,} pieces of evidence"
    )
    for note in analysis.notes:
        complain(note)


def exit_code(ranked: Sequence[Case], fail_on_cases: bool, budget: int | None = None) -> int:
    """1 when asked to fail and a case above the budget line is at least as likely an intruder's as not, else 0.

    By its odds and, where the fleet is large enough to tell, by the local false-discovery rate too.
    """
    return int(fail_on_cases and any(_likely(each.head) for each in parties(ranked)[:budget]))


def _likely(case: Case) -> bool:
    return case.odds >= 1 and (case.lfdr is None or case.lfdr <= 0.5)
