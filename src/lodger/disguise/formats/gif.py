"""GIF: blocks of sub-blocks to the trailer, and what stands behind it (GIF89a specification).

The picture's packed data is not unpacked.
"""

from __future__ import annotations

import re
from typing import Final

from lodger.disguise import blocks, tails
from lodger.disguise.form import Format, Group
from lodger.disguise.octets import BrokenError, Octets
from lodger.disguise.trace import Trace

_EXTENSION: Final = 0x21
_IMAGE: Final = 0x2C
_TRAILER: Final = 0x3B
_CONTROL: Final = 0xF9
_COMMENT: Final = 0xFE
_APPLICATION: Final = 0xFF
_PLAIN: Final = 0x01
_MOST_BREAKS: Final = 50
_MOST_TRIES: Final = 100_000
_IN_COMMENT: Final = "in a comment"
_KEPT: Final = 1024**2
#: What a block begins with, strict enough for a search among anything.
_BLOCK: Final = re.compile(
    rb"\x21\xf9\x04[\0-\x1f].{2}.\0[\x21\x2c]|\x21\xff\x0b[ -~]{8}|\x21\xfe[\x01-\xff][ -~]{4}|\x2c(?=.{8}[^\x08-\x0f])"
    rb"|\x3b\Z",
    re.DOTALL,
)
#: XMP's magic trailer (XMP part 3, 1.1.2): it makes a walk over sub-blocks, wherever that lands in it, come out.
_MAGIC: Final = bytes((1, *range(0xFF, -1, -1), 0))


def walk(data: Octets, trace: Trace) -> None:
    """The whole file."""
    at = data.start + 13 + _table(data.number(data.start + 10, ">B"))
    images, breaks = 0, 0
    while True:
        kind = data.number(at, ">B")
        if kind == _TRAILER:
            break
        if kind == _EXTENSION and _plausible(data, at):
            at = _extension(data, trace, at)
        elif kind == _IMAGE and _fits(data, at):
            images += 1
            start = at + 11 + _table(data.number(at + 9, ">B"))
            at = _behind(data, start)
            trace.image = (start if trace.image is None else trace.image[0], at)
        else:
            breaks += 1
            at = _resume(data, trace, at, breaks)
    if not images:
        trace.malformed(at, "the file holds no picture")
    tails.check(data, trace, at + 1, [], "the picture")


