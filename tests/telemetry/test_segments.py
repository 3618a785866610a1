"""Segments in packets: behind tags, in tunnels, in fragments; and nothing that a packet says costs more than it may."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address
from itertools import pairwise
from struct import pack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.telemetry.readers.capture_writer import ACK, PUSH, START, ethernet, ip, tcp, udp

from lodger.telemetry.fragments import HELD, PATIENCE, WAITING, Fragments
from lodger.telemetry.segments import DEEPEST, LINKS, Packets, Segment, addresses

ENDS = ("10.0.0.1", 50_000, "192.0.2.1", 80)
ENDS_6 = ("2001:db8::1", 50_000, "2001:db8::2", 80)
RAW, ETHERNET = 101, 1
PAYLOAD = bytes(range(256)) * 5


def inner(ends: tuple[str, int, str, int] = ENDS, payload: bytes = PAYLOAD) -> bytes:
    return tcp(ends, PUSH | ACK, payload, seq=77).data


def expected(ends: tuple[str, int, str, int] = ENDS, payload: bytes = PAYLOAD) -> Segment:
    source, sport, to, dport = ends
    both = ip_address(source).packed + ip_address(to).packed
    return Segment(both + pack(">HH", sport, dport), 77, PUSH | ACK, payload)


def found(data: bytes, link: int = RAW) -> Segment | None:
    return Packets().segment(link, data, START)


def outer(protocol: int, body: bytes) -> bytes:
    return ip("198.51.100.1", "198.51.100.2", protocol, body)


def gre(kind: int, body: bytes, flags: int = 0) -> bytes:
    fields = b"\0\0\0\1" * sum(flags >> bit & 1 for bit in (7, 5, 4))
    return outer(47, bytes((flags, 0)) + pack(">H", kind) + fields + body)


def vxlan(frame: bytes) -> bytes:
    return udp(("198.51.100.1", 40_000, "198.51.100.2", 4789), b"\x08\0\0\0\0\0\x2a\0" + frame).data


TUNNELS: dict[str, Callable[[bytes], bytes]] = {
    "IP in IP": lambda data: outer(4, data),
    "IP in IPv6": lambda data: ip("2001:db8::a", "2001:db8::b", 4, data),
    "GRE": lambda data: gre(0x0800, data),
    "GRE with checksum, key and number": lambda data: gre(0x0800, data, 0xB0),
    "Ethernet in GRE": lambda data: gre(0x6558, ethernet(data), 0x20),
    "mirrored": lambda data: gre(0x88BE, ethernet(data)),
    "mirrored, numbered": lambda data: gre(0x88BE, bytes(8) + ethernet(data), 0x10),
    "VXLAN": lambda data: vxlan(ethernet(data)),
    "VXLAN with a tag": lambda data: vxlan(ethernet(b"\0\x05\x08\0" + data, 0x8100)),
}


@pytest.mark.parametrize("tunnel", TUNNELS)
def test_a_segment_within_a_tunnel_is_the_one_that_went_in(tunnel: str) -> None:
    assert found(TUNNELS[tunnel](inner())) == expected()
    assert found(ethernet(TUNNELS[tunnel](inner())), ETHERNET) == expected()


def test_ipv6_within_ipv4_is_the_one_that_went_in() -> None:
    assert found(outer(41, inner(ENDS_6))) == expected(ENDS_6)
    assert addresses(expected(ENDS_6).ends) == ENDS_6


def test_what_stands_behind_the_inner_packet_is_no_content() -> None:
    assert found(outer(4, inner() + bytes(6))) == expected()


@pytest.mark.parametrize(
    "data",
    [
        gre(0x880B, inner()),  # PPP
        gre(0x0800, inner(), 0x40),  # source routing
        outer(47, b"\0\1\x08\0" + inner()),  # another version
        udp(("198.51.100.1", 40_000, "198.51.100.2", 4790), b"\x08" + bytes(7) + ethernet(inner())).data,
        udp(("198.51.100.1", 40_000, "198.51.100.2", 4789), bytes(8) + ethernet(inner())).data,
        outer(4, b""),
        outer(47, b"\0\0"),
        vxlan(b""),
    ],
)
def test_what_is_no_tunnel_that_is_read_has_no_segment(data: bytes) -> None:
    assert found(data) is None


def test_tunnels_within_tunnels_are_entered_so_deep_and_no_deeper() -> None:
    data = inner()
    for _ in range(DEEPEST):
        data = outer(4, data)
    assert found(data) == expected()
    assert found(outer(4, data)) is None


def pieces_4(data: bytes, cuts: list[int], number: int = 9) -> list[bytes]:
    """An IPv4 packet in fragments, cut at these multiples of 8."""
    head, body = data[:20], data[20:]
    places = [0, *cuts, len(body)]
    made = []
    for start, end in pairwise(places):
        word = start // 8 | (0x2000 if end < len(body) else 0)
        made.append(pack(">BBHHH", 0x45, 0, 20 + end - start, number, word) + head[8:20] + body[start:end])
    return made


def pieces_6(data: bytes, cuts: list[int], number: int = 9) -> list[bytes]:
    """An IPv6 packet in fragments."""
    head, body = data[:40], data[40:]
    places = [0, *cuts, len(body)]
    made = []
    for start, end in pairwise(places):
        lead = pack(">BBHI", data[6], 0, start | (end < len(body)), number)
        made.append(head[:4] + pack(">HBB", 8 + end - start, 44, 64) + head[8:40] + lead + body[start:end])
    return made


CUTS = st.lists(st.integers(1, (20 + len(PAYLOAD) - 1) // 8).map(lambda n: 8 * n), unique=True, min_size=1).map(sorted)


@given(st.data(), CUTS, st.booleans())
def test_fragments_in_any_order_some_of_them_twice_are_the_whole(
    data: st.DataObject, cuts: list[int], old: bool
) -> None:
    ends = ENDS if old else ENDS_6
    made = (pieces_4 if old else pieces_6)(inner(ends), cuts)
    order = data.draw(st.permutations(made))
    packets = Packets()
    for each in order[:-1]:
        sent = [each] * data.draw(st.integers(1, 3))
        assert [packets.segment(RAW, one, START) for one in sent] == [None] * len(sent)
    assert packets.segment(RAW, order[-1], START) == expected(ends)
    assert packets._fragments.held == 0


def test_fragments_within_a_tunnel_and_tunnels_in_fragments_are_put_together() -> None:
    packets = Packets()
    first, last = pieces_4(inner(), [640])
    assert packets.segment(RAW, gre(0x0800, first), START) is None
    assert packets.segment(RAW, gre(0x0800, last), START) == expected()
    first, last = pieces_4(gre(0x0800, inner()), [640])
    assert packets.segment(RAW, last, START) is None
    assert packets.segment(RAW, first, START) == expected()


def test_a_lone_fragment_of_ipv6_is_a_whole_packet() -> None:
    (only,) = pieces_6(inner(ENDS_6), [])
    assert found(only) == expected(ENDS_6)


def test_fragments_of_two_datagrams_do_not_mix() -> None:
    packets = Packets()
    other = bytes(len(PAYLOAD))
    one, two = pieces_4(inner(), [640]), pieces_4(inner(payload=other), [640], number=10)
    assert [packets.segment(RAW, each, START) for each in (one[0], two[0], one[1], two[1])] == [
        None,
        None,
        expected(),
        expected(payload=other),
    ]


def test_fragments_that_overlap_are_dropped_with_their_datagram() -> None:
    packets = Packets()
    first, last = pieces_4(inner(), [640])
    across = pieces_4(inner(payload=bytes(len(PAYLOAD))), [320, 960])[1]
    assert [packets.segment(RAW, each, START) for each in (first, across, last)] == [None, None, None]


def test_a_fragment_that_was_not_captured_whole_is_no_fragment() -> None:
    packets = Packets()
    first, last = pieces_4(inner(), [640])
    assert packets.segment(RAW, first[:-1], START) is None
    assert packets.segment(RAW, last, START) is None
    assert packets.segment(RAW, first, START) == expected()


def test_a_fragment_that_comes_too_late_makes_nothing_whole() -> None:
    packets = Packets()
    first, last = pieces_4(inner(), [640])
    assert packets.segment(RAW, first, START) is None
    assert packets.segment(RAW, last, START + PATIENCE + 1) is None


@pytest.mark.parametrize("more", [True, False])
def test_a_place_behind_the_end_of_any_datagram_is_nothing(more: bool) -> None:
    fragments = Fragments()
    assert fragments.join(b"x", (65_528, more), bytes(8), START) is None
    assert fragments.held == 0


def test_what_waits_for_fragments_is_bounded_in_number_and_bytes() -> None:
    fragments = Fragments()
    most = 0
    for number in range(3 * WAITING):
        fragments.join(b"%d" % number, (8, True), bytes(16), START)
        assert len(fragments._waiting) <= WAITING
    for number in range(1_000):
        for place in range(0, 64_000, 32_000):
            fragments.join(b"large %d" % number, (place, True), bytes(31_992), START)
            most = max(most, fragments.held)
    assert HELD < most <= HELD + 33_000


@settings(max_examples=300)
@given(st.sampled_from(sorted(LINKS)), st.lists(st.binary(max_size=120), max_size=4))
def test_any_bytes_are_a_segment_or_none(link: int, content: list[bytes]) -> None:
    packets = Packets()
    for each in content:
        for data in (
            each,
            ethernet(each),
            outer(47, each),
            outer(4, each),
            vxlan(each),
            b"\x60" + each,
            b"\x45" + each,
        ):
            assert isinstance(packets.segment(link, data, START), Segment | None)
            assert isinstance(packets.segment(ETHERNET, data, START), Segment | None)
