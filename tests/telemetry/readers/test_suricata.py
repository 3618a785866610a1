"""Suricata's EVE log."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lodger.model.tables import SURICATA
from lodger.telemetry.discovery import choose

Read = Callable[[str, bytes], Any]

LEAD = {"record": 1, "time": datetime(2021, 6, 6, 13, 59, 46, 457984), "day": date(2021, 6, 6), "other": {}}
ENDS = {"src_ip": "192.0.2.9", "src_port": 51698, "dest_ip": "10.0.0.1", "dest_port": 445, "proto": "TCP"}


def event(kind: object, **fields: object) -> bytes:
    """One line, at 13:59:46 UTC in a zone of its own."""
    return (
        json.dumps(
            {"timestamp": "2021-06-06T15:59:46.457984+0200", "flow_id": 7, "event_type": kind, **fields}
        ).encode()
        + b"\n"
    )


def test_each_type_has_its_table_and_the_rest_is_kept_whole(reading: Read) -> None:
    content = (
        event(
            "flow",
            **ENDS,
            app_proto="tls",
            vlan=[10, 20],
            flow={
                "bytes_toserver": 60,
                "start": "2021-06-06T15:59:46.000001+0200",
                "end": "2021-06-06T13:59:47Z",
                "alerted": False,
                "age": "many",
            },
            tcp={"state": "closed", "syn": True},
            community_id="1:abc=",
        )
        + event(
            "tls", tls={"sni": "a.example", "ja3": {"hash": "h", "string": "1,2"}, "ja4": "t13d", "notbefore": None}
        )
        + event("http", http={"hostname": "a.example", "status": "200", "request_headers": [{"name": "A"}]})
        + event("rdp", rdp={"tx_id": 0, "event_type": "initial_request"}, empty={}, nothing=None)
    )
    assert reading("suricata", content).rows == {
        "suricata_flow": [
            LEAD
            | ENDS
            | {
                "flow_id": 7,
                "app_proto": "tls",
                "vlan": ["10", "20"],
                "flow_bytes_toserver": 60,
                "flow_start": datetime(2021, 6, 6, 13, 59, 46, 1),
                "flow_end": datetime(2021, 6, 6, 13, 59, 47),
                "flow_alerted": False,
                "tcp_state": "closed",
                "community_id": "1:abc=",
                "other": {"flow.age": "many", "tcp.syn": "true"},
            }
        ],
        "suricata_tls": [
            LEAD
            | {
                "record": 2,
                "flow_id": 7,
                "tls_sni": "a.example",
                "tls_ja3_hash": "h",
                "tls_ja3_string": "1,2",
                "tls_ja4": "t13d",
            }
        ],
        "suricata_http": [
            LEAD
            | {
                "record": 3,
                "flow_id": 7,
                "http_hostname": "a.example",
                "http_status": 200,
                "other": {"http.request_headers": '[{"name":"A"}]'},
            }
        ],
        "suricata_other": [
            LEAD
            | {
                "record": 4,
                "event_type": "rdp",
                "other": {"flow_id": "7", "rdp.tx_id": "0", "rdp.event_type": "initial_request"},
            }
        ],
    }


ANSWERS = [
    {"rrname": "a.example", "rrtype": "CNAME", "ttl": 9, "rdata": "b.example"},
    {"rrname": "b.example", "rrtype": "A", "ttl": 8, "rdata": "192.0.2.1"},
]
SPREAD = {
    "dns_answers_rrname": ["a.example", "b.example"],
    "dns_answers_rrtype": ["CNAME", "A"],
    "dns_answers_ttl": ["9", "8"],
    "dns_answers_rdata": ["b.example", "192.0.2.1"],
}


@pytest.mark.parametrize(
    ("dns", "row"),
    [
        (
            {"type": "answer", "rrname": "a.example", "rrtype": "A", "ttl": 8, "rdata": "192.0.2.1"},
            {
                "dns_type": "answer",
                "dns_rrname": "a.example",
                "dns_rrtype": "A",
                "dns_ttl": 8,
                "dns_rdata": "192.0.2.1",
            },
        ),
        (
            {
                "version": 2,
                "type": "answer",
                "rrname": "a.example",
                "answers": ANSWERS,
                "grouped": {"A": ["192.0.2.1"]},
            },
            {
                "dns_version": 2,
                "dns_type": "answer",
                "dns_rrname": "a.example",
                **SPREAD,
                "dns_grouped_A": ["192.0.2.1"],
            },
        ),
        (
            {"version": 3, "type": "response", "queries": [{"rrname": "a.example", "rrtype": "A"}], "answers": ANSWERS},
            {
                "dns_version": 3,
                "dns_type": "response",
                "dns_queries_rrname": ["a.example"],
                "dns_queries_rrtype": ["A"],
                **SPREAD,
            },
        ),
        (
            {"answers": [{"rrname": "a.example", "soa": {"mname": "m"}}, {"rdata": "x"}]},
            {
                "dns_answers_rrname": ["a.example", None],
                "dns_answers_rdata": [None, "x"],
                "other": {"dns.answers": '[{"rrname":"a.example","soa":{"mname":"m"}},{"rdata":"x"}]'},
            },
        ),
        ({"answers": ["x", {}]}, {"other": {"dns.answers": '["x",{}]'}}),
        ({"answers": []}, {"other": {"dns.answers": "[]"}}),
        ("a text", {"other": {"dns": "a text"}}),
    ],
    ids=["version 1", "version 2", "version 3", "more than has a column", "no objects", "empty", "no object"],
)
def test_lookups_of_all_versions(reading: Read, dns: object, row: dict[str, Any]) -> None:
    assert reading("suricata", event("dns", dns=dns)).rows == {"suricata_dns": [LEAD | {"flow_id": 7} | row]}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"timestamp":"2021-06-06T15:59:46', "not valid JSON: Unterminated string starting at"),
        (b"[1]", "not a JSON object"),
        (b'{"timestamp":"2021-06-06T15:59:46+0000"}', "no event type"),
        (b'{"timestamp":"2021-06-06T15:59:46+0000","event_type":3}', "no event type"),
        (b'{"event_type":"flow"}', "no time"),
        (b'{"event_type":"flow","timestamp":1622987986}', "time is not readable"),
        (b'{"event_type":"flow","timestamp":"yesterday"}', "time is not readable"),
        (b'{"event_type":"flow","timestamp":"1601-01-01T00:00:00+0000"}', "time is outside 1970 to 2100 (year 1601)"),
    ],
)
def test_what_cannot_be_stored_is_kept_aside(reading: Read, content: bytes, reason: str) -> None:
    found = reading("suricata", event("flow") + content + b"\n" + event("flow"))
    assert found.reasons == [(2, reason)]
    assert found.asides[0].raw == content + b"\n"
    assert [row["record"] for row in found.rows["suricata_flow"]] == [1, 3]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (event("flow"), "suricata"),
        (b'{"timestamp":"2021-06-06T15:59:46+0000","event_type":"stats","stats":{"uptime":1}}\n', "suricata"),
        (event("flow", payload="x" * 100_000), "suricata"),
        (b'{"timestamp":"2021-06-06T15:59:46+0000","event_type":"login","user":"a"}\n', None),
        (b'{"timestamp":"x","event_type":"a","flow_id":1,"EventID":1,"Channel":"Security"}\n', "windows_json"),
        (b'{"ts":1.5,"uid":"C1","timestamp":"x","event_type":"a","flow_id":1}\n', "zeek_json"),
    ],
)
def test_what_a_file_is_its_fields_say(content: bytes, name: str | None) -> None:
    chosen = choose(content)
    assert (chosen.name if chosen else None) == name


def test_an_overlong_value_is_cut_and_named(reading: Read) -> None:
    (row,) = reading("suricata", event("http", http={"url": "u" * (1 << 21)})).rows["suricata_http"]
    assert (len(row["http_url"]), row["other"]) == (1 << 20, {"lodger:clipped": f"http.url {1 << 21}"})


_DEEP: Any = {}
for _ in range(400):
    _DEEP = {"a": _DEEP or 1}


def test_deep_nesting_stops_nothing(reading: Read) -> None:
    found = reading("suricata", event("flow", flow=_DEEP) + event("dns", dns={"answers": [_DEEP]}) + event("flow"))
    assert found.numbers == [1, 2, 3]


# Everything that was written comes back, in its column or beside

_TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
_KIND = st.sampled_from([*SURICATA, "stats", "netflow"])
_LEAF = st.one_of(st.booleans(), st.integers(-(2**70), 2**70), _TEXT, st.lists(_TEXT, max_size=3))
_INNER = st.dictionaries(
    st.sampled_from(["start", "sni", "hostname", "id", "rrname", "severity", "x"]), _LEAF, max_size=4
)


def _leaves(name: str, value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return [leaf for key, inner in value.items() for leaf in _leaves(f"{name}.{key}", inner)]
    return [(name, value)]


def _written(value: Any) -> Any:
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return value if isinstance(value, str) else json.dumps(value)


@settings(deadline=None)
@given(_KIND, st.dictionaries(st.sampled_from(["flow", "tls", "http", "dns", "alert", "proto"]), _INNER, max_size=4))
def test_every_leaf_is_in_its_column_or_beside(reading: Read, kind: str, fields: dict[str, Any]) -> None:
    found = reading("suricata", event(kind, **fields))
    ((table, (row,)),) = found.rows.items()
    assert table == (f"suricata_{kind}" if kind in SURICATA else "suricata_other")
    for name, value in (leaf for key, inner in fields.items() for leaf in _leaves(key, inner)):
        column = name.replace(".", "_")
        if name in row["other"]:
            assert row["other"][name] == _written(value)
        elif isinstance(row[column], datetime):
            assert value is not None
        elif isinstance(row[column], list):
            assert row[column] == (value if isinstance(value, list) else [_written(value)])
        else:
            assert row[column] == value or row[column] == _written(value) or str(row[column]) == value.lstrip("0")


_SCALAR = st.none() | st.booleans() | st.integers() | st.floats() | _TEXT
_ANY = st.recursive(
    _SCALAR,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["answers", "queries", "rdata", "rrname", "start", "a.b", "", "ja3"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)
_NAME = st.sampled_from(
    [
        "timestamp",
        "event_type",
        "flow_id",
        "flow",
        "dns",
        "dns.answers",
        "tls",
        "vlan",
        "source",
        "time",
        "other",
        "record",
    ]
)


@settings(deadline=None)
@given(st.lists(st.dictionaries(_NAME, _ANY, max_size=6), max_size=8), _KIND)
def test_no_object_stops_the_reader_or_is_lost(reading: Read, events: list[dict[str, Any]], kind: str) -> None:
    found = reading(
        "suricata", b"".join(event(kind, **(each | {"flow_id": 7})) for each in events if "timestamp" not in each)
    )
    assert found.numbers == list(range(1, sum("timestamp" not in each for each in events) + 1))


@settings(deadline=None)
@given(st.binary(max_size=300), st.integers(0, 300))
def test_damage_costs_no_other_record(reading: Read, junk: bytes, at: int) -> None:
    whole = event("dns", dns={"version": 2, "answers": ANSWERS})
    damaged = (whole[: at % len(whole)] + junk).replace(b"\n", b"").replace(b"\r", b"") + b"\n"
    found = reading("suricata", whole + damaged + whole)
    assert found.numbers in ([1, 2, 3], [1, 3])
    assert {row["record"] for row in found.rows["suricata_dns"]} >= {1, 3}


def test_a_real_log_is_read_whole(shared_data: Path, reading_file: Callable[[str, Path], Any]) -> None:
    found = reading_file("suricata", shared_data / "suricata" / "slips-test6.eve.json")
    assert {table: len(rows) for table, rows in found.rows.items()} == {
        "suricata_flow": 3512,
        "suricata_alert": 745,
        "suricata_dns": 680,
        "suricata_http": 56,
        "suricata_fileinfo": 3,
        "suricata_anomaly": 3,
        "suricata_tls": 1,
    }
    assert (found.asides, found.stops) == ([], [])
    unmapped = Counter(name for rows in found.rows.values() for row in rows for name in row["other"])
    assert {name.split(".")[0] for name in unmapped} == {"alert", "tcp", "metadata", "files"}
