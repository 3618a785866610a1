"""Small uploads of one size, day after day."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from tests.analysis.records import Finding, Process, Record, at, connected, finding, flow, launched
from tests.evidence.stories import Story, Told, tell

PROGRAM = r"C:\ProgramData\Helper\helper.exe"
KEY = r"\programdata\helper\helper.exe"
WEEK = [20_000, 22_000, 19_000, 21_000, 20_000, 18_000, 20_000]


def _sends(
    host: str, sent: Sequence[int], fetched: int = 1_000, to: str = ""
) -> tuple[list[Record], list[Record], str]:
    """One upload a day, of these sizes: all records, those of the flows, and where they went."""
    n = [story.__name__ for story in STORIES].index(host) + 1
    program, source, address = Process(host, PROGRAM), f"10.0.6.{n}", to or f"192.0.2.{n}"
    rows, seen = [launched(program, at(hours=8))], []
    for day, size in enumerate(sent):
        when, port = at(days=day, hours=10), 50000 + day
        rows.append(connected(program, when, address, source=source, source_port=port))
        seen.append(flow(f"C{host}{day}", when, address, source=source, source_port=port, sent=size, fetched=fetched))
    return rows + seen, seen, f"{address}:443"


def much_the_same_on_seven_days(host: str) -> tuple[list[Record], list[Finding]]:
    rows, seen, place = _sends(host, WEEK)
    told = f"sent {place} 18000 to 22000 bytes on each of 7 days, 140000 in all, against 7000 fetched"
    return rows, [finding(host, KEY, f"{told}; 1 of {len(STORIES)} hosts go there", seen)]


def and_next_to_nothing_on_one_day_in_five(host: str) -> tuple[list[Record], list[Finding]]:
    rows, seen, place = _sends(host, [*WEEK, 20_000, 100, 100])
    told = f"sent {place} 18000 to 22000 bytes on each of 8 days, 160200 in all, against 10000 fetched"
    return rows, [finding(host, KEY, f"{told}; 1 of {len(STORIES)} hosts go there", seen)]


def on_six_days(host: str) -> tuple[list[Record], list[Finding]]:
    return _sends(host, WEEK[:6])[0], []


def now_much_now_little(host: str) -> tuple[list[Record], list[Finding]]:
    return _sends(host, [20_000, 40_000] * 4)[0], []


def it_fetched_more_on_every_day(host: str) -> tuple[list[Record], list[Finding]]:
    return _sends(host, WEEK, fetched=30_000)[0], []


def less_than_ten_kilobytes_a_day(host: str) -> tuple[list[Record], list[Finding]]:
    return _sends(host, [9_999] * 8)[0], []


def on_seven_days_of_ten(host: str) -> tuple[list[Record], list[Finding]]:
    return _sends(host, [*WEEK, 100, 100, 100])[0], []


def where_two_hosts_send(host: str) -> tuple[list[Record], list[Finding]]:
    return _sends(host, WEEK, to="192.0.2.99")[0], []


def the_other_of_the_two(host: str) -> tuple[list[Record], list[Finding]]:
    return _sends(host, WEEK, to="192.0.2.99")[0], []


STORIES: list[Story] = [
    much_the_same_on_seven_days,
    and_next_to_nothing_on_one_day_in_five,
    on_six_days,
    now_much_now_little,
    it_fetched_more_on_every_day,
    less_than_ten_kilobytes_a_day,
    on_seven_days_of_ten,
    where_two_hosts_send,
    the_other_of_the_two,
]


@pytest.fixture(scope="module")
def told() -> Told:
    return tell("steady_uploads", STORIES)


@pytest.mark.parametrize("story", STORIES)
def test_finds_what_the_story_says_and_no_more(story: Story, told: Told) -> None:
    assert told.found[story.__name__] == told.wanted[story.__name__]
    assert told.found["?"] == []
