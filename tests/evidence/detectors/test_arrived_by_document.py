"""Arrival out of a document or a mail."""

from __future__ import annotations

import pytest
from tests.analysis.records import (
    CHROME,
    EXPLORER,
    OUTLOOK,
    WINWORD,
    Finding,
    Process,
    Record,
    at,
    connected,
    finding,
    launched,
    wrote,
)
from tests.evidence.stories import Story, Told, tell

FILE = r"C:\Users\ann\AppData\Local\Temp\3f9a21.exe"
KEY = r"\users\*\appdata\local\temp\3f9a21.exe"


def _wrote_it(
    host: str, image: str, *, written: float = 10, ran: float = 11, runs: bool = True
) -> tuple[list[Record], Record]:
    """A program writes the file at one hour, and it runs at another: the records, and that of the writing."""
    writer = Process(host, image)
    file = wrote(writer, at(hours=written), FILE)
    rows = [launched(writer, at(hours=9.5)), file]
    return [*rows, launched(Process(host, FILE), at(hours=ran), writer)] if runs else rows, file


def word_wrote_it_and_it_ran(host: str) -> tuple[list[Record], list[Finding]]:
    rows, file = _wrote_it(host, WINWORD)
    return rows, [finding(host, KEY, f"winword.exe wrote {FILE}, and it ran within a day", [file])]


def mail_wrote_it_and_it_ran_on_the_next_morning(host: str) -> tuple[list[Record], list[Finding]]:
    rows, file = _wrote_it(host, OUTLOOK, ran=33)
    return rows, [finding(host, KEY, f"outlook.exe wrote {FILE}, and it ran within a day", [file])]


def a_reader_of_documents_wrote_it_twice(host: str) -> tuple[list[Record], list[Finding]]:
    reader = Process(host, r"C:\Program Files (x86)\Foxit Software\Foxit Reader\FoxitReader.exe")
    files = [wrote(reader, at(hours=10, minutes=minute), FILE) for minute in (0, 5)]
    rows = [launched(reader, at(hours=9)), *files, launched(Process(host, FILE), at(hours=11), reader)]
    return rows, [finding(host, KEY, f"foxitreader.exe wrote {FILE}, and it ran within a day", files)]


def it_ran_two_days_later(host: str) -> tuple[list[Record], list[Finding]]:
    return _wrote_it(host, WINWORD, ran=58)[0], []


def it_had_run_before(host: str) -> tuple[list[Record], list[Finding]]:
    return [launched(Process(host, FILE), at(hours=8)), *_wrote_it(host, WINWORD)[0]], []


def it_never_ran(host: str) -> tuple[list[Record], list[Finding]]:
    return _wrote_it(host, WINWORD, runs=False)[0], []


def nobody_saw_it_start(host: str) -> tuple[list[Record], list[Finding]]:
    rows, _ = _wrote_it(host, WINWORD, runs=False)
    return [*rows, connected(Process(host, FILE), at(hours=11), "192.0.2.1")], []


def a_browser_wrote_it(host: str) -> tuple[list[Record], list[Finding]]:
    return _wrote_it(host, CHROME)[0], []


def an_archive_program_unpacked_it(host: str) -> tuple[list[Record], list[Finding]]:
    return _wrote_it(host, r"C:\Program Files\7-Zip\7zFM.exe")[0], []


def a_person_copied_it(host: str) -> tuple[list[Record], list[Finding]]:
    return _wrote_it(host, EXPLORER)[0], []


def the_writer_has_only_the_name_of_word(host: str) -> tuple[list[Record], list[Finding]]:
    return _wrote_it(host, r"C:\Users\Public\WINWORD.EXE")[0], []


STORIES: list[Story] = [
    word_wrote_it_and_it_ran,
    mail_wrote_it_and_it_ran_on_the_next_morning,
    a_reader_of_documents_wrote_it_twice,
    it_ran_two_days_later,
    it_had_run_before,
    it_never_ran,
    nobody_saw_it_start,
    a_browser_wrote_it,
    an_archive_program_unpacked_it,
    a_person_copied_it,
    the_writer_has_only_the_name_of_word,
]


@pytest.fixture(scope="module")
def told() -> Told:
    return tell("arrived_by_document", STORIES)


@pytest.mark.parametrize("story", STORIES)
def test_finds_what_the_story_says_and_no_more(story: Story, told: Told) -> None:
    assert told.found[story.__name__] == told.wanted[story.__name__]
    assert told.found["?"] == []
