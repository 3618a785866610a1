"""Velociraptor's results."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodger.model.telemetry import Aside, Batch, SourceFile
from lodger.telemetry.discovery import choose, claims, readers

Read = Callable[[str, bytes], Any]
MADE = "Collection-WS1_corp_example-2023-01-01T12_00_00Z.zip!"
ROOT = {"tool": "velociraptor", "collection": MADE, "collection_host": "WS1.corp.example"}
COLLECTED = {"time": datetime(2023, 1, 1, 12), "day": date(2023, 1, 1), "time_source": "collection"}


def lines(*rows: object) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def read_as(tmp_path: Path, name: str, content: bytes) -> list[dict[str, Any] | str]:
    """Rows without null columns, and the reasons of what is kept aside."""
    path = tmp_path / "file"
    path.write_bytes(content)
    source = SourceFile(path, name, hashlib.sha256(content).hexdigest(), "c" * 64, len(content))
    found: list[dict[str, Any] | str] = []
    (reader,) = [each for each in readers() if each.name == "velociraptor"]
    for item in reader.read(source):
        if isinstance(item, Batch):
            for row in item.data.to_pylist():
                kept = {k: v for k, v in row.items() if v is not None and k not in ("source", "record")}
                found.append({**kept, "other": dict(kept["other"])})
        else:
            assert isinstance(item, Aside)
            found.append(item.reason)
    return found


PSLIST = {
    "Pid": 7,
    "Ppid": 4,
    "Name": "a.exe",
    "Exe": r"C:\Users\Public\a.exe",
    "CommandLine": "a -x",
    "Username": "CORP\\ann",
    "Hash": {"MD5": "m", "SHA1": "s", "SHA256": "t"},
    "Authenticode": {"Trusted": "trusted", "SubjectName": "Some Ltd", "Timestamp": None},
    "TokenIsElevated": True,
}
PROCESS = {
    "kind": "process",
    "artifact": "Windows.System.Pslist",
    "pid": 7,
    "ppid": 4,
    "name": "a.exe",
    "path": r"C:\Users\Public\a.exe",
    "cmd_line": "a -x",
    "user_name": "CORP\\ann",
    "md5": "m",
    "sha1": "s",
    "sha256": "t",
    "signature_status": "trusted",
    "signer": "Some Ltd",
}
RUN = {"time": datetime(2022, 5, 6, 7, 8, 9, 500000), "day": date(2022, 5, 6)}
RUN_TEXT = "2022-05-06T07:08:09.5Z"


@pytest.mark.parametrize(
    ("record", "row", "other"),
    [
        (PSLIST, {**COLLECTED, **PROCESS}, {"TokenIsElevated": "true"}),
        (
            {**PSLIST, "CreateTime": RUN_TEXT, "Fqdn": "WS2"},
            {**RUN, **PROCESS, "time_source": "CreateTime", "created": RUN["time"], "hostname": "WS2"},
            {"TokenIsElevated": "true", "Fqdn": "WS2"},
        ),
        (
            {"Executable": "A.EXE", "Binary": r"\VOLUME{01d}\A.EXE", "LastRunTimes": ["2022-01-01T00:00:00Z", RUN_TEXT],
             "RunCount": 2},
            {**RUN, "kind": "execution", "artifact": "Windows.Forensics.Prefetch", "time_source": "LastRunTimes",
             "name": "A.EXE", "path": r"\VOLUME{01d}\A.EXE", "run_count": 2,
             "run_times": ["2022-01-01T00:00:00.000000", "2022-05-06T07:08:09.500000"]},
            {"LastRunTimes": '["2022-01-01T00:00:00Z","2022-05-06T07:08:09.5Z"]'},
        ),
        (
            {"Pid": 7, "Name": "a.exe", "Family": "IPv4", "Type": "TCP", "Status": "ESTAB", "Laddr.IP": "10.0.0.1",
             "Laddr.Port": 5000, "Raddr.IP": "192.0.2.1", "Raddr.Port": 443, "Timestamp": RUN_TEXT},
            {**RUN, "kind": "connection", "artifact": "Windows.Network.Netstat", "time_source": "Timestamp", "pid": 7,
             "name": "a.exe", "protocol": "TCP", "state": "ESTAB", "local_ip": "10.0.0.1", "local_port": 5000,
             "remote_ip": "192.0.2.1", "remote_port": 443},
            {"Family": "IPv4", "Timestamp": RUN_TEXT},
        ),
        (
            {"Hostname": "WS1", "Fqdn": "WS1.corp.example", "Architecture": "amd64", "BootTime": RUN_TEXT},
            {**RUN, "kind": "host", "artifact": "client_info", "time_source": "BootTime",
             "hostname": "WS1.corp.example"},
            {"Hostname": "WS1", "Fqdn": "WS1.corp.example", "Architecture": "amd64", "BootTime": RUN_TEXT},
        ),
    ],
)  # fmt: skip
def test_a_record_of_a_known_artifact_has_columns(
    reading: Read, tmp_path: Path, record: dict[str, Any], row: dict[str, Any], other: dict[str, str]
) -> None:
    assert reading("velociraptor", lines(record)).numbers == [1]
    assert [reader.name for reader in claims(lines(record))] == ["velociraptor"]
    (found,) = read_as(tmp_path, MADE + "some.json", lines(record))
    assert isinstance(found, dict)
    assert found == {**ROOT, **row, "other": other}


def test_an_artifact_that_nobody_knows_is_known_by_where_it_stands_and_kept_whole(tmp_path: Path) -> None:
    name = MADE + "results/Custom.Mine%2FAll Things.json"
    content = lines({"Odd": {"a": [1]}, "Mtime": RUN_TEXT, "path": "p"}, {"Odd": 2})
    assert choose(content) is None
    chosen = choose(content, name)
    assert chosen is not None
    assert chosen.name == "velociraptor"
    assert choose(content, MADE + "uploads/Custom.Mine.json") is None
    assert choose(b"\0binary", name) is None
    lead = {**ROOT, "artifact": "Custom.Mine/All Things"}
    assert read_as(tmp_path, name, content) == [
        {**RUN, **lead, "time_source": "Mtime", "other": {"Odd.a": "[1]", "Mtime": RUN_TEXT, "path": "p"}},
        {**COLLECTED, **lead, "other": {"Odd": "2"}},
    ]


def test_a_record_without_any_time_is_kept_aside(tmp_path: Path) -> None:
    assert read_as(tmp_path, "pslist.json", lines(PSLIST, {"Pid": 1}) + b"{\n") == [
        "no time, and none in the name of its collection",
        "no time, and none in the name of its collection",
        "not valid JSON: Expecting property name enclosed in double quotes",
    ]


SCALARS = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(max_size=5) | st.lists(st.integers())
NAMES = st.sampled_from([*PSLIST, "CreateTime", "LastRunTimes", "Executable", "Fqdn", "_Source"]) | st.text(max_size=4)


@given(st.lists(st.dictionaries(NAMES, SCALARS | st.dictionaries(NAMES, SCALARS, max_size=2)), max_size=4))
def test_no_record_is_lost(reading: Read, rows: list[dict[str, Any]]) -> None:
    content = lines({**PSLIST, "CreateTime": RUN_TEXT}, *({**row, "ts": RUN_TEXT} for row in rows))
    found = reading("velociraptor", content)
    assert found.numbers == list(range(1, len(rows) + 2))


@given(
    st.fixed_dictionaries(
        {
            "Pid": st.integers(0, 2**32),
            "Name": st.text(max_size=9),
            "CommandLine": st.text(max_size=9),
            "Exe": st.text(max_size=9),
            "Username": st.text(max_size=9),
        }
    )
)
def test_what_is_written_is_read(reading: Read, fields: dict[str, Any]) -> None:
    (row,) = reading("velociraptor", lines({**PSLIST, **fields, "CreateTime": RUN_TEXT})).rows["artifact"]
    assert {name: row[name] for name in ("pid", "name", "cmd_line", "path", "user_name")} == {
        "pid": fields["Pid"],
        "name": fields["Name"],
        "cmd_line": fields["CommandLine"],
        "path": fields["Exe"],
        "user_name": fields["Username"],
    }
