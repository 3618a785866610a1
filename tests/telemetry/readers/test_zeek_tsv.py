"""Zeek's tab-separated logs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lodger.telemetry.discovery import choose

Read = Callable[[str, bytes], Any]

LEAD = {"record": 8, "time": datetime(2023, 8, 16, 4, 53, 42, 36086), "day": date(2023, 8, 16), "other": {}}
TS = "1692161622.036086"


def log(path: str, fields: str, types: str, *rows: str, close: bool = True) -> bytes:
    """A log of whose rows the first stands in line 8."""
    lines = [
        r"#separator \x09",
        "#set_separator\t,",
        "#empty_field\t(empty)",
        "#unset_field\t-",
        f"#path\t{path}",
        "#fields\t" + fields.replace(" ", "\t"),
        "#types\t" + types.replace(" ", "\t"),
        *rows,
    ]
    return "\n".join([*lines, *(["#close\t2023-08-16-01-28-55"] if close else []), ""]).encode()


def test_a_log_with_a_table(reading: Read) -> None:
    content = log(
        "conn",
        "ts uid id.orig_h id.orig_p proto duration orig_bytes local_orig tunnel_parents service new_field new_list",
        "time string addr port enum interval count bool set[string] string string vector[string]",
        f"{TS}\tC1\tfe80::1\t52605\ttcp\t1.5\t-\tT\t(empty)\t(empty)\tx\\x0ay\ta\\x2cb,-,c",
        f"{TS}\tC2\t10.0.0.1\tx\ttcp\t-\t7\tF\tCa,Cb\t\\x2d\t-\t-",
    )
    assert reading("zeek_tsv", content).rows == {
        "zeek_conn": [
            LEAD
            | {
                "uid": "C1",
                "id_orig_h": "fe80::1",
                "id_orig_p": 52605,
                "proto": "tcp",
                "duration": 1.5,
                "local_orig": True,
                "tunnel_parents": [],
                "service": "",
                "other": {"new_field": "x\ny", "new_list": '["a,b",null,"c"]'},
            },
            LEAD
            | {
                "record": 9,
                "uid": "C2",
                "id_orig_h": "10.0.0.1",
                "proto": "tcp",
                "orig_bytes": 7,
                "local_orig": False,
                "tunnel_parents": ["Ca", "Cb"],
                "service": "-",
                "other": {"id.orig_p": "x"},
            },
        ]
    }


def test_a_certificate_may_be_valid_until_the_year_9999(reading: Read) -> None:
    content = log(
        "x509",
        "ts certificate.not_valid_after certificate.not_valid_before",
        "time time time",
        f"{TS}\t253402300799.000000\t-11644473600.000000",
    )
    (row,) = reading("zeek_tsv", content).rows["zeek_x509"]
    assert row["certificate_not_valid_after"] == datetime(9999, 12, 31, 23, 59, 59)
    assert row["certificate_not_valid_before"] == datetime(1601, 1, 1)


@pytest.mark.parametrize("path", ["rfb", "open_conn", "", "../../x"])
def test_a_log_without_a_table_is_kept_whole(reading: Read, path: str) -> None:
    content = log(path, "ts uid id.orig_h path", "time string addr string", f"{TS}\tC1\t10.0.0.1\tp")
    other = {"uid": "C1", "id.orig_h": "10.0.0.1", "path": "p"}
    assert reading("zeek_tsv", content).rows == {"zeek_other": [LEAD | {"path": path, "other": other}]}


def test_logs_joined_into_one_file_go_to_their_tables(reading: Read) -> None:
    first = log("conn", "ts uid", "time string", f"{TS}\tC1")
    second = log("dns", "ts uid AA TTLs", "time string bool vector[interval]", f"{TS}\tC2\tT\t1.0,2.0")
    found = reading("zeek_tsv", b"cut\toff\n" + first + second)
    assert found.reasons == [(1, "row stands before any #fields header")]
    assert found.rows == {
        "zeek_conn": [LEAD | {"record": 9, "uid": "C1"}],
        "zeek_dns": [LEAD | {"record": 18, "uid": "C2", "AA": True, "TTLs": ["1.0", "2.0"]}],
    }


def test_a_column_named_twice_is_told_and_kept(reading: Read) -> None:
    content = log("conn", "ts uid uid", "time string string", f"{TS}\tC1\tC2")
    found = reading("zeek_tsv", content)
    assert found.reasons == [(6, "column uid occurs twice: the second is in other")]
    assert found.rows == {"zeek_conn": [LEAD | {"uid": "C1", "other": {"uid": "C2"}}]}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (f"{TS}\tC1\tx", "row has 3 columns, its header 2"),
        (TS, "row has 1 columns, its header 2"),
        ("-\tC1", "no time"),
        ("soon\tC1", "time is not readable"),
        ("-11644473600.0\tC1", "time is outside 1970 to 2100 (year 1601)"),
        ("253402300799\tC1", "time is outside 1970 to 2100 (year 9999)"),
        ("999999999999\tC1", "time is not readable"),
    ],
)
def test_what_cannot_be_stored_is_kept_aside(reading: Read, row: str, reason: str) -> None:
    found = reading("zeek_tsv", log("conn", "ts uid", "time string", f"{TS}\tC1", row, f"{TS}\tC3"))
    assert found.reasons == [(9, reason)]
    assert found.asides[0].raw == row.encode() + b"\n"
    assert [each["record"] for each in found.rows["zeek_conn"]] == [8, 10]


def test_a_log_cut_in_mid_line_keeps_its_last_row_aside(reading: Read) -> None:
    content = log("conn", "ts uid proto", "time string enum", f"{TS}\tC1\ttcp", f"{TS}\tC2", close=False).rstrip()
    found = reading("zeek_tsv", content)
    assert found.reasons == [(9, "row has 2 columns, its header 3")]
    assert len(found.rows["zeek_conn"]) == 1


def test_other_separators_and_line_ends(reading: Read) -> None:
    content = b"#separator |\r\n#set_separator|;\r\n#path|http\r\n#fields|ts|host|tags\r\n" + f"{TS}|h|a;b\r\n".encode()
    chosen = choose(content)
    assert chosen is not None
    assert chosen.name == "zeek_tsv"
    (row,) = reading("zeek_tsv", content).rows["zeek_http"]
    assert (row["host"], row["tags"]) == ("h", ["a", "b"])


def escaped(text: str) -> str:
    """Text as Zeek writes it: backslashes, control characters, and texts that would mean something else are escaped."""
    if text in {"-", "(empty)"}:
        return f"\\x{ord(text[0]):02x}{text[1:]}"
    return "".join(
        "\\\\" if c == "\\" else "".join(f"\\x{b:02x}" for b in c.encode()) if c < " " or c in ",#\x7f" else c
        for c in text
    )


_TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
_HTTP = {"uid": _TEXT, "host": _TEXT, "uri": _TEXT, "status_code": st.integers(-(2**63), 2**63 - 1)}


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(_TEXT, _TEXT | st.none(), st.integers(-(2**63), 2**63 - 1) | st.none(), st.lists(_TEXT, max_size=3))
    )
)
def test_rows_written_are_rows_read(reading: Read, events: list[tuple[str, str | None, int | None, list[str]]]) -> None:
    written = [
        "\t".join(
            [
                TS,
                escaped(host),
                "-" if uri is None else escaped(uri),
                "-" if code is None else str(code),
                ",".join(map(escaped, tags)) if tags else "(empty)",
            ]
        )
        for host, uri, code, tags in events
    ]
    found = reading(
        "zeek_tsv", log("http", "ts host uri status_code tags", "time string string count set[string]", *written)
    )
    wanted = []
    for number, (host, uri, code, tags) in enumerate(events, 8):
        row = {"host": host, "uri": uri, "status_code": code, "tags": tags}
        wanted.append(LEAD | {"record": number} | {name: value for name, value in row.items() if value is not None})
    assert found.rows.get("zeek_http", []) == wanted
    assert found.asides == []


@settings(max_examples=300, deadline=None)
@given(
    st.binary(max_size=100),
    st.integers(0, 300),
    st.sampled_from([b"", b"#fields\tts\tts\n", b"#separator \\x00\n", b"#separator\n"]),
)
def test_no_damage_stops_the_reader(reading: Read, noise: bytes, at: int, header: bytes) -> None:
    whole = log("conn", "ts uid id.orig_p", "time string port", f"{TS}\tC1\t7", f"{TS}\tC2\t8")
    content = whole[:at] + header + noise + whole[at:]
    choose(content)
    found = reading("zeek_tsv", content)
    assert len(set(found.numbers)) == len(found.numbers)
