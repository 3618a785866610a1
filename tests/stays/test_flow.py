"""The same connection seen by several network sensors is one, and two connections stay two."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.analysis.records import (
    Process,
    Record,
    analysed,
    at,
    connected,
    eve_flow,
    eve_handshake,
    eve_request,
    flow,
    handshake,
    request,
    rows_of,
)

TO = "192.0.2.1"
#: Suricata sees packets a little later than Zeek.
LATE = timedelta(milliseconds=40)


def rows(records: Sequence[Record], select: str) -> list[dict[str, Any]]:
    engine = analysed(records, "stays")
    found = rows_of(engine, select)
    engine.close()
    return found


def contacts(*records: Record) -> list[dict[str, Any]]:
    """All contacts, whole but for the records that they came from."""
    found = rows(records, "SELECT * FROM contact_event ORDER BY time, dst_port, destination")
    return [{name: value for name, value in row.items() if name not in {"ref", "host_ref"}} for row in found]


def _zeek(when: datetime, number: int) -> list[Record]:
    """A TLS connection, one of plain HTTP with two requests, and one of neither, an hour apart from the next three."""
    web: dict[str, Any] = {"source_port": 2000 + number}
    return [
        flow(f"S{number}", when, TO, source_port=1000 + number),
        handshake(f"S{number}", when, TO, "a.example", source_port=1000 + number, ja3="j3", ja4="j4"),
        flow(f"H{number}", when + timedelta(minutes=1), TO, 80, service="http", duration=60.0, **web),
        request(f"H{number}", when + timedelta(minutes=1), TO, "b.example", "/1", request_body_len=None, **web),
        request(f"H{number}", when + timedelta(minutes=2), TO, "b.example", "/2", request_body_len=None, **web),
        flow(f"X{number}", when + timedelta(minutes=3), TO, 9999, service=None, source_port=3000 + number),
    ]


def _suricata(when: datetime, number: int, late: timedelta = LATE) -> list[Record]:
    """The same."""
    when += late
    web: dict[str, Any] = {"source_port": 2000 + number}
    minute = timedelta(minutes=1)
    end = when + 2 * minute
    return [
        eve_flow(number, when, TO, source_port=1000 + number),
        eve_handshake(number, when, TO, "A.example", source_port=1000 + number, tls_ja3_hash="j3", tls_ja4="j4"),
        eve_flow(100 + number, when + minute, TO, 80, app_proto="http", flow_end=end, **web),
        eve_request(100 + number, when + minute, TO, "b.example", "/1", **web),
        eve_request(100 + number, when + 2 * minute, TO, "b.example", "/2", **web),
        eve_flow(200 + number, when + 3 * minute, TO, 9999, app_proto="failed", source_port=3000 + number),
    ]


DAY = [at(hours=hour) for hour in range(5)]
ZEEK = [record for number, when in enumerate(DAY) for record in _zeek(when, number)]
SURICATA = [record for number, when in enumerate(DAY) for record in _suricata(when, number)]


def test_two_sensors_of_one_link_give_the_contacts_of_either_alone() -> None:
    both, zeek, suricata = contacts(*ZEEK, *SURICATA), contacts(*ZEEK), contacts(*SURICATA)
    assert len(zeek) == 20
    assert both == zeek
    assert [{**row, "time": row["time"] - LATE} for row in suricata] == zeek


def test_the_order_of_the_records_does_not_matter() -> None:
    assert contacts(*reversed(ZEEK), *SURICATA) == contacts(*SURICATA, *ZEEK)


@pytest.mark.parametrize("ahead", [timedelta(hours=7), timedelta(hours=-19, seconds=30)])
def test_sensors_whose_clocks_differ_by_hours_are_aligned_first(ahead: timedelta) -> None:
    moved = [record for number, when in enumerate(DAY) for record in _suricata(when, number, ahead)]
    assert rows([*ZEEK, *moved], "SELECT * FROM sensor_clock") == [
        {"sensor": "suricata", "pairs": 15, "ahead_seconds": ahead.total_seconds()}
    ]
    assert contacts(*ZEEK, *moved) == contacts(*ZEEK)


def test_captures_of_different_days_are_not_taken_for_clocks_apart() -> None:
    """The same ports by chance, each at another distance."""
    other = [eve_flow(n, at(days=30, hours=7 * n), TO, source_port=1000 + n) for n in range(5)]
    assert rows([*ZEEK, *other], "SELECT * FROM sensor_clock") == []
    assert len(contacts(*ZEEK, *other)) == 25


def test_two_connections_of_equal_ends_an_hour_apart_stay_two() -> None:
    first, second = at(hours=1), at(hours=2)
    records = [
        flow("C1", first, TO, sent=1),
        eve_flow(1, first + LATE, TO, sent=71),
        flow("C2", second, TO, sent=2),
        eve_flow(2, second + LATE, TO, sent=72),
    ]
    assert [(row["time"], row["bytes_out"]) for row in contacts(*records)] == [(first, 1), (second, 2)]
    assert len(contacts(records[0], records[3])) == 2


def test_quick_repetitions_pair_one_to_one() -> None:
    times = [at(seconds=3 * n) for n in range(4)]
    zeek = [flow(f"C{n}", when, TO, sent=n) for n, when in enumerate(times)]
    suricata = [eve_flow(n, when + LATE, TO, sent=70 + n) for n, when in enumerate(times)]
    assert [(row["time"], row["bytes_out"]) for row in contacts(*zeek, *suricata)] == [
        (when, n) for n, when in enumerate(times)
    ]


def test_a_long_connection_that_a_sensor_joins_late_is_the_same() -> None:
    records = [
        flow("C1", at(hours=1), TO, duration=7200.0),
        eve_flow(1, at(hours=2), TO, flow_end=at(hours=3)),
        eve_flow(2, at(hours=4), TO),
    ]
    assert [row["time"] for row in contacts(*records)] == [at(hours=1), at(hours=4)]


def test_each_sensor_adds_what_the_other_does_not_know() -> None:
    records = [
        flow("C1", at(), TO, service=None, orig_bytes=None, resp_bytes=None, duration=None),
        eve_flow(1, at() + LATE, TO, app_proto="tls", sent=71, fetched=72),
        eve_handshake(1, at() + LATE, TO, "a.example", tls_ja4="j4"),
    ]
    (row,) = contacts(*records)
    assert {name: row[name] for name in ("time", "app_name", "bytes_out", "bytes_in", "sni", "fingerprint")} == {
        "time": at(),
        "app_name": "ssl",
        "bytes_out": 71,
        "bytes_in": 72,
        "sni": "a.example",
        "fingerprint": "j4",
    }


def test_requests_are_told_by_the_sensor_that_saw_most_of_them() -> None:
    records = [
        flow("C1", at(), TO, 80, service="http"),
        request("C1", at(), TO, "a.example", "/1"),
        eve_flow(1, at(), TO, 80, app_proto="http"),
        *(eve_request(1, at(seconds=n), TO, "a.example", f"/{n}") for n in (1, 2, 3)),
    ]
    assert [row["url_path"] for row in contacts(*records)] == ["/1", "/2", "/3"]
    assert [row["url_path"] for row in contacts(*records[:-2])] == ["/1"]


def test_the_two_directions_of_one_connection_are_the_same() -> None:
    """A sensor that came late may take the answer for the call."""
    records = [
        flow("C1", at(), TO, 443),
        eve_flow(1, at(seconds=1), "10.0.0.1", 50000, source=TO, source_port=443),
    ]
    assert [row["dst_ip"] for row in contacts(*records)] == [TO]


def test_suricata_alone_tells_of_requests_and_never_before_their_connection() -> None:
    records = [
        eve_flow(1, at(hours=3), TO, 80, app_proto="http"),
        eve_request(
            1, at(hours=1), TO, "a.example", "/late"
        ),  # logged at a time-out, stamped with another packet's time
        eve_request(2, at(hours=5), TO, "b.example", "/x", source_port=50001),
    ]
    found = contacts(*records)
    assert [(row["time"], row["destination"], row["url_path"], row["client"]) for row in found] == [
        (at(hours=3), "a.example", "/late", "agent Agent/1.0"),
        (at(hours=5), "b.example", "/x", "agent Agent/1.0"),
    ]


def test_a_host_and_both_sensors_see_one_contact_of_its_process() -> None:
    a = Process("ws", r"C:\Users\ann\a.exe")
    records = [
        *(connected(a, at(hours=n), TO, source_port=1000 + n) for n in range(5)),
        *(record for record in (*ZEEK, *SURICATA) if record.table in {"zeek_conn", "suricata_flow"}),
    ]
    found = [row for row in contacts(*records) if row["dst_port"] == 443]
    assert [(row["time"], row["uid"], row["bytes_out"]) for row in found] == [
        (when, a.guid.strip("{}"), 500) for when in DAY
    ]


def test_ports_that_come_again_and_again_pair_one_to_one() -> None:
    """A clock that is asked each second from one port: each record has its own partner, out of 900 with equal ends."""
    count = 900
    zeek = [flow(f"N{n}", at(seconds=n), TO, 123, source_port=123, service=None, duration=0.1) for n in range(count)]
    suricata = [
        eve_flow(n, at(seconds=n) + LATE, TO, 123, source_port=123, flow_end=at(seconds=n) + LATE) for n in range(count)
    ]
    found = rows([*zeek, *suricata], "SELECT flow_uid, COUNT(*) AS n FROM flow_member GROUP BY flow_uid")
    assert len(found) == count
    assert {row["n"] for row in found} == {2}
