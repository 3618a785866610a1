"""Acts inside a process of another program."""

from __future__ import annotations

import pytest
from tests.analysis.records import CHROME, CMD, Finding, Process, Record, at, finding, launched, opened, thread_started
from tests.evidence.stories import Story, Told, tell

PROGRAM = r"C:\ProgramData\Helper\helper.exe"
KEY = r"\programdata\helper\helper.exe"
THREAD = f"started a thread in {CHROME}"
RIGHTS = f"took the rights to write and run code in {CHROME}"


def _both(host: str, actor: str = PROGRAM) -> tuple[Process, Process, list[Record]]:
    program, target = Process(host, actor), Process(host, CHROME)
    return program, target, [launched(program, at(hours=9)), launched(target, at(hours=9))]


def it_started_a_thread_in_another_program(host: str) -> tuple[list[Record], list[Finding]]:
    program, target, rows = _both(host)
    act = thread_started(program, at(hours=10), target)
    return [*rows, act], [finding(host, KEY, THREAD, [act])]


def it_took_all_rights_and_then_started_one(host: str) -> tuple[list[Record], list[Finding]]:
    program, target, rows = _both(host)
    acts = [opened(program, at(hours=10), target, "0x1FFFFF"), thread_started(program, at(hours=11), target)]
    return rows + acts, [finding(host, KEY, f"{THREAD}, {RIGHTS}", acts)]


def it_took_just_the_three_rights_it_needs(host: str) -> tuple[list[Record], list[Finding]]:
    program, target, rows = _both(host)
    act = opened(program, at(hours=10), target, "0x2A")
    return [*rows, act], [finding(host, KEY, RIGHTS, [act])]


def it_looked_at_another_program(host: str) -> tuple[list[Record], list[Finding]]:
    program, target, rows = _both(host)
    return [*rows, opened(program, at(hours=10), target, "0x1410"), opened(program, at(hours=11), target, "0x28")], []


def a_number_of_rights_that_is_none(host: str) -> tuple[list[Record], list[Finding]]:
    program, target, rows = _both(host)
    return [*rows, opened(program, at(hours=10), target, "everything")], []


def the_target_is_its_own_child(host: str) -> tuple[list[Record], list[Finding]]:
    program, target = Process(host, PROGRAM), Process(host, CHROME)
    rows = [launched(program, at(hours=9)), launched(target, at(hours=10), program)]
    return [*rows, thread_started(program, at(hours=10), target)], []


def the_target_is_its_childs_child(host: str) -> tuple[list[Record], list[Finding]]:
    program, between, target = Process(host, PROGRAM), Process(host, CMD), Process(host, CHROME)
    rows = [launched(program, at(hours=9)), launched(between, at(hours=9), program, "cmd /c start")]
    return [*rows, launched(target, at(hours=9), between), thread_started(program, at(hours=10), target)], []


def the_target_is_another_process_of_the_same_program(host: str) -> tuple[list[Record], list[Finding]]:
    one, other = Process(host, PROGRAM, "one"), Process(host, PROGRAM, "other")
    return [launched(one, at(hours=9)), launched(other, at(hours=9)), thread_started(one, at(hours=10), other)], []


def the_system_does_it(host: str) -> tuple[list[Record], list[Finding]]:
    program, target, rows = _both(host, r"C:\Windows\System32\csrss.exe")
    return [*rows, thread_started(program, at(hours=10), target)], []


def a_browser_opens_what_a_person_started_with_it(host: str) -> tuple[list[Record], list[Finding]]:
    chrome, target = Process(host, CHROME), Process(host, PROGRAM)
    rows = [launched(chrome, at(hours=9)), launched(target, at(hours=10), chrome)]
    return [*rows, opened(chrome, at(hours=10), target, "0x1FFFFF")], []


def it_does_so_on_several_days(host: str) -> tuple[list[Record], list[Finding]]:
    program, target, rows = _both(host)
    acts = [
        thread_started(program, at(days=3), target),
        opened(program, at(days=1), target, "0x2A"),
        thread_started(program, at(days=1), target),
    ]
    return rows + acts, [finding(host, KEY, f"{THREAD}, {RIGHTS}", acts)]


STORIES: list[Story] = [
    it_started_a_thread_in_another_program,
    it_took_all_rights_and_then_started_one,
    it_took_just_the_three_rights_it_needs,
    it_looked_at_another_program,
    a_number_of_rights_that_is_none,
    the_target_is_its_own_child,
    the_target_is_its_childs_child,
    the_target_is_another_process_of_the_same_program,
    the_system_does_it,
    a_browser_opens_what_a_person_started_with_it,
    it_does_so_on_several_days,
]


@pytest.fixture(scope="module")
def told() -> Told:
    return tell("injects", STORIES)


@pytest.mark.parametrize("story", STORIES)
def test_finds_what_the_story_says_and_no_more(story: Story, told: Told) -> None:
    assert told.found[story.__name__] == told.wanted[story.__name__]
    assert told.found["?"] == []
