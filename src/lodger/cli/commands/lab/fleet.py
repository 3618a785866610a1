"""``lodger lab fleet``: a synthetic fleet with ground truth."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from lodger.cli.terminal import emit
from lodger.report.text import visible

EXAMPLE = "lodger lab fleet --out fleet --seed 1 --hosts 20 --days 60"
_LARGE: Final = 1_000  # days of hosts; fewer are written before a second process has started


class Format(StrEnum):
    """How Windows events are written."""

    JSONL = "jsonl"
    XML = "xml"


def fleet(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="A new or empty directory for the logs.")],
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="The same seed writes the same fleet.")] = 1,
    hosts: Annotated[int, typer.Option("--hosts", min=1, metavar="N", help="Hosts in the fleet.")] = 20,
    days: Annotated[int, typer.Option("--days", min=1, metavar="N", help="Days that the logs cover.")] = 60,
    packed: Annotated[
        bool, typer.Option("--gzip", help="Write Windows events with gzip, a tenth of the size.")
    ] = False,
    form: Annotated[
        Format, typer.Option("--format", help="Of Windows events: JSON lines, or XML as Event Viewer exports it.")
    ] = Format.JSONL,
    intruders: Annotated[
        int | None, typer.Option("--intruders", min=0, metavar="N", help="As many lives, of all families in turn.")
    ] = None,
    families: Annotated[
        list[str] | None,
        typer.Option("--family", metavar="NAME", help="Lives of this family only; may be repeated (`lab scenarios`)."),
    ] = None,
) -> int:
    """Write a fleet's logs, with one intruder.

    Windows events and Zeek logs of ordinary work and of intruders' lives; the truth lies beside them. Without more
    said, there is one life, like that of 2011.
    """
    from lodger.lab import write_fleet
    from lodger.lab.lives import draw

    lives = None
    if intruders is not None or families:
        lives = draw(seed, 1 if intruders is None else intruders, families)

    processes = (os.cpu_count() or 1) if hosts * days > _LARGE else 1
    write_fleet(
        out,
        seed=seed,
        hosts=hosts,
        days=days,
        intruders=lives,
        packed=packed,
        xml=form is Format.XML,
        processes=processes,
    )
    emit(f"{visible(str(out))}: {hosts} hosts, {days} days, seed {seed}\n")
    return 0
