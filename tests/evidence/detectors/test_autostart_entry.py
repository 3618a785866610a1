"""A service, driver, task or autostart value, new and rare in the fleet."""

from __future__ import annotations

import pytest
from tests.analysis.records import (
    EXPLORER,
    SERVICES,
    Finding,
    Process,
    Record,
    at,
    driver_loaded,
    finding,
    launched,
    service_installed,
    task,
    value_set,
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
