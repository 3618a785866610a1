"""Data hidden in files, from the file to the program that had it."""

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
    flow,
    launched,
    marked,
    record,
    request,
    suricata,
    wrote,
    zeek,
)
from tests.evidence.stories import Story, Told, tell

PROGRAM = r"C:\ProgramData\Helper\helper.exe"
KEY = r"\programdata\helper\helper.exe"
WHAT = "500 bytes behind the end of the picture: 7.59 bits per byte"
PLACE = f"with {WHAT}, from byte 9000 of 9500"


def walked(name: str, mark: str, **fields: Any) -> Record:
    """The row of a carved JPEG with a tail; its hashes begin with ``mark``."""
    told = {
        "name": name,
        "file_name": name.rpartition("/")[2],
        "kind": "jpeg",
        "verdict": "hidden data",
        "size": 9500,
        "sha256": mark.ljust(64, "0"),
        "sha1": mark.ljust(40, "0"),
        "md5": mark.ljust(32, "0"),
        "finding_count": 1,
        "finding_kind": "after the end",
        "finding_offset": 9000,
        "finding_length": 500,
        "finding_sentence": WHAT,
    }
    return record("file_inspection", at(days=300), {**told, **fields})


def _carried(host: str, source: str, **fields: Any) -> tuple[list[Record], Record]:
    """A request by the program and the file that came with it, as Zeek tells both; all records, and the file's."""
    program, uid = Process(host, PROGRAM), "C" + host
    file = zeek("files", at(hours=10, seconds=1), conn_uids=[uid], is_orig=False, mime_type="image/jpeg", **fields)
    return [
        launched(program, at(hours=9)),
        connected(program, at(hours=10), "192.0.2.10", 80, source=source),
        flow(uid, at(hours=10), "192.0.2.10", 80, source=source, service="http"),
        request(uid, at(hours=10), "192.0.2.10", "www.example", "/img/logo.jpg?v=2", source=source),
        file,
    ], file


def _found(host: str, how: str, *rows: Record, hours: float = 10) -> list[Finding]:
    moment = at(hours=hours)
    return [finding(host, KEY, f"{how}, {PLACE}", rows, first=moment, last=moment)]


def by_the_id_in_the_carved_files_name(host: str) -> tuple[list[Record], list[Finding]]:
    rows, file = _carried(host, "10.0.1.1", fuid="FakNcS1Jfe01uljb3")
    carved = walked("carved/HTTP-FakNcS1Jfe01uljb3.jpg", "a1", fuid="FakNcS1Jfe01uljb3")
    return [*rows, carved], _found(host, "received logo.jpg from www.example", file, carved)


def by_sha1(host: str) -> tuple[list[Record], list[Finding]]:
    rows, file = _carried(host, "10.0.1.2", fuid="F2", sha1="a2".ljust(40, "0"), filename="photo.jpg")
    carved = walked("carved/1", "a2")
    return [*rows, carved], _found(host, "received photo.jpg from www.example", file, carved)


def what_it_sent_by_md5(host: str) -> tuple[list[Record], list[Finding]]:
    rows, _ = _carried(host, "10.0.1.3", fuid="F3")
    sent = zeek("files", at(hours=10), conn_uids=["C" + host], is_orig=True, md5="a3".ljust(32, "0"))
    carved = walked("carved/3", "a3")
    return [*rows, sent, carved], _found(host, "sent logo.jpg to www.example", sent, carved)


def by_suricatas_sha256(host: str) -> tuple[list[Record], list[Finding]]:
    program, ends = Process(host, PROGRAM), {"flow_id": 77, "proto": "TCP"}
    up = {"src_ip": "10.0.1.4", "src_port": 50000, "dest_ip": "192.0.2.10", "dest_port": 80}
    down = {"src_ip": "192.0.2.10", "src_port": 80, "dest_ip": "10.0.1.4", "dest_port": 50000}
    told = {"http_hostname": "www.example", "http_url": "/logo.jpg", "http_http_method": "GET"}
    request = suricata("http", at(hours=10), **ends, **up, **told)
    whole = {"flow_start": at(hours=10), "app_proto": "http", "flow_bytes_toclient": 9500, "flow_bytes_toserver": 100}
    ran = suricata("flow", at(hours=11), **ends, **up, **whole)
    said = {"fileinfo_filename": "/logo.jpg", "fileinfo_sha256": "a4".ljust(64, "0"), "fileinfo_stored": True}
    file = suricata("fileinfo", at(hours=10, seconds=1), **ends, **down, **said)
    rows = [launched(program, at(hours=9)), connected(program, at(hours=10), "192.0.2.10", 80, source="10.0.1.4")]
    carved = walked("filestore/a4/" + "a4".ljust(64, "0"), "a4")
    return [*rows, ran, request, file, carved], _found(host, "received /logo.jpg from www.example", file, carved)


