"""What a case's sensors could not have shown of one host, in lines for people: absence is never innocence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from importlib import resources
from itertools import groupby
from typing import Final

from lodger.engine import Engine

#: What it means for an answer that a kind of record never came from a host.
MEANS: Final[Mapping[str, str]] = {
    "launches": "no process launches: what it started, and how it was started, could not be seen",
    "accesses": "no process accesses: injection and reading of credentials could not be seen",
    "modules": "no module loads: its signature could not be seen",
    "files": "no file creations: how it arrived could not be seen",
    "deletions": "no file deletions: how it left could not be seen",
    "registry": "no registry changes: entries that start it could not be seen",
    "connections": "no connections: whom it talked with could not be seen",
    "traffic": "no byte counts: how much it sent could not be seen",
}

_SPANS: Final = 5  # of silence that a line names


def blindness(engine: Engine, host: str, seen: set[str | None]) -> Iterator[str]:
    """What could not be seen on ``host``, from which records of the kinds ``seen`` came: what never came, when its
    sensors were silent, and what changed what they saw. ``engine`` has what the analysis kept.
    """
    yield from (line for kind, line in MEANS.items() if kind not in seen)
    never = engine.query(_sql("never"), {"host": host}).to_pylist()
    yield from (row["means"] for row in never if row["need"] not in MEANS)
    yield from _silences(engine, host)
    for row in engine.query(_sql("changes")).to_pylist():
        if row["host"] == host:
            yield f"{row['means']} ({row['sensor']} {row['event']}, {_when(row['first'], row['last'], row['records'])})"


def _silences(engine: Engine, host: str) -> Iterator[str]:
    rows = engine.query(_sql("silences"), {"host": host}).to_pylist()
    for sensor, group in groupby(rows, key=lambda row: row["sensor"]):
        spans = list(group)
        days = sum(row["days"] for row in spans)
        named = [_days(row["first_day"], row["last_day"]) for row in spans[:_SPANS]]
        more = f" and {len(spans) - _SPANS} more times" if len(spans) > _SPANS else ""
        yield f"{sensor} said nothing on {days} of the days in which the host was heard: {', '.join(named)}{more}"


def _days(first: object, last: object) -> str:
    return f"{first}" if first == last else f"{first} to {last}"


def _when(first: datetime, last: datetime, records: int) -> str:
    if records == 1:
        return f"{first:%Y-%m-%d %H:%M} UTC"
    return f"{records} times, {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC"


def _sql(name: str) -> str:
    return (resources.files(__package__) / f"{name}.sql").read_text(encoding="utf-8")
