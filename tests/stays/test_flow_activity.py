"""Connections that last: once for what they carry, at each time at which they stirred for their rhythm."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.analysis.records import Record, analysed, at, flow, record, request, rows_of

TO = "192.0.2.1"


def still_open(uid: str, begun: datetime, seconds: float, sent: int, path: str = "open_conn", **fields: str) -> Record:
    """A line of a log of connections that are still open; its last packet came so many seconds after the first."""
    told = {
        "uid": uid, "id.orig_h": "10.0.0.1", "id.orig_p": "50000", "id.resp_h": TO, "id.resp_p": "443", "proto": "tcp",
        "service": "ssl", "duration": f"{seconds:.6f}", "orig_bytes": str(sent), "resp_bytes": "9", "conn_state": "S1",
    }  # fmt: skip
    return record("zeek_other", begun, {"path": path, "other": list({**told, **fields}.items())})


def _contacts(*rows: Record) -> list[dict[str, Any]]:
    engine = analysed(rows, "stays")
    found = rows_of(
        engine,
        "SELECT host, destination, time, bytes_out, bytes_in, duration, ref FROM contact_event ORDER BY time, ref",
    )
    engine.close()
    return found


def _row(when: datetime, ref: Record, **fields: Any) -> dict[str, Any]:
    lead = {"host": "10.0.0.1", "destination": f"{TO}:443", "time": when}
    return {**lead, "bytes_out": None, "bytes_in": None, "duration": None, "ref": ref.ref, **fields}


def test_a_connection_that_is_still_open_is_a_contact_with_what_was_counted_last() -> None:
    logs = [still_open("C1", at(), 3600.0 * hour - 1, 100 * hour, "conn_long") for hour in (1, 2, 3)]
    assert _contacts(*logs) == [_row(at(), logs[0], bytes_out=300, bytes_in=9, duration=10799.0)]


def test_the_same_connection_in_the_log_of_closed_ones_counts_once() -> None:
    logs = [still_open("C1", at(), 3600, 100), flow("C1", at(), TO, sent=700, fetched=90, duration=5000.0)]
    assert _contacts(*logs) == [_row(at(), logs[0], bytes_out=700, bytes_in=90, duration=5000.0)]


def test_the_last_packet_that_two_logs_in_a_row_tell_is_a_time_of_contact() -> None:
    """Stirs every four hours; logged every hour."""
    seconds = [14400.25 * (hour // 4) + 0.5 for hour in range(1, 13)]
    logs = [still_open("C1", at(), last, 10 + number) for number, last in enumerate(seconds)]
    found = _contacts(*logs)
    assert found == [
        _row(at(), logs[0], bytes_out=21, bytes_in=9, duration=43201.25),
        _row(at(seconds=0.5), logs[0]),
        _row(at(seconds=14400.75), logs[3]),
        _row(at(seconds=28801), logs[7]),
    ]


def test_a_connection_that_never_rests_tells_nothing_of_the_sensors_clock() -> None:
    logs = [still_open("C1", at(), 3600.0 * hour + 0.1 * (hour % 7), hour) for hour in range(1, 30)]
    assert [row["time"] for row in _contacts(*logs)] == [at()]


def test_where_requests_are_seen_they_are_the_rhythm() -> None:
    logs = [
        *(still_open("C1", at(), 100.0, 5, service="http") for _ in range(3)),
        *(request("C1", at(hours=hour), TO, "a.example", sent=hour) for hour in range(3)),
    ]
    assert [(row["destination"], row["time"], row["bytes_out"]) for row in _contacts(*logs)] == [
        ("a.example", at(hours=hour), hour) for hour in range(3)
    ]


def test_a_damaged_line_is_no_connection_and_loses_no_other() -> None:
    logs = [
        still_open("C1", at(), 3600, 100),
        record("zeek_other", at(), {"path": "open_conn", "other": [("uid", "C2"), ("id.orig_h", "10.0.0.1")]}),
        record("zeek_other", at(), {"path": "open_conn", "other": []}),
        still_open("C3", at(hours=1), 1, 1, **{"duration": "x", "orig_bytes": "-", "id.orig_p": ""}),
    ]
    assert [(row["time"], row["bytes_out"]) for row in _contacts(*logs)] == [(at(), 100), (at(hours=1), None)]
