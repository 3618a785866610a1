"""Windows events as stores and shells export them: Elastic, Splunk, NXLog, PowerShell."""

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

LEAD = {"record": 1, "time": datetime(2023, 8, 15, 9, 55, 25, 836000), "day": date(2023, 8, 15)}
SYSMON = "Microsoft-Windows-Sysmon/Operational"
TIME = "2023-08-15T09:55:25.836Z"


def read_one(reading: Read, record: object) -> dict[str, Any]:
    """The one row of a file with this record, which is recognised and kept whole."""
    content = json.dumps(record).encode()
    chosen = choose(content)
    assert chosen is not None
    assert chosen.name == "windows_json"
    found = reading("windows_json", content)
    assert found.asides == []
    (row,) = found.rows["windows_event"]
    return dict(row)


DOTTED = {
    "@timestamp": TIME,
    "event.code": "3",
    "event.provider": "Microsoft-Windows-Sysmon",
    "host.name": "mkt01",
    "winlog.channel": SYSMON,
    "winlog.record_id": "77",
    "winlog.process.pid": 2388,
    "winlog.event_data.DestinationIp": "10.0.0.1",
    "winlog.event_data.Extra": "x",
    "agent.type": "filebeat",
}
ECS_ROW = LEAD | {
    "Computer": "mkt01",
    "Channel": SYSMON,
    "Provider": "Microsoft-Windows-Sysmon",
    "EventID": 3,
    "EventRecordID": 77,
    "DestinationIp": "10.0.0.1",
    "other": {
        "Extra": "x",
        "winlog.process.pid": "2388",
        "event.code": "3",
        "event.provider": "Microsoft-Windows-Sysmon",
        "host.name": "mkt01",
        "agent.type": "filebeat",
    },
}


def test_ecs_with_dotted_names(reading: Read) -> None:
    assert read_one(reading, DOTTED) == ECS_ROW


@pytest.mark.parametrize("inner", [DOTTED, {**DOTTED, "winlog": {"channel": SYSMON}}])
def test_elasticsearch_wraps_its_documents(reading: Read, inner: dict[str, Any]) -> None:
    row = read_one(reading, {"_index": "logs-1", "_id": "abc", "_source": inner, "sort": [1]})
    assert row["other"].items() >= {"elastic._index": "logs-1", "elastic._id": "abc", "elastic.sort": "[1]"}.items()
    assert (row["Channel"], row["EventID"], row["Computer"]) == (SYSMON, 3, "mkt01")


def test_nxlog(reading: Read) -> None:
    record = {
        "EventTime": "2023-08-15T11:55:25.836000+02:00",
        "EventReceivedTime": "2023-08-15T11:55:27+02:00",
        "SourceModuleName": "in",
        "Hostname": "mkt01",
        "EventID": 4688,
        "SourceName": "Microsoft-Windows-Security-Auditing",
        "Channel": "Security",
        "RecordNumber": 9,
        "NewProcessName": "C:\\a.exe",
    }
    assert read_one(reading, record) == LEAD | {
        "Computer": "mkt01",
        "Channel": "Security",
        "Provider": "Microsoft-Windows-Security-Auditing",
        "EventID": 4688,
        "EventRecordID": 9,
        "NewProcessName": "C:\\a.exe",
        "other": {"EventReceivedTime": "2023-08-15T11:55:27+02:00", "SourceModuleName": "in"},
    }


XML = (
    "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='P'/>"
    "<EventID>1</EventID>"
    f"<TimeCreated SystemTime='{TIME}'/><Channel>{SYSMON}</Channel><Computer>mkt01</Computer></System>"
    "<EventData><Data Name='Image'>C:\\a.exe</Data></EventData></Event>"
)
SPLUNK_ROW = LEAD | {"Computer": "mkt01", "Channel": SYSMON, "Provider": "P", "EventID": 1, "Image": "C:\\a.exe"}


def test_splunk_with_xml(reading: Read) -> None:
    result = {
        "_raw": XML,
        "_time": "2023-08-15 09:55:25.836 UTC",
        "host": "mkt01",
        "Image": "C:\\a.exe",
        "index": "win",
    }
    row = read_one(reading, {"preview": False, "offset": 0, "lastrow": True, "result": result})
    assert row == SPLUNK_ROW | {"other": {"splunk._time": "2023-08-15 09:55:25.836 UTC", "splunk.index": "win"}}


