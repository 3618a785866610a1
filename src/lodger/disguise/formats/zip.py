"""ZIP, and the Office documents that are zip files: members one behind the other, the directory, its end record.

Sources: PKWARE's APPNOTE 6.3.10; ECMA-376 part 2 (OOXML), OpenDocument 1.3 part 2; the Android signing block between
the last member and the directory. Members are not unpacked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lodger.disguise import blocks
from lodger.disguise.form import Format, Group
from lodger.disguise.octets import BrokenError, Octets
from lodger.disguise.tiff import gaps
from lodger.disguise.trace import Trace

_LOCAL: Final = b"PK\x03\x04"
_CENTRAL: Final = b"PK\x01\x02"
_END: Final = b"PK\x05\x06"
_END64: Final = b"PK\x06\x06"
_LOCATOR: Final = b"PK\x06\x07"
_DESCRIPTOR: Final = b"PK\x07\x08"
_SIGNING: Final = b"APK Sig Block 42"
_MOST: Final = 200_000
#: The end record begins within this much of the end: its length, and a comment.
_WITHIN: Final = 22 + 0xFFFF
_MORE: Final = 0xFFFFFFFF


@dataclass(frozen=True)
class _End:
    """The end record: where it begins and ends, the directory's place, and what all offsets in it are short by."""

    at: int
    behind: int
    start: int
    size: int
    shift: int


def walk(data: Octets, trace: Trace) -> None:
    """The whole file."""
    end = _end(data)
    known = [(end.at, end.behind), (end.start, end.start + end.size)]
    known += _end64(data, end.at)
    if end.shift:
        trace.hidden("before the beginning", data, data.start, data.start + end.shift, "before the archive's beginning")
        known.append((data.start, data.start + end.shift))
    known += _members(data, trace, end)
    known += _signing(data, end.start)
    if end.behind - end.at > 22:
        blocks.text("comment", data.part(end.at + 22, end.behind), trace, "in the archive's comment")
    for start, behind in gaps(known, data.start, end.behind):
        if data.head(start, 4) == _LOCAL:
            trace.hidden("between members", data, start, behind, "of a member that the directory does not list")
        else:
            trace.leftover("between members", data, start, behind, "between members or before the directory")
    trace.leftover("after the end", data, end.behind, data.end, "behind the archive's end record")


def _end(data: Octets) -> _End:
    """The last end record whose directory stands where it says."""
    at = data.end
    for _ in range(64):
        at = data.buffer.rfind(_END, data.start, at)
        if at < 0:
            break
        try:
            found = _read_end(data, at)
        except BrokenError:
            continue
        if found is not None:
            return found
    raise BrokenError(data.end, "the archive has no end record")


def _read_end(data: Octets, at: int) -> _End | None:
    size, offset, comment = data.number(at + 12, "<I"), data.number(at + 16, "<I"), data.number(at + 20, "<H")
    behind = at
    for start, end in _end64(data, at):
        if data.head(start, 4) == _END64:
            size, offset, behind = data.number(start + 40, "<Q"), data.number(start + 48, "<Q"), start
        elif end == at and behind == at:
            behind = start
    start = behind - size
    # Normally the directory stands where it is said to; data before the archive moves it without its knowing.
    if data.head(data.start + offset, 4) == _CENTRAL or (size == 0 and offset + data.start <= at):
        start = data.start + offset
    elif start < data.start or data.head(start, 4) != _CENTRAL:
        return None
    if at + 22 + comment > data.end:
        return None
    return _End(at, at + 22 + comment, start, size, max(start - data.start - offset, 0))


def _end64(data: Octets, at: int) -> list[tuple[int, int]]:
    if data.head(at - 20, 4) != _LOCATOR or at - 20 < data.start:
        return []
    spans, place = [(at - 20, at)], data.start + data.number(at - 12, "<Q")
    if data.head(place, 4) != _END64:
        place = at - 76
    if place >= data.start and data.head(place, 4) == _END64:
        spans.append((place, min(place + 12 + data.number(place + 4, "<Q"), at - 20)))
    return spans


