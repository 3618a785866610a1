"""Who was called by whom: the program that listens has the call in its stay, a caller of ours in its own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from tests.analysis.records import (
    Process,
    Record,
    analysed,
    at,
    audited_connection,
    connected,
    eve_flow,
    flow,
    launched,
    request,
    rows_of,
)

from lodger.engine.duckdb import DuckDB

PATH = r"C:\ProgramData\Helper\helper.exe"
KEY = r"\programdata\helper\helper.exe"
OUTSIDE = "203.0.113.5"


def stay_id(host: str, program: str) -> str:
    return hashlib.sha256(f"{host}|{program}".encode()).hexdigest()[:12]


def _known(host: str, ip: str) -> list[Record]:
    """The host's address is known by a connection of its own."""
    helper = Process(host, PATH)
    return [launched(helper, at(hours=1)), connected(helper, at(hours=1), "198.51.100.1", source=ip, source_port=1)]


def _seen_by_host_and_wire() -> list[Record]:
    ends: dict[str, Any] = {"source": OUTSIDE, "source_port": 7001}
    return [
        *_known("both", "192.0.2.10"),
        connected(Process("both", PATH), at(hours=2), "192.0.2.10", 4444, Initiated="false", **ends),
        flow(
            "B1", at(hours=2, seconds=1), "192.0.2.10", 4444, service=None, sent=70, fetched=900, duration=5.0, **ends
        ),
    ]


def _seen_by_the_host_alone() -> list[Record]:
    helper = Process("alone", PATH)
    return [
        *_known("alone", "192.0.2.20"),
        connected(helper, at(hours=2), "192.0.2.20", 4444, source=OUTSIDE, Initiated="false"),
        audited_connection(helper, at(hours=2, seconds=3), "192.0.2.20", 4444, source=OUTSIDE, Direction="%%14592"),
    ]


def _seen_by_the_wire_alone() -> list[Record]:
    """By Zeek and Suricata; by name of the host that had the address; unanswered calls, and a request."""
    ends: dict[str, Any] = {"source": OUTSIDE}
    return [
        *_known("named", "192.0.2.30"),
        flow("W1", at(hours=2), "192.0.2.30", 4444, service=None, sent=70, fetched=900, source_port=1, **ends),
        flow("W2", at(hours=3), "192.0.2.30", 23, service=None, sent=0, fetched=0, source_port=2, **ends),
        eve_flow(1, at(hours=4), "10.0.7.7", 4444, app_proto=None, sent=70, fetched=900, source_port=3, **ends),
        eve_flow(
            2,
            at(hours=4, minutes=1),
            "10.0.7.7",
            23,
            app_proto=None,
            fetched=120,
            tcp_tcp_flags_tc="14",
            source_port=5,
            **ends,
        ),
        flow("W3", at(hours=5), "10.0.7.7", 80, service="http", source_port=4, **ends),
        request("W3", at(hours=5), "10.0.7.7", "us.example", sent=5, fetched=50, source_port=4, **ends),
    ]


def _between_two_of_ours() -> list[Record]:
    caller = Process("caller", r"C:\Program Files\Tool\tool.exe")
    ends: dict[str, Any] = {"source": "192.0.2.41", "source_port": 7002}
    return [
        *_known("callee", "192.0.2.40"),
        launched(caller, at(hours=1)),
        connected(caller, at(hours=2), "192.0.2.40", 445, **ends),
        connected(Process("callee", PATH), at(hours=2, seconds=1), "192.0.2.40", 445, Initiated="false", **ends),
        flow("I1", at(hours=2, seconds=1), "192.0.2.40", 445, service="smb", sent=11, fetched=22, **ends),
        # where no sensor of the called host names the program, the caller's side alone tells it
        flow(
            "I2", at(hours=3), "192.0.2.99", 445, service="smb", sent=1, fetched=2, source="192.0.2.41", source_port=8
        ),
    ]


def _on_public_addresses_by_the_sensors_word() -> list[Record]:
    """No host tells its address; Zeek was told what is local."""
    ours: dict[str, Any] = {"local_orig": False, "local_resp": True}
    return [
        flow("P1", at(hours=2), "198.18.0.9", 4444, service=None, source=OUTSIDE, source_port=1, **ours),
        flow("P2", at(hours=3), "198.18.0.9", 4444, service=None, source="198.19.0.1", source_port=2),
        # nothing is known of either end: who began it is told of
        flow("P3", at(hours=4), "198.19.0.2", 4444, service=None, source="198.19.0.1", source_port=3),
    ]


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDB]:
    engine = analysed(
        [
            *_seen_by_host_and_wire(),
            *_seen_by_the_host_alone(),
            *_seen_by_the_wire_alone(),
            *_between_two_of_ours(),
            *_on_public_addresses_by_the_sensors_word(),
        ],
        "stays",
    )
    yield engine
    engine.close()


