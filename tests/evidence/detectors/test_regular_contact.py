"""Calls at regular times, to a place that few others call so."""

from __future__ import annotations

import re
from contextlib import closing

import numpy as np
import pytest
from tests.analysis.records import (
    CHROME,
    Finding,
    Process,
    Record,
    analysed,
    at,
    connected,
    findings,
    flow,
    launched,
    refs,
    request,
)

#: What was found, and the records of what must be.
Fleet = tuple[list[Finding], list[Record]]

PROGRAM = r"C:\ProgramData\Helper\helper.exe"
KEY = r"\programdata\helper\helper.exe"
FLEET = [f"WS{n}" for n in range(6)]


def _calls(host: str, to: str, times: list[float]) -> list[Record]:
    """Calls of the program at these times, in minutes."""
    source = f"10.0.0.{FLEET.index(host)}"
    return [connected(Process(host, PROGRAM), at(minutes=round(time, 3)), to, source=source) for time in times]


def _beacon(seed: int, minutes: float = 60, calls: int = 72) -> list[float]:
    jitter = np.random.default_rng(seed).uniform(0.9, 1.1, calls)
    return [float(time) for time in np.cumsum(minutes * jitter)]


@pytest.fixture(scope="module")
def fleet() -> Fleet:
    """What was found among six hosts, and the only calls that are regular and rare."""
    beacon = _calls("WS0", "192.0.2.1", _beacon(1))
    person = np.random.default_rng(2).lognormal(2, 2, 72)
    rows = [launched(Process(host, CHROME), at(hours=0)) for host in FLEET]
    rows += beacon
    rows += _calls("WS1", "192.0.2.2", [float(time) for time in np.cumsum(person)])
    rows += _calls("WS2", "192.0.2.3", _beacon(3)) + _calls("WS3", "192.0.2.3", _beacon(4))
    rows += _calls("WS4", "192.0.2.4", [60, 120, 180])
    with closing(analysed(rows)) as engine:
        return findings(engine, "regular_contact"), beacon


def test_a_beacon_of_one_host_is_found(fleet: Fleet) -> None:
    found, beacon = fleet
    firsts = {row.fields["day"]: row for row in reversed(beacon)}
    assert found == [
        Finding(
            host="ws0",
            program=KEY,
            sentence=found[0].sentence,
            first=beacon[0].fields["time"],
            last=beacon[-1].fields["time"],
            refs=refs(*firsts.values()),
            records=72,
        )
    ]


def test_its_sentence_tells_place_period_and_how_often(fleet: Fleet) -> None:
    told = re.fullmatch(
        r"calls 192\.0\.2\.1:443 every (.*) min ± 10%, on 4 of 4 day\(s\), 72 times", fleet[0][0].sentence
    )
    assert told is not None
    assert float(told[1]) == pytest.approx(60, rel=0.05)


def test_a_person_a_rhythm_of_two_hosts_and_three_calls_are_not_found(fleet: Fleet) -> None:
    assert {each.host for each in fleet[0]} == {"ws0"}


def _spread(minutes: list[float], names: int, addresses: int = 1) -> tuple[list[Record], list[Record]]:
    """Requests to names of some addresses in random order, and their connections; the client is known by its agent."""
    chosen = np.random.default_rng(9).integers(names, size=len(minutes))
    requests, flows = [], []
    for number, (minute, name) in enumerate(zip(minutes, chosen, strict=True)):
        when, uid = at(minutes=round(minute, 3)), f"C{number}"
        to = f"192.0.2.{9 + name % addresses}"
        flows.append(flow(uid, when, to, 80, service="http", source_port=50000 + number))
        requests.append(request(uid, when, to, f"n{name}.example.net", source_port=50000 + number))
    return requests, flows


def test_calls_that_are_spread_over_names_of_one_address_are_found_together() -> None:
    requests, flows = _spread(_beacon(5, calls=90), 10)
    with closing(analysed(requests + flows)) as engine:
        found = findings(engine, "regular_contact")
    assert [(each.host, each.program, each.first, each.last, each.records) for each in found] == [
        ("10.0.0.1", "network: agent Agent/1.0", requests[0].fields["time"], requests[-1].fields["time"], 90)
    ]
    told = re.fullmatch(
        r"calls 192\.0\.2\.9 by 10 names every (.*) min ± 10%, on 4 of 4 day\(s\), 90 times", found[0].sentence
    )
    assert told is not None
    assert float(told[1]) == pytest.approx(60, rel=0.05)


def test_calls_that_are_spread_over_names_and_addresses_of_one_domain_are_found_together() -> None:
    requests, flows = _spread(_beacon(5, calls=90), 10, addresses=10)
    with closing(analysed(requests + flows)) as engine:
        found = findings(engine, "regular_contact")
    assert [(each.host, each.program, each.records) for each in found] == [("10.0.0.1", "network: agent Agent/1.0", 90)]
    assert "calls example.net by 10 names every " in found[0].sentence
