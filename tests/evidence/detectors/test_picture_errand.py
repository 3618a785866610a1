"""The same small picture down again and again, and more up."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle

import pytest
from tests.analysis.records import Finding, Process, Record, at, connected, finding, flow, launched, request
from tests.evidence.stories import Story, Told, tell

PROGRAM = r"C:\ProgramData\Helper\helper.exe"
KEY = r"\programdata\helper\helper.exe"
PICTURES = [900] * 10
POSTS = [40_000, 50_000, 60_000]


def _asks(
    host: str, pictures: Sequence[int], posts: Sequence[int], *, mime: str = "image/gif", days: int = 3, to: str = ""
) -> tuple[list[Record], list[Record], str]:
    """Pictures of these sizes fetched, and bodies of these sizes posted, over so many days: all records, those of the
    requests, and the name of the place.
    """
    n = [story.__name__ for story in STORIES].index(host) + 1
    program, source, name = Process(host, PROGRAM), f"10.0.11.{n}", to or f"www{n}.example"
    rows, seen = [launched(program, at(hours=8))], []
    asked = [(size, 0) for size in pictures] + [(0, size) for size in posts]
    for (fetched, sent), (number, day) in zip(asked, enumerate(cycle(range(days))), strict=False):
        when, port, uid = at(days=day, hours=10, minutes=number), 50000 + number, f"C{host}{number}"
        rows.append(connected(program, when, "192.0.2.9", 80, source=source, source_port=port))
        rows.append(flow(uid, when, "192.0.2.9", 80, source=source, source_port=port, service="http"))
        seen.append(
            request(
                uid,
                when,
                "192.0.2.9",
                name,
                method="POST" if sent else "GET",
                source=source,
                source_port=port,
                sent=sent,
                fetched=fetched,
                resp_mime_types=[mime] if fetched else None,
            )
        )
    return rows + seen, seen, name


def one_picture_ten_times_and_more_up(host: str) -> tuple[list[Record], list[Finding]]:
    rows, seen, name = _asks(host, PICTURES, POSTS)
    told = f"fetched a picture of 900 bytes 10 times on 3 days from {name} and posted 3 bodies of 40000 to 60000 bytes"
    return rows, [finding(host, KEY, f"{told}, 150000 in all", seen)]


def nine_times(host: str) -> tuple[list[Record], list[Finding]]:
    return _asks(host, PICTURES[:9], POSTS)[0], []


def pictures_of_a_page(host: str) -> tuple[list[Record], list[Finding]]:
    return _asks(host, [*PICTURES, 901, 902], POSTS)[0], []


def bodies_of_one_size(host: str) -> tuple[list[Record], list[Finding]]:
    return _asks(host, PICTURES, [50_000] * 3)[0], []


def less_than_ten_times_as_much_up(host: str) -> tuple[list[Record], list[Finding]]:
    return _asks(host, PICTURES, [40_000, 49_999])[0], []


def no_pictures(host: str) -> tuple[list[Record], list[Finding]]:
    return _asks(host, PICTURES, POSTS, mime="text/plain")[0], []


def on_two_days(host: str) -> tuple[list[Record], list[Finding]]:
    return _asks(host, PICTURES, POSTS, days=2)[0], []


def where_two_hosts_go(host: str) -> tuple[list[Record], list[Finding]]:
    return _asks(host, PICTURES, POSTS, to="shared.example")[0], []


def the_other_of_the_two(host: str) -> tuple[list[Record], list[Finding]]:
    return _asks(host, PICTURES, POSTS, to="shared.example")[0], []


STORIES: list[Story] = [
    one_picture_ten_times_and_more_up,
    nine_times,
    pictures_of_a_page,
    bodies_of_one_size,
    less_than_ten_times_as_much_up,
    no_pictures,
    on_two_days,
    where_two_hosts_go,
    the_other_of_the_two,
]


@pytest.fixture(scope="module")
def told() -> Told:
    return tell("picture_errand", STORIES)


@pytest.mark.parametrize("story", STORIES)
def test_finds_what_the_story_says_and_no_more(story: Story, told: Told) -> None:
    assert told.found[story.__name__] == told.wanted[story.__name__]
    assert told.found["?"] == []
