"""Archives that extract themselves."""

from __future__ import annotations

from typing import Any

import pytest
from tests.analysis.records import Finding, Process, Record, at, finding, launched, record
from tests.evidence.stories import Story, Told, tell

IMAGE = r"C:\Users\ann\Downloads\Offer.exe"
KEY = r"\users\*\downloads\offer.exe"


def _launch(host: str, **fields: Any) -> list[Record]:
    return [launched(Process(host, IMAGE), at(hours=9), **fields)]


def by_seven_zip(host: str) -> tuple[list[Record], list[Finding]]:
    rows = _launch(host, OriginalFileName="7zS.sfx.exe")
    return rows, [finding(host, KEY, "built as 7zS.sfx.exe", rows)]


def by_iexpress(host: str) -> tuple[list[Record], list[Finding]]:
    rows = _launch(host, OriginalFileName="WEXTRACT.EXE            .MUI")
    return rows, [finding(host, KEY, "built as WEXTRACT.EXE .MUI", rows)]


def as_its_file_shows(host: str) -> tuple[list[Record], list[Finding]]:
    rows = _launch(host, Hashes="SHA256=" + "E1".ljust(64, "0"))
    told = "5,000 bytes behind the program: a RAR archive that extracts itself"
    file = {"name": "c/Offer.exe", "file_name": "Offer.exe", "kind": "pe", "sha256": "e1".ljust(64, "0")}
    said = {"verdict": "hidden data", "finding_kind": "self-extracting", "finding_sentence": told}
    carved = record("file_inspection", at(days=300), {**file, **said})
    sentence = "behind the program: a RAR archive that extracts itself (Offer.exe)"
    return [*rows, carved], [finding(host, KEY, sentence, rows)]


def a_program_of_its_own_name(host: str) -> tuple[list[Record], list[Finding]]:
    return _launch(host, OriginalFileName="offer.exe"), []


def a_name_that_begins_alike(host: str) -> tuple[list[Record], list[Finding]]:
    return _launch(host, OriginalFileName="sfxtuner.exe"), []


STORIES: list[Story] = [
    by_seven_zip,
    by_iexpress,
    as_its_file_shows,
    a_program_of_its_own_name,
    a_name_that_begins_alike,
]


@pytest.fixture(scope="module")
def told() -> Told:
    return tell("extracts_itself", STORIES)


@pytest.mark.parametrize("story", STORIES)
def test_finds_what_the_story_says_and_no_more(story: Story, told: Told) -> None:
    assert told.found[story.__name__] == told.wanted[story.__name__]
    assert told.found["?"] == []
