"""A connection that a capture holds and other sensors saw, too, is one; alone, it is a contact like any other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from tests.analysis.records import (
    Process,
    Record,
    analysed,
    at,
    captured,
    connected,
    eve_flow,
    eve_handshake,
    flow,
    handshake,
    request,
    rows_of,
)

TO = "192.0.2.1"
LATE = timedelta(milliseconds=40)


def rows(records: Sequence[Record], select: str) -> list[dict[str, Any]]:
    engine = analysed(records, "stays")
    found = rows_of(engine, select)
    engine.close()
    return found


ZEEK = flow("C1", at(), TO, service=None, sent=71, fetched=72, duration=3.0)
EVE = [
    eve_flow(1, at() + LATE, TO, app_proto="failed"),
    eve_handshake(1, at() + LATE, TO, "a.example", tls_ja3_hash="j3"),
]
CAPTURED = captured(
    at() + 2 * LATE, TO, sent=81, fetched=82, requested_server_name="a.example", client_fingerprint="t13d"
)
WHAT = "SELECT time, app_name, bytes_out, bytes_in, sni, fingerprint FROM flow"


def test_three_sensors_of_one_connection_give_one_flow_with_what_each_knows() -> None:
    assert rows([CAPTURED, *EVE, ZEEK], WHAT) == [
        {
            "time": at(),
            "app_name": "ssl",
            "bytes_out": 71,
            "bytes_in": 72,
            "sni": "a.example",
            "fingerprint": "t13d",
        }
    ]


def test_a_capture_fills_what_zeek_does_not_know() -> None:
    bare = flow("C1", at(), TO, service=None, orig_bytes=None, resp_bytes=None, duration=None)
    assert rows([CAPTURED, bare], WHAT) == [
        {"time": at(), "app_name": "ssl", "bytes_out": 81, "bytes_in": 82, "sni": "a.example", "fingerprint": "t13d"}
    ]


def test_a_capture_alone_gives_a_contact_for_each_flow() -> None:
    web = captured(
        at(minutes=1), TO, 80, application_name="HTTP", requested_server_name="b.example", user_agent="Agent/1.0"
    )
    asked = captured(at(minutes=2), "10.0.0.53", 53, protocol=17, application_name="DNS")
    select = "SELECT destination, client, bytes_out, bytes_in, is_http FROM contact_event ORDER BY time"
    assert rows([CAPTURED, web, asked], select) == [
        {"destination": "a.example", "client": "tls t13d", "bytes_out": 81, "bytes_in": 82, "is_http": False},
        {"destination": "b.example", "client": "agent Agent/1.0", "bytes_out": 500, "bytes_in": 5000, "is_http": True},
    ]


def test_requests_are_those_of_the_sensor_that_tells_each() -> None:
    web: dict[str, Any] = {"source_port": 2000}
    records = [
        flow("H1", at(), TO, 80, service="http", duration=60.0, **web),
        request("H1", at(), TO, "b.example", "/1", **web),
        request("H1", at(minutes=1), TO, "b.example", "/2", **web),
        captured(at() + LATE, TO, 80, application_name="HTTP", requested_server_name="b.example", seconds=60, **web),
    ]
    select = "SELECT url_path FROM contact_event ORDER BY time"
    assert rows(records, select) == [{"url_path": "/1"}, {"url_path": "/2"}]


@pytest.mark.parametrize("ahead", [timedelta(hours=7), timedelta(hours=-19, seconds=30)])
def test_a_capture_with_another_clock_is_aligned_first(ahead: timedelta) -> None:
    zeek = [flow(f"S{n}", at(hours=n), TO, source_port=1000 + n) for n in range(5)]
    known = [handshake(f"S{n}", at(hours=n), TO, "a.example", source_port=1000 + n) for n in range(5)]
    moved = [captured(at(hours=n) + ahead, TO, source_port=1000 + n) for n in range(5)]
    assert rows([*zeek, *known, *moved], "SELECT * FROM sensor_clock") == [
        {"sensor": "nfstream", "pairs": 5, "ahead_seconds": ahead.total_seconds()}
    ]
    assert len(rows([*zeek, *known, *moved], "SELECT * FROM flow")) == 5


def test_a_program_that_a_host_saw_connect_owns_the_flow_of_a_capture() -> None:
    program = Process("WS1", r"C:\\p.exe")
    records = [
        connected(program, at(), TO, source_port=50000),
        captured(at() + LATE, TO, requested_server_name="a.example", sent=81),
    ]
    found = rows(records, "SELECT path, destination, bytes_out FROM contact_event")
    assert found == [{"path": program.image, "destination": "a.example", "bytes_out": 81}]
