"""JSON of Eric Zimmerman's tools, as KAPE's modules run them: one file for each tool and run.

After the tools' output classes (PECmd, MFTECmd, RECmd, LECmd, JLECmd, ...); also for their CSV turned into JSON, which
has the same names (their CSV as it is: :mod:`.eztools_csv`). EvtxECmd's events are read as :mod:`.windows_json`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from lodger.model.telemetry import Aside, Item, SourceFile
from lodger.telemetry.artifacts import ArtifactRows, Kind, known, runs
from lodger.telemetry.json_records import Object, records, sample
from lodger.telemetry.reader import Reader
from lodger.telemetry.readers.windows_json import is_windows
from lodger.telemetry.readers.zeek_json import is_zeek
from lodger.telemetry.windows_dialects import is_dissect

_RUNS: Final = ("LastRun", *(f"PreviousRun{number}" for number in range(7)))


def _prefetch(record: Object) -> Object:
    """Run times, and the program's path from among the files that it loaded."""
    name, loaded = record.get("ExecutableName"), record.get("FilesLoaded")
    files: list[Any] = loaded.split(",") if isinstance(loaded, str) else loaded if isinstance(loaded, list) else []
    ending = f"\\{name}".lower()
    path = next((each.strip() for each in files if isinstance(each, str) and each.strip().lower().endswith(ending)), "")
    return {"run_times": runs(map(record.get, _RUNS))} | ({"path": path} if path and name else {})


def _run(record: Object) -> Object:
    name = str(record.get("ExecutableName"))
    return {"run_times": runs([record.get("RunTime")]), "path" if "\\" in name else "name": name}


def _beneath(name: str) -> Any:
    """A path put together; MFTECmd's begins with ``.`` for the volume. A file name's time left blank is the other's."""

    def more(record: Object) -> Object:
        parent, own = record.get("ParentPath"), record.get(name)
        path = {"path": f"{parent.removeprefix('.')}\\{own}"} if isinstance(parent, str) and parent and own else {}
        created = record.get("Created0x10")
        return path | ({"created_name": created} if created and not record.get("Created0x30") else {})

    return more


#: What the tools write; the first whose signs a record has is its own.
KINDS: Final = (
    Kind("PECmd", "execution", ("ExecutableName", "RunCount", "LastRun"), _RUNS,
         {"executablename": "name", "runcount": "run_count"}, _prefetch),
    Kind("PECmd_Timeline", "execution", ("RunTime", "ExecutableName"), ("RunTime",), {}, _run),
    Kind("MFTECmd_$MFT", "mft", ("EntryNumber", "FileName", "IsDirectory", "Created0x10"),
         ("Created0x30", "Created0x10"),
         {"filename": "name", "filesize": "size", "isdirectory": "is_directory", "created0x10": "created",
          "created0x30": "created_name", "lastmodified0x10": "modified", "zoneidcontents": "contents"},
         _beneath("FileName")),
    Kind("MFTECmd_$J", "usn", ("UpdateTimestamp", "UpdateReasons", "Name"), ("UpdateTimestamp",),
         {"name": "name", "updatereasons": "reason"}, _beneath("Name")),
    Kind("AmcacheParser", "amcache", ("FileKeyLastWriteTimestamp", "SHA1", "FullPath"),
         ("FileKeyLastWriteTimestamp",), {"fullpath": "path", "sha1": "sha1", "name": "name", "size": "size"}),
    Kind("AppCompatCacheParser", "shimcache", ("CacheEntryPosition", "Path", "LastModifiedTimeUTC"),
         ("LastModifiedTimeUTC",), {"path": "path", "lastmodifiedtimeutc": "modified"}),
    Kind("RECmd", "registry", ("HivePath", "KeyPath", "LastWriteTimestamp"), ("LastWriteTimestamp",),
         {"lastwritetimestamp": "modified"}),
    Kind("JLECmd", "jump list", ("AppId", "AppIdDescription", "SourceFile"),
         ("LastModified", "TargetModified", "SourceModified", "CreationTime")),
    Kind("LECmd", "shortcut", ("SourceFile", "SourceCreated", "TargetCreated"),
         ("SourceModified", "SourceCreated", "TargetModified"), {"sourcefile": "path"}),
    Kind("RBCmd", "recycled", ("DeletedOn", "FileName", "SourceName"), ("DeletedOn",),
         {"filename": "path", "filesize": "size"}),
    Kind("SrumECmd", "usage", ("ExeInfo", "Timestamp", "UserId"), ("Timestamp",),
         {"exeinfo": "path", "username": "user_name"}),
    Kind("SBECmd", "folder", ("AbsolutePath", "ShellType", "BagPath"),
         ("LastWriteTime", "LastInteracted", "FirstInteracted", "ModifiedOn"), {"absolutepath": "path"}),
    Kind("WxTCmd", "activity", ("Executable", "ActivityType", "LastModifiedTime"), ("StartTime", "LastModifiedTime"),
         {"executable": "path"}),
)  # fmt: skip

UNKNOWN: Final = Kind("unknown", None, ())


def _sniff(head: bytes) -> bool:
    return any(
        known(KINDS, record) is not None and not (is_dissect(record) or is_windows(record) or is_zeek(record))
        for record in sample(head)
    )


def _read(source: SourceFile) -> Iterator[Item]:
    rows = ArtifactRows(source, "eztools")
    for record in records(source):
        if isinstance(record, Aside):
            yield record
        else:
            kind = known(KINDS, record.value) or UNKNOWN
            yield from rows.add(record, kind, kind.artifact, None)
    yield from rows.rest()


READER = Reader(
    name="eztools",
    title="KAPE: output of Eric Zimmerman's tools (JSON)",
    maps="artifact; EvtxECmd's events are read as windows_json",
    sniff=_sniff,
    read=_read,
)
