"""Records of made-up hosts, row by row, and the layers of the analysis run over them.

Every function makes one :class:`Record`, with the fields that its sensor would write; any field can be set by name::

    HOST = Process("WS1", EXPLORER)
    mail = Process("WS1", OUTLOOK)
    rows = [launched(mail, at(hours=9), parent=HOST), wrote(mail, at(hours=10), r"C:\\Users\\ann\\Downloads\\a.exe")]
    engine = analysed(rows)

Records have numbers of one width, so that their references sort by number as well as by text.
"""

from __future__ import annotations

import itertools
import tempfile
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa

from lodger import evidence, ledger, ocsf, stays
from lodger.engine.duckdb import DuckDB
from lodger.model.ingest import Silent
from lodger.model.tables import TELEMETRY
from lodger.model.trust import Statement

START = datetime(2021, 3, 1)  # a Monday
SOURCE = "log"
_NUMBERS = itertools.count(1_000_001)

SYSMON = "Microsoft-Windows-Sysmon/Operational"
EXPLORER = r"C:\Windows\explorer.exe"
SERVICES = r"C:\Windows\System32\services.exe"
SVCHOST = r"C:\Windows\System32\svchost.exe"
LSASS = r"C:\Windows\System32\lsass.exe"
CMD = r"C:\Windows\System32\cmd.exe"
POWERSHELL = r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe"
CHROME = r"C:\Program Files\Google\Chrome\Application\chrome.exe"
OUTLOOK = r"C:\Program Files\Microsoft Office\root\Office16\OUTLOOK.EXE"
WINWORD = r"C:\Program Files\Microsoft Office\root\Office16\WINWORD.EXE"


@dataclass(frozen=True)
class Record:
    """One row of a telemetry table."""

    table: str
    fields: Mapping[str, Any]
    number: int

    @property
    def ref(self) -> str:
        return f"{SOURCE}:{self.number}"


@dataclass(frozen=True)
class Process:
    """One process; ``nick`` tells apart several of one image on one host."""

    host: str
    image: str
    nick: str = ""

    @property
    def guid(self) -> str:
        return "{" + str(uuid.uuid5(uuid.NAMESPACE_OID, f"{self.host}|{self.image}|{self.nick}")).upper() + "}"

    @property
    def pid(self) -> str:
        return str(1000 + 4 * (uuid.uuid5(uuid.NAMESPACE_OID, self.guid).int % 1_000_000))


