"""Sysmon for Linux in syslog, as XML, and in the journal's JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lodger.telemetry.discovery import choose

Read = Callable[[str, bytes], Any]

XML = (
    '<Event><System><Provider Name="Linux-Sysmon" Guid="{ff032593}"/><EventID>1</EventID><Level>4</Level>'
    '<TimeCreated SystemTime="2023-08-15T09:55:25.836000000Z"/><EventRecordID>77</EventRecordID><Correlation/>'
    "<Channel>Linux-Sysmon/Operational</Channel><Computer>web01</Computer></System><EventData>"
    '<Data Name="UtcTime">2023-08-15 09:55:25.836</Data><Data Name="Image">/usr/bin/ls</Data>'
    '<Data Name="CommandLine">ls &lt;x&gt;</Data></EventData></Event>'
)
ROW = {
    "record": 1,
    "time": datetime(2023, 8, 15, 9, 55, 25, 836000),
    "day": date(2023, 8, 15),
    "Computer": "web01",
    "Channel": "Linux-Sysmon/Operational",
    "Provider": "Linux-Sysmon",
    "EventID": 1,
    "EventRecordID": 77,
    "Level": 4,
    "ProviderGuid": "{ff032593}",
    "UtcTime": "2023-08-15 09:55:25.836",
    "Image": "/usr/bin/ls",
    "CommandLine": "ls <x>",
}


@pytest.mark.parametrize("header", ["Aug 15 09:55:25 web01 sysmon:", "<13>1 2023-08-15T09:55:25Z web01 sysmon 7 - -"])
def test_lines_of_syslog(reading: Read, header: str) -> None:
    content = f"{header} {XML}\nAug 15 09:55:26 web01 sshd: hello\n{header} {XML[:-9]}\n{header} {XML}".encode()
    chosen = choose(content)
    assert chosen is not None
    assert chosen.name == "sysmon_linux"
    found = reading("sysmon_linux", content)
    other = {"syslog.header": header}
    assert found.rows == {"windows_event": [ROW | {"record": number, "other": other} for number in (1, 4)]}
    assert [record for record, _ in found.reasons] == [2, 3]
    assert found.reasons[0][1] == "a line of another program, without a Sysmon event"


def test_the_journal_as_json(reading: Read) -> None:
    content = json.dumps({"MESSAGE": XML, "_HOSTNAME": "web01", "PRIORITY": "6"}).encode()
    chosen = choose(content)
    assert chosen is not None
    assert chosen.name == "windows_json"
    (row,) = reading("windows_json", content).rows["windows_event"]
    assert row == ROW | {"other": {"journal.PRIORITY": "6"}}


def test_plain_xml_is_read_as_that(reading: Read) -> None:
    chosen = choose(f"{XML}\n{XML}\n".encode())
    assert chosen is not None
    assert chosen.name == "windows_xml"


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=100), st.integers(0, 1500))
def test_no_damage_stops_the_reader(reading: Read, noise: bytes, at: int) -> None:
    whole = f"web01 sysmon: {XML}\nweb01 sysmon: {XML}\n".encode()
    content = whole[:at] + noise + whole[at:]
    choose(content)
    found = reading("sysmon_linux", content)
    if not content.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        lines = [n for n, line in enumerate(content.split(b"\n"), 1) if line and not line.isspace()]
        assert found.numbers == lines
