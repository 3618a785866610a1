"""Credential stores touched."""

from __future__ import annotations

import pytest
from tests.analysis.records import (
    CHROME,
    CMD,
    LSASS,
    Finding,
    Process,
    Record,
    at,
    deleted,
    finding,
    launched,
    opened,
    value_set,
    wrote,
)
from tests.evidence.stories import Story, Told, tell

PROGRAM = r"C:\ProgramData\Helper\helper.exe"
KEY = r"\programdata\helper\helper.exe"
MEMORY = "opened lsass.exe with the right to read its memory"


def _does(host: str, *acts: Record) -> list[Record]:
    return [launched(Process(host, PROGRAM), at(hours=9)), *acts]


def it_may_read_the_memory_of_lsass(host: str) -> tuple[list[Record], list[Finding]]:
    acts = [opened(Process(host, PROGRAM), at(hours=hour), Process(host, LSASS), "0x1010") for hour in (10, 11)]
    return _does(host, *acts), [finding(host, KEY, MEMORY, acts)]


def it_wrote_a_dump_and_a_hive(host: str) -> tuple[list[Record], list[Finding]]:
    dump = wrote(Process(host, PROGRAM), at(hours=10), r"C:\Windows\Temp\lsass (2).DMP")
    hive = wrote(Process(host, PROGRAM), at(hours=11), r"C:\Windows\Temp\sam.save")
    sentence = r"wrote C:\Windows\Temp\lsass (2).DMP, wrote C:\Windows\Temp\sam.save"
    return _does(host, dump, hive), [finding(host, KEY, sentence, [dump, hive])]


def its_shell_took_the_directory(host: str) -> tuple[list[Record], list[Finding]]:
    shell = Process(host, CMD)
    copy = wrote(shell, at(hours=10), r"C:\ProgramData\ntds.dit")
    rows = _does(host, launched(shell, at(hours=10), Process(host, PROGRAM), "cmd /c copy"), copy)
    return rows, [finding(host, KEY, r"wrote C:\ProgramData\ntds.dit", [copy])]


def it_changed_an_account(host: str) -> tuple[list[Record], list[Finding]]:
    key = r"HKLM\SAM\SAM\Domains\Account\Users\000001F4\F"
    act = value_set(Process(host, PROGRAM), at(hours=10), key, "Binary Data")
    return _does(host, act), [finding(host, KEY, f"changed {key}", [act])]


def it_only_asked_lsass_for_its_name(host: str) -> tuple[list[Record], list[Finding]]:
    return _does(host, opened(Process(host, PROGRAM), at(hours=10), Process(host, LSASS), "0x1000")), []


def _looks_in(host: str, programs: int) -> list[Record]:
    """It may read the memory of so many programs, lsass last."""
    others = [Process(host, rf"C:\Program Files\Part{number}\part.exe") for number in range(programs - 1)]
    targets = [*others, Process(host, LSASS)]
    return [opened(Process(host, PROGRAM), at(hours=10, seconds=n), each, "0x1410") for n, each in enumerate(targets)]


def it_may_read_seven_programs(host: str) -> tuple[list[Record], list[Finding]]:
    acts = _looks_in(host, 7)
    return _does(host, *acts), [finding(host, KEY, MEMORY, acts[-1:])]


def it_may_read_all_that_runs(host: str) -> tuple[list[Record], list[Finding]]:
    return _does(host, *_looks_in(host, 8)), []


def it_may_read_all_that_runs_and_lsass_once_more_by_other_rights(host: str) -> tuple[list[Record], list[Finding]]:
    again = opened(Process(host, PROGRAM), at(hours=11), Process(host, LSASS), "0x1010")
    return _does(host, *_looks_in(host, 8), again), [finding(host, KEY, MEMORY, [again])]


def it_read_another_program(host: str) -> tuple[list[Record], list[Finding]]:
    return _does(host, opened(Process(host, PROGRAM), at(hours=10), Process(host, CHROME), "0x1010")), []


def it_wrote_another_dump(host: str) -> tuple[list[Record], list[Finding]]:
    program = Process(host, PROGRAM)
    return _does(
        host, wrote(program, at(hours=10), r"C:\dumps\chrome.dmp"), wrote(program, at(hours=11), r"C:\sample.save")
    ), []


def the_system_reads_it(host: str) -> tuple[list[Record], list[Finding]]:
    program = Process(host, r"C:\Windows\System32\wininit.exe")
    return [launched(program, at(hours=9)), opened(program, at(hours=10), Process(host, LSASS), "0x1FFFFF")], []


def a_program_with_that_systems_name_reads_it(host: str) -> tuple[list[Record], list[Finding]]:
    program = Process(host, r"C:\Users\Public\wininit.exe")
    act = opened(program, at(hours=10), Process(host, LSASS), "0x1FFFFF")
    return [launched(program, at(hours=9)), act], [finding(host, r"\users\public\wininit.exe", MEMORY, [act])]


def it_changed_a_secret(host: str) -> tuple[list[Record], list[Finding]]:
    key = r"HKLM\SECURITY\Policy\Secrets\DefaultPassword\CurrVal"
    act = value_set(Process(host, PROGRAM), at(hours=10), key, "Binary Data")
    return _does(host, act), [finding(host, KEY, f"changed {key}", [act])]


def it_changed_a_setting(host: str) -> tuple[list[Record], list[Finding]]:
    return _does(host, value_set(Process(host, PROGRAM), at(hours=10), r"HKLM\SOFTWARE\Helper\Sam", "1")), []


def it_deleted_an_old_dump(host: str) -> tuple[list[Record], list[Finding]]:
    return _does(host, deleted(Process(host, PROGRAM), at(hours=10), r"C:\Windows\Temp\lsass.dmp")), []


def it_comes_back_on_other_days(host: str) -> tuple[list[Record], list[Finding]]:
    program = Process(host, PROGRAM)
    acts = [opened(program, at(days=day), Process(host, LSASS), "0x1010") for day in (9, 1)]
    dump = wrote(program, at(days=3), r"C:\Windows\Temp\lsass.dmp")
    sentence = rf"{MEMORY}, wrote C:\Windows\Temp\lsass.dmp"
    return _does(host, *acts, dump), [finding(host, KEY, sentence, [*acts, dump])]


STORIES: list[Story] = [
    it_may_read_the_memory_of_lsass,
    it_wrote_a_dump_and_a_hive,
    its_shell_took_the_directory,
    it_changed_an_account,
    it_only_asked_lsass_for_its_name,
    it_may_read_seven_programs,
    it_may_read_all_that_runs,
    it_may_read_all_that_runs_and_lsass_once_more_by_other_rights,
    it_read_another_program,
    it_wrote_another_dump,
    the_system_reads_it,
    a_program_with_that_systems_name_reads_it,
    it_changed_a_secret,
    it_changed_a_setting,
    it_deleted_an_old_dump,
    it_comes_back_on_other_days,
]


@pytest.fixture(scope="module")
def told() -> Told:
    return tell("reads_credentials", STORIES)


@pytest.mark.parametrize("story", STORIES)
def test_finds_what_the_story_says_and_no_more(story: Story, told: Told) -> None:
    assert told.found[story.__name__] == told.wanted[story.__name__]
    assert told.found["?"] == []
