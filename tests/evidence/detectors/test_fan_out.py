"""Many machines inside reached in one day, unlike any other day."""

from __future__ import annotations

import pytest
from tests.analysis.records import Finding, Process, Record, at, connected, finding, flow, launched
from tests.evidence.stories import Story, Told, tell

PROGRAM = r"C:\ProgramData\Helper\helper.exe"
KEY = r"\programdata\helper\helper.exe"


def _reaches(
    host: str, days: dict[int, int], state: str = "SF", net: str = "10.9", source: str = ""
) -> tuple[list[Record], dict[int, list[Record]]]:
    """So many addresses inside on each of these days: all records, and those of each day's flows."""
    n = [story.__name__ for story in STORIES].index(host) + 1
    program, source = Process(host, PROGRAM), source or f"10.0.7.{n}"
    rows = [launched(program, at(hours=8))]
    seen: dict[int, list[Record]] = {}
    for day, count in days.items():
        seen[day] = []
        for each in range(count):
            when, port, to = at(days=day, hours=10, seconds=each), 50000 + 100 * day + each, f"{net}.{n}.{each}"
            rows.append(connected(program, when, to, 445, source=source, source_port=port))
            uid = f"C{host}{day}-{each}"
            ends = flow(uid, when, to, 445, source=source, source_port=port, service=None, conn_state=state)
            seen[day].append(ends)
    return rows + [row for each in seen.values() for row in each], seen


def _found(host: str, seen: list[Record], day: str, before: tuple[int, int], silent: int = 0) -> list[Finding]:
    told = f"reached for {len(seen)} addresses inside on {day} (ports 445), {silent} of them without an answer"
    whole = finding(host, KEY, f"{told}; at most {before[0]} on {before[1]} days before", seen)
    return [Finding(**{**whole.__dict__, "refs": whole.refs[:20]})]


def twenty_after_three_quiet_days(host: str) -> tuple[list[Record], list[Finding]]:
    rows, seen = _reaches(host, {0: 1, 1: 5, 2: 1, 3: 20})
    return rows, _found(host, seen[3], "2021-03-04", (5, 3))


def ten_of_which_none_answered(host: str) -> tuple[list[Record], list[Finding]]:
    rows, seen = _reaches(host, {0: 1, 1: 1, 2: 1, 3: 10}, state="S0")
    return rows, _found(host, seen[3], "2021-03-04", (1, 3), silent=10)


def public_addresses_beside_its_own(host: str) -> tuple[list[Record], list[Finding]]:
    rows, seen = _reaches(host, {0: 1, 1: 1, 2: 1, 3: 20}, net="198.51", source="198.51.3.200")
    return rows, _found(host, seen[3], "2021-03-04", (1, 3))


def nineteen(host: str) -> tuple[list[Record], list[Finding]]:
    return _reaches(host, {0: 1, 1: 1, 2: 1, 3: 19})[0], []


def ten_that_answered(host: str) -> tuple[list[Record], list[Finding]]:
    return _reaches(host, {0: 1, 1: 1, 2: 1, 3: 10})[0], []


def public_addresses_elsewhere(host: str) -> tuple[list[Record], list[Finding]]:
    return _reaches(host, {0: 1, 1: 1, 2: 1, 3: 20}, net="203.0")[0], []


def on_the_second_day_of_the_records(host: str) -> tuple[list[Record], list[Finding]]:
    return _reaches(host, {0: 1, 1: 20})[0], []


def three_times_the_most_before(host: str) -> tuple[list[Record], list[Finding]]:
    return _reaches(host, {0: 1, 1: 7, 2: 1, 3: 21})[0], []


def an_inventory_that_begins_and_goes_on(host: str) -> tuple[list[Record], list[Finding]]:
    return _reaches(host, {0: 1, 1: 1, 2: 1, 3: 20, 4: 20, 5: 21})[0], []


STORIES: list[Story] = [
    twenty_after_three_quiet_days,
    ten_of_which_none_answered,
    public_addresses_beside_its_own,
    nineteen,
    ten_that_answered,
    public_addresses_elsewhere,
    on_the_second_day_of_the_records,
    three_times_the_most_before,
    an_inventory_that_begins_and_goes_on,
]


@pytest.fixture(scope="module")
def told() -> Told:
    return tell("fan_out", STORIES)


@pytest.mark.parametrize("story", STORIES)
def test_finds_what_the_story_says_and_no_more(story: Story, told: Told) -> None:
    assert told.found[story.__name__] == told.wanted[story.__name__]
    assert told.found["?"] == []
