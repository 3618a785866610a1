"""Executable content under other names."""

from __future__ import annotations

from typing import Any

import pytest
from tests.analysis.records import (
    WINWORD,
    Finding,
    Process,
    Record,
    at,
    connected,
    finding,
    flow,
    launched,
    loaded,
    marked,
    record,
    request,
    sysmon,
    wrote,
    zeek,
)
from tests.evidence.stories import Story, Told, tell

KEY = r"\program files\microsoft office\root\office16\winword.exe"
FILE = r"C:\Users\ann\AppData\Local\Temp\logo.PNG"


def _program(name: str, mark: str, **fields: Any) -> Record:
    """The row of a file that was walked and is a program by its content."""
    told = {"name": name, "file_name": name, "kind": "pe", "verdict": "mismatch", "sha256": mark.ljust(64, "0")}
    return record("file_inspection", at(days=300), {**told, "finding_kind": "program", **fields})


def _does(host: str, act: Any, path: str, what: str, **fields: Any) -> tuple[list[Record], list[Finding]]:
    program = Process(host, WINWORD)
    seen = act(program, at(hours=10), path, **fields)
    return [launched(program, at(hours=9)), seen], [finding(host, KEY, what, [seen])]


def _executable(actor: Process, when: Any, path: str, **fields: Any) -> Record:
    """Sysmon 29."""
    return sysmon(actor, when, 29, TargetFilename=path, **fields)


def it_wrote_one(host: str) -> tuple[list[Record], list[Finding]]:
    return _does(host, _executable, FILE, f"wrote a program as {FILE}")


def it_loaded_one(host: str) -> tuple[list[Record], list[Finding]]:
    return _does(host, loaded, FILE, f"loaded {FILE}")


def one_was_started(host: str) -> tuple[list[Record], list[Finding]]:
    rows = [launched(Process(host, r"C:\ProgramData\page.htm"), at(hours=9))]
    return rows, [finding(host, r"\programdata\page.htm", r"runs as C:\ProgramData\page.htm", rows)]


def what_was_collected_is_one(host: str) -> tuple[list[Record], list[Finding]]:
    rows, _ = _does(host, marked, FILE, "", Hash="SHA256=" + "C1".ljust(64, "0"))
    told = f"wrote {FILE}:Zone.Identifier, which is a program"
    return [*rows, _program("logo.png", "c1")], [finding(host, KEY, told, rows[1:])]


def what_was_carved_is_one(host: str) -> tuple[list[Record], list[Finding]]:
    program, uid, source = Process(host, WINWORD), "C" + host, "10.0.1.1"
    file = zeek("files", at(hours=10), conn_uids=[uid], is_orig=False, fuid="F1", sha256="c2".ljust(64, "0"))
    rows = [
        launched(program, at(hours=9)),
        connected(program, at(hours=10), "192.0.2.10", 80, source=source),
        flow(uid, at(hours=10), "192.0.2.10", 80, source=source, service="http"),
        request(uid, at(hours=10), "192.0.2.10", "www.example", "/x", source=source),
        file,
    ]
    return [*rows, _program("HTTP-F1.jpg", "c2")], [
        finding(host, KEY, "received HTTP-F1.jpg, which is a program", [file])
    ]


def a_program_under_its_own_name(host: str) -> tuple[list[Record], list[Finding]]:
    return _does(host, _executable, r"C:\Users\ann\Downloads\setup.exe", "")[0], []


def a_picture_that_is_one(host: str) -> tuple[list[Record], list[Finding]]:
    return _does(host, wrote, FILE, "")[0], []


def a_library_of_any_other_name(host: str) -> tuple[list[Record], list[Finding]]:
    return _does(host, loaded, r"C:\Windows\System32\winspool.drv", "")[0], []


STORIES: list[Story] = [
    it_wrote_one,
    it_loaded_one,
    one_was_started,
    what_was_collected_is_one,
    what_was_carved_is_one,
    a_program_under_its_own_name,
    a_picture_that_is_one,
    a_library_of_any_other_name,
]


@pytest.fixture(scope="module")
def told() -> Told:
    return tell("program_as_document", STORIES)


@pytest.mark.parametrize("story", STORIES)
def test_finds_what_the_story_says_and_no_more(story: Story, told: Told) -> None:
    assert told.found[story.__name__] == told.wanted[story.__name__]
    assert told.found["?"] == []
