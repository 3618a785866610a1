"""HTTP requests that name no host."""

from __future__ import annotations

import pytest
from tests.analysis.records import Finding, Process, Record, at, connected, finding, flow, launched, request
from tests.evidence.stories import Story, Told, tell

PROGRAM = r"C:\ProgramData\Helper\helper.exe"
KEY = r"\programdata\helper\helper.exe"


def _asks(host: str, name: str | None, to: str = "") -> tuple[list[Record], list[Record], str]:
    """Two requests with this Host, a day apart: all records, those of the requests, and where they went."""
    n = [story.__name__ for story in STORIES].index(host) + 1
    program, source, address = Process(host, PROGRAM), f"10.0.3.{n}", to or f"192.0.2.{n}"
    rows, seen = [launched(program, at(hours=8))], []
    for day in (1, 2):
        when, uid, port = at(days=day, hours=10), f"C{host}{day}", 50000 + day
        rows.append(connected(program, when, address, 80, source=source, source_port=port))
        rows.append(flow(uid, when, address, 80, source=source, source_port=port, service="http"))
        seen.append(request(uid, when, address, name or "", source=source, source_port=port))
    return rows + seen, seen, f"{address}:80"


def _found(host: str, name: str | None) -> tuple[list[Record], list[Finding]]:
    rows, seen, place = _asks(host, name)
    many = len(STORIES)
    sentence = f"2 HTTP requests to {place} with no name as Host; 1 of {many} hosts go there, since 2021-03-02"
    return rows, [finding(host, KEY, sentence, seen)]


def no_host_at_all(host: str) -> tuple[list[Record], list[Finding]]:
    return _found(host, None)


def its_own_address(host: str) -> tuple[list[Record], list[Finding]]:
    return _found(host, "192.0.2.2")


def its_own_address_and_port(host: str) -> tuple[list[Record], list[Finding]]:
    return _found(host, "192.0.2.3:80")


def the_address_of_another(host: str) -> tuple[list[Record], list[Finding]]:
    return _found(host, "198.51.100.7")


def an_address_of_version_six(host: str) -> tuple[list[Record], list[Finding]]:
    return _found(host, "[2001:db8::7]")


def a_name(host: str) -> tuple[list[Record], list[Finding]]:
    return _asks(host, "www.example")[0], []


def a_name_of_numbers(host: str) -> tuple[list[Record], list[Finding]]:
    return _asks(host, "1.2.3.example")[0], []


def a_printer_that_two_ask(host: str) -> tuple[list[Record], list[Finding]]:
    return _asks(host, "192.0.2.99", "192.0.2.99")[0], []


def the_other_of_the_two(host: str) -> tuple[list[Record], list[Finding]]:
    return _asks(host, "192.0.2.99", "192.0.2.99")[0], []


STORIES: list[Story] = [
    no_host_at_all,
    its_own_address,
    its_own_address_and_port,
    the_address_of_another,
    an_address_of_version_six,
    a_name,
    a_name_of_numbers,
    a_printer_that_two_ask,
    the_other_of_the_two,
]


@pytest.fixture(scope="module")
def told() -> Told:
    return tell("request_to_address", STORIES)


@pytest.mark.parametrize("story", STORIES)
def test_finds_what_the_story_says_and_no_more(story: Story, told: Told) -> None:
    assert told.found[story.__name__] == told.wanted[story.__name__]
    assert told.found["?"] == []
