"""What records mean: whole rows of every event class, the same columns everywhere, times on the host's own clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.analysis.records import (
    EXPLORER,
    LSASS,
    SYSMON,
    Process,
    Record,
    analysed,
    asked,
    at,
    audited_access,
    audited_connection,
    audited_launch,
    connected,
    deleted,
    driver_loaded,
    ended,
    file_time_set,
    flow,
    handshake,
    key_deleted,
    launched,
    lease,
    loaded,
    lookup,
    marked,
    opened,
    request,
    rows_of,
    security,
    service_installed,
    suricata,
    sysmon,
    task,
    thread_started,
    value_set,
    windows,
    wrote,
    zeek,
)

from lodger import ocsf
from lodger.engine.duckdb import DuckDB

A = Process("WS1.corp.example", r"C:\Users\ann\a.exe")
B = Process("WS1.corp.example", LSASS)
TOP = Process("WS1.corp.example", EXPLORER)


def uid(process: Process) -> str:
    """Without the braces that some exporters leave out."""
    return process.guid.strip("{}")


SHA = "SHA256=" + "ab" * 32
HOST = {"device_hostname": "ws1.corp.example"}
SYSMON_HOST = {**HOST, "sensor": "sysmon"}
SECURITY_HOST = {**HOST, "sensor": "security"}
WIRE = {"sensor": "zeek"}
ENDS = {"src_endpoint_ip": "10.0.0.1", "src_endpoint_port": 50000, "dst_endpoint_ip": "192.0.2.1"}
BY_A = {"actor_process_uid": uid(A), "actor_process_file_path": A.image}
IS_A = {"process_uid": uid(A), "process_file_path": A.image}
PAIR = {
    "process_uid": uid(B),
    "process_pid": int(B.pid),
    "process_file_path": B.image,
    "actor_process_uid": uid(A),
    "actor_process_pid": int(A.pid),
    "actor_process_file_path": A.image,
}
#: The Community IDs of these ends with ports 443 and 80, computed with the specification's own implementation.
TLS_LINK = dict.fromkeys(("connection_community_uid", "connection_link_uid"), "1:QAf3+pGMaqGO534pWKUcLd7LteM=")
HTTP_LINK = dict.fromkeys(("connection_community_uid", "connection_link_uid"), "1:9LWQf0nOeyHaV5jNCZR2fdAYWVY=")
QUIC_LINK = dict.fromkeys(("connection_community_uid", "connection_link_uid"), "1:dmYcbcEYaxvfdMe0u4f22XNRUYA=")
SIGNED = {"is_signed": True, "signature_signer": "Example Software", "signature_status": "Valid"}
KEY = r"HKLM\System\CurrentControlSet\Services\x\ImagePath"

#: Class, a raw record, and what it says besides `ref` and `time`; what is not named is NULL.
MEANINGS: list[tuple[str, Record, dict[str, Any]]] = [
    (
        "process_activity",
        launched(A, at(), TOP, "a.exe -x", Hashes=SHA, User="CORP\\ann", ParentCommandLine="explorer", Company="-"),
        {
            **SYSMON_HOST,
            **IS_A,
            "activity_name": "Launch",
            "process_pid": int(A.pid),
            "process_cmd_line": "a.exe -x",
            "actor_process_uid": uid(TOP),
            "actor_process_pid": int(TOP.pid),
            "actor_process_file_path": TOP.image,
            "actor_process_cmd_line": "explorer",
            "actor_user_name": "CORP\\ann",
            "process_integrity": "Medium",
            "process_file_hashes": SHA,
            "process_file_original_name": "a.exe",
            "process_file_product_name": "Example",
        },
    ),
    (
        "process_activity",
        audited_launch(A, at(), TOP, MandatoryLabel="S-1-16-8192"),
        {
            **SECURITY_HOST,
            "activity_name": "Launch",
            "process_pid": int(A.pid),
            "process_file_path": A.image,
            "actor_process_pid": int(TOP.pid),
            "actor_process_file_path": TOP.image,
            "actor_user_name": "ann",
            "process_integrity": "S-1-16-8192",
        },
    ),
    (
        "process_activity",
        ended(A, at(), User="CORP\\ann"),
        {
            **SYSMON_HOST,
            **IS_A,
            "activity_name": "Terminate",
            "process_pid": int(A.pid),
            "actor_user_name": "CORP\\ann",
        },
    ),
    (
        "process_activity",
        security(A.host, at(), 4689, ProcessId="0x1F4", ProcessName=A.image, SubjectUserName="ann"),
        {
            **SECURITY_HOST,
            "activity_name": "Terminate",
            "process_pid": 500,
            "process_file_path": A.image,
            "actor_user_name": "ann",
        },
    ),
    (
        "process_activity",
        opened(A, at(), B, "0x1410", SourceUser="CORP\\ann"),
        {
            **SYSMON_HOST,
            **PAIR,
            "activity_name": "Open",
            "actor_user_name": "CORP\\ann",
            "actual_permissions": 0x1410,
        },
    ),
    (
        "process_activity",
        audited_access(A, at(), "Process", r"\Device\HarddiskVolume2\Windows\System32\lsass.exe", "0x10"),
        {
            **SECURITY_HOST,
            "activity_name": "Open",
            "process_file_path": r"\Device\HarddiskVolume2\Windows\System32\lsass.exe",
            "actor_process_pid": int(A.pid),
            "actor_process_file_path": A.image,
            "actual_permissions": 16,
        },
    ),
    ("process_activity", thread_started(A, at(), B), {**SYSMON_HOST, **PAIR, "activity_name": "Inject"}),
    (
        "module_activity",
        loaded(A, at(), Hashes=SHA, Company="-", OriginalFileName="b.dll"),
        {
            **SYSMON_HOST,
            **IS_A,
            "activity_name": "Load",
            "module_file_path": A.image,
            "module_file_hashes": SHA,
            "module_file_original_name": "b.dll",
            **{f"module_file_{name}": value for name, value in SIGNED.items()},
        },
    ),
    (
        "module_activity",
        loaded(A, at(), r"C:\b.dll", signer=None),
        {
            **SYSMON_HOST,
            **IS_A,
            "activity_name": "Load",
            "module_file_path": r"C:\b.dll",
            "module_file_is_signed": False,
            "module_file_signature_status": "Unavailable",
        },
    ),
    (
        "kernel_extension_activity",
        driver_loaded(A.host, at(), r"C:\d.sys", Hashes=SHA),
        {
            **SYSMON_HOST,
            "activity_name": "Load",
            "driver_file_path": r"C:\d.sys",
            "driver_file_hashes": SHA,
            **{f"driver_file_{name}": value for name, value in SIGNED.items()},
        },
    ),
    *(
        ("file_activity", row, {**SYSMON_HOST, **BY_A, "activity_name": activity, "file_path": path, **more})
        for row, activity, path, more in [
            (wrote(A, at(), r"C:\x"), "Create", r"C:\x", {}),
            (
                sysmon(A, at(), 29, TargetFilename=r"C:\x.jpg", Hashes=SHA),
                "Create Program",
                r"C:\x.jpg",
                {"file_hashes": SHA},
            ),
            (deleted(A, at(), r"C:\x", Hashes=SHA), "Delete", r"C:\x", {"file_hashes": SHA}),
            (sysmon(A, at(), 26, TargetFilename=r"C:\x"), "Delete", r"C:\x", {}),
            (file_time_set(A, at(), r"C:\x"), "Set Attributes", r"C:\x", {}),
            (
                marked(A, at(), r"C:\x", "ZoneId=3", Hash=SHA),
                "Create Stream",
                r"C:\x:Zone.Identifier",
                {"file_contents": "ZoneId=3", "file_hashes": SHA},
            ),
        ]
    ),
    (
        "file_activity",
        audited_access(A, at(), "File", r"C:\x", "0x10000", SubjectUserName="ann"),
        {
            **SECURITY_HOST,
            "activity_name": "Delete",
            "file_path": r"C:\x",
            "actor_process_file_path": A.image,
            "actor_user_name": "ann",
        },
    ),
    *(
        ("registry_activity", row, {**SYSMON_HOST, **BY_A, "activity_name": activity, "reg_path": KEY, **more})
        for row, activity, more in [
            (value_set(A, at(), KEY, "x.exe"), "Set Value", {"reg_value_data": "x.exe"}),
            (key_deleted(A, at(), KEY), "Delete", {}),
            (key_deleted(A, at(), KEY, EventType="DeleteKey"), "Delete", {}),
            (key_deleted(A, at(), KEY, EventType="CreateKey"), "Create", {}),
            (sysmon(A, at(), 14, TargetObject=KEY, NewName="y"), "Rename", {}),
        ]
    ),
    *(
        (
            "registry_activity",
            security(
                *(A.host, at(), 4657),
                ObjectName=r"\REGISTRY\MACHINE\x",
                ObjectValueName="y",
                NewValue="z",
                OperationType=kind,
                ProcessName=A.image,
                SubjectUserName="ann",
            ),
            {
                **SECURITY_HOST,
                "activity_name": activity,
                "reg_path": r"\REGISTRY\MACHINE\x\y",
                "reg_value_data": "z",
                "actor_process_file_path": A.image,
                "actor_user_name": "ann",
            },
        )
        for kind, activity in [("%%1906", "Delete"), ("%%1904", "Set Value"), ("%%1905", "Set Value")]
    ),
    (
        "service_activity",
        service_installed(A.host, at(), "x", r"C:\x.sys", "kernel mode driver"),
        {
            **HOST,
            "sensor": "system",
            "activity_name": "Install",
            "service_name": "x",
            "service_file_path": r"C:\x.sys",
            "service_type": "kernel mode driver",
            "service_start_type": "auto start",
            "service_account": "LocalSystem",
        },
    ),
    (
        "service_activity",
        security(
            *(A.host, at(), 4697),
            ServiceName="x",
            ServiceFileName="x.exe",
            ServiceType="0x10",
            ServiceStartType="2",
            ServiceAccount="LocalSystem",
        ),
        {
            **SECURITY_HOST,
            "activity_name": "Install",
            "service_name": "x",
            "service_file_path": "x.exe",
            "service_type": "0x10",
            "service_start_type": "2",
            "service_account": "LocalSystem",
        },
    ),
    *(
        (
            "scheduled_job_activity",
            task(A.host, at(), r"\x", event=event, TaskContent=content),
            {
                **SECURITY_HOST,
                "activity_name": activity,
                "job_name": r"\x",
                "actor_user_name": "ann",
                **more,
            },
        )
        for event, activity, content, more in [
            (
                *(4698, "Create", "<Exec><Command>x.exe</Command><Arguments>-q</Arguments></Exec>"),
                {"job_cmd_line": "x.exe -q"},
            ),
            (4698, "Create", "<Exec><Command>x.exe</Command></Exec>", {"job_cmd_line": "x.exe"}),
            (4699, "Delete", None, {}),
            (4702, "Update", "<ComHandler/>", {}),
        ]
    ),
    *(
        (
            "scheduled_job_activity",
            windows(
                *(A.host, at(), "Microsoft-Windows-TaskScheduler/Operational", event),
                TaskName=r"\x",
                UserContext="CORP\\ann",
            ),
            {
                **HOST,
                "sensor": "windows",
                "activity_name": activity,
                "job_name": r"\x",
                "actor_user_name": "CORP\\ann",
            },
        )
        for event, activity in [(106, "Create"), (140, "Update"), (141, "Delete")]
    ),
    *(
        (
            "authentication",
            security(
                *(A.host, at(), event),
                TargetUserName="ann",
                LogonType=kind,
                IpAddress="10.0.0.9",
                WorkstationName="-",
                ProcessName="-",
            ),
            {
                **SECURITY_HOST,
                "status": status,
                "activity_name": "Logon",
                "user_name": "ann",
                "src_endpoint_ip": "10.0.0.9",
                **more,
            },
        )
        for event, kind, status, more in [
            (4624, "3", "Success", {"logon_type_id": 3}),
            (4625, "what?", "Failure", {}),
        ]
    ),
    (
        "authentication",
        zeek("kerberos", at(), id_orig_h="10.0.0.1", id_resp_h="10.0.0.2", client="ann/CORP", success=True),
        {
            **WIRE,
            "device_hostname": "10.0.0.2",
            "status": "Success",
            "activity_name": "Authentication Ticket",
            "user_name": "ann/CORP",
            "auth_protocol_name": "Kerberos",
            "src_endpoint_ip": "10.0.0.1",
        },
    ),
    (
        "authentication",
        zeek("ntlm", at(), id_orig_h="10.0.0.1", id_resp_h="10.0.0.2", username="ann", hostname="WS1", success=False),
        {
            **WIRE,
            "device_hostname": "10.0.0.2",
            "status": "Failure",
            "activity_name": "Logon",
            "user_name": "ann",
            "auth_protocol_name": "NTLM",
            "src_endpoint_ip": "10.0.0.1",
            "src_endpoint_hostname": "WS1",
        },
    ),
    (
        "network_activity",
        connected(A, at(), "192.0.2.1"),
        {
            **SYSMON_HOST,
            **IS_A,
            **ENDS,
            **TLS_LINK,
            "dst_endpoint_port": 443,
            "process_pid": int(A.pid),
            "connection_direction": "Outbound",
            "connection_protocol_name": "tcp",
        },
    ),
    (
        "network_activity",
        audited_connection(A, at(), "192.0.2.1", Direction="%%14592", Protocol="17"),
        {
            **SECURITY_HOST,
            **ENDS,
            **QUIC_LINK,
            "dst_endpoint_port": 443,
            "process_pid": int(A.pid),
            "process_file_path": r"\device\harddiskvolume2\users\ann\a.exe",
            "connection_direction": "Inbound",
            "connection_protocol_name": "udp",
        },
    ),
    (
        "network_activity",
        flow("C1", at(), "192.0.2.1"),
        {
            **WIRE,
            **ENDS,
            **TLS_LINK,
            "dst_endpoint_port": 443,
            "connection_protocol_name": "tcp",
            "connection_uid": "C1",
            "duration_seconds": 1.0,
            "traffic_bytes_out": 500,
            "traffic_bytes_in": 5000,
            "app_name": "ssl",
            "connection_state": "SF",
        },
    ),
    (
        "network_activity",
        flow("C1", at(), "192.0.2.1", local_orig=False, local_resp=True),
        {
            **WIRE,
            **ENDS,
            **TLS_LINK,
            "dst_endpoint_port": 443,
            "connection_direction": "Inbound",
            "connection_protocol_name": "tcp",
            "connection_uid": "C1",
            "duration_seconds": 1.0,
            "traffic_bytes_out": 500,
            "traffic_bytes_in": 5000,
            "app_name": "ssl",
            "connection_state": "SF",
        },
    ),
    (
        "http_activity",
        request("C1", at(), "192.0.2.1", "A.example", "/x.jpg", method="POST", sent=7, resp_mime_types=["image/jpeg"]),
        {
            **WIRE,
            **ENDS,
            **HTTP_LINK,
            "dst_endpoint_port": 80,
            "connection_uid": "C1",
            "connection_protocol_name": "tcp",
            "http_request_method": "POST",
            "http_request_host": "a.example",
            "http_request_url_path": "/x.jpg",
            "http_request_user_agent": "Agent/1.0",
            "http_response_code": 200,
            "http_request_length": 7,
            "http_response_length": 5000,
            "http_response_mime_types": ["image/jpeg"],
        },
    ),
    (
        "tls_activity",
        handshake("C1", at(), "192.0.2.1", "A.example", ja4="t13d", subject="CN=a", validation_status="ok"),
        {
            **WIRE,
            **ENDS,
            **TLS_LINK,
            "dst_endpoint_port": 443,
            "connection_uid": "C1",
            "connection_protocol_name": "tcp",
            "tls_sni": "a.example",
            "tls_version": "TLSv12",
            "tls_ja4": "t13d",
            "tls_certificate_subject": "CN=a",
            "tls_validation_status": "ok",
        },
    ),
    (
        "dns_activity",
        asked(A, at(), "A.example", "192.0.2.1", "192.0.2.2"),
        {
            **SYSMON_HOST,
            **IS_A,
            "query_hostname": "a.example",
            "answers": "::ffff:192.0.2.1;::ffff:192.0.2.2;",
            "rcode": "NoError",
        },
    ),
    (
        "dns_activity",
        lookup(at(), "A.example", "192.0.2.1", "b.example", TTLs=["300.000000", "60.0"]),
        {
            **WIRE,
            "src_endpoint_ip": "10.0.0.1",
            "dst_endpoint_ip": "10.0.0.53",
            "query_hostname": "a.example",
            "answers": "192.0.2.1;b.example",
            "answers_ttl": 60.0,
            "rcode": "NOERROR",
        },
    ),
    (
        "dhcp_activity",
        lease(at(), "10.0.0.1", "WS1"),
        {
            **WIRE,
            "src_endpoint_mac": "00:00:5e:00:53:01",
            "src_endpoint_hostname": "ws1",
            "src_endpoint_ip": "10.0.0.1",
            "lease_seconds": 86400.0,
            "lease_is_new": False,
        },
    ),
    (
        "network_file_activity",
        zeek("files", at(), fuid="F1", conn_uids=["C1"], is_orig=False, mime_type="image/png", seen_bytes=9, md5="ab"),
        {
            **WIRE,
            "connection_uid": "C1",
            "file_uid": "F1",
            "activity_name": "Download",
            "file_mime_type": "image/png",
            "file_size": 9,
            "file_md5": "ab",
        },
    ),
    (
        "network_file_activity",
        zeek("smb_files", at(), uid="C1", action="SMB::FILE_OPEN", name="x", size=3),
        {**WIRE, "connection_uid": "C1", "activity_name": "SMB::FILE_OPEN", "file_name": "x", "file_size": 3},
    ),
    (
        "certificate",
        zeek(
            "x509",
            at(),
            fingerprint="ab",
            certificate_serial="01",
            certificate_subject="CN=a",
            certificate_issuer="CN=a",
        ),
        {
            **WIRE,
            "certificate_fingerprint": "ab",
            "certificate_serial_number": "01",
            "certificate_subject": "CN=a",
            "certificate_issuer": "CN=a",
            "certificate_is_self_signed": True,
        },
    ),
    (
        "detection_finding",
        suricata("anomaly", at(), src_ip="10.0.0.1", anomaly_type="stream", anomaly_event="stream.rst_invalid_ack"),
        {
            "sensor": "suricata",
            "analytic_type": "Protocol",
            "finding_info_title": "stream.rst_invalid_ack",
            "finding_info_type": "stream",
            "severity_id": 1,
            "src_endpoint_ip": "10.0.0.1",
        },
    ),
]


@pytest.fixture(scope="module")
def meanings() -> Iterator[DuckDB]:
    engine = analysed([row for _, row, _ in MEANINGS], "ocsf")
    yield engine
    engine.close()


@pytest.mark.parametrize(
    ("name", "row", "said"), MEANINGS, ids=[f"{name}-{number}" for number, (name, _, _) in enumerate(MEANINGS)]
)
def test_a_record_says_this_and_nothing_else(meanings: DuckDB, name: str, row: Record, said: dict[str, Any]) -> None:
    found = [
        (each, {column: value for column, value in found.items() if value is not None})
        for each in ocsf.classes()
        for found in rows_of(meanings, f"SELECT * FROM {each} WHERE ref = '{row.ref}'")  # noqa: S608
    ]
    assert found == [(name, {"ref": row.ref, "time": row.fields["time"], **said})]


def test_every_class_is_tested_from_every_sensor_that_can_tell(meanings: DuckDB) -> None:
    assert {name for name, _, _ in MEANINGS} == set(ocsf.classes())


# What holds for all classes


def test_every_class_has_its_lead_columns_and_a_name_has_one_type_everywhere(meanings: DuckDB) -> None:
    types: dict[str, set[pa.DataType]] = {}
    for name in ocsf.classes():
        schema = meanings.query(f"SELECT * FROM {name} LIMIT 0").schema  # noqa: S608
        assert {"ref", "time", "sensor"} <= set(schema.names)
        assert all(column == column.lower() for column in schema.names)
        for field in schema:
            types.setdefault(field.name, set()).add(field.type)
    assert {name: found for name, found in types.items() if len(found) > 1} == {}
    assert types["time"] == {pa.timestamp("us")}


def test_without_records_every_class_is_there_and_empty() -> None:
    engine = analysed([], "ocsf")
    assert {name: rows_of(engine, f"SELECT * FROM {name}") for name in ocsf.classes()} == {  # noqa: S608
        name: [] for name in ocsf.classes()
    }
    engine.close()


def test_an_event_id_means_what_its_channel_says() -> None:
    fields = launched(A, at()).fields
    same = {name: fields[name] for name in ("Image", "ProcessGuid", "ProcessId", "CommandLine")}
    same |= {"NewProcessName": A.image, "TargetFilename": "x", "QueryName": "x", "DestinationIp": "x", "SourceIp": "x"}
    same |= {"ImagePath": "x", "ServiceFileName": "x", "TaskName": "x", "ObjectName": "x", "TargetObject": "x"}
    known = [*range(1, 30), 106, 140, 141, 4624, 4625, 4648, 4656, 4657, 4663, 4688, 4689, 4697, 4698, 4699, 5156, 7045]
    rows = [windows(A.host, at(), "Application", event, **same) for event in known]
    rows += [windows(A.host, at(), SYSMON, event, **same) for event in known if event > 100]
    rows += [windows(A.host, at(), "Security", event, **same) for event in [*range(1, 30), 7045, 106]]
    rows += [windows(A.host, at(), "System", event, **same) for event in known if event != 7045]
    engine = analysed(rows, "ocsf")
    assert [row for name in ocsf.classes() for row in rows_of(engine, f"SELECT * FROM {name}")] == []  # noqa: S608
    engine.close()


# One name for each host


def test_a_host_named_with_and_without_its_domain_is_one_where_only_one_domain_has_it() -> None:
    names = ["WS1", "ws1.corp.example", "WS2", "ws2.a.example", "ws2.b.example", "ws3", "10.0.0.7", "10"]
    engine = analysed([launched(Process(name, r"C:\a.exe", name), at()) for name in names], "ocsf")
    found = [row["device_hostname"] for row in rows_of(engine, "SELECT device_hostname FROM process_activity")]
    assert sorted(found) == sorted(
        ["ws1.corp.example"] * 2 + ["ws2", "ws2.a.example", "ws2.b.example", "ws3", "10.0.0.7", "10"]
    )
    engine.close()


def test_a_name_cut_at_fifteen_characters_is_the_one_long_name_that_it_begins() -> None:
    names = ["WORKSTATION-000", "workstation-0001x.corp.example", "TWIN-WITH-A-LON", "twin-with-a-long1.corp.example"]
    names += [
        "twin-with-a-long2.corp.example",
        "exactly-fifteen",
        "exactly-fifteen.a.example",
        "exactly-fifteen2.a.example",
    ]
    engine = analysed([launched(Process(name, r"C:\a.exe", name), at()) for name in names], "ocsf")
    found = [row["device_hostname"] for row in rows_of(engine, "SELECT device_hostname FROM process_activity")]
    engine.close()
    assert sorted(found) == [
        *["exactly-fifteen.a.example"] * 2,
        "exactly-fifteen2.a.example",
        "twin-with-a-lon",
        "twin-with-a-long1.corp.example",
        "twin-with-a-long2.corp.example",
        *["workstation-0001x.corp.example"] * 2,
    ]


# The host's own clock


def off(process: Process, when: datetime, off: timedelta, **fields: Any) -> Record:
    """A Sysmon event that its exporter stamped ``off`` too early."""
    return launched(process, when - off, UtcTime=f"{when:%Y-%m-%d %H:%M:%S.%f}"[:-3], **fields)


@pytest.fixture(scope="module")
def clocks() -> Iterator[DuckDB]:
    def several(host: str, gap: timedelta, count: int = 6) -> list[Record]:
        return [off(Process(host, r"C:\a.exe", str(n)), at(minutes=n), gap) for n in range(count)]

    odd = off(Process("odd", r"C:\a.exe", "odd"), at(), timedelta(hours=40))
    lies = ["infinity", "-infinity", "epoch", "290000-01-10 04:00:54", "0001-01-01 00:00:00", "9999-12-31 23:59:59"]
    rows = [
        *several("hours", timedelta(hours=7)),
        security("hours", at() - timedelta(hours=7), 4688, NewProcessName="x", NewProcessId="0x1"),
        *several("behind", timedelta(hours=-5.5)),
        *several("fine", timedelta(milliseconds=700)),
        *several("few", timedelta(hours=7), count=4),
        *several("odd", timedelta(hours=7)),
        odd,
        *several("sound", timedelta()),
        off(Process("sound", r"C:\a.exe", "odd"), at(), timedelta(hours=40)),
        *(launched(Process("liar", r"C:\a.exe", text + str(n)), at(), UtcTime=text) for text in lies for n in range(6)),
        *(
            launched(Process(f"liar{n}", r"C:\a.exe", str(m)), at(), UtcTime=lies[n])
            for n in range(6)
            for m in range(6)
        ),
    ]
    other = security("hours", at(), 4688, NewProcessName="y", NewProcessId="0x1", source="other")
    engine = analysed([*rows, other], "ocsf")
    yield engine
    engine.close()


def times(engine: DuckDB, host: str) -> list[datetime]:
    found = rows_of(engine, f"SELECT time FROM process_activity WHERE device_hostname = '{host}' ORDER BY time")  # noqa: S608
    return [row["time"] for row in found]


def test_an_exporter_hours_off_is_set_right_for_all_channels_of_its_file_and_for_no_other_file(clocks: DuckDB) -> None:
    assert times(clocks, "hours") == [at(), at(), at(), *(at(minutes=n) for n in range(1, 6))]
    assert times(clocks, "behind") == [at(minutes=n) for n in range(6)]


def test_the_finer_stamp_is_kept_where_the_two_agree(clocks: DuckDB) -> None:
    assert times(clocks, "fine") == [at(minutes=n) - timedelta(milliseconds=700) for n in range(6)]


def test_a_few_records_are_no_proof_of_a_wrong_clock(clocks: DuckDB) -> None:
    assert times(clocks, "few") == [at(minutes=n) - timedelta(hours=7) for n in range(4)]


def test_a_single_odd_record_does_not_move_the_others(clocks: DuckDB) -> None:
    assert times(clocks, "odd") == [at() - timedelta(hours=33), *(at(minutes=n) for n in range(6))]
    assert times(clocks, "sound") == [at() - timedelta(hours=40), *(at(minutes=n) for n in range(6))]


def test_a_time_that_is_none_stops_nothing(clocks: DuckDB) -> None:
    assert len(times(clocks, "liar")) == 36
    assert [len(times(clocks, f"liar{n}")) for n in range(6)] == [6] * 6


# The kernel


@given(st.integers(0, 2**63 - 1))
def test_numbers_are_read_in_either_base(value: int) -> None:
    texts = [str(value), hex(value), f"0X{value:x}"]
    assert ocsf.numbers(pa.RecordBatch.from_pydict({"text": texts})).to_pylist() == [
        {"text": text, "value": value} for text in texts
    ]


@given(
    st.one_of(st.text(), st.sampled_from(["-1", "0x", str(2**63), "9" * 5000, "0x" + "f" * 5000, "1.5", "012", "٣x"]))
)
def test_what_is_no_number_is_none(text: str) -> None:
    value = ocsf.numbers(pa.RecordBatch.from_pydict({"text": [text]})).to_pylist()[0]["value"]
    assert value is None or 0 <= value == int(text, 0) < 2**63
