"""Entries that a few hosts of the fleet got at much the same time."""

from __future__ import annotations

from contextlib import closing

import pytest
from tests.analysis.records import (
    EXPLORER,
    SERVICES,
    SVCHOST,
    Finding,
    Process,
    Record,
    analysed,
    at,
    finding,
    findings,
    launched,
    service_installed,
    wrote,
)

#: What was found, and the entries that must be.
Fleet = tuple[list[Finding], dict[str, list[Record]]]

FLEET = [f"WS{n}" for n in range(10, 34)]  # 24 hosts: one in ten are 2, and 5 are few
LAST = 50


def _image(name: str) -> str:
    return rf"C:\ProgramData\{name}\{name}.exe"


def _set_up(name: str, hosts: list[str], *days: float) -> list[list[Record]]:
    """Host after host gets the program with a service, on these days; the entry comes first."""
    return [
        [
            service_installed(host, at(days=day, hours=9), name, _image(name)),
            launched(Process(host, _image(name)), at(days=day, hours=10), Process(host, SERVICES)),
        ]
        for host, day in zip(hosts, days, strict=True)
    ]


def _tasked(host: str) -> list[Record]:
    """The scheduler's file tells of a task, for what was written just before; the task's record comes first."""
    scheduler, image = Process(host, SVCHOST, "Schedule"), _image("tasked")
    line = r"C:\Windows\system32\svchost.exe -k netsvcs -p -s Schedule"
    return [
        wrote(scheduler, at(days=12, hours=9, minutes=1), r"C:\Windows\System32\Tasks\Tasked"),
        wrote(Process(host, EXPLORER), at(days=12, hours=9), image),
        launched(Process(host, image), at(days=12, hours=10), scheduler, ParentCommandLine=line),
    ]


@pytest.fixture(scope="module")
def fleet() -> Fleet:
    """What was found among 24 hosts that are heard for fifty days."""
    desktops = [Process(host, EXPLORER) for host in FLEET]
    rows = [launched(desktop, at(days=day)) for desktop in desktops for day in (0, LAST)]
    told = {
        "targeted": _set_up("targeted", FLEET[:5], 10, 11, 12, 15, 23),
        "tasked": [_tasked(host) for host in FLEET[5:8]],
        "alone": _set_up("alone", FLEET[:1], 10),
        "rollout": _set_up("rollout", FLEET[:6], 10, 10, 10, 11, 11, 11),
        "bit by bit": _set_up("seldom", FLEET[:3], 10, 20, 25),
        "just now": _set_up("recent", FLEET[:3], LAST - 5, LAST - 5, LAST - 5),
        "made anew": _set_up("known", FLEET[:3], 10, 11, 12),
    }
    rows += [launched(Process(host, _image("known")), at(days=1)) for host in FLEET]
    rows += [row for entries in told.values() for entry in entries for row in entry]
    with closing(analysed(rows)) as engine:
        return findings(engine, "autostart_on_few"), {name: [one[0] for one in rows] for name, rows in told.items()}


def test_entries_of_five_hosts_within_a_fortnight_are_found_on_each(fleet: Fleet) -> None:
    found, entries = fleet
    key = r"\programdata\targeted\targeted.exe"
    sentence = "set up as service targeted; 5 of 24 hosts got it between 2021-03-11 and 2021-03-24"
    assert [each for each in found if each.program == key] == [
        finding(host, key, sentence, [entry]) for host, entry in zip(FLEET[:5], entries["targeted"], strict=True)
    ]


def test_tasks_that_only_sysmon_saw_count_too(fleet: Fleet) -> None:
    found, entries = fleet
    key = r"\programdata\tasked\tasked.exe"
    sentence = r"set up as task \Tasked; 3 of 24 hosts got it between 2021-03-13 and 2021-03-13"
    assert [each for each in found if each.program == key] == [
        finding(host, key, sentence, [entry]) for host, entry in zip(FLEET[5:8], entries["tasked"], strict=True)
    ]


def test_one_host_a_rollout_one_that_may_only_have_begun_weeks_between_and_what_all_have_are_not_found(
    fleet: Fleet,
) -> None:
    assert {each.program for each in fleet[0]} == {
        r"\programdata\targeted\targeted.exe",
        r"\programdata\tasked\tasked.exe",
    }


def test_in_a_small_fleet_nothing_is_found() -> None:
    rows = [launched(Process(host, EXPLORER), at(days=day)) for host in FLEET[:19] for day in (0, LAST)]
    rows += [row for entry in _set_up("targeted", FLEET[:3], 10, 11, 12) for row in entry]
    with closing(analysed(rows)) as engine:
        assert findings(engine, "autostart_on_few") == []
