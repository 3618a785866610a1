"""``lodger trust verify``: who signed files, when, and whether that holds."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from lodger.cli.terminal import complain
from lodger.errors import InputError

EXAMPLE = "lodger trust verify collected/ --crl crls/ --format json"


class VerifyFormat(StrEnum):
    """How the files are printed."""

    TABLE = "table"
    JSON = "json"


def verify(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="Files, and folders with all that is in them.")],
    roots: Annotated[
        list[Path] | None,
        typer.Option(metavar="PATH", help="Trust these certificates (files, folders) and not Microsoft's list."),
    ] = None,
    root: Annotated[
        list[Path] | None, typer.Option(metavar="PATH", help="Trust these certificates too (files, folders).")
    ] = None,
    crl: Annotated[
        list[Path] | None, typer.Option(metavar="PATH", help="Revocation lists: files, or folders of them.")
    ] = None,
    catalogs: Annotated[
        list[Path] | None,
        typer.Option(metavar="PATH", help="Catalogs, beside those under PATH and in the same folder as a file."),
    ] = None,
    at: Annotated[
        str | None, typer.Option(metavar="WHEN", help="Judge as of this time (2011-10-14, ISO 8601, UTC); else now.")
    ] = None,
    form: Annotated[
        VerifyFormat, typer.Option("--format", help="table for people, json for programs.")
    ] = VerifyFormat.TABLE,
) -> int:
    """Verify the signatures of programs, packages and scripts.

    PE files (exe, dll, sys, efi), MSI packages, catalogs and PowerShell
    scripts, and any file whose digest is in a catalog. Options may come
    again. Nothing is fetched from the network, and no file is run.
    """
    from lodger.cli.render.trust import print_verified, tell_verified
    from lodger.telemetry.walk import OuterFile, Problem, outer_files
    from lodger.trust import NO_CRLS, both, load_crls, load_roots, microsoft_roots, verify_files

    trusted = load_roots(roots) if roots else microsoft_roots()
    if root:
        trusted = both(trusted, load_roots(root))
    lists = load_crls(crl) if crl else NO_CRLS
    when = _moment(at) if at else None
    found = list(outer_files(paths))
    for each in found:
        if isinstance(each, Problem):
            complain(f"{each.path}: {each.reason}")
    files = [each.path for each in found if isinstance(each, OuterFile)]
    verified = verify_files(files, trusted, lists, catalogs or [], when)
    if not verified.files:
        raise InputError("nothing could be read", advice="name files, or folders that hold some")
    print_verified(verified, as_table=form is VerifyFormat.TABLE)
    tell_verified(verified)
    return 0


def _moment(text: str) -> datetime:
    try:
        when = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"{text}: no time", advice="write it as 2011-10-14 or 2011-10-14T08:00:00Z") from error
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when
