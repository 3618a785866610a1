"""Windows events as JSON, in all dialects."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lodger.model import tables
from lodger.model.tables import TELEMETRY
from lodger.telemetry.discovery import choose
from lodger.telemetry.rows import CLIPPED

Read = Callable[[str, bytes], Any]

WHEN = datetime(2023, 8, 15, 9, 55, 25, 836000)
LEAD = {"record": 1, "time": WHEN, "day": date(2023, 8, 15)}


def line(**fields: object) -> bytes:
    return json.dumps(fields, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def flat(**fields: object) -> bytes:
    return line(TimeCreated="2023-08-15T09:55:25.836Z", EventID=1, Channel="Security", Hostname="mkt01", **fields)


def rows(reading: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = reading.rows.get("windows_event", [])
    return found


def test_flat_export(reading: Read) -> None:
    content = flat(
        SourceName="Microsoft-Windows-Sysmon",
        Level="4",
        SourceProcessGUID="{1}",
        ProcessID=7,
        Signed=True,
        Task="10",
        Path=None,
    )
    assert rows(reading("windows_json", content)) == [
        LEAD
        | {
            "Computer": "mkt01",
            "Channel": "Security",
            "Provider": "Microsoft-Windows-Sysmon",
            "EventID": 1,
            "Level": 4,
            "SourceProcessGuid": "{1}",
            "ProcessId": "7",
            "Signed": "true",
            "Task": 10,
            "other": {},
        }
    ]


def test_winlogbeat(reading: Read) -> None:
    event = {
        "@timestamp": "2023-08-15T09:55:25.836Z",
        "host": {"name": "mkt01", "os": {"family": "windows"}},
        "event": {"code": "3", "provider": "Microsoft-Windows-Sysmon"},
        "message": "Network connection detected",
        "winlog": {
            "channel": "Microsoft-Windows-Sysmon/Operational",
            "record_id": 77,
            "process": {"pid": 2388},
            "event_data": {"DestinationIp": "10.0.0.1", "ProcessId": "42", "Extra": "x"},
        },
    }
    assert rows(reading("windows_json", line(**event))) == [
        LEAD
        | {
            "Computer": "mkt01",
            "Channel": "Microsoft-Windows-Sysmon/Operational",
            "Provider": "Microsoft-Windows-Sysmon",
            "EventID": 3,
            "EventRecordID": 77,
            "Message": "Network connection detected",
            "DestinationIp": "10.0.0.1",
            "ProcessId": "42",
            "other": {
                "Extra": "x",
                "winlog.process.pid": "2388",
                "host.name": "mkt01",
                "host.os.family": "windows",
                "event.code": "3",
                "event.provider": "Microsoft-Windows-Sysmon",
            },
        }
    ]


def test_older_winlogbeat(reading: Read) -> None:
    event = {
        "@timestamp": "2023-08-15T09:55:25.836Z",
        "computer_name": "mkt01",
        "log_name": "Security",
        "event_id": 4688,
        "record_number": "9",
        "source_name": "Microsoft-Windows-Security-Auditing",
        "type": "wineventlog",
        "event_data": {"NewProcessName": "C:\\a.exe"},
    }
    assert rows(reading("windows_json", line(**event))) == [
        LEAD
        | {
            "Computer": "mkt01",
            "Channel": "Security",
            "Provider": "Microsoft-Windows-Security-Auditing",
            "EventID": 4688,
            "EventRecordID": 9,
            "NewProcessName": "C:\\a.exe",
            "other": {"ecs.type": "wineventlog"},
        }
    ]


def dumped(**data: object) -> dict[str, Any]:
    system = {
        "Provider": {"#attributes": {"Name": "Microsoft-Windows-Eventlog", "Guid": "fc65ddd8"}},
        "EventID": {"#attributes": {"Qualifiers": 16384}, "#text": 104},
        "Level": 4,
        "Task": 104,
        "TimeCreated": {"#attributes": {"SystemTime": "2023-08-15T09:55:25.836000Z"}},
        "EventRecordID": 5,
        "Correlation": None,
        "Execution": {"#attributes": {"ProcessID": 1, "ThreadID": 2}},
        "Channel": "System",
        "Computer": "mkt01",
    }
    return {"Event": {"#attributes": {"xmlns": "http://x"}, "System": system, **data}}


HEADED = LEAD | {
    "Computer": "mkt01",
    "Channel": "System",
    "Provider": "Microsoft-Windows-Eventlog",
    "EventID": 104,
    "EventRecordID": 5,
    "Level": 4,
    "Task": 104,
    "ProviderGuid": "fc65ddd8",
    "ExecutionProcessID": 1,
    "ExecutionThreadID": 2,
}
REST = {"EventID.Qualifiers": "16384"}


@pytest.mark.parametrize(
    ("data", "columns", "other"),
    [
        ({"EventData": {"param1": "a", "Binary": "00"}}, {"param1": "a"}, {"Binary": "00"}),
        ({"EventData": {"Data": {"#text": ["a", "b", "c"]}}}, {"param1": "a", "param2": "b"}, {"param3": "c"}),
        ({"EventData": {"Data": "a"}}, {"param1": "a"}, {}),
        ({"EventData": {"Data": [{"@Name": "ImagePath", "#text": "x.exe"}]}}, {"ImagePath": "x.exe"}, {}),
        ({"EventData": {"Data": {"#attributes": {"Name": "Image"}, "#text": "y"}}}, {"Image": "y"}, {}),
        ({"EventData": ["a", 2]}, {"param1": "a", "param2": "2"}, {}),
        ({"EventData": "a"}, {"param1": "a"}, {}),
        ({"EventData": None}, {}, {}),
        ({"EventData": {"Task": "other", "UserID": "u"}}, {"UserID": "u"}, {"Task": "other"}),
        ({"EventData": {"Level": "deep", "Level2": {"x": [1]}}}, {}, {"Level": "deep", "Level2.x": "[1]"}),
        (
            {"UserData": {"LogFileCleared": {"#attributes": {"xmlns": "m"}, "SubjectUserName": "eve", "Channel": "S"}}},
            {"SubjectUserName": "eve"},
            {"Channel": "S", "EventData.xmlns": "m"},
        ),
        ({"UserData": {"EventXML": {"Param1": "a", "Zone": "b"}}}, {"param1": "a"}, {"Zone": "b"}),
    ],
)
def test_event_data_of_any_shape(reading: Read, data: dict[str, Any], columns: dict[str, Any], other: Any) -> None:
    assert rows(reading("windows_json", line(**dumped(**data)))) == [HEADED | columns | {"other": REST | other}]


def test_documents_of_any_layout_give_the_same_rows(reading: Read) -> None:
    events = [dumped(EventData={"Image": f'a"{n}\\'}) for n in range(3)]
    wanted = [HEADED | {"record": n + 1, "Image": f'a"{n}\\', "other": REST} for n in range(3)]
    layouts = [
        "\n".join(map(json.dumps, events)),
        json.dumps(events),
        json.dumps(events, indent=2),
        "\n".join(json.dumps(event, indent=1) for event in events),
    ]
    for text in layouts:
        for encoding in ("utf-8", "utf-8-sig", "utf-16"):
            content = text.encode(encoding)
            chosen = choose(content)
            assert chosen is not None
            assert chosen.name == "windows_json"
            found = reading("windows_json", content)
            assert (rows(found), found.asides) == (wanted, [])


def test_a_field_named_twice_is_kept_twice(reading: Read) -> None:
    content = flat(User="first")[:-2] + b',"User":"second","user":"third"}\n'
    (row,) = rows(reading("windows_json", content))
    assert (row["User"], row["other"]) == ("first", {"User#2": "second", "user": "third"})


def test_values_that_do_not_fit_go_to_other_in_their_own_spelling(reading: Read) -> None:
    content = flat(level="high", RecordNumber=2**70) + flat(Level="0x4")
    first, second = rows(reading("windows_json", content))
    assert first["other"] == {"level": "high", "RecordNumber": str(2**70)}
    assert second["other"] == {"Level": "0x4"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"EventID":1,"Chan', "not valid JSON: Unterminated string starting at"),
        (b"[1]", "not a JSON object"),
        (b"7", "not a JSON object"),
        (b'{"a":' * 3000 + b"1" + b"}" * 3000, "JSON is nested too deeply"),
        (b'{"TimeCreated":"2023-08-15T09:55:25Z"}', "no event id"),
        (line(EventID=1), "no time"),
        (line(EventID=1, TimeCreated="yesterday"), "time is not readable"),
        (line(EventID=1, TimeCreated="1601-01-01T00:00:00Z"), "time is outside 1970 to 2100 (year 1601)"),
        (line(EventID=1, TimeCreated="9999-12-31T23:59:59.9999999Z"), "time is outside 1970 to 2100 (year 9999)"),
        (line(EventID=1, TimeCreated={"a": 1}), "time is not readable"),
    ],
)
def test_what_cannot_be_stored_is_kept_aside(reading: Read, content: bytes, reason: str) -> None:
    found = reading("windows_json", flat() + b"\n" + content.strip() + b"\n" + flat())
    assert found.reasons == [(3, reason)]
    assert found.asides[0].raw == content.strip() + b"\n"
    assert [row["record"] for row in rows(found)] == [1, 4]


def test_text_that_is_no_utf8_or_no_unicode_is_escaped_not_lost(reading: Read) -> None:
    content = flat(Image="BYTES", User="\\ud800").replace(b"BYTES", b"a\xffb").replace(b"\\\\ud800", b"\\ud800")
    (row,) = rows(reading("windows_json", content))
    assert (row["Image"], row["User"]) == ("a\\xffb", "\\ud800")


def test_a_field_of_many_megabytes_is_cut_and_named(reading: Read) -> None:
    content = flat(ScriptBlockText="x" * 3_000_000, Image="a") + flat(Image="b")
    chosen = choose(content[: 64 * 1024])
    assert chosen is not None
    assert chosen.name == "windows_json"
    first, second = rows(reading("windows_json", content))
    assert first["ScriptBlockText"] == "x" * 1024 * 1024
    assert (first["Image"], first["other"]) == ("a", {CLIPPED: "ScriptBlockText 3000000"})
    assert (second["Image"], second["other"]) == ("b", {})


_NAMES = [
    field.name
    for field in TELEMETRY["windows_event"]
    if field.type == tables.TEXT and field.name not in {"source", "Computer", "Channel"}
]
_TEXT = st.text(st.characters(codec="utf-8"), max_size=20)


@settings(deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(_NAMES), _TEXT, max_size=6), max_size=30))
def test_rows_written_are_rows_read(reading: Read, events: list[dict[str, str]]) -> None:
    found = reading("windows_json", b"".join(flat(**event) for event in events))
    wanted = [
        LEAD | {"record": number, "Computer": "mkt01", "Channel": "Security", "EventID": 1, "other": {}} | event
        for number, event in enumerate(events, 1)
    ]
    assert (rows(found), found.asides, found.stops) == (wanted, [], [])


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=8,
)
_KEY = (
    st.sampled_from(
        [
            "EventID",
            "event_id",
            "winlog",
            "Event",
            "System",
            "EventData",
            "TimeCreated",
            "@timestamp",
            "Level",
            "level",
            "#text",
            "#attributes",
            "Data",
            "UserData",
            "Provider",
            "host",
            "event",
            "event_data",
            "other",
            "source",
            "record",
            "day",
            "time",
        ]
    )
    | _TEXT
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.dictionaries(_KEY, _JSON | st.dictionaries(_KEY, _JSON, max_size=4), max_size=6), max_size=6))
def test_no_object_stops_the_reader(reading: Read, events: list[dict[str, Any]]) -> None:
    found = reading("windows_json", b"".join(line(EventID=1, TimeCreated="2023-08-15") + line(**e) for e in events))
    assert found.numbers == list(range(1, 2 * len(events) + 1))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 400), st.booleans())
def test_no_damage_stops_the_reader(reading: Read, noise: bytes, at: int, array: bool) -> None:
    whole = flat(Image="a") + flat(Image="b") + flat(Image="c")
    if array:
        whole = b"[" + whole.replace(b"}\n{", b"},\n{") + b"]"
    content = whole[:at] + noise + whole[at:]
    choose(content)
    found = reading("windows_json", content)
    if not array and not noise.startswith((b"\xff\xfe", b"\xfe\xff", b"[", b"{")):
        lines = [n for n, text in enumerate(content.split(b"\n"), 1) if text and not text.isspace()]
        assert len(found.numbers) == len(lines) or at == 0
    assert len(set(found.numbers)) == len(found.numbers)
