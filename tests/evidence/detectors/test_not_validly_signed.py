"""A program without a valid signature."""

from __future__ import annotations

import pytest
from tests.analysis.records import Finding, Process, Record, at, driver_loaded, finding, launched, loaded
from tests.evidence.stories import Story, Told, tell

PROGRAM = r"C:\Program Files\Helper\helper.exe"
KEY = r"\program files\helper\helper.exe"


def _said(host: str, *said: Record) -> list[Record]:
    return [launched(Process(host, PROGRAM), at(hours=9)), *said]


def it_is_not_signed(host: str) -> tuple[list[Record], list[Finding]]:
    said = loaded(Process(host, PROGRAM), at(hours=9), signer=None)
    return _said(host, said), [finding(host, KEY, "not signed", [said])]


def its_signature_was_revoked(host: str) -> tuple[list[Record], list[Finding]]:
    said = loaded(Process(host, PROGRAM), at(hours=9), status="Revoked")
    return _said(host, said), [finding(host, KEY, "signature of Example Software is revoked", [said])]


def a_driver_is_not_signed(host: str) -> tuple[list[Record], list[Finding]]:
    path = r"C:\Windows\System32\drivers\filter.sys"
    said = driver_loaded(host, at(hours=9), path, signer=None)
    return [said], [finding(host, r"\windows\system32\drivers\filter.sys", "not signed", [said])]


def its_signature_is_valid(host: str) -> tuple[list[Record], list[Finding]]:
    return _said(host, loaded(Process(host, PROGRAM), at(hours=9))), []


def its_signature_could_not_be_checked(host: str) -> tuple[list[Record], list[Finding]]:
    return _said(host, loaded(Process(host, PROGRAM), at(hours=9), status="Unavailable")), []


def one_of_its_libraries_is_not_signed(host: str) -> tuple[list[Record], list[Finding]]:
    program = Process(host, PROGRAM)
    library = loaded(program, at(hours=9), r"C:\Program Files\Helper\codec.dll", signer=None)
    return _said(host, loaded(program, at(hours=9)), library), []


def it_was_signed_later(host: str) -> tuple[list[Record], list[Finding]]:
    program = Process(host, PROGRAM)
    return _said(host, loaded(program, at(hours=9), signer=None), loaded(program, at(days=9))), []


STORIES: list[Story] = [
    it_is_not_signed,
    its_signature_was_revoked,
    a_driver_is_not_signed,
    its_signature_is_valid,
    its_signature_could_not_be_checked,
    one_of_its_libraries_is_not_signed,
    it_was_signed_later,
]


@pytest.fixture(scope="module")
def told() -> Told:
    return tell("not_validly_signed", STORIES)


@pytest.mark.parametrize("story", STORIES)
def test_finds_what_the_story_says_and_no_more(story: Story, told: Told) -> None:
    assert told.found[story.__name__] == told.wanted[story.__name__]
    assert told.found["?"] == []
