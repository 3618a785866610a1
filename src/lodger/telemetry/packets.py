"""The packets of a capture file: pcap in both byte orders and resolutions, and pcapng.

After draft-ietf-opsawg-pcap and draft-ietf-opsawg-pcapng. Only the framing is read here: what a packet says is for the
meter. Nothing in a file is believed: a length that cannot be ends the reading where nothing tells the next packet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from struct import Struct
from typing import BinaryIO, Final, NamedTuple

from lodger.model.telemetry import Aside
from lodger.telemetry.reader import RAW

#: The longest packet that is believed, in bytes (libpcap's own bound), and the longest block of pcapng.
LONGEST: Final = 256 * 1024
LONGEST_BLOCK: Final = 16 * 1024 * 1024

_SWAPPED: Final = {b"\xd4\xc3\xb2\xa1": ("<", 1), b"\x4d\x3c\xb2\xa1": ("<", 1000)}
_PLAIN: Final = {b"\xa1\xb2\xc3\xd4": (">", 1), b"\xa1\xb2\x3c\x4d": (">", 1000)}
_CLASSIC: Final = {**_SWAPPED, **_PLAIN}
_SECTION: Final = b"\n\r\r\n"
_ORDER: Final = {b"\x4d\x3c\x2b\x1a": "<", b"\x1a\x2b\x3c\x4d": ">"}
_MOST_INTERFACES: Final = 65_536
_MICRO: Final = 1_000_000


class Packet(NamedTuple):
    """One packet: its ordinal in the file from 1, its link type, its time (microseconds since 1970, UTC), its length
    on the wire, and what was captured of it.
    """

    number: int
    link: int
    micros: int
    length: int
    data: bytes


#: What a capture holds: packets, packets that cannot be used, and last the reason why reading stops before the end.
Frame = Packet | Aside | str


def is_capture(head: bytes) -> bool:
    """Whether a file that begins with ``head`` is a capture."""
    if head[:4] in _CLASSIC:
        order = _CLASSIC[head[:4]][0]
        return len(head) >= 8 and int.from_bytes(head[4:6], "little" if order == "<" else "big") in {1, 2}
    return head[:4] == _SECTION and head[8:12] in _ORDER


def frames(path: Path) -> Iterator[Frame]:
    """The packets of a capture, in the order of the file; damage as :data:`Frame` says. Raises :class:`OSError`."""
    with path.open("rb") as file:
        magic = file.read(4)
        if magic in _CLASSIC:
            yield from _classic(file, *_CLASSIC[magic])
        else:
            file.seek(0)
            yield from _blocks(file)


def _classic(file: BinaryIO, order: str, per_micro: int) -> Iterator[Frame]:
    header = file.read(20)
    if len(header) < 20:
        yield "the capture ends inside its header"
        return
    # the upper bits of the link type say how long the frame check is
    link = Struct(order + "I").unpack_from(header, 16)[0] & 0xFFFF
    lead = Struct(order + "IIII")
    number = 0
    while head := file.read(16):
        number += 1
        if len(head) < 16:
            yield f"the capture ends inside packet {number:,}: read up to there"
            return
        seconds, fraction, captured, length = lead.unpack(head)
        if captured > LONGEST:
            yield f"packet {number:,} claims to be {captured:,} bytes long: read up to there"
            return
        data = file.read(captured)
        if len(data) < captured:
            yield f"the capture ends inside packet {number:,}: read up to there"
            return
        yield Packet(number, link, seconds * _MICRO + fraction // per_micro, length, data)


@dataclass
class _Interface:
    """Where pcapng's packets come from: link type, clock ticks per second, and seconds to add."""

    link: int
    ticks: int = _MICRO
    offset: int = 0

    def micros(self, ticks: int) -> int:
        if self.ticks == _MICRO:
            return ticks + self.offset * _MICRO
        return ticks * _MICRO // self.ticks + self.offset * _MICRO


@dataclass
class _Section:
    """What a section of pcapng has said so far."""

    order: str
    interfaces: list[_Interface] = field(default_factory=list)

    def describe(self, body: bytes) -> None:
        """Take an interface description."""
        if len(body) < 8 or len(self.interfaces) >= _MOST_INTERFACES:
            return
        interface = _Interface(Struct(self.order + "H").unpack_from(body)[0])
        at = 8
        option = Struct(self.order + "HH")
        while at + 4 <= len(body):
            code, size = option.unpack_from(body, at)
            value = body[at + 4 : at + 4 + size]
            at += 4 + (size + 3 & ~3)
            if code == 9 and len(value) == 1:  # if_tsresol: a power of ten or, with the top bit, of two
                interface.ticks = 2 ** (value[0] & 0x7F) if value[0] & 0x80 else 10 ** value[0]
            elif code == 14 and len(value) == 8:  # if_tsoffset
                interface.offset = Struct(self.order + "q").unpack(value)[0]
        self.interfaces.append(interface)

    def packet(self, number: int, kind: int, body: bytes) -> Packet | Aside:
        """The packet of an enhanced (6), old (2) or simple (3) packet block."""
        if kind == 3:
            return Aside(number, "a packet without a time (simple packet block)", body[:RAW])
        if len(body) < 20:
            return Aside(number, "a packet block shorter than its header", body[:RAW])
        lead = "IIIII" if kind == 6 else "HxxIIII"
        which, high, low, captured, length = Struct(self.order + lead).unpack_from(body)
        if which >= len(self.interfaces):
            return Aside(number, f"its interface {which} is not described", body[:RAW])
        if captured > min(len(body) - 20, LONGEST):
            return Aside(number, f"claims {captured:,} bytes, its block has {len(body) - 20:,}", body[:RAW])
        interface = self.interfaces[which]
        return Packet(number, interface.link, interface.micros(high << 32 | low), length, body[20 : 20 + captured])


def _blocks(file: BinaryIO) -> Iterator[Frame]:
    section = _Section("<")
    number = 0
    while head := file.read(12):
        if head[:4] == _SECTION:
            if len(head) == 12 and head[8:] not in _ORDER:
                yield f"after packet {number:,} a section begins without a byte order: read up to there"
                return
            section = _Section(_ORDER.get(head[8:], "<"))
        kind, total = Struct(section.order + "II").unpack_from(head.ljust(12, b"\0"))
        if len(head) == 12 and (total < 12 or total % 4 or total > LONGEST_BLOCK):
            yield f"after packet {number:,} a block claims to be {total:,} bytes long: read up to there"
            return
        rest = file.read(max(total - 12, 0))
        if len(head) < 12 or len(rest) < total - 12:
            yield f"the capture ends inside a block after packet {number:,}: read up to there"
            return
        body = head[8:] + rest[:-4]
        if kind == 1:
            section.describe(body)
        elif kind in {2, 3, 6}:
            number += 1
            yield section.packet(number, kind, body)
