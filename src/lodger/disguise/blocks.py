"""Blocks of metadata that several formats carry, each checked by its own structure.

Sources: ICC.1:2022 7.2 (profile header); XMP part 1 7.3 (packet) and part 3 (embedding); Photoshop file formats
specification, 'Image resource blocks'; ISO/IEC 19566-5 (JUMBF boxes, which C2PA uses).
"""

from __future__ import annotations

import re
from typing import Final

from lodger.disguise import noise
from lodger.disguise.octets import Octets
from lodger.disguise.trace import Trace

_CONTROL: Final = re.compile(rb"[\0-\x08\x0b\x0c\x0e-\x1f\x7f]")


def is_text(content: bytes) -> bool:
    """Whether people could have written it: UTF-8, UTF-16 or an 8-bit character set, with hardly a control code."""
    bare = content.strip(b"\0")
    if len(_CONTROL.findall(bare)) * 50 <= len(bare):
        try:
            bare.decode()
        except UnicodeDecodeError:
            return noise.noise(bare) is None
        return True
    for coding in ("utf-16-le", "utf-16-be"):
        try:
            told = content[: len(content) & ~1].decode(coding)
        except UnicodeDecodeError:
            continue
        if sum(char.isprintable() and ord(char) < 0x3000 for char in told) * 10 >= len(told) * 9:
            return True
    return False


def text(kind: str, data: Octets, trace: Trace, where: str) -> None:
    """A comment: text, or at least no noise."""
    size = data.end - data.start
    head = data.head(data.start, 4 * 1024**2)
    if size < 16 or is_text(head) or (size < noise.LEAST and noise.entropy(noise.counts(head)) <= 3):
        return
    if noise.noise(head) or noise.is_random(head) or b"\0" not in head.strip(b"\0"):
        trace.hidden(kind, data, data.start, data.end, f"{where} that are no text")


def xmp(kind: str, data: Octets, trace: Trace, where: str) -> None:
    """An XMP packet: text to its end."""
    head = data.head(data.start, 4 * 1024**2)
    if _CONTROL.search(head.rstrip(b"\0")) or noise.noise(head):
        found = noise.noise(head)
        start, end = (data.start, data.end) if found is None else (data.start + found[0], data.start + found[1])
        if found is not None or not is_text(head):
            trace.hidden(kind, data, start, end, f"{where}, which should be XMP, are no text")


def icc(kind: str, parts: list[Octets], trace: Trace, where: str, content: bytes | None = None) -> None:
    """A colour profile, in one part or several: it says its own length. ``content`` is what it is unpacked."""
    profile = b"".join(each.head(each.start, each.end - each.start) for each in parts) if content is None else content
    said = int.from_bytes(profile[:4], "big")
    behind, last = len(profile) - said, parts[-1]
    if profile[36:40] != b"acsp":
        for each in parts:
            trace.opaque(kind, each, each.start, each.end, f"{where}, which hold no colour profile,")
    elif behind >= 16 and profile[said:].strip(b"\0"):
        trace.hidden(
            kind, last, max(last.end - behind, last.start), last.end, f"{where} behind the colour profile's end"
        )


def photoshop(kind: str, data: Octets, trace: Trace, where: str) -> None:
    """Image resource blocks, ``8BIM`` one behind the other to the end."""
    at = data.start
    while at + 12 <= data.end:
        if data.head(at, 4) not in {b"8BIM", b"MeSa", b"AgHg", b"PHUT", b"DCSR"}:
            break
        name = data.number(at + 6, ">B")
        body = at + 6 + (name + 2) // 2 * 2
        if body + 4 > data.end:
            break
        size = data.number(body, ">I")
        if body + 4 + size > data.end:
            break
        _resource(kind, data.part(body + 4, body + 4 + size), trace, data.number(at + 4, ">H"), where)
        at = body + 4 + size + size % 2
    if at < data.end:
        trace.opaque(kind, data, at, data.end, f"{where} behind the last whole image resource")


def _resource(kind: str, data: Octets, trace: Trace, number: int, where: str) -> None:
    if number == 0x0409 or (number == 0x040C and data.head(data.start + 28, 2) == b"\xff\xd8"):
        return  # a thumbnail: 28 bytes of header, then pixels or a picture
    if number == 0x040F:
        icc(kind, [data], trace, where)
    elif number == 0x0424:
        xmp(kind, data, trace, where)
    else:
        trace.opaque(kind, data, data.start, data.end, f"{where}, image resource 0x{number:04X},")


def jumbf(kind: str, data: Octets, trace: Trace, where: str) -> None:
    """Boxes, one behind the other to the end; ``data`` begins with the first box."""
    at = data.start
    for _ in range(10_000):
        if at + 8 > data.end:
            break
        size, label = data.number(at, ">I"), data.head(at + 4, 4)
        if size < 8 or at + size > data.end or not label.isalnum():
            break
        at += size
    trace.leftover(kind, data, at, data.end, f"{where} behind the last whole box")
