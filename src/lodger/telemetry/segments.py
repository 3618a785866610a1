"""The TCP segment in a captured packet: link layers, IPv4 and IPv6, TCP (RFC 791, 8200, 9293).

Read are Ethernet with any VLAN tags (IEEE 802.1Q, 802.1ad), raw IP, Linux cooked (both versions), BSD loopback; and
within IP: IP (RFC 2003, 2473, 4213), GRE (RFC 2784, 2890; draft-foschiano-erspan) and VXLAN (RFC
7348), some deep.
"""

from __future__ import annotations

from ipaddress import ip_address
from struct import Struct
from typing import Final, NamedTuple

from lodger.telemetry.fragments import Fragments

FIN: Final = 1
SYN: Final = 2
RST: Final = 4
ACK: Final = 16

_ETHERNET: Final = 1
_TAGS: Final = frozenset({b"\x81\x00", b"\x88\xa8", b"\x91\x00"})
_MOST_TAGS: Final = 8
_IP: Final = frozenset({b"\x08\x00", b"\x86\xdd"})
#: Link type -> where its Ethernet type stands, and where the packet begins.
_COOKED: Final = {113: (14, 16), 276: (0, 20)}
#: Link type -> where the IP packet begins.
_PLAIN: Final = {0: 4, 108: 4, 12: 0, 14: 0, 101: 0, 228: 0, 229: 0}
#: The link types in which segments are found.
LINKS: Final = frozenset({_ETHERNET, *_COOKED, *_PLAIN})

_TCP: Final = 6
_UDP: Final = 17
_GRE: Final = 47
_WITHIN: Final = frozenset({4, 41})
#: Of tunnels within tunnels, so many are entered.
DEEPEST: Final = 4
#: What GRE carries besides IP: Ethernet, and Ethernet that a switch mirrors (ERSPAN, with 8 bytes more if numbered).
_BRIDGED: Final = 0x6558
_MIRRORED: Final = 0x88BE
_VXLAN_PORT: Final = 4789
_FRAGMENT: Final = 44
_AUTHENTICATION: Final = 51
_EXTENSIONS: Final = frozenset({0, 43, 60, 135, _AUTHENTICATION})
_MOST_EXTENSIONS: Final = 16
_LEAD: Final = Struct(">IIBB")


class Segment(NamedTuple):
    """A segment: ``ends`` names sender and receiver (see :func:`addresses`)."""

    ends: bytes
    sequence: int
    flags: int
    payload: bytes


