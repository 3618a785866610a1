"""Contact with an address that has no name in the records."""

from __future__ import annotations

import pytest
from tests.analysis.records import (
    CHROME,
    Finding,
    Process,
    Record,
    asked,
    at,
    connected,
    finding,
    handshake,
    launched,
    lookup,
)
from tests.evidence.stories import Story, Told, tell

PROGRAM = r"C:\ProgramData\Helper\helper.exe"
KEY = r"\programdata\helper\helper.exe"


def _calls(host: str, *rows: Record) -> list[Record]:
    return [launched(Process(host, PROGRAM), at(hours=8)), *rows]


def nobody_asked_for_a_name(host: str) -> tuple[list[Record], list[Finding]]:
    program = Process(host, PROGRAM)
    calls = [connected(program, at(days=day, hours=10), "192.0.2.10", 8080, source="10.0.1.1") for day in (0, 1)]
    rows = _calls(host, asked(Process(host, CHROME), at(hours=9), "example.com", "192.0.2.99"), *calls)
    return rows, [finding(host, KEY, "talks to 192.0.2.10:8080 without a name lookup", calls)]


def the_network_saw_other_lookups_of_this_host(host: str) -> tuple[list[Record], list[Finding]]:
    program = Process(host, PROGRAM)
    call = connected(program, at(hours=10), "192.0.2.10", source="10.0.1.2")
    rows = _calls(host, lookup(at(hours=9), "example.com", "192.0.2.99", source="10.0.1.2"), call)
    return rows, [finding(host, KEY, "talks to 192.0.2.10:443 without a name lookup", [call])]


def a_file_share_of_the_house(host: str) -> tuple[list[Record], list[Finding]]:
    call = connected(Process(host, PROGRAM), at(hours=10), "10.0.7.7", 445, source="10.0.1.12")
    return _calls(host, asked(Process(host, CHROME), at(hours=9), "example.com", "192.0.2.99"), call), []


def the_host_asked_for_its_name(host: str) -> tuple[list[Record], list[Finding]]:
    program = Process(host, PROGRAM)
    call = connected(program, at(hours=10), "192.0.2.10", source="10.0.1.3")
    return _calls(host, asked(program, at(hours=9), "example.com", "192.0.2.99", "192.0.2.10"), call), []


def the_network_saw_the_lookup(host: str) -> tuple[list[Record], list[Finding]]:
    call = connected(Process(host, PROGRAM), at(hours=10), "192.0.2.10", source="10.0.1.4")
    return _calls(host, lookup(at(hours=9), "example.com", "192.0.2.10", source="10.0.1.4"), call), []


def the_handshake_names_it(host: str) -> tuple[list[Record], list[Finding]]:
    call = connected(Process(host, PROGRAM), at(hours=10), "192.0.2.10", source="10.0.1.5")
    greeting = handshake("Cnamed", at(hours=10), "192.0.2.10", "example.com", source="10.0.1.5")
    return _calls(host, asked(Process(host, CHROME), at(hours=9), "example.net", "192.0.2.99"), call, greeting), []


def no_lookup_of_this_host_was_ever_seen(host: str) -> tuple[list[Record], list[Finding]]:
    return _calls(host, connected(Process(host, PROGRAM), at(hours=10), "192.0.2.10", source="10.0.1.6")), []


STORIES: list[Story] = [
    nobody_asked_for_a_name,
    the_network_saw_other_lookups_of_this_host,
    a_file_share_of_the_house,
    the_host_asked_for_its_name,
    the_network_saw_the_lookup,
    the_handshake_names_it,
    no_lookup_of_this_host_was_ever_seen,
]


@pytest.fixture(scope="module")
def told() -> Told:
    return tell("address_without_name", STORIES)


@pytest.mark.parametrize("story", STORIES)
def test_finds_what_the_story_says_and_no_more(story: Story, told: Told) -> None:
    assert told.found[story.__name__] == told.wanted[story.__name__]
    assert told.found["?"] == []
