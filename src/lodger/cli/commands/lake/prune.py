"""``lodger lake prune``: old days of telemetry go."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from lodger.cli.options import CASE, CaseDirectory
from lodger.cli.render.lake import print_pruned

EXAMPLE = "lodger lake prune --older-than 400d --dry-run"


def prune(
    older_than: Annotated[
        str, typer.Option("--older-than", metavar="AGE", help="Days before this go: 400d, or a day as 2025-01-01.")
    ],
    case: CaseDirectory = CASE,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, and change nothing.")] = False,
) -> int:
    """Take old days out of the telemetry tables.

    What is known of files stays, so that a pruned file is not read again. Space is free a day later, when nobody can
    still be reading the old files: the next prune or compact deletes them.
    """
    from lodger.lake.tables import Lake
    from lodger.lake.upkeep import cutoff
    from lodger.lake.upkeep import prune as take_out

    before = cutoff(older_than, datetime.now(UTC).date())
    print_pruned(take_out(Lake(case), before, dry_run=dry_run), before, dry_run=dry_run)
    return 0
