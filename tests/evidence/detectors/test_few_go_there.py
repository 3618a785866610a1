"""Destinations of one program that few hosts have."""

from __future__ import annotations

from contextlib import closing

import pytest
from tests.analysis.records import (
    CHROME,
    EXPLORER,
    Finding,
    Process,
    Record,
    analysed,
    at,
    connected,
    finding,
    findings,
    launched,
)

#: What was found, and the calls that must be, by host.
Fleet = tuple[list[Finding], dict[str, list[Record]]]

FLEET = [f"WS{n}" for n in range(10, 40)]  # thirty hosts: one in ten are three
PROGRAM = r"C:\ProgramData\Helper\helper.exe"
COMMON = r"C:\Program Files\Suite\suite.exe"


def _calls(image: str, to: str, hosts: list[str], *days: int) -> list[Record]:
    return [
        connected(Process(host, image), at(days=day, hours=10), to, source=f"10.0.0.{FLEET.index(host)}")
        for host in hosts
        for day in days
    ]


def _desktops(hosts: list[str]) -> list[Record]:
    return [launched(Process(host, EXPLORER), at(hours=8)) for host in hosts]


@pytest.fixture(scope="module")
def fleet() -> Fleet:
    """What was found among thirty hosts."""
    told = {host: _calls(PROGRAM, "192.0.2.1", [host], 1, 2) for host in FLEET[:3]}
    rows = _desktops(FLEET) + [row for calls in told.values() for row in calls]
    rows += [launched(Process(host, COMMON), at(hours=8)) for host in FLEET]
    rows += _calls(PROGRAM, "192.0.2.2", FLEET[:1], 1)  # one host: rare
    rows += _calls(r"C:\ProgramData\Four\four.exe", "192.0.2.3", FLEET[3:7], 1)  # more than one host in ten
    rows += _calls(COMMON, "192.0.2.4", FLEET[:3], 1)  # all have the program
    rows += _calls(PROGRAM, "192.0.2.5", FLEET[:2], 1) + _calls(CHROME, "192.0.2.5", FLEET[8:9], 1)  # not all with it
    rows += _calls(CHROME, "192.0.2.1", FLEET[:1], 1)  # a browser of one of the hosts that are found
    with closing(analysed(rows)) as engine:
        return findings(engine, "few_go_there"), told


def test_a_place_of_one_program_that_three_of_thirty_hosts_have_is_found_on_each(fleet: Fleet) -> None:
    found, told = fleet
    sentence = "talks to 192.0.2.1:443, as 3 of 30 hosts do, all with this program"
    key = r"\programdata\helper\helper.exe"
    assert found == [finding(host, key, sentence, calls) for host, calls in told.items()]


def test_in_a_small_fleet_nothing_is_found() -> None:
    with closing(analysed(_desktops(FLEET[:19]) + _calls(PROGRAM, "192.0.2.1", FLEET[:2], 1, 2))) as engine:
        assert findings(engine, "few_go_there") == []
