"""What goes between a process that reads and the one that asks it to, as frames in pipes.

A frame is the length of a header (4 bytes) and of what follows it (8 bytes), big endian, then both. Headers are
MessagePack, record batches Arrow's own form without schema.
"""

from __future__ import annotations

import os
import struct
from pathlib import Path
from typing import BinaryIO, Final

import msgspec
import pyarrow as pa

from lodger.model.tables import TELEMETRY
from lodger.model.telemetry import Aside, Batch, Item, SourceFile, Span

_LENGTHS: Final = struct.Struct(">IQ")


class Job(msgspec.Struct, tag=True):
    """A part of a file to read, and with which reader."""

    reader: str
    path: bytes
    name: str
    fingerprint: str
    container: str
    size: int
    span: tuple[int, int]

    @classmethod
    def of(cls, reader: str, source: SourceFile, span: Span) -> Job:
        """The job of reading that part."""
        path = os.fsencode(source.path)
        return cls(reader, path, source.name, source.fingerprint, source.container, source.size, span)

    def source(self) -> SourceFile:
        """The part, as readers take it."""
        path, span = Path(os.fsdecode(self.path)), Span(*self.span)
        return SourceFile(path, self.name, self.fingerprint, self.container, self.size, span=span)


#: What of a file changes when it does: its length in bytes, its time in nanoseconds, its number on the disk.
State = tuple[int, int, int]


class Look(msgspec.Struct, tag=True):
    """A small outermost file to read whole, unpacked into ``spool`` where it is compressed.

    ``container`` is its SHA-256 (hex), ``state`` what it was when that was found.
    """

    path: bytes
    name: str
    container: str
    state: State
    spool: bytes


class Found(msgspec.Struct):
    """What a small file is: which reader knows it (none: ""), and the file that it was unpacked into ("": none)."""

    reader: str
    fingerprint: str
    size: int
    unpacked: str = ""


def state(status: os.stat_result) -> State:
    """A file's state."""
    return status.st_size, status.st_mtime_ns, status.st_ino


class Answer(msgspec.Struct, omit_defaults=True):
    """One thing that came out of a file or a part, or its end; what belongs to it follows in the frame."""

    kind: str  # batch, aside, stop, end, error
    text: str = ""  # a batch's table, the reason of an aside, a stop or an error
    number: int = 0  # a batch's bytes, an aside's record, at the end how many record numbers the part takes
    raw: bool = False  # whether an aside has its bytes
    columns: list[str] = []  # of a batch, those that have values: only they follow
    found: Found | None = None  # at the end of a whole file; without it the file is to be read in the usual way


def send(file: BinaryIO, header: msgspec.Struct, body: bytes | pa.Buffer = b"") -> None:
    """Write one frame."""
    head = msgspec.msgpack.encode(header)
    file.write(_LENGTHS.pack(len(head), len(body)))
    file.write(head)
    file.write(body)


def receive(file: BinaryIO) -> tuple[bytes, pa.Buffer] | None:
    """Read one frame, header and body; None where the other side is gone."""
    lengths = file.read(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        return None
    head, size = _LENGTHS.unpack(lengths)
    header = file.read(head)
    body = pa.allocate_buffer(size)  # of Arrow's own memory, which goes back to the system when a batch is gone
    return (header, body) if file.readinto(memoryview(body)) == size and len(header) == head else None  # type: ignore[attr-defined]


def framed(item: Item) -> tuple[Answer, bytes | pa.Buffer]:
    """What came out of a reader as a frame."""
    if isinstance(item, Batch):
        data = item.data
        filled = [
            name for name, column in zip(data.schema.names, data.columns, strict=True) if column.null_count < len(data)
        ]
        return Answer("batch", item.table, item.bytes, columns=filled), data.select(filled).serialize()
    if isinstance(item, Aside):
        return Answer("aside", item.reason, item.record, item.raw is not None), item.raw or b""
    return Answer("stop", item), b""


def unframed(answer: Answer, body: pa.Buffer) -> Item:
    """The contrary of :func:`framed`."""
    if answer.kind == "batch":
        return Batch(answer.text, _whole(answer, body), answer.number)
    if answer.kind == "aside":
        return Aside(answer.number, answer.text, body.to_pybytes() if answer.raw else None)
    return answer.text


def _whole(answer: Answer, body: pa.Buffer) -> pa.RecordBatch:
    schema = TELEMETRY[answer.text]
    there = pa.ipc.read_record_batch(body, pa.schema([schema.field(name) for name in answer.columns]))
    filled = dict(zip(answer.columns, there.columns, strict=True))
    nulls = {field.type: pa.nulls(len(there), field.type) for field in schema if field.name not in filled}
    return pa.RecordBatch.from_arrays(
        [filled.get(field.name, nulls.get(field.type)) for field in schema], schema=schema
    )
