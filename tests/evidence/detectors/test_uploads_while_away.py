"""Uploads while nobody is at the desktop."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from tests.analysis.records import CHROME, Finding, Process, Record, at, connected, finding, flow, launched
from tests.evidence.stories import Story, Told, tell

PROGRAM = r"C:\ProgramData\Helper\helper.exe"
KEY = r"\programdata\helper\helper.exe"
WEEK = (0, 1, 2, 3, 4, 7)
SIZE = 400_000


def _sends(
    host: str,
    hour: float,
    days: Iterable[int] = (1, 2, 3),
    *,
    people: Iterable[int] = WEEK,
    to: str = "",
    day_too: int = 0,
) -> tuple[list[Record], list[Record], str]:
    """Uploads at this hour of these days, where somebody works from eight to five: all records, those of the flows at
    that hour, and where they went. ``day_too`` bytes more are sent at noon of the first day.
    """
    n = [story.__name__ for story in STORIES].index(host) + 1
    program, source, address = Process(host, PROGRAM), f"10.0.8.{n}", to or f"192.0.2.{n}"
    rows = [launched(program, at(hours=8))]
    for day in people:
        rows += [launched(Process(host, CHROME, f"{day}-{h}"), at(days=day, hours=h)) for h in (8, 11, 14, 17)]
    seen = []
    for day in days:
        when, port = at(days=day, hours=hour), 50000 + day
        ends = {"source": source, "source_port": port}
        rows.append(connected(program, when, address, source=source, source_port=port))
        seen.append(flow(f"C{host}{day}", when, address, sent=SIZE, **ends))  # type: ignore[arg-type]
    if day_too:
        rows.append(connected(program, at(days=1, hours=12), address, source=source, source_port=60000))
        rows.append(flow(f"C{host}noon", at(days=1, hours=12), address, source=source, source_port=60000, sent=day_too))
    return rows + seen, seen, f"{address}:443"


def _told(place: str, away: int, sent: int) -> str:
    return (
        f"sent {place} {away} of {sent} bytes on 3 days when nobody started anything at the desktop for four hours "
        "before or after (somebody did on 6 days)"
    )


def at_two_in_the_morning(host: str) -> tuple[list[Record], list[Finding]]:
    rows, seen, place = _sends(host, 2)
    return rows, [finding(host, KEY, _told(place, 3 * SIZE, 3 * SIZE), seen)]


def at_noon_of_a_weekend_too(host: str) -> tuple[list[Record], list[Finding]]:
    rows, seen, place = _sends(host, 12.5, (5, 6))
    more, late, _ = _sends(host, 2, (1,))
    return rows + more[-2:], [finding(host, KEY, _told(place, 3 * SIZE, 3 * SIZE), late + seen)]


def a_little_of_it_at_noon(host: str) -> tuple[list[Record], list[Finding]]:
    rows, seen, place = _sends(host, 2, day_too=SIZE // 2)
    return rows, [finding(host, KEY, _told(place, 3 * SIZE, 3 * SIZE + SIZE // 2), seen)]


def a_third_of_it_at_noon(host: str) -> tuple[list[Record], list[Finding]]:
    return _sends(host, 2, day_too=SIZE)[0], []


def within_four_hours_of_somebody(host: str) -> tuple[list[Record], list[Finding]]:
    return _sends(host, 4.5)[0], []


def after_a_late_evening(host: str) -> tuple[list[Record], list[Finding]]:
    late = [launched(Process(host, CHROME, f"late{day}"), at(days=day, hours=23)) for day in (0, 1, 2)]
    return _sends(host, 2)[0] + late, []


def on_two_nights(host: str) -> tuple[list[Record], list[Finding]]:
    return _sends(host, 2, (1, 2), day_too=0)[0], []


def after_the_last_that_anybody_was_seen(host: str) -> tuple[list[Record], list[Finding]]:
    return _sends(host, 2, (10, 11, 12))[0], []


def a_server_where_somebody_was_on_four_days(host: str) -> tuple[list[Record], list[Finding]]:
    return _sends(host, 2, people=(0, 1, 2, 7))[0], []


def a_backup_of_two_hosts(host: str) -> tuple[list[Record], list[Finding]]:
    return _sends(host, 2, to="192.0.2.99")[0], []


def the_other_of_the_two(host: str) -> tuple[list[Record], list[Finding]]:
    return _sends(host, 2, to="192.0.2.99")[0], []


STORIES: list[Story] = [
    at_two_in_the_morning,
    at_noon_of_a_weekend_too,
    a_little_of_it_at_noon,
    a_third_of_it_at_noon,
    within_four_hours_of_somebody,
    after_a_late_evening,
    on_two_nights,
    after_the_last_that_anybody_was_seen,
    a_server_where_somebody_was_on_four_days,
    a_backup_of_two_hosts,
    the_other_of_the_two,
]


@pytest.fixture(scope="module")
def told() -> Told:
    return tell("uploads_while_away", STORIES)


@pytest.mark.parametrize("story", STORIES)
def test_finds_what_the_story_says_and_no_more(story: Story, told: Told) -> None:
    assert told.found[story.__name__] == told.wanted[story.__name__]
    assert told.found["?"] == []
