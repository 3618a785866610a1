"""One host's copy of a program that speaks otherwise than all others."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import pytest
from tests.analysis.records import (
    Finding,
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
    request,
)

TOOL = r"C:\Program Files\Tool\tool.exe"
KEY = r"\program files\tool\tool.exe"
COMMON, ODD = "t13d1516h2_8daaf6152771_b186095e22b6", "t12i0301_other"


def _speaks(n: int, mark: str, *days: int, agent: bool = False) -> tuple[list[Record], list[Record]]:
    """TLS connections, or requests, of the tool on host WSn on these days; all records, and those that are told."""
    program, source = Process(f"WS{n}", TOOL), f"10.0.0.{n}"
    rows, seen = [launched(program, at(hours=8))], []
    for day in days:
        where: dict[str, Any] = {"source": source, "source_port": 50000 + 100 * len(mark) + day}
        when, uid = at(days=day, hours=10, minutes=len(mark)), f"C{n}{day}{mark}"
        rows.append(connected(program, when, "192.0.2.9", 80 if agent else 443, **where))
        if agent:
            seen.append(request(uid, when, "192.0.2.9", "www.example", user_agent=mark, **where))
        else:
            rows.append(handshake(uid, when, "192.0.2.9", "www.example", ja4=mark, **where))
            seen.append(flow(uid, when, "192.0.2.9", **where))
    return rows + seen, seen


def _fleet(hosts: int, mark: str = COMMON, *, agent: bool = False) -> list[Record]:
    return [row for n in range(1, hosts + 1) for row in _speaks(n, mark, 1, 2, agent=agent)[0]]


def _found(rows: list[Record]) -> list[Finding]:
    with closing(analysed(rows)) as engine:
        return findings(engine, "speaks_unlike_peers")


def test_a_fingerprint_that_no_other_host_of_the_program_shows_is_found() -> None:
    rows, seen = _speaks(1, ODD, 3, 4)
    told = f"shows {ODD}; the same program on 3 other hosts shows {COMMON}, and never that"
    assert _found(_fleet(4) + rows) == [finding("WS1", KEY, told, seen)]


def test_so_is_it_where_the_common_one_is_never_shown() -> None:
    rows, seen = _speaks(5, ODD, 3, 4)
    told = f"shows {ODD}; the same program on 4 other hosts shows {COMMON}, and never that"
    assert _found(_fleet(4) + rows) == [finding("WS5", KEY, told, seen)]


def test_a_user_agent_counts_whatever_its_numbers() -> None:
    rows, seen = _speaks(1, "Mozilla/5.0", 3, 4, agent=True)
    told = "shows Mozilla/5.0; the same program on 3 other hosts shows Tool/#, and never that"
    assert _found(_fleet(4, "Tool/1.2", agent=True) + rows) == [finding("WS1", KEY, told, seen)]
    newer, _ = _speaks(1, "Tool/1.3", 3, 4, agent=True)
    assert _found(_fleet(4, "Tool/1.2", agent=True) + newer) == []


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(_fleet(4) + _speaks(1, ODD, 3)[0], id="on one day"),
        pytest.param(_fleet(3) + _speaks(1, ODD, 3, 4)[0], id="of three hosts"),
        pytest.param(_fleet(4) + _speaks(1, ODD, 3, 4)[0] + _speaks(2, ODD, 3)[0], id="on two hosts"),
        pytest.param(
            _fleet(1) + [row for n in range(2, 6) for row in _speaks(n, f"mark{n}", 1, 2)[0]], id="all show another"
        ),
    ],
)
def test_what_says_nothing_is_not_found(rows: list[Record]) -> None:
    assert _found(rows) == []
