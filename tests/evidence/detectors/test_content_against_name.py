"""Content that is not what method and name say."""

from __future__ import annotations

from typing import Any

import pytest
from tests.analysis.records import (
    Finding,
    Process,
    Record,
    at,
    connected,
    finding,
    launched,
    record,
    request,
    suricata,
    zeek,
)
from tests.evidence.stories import Story, Told, tell

PROGRAM = r"C:\ProgramData\Helper\helper.exe"
KEY = r"\programdata\helper\helper.exe"
PROGRAM_TYPE = ["application/x-dosexec"]


def _requests(host: str, source: str, *requests: dict[str, Any]) -> tuple[list[Record], list[Record]]:
    """One connection by the program to example.com, and these requests in it."""
    program = Process(host, PROGRAM)
    start = [launched(program, at(hours=9)), connected(program, at(hours=10), "192.0.2.10", 80, source=source)]
    seen = [
        request("C" + host, at(hours=10, minutes=n), "192.0.2.10", **{"name": "example.com", "source": source, **each})
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


def it_posted_where_pictures_come_from(host: str) -> tuple[list[Record], list[Finding]]:
    posted = {"method": "POST", "orig_mime_types": ["image/jpeg"], "name": "pictures.example"}
    got = [{"resp_mime_types": ["image/jpeg"], "fetched": size, "name": "pictures.example"} for size in (900, 901, 902)]
    return _requests(host, "10.0.1.8", posted, *got)[0], []


def it_posted_where_one_picture_comes_from(host: str) -> tuple[list[Record], list[Finding]]:
    posted = {"method": "PUT", "orig_mime_types": ["image/jpeg"], "name": "cover.example"}
    got = [{"resp_mime_types": ["image/jpeg"], "fetched": 54_000, "name": "cover.example"}] * 3
    rows, seen = _requests(host, "10.0.1.9", posted, *got)
    return rows, [finding(host, KEY, "pictures posted to cover.example", seen[:1])]


def _files(host: str, source: str, mime: str | None, *uris: str, **fields: Any) -> tuple[list[Record], list[Record]]:
    """What came with requests for these, one minute after the other, as Zeek saw its content."""
    rows, seen = _requests(host, source, *({"uri": uri, "name": f"{source}.example"} for uri in uris))
    told = {"conn_uids": ["C" + host], "is_orig": False, "mime_type": mime, "seen_bytes": 5000, **fields}
    files = [zeek("files", each.fields["time"], fuid=f"F{n}", **told) for n, each in enumerate(seen)]
    return rows + files, files


def what_it_called_pictures_were_none(host: str) -> tuple[list[Record], list[Finding]]:
    rows, files = _files(host, "10.0.1.10", None, "/a.jpg", "/b.jpg?x", "/c.GIF")
    return rows, [finding(host, KEY, "what is named a picture and is none, from 10.0.1.10.example", files)]


def only_twice(host: str) -> tuple[list[Record], list[Finding]]:
    return _files(host, "10.0.1.11", None, "/a.jpg", "/b.jpg?x", "/page")[0], []


def pictures_in_another_form(host: str) -> tuple[list[Record], list[Finding]]:
    return _files(host, "10.0.1.12", "image/webp", "/a.jpg", "/b.jpg", "/c.jpg")[0], []


def a_program_by_its_files_own_name(host: str) -> tuple[list[Record], list[Finding]]:
    rows, files = _files(host, "10.0.1.13", "application/x-dosexec", "/get?id=1", filename="Annual.pdf")
    told = "a program under the name of Annual.pdf from 10.0.1.13.example"
    return rows, [finding(host, KEY, told, files)]


def a_program_as_suricata_saw_it(host: str) -> tuple[list[Record], list[Finding]]:
    program, whole = Process(host, PROGRAM), {"flow_id": 5, "proto": "TCP"}
    up = {"src_ip": "10.0.1.14", "src_port": 50000, "dest_ip": "192.0.2.10", "dest_port": 80}
    down = {"src_ip": "192.0.2.10", "src_port": 80, "dest_ip": "10.0.1.14", "dest_port": 50000}
    http = {"http_hostname": "s.example", "http_url": "/logo.png", "http_http_method": "GET"}
    ran = {"flow_start": at(hours=10), "app_proto": "http", "flow_bytes_toclient": 5000, "flow_bytes_toserver": 100}
    said = {"fileinfo_filename": "/img/logo.png", "fileinfo_magic": "PE32 executable (GUI) Intel 80386"}
    file = suricata("fileinfo", at(hours=10, seconds=1), **whole, **down, **said)
    rows = [
        launched(program, at(hours=9)),
        connected(program, at(hours=10), "192.0.2.10", 80, source="10.0.1.14"),
        suricata("flow", at(hours=11), **whole, **up, **ran),
        suricata("http", at(hours=10), **whole, **up, **http),
        file,
    ]
    told = "a program under the name of logo.png from s.example"
    return rows, [finding(host, KEY, told, [file], first=at(hours=10), last=at(hours=10))]


def _photos(host: str, source: str, *verdicts: str) -> tuple[list[Record], list[Record]]:
    """Pictures posted and carved, with what the walk said of each."""
    post = {"method": "POST", "orig_mime_types": ["image/jpeg"], "name": "photos.example"}
    rows, seen = _requests(host, source, *[post] * len(verdicts))
    for n, (each, verdict) in enumerate(zip(seen, verdicts, strict=True)):
        told = {"conn_uids": ["C" + host], "is_orig": True, "mime_type": "image/jpeg", "seen_bytes": 5000}
        rows.append(zeek("files", each.fields["time"], fuid=f"F{host}{n}", **told))
        inspected = {"name": f"carved/{host}{n}", "kind": "jpeg", "verdict": verdict, "fuid": f"F{host}{n}"}
        rows.append(record("file_inspection", at(days=300), {"size": 5000, **inspected}))
    return rows, seen


def photos_that_were_walked_and_hid_nothing(host: str) -> tuple[list[Record], list[Finding]]:
    return _photos(host, "10.0.1.15", "clean", "clean", "clean")[0], []


def one_of_them_hid_something(host: str) -> tuple[list[Record], list[Finding]]:
    rows, seen = _photos(host, "10.0.1.16", "clean", "clean", "clean", "hidden data")
    return rows, [finding(host, KEY, "pictures posted to photos.example", seen)]


def too_few_were_walked(host: str) -> tuple[list[Record], list[Finding]]:
    rows, seen = _photos(host, "10.0.1.17", "clean", "clean")
    return rows, [finding(host, KEY, "pictures posted to photos.example", seen)]


STORIES: list[Story] = [
    it_posted_pictures,
    it_fetched_a_program_named_as_a_picture,
    it_did_both,
    it_sent_a_form_with_a_picture,
    it_fetched_a_picture,
    it_fetched_a_program_named_as_one,
    nobody_looked_at_the_content,
    it_posted_where_pictures_come_from,
    it_posted_where_one_picture_comes_from,
    what_it_called_pictures_were_none,
    only_twice,
    pictures_in_another_form,
    a_program_by_its_files_own_name,
    a_program_as_suricata_saw_it,
    photos_that_were_walked_and_hid_nothing,
    one_of_them_hid_something,
    too_few_were_walked,
]


@pytest.fixture(scope="module")
def told() -> Told:
    return tell("content_against_name", STORIES)


@pytest.mark.parametrize("story", STORIES)
def test_finds_what_the_story_says_and_no_more(story: Story, told: Told) -> None:
    assert told.found[story.__name__] == told.wanted[story.__name__]
    assert told.found["?"] == []
