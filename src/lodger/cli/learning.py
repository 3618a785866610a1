"""What the commands of the trust ledger share."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from lodger.cli.render.ledger import LedgerFormat, print_learned
from lodger.errors import InputError
from lodger.model.trust import Statement

#: When it was learned.
Learned = Annotated[
    str | None,
    typer.Option("--learned", metavar="WHEN", help="When this was learned, if not now (2011-10-14, ISO 8601, UTC)."),
]
#: What a statement speaks of.
Serial = Annotated[str | None, typer.Option(metavar="HEX", help="Serial number of the certificate.")]
Issuer = Annotated[str | None, typer.Option(metavar="NAME", help="Common name of the certificate's issuer.")]
Thumbprint = Annotated[str | None, typer.Option(metavar="HEX", help="SHA-1 or SHA-256 of the certificate.")]
Signer = Annotated[str | None, typer.Option(metavar="NAME", help="The signer's name, as sensors tell it.")]
From = Annotated[str | None, typer.Option("--from", metavar="WHEN", help="Since when it holds; else since ever.")]
Source = Annotated[str, typer.Option(metavar="TEXT", help="Who says so.")]
Detail = Annotated[str | None, typer.Option(metavar="TEXT", help="What else is to be said.")]


def now(learned: str | None) -> datetime:
    """When a statement was learned: as told, else now; UTC without a zone. Raises InputError for a time to come."""
    from lodger.ledger.normal import instant

    today = datetime.now(UTC).replace(tzinfo=None)
    when = instant(learned) or today
    if when > today:
        raise InputError(f"learned in the future: {learned}", advice="leave --learned out")
    return when


def state(case: Path, statement: Statement, form: LedgerFormat) -> None:
    """Add one statement to a case's ledger, and print what it changed. Raises InputError where it speaks of nothing."""
    from lodger.ledger import identified
    from lodger.workspace import Workspace

    entry = identified(statement)
    about = ("serial", "thumbprint", "signer", "issuer", "sha256", "sha1", "md5", "withdraws")
    if not any(getattr(entry.statement, name) for name in about):
        raise InputError("the statement speaks of nothing", advice="name a --serial, --thumbprint, --signer or --hash")
    print_learned(Workspace.open(case).learn([entry]), form)


def hashes(text: str | None) -> dict[str, Any]:
    """The hash under the name that its length tells. Raises InputError."""
    digits = (text or "").strip()
    name = {64: "sha256", 40: "sha1", 32: "md5"}.get(len(digits))
    if digits and name is None:
        raise InputError(f"not a SHA-256, SHA-1 or MD5: {digits[:80]!r}")
    return {name: digits} if name else {}
