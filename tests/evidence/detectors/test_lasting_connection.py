"""A connection that lives for days, to where hardly anyone else goes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.analysis.records import Finding, Process, Record, at, connected, finding, flow
from tests.evidence.stories import Story, Told, tell

DAY = 86400.0
PROGRAM = "network: tcp/ssl"


def _flows(host: str, to: str, *seconds: float) -> list[Record]:
    """Connections on one day after the other, which only the network saw; the host's own words tell its address."""
    ip = f"10.0.5.{[story.__name__ for story in STORIES].index(host) + 1}"
    return [
        flow(f"{host}{day}", at(days=day), to, source=ip, source_port=50000 + day, duration=each)
        for day, each in enumerate(seconds)
    ]


def _told(host: str, flows: list[Record]) -> list[Record]:
    quiet = Process(host, r"C:\Windows\System32\svchost.exe")
    words = [connected(quiet, each.fields["time"], "10.0.5.250", source=each.fields["id_orig_h"]) for each in flows]
    return [*words, *flows]


def for_two_days(host: str) -> tuple[list[Record], list[Finding]]:
    seen = _flows(host, "192.0.2.1", 2 * DAY, DAY, 60.0)
    sentence = f"stays connected to 192.0.2.1:443 for 48 hours at a time, 2 time(s); 1 of {len(STORIES)} hosts go there"
    return _told(host, seen), [finding(host, PROGRAM, sentence, seen[:2], last=at() + timedelta(days=2))]


def for_less_than_a_day(host: str) -> tuple[list[Record], list[Finding]]:
    return _told(host, _flows(host, "192.0.2.2", DAY - 1, DAY - 1, DAY - 1)), []


def to_a_place_of_two_hosts(host: str) -> tuple[list[Record], list[Finding]]:
    return _told(host, _flows(host, "192.0.2.3", 3 * DAY)), []


def the_other_of_the_two(host: str) -> tuple[list[Record], list[Finding]]:
    return _told(host, _flows(host, "192.0.2.3", 60.0)), []


def inside(host: str) -> tuple[list[Record], list[Finding]]:
    return _told(host, _flows(host, "10.0.6.1", 3 * DAY)), []


STORIES: list[Story] = [for_two_days, for_less_than_a_day, to_a_place_of_two_hosts, the_other_of_the_two, inside]


@pytest.fixture(scope="module")
def told() -> Told:
    return tell("lasting_connection", STORIES)


@pytest.mark.parametrize("story", STORIES)
def test_finds_what_the_story_says_and_no_more(story: Story, told: Told) -> None:
    assert told.found[story.__name__] == told.wanted[story.__name__]
    assert told.found["?"] == []
