"""Zeek's logs as JSON."""

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

LEAD = {"record": 1, "time": datetime(2023, 8, 16, 4, 53, 42, 36086), "day": date(2023, 8, 16), "other": {}}


def line(**fields: object) -> bytes:
    return json.dumps({"ts": 1692161622.036086} | fields).encode() + b"\n"


def test_mixed_logs_go_to_their_tables(reading: Read) -> None:
    content = (
        line(_path="conn", uid="C1", **{"id.orig_h": "10.0.0.1", "id.orig_p": 80}, tunnel_parents=["a"], vlan=7)
        + line(**{"@stream": "dns", "id_orig_h": "10.0.0.1"}, TTLs=[60.0, 1.5], AA=False, rtt=1)
        + line(_path="rfb", id={"orig_h": "10.0.0.1", "resp_p": 5900}, nothing=None)
        + line(_path="http", ts="2023-08-16T04:53:42.036086Z", host="h", status_code="many")
    )
    assert reading("zeek_json", content).rows == {
        "zeek_conn": [
            LEAD
            | {
                "uid": "C1",
                "id_orig_h": "10.0.0.1",
                "id_orig_p": 80,
                "tunnel_parents": ["a"],
                "other": {"_path": "conn", "vlan": "7"},
            }
        ],
        "zeek_dns": [
            LEAD
            | {
                "record": 2,
                "id_orig_h": "10.0.0.1",
                "TTLs": ["60.0", "1.5"],
                "AA": False,
                "rtt": 1.0,
                "other": {"@stream": "dns"},
            }
        ],
        "zeek_other": [
            LEAD
            | {
                "record": 3,
                "path": "rfb",
                "other": {"_path": "rfb", "id.orig_h": "10.0.0.1", "id.resp_p": "5900"},
            }
        ],
        "zeek_http": [LEAD | {"record": 4, "host": "h", "other": {"_path": "http", "status_code": "many"}}],
    }


@pytest.mark.parametrize(
    ("table", "fields"),
    [
        ("zeek_conn", {"uid": "C", "proto": "tcp", "conn_state": "SF"}),
        ("zeek_dns", {"uid": "C", "query": "q", "trans_id": 1, "rejected": False}),
        ("zeek_http", {"uid": "C", "trans_depth": 1, "method": "GET", "request_body_len": 0}),
        ("zeek_ssl", {"uid": "C", "version": "TLSv12", "resumed": False, "established": True}),
        ("zeek_files", {"fuid": "F", "source": "HTTP", "analyzers": [], "seen_bytes": 1}),
        ("zeek_x509", {"id": "F", "certificate.version": 3, "certificate.serial": "01"}),
        ("zeek_x509", {"fingerprint": "F", "certificate": {"version": 3, "serial": "01"}}),
        ("zeek_dhcp", {"uids": ["C"], "mac": "m", "msg_types": ["ACK"]}),
        ("zeek_pe", {"id": "F", "machine": "AMD64", "is_exe": True}),
        ("zeek_kerberos", {"uid": "C", "request_type": "AS"}),
        ("zeek_ntlm", {"uid": "C", "username": "u", "domainname": "d"}),
        ("zeek_smb_files", {"uid": "C", "action": "SMB::FILE_OPEN", "name": "n"}),
        ("zeek_smb_mapping", {"uid": "C", "path": "\\\\a\\b", "share_type": "DISK"}),
        ("zeek_other", {"uid": "C", "mailfrom": "m"}),
    ],
)
def test_a_log_without_its_name_is_known_by_its_fields(reading: Read, table: str, fields: dict[str, Any]) -> None:
    content = line(**fields)
    chosen = choose(content)
    assert chosen is not None
    assert chosen.name == "zeek_json"
    assert list(reading("zeek_json", content).rows) == [table]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"ts":1692161622.0,"ui', "not valid JSON: Unterminated string starting at"),
        (b'{"uid":"C"}', "no time"),
        (b'{"ts":null,"uid":"C"}', "no time"),
        (b'{"ts":true,"uid":"C"}', "time is not readable"),
        (b'{"ts":0.0,"uid":"C"}', "time is outside 1970 to 2100 (year 1970)"),
        (b'{"ts":1e300,"uid":"C"}', "time is not readable"),
    ],
)
def test_what_cannot_be_stored_is_kept_aside(reading: Read, content: bytes, reason: str) -> None:
    found = reading("zeek_json", line(uid="C") + content + b"\n" + line(uid="C"))
    assert found.reasons == [(2, reason)]
    assert found.asides[0].raw == content + b"\n"
    assert [row["record"] for row in found.rows["zeek_other"]] == [1, 3]


_SCALAR = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters(codec="utf-8"))
_VALUE = (
    _SCALAR | st.lists(_SCALAR, max_size=3) | st.dictionaries(st.sampled_from(["orig_h", "a", ""]), _SCALAR, max_size=2)
)
_NAME = st.sampled_from(
    [
        "ts",
        "_path",
        "id",
        "id.orig_h",
        "id_orig_h",
        "id.orig_p",
        "AA",
        "TTLs",
        "tags",
        "duration",
        "service",
        "source",
        "time",
        "certificate.not_valid_after",
        "record",
        "other",
        "#path",
        "lodger:clipped",
    ]
)


@settings(deadline=None)
@given(
    st.sampled_from(["conn", "dns", "http", "x509", "rfb"]),
    st.lists(st.dictionaries(_NAME, _VALUE, max_size=8), max_size=8),
)
def test_no_object_stops_the_reader_or_is_lost(reading: Read, path: str, events: list[dict[str, Any]]) -> None:
    found = reading("zeek_json", b"".join(json.dumps({"_path": path} | event).encode() + b"\n" for event in events))
    assert found.numbers == list(range(1, len(events) + 1))
