"""Pictures, documents and programs that were carved from traffic or collected: each is walked, and told in one row.

What stands in the row is said at :data:`lodger.model.tables.FILE_INSPECTION`. Zeek names what it carves
``extract-<time>-<protocol>-<fuid>`` or, by other scripts, ``<protocol>-<fuid>.<extension>``
(base/files/extract/main.zeek); Suricata names it by its SHA-256 (userguide, 'File Extraction').
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

import pyarrow as pa

from lodger.disguise import examine
from lodger.disguise.discovery import begins, by_extension
from lodger.disguise.examine import Examined
from lodger.disguise.form import Group
from lodger.errors import InputError
from lodger.model.tables import FILE_INSPECTION
from lodger.model.telemetry import Batch, Item, SourceFile
from lodger.telemetry.inspections import told
from lodger.telemetry.reader import Reader

_FUID: Final = re.compile(r"(?<![0-9A-Za-z])F[0-9A-Za-z]{13,18}(?![0-9A-Za-z])")
_SEPARATOR: Final = re.compile(r"[/\\]")


def _named(name: str, _: bytes) -> bool:
    """Whether the name says that it is a picture or a document: what is none is told, too."""
    form = by_extension().get(_SEPARATOR.split(name)[-1].rpartition(".")[2].lower())
    return form is not None and form.group in {Group.PICTURE, Group.DOCUMENT}


def _read(source: SourceFile) -> Iterator[Item]:
    name = _own_name(source)
    try:
        found = examine(source.path, source.name, name)
        row = None if found is None else _told(source, name, found)
    except InputError as error:
        raise OSError(str(error)) from error
    if row is None:
        yield "not a kind of file that is looked into"
        return
    now = datetime.now(UTC).replace(tzinfo=None)
    row |= {"source": source.fingerprint, "record": 1, "time": now, "day": now.date(), "other": []}
    # a row for a file: collecting rows, as other readers do, would take longer than the walk
    columns = [pa.array([row.get(column.name)], column.type) for column in FILE_INSPECTION]
    yield Batch("file_inspection", pa.RecordBatch.from_arrays(columns, schema=FILE_INSPECTION), source.size)


def _own_name(source: SourceFile) -> str:
    """The file's own name, without folders and archives."""
    name = source.name if source.container == source.fingerprint else source.name.rpartition("!")[2]
    return _SEPARATOR.split(name)[-1]


def _told(source: SourceFile, name: str, found: Examined) -> dict[str, object]:
    """The row's own columns."""
    fuids = _FUID.findall(name)
    return {
        "name": source.name,
        "file_name": name,
        "fuid": fuids[-1] if fuids else None,
        **told(source.path, found, source.fingerprint),
    }


READER = Reader(
    name="carved_file",
    title="Pictures, documents and programs, carved or collected",
    maps="file_inspection",
    sniff=begins,
    read=_read,
    grows=False,
    named=_named,
)
