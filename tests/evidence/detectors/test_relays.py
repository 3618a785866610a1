"""Going out whenever another machine of the fleet has just called."""

from __future__ import annotations

import pytest
from tests.analysis.records import Finding, Process, Record, at, connected, finding, launched
from tests.evidence.stories import Story, Told, tell

PROGRAM = r"C:\ProgramData\Helper\helper.exe"
KEY = r"\programdata\helper\helper.exe"
SYSTEM = "System"
DAYS = (1, 2, 3)


def _relay(
    host: str,
    *,
    days: tuple[int, ...] = DAYS,
    minutes: float = 5,
    more: int = 0,
    callers: int = 1,
    every: float = 0,
    port: int = 445,
    hour: float = 10,
) -> tuple[list[Record], list[Record]]:
    """Calls by neighbours at ten (or another hour), and the program going out so many minutes later; ``more`` times at
    two without one, and calls ``every`` so many minutes where given. All records, and those of going out after a call.
    """
    n = [story.__name__ for story in STORIES].index(host) + 1
    program, own, to = Process(host, PROGRAM), f"10.8.{n}.1", f"192.0.2.{n}"
    rows, seen = [launched(program, at(hours=8))], []
    for day in days:
        for caller in range(callers):
            other = Process(f"peer{n}-{caller}", SYSTEM)
            times = [day * 1440 + k * every for k in range(int(1440 / every))] if every else [day * 1440 + hour * 60]
            source = f"10.8.{n}.{10 + caller}"
            rows += [connected(other, at(minutes=when), own, port, source=source) for when in times]
        seen.append(connected(program, at(days=day, hours=hour, minutes=minutes), to, source=own))
    rows += [connected(program, at(days=1, hours=14, minutes=k), to, source=own) for k in range(more)]
    return rows + seen, seen


def _found(host: str, seen: list[Record], all_times: int, port: int = 445) -> list[Finding]:
    n = [story.__name__ for story in STORIES].index(host) + 1
    told = f"went out to 192.0.2.{n}:443 within ten minutes of a call by peer{n}-0 (port {port}) 3 times on 3 days"
    return [finding(host, KEY, f"{told}, {all_times} times in all", seen)]


def after_every_call_of_a_neighbour(host: str) -> tuple[list[Record], list[Finding]]:
    rows, seen = _relay(host)
    return rows, _found(host, seen, 3)


def after_remote_desktop(host: str) -> tuple[list[Record], list[Finding]]:
    rows, seen = _relay(host, port=3389)
    return rows, _found(host, seen, 3, 3389)


def after_calls_before_midnight(host: str) -> tuple[list[Record], list[Finding]]:
    rows, seen = _relay(host, hour=23.95)
    return rows, _found(host, seen, 3)


def a_quarter_of_an_hour_later_over_midnight(host: str) -> tuple[list[Record], list[Finding]]:
    return _relay(host, hour=23.8, minutes=15)[0], []


def half_of_the_time_by_itself(host: str) -> tuple[list[Record], list[Finding]]:
    rows, seen = _relay(host, more=3)
    return rows, _found(host, seen, 6)


def mostly_by_itself(host: str) -> tuple[list[Record], list[Finding]]:
    return _relay(host, more=4)[0], []


def on_two_days(host: str) -> tuple[list[Record], list[Finding]]:
    return _relay(host, days=(1, 2))[0], []


def a_quarter_of_an_hour_later(host: str) -> tuple[list[Record], list[Finding]]:
    return _relay(host, minutes=15)[0], []


def before_the_call(host: str) -> tuple[list[Record], list[Finding]]:
    return _relay(host, minutes=-5)[0], []


def a_server_is_called_by_many(host: str) -> tuple[list[Record], list[Finding]]:
    return _relay(host, callers=3)[0], []


def a_neighbour_that_calls_all_the_time(host: str) -> tuple[list[Record], list[Finding]]:
    return _relay(host, every=30)[0], []


def another_service(host: str) -> tuple[list[Record], list[Finding]]:
    return _relay(host, port=8080)[0], []


STORIES: list[Story] = [
    after_every_call_of_a_neighbour,
    after_remote_desktop,
    after_calls_before_midnight,
    a_quarter_of_an_hour_later_over_midnight,
    half_of_the_time_by_itself,
    mostly_by_itself,
    on_two_days,
    a_quarter_of_an_hour_later,
    before_the_call,
    a_server_is_called_by_many,
    a_neighbour_that_calls_all_the_time,
    another_service,
]


@pytest.fixture(scope="module")
def told() -> Told:
    return tell("relays", STORIES)


@pytest.mark.parametrize("story", STORIES)
def test_finds_what_the_story_says_and_no_more(story: Story, told: Told) -> None:
    assert told.found[story.__name__] == told.wanted[story.__name__]
    assert told.found["?"] == []
