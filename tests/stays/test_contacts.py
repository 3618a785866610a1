"""Who talked with whom: each connection once, on the host's clock, under the name by which it was asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from tests.analysis.records import (
    Process,
    Record,
    analysed,
    asked,
    at,
    audited_connection,
    connected,
    flow,
    handshake,
    launched,
    lookup,
    request,
    rows_of,
)

from lodger.engine.duckdb import DuckDB

A = r"C:\Users\ann\Downloads\a.exe"
TO = "192.0.2.1"
AHEAD = timedelta(hours=7)


def _once(host: str, ip: str) -> list[Record]:
    """Seen by host and wire; by the host alone; by the wire alone; by Sysmon and the audit log."""
    a = Process(host, A)
    return [
        connected(a, at(hours=1), TO, source=ip, source_port=1),
        flow(host + "1", at(hours=1, seconds=1), TO, source=ip, source_port=1),
        connected(a, at(hours=2), TO, source=ip, source_port=2),
        flow(host + "3", at(hours=3), TO, source=ip, source_port=3, service="ssl"),
        connected(a, at(hours=4), TO, source=ip, source_port=4),
        audited_connection(a, at(hours=4, seconds=2), TO, source=ip, source_port=4),
        # an answer to somebody else's call is no contact
        connected(a, at(hours=5), TO, source=ip, source_port=5, Initiated="false"),
    ]


def _clock(host: str, ip: str) -> list[Record]:
    """The wire's clock is seven hours ahead; the last request comes an hour into its connection."""
    rows = []
    for number in range(3):
        ends: dict[str, Any] = {"source": ip, "source_port": number}
        rows.append(connected(Process(host, A), at(hours=20, minutes=number), TO, 80, **ends))
        when = at(hours=20, minutes=number, seconds=1) + AHEAD
        rows.append(flow(f"{host}{number}", when, TO, 80, service="http", **ends))
        rows.append(request(f"{host}{number}", when + timedelta(hours=number / 2), TO, "a.example", **ends))
    return rows


def _again(host: str, ip: str) -> list[Record]:
    """The same four numbers on two days, and twice on the second."""
    rows = []
    for number, when in enumerate([at(hours=1), at(days=1, hours=1), at(days=1, hours=2)]):
        rows.append(connected(Process(host, A, str(number)), when, TO, source=ip, source_port=1))
        rows.append(flow(f"{host}{number}", when, TO, source=ip, source_port=1, sent=number))
    return rows


def _alone(host: str, ip: str) -> list[Record]:
    """Zeek wrote no conn.log: each request is a contact, and a handshake is one."""
    return [
        request(host + "h", at(hours=1), TO, "a.example", "/1", source=ip),
        request(host + "h", at(hours=1, minutes=1), TO, "a.example:80", "/2", source=ip),
        request(host + "i", at(hours=2), TO, TO, "/", source=ip),
        handshake(host + "s", at(hours=3), TO, "B.example", source=ip, ja4="t13d"),
        handshake(host + "t", at(hours=4), TO, None, source=ip),
    ]


def _named(host: str, ip: str) -> list[Record]:
    """Names from the host's lookups, from the wire's, by the last one before; a day later the name means nothing."""
    a = Process(host, A)
    return [
        asked(a, at(hours=1), "old.example", "192.0.2.7"),
        asked(a, at(hours=2), "new.example", "192.0.2.7", "2001:db8::7"),
        connected(a, at(hours=3), "192.0.2.7", source=ip),
        connected(a, at(hours=4), "2001:db8::7", source=ip),
        lookup(at(hours=1), "wire.example", "alias.example", "192.0.2.8", source=ip),
        connected(a, at(hours=5), "192.0.2.8", source=ip),
        connected(a, at(days=1, hours=5), "192.0.2.8", source=ip),
        connected(a, at(hours=6), "192.0.2.9", 8443, source=ip),
        connected(a, at(hours=7), "192.0.2.9", 8080, source=ip),
    ]


