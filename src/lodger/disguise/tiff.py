"""EXIF and MPF data: the directories of a TIFF structure (TIFF 6.0, section 2; EXIF 2.32; CIPA DC-007).

What counts as accounted for: the header, every directory, and every value, strip and thumbnail that an entry points
to. Cameras leave gaps between them, so a gap is a finding only where it holds noise.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from lodger.disguise.octets import BrokenError, Octets
from lodger.disguise.trace import Trace

_SIZES: Final = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_DIRECTORIES: Final = frozenset({0x8769, 0x8825, 0xA005, 0x014A})
#: Tags whose value has a form of its own that only its maker knows, and often random by encryption: maker notes, a
#: converter's private data, a colour profile.
_OWN: Final = frozenset({0x927C, 0xC634, 0x8773})
_ENTRY: Final = {order: struct.Struct(f"{order}HHII") for order in "<>"}
_STARTS: Final = {0x0111: 0x0117, 0x0144: 0x0145, 0x0201: 0x0202}
_PLACES: Final = frozenset({*_STARTS, *_STARTS.values()})
_MOST: Final = 64  # directories
_MOST_ENTRIES: Final = 4096  # in all


class Entry(NamedTuple):
    """A directory's entry: ``number`` values at ``at`` in the file, ``length`` bytes together."""

    tag: int
    form: int
    number: int
    at: int
    length: int


@dataclass(frozen=True)
class Tiff:
    """A TIFF structure: the file's bytes, from ``base``; ``order`` is struct's sign of the byte order."""

    data: Octets
    base: int
    order: str

    def number(self, at: int, form: str) -> int:
        """An integer of the file's byte order, at an offset in the file."""
        return self.data.number(at, self.order + form)

    def values(self, entry: Entry, most: int = 1024) -> Iterator[int]:
        """The numbers of an entry of shorts or longs."""
        if entry.form not in {3, 4, 13}:
            return
        form, size = ("H", 2) if entry.form == 3 else ("I", 4)
        for at in range(min(entry.number, most)):
            yield self.number(entry.at + size * at, form)


def opened(data: Octets) -> Tiff | None:
    """The TIFF structure that begins where ``data`` does, or None where none does."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(data.head(data.start, 4))
    return None if order is None else Tiff(data, data.start, order)


def directories(tiff: Tiff) -> Iterator[tuple[int, int, tuple[Entry, ...]]]:
    """Every directory as (start, end, entries); those that cannot be read whole are left out."""
    pending, seen, left = [tiff.base + tiff.number(tiff.base + 4, "I")], set[int](), _MOST_ENTRIES
    while pending and len(seen) < _MOST and left > 0:
        at = pending.pop(0)
        if at in seen or at == tiff.base:
            continue
        seen.add(at)
        try:
            count = tiff.number(at, "H")
            entries = _entries(tiff, at + 2, min(count, left))
            following = at + 2 + 12 * count
            left -= count
            if following + 4 <= tiff.data.end and (after := tiff.number(following, "I")):
                pending.append(tiff.base + after)
            for each in entries:
                if each.tag in _DIRECTORIES:
                    pending += [tiff.base + value for value in tiff.values(each, 16)]
        except BrokenError:
            continue
        yield at, min(following + 4, tiff.data.end), entries


def _entries(tiff: Tiff, at: int, count: int) -> tuple[Entry, ...]:
    found, place, base = [], at + 8, tiff.base
    for tag, form, number, value in _ENTRY[tiff.order].iter_unpack(tiff.data.take(at, 12 * count)):
        length = _SIZES.get(form, 1) * number
        found.append(Entry(tag, form, number, place if length <= 4 else base + value, length))
        place += 12
    return tuple(found)


def check(data: Octets, trace: Trace, where: str) -> tuple[tuple[int, int], ...]:
    """Tell the trace of noise in what no entry accounts for, and in values that are no maker's own.

    Gives the thumbnails, each (start, end). Damage is let pass: programs that change a picture leave wrong offsets.
    """
    tiff = opened(data)
    if tiff is None:
        trace.opaque("segment", data, data.start, data.end, f"{where}, which holds no TIFF structure,")
        return ()
    claimed, thumbnails = [(data.start, data.start + 8)], list[tuple[int, int]]()
    judged: list[tuple[int, int, int]] = []
    try:
        for start, end, entries in directories(tiff):
            claimed.append((start, end))
            values = [each for each in entries if each.length > 4 and data.start <= each.at <= data.end - each.length]
            claimed += [(each.at, each.at + each.length) for each in values]
            judged += [(each.at, each.at + each.length, each.tag) for each in values if _is_plain(each)]
            previews = list(_pointed(tiff, entries))
            claimed += previews
            thumbnails += [span for span in previews if data.head(span[0], 2) == b"\xff\xd8"]
    except BrokenError:
        pass  # the beginning is cut off; what there is is searched as one gap
    reached = data.start
    for start, end, tag in sorted(judged):  # values may lie upon each other: each byte is looked at once
        trace.opaque("segment", data, max(start, reached), max(end, reached), f"{where}, tag 0x{tag:04X},")
        reached = max(reached, end)
    for start, end in gaps(claimed, data.start, data.end):
        trace.opaque("segment", data, start, end, f"{where} that no entry points to")
    return tuple(thumbnails)


def _is_plain(entry: Entry) -> bool:
    return entry.form in {1, 2, 6, 7} and entry.tag not in _OWN


def _pointed(tiff: Tiff, entries: tuple[Entry, ...]) -> Iterator[tuple[int, int]]:
    by_tag = {each.tag: each for each in entries if each.tag in _PLACES}
    for start, length in _STARTS.items():
        if start in by_tag and length in by_tag:
            for at, size in zip(tiff.values(by_tag[start]), tiff.values(by_tag[length]), strict=False):
                if size > 0 and tiff.base + at + size <= tiff.data.end:
                    yield tiff.base + at, tiff.base + at + size


def gaps(spans: list[tuple[int, int]], start: int, end: int) -> Iterator[tuple[int, int]]:
    """What lies between ``start`` and ``end`` in none of the spans."""
    at = start
    for first, behind in sorted(spans):
        if first > at:
            yield at, min(first, end)
        at = max(at, behind)
        if at >= end:
            return
    if at < end:
        yield at, end
