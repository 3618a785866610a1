"""CSV of the tools that KAPE runs: what comes out is what comes out of the same records as JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.telemetry.readers.test_eztools import CASES, PREFETCH, TEXT, WHEN
from tests.telemetry.readers.test_eztools import LEAD as LEAD_OF_JSON
from tests.telemetry.readers.test_windows_json_collected import PAYLOAD, ecmd

from lodger.telemetry.discovery import claims

Read = Callable[[str, bytes], Any]

#: Headers as the tools write them.
HEADERS = {
    "PECmd": "Note,SourceFilename,SourceCreated,SourceModified,SourceAccessed,ExecutableName,Hash,"
    "Size,Version,RunCount,"
    "LastRun,PreviousRun0,PreviousRun1,Volume0Name,Directories,FilesLoaded,ParsingError",
    "PECmd_Timeline": "RunTime,ExecutableName",
    "AmcacheParser": "ApplicationName,ProgramId,FileKeyLastWriteTimestamp,SHA1,IsOsComponent,"
    "FullPath,Name,FileExtension,"
    "LinkDate,ProductName,Size,Version,ProductVersion,LongPathHash,BinaryType,IsPeFile,BinFileVersion,"
    "BinProductVersion,Usn,Language,Description",
    "AmcacheParser_Programs": "ProgramId,KeyLastWriteTimestamp,Name,Version,Publisher,InstallDate",
    "AmcacheParser_Inventory": "KeyName,KeyLastWriteTimestamp,DriverTimeStamp,DriverLastWriteTime,DriverName",
    "AppCompatCacheParser": "ControlSet,CacheEntryPosition,Path,LastModifiedTimeUTC,Executed,Duplicate,SourceFile",
    "MFTECmd_$MFT": "EntryNumber,SequenceNumber,InUse,ParentEntryNumber,ParentSequenceNumber,ParentPath,FileName,"
    "Extension,FileSize,ReferenceCount,ReparseTarget,IsDirectory,HasAds,IsAds,SI<FN,uSecZeros,Copied,SiFlags,NameType,"
    "Created0x10,Created0x30,LastModified0x10,LastModified0x30,ZoneIdContents",
    "MFTECmd_$J": "Name,Extension,EntryNumber,SequenceNumber,ParentEntryNumber,ParentSequenceNumber,ParentPath,"
    "UpdateSequenceNumber,UpdateTimestamp,UpdateReasons,FileAttributes,OffsetToData,SourceFile",
    "LECmd": "SourceFile,SourceCreated,SourceModified,SourceAccessed,TargetCreated,TargetModified,"
    "TargetAccessed,FileSize,"
    "RelativePath,WorkingDirectory,LocalPath,Arguments,MachineID",
    "JLECmd": "SourceFile,SourceCreated,SourceModified,SourceAccessed,AppId,AppIdDescription,HasSps,DestListVersion,"
    "LastUsedEntryNumber,MRU,EntryNumber,CreationTime,LastModified,Hostname,MacAddress,Path,InteractionCount",
    "RBCmd": "SourceName,FileType,FileName,FileSize,DeletedOn",
    "SBECmd": "BagPath,Slot,NodeSlot,MRUPosition,AbsolutePath,ShellType,Value,ChildBags,CreatedOn,"
    "ModifiedOn,AccessedOn,"
    "LastWriteTime,MFTEntry,FirstInteracted,LastInteracted,HasExplored,Miscellaneous",
    "RECmd": "HivePath,HiveType,Description,Category,KeyPath,ValueName,ValueType,ValueData,"
    "ValueData2,ValueData3,Comment,"
    "Recursive,Deleted,LastWriteTimestamp,PluginDetailFile",
}


def written(header: Sequence[str], *records: dict[str, Any], mark: bytes = b"") -> bytes:
    out = io.StringIO(newline="")
    rows = csv.DictWriter(out, header, lineterminator="\r\n")
    rows.writeheader()
    rows.writerows(records)
    return mark + out.getvalue().encode()


@pytest.mark.parametrize("artifact", HEADERS)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_each_tool_is_known_by_its_header(reading: Read, artifact: str, mark: bytes) -> None:
    names = HEADERS[artifact].split(",")
    content = written(names, dict.fromkeys(names, TEXT), mark=mark)
    assert [reader.name for reader in claims(content)] == ["eztools_csv"]
    (row,) = reading("eztools_csv", content).rows["artifact"]
    assert (row["artifact"], row["time"], row["record"]) == (artifact, datetime(2022, 5, 6, 7, 8, 9), 2)


@pytest.mark.parametrize(("record", "row", "other"), CASES)
def test_a_record_has_the_columns_that_its_json_has(
    reading: Read, record: dict[str, Any], row: dict[str, Any], other: dict[str, str]
) -> None:
    (found,) = reading("eztools_csv", written(list(record), record)).rows["artifact"]
    texts = {name: text for name, text in other.items() if text} | ({"InUse": "True"} if "InUse" in other else {})
    assert found == {
        **LEAD_OF_JSON, **WHEN, "record": 2, **row, "other": texts,
    }  # fmt: skip


def test_an_event_is_the_one_that_evtxecmds_json_gives(reading: Read) -> None:
    event = ecmd(PAYLOAD, PayloadData2='said "so",\r\nand more', HiddenRecord=None)
    (of_json,) = reading("windows_json", json.dumps(event).encode()).rows["windows_event"]
    content = written(list(event), event)
    assert [reader.name for reader in claims(content)] == ["eztools_csv"]
    (of_csv,) = reading("eztools_csv", content).rows["windows_event"]
    assert of_csv == {**of_json, "record": 2}


GOOD = f'{TEXT},"a ""b"", c"\r\n'.encode()
LEAD = b"RunTime,ExecutableName\r\n"


@pytest.mark.parametrize(
    ("content", "stored", "aside"),
    [
        (LEAD, [], []),
        (LEAD.removesuffix(b"\r\n"), [], []),
        (LEAD + GOOD + LEAD + b"\r\n" + GOOD, [2, 5], []),
        (LEAD + GOOD + b"x\r\n" + GOOD, [2, 4], ["has 1 columns, its header 2"]),
        (LEAD + GOOD + b"1,2,3\n" + GOOD, [2, 4], ["has 3 columns, its header 2"]),
        (LEAD + GOOD + GOOD[:12], [2], ["has 1 columns, its header 2"]),
        (LEAD + GOOD + GOOD[:25], [2], ["a quote is not closed"]),
        (LEAD + b'2,"stray\n' + GOOD + GOOD, [3, 4], ["a quote is not closed"]),
        (LEAD + b'2,"stray\n' + b'3,"odd\n' + GOOD, [4], ["a quote stands within a field", "a quote is not closed"]),
        (LEAD + b'2,a"b"\n' + GOOD, [3], ["a quote stands within a field"]),
        (LEAD + GOOD + b"\0,\0\n" + GOOD, [2, 4], ["no time, and none in the name of its collection"]),
        (LEAD + TEXT.encode() + b",\xff\n", [2], []),
    ],
)  # fmt: skip
def test_damage_is_kept_aside_and_costs_no_neighbour(
    reading: Read, content: bytes, stored: list[int], aside: list[str]
) -> None:
    found = reading("eztools_csv", content)
    assert [row["record"] for row in found.rows.get("artifact", [])] == stored
    assert [reason for _, reason in found.reasons] == aside


def test_what_is_too_long_is_kept_aside_with_its_beginning_and_the_rest_is_read(
    reading: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lodger.telemetry.csv_records.LONGEST", 100)
    content = LEAD + GOOD + b"x" * 500 + b"\n" + b'5,"' + b"y\n" * 200 + GOOD
    found = reading("eztools_csv", content)
    assert [row["record"] for row in found.rows["artifact"]] == [2, 204]
    assert found.reasons[:2] == [(3, "line is longer than 2 MiB"), (4, "a quote is not closed")]
    inside = reading("eztools_csv", LEAD + b'1,"open\n' + b"x" * 500 + b"\n" + GOOD)
    assert (inside.numbers, inside.stored) == ([2, 3, 4], 1)


def test_a_field_may_hold_lines_quotes_and_commas_and_two_columns_one_name(reading: Read) -> None:
    content = b'RunTime,ExecutableName,A,A\n%s,x.exe,"1,\r\n\r\n""two""\r\n",2\n' % TEXT.encode()
    (row,) = reading("eztools_csv", content + content.split(b"\n", 1)[1]).rows["artifact"][:1]
    assert row["other"] == {"RunTime": TEXT, "ExecutableName": "x.exe", "A": '1,\r\n\r\n"two"\r\n', "A#2": "2"}


FIELD = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(['"', '""', ",", "\r\n", "\n"])


@given(st.lists(st.fixed_dictionaries({"ExecutableName": FIELD, "Hash": FIELD, "Note": FIELD}), max_size=5))
def test_what_was_written_is_read(reading: Read, fields: list[dict[str, str]]) -> None:
    records = [{**PREFETCH, **each} for each in fields]
    names = [*PREFETCH, "Hash", "Note"]
    found = reading("eztools_csv", written(names, *records))
    assert found.asides == []
    rows = found.rows.get("artifact", [])
    assert [(row.get("name", ""), row["other"].get("Hash", ""), row["other"].get("Note", "")) for row in rows] == [
        (each["ExecutableName"], each["Hash"], each["Note"]) for each in fields
    ]


@given(st.lists(st.sampled_from([b'"', b",", b"\n", b"a", b"\0", b'""', b"\r\n", GOOD, LEAD]), max_size=30))
def test_every_line_that_holds_anything_is_in_some_record(reading: Read, pieces: list[bytes]) -> None:
    body = b"".join(pieces)
    found = reading("eztools_csv", LEAD + body)
    assert found.numbers == sorted(set(found.numbers))
    assert found.numbers or not body.replace(LEAD, b"").strip()
