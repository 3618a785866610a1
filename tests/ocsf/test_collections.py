"""What collected artifacts mean, and what they must not be taken for."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from typing import Any

import pytest
from tests.analysis.records import START, Process, Record, analysed, at, launched, record, rows_of

RAN = "2021-02-01T10:00:00.000000"


def artifact(kind: str | None, when: datetime = START, **fields: Any) -> Record:
    return record("artifact", when, {"kind": kind, "time_source": "x", "hostname": "WS1", "collection": "c", **fields})


def told(name: str, *rows: Record) -> list[dict[str, Any]]:
    """The rows of a class, without null columns and ``ref``."""
    with closing(analysed(rows, "ocsf")) as engine:
        found = rows_of(engine, f"SELECT * FROM {name} ORDER BY ALL")  # noqa: S608
    return [{k: v for k, v in row.items() if v is not None and k != "ref"} for row in found]


HOST = {"device_hostname": "ws1", "sensor": "artifact"}
PROCESS: dict[str, Any] = {
    "pid": 7,
    "ppid": 4,
    "path": r"C:\a.exe",
    "cmd_line": "a -x",
    "user_name": "ann",
    "sha256": "t",
}
LAUNCH = {
    **HOST,
    "process_pid": 7,
    "process_file_path": r"C:\a.exe",
    "process_cmd_line": "a -x",
    "actor_user_name": "ann",
    "process_file_hashes": "SHA256=t",
}


def test_a_listed_process_was_launched_when_it_was_created_and_once_however_often_it_is_listed() -> None:
    rows = [artifact("process", at(days=day), created=at(), **PROCESS) for day in (1, 2)]
    assert told("process_activity", *rows) == [
        {**LAUNCH, "time": at(), "activity_name": "Launch", "actor_process_pid": 4}
    ]


def test_a_listed_process_without_a_creation_time_ran_then() -> None:
    listed = artifact("process", at(days=1), **PROCESS)
    assert told("process_activity", listed) == [
        {**LAUNCH, "time": at(days=1), "activity_name": "Run", "process_uid": f"artifact:{listed.ref}"}
    ]


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        (r"\VOLUME{01d-2}\T\A.EXE", r"\T\A.EXE"),
        (r"{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}\a.exe", r"%SystemRoot%\System32\a.exe"),
        (r"{7c5a40ef-a0fb-4bfc-874a-c0f2e0b9fa8e}\a\b.exe", r"%ProgramFiles(x86)%\a\b.exe"),
        (r"\Device\HarddiskVolume3\a.exe", r"\Device\HarddiskVolume3\a.exe"),
        ("/usr/bin/a", "/usr/bin/a"),
    ],
)
def test_every_run_counts_once_whoever_tells_of_it(path: str, meant: str) -> None:
    first, again = (artifact("execution", path=path, run_times=[RAN, "2021-02-02T00:00:00.000000"]) for _ in range(2))
    runs = [datetime(2021, 2, 1, 10), datetime(2021, 2, 2)]
    found = told("process_activity", again, first)
    assert found == [
        {
            **HOST,
            "time": time,
            "activity_name": "Run",
            "process_file_path": meant,
            "process_uid": f"artifact:{first.ref}:{time.isoformat(timespec='microseconds')}",
        }
        for time in runs
    ]


@pytest.mark.parametrize(
    "path", [None, "A.EXE", r"{ABCDEF12-0000-0000-0000-000000000000}\a.exe", "Microsoft.Paint!App"]
)
def test_what_names_no_path_is_not_taken_for_a_program(path: str | None) -> None:
    assert told("process_activity", artifact("execution", path=path, run_times=[RAN])) == []


@pytest.mark.parametrize(
    ("reason", "activity"),
    [
        ('["FILE_CREATE"]', "Create"),
        ("FileCreate", "Create"),
        ("FileCreate|Close", None),
        ("USN_REASON.FILE_DELETE|USN_REASON.CLOSE", "Delete"),
        ("DataExtend", None),
        (None, None),
    ],
)
def test_the_change_journal_tells_of_creations_and_deletions(reason: str | None, activity: str | None) -> None:
    found = told("file_activity", artifact("usn", path=r"C:\a.exe", reason=reason))
    assert found == ([{**HOST, "time": START, "activity_name": activity, "file_path": r"C:\a.exe"}] if activity else [])


@pytest.mark.parametrize(
    ("standard", "name", "expected"),
    [(at(days=-3000), at(), at()), (at(days=1), at(), at(days=1)), (None, at(), at()), (at(), None, None)],
)
def test_a_file_is_as_old_as_the_later_of_its_times(
    standard: datetime | None, name: datetime | None, expected: datetime | None
) -> None:
    found = told("file_activity", artifact("mft", path=r"C:\a.exe", created=standard, created_name=name))
    assert [row["time"] for row in found] == ([expected] if expected else [])


def test_sockets_names_and_signatures() -> None:
    socket = artifact(
        "connection", protocol="TCP", pid=7, local_ip="10.0.0.1", local_port=5, remote_ip="192.0.2.1", remote_port=443
    )
    listening = artifact("connection", protocol="TCP", local_ip="::", remote_ip="::", remote_port=0)
    (found,) = told("network_activity", socket, listening)
    link = found.pop("connection_link_uid")
    assert found == {
        **HOST,
        "time": START,
        "process_pid": 7,
        "connection_protocol_name": "tcp",
        "src_endpoint_ip": "10.0.0.1",
        "src_endpoint_port": 5,
        "dst_endpoint_ip": "192.0.2.1",
        "dst_endpoint_port": 443,
        "connection_community_uid": link,
    }
    assert told("dns_activity", artifact("dns", query="A.example", answer="192.0.2.1"), artifact("dns", query="b")) == [
        {**HOST, "time": START, "query_hostname": "a.example", "answers": "192.0.2.1", "rcode": "NoError"}
    ]
    signed = artifact("process", **PROCESS, signature_status="trusted", signer="Some Ltd")
    assert told("module_activity", signed, artifact("process", **PROCESS)) == [
        {
            **HOST,
            "time": START,
            "activity_name": "Load",
            "process_file_path": r"C:\a.exe",
            "module_file_path": r"C:\a.exe",
            "module_file_hashes": "SHA256=t",
            "module_file_is_signed": True,
            "module_file_signature_signer": "Some Ltd",
            "module_file_signature_status": "Valid",
        }
    ]


def test_what_proves_no_act_is_no_act() -> None:
    rows = [
        artifact(kind, path=r"C:\a.exe", cmd_line=r"C:\a.exe", created=at(), run_times=[RAN])
        for kind in ("shimcache", "amcache", "service", "task", "autorun", "registry", None)
    ]
    with closing(analysed(rows, "stays")) as engine:
        for name in ("process_activity", "file_activity", "service_activity", "registry_activity", "stay", "coverage"):
            assert rows_of(engine, f"SELECT * FROM {name}") == []  # noqa: S608


@pytest.mark.parametrize(
    ("own", "info", "from_name", "expected"),
    [
        ("WS2", "WS1.corp.example", "X", "ws2"),
        (None, "WS1.corp.example", "X", "ws1.corp.example"),
        (None, None, "X", "x"),
        (None, None, None, "unknown"),
        ("ws1", "WS1.corp.example", None, "ws1.corp.example"),
    ],
)
def test_a_host_is_what_the_record_says_else_its_collection_else_the_name(
    own: str | None, info: str | None, from_name: str | None, expected: str
) -> None:
    rows = [
        artifact("process", **PROCESS, hostname=own, collection_host=from_name),
        artifact("host", hostname=info),
        artifact("host", hostname="other", collection="another"),
    ]
    assert [row["device_hostname"] for row in told("process_activity", *rows)] == [expected]


def test_a_collection_makes_a_stay_longer_but_is_no_launch_and_no_arrival() -> None:
    program = Process("WS1", r"C:\Users\Public\a.exe")
    rows = [
        launched(program, at(days=5)),
        artifact("execution", path=r"\Users\Public\A.EXE", run_times=["2021-03-02T00:00:00.000000"]),
        artifact("mft", path=r"\Users\Public\a.exe", created=at(days=-4000), created_name=at(hours=1)),
    ]
    with closing(analysed(rows, "stays")) as engine:
        (stay,) = rows_of(engine, r"SELECT * FROM stay WHERE program = '\users\public\a.exe'")
        kinds = {row["kind"] for row in rows_of(engine, "SELECT kind FROM coverage WHERE host = 'ws1'")}
    assert (stay["first_seen"], stay["last_seen"], stay["launches"]) == (at(days=1), at(days=5), 1)
    assert (stay["arrival"], stay["arrival_how"]) == (at(hours=1), "written by an unknown program")
    assert kinds == {"launches"}
