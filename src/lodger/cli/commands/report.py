"""``lodger report``: the case as one HTML file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lodger.cli.options import CASE, CaseDirectory
from lodger.cli.outcome import tell_analysis
from lodger.cli.progress import progress
from lodger.cli.publish import publish

EXAMPLE = "lodger report -o report.html"


def report(
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="The file to write.")] = Path("report.html"),
    case: CaseDirectory = CASE,
) -> int:
    """Write the ranked stays and their lives as one HTML file that needs no network."""
    from lodger.workspace import Workspace

    workspace = Workspace.open(case)
    with progress() as watched:
        analysis = workspace.analyse(watched)
    tell_analysis(analysis)
    publish(workspace, workspace.ranked(), analysis, out)
    return 0
