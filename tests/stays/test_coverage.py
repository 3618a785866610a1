"""What could not be seen is a table: day by day what came from which sensor, and what never came from a host."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.analysis.records import (
    START,
    Process,
    analysed,
    at,
    audited_launch,
    launched,
    record,
    rows_of,
    security,
    wrote,
)

from lodger.engine.duckdb import DuckDB

A = r"C:\a.exe"


@pytest.fixture(scope="module")
def coverage() -> Iterator[DuckDB]:
    """A host with Sysmon on two days in three, one whose audit log keeps no command lines, and one DNS log."""
    engine = analysed(
        [
            launched(Process("full", A), at(hours=1), line="a.exe -x"),
            launched(Process("full", A), at(hours=5), line="a.exe -y"),
            wrote(Process("full", A), at(days=2, hours=3), r"C:\x"),
            audited_launch(Process("audit", A), at(hours=1), line=""),
            security("audit", at(hours=2), 4624),
            record("zeek_dns", at(days=1), {"query": "a.example"}),
        ],
        "stays",
    )
    yield engine
    engine.close()


def unseen(engine: DuckDB, host: str) -> set[str]:
    return {row["need"] for row in rows_of(engine, f"SELECT need FROM unseen WHERE host = '{host}'")}  # noqa: S608


def test_records_are_counted_by_host_day_sensor_and_event(coverage: DuckDB) -> None:
    columns = "host, sensor, event_id, records, command_lines, first_time, last_time"
    told = rows_of(coverage, f"SELECT {columns} FROM coverage_day ORDER BY host, day, event_id")  # noqa: S608
    assert [tuple(row.values()) for row in told] == [
        ("audit", "Security", 4624, 1, 0, at(hours=2), at(hours=2)),
        ("audit", "Security", 4688, 1, 0, at(hours=1), at(hours=1)),
        ("full", "Sysmon", 1, 2, 2, at(hours=1), at(hours=5)),
        ("full", "Sysmon", 11, 1, 0, at(days=2, hours=3), at(days=2, hours=3)),
        (None, "zeek_dns", None, 1, 0, at(days=1), at(days=1)),
    ]


def test_a_day_without_records_has_no_row(coverage: DuckDB) -> None:
    days = rows_of(coverage, "SELECT DISTINCT day FROM coverage_day WHERE host = 'full' ORDER BY day")
    assert [(row["day"] - START.date()).days for row in days] == [0, 2]


def test_either_sensor_meets_a_need(coverage: DuckDB) -> None:
    assert unseen(coverage, "full").isdisjoint({"launches", "command lines", "files"})
    assert unseen(coverage, "audit").isdisjoint({"launches", "logons"})


def test_what_never_came_from_a_host_is_unseen_there(coverage: DuckDB) -> None:
    assert {"drivers", "modules", "code integrity", "logons"} <= unseen(coverage, "full")
    assert {"command lines", "drivers", "files", "code integrity"} <= unseen(coverage, "audit")


def test_a_network_sensor_is_no_host_that_is_blind(coverage: DuckDB) -> None:
    assert {row["host"] for row in rows_of(coverage, "SELECT host FROM unseen")} == {"audit", "full"}
