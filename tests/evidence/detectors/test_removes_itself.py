"""A program that deletes its own file, or what it had brought along."""

from __future__ import annotations

import pytest
from tests.analysis.records import (
    CHROME,
    CMD,
    EXPLORER,
    Finding,
    Process,
    Record,
    at,
    deleted,
    driver_loaded,
    ended,
    finding,
    launched,
    marked,
    wrote,
)
from tests.evidence.stories import Story, Told, tell

PROGRAM = r"C:\ProgramData\Helper\helper.exe"
KEY = r"\programdata\helper\helper.exe"
TOOL = r"C:\ProgramData\Helper\collect.dll"


def it_deletes_its_own_file(host: str) -> tuple[list[Record], list[Finding]]:
    program = Process(host, PROGRAM)
    gone = deleted(program, at(days=30), PROGRAM)
    return [launched(program, at(hours=9)), gone], [finding(host, KEY, f"deleted {PROGRAM}", [gone])]


def its_shell_deletes_its_file(host: str) -> tuple[list[Record], list[Finding]]:
    program, shell = Process(host, PROGRAM), Process(host, CMD)
    gone = deleted(shell, at(days=30), PROGRAM)
    rows = [launched(program, at(hours=9)), launched(shell, at(days=30), program, "cmd /c del helper.exe"), gone]
    return rows, [finding(host, KEY, f"deleted {PROGRAM}", [gone])]


def it_deletes_a_library_that_it_wrote(host: str) -> tuple[list[Record], list[Finding]]:
    program = Process(host, PROGRAM)
    gone = deleted(program, at(days=2), TOOL)
    rows = [launched(program, at(hours=9)), wrote(program, at(days=1), TOOL), gone]
    return rows, [finding(host, KEY, f"deleted {TOOL}", [gone])]


def somebody_deletes_what_had_arrived_right_after_its_last_act(host: str) -> tuple[list[Record], list[Finding]]:
    program, bringer = Process(host, PROGRAM), Process(host, CHROME)
    gone = deleted(Process(host, EXPLORER), at(days=1, minutes=9), PROGRAM)
    rows = [wrote(bringer, at(hours=8), PROGRAM), launched(program, at(hours=9)), ended(program, at(days=1)), gone]
    return rows, [finding(host, KEY, f"deleted {PROGRAM}", [gone])]


def a_person_deletes_it_later(host: str) -> tuple[list[Record], list[Finding]]:
    program, bringer = Process(host, PROGRAM), Process(host, CHROME)
    gone = deleted(Process(host, EXPLORER), at(days=1, minutes=11), PROGRAM)
    return [wrote(bringer, at(hours=8), PROGRAM), launched(program, at(hours=9)), ended(program, at(days=1)), gone], []


def it_deletes_somebody_elses_library(host: str) -> tuple[list[Record], list[Finding]]:
    program = Process(host, PROGRAM)
    rows = [launched(program, at(hours=9)), wrote(Process(host, EXPLORER), at(days=1), TOOL)]
    return [*rows, deleted(program, at(days=2), TOOL)], []


def it_deletes_what_it_wrote_seconds_before(host: str) -> tuple[list[Record], list[Finding]]:
    program = Process(host, PROGRAM)
    rows = [launched(program, at(hours=9)), wrote(program, at(days=1), TOOL)]
    return [*rows, deleted(program, at(days=1, seconds=59), TOOL)], []


def it_deletes_a_document_that_it_wrote(host: str) -> tuple[list[Record], list[Finding]]:
    program, path = Process(host, PROGRAM), r"C:\Users\ann\Documents\plan.docx"
    return [launched(program, at(hours=9)), wrote(program, at(days=1), path), deleted(program, at(days=2), path)], []


def it_replaces_its_own_file(host: str) -> tuple[list[Record], list[Finding]]:
    program = Process(host, PROGRAM)
    return [launched(program, at(hours=9)), wrote(program, at(days=1), PROGRAM)], []


