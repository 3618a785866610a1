"""Questions for names that no connection follows, and whose they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.analysis.records import Process, Record, analysed, asked, at, connected, flow, lookup, rows_of, suricata

from lodger.engine.duckdb import DuckDB

PATH = r"C:\ProgramData\Helper\helper.exe"
KEY = r"\programdata\helper\helper.exe"
WIRE = "network: lookups"


def _by_a_program() -> list[Record]:
    """The host's own sensor names who asks; the network saw the same questions."""
    helper = Process("ws", PATH)
    return [
        connected(helper, at(hours=1), "198.51.100.1", source="10.0.0.1"),
        asked(helper, at(hours=2), "c2.example"),
        lookup(at(hours=2), "c2.example", source="10.0.0.1"),
        lookup(at(hours=3), "tunnel.example", source="10.0.0.1"),
    ]


def _followed() -> list[Record]:
    """By a connection to what was answered; by one under that name; and, for another name, on another day only."""
    return [
        lookup(at(hours=1), "a.example", "192.0.2.1", source="10.0.0.2"),
        flow("F1", at(hours=1, seconds=1), "192.0.2.1", source="10.0.0.2"),
        lookup(at(days=1, hours=1), "a.example", "192.0.2.9", source="10.0.0.2"),
        lookup(at(hours=2), "time.example", "192.0.2.2", source="10.0.0.2"),
        flow("F2", at(hours=2, seconds=1), "192.0.2.2", 123, source="10.0.0.2", service="ntp"),
        lookup(at(hours=3), "b.example", "192.0.2.3", source="10.0.0.2"),
        flow("F3", at(days=1, hours=3), "192.0.2.3", source="10.0.0.2"),
    ]


def _of_no_interest() -> list[Record]:
    names = ["wpad", "printer.local", "9.2.0.192.in-addr.arpa", "a b.example", "x" * 64 + ".example", "192.0.2.7"]
    return [lookup(at(hours=1), name, source="10.0.0.3") for name in names]


def _by_a_resolver() -> list[Record]:
    return [
        lookup(at(hours=1), "c.example", source="10.0.0.4", id_resp_h="10.0.0.5"),
        lookup(at(hours=1), "c.example", source="10.0.0.5", id_resp_h="9.9.9.9"),
    ]


def _by_a_cache() -> list[Record]:
    """Anew as soon as the answer ran out; later than that; earlier; for both kinds of address; without an answer."""
    told = [
        (0, ["300.0"]),
        (303, ["300.0", "60.0"]),
        (363, ["300.0"]),
        (363.5, None),
        (4000, ["300.0"]),
        (4100, ["1.0"]),
    ]
    return [lookup(at(seconds=when), "d.example", source="10.0.0.6", TTLs=ttls) for when, ttls in told]


def _by_suricata() -> list[Record]:
    ends: dict[str, Any] = {"src_ip": "10.0.0.8", "src_port": 5, "dest_ip": "10.0.0.53", "dest_port": 53}
    return [
        suricata(
            "dns", at(seconds=when), flow_id=1, dns_id=when, dns_type="answer", dns_rrname="e.example",
            dns_answers_rdata=["192.0.2.8"], dns_answers_ttl=["120"], **ends,
        )
        for when in (0, 120)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDB]:
    rows = [*_by_a_program(), *_followed(), *_of_no_interest(), *_by_a_resolver(), *_by_a_cache(), *_by_suricata()]
    engine = analysed(rows, "stays")
    yield engine
    engine.close()


def lookups(engine: DuckDB, host: str) -> list[tuple[Any, ...]]:
    found = rows_of(engine, f"SELECT program, name, time, refreshed FROM lookup WHERE host = '{host}' ORDER BY time")  # noqa: S608
    return [tuple(row.values()) for row in found]


def test_a_question_is_the_programs_where_the_host_tells_it_and_else_the_hosts(engine: DuckDB) -> None:
    assert lookups(engine, "ws") == [
        (KEY, "c2.example", at(hours=2), None),
        (WIRE, "tunnel.example", at(hours=3), None),
    ]


def test_a_program_that_only_asks_has_a_stay() -> None:
    with_name = asked(Process("quiet", PATH), at(hours=2), "c2.example", "192.0.2.1")
    engine = analysed([with_name], "stays")
    found = rows_of(engine, "SELECT host, program, first_seen FROM stay")
    engine.close()
    assert found == [{"host": "quiet", "program": KEY, "first_seen": at(hours=2)}]


def test_what_a_connection_follows_that_day_or_under_that_name_is_no_lookup_alone(engine: DuckDB) -> None:
    assert lookups(engine, "10.0.0.2") == [(WIRE, "b.example", at(hours=3), None)]


def test_names_of_the_network_itself_and_what_is_no_name_are_left_out(engine: DuckDB) -> None:
    assert lookups(engine, "10.0.0.3") == []


def test_what_a_resolver_asks_is_asked_for_others(engine: DuckDB) -> None:
    assert lookups(engine, "10.0.0.4") == [(WIRE, "c.example", at(hours=1), None)]
    assert lookups(engine, "10.0.0.5") == []


def test_a_question_at_the_end_of_the_answers_time_is_the_caches(engine: DuckDB) -> None:
    assert lookups(engine, "10.0.0.6") == [
        (WIRE, "d.example", at(), None),
        (WIRE, "d.example", at(seconds=303), True),
        (WIRE, "d.example", at(seconds=363), True),
        (WIRE, "d.example", at(seconds=4000), False),
        (WIRE, "d.example", at(seconds=4100), False),
    ]
    assert lookups(engine, "10.0.0.8") == [
        (WIRE, "e.example", at(), None),
        (WIRE, "e.example", at(seconds=120), True),
    ]


def test_what_is_left_of_questions_is_whole(engine: DuckDB) -> None:
    found = rows_of(engine, "SELECT * EXCLUDE (stay_id, refs, mark) FROM lookup_sum WHERE host = '10.0.0.6'")
    assert found == [
        {
            "host": "10.0.0.6",
            "name": "d.example",
            "lookups": 5,
            "told": 4,
            "refreshed": 2,
            "times": [at(seconds=4100), at(seconds=4000), at(seconds=363), at(seconds=303), at()],
        }
    ]
