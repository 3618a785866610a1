"""A process in which another program acts."""

from __future__ import annotations

import pytest
from tests.analysis.records import CHROME, Finding, Process, Record, at, finding, launched, opened, thread_started
from tests.evidence.stories import Story, Told, tell

PROGRAM = r"C:\ProgramData\Helper\helper.exe"
BROWSER = r"\program files\google\chrome\application\chrome.exe"


def _both(host: str, actor: str = PROGRAM) -> tuple[Process, Process, list[Record]]:
    program, target = Process(host, actor), Process(host, CHROME)
    return program, target, [launched(program, at(hours=9)), launched(target, at(hours=9))]


def another_program_started_threads_in_it(host: str) -> tuple[list[Record], list[Finding]]:
    program, target, rows = _both(host)
    acts = [thread_started(program, at(hours=10), target), thread_started(program, at(hours=11), target)]
    return rows + acts, [finding(host, BROWSER, "helper.exe started a thread in it", acts)]


def another_program_only_took_the_rights(host: str) -> tuple[list[Record], list[Finding]]:
    program, target, rows = _both(host)
    return [*rows, opened(program, at(hours=10), target, "0x1FFFFF")], []


def its_parent_started_it_so(host: str) -> tuple[list[Record], list[Finding]]:
    program, target = Process(host, PROGRAM), Process(host, CHROME)
    rows = [launched(program, at(hours=9)), launched(target, at(hours=10), program)]
    return [*rows, thread_started(program, at(hours=10), target)], []


def the_system_did(host: str) -> tuple[list[Record], list[Finding]]:
    program, target, rows = _both(host, r"C:\Windows\System32\csrss.exe")
    return [*rows, thread_started(program, at(hours=10), target)], []


def it_did_itself(host: str) -> tuple[list[Record], list[Finding]]:
    one, other = Process(host, CHROME, "one"), Process(host, CHROME, "other")
    return [launched(one, at(hours=9)), launched(other, at(hours=9)), thread_started(one, at(hours=10), other)], []


STORIES: list[Story] = [
    another_program_started_threads_in_it,
    another_program_only_took_the_rights,
    its_parent_started_it_so,
    the_system_did,
    it_did_itself,
]


@pytest.fixture(scope="module")
def told() -> Told:
    return tell("is_injected", STORIES)


@pytest.mark.parametrize("story", STORIES)
def test_finds_what_the_story_says_and_no_more(story: Story, told: Told) -> None:
    assert told.found[story.__name__] == told.wanted[story.__name__]
    assert told.found["?"] == []
