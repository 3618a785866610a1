"""WebP: RIFF chunks to the length that the file says, and what stands behind (RFC 9649)."""

from __future__ import annotations

import re
from typing import Final

from lodger.disguise import blocks, tails, tiff
from lodger.disguise.form import Format, Group
from lodger.disguise.octets import BrokenError, Octets
from lodger.disguise.trace import Trace

_PIXELS: Final = frozenset({b"VP8 ", b"VP8L", b"ALPH"})
_NAME: Final = re.compile(rb"[A-Z0-9 a-z]{4}")
_KNOWN: Final = re.compile(rb"VP8[ LX]|ALPH|ANIM|ANMF|ICCP|EXIF|XMP ")
_MOST_BREAKS: Final = 50
_MOST_TRIES: Final = 100_000
_FRAME: Final = 16


def walk(data: Octets, trace: Trace) -> None:
    """The whole file."""
    end = data.start + 8 + data.number(data.start + 4, "<I")
    if end > data.end:
        trace.malformed(data.end, f"the file says to be {end - data.end:,} bytes longer than it is")
        end = data.end
    _chunks(Octets(data.buffer, data.start, end), trace, data.start + 12)
    if trace.image is None:
        trace.malformed(end, "the file holds no picture")
    tails.check(data, trace, min(end + end % 2, data.end), [], "the picture")


def _chunks(data: Octets, trace: Trace, at: int) -> None:
    breaks = 0
    while at + 8 <= data.end:
        name, length = data.take(at, 4), data.number(at + 4, "<I")
        if not _NAME.fullmatch(name) or at + 8 + length > data.end:
            breaks += 1
            at = _resume(data, trace, at, breaks)
            continue
        _chunk(name, data.part(at + 8, at + 8 + length), trace)
        at += 8 + length + length % 2
    trace.leftover("between chunks", data, at, data.end, "behind the last chunk")


def _resume(data: Octets, trace: Trace, at: int, breaks: int) -> int:
    found = data.search(_KNOWN, at + 1) if breaks <= _MOST_BREAKS else None
    for _ in range(_MOST_TRIES):
        if found is None or found.end() + 4 + int.from_bytes(data.head(found.end(), 4), "little") <= data.end:
            break
        found = data.search(_KNOWN, found.start() + 1)
    if found is None:
        if not trace.leftover("between chunks", data, at, data.end, "that no chunk accounts for"):
            raise BrokenError(at, "a chunk is cut off, or none begins here")
        return data.end
    trace.leftover("between chunks", data, at, found.start(), "between two chunks")
    return found.start()


def _chunk(name: bytes, body: Octets, trace: Trace) -> None:
    where = f"in chunk {name.decode().strip()}"
    if name in _PIXELS:
        trace.image = (body.start if trace.image is None else trace.image[0], body.end)
    elif name == b"ANMF":
        _chunks(body, trace, body.start + _FRAME)
    elif name in {b"VP8X", b"ANIM"}:
        fixed = 10 if name == b"VP8X" else 6
        trace.leftover("chunk", body, min(body.start + fixed, body.end), body.end, f"{where} beyond its length")
    elif name == b"ICCP":
        blocks.icc("chunk", [body], trace, where)
    elif name == b"XMP ":
        blocks.xmp("chunk", body, trace, where)
    elif name == b"EXIF":
        skip = 6 if body.head(body.start, 6) == b"Exif\0\0" else 0
        tiff.check(body.part(body.start + skip, body.end), trace, where)
    else:
        trace.opaque("chunk", body, body.start, body.end, f"{where}, whose form is not known,")


FORMAT = Format(
    name="webp",
    title="WebP picture",
    group=Group.PICTURE,
    names=frozenset({"webp"}),
    looked_at="between chunks, in metadata and unknown chunks, behind the length that the file says",
    sniff=lambda head: head[:4] == b"RIFF" and head[8:12] == b"WEBP",
    walk=walk,
    begun=lambda data: data.head(0, 4) == b"RIFF",
)
