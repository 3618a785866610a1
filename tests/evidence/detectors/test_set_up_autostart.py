"""The program itself wrote an entry that starts something at boot or logon."""

from __future__ import annotations

import pytest
from tests.analysis.records import (
    CMD,
    SERVICES,
    Finding,
    Process,
    Record,
    at,
    finding,
    key_deleted,
    launched,
    value_set,
)
from tests.evidence.stories import Story, Told, tell

RUN = r"HKU\S-1-5-21-1-2-3-1001\SOFTWARE\Microsoft\Windows\CurrentVersion\Run\Helper"
PROGRAM = r"C:\Users\ann\AppData\Local\Viewer\viewer.exe"
KEY = r"\users\*\appdata\local\viewer\viewer.exe"
HELPER = r"C:\ProgramData\Helper\helper.exe"
SENTENCE = f"made autostart value Helper: {HELPER}"


def it_wrote_the_value(host: str) -> tuple[list[Record], list[Finding]]:
    program = Process(host, PROGRAM)
    entry = value_set(program, at(hours=10), RUN, HELPER)
    return [launched(program, at(hours=9)), entry], [finding(host, KEY, SENTENCE, [entry])]


def its_tool_wrote_the_value(host: str) -> tuple[list[Record], list[Finding]]:
    program, tool = Process(host, PROGRAM), Process(host, r"C:\Windows\System32\reg.exe")
    entry = value_set(tool, at(hours=10), RUN, HELPER)
    rows = [launched(program, at(hours=9)), launched(tool, at(hours=10), program, "reg add HKCU ..."), entry]
    return rows, [finding(host, KEY, SENTENCE, [entry])]


def the_service_manager_wrote_it_for_what_it_brought_along(host: str) -> tuple[list[Record], list[Finding]]:
    program, helper = Process(host, PROGRAM), Process(host, HELPER)
    key = r"HKLM\System\CurrentControlSet\Services\Helper\ImagePath"
    entry = value_set(Process(host, SERVICES), at(hours=10), key, HELPER)
    rows = [launched(program, at(hours=9)), entry, launched(helper, at(hours=11), program)]
    return rows, [finding(host, KEY, f"made service Helper: {HELPER}", [entry])]


def an_entry_for_itself_by_another_is_not_its_doing(host: str) -> tuple[list[Record], list[Finding]]:
    entry = value_set(Process(host, SERVICES), at(hours=10), RUN, PROGRAM)
    return [entry, launched(Process(host, PROGRAM), at(hours=11))], []


def a_person_typed_it(host: str) -> tuple[list[Record], list[Finding]]:
    shell, tool = Process(host, CMD), Process(host, r"C:\Windows\System32\reg.exe")
    entry = value_set(tool, at(hours=10), RUN, HELPER)
    rows = [launched(shell, at(hours=9)), launched(tool, at(hours=10), shell, "reg add HKCU ..."), entry]
    return rows, [finding(host, r"\windows\system32\reg.exe", SENTENCE, [entry])]


def it_deleted_the_value(host: str) -> tuple[list[Record], list[Finding]]:
    program = Process(host, PROGRAM)
    return [launched(program, at(hours=9)), key_deleted(program, at(hours=10), RUN)], []


def it_wrote_another_value(host: str) -> tuple[list[Record], list[Finding]]:
    program = Process(host, PROGRAM)
    key = r"HKLM\System\CurrentControlSet\Services\Helper\Description"
    return [launched(program, at(hours=9)), value_set(program, at(hours=10), key, "helps")], []


STORIES: list[Story] = [
    it_wrote_the_value,
    its_tool_wrote_the_value,
    the_service_manager_wrote_it_for_what_it_brought_along,
    an_entry_for_itself_by_another_is_not_its_doing,
    a_person_typed_it,
    it_deleted_the_value,
    it_wrote_another_value,
]


@pytest.fixture(scope="module")
def told() -> Told:
    return tell("set_up_autostart", STORIES)


@pytest.mark.parametrize("story", STORIES)
def test_finds_what_the_story_says_and_no_more(story: Story, told: Told) -> None:
    assert told.found[story.__name__] == told.wanted[story.__name__]
    assert told.found["?"] == []
