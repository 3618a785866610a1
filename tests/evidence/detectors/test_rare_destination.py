"""Destinations that hardly anyone else goes to."""

from __future__ import annotations

from contextlib import closing

import pytest
from tests.analysis.records import (
    CHROME,
    CMD,
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

#: What was found, and the records of what must be.
Fleet = tuple[list[Finding], list[Record]]

PROGRAM = r"C:\ProgramData\Helper\helper.exe"
KEY = r"\programdata\helper\helper.exe"
FLEET = [f"WS{n}" for n in range(6)]


def _calls(host: str, image: str, to: str, *days: int) -> list[Record]:
    program, source = Process(host, image), f"10.0.0.{FLEET.index(host)}"
    return [connected(program, at(days=day, hours=10), to, source=source) for day in days]


@pytest.fixture(scope="module")
def fleet() -> Fleet:
    """What was found among six hosts, and the only calls that are rare."""
    alone = _calls("WS0", PROGRAM, "192.0.2.1", 1, 2, 3)
    rows = [launched(Process(host, CHROME), at(hours=8)) for host in FLEET]
    rows += alone
    rows += _calls("WS0", PROGRAM, "192.0.2.2", 1) + _calls("WS0", CHROME, "192.0.2.2", 1)  # two programs, one host
    rows += _calls("WS0", PROGRAM, "192.0.2.3", 1) + _calls("WS1", PROGRAM, "192.0.2.3", 1)  # one program, two hosts
    shell = Process("WS2", CMD)
    tool = Process("WS2", r"C:\Windows\System32\curl.exe")
    program = Process("WS2", PROGRAM)
    tools = connected(tool, at(hours=11), "192.0.2.4", source="10.0.0.2")
    rows += [launched(program, at(hours=9)), launched(shell, at(hours=10), program, "cmd /c curl")]
    rows += [launched(tool, at(hours=11), shell), tools]
    child = Process("WS3", r"C:\ProgramData\Helper\child.exe")
    child_call = connected(child, at(hours=11), "192.0.2.5", source="10.0.0.3")
    rows += [launched(Process("WS3", PROGRAM), at(hours=9)), launched(child, at(hours=10), Process("WS3", PROGRAM))]
    rows.append(child_call)
    with closing(analysed(rows)) as engine:
        return findings(engine, "rare_destination"), [*alone, tools, child_call]


def test_a_place_of_one_program_on_one_host_is_found_with_all_its_calls(fleet: Fleet) -> None:
    found, (*alone, _, _) = fleet
    sentence = "talks to 192.0.2.1:443, as 1 of 6 hosts do"
    assert [each for each in found if each.host == "ws0"] == [finding("WS0", KEY, sentence, alone)]


def test_what_its_tool_called_counts_for_the_program(fleet: Fleet) -> None:
    found, (*_, tools, _) = fleet
    sentence = "talks to 192.0.2.4:443, as 1 of 6 hosts do"
    assert [each for each in found if each.host == "ws2"] == [finding("WS2", KEY, sentence, [tools])]


def test_what_a_program_that_it_started_called_counts_for_both(fleet: Fleet) -> None:
    found, (*_, call) = fleet
    sentence = "talks to 192.0.2.5:443, as 1 of 6 hosts do"
    assert [each for each in found if each.host == "ws3"] == [
        finding("WS3", program, sentence, [call]) for program in (r"\programdata\helper\child.exe", KEY)
    ]


def test_places_of_two_programs_or_two_hosts_are_not_found(fleet: Fleet) -> None:
    assert {each.host for each in fleet[0]} == {"ws0", "ws2", "ws3"}
