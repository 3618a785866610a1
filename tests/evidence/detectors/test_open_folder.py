"""A program that lives where anybody may write."""

from __future__ import annotations

import pytest
from tests.analysis.records import Finding, Process, Record, at, ended, finding, launched
from tests.evidence.stories import Story, Told, tell


def _lives_in(host: str, path: str, key: str, place: str) -> tuple[list[Record], list[Finding]]:
    program = Process(host, path)
    start = launched(program, at(hours=9))
    found = finding(host, key, f"runs from {path} ({place})", [start], last=at(days=2))
    return [start, ended(program, at(days=2))], [found]


def downloads(host: str) -> tuple[list[Record], list[Finding]]:
    return _lives_in(host, r"C:\Users\ann\Downloads\tool.exe", r"\users\*\downloads\tool.exe", "downloads")


def temporary_folder(host: str) -> tuple[list[Record], list[Finding]]:
    return _lives_in(host, r"C:\Windows\Temp\tool.exe", r"\windows\temp\tool.exe", "temp")


def shared_folder(host: str) -> tuple[list[Record], list[Finding]]:
    return _lives_in(host, r"C:\ProgramData\tool.exe", r"\programdata\tool.exe", "shared")


def network_share(host: str) -> tuple[list[Record], list[Finding]]:
    return _lives_in(host, r"\\files\public\tool.exe", r"\\files\public\tool.exe", "remote")


def script_in_downloads(host: str) -> tuple[list[Record], list[Finding]]:
    body = Process(host, r"C:\Windows\System32\wscript.exe")
    start = launched(body, at(hours=9), line=r'wscript.exe "C:\Users\ann\Downloads\tool.js"')
    key = r"\users\*\downloads\tool.js"
    return [start], [finding(host, key, f"runs from {key} in wscript.exe (downloads)", [start])]


def program_files(host: str) -> tuple[list[Record], list[Finding]]:
    return _lives_in(host, r"C:\Program Files\Tool\tool.exe", "", "")[0], []


def installed_for_one_user(host: str) -> tuple[list[Record], list[Finding]]:
    return _lives_in(host, r"C:\Users\ann\AppData\Local\Programs\Tool\tool.exe", "", "")[0], []


def system_folder(host: str) -> tuple[list[Record], list[Finding]]:
    return _lives_in(host, r"C:\Windows\System32\tool.exe", "", "")[0], []


STORIES: list[Story] = [
    downloads,
    temporary_folder,
    shared_folder,
    network_share,
    script_in_downloads,
    program_files,
    installed_for_one_user,
    system_folder,
]


@pytest.fixture(scope="module")
def told() -> Told:
    return tell("open_folder", STORIES)


@pytest.mark.parametrize("story", STORIES)
def test_finds_what_the_story_says_and_no_more(story: Story, told: Told) -> None:
    assert told.found[story.__name__] == told.wanted[story.__name__]
    assert told.found["?"] == []