class Packets:
    """Finds the segments of one capture's packets. What it keeps are fragments, in bounded memory."""

    def __init__(self) -> None:
        self._fragments = Fragments()
        self._micros = 0

    def segment(self, link: int, data: bytes, micros: int) -> Segment | None:
        """The TCP segment in a packet of this link type and time (microseconds), or that it makes whole; None where
        there is none, or not the whole of its header.
        """
        at = _network(link, data)
        if at is None:
            return None
        self._micros = micros
        return self._packet(data, at, DEEPEST)

    def _packet(self, data: bytes, at: int, deep: int) -> Segment | None:
        if len(data) < at + 20:
            return None
        version = data[at] >> 4
        if version == 4:
            return self._ipv4(data, at, deep)
        return self._ipv6(data, at, deep) if version == 6 and len(data) >= at + 40 else None

    def _ipv4(self, data: bytes, at: int, deep: int) -> Segment | None:
        kind, ends = data[at + 9], data[at + 12 : at + 20]
        head = (data[at] & 15) * 4
        # what stands behind the packet is padding; a network card that cuts packets itself is given those of length 0
        end = at + (data[at + 2] << 8 | data[at + 3] or len(data) - at)
        if head < 20:
            return None
        if not (data[at + 6] & 0x3F or data[at + 7]):
            return self._content(kind, data, (at + head, end), ends, deep)
        if end > len(data):
            return None
        place = (data[at + 6] & 0x1F) << 11 | data[at + 7] << 3, data[at + 6] & 0x20 > 0
        key = ends + data[at + 4 : at + 6] + bytes((kind,))
        whole = self._fragments.join(key, place, data[at + head : end], self._micros)
        return None if whole is None else self._content(kind, whole, (0, len(whole)), ends, deep)

    def _ipv6(self, data: bytes, at: int, deep: int) -> Segment | None:
        end = at + 40 + (data[at + 4] << 8 | data[at + 5] or len(data) - at - 40)
        ends = data[at + 8 : at + 40]
        kind, place = _behind_extensions(data[at + 6], data, at + 40)
        if kind != _FRAGMENT or place + 8 > len(data):
            return self._content(kind, data, (place, end), ends, deep)
        kind, where = data[place], data[place + 2] << 8 | data[place + 3]
        whole: bytes | None = data[place + 8 : end]
        if where & 0xFFF9:  # else it is the only fragment of its datagram
            if end > len(data):
                return None
            key = ends + data[place + 4 : place + 8] + bytes((kind,))
            whole = self._fragments.join(key, (where & 0xFFF8, where & 1 > 0), data[place + 8 : end], self._micros)
        if whole is None:
            return None
        kind, place = _behind_extensions(kind, whole, 0)
        return self._content(kind, whole, (place, len(whole)), ends, deep)

    def _content(self, kind: int, data: bytes, span: tuple[int, int], ends: bytes, deep: int) -> Segment | None:
        """The segment in what a datagram carries, ``span`` of the data, by its protocol."""
        if kind == _TCP:
            return _segment(data, span[0], span[1], ends)
        if deep == 0:
            return None
        if kind == _UDP and int.from_bytes(data[span[0] + 2 : span[0] + 4]) == _VXLAN_PORT:
            carried = data[span[0] + 8 : span[1]]
            return self._bridged(carried[8:], deep - 1) if carried and carried[0] & 0x08 else None
        if kind == _GRE:
            return self._gre(data[span[0] : span[1]], deep - 1)
        return self._packet(data[span[0] : span[1]], 0, deep - 1) if kind in _WITHIN else None

    def _gre(self, data: bytes, deep: int) -> Segment | None:
        if len(data) < 4 or data[0] & 0x4F or data[1] & 0x07:  # source routing, reserved bits, or another version
            return None
        at = 4 + 4 * sum(data[0] >> bit & 1 for bit in (7, 5, 4))  # checksum, key, number
        kind = int.from_bytes(data[2:4])
        if kind in {_BRIDGED, _MIRRORED}:
            return self._bridged(data[at + 8 * (kind == _MIRRORED and at > 4) :], deep)
        return self._packet(data, at, deep) if data[2:4] in _IP else None

    def _bridged(self, data: bytes, deep: int) -> Segment | None:
        at = _network(_ETHERNET, data)
        return None if at is None else self._packet(data, at, deep)


def _network(link: int, data: bytes) -> int | None:
    """Where the IP packet begins; None where there is none."""
    if link == _ETHERNET:
        kind, at = data[12:14], 14
        tags = 0
        while kind in _TAGS and tags < _MOST_TAGS:
            kind, at, tags = data[at + 2 : at + 4], at + 4, tags + 1
        return at if kind in _IP else None
    if link in _COOKED:
        place, at = _COOKED[link]
        return at if data[place : place + 2] in _IP else None
    return _PLAIN.get(link)


def _behind_extensions(kind: int, data: bytes, place: int) -> tuple[int, int]:
    """What stands behind the extension headers of IPv6, and where; a fragment header is left to others."""
    for _ in range(_MOST_EXTENSIONS):
        if kind not in _EXTENSIONS or place + 8 > len(data):
            break
        size = (data[place + 1] + 2) * 4 if kind == _AUTHENTICATION else (data[place + 1] + 1) * 8
        kind, place = data[place], place + size
    return kind, place


def _segment(data: bytes, at: int, end: int, ends: bytes) -> Segment | None:
    if at + 20 > min(end, len(data)):
        return None
    sequence, _, size, flags = _LEAD.unpack_from(data, at + 4)
    head = (size >> 4) * 4
    if head < 20:
        return None
    return Segment(ends + data[at : at + 4], sequence, flags, data[at + head : end])


def turned(ends: bytes) -> bytes:
    """The ends of the other direction."""
    half = len(ends) // 2 - 2
    return ends[half : 2 * half] + ends[:half] + ends[-2:] + ends[-4:-2]


def addresses(ends: bytes) -> tuple[str, int, str, int]:
    """Sender and its port, receiver and its port."""
    half = len(ends) // 2 - 2
    first, last = ip_address(ends[:half]), ip_address(ends[half : 2 * half])
    return str(first), int.from_bytes(ends[-4:-2]), str(last), int.from_bytes(ends[-2:])