def _table(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _fits(data: Octets, at: int) -> bool:
    """Whether an image descriptor holds a picture, and codes of a size that exists; small errors of size are common."""
    left, top, width, height = (data.number(at + place, "<H") for place in (1, 3, 5, 7))
    screen = [max(data.number(data.start + place, "<H"), 1) for place in (6, 8)]
    flags = data.number(at + 9, ">B")
    codes = data.number(at + 10 + _table(flags), ">B")
    inside = left + width <= 4 * screen[0] + 64 and top + height <= 4 * screen[1] + 64
    return inside and width > 0 and height > 0 and 1 <= codes <= 11


def _plausible(data: Octets, at: int) -> bool:
    """Whether an extension has a known label, and a first sub-block of the length that the label has."""
    label, first = data.number(at + 1, ">B"), data.number(at + 2, ">B")
    lengths = {_CONTROL: 4, _APPLICATION: 11, _PLAIN: 12}
    if label in lengths:
        return first == lengths[label]
    return label == _COMMENT or label < 0x80


def _behind(data: Octets, at: int) -> int:
    """Behind the sub-blocks that begin at ``at``."""
    buffer, end = data.buffer, data.end
    try:
        while length := buffer[at]:
            at += length + 1
    except IndexError:
        at = end
    if at >= end:
        raise BrokenError(end, "the file ends within a row of sub-blocks")
    return at + 1


def _content(data: Octets, at: int) -> bytes:
    """What the sub-blocks from ``at`` hold, without their lengths."""
    parts, size = [], 0
    while (length := data.number(at, ">B")) and size < _KEPT:
        parts.append(data.take(at + 1, length))
        size += length
        at += length + 1
    return b"".join(parts)


def _extension(data: Octets, trace: Trace, at: int) -> int:
    label = data.number(at + 1, ">B")
    end = _behind(data, at + 2)
    if label == _CONTROL:
        trace.leftover("extension", data, at + 8, end, "in a graphic control extension behind its 4 bytes")
    elif label == _COMMENT:
        _judge(data, trace, (at, end), _content(data, at + 2), _IN_COMMENT)
    elif label == _APPLICATION:
        _application(data, trace, at, end)
    else:
        first = at + 15 if label == _PLAIN else at + 2
        _judge(data, trace, (at, end), _content(data, first), f"in an extension 0x{label:02X}")
    return end


def _application(data: Octets, trace: Trace, at: int, end: int) -> None:
    name, body = data.take(at + 3, 11), at + 14
    where = "in an application extension"
    if name == b"XMP DataXMP" and data.head(end - 258, 258) == _MAGIC:
        blocks.xmp("extension", data.part(body, max(end - 258, body)), trace, where)
    elif name == b"ICCRGBG1012":
        content = _content(data, body)
        inner = Trace()
        blocks.icc("extension", [Octets(content)], inner, where)
        if inner.findings:
            trace.hidden("extension", data, body, end, f"{where} that are more than a colour profile")
    elif data.head(body, 2) in {b"\x03\x01", b"\x05\x02"}:  # how often the animation is played, how much is buffered
        rest = body + 1 + data.number(body, ">B")
        _judge(data, trace, (at, end), _content(data, rest), f"{where} behind the loop count")
    else:
        _judge(data, trace, (at, end), _content(data, body), where)


def _judge(data: Octets, trace: Trace, block: tuple[int, int], content: bytes, where: str) -> None:
    """Tell of a block whose sub-blocks hold, put together, what is no text in a comment, or noise elsewhere."""
    inner = Trace()
    if where == _IN_COMMENT:
        blocks.text("comment", Octets(content), inner, where)
        if inner.findings:
            trace.hidden("comment", data, *block, f"{where} that is no text")
    elif inner.opaque("extension", Octets(content), 0, len(content), where):
        trace.hidden("extension", data, *block, f"{where} that holds noise")


def _resume(data: Octets, trace: Trace, at: int, breaks: int) -> int:
    """Where the next block begins."""
    if breaks > _MOST_BREAKS:
        raise BrokenError(at, f"broken in more than {_MOST_BREAKS} places")
    place = at + 1
    for _ in range(_MOST_TRIES):
        found = data.search(_BLOCK, place)
        if found is None:
            break
        start = found.start()
        if data.head(start, 1) != b"\x2c" or (start + 11 < data.end and _image_follows(data, start)):
            if not trace.leftover("between blocks", data, at, start, "between two blocks"):
                trace.malformed(at, "no block begins here", start - at)
            return start
        place = start + 1
    trace.leftover("between blocks", data, at, data.end, "behind the last block")
    raise BrokenError(at, "no further block follows")


def _image_follows(data: Octets, at: int) -> bool:
    try:
        left, top, width, height = (data.number(at + place, "<H") for place in (1, 3, 5, 7))
        screen = data.number(data.start + 6, "<H"), data.number(data.start + 8, "<H")
        return left + width <= screen[0] and top + height <= screen[1] and _fits(data, at)
    except BrokenError:
        return False


FORMAT = Format(
    name="gif",
    title="GIF picture",
    group=Group.PICTURE,
    names=frozenset({"gif"}),
    looked_at="between blocks, in comments, application and unknown extensions, behind the trailer",
    sniff=lambda head: head[:6] in {b"GIF87a", b"GIF89a"},
    walk=walk,
    begun=lambda data: data.head(0, 4) == b"GIF8",
)
