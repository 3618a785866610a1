"""``lodger lab plant``: an intruder's life beside real records."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lodger.cli.terminal import emit
from lodger.report.text import visible

EXAMPLE = "lodger lab plant --into zeek-logs --scenario duqu2011-36d-1s --out planted"


def plant(
    into: Annotated[
        Path, typer.Option("--into", metavar="PATH", help="Real records: Windows events, Zeek logs, or both.")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="A new or empty directory for the life's records.")],
    scenario: Annotated[
        str, typer.Option("--scenario", metavar="NAME", help="A name from `lodger lab scenarios`.")
    ] = "duqu2011-36d-1s",
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="The same seed plants the same life.")] = 1,
    host: Annotated[
        str | None, typer.Option("--host", metavar="NAME", help="On this host of theirs (its name, or its address).")
    ] = None,
) -> int:
    """Write an intruder's records to go with real ones.

    The real records are read where they lie, for their hosts and their time; give both folders to `lodger hunt`. The
    truth lies beside the new one.
    """
    from lodger.lab.lives import named
    from lodger.lab.planting import plant as planted

    truth = planted(out, into=into, scenario=named(scenario), seed=seed, host=host)
    where = ", ".join(host for one in truth.intruders for host in one.hosts)
    emit(f"{visible(str(out))}: {truth.events:,} events and {truth.zeek_rows:,} rows, on {visible(where)}\n")
    return 0
