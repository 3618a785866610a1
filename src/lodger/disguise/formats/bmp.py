"""BMP: headers, colour table, a gap, pixels, a profile, and what stands behind them (Microsoft, 'Bitmap Storage')."""

from __future__ import annotations

from typing import Final

from lodger.disguise import tails
from lodger.disguise.form import Format, Group
from lodger.disguise.octets import BrokenError, Octets
from lodger.disguise.tiff import gaps
from lodger.disguise.trace import Trace

_CORE: Final = 12
_HEADERS: Final = frozenset({_CORE, 16, 40, 52, 56, 64, 108, 124})
_MASKS: Final = {3: 12, 6: 16}  # bytes behind a header of 40, by compression
_PLAIN: Final = frozenset({0, 3, 6})


def walk(data: Octets, trace: Trace) -> None:
    """The whole file."""
    header = data.number(data.start + 14, "<I")
    pixels = data.start + data.number(data.start + 10, "<I")
    if pixels < data.start + 14 + header or pixels > data.end:
        raise BrokenError(data.start + 10, "the pixels do not lie within the file")
    used, whole = _colours(data, header)
    table = data.start + 14 + header
    known = [(data.start, table + max(used, whole))]
    if used < whole:
        # A table may be whole although fewer colours are said to be used; what is no colour then is no noise either.
        trace.opaque("gap", data, table + used, pixels, "of the colour table that no pixel uses")
    end = min(pixels + _pixels(data, header, pixels), data.end + 1)
    if end > data.end:
        trace.malformed(data.end, "the file ends within the pixels")
        end = data.end
    known.append((pixels, end))
    trace.image = (pixels, end)
    if header == 124:
        profile, size = data.number(data.start + 126, "<I"), data.number(data.start + 130, "<I")
        if profile and size:
            known.append((data.start + 14 + profile, data.start + 14 + profile + size))
    for start, behind in gaps(known, data.start, end):
        trace.leftover("gap", data, start, behind, "between header and pixels")
    # A file may be longer than its pixels need by the size that it says itself, in zeros; anything else is told.
    tails.check(data, trace, end, known, "the pixels")


def _colours(data: Octets, header: int) -> tuple[int, int]:
    """Bytes of masks and colour table: of as many colours as are used, and of all that pixels can name."""
    if header in {_CORE, 16}:
        bits = data.number(data.start + (24 if header == _CORE else 28), "<H")
        whole = (3 if header == _CORE else 4) << bits if bits <= 8 else 0
        return whole, whole
    bits, packing = data.number(data.start + 28, "<H"), data.number(data.start + 30, "<I")
    used = data.number(data.start + 46, "<I")
    masks = _MASKS.get(packing, 0) if header == 40 else 0
    full = 1 << bits if bits <= 8 else 0
    # Deep pictures may bring a table as advice.
    return masks + 4 * min(used or full, 256), masks + 4 * full


def _pixels(data: Octets, header: int, start: int) -> int:
    if header == _CORE:
        width, height, bits = (data.number(data.start + at, "<H") for at in (18, 20, 24))
        return (width * bits + 31) // 32 * 4 * height
    width, height = data.number(data.start + 18, "<i"), abs(data.number(data.start + 22, "<i"))
    bits = data.number(data.start + 28, "<H")
    packing, size = (0, 0) if header == 16 else (data.number(data.start + 30, "<I"), data.number(data.start + 34, "<I"))
    if width <= 0 or height == 0 or bits > 64:
        raise BrokenError(data.start + 18, f"a picture of {width} by {height} pixels of {bits} bits")
    if packing in _PLAIN:
        return (width * bits + 31) // 32 * 4 * height
    return size or data.end - start


FORMAT = Format(
    name="bmp",
    title="BMP picture",
    group=Group.PICTURE,
    names=frozenset({"bmp", "dib"}),
    looked_at="between header and pixels, behind the pixels",
    sniff=lambda head: head[:2] == b"BM" and (len(head) < 18 or int.from_bytes(head[14:18], "little") in _HEADERS),
    walk=walk,
    begun=lambda data: data.head(0, 2) == b"BM",
)
