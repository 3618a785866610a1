"""An autostart entry that is removed again."""

from __future__ import annotations

import pytest
from tests.analysis.records import (
    SERVICES,
    Finding,
    Process,
    Record,
    at,
    deleted,
    finding,
    key_deleted,
    launched,
    service_installed,
    task,
    value_set,
    wrote,
)
from tests.evidence.stories import Story, Told, tell

RUN = r"HKU\S-1-5-21-1-2-3-1001\SOFTWARE\Microsoft\Windows\CurrentVersion\Run"
PROGRAM = r"C:\ProgramData\Helper\helper.exe"
KEY = r"\programdata\helper\helper.exe"


def the_value_was_set_and_deleted(host: str) -> tuple[list[Record], list[Finding]]:
    program = Process(host, PROGRAM)
    gone = key_deleted(program, at(days=30), RUN + r"\HELPER")
    rows = [value_set(program, at(hours=9), RUN + r"\Helper", PROGRAM), launched(program, at(hours=10)), gone]
    return rows, [finding(host, KEY, "entry HELPER deleted after 30 days", [gone])]


def the_service_was_installed_and_its_key_deleted(host: str) -> tuple[list[Record], list[Finding]]:
    gone = key_deleted(Process(host, SERVICES), at(days=1), r"HKLM\System\CurrentControlSet\Services\Helper")
    rows = [service_installed(host, at(hours=9), "Helper", PROGRAM), launched(Process(host, PROGRAM), at(hours=10))]
    return [*rows, gone], [finding(host, KEY, "entry Helper deleted after 15 h", [gone])]


def the_task_was_made_and_deleted(host: str) -> tuple[list[Record], list[Finding]]:
    gone = task(host, at(hours=23), r"\Helper", event=4699)
    rows = [task(host, at(hours=9), r"\Helper", PROGRAM), launched(Process(host, PROGRAM), at(hours=10)), gone]
    return rows, [finding(host, KEY, r"entry \Helper deleted after 14 h", [gone])]


def the_task_was_seen_by_sysmon_alone(host: str) -> tuple[list[Record], list[Finding]]:
    """A setup writes the program; the scheduler the task, starts the program later, and deletes the task in the end."""
    setup, program = Process(host, r"C:\Users\ann\Downloads\setup.exe"), Process(host, PROGRAM)
    scheduler = Process(host, r"C:\Windows\System32\svchost.exe", "Schedule")
    line = r"C:\Windows\system32\svchost.exe -k netsvcs -p -s Schedule"
    gone = deleted(scheduler, at(days=20), r"C:\Windows\System32\Tasks\Nightly")
    rows = [
        launched(setup, at(hours=9)),
        wrote(setup, at(hours=9, seconds=1), PROGRAM),
        wrote(scheduler, at(hours=9, seconds=2), r"C:\Windows\System32\Tasks\Nightly"),
        launched(program, at(hours=10), scheduler, ParentCommandLine=line),
        gone,
    ]
    return rows, [finding(host, KEY, r"entry \Nightly deleted after 20 days", [gone])]


def what_brought_it_along_shares_the_finding(host: str) -> tuple[list[Record], list[Finding]]:
    bringer = Process(host, r"C:\Users\ann\AppData\Local\Viewer\viewer.exe")
    program = Process(host, PROGRAM)
    gone = key_deleted(program, at(days=2), RUN + r"\Helper")
    rows = [launched(bringer, at(hours=8)), value_set(program, at(hours=10), RUN + r"\Helper", PROGRAM)]
    sentence = "entry Helper deleted after 38 h"
    return [*rows, launched(program, at(hours=9), bringer), gone], [
        finding(host, KEY, sentence, [gone]),
        finding(host, r"\users\*\appdata\local\viewer\viewer.exe", sentence, [gone]),
    ]


