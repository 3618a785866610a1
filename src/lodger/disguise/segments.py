"""JPEG's comments and application segments, each told by the structure that it claims.

Sources: JFIF 1.02; EXIF 2.32; XMP part 3; ICC.1:2022 annex B.4; CIPA DC-007 (MPF); ISO/IEC 19566-5 (APP11); Adobe
technical note 5116 (APP14). Any other segment may be what it likes, except noise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from lodger.disguise import blocks, tiff
from lodger.disguise.octets import BrokenError, Octets
from lodger.disguise.trace import Trace

_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_EXTENDED = b"http://ns.adobe.com/xmp/extension/\0"
_COMMENT = 0xFE
_IMAGES = 0xB002
_MOST_PICTURES = 64
_MOST_PARTS = 255


@dataclass
class Profiles:
    """What one picture's segments say together: parts of a colour profile, further pictures, the EXIF structure."""

    icc: list[tuple[int, int, int]] = field(default_factory=list)
    pictures: list[tuple[int, int]] = field(default_factory=list)
    exif: tiff.Tiff | None = None

    def check(self, data: Octets, trace: Trace) -> None:
        """The profile's parts put together are a profile."""
        if self.icc:
            parts = [data.part(start, end) for _, start, end in sorted(self.icc)[:_MOST_PARTS]]
            blocks.icc("segment", parts, trace, "in application segment 2")


def application(code: int, body: Octets, trace: Trace, profiles: Profiles) -> Iterator[tuple[int, int]]:
    """Tell the trace what is odd in a segment; yields pictures within it, each (start, end)."""
    where = "in a comment" if code == _COMMENT else f"in application segment {code - 0xE0}"
    head = body.head(body.start, 40)
    for marker, mark, check in _FORMS:
        if marker == code and head.startswith(mark):
            yield from check(body, trace, profiles, where)
            return
    trace.opaque("segment", body, body.start, body.end, f"{where}, whose form is not known,")


_Spans = tuple[tuple[int, int], ...]


def _comment(body: Octets, trace: Trace, _: Profiles, where: str) -> _Spans:
    blocks.text("comment", body, trace, where)
    return ()


def _jfif(body: Octets, trace: Trace, _: Profiles, where: str) -> _Spans:
    end = body.start + 14 + 3 * body.number(body.start + 12, ">B") * body.number(body.start + 13, ">B")
    trace.leftover("segment", body, min(end, body.end), body.end, f"{where} behind the JFIF header")
    return ()


def _exif(body: Octets, trace: Trace, profiles: Profiles, where: str) -> _Spans:
    inner = body.part(min(body.start + 6, body.end), body.end)
    profiles.exif = profiles.exif or tiff.opened(inner)
    return tiff.check(inner, trace, where)


def _xmp(body: Octets, trace: Trace, _: Profiles, where: str) -> _Spans:
    blocks.xmp("segment", body.part(body.start + len(_XMP), body.end), trace, where)
    return ()


def _extended(body: Octets, trace: Trace, _: Profiles, where: str) -> _Spans:
    text = min(body.start + len(_EXTENDED) + 40, body.end)  # behind digest, length and offset
    blocks.xmp("segment", body.part(text, body.end), trace, where)
    return ()


def _profile(body: Octets, _: Trace, profiles: Profiles, __: str) -> _Spans:
    profiles.icc.append((body.number(body.start + 12, ">B"), min(body.start + 14, body.end), body.end))
    return ()


def _index(body: Octets, trace: Trace, profiles: Profiles, where: str) -> _Spans:
    inner = body.part(body.start + 4, body.end)
    if len(profiles.pictures) < _MOST_PICTURES:
        profiles.pictures += list(_pictures(inner))
    return tiff.check(inner, trace, where)


def _boxes(body: Octets, trace: Trace, _: Profiles, where: str) -> _Spans:
    """A part of a row of boxes; what a part but the first begins with is the middle of one."""
    if body.head(body.start + 12, 4) != b"jumb":
        trace.opaque("segment", body, min(body.start + 2, body.end), body.end, where)
    return ()


def _photoshop(body: Octets, trace: Trace, _: Profiles, where: str) -> _Spans:
    blocks.photoshop("segment", body.part(body.start + 14, body.end), trace, where)
    return ()


def _adobe(body: Octets, trace: Trace, _: Profiles, where: str) -> _Spans:
    trace.opaque("segment", body, min(body.start + 12, body.end), body.end, f"{where} behind its 12 bytes")
    return ()


_Check = Callable[[Octets, Trace, Profiles, str], _Spans]
_FORMS: tuple[tuple[int, bytes, _Check], ...] = (
    (_COMMENT, b"", _comment),
    (0xE0, b"JFIF\0", _jfif),
    (0xE1, b"Exif\0", _exif),
    (0xE1, _XMP, _xmp),
    (0xE1, _EXTENDED, _extended),
    (0xE2, b"ICC_PROFILE\0", _profile),
    (0xE2, b"MPF\0", _index),
    (0xEB, b"JP", _boxes),
    (0xED, b"Photoshop 3.0\0", _photoshop),
    (0xEE, b"Adobe", _adobe),
)


def _pictures(data: Octets) -> Iterator[tuple[int, int]]:
    """Where the further pictures lie that an MPF index names."""
    index = tiff.opened(data)
    if index is None:
        return
    try:
        for _, _, entries in tiff.directories(index):
            for each in entries:
                if each.tag != _IMAGES:
                    continue
                for at in range(each.at, each.at + min(each.length // 16, _MOST_PICTURES) * 16, 16):
                    size, offset = index.number(at + 4, "I"), index.number(at + 8, "I")
                    if offset:
                        yield index.base + offset, index.base + offset + size
    except BrokenError:
        return
