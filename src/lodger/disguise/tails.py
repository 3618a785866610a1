"""What stands behind a picture and is known by its structure, and what remains.

Motion photos: a video whose boxes (ISO/IEC 14496-12, 4.2) lead to the exact end. Samsung: blocks that a directory
``SEFH`` names, with its length and ``SEFT`` at the file's end. Further pictures are the formats' own matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lodger.disguise.octets import BrokenError, Octets
from lodger.disguise.tiff import gaps
from lodger.disguise.trace import Trace, is_padding

_BOX: Final = re.compile(rb"[A-Za-z0-9 \xa9]{4}")
_MOST_BOXES: Final = 100_000
_MOST_BLOCKS: Final = 256
_KINDS: Final = ((b"%PDF-", "a PDF document"), (b"PK\x03\x04", "a zip archive"), (b"MZ", "a Windows program"),
    (b"\x7fELF", "an ELF program"), (b"Rar!\x1a\x07", "a RAR archive"), (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\xff\xd8\xff", "a JPEG picture"), (b"\x89PNG\r\n", "a PNG picture"), (b"GIF8", "a GIF picture"),
    (b"\x1f\x8b\x08", "gzip data"), (b"MSCF", "a cabinet archive"))  # fmt: skip


def movie_end(data: Octets, at: int) -> int:
    """Where the boxes of a video that begins at ``at`` end; ``at`` where none begins there."""
    if data.head(at + 4, 4) != b"ftyp":
        return at
    place, kinds = at, set[bytes]()
    try:
        for _ in range(_MOST_BOXES):
            if place + 8 > data.end:
                break
            size, kind = data.number(place, ">I"), data.head(place + 4, 4)
            if size == 1:
                size = data.number(place + 8, ">Q")
            if size < 8 or place + size > data.end or not _BOX.fullmatch(kind):
                break
            kinds.add(kind)
            place += size
    except BrokenError:
        return at
    return place if {b"ftyp", b"moov", b"mdat"} <= kinds else at


def samsung(data: Octets, start: int, end: int) -> tuple[int, list[tuple[int, int]]]:
    """Where a Samsung trailer that ends at ``end`` begins, and its blocks' contents; ``end`` where there is none."""
    if end - start < 24 or data.head(end - 4, 4) != b"SEFT":
        return end, []
    table = end - 8 - data.number(end - 8, "<I")
    if table < start or data.head(table, 4) != b"SEFH":
        return end, []
    count = data.number(table + 8, "<I")
    if count > _MOST_BLOCKS or table + 12 + 12 * count > end - 8:
        return end, []
    contents, spans = [], [(table, end)]
    for at in range(table + 12, table + 12 + 12 * count, 12):
        first = table - data.number(at + 4, "<I")
        behind = first + data.number(at + 8, "<I")
        if not start <= first <= behind - 8 or behind > table or data.head(first, 4) != data.head(at, 4):
            return end, []
        spans.append((first, behind))
        contents.append((min(first + 8 + data.number(first + 4, "<I"), behind), behind))
    begin = min(span[0] for span in spans)
    return (end, []) if any(gaps(spans, begin, end)) else (begin, contents)


def check(data: Octets, trace: Trace, start: int, known: list[tuple[int, int]], what: str) -> None:
    """Tell the trace of everything from ``start`` to the end that is neither known nor of a known structure.

    ``known`` are spans that the picture itself accounts for; ``what`` names the picture.
    """
    if start < data.end and not is_padding(data, start, data.end):
        trace.tail = (start, data.end)
    spans = [*known, *_trailers(data, start, trace)]
    for first, behind in gaps(spans, start, data.end):
        at = min(movie_end(data, first), behind)
        trace.leftover("after the end", data, at, behind, f"behind the end of {what}{_like(data, at)}")


def _trailers(data: Octets, start: int, trace: Trace) -> Iterator[tuple[int, int]]:
    begin, contents = samsung(data, start, data.end)
    if begin < data.end:
        yield begin, data.end
    for first, behind in contents:
        rest = movie_end(data, first)
        if rest == first and data.head(first, 3) != b"\xff\xd8\xff":
            trace.opaque("after the end", data, first, behind, "in a block of the trailer")
        elif rest > first:
            trace.leftover("after the end", data, rest, behind, "behind the video in a block of the trailer")


def _like(data: Octets, at: int) -> str:
    head = data.head(at, 8)
    found = next((name for magic, name in _KINDS if head.startswith(magic)), None)
    return f", beginning as {found}" if found else ""
