"""``lodger trust list``: the ledger of what is known of signers and files."""

from __future__ import annotations

from lodger.cli.options import CASE, AsOf, CaseDirectory, Format, OutputFormat, Top, moment
from lodger.cli.render.ledger import print_ledger

EXAMPLE = "lodger trust list --as-of 2011-10-13 --format json"


def list(  # noqa: A001
    case: CaseDirectory = CASE, as_of: AsOf = None, top: Top = None, form: OutputFormat = Format.TABLE
) -> int:
    """Print the ledger: what is known of signers and files.

    Each statement with the day from which it holds, the day it was learned, and who says so; newest first.
    """
    from lodger.workspace import Workspace

    print_ledger(Workspace.open(case).as_of(moment(as_of)).statements(), form, top)
    return 0
