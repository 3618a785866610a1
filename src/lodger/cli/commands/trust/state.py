"""``lodger trust state``: anything else that is known of a signer or a file, by hand."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from lodger.cli.learning import (
    Detail,
    From,
    Issuer,
    Learned,
    Serial,
    Signer,
    Source,
    Thumbprint,
    hashes,
    now,
)
from lodger.cli.learning import state as add
from lodger.cli.options import CASE, CaseDirectory
from lodger.cli.render.ledger import LedgerFormat, LedgerOutput

EXAMPLE = 'lodger trust state abused --signer "Acme Ltd" --source "incident 12"'


class Said(StrEnum):
    """What can be stated by hand beside a revocation."""

    ABUSED = "abused"
    TRUSTED = "trusted"
    DISTRUSTED = "distrusted"
    VULNERABLE = "vulnerable"
    MALICIOUS = "malicious"
    WITHDRAWN = "withdrawn"


def state(
    what: Annotated[
        Said, typer.Argument(metavar="WHAT", help="abused, trusted, distrusted, vulnerable, malicious or withdrawn.")
    ],
    serial: Serial = None,
    issuer: Issuer = None,
    thumbprint: Thumbprint = None,
    signer: Signer = None,
    of_file: Annotated[
        str | None, typer.Option("--hash", metavar="HEX", help="SHA-256, SHA-1 or MD5 of a file.")
    ] = None,
    withdraws: Annotated[
        str | None, typer.Option("--statement", metavar="ID", help="The statement that is withdrawn.")
    ] = None,
    since: From = None,
    source: Source = "by hand",
    detail: Detail = None,
    learned: Learned = None,
    case: CaseDirectory = CASE,
    form: LedgerOutput = LedgerFormat.TABLE,
) -> int:
    """State what is known of a signer, an issuer or a file.

    A signer reported abused or known good, an issuer distrusted, a driver vulnerable, a file malicious; or that an
    earlier statement is withdrawn: as of earlier days it still holds.
    """
    from lodger.ledger.normal import instant
    from lodger.model.trust import Kind, Statement

    statement = Statement(
        kind=Kind(what.value),
        source=source,
        known_from=now(learned),
        valid_from=instant(since),
        detail=detail,
        serial=serial,
        issuer=issuer,
        thumbprint=thumbprint,
        signer=signer,
        withdraws=withdraws,
        **hashes(of_file),
    )
    add(case, statement, form)
    return 0
