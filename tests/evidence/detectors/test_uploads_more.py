"""More bytes out than in, over the whole stay."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.analysis.records import Finding, Process, Record, at, connected, finding, flow, launched
from tests.evidence.stories import Story, Told, tell

PROGRAM = r"C:\ProgramData\Helper\helper.exe"
KEY = r"\programdata\helper\helper.exe"
MEGABYTE = 1_000_000


def _place(source: str) -> str:
    """Every host's own."""
    return f"192.0.2.{100 + int(source.rpartition('.')[2])}"


def _sends(host: str, source: str, *sizes: tuple[int, int], days: int = 1) -> tuple[list[Record], list[Record]]:
    """Connections by the program to a place of its own, so many days apart, with bytes out and in."""
    rows, seen = [launched(Process(host, PROGRAM), at(hours=8))], []
    for n, (sent, fetched) in enumerate(sizes):
        when, port = at(days=n * days, hours=10), 50000 + n
        rows.append(connected(Process(host, PROGRAM), when, _place(source), source=source, source_port=port))
        seen.append(
            flow(f"C{host}{n}", when, _place(source), source=source, source_port=port, sent=sent, fetched=fetched)
        )
    return rows + seen, seen


def _sentence(source: str, sent: int, fetched: int) -> str:
    return f"sent {sent} bytes to {_place(source)}:443, fetched {fetched}"


def one_large_upload(host: str) -> tuple[list[Record], list[Finding]]:
    rows, seen = _sends(host, "10.0.1.1", (MEGABYTE, MEGABYTE // 2))
    return rows, [finding(host, KEY, _sentence("10.0.1.1", MEGABYTE, MEGABYTE // 2), seen)]


def small_uploads_over_a_month_add_up(host: str) -> tuple[list[Record], list[Finding]]:
    rows, seen = _sends(host, "10.0.1.2", *[(40_000, 10_000)] * 30)
    whole = finding(host, KEY, _sentence("10.0.1.2", 1_200_000, 300_000), seen)
    return rows, [replace(whole, refs=whole.refs[:20])]


def the_place_that_got_most_is_named(host: str) -> tuple[list[Record], list[Finding]]:
    rows, _ = _sends(host, "10.0.1.3", (2 * MEGABYTE, 0))
    program = Process(host, PROGRAM)
    more = flow("Cmore", at(days=1), "192.0.2.11", source="10.0.1.3", sent=3 * MEGABYTE, fetched=0)
    rows += [connected(program, at(days=1), "192.0.2.11", source="10.0.1.3"), more]
    return rows, [finding(host, KEY, "sent 3000000 bytes to 192.0.2.11:443, fetched 0", [more])]


def _shares(host: str, source: str, place: str) -> tuple[list[Record], list[Record]]:
    """The system writes two megabytes to a file share."""
    system, when = Process(host, "System"), at(hours=10)
    seen = [flow(f"C{host}", when, place, 445, source=source, sent=2 * MEGABYTE, fetched=0)]
    return [connected(system, when, place, 445, source=source), *seen], seen


def to_a_file_share_of_the_house(host: str) -> tuple[list[Record], list[Finding]]:
    return _shares(host, "10.0.1.12", "10.0.7.7")[0], []


def to_a_file_share_outside(host: str) -> tuple[list[Record], list[Finding]]:
    rows, seen = _shares(host, "10.0.1.13", "192.0.2.13")
    return rows, [finding(host, "system", "sent 2000000 bytes to 192.0.2.13:445, fetched 0", seen)]


def less_than_a_megabyte(host: str) -> tuple[list[Record], list[Finding]]:
    return _sends(host, "10.0.1.4", (MEGABYTE - 1, 0))[0], []


def it_fetched_more_than_half_of_it(host: str) -> tuple[list[Record], list[Finding]]:
    return _sends(host, "10.0.1.5", (MEGABYTE, MEGABYTE // 2 + 1))[0], []


def one_upload_among_downloads(host: str) -> tuple[list[Record], list[Finding]]:
    return _sends(host, "10.0.1.6", (2 * MEGABYTE, 1000), (1000, 2 * MEGABYTE))[0], []


def half_a_megabyte_to_each_of_two_places(host: str) -> tuple[list[Record], list[Finding]]:
    rows, _ = _sends(host, "10.0.1.7", (MEGABYTE // 2, 0))
    other = flow("Chalf", at(days=1), "192.0.2.12", source="10.0.1.7", sent=MEGABYTE // 2, fetched=0)
    return [*rows, connected(Process(host, PROGRAM), at(days=1), "192.0.2.12", source="10.0.1.7"), other], []


def nobody_counted_the_bytes(host: str) -> tuple[list[Record], list[Finding]]:
    program = Process(host, PROGRAM)
    return [launched(program, at(hours=8)), connected(program, at(hours=10), "192.0.2.10", source="10.0.1.8")], []


def to_where_another_host_goes(host: str) -> tuple[list[Record], list[Finding]]:
    rows, _ = _sends(host, "10.0.1.20", (2 * MEGABYTE, 0))
    return rows, []


def the_other_host(host: str) -> tuple[list[Record], list[Finding]]:
    return [flow("Cother", at(hours=9), _place("10.0.1.20"), source="10.0.1.21", sent=1, fetched=1)], []


STORIES: list[Story] = [
    to_where_another_host_goes,
    the_other_host,
    one_large_upload,
    small_uploads_over_a_month_add_up,
    the_place_that_got_most_is_named,
    to_a_file_share_of_the_house,
    to_a_file_share_outside,
    less_than_a_megabyte,
    it_fetched_more_than_half_of_it,
    one_upload_among_downloads,
    half_a_megabyte_to_each_of_two_places,
    nobody_counted_the_bytes,
]


@pytest.fixture(scope="module")
def told() -> Told:
    return tell("uploads_more", STORIES)


@pytest.mark.parametrize("story", STORIES)
def test_finds_what_the_story_says_and_no_more(story: Story, told: Told) -> None:
    assert told.found[story.__name__] == told.wanted[story.__name__]
    assert told.found["?"] == []
