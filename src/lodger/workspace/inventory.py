"""What a case's lake holds, when its sensors spoke, and what they never said."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta
from importlib import resources
from itertools import groupby, pairwise
from typing import Any, Final

from lodger import ocsf, stays
from lodger.engine import Engine
from lodger.lake import statistics
from lodger.lake.tables import Lake
from lodger.model.tables import TELEMETRY
from lodger.model.upkeep import HostInfo, LakeInfo, SensingChange, SensorInfo, Span, TableInfo, Unseen


def inventory(lake: Lake, engine: Engine) -> LakeInfo:
    """Everything that ``lodger lake info`` tells; ``engine`` has the lake's tables scanned.

    Of Windows events a handful of columns is read; all else comes from what Delta's log and Parquet's footers say.
    """
    tables = statistics.tables(lake)
    ocsf.define(engine)
    stays.coverage(engine)
    spoken = engine.query(_sql("speaking")).to_pylist()
    unseen = engine.query("SELECT host, need, sources, means FROM unseen ORDER BY host, means").to_pylist()
    return LakeInfo(
        tables,
        tuple(_hosts(spoken)),
        (*_host_sensors(spoken), *_network_sensors(lake, tables)),
        tuple(Unseen(**row) for row in unseen),
        tuple(SensingChange(**row) for row in engine.query(_sql("changes")).to_pylist()),
    )


def _sql(name: str) -> str:
    return (resources.files(__package__) / f"{name}.sql").read_text(encoding="utf-8")


def _hosts(spoken: list[dict[str, Any]]) -> Iterator[HostInfo]:
    for host, rows in groupby(spoken, key=lambda row: row["host"]):
        yield HostInfo(host, *_when(list(rows)))


def _host_sensors(spoken: list[dict[str, Any]]) -> Iterator[SensorInfo]:
    for host, of_host in groupby(spoken, key=lambda row: row["host"]):
        rows = list(of_host)
        heard = {row["day"] for row in rows}
        for sensor, own in groupby(rows, key=lambda row: row["sensor"]):
            yield SensorInfo(host, sensor, *_when(list(own), heard))


def _when(
    rows: list[dict[str, Any]], heard: Collection[date] = ()
) -> tuple[int, datetime, datetime, int, tuple[Span, ...]]:
    """What is told of a sensor; of the days ``heard`` of its host, those before its first record count as missing too,
    and those after its last.
    """
    spoke = {row["day"] for row in rows}
    return (
        sum(row["records"] for row in rows),
        min(row["first_time"] for row in rows),
        max(row["last_time"] for row in rows),
        len(spoke),
        missing(spoke, heard),
    )


#: Tables that tell of hosts, and of files.
_ELSEWHERE: Final = frozenset({"windows_event", "auditd", "file_inspection"})


def _network_sensors(lake: Lake, tables: Iterable[TableInfo]) -> Iterator[SensorInfo]:
    for table in tables:
        if table.table in TELEMETRY and table.table not in _ELSEWHERE and table.first and table.last:
            spoke = statistics.days(lake, table.table)
            yield SensorInfo(None, table.table, table.rows, table.first, table.last, len(spoke), missing(spoke))


def missing(spoke: Iterable[date], heard: Collection[date] = ()) -> tuple[Span, ...]:
    """The spans of days without a record: between the first and the last with one, and from the first to the last day
    of ``heard``.
    """
    one = timedelta(days=1)
    edges = (min(heard) - one, max(heard) + one) if heard else ()
    return tuple(Span(a + one, b - one) for a, b in pairwise(sorted({*spoke, *edges})) if b - a > one)
