"""``lodger lake compact``: many small files of a day become one."""

from __future__ import annotations

from lodger.cli.options import CASE, CaseDirectory
from lodger.cli.progress import progress
from lodger.cli.render.lake import print_compacted

EXAMPLE = "lodger lake compact --case acme"


def compact(case: CaseDirectory = CASE) -> int:
    """Put the many small files of each day together.

    The rows stay the same; an analysis that runs meanwhile reads the old files to the end. They are deleted by the
    next prune or compact after a day.
    """
    from lodger.lake.tables import Lake
    from lodger.lake.upkeep import compact as put_together

    lake = Lake(case)
    with progress() as watched:
        changes = put_together(lake, watched)
    print_compacted(changes)
    return 0
