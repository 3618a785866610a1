"""The Linux audit log, plain, enriched and through syslog."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lodger.telemetry.discovery import choose

Read = Callable[[str, bytes], Any]

STAMP = "msg=audit(1692093325.836:77):"
LEAD = {"record": 1, "time": datetime(2023, 8, 15, 9, 55, 25, 836000), "day": date(2023, 8, 15), "serial": 77}


def read_one(reading: Read, line: str) -> dict[str, Any]:
    """The one row of a log with this line, which is recognised."""
    chosen = choose(line.encode())
    assert chosen is not None
    assert chosen.name == "auditd"
    found = reading("auditd", line.encode() + b"\n")
    assert found.asides == []
    (row,) = found.rows["auditd"]
    return dict(row)


SYSCALL = (
    f"type=SYSCALL {STAMP} arch=c000003e syscall=59 success=yes exit=0 a0=55 a1=66 items=2 ppid=1 pid=42 auid=1000 "
    'uid=0 tty=pts0 ses=3 comm="ls" exe="/usr/bin/ls" subj=unconfined key=(null)'
)
OTHER = {"a0": "55", "a1": "66", "items": "2", "subj": "unconfined"}
SYSCALL_ROW = LEAD | {
    "type": "SYSCALL",
    "arch": "c000003e",
    "syscall": "59",
    "success": True,
    "exit": 0,
    "ppid": 1,
    "pid": 42,
    "auid": "1000",
    "uid": "0",
    "tty": "pts0",
    "ses": "3",
    "comm": "ls",
    "exe": "/usr/bin/ls",
    "other": OTHER,
}


def test_a_system_call(reading: Read) -> None:
    assert read_one(reading, SYSCALL) == SYSCALL_ROW


def test_enriched_and_through_syslog(reading: Read) -> None:
    line = f'<13>Aug 15 09:55:25 web01 audispd: node=web01.example {SYSCALL}\x1dARCH=x86_64 UID="root" AUID="ann"'
    other = OTHER | {
        "ARCH": "x86_64",
        "UID": "root",
        "AUID": "ann",
        "syslog.header": "<13>Aug 15 09:55:25 web01 audispd:",
    }
    assert read_one(reading, line) == SYSCALL_ROW | {"node": "web01.example", "other": other}
    assert read_one(reading, line.replace("node=web01.example ", "")) == SYSCALL_ROW | {"other": other}


@pytest.mark.parametrize(
    ("rest", "columns", "other"),
    [
        ('type=EXECVE {} argc=3 a0="ls" a1="-l" a2=2F746D702F6120C3A4', {"cmd_line": "ls -l /tmp/a \xe4"},
         {"argc": "3"}),
        ("type=EXECVE {} argc=2 a0=6C73 a1_len=9 a1[0]=6162 a1[1]=63", {"cmd_line": "ls abc"},
         {"argc": "2", "a1_len": "9"}),
        ('type=CWD {} cwd="/root"', {"cwd": "/root"}, {}),
        ("type=CWD {} cwd=2F610A62", {"cwd": "/a\\nb"}, {}),
        ("type=PROCTITLE {} proctitle=6C73002D6C00", {"proctitle": "ls -l"}, {}),
        ('type=PATH {} item=0 name="/bin/ls" inode=5 nametype=NORMAL', {"name": "/bin/ls", "nametype": "NORMAL"},
         {"item": "0", "inode": "5"}),
        ("type=USER_CMD {} pid=7 msg='cwd=\"/\" cmd=6C73202D6C terminal=pts/0 res=success'",
         {"pid": 7, "cwd": "/", "terminal": "pts/0", "res": "success"}, {"cmd": "ls -l"}),
        ('type=AVC {} avc:  denied  { read } for  pid=7 comm="a b"', {"pid": 7, "comm": "a b"},
         {"text": "avc: denied { read } for"}),
        ("type=SYSCALL {} success=no exit=-13 key=6101 pid=x", {"success": False, "exit": -13, "key": "a,"},
         {"pid": "x"}),
    ],
)  # fmt: skip
def test_records_of_many_types(reading: Read, rest: str, columns: dict[str, Any], other: dict[str, str]) -> None:
    line = rest.replace("{}", STAMP, 1)
    kind = line.partition(" ")[0].removeprefix("type=")
    assert read_one(reading, line) == LEAD | {"type": kind, "other": other} | columns


def test_what_is_no_record_is_kept_aside(reading: Read) -> None:
    content = f"{SYSCALL}\nhello\ntype=EOE msg=audit(0.0:1): \ntype=EOE msg=audit(1692093325.836:78): \n"
    found = reading("auditd", content.encode() + b"a" * 1_100_000)
    assert found.reasons == [
        (2, "not an audit record"),
        (3, "time is outside 1970 to 2100 (year 1970)"),
        (5, "line is longer than 1 MiB"),
    ]
    assert [row["serial"] for row in found.rows["auditd"]] == [77, 78]


def test_a_line_made_to_take_long_is_read_at_once(reading: Read) -> None:
    for filler in ("a" * 900_000, 'a="' * 300_000, "a." * 450_000, "a=b" * 300_000):
        assert len(reading("auditd", f"type=X {STAMP} {filler}".encode()).rows["auditd"]) == 1


_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1)


def encoded(value: str) -> str:
    plain = value.isascii() and '"' not in value
    return f'"{value}"' if plain else value.encode().hex().upper()


@settings(deadline=None)
@given(st.lists(_TEXT, min_size=1, max_size=5), _TEXT)
def test_arguments_and_names_written_are_read(reading: Read, arguments: list[str], name: str) -> None:
    execve = " ".join(f"a{n}={encoded(each)}" for n, each in enumerate(arguments))
    content = f"type=EXECVE {STAMP} argc={len(arguments)} {execve}\ntype=PATH {STAMP} name={encoded(name)}\n"
    first, second = reading("auditd", content.encode()).rows["auditd"]
    assert first["cmd_line"] == " ".join(arguments)
    assert second["name"] == name


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=100), st.integers(0, 500))
def test_no_damage_stops_the_reader(reading: Read, noise: bytes, at: int) -> None:
    whole = f"{SYSCALL}\n{SYSCALL}\n".encode()
    content = whole[:at] + noise + whole[at:]
    choose(content)
    found = reading("auditd", content)
    if not content.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        lines = [n for n, line in enumerate(content.split(b"\n"), 1) if line and not line.isspace()]
        assert found.numbers == lines
