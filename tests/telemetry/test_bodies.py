"""Files in plain HTTP bodies of captures: whatever way they are sent, the same come out, and what is cut is told."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from struct import pack
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.disguise import writers
from tests.telemetry.readers.capture_writer import (
    ACK,
    CLIENT,
    FIN,
    PAGE,
    PUSH,
    RST,
    SERVER,
    START,
    SYN,
    Sent,
    connection,
    ethernet,
    get,
    pcap,
    pcapng,
    tcp,
)

from lodger.model.telemetry import Aside, Batch, SourceFile
from lodger.telemetry import http_bodies, streams
from lodger.telemetry.bodies import bodies

JPEG = writers.jpeg(Random(1), 9_000)
TAIL = Random(2).randbytes(500)
PNG = writers.WRITERS["png"](Random(3), 3_000)
OUT = (CLIENT, 50_000, SERVER, 80)
BACK = (SERVER, 80, CLIENT, 50_000)
ASKED = get("www.example", "/img/logo.jpg?v=2", "Agent/1.0")


@dataclass
class Found:
    """Rows without null columns and what every row has, asides, and the last number."""

    rows: list[dict[str, Any]]
    reasons: list[str]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes], Found]:
    """What is found in a capture; nothing is left in the spool."""
    folder = tmp_path_factory.mktemp("bodies")
    spool = folder / "spool"
    spool.mkdir()

    def look(content: bytes) -> Found:
        path = folder / "x.pcap"
        path.write_bytes(content)
        told = Found([], [])
        number = 7
        for item in bodies(SourceFile(path, "x.pcap", "f" * 64, "c" * 64, len(content), spool=spool), number):
            if isinstance(item, Aside):
                told.reasons.append(item.reason)
                continue
            assert isinstance(item, Batch)
            item.data.validate(full=True)
            for row in item.data.to_pylist():
                number += 1
                assert (row.pop("source"), row.pop("record"), row.pop("other")) == ("f" * 64, number, [])
                assert row.pop("day") == row["time"].date()
                told.rows.append({name: value for name, value in row.items() if value is not None})
        assert list(spool.iterdir()) == []
        return told

    return look


Look = Callable[[bytes], Found]


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def brief(told: Found) -> list[tuple[str, str, str]]:
    """Kind, verdict and hash of each file."""
    return [(row["kind"], row["verdict"], row["sha256"]) for row in told.rows]


def answer(content: bytes, *fields: str) -> bytes:
    """An answer whose body is ``content``."""
    lines = ["HTTP/1.1 200 OK", f"Content-Length: {len(content)}", *fields]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


def post(content: bytes, *fields: str, to: str = "/gate.php") -> bytes:
    """A POST of ``content``."""
    lines = [f"POST {to} HTTP/1.1", "Host: drop.example", f"Content-Length: {len(content)}", *fields]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


def chunked(content: bytes, sizes: Sequence[int]) -> bytes:
    """Content in chunks of these sizes, and a last one of the rest."""
    out, at = b"", 0
    for size in (*sizes, len(content)):
        part = content[at : at + size]
        at += len(part)
        out += b"%x;x=1\r\n%s\r\n" % (len(part), part) if part else b""
    return out + b"0\r\nTrailer: x\r\n\r\n"


def parts(content: bytes, size: int = 1400) -> list[bytes]:
    """What is sent, as payloads of segments."""
    return [content[at : at + size] for at in range(0, len(content), size)]


def talk(asked: bytes, answered: bytes) -> list[Sent]:
    return connection(50_000, parts(asked), parts(answered), server_port=80)


def test_a_picture_that_comes_down_is_told_with_all_that_leads_to_it(found: Look) -> None:
    (row,) = found(pcap(talk(ASKED, answer(JPEG + TAIL, "Content-Type: image/jpeg")))).rows
    assert row.pop("findings").startswith('[{"kind":"after the end","verdict":"hidden data",')
    assert row.pop("finding_sentence").startswith("500 bytes behind the end of the picture: 7.")
    assert len(row.pop("image_sha256")) == 64
    assert row.pop("time").isoformat() == "2020-09-13T12:26:40.004000"
    assert row == {
        "name": "x.pcap!logo.jpg",
        "file_name": "logo.jpg",
        "kind": "jpeg",
        "verdict": "hidden data",
        "size": len(JPEG) + 500,
        "sha256": sha256(JPEG + TAIL),
        "sha1": hashlib.sha1(JPEG + TAIL).hexdigest(),  # noqa: S324
        "md5": hashlib.md5(JPEG + TAIL).hexdigest(),  # noqa: S324
        "finding_count": 1,
        "finding_kind": "after the end",
        "finding_offset": len(JPEG),
        "finding_length": 500,
        "tail_sha256": sha256(TAIL),
        "packet": 5,
        "src_ip": CLIENT,
        "dst_ip": SERVER,
        "src_port": 50_000,
        "dst_port": 80,
        "method": "GET",
        "host": "www.example",
        "uri": "/img/logo.jpg?v=2",
        "media_type": "image/jpeg",
        "status_code": 200,
        "is_orig": False,
    }


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        (post(PNG), None),
        (post(PNG, 'Content-Disposition: attachment; filename="a \\"b\\".png"'), 'a "b".png'),
        (post(PNG, "Content-Disposition: inline; filename*=UTF-8''%e2%82%ac.png"), "€.png"),
        (post(PNG, to="http://other.example/up/x.png").replace(b"POST", b"PUT", 1), "x.png"),
    ],
)
def test_a_picture_that_goes_up_has_the_name_that_it_is_given(found: Look, asked: bytes, name: str | None) -> None:
    (row,) = found(pcap(talk(asked, PAGE))).rows
    assert (row["sha256"], row.get("file_name")) == (sha256(PNG), name)
    assert (row["is_orig"], row["src_ip"], row["src_port"], row["packet"]) == (True, CLIENT, 50_000, 4)
    assert row["host"] == ("drop.example" if asked.startswith(b"POST") else "other.example")


def test_parts_of_a_form_are_files_of_their_own(found: Look) -> None:
    form = (
        b"preamble\r\n--xYz\r\nContent-Disposition: form-data; name=a\r\n\r\nplain\r\n"
        b'--xYz\r\nContent-Disposition: form-data; name=b; filename="C:\\x\\one.jpg"\r\nContent-Type: image/jpeg'
        b"\r\n\r\n"
        + JPEG
        + b"\r\n--xYz\r\n\r\n\r\n--xYz\r\nContent-Disposition: form-data; filename=two.png\r\n\r\n"
        + PNG
        + TAIL
        + b"\r\n--xYz--\r\n"
        + JPEG
    )
    for size in (1, 7, 1400):
        asked = post(form, 'Content-Type: multipart/form-data; charset=x; boundary="xYz"')
        told = found(pcap(connection(50_000, parts(asked, size), [PAGE], server_port=80)))
        assert [(row["file_name"], row["sha256"], row["verdict"]) for row in told.rows] == [
            ("one.jpg", sha256(JPEG), "clean"),
            ("two.png", sha256(PNG + TAIL), "hidden data"),
        ]


CODED = {
    "gzip": gzip.compress(JPEG + TAIL),
    "x-gzip": gzip.compress(JPEG[:5000]) + gzip.compress(JPEG[5000:] + TAIL),
    "deflate": zlib.compress(JPEG + TAIL),
    "Deflate": zlib.compress(JPEG + TAIL, wbits=-15),
    "identity": JPEG + TAIL,
}


@pytest.mark.parametrize("coding", CODED)
@pytest.mark.parametrize("transfer", [False, True])
def test_codings_are_taken_off(found: Look, coding: str, transfer: bool) -> None:
    field = f"Transfer-Encoding: {coding}, chunked" if transfer else f"Content-Encoding: {coding}"
    content = chunked(CODED[coding], [1, 3, 4000]) if transfer else CODED[coding]
    told = found(pcap(talk(ASKED, answer(content, field))))
    assert brief(told) == [("jpeg", "hidden data", sha256(JPEG + TAIL))]
    assert told.rows[0]["finding_count"] == 1


def test_messages_follow_each_other_in_one_connection(found: Look) -> None:
    asked = get("a.example", "/1", "A") + get("a.example", "/2.jpg", "A").replace(b"GET", b"HEAD") + post(PNG)
    asked += get("a.example", "/4.jpg", "A") + get("a.example", "/5.jpg", "A")
    answered = PAGE + b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n" + b"HTTP/1.1 100 Continue\r\n\r\n"
    answered += b"HTTP/1.1 204 No\r\nContent-Length: 7\r\n\r\n" + answer(JPEG)
    answered += b"HTTP/1.0 200 OK\nServer: x\n\n" + JPEG + TAIL
    told = found(pcap(talk(asked, answered)))
    assert [(row.get("file_name"), row["sha256"]) for row in told.rows] == [
        (None, sha256(PNG)),
        ("4.jpg", sha256(JPEG)),
        ("5.jpg", sha256(JPEG + TAIL)),
    ]
    assert told.reasons == []


# Any way of sending


@st.composite
def sendings(draw: st.DrawFn) -> tuple[list[Sent], list[str]]:
    """A connection whose bytes are cut, ordered, repeated and overlapped in any way, and the hashes that must come."""
    first = draw(st.integers(0, 2**32 - 1))
    content = chunked(JPEG + TAIL, draw(st.lists(st.integers(1, 3000), max_size=5)))
    answered = answer(PNG) + b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + content
    cuts = sorted(draw(st.sets(st.integers(1, len(answered) - 1), max_size=40)))
    spans = list(zip([0, *cuts], [*cuts, len(answered)], strict=True))
    again = draw(st.lists(st.tuples(st.integers(0, len(answered) - 1), st.integers(1, 4000)), max_size=10))
    spans += [(at, min(at + size, len(answered))) for at, size in again]
    order = draw(st.permutations(spans))
    sent = [
        tcp(OUT, SYN, seq=0),
        tcp(BACK, SYN | ACK, seq=first),
        tcp(OUT, PUSH | ACK, get("a.example", "/1.png", "A") + get("a.example", "/2.jpg", "A")),
    ]
    sent += [tcp(BACK, PUSH | ACK, answered[a:b], seq=(first + 1 + a) % 2**32) for a, b in order]
    return sent, [sha256(PNG), sha256(JPEG + TAIL)]


@settings(max_examples=150)
@given(sendings())
def test_however_it_is_sent_the_same_files_come_out(found: Look, sending: tuple[list[Sent], list[str]]) -> None:
    sent, hashes = sending
    told = found(pcap(sent))
    assert [row["sha256"] for row in told.rows] == hashes
    assert [row["finding_count"] for row in told.rows] == [0, 1]


@settings(max_examples=40)
@given(st.integers(1, 60), st.integers(0, 200))
def test_what_came_first_stays(found: Look, size: int, gap: int) -> None:
    whole = answer(JPEG)
    other = bytes(byte ^ 0xFF for byte in whole)
    sent = [tcp(BACK, SYN | ACK, seq=0), tcp(OUT, SYN, seq=0), tcp(OUT, ACK, ASKED)]
    head = whole.index(b"\r\n\r\n") + 4 + gap
    sent += [tcp(BACK, ACK, whole[:head], seq=1), tcp(BACK, ACK, other[head - gap : head], seq=1 + head - gap)]
    # behind a gap of `size` bytes, then other bytes in their place, and those that fill the gap with more of them
    sent += [tcp(BACK, ACK, whole[head + size :], seq=1 + head + size)]
    sent += [tcp(BACK, ACK, other[head + size :], seq=1 + head + size)]
    sent += [tcp(BACK, ACK, whole[head : head + size] + other[head + size :], seq=1 + head)]
    assert brief(found(pcap(sent))) == [("jpeg", "clean", sha256(JPEG))]


@pytest.mark.parametrize("link", ["pcapng", "vlan", "qinq", "raw", "cooked", "cooked2", "loopback", "ipv6", "hops"])
def test_every_link_layer_and_both_versions_of_ip(found: Look, link: str) -> None:
    ends = ("2001:db8::1", "2001:db8:0:1::2") if link in {"ipv6", "hops"} else (CLIENT, SERVER)
    sent = connection(50_000, [ASKED], parts(answer(JPEG)), server_port=80, client=ends[0], server=ends[1])
    if link == "hops":  # 8 bytes of options in front of TCP
        hops = [each.data[:4] + pack(">HB", len(each.data) - 32, 0) + each.data[7:40] for each in sent]
        option = bytes([6, 0, 1, 4, 0, 0, 0, 0])
        sent = [Sent(each.micros, lead + option + each.data[40:]) for each, lead in zip(sent, hops, strict=True)]
    around: dict[str, tuple[int, Callable[[bytes], bytes]]] = {
        "vlan": (1, lambda data: ethernet(pack(">HH", 7, 0x0800) + data, 0x8100)),
        "qinq": (1, lambda data: ethernet(pack(">HHHH", 7, 0x8100, 9, 0x0800) + data, 0x88A8)),
        "raw": (101, lambda data: data),
        "cooked": (113, lambda data: bytes(14) + b"\x08\x00" + data),
        "cooked2": (276, lambda data: b"\x08\x00" + bytes(18) + data),
        "loopback": (0, lambda data: pack("<I", 2) + data),
    }
    if link == "pcapng":
        content = pcapng(sent)
    elif link in around:
        number, frame = around[link]
        framed = b"".join(_packet(each, frame(each.data)) for each in sent)
        content = pcap([], link=number) + framed
    else:
        content = pcap(sent)
    (row,) = found(content).rows
    assert (row["sha256"], row["src_ip"], row["dst_ip"]) == (sha256(JPEG), *ends)


def _packet(sent: Sent, data: bytes) -> bytes:
    seconds, micros = divmod(sent.micros, 1_000_000)
    return pack("<IIII", seconds, micros, len(data), len(data)) + data


def test_padding_behind_a_packet_is_none_of_it(found: Look) -> None:
    framed = b"".join(_packet(each, ethernet(each.data) + b"\xaa" * 6) for each in talk(ASKED, answer(JPEG)))
    assert brief(found(pcap([]) + framed)) == [("jpeg", "clean", sha256(JPEG))]


# What is cut is told


def _cut(told: Found) -> list[tuple[str, str]]:
    """The verdict, and the finding that tells of the cut."""
    return [
        (row["verdict"], row["findings"].rpartition('"sentence":"')[2].partition('"')[0])
        for row in told.rows
        if '"cut off"' in row["findings"]
    ]


def test_a_gap_ends_the_body_and_the_next_message_is_found(found: Look) -> None:
    asked = get("a.example", "/1.jpg", "A") + get("a.example", "/2.jpg", "A")
    sent = talk(asked, answer(JPEG) + answer(JPEG + TAIL))
    told = found(pcap([*sent[:6], *sent[7:]]))
    assert _cut(told) == [("malformed", "1,400 bytes are missing in the capture")]
    assert [(row["file_name"], row["verdict"]) for row in told.rows] == [
        ("1.jpg", "malformed"),
        ("2.jpg", "hidden data"),
    ]


def test_after_a_gap_in_chunks_the_next_message_at_the_beginning_of_a_segment_is_found(found: Look) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    answered = [*parts(head + chunked(JPEG, [100])), *parts(answer(PNG))]
    asked = get("a.example", "/1.jpg", "A") + get("a.example", "/2.png", "A")
    sent = connection(50_000, [asked], answered, server_port=80)
    told = found(pcap([*sent[:6], *sent[7:]]))
    framing = head + b"64;x=1\r\n" + b"\r\n" + b"22c5;x=1\r\n"
    assert [(row["kind"], row["verdict"], row["size"]) for row in told.rows] == [
        ("jpeg", "malformed", 2800 - len(framing)),
        ("png", "clean", len(PNG)),
    ]


@pytest.mark.parametrize(
    ("last", "why"),
    [
        ([], "the capture ends"),
        ([tcp(BACK, RST | ACK, seq=1 + 4200)], "the connection is reset"),
        ([tcp(BACK, FIN | ACK, seq=1 + 4200)], "the sender ends it before its end"),
        ([tcp(OUT, SYN, seq=77)], "another connection begins between the same ends"),
    ],
)
def test_what_breaks_off_is_malformed_and_why_is_told(found: Look, last: list[Sent], why: str) -> None:
    told = found(pcap([*talk(ASKED, answer(JPEG))[:7], *last]))
    assert _cut(told) == [("malformed", why)]


@pytest.mark.parametrize("kind", sorted(writers.WRITERS))
def test_no_clean_file_that_is_cut_has_hidden_data(found: Look, kind: str) -> None:
    content = writers.WRITERS[kind](Random(5), 20_000)
    random = Random(6)
    sent: list[Sent] = []
    for port in range(40):
        cut = random.randrange(100, len(content))
        sent += connection(
            port + 1, [ASKED.replace(b"logo.jpg", b"x")], parts(answer(content)[:cut]), server_port=80, end=False
        )
    verdicts = {row["verdict"] for row in found(pcap(sent)).rows}
    assert verdicts == {"malformed"}


def test_random_bytes_behind_a_picture_are_hidden_data_in_a_body_that_is_cut_too(found: Look) -> None:
    sent = talk(ASKED, answer(JPEG + Random(4).randbytes(20_000)))
    told = found(pcap(sent[:14]))
    assert [(row["verdict"], row["finding_kind"], row["finding_offset"]) for row in told.rows] == [
        ("hidden data", "after the end", len(JPEG))
    ]
    assert told.rows[0]["finding_count"] == 2


def test_what_is_not_all_of_a_file_by_its_own_word_is_told(found: Look) -> None:
    told = found(pcap(talk(ASKED, answer(JPEG, "Content-Range: bytes 0-8999/20000"))))
    assert _cut(told) == [("malformed", "only bytes 0 to 8,999 of 20,000 were sent")]


def test_a_bomb_is_not_unpacked(found: Look) -> None:
    bomb = gzip.compress(writers.WRITERS["bmp"](Random(1), 300) + bytes(50_000_000))
    (row,) = found(pcap(talk(ASKED, answer(bomb, "Content-Encoding: gzip")))).rows
    assert row["size"] < 4_000_000
    assert "packed too tightly" in row["findings"]


def test_a_body_beyond_the_bound_is_cut(found: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_bodies, "LARGEST", 5000)
    told = found(pcap(talk(ASKED, answer(JPEG))))
    assert (told.rows[0]["size"], _cut(told)) == (5000, [("malformed", "more than 5,000 bytes are not kept")])


def test_bytes_behind_what_is_packed_are_told(found: Look) -> None:
    told = found(pcap(talk(ASKED, answer(gzip.compress(JPEG) + b"x" * 99, "Content-Encoding: gzip"))))
    assert _cut(told) == [("malformed", "99 bytes stand behind what is packed")]


def test_what_cannot_be_unpacked_is_counted(found: Look) -> None:
    told = found(pcap(talk(ASKED, answer(b"\x0b" + JPEG, "Content-Encoding: br"))))
    assert (told.rows, told.reasons) == (
        [],
        ["HTTP bodies that are not unpacked (br, zstd, several codings, too many at once): 1"],
    )


@pytest.mark.parametrize(
    "answered",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 9000,
    ],
)
def test_messages_that_cannot_be_read_are_counted_and_the_next_one_is_found(found: Look, answered: bytes) -> None:
    sent = connection(50_000, [ASKED * 2], [*parts(answered), *parts(answer(JPEG))], server_port=80)
    told = found(pcap(sent))
    assert brief(told) == [("jpeg", "clean", sha256(JPEG))]
    assert told.reasons == ["HTTP messages that cannot be read (syntax, or beyond the bounds): 1"]


def test_a_link_type_without_segments_is_told(found: Look) -> None:
    told = found(pcap(talk(ASKED, answer(JPEG)), link=127))
    assert told.reasons == ["packets of link type 127, in which no HTTP bodies are looked for: 14"]


# What is nobody's business


@pytest.mark.parametrize(
    "answered",
    [
        PAGE,
        answer(b""),
        answer(JPEG[:40]),
        answer(bytes(5000)),
        b"HTTP/1.1 101 Switching Protocols\r\n\r\n" + answer(JPEG),
        b"\x16\3\3\0\4\2\0\0\0" * 5 + answer(JPEG),
    ],
)
def test_what_is_no_file_leaves_nothing(found: Look, answered: bytes) -> None:
    assert found(pcap(talk(ASKED, answered))) == Found([], [])


def test_a_tunnel_is_not_looked_into(found: Look) -> None:
    asked = b"CONNECT a.example:443 HTTP/1.1\r\nHost: a.example\r\n\r\n"
    assert found(pcap(talk(asked, b"HTTP/1.1 200 OK\r\n\r\n" + answer(JPEG)))) == Found([], [])


def test_a_repeated_connection_is_taken_once_and_a_new_one_again(found: Look) -> None:
    sent = talk(ASKED, answer(JPEG))
    late = [*sent, *sent[4:-3]]
    assert len(found(pcap(late)).rows) == 1
    new = [Sent(each.micros, _shifted(each.data, 1000)) for each in sent]
    assert len(found(pcap([*late, *new])).rows) == 2


def _shifted(data: bytes, by: int) -> bytes:
    """The packet with other sequence numbers."""
    return data[:24] + pack(">I", int.from_bytes(data[24:28], "big") + by) + data[28:]


def test_thousands_of_connections_that_begin_do_not_push_out_the_one_that_carries(
    found: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "FOLLOWED", 4)
    sent = talk(ASKED, answer(JPEG))
    flood = [tcp((CLIENT, port, SERVER, 80), SYN) for port in range(1, 3000)]
    assert len(found(pcap([*sent[:6], *flood, *sent[6:]])).rows) == 1
    talking = [tcp((CLIENT, port, SERVER, 80), ACK, b"GET /") for port in range(1, 9)]
    assert _cut(found(pcap([*sent[:6], *talking, *sent[6:]]))) == [("malformed", "too many connections go on at once")]


@settings(max_examples=60)
@given(st.data())
def test_no_damage_breaks_it(found: Look, data: st.DataObject) -> None:
    form = b"--b\r\nContent-Disposition: form-data; filename=x.jpg\r\n\r\n" + PNG + b"\r\n--b--"
    asked = post(form, "Content-Type: multipart/form-data; boundary=b")
    answered = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n" + chunked(CODED["gzip"], [9, 500])
    content = bytearray(pcap(talk(asked, answered)))
    for _ in range(data.draw(st.integers(1, 40))):
        content[data.draw(st.integers(24, len(content) - 1))] = data.draw(st.integers(0, 255))
    found(bytes(content))


def test_what_is_held_is_bounded(tmp_path: Path) -> None:
    heard: list[int] = []

    class Listener:
        def hear(self, way: int, data: bytes, moment: streams.Moment) -> bool:
            heard.append(len(data))
            return True

        def miss(self, way: int, length: int) -> None:
            heard.append(-length)

        def end(self, way: int, why: str | None) -> None:
            heard.append(0)

    from lodger.telemetry.segments import Packets

    packets = Packets()
    follow = streams.Streams(lambda _ends, _begun: Listener())
    payload = bytes(1000)
    most = 0
    for port in range(100):
        ends = (CLIENT, port + 1, SERVER, 80)
        follow.take(packets.segment(101, tcp(ends, ACK, b"x", seq=0).data, START), streams.Moment(1, START))  # type: ignore[arg-type]
        for n in range(900):
            taken = packets.segment(101, tcp(ends, ACK, payload, seq=1_000 + 1001 * n).data, START)
            assert taken is not None
            follow.take(taken, streams.Moment(n, START))
            most = max(most, follow._held)
    follow.finish()
    assert most <= streams.HELD + streams.WINDOW
    assert follow._held == 0
    assert sum(each for each in heard if each > 0) == 100 * (1 + 900 * 1000)
