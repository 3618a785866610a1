"""JSON of the tools that KAPE runs."""

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
LEAD = {"record": 1, "tool": "eztools", "collection": ""}
WHEN = {"time": datetime(2022, 5, 6, 7, 8, 9), "day": date(2022, 5, 6)}
TEXT = "2022-05-06 07:08:09"
EARLIER = datetime(2015, 1, 1)

PREFETCH = {
    "SourceFilename": "x.pf",
    "ExecutableName": "A.EXE",
    "RunCount": "2",
    "LastRun": TEXT,
    "PreviousRun0": "2021-01-01 00:00:00",
    "PreviousRun1": "",
    "FilesLoaded": r"\VOLUME{01d}\WINDOWS\NTDLL.DLL, \VOLUME{01d}\T\A.EXE",
}
MFT = {
    "EntryNumber": 5,
    "InUse": True,
    "ParentPath": r".\Users\Public",
    "FileName": "a.exe",
    "IsDirectory": False,
    "FileSize": 9,
    "Created0x10": "2015-01-01T00:00:00.0000000+00:00",
    "Created0x30": "2022-05-06T07:08:09.0000000+00:00",
}
CASES: list[tuple[dict[str, Any], dict[str, Any], dict[str, str]]] = [
    (
        PREFETCH,
        {
            "artifact": "PECmd",
            "kind": "execution",
            "time_source": "LastRun",
            "name": "A.EXE",
            "path": r"\VOLUME{01d}\T\A.EXE",
            "run_count": 2,
            "run_times": ["2022-05-06T07:08:09.000000", "2021-01-01T00:00:00.000000"],
        },
        {name: PREFETCH[name] for name in PREFETCH if name not in ("ExecutableName", "RunCount")},
    ),
    (
        MFT,
        {
            "artifact": "MFTECmd_$MFT",
            "kind": "mft",
            "time_source": "Created0x30",
            "name": "a.exe",
            "path": r"\Users\Public\a.exe",
            "size": 9,
            "is_directory": False,
            "created": EARLIER,
            "created_name": WHEN["time"],
        },
        {"EntryNumber": "5", "InUse": "true", "ParentPath": r".\Users\Public"},
    ),
    (
        {**MFT, "Created0x10": "/Date(1651820889000)/", "Created0x30": None},
        {
            "artifact": "MFTECmd_$MFT",
            "kind": "mft",
            "time_source": "Created0x10",
            "name": "a.exe",
            "path": r"\Users\Public\a.exe",
            "size": 9,
            "is_directory": False,
            "created": WHEN["time"],
            "created_name": WHEN["time"],
        },
        {"EntryNumber": "5", "InUse": "true", "ParentPath": r".\Users\Public"},
    ),
    (
        {"Name": "a.exe", "UpdateTimestamp": TEXT, "UpdateReasons": "FileCreate", "ParentPath": r".\T"},
        {
            "artifact": "MFTECmd_$J",
            "kind": "usn",
            "time_source": "UpdateTimestamp",
            "name": "a.exe",
            "path": r"\T\a.exe",
            "reason": "FileCreate",
        },
        {"UpdateTimestamp": TEXT, "ParentPath": r".\T"},
    ),
    (
        {"FileKeyLastWriteTimestamp": TEXT, "SHA1": "ab", "FullPath": r"c:\a.exe", "ProgramName": "p"},
        {
            "artifact": "AmcacheParser",
            "kind": "amcache",
            "time_source": "FileKeyLastWriteTimestamp",
            "sha1": "ab",
            "path": r"c:\a.exe",
        },
        {"FileKeyLastWriteTimestamp": TEXT, "ProgramName": "p"},
    ),
]


@pytest.mark.parametrize(("record", "row", "other"), CASES)
def test_a_record_has_columns_and_nothing_is_lost(
    reading: Read, record: dict[str, Any], row: dict[str, Any], other: dict[str, str]
) -> None:
    content = json.dumps(record).encode() + b"\n"
    assert [reader.name for reader in claims(content)] == ["eztools"]
    assert reading("eztools", content).rows["artifact"] == [{**LEAD, **WHEN, **row, "other": other}]


def test_damage_is_kept_aside_and_costs_no_neighbour(reading: Read) -> None:
    content = json.dumps(PREFETCH).encode()
    found = reading("eztools", content + b"\n" + content[:40] + b"\n7\n{}\n" + content + b"\n")
    assert [row["record"] for row in found.rows["artifact"]] == [1, 5]
    assert [number for number, _ in found.reasons] == [2, 3, 4]
    assert found.reasons[1:] == [(3, "not a JSON object"), (4, "no time, and none in the name of its collection")]


VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=6) | st.lists(st.text(max_size=3), max_size=2)


@given(st.dictionaries(st.sampled_from([*PREFETCH, *MFT]), VALUES))
def test_no_record_is_lost_whatever_its_values_are(reading: Read, fields: dict[str, Any]) -> None:
    for record in (PREFETCH, MFT):
        assert reading("eztools", json.dumps({**record, **fields}).encode()).numbers == [1]


@given(st.lists(st.datetimes(datetime(1971, 1, 1), datetime(2090, 1, 1)), min_size=1, max_size=8))
def test_all_runs_of_a_program_are_read(reading: Read, times: list[datetime]) -> None:
    names = ["LastRun", *(f"PreviousRun{number}" for number in range(7))]
    record = {**PREFETCH, "PreviousRun0": "", **{n: t.isoformat() for n, t in zip(names, times, strict=False)}}
    (row,) = reading("eztools", json.dumps(record).encode()).rows["artifact"]
    assert row["run_times"] == [time.isoformat(timespec="microseconds") for time in times]
    assert row["time"] == times[0]
