"""A program that another program unpacked or fetched."""

from __future__ import annotations

import pytest
from tests.analysis.records import CHROME, EXPLORER, Finding, Process, Record, at, deleted, finding, launched, wrote
from tests.evidence.stories import Story, Told, tell

DROPPER = r"C:\Users\ann\AppData\Local\Viewer\viewer.exe"
FILE = r"C:\ProgramData\Helper\helper.exe"
KEY = r"\programdata\helper\helper.exe"


def _dropped(host: str, by: Process, hours: float = 1) -> tuple[list[Record], Record]:
    written = wrote(by, at(days=3), FILE)
    return [
        launched(by, at(days=2, hours=20)),
        written,
        launched(Process(host, FILE), at(days=3, hours=hours)),
    ], written


def another_program_wrote_it_then_it_ran(host: str) -> tuple[list[Record], list[Finding]]:
    rows, written = _dropped(host, Process(host, DROPPER))
    return rows, [finding(host, KEY, f"viewer.exe wrote {FILE}, then it ran", [written])]


def an_installer_only_by_name_is_none(host: str) -> tuple[list[Record], list[Finding]]:
    rows, written = _dropped(host, Process(host, r"C:\Users\Public\msiexec.exe"))
    return rows, [finding(host, KEY, f"msiexec.exe wrote {FILE}, then it ran", [written])]


def the_installer_wrote_it(host: str) -> tuple[list[Record], list[Finding]]:
    return _dropped(host, Process(host, r"C:\Windows\System32\msiexec.exe"))[0], []


def a_browser_wrote_it(host: str) -> tuple[list[Record], list[Finding]]:
    return _dropped(host, Process(host, CHROME))[0], []


def the_desktop_wrote_it(host: str) -> tuple[list[Record], list[Finding]]:
    return _dropped(host, Process(host, EXPLORER))[0], []


def it_wrote_itself(host: str) -> tuple[list[Record], list[Finding]]:
    return _dropped(host, Process(host, FILE, "before"))[0], []


def it_was_written_more_than_a_day_before(host: str) -> tuple[list[Record], list[Finding]]:
    return _dropped(host, Process(host, DROPPER), hours=25)[0], []


def another_program_deleted_it_before(host: str) -> tuple[list[Record], list[Finding]]:
    other = Process(host, DROPPER)
    rows = [launched(other, at(hours=8)), deleted(other, at(hours=9), FILE)]
    return [*rows, launched(Process(host, FILE), at(hours=10))], []


def it_wrote_itself_as_it_started(host: str) -> tuple[list[Record], list[Finding]]:
    program = Process(host, FILE)
    return [launched(program, at(hours=9)), wrote(program, at(hours=9, seconds=5), FILE)], []


STORIES: list[Story] = [
    another_program_wrote_it_then_it_ran,
    an_installer_only_by_name_is_none,
    the_installer_wrote_it,
    a_browser_wrote_it,
    the_desktop_wrote_it,
    it_wrote_itself,
    it_was_written_more_than_a_day_before,
    another_program_deleted_it_before,
    it_wrote_itself_as_it_started,
]


@pytest.fixture(scope="module")
def told() -> Told:
    return tell("dropped_by_program", STORIES)


@pytest.mark.parametrize("story", STORIES)
def test_finds_what_the_story_says_and_no_more(story: Story, told: Told) -> None:
    assert told.found[story.__name__] == told.wanted[story.__name__]
    assert told.found["?"] == []
