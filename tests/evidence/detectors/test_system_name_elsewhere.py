"""A system program's name in another place."""

from __future__ import annotations

import pytest
from tests.analysis.records import Finding, Process, Record, at, finding, launched
from tests.evidence.stories import Story, Told, tell


def _runs(host: str, image: str, line: str | None = None) -> list[Record]:
    return [launched(Process(host, image), at(hours=9), line=line)]


def a_well_known_name_in_an_open_folder(host: str) -> tuple[list[Record], list[Finding]]:
    rows = _runs(host, r"C:\Users\Public\svchost.exe")
    return rows, [
        finding(host, r"\users\public\svchost.exe", r"svchost.exe runs from C:\Users\Public\svchost.exe", rows)
    ]


def a_name_that_the_fleets_own_system_folders_have(host: str) -> tuple[list[Record], list[Finding]]:
    rows = _runs(host, r"C:\Users\ann\AppData\Roaming\printui.exe")
    sentence = r"printui.exe runs from C:\Users\ann\AppData\Roaming\printui.exe"
    return rows, [finding(host, r"\users\*\appdata\roaming\printui.exe", sentence, rows)]


def the_system_program_itself(host: str) -> tuple[list[Record], list[Finding]]:
    return _runs(host, r"C:\Windows\System32\printui.exe"), []


def a_name_that_no_system_folder_has(host: str) -> tuple[list[Record], list[Finding]]:
    return _runs(host, r"C:\Users\Public\printer.exe"), []


def an_administrator_installed_a_program_of_that_name(host: str) -> tuple[list[Record], list[Finding]]:
    return _runs(host, r"C:\Program Files\Printing\printui.exe"), []


def a_script_of_a_system_host(host: str) -> tuple[list[Record], list[Finding]]:
    return _runs(host, r"C:\Windows\System32\rundll32.exe", r"rundll32.exe C:\Users\Public\svchost.exe,Start"), []


STORIES: list[Story] = [
    a_well_known_name_in_an_open_folder,
    a_name_that_the_fleets_own_system_folders_have,
    the_system_program_itself,
    a_name_that_no_system_folder_has,
    an_administrator_installed_a_program_of_that_name,
    a_script_of_a_system_host,
]


@pytest.fixture(scope="module")
def told() -> Told:
    return tell("system_name_elsewhere", STORIES)


@pytest.mark.parametrize("story", STORIES)
def test_finds_what_the_story_says_and_no_more(story: Story, told: Told) -> None:
    assert told.found[story.__name__] == told.wanted[story.__name__]
    assert told.found["?"] == []
