"""Names that hide that a file runs, in the records of hosts and of the network."""

from __future__ import annotations

from typing import Any

import pytest
from tests.analysis.records import (
    OUTLOOK,
    Finding,
    Process,
    Record,
    at,
    connected,
    deleted,
    finding,
    flow,
    launched,
    request,
    wrote,
    zeek,
)
from tests.evidence.stories import Story, Told, tell

KEY = r"\program files\microsoft office\root\office16\outlook.exe"
FOLDER = "C:\\Users\\ann\\Downloads\\"


def _wrote(host: str, name: str, act: Any = wrote, did: str = "wrote") -> tuple[list[Record], list[Finding]]:
    program = Process(host, OUTLOOK)
    file = act(program, at(hours=10), FOLDER + name)
    return [launched(program, at(hours=9)), file], [finding(host, KEY, f"{did} {name}", [file])]


def _asked(host: str, source: str, uri: str, **file: Any) -> tuple[list[Record], list[Record]]:
    program, uid = Process(host, OUTLOOK), "C" + host
    seen = [request(uid, at(hours=10), "192.0.2.10", "www.example", uri, source=source)]
    rows = [
        launched(program, at(hours=9)),
        connected(program, at(hours=10), "192.0.2.10", 80, source=source),
        flow(uid, at(hours=10), "192.0.2.10", 80, source=source, service="http"),
    ]
    files = [zeek("files", at(hours=10), conn_uids=[uid], is_orig=False, **file)] if file else []
    return rows + seen + files, files or seen


def a_document_and_a_program(host: str) -> tuple[list[Record], list[Finding]]:
    return _wrote(host, "Offer.PDF.exe")


def many_spaces(host: str) -> tuple[list[Record], list[Finding]]:
    rows, _ = _wrote(host, "offer.docx" + " " * 30 + ".scr")
    return rows, [finding(host, KEY, "wrote offer.docx .scr", rows[1:])]


def the_direction_turned(host: str) -> tuple[list[Record], list[Finding]]:
    return _wrote(host, "report_\u202excod.exe")


def an_isolate_in_it(host: str) -> tuple[list[Record], list[Finding]]:
    return _wrote(host, "report_\u2067xcod.exe")


def a_deleted_one(host: str) -> tuple[list[Record], list[Finding]]:
    return _wrote(host, "holiday.jpg.lnk", deleted, "deleted")


def asked_for_in_the_path(host: str) -> tuple[list[Record], list[Finding]]:
    rows, seen = _asked(host, "10.0.1.1", "/a/invoice.pdf.js?x=1")
    return rows, [finding(host, KEY, "asked for invoice.pdf.js at www.example", seen)]


def received_under_a_name_of_its_own(host: str) -> tuple[list[Record], list[Finding]]:
    rows, seen = _asked(host, "10.0.1.2", "/get?id=7", filename="photo.png.vbs", fuid="F1")
    return rows, [finding(host, KEY, "received photo.png.vbs from www.example", seen)]


def a_version_before_the_extension(host: str) -> tuple[list[Record], list[Finding]]:
    return _wrote(host, "setup-1.2.exe")[0], []


def two_extensions_of_documents(host: str) -> tuple[list[Record], list[Finding]]:
    return _wrote(host, "backup.docx.zip")[0], []


def a_program_asked_for(host: str) -> tuple[list[Record], list[Finding]]:
    return _asked(host, "10.0.1.3", "/setup.exe")[0], []


STORIES: list[Story] = [
    a_document_and_a_program,
    many_spaces,
    the_direction_turned,
    an_isolate_in_it,
    a_deleted_one,
    asked_for_in_the_path,
    received_under_a_name_of_its_own,
    a_version_before_the_extension,
    two_extensions_of_documents,
    a_program_asked_for,
]


@pytest.fixture(scope="module")
def told() -> Told:
    return tell("misleading_file_name", STORIES)


@pytest.mark.parametrize("story", STORIES)
def test_finds_what_the_story_says_and_no_more(story: Story, told: Told) -> None:
    assert told.found[story.__name__] == told.wanted[story.__name__]
    assert told.found["?"] == []
