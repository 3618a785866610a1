"""``lodger ingest``: raw logs into the case."""

from __future__ import annotations

from lodger.cli.intake import take_in
from lodger.cli.options import CASE, CaseDirectory, Format, OutputFormat, Paths
from lodger.cli.render.ingest import print_ingest

EXAMPLE = "lodger ingest logs/ --case acme --format json"


def ingest(paths: Paths, case: CaseDirectory = CASE, form: OutputFormat = Format.TABLE) -> int:
    """Store what is under PATH in the case.

    A file that the case knows already adds nothing.
    """
    _, summary = take_in(paths, case)
    print_ingest(summary, form)
    return 0
