"""``lodger report``: the case as one HTML file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lodger.cli.options import CASE, CaseDirectory
from lodger.cli.publish import publish

EXAMPLE = "lodger report -o report.html"


def report(
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="The file to write.")] = Path("report.html"),
    case: CaseDirectory = CASE,
) -> int:
    """Write the report, one HTML file.

    It has the ranked stays of the last analysis and their lives, and needs no network.
    """
    from lodger.workspace import Workspace

    workspace = Workspace.open(case)
    publish(workspace, workspace.ranked(), workspace.summary(), out)
    return 0
