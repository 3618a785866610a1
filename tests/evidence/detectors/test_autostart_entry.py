"""A service, driver, task or autostart value, new and rare in the fleet."""

from __future__ import annotations

import pytest
from tests.analysis.records import (
    EXPLORER,
    SERVICES,
    SVCHOST,
    Finding,
    Process,
    Record,
    at,
    driver_loaded,
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


def _program(host: str, name: str) -> Process:
    return Process(host, rf"C:\ProgramData\{name}\{name}.exe")


def a_service_starts_it(host: str) -> tuple[list[Record], list[Finding]]:
    program = _program(host, "serving")
    entry = service_installed(host, at(hours=9), "Serving", f'"{program.image}" -k')
    sentence = "set up as service Serving"
    return [entry, launched(program, at(hours=10), Process(host, SERVICES))], [
        finding(host, r"\programdata\serving\serving.exe", sentence, [entry])
    ]


def two_entries_start_it(host: str) -> tuple[list[Record], list[Finding]]:
    program = _program(host, "twice")
    value = value_set(Process(host, EXPLORER), at(hours=9), RUN + r"\Twice", program.image)
    job = task(host, at(hours=10), r"\Twice daily", program.image)
    sentence = r"set up as autostart value Twice, \Twice daily"
    return [value, job, launched(program, at(hours=11))], [
        finding(host, r"\programdata\twice\twice.exe", sentence, [value, job])
    ]


def a_driver_is_one_too(host: str) -> tuple[list[Record], list[Finding]]:
    path = r"C:\Windows\System32\drivers\filtered.sys"
    key = r"HKLM\System\CurrentControlSet\Services\filtered\ImagePath"
    entry = value_set(Process(host, SERVICES), at(hours=9), key, r"\SystemRoot\System32\drivers\filtered.sys")
    sentence = "set up as driver filtered"
    return [entry, driver_loaded(host, at(hours=10), path)], [
        finding(host, r"\windows\system32\drivers\filtered.sys", sentence, [entry])
    ]


TASK_KEY = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Schedule\TaskCache\Tree"


def _scheduler(host: str) -> Process:
    return Process(host, SVCHOST, "Schedule")


def _task_made(host: str, *, minutes: float, name: str = "Nightly") -> list[Record]:
    """As Sysmon tells it: the scheduler writes the task's file and makes its key, so long after nine."""
    scheduler = _scheduler(host)
    told = {"EventType": "CreateKey"}
    return [
        wrote(scheduler, at(hours=9, minutes=minutes), rf"C:\Windows\System32\Tasks\{name}"),
        key_deleted(scheduler, at(hours=9, minutes=minutes, seconds=1), rf"{TASK_KEY}\{name}", **told),
    ]


def _started(program: Process, hours: float, by: Process, line: str = r"C:\Windows\svchost.exe -k netsvcs") -> Record:
    return launched(program, at(hours=hours), by, ParentCommandLine=line)


def _by_task(host: str, image: str, hours: float, nick: str = "") -> Record:
    line = r"C:\Windows\system32\svchost.exe -k netsvcs -p -s Schedule"
    return _started(Process(host, image, nick), hours, _scheduler(host), line)


def _tasked(host: str) -> str:
    """A program of each story's own: what is on many hosts is not rare."""
    return rf"C:\Users\ann\AppData\Roaming\{host}\tasked.exe"


def _tasked_key(host: str) -> str:
    return rf"\users\*\appdata\roaming\{host}\tasked.exe"


def _installed(host: str, *images: str) -> list[Record]:
    """A setup writes files, a second apart, at nine."""
    setup = Process(host, r"C:\Users\ann\Downloads\setup.exe")
    written = [wrote(setup, at(hours=9, seconds=second), image) for second, image in enumerate(images)]
    return [launched(setup, at(hours=8.9)), *written]


def a_task_that_only_sysmon_saw_starts_what_was_written_before(host: str) -> tuple[list[Record], list[Finding]]:
    made = _task_made(host, minutes=1)
    rows = [*_installed(host, _tasked(host)), *made, _by_task(host, _tasked(host), 10)]
    return rows, [finding(host, _tasked_key(host), r"set up as task \Nightly", made)]


def the_task_starts_what_was_written_last(host: str) -> tuple[list[Record], list[Finding]]:
    first = rf"C:\Users\ann\AppData\Roaming\{host}\first.exe"
    made = _task_made(host, minutes=1, name=r"Microsoft\Office\Nightly")
    rows = [
        *_installed(host, first, _tasked(host)),
        *made,
        _by_task(host, first, 10),
        _by_task(host, _tasked(host), 11),
    ]
    return rows, [finding(host, _tasked_key(host), r"set up as task \Microsoft\Office\Nightly", made)]


def an_older_windows_has_a_process_that_starts_tasks(host: str) -> tuple[list[Record], list[Finding]]:
    engine = Process(host, r"C:\Windows\System32\taskeng.exe")
    made = _task_made(host, minutes=1)
    rows = [
        *_installed(host, _tasked(host)),
        *made,
        _started(Process(host, _tasked(host)), 10, engine, "taskeng.exe {1}"),
    ]
    return rows, [finding(host, _tasked_key(host), r"set up as task \Nightly", made)]


def the_file_was_written_long_before_the_task(host: str) -> tuple[list[Record], list[Finding]]:
    return [*_installed(host, _tasked(host)), *_task_made(host, minutes=11), _by_task(host, _tasked(host), 10)], []


def the_file_was_written_after_the_task(host: str) -> tuple[list[Record], list[Finding]]:
    return [*_installed(host, _tasked(host)), *_task_made(host, minutes=-1), _by_task(host, _tasked(host), 10)], []


def the_scheduler_never_started_it(host: str) -> tuple[list[Record], list[Finding]]:
    program = launched(Process(host, _tasked(host)), at(hours=10), Process(host, EXPLORER))
    return [*_installed(host, _tasked(host)), *_task_made(host, minutes=1), program], []


def the_scheduler_started_it_before_only(host: str) -> tuple[list[Record], list[Finding]]:
    rows = [*_installed(host, _tasked(host)), _by_task(host, _tasked(host), 9.01)]
    return [*rows, *_task_made(host, minutes=2)], []


def a_task_made_elsewhere_is_none_of_its(host: str) -> tuple[list[Record], list[Finding]]:
    decoy = wrote(_scheduler(host), at(hours=9, minutes=1), r"C:\Users\ann\Documents\Tasks\Nightly")
    return [*_installed(host, _tasked(host)), decoy, _by_task(host, _tasked(host), 10)], []


def the_entry_starts_another_program(host: str) -> tuple[list[Record], list[Finding]]:
    entry = value_set(Process(host, EXPLORER), at(hours=9), RUN + r"\Other", r"C:\ProgramData\other\other.exe")
    return [entry, launched(_program(host, "started"), at(hours=10))], []


def the_value_starts_nothing(host: str) -> tuple[list[Record], list[Finding]]:
    program = _program(host, "settings")
    key = r"HKU\S-1-5-21-1-2-3-1001\SOFTWARE\Example\Settings\Path"
    return [value_set(program, at(hours=9), key, program.image), launched(program, at(hours=10))], []


def the_entry_was_only_deleted(host: str) -> tuple[list[Record], list[Finding]]:
    program = _program(host, "gone")
    job = task(host, at(hours=10), r"\Gone", program.image, event=4699)
    return [launched(program, at(hours=9)), job], []


def a_rollout_reaches_this_host(host: str) -> tuple[list[Record], list[Finding]]:
    program = _program(host, "rollout")
    return [service_installed(host, at(hours=9), "Rollout", program.image), launched(program, at(hours=10))], []


def a_rollout_reaches_that_host(host: str) -> tuple[list[Record], list[Finding]]:
    return a_rollout_reaches_this_host(host)


STORIES: list[Story] = [
    a_service_starts_it,
    two_entries_start_it,
    a_driver_is_one_too,
    a_task_that_only_sysmon_saw_starts_what_was_written_before,
    the_task_starts_what_was_written_last,
    an_older_windows_has_a_process_that_starts_tasks,
    the_file_was_written_long_before_the_task,
    the_file_was_written_after_the_task,
    the_scheduler_never_started_it,
    the_scheduler_started_it_before_only,
    a_task_made_elsewhere_is_none_of_its,
    the_entry_starts_another_program,
    the_value_starts_nothing,
    the_entry_was_only_deleted,
    a_rollout_reaches_this_host,
    a_rollout_reaches_that_host,
]


@pytest.fixture(scope="module")
def told() -> Told:
    return tell("autostart_entry", STORIES)


@pytest.mark.parametrize("story", STORIES)
def test_finds_what_the_story_says_and_no_more(story: Story, told: Told) -> None:
    assert told.found[story.__name__] == told.wanted[story.__name__]
    assert told.found["?"] == []
