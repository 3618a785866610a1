"""Calls from outside, by few, to a program that listens."""

from __future__ import annotations

import pytest
from tests.analysis.records import Finding, Process, Record, at, connected, finding, flow, launched
from tests.evidence.stories import Story, Told, tell

PROGRAM = r"C:\ProgramData\{}\helper.exe"
OUTSIDE = ("203.0.113.5", "203.0.113.6", "203.0.113.7", "203.0.113.8")
DAYS = (1, 2, 5)


def _called(
    host: str, *callers: str, days: tuple[int, ...] = DAYS, own: str = "", program: str = ""
) -> tuple[list[Record], list[Record]]:
    """Connections from these addresses to the program's port; all records, and those of the connections."""
    n = [story.__name__ for story in STORIES].index(host) + 1
    process, to = Process(host, PROGRAM.format(program or f"Helper{n}")), own or f"10.0.9.{n}"
    rows = [launched(process, at(hours=8)), connected(process, at(hours=9), "198.51.100.1", source=to)]
    seen = [
        connected(process, at(days=day, hours=10), to, 4444, source=caller, Initiated="false")
        for caller in callers
        for day in days
    ]
    return rows + seen, seen


def _found(host: str, seen: list[Record], callers: int = 1) -> list[Finding]:
    n = [story.__name__ for story in STORIES].index(host) + 1
    told = f"called by {', '.join(OUTSIDE[:callers])} on port 4444, {len(seen)} times on 3 days since 2021-03-02"
    return [
        finding(
            host,
            rf"\programdata\helper{n}\helper.exe",
            f"{told}; {callers} address(es) outside call it, it listens so on 1 of {len(STORIES)} hosts",
            seen,
        )
    ]


def by_one_on_three_days(host: str) -> tuple[list[Record], list[Finding]]:
    rows, seen = _called(host, OUTSIDE[0])
    return rows, _found(host, seen)


def on_a_public_address(host: str) -> tuple[list[Record], list[Finding]]:
    rows, seen = _called(host, OUTSIDE[0], own="192.0.2.77")
    return rows, _found(host, seen)


def by_three(host: str) -> tuple[list[Record], list[Finding]]:
    rows, seen = _called(host, *OUTSIDE[:3])
    return rows, _found(host, seen, 3)


def by_the_public(host: str) -> tuple[list[Record], list[Finding]]:
    return _called(host, *OUTSIDE)[0], []


def on_two_days(host: str) -> tuple[list[Record], list[Finding]]:
    return _called(host, OUTSIDE[0], days=(1, 2))[0], []


def from_inside(host: str) -> tuple[list[Record], list[Finding]]:
    return _called(host, "10.0.77.5")[0], []


def by_a_neighbour_on_a_public_address(host: str) -> tuple[list[Record], list[Finding]]:
    return _called(host, "192.0.2.78", own="192.0.2.79")[0], []


def it_called_out_itself(host: str) -> tuple[list[Record], list[Finding]]:
    process = Process(host, PROGRAM.format("Caller"))
    calls = [connected(process, at(days=day), OUTSIDE[0], 4444, source="10.0.9.8") for day in DAYS]
    return [launched(process, at(hours=8)), *calls], []


def a_program_of_two_hosts(host: str) -> tuple[list[Record], list[Finding]]:
    return _called(host, OUTSIDE[0], program="Shared")[0], []


def the_other_of_the_two(host: str) -> tuple[list[Record], list[Finding]]:
    return _called(host, OUTSIDE[0], program="Shared")[0], []


def seen_by_the_wire_alone(host: str) -> tuple[list[Record], list[Finding]]:
    """The program is the port that was called, of the host that had the address."""
    n = [story.__name__ for story in STORIES].index(host) + 1
    quiet = Process(host, PROGRAM.format("Quiet"))
    rows = [connected(quiet, at(days=day, hours=9), "198.51.100.1", source=f"10.0.9.{n}") for day in DAYS]
    seen = [
        flow(f"W{day}", at(days=day, hours=10), f"10.0.9.{n}", 4455, source=OUTSIDE[0], service=None) for day in DAYS
    ]
    told = f"called by {OUTSIDE[0]} on port 4455, 3 times on 3 days since 2021-03-02; 1 address(es) outside call it"
    return rows + seen, [
        finding(host, "network: called on tcp/4455", f"{told}, it listens so on 1 of {len(STORIES)} hosts", seen)
    ]


def knocked_at_in_vain(host: str) -> tuple[list[Record], list[Finding]]:
    n = [story.__name__ for story in STORIES].index(host) + 1
    quiet = Process(host, PROGRAM.format("Shut"))
    rows = [connected(quiet, at(days=day, hours=9), "198.51.100.1", source=f"10.0.9.{n}") for day in DAYS]
    knocks = [
        flow(
            f"K{day}",
            at(days=day, hours=10),
            f"10.0.9.{n}",
            4466,
            source=OUTSIDE[0],
            service=None,
            fetched=0,
            conn_state="REJ",
        )
        for day in DAYS
    ]
    return rows + knocks, []


STORIES: list[Story] = [
    by_one_on_three_days,
    on_a_public_address,
    by_three,
    by_the_public,
    on_two_days,
    from_inside,
    by_a_neighbour_on_a_public_address,
    it_called_out_itself,
    a_program_of_two_hosts,
    the_other_of_the_two,
    seen_by_the_wire_alone,
    knocked_at_in_vain,
]


@pytest.fixture(scope="module")
def told() -> Told:
    return tell("called_from_outside", STORIES)


@pytest.mark.parametrize("story", STORIES)
def test_finds_what_the_story_says_and_no_more(story: Story, told: Told) -> None:
    assert told.found[story.__name__] == told.wanted[story.__name__]
    assert told.found["?"] == []
