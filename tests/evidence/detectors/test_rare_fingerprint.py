"""Ways of opening TLS that nobody else in the fleet has."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from tests.analysis.records import (
    Process,
    Record,
    analysed,
    at,
    connected,
    finding,
    findings,
    flow,
    handshake,
    launched,
)

PROGRAM = r"C:\ProgramData\Helper\helper.exe"
KEY = r"\programdata\helper\helper.exe"
OTHER = r"C:\Program Files\Tool\tool.exe"
COMMON = "t13d1516h2_8daaf6152771_b186095e22b6"


def _opens(n: int, image: str, mark: str | None, *days: int, **fields: str) -> tuple[list[Record], list[Record]]:
    """TLS connections of a program on host WSn, at ten o'clock of these days; all records, and those of the flows."""
    program, source = Process(f"WS{n}", image), f"10.0.0.{n}"
    rows, seen = [], []
    for day in days:
        port = 50000 + len(image) * 50 + day
        when, uid = at(days=day, hours=10), f"C{n}{len(image)}{day}{mark}"
        rows.append(connected(program, when, "192.0.2.9", source=source, source_port=port))
        said: dict[str, Any] = {"ja4": mark, **fields}
        rows.append(handshake(uid, when, "192.0.2.9", "www.example", source=source, source_port=port, **said))
        seen.append(flow(uid, when, "192.0.2.9", source=source, source_port=port))
    return [launched(program, at(hours=8)), *rows, *seen], seen


def _everyone(hosts: int) -> list[Record]:
    return [row for n in range(1, hosts + 1) for row in _opens(n, OTHER, COMMON, 1, 2, 3, 4)[0]]


def test_a_fingerprint_of_one_program_on_one_host_is_found_with_what_was_watched_before() -> None:
    rows, seen = _opens(1, PROGRAM, "t12i0301_rare", 3, 4)
    with closing(analysed(_everyone(5) + rows)) as engine:
        found = findings(engine, "rare_fingerprint")
    told = "opens TLS as t12i0301_rare, which 1 of 5 hosts do, since 2021-03-04 (2 days watched before)"
    assert found == [finding("WS1", KEY, told, seen)]


def test_without_a_ja4_the_ja3_is_taken() -> None:
    rows, seen = _opens(1, PROGRAM, None, 3, 4, ja3="51c64c77e60f3980eea90869b68c58a8")
    with closing(analysed(_everyone(5) + rows)) as engine:
        found = findings(engine, "rare_fingerprint")
    told = "opens TLS as 51c64c77e60f3980eea90869b68c58a8, which 1 of 5 hosts do, since 2021-03-04"
    assert found == [finding("WS1", KEY, f"{told} (2 days watched before)", seen)]


def test_days_without_a_record_are_not_days_watched() -> None:
    rows, seen = _opens(1, PROGRAM, "t12i0301_rare", 30, 31)
    with closing(analysed(_everyone(5) + rows)) as engine:
        found = findings(engine, "rare_fingerprint")
    told = "opens TLS as t12i0301_rare, which 1 of 5 hosts do, since 2021-03-31 (4 days watched before)"
    assert found == [finding("WS1", KEY, told, seen)]


def test_what_two_hosts_or_two_programs_show_or_one_day_only_is_not_found() -> None:
    rows = _opens(1, PROGRAM, "two-hosts", 3, 4)[0] + _opens(2, PROGRAM, "two-hosts", 3, 4)[0]
    rows += _opens(3, PROGRAM, "two-programs", 3, 4)[0] + _opens(3, OTHER + "x", "two-programs", 3, 4)[0]
    rows += _opens(4, PROGRAM, "shuffled-1", 3)[0] + _opens(4, PROGRAM, "shuffled-2", 4)[0]
    with closing(analysed(_everyone(5) + rows)) as engine:
        assert findings(engine, "rare_fingerprint") == []


def test_in_a_fleet_of_four_nothing_is_found() -> None:
    with closing(analysed(_everyone(4) + _opens(1, PROGRAM, "t12i0301_rare", 3, 4)[0])) as engine:
        assert findings(engine, "rare_fingerprint") == []