def calls(engine: DuckDB, host: str) -> list[dict[str, Any]]:
    return rows_of(
        engine,
        "SELECT stay_id, program, caller, time, src_ip, dst_ip, dst_port, bytes_out, bytes_in, outside FROM stay_call "  # noqa: S608
        f"WHERE host = '{host}' ORDER BY time",
    )


def call(host: str, program: str, hours: float, to: str, **fields: Any) -> dict[str, Any]:
    told = {"caller": f"from {OUTSIDE}", "src_ip": OUTSIDE, "dst_port": 4444, "bytes_out": 900, "bytes_in": 70}
    lead = {"stay_id": stay_id(host, program), "program": program, "time": at(hours=hours), "dst_ip": to}
    return {**lead, **told, "outside": True, **fields}


def test_a_call_that_host_and_wire_saw_is_one_of_the_program_that_listens_with_the_bytes_as_it_sees_them(
    engine: DuckDB,
) -> None:
    assert calls(engine, "both") == [call("both", KEY, 2, "192.0.2.10")]


def test_a_call_that_the_host_alone_saw_counts_once(engine: DuckDB) -> None:
    assert calls(engine, "alone") == [call("alone", KEY, 2, "192.0.2.20", bytes_out=None, bytes_in=None)]


def test_a_call_from_outside_that_only_the_wire_saw_is_the_called_ports_if_something_came_back(engine: DuckDB) -> None:
    assert calls(engine, "named") == [call("named", "network: called on tcp/4444", 2, "192.0.2.30")]
    assert calls(engine, "10.0.7.7") == [
        call("10.0.7.7", "network: called on tcp/4444", 4, "10.0.7.7"),
        call("10.0.7.7", "network: called on tcp/80", 5, "10.0.7.7", dst_port=80, bytes_out=50, bytes_in=5),
    ]


def test_between_two_hosts_of_ours_each_side_has_its_own(engine: DuckDB) -> None:
    inside = {"caller": "from caller", "src_ip": "192.0.2.41", "dst_port": 445, "bytes_out": 22, "bytes_in": 11}
    assert calls(engine, "callee") == [
        {**call("callee", KEY, 2, "192.0.2.40"), **inside, "time": at(hours=2, seconds=1), "outside": False}
    ]
    outwards = "SELECT destination, time, bytes_out, bytes_in FROM stay_contact WHERE host = 'caller' ORDER BY time"
    assert [tuple(row.values()) for row in rows_of(engine, outwards)] == [
        ("192.0.2.40:445", at(hours=2), 11, 22),
        ("192.0.2.99:445", at(hours=3), 1, 2),
    ]
    assert calls(engine, "192.0.2.99") == []


def test_networks_on_public_addresses_are_ours_where_the_sensor_says_so(engine: DuckDB) -> None:
    called = "network: called on tcp/4444"
    assert calls(engine, "198.18.0.9") == [
        call("198.18.0.9", called, 2, "198.18.0.9", bytes_out=5000, bytes_in=500),
        call(
            "198.18.0.9",
            called,
            3,
            "198.18.0.9",
            bytes_out=5000,
            bytes_in=500,
            caller="from 198.19.0.1",
            src_ip="198.19.0.1",
        ),
    ]


def test_who_calls_from_outside_is_no_host_of_the_fleet(engine: DuckDB) -> None:
    hosts = [row["host"] for row in rows_of(engine, "SELECT DISTINCT host FROM stay ORDER BY host")]
    assert hosts == ["10.0.7.7", "198.18.0.9", "198.19.0.1", "alone", "both", "callee", "caller", "named"]
    assert rows_of(engine, "SELECT destination FROM stay_contact WHERE host = '198.19.0.1'") == [
        {"destination": "198.19.0.2:4444"}
    ]


def test_a_day_of_calls_is_whole(engine: DuckDB) -> None:
    assert rows_of(engine, "SELECT * EXCLUDE (ref) FROM call_day WHERE host = 'both'") == [
        {
            "host": "both",
            "stay_id": stay_id("both", KEY),
            "program": KEY,
            "destination": f"from {OUTSIDE}",
            "day": at().date(),
            "times": [at(hours=2)],
            "contacts": 1,
            "bytes_out": 900,
            "bytes_in": 70,
            "addresses": [OUTSIDE],
            "ports": [4444],
            "user_agents": None,
            "tls_fingerprints": None,
            "named": False,
            "own": True,
        }
    ]
