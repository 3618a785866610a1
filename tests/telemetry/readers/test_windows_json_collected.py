"""Windows events as collectors and searches wrap them: Velociraptor, EvtxECmd, Elasticsearch, Kibana."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodger.telemetry.discovery import claims
from lodger.telemetry.windows import HEADER

Read = Callable[[str, bytes], Any]

WHEN = {"time": datetime(2023, 1, 2, 3, 4, 5, 678901), "day": date(2023, 1, 2)}
HEAD = {
    "Computer": "WS1.corp.example",
    "Channel": "Microsoft-Windows-Sysmon/Operational",
    "Provider": "Microsoft-Windows-Sysmon",
    "EventID": 1,
    "EventRecordID": 77,
}
DATA = {"Image": r"C:\a.exe", "ProcessId": "4", "CommandLine": "a -b"}
ROW = {**WHEN, **HEAD, **DATA, "record": 1}
SYSTEM = {
    "Provider": {"Name": HEAD["Provider"], "Guid": "{5770}"},
    "EventID": {"Value": 1},
    "Level": 4,
    "TimeCreated": {"SystemTime": 1672628645.678901},
    "EventRecordID": 77,
    "Channel": HEAD["Channel"],
    "Computer": HEAD["Computer"],
    "Execution": {"ProcessID": 9, "ThreadID": 8},
    "Security": {"UserID": "S-1-5-18"},
}
PARSED = {
    "System": SYSTEM,
    "EventData": DATA,
    "Message": "Process Create",
    "TimeCreated": "2023-01-02T03:04:05Z",
    "Channel": HEAD["Channel"],
    "EventRecordID": 77,
    "EventID": 1,
    "OSPath": r"C:\Sysmon.evtx",
}
HUNTED = {
    "EventTime": "2023-01-02T03:04:05.678901Z",
    **HEAD,
    "UserSID": "S-1-5-18",
    "Username": "SYSTEM",
    "EventData": DATA,
    "UserData": None,
    "Message": "Process Create",
    "OSPath": r"C:\Sysmon.evtx",
}
XML = (
    "<Event><System><Provider Name='Microsoft-Windows-Sysmon'/><EventID>1</EventID><EventRecordID>77</EventRecordID>"
    "<TimeCreated SystemTime='2023-01-02T03:04:05.678901Z'/><Channel>Microsoft-Windows-Sysmon/Operational</Channel>"
    "<Computer>WS1.corp.example</Computer></System><EventData><Data Name='Image'>C:\\a.exe</Data>"
    "<Data Name='ProcessId'>4</Data><Data Name='CommandLine'>a -b</Data></EventData></Event>"
)
PAYLOAD = {"EventData": {"Data": [{"@Name": name, "#text": value} for name, value in DATA.items()]}}


def ecmd(payload: object, **fields: object) -> dict[str, Any]:
    return {
        "PayloadData1": "ProcessID: 4",
        "MapDescription": "Process creation",
        "Computer": HEAD["Computer"],
        "Payload": payload if isinstance(payload, str) else json.dumps(payload),
        "UserId": "S-1-5-18",
        "Channel": HEAD["Channel"],
        "Provider": HEAD["Provider"],
        "EventId": 1,
        "EventRecordId": "77",
        "ProcessId": 9,
        "ThreadId": 8,
        "Level": "Info",
        "TimeCreated": "2023-01-02T03:04:05.6789012+00:00",
        **fields,
    }


BY = {"ExecutionProcessID": 9, "ExecutionThreadID": 8, "UserID": "S-1-5-18"}
ECMD_OTHER = {
    "evtxecmd.PayloadData1": "ProcessID: 4",
    "evtxecmd.MapDescription": "Process creation",
}
WINLOG = {
    "@timestamp": "2023-01-02T03:04:05.678901Z",
    "winlog.computer_name": HEAD["Computer"],
    "winlog.channel": HEAD["Channel"],
    "winlog.provider_name": HEAD["Provider"],
    "winlog.event_id": "1",
    "winlog.record_id": "77",
    **{f"winlog.event_data.{name}": value for name, value in DATA.items()},
}


@pytest.mark.parametrize(
    ("record", "more", "other"),
    [
        (
            PARSED,
            {"Level": 4, "Message": "Process Create", "ProviderGuid": "{5770}", **BY},
            {"row.OSPath": r"C:\Sysmon.evtx"},
        ),
        (
            HUNTED,
            {"Message": "Process Create"},
            {"row.UserSID": "S-1-5-18", "row.Username": "SYSTEM", "row.OSPath": r"C:\Sysmon.evtx"},
        ),
        (ecmd(PAYLOAD), {"Level": 4, **BY}, ECMD_OTHER),
        (ecmd("no JSON"), {"Level": 4, **BY, **dict.fromkeys(DATA)}, {**ECMD_OTHER, "evtxecmd.Payload": "no JSON"}),
        (
            {"_index": "w", "_id": "x", "fields": {name: [value] for name, value in WINLOG.items()}, "sort": [1]},
            {},
            {"elastic._index": "w", "elastic._id": "x", "elastic.sort": "[1]"},
        ),
        (
            {"_index": "w", "_source": {"@timestamp": "x", "event": {"original": XML, "kind": "event"}}},
            {},
            {"elastic._index": "w", "ecs.@timestamp": "x", "event.kind": "event"},
        ),
        ({"event.original": XML, "agent": {"name": "n"}}, {}, {"agent.name": "n"}),
    ],
)
def test_an_event_is_what_it_is_in_every_wrapping(
    reading: Read, record: dict[str, Any], more: dict[str, Any], other: dict[str, str]
) -> None:
    content = json.dumps(record).encode() + b"\n"
    assert [reader.name for reader in claims(content)] == ["windows_json"]
    (row,) = reading("windows_json", content).rows["windows_event"]
    expected = {**ROW, **more, "other": other}
    assert row == {name: value for name, value in expected.items() if value is not None}


def test_a_response_is_its_hits_and_what_is_no_event_in_it_is_kept_aside(reading: Read) -> None:
    hits = [{"_id": str(n), "_source": {**HUNTED, "EventRecordID": n}} for n in range(3)]
    page = {"took": 1, "hits": {"total": {"value": 4}, "hits": [*hits, {"_id": "9", "_source": {"a": 1}}]}, "x": [{}]}
    content = json.dumps(page, indent=1).encode()
    assert [reader.name for reader in claims(content)] == ["windows_json"]
    found = reading("windows_json", content)
    assert [(row["record"], row["EventRecordID"]) for row in found.rows["windows_event"]] == [(1, 0), (2, 1), (3, 2)]
    assert found.reasons == [(4, "no event id")]


@pytest.mark.parametrize(
    ("payload", "fields"),
    [
        ({"EventData": {"Data": {"@Name": "Image", "#text": "a"}}}, {"Image": "a"}),
        ({"EventData": {"Data": [{"@Name": "Image"}, "x"], "Binary": "00"}}, {"param2": "x", "Binary": "00"}),
        ({"EventData": {"Data": "x"}}, {"param1": "x"}),
        ({"UserData": {"EventXML": {"TaskName": "t", "Odd": "o"}}}, {"TaskName": "t", "Odd": "o"}),
        ({"Other": {"a": 1}}, {"evtxecmd.Other.a": "1"}),
        ({}, {}),
        ({"EventData": None}, {}),
    ],
)
def test_every_form_of_a_payload_is_read(reading: Read, payload: object, fields: dict[str, str]) -> None:
    (row,) = reading("windows_json", json.dumps(ecmd(payload)).encode()).rows["windows_event"]
    said = {**row, **row["other"]}
    assert {name: said[name] for name in fields} == fields
    assert set(said) <= {*HEADER, *BY, *fields, *ECMD_OTHER, "time", "day", "record", "other"}


@given(st.dictionaries(st.text("abcDEF_", min_size=9, max_size=12), st.text(max_size=9), max_size=5))
def test_what_is_written_is_read_alike_from_all_collectors(reading: Read, data: dict[str, str]) -> None:
    wanted = {**data}
    for record in (
        {**PARSED, "EventData": {"Image": "a", **data}},
        {**HUNTED, "EventData": {"Image": "a", **data}},
        ecmd({"EventData": {"Data": [{"@Name": n, "#text": v} for n, v in {"Image": "a", **data}.items()]}}),
    ):
        (row,) = reading("windows_json", json.dumps(record).encode()).rows["windows_event"]
        assert {name: row["other"][name] for name in data} == wanted
        assert row["Image"] == "a"


VALUES = st.recursive(
    st.none() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["EventID", "Data", "Value", "@Name", "#text", "TimeCreated", "Provider"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)
NAMES = st.sampled_from(["System", "EventData", "UserData", "EventID", "Payload", "EventId"])


@given(st.dictionaries(NAMES, VALUES))
def test_damaged_records_are_kept_aside_or_read_but_never_lost(reading: Read, record: dict[str, Any]) -> None:
    content = json.dumps({**record, "PayloadData1": "", "fields": record, "_id": 1}).encode() + b"\n"
    assert reading("windows_json", content).numbers == [1]
