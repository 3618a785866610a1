"""Options and arguments that several commands share, spelled and explained once."""

from __future__ import annotations

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
#: How many stays are shown.
Top = Annotated[int | None, typer.Option("--top", min=1, metavar="N", help="Print the first N stays only.")]
#: What a gate in a pipeline asks for.
FailOnCases = Annotated[
    bool, typer.Option("--fail-on-cases", help="Exit with 1 when a stay is more likely an intruder than not.")
]

CASE = Path("lodger-case")
