"""Programs that are new to the fleet."""

from __future__ import annotations

from contextlib import closing

from tests.analysis.records import CHROME, Process, Record, analysed, at, finding, findings, flow, launched, lease

PROGRAM = r"C:\Users\ann\AppData\Local\Helper\helper.exe"
KEY = r"\users\*\appdata\local\helper\helper.exe"


def _fleet(hosts: int, days: int) -> list[Record]:
    """Hosts on which a browser runs each day."""
    starts = [(Process(f"WS{n}", CHROME, str(day)), day) for n in range(hosts) for day in range(days)]
    return [launched(browser, at(days=day, hours=8)) for browser, day in starts]


def test_after_a_week_a_program_on_one_host_is_new_but_none_of_two_hosts_the_system_or_the_network() -> None:
    new = launched(Process("WS0", PROGRAM), at(days=7, hours=9))
    again = launched(Process("WS0", PROGRAM, "again"), at(days=8, hours=9))
    rows = [*_fleet(6, 9), new, again]
    rows += [launched(Process(host, r"C:\Program Files\Two\two.exe"), at(days=8)) for host in ("WS1", "WS2")]
    rows += [launched(Process("WS3", r"C:\Windows\System32\charmap.exe"), at(days=8))]
    rows += [launched(Process("WS4", r"C:\Program Files\Early\early.exe"), at(days=6, hours=23))]
    rows += [lease(at(days=8), "10.9.9.9", "WS5"), flow("Cnew", at(days=8), "192.0.2.1", source="10.9.9.9")]
    with closing(analysed(rows)) as engine:
        found = findings(engine, "first_in_fleet")
    assert found == [finding("WS0", KEY, "never seen before, on 6 hosts watched on 7 days", [new])]


def test_in_a_fleet_of_four_everything_is_on_few_hosts_and_nothing_is_new() -> None:
    with closing(analysed([*_fleet(4, 9), launched(Process("WS0", PROGRAM), at(days=8))])) as engine:
        assert findings(engine, "first_in_fleet") == []


def test_days_on_which_nobody_watched_do_not_count() -> None:
    rows = [launched(Process(f"WS{n}", CHROME), at(hours=8)) for n in range(6)]
    with closing(analysed([*rows, launched(Process("WS0", PROGRAM), at(days=300))])) as engine:
        assert findings(engine, "first_in_fleet") == []