def _nothing(host: str, ip: str) -> list[Record]:
    """Lookups, broadcasts, and talk of a machine with itself; and what only looks like them."""
    a = Process(host, A)
    quiet = ["224.0.0.251", "239.255.255.250", "255.255.255.255", "10.0.0.255", "192.168.7.255", "172.20.0.255"]
    quiet += ["ff02::1:3", "127.0.0.1", "::1", "0:0:0:0:0:0:0:1", "169.254.9.255"]
    rows = [connected(a, at(hours=1), to, source=ip, source_port=n) for n, to in enumerate(quiet)]
    rows += [flow(f"{host}q{n}", at(hours=1), to, source=ip, source_port=100 + n) for n, to in enumerate(quiet)]
    ports = (53, 67, 137, 138, 1900, 5353, 5355)
    rows += [connected(a, at(hours=2), TO, port, source=ip, source_port=port) for port in ports]
    rows += [flow(f"{host}p{port}", at(hours=3), TO, port, source=ip, service=None) for port in ports]
    rows += [flow(f"{host}{name}", at(hours=3), TO, 443, source=ip, service=name) for name in ("dns", "dhcp", "ntp")]
    rows += [
        connected(a, at(hours=4), "198.51.100.255", source=ip),
        connected(a, at(hours=5), "172.32.0.255", source=ip),
    ]
    answer: dict[str, Any] = {"proto": "udp", "service": None, "source": ip}
    rows += [
        flow(f"{host}a{port}", at(hours=3), "10.0.0.9", 40000, source_port=port, **answer) for port in (1900, 5353)
    ]
    rows.append(flow(host + "a", at(hours=7), "198.51.100.200", 40000, source_port=1900, **answer))
    return [*rows, flow(host + "c2", at(hours=6), TO, 53, source=ip, service="http")]


CASES = {"once": _once, "clock": _clock, "again": _again, "alone": _alone, "named": _named, "nothing": _nothing}


def _rows() -> list[Record]:
    return [row for number, (host, make) in enumerate(CASES.items()) for row in make(host, f"10.0.0.{number + 1}")]


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDB]:
    engine = analysed(_rows(), "stays")
    yield engine
    engine.close()


def contacts(engine: DuckDB, host: str, *columns: str) -> list[tuple[Any, ...]]:
    where = f"host = '{host}' AND direction = 'Outbound'"
    select = f"SELECT {', '.join(columns)} FROM contact_event WHERE {where} ORDER BY time, {columns[0]}"  # noqa: S608
    return [tuple(row.values()) for row in rows_of(engine, select)]


def test_a_connection_that_both_sides_saw_counts_once_with_the_hosts_process_and_the_wires_bytes(
    engine: DuckDB,
) -> None:
    a = Process("once", A).guid.strip("{}")
    assert contacts(engine, "once", "time", "uid", "bytes_out", "client") == [
        (at(hours=1), a, 500, "tcp/ssl"),
        (at(hours=2), a, None, "tcp/443"),
        (at(hours=3), None, 500, "tcp/ssl"),
        (at(hours=4), a, None, "tcp/443"),
    ]


def test_what_only_the_wire_saw_is_a_stay_of_its_client(engine: DuckDB) -> None:
    assert contacts(engine, "10.0.0.4", "time", "destination", "client", "is_http") == [
        (at(hours=1), "a.example", "agent Agent/1.0", True),
        (at(hours=1, minutes=1), "a.example", "agent Agent/1.0", True),
        (at(hours=2), f"{TO}:80", "agent Agent/1.0", True),
        (at(hours=3), "b.example", "tls t13d", False),
        (at(hours=4), f"{TO}:443", "tcp/ssl", False),
    ]
    stays = rows_of(engine, "SELECT program, kind FROM stay WHERE host = '10.0.0.4' ORDER BY program")
    assert [(row["program"], row["kind"]) for row in stays] == [
        ("network: agent Agent/1.0", "network"),
        ("network: tcp/ssl", "network"),
        ("network: tls t13d", "network"),
    ]


def test_clocks_hours_apart_are_aligned_and_a_request_keeps_its_distance_from_its_connection(engine: DuckDB) -> None:
    clock = rows_of(engine, "SELECT host, pairs, ahead_seconds FROM network_clock WHERE host = 'clock'")
    assert clock == [{"host": "clock", "pairs": 3, "ahead_seconds": AHEAD.total_seconds() + 1}]
    uid = Process("clock", A).guid.strip("{}")
    assert contacts(engine, "clock", "time", "uid", "destination", "is_http") == [
        (at(hours=20, minutes=number) + timedelta(hours=number / 2), uid, "a.example", True) for number in range(3)
    ]


