"""The TCP segment in a captured packet: link layers, IPv4 and IPv6, TCP (RFC 791, 8200, 9293).

Read are Ethernet with any VLAN tags (IEEE 802.1Q, 802.1ad), raw IP, Linux cooked (both versions), BSD loopback.
Fragments of IP are not put together.
"""

from __future__ import annotations

from ipaddress import ip_address
from struct import Struct
from typing import Final, NamedTuple

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


def segment(link: int, data: bytes) -> Segment | None:
    """The TCP segment in a packet of this link type; None where there is none, or not the whole of its header."""
    if link == _ETHERNET:
        kind, at = data[12:14], 14
        tags = 0
        while kind in _TAGS and tags < _MOST_TAGS:
            kind, at, tags = data[at + 2 : at + 4], at + 4, tags + 1
        if kind not in _IP:
            return None
    elif link in _COOKED:
        place, at = _COOKED[link]
        if data[place : place + 2] not in _IP:
            return None
    elif link in _PLAIN:
        at = _PLAIN[link]
    else:
        return None
    if len(data) < at + 40:  # of both: no TCP header is complete in less
        return None
    version = data[at] >> 4
    if version == 4:
        return _in_ipv4(data, at)
    return _in_ipv6(data, at) if version == 6 else None


def _in_ipv4(data: bytes, at: int) -> Segment | None:
    if data[at + 9] != _TCP or data[at + 6] & 0x3F or data[at + 7]:
        return None
    head = (data[at] & 15) * 4
    # what stands behind the packet is padding; a network card that cuts packets itself is given those of length 0
    length = data[at + 2] << 8 | data[at + 3] or len(data) - at
    return None if head < 20 else _segment(data, at + head, at + length, data[at + 12 : at + 20])


def _in_ipv6(data: bytes, at: int) -> Segment | None:
    length = data[at + 4] << 8 | data[at + 5]
    end = at + 40 + length if length else len(data)
    kind, place = data[at + 6], at + 40
    for _ in range(_MOST_EXTENSIONS):
        if kind not in _EXTENSIONS or place + 8 > len(data):
            break
        size = (data[place + 1] + 2) * 4 if kind == _AUTHENTICATION else (data[place + 1] + 1) * 8
        kind, place = data[place], place + size
    return _segment(data, place, end, data[at + 8 : at + 40]) if kind == _TCP else None


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
