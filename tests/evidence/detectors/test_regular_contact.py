"""Calls at regular times, to a place that few others call so."""

from __future__ import annotations

import re
from contextlib import closing
from typing import Any

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
    handshake,
    launched,
    refs,
    request,
    rows_of,
    zeek,
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


def _in_turn(program: str) -> list[Record]:
    """Hourly calls by a program on one of six hosts to eight addresses that have nothing in common, drawn each time."""
    turns = np.random.default_rng(7).integers(0, 8, 90)
    by = Process("WS0", program)
    calls = [
        connected(by, at(minutes=round(minute, 3)), f"192.0.{turn}.{17 * turn + 3}", source="10.0.0.1")
        for minute, turn in zip(_beacon(5, calls=90), turns, strict=True)
    ]
    return [*(launched(Process(host, CHROME), at(hours=0)) for host in FLEET), *calls]


def test_calls_to_several_servers_in_turn_are_found_together() -> None:
    with closing(analysed(_in_turn(PROGRAM))) as engine:
        (found,) = findings(engine, "regular_contact")
    assert (found.host, found.program, found.records) == ("ws0", KEY, 90)
    told = re.fullmatch(r"calls 8 rare places every (.*) min ± 10%, on 4 of 4 day\(s\), 90 times", found.sentence)
    assert told is not None
    assert float(told[1]) == pytest.approx(60, rel=0.05)


def test_the_rare_places_of_a_browser_are_a_persons_and_not_judged_together() -> None:
    with closing(analysed(_in_turn(CHROME))) as engine:
        assert rows_of(engine, "SELECT * FROM contact_unit WHERE unit = 'places'") == []
        assert findings(engine, "regular_contact") == []


def test_names_that_others_go_to_are_judged_by_themselves() -> None:
    requests, flows = _spread(_beacon(5, calls=90), 10)
    others = [
        request(f"O{n}", at(hours=n), "192.0.2.9", f"n{n}.example.net", source="10.0.0.2", user_agent="Other/1.0")
        for n in range(10)
    ]
    with closing(analysed([*requests, *flows, *others])) as engine:
        assert rows_of(engine, "SELECT * FROM contact_unit WHERE unit <> 'destination'") == []
        assert findings(engine, "regular_contact") == []


@pytest.mark.parametrize("visitors", [0, 1])
def test_calls_at_random_are_regular_only_where_few_go_at_all(visitors: int) -> None:
    """An hour on average for three weeks; and, or not, one visit of another host."""
    minutes = np.cumsum(np.random.default_rng(3).exponential(60, 500))
    rows = [launched(Process(host, CHROME), at(hours=0)) for host in FLEET]
    rows += _calls("WS0", "192.0.2.1", [float(minute) for minute in minutes])
    rows += [each for host in FLEET[1 : 1 + visitors] for each in _calls(host, "192.0.2.1", [300.0])]
    with closing(analysed(rows)) as engine:
        family = rows_of(engine, "SELECT family FROM rhythm WHERE log_bayes_factor > 10")
        found = findings(engine, "regular_contact")
    assert family == [{"family": "memoryless"}]
    assert [each.host for each in found] == ["ws0"] * (1 - visitors)


def _handshakes(hosts: int, places: int, *, programs: int = 1, certificate: str = "ab") -> list[Record]:
    """Of each of some hosts every hour, to addresses in random order that all show one certificate; by JA4."""
    rows = []
    for host in range(hosts):
        for number, minute in enumerate(_beacon(5 + host, calls=90)):
            place = int(np.random.default_rng(number).integers(places))
            when, uid = at(minutes=round(minute, 3)), f"H{host}.{number}"
            ends: dict[str, Any] = {"source": f"10.0.1.{host + 1}", "source_port": 50000 + number}
            rows.append(flow(uid, when, f"192.0.2.{place}", service="ssl", **ends))
            shown: dict[str, Any] = {"cert_chain_fps": [certificate], "ja4": f"t13d{number % programs}"}
            rows.append(handshake(uid, when, f"192.0.2.{place}", None, **shown, **ends))
    return rows


def test_calls_that_are_spread_over_addresses_with_one_certificate_are_found_together() -> None:
    rows = _handshakes(1, 40)
    with closing(analysed(rows)) as engine:
        found = findings(engine, "regular_contact")
    assert [(each.host, each.program, each.records) for each in found] == [("10.0.1.1", "network: tls t13d0", 90)]
    assert "calls certificate ab by " in found[0].sentence


