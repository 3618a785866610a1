"""A double extension, or a character that turns the writing direction."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.analysis.records import WINWORD, Finding, Process, Record, at, finding, launched
from tests.evidence.stories import Story, Told, tell

DOWNLOADS = "C:\\Users\\ann\\Downloads\\"


def _named(host: str, name: str) -> tuple[list[Record], list[Finding]]:
    rows = [launched(Process(host, DOWNLOADS + name), at(hours=9))]
    return rows, [finding(host, r"\users\*\downloads" + "\\" + name.lower(), f"named {name.lower()}", rows)]


def a_picture_and_a_program(host: str) -> tuple[list[Record], list[Finding]]:
    return _named(host, "Holiday.JPEG.exe")


def spaces_between_the_two(host: str) -> tuple[list[Record], list[Finding]]:
    rows = [launched(Process(host, DOWNLOADS + "offer.pdf          .scr"), at(hours=9))]
    return rows, [finding(host, r"\users\*\downloads\offer.pdf          .scr", "named offer.pdf .scr", rows)]


def writing_direction_turned(host: str) -> tuple[list[Record], list[Finding]]:
    return _named(host, "report_\u202excod.exe")


def many_launches_are_counted_and_twenty_named(host: str) -> tuple[list[Record], list[Finding]]:
    rows = [launched(Process(host, DOWNLOADS + "a.doc.exe", str(n)), at(days=1, minutes=n)) for n in range(25)]
    whole = finding(host, r"\users\*\downloads\a.doc.exe", "named a.doc.exe", rows, last=at(days=1))
    return rows, [replace(whole, refs=whole.refs[:20])]


def a_version_before_the_extension(host: str) -> tuple[list[Record], list[Finding]]:
    return _named(host, "setup-1.2.exe")[0], []


def a_document_opened_by_its_program(host: str) -> tuple[list[Record], list[Finding]]:
    return [launched(Process(host, WINWORD), at(hours=9), line=f'winword.exe "{DOWNLOADS}offer.pdf.docx"')], []


def a_name_that_contains_a_kind_of_file(host: str) -> tuple[list[Record], list[Finding]]:
    return _named(host, "pdf.exe")[0], []


STORIES: list[Story] = [
    a_picture_and_a_program,
    spaces_between_the_two,
    writing_direction_turned,
    many_launches_are_counted_and_twenty_named,
    a_version_before_the_extension,
    a_document_opened_by_its_program,
    a_name_that_contains_a_kind_of_file,
]


@pytest.fixture(scope="module")
def told() -> Told:
    return tell("double_extension", STORIES)


@pytest.mark.parametrize("story", STORIES)
def test_finds_what_the_story_says_and_no_more(story: Story, told: Told) -> None:
    assert told.found[story.__name__] == told.wanted[story.__name__]
    assert told.found["?"] == []