def test_splunk_with_json_of_another_shipper(reading: Read) -> None:
    raw = json.dumps({"EventID": 1, "EventTime": TIME, "Hostname": "mkt01", "Channel": SYSMON, "Image": "C:\\a.exe"})
    row = read_one(reading, {"result": {"_raw": raw, "_time": "1692093325.836"}})
    assert row == {name: value for name, value in SPLUNK_ROW.items() if name != "Provider"} | {
        "other": {"splunk._time": "1692093325.836"}
    }


@pytest.mark.parametrize("time", ["2023-08-15T09:55:25.836+00:00", "1692093325.836", "2023-08-15 11:55:25.836+02:00"])
def test_splunk_with_classic_text_or_fields_alone(reading: Read, time: str) -> None:
    raw = "08/15/2023 09:55:25.836 AM\nLogName=Security\nEventCode=4688\nComputerName=mkt01\nMessage=A new\r\nprocess=1"
    row = LEAD | {"Computer": "mkt01", "Channel": "Security", "EventID": 4688}
    assert read_one(reading, {"result": {"_raw": raw, "_time": time, "EventCode": "4688"}}) == row | {
        "Message": "A new\r\nprocess=1",
        "other": {},
    }
    fields = {"_time": time, "EventCode": "4688", "LogName": "Security", "host": "mkt01", "_cd": "1:2"}
    assert read_one(reading, {"result": fields}) == row | {"other": {"splunk._cd": "1:2"}}


def test_previews_and_bad_raws_of_splunk_are_kept_aside(reading: Read) -> None:
    good = {"result": {"_raw": XML, "_time": TIME}}
    lines = [good, {"preview": True, **good}, {"result": {"_raw": XML[:-9], "_time": TIME}}, {"result": {"_raw": "x"}}]
    found = reading("windows_json", "\n".join(map(json.dumps, lines)).encode())
    assert [record for record, _ in found.reasons] == [2, 3, 4]
    assert found.reasons[0][1] == "a preview of a search: its result comes again"
    assert found.reasons[1][1].startswith("not valid XML: ")
    assert found.reasons[2][1] == "no event id"


def shell(number: int, values: list[Any], provider: str = "Microsoft-Windows-Sysmon", **more: Any) -> dict[str, Any]:
    return {
        "Id": number,
        "Version": 5,
        "Level": 4,
        "RecordId": 77,
        "ProviderName": provider,
        "LogName": SYSMON,
        "ProcessId": 2388,
        "MachineName": "mkt01",
        "UserId": {"BinaryLength": 12, "Value": "S-1-5-18"},
        "TimeCreated": "/Date(1692093325836)/",
        "Properties": [{"Value": value} for value in values],
        "Message": "It ran",
        **more,
    }


HEAD = LEAD | {
    "Computer": "mkt01",
    "Channel": SYSMON,
    "Provider": "Microsoft-Windows-Sysmon",
    "EventRecordID": 77,
    "Level": 4,
    "Version": 5,
    "Message": "It ran",
}
REST = {
    "System.ProcessId": "2388",
    "System.UserId.BinaryLength": "12",
    "System.UserId.Value": "S-1-5-18",
}


@pytest.mark.parametrize(
    "time",
    [
        "/Date(1692093325836)/",
        "/Date(1692093325836+0200)/",
        "2023-08-15T11:55:25.8360000+02:00",
        {"value": "/Date(1692093325836)/", "DisplayHint": 2, "DateTime": "Dienstag, 15. August 2023"},
    ],
)
def test_powershell_knows_the_names_of_properties_by_their_order(reading: Read, time: object) -> None:
    values = ["-", "2023-08-15 09:55:25.836", "guid", 42, "C:\\a.exe", "C:\\b.exe", "2023-08-15 09:55:25.800"]
    record = shell(11, values, TimeCreated=time)
    row = HEAD | {
        "EventID": 11,
        "RuleName": "-",
        "UtcTime": "2023-08-15 09:55:25.836",
        "ProcessGuid": "guid",
        "ProcessId": "42",
        "Image": "C:\\a.exe",
        "TargetFilename": "C:\\b.exe",
        "CreationUtcTime": "2023-08-15 09:55:25.800",
        "other": REST,
    }
    assert read_one(reading, record) == row
    assert read_one(reading, shell(11, [*values, "SYSTEM"], TimeCreated=time)) == row | {"User": "SYSTEM"}


