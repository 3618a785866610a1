"""Dissect's records."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodger.telemetry.discovery import claims

Read = Callable[[str, bytes], Any]
TEXT = "2022-05-06T07:08:09.500000+00:00"
WHEN = {"record": 1, "time": datetime(2022, 5, 6, 7, 8, 9, 500000), "day": date(2022, 5, 6)}
OWN = {
    "hostname": "WS1",
    "domain": "corp.example",
    "_source": "/evidence/ws1.E01",
    "_classification": None,
    "_generated": "2023-01-01T00:00:00+00:00",
    "_version": 1,
}
KEPT = {
    "hostname": "WS1",
    "domain": "corp.example",
    "_source": "/evidence/ws1.E01",
    "_generated": "2023-01-01T00:00:00+00:00",
    "_version": "1",
}
LEAD = {"tool": "dissect", "collection": "", "hostname": "WS1.corp.example"}


def record(name: str, **fields: object) -> dict[str, Any]:
    return {**fields, **OWN, "_type": "record", "_recorddescriptor": [name, 12345]}


def said(name: str) -> dict[str, str]:
    return {**KEPT, "_type": "record", "_recorddescriptor": f'["{name}",12345]'}


EVENT = record(
    "filesystem/windows/evtx",
    ts=TEXT,
    Provider_Name="Microsoft-Windows-Sysmon",
    EventID=1,
    Channel="Microsoft-Windows-Sysmon/Operational",
    Computer="WS1.corp.example",
    EventRecordID="77",
    Execution_ProcessID="9",
    Task="1",
    Image=r"C:\a.exe",
    ProcessId="4",
    Gone=None,
    source=r"C:\Sysmon.evtx",
)


def test_an_event_is_a_windows_event(reading: Read) -> None:
    content = json.dumps(EVENT).encode() + b"\n"
    assert [reader.name for reader in claims(content)] == ["dissect"]
    assert reading("dissect", content).rows == {
        "windows_event": [
            {
                **WHEN,
                "Computer": "WS1.corp.example",
                "Channel": "Microsoft-Windows-Sysmon/Operational",
                "Provider": "Microsoft-Windows-Sysmon",
                "EventID": 1,
                "EventRecordID": 77,
                "Image": r"C:\a.exe",
                "ProcessId": "4",
                "ExecutionProcessID": 9,
                "Task": 1,
                "other": {
                    "dissect.source": r"C:\Sysmon.evtx",
                    **{f"dissect.{name}": value for name, value in said("filesystem/windows/evtx").items()},
                },
            }
        ]
    }


@pytest.mark.parametrize(
    ("name", "fields", "row", "other"),
    [
        (
            "windows/registry/bam",
            {"ts": TEXT, "path": r"\Device\HarddiskVolume3\a.exe", "username": "ann"},
            {
                "kind": "execution",
                "time_source": "ts",
                "path": r"\Device\HarddiskVolume3\a.exe",
                "user_name": "ann",
                "run_times": ["2022-05-06T07:08:09.500000"],
            },
            {"ts": TEXT},
        ),
        (
            "filesystem/ntfs/prefetch/compact",
            {
                "ts": TEXT,
                "filename": "A.EXE",
                "linkedfiles": [r"\V\B.DLL", r"\V\A.EXE"],
                "previousruns": ["2021-01-01"],
            },
            {
                "kind": "execution",
                "time_source": "ts",
                "name": "A.EXE",
                "path": r"\V\A.EXE",
                "run_times": ["2022-05-06T07:08:09.500000", "2021-01-01T00:00:00.000000"],
            },
            {"ts": TEXT, "linkedfiles": r'["\\V\\B.DLL","\\V\\A.EXE"]', "previousruns": '["2021-01-01"]'},
        ),
        (
            "filesystem/ntfs/prefetch",
            {"ts": TEXT, "filename": "A.EXE", "linkedfile": r"\V\B.DLL"},
            {"kind": "execution", "time_source": "ts", "name": "A.EXE"},
            {"ts": TEXT, "linkedfile": r"\V\B.DLL"},
        ),
        (
            "filesystem/ntfs/mft/filename",
            {"ts": TEXT, "ts_type": "B", "path": r"c:\a.exe", "filesize": 3},
            {"kind": "mft", "time_source": "ts", "path": r"c:\a.exe", "size": 3, "created_name": WHEN["time"]},
            {"ts": TEXT, "ts_type": "B"},
        ),
        (
            "filesystem/ntfs/mft/filename",
            {"ts": TEXT, "ts_type": "M", "path": r"c:\a.exe"},
            {"kind": "mft", "time_source": "ts", "path": r"c:\a.exe"},
            {"ts": TEXT, "ts_type": "M"},
        ),
        ("some/thing", {"ts": TEXT, "path": "p"}, {"time_source": "ts"}, {"ts": TEXT, "path": "p"}),
    ],
)
def test_every_other_record_is_an_artifact(
    reading: Read, name: str, fields: dict[str, Any], row: dict[str, Any], other: dict[str, str]
) -> None:
    content = json.dumps(record(name, **fields)).encode() + b"\n"
    assert [reader.name for reader in claims(content)] == ["dissect"]
    whole = {**said(name), **other}
    assert reading("dissect", content).rows == {"artifact": [{**WHEN, **LEAD, "artifact": name, **row, "other": whole}]}


def test_records_of_all_kinds_are_mixed_and_descriptors_are_headers(reading: Read) -> None:
    described = {"_type": "recorddescriptor", "_data": ["windows/registry/bam", [["datetime", "ts"]]]}
    bare = {name: value for name, value in EVENT.items() if name not in ("_type", "_recorddescriptor", "Computer")}
    rows = [described, record("windows/registry/bam", ts=TEXT), EVENT, bare, record("x", ts=None), described]
    content = b"".join(json.dumps(row).encode() + b"\n" for row in rows) + b'{"cut'
    assert [reader.name for reader in claims(content)] == ["dissect"]
    found = reading("dissect", content)
    assert [row["record"] for row in found.rows["artifact"]] == [2]
    assert [(row["record"], row["Computer"]) for row in found.rows["windows_event"]] == [
        (3, "WS1.corp.example"),
        (4, "WS1"),
    ]
    assert [number for number, _ in found.reasons] == [5, 7]
    assert found.reasons[0] == (5, "no time, and none in the name of its collection")


VALUES = st.none() | st.integers() | st.text(max_size=5) | st.lists(st.text(max_size=3), max_size=2)
NAMES = st.sampled_from(["ts", "path", "filename", "linkedfiles", "previousruns", "EventID", "hostname", "domain"])
KINDS = st.sampled_from(["filesystem/windows/evtx", "filesystem/ntfs/prefetch/compact", "windows/service", "other"])


@given(KINDS, st.dictionaries(NAMES, VALUES))
def test_no_record_is_lost_whatever_its_values_are(reading: Read, name: str, fields: dict[str, Any]) -> None:
    content = json.dumps({**record(name, ts=TEXT), **fields}).encode() + b"\n"
    assert reading("dissect", content).numbers == [1]


@given(st.dictionaries(st.text("abcXYZ", min_size=8, max_size=10), st.text(max_size=8), max_size=4))
def test_what_is_written_is_read(reading: Read, fields: dict[str, str]) -> None:
    for made in (record("some/thing", ts=TEXT, **fields), {**EVENT, **fields}):
        ((row,),) = reading("dissect", json.dumps(made).encode()).rows.values()
        assert {name: row["other"][name] for name in fields} == fields
