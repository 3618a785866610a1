"""User agents that nobody else in the fleet gives."""

from __future__ import annotations

from contextlib import closing

from tests.analysis.records import (
    Process,
    Record,
    analysed,
    at,
    connected,
    finding,
    findings,
    flow,
    launched,
    request,
)

PROGRAM = r"C:\ProgramData\Helper\helper.exe"
KEY = r"\programdata\helper\helper.exe"
OTHER = r"C:\Program Files\Tool\tool.exe"
COMMON = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/88.0.4324.150"


def _asks(n: int, image: str, agent: str, *days: int) -> tuple[list[Record], list[Record]]:
    """Requests of a program on host WSn, at ten o'clock of these days; all records, and those of the requests."""
    program, source = Process(f"WS{n}", image), f"10.0.0.{n}"
    rows, seen = [], []
    for day in days:
        port, when, uid = 50000 + len(image) * 50 + day, at(days=day, hours=10), f"C{n}{len(image)}{day}"
        ends = {"source": source, "source_port": port}
        rows.append(connected(program, when, "192.0.2.9", 80, source=source, source_port=port))
        rows.append(flow(uid, when, "192.0.2.9", 80, source=source, source_port=port, service="http"))
        seen.append(request(uid, when, "192.0.2.9", "www.example", user_agent=agent, **ends))  # type: ignore[arg-type]
    return [launched(program, at(hours=8)), *rows, *seen], seen


def _everyone(hosts: int) -> list[Record]:
    return [row for n in range(1, hosts + 1) for row in _asks(n, OTHER, COMMON, 1, 2, 3, 4)[0]]


def _told(agent: str) -> str:
    return f"calls itself {agent} to www.example, as 1 of 5 hosts do, since 2021-03-04 (2 days watched before)"


def test_an_agent_of_one_program_on_one_host_is_found() -> None:
    rows, seen = _asks(1, PROGRAM, "Update/1.0", 3, 4)
    with closing(analysed(_everyone(5) + rows)) as engine:
        assert findings(engine, "rare_user_agent") == [finding("WS1", KEY, _told("Update/1.0"), seen)]


def test_an_update_is_no_other_program() -> None:
    rows = _asks(1, OTHER, COMMON.replace("88.0.4324.150", "89.0.4389.72"), 5, 6)[0]
    with closing(analysed(_everyone(5) + rows)) as engine:
        assert findings(engine, "rare_user_agent") == []


def test_what_two_hosts_or_two_programs_give_or_one_day_only_is_not_found() -> None:
    rows = _asks(1, PROGRAM, "Two hosts", 3, 4)[0] + _asks(2, PROGRAM, "Two hosts", 3, 4)[0]
    rows += _asks(3, PROGRAM, "Two programs", 3, 4)[0] + _asks(3, OTHER + "x", "Two programs", 3, 4)[0]
    rows += _asks(4, PROGRAM, "One day", 3)[0]
    with closing(analysed(_everyone(5) + rows)) as engine:
        assert findings(engine, "rare_user_agent") == []


def test_in_a_fleet_of_four_nothing_is_found() -> None:
    with closing(analysed(_everyone(4) + _asks(1, PROGRAM, "Update/1.0", 3, 4)[0])) as engine:
        assert findings(engine, "rare_user_agent") == []
