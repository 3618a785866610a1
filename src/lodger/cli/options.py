"""Options and arguments that several commands share, spelled and explained once."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Format(StrEnum):
    """How a result is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


#: Files, folders, archives and URLs to read; as text, because a path would make one slash of a URL's two.
Paths = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH",
        help="Files, folders, archives, URLs (s3://bucket/logs/), - for standard input: any mix; what is what is "
        "told by the content.",
    ),
]
#: The case directory.
CaseDirectory = Annotated[
    Path, typer.Option("--case", metavar="DIR", help="The case: a directory with everything known of one fleet.")
]
#: Format of what is printed.
OutputFormat = Annotated[Format, typer.Option("--format", help="table for people, json and csv for programs.")]
#: How many are shown.
Top = Annotated[int | None, typer.Option("--top", min=1, metavar="N", help="Print the first N only.")]
#: What a gate in a pipeline asks for.
FailOnCases = Annotated[
    bool, typer.Option("--fail-on-cases", help="Exit with 1 when a case is more likely an intruder than not.")
]
#: How much an analyst reads.
Budget = Annotated[
    int | None,
    typer.Option("--budget", min=1, metavar="N", help="Cases a day that you will read: a line is drawn below them."),
]

#: What detectors' findings are worth, as labelled lives taught it.
SharesFile = Annotated[
    Path | None,
    typer.Option(
        "--shares", metavar="FILE", help="Weigh with the shares of `lodger lab calibrate` in place of the shipped ones."
    ),
]

#: What was known then.
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="DAY", help="Answer with what was known of signers and files at the end of that day (UTC)."
    ),
]

CASE = Path("lodger-case")


def moment(as_of: str | None) -> datetime | None:
    """The end of a day (``2011-10-14``), or a time (ISO 8601, UTC), without a zone. Raises InputError."""
    from lodger.ledger.normal import instant

    when = instant(as_of)
    day = when is not None and as_of is not None and len(as_of.strip()) <= len("2011-10-14")
    return when + timedelta(days=1) - timedelta(microseconds=1) if day and when is not None else when
