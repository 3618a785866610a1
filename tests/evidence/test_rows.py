"""What detectors gather period by period gives the findings of all events at once."""

from __future__ import annotations

import importlib
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
from tests.analysis.records import Record, analysed, at, rows_of
from tests.evidence.stories import Story

from lodger import evidence, ledger, ocsf, stays
from lodger.engine.duckdb import DuckDB
from lodger.evidence import all_detectors
from lodger.model.ingest import Silent
from lodger.model.tables import TELEMETRY

#: The days at which the records are cut, within what the stories tell.
CUTS: Final = (1, 5)
_CLOCKS: Final = ("network_clock", "sensor_clock")
_KEPT: Final = (*stays.KEPT, *evidence.row_tables(), "_windows_clock", *_CLOCKS)
_NETWORK: Final = frozenset({"connections", "traffic", "lookups"})

_Tables = Mapping[str, pa.Table]


def _stories() -> Iterator[Story]:
    """The stories of all detectors that ask hosts' own sensors alone."""
    for each in all_detectors():
        if not each.detector.needs & _NETWORK:
            yield from getattr(importlib.import_module(f"tests.evidence.detectors.test_{each.id}"), "STORIES", ())


def _period(rows: Sequence[Record], names: pa.Table, earlier: _Tables) -> tuple[_Tables, _Tables]:
    """What is kept of the events of one period, and what it hands on."""
    with closing(DuckDB(Path(tempfile.gettempdir()))) as engine:
        for name, schema in TELEMETRY.items():
            engine.load(name, pa.Table.from_pylist([row.fields for row in rows if row.table == name], schema=schema))
        ocsf.define(engine, keep=True, names=names)
        for name, schema in stays.CARRIED.items():
            engine.load(f"earlier_{name}", earlier.get(name, schema.empty_table()))
        engine.load("these_days", pa.table({"last_day": [max(row.fields["day"] for row in rows)]}))
        stays.gather(engine, Silent())
        evidence.gather(engine)
        stays.carry(engine)
        handed = {name: engine.read(f"next_{name}").cast(schema) for name, schema in stays.CARRIED.items()}
        return {name: engine.read(name) for name in _KEPT}, handed


def _found(engine: DuckDB) -> list[dict[str, Any]]:
    return rows_of(engine, "SELECT * FROM finding ORDER BY stay_id, detector")


def test_periods_put_together_give_the_findings_of_all_events_at_once() -> None:
    rows = [row for story in _stories() for row in story(story.__name__)[0]]
    with closing(analysed(rows)) as engine:
        wanted, names = _found(engine), ocsf.said_names(engine)
    handed: _Tables = {}
    kept: list[_Tables] = []
    for since, until in zip((-99, *CUTS), (*CUTS, 999), strict=True):
        part = [row for row in rows if at(days=since) <= row.fields["time"] < at(days=until)]
        tables, handed = _period(part, names, handed)
        kept.append(tables)
    with closing(DuckDB(Path(tempfile.gettempdir()))) as engine:
        for name in _KEPT:
            engine.load(name, kept[-1][name] if name in _CLOCKS else pa.concat_tables(each[name] for each in kept))
        engine.load("statement", ledger.rows([]))
        stays.fold(engine, Silent())
        evidence.find(engine, Silent())
        assert _found(engine) == wanted
    assert len({each["detector"] for each in wanted}) >= 15
