"""What readers take and give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa


class Span(NamedTuple):
    """A part of a file: its first byte, and the one behind its last."""

    start: int
    end: int


@dataclass(frozen=True)
class SourceFile:
    """One file of telemetry, unpacked and ready to be read.

    ``path`` is a plain local file (a member of an archive lies in the case's spool); ``name`` is how a person finds
    it again (``logs.zip!host/security.evtx``); ``fingerprint`` is the SHA-256 of its content and ``container`` that
    of the outermost file on disk, both hex. ``packed`` is the part of that file, in bytes, that this one stands for (0
    where nobody knows): progress is counted by it. ``spool`` is the folder where a reader may keep files of its own
    while it reads (None: where the system keeps such files); it writes nowhere else. ``span`` is the part of the file
    that is to be read (None: all of it). ``ready`` is what was read of it already (None: nothing).
    """

    path: Path
    name: str
    fingerprint: str
    container: str
    size: int
    packed: int = 0
    spool: Path | None = None
    span: Span | None = None
    ready: Ready | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Batch:
    """Rows for one lake table, in the order of the file; ``data`` has exactly that table's schema.

    A file's batches for one table carry strictly increasing ``record`` numbers: an interrupted ingest resumes by them.
    ``bytes`` is about how much of the file they come from (0 where nobody knows).
    """

    table: str
    data: pa.RecordBatch
    bytes: int = 0


@dataclass(frozen=True)
class Aside:
    """A record that was seen but cannot be stored as what it claims to be."""

    record: int
    reason: str
    raw: bytes | None = None


@dataclass(frozen=True)
class Ready:
    """All that came out of a file that was read before its turn, and the reader's name ("" where none knows it)."""

    reader: str
    items: Sequence[Item]


#: What a reader yields: rows, a record kept aside, or (str) the one-line reason why reading stops before the end of
#: the file.
Item = Batch | Aside | str
