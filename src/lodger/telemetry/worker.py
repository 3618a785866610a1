"""A process that reads parts of files for another: ``python -m lodger.telemetry.worker``.

It takes jobs from its standard input and writes what comes out of them to its standard output, until the former ends:
so it never outlives the process that started it. Both speak in frames: the length of a header (4 bytes) and of what
follows it (8 bytes), big endian, then both. Headers are MessagePack, record batches Arrow's own form without schema.
"""

from __future__ import annotations

import gc
import os
import signal
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

import msgspec
import pyarrow as pa

from lodger.model.tables import TELEMETRY
from lodger.model.telemetry import Aside, Batch, Item, SourceFile, Span
from lodger.startup import without_pandas
from lodger.telemetry.discovery import readers

_LENGTHS: Final = struct.Struct(">IQ")


class Job(msgspec.Struct):
    """A part of a file to read, and with which reader."""

    reader: str
    path: str
    name: str
    fingerprint: str
    container: str
    size: int
    span: tuple[int, int]

    @classmethod
    def of(cls, reader: str, source: SourceFile, span: Span) -> Job:
        """The job of reading that part."""
        return cls(reader, str(source.path), source.name, source.fingerprint, source.container, source.size, span)

    def source(self) -> SourceFile:
        """The part, as readers take it."""
        return SourceFile(
            Path(self.path), self.name, self.fingerprint, self.container, self.size, span=Span(*self.span)
        )


class Answer(msgspec.Struct, omit_defaults=True):
    """One thing that came out of a part, or its end; what belongs to it follows in the frame."""

    kind: str  # batch, aside, stop, end, error
    text: str = ""  # a batch's table, the reason of an aside, a stop or an error
    number: int = 0  # a batch's bytes, an aside's record, at the end how many record numbers the part takes
    raw: bool = False  # whether an aside has its bytes
    columns: list[str] = []  # of a batch, those that have values: only they follow


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


def answers(job: Job) -> Iterator[tuple[Answer, bytes | pa.Buffer]]:
    """What comes out of a part, and its end, as frames."""
    reader = next(reader for reader in readers() if reader.name == job.reader)
    source, last = job.source(), 0
    if reader.parts is None:
        raise ValueError(f"{job.reader} reads no parts")
    try:
        for item in reader.read(source):
            if isinstance(item, Batch) and item.data.num_rows:
                last = max(last, item.data["record"][-1].as_py())
            elif isinstance(item, Aside):
                last = max(last, item.record)
            yield framed(item)
        yield Answer("end", number=reader.parts.numbers(source, last)), b""
    except OSError as error:
        yield Answer("error", os.strerror(error.errno) if error.errno else str(error), error.errno or 0), b""


def main() -> None:
    """Work until there is no more."""
    without_pandas()
    # A part makes millions of objects and hardly a cycle: looking for those all the time costs a fifth of it.
    gc.disable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one who gives the jobs stops giving them
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever else is printed must not get between the frames
    try:
        while (frame := receive(sys.stdin.buffer)) is not None:
            for header, body in answers(msgspec.msgpack.decode(frame[0], type=Job)):
                send(out, header, body)
            out.flush()
            gc.collect()
            gc.freeze()  # what is left is here to stay, most of it modules
    except BrokenPipeError:  # nobody is there any more who would take the answers, the buffered ones included
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())


if __name__ == "__main__":
    main()
