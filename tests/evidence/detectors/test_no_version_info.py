"""An image that says nothing of itself."""

from __future__ import annotations

import pytest
from tests.analysis.records import CHROME, Finding, Process, Record, at, audited_launch, finding, launched
from tests.evidence.stories import Story, Told, tell

PROGRAM = r"C:\ProgramData\Helper\helper.exe"
KEY = r"\programdata\helper\helper.exe"


def _beside_others(host: str, *rows: Record) -> list[Record]:
    return [launched(Process(host, CHROME), at(hours=8)), *rows]


def it_names_neither_company_nor_file(host: str) -> tuple[list[Record], list[Finding]]:
    bare = [
        launched(Process(host, PROGRAM, str(day)), at(days=day), Company="-", OriginalFileName="-") for day in (1, 2)
    ]
    sentence = "no company and no original file name in its version information"
    return _beside_others(host, *bare), [finding(host, KEY, sentence, bare)]


def it_names_its_file(host: str) -> tuple[list[Record], list[Finding]]:
    return _beside_others(host, launched(Process(host, PROGRAM), at(hours=9), Company="-")), []


def it_names_its_company(host: str) -> tuple[list[Record], list[Finding]]:
    return _beside_others(host, launched(Process(host, PROGRAM), at(hours=9), OriginalFileName="-")), []


def it_lies_in_a_system_folder(host: str) -> tuple[list[Record], list[Finding]]:
    program = Process(host, r"C:\Windows\System32\helper.exe")
    return _beside_others(host, launched(program, at(hours=9), Company="-", OriginalFileName="-")), []


def the_sensor_reads_no_version_information(host: str) -> tuple[list[Record], list[Finding]]:
    return [launched(Process(host, PROGRAM), at(hours=9), Company=None, OriginalFileName=None)], []


def the_audit_log_never_tells_it(host: str) -> tuple[list[Record], list[Finding]]:
    return _beside_others(host, audited_launch(Process(host, PROGRAM), at(hours=9))), []


def the_sensor_reads_that_of_others_on_another_day(host: str) -> tuple[list[Record], list[Finding]]:
    bare = launched(Process(host, PROGRAM), at(days=1), Company="-", OriginalFileName="-")
    sentence = "no company and no original file name in its version information"
    return [bare, launched(Process(host, CHROME), at(days=9))], [finding(host, KEY, sentence, [bare])]


STORIES: list[Story] = [
    it_names_neither_company_nor_file,
    it_names_its_file,
    it_names_its_company,
    it_lies_in_a_system_folder,
    the_sensor_reads_no_version_information,
    the_audit_log_never_tells_it,
    the_sensor_reads_that_of_others_on_another_day,
]


@pytest.fixture(scope="module")
def told() -> Told:
    return tell("no_version_info", STORIES)


@pytest.mark.parametrize("story", STORIES)
def test_finds_what_the_story_says_and_no_more(story: Story, told: Told) -> None:
    assert told.found[story.__name__] == told.wanted[story.__name__]
    assert told.found["?"] == []
