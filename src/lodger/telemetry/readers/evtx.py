"""Windows event logs in their own format, EVTX.

The file is read chunk by chunk (64 KiB each, whole in themselves: libyal's "Windows XML Event Log (EVTX)" format
description), so that memory stays bounded and damage in one chunk costs no other. A record's number is its ordinal in
the file.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final

from evtx import PyEvtxParser

from lodger.model.telemetry import Aside, Item, SourceFile, Span
from lodger.telemetry import evtx_record, parts
from lodger.telemetry.reader import RAW, Reader
from lodger.telemetry.windows import WindowsRows

_MAGIC: Final = b"ElfFile\0"
_HEADER: Final = 4096
_CHUNK: Final = 65_536
_BLANK: Final = bytes(_CHUNK)
_CHUNK_COUNT_AT: Final = 42  # uint16, little endian
#: Of a chunk's names and templates: where their chains begin, as uint32 offsets; how an entry begins (the offset of the
#: next, its own length), in what unit its length is, and how much stands before its content.
_TABLES: Final = (
    (128, struct.Struct("<64I"), struct.Struct("<I2xH"), 2, 8),
    (384, struct.Struct("<32I"), struct.Struct("<I16xI"), 1, 24),
)
_SHORT_CHAIN: Final = 16  # entries of one hash that may be a real log's; from there on each is remembered
_MOST_RECORDS: Final = _CHUNK // 24  # a record's header and its size at the end take 28 bytes


def _sniff(head: bytes) -> bool:
    return head.startswith(_MAGIC)


def _read(source: SourceFile) -> Iterator[Item]:
    rows = WindowsRows(source.fingerprint, evtx_record.HEAD)
    number = 0
    span = source.span or Span(0, source.size)
    with source.path.open("rb") as file:
        header = file.read(_HEADER)
        file.seek(max(_HEADER, span.start))
        chunks = (span.end - file.tell() + _CHUNK - 1) // _CHUNK
        for content in _contents(file, header, chunks):
            number += 1
            if isinstance(content, Aside):
                yield Aside(number, content.reason, content.raw)
                continue
            yield from evtx_record.add(rows, number, content)
        yield from rows.rest()
        problem = _missing(header, source.size) if span.end == source.size else None
        if problem is not None:
            yield problem


def _spans(source: SourceFile) -> Iterator[Span]:
    """A log in parts of whole chunks, whose last is not blank: only behind it one sees whether something is missing."""
    with source.path.open("rb") as file:
        start = 0
        while start < source.size:
            file.seek(max(_HEADER, start) + max(parts.PART - _CHUNK, 0))
            while (chunk := file.read(_CHUNK)) and not chunk.strip(b"\0"):
                pass
            end = min(file.tell(), source.size)
            yield Span(start, end)
            start = end


def _contents(file: BinaryIO, header: bytes, chunks: int) -> Iterator[str | Aside]:
    """Every record of so many chunks as JSON, and what cannot be read as kept aside (its number is not known here)."""
    index = (file.tell() - _HEADER) // _CHUNK
    end = index + chunks
    blank = 0
    while index < end and (chunk := file.read(_CHUNK)):
        if chunk == _BLANK[: len(chunk)]:
            blank += 1  # Windows allots space ahead: blank chunks at the end are normal
        else:
            for gap in range(index - blank, index):
                yield Aside(0, f"chunk {gap} is blank, with records behind it")
            blank = 0
            yield from _records(header, chunk.ljust(_CHUNK, b"\0"), index)
        index += 1


def _records(header: bytes, chunk: bytes, index: int) -> Iterator[str | Aside]:
    # the parser gets the one chunk behind the file's header, as if that were all of the file
    try:
        parsed = PyEvtxParser(io.BytesIO(header + _mended(chunk)), 1).records_json()
    except (OSError, RuntimeError) as error:
        yield Aside(0, f"chunk {index}: {_said(error)}", chunk[:RAW])
        return
    raw: bytes | None = chunk[:RAW]  # kept with the first damage only: each would be the same 64 KiB
    for _ in range(_MOST_RECORDS):
        try:
            record = next(parsed, None)
            if record is None:
                return
            yield record["data"]
        except RuntimeError as error:
            yield Aside(0, f"chunk {index}: {_said(error)}", raw)
            raw = None
    yield Aside(0, f"chunk {index}: claims more records than it has room for", raw)


def _mended(chunk: bytes) -> bytes:
    """The chunk without those chains of names or templates that lead back into themselves or out of the chunk.

    The parser would follow the former for ever, and give up the chunk for the latter. The records can do without: they
    name what they need by its place in the chunk.
    """
    for start, slots, entry, unit, fixed in _TABLES:
        for slot, first in enumerate(slots.unpack_from(chunk, start)):
            if first and not _ends(chunk, first, entry.unpack_from, unit, fixed):
                place = start + 4 * slot
                chunk = chunk[:place] + b"\0\0\0\0" + chunk[place + 4 :]
    return chunk


def _ends(chunk: bytes, at: int, entry: Callable[[bytes, int], tuple[int, int]], unit: int, fixed: int) -> bool:
    """Whether a chain of entries that begins there comes to its end within the chunk."""
    seen: set[int] = set()
    steps = 0
    while at:
        if at + fixed > _CHUNK or at in seen:
            return False
        following, length = entry(chunk, at)
        if at + fixed + length * unit > _CHUNK:
            return False
        steps += 1
        if steps > _SHORT_CHAIN:
            seen.add(at)
        at = following
    return True


def _said(error: Exception) -> str:
    """The parser's message, without its count of chunks, which always starts at this one."""
    return " ".join(str(error).removeprefix("Failed to parse chunk number 0: ").split())[:300]


def _missing(header: bytes, size: int) -> str | None:
    """Why the file is not whole, as far as its header tells."""
    if len(header) < _HEADER:
        return "file ends within its header"
    there, part = divmod(size - _HEADER, _CHUNK)
    (promised,) = struct.unpack_from("<H", header, _CHUNK_COUNT_AT)
    if there < promised:
        return f"file is cut off: its header counts {promised} chunks, {there} are there"
    return f"file is cut off inside chunk {there}" if part else None


READER = Reader(
    name="evtx",
    title="Windows event log (EVTX)",
    maps="windows_event; fields without a column go to its `other`",
    sniff=_sniff,
    read=_read,
    parts=parts.Parts(_spans, lambda _, last: last),
)
