"""Velociraptor's results: one JSON object a line, one file for each artifact (``results/Windows.System.Pslist.json``).

After Velociraptor's artifact definitions (docs.velociraptor.app/artifact_references), which change their fields between
versions: a kind is known by fields that all of them have. Events are read as :mod:`.windows_json`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import unquote

from lodger.model.telemetry import Aside, Item, SourceFile
from lodger.telemetry.artifacts import ArtifactRows, Kind, known, runs
from lodger.telemetry.json_records import Object, records, sample
from lodger.telemetry.reader import Reader
from lodger.telemetry.readers.windows_json import is_windows
from lodger.telemetry.readers.zeek_json import is_zeek
from lodger.telemetry.windows_dialects import is_dissect

_RESULT: Final = re.compile(
    r"(?:^|[/\\!])(?:results[/\\]|(?=All ))(?:All )?(?P<artifact>[A-Z]\w*(?:\.[\w-]+)+(?:(?:%2F|/)[^/\\!]+)?)\.jsonl?$"
)
_HASHES: Final = {"hash.md5": "md5", "hash.sha1": "sha1", "hash.sha256": "sha256"}
_SIGNED: Final = {"authenticode.trusted": "signature_status", "authenticode.subjectname": "signer"}
_PATH: Final = {"ospath": "path", "fullpath": "path"}
_PROCESS: Final = {
    "pid": "pid", "ppid": "ppid", "name": "name", "exe": "path", "commandline": "cmd_line", "username": "user_name",
    "createtime": "created", "starttime": "created", **_HASHES, **_SIGNED,
}  # fmt: skip
_SOCKET: Final = {
    "pid": "pid", "name": "name", "path": "path", "commandline": "cmd_line", "username": "user_name",
    "type": "protocol", "typestring": "protocol", "status": "state", **_HASHES, **_SIGNED,
    **dict.fromkeys(("laddrip", "laddr.ip", "srcip"), "local_ip"),
    **dict.fromkeys(("laddrport", "laddr.port", "srcport"), "local_port"),
    **dict.fromkeys(("raddrip", "raddr.ip", "destip"), "remote_ip"),
    **dict.fromkeys(("raddrport", "raddr.port", "destport"), "remote_port"),
}  # fmt: skip


def _runs(*names: str) -> Any:
    def more(record: Object) -> Object:
        values = [record.get(name) for name in names]
        return {"run_times": runs(part for value in values for part in (value if isinstance(value, list) else [value]))}

    return more


def _sockets(*signs: str) -> Kind:
    return Kind("Windows.Network.Netstat", "connection", ("Pid", *signs), ("Timestamp", "CreateTime"), _SOCKET)


_KINDS: Final = (
    Kind("Windows.System.Pslist", "process", ("Pid", "Ppid", "Name", "CommandLine"), ("CreateTime", "StartTime"),
         _PROCESS),
    *(_sockets(*signs) for signs in (
        ("LaddrIP", "RaddrIP"), ("Laddr.IP", "Raddr.IP"), ("Laddr", "Raddr"), ("SrcIP", "DestIP", "Status"),
    )),
    Kind("Windows.System.DNSCache", "dns", ("Name", "Record", "RecordType", "TTL"), (),
         {"name": "query", "record": "answer"}),
    Kind("Windows.Forensics.Prefetch", "execution", ("Executable", "LastRunTimes"), ("LastRunTimes",),
         {"executable": "name", "binary": "path", "runcount": "run_count"}, _runs("LastRunTimes")),
    Kind("Windows.Forensics.Bam", "execution", ("Binary", "Bam_time"), ("Bam_time",),
         {"binary": "path", "username": "user_name"}, _runs("Bam_time")),
    Kind("Windows.Registry.UserAssist", "execution", ("LastExecution", "NumberOfExecutions"), ("LastExecution",),
         {"name": "path", "user": "user_name", "numberofexecutions": "run_count"}, _runs("LastExecution")),
    Kind("Windows.Registry.AppCompatCache", "shimcache", ("Name", "epoch", "time"), ("time", "epoch"),
         {"name": "path"}),
    Kind("Windows.Registry.AppCompatCache", "shimcache", ("Position", "ModificationTime", "Path"),
         ("ModificationTime",), {"path": "path", "modificationtime": "modified"}),
    Kind("Windows.System.Amcache", "amcache", ("FileId", "Name", "Size", "Publisher"), ("LastModified",),
         {"binary": "path", "name": "name", "size": "size"}),
    Kind("Windows.System.Amcache", "amcache", ("SHA1", "FullPath", "LastModifiedKey"), ("LastModifiedKey",),
         {**_PATH, "sha1": "sha1"}),
    Kind("Windows.NTFS.MFT", "mft", ("EntryNumber", "InUse", "Created0x10", "IsDir"), ("Created0x30", "Created0x10"),
         {**_PATH, "filename": "name", "filesize": "size", "isdir": "is_directory", "created0x10": "created",
          "created0x30": "created_name", "lastmodified0x10": "modified"}),
    Kind("Windows.Forensics.Usn", "usn", ("Timestamp", "Filename", "Reason", "Usn"), ("Timestamp",),
         {**_PATH, "filename": "name", "reason": "reason"}),
    Kind("Windows.System.Services", "service", ("DisplayName", "PathName", "StartMode"), ("Created",),
         {"name": "name", "pathname": "cmd_line", "absoluteexepath": "path", "useraccount": "user_name",
          "created": "modified"}),
    Kind("Windows.System.TaskScheduler/Analysis", "task", ("Command", "Arguments", "ComHandler"), ("Mtime",),
         {**dict.fromkeys(_PATH, "name"), "command": "cmd_line", "userid": "user_name"}),
    Kind("Windows.Sysinternals.Autoruns", "autorun", ("Entry Location", "Entry", "Image Path"), (),
         {"entry": "name", "image path": "path", "launch string": "cmd_line", "signer": "signer", "md5": "md5",
          "sha-1": "sha1", "sha-256": "sha256"}),
    Kind("uploads", "upload", ("vfs_path", "file_size", "uploaded_size"), ("Timestamp", "started"),
         {"vfs_path": "path", "file_size": "size"}),
    Kind("log", None, ("client_time", "message"), ("client_time", "_ts", "Timestamp")),
    Kind("collection_context", None, ("session_id", "create_time", "request"), ("create_time", "start_time")),
    Kind("client_info", "host", ("Hostname", "Fqdn", "Architecture"), ("ClientStart", "BootTime")),
    Kind("client_info", "host", ("client_id", "hostname", "os_info"), ("last_seen_at", "first_seen_at")),
    Kind("", None, ("ClientId", "FlowId")),
)  # fmt: skip
_OTHER: Final = Kind("", None, ())


def _sniff(head: bytes) -> bool:
    return any(
        known(_KINDS, record) is not None and not (is_dissect(record) or is_windows(record) or is_zeek(record))
        for record in sample(head)
    )


def _named(name: str, head: bytes) -> bool:
    return _RESULT.search(name) is not None and any(sample(head))


def _host(record: Object, kind: Kind) -> object:
    """The host that a record names as its own; where a field called so may be another's, it is none."""
    own = record.get("Fqdn") or record.get("ClientHostname")
    if own or not (kind.kind == "host" or "ClientId" in record):
        return own
    os_info = record.get("os_info")
    known_as = os_info.get("fqdn") if isinstance(os_info, dict) else None
    return known_as or record.get("Hostname") or record.get("hostname")


def _read(source: SourceFile) -> Iterator[Item]:
    rows = ArtifactRows(source, "velociraptor")
    file = _RESULT.search(source.name)
    named = unquote(file["artifact"]) if file else None
    for record in records(source):
        if isinstance(record, Aside):
            yield record
            continue
        value = record.value
        kind = known(_KINDS, value) or _OTHER
        said = value.get("_Source") or value.get("Artifact")
        artifact = named or (said if isinstance(said, str) else None) or kind.artifact or "unknown"
        yield from rows.add(record, kind, artifact, _host(value, kind))
    yield from rows.rest()


READER = Reader(
    name="velociraptor",
    title="Velociraptor results (JSON lines)",
    maps="artifact; events of Windows.EventLogs.* are read as windows_json",
    sniff=_sniff,
    read=_read,
    named=_named,
)
