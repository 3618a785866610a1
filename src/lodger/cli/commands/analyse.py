"""``lodger analyse``: from what the case holds to ranked stays."""

from __future__ import annotations

from lodger.cli.options import CASE, CaseDirectory, FailOnCases, SharesFile
from lodger.cli.outcome import exit_code, tell_analysis
from lodger.cli.progress import progress

EXAMPLE = "lodger analyse --case acme"


def analyse(case: CaseDirectory = CASE, shares: SharesFile = None, fail_on_cases: FailOnCases = False) -> int:
    """Weigh the evidence and rank the stays."""
    from lodger.workspace import Workspace

    workspace = Workspace.open(case)
    with progress() as watched:
        analysis = workspace.analyse(watched, shares)
    tell_analysis(analysis)
    return exit_code(workspace.ranked(), fail_on_cases)