def test_a_certificate_of_many_hosts_or_programs_makes_no_one_place_of_its_places() -> None:
    several_hosts = [*_handshakes(3, 40), flow("X", at(), "198.51.100.1", source="10.0.9.9")]
    several_programs = [*_handshakes(1, 40, programs=2), flow("X", at(), "198.51.100.1", source="10.0.9.9")]
    for rows in (several_hosts, several_programs):
        with closing(analysed(rows)) as engine:
            assert rows_of(engine, "SELECT * FROM certificate_place") == []
            assert findings(engine, "regular_contact") == []


def test_one_certificate_is_one_however_its_file_is_called() -> None:
    """Zeek before 4.2 names certificates by the id of a file: another one at each showing."""
    rows = []
    for number in range(2):
        uid = f"H{number}"
        ends: dict[str, Any] = {"source_port": 50000 + number}
        rows.append(flow(uid, at(hours=number), f"192.0.2.{number}", service="ssl", **ends))
        rows.append(
            handshake(uid, at(hours=number), f"192.0.2.{number}", None, cert_chain_fuids=[f"F{number}"], **ends)
        )
        told = {"certificate_serial": "0A", "certificate_issuer": "CN=us", "certificate_subject": "CN=us"}
        rows.append(zeek("x509", at(hours=number), id=f"F{number}", **told))
    with closing(analysed(rows, "stays")) as engine:
        found = rows_of(engine, "SELECT * FROM certificate_place ORDER BY destination")
    assert found == [{"certificate": "CN=us 0A", "destination": f"192.0.2.{number}:443"} for number in range(2)]


# Called in


def _called(host: str, caller: str, own: str, minutes: list[float], port: int = 4444) -> list[Record]:
    """Calls that came in to the program, as the host's own sensor tells them."""
    return [
        connected(
            Process(host, PROGRAM),
            at(minutes=round(minute, 3)),
            own,
            port,
            source=caller,
            source_port=20000 + n,
            Initiated="false",
        )
        for n, minute in enumerate(minutes)
    ]


def test_a_controller_that_calls_in_every_four_hours_is_found_with_the_program_that_listens() -> None:
    """On a public address of the house; a service of many callers is none."""
    seen = _called("WS0", "203.0.113.5", "192.0.2.10", _beacon(3, minutes=240, calls=60))
    rows = [launched(Process(host, PROGRAM), at(hours=0)) for host in ("WS0", "SRV")]
    rows += [connected(Process("WS0", PROGRAM), at(hours=1), "198.51.100.1", source="192.0.2.10"), *seen]
    for number in range(4):
        rows += _called(
            "SRV", f"203.0.113.{100 + number}", "192.0.2.11", _beacon(9 + number, minutes=240, calls=60), 443
        )
    with closing(analysed(rows)) as engine:
        found = findings(engine, "regular_contact")
    assert [(each.host, each.program, each.first, each.last, each.records) for each in found] == [
        ("ws0", KEY, seen[0].fields["time"], seen[-1].fields["time"], 60)
    ]
    told = re.fullmatch(
        r"is called from 203\.0\.113\.5 every (.*) h ± 10%, on 11 of 11 day\(s\), 60 times", found[0].sentence
    )
    assert told is not None
    assert float(told[1]) == pytest.approx(4, rel=0.05)


def test_who_calls_many_hosts_at_regular_times_is_nobodys_controller() -> None:
    rows = []
    for number, host in enumerate(("WS0", "WS1")):
        rows += [launched(Process(host, PROGRAM), at(hours=0))]
        rows += _called(host, "203.0.113.5", f"192.0.2.{10 + number}", _beacon(3 + number, minutes=240, calls=60))
    with closing(analysed(rows)) as engine:
        assert findings(engine, "regular_contact") == []


def test_requests_in_one_connection_that_is_kept_alive_are_calls_of_their_own() -> None:
    """One connection for three days, a request an hour; its bytes are those of the requests."""
    minutes = _beacon(4)
    rows = [flow("C1", at(), "192.0.2.9", 80, service="http", duration=72 * 3600.0)]
    rows += [request("C1", at(minutes=round(minute, 3)), "192.0.2.9", "a.example", sent=7) for minute in minutes]
    with closing(analysed(rows)) as engine:
        found = findings(engine, "regular_contact")
        volume = rows_of(engine, "SELECT sum(bytes_out) AS sent FROM contact_day")
    assert [(each.program, each.records) for each in found] == [("network: agent Agent/1.0", 72)]
    assert found[0].sentence.startswith("calls a.example every 6")
    assert volume == [{"sent": 7 * 72}]
