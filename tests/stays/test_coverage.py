"""What could not be seen is a table: day by day what came from which sensor, and what never came from a host."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta

import pytest
from tests.analysis.records import (
    START,
    Process,
    Record,
    analysed,
    at,
    audited_launch,
    connected,
    launched,
    record,
    rows_of,
    security,
    wrote,
)

from lodger.engine.duckdb import DuckDB


def audited(node: str, when: datetime, **fields: object) -> Record:
    return record("auditd", when, {"node": node, **fields})


A = r"C:\a.exe"


@pytest.fixture(scope="module")
def coverage() -> Iterator[DuckDB]:
    """A host with Sysmon on two days in three, one whose audit log keeps no command lines, a Linux one; a DNS log."""
    engine = analysed(
        [
            launched(Process("full", A), at(hours=1), line="a.exe -x"),
            launched(Process("full", A), at(hours=5), line="a.exe -y"),
            wrote(Process("full", A), at(days=2, hours=3), r"C:\x"),
            audited_launch(Process("audit", A), at(hours=1), line=""),
            security("audit", at(hours=2), 4624),
            record("zeek_dns", at(days=1), {"query": "a.example"}),
            security("audit", at(days=1), 1102),
            security("audit", at(days=3), 1102),
            audited("pine", at(days=1), type="EXECVE", cmd_line="id"),
            audited("pine", at(days=4), type="CONFIG_CHANGE"),
        ],
        "stays",
    )
    yield engine
    engine.close()


def unseen(engine: DuckDB, host: str) -> set[str]:
    return {row["need"] for row in rows_of(engine, f"SELECT need FROM unseen WHERE host = '{host}'")}  # noqa: S608


def test_records_are_counted_by_host_day_sensor_and_event(coverage: DuckDB) -> None:
    columns = "host, sensor, event_id, records, command_lines, first_time, last_time"
    windows = f"SELECT {columns} FROM coverage_day WHERE sensor <> 'auditd'"  # noqa: S608
    told = rows_of(coverage, f"{windows} ORDER BY host, day, event_id")
    assert [tuple(row.values()) for row in told] == [
        ("audit", "Security", 4624, 1, 0, at(hours=2), at(hours=2)),
        ("audit", "Security", 4688, 1, 0, at(hours=1), at(hours=1)),
        ("audit", "Security", 1102, 1, 0, at(days=1), at(days=1)),
        ("audit", "Security", 1102, 1, 0, at(days=3), at(days=3)),
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
    assert {row["host"] for row in rows_of(coverage, "SELECT host FROM unseen")} == {"audit", "full", "pine"}


def test_the_linux_audit_log_is_a_sensor_whose_events_have_types(coverage: DuckDB) -> None:
    told = rows_of(
        coverage,
        "SELECT host, event_id, event_type, records, command_lines FROM coverage_day WHERE host = 'pine' ORDER BY day",
    )
    assert [tuple(row.values()) for row in told] == [
        ("pine", None, "EXECVE", 1, 1),
        ("pine", None, "CONFIG_CHANGE", 1, 0),
    ]


def test_of_a_linux_host_nothing_is_asked_that_only_windows_has(coverage: DuckDB) -> None:
    assert unseen(coverage, "pine") == {"exits", "connections", "accesses", "files", "deletions", "logons"}


def test_days_between_and_around_those_with_records_are_silence_of_a_sensor() -> None:
    rows = [launched(Process("a", A), at(days=day)) for day in (2, 3, 6)] + [
        security("a", at(days=day), 4624) for day in (0, 1, 2, 3, 4, 5, 6, 7, 9)
    ]
    with closing(analysed(rows, "stays")) as engine:
        told = rows_of(engine, "SELECT * FROM silence ORDER BY sensor, first_day")
    start = START.date()
    assert [tuple(row.values()) for row in told] == [
        ("a", "Security", day_of(start, 8), day_of(start, 8), 1, True, True),
        ("a", "Sysmon", day_of(start, 0), day_of(start, 1), 2, False, True),
        ("a", "Sysmon", day_of(start, 4), day_of(start, 5), 2, True, True),
        ("a", "Sysmon", day_of(start, 7), day_of(start, 9), 3, True, False),
    ]


def day_of(start: date, number: int) -> date:
    return start + timedelta(days=number)


def test_what_changes_what_can_be_seen_is_told_with_its_records(coverage: DuckDB) -> None:
    told = rows_of(coverage, "SELECT host, time, sensor, event, means FROM sensing_change ORDER BY host, time")
    cleared = "the Security log was cleared: what it held before could not be read"
    ruled = "the audit rules were changed: what is recorded may differ before and after"
    assert [tuple(row.values()) for row in told] == [
        ("audit", at(days=1), "security", "1102", cleared),
        ("audit", at(days=3), "security", "1102", cleared),
        ("pine", at(days=4), "auditd", "CONFIG_CHANGE", ruled),
    ]


def test_a_connection_is_missed_only_on_days_on_which_its_sensor_spoke() -> None:
    rows = [connected(Process("a", A), at(hours=1), "192.0.2.1"), wrote(Process("a", A), at(days=2), r"C:\x")]
    rows += [security("a", at(days=day), 4624) for day in range(6)]
    rows += [security("b", at(days=day), 4624) for day in (0, 3)]
    rows += [record("zeek_conn", at(days=day), {"uid": "C1"}) for day in (0, 1, 5)]
    with closing(analysed(rows, "stays")) as engine:
        told = rows_of(engine, "SELECT host, day FROM connection_day WHERE host IN ('a', 'b') ORDER BY host, day")
    days = [(row["host"], (row["day"] - START.date()).days) for row in told]
    assert days == [("a", 0), ("a", 2), ("b", 0), ("b", 1)]
