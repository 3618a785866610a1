"""JPEG: segments to the scans, scans to the end of image, and what stands behind it (ITU-T T.81, annex B).

Coded data is not decoded: in it, only what cannot stand there is found. Further pictures behind the end are accounted
for where an MPF index (CIPA DC-007) or the maker note says offset and length of a whole one.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from operator import mul
from typing import Final

from lodger.disguise import tails
from lodger.disguise.form import Format, Group
from lodger.disguise.octets import BrokenError, Octets
from lodger.disguise.segments import Profiles, application
from lodger.disguise.trace import Trace

_IN_SCAN: Final = re.compile(rb"\xff[^\0\xd0-\xd7\xff]")
_IN_SCAN_OR_RESTART: Final = re.compile(rb"\xff[^\0\xff]")
_RESTART: Final = re.compile(rb"\xff[\xd0-\xd7]")
_MARK: Final = re.compile(rb"\xff[\xc0-\xcf\xd9-\xdf\xe0-\xef\xf0-\xfe]")
_FRAMES: Final = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_ROOM: Final = tuple(0x10000 >> bits for bits in range(1, 17))  # of 2**16, what a code of so many bits takes
_SOI: Final = 0xD8
_EOI: Final = 0xD9
_SOS: Final = 0xDA
_MOST_SEGMENTS: Final = 100_000
_MOST_BREAKS: Final = 50
_MOST_TRIES: Final = 100_000
_CHAIN: Final = 3


@dataclass
class _Picture:
    """What the segments so far say."""

    data: Octets
    trace: Trace
    depth: int
    interval: int = 0
    frame: bool = False
    scan: int | None = None
    profiles: Profiles = field(default_factory=Profiles)
    breaks: int = 0


def walk(data: Octets, trace: Trace) -> None:
    """The whole file."""
    picture = _Picture(data, trace, 0)
    end = _segments(picture)
    trace.image = (picture.scan or end, end)
    known = _further(picture, end)
    tails.check(data, trace, end, known, "the picture")


def _segments(picture: _Picture) -> int:
    """Follow a picture from its start to behind its end of image."""
    data = picture.data
    at = data.start + 2
    for _ in range(_MOST_SEGMENTS):
        at, code = _marker(picture, at)
        if code == _EOI:
            if not picture.frame:
                picture.trace.malformed(at - 2, "the picture ends before it has begun")
            picture.profiles.check(data, picture.trace)
            return at
        if code == 0x01 or 0xD0 <= code <= _SOI:
            picture.trace.malformed(at - 2, f"the marker 0x{code:02X} stands where a segment should begin", 2)
            continue
        length = data.number(at, ">H")
        if length < 2:
            raise BrokenError(at, f"a segment of {length} bytes")
        body = data.part(at + 2, at + length)
        at = _body(picture, code, body)
    raise BrokenError(at, f"more than {_MOST_SEGMENTS:,} segments")


def _marker(picture: _Picture, at: int) -> tuple[int, int]:
    """The marker at ``at``: the place behind it, and its code; what stands before it is told."""
    data = picture.data
    code = data.take(at, 2)
    if code[0] == 0xFF and code[1] not in {0, 0xFF}:
        return at + 2, code[1]
    fill = data.run_end(at) - 1 if code[0] == 0xFF else at
    if data.head(fill, 1) == b"\xff" and data.number(fill + 1, ">B"):
        return fill + 2, data.number(fill + 1, ">B")
    found = _resume(picture, at)
    picture.trace.leftover("between segments", data, at, found, "between two segments")
    return found + 2, data.number(found + 1, ">B")


def _resume(picture: _Picture, at: int) -> int:
    """Where the next segment begins of which two more follow, or a scan, or the end."""
    data = picture.data
    picture.breaks += 1
    if picture.breaks > _MOST_BREAKS:
        raise BrokenError(at, f"broken in more than {_MOST_BREAKS} places")
    place = at
    for _ in range(_MOST_TRIES):
        found = data.search(_MARK, place)
        if found is None:
            break
        if _chain(data, found.start()):
            return found.start()
        place = found.start() + 1
    picture.trace.leftover("between segments", data, at, data.end, "behind the last segment")
    raise BrokenError(at, "no further segment follows")


def _chain(data: Octets, at: int) -> bool:
    for _ in range(_CHAIN):
        head = data.head(at, 5)
        if len(head) < 2 or head[0] != 0xFF or not (0xC0 <= head[1] <= 0xFE) or 0xD0 <= head[1] <= _SOI:
            return False
        if head[1] == _EOI:
            return at + 2 == data.end
        if len(head) < 5:
            return False
        if head[1] == _SOS:
            return 1 <= head[4] <= 4 and head[2:4] == bytes((0, 6 + 2 * head[4]))
        at += 2 + int.from_bytes(head[2:4], "big")
    return True


def _body(picture: _Picture, code: int, body: Octets) -> int:
    """Look at a segment; gives where to go on."""
    data, trace = picture.data, picture.trace
    if code == _SOS:
        return _scan(picture, body)
    if code in _FRAMES:
        picture.frame = True
        _exactly(trace, body, 6 + 3 * data.number(body.start + 5, ">B"), "frame header")
    elif code == 0xDD:
        picture.interval = body.number(body.start, ">H")
        _exactly(trace, body, 2, "restart interval")
    elif code == 0xC4:
        _tables(trace, body, _huffman, "Huffman tables")
    elif code == 0xDB:
        _tables(trace, body, _quantization, "quantization tables")
    elif code == 0xFE or 0xE0 <= code <= 0xEF:
        for start, end in application(code, body, trace, picture.profiles):
            _thumbnail(picture, start, end)
    else:
        trace.opaque("segment", data, body.start, body.end, f"in a segment 0x{code:02X}")
    return body.end


def _huffman(body: Octets, at: int) -> int:
    """Bytes of a table of codes; 0 where it is none: of a wrong class or number, or of more codes than there can be."""
    kind, lengths = body.number(at, ">B"), body.take(at + 1, 16)
    room = sum(map(mul, lengths, _ROOM))
    return 0 if kind & 0xEC or room > 1 << 16 or sum(lengths) > 256 else 17 + sum(lengths)


def _quantization(body: Octets, at: int) -> int:
    """Bytes of a table of steps; 0 where it is none: of a wrong precision or number, or with a step of zero."""
    kind = body.number(at, ">B")
    size = 64 * (1 + (kind >> 4))
    return 0 if kind & 0xEC or (size == 64 and b"\0" in body.take(at + 1, size)) else 1 + size


def _tables(trace: Trace, body: Octets, size: Callable[[Octets, int], int], name: str) -> None:
    twice, end = _walked(body.take(body.start, body.end - body.start), size)
    for at, behind in twice:
        trace.opaque("segment", body, body.start + at, body.start + behind, f"in a second one of the {name}")
    trace.leftover("segment", body, body.start + end, body.end, f"in the segment of the {name} behind the last one")


@lru_cache(64)
def _walked(content: bytes, size: Callable[[Octets, int], int]) -> tuple[tuple[tuple[int, int], ...], int]:
    """The tables that come a second time (some cameras write them so; none would have to), and where the last one ends.

    Most pictures have the same tables as the one before: those of the standard's own examples.
    """
    body = Octets(content)
    at, seen, twice = 0, set[int](), []
    while at < body.end:
        try:
            behind, kind = at + size(body, at), body.number(at, ">B")
        except BrokenError:
            break
        if behind == at or behind > body.end:
            break
        if kind in seen:
            twice.append((at, behind))
        seen.add(kind)
        at = behind
    return tuple(twice), at


def _exactly(trace: Trace, body: Octets, size: int, name: str) -> None:
    trace.leftover("segment", body, body.start + size, body.end, f"in the segment of the {name} behind it")


def _scan(picture: _Picture, body: Octets) -> int:
    """Coded data: to the next marker that is no restart; restarts come in turn, and only where the picture has any."""
    data, trace = picture.data, picture.trace
    if not picture.frame:
        trace.malformed(body.start, "a scan before the picture's frame")
    _exactly(trace, body, 4 + 2 * body.number(body.start, ">B"), "scan header")
    if picture.scan is None:
        picture.scan = body.end
    at = body.end
    looked_for = _IN_SCAN if picture.interval else _IN_SCAN_OR_RESTART
    while True:
        found = data.search(looked_for, at)
        if found is None:
            raise BrokenError(data.end, "the file ends within the picture's coded data")
        code = found[0][1]
        if 0xD0 <= code < _SOI:
            trace.malformed(found.start(), "a restart marker in a picture without restarts", 2)
            looked_for, at = _IN_SCAN, found.end()
            continue
        if code in {_EOI, _SOS, 0xC4, 0xDB, 0xDD, 0xDC, 0xFE} or 0xE0 <= code <= 0xEF:
            break
        picture.breaks += 1
        trace.malformed(found.start(), f"0xFF{code:02X} cannot stand in the picture's coded data", 2)
        if picture.breaks > _MOST_BREAKS:
            raise BrokenError(found.start(), f"broken in more than {_MOST_BREAKS} places")
        at = found.start() + 1
    if picture.interval:
        _restarts(picture, body.end, found.start())
    return found.start()


def _restarts(picture: _Picture, start: int, end: int) -> None:
    first = picture.data.search(_RESTART, start, end)
    if first is None:
        return
    turn = bytes(range(0xD0, 0xD8))
    for at in range(start, end, 16 * 1024**2):
        # A marker on the seam belongs to the window before it.
        marks = b"".join(_RESTART.findall(picture.data.head(at, min(16 * 1024**2 + 1, end - at))))[1::2]
        if not marks:
            continue
        turn = turn[marks[0] - 0xD0 :] + turn[: marks[0] - 0xD0] if at > start else turn
        if marks != (turn * (len(marks) // 8 + 1))[: len(marks)]:
            picture.trace.malformed(first.start(), "restart markers in the picture's coded data are out of turn")
            return


def _thumbnail(picture: _Picture, start: int, end: int) -> None:
    """A small picture within a segment is walked as a picture of its own."""
    if picture.depth or picture.trace.full:
        return
    quiet = Trace()
    try:
        behind = _segments(_Picture(Octets(picture.data.buffer, start, end), quiet, 1))
    except BrokenError:
        return  # cut thumbnails are common, and no place for much
    for each in quiet.findings:
        if each.kind != "structure":
            picture.trace.add(each)
    picture.trace.opaque("segment", picture.data, behind, end, "behind a thumbnail's end")


def _further(picture: _Picture, end: int) -> list[tuple[int, int]]:
    """Pictures behind the end that the first one accounts for."""
    found = []
    wanted = [span for span in picture.profiles.pictures if end <= span[0] < span[1] <= picture.data.end]
    reached = end
    for start, behind in sorted([*wanted, *_pointed(picture, end, wanted)]):
        if start < reached:
            continue
        reached = behind
        span = picture.data.part(start, behind)
        if span.head(start, 2) != b"\xff\xd8":
            continue
        try:
            last = _segments(_Picture(span, picture.trace, 1))
        except BrokenError as error:
            picture.trace.malformed(error.offset, f"in a further picture: {error}")
            last = behind
        picture.trace.leftover("after the end", span, last, behind, "behind the end of a further picture")
        found.append((start, behind))
    return found


def _pointed(picture: _Picture, end: int, wanted: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """A whole picture right behind the end whose place and length both stand in the EXIF segment's maker note."""
    exif = picture.profiles.exif
    at = picture.data.find(b"\xff\xd8\xff", end, end + 64 * 1024)
    if exif is None or wanted or at < 0:
        return []
    try:
        behind = _segments(_Picture(Octets(picture.data.buffer, at, picture.data.end), Trace(), 1))
    except BrokenError:
        return []
    note = exif.data.head(exif.base, 64 * 1024)
    for place in (at, at - exif.base):
        if place >= 2**32 or struct.pack(f"{exif.order}I", place) not in note:
            continue
        for length in (behind - at, picture.data.end - at):
            if length < 2**32 and struct.pack(f"{exif.order}I", length) in note:
                return [(at, at + length)]
    return []


FORMAT = Format(
    name="jpeg",
    title="JPEG picture",
    group=Group.PICTURE,
    names=frozenset({"jpg", "jpeg", "jpe", "jfif"}),
    looked_at="between segments, in comments and application segments, in tables and headers longer than their "
    "content, behind thumbnails, markers that cannot stand in coded data, behind the end of image",
    sniff=lambda head: head[:2] == b"\xff\xd8" and (head[2:3] == b"\xff" or len(head) < 3),
    walk=walk,
    begun=lambda data: data.head(0, 2) == b"\xff\xd8",
)
