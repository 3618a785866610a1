"""A command shell that nobody gave a command."""

from __future__ import annotations

import pytest
from tests.analysis.records import CMD, POWERSHELL, Finding, Process, Record, at, finding, launched
from tests.evidence.stories import Story, Told, tell

PROGRAM = r"C:\ProgramData\Helper\helper.exe"
KEY = r"\programdata\helper\helper.exe"
PWSH = r"C:\Program Files\PowerShell\7\pwsh.exe"


def _opens(host: str, image: str, *lines: str) -> tuple[list[Record], list[Record]]:
    program = Process(host, PROGRAM)
    shells = [launched(Process(host, image, str(n)), at(days=n), program, line) for n, line in enumerate(lines, 1)]
    return [launched(program, at(hours=9)), *shells], shells


def shells_without_a_command(host: str) -> tuple[list[Record], list[Finding]]:
    rows, shells = _opens(host, CMD, "cmd.exe", CMD, f'"{CMD}" ', "cmd.exe /Q")
    return rows, [finding(host, KEY, "started cmd.exe 4 time(s)", shells)]


def a_powershell_without_a_command(host: str) -> tuple[list[Record], list[Finding]]:
    rows, shells = _opens(host, POWERSHELL, "powershell -NoProfile")
    return rows, [finding(host, KEY, "started powershell.exe 1 time(s)", shells)]


def a_shell_in_a_folder_with_a_space(host: str) -> tuple[list[Record], list[Finding]]:
    rows, shells = _opens(host, PWSH, f'"{PWSH}"')
    return rows, [finding(host, KEY, "started pwsh.exe 1 time(s)", shells)]


def a_shell_with_a_command(host: str) -> tuple[list[Record], list[Finding]]:
    return _opens(host, CMD, "cmd.exe /c dir", 'cmd.exe /k "build.cmd"', f'"{CMD}" /d /s /c "npm"')[0], []


def a_powershell_with_a_command(host: str) -> tuple[list[Record], list[Finding]]:
    return _opens(host, POWERSHELL, "powershell -NoProfile -Command Get-Date")[0], []


def a_console_host_is_no_shell(host: str) -> tuple[list[Record], list[Finding]]:
    return _opens(host, r"C:\Windows\System32\conhost.exe", "conhost.exe")[0], []


def a_person_opened_it(host: str) -> tuple[list[Record], list[Finding]]:
    return [launched(Process(host, CMD), at(hours=9), line="cmd.exe")], []


def a_program_with_a_shells_name(host: str) -> tuple[list[Record], list[Finding]]:
    return _opens(host, r"C:\ProgramData\Helper\cmd.exe", "cmd.exe")[0], []


STORIES: list[Story] = [
    shells_without_a_command,
    a_powershell_without_a_command,
    a_shell_in_a_folder_with_a_space,
    a_shell_with_a_command,
    a_powershell_with_a_command,
    a_console_host_is_no_shell,
    a_person_opened_it,
    a_program_with_a_shells_name,
]


@pytest.fixture(scope="module")
def told() -> Told:
    return tell("opens_shell", STORIES)


@pytest.mark.parametrize("story", STORIES)
def test_finds_what_the_story_says_and_no_more(story: Story, told: Told) -> None:
    assert told.found[story.__name__] == told.wanted[story.__name__]
    assert told.found["?"] == []
