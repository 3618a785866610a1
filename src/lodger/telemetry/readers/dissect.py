"""Dissect's records as JSON lines (``target-query -j``, ``rdump --jsonlines``), all kinds mixed in one file.

After flow.record's ``JsonRecordPacker`` and dissect.target's record descriptors; a descriptor's own line is no record.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from lodger.model.telemetry import Aside, Item, SourceFile
from lodger.telemetry.artifacts import ArtifactRows, Kind, runs
from lodger.telemetry.json_records import Object, records, sample
from lodger.telemetry.reader import Reader
from lodger.telemetry.windows import Event, WindowsRows
from lodger.telemetry.windows_dialects import is_dissect

_EVTX: Final = ("filesystem/windows/evtx", "filesystem/windows/evt")
_FILE: Final = {
    "path": "path", "filesize": "size", "creation_time": "created_name",
    "last_modification_time": "modified",
}  # fmt: skip
_PROGRAM: Final = {
    "path": "path", "digest.md5": "md5", "digest.sha1": "sha1", "digest.sha256": "sha256", "name": "name",
    "size": "size",
}  # fmt: skip
#: Names of flattened event fields that are not Windows' own.
_RENAMED: Final = {"Correlation_ActivityID": "Correlation.ActivityID", "Security_UserID": "Security.UserID",
                   "Execution_ProcessID": "Execution.ProcessID", "Execution_ThreadID": "Execution.ThreadID",
                   "Provider_Name": "Provider", "Provider_Guid": "Provider.Guid",
                   "EventID_Qualifiers": "EventID.Qualifiers"}  # fmt: skip
_SYSTEM: Final = ("Version", "Task", "Opcode", "Keywords")
_OWN: Final = ("_type", "_recorddescriptor", "_source", "_classification", "_generated", "_version", "hostname",
               "domain", "source", "ts")  # fmt: skip


def _ran(record: Object) -> Object:
    return {"run_times": runs([record.get("ts")])}


def _prefetch(record: Object) -> Object:
    """The program among the files that a prefetch record names: the one that is called as the record is."""
    name = str(record.get("filename") or "")
    linked = _several(record.get("linkedfiles")) or [record.get("linkedfile")]
    whole = [each for each in linked if isinstance(each, str) and each.lower().endswith(f"\\{name.lower()}")]
    times = runs([record.get("ts"), *_several(record.get("previousruns"))])
    return {"path": whole[0], "run_times": times} if name and whole else {}


def _several(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _born(record: Object) -> Object:
    """There is a row for each of a file's four times; one of them is its birth."""
    return {"created_name": record.get("ts")} if record.get("ts_type") == "B" else {}


_KINDS: Final = {
    kind.artifact: kind
    for kind in (
        Kind("filesystem/ntfs/prefetch", "execution", (), ("ts",), {"filename": "name", "runcount": "run_count"},
             _prefetch),
        Kind("filesystem/ntfs/prefetch/compact", "execution", (), ("ts",),
             {"filename": "name", "runcount": "run_count"}, _prefetch),
        Kind("windows/registry/userassist", "execution", (), ("ts",),
             {"path": "path", "number_of_executions": "run_count", "username": "user_name"}, _ran),
        Kind("windows/registry/bam", "execution", (), ("ts",), {"path": "path", "username": "user_name"}, _ran),
        Kind("windows/appcompat/pca/AppLaunch", "execution", (), ("ts",), {"path": "path"}, _ran),
        Kind("filesystem/ntfs/usnjrnl", "usn", (), ("ts",), {"path": "path", "reason": "reason"}),
        Kind("filesystem/ntfs/mft/filename", "mft", (), ("ts",), _FILE, _born),
        Kind("filesystem/ntfs/mft/filename/compact", "mft", (), ("creation_time",), _FILE),
        Kind("windows/appcompat/InventoryApplicationFile", "amcache", (), ("mtime_regf",), _PROGRAM),
        Kind("windows/appcompat/file", "amcache", (), ("mtime_regf",), _PROGRAM),
        Kind("windows/shimcache", "shimcache", (), ("last_modified",), {"path": "path", "last_modified": "modified"}),
        Kind("windows/service", "service", (), ("ts",),
             {"name": "name", "imagepath": "path", "objectname": "user_name", "ts": "modified"}),
        Kind("windows/registry/run", "autorun", (), ("ts",), {"name": "name", "username": "user_name"}),
        Kind("filesystem/windows/task", "task", (), ("date", "last_run_date"),
             {"task_name": "name", "app_name": "path", "run_as": "user_name", "date": "created"}),
    )
}  # fmt: skip
_OTHER: Final = Kind("", None, ())


def _sniff(head: bytes) -> bool:
    return any(is_dissect(record) or record.get("_type") == "recorddescriptor" for record in sample(head))


def _descriptor(record: Object) -> str:
    """The name of a record's kind; "unknown" where it was written without."""
    said = record.get("_recorddescriptor")
    if isinstance(said, list) and said and isinstance(said[0], str):
        return said[0]
    return _EVTX[0] if "EventID" in record and "Provider_Name" in record else "unknown"


def _event(record: Object) -> Event:
    """A Windows event: Dissect writes all of it on one level, with ``_`` for the nesting of the header."""
    names: list[str] = []
    values: list[Any] = []
    for name, value in record.items():
        if name == "ts" or value is None:
            continue
        own = _RENAMED.get(name, f"System.{name}" if name in _SYSTEM else name)
        names.append(f"dissect.{name}" if name in _OWN else own)
        values.append(value)
    if record.get("Computer") is None:
        names.append("Computer")
        values.append(record.get("hostname"))
    return Event(record.get("ts"), record.get("EventID"), tuple(names), values)


def _host(record: Object) -> str | None:
    host, domain = record.get("hostname"), record.get("domain")
    if not isinstance(host, str) or not host:
        return None
    return f"{host}.{domain}" if isinstance(domain, str) and "." in domain and "." not in host else host


def _read(source: SourceFile) -> Iterator[Item]:
    rows, events = ArtifactRows(source, "dissect"), WindowsRows(source.fingerprint)
    for record in records(source):
        if isinstance(record, Aside):
            yield record
            continue
        value = record.value
        artifact = _descriptor(value)
        if value.get("_type") == "recorddescriptor":
            continue  # a header, no record
        if artifact in _EVTX:
            yield from events.add(record.number, _event(value), record.raw)
        else:
            yield from rows.add(record, _KINDS.get(artifact, _OTHER), artifact, _host(value))
    yield from rows.rest()
    yield from events.rest()


READER = Reader(
    name="dissect",
    title="Dissect records (JSON lines)",
    maps="windows_event for events; artifact for all others",
    sniff=_sniff,
    read=_read,
)
