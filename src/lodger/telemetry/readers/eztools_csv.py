"""CSV of Eric Zimmerman's tools, which KAPE's modules write by default: one header and its records.

The columns are called as the fields of the tools' JSON, and mean the same (:mod:`.eztools`); EvtxECmd's records are
Windows events, as :mod:`.windows_json` has them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lodger.model.telemetry import Aside, Item, SourceFile
from lodger.telemetry.artifacts import ArtifactRows, Kind, known
from lodger.telemetry.csv_records import header, records
from lodger.telemetry.json_records import Object
from lodger.telemetry.reader import HEAD, Reader
from lodger.telemetry.readers.eztools import KINDS, UNKNOWN
from lodger.telemetry.windows import WindowsRows
from lodger.telemetry.windows_dialects.collected import ecmd, is_ecmd

#: AmcacheParser writes its other tables as CSV only.
_KINDS: Final = (
    *KINDS,
    Kind("AmcacheParser_Programs", "amcache", ("ProgramId", "KeyLastWriteTimestamp", "Publisher"),
         ("KeyLastWriteTimestamp",)),
    Kind("AmcacheParser_Inventory", "amcache", ("KeyName", "KeyLastWriteTimestamp"), ("KeyLastWriteTimestamp",)),
)  # fmt: skip


def _columns(head: bytes) -> Object:
    return dict.fromkeys(header(head))


def _sniff(head: bytes) -> bool:
    columns = _columns(head)
    return known(_KINDS, columns) is not None or is_ecmd(columns)


def _read(source: SourceFile) -> Iterator[Item]:
    with source.path.open("rb") as file:
        columns = _columns(file.read(HEAD))
    yield from _events(source) if is_ecmd(columns) else _artifacts(source, columns)


def _artifacts(source: SourceFile, columns: Object) -> Iterator[Item]:
    rows, kind = ArtifactRows(source, "eztools"), known(_KINDS, columns) or UNKNOWN
    for record in records(source):
        if isinstance(record, Aside):
            yield record
        else:
            yield from rows.add(record, kind, kind.artifact, None)
    yield from rows.rest()


def _events(source: SourceFile) -> Iterator[Item]:
    rows = WindowsRows(source.fingerprint)
    for record in records(source):
        if isinstance(record, Aside):
            yield record
        else:
            yield from rows.add(record.number, ecmd({"EventId": None, **record.value}), record.raw)
    yield from rows.rest()


READER = Reader(
    name="eztools_csv",
    title="KAPE: output of Eric Zimmerman's tools (CSV)",
    maps="artifact; EvtxECmd's events go to windows_event",
    sniff=_sniff,
    read=_read,
    grows=False,
)