def what_it_wrote_by_its_hash(host: str) -> tuple[list[Record], list[Finding]]:
    program = Process(host, PROGRAM)
    hashes = "MD5=" + "9" * 32 + ",SHA256=" + "A5".ljust(64, "0")
    stream = marked(program, at(hours=12), r"C:\ProgramData\Helper\p.jpg", Hash=hashes)
    carved = walked("collected/p.jpg", "a5")
    how = r"wrote C:\ProgramData\Helper\p.jpg:Zone.Identifier"
    return [launched(program, at(hours=9)), stream, carved], _found(host, how, stream, carved, hours=12)


def what_it_wrote_by_the_path_in_the_collection(host: str) -> tuple[list[Record], list[Finding]]:
    program = Process(host, PROGRAM)
    file = wrote(program, at(hours=12), r"C:\Users\ann6\Pictures\p.jpg")
    carved = walked("collection.zip!uploads/C%3A/Users/ann6/Pictures/p.jpg", "a6")
    how = r"wrote C:\Users\ann6\Pictures\p.jpg"
    return [launched(program, at(hours=9)), file, carved], _found(host, how, file, carved, hours=12)


def two_copies_with_other_tails(host: str) -> tuple[list[Record], list[Finding]]:
    rows, file = _carried(host, "10.0.1.7", fuid="F7", sha1="a7".ljust(40, "0"))
    clean = {"verdict": "clean", "finding_kind": None, "finding_sentence": None, "image_sha256": "i7"}
    first = walked("carved/7", "a7", tail_sha256="t7", **clean)
    other = walked("carved/8", "a8", tail_sha256="t8", **clean)
    sentence = "received logo.jpg from www.example, with another tail than the same picture has elsewhere"
    seen = [finding(host, KEY, sentence, [file, first], first=at(hours=10), last=at(hours=10))]
    return [*rows, first, other], seen


def a_clean_file(host: str) -> tuple[list[Record], list[Finding]]:
    rows, _ = _carried(host, "10.0.1.8", fuid="F8", sha1="b1".ljust(40, "0"))
    return [*rows, walked("carved/9", "b1", verdict="clean", finding_kind=None)], []


def a_damaged_file(host: str) -> tuple[list[Record], list[Finding]]:
    rows, _ = _carried(host, "10.0.1.9", fuid="F9", sha1="b2".ljust(40, "0"))
    return [*rows, walked("carved/10", "b2", verdict="malformed")], []


def an_installer_that_extracts_itself(host: str) -> tuple[list[Record], list[Finding]]:
    rows, _ = _carried(host, "10.0.1.10", fuid="F10", sha1="b3".ljust(40, "0"))
    return [*rows, walked("carved/11", "b3", kind="pe", finding_kind="self-extracting")], []


def a_file_that_nobody_had(host: str) -> tuple[list[Record], list[Finding]]:
    rows, _ = _carried(host, "10.0.1.11", fuid="F11", sha1="b4".ljust(40, "0"))
    return [*rows, walked("carved/12", "b5")], []


def what_four_hosts_have(host: str) -> tuple[list[Record], list[Finding]]:
    rows = [walked("carved/13", "b6")]
    for n in range(4):
        rows += _carried(f"{host}{n}", f"10.0.2.{n + 1}", fuid=f"G{n}", sha1="b6".ljust(40, "0"))[0]
    return rows, []


STORIES: list[Story] = [
    by_the_id_in_the_carved_files_name,
    by_sha1,
    what_it_sent_by_md5,
    by_suricatas_sha256,
    what_it_wrote_by_its_hash,
    what_it_wrote_by_the_path_in_the_collection,
    two_copies_with_other_tails,
    a_clean_file,
    a_damaged_file,
    an_installer_that_extracts_itself,
    a_file_that_nobody_had,
    what_four_hosts_have,
]


@pytest.fixture(scope="module")
def told() -> Told:
    return tell("hidden_in_file", STORIES)


@pytest.mark.parametrize("story", STORIES)
def test_finds_what_the_story_says_and_no_more(story: Story, told: Told) -> None:
    assert told.found[story.__name__] == told.wanted[story.__name__]
    assert told.found["?"] == []