def somebody_deletes_what_had_always_been_there(host: str) -> tuple[list[Record], list[Finding]]:
    program = Process(host, PROGRAM)
    gone = deleted(Process(host, EXPLORER), at(hours=9, minutes=9), PROGRAM)
    return [launched(program, at(hours=8)), ended(program, at(hours=9)), gone], []


def it_deletes_another_library_than_it_wrote(host: str) -> tuple[list[Record], list[Finding]]:
    program = Process(host, PROGRAM)
    rows = [launched(program, at(hours=9)), wrote(program, at(days=1), r"C:\ProgramData\Helper\other.dll")]
    return [*rows, deleted(program, at(days=2), TOOL)], []


def it_deletes_a_library_that_it_only_marked(host: str) -> tuple[list[Record], list[Finding]]:
    program = Process(host, PROGRAM)
    return [launched(program, at(hours=9)), marked(program, at(days=1), TOOL), deleted(program, at(days=2), TOOL)], []


def it_deletes_after_midnight_what_it_wrote_seconds_before(host: str) -> tuple[list[Record], list[Finding]]:
    program = Process(host, PROGRAM)
    rows = [launched(program, at(hours=9)), wrote(program, at(hours=23, minutes=59, seconds=30), TOOL)]
    return [*rows, deleted(program, at(days=1, seconds=29), TOOL)], []


def it_deletes_after_midnight_what_it_wrote_a_minute_before(host: str) -> tuple[list[Record], list[Finding]]:
    program = Process(host, PROGRAM)
    gone = deleted(program, at(days=1, seconds=31), TOOL)
    rows = [launched(program, at(hours=9)), wrote(program, at(hours=23, minutes=59, seconds=30), TOOL), gone]
    return rows, [finding(host, KEY, f"deleted {TOOL}", [gone])]


def it_writes_and_deletes_again_and_again(host: str) -> tuple[list[Record], list[Finding]]:
    program, later = Process(host, PROGRAM), Process(host, PROGRAM, "later")
    rows = [
        launched(program, at(hours=9)),
        wrote(program, at(days=1), TOOL),
        deleted(program, at(days=1, seconds=9), TOOL),
    ]
    gone = [deleted(program, at(days=1, hours=1), TOOL), deleted(later, at(days=3), TOOL)]
    return [*rows, launched(later, at(days=2)), *gone], [finding(host, KEY, f"deleted {TOOL}", gone)]


def somebody_deletes_a_driver_right_after_it_was_loaded(host: str) -> tuple[list[Record], list[Finding]]:
    path, bringer = r"C:\ProgramData\Helper\bus.sys", Process(host, CHROME)
    rows = [wrote(bringer, at(hours=8), path), driver_loaded(host, at(hours=9), path)]
    return [*rows, deleted(Process(host, EXPLORER), at(hours=9, minutes=5), path)], []


STORIES: list[Story] = [
    it_deletes_its_own_file,
    its_shell_deletes_its_file,
    it_deletes_a_library_that_it_wrote,
    somebody_deletes_what_had_arrived_right_after_its_last_act,
    a_person_deletes_it_later,
    it_deletes_somebody_elses_library,
    it_deletes_what_it_wrote_seconds_before,
    it_deletes_a_document_that_it_wrote,
    it_replaces_its_own_file,
    somebody_deletes_what_had_always_been_there,
    it_deletes_another_library_than_it_wrote,
    it_deletes_a_library_that_it_only_marked,
    it_deletes_after_midnight_what_it_wrote_seconds_before,
    it_deletes_after_midnight_what_it_wrote_a_minute_before,
    it_writes_and_deletes_again_and_again,
    somebody_deletes_a_driver_right_after_it_was_loaded,
]


@pytest.fixture(scope="module")
def told() -> Told:
    return tell("removes_itself", STORIES)


@pytest.mark.parametrize("story", STORIES)
def test_finds_what_the_story_says_and_no_more(story: Story, told: Told) -> None:
    assert told.found[story.__name__] == told.wanted[story.__name__]
    assert told.found["?"] == []
