"""Writing captures for tests: packets of conversations, and the files that hold them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from struct import pack

CLIENT, SERVER = "10.0.0.1", "192.0.2.1"
FIN, SYN, RST, PUSH, ACK = 1, 2, 4, 8, 16
START = 1_600_000_000_000_000  # microseconds: 2020-09-13 12:26:40 UTC


@dataclass(frozen=True)
class Sent:
    """A packet from its IP header on, and when it was sent (microseconds since 1970)."""

    micros: int
    data: bytes


def ip(source: str, to: str, protocol: int, body: bytes) -> bytes:
    """An IP packet of either version."""
    a, b = ip_address(source).packed, ip_address(to).packed
    if len(a) == 16:
        return pack(">IHBB", 6 << 28, len(body), protocol, 64) + a + b + body
    return pack(">BBHHHBBH", 0x45, 0, 20 + len(body), 1, 0, 64, protocol, 0) + a + b + body


def tcp(ends: tuple[str, int, str, int], flags: int, payload: bytes = b"", at: int = START, seq: int = 1) -> Sent:
    """A TCP segment; ``ends`` are source, port, destination, port."""
    source, sport, to, dport = ends
    segment = pack(">HHIIBBHHH", sport, dport, seq, 1 if flags & ACK else 0, 5 << 4, flags, 64240, 0, 0) + payload
    return Sent(at, ip(source, to, 6, segment))


def udp(ends: tuple[str, int, str, int], payload: bytes, at: int = START) -> Sent:
    """A UDP datagram."""
    source, sport, to, dport = ends
    return Sent(at, ip(source, to, 17, pack(">HHHH", sport, dport, 8 + len(payload), 0) + payload))


def connection(
    port: int,
    said: Sequence[bytes],
    answered: Sequence[bytes] = (),
    *,
    at: int = START,
    server_port: int = 443,
    client: str = CLIENT,
    server: str = SERVER,
    end: bool = True,
) -> list[Sent]:
    """A TCP connection: handshake, what the client says and what it is answered, a millisecond apart, and the end."""
    out, back = (client, port, server, server_port), (server, server_port, client, port)
    steps = [(out, SYN, b"", 0), (back, SYN | ACK, b"", 0), (out, ACK, b"", 1)]
    seq = 1
    for part in said:
        steps.append((out, PUSH | ACK, part, seq))
        seq += len(part)
    seq = 1
    for part in answered:
        steps.append((back, PUSH | ACK, part, seq))
        seq += len(part)
    if end:
        steps += [(out, FIN | ACK, b"", 0), (back, FIN | ACK, b"", 0), (out, ACK, b"", 0)]
    return [tcp(ends, flags, part, at + 1000 * n, seq) for n, (ends, flags, part, seq) in enumerate(steps)]


def client_hello(name: str) -> bytes:
    """A TLS 1.2 ClientHello that asks for ``name``, with three ciphers."""
    host = name.encode()
    server_name = pack(">HHHBH", 0, len(host) + 5, len(host) + 3, 0, len(host)) + host
    groups = pack(">HHHH", 10, 4, 2, 29)
    signatures = pack(">HHHH", 13, 4, 2, 0x0403)
    extensions = server_name + groups + signatures
    ciphers = pack(">HHH", 0xC02F, 0xC030, 0x009C)
    body = b"\3\3" + bytes(range(32)) + b"\0" + pack(">H", len(ciphers)) + ciphers + b"\1\0"
    body += pack(">H", len(extensions)) + extensions
    handshake = b"\1" + len(body).to_bytes(3, "big") + body
    return b"\x16\3\1" + pack(">H", len(handshake)) + handshake


def get(host: str, path: str, agent: str) -> bytes:
    """An HTTP request."""
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {agent}\r\nAccept: */*\r\n\r\n".encode()


#: An HTTP answer with a page of five bytes.
PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nhello"


def question(name: str, number: int = 7) -> bytes:
    """A DNS question for an address."""
    labels = b"".join(bytes([len(part)]) + part.encode() for part in name.split("."))
    return pack(">HHHHHH", number, 0x0100, 1, 0, 0, 0) + labels + b"\0\0\1\0\1"


def answer(name: str, address: str, number: int = 7) -> bytes:
    """The answer."""
    asked = question(name, number)[12:]
    told = b"\xc0\x0c\0\1\0\1" + pack(">IH", 60, 4) + ip_address(address).packed
    return pack(">HHHHHH", number, 0x8180, 1, 1, 0, 0) + asked + told


def ethernet(data: bytes, kind: int | None = None) -> bytes:
    """An Ethernet frame around an IP packet, or around anything of type ``kind``."""
    if kind is None:
        kind = 0x86DD if data[:1] >= b"\x60" else 0x0800
    return bytes.fromhex("00005e00530100005e005302") + pack(">H", kind) + data


def pcap(packets: Iterable[Sent], *, order: str = "<", nano: bool = False, link: int = 1) -> bytes:
    """A capture in the older format; packets of Ethernet are framed."""
    out = bytearray(pack(order + "IHHiIII", 0xA1B23C4D if nano else 0xA1B2C3D4, 2, 4, 0, 0, 262144, link))
    for packet in packets:
        data = ethernet(packet.data) if link == 1 else packet.data
        seconds, micros = divmod(packet.micros, 1_000_000)
        out += pack(order + "IIII", seconds, micros * (1000 if nano else 1), len(data), len(data)) + data
    return bytes(out)


def block(kind: int, body: bytes, order: str = "<") -> bytes:
    """A block of pcapng."""
    body += bytes(-len(body) % 4)
    total = 12 + len(body)
    return pack(order + "II", kind, total) + body + pack(order + "I", total)


def section(order: str = "<") -> bytes:
    """The header of a section of pcapng."""
    return block(0x0A0D0D0A, pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1), order)


def interface(link: int = 1, options: bytes = b"", order: str = "<") -> bytes:
    """The description of an interface; ``options`` as they lie in the file."""
    return block(1, pack(order + "HHI", link, 0, 0) + options, order)


def enhanced(packet: Sent, which: int = 0, *, order: str = "<", ticks: int | None = None, link: int = 1) -> bytes:
    """An enhanced packet block; ``ticks`` is its time where that is not in microseconds."""
    data = ethernet(packet.data) if link == 1 else packet.data
    when = packet.micros if ticks is None else ticks
    lead = pack(order + "IIIII", which, when >> 32, when & 0xFFFFFFFF, len(data), len(data))
    return block(6, lead + data, order)


def pcapng(packets: Iterable[Sent], order: str = "<") -> bytes:
    """A capture in the newer format, of one section and one Ethernet interface."""
    body = b"".join(enhanced(packet, order=order) for packet in packets)
    return section(order) + interface(order=order) + body
