"""``lodger trust import``: lists of what is known become statements of the case's ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lodger.cli.learning import Learned, now
from lodger.cli.options import CASE, CaseDirectory
from lodger.cli.render.ledger import LedgerFormat, LedgerOutput, complain_of_import, print_learned
from lodger.cli.terminal import complain
from lodger.errors import InputError

EXAMPLE = "lodger trust import revoked.crl known_abused.json --case acme"


def import_(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="Revocation lists, lists of certificates, of drivers.")
    ],
    case: CaseDirectory = CASE,
    learned: Learned = None,
    form: LedgerOutput = LedgerFormat.TABLE,
) -> int:
    """Take in what others know of signers and drivers.

    What a file is, is told by its content: revocation lists (DER, PEM), JSON lists of abused certificates, JSON lists
    of drivers. Every stay that is touched is weighed anew at once. What the ledger has is not added again.
    """
    from lodger.ledger.files import Listing, read_file
    from lodger.workspace import Workspace

    known_from = now(learned)
    workspace = Workspace.open(case)
    read: dict[Path, Listing] = {}
    for file in files:
        try:
            read[file] = read_file(file, known_from)
        except InputError as error:
            complain(error.diagnostics())
    if not read:
        raise InputError("nothing could be read", advice="docs/trust-ledger.md tells what is read")
    for file, listing in read.items():
        complain_of_import(str(file), listing)
    print_learned(workspace.learn([entry for listing in read.values() for entry in listing.entries]), form)
    return 0
