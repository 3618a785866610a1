"""``lodger inspect``: what is in pictures and documents that does not belong there."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from lodger.cli.render.inspect import print_inspected, tell_inspected
from lodger.cli.terminal import complain
from lodger.errors import InputError

EXAMPLE = "lodger inspect carved/ --format json"


class InspectFormat(StrEnum):
    """How the files are printed."""

    TABLE = "table"
    JSON = "json"


def inspect(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="Files, and folders with all that is in them.")],
    form: Annotated[
        InspectFormat, typer.Option("--format", help="table for people, json for programs.")
    ] = InspectFormat.TABLE,
) -> int:
    """Look into pictures and documents for hidden data.

    Walks the structure of JPEG, PNG, GIF, BMP, WebP, PDF and ZIP-based Office
    files, and of programs that pass for them. The table has the files with
    findings, JSON all that were looked at. Nothing is unpacked to disk, opened
    by another program or run.
    """
    from lodger import disguise
    from lodger.telemetry.walk import OuterFile, Problem, outer_files

    found = list(outer_files(paths))
    for each in found:
        if isinstance(each, Problem):
            complain(f"{each.path}: {each.reason}")
    files = [each.path for each in found if isinstance(each, OuterFile)]
    inspected = disguise.inspect(files)
    if len(inspected.unread) == len(files):
        raise InputError("nothing could be read", advice="name files, or folders that hold some")
    print_inspected(inspected, as_table=form is InspectFormat.TABLE)
    tell_inspected(inspected)
    return 0
