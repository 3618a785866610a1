"""Destinations that are new to the fleet, of programs that are not."""

from __future__ import annotations

import pytest
from tests.analysis.records import Finding, Process, Record, at, connected, finding, launched
from tests.evidence.stories import Story, Told, tell

PROGRAM = r"C:\ProgramData\Helper\helper.exe"
KEY = r"\programdata\helper\helper.exe"


def _calls(
    host: str, *days: int, to: str = "", image: str = PROGRAM, first: int = 0
) -> tuple[list[Record], list[Record], str]:
    """Calls to one place at ten o'clock of these days, beside others to a place where everybody goes daily."""
    n = [story.__name__ for story in STORIES].index(host) + 1
    program, source, address = Process(host, image), f"10.0.5.{n}", to or f"192.0.2.{n}"
    common = [connected(program, at(days=day, hours=9), "198.51.100.1", source=source) for day in range(first, 8)]
    seen = [connected(program, at(days=day, hours=10), address, source=source) for day in days]
    return [launched(program, at(hours=8)), *common, *seen], seen, f"{address}:443"


def _found(host: str, before: int, since: str, *days: int) -> tuple[list[Record], list[Finding]]:
    rows, seen, place = _calls(host, *days)
    told = f"talks on {len(days)} days to {place}, where no host had gone on {before} days watched before {since}"
    return rows, [finding(host, KEY, f"{told}; 1 of {len(STORIES)} do", seen)]


def after_a_week_of_watching(host: str) -> tuple[list[Record], list[Finding]]:
    return _found(host, 7, "2021-03-08", 7, 8, 9)


def days_without_a_record_are_not_watched(host: str) -> tuple[list[Record], list[Finding]]:
    return _found(host, 12, "2021-03-31", 30, 31, 32)


def within_the_first_week(host: str) -> tuple[list[Record], list[Finding]]:
    return _calls(host, 6, 7, 8)[0], []


def on_two_days_only(host: str) -> tuple[list[Record], list[Finding]]:
    return _calls(host, 7, 8)[0], []


def where_two_go(host: str) -> tuple[list[Record], list[Finding]]:
    return _calls(host, 7, 8, 9, to="192.0.2.99")[0], []


def the_other_of_the_two(host: str) -> tuple[list[Record], list[Finding]]:
    return _calls(host, 7, 8, 9, to="192.0.2.99")[0], []


def a_program_that_is_new_itself(host: str) -> tuple[list[Record], list[Finding]]:
    return _calls(host, 8, 9, 10, image=PROGRAM.replace("helper.exe", "new.exe"), first=2)[0], []


def a_program_known_for_a_week(host: str) -> tuple[list[Record], list[Finding]]:
    rows, seen, place = _calls(host, 9, 10, 11, image=PROGRAM.replace("helper.exe", "known.exe"), first=2)
    told = f"talks on 3 days to {place}, where no host had gone on 9 days watched before 2021-03-10"
    return rows, [finding(host, KEY.replace("helper.exe", "known.exe"), f"{told}; 1 of {len(STORIES)} do", seen)]


STORIES: list[Story] = [
    after_a_week_of_watching,
    days_without_a_record_are_not_watched,
    within_the_first_week,
    on_two_days_only,
    where_two_go,
    the_other_of_the_two,
    a_program_that_is_new_itself,
    a_program_known_for_a_week,
]


@pytest.fixture(scope="module")
def told() -> Told:
    return tell("new_destination", STORIES)


@pytest.mark.parametrize("story", STORIES)
def test_finds_what_the_story_says_and_no_more(story: Story, told: Told) -> None:
    assert told.found[story.__name__] == told.wanted[story.__name__]
    assert told.found["?"] == []