def test_the_same_four_numbers_on_another_day_are_another_connection(engine: DuckDB) -> None:
    assert contacts(engine, "again", "time", "uid", "bytes_out") == [
        (when, Process("again", A, str(number)).guid.strip("{}"), number)
        for number, when in enumerate([at(hours=1), at(days=1, hours=1), at(days=1, hours=2)])
    ]


def test_a_destination_is_the_name_last_asked_for_that_day_else_the_address_with_its_port(engine: DuckDB) -> None:
    assert contacts(engine, "named", "time", "destination") == [
        (at(hours=3), "new.example"),
        (at(hours=4), "new.example"),
        (at(hours=5), "wire.example"),
        (at(hours=6), "192.0.2.9:8443"),
        (at(hours=7), "192.0.2.9:8080"),
        (at(days=1, hours=5), "192.0.2.8:443"),
    ]


def test_lookups_broadcasts_and_the_machine_itself_are_no_contacts_and_nothing_else_hides_among_them(
    engine: DuckDB,
) -> None:
    assert contacts(engine, "nothing", "destination") == [
        ("198.51.100.255:443",),
        ("172.32.0.255:443",),
        (f"{TO}:53",),
        ("198.51.100.200:40000",),
    ]


# Rollups


def _two_days() -> tuple[list[Record], list[Record]]:
    """Two days of a host whose wire's clock is minutes ahead, with the same ports: all that a contact can come from."""
    days = []
    for day in (0, 3):
        rows: list[Record] = []
        a, b = Process("ws", A, str(day)), Process("ws", r"C:\Program Files\B\b.exe", str(day))
        for number in range(4):
            ends: dict[str, Any] = {"source_port": 1000 + number}
            when = at(days=day, hours=8 + number)
            rows.append(connected((a, b)[number % 2], when, TO, 80, **ends))
            rows.append(flow(f"C{day}{number}", when + timedelta(minutes=5), TO, 80, service="http", **ends))
            rows.append(request(f"C{day}{number}", when + timedelta(minutes=5), TO, f"{number // 2}.example", **ends))
        rows.append(handshake(f"S{day}", at(days=day, hours=15), TO, "tls.example", source="10.0.0.77", ja4="t13d"))
        rows.append(asked(a, at(days=day, hours=6), f"day{day}.example", "192.0.2.3"))
        rows.append(connected(a, at(days=day, hours=7), "192.0.2.3", source_port=7))
        rows.append(launched(a, at(days=day, hours=5)))
        days.append(rows)
    return days[0], days[1]


def rollup(rows: Sequence[Record]) -> list[dict[str, Any]]:
    engine = analysed(rows, "stays")
    found = rows_of(engine, "SELECT * FROM contact_day ORDER BY stay_id, destination, day")
    engine.close()
    return found


def test_the_rollup_of_two_days_is_that_of_each_day() -> None:
    monday, tuesday = _two_days()
    both = rollup([*monday, *tuesday])
    assert both == sorted(
        [*rollup(monday), *rollup(tuesday)], key=lambda row: (row["stay_id"], row["destination"], row["day"])
    )
    assert {row["destination"] for row in both} == {
        *("0.example", "1.example", "day0.example", "day3.example", "tls.example")
    }


def test_a_day_of_contact_is_whole() -> None:
    a = Process("ws", A)
    ends: dict[str, Any] = {"source_port": 9}
    rows = [
        connected(a, at(hours=9), TO, 80, **ends),
        flow("C1", at(hours=9), TO, 80, service="http", **ends),
        request("C1", at(hours=9), TO, "a.example", "/a", sent=10, fetched=100, **ends),
        request(
            "C1", at(hours=9, minutes=5), TO, "a.example", "/b", sent=20, response_body_len=None, user_agent="B", **ends
        ),
    ]
    assert rollup(rows) == [
        {
            "host": "ws",
            "stay_id": hashlib.sha256(rb"ws|\users\*\downloads\a.exe").hexdigest()[:12],
            "program": r"\users\*\downloads\a.exe",
            "destination": "a.example",
            "day": at().date(),
            "times": [at(hours=9), at(hours=9, minutes=5)],
            "contacts": 2,
            "bytes_out": 30,
            "bytes_in": 100,
            "addresses": [TO],
            "ports": [80],
            "user_agents": ["Agent/1.0", "B"],
            "tls_fingerprints": None,
            "named": True,
            "own": True,
            "ref": min(row.ref for row in rows[2:]),
        }
    ]
