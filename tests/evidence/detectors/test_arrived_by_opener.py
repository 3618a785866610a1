"""Arrival by download or document."""

from __future__ import annotations

import pytest
from tests.analysis.records import (
    CHROME,
    EXPLORER,
    OUTLOOK,
    Finding,
    Process,
    Record,
    at,
    connected,
    finding,
    launched,
    marked,
    wrote,
)
from tests.evidence.stories import Story, Told, tell

FILE = r"C:\Users\ann\Downloads\invoice.exe"
KEY = r"\users\*\downloads\invoice.exe"


def browser_wrote_it_then_it_ran(host: str) -> tuple[list[Record], list[Finding]]:
    chrome = Process(host, CHROME)
    written, mark = wrote(chrome, at(hours=10), FILE), marked(chrome, at(hours=10, seconds=1), FILE)
    rows = [launched(chrome, at(hours=9)), written, mark, launched(Process(host, FILE), at(hours=11))]
    return rows, [finding(host, KEY, f"chrome.exe wrote {FILE}, then it ran", [written, mark])]


def the_mark_says_where_it_came_from(host: str) -> tuple[list[Record], list[Finding]]:
    chrome = Process(host, CHROME)
    contents = "[ZoneTransfer]  ZoneId=3  ReferrerUrl=http://a.example/  HostUrl=http://b.example/tool.exe?x=1  "
    mark = marked(chrome, at(hours=10), FILE, contents)
    sentence = f"chrome.exe wrote {FILE} from http://b.example/tool.exe?x=1, then it ran"
    return [mark, launched(Process(host, FILE), at(hours=11))], [finding(host, KEY, sentence, [mark])]


def mail_wrote_it_thirty_days_before(host: str) -> tuple[list[Record], list[Finding]]:
    mail = Process(host, OUTLOOK)
    written = wrote(mail, at(hours=10), FILE)
    rows = [launched(mail, at(hours=9)), written, launched(Process(host, FILE), at(days=30, hours=10))]
    return rows, [finding(host, KEY, f"outlook.exe wrote {FILE}, then it ran", [written])]


def mark_of_the_internet_says_it_although_a_copy_ran(host: str) -> tuple[list[Record], list[Finding]]:
    desktop = Process(host, EXPLORER)
    mark = marked(desktop, at(hours=10), FILE, Contents=None)
    rows = [wrote(desktop, at(hours=10), FILE), mark, launched(Process(host, FILE), at(hours=11))]
    return rows, [finding(host, KEY, f"explorer.exe wrote {FILE}, then it ran", [mark])]


def mark_of_the_intranet_is_none(host: str) -> tuple[list[Record], list[Finding]]:
    desktop = Process(host, EXPLORER)
    mark = marked(desktop, at(hours=10), FILE, "[ZoneTransfer]\r\nZoneId=1")
    return [wrote(desktop, at(hours=10), FILE), mark, launched(Process(host, FILE), at(hours=11))], []


def person_copied_it(host: str) -> tuple[list[Record], list[Finding]]:
    return [wrote(Process(host, EXPLORER), at(hours=10), FILE), launched(Process(host, FILE), at(hours=11))], []


def browser_wrote_it_long_before(host: str) -> tuple[list[Record], list[Finding]]:
    chrome = Process(host, CHROME)
    return [wrote(chrome, at(hours=10), FILE), launched(Process(host, FILE), at(days=31, hours=10))], []


def browser_wrote_it_after_it_had_run(host: str) -> tuple[list[Record], list[Finding]]:
    chrome = Process(host, CHROME)
    return [launched(Process(host, FILE), at(hours=9)), wrote(chrome, at(hours=10), FILE)], []


def browser_wrote_it_and_it_never_ran(host: str) -> tuple[list[Record], list[Finding]]:
    chrome = Process(host, CHROME)
    return [launched(chrome, at(hours=9)), wrote(chrome, at(hours=10), FILE)], []


def the_writer_has_only_a_browsers_name(host: str) -> tuple[list[Record], list[Finding]]:
    pretender = Process(host, r"C:\Users\Public\chrome.exe")
    rows = [launched(pretender, at(hours=9)), wrote(pretender, at(hours=10), FILE)]
    return [*rows, launched(Process(host, FILE), at(hours=11))], []


def nobody_saw_it_start(host: str) -> tuple[list[Record], list[Finding]]:
    chrome = Process(host, CHROME)
    return [wrote(chrome, at(hours=10), FILE), connected(Process(host, FILE), at(hours=11), "192.0.2.1")], []


STORIES: list[Story] = [
    browser_wrote_it_then_it_ran,
    the_mark_says_where_it_came_from,
    mail_wrote_it_thirty_days_before,
    mark_of_the_internet_says_it_although_a_copy_ran,
    mark_of_the_intranet_is_none,
    person_copied_it,
    browser_wrote_it_long_before,
    browser_wrote_it_after_it_had_run,
    browser_wrote_it_and_it_never_ran,
    the_writer_has_only_a_browsers_name,
    nobody_saw_it_start,
]


@pytest.fixture(scope="module")
def told() -> Told:
    return tell("arrived_by_opener", STORIES)


@pytest.mark.parametrize("story", STORIES)
def test_finds_what_the_story_says_and_no_more(story: Story, told: Told) -> None:
    assert told.found[story.__name__] == told.wanted[story.__name__]
    assert told.found["?"] == []