def _members(data: Octets, trace: Trace, end: _End) -> list[tuple[int, int]]:
    spans, at = [], end.start
    for _ in range(_MOST):
        if at + 46 > end.start + end.size or data.head(at, 4) != _CENTRAL:
            break
        name, extra, comment = (data.number(at + place, "<H") for place in (28, 30, 32))
        fields = data.part(at + 46 + name, at + 46 + name + extra)
        sizes = _sizes(data, fields, at)
        if comment:
            where = data.part(fields.end, fields.end + comment)
            blocks.text("comment", where, trace, "in a member's comment")
        trace.opaque("extra field", fields, fields.start, fields.end, "in a member's extra field")
        spans.append(_member(data, trace, data.start + end.shift + sizes[2], sizes, data.number(at + 8, "<H")))
        at = fields.end + comment
    if at < end.start + end.size and data.head(at, 4) != b"PK\x05\x05":
        trace.leftover("directory", data, at, end.start + end.size, "in the directory that are no entry")
    return spans


def _sizes(data: Octets, fields: Octets, at: int) -> tuple[int, int, int]:
    """A member's packed size, full size and offset, from the zip64 field where they are too large for the entry."""
    packed, full, offset = (data.number(at + place, "<I") for place in (20, 24, 42))
    place = fields.start
    while place + 4 <= fields.end:
        kind, size = data.number(place, "<H"), data.number(place + 2, "<H")
        if kind == 1:
            inner = iter(range(place + 4, min(place + 4 + size, fields.end) - 7, 8))
            full = data.number(next(inner, place), "<Q") if full == _MORE else full
            packed = data.number(next(inner, place), "<Q") if packed == _MORE else packed
            offset = data.number(next(inner, place), "<Q") if offset == _MORE else offset
            break
        place += 4 + size
    return packed, full, offset


def _member(data: Octets, trace: Trace, at: int, sizes: tuple[int, int, int], flags: int) -> tuple[int, int]:
    if data.head(at, 4) != _LOCAL:
        raise BrokenError(min(at, data.end), "the directory lists a member that is not there")
    name, extra = data.number(at + 26, "<H"), data.number(at + 28, "<H")
    body = at + 30 + name + extra
    trace.opaque("extra field", data, at + 30 + name, min(body, data.end), "in a member's extra field")
    end = body + sizes[0]
    if end > data.end:
        raise BrokenError(data.end, "the file ends within a member")
    if flags & 8:
        end += _descriptor(data, end, sizes)
    return at, end


def _descriptor(data: Octets, at: int, sizes: tuple[int, int, int]) -> int:
    """Bytes of the data descriptor behind a member: with or without its signature, sizes of 4 or 8 bytes."""
    skip = 4 if data.head(at, 4) == _DESCRIPTOR else 0
    for width, length in ((4, 12), (8, 20)):
        told = data.head(at + skip + 4, 2 * width)
        said = b"".join((size % 256**width).to_bytes(width, "little") for size in sizes[:2])
        if told == said:
            return skip + length
    return 0


def _signing(data: Octets, directory: int) -> list[tuple[int, int]]:
    if directory - data.start < 32 or data.head(directory - 16, 16) != _SIGNING:
        return []
    size = data.number(directory - 24, "<Q")
    start = directory - size - 8
    whole = start >= data.start and data.number(start, "<Q") == size
    return [(start, directory)] if whole else []


FORMAT = Format(
    name="zip",
    title="ZIP archive, and Office documents that are one (OOXML, OpenDocument)",
    group=Group.ARCHIVE,
    names=frozenset({"zip", "jar", "apk", "whl", "docx", "docm", "dotx", "xlsx", "xlsm", "xltx", "xlsb", "pptx",
        "pptm", "ppsx", "potx", "vsdx", "odt", "ods", "odp", "odg", "ott", "epub"}),
    looked_at="before the first member, between members, in extra fields and comments, members that the directory "
    "does not list, behind the end record",
    sniff=lambda head: head[:4] in {_LOCAL, _END} or (0 < len(head) < 4 and _LOCAL.startswith(head)),
    walk=walk,
    begun=lambda data: data.buffer.rfind(_END, max(data.end - _WITHIN, 0)) >= 0,
)  # fmt: skip
