"""``lodger lake info``: what the lake holds, and what its sensors never said."""

from __future__ import annotations

from lodger.cli.options import CASE, CaseDirectory, Format, OutputFormat
from lodger.cli.render.lake import print_info

EXAMPLE = "lodger lake info --case acme --format json"


def info(case: CaseDirectory = CASE, form: OutputFormat = Format.TABLE) -> int:
    """Print what the lake holds and what could not be seen.

    Tables with rows, days and sizes; when each host and sensor spoke; and the kinds of record that never came from a
    host, so that their absence is not read as innocence.
    """
    from lodger.workspace import Workspace

    print_info(Workspace.open(case).info(), form)
    return 0
