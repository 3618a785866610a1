"""Windows events as XML: any layout and encoding, hostile XML, and the same rows as from EVTX."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pytest
from evtx import PyEvtxParser
from hypothesis import given, settings
from hypothesis import strategies as st

from lodger.model.telemetry import SourceFile
from lodger.telemetry import event_xml
from lodger.telemetry.discovery import choose
from lodger.telemetry.sources import find

Read = Callable[[str, bytes], Any]

NAMESPACE = "http://schemas.microsoft.com/win/2004/08/events/event"
SYSTEM = """<System>
  <Provider Name='Microsoft-Windows-Sysmon' Guid='{5770385f}'/>
  <EventID Qualifiers='16384'>1</EventID>
  <Level>4</Level>
  <TimeCreated SystemTime='2023-08-15T09:55:25.836000000Z'/>
  <EventRecordID>77</EventRecordID>
  <Correlation/>
  <Execution ProcessID='2388' ThreadID='3'/>
  <Channel>Microsoft-Windows-Sysmon/Operational</Channel>
  <Computer>mkt01</Computer>
  <Security UserID='S-1-5-18'/>
</System>"""
ROW = {
    "record": 1,
    "time": datetime(2023, 8, 15, 9, 55, 25, 836000),
    "day": date(2023, 8, 15),
    "Computer": "mkt01",
    "Channel": "Microsoft-Windows-Sysmon/Operational",
    "Provider": "Microsoft-Windows-Sysmon",
    "EventID": 1,
    "EventRecordID": 77,
    "Level": 4,
    "ProviderGuid": "{5770385f}",
    "ExecutionProcessID": 2388,
    "ExecutionThreadID": 3,
    "UserID": "S-1-5-18",
}
OTHER = {"EventID.Qualifiers": "16384"}


def xml(data: str = "", system: str = SYSTEM) -> str:
    return f"<Event xmlns='{NAMESPACE}'>{system}{data}</Event>"


def fields(**values: str) -> str:
    inner = "".join(f"<Data Name={quoteattr(name)}>{escape(value)}</Data>" for name, value in values.items())
    return f"<EventData>{inner}</EventData>"


def rows(found: Any) -> list[dict[str, Any]]:
    return list(found.rows.get("windows_event", []))


@pytest.mark.parametrize(
    ("data", "columns", "other"),
    [
        ("", {}, {}),
        (fields(Image="C:\\a & b.exe", Odd="<x>"), {"Image": "C:\\a & b.exe"}, {"Odd": "<x>"}),
        ("<EventData><Data>a</Data><Data>b</Data><Binary>00</Binary></EventData>", {"param1": "a", "param2": "b"},
         {"Binary": "00"}),
        ("<EventData Name='X'><Data Name='Image'>a</Data><Data Name='Image'>b</Data></EventData>", {"Image": "a"},
         {"Image#2": "b", "EventData.Name": "X"}),
        ("<EventData><Data Name='Image'/><Data Name='User'><![CDATA[<a >]]></Data></EventData>",
         {"Image": "", "User": "<a >"}, {}),
        ("<UserData><X xmlns='Event_NS'><Param1>p</Param1><Zone><Deep a='1'>z</Deep></Zone></X></UserData>",
         {"param1": "p"}, {"Zone.Deep.#attributes.a": "1", "Zone.Deep.#text": "z"}),
        ("<RenderingInfo Culture='en-US'><Message>It &#xA; ran</Message><Keywords><K>k</K></Keywords></RenderingInfo>",
         {"Message": "It \n ran"}, {"Keywords.K": "k", "EventData.Culture": "en-US"}),
    ],
)  # fmt: skip
def test_data_of_any_shape(reading: Read, data: str, columns: dict[str, Any], other: dict[str, str]) -> None:
    found = reading("windows_xml", xml(data).encode())
    assert (rows(found), found.asides) == ([ROW | columns | {"other": OTHER | other}], [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_files_of_any_layout_give_the_same_rows(reading: Read, encoding: str) -> None:
    events = [xml(fields(Image=f"ä{n}")) for n in range(3)]
    wanted = [ROW | {"record": n + 1, "Image": f"ä{n}", "other": OTHER} for n in range(3)]
    head = f'<?xml version="1.0" encoding="{encoding}" standalone="yes"?>'
    for text in (
        "".join(events),
        "\r\n".join(event.replace("\n", "") for event in events),
        f"{head}\n<Events>{''.join(events)}</Events>",
        f"{head}\n<Events xmlns='x'>\n" + "\n\n".join(events).replace("><", ">\n    <") + "\n</Events>\n",
    ):
        content = text.encode(encoding)
        chosen = choose(content)
        assert chosen is not None
        assert chosen.name == "windows_xml"
        found = reading("windows_xml", content)
        assert (rows(found), found.asides) == (wanted, [])


LAUGHS = """<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;"><!ENTITY file SYSTEM "file:///etc/passwd">
<!ENTITY % away SYSTEM "http://192.0.2.1/x.dtd"> %away;]>
"""


@pytest.mark.parametrize("entity", ["&lol2;", "&file;", "%away;"])
def test_entities_are_neither_expanded_nor_fetched(reading: Read, entity: str) -> None:
    good = xml(fields(Image="a"))
    bad = xml(fields(Image="ENTITY")).replace("ENTITY", entity)
    content = f"{LAUGHS}<Events>{bad}{good}</Events>"
    chosen = choose(content.encode())
    assert chosen is not None
    assert chosen.name == "windows_xml"
    found = reading("windows_xml", content.encode())
    images = [row["Image"] for row in rows(found)]
    if entity.startswith("&"):
        assert found.reasons == [(1, "not a Windows event"), (2, "not valid XML: undefined entity")]
        assert images == ["a"]
    else:
        assert found.reasons == [(1, "not a Windows event")]
        assert images == ["%away;", "a"]


def test_a_document_type_within_an_event_is_no_xml(reading: Read) -> None:
    found = reading("windows_xml", xml(LAUGHS.partition("\n")[2]).encode() + xml().encode())
    assert [record for record, _ in found.reasons] == [1]
    assert found.reasons[0][1].startswith("not valid XML: ")
    assert len(rows(found)) == 1


def test_damage_costs_one_event(reading: Read) -> None:
    good = xml(fields(Image="a"))
    content = f"{good}\n{good[:-60]}\n{good}<Event a='1'><b></Event>{good}trailing{good}\n{good[:100]}"
    found = reading("windows_xml", content.encode())
    assert [row["record"] for row in rows(found)] == [1, 3, 5, 7]
    assert found.reasons == [
        (2, "event is cut off or longer than 8 MiB"),
        (4, "not valid XML: mismatched tag"),
        (6, "not a Windows event"),
        (8, "event is cut off or longer than 8 MiB"),
    ]


def test_what_xml_cannot_hold_becomes_visible(reading: Read) -> None:
    content = xml(fields(Image="BAD")).encode().replace(b"BAD", b"a\xff\x01&#x1;&#0;&#xFFFE;&#65;")
    (row,) = rows(reading("windows_xml", content))
    assert row["Image"] == "a\\xff\\x01\\x01\\x00\\xfffeA"


def test_an_event_without_id_or_time_is_kept_aside(reading: Read) -> None:
    no_id = xml(system="<System><Computer>a</Computer></System>")
    no_time = xml(system="<System><EventID>1</EventID></System>")
    found = reading("windows_xml", (no_id + no_time + "<Event >text</Event>").encode())
    assert found.reasons == [(1, "no event id"), (2, "no time"), (3, "no event id")]


def test_deep_and_endless_events_are_kept_aside(reading: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_xml, "LONGEST_EVENT", 2_000_000)
    deep = xml("<UserData>" + "<a>" * 20_000 + "</a>" * 20_000 + "</UserData>")
    endless = xml(fields(Image="x" * 6_000_000))
    found = reading("windows_xml", f"{deep}{endless}{xml()}".encode())
    assert found.reasons == [(1, "XML is nested too deeply"), (2, "event is cut off or longer than 8 MiB")]
    assert [row["record"] for row in rows(found)] == [3]


def test_other_xml_is_not_claimed() -> None:
    for content in (b"<Events><Events2/></Events>", b"<html><Event>x</Event></html>", xml().encode()[1:], b"<Event/>"):
        assert choose(content) is None


def test_the_same_rows_as_from_evtx(
    reading: Read, reading_file: Callable[[str, Path], Any], shared_data: Path, tmp_path: Path
) -> None:
    compared = 0
    for source in find([shared_data / "evtx" / "attack-samples.zip"], tmp_path / "spool", lambda _: False):
        if not isinstance(source, SourceFile) or source.size > 1_200_000 or compared > 500:
            continue
        native = reading_file("evtx", source.path)
        if native.asides or native.stops:
            continue
        records: list[dict[str, Any]] = list(PyEvtxParser(str(source.path)).records())  # type: ignore[arg-type]
        exported = "".join(record["data"].partition("?>")[2] for record in records)
        found = reading("windows_xml", f"<Events>{exported}</Events>".encode())
        assert found.asides == []
        for ours, theirs in zip(rows(found), rows(native), strict=True):
            columns = [{k: v for k, v in row.items() if k != "other"} for row in (ours, theirs)]
            for row in columns:  # XML has no carriage returns
                row |= {k: v.replace("\r\n", "\n") for k, v in row.items() if isinstance(v, str)}
            assert columns[0] == columns[1]
            compared += 1
    assert compared > 300


_NAME = st.sampled_from(["Image", "User", "CommandLine", "Hashes", "Details"])
_VALUE = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=30)


@settings(deadline=None)
@given(st.lists(st.dictionaries(_NAME, _VALUE, max_size=4), min_size=1, max_size=20), st.booleans())
def test_events_written_are_events_read(reading: Read, events: list[dict[str, str]], wide: bool) -> None:
    content = "\n".join(xml(fields(**event)) for event in events).encode("utf-16" if wide else "utf-8")
    found = reading("windows_xml", content)
    wanted = [ROW | {"record": n, "other": OTHER} | event for n, event in enumerate(events, 1)]
    assert (rows(found), found.asides) == (wanted, [])


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=100) | st.sampled_from([b"<Event ", b"</Event>", b"<Events>", b"&x;"]), st.integers(0, 2500))
def test_no_damage_stops_the_reader(reading: Read, noise: bytes, at: int) -> None:
    whole = (xml(fields(Image="a")) * 3).encode()
    content = whole[:at] + noise + whole[at:]
    choose(content)
    found = reading("windows_xml", content)
    assert found.numbers == list(range(1, len(found.numbers) + 1))
    if not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        assert found.stored >= 1


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 40), st.lists(st.sampled_from(["event", "cut", "rest"]), max_size=6))
def test_borders_of_blocks_make_no_difference(reading: Read, block: int, kinds: list[str]) -> None:
    event = xml()
    made = {"event": event, "cut": event[:60], "rest": "junk"}
    content = "".join(f"{made[kind]}{event}" for kind in kinds).encode()
    whole = reading("windows_xml", content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(event_xml, "_BLOCK", block)
        patch.setattr(event_xml, "LONGEST_EVENT", 10_000)
        assert [record for record, _ in reading("windows_xml", content).reasons] == [r for r, _ in whole.reasons]
        assert len(rows(reading("windows_xml", content))) == len(rows(whole))