def at(days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> datetime:
    """So long after the first day's midnight, UTC."""
    return START + timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def refs(*records: Record) -> tuple[str, ...]:
    """The references of these records, as evidence names them."""
    return tuple(sorted(record.ref for record in records))


def record(table: str, when: datetime, fields: Mapping[str, Any]) -> Record:
    """A row of any table; a field that the table does not have is a mistake in the test."""
    unknown = fields.keys() - set(TELEMETRY[table].names)
    assert not unknown, f"{table} has no {unknown}"
    number = next(_NUMBERS)
    lead = {"source": SOURCE, "record": number, "time": when, "day": when.date()}
    return Record(table, {**lead, **fields}, number)


def windows(host: str, when: datetime, channel: str, event: int, **fields: Any) -> Record:
    """A Windows event of any channel."""
    return record("windows_event", when, {"Computer": host, "Channel": channel, "EventID": event, **fields})


# Sysmon


def sysmon(process: Process | str, when: datetime, event: int, **fields: Any) -> Record:
    """A Sysmon event; of a process, where one is given and not just the name of a host."""
    own = {"UtcTime": f"{when:%Y-%m-%d %H:%M:%S.%f}"[:-3]}
    if isinstance(process, str):
        return windows(process, when, SYSMON, event, **{**own, **fields})
    own |= {"ProcessGuid": process.guid, "ProcessId": process.pid, "Image": process.image}
    return windows(process.host, when, SYSMON, event, **{**own, **fields})


def launched(
    process: Process, when: datetime, parent: Process | None = None, line: str | None = None, **fields: Any
) -> Record:
    """Sysmon 1. Without a ``line`` the command line is the image alone, without a ``parent`` it is the desktop."""
    above = parent or Process(process.host, EXPLORER)
    told = {
        "CommandLine": line if line is not None else process.image,
        "ParentProcessGuid": above.guid,
        "ParentProcessId": above.pid,
        "ParentImage": above.image,
        "User": "CORP\\ann",
        "IntegrityLevel": "Medium",
        "Hashes": "SHA256=" + uuid.uuid5(uuid.NAMESPACE_OID, process.image).hex * 2,
        "OriginalFileName": process.image.rpartition("\\")[2],
        "Company": "Example Software",
        "Product": "Example",
    }
    return sysmon(process, when, 1, **{**told, **fields})


def file_time_set(actor: Process, when: datetime, path: str, **fields: Any) -> Record:
    """Sysmon 2."""
    return sysmon(actor, when, 2, **{"TargetFilename": path, **fields})


def connected(
    process: Process,
    when: datetime,
    to: str,
    port: int = 443,
    *,
    source: str = "10.0.0.1",
    source_port: int = 50000,
    **fields: Any,
) -> Record:
    """Sysmon 3, outwards unless ``Initiated`` is "false"."""
    told = {
        "Protocol": "tcp",
        "Initiated": "true",
        "SourceIp": source,
        "SourcePort": str(source_port),
        "DestinationIp": to,
        "DestinationPort": str(port),
    }
    return sysmon(process, when, 3, **{**told, **fields})


def ended(process: Process, when: datetime, **fields: Any) -> Record:
    """Sysmon 5."""
    return sysmon(process, when, 5, **fields)


def driver_loaded(
    host: str, when: datetime, path: str, signer: str | None = "Example Software", status: str = "Valid", **fields: Any
) -> Record:
    """Sysmon 6; without a signer, unsigned."""
    return sysmon(host, when, 6, **{"ImageLoaded": path, **_signature(signer, status), **fields})


def loaded(
    process: Process,
    when: datetime,
    path: str | None = None,
    signer: str | None = "Example Software",
    status: str = "Valid",
    **fields: Any,
) -> Record:
    """Sysmon 7: the process's own image, unless a ``path`` is given; without a signer, unsigned."""
    return sysmon(process, when, 7, **{"ImageLoaded": path or process.image, **_signature(signer, status), **fields})


def _signature(signer: str | None, status: str) -> dict[str, str]:
    if signer is None:
        return {"Signed": "false", "Signature": "-", "SignatureStatus": "Unavailable"}
    return {"Signed": "true", "Signature": signer, "SignatureStatus": status}


def thread_started(actor: Process, when: datetime, target: Process, **fields: Any) -> Record:
    """Sysmon 8: ``actor`` starts a thread in ``target``."""
    return sysmon(actor.host, when, 8, **{**_pair(actor, target), **fields})


def opened(actor: Process, when: datetime, target: Process, access: str = "0x1000", **fields: Any) -> Record:
    """Sysmon 10: ``actor`` opens ``target`` with these rights."""
    return sysmon(actor.host, when, 10, **{"GrantedAccess": access, **_pair(actor, target), **fields})


def _pair(actor: Process, target: Process) -> dict[str, str]:
    return {
        "SourceProcessGuid": actor.guid,
        "SourceProcessId": actor.pid,
        "SourceImage": actor.image,
        "TargetProcessGuid": target.guid,
        "TargetProcessId": target.pid,
        "TargetImage": target.image,
    }


def wrote(actor: Process, when: datetime, path: str, **fields: Any) -> Record:
    """Sysmon 11."""
    return sysmon(actor, when, 11, **{"TargetFilename": path, **fields})


def key_deleted(actor: Process, when: datetime, key: str, **fields: Any) -> Record:
    """Sysmon 12: a key or value is deleted."""
    return sysmon(actor, when, 12, **{"EventType": "DeleteValue", "TargetObject": key, **fields})


def value_set(actor: Process, when: datetime, key: str, value: str, **fields: Any) -> Record:
    """Sysmon 13."""
    return sysmon(actor, when, 13, **{"EventType": "SetValue", "TargetObject": key, "Details": value, **fields})


def marked(
    actor: Process, when: datetime, path: str, contents: str = "[ZoneTransfer] ZoneId=3", **fields: Any
) -> Record:
    """Sysmon 15: a stream beside the file, by default the mark of the internet zone."""
    return sysmon(actor, when, 15, **{"TargetFilename": path + ":Zone.Identifier", "Contents": contents, **fields})


def asked(process: Process, when: datetime, name: str, *answers: str, **fields: Any) -> Record:
    """Sysmon 22."""
    told = {"QueryName": name, "QueryStatus": "0", "QueryResults": "".join(f"::ffff:{answer};" for answer in answers)}
    return sysmon(process, when, 22, **{**told, **fields})


def deleted(actor: Process, when: datetime, path: str, **fields: Any) -> Record:
    """Sysmon 23."""
    return sysmon(actor, when, 23, **{"TargetFilename": path, **fields})


# Security and System


def security(host: str, when: datetime, event: int, **fields: Any) -> Record:
    """An event of the Security log."""
    return windows(host, when, "Security", event, **fields)


def audited_launch(
    process: Process, when: datetime, parent: Process | None = None, line: str = "", **fields: Any
) -> Record:
    """Security 4688: like :func:`launched`, as the audit log tells it: numbers and no identities."""
    above = parent or Process(process.host, EXPLORER)
    told = {
        "NewProcessId": hex(int(process.pid)),
        "NewProcessName": process.image,
        "CommandLine": line,
        "ProcessId": hex(int(above.pid)),
        "ParentProcessName": above.image,
        "SubjectUserName": "ann",
        "TargetUserName": "-",
    }
    return security(process.host, when, 4688, **{**told, **fields})


def audited_connection(
    process: Process,
    when: datetime,
    to: str,
    port: int = 443,
    *,
    source: str = "10.0.0.1",
    source_port: int = 50000,
    **fields: Any,
) -> Record:
    """Security 5156, outwards unless ``Direction`` is "%%14592"."""
    told = {
        "ProcessId": process.pid,
        "Application": r"\device\harddiskvolume2" + process.image[2:].lower(),
        "Direction": "%%14593",
        "SourceAddress": source,
        "SourcePort": str(source_port),
        "DestAddress": to,
        "DestPort": str(port),
        "Protocol": "6",
    }
    return security(process.host, when, 5156, **{**told, **fields})


def audited_access(actor: Process, when: datetime, kind: str, name: str, mask: str, **fields: Any) -> Record:
    """Security 4663: an object of this kind ("File", "Process") is used with these rights."""
    told = {
        "ProcessId": hex(int(actor.pid)),
        "ProcessName": actor.image,
        "ObjectType": kind,
        "ObjectName": name,
        "AccessMask": mask,
    }
    return security(actor.host, when, 4663, **{**told, **fields})


def task(host: str, when: datetime, name: str, command: str = "", event: int = 4698, **fields: Any) -> Record:
    """Security 4698 (a task was created), 4699 (deleted) or 4702 (changed)."""
    content = f"<Task><Actions><Exec><Command>{command}</Command></Exec></Actions></Task>" if command else None
    return security(host, when, event, **{"TaskName": name, "TaskContent": content, "SubjectUserName": "ann", **fields})


def service_installed(
    host: str, when: datetime, name: str, command: str, kind: str = "user mode service", **fields: Any
) -> Record:
    """System 7045."""
    told = {
        "ServiceName": name,
        "ImagePath": command,
        "ServiceType": kind,
        "StartType": "auto start",
        "AccountName": "LocalSystem",
    }
    return windows(host, when, "System", 7045, **{**told, **fields})


# Zeek


def zeek(log: str, when: datetime, **fields: Any) -> Record:
    """A line of any Zeek log that has a table of its own."""
    return record(f"zeek_{log}", when, fields)


def _flow(uid: str, source: str, source_port: int, to: str, port: int) -> dict[str, Any]:
    return {"uid": uid, "id_orig_h": source, "id_orig_p": source_port, "id_resp_h": to, "id_resp_p": port}


def flow(
    uid: str,
    when: datetime,
    to: str,
    port: int = 443,
    *,
    source: str = "10.0.0.1",
    source_port: int = 50000,
    sent: int = 500,
    fetched: int = 5000,
    **fields: Any,
) -> Record:
    """conn.log."""
    told = {
        "proto": "tcp",
        "service": "ssl",
        "duration": 1.0,
        "orig_bytes": sent,
        "resp_bytes": fetched,
        "conn_state": "SF",
    }
    return zeek("conn", when, **{**_flow(uid, source, source_port, to, port), **told, **fields})


def request(
    uid: str,
    when: datetime,
    to: str,
    name: str,
    uri: str = "/",
    *,
    method: str = "GET",
    source: str = "10.0.0.1",
    source_port: int = 50000,
    sent: int = 0,
    fetched: int = 5000,
    **fields: Any,
) -> Record:
    """http.log."""
    told = {
        "method": method,
        "host": name,
        "uri": uri,
        "user_agent": "Agent/1.0",
        "request_body_len": sent,
        "response_body_len": fetched,
        "status_code": 200,
    }
    return zeek("http", when, **{**_flow(uid, source, source_port, to, 80), **told, **fields})


def handshake(
    uid: str,
    when: datetime,
    to: str,
    name: str | None,
    *,
    source: str = "10.0.0.1",
    source_port: int = 50000,
    **fields: Any,
) -> Record:
    """ssl.log; without a name where the client sent none."""
    return zeek(
        "ssl", when, **{**_flow(uid, source, source_port, to, 443), "server_name": name, "version": "TLSv12", **fields}
    )


def lookup(when: datetime, name: str, *answers: str, source: str = "10.0.0.1", **fields: Any) -> Record:
    """dns.log."""
    told = {"query": name, "answers": list(answers), "rcode_name": "NOERROR", "proto": "udp"}
    return zeek("dns", when, **{**_flow("D" + name, source, 53000, "10.0.0.53", 53), **told, **fields})


def lease(when: datetime, address: str, host: str, **fields: Any) -> Record:
    """dhcp.log."""
    return zeek(
        "dhcp",
        when,
        **{"assigned_addr": address, "host_name": host, "mac": "00:00:5e:00:53:01", "lease_time": 86400.0, **fields},
    )


# Suricata


def suricata(kind: str, when: datetime, **fields: Any) -> Record:
    """An EVE event of any type that has a table of its own."""
    return record(f"suricata_{kind}", when, fields)


def _eve(flow_id: int, source: str, source_port: int, to: str, port: int) -> dict[str, Any]:
    ends = {"src_ip": source, "src_port": source_port, "dest_ip": to, "dest_port": port}
    return {"flow_id": flow_id, "proto": "TCP", **ends}


def eve_flow(
    flow_id: int,
    when: datetime,
    to: str,
    port: int = 443,
    *,
    source: str = "10.0.0.1",
    source_port: int = 50000,
    sent: int = 500,
    fetched: int = 5000,
    **fields: Any,
) -> Record:
    """A flow that began at ``when`` and lasted a second, logged a minute later."""
    told = {
        "app_proto": "tls",
        "flow_start": when,
        "flow_end": when + timedelta(seconds=1),
        "flow_bytes_toserver": sent,
        "flow_bytes_toclient": fetched,
        "flow_state": "closed",
    }
    ends = _eve(flow_id, source, source_port, to, port)
    return suricata("flow", when + timedelta(minutes=1), **{**ends, **told, **fields})


def eve_request(
    flow_id: int,
    when: datetime,
    to: str,
    name: str,
    url: str = "/",
    *,
    source: str = "10.0.0.1",
    source_port: int = 50000,
    **fields: Any,
) -> Record:
    """An http event."""
    told = {
        "http_http_method": "GET",
        "http_hostname": name,
        "http_url": url,
        "http_http_user_agent": "Agent/1.0",
        "http_length": 5000,
        "http_status": 200,
    }
    return suricata("http", when, **{**_eve(flow_id, source, source_port, to, 80), **told, **fields})


def eve_handshake(
    flow_id: int,
    when: datetime,
    to: str,
    name: str | None,
    *,
    source: str = "10.0.0.1",
    source_port: int = 50000,
    **fields: Any,
) -> Record:
    """A tls event; without a name where the client sent none."""
    ends = _eve(flow_id, source, source_port, to, 443)
    return suricata("tls", when, **{**ends, "tls_sni": name, "tls_version": "TLS 1.2", **fields})


# Captures


def captured(
    when: datetime,
    to: str,
    port: int = 443,
    *,
    source: str = "10.0.0.1",
    source_port: int = 50000,
    sent: int = 500,
    fetched: int = 5000,
    seconds: float = 1.0,
    **fields: Any,
) -> Record:
    """A flow of a capture, as nfstream tells it; TLS unless ``application_name`` says otherwise."""
    first = round((when - datetime(1970, 1, 1)).total_seconds() * 1000)
    told = {
        "src_ip": source, "src_port": source_port, "dst_ip": to, "dst_port": port, "protocol": 6, "ip_version": 4,
        "bidirectional_first_seen_ms": first, "bidirectional_last_seen_ms": first + round(seconds * 1000),
        "src2dst_bytes": sent, "dst2src_bytes": fetched, "application_name": "TLS", "application_is_guessed": 0,
    }  # fmt: skip
    return record("nfstream_flow", when, {**told, **fields})


# The layers


def analysed(
    rows: Iterable[Record],
    upto: Literal["ocsf", "stays", "evidence"] = "evidence",
    statements: Iterable[Statement] = (),
) -> DuckDB:
    """An engine on which the layers ran over these rows, up to the one named; whoever asks closes it.

    ``statements`` are what is known of signers and files.
    """
    engine = DuckDB(Path(tempfile.gettempdir()))
    tables: dict[str, list[Mapping[str, Any]]] = {name: [] for name in TELEMETRY}
    for row in rows:
        tables[row.table].append(row.fields)
    for name, schema in TELEMETRY.items():
        engine.load(name, pa.Table.from_pylist(tables[name], schema=schema))
    engine.load("statement", ledger.rows([ledger.identified(each) for each in statements]))
    ocsf.define(engine, keep=upto != "ocsf")
    if upto != "ocsf":
        stays.build(engine, Silent())
    if upto == "evidence":
        evidence.gather(engine)
        evidence.find(engine, Silent())
    return engine


def rows_of(engine: DuckDB, select: str) -> list[dict[str, Any]]:
    """The rows of a SELECT."""
    rows: list[dict[str, Any]] = engine.query(select).to_pylist()
    return rows


@dataclass(frozen=True)
class Finding:
    """One finding with the stay that it is about, to compare whole; "?" where there is no such stay."""

    host: str
    program: str
    sentence: str
    first: datetime
    last: datetime
    refs: tuple[str, ...]
    records: int


_FINDINGS = """
    SELECT COALESCE(s.host, '?') AS host, COALESCE(s.program, '?') AS program,
        f.sentence, f.first, f.last, f.refs, f.records
    FROM finding AS f LEFT JOIN stay AS s ON s.stay_id = f.stay_id
    WHERE f.detector = '{detector}' ORDER BY host, program, f.first
"""


def findings(engine: DuckDB, detector: str) -> list[Finding]:
    """What one detector found, by host and program."""
    return [
        Finding(**{**row, "refs": tuple(row["refs"])}) for row in rows_of(engine, _FINDINGS.format(detector=detector))
    ]


def finding(
    host: str,
    program: str,
    sentence: str,
    records: Sequence[Record],
    *,
    first: datetime | None = None,
    last: datetime | None = None,
) -> Finding:
    """The finding that rests on these records, none of them left out; its span is theirs unless told otherwise."""
    times = [each.fields["time"] for each in records]
    return Finding(
        host.lower(), program, sentence, first or min(times), last or max(times), refs(*records), len(records)
    )
