"""Discovery commands among a program's children."""

from __future__ import annotations

import pytest
from tests.analysis.records import CMD, Finding, Process, Record, at, finding, launched
from tests.evidence.stories import Story, Told, tell

PROGRAM = r"C:\ProgramData\Helper\helper.exe"
KEY = r"\programdata\helper\helper.exe"


def _runs(host: str, above: Process, *images: str) -> list[Record]:
    return [launched(Process(host, image, str(n)), at(hours=10, minutes=n), above) for n, image in enumerate(images)]


def it_ran_two_different_tools(host: str) -> tuple[list[Record], list[Finding]]:
    program = Process(host, PROGRAM)
    tools = _runs(host, program, r"C:\Windows\System32\whoami.exe", r"C:\Windows\System32\net.exe")
    return [launched(program, at(hours=9)), *tools], [finding(host, KEY, "ran net.exe, whoami.exe", tools)]


def its_shell_ran_them(host: str) -> tuple[list[Record], list[Finding]]:
    program, shell = Process(host, PROGRAM), Process(host, CMD)
    tools = _runs(host, shell, r"C:\Windows\System32\whoami.exe", r"C:\Windows\System32\tasklist.exe")
    rows = [launched(program, at(hours=9)), launched(shell, at(hours=10), program, "cmd /c both")]
    return rows + tools, [finding(host, KEY, "ran tasklist.exe, whoami.exe", tools)]


def it_ran_one_tool_often(host: str) -> tuple[list[Record], list[Finding]]:
    program = Process(host, PROGRAM)
    return [launched(program, at(hours=9)), *_runs(host, program, *[r"C:\Windows\System32\ping.exe"] * 9)], []


def it_ran_its_own_programs_of_such_names(host: str) -> tuple[list[Record], list[Finding]]:
    program = Process(host, PROGRAM)
    tools = _runs(host, program, r"C:\ProgramData\Helper\whoami.exe", r"C:\ProgramData\Helper\net.exe")
    return [launched(program, at(hours=9)), *tools], []


def it_ran_other_tools(host: str) -> tuple[list[Record], list[Finding]]:
    program = Process(host, PROGRAM)
    tools = _runs(host, program, r"C:\Windows\System32\chcp.com", r"C:\Windows\System32\notepad.exe")
    return [launched(program, at(hours=9)), *tools], []


def a_person_ran_them_in_a_shell(host: str) -> tuple[list[Record], list[Finding]]:
    shell = Process(host, CMD)
    tools = _runs(host, shell, r"C:\Windows\System32\whoami.exe", r"C:\Windows\System32\net.exe")
    return [launched(shell, at(hours=9)), *tools], []


def one_command_of_net_is_one_tool(host: str) -> tuple[list[Record], list[Finding]]:
    program, net = Process(host, PROGRAM), Process(host, r"C:\Windows\System32\net.exe")
    rows = [launched(program, at(hours=9)), launched(net, at(hours=10), program, "net user")]
    return [*rows, *_runs(host, net, r"C:\Windows\System32\net1.exe")], []


def a_person_ran_one_that_runs_another(host: str) -> tuple[list[Record], list[Finding]]:
    shell, tool = Process(host, CMD), Process(host, r"C:\Windows\System32\nltest.exe")
    rows = [launched(shell, at(hours=9)), launched(tool, at(hours=10), shell, "nltest /dclist:")]
    return [*rows, *_runs(host, tool, r"C:\Windows\System32\ping.exe")], []


def it_ran_one_tool_a_day(host: str) -> tuple[list[Record], list[Finding]]:
    program = Process(host, PROGRAM)
    images = [rf"C:\Windows\System32\{name}.exe" for name in ("whoami", "net", "whoami")]
    tools = [launched(Process(host, image, str(day)), at(days=day), program) for day, image in enumerate(images, 1)]
    return [launched(program, at(hours=9)), *tools], [finding(host, KEY, "ran net.exe, whoami.exe", tools)]


def one_command_of_net_on_each_day_is_one_tool(host: str) -> tuple[list[Record], list[Finding]]:
    program = Process(host, PROGRAM)
    images = [rf"C:\Windows\System32\{name}.exe" for name in ("net", "net1")]
    tools = [launched(Process(host, image, str(day)), at(days=day), program) for day, image in enumerate(images, 1)]
    return [launched(program, at(hours=9)), *tools], []


STORIES: list[Story] = [
    it_ran_two_different_tools,
    its_shell_ran_them,
    it_ran_one_tool_often,
    it_ran_its_own_programs_of_such_names,
    it_ran_other_tools,
    a_person_ran_them_in_a_shell,
    one_command_of_net_is_one_tool,
    a_person_ran_one_that_runs_another,
    it_ran_one_tool_a_day,
    one_command_of_net_on_each_day_is_one_tool,
]


@pytest.fixture(scope="module")
def told() -> Told:
    return tell("discovery_by_children", STORIES)


@pytest.mark.parametrize("story", STORIES)
def test_finds_what_the_story_says_and_no_more(story: Story, told: Told) -> None:
    assert told.found[story.__name__] == told.wanted[story.__name__]
    assert told.found["?"] == []
