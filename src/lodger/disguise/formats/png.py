"""PNG: chunks with checksums from the signature to IEND, and what stands behind it (W3C PNG, third edition).

The picture's packed data is unpacked (not kept) where there is little of it, or where its chunks are not cut the way
that encoders cut them: all of one size but the last.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, cast

from isal import igzip_lib, isal_zlib

from lodger.disguise import blocks, tails, tiff
from lodger.disguise.form import Format, Group
from lodger.disguise.octets import BrokenError, Octets
from lodger.disguise.trace import SEARCHED, Trace

_ISAL_ERROR: Final = cast("type[Exception]", igzip_lib.IsalError)  # declared as an instance there
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_MOST_CHUNKS: Final = 1_000_000
_MOST_BREAKS: Final = 50
_MOST_TRIES: Final = 100_000
_LETTERS: Final = re.compile(rb"[A-Za-z]{2}[A-Z][A-Za-z]")  # the third is a capital: PNG 5.4
#: Chunks of a fixed length (PNG 11.3; APNG's acTL and fcTL): the longest that each can be.
_FIXED: Final = {b"IHDR": 13, b"cHRM": 32, b"gAMA": 4, b"sRGB": 1, b"cICP": 4, b"mDCV": 24, b"cLLI": 8, b"sBIT": 4,
    b"bKGD": 6, b"hIST": 512, b"pHYs": 9, b"tIME": 7, b"tRNS": 256, b"PLTE": 768, b"acTL": 8, b"fcTL": 26,
    b"IEND": 0}  # fmt: skip
_IDAT: Final = re.compile(rb"IDAT")
#: Most bytes of a chunk that was cut by writing over it: encoders make chunks of up to 64 KiB.
_REST: Final = 64 * 1024 + 12
_PIXELS: Final = frozenset({b"IDAT", b"fdAT"})
_CHANNELS: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
#: Bytes of packed data up to which it is always unpacked; and where it stands in a single chunk.
_ALWAYS: Final = 256 * 1024
_WHOLE: Final = 8 * 1024**2
_PIECE: Final = 256 * 1024
_SEAM: Final = 1024**2
#: Most bytes that packed data is followed to; a picture of 1 MB can claim to unpack to a thousand times that.
_FOLLOWED: Final = 512 * 1024**2


def walk(data: Octets, trace: Trace) -> None:
    """The whole file."""
    at, breaks = data.start + 8, 0
    image: list[tuple[int, int]] = []
    for _ in range(_MOST_CHUNKS):
        if not _is_chunk(data, at):
            breaks += 1
            at = _resume(data, trace, at, breaks)
        length, name = data.number(at, ">I"), data.take(at + 4, 4)
        body = data.part(at + 8, at + 8 + length)
        if _checksum(data, at + 4, body.end) != data.number(body.end, ">I"):
            trace.malformed(at, f"the checksum of chunk {name.decode()} is wrong", length + 12)
        if name == b"IDAT":
            image.append((body.start, body.end))
        elif name not in _PIXELS:
            _chunk(name, body, trace)
        at = body.end + 4
        if name == b"IEND":
            _finish(data, trace, image, at)
            return
    raise BrokenError(at, f"more than {_MOST_CHUNKS:,} chunks")


def _finish(data: Octets, trace: Trace, image: list[tuple[int, int]], end: int) -> None:
    if image:
        trace.image = (image[0][0], image[-1][1])
        _pixels(data, trace, image)
    else:
        trace.malformed(end - 12, "the picture has no data")
    tails.check(data, trace, end, _remains(data, end), "the picture")


def _remains(data: Octets, end: int) -> list[tuple[int, int]]:
    """What is left of a longer picture that this one was written over, without cutting the file to its new length.

    That is the rest of a chunk, then whole chunks with right checksums to an IEND at the file's exact end.
    """
    if data.end - end < 12 or data.head(data.end - 12, 8) != b"\0\0\0\0IEND" or data.head(end, 8) == _SIGNATURE:
        return []
    place, looked = end, 0
    while (found := data.search(_IDAT, place, end + _REST)) is not None and looked < _MOST_BREAKS:
        at, chunks = found.start() - 4, 0
        named = at >= end and _is_chunk(data, at)
        while at >= end and data.end - at >= 12 and _is_chunk(data, at):
            behind = at + 12 + _length(data.head(at, 4))
            if _checksum(data, at + 4, behind - 4) != data.number(behind - 4, ">I"):
                break
            at, chunks = behind, chunks + 1
        if at == data.end and chunks >= 3:
            return [(end, data.end)]
        if named:
            return []
        place, looked = found.start() + 1, looked + 1
    return []


def _is_chunk(data: Octets, at: int) -> bool:
    head = data.take(at, 8)
    return head[0] < 0x80 and _LETTERS.fullmatch(head, 4) is not None and at + 12 + _length(head) <= data.end


def _length(head: bytes) -> int:
    return int.from_bytes(head[:4], "big")


def _checksum(data: Octets, start: int, end: int) -> int:
    value = 0
    for at in range(start, end, _SEAM):
        value = isal_zlib.crc32(data.head(at, min(_SEAM, end - at)), value)
    return value


def _resume(data: Octets, trace: Trace, at: int, breaks: int) -> int:
    """Where the next chunk begins whose successor is one, too, or that is the last."""
    if breaks > _MOST_BREAKS:
        raise BrokenError(at, f"broken in more than {_MOST_BREAKS} places")
    place = at
    for _ in range(_MOST_TRIES):
        found = data.search(_LETTERS, place)
        if found is None:
            break
        start = found.start() - 4
        if start >= at and _is_chunk(data, start) and _followed(data, start):
            trace.leftover("between chunks", data, at, start, "between two chunks")
            return start
        place = found.start() + 1
    trace.leftover("between chunks", data, at, data.end, "behind the last chunk")
    raise BrokenError(at, "no further chunk follows")


def _followed(data: Octets, at: int) -> bool:
    head = data.head(at, 8)
    if head == b"\0\0\0\0IEND":
        return True
    after = at + 12 + _length(head)
    return after + 8 <= data.end and _is_chunk(data, after)


def _chunk(name: bytes, body: Octets, trace: Trace) -> None:
    where = f"in chunk {name.decode()}"
    if name in _FIXED:
        trace.leftover("chunk", body, min(body.start + _FIXED[name], body.end), body.end, f"{where} beyond its length")
    elif name in _KNOWN:
        try:
            _KNOWN[name](body, trace, where)
        except BrokenError as error:
            if not trace.opaque("chunk", body, body.start, body.end, f"{where}, which {error},"):
                trace.malformed(body.start, f"chunk {name.decode()} {error}")
    else:
        trace.opaque("chunk", body, body.start, body.end, f"{where}, whose form is not known,")


def _text(body: Octets, trace: Trace, where: str) -> None:
    keyword = _behind(body, body.start, 80)
    blocks.text("chunk", body.part(keyword, body.end), trace, where)


def _packed(body: Octets, trace: Trace, where: str) -> None:
    _stream(body, trace, _behind(body, body.start, 80) + 1, where)


def _international(body: Octets, trace: Trace, where: str) -> None:
    keyword = _behind(body, body.start, 80)
    packed = body.number(keyword, ">B")
    start = _behind(body, _behind(body, keyword + 2, 256), 4096)
    if packed:
        _stream(body, trace, start, where)
    else:
        blocks.text("chunk", body.part(start, body.end), trace, where)


def _profile(body: Octets, trace: Trace, where: str) -> None:
    start = _behind(body, body.start, 80) + 1
    content, behind = trace.unpacked(body.head(start, SEARCHED))
    trace.leftover("chunk", body, body.end - max(behind, 0), body.end, f"{where} behind the packed profile")
    blocks.icc("chunk", [body], trace, where, content)


def _stream(body: Octets, trace: Trace, start: int, where: str) -> None:
    content, behind = trace.unpacked(body.head(start, SEARCHED))
    trace.leftover("chunk", body, body.end - max(behind, 0), body.end, f"{where} behind the packed text")
    inner = Trace()
    blocks.text("chunk", Octets(content), inner, where)
    if inner.findings:
        trace.hidden("chunk", body, start, body.end - max(behind, 0), f"{where} unpack to what is no text")


def _behind(body: Octets, start: int, most: int) -> int:
    at = body.find(b"\0", start, start + most)
    if at < 0:
        raise BrokenError(start, "holds no keyword")
    return at + 1


def _exif(body: Octets, trace: Trace, where: str) -> None:
    tiff.check(body, trace, where)


def _jumbf(body: Octets, trace: Trace, where: str) -> None:
    blocks.jumbf("chunk", body, trace, where)


_KNOWN: Final[dict[bytes, Callable[[Octets, Trace, str], None]]] = {
    b"tEXt": _text, b"zTXt": _packed, b"iTXt": _international, b"iCCP": _profile, b"eXIf": _exif, b"caBX": _jumbf,
}  # fmt: skip


def _pixels(data: Octets, trace: Trace, image: list[tuple[int, int]]) -> None:
    """Whether the packed data ends where its chunks do, and holds as much as the picture's size asks for."""
    sizes = [end - start for start, end in image if end > start]
    total = sum(sizes)
    regular = (
        len(sizes) > (1 if sizes and sizes[0] % 1024 == 0 else 2)
        and all(size == sizes[0] for size in sizes[:-1])
        and sizes[-1] <= sizes[0]
    )
    if total > (_ALWAYS if regular else _WHOLE if len(sizes) == 1 else total):
        return
    inflate, left = isal_zlib.decompressobj(), min(_wanted(data), _FOLLOWED)
    for start, end in image:
        for at in range(start, end, _PIECE):
            piece = data.head(at, min(_PIECE, end - at))
            try:
                unpacked = len(inflate.decompress(piece, left + 1))
            except _ISAL_ERROR as error:
                trace.malformed(at, f"the picture's data cannot be unpacked ({error})")
                return
            left -= unpacked
            if left < 0 and not inflate.eof:
                rest = at + len(piece) - len(inflate.unconsumed_tail)
                trace.leftover("picture data", data, rest, image[-1][1], "that unpack to more than the picture holds")
                return
            if inflate.eof:
                behind = at + len(piece) - len(inflate.unused_data)
                trace.leftover("picture data", data, behind, image[-1][1], "behind the end of the packed picture")
                return
    if total:
        trace.malformed(image[-1][1], "the picture's data ends too early")


def _wanted(data: Octets) -> int:
    """How many bytes the picture unpacks to, at most: interlaced ones have a few more filter bytes."""
    start = data.start + 16
    width, height = data.number(start, ">I"), data.number(start + 4, ">I")
    bits = data.number(start + 8, ">B") * _CHANNELS.get(data.number(start + 9, ">B"), 4)
    return height * ((width * bits + 7) // 8 + 1) + (
        height * 2 + width * 2 + 64 if data.number(start + 12, ">B") else 0
    )


FORMAT = Format(
    name="png",
    title="PNG picture",
    group=Group.PICTURE,
    names=frozenset({"png", "apng"}),
    looked_at="between chunks, in text, unknown and over-long chunks, checksums, behind the end of the packed picture, "
    "behind IEND",
    sniff=lambda head: head[:8] == _SIGNATURE,
    walk=walk,
    begun=lambda data: data.head(0, 4) == b"\x89PNG",
)
