"""Programs of one maker that another maker's resident program brought."""

from __future__ import annotations

import pytest
from tests.analysis.records import (
    EXPLORER,
    SERVICES,
    Finding,
    Process,
    Record,
    at,
    finding,
    launched,
    loaded,
    wrote,
)
from tests.evidence.stories import Story, Told, tell

MAKER = "Larch Software Inc"


def _agent(host: str) -> Process:
    """A resident program of each story's own: what it brought is asked of the whole fleet."""
    return Process(host, rf"C:\Program Files\{host}\agent.exe")


def _brought(host: str, name: str) -> str:
    return rf"C:\ProgramData\{host}\{name}.exe"


def _resident(agent: Process, day: float = 0, signer: str | None = MAKER) -> list[Record]:
    return [
        launched(agent, at(days=day, hours=8), Process(agent.host, SERVICES)),
        loaded(agent, at(days=day, hours=8, seconds=1), signer=signer),
    ]


def _delivery(writer: Process, name: str, signer: str | None, day: float = 10, ran: float = 0.1) -> list[Record]:
    """A file is written and runs, a tenth of an hour later; the record of its writing comes first."""
    program = Process(writer.host, _brought(writer.host, name))
    return [
        wrote(writer, at(days=day, hours=9), program.image),
        launched(program, at(days=day, hours=9 + ran), writer),
        loaded(program, at(days=day, hours=9 + ran, seconds=1), signer=signer),
    ]


def _sentence(host: str, name: str, signed: str, before: str = "all else that it brought is of its own maker") -> str:
    return f"agent.exe, of {MAKER}, wrote {_brought(host, name)}, which is {signed}; {before}"


def an_updater_that_brought_its_own_makers_files_brings_a_strangers(host: str) -> tuple[list[Record], list[Finding]]:
    agent = _agent(host)
    strange = _delivery(agent, "strange", "Corvid Trading Ltd")
    rows = [*_resident(agent), *_delivery(agent, "own", "Larch Software LLC", day=3), *strange]
    key = rf"\programdata\{host}\strange.exe"
    return rows, [finding(host, key, _sentence(host, "strange", "signed by Corvid Trading Ltd"), strange[:1])]


def it_brought_nothing_before_and_now_what_nobody_signed(host: str) -> tuple[list[Record], list[Finding]]:
    agent = _agent(host)
    strange = _delivery(agent, "strange", None)
    key = rf"\programdata\{host}\strange.exe"
    sentence = _sentence(host, "strange", "not signed", "it brought no other program")
    return [*_resident(agent), *strange], [finding(host, key, sentence, strange[:1])]


def it_came_days_ago_only(host: str) -> tuple[list[Record], list[Finding]]:
    """The host itself was heard long before."""
    agent = _agent(host)
    before = launched(Process(host, EXPLORER), at(hours=1))
    return [before, *_resident(agent, day=5), *_delivery(agent, "strange", "Corvid Trading Ltd")], []


def it_brings_its_own_makers(host: str) -> tuple[list[Record], list[Finding]]:
    agent = _agent(host)
    return [*_resident(agent), *_delivery(agent, "own", "Larch Software LLC")], []


def it_brings_what_many_makers_made(host: str) -> tuple[list[Record], list[Finding]]:
    agent = _agent(host)
    deliveries = [_delivery(agent, f"tool{n}", f"Maker{n} Ltd", day=8 + n) for n in range(3)]
    return [*_resident(agent), *(row for rows in deliveries for row in rows)], []


def nobody_signed_the_writer(host: str) -> tuple[list[Record], list[Finding]]:
    agent = _agent(host)
    return [*_resident(agent, signer=None), *_delivery(agent, "strange", "Corvid Trading Ltd")], []


def nothing_is_known_of_its_signature(host: str) -> tuple[list[Record], list[Finding]]:
    agent = _agent(host)
    return [*_resident(agent), *_delivery(agent, "strange", "Corvid Trading Ltd")[:2]], []


def it_wrote_what_had_run_before(host: str) -> tuple[list[Record], list[Finding]]:
    agent = _agent(host)
    ran = launched(Process(host, _brought(host, "strange")), at(days=2))
    return [*_resident(agent), ran, *_delivery(agent, "strange", "Corvid Trading Ltd")], []


def it_ran_two_days_later(host: str) -> tuple[list[Record], list[Finding]]:
    agent = _agent(host)
    return [*_resident(agent), *_delivery(agent, "strange", "Corvid Trading Ltd", ran=48)], []


def a_setup_of_another_maker_brings_it(host: str) -> tuple[list[Record], list[Finding]]:
    setup = Process(host, rf"C:\Program Files\{host}\setup.exe")
    return [*_resident(setup), *_delivery(setup, "strange", "Corvid Trading Ltd")], []


def a_folder_is_kept_alike(host: str) -> tuple[list[Record], list[Finding]]:
    sync = Process(host, rf"C:\Program Files\{host}\OneDrive.exe")
    return [*_resident(sync), *_delivery(sync, "strange", "Corvid Trading Ltd")], []


def a_tool_of_windows_writes_it(host: str) -> tuple[list[Record], list[Finding]]:
    tool = Process(host, rf"C:\Windows\{host}\agent.exe")
    return [*_resident(tool), *_delivery(tool, "strange", "Corvid Trading Ltd")], []


STORIES: list[Story] = [
    an_updater_that_brought_its_own_makers_files_brings_a_strangers,
    it_brought_nothing_before_and_now_what_nobody_signed,
    it_came_days_ago_only,
    it_brings_its_own_makers,
    it_brings_what_many_makers_made,
    nobody_signed_the_writer,
    nothing_is_known_of_its_signature,
    it_wrote_what_had_run_before,
    it_ran_two_days_later,
    a_setup_of_another_maker_brings_it,
    a_folder_is_kept_alike,
    a_tool_of_windows_writes_it,
]


@pytest.fixture(scope="module")
def told() -> Told:
    return tell("brought_by_stranger", STORIES)


@pytest.mark.parametrize("story", STORIES)
def test_finds_what_the_story_says_and_no_more(story: Story, told: Told) -> None:
    assert told.found[story.__name__] == told.wanted[story.__name__]
    assert told.found["?"] == []
