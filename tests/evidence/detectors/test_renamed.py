"""Version information that names another file."""

from __future__ import annotations

import pytest
from tests.analysis.records import Finding, Process, Record, at, finding, launched
from tests.evidence.stories import Story, Told, tell


def _built_as(host: str, image: str, original: str, line: str | None = None) -> list[Record]:
    return [launched(Process(host, image), at(hours=9), line=line, OriginalFileName=original)]


def it_was_built_under_another_name(host: str) -> tuple[list[Record], list[Finding]]:
    rows = _built_as(host, r"C:\ProgramData\Sync\updater.exe", "psexec.c")
    sentence = "built as psexec.c, runs as updater.exe"
    return rows, [finding(host, r"\programdata\sync\updater.exe", sentence, rows)]


def a_system_tool_under_another_name_elsewhere(host: str) -> tuple[list[Record], list[Finding]]:
    rows = _built_as(host, r"C:\Users\ann\AppData\Local\Temp\notes.exe", "Cmd.Exe")
    sentence = "built as Cmd.Exe, runs as notes.exe"
    return rows, [finding(host, r"\users\*\appdata\local\temp\notes.exe", sentence, rows)]


def a_version_in_the_file_name_is_no_other_name(host: str) -> tuple[list[Record], list[Finding]]:
    return _built_as(host, r"C:\Users\ann\Downloads\Example_Setup-1.2.exe", "Setup.exe"), []


def nor_is_a_platform(host: str) -> tuple[list[Record], list[Finding]]:
    return _built_as(host, r"C:\Program Files\Tool\procexp64.exe", "Procexp.exe"), []


def it_has_no_version_information(host: str) -> tuple[list[Record], list[Finding]]:
    return _built_as(host, r"C:\ProgramData\Sync\updater.exe", "-"), []


def it_lies_in_a_system_folder(host: str) -> tuple[list[Record], list[Finding]]:
    return _built_as(host, r"C:\Windows\System32\updater.exe", "wextract.exe"), []


def it_only_lends_its_body(host: str) -> tuple[list[Record], list[Finding]]:
    line = r"rundll32.exe C:\ProgramData\Sync\sync.dll,Start"
    return _built_as(host, r"C:\Windows\System32\rundll32.exe", "RUNDLL32.EXE", line), []


STORIES: list[Story] = [
    it_was_built_under_another_name,
    a_system_tool_under_another_name_elsewhere,
    a_version_in_the_file_name_is_no_other_name,
    nor_is_a_platform,
    it_has_no_version_information,
    it_lies_in_a_system_folder,
    it_only_lends_its_body,
]


@pytest.fixture(scope="module")
def told() -> Told:
    return tell("renamed", STORIES)


@pytest.mark.parametrize("story", STORIES)
def test_finds_what_the_story_says_and_no_more(story: Story, told: Told) -> None:
    assert told.found[story.__name__] == told.wanted[story.__name__]
    assert told.found["?"] == []
