"""Programs of large publishers that talk to where nothing else of that publisher goes."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

import pytest
from tests.analysis.records import (
    CHROME,
    EXPLORER,
    Finding,
    Process,
    Record,
    analysed,
    asked,
    at,
    connected,
    finding,
    findings,
    launched,
    loaded,
)

FLEET = [f"WS{n}" for n in range(10, 34)]
SUITE = r"C:\Program Files\Suite\suite.exe"
SIGNER = "Larch Software Inc"


def _program(name: str) -> str:
    return rf"C:\Program Files\Common Files\{name}\{name}.exe"


def _signed(image: str, hosts: Sequence[str], signer: str = SIGNER) -> list[Record]:
    programs = [Process(host, image) for host in hosts]
    return [
        row
        for program in programs
        for row in (launched(program, at(hours=8)), loaded(program, at(hours=8, seconds=1), signer=signer))
    ]


def _calls(image: str, host: str, name: str, *days: int) -> list[list[Record]]:
    """Lookups of the name, each with the connection that follows."""
    number = 1 + sum(name.encode()) % 250
    program, address = Process(host, image), f"198.51.100.{number}"
    source = f"10.0.0.{FLEET.index(host)}"
    return [
        [
            asked(program, at(days=day, hours=10), name, address),
            connected(program, at(days=day, hours=10, seconds=2), address, source=source),
        ]
        for day in days
    ]


def _story(image: str, host: str, name: str, *days: int) -> list[Record]:
    return [row for rows in _calls(image, host, name, *days) for row in rows]


def _fleet(hosts: Sequence[str] = FLEET) -> list[Record]:
    """Every host has the publisher's suite, which calls home."""
    rows = [launched(Process(host, EXPLORER), at(hours=7)) for host in hosts] + _signed(SUITE, hosts)
    return rows + [row for host in hosts for row in _story(SUITE, host, "update.larch.example", 1)]


def _odd(hosts: Sequence[str] = FLEET[:1]) -> tuple[list[Record], list[Record]]:
    """One program of the publisher and where it alone goes: the records, and the connections."""
    image = _program("helper")
    calls = [call for host in hosts for call in _calls(image, host, "img3.corvid.example", 1, 2, 5)]
    return [*_signed(image, hosts), *(row for call in calls for row in call)], [connection for _, connection in calls]


@pytest.fixture(scope="module")
def found() -> tuple[list[Finding], list[Record]]:
    """What was found, and the connections that must be."""
    odd, connections = _odd()
    rows = _fleet() + odd
    rows += _signed(_program("own"), FLEET[1:2]) + _story(_program("own"), FLEET[1], "news.larch.example", 1, 2, 3)
    rows += _signed(_program("seldom"), FLEET[2:3]) + _story(_program("seldom"), FLEET[2], "a.birch.example", 1, 2)
    rows += _signed(_program("visited"), FLEET[3:4])
    rows += _story(_program("visited"), FLEET[3], "a.alder.example", 1, 2, 3)
    rows += _story(CHROME, FLEET[4], "a.alder.example", 1)
    rows += _signed(_program("small"), FLEET[5:6], "Rowan Tools Ltd")
    rows += _signed(r"C:\Program Files\Rowan\rowan.exe", FLEET[5:12], "Rowan Tools Ltd")  # seven of 24 hosts
    rows += _story(_program("small"), FLEET[5], "a.rowan.example", 1, 2, 3)
    rows += _signed(_program("often"), FLEET[6:12])
    rows += [row for host in FLEET[6:12] for row in _story(_program("often"), host, "a.aspen.example", 1, 2, 3)]
    rows += _signed(CHROME, FLEET[13:14]) + _story(CHROME, FLEET[13], "a.maple.example", 1, 2, 3)
    with closing(analysed(rows)) as engine:
        return findings(engine, "unlike_its_signer"), connections


def test_a_place_of_its_own_outside_of_its_publishers_domains_is_found_and_nothing_else(
    found: tuple[list[Finding], list[Record]],
) -> None:
    sentence = (
        f"signed by {SIGNER}, whose programs are on 24 of 24 hosts, and talks on 3 days to img3.corvid.example, "
        "where none of them goes"
    )
    key = r"\program files\common files\helper\helper.exe"
    assert found[0] == [finding(FLEET[0], key, sentence, found[1])]


def test_it_is_found_on_five_hosts() -> None:
    with closing(analysed(_fleet() + _odd(FLEET[:5])[0])) as engine:
        assert [each.host for each in findings(engine, "unlike_its_signer")] == [host.lower() for host in FLEET[:5]]


def test_in_a_small_fleet_nothing_is_found() -> None:
    with closing(analysed(_fleet(FLEET[:19]) + _odd()[0])) as engine:
        assert findings(engine, "unlike_its_signer") == []