def _removed(host: str, by: str, starter: Process | None = None) -> tuple[list[Record], list[Record]]:
    """The service's key is deleted, and then its program, by another one, which perhaps another started."""
    program, remover = Process(host, PROGRAM), Process(host, by)
    gone = key_deleted(Process(host, SERVICES), at(days=30), r"HKLM\System\CurrentControlSet\Services\Helper")
    rows = [service_installed(host, at(hours=9), "Helper", PROGRAM), launched(program, at(hours=10))]
    return [*rows, launched(remover, at(days=30), starter), gone, deleted(remover, at(days=30, minutes=1), PROGRAM)], [
        gone
    ]


def its_uninstaller_took_it_away(host: str) -> tuple[list[Record], list[Finding]]:
    return _removed(host, r"C:\ProgramData\Helper\unins000.exe")[0], []


COPY = r"C:\Users\ann\AppData\Local\Temp\_iu14D2N.tmp"


def its_uninstaller_went_on_as_a_copy_of_itself(host: str) -> tuple[list[Record], list[Finding]]:
    """As Inno Setup's do: what deletes is a file in Temp, which the uninstaller started."""
    first = Process(host, r"C:\ProgramData\Helper\unins000.exe")
    return [launched(first, at(days=29, hours=23)), *_removed(host, COPY, first)[0]], []


def anothers_uninstaller_went_on_as_a_copy_of_itself(host: str) -> tuple[list[Record], list[Finding]]:
    first = Process(host, r"C:\ProgramData\Other\unins000.exe")
    rows, gone = _removed(host, COPY, first)
    return [launched(first, at(days=29, hours=23)), *rows], [
        finding(host, KEY, "entry Helper deleted after 30 days", gone)
    ]


def windows_installer_took_it_away(host: str) -> tuple[list[Record], list[Finding]]:
    return _removed(host, r"C:\Windows\System32\msiexec.exe")[0], []


def what_calls_itself_an_uninstaller_lies_elsewhere(host: str) -> tuple[list[Record], list[Finding]]:
    rows, gone = _removed(host, r"C:\Users\ann\AppData\Local\Temp\unins000.exe")
    return rows, [finding(host, KEY, "entry Helper deleted after 30 days", gone)]


def its_making_was_not_seen(host: str) -> tuple[list[Record], list[Finding]]:
    program = Process(host, PROGRAM)
    return [launched(program, at(hours=10)), key_deleted(program, at(days=30), RUN + r"\Helper")], []


def another_entry_was_deleted(host: str) -> tuple[list[Record], list[Finding]]:
    program = Process(host, PROGRAM)
    rows = [value_set(program, at(hours=9), RUN + r"\Helper", PROGRAM), launched(program, at(hours=10))]
    return [*rows, key_deleted(program, at(days=30), RUN + r"\Other")], []


def it_was_deleted_before_it_was_made(host: str) -> tuple[list[Record], list[Finding]]:
    program = Process(host, PROGRAM)
    rows = [key_deleted(program, at(hours=9), RUN + r"\Helper"), launched(program, at(hours=10))]
    return [*rows, value_set(program, at(days=30), RUN + r"\Helper", PROGRAM)], []


STORIES: list[Story] = [
    the_value_was_set_and_deleted,
    the_service_was_installed_and_its_key_deleted,
    the_task_was_made_and_deleted,
    the_task_was_seen_by_sysmon_alone,
    what_brought_it_along_shares_the_finding,
    its_uninstaller_took_it_away,
    its_uninstaller_went_on_as_a_copy_of_itself,
    anothers_uninstaller_went_on_as_a_copy_of_itself,
    windows_installer_took_it_away,
    what_calls_itself_an_uninstaller_lies_elsewhere,
    its_making_was_not_seen,
    another_entry_was_deleted,
    it_was_deleted_before_it_was_made,
]


@pytest.fixture(scope="module")
def told() -> Told:
    return tell("removes_autostart", STORIES)


@pytest.mark.parametrize("story", STORIES)
def test_finds_what_the_story_says_and_no_more(story: Story, told: Told) -> None:
    assert told.found[story.__name__] == told.wanted[story.__name__]
    assert told.found["?"] == []
