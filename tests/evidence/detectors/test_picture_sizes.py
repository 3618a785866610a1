"""Pictures of sizes that photographs do not have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from tests.analysis.records import Finding, Process, Record, at, connected, finding, launched, request
from tests.evidence.stories import Story, Told, tell

PROGRAM = r"C:\ProgramData\Helper\helper.exe"
KEY = r"\programdata\helper\helper.exe"
#: Sizes of five photographs of one camera at one scene, of eight at another, and of single ones (public EXIF samples).
PHOTOGRAPHS = (161713, 157382, 157723, 157569, 156695, 139435, 140965, 137611, 140645, 129059, 135813, 133715, 135366)


def _sends(
    host: str, last: int, sizes: Sequence[int], days: int = 3, **fields: Any
) -> tuple[list[Record], list[Record]]:
    """Pictures of these sizes posted by a program to a place of its own; all records, and those of the pictures."""
    program, source, place = Process(host, PROGRAM), f"10.0.1.{last}", f"p{last}.example"
    rows, seen = [launched(program, at(hours=8))], []
    for n, size in enumerate(sizes):
        when, port = at(days=n % days, hours=10, minutes=n), 50000 + n
        rows.append(connected(program, when, "192.0.2.10", 80, source=source, source_port=port))
        told: dict[str, Any] = {"method": "POST", "sent": size, "orig_mime_types": ["image/jpeg"]}
        told |= {"source": source, "source_port": port, **fields}
        seen.append(request(f"C{host}{n}", when, "192.0.2.10", place, "/up", **told))
    return rows + seen, seen


def they_grow_by_blocks(host: str) -> tuple[list[Record], list[Finding]]:
    sizes = [54_321 + 16 * blocks for blocks in (3, 1000, 777, 18, 4444, 919)]
    rows, seen = _sends(host, 1, sizes)
    told = "sent to p1.example 6 pictures of 54369 to 125425 bytes on 3 days: they differ by multiples of 16"
    return rows, [finding(host, KEY, told, seen)]


def they_grow_evenly(host: str) -> tuple[list[Record], list[Finding]]:
    rows, seen = _sends(host, 2, range(10_000, 18_000, 1000))
    told = "sent to p2.example 8 pictures of 10000 to 17000 bytes on 3 days: they differ by multiples of 50"
    return rows, [finding(host, KEY, told, seen)]


def what_it_fetches_grows_by_blocks(host: str) -> tuple[list[Record], list[Finding]]:
    rows, seen = [], []
    sizes = [1_003 + 32 * blocks for blocks in (3, 10, 77, 18, 44, 91)]
    for n, size in enumerate(sizes):
        more, picture = _sends(host, 3, [0], method="GET", orig_mime_types=None, resp_mime_types=["image/gif"])
        moved = dict(picture[0].fields) | {"response_body_len": size, "uid": f"C{host}{n}"}
        moved |= {"time": at(days=n, hours=11), "day": at(days=n).date()}
        rows += more[:1] if n == 0 else []
        rows.append(connected(Process(host, PROGRAM), at(days=n, hours=11), "192.0.2.10", 80, source="10.0.1.3"))
        seen.append(Record("zeek_http", moved, picture[0].number))
    told = "fetched from p3.example 6 pictures of 1099 to 3915 bytes on 6 days: they differ by multiples of 32"
    return rows + seen, [finding(host, KEY, told, seen)]


def all_sent_are_of_one_size(host: str) -> tuple[list[Record], list[Finding]]:
    rows, seen = _sends(host, 4, [77_777] * 10)
    told = "sent to p4.example 10 pictures of 77777 to 77777 bytes on 3 days: all of one size"
    return rows, [finding(host, KEY, told, seen)]


def they_hardly_differ(host: str) -> tuple[list[Record], list[Finding]]:
    rows, seen = _sends(host, 5, [100_000 + n * n for n in range(11)])
    told = "sent to p5.example 11 pictures of 100000 to 100100 bytes on 3 days: they hardly differ"
    return rows, [finding(host, KEY, told, seen)]


def photographs(host: str) -> tuple[list[Record], list[Finding]]:
    return _sends(host, 6, PHOTOGRAPHS)[0], []


def bitmaps(host: str) -> tuple[list[Record], list[Finding]]:
    return _sends(host, 7, [77_777] * 10, orig_mime_types=["image/x-ms-bmp"])[0], []


def five_only(host: str) -> tuple[list[Record], list[Finding]]:
    return _sends(host, 8, [54_321 + 16 * blocks for blocks in (3, 1000, 777, 18, 4444)])[0], []


def on_one_day(host: str) -> tuple[list[Record], list[Finding]]:
    return _sends(host, 9, [77_777] * 10, days=1)[0], []


def nine_of_one_size(host: str) -> tuple[list[Record], list[Finding]]:
    return _sends(host, 10, [77_777] * 9)[0], []


def to_where_others_go(host: str) -> tuple[list[Record], list[Finding]]:
    rows, _ = _sends(host, 11, [77_777] * 10)
    other = Process(host + "2", r"C:\Program Files\Tool\tool.exe")
    rows += [launched(other, at(hours=8)), connected(other, at(hours=9), "192.0.2.10", 80, source="10.0.1.12")]
    return [*rows, request(f"X{host}", at(hours=9), "192.0.2.10", "p11.example", source="10.0.1.12")], []


STORIES: list[Story] = [
    they_grow_by_blocks,
    they_grow_evenly,
    what_it_fetches_grows_by_blocks,
    all_sent_are_of_one_size,
    they_hardly_differ,
    photographs,
    bitmaps,
    five_only,
    on_one_day,
    nine_of_one_size,
    to_where_others_go,
]


@pytest.fixture(scope="module")
def told() -> Told:
    return tell("picture_sizes", STORIES)


@pytest.mark.parametrize("story", STORIES)
def test_finds_what_the_story_says_and_no_more(story: Story, told: Told) -> None:
    assert told.found[story.__name__] == told.wanted[story.__name__]
    assert told.found["?"] == []
