"""Content that is not what method and name say."""

from __future__ import annotations

from typing import Any

import pytest
from tests.analysis.records import Finding, Process, Record, at, connected, finding, launched, request
from tests.evidence.stories import Story, Told, tell

PROGRAM = r"C:\ProgramData\Helper\helper.exe"
KEY = r"\programdata\helper\helper.exe"
PROGRAM_TYPE = ["application/x-dosexec"]


def _requests(host: str, source: str, *requests: dict[str, Any]) -> tuple[list[Record], list[Record]]:
    """One connection by the program to example.com, and these requests in it."""
    program = Process(host, PROGRAM)
    start = [launched(program, at(hours=9)), connected(program, at(hours=10), "192.0.2.10", 80, source=source)]
    seen = [
        request("C" + host, at(hours=10, minutes=n), "192.0.2.10", "example.com", source=source, **each)
        for n, each in enumerate(requests)
    ]
    return start + seen, seen


def it_posted_pictures(host: str) -> tuple[list[Record], list[Finding]]:
    post = {"method": "POST", "orig_mime_types": ["image/jpeg"]}
    rows, seen = _requests(host, "10.0.1.1", post, post)
    return rows, [finding(host, KEY, "pictures posted to example.com", seen)]


def it_fetched_a_program_named_as_a_picture(host: str) -> tuple[list[Record], list[Finding]]:
    rows, seen = _requests(host, "10.0.1.2", {"uri": "/img/Logo.PNG?v=2", "resp_mime_types": PROGRAM_TYPE})
    return rows, [finding(host, KEY, "a program under the name of Logo.PNG from example.com", seen)]


def it_did_both(host: str) -> tuple[list[Record], list[Finding]]:
    post = {"method": "POST", "orig_mime_types": ["image/png"]}
    rows, seen = _requests(host, "10.0.1.3", post, {"uri": "/robots.txt", "resp_mime_types": PROGRAM_TYPE})
    sentence = "a program under the name of robots.txt from example.com, pictures posted to example.com"
    return rows, [finding(host, KEY, sentence, seen)]


def it_sent_a_form_with_a_picture(host: str) -> tuple[list[Record], list[Finding]]:
    form = {"method": "POST", "orig_mime_types": ["text/plain", "image/jpeg"]}
    return _requests(host, "10.0.1.4", form)[0], []


def it_fetched_a_picture(host: str) -> tuple[list[Record], list[Finding]]:
    return _requests(host, "10.0.1.5", {"uri": "/logo.png", "resp_mime_types": ["image/png"]})[0], []


def it_fetched_a_program_named_as_one(host: str) -> tuple[list[Record], list[Finding]]:
    requests = [{"uri": uri, "resp_mime_types": PROGRAM_TYPE} for uri in ("/setup.exe", "/get?file=a.png&x=1")]
    return _requests(host, "10.0.1.6", *requests)[0], []


def nobody_looked_at_the_content(host: str) -> tuple[list[Record], list[Finding]]:
    return _requests(host, "10.0.1.7", {"method": "POST", "uri": "/logo.png"})[0], []


STORIES: list[Story] = [
    it_posted_pictures,
    it_fetched_a_program_named_as_a_picture,
    it_did_both,
    it_sent_a_form_with_a_picture,
    it_fetched_a_picture,
    it_fetched_a_program_named_as_one,
    nobody_looked_at_the_content,
]


@pytest.fixture(scope="module")
def told() -> Told:
    return tell("content_against_name", STORIES)


@pytest.mark.parametrize("story", STORIES)
def test_finds_what_the_story_says_and_no_more(story: Story, told: Told) -> None:
    assert told.found[story.__name__] == told.wanted[story.__name__]
    assert told.found["?"] == []