def test_powershell_with_security_identifiers(reading: Read) -> None:
    sid = {"BinaryLength": 28, "AccountDomainSid": None, "Value": "S-1-5-21-1"}
    provider = "Microsoft-Windows-Security-Auditing"
    row = read_one(reading, shell(4634, [sid, "eve", "CORP", 999, 3], provider))
    assert {name: row[name] for name in ("TargetUserSid", "TargetUserName", "TargetLogonId", "LogonType")} == {
        "TargetUserSid": "S-1-5-21-1",
        "TargetUserName": "eve",
        "TargetLogonId": "999",
        "LogonType": "3",
    }


@pytest.mark.parametrize("number", [11, 999])
def test_properties_of_an_unknown_layout_keep_their_places(reading: Read, number: int) -> None:
    row = read_one(reading, shell(number, ["a", "b", "c", {"x": 1}, None, "f", "g"]))
    assert row == HEAD | {
        "EventID": number,
        "param1": "a",
        "param2": "b",
        "other": REST | {"param3": "c", "param4": '{"x":1}', "param6": "f", "param7": "g"},
    }


def test_powershell_that_did_not_go_deep_enough_still_has_the_message(reading: Read) -> None:
    names = ["System.Diagnostics.Eventing.Reader.EventProperty"] * 2
    message = "Process Create:\r\nUtcTime: 2023-08-15 09:55:25.836\r\nImage: C:\\a: b.exe\r\nCommandLine: a\r\n"
    row = read_one(reading, shell(1, [], Properties=names, Message=message))
    assert (row["Image"], row["CommandLine"], row["UtcTime"]) == ("C:\\a: b.exe", "a", "2023-08-15 09:55:25.836")
    assert row["other"] == REST | {"Properties": json.dumps(names, separators=(",", ":"))}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig"])
def test_powershell_spreads_arrays_over_lines(reading: Read, encoding: str) -> None:
    events = [shell(5, ["-", "2023-08-15 09:55:25.836", "g", n, f"C:\\ä{n}.exe"]) for n in range(3)]
    for layout in (events, events[:1]):
        text = json.dumps(layout if len(layout) > 1 else layout[0], indent=4, ensure_ascii=False).replace("\n", "\r\n")
        chosen = choose(text.encode(encoding))
        assert chosen is not None
        assert chosen.name == "windows_json"
        found = reading("windows_json", text.encode(encoding))
        images = [(row["record"], row["Image"]) for row in found.rows["windows_event"]]
        assert images == [(n + 1, f"C:\\ä{n}.exe") for n in range(len(layout))]
        assert found.asides == []


_VALUE = st.none() | st.integers() | st.text(max_size=5) | st.lists(st.integers(), max_size=2)
_ANY = _VALUE | st.dictionaries(st.sampled_from(["Value", "value", "_raw", "_time", "event_data"]), _VALUE, max_size=3)
_NAMES = [
    "Id", "ProviderName", "LogName", "Properties", "TimeCreated", "Message", "result", "preview",
    "_source", "_raw", "winlog", "winlog.channel", "winlog.event_data.Image", "winlog.event_data",
    "EventCode", "_time", "winlog.",
]  # fmt: skip
_LEAF = st.dictionaries(st.sampled_from(_NAMES), _ANY, max_size=8)
_WRAPS = st.sampled_from(["result", "_source", "winlog", "Properties"])
_RECORD = st.recursive(
    _LEAF, lambda inner: st.dictionaries(_WRAPS, inner | st.lists(inner, max_size=2), max_size=3), max_leaves=4
)


@settings(max_examples=300, deadline=None)
@given(_RECORD)
def test_no_record_of_any_dialect_stops_the_reader(reading: Read, record: dict[str, Any]) -> None:
    content = b"\n".join([json.dumps(record).encode(), json.dumps(DOTTED).encode()])
    choose(content)
    assert reading("windows_json", content).numbers == [1, 2]
