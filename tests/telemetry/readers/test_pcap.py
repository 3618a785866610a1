"""Captures become flows; damage, hostile packets and an engine that breaks cost only what they must."""

from __future__ import annotations

import gzip
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from struct import pack
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.disguise import writers
from tests.telemetry.conftest import Reading
from tests.telemetry.readers.capture_writer import (
    CLIENT,
    PAGE,
    RST,
    SERVER,
    START,
    SYN,
    Sent,
    answer,
    block,
    client_hello,
    connection,
    enhanced,
    ethernet,
    get,
    interface,
    ip,
    pcap,
    pcapng,
    question,
    section,
    tcp,
    udp,
)

from lodger.telemetry import flows
from lodger.telemetry.discovery import claims

Read = Callable[[str, bytes], Reading]
Flows = Callable[[bytes], list[dict[str, Any]]]

SECOND = 1_000_000
NAMESERVER = "10.0.0.53"
LOOKUP = [
    udp((CLIENT, 5000, NAMESERVER, 53), question("c.example")),
    udp((NAMESERVER, 53, CLIENT, 5000), answer("c.example", "192.0.2.7"), START + 9000),
]
WEB = connection(50001, [client_hello("a.example")], [b"\x16\3\3\0\4\2\0\0\0"])
PLAIN = connection(50002, [get("b.example", "/x", "Agent/1.0")], [PAGE], server_port=80)
ALL = [*WEB, *PLAIN, *LOOKUP]


@pytest.fixture
def flows_of(reading: Read) -> Flows:
    """The flows of a capture that is read without any trouble."""

    def read(content: bytes) -> list[dict[str, Any]]:
        found = reading("pcap", content)
        assert (found.asides, found.stops) == ([], [])
        return found.rows.get("nfstream_flow", [])

    return read


def brief(rows: list[dict[str, Any]]) -> list[tuple[int, int, int]]:
    """Source port and packets each way."""
    return [(row["src_port"], row["src2dst_packets"], row["dst2src_packets"]) for row in rows]


def test_a_tls_connection_is_a_flow_with_name_and_fingerprint(
    flows_of: Flows,
) -> None:
    sent = len(client_hello("a.example"))
    assert flows_of(pcap(WEB)) == [
        {
            "record": 1,
            "time": datetime(2020, 9, 13, 12, 26, 40),
            "day": datetime(2020, 9, 13).date(),
            "src_ip": CLIENT,
            "src_port": 50001,
            "dst_ip": SERVER,
            "dst_port": 443,
            "protocol": 6,
            "ip_version": 4,
            "vlan_id": 0,
            "src_mac": "00:00:5e:00:53:02",
            "dst_mac": "00:00:5e:00:53:01",
            "bidirectional_first_seen_ms": START // 1000,
            "bidirectional_last_seen_ms": START // 1000 + 7,
            "bidirectional_packets": 8,
            "bidirectional_bytes": sent + 9,
            "src2dst_packets": 5,
            "src2dst_bytes": sent,
            "dst2src_packets": 3,
            "dst2src_bytes": 9,
            "application_is_guessed": 0,
            "application_confidence": 6,
            "application_name": "TLS",
            "application_category_name": "Web",
            "requested_server_name": "a.example",
            "client_fingerprint": "t12d030300_13bac7b83268_63be3268461f",
            "other": {},
        }
    ]


def test_a_request_in_the_clear_tells_host_agent_and_type(flows_of: Flows) -> None:
    (row,) = flows_of(pcap(PLAIN))
    names = ("application_name", "requested_server_name", "user_agent", "content_type")
    assert [row[name] for name in names] == ["HTTP", "b.example", "Agent/1.0", "text/html"]
    assert (row["src2dst_bytes"], row["dst2src_bytes"]) == (len(get("b.example", "/x", "Agent/1.0")), len(PAGE))


def test_a_lookup_tells_its_name(flows_of: Flows) -> None:
    (row,) = flows_of(pcap(LOOKUP))
    assert (row["protocol"], row["requested_server_name"]) == (17, "c.example")
    assert brief([row]) == [(5000, 1, 1)]


def test_every_way_to_write_a_capture_says_the_same(flows_of: Flows) -> None:
    said = flows_of(pcap(ALL))
    assert len(said) == 3
    for content in (pcap(ALL, order=">"), pcap(ALL, nano=True), pcap(ALL, order=">", nano=True), pcapng(ALL)):
        assert flows_of(content) == said
    assert flows_of(pcapng(ALL, order=">")) == said


def test_both_formats_are_known_by_their_beginning_where_there_is_no_zeek(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    for content in (pcap(ALL), pcap(ALL, order=">", nano=True), pcapng(ALL), pcapng(ALL, order=">")):
        assert [reader.name for reader in claims(content)] == ["pcap"]
    for other in (b"", b"\xd4\xc3\xb2\xa1", b"\n\r\r\n", pcap(ALL)[:4] + bytes(100), section()[:8] + bytes(100)):
        assert claims(other) == ()


@pytest.mark.parametrize(
    ("options", "ticks"),
    [
        (pack("<HHB3x", 9, 1, 9), 1_600_000_000_123_000_000),
        (pack("<HHB3x", 9, 1, 0x80 | 10), 1_600_000_000 * 1024 + 126),
        (pack("<HHB3x", 9, 1, 0), 1_600_000_000),
        (pack("<HHq", 14, 8, 1_000_000_000), 600_000_000_123_000),
        (pack("<HH4xHHq", 2, 4, 14, 8, 1_000_000_000), 600_000_000_123_000),
    ],
)
def test_clocks_of_interfaces_differ(flows_of: Flows, options: bytes, ticks: int) -> None:
    (row,) = flows_of(section() + interface(options=options) + enhanced(LOOKUP[0], ticks=ticks))
    assert abs(row["time"] - datetime(2020, 9, 13, 12, 26, 40, 123000)) <= timedelta(milliseconds=123)


def test_sections_and_interfaces_of_several_link_types_are_read(reading: Read) -> None:
    raw = [Sent(packet.micros, packet.data) for packet in PLAIN]
    cooked = Sent(START, bytes.fromhex("0800") + bytes(18) + LOOKUP[0].data)
    content = (
        section()
        + interface(1)
        + interface(101)
        + interface(276)
        + b"".join(enhanced(packet, 0) for packet in WEB)
        + section(">")
        + interface(101, order=">")
        + interface(276, order=">")
        + b"".join(enhanced(packet, 0, link=101, order=">") for packet in raw)
        + enhanced(cooked, 1, link=276, order=">")
    )
    found = reading("pcap", content)
    rows = found.rows["nfstream_flow"]
    assert [(row["record"], row["src_port"], row.get("requested_server_name")) for row in rows] == [
        (1, 50001, "a.example"),
        (2, 50002, "b.example"),
        (3, 5000, "c.example"),
    ]
    assert (found.asides, found.stops) == ([], [])


def test_ipv6_and_addresses_of_both_kinds(flows_of: Flows) -> None:
    six = udp(("2001:db8::1", 5001, "2001:db8::53", 53), question("d.example"))
    rows = flows_of(pcap([six, LOOKUP[0]]))
    assert [(row["src_ip"], row["ip_version"]) for row in rows] == [("2001:db8::1", 6), (CLIENT, 4)]


@pytest.mark.parametrize("port", [2152, 4789, 5247, 37008])
def test_a_port_that_tunnels_use_is_a_port_like_any_other(flows_of: Flows, port: int) -> None:
    (row,) = flows_of(pcap([udp((CLIENT, port, NAMESERVER, 53), question("c.example"))]))
    assert (row["src_port"], row["requested_server_name"]) == (port, "c.example")


# When a flow ends


def test_a_connection_that_keeps_still_for_most_of_an_hour_is_one_flow(
    flows_of: Flows,
) -> None:
    parts = connection(50001, [], end=False)
    ends = (CLIENT, 50001, SERVER, 443)
    beats = [tcp(ends, 16, b"beat", START + minutes * 60 * SECOND) for minutes in range(55, 60 * 24, 55)]
    (row,) = flows_of(pcap([*parts, *beats]))
    assert row["src2dst_packets"] == 2 + len(beats)
    assert row["bidirectional_last_seen_ms"] - row["bidirectional_first_seen_ms"] == 55 * (len(beats)) * 60_000


def test_an_hour_of_silence_ends_a_connection(flows_of: Flows) -> None:
    late = tcp((CLIENT, 50001, SERVER, 443), 16, b"x", START + 3700 * SECOND)
    assert brief(flows_of(pcap([*connection(50001, [], end=False), late]))) == [(50001, 2, 1), (50001, 1, 0)]


def test_equal_ports_after_an_end_are_another_connection(flows_of: Flows) -> None:
    again = connection(50001, [b"x"], at=START + SECOND)
    assert brief(flows_of(pcap([*connection(50001, []), *again]))) == [(50001, 4, 2), (50001, 5, 2)]
    reset = [*connection(50001, [], end=False), tcp((SERVER, 443, CLIENT, 50001), RST, b"", START + 5000)]
    assert brief(flows_of(pcap([*reset, *again]))) == [(50001, 2, 2), (50001, 5, 2)]


def test_a_syn_that_is_sent_again_is_the_same_attempt_and_after_a_minute_another(
    flows_of: Flows,
) -> None:
    syns = [tcp((CLIENT, 50001, SERVER, 443), SYN, b"", START + seconds * SECOND) for seconds in (0, 1, 3, 7, 80)]
    assert brief(flows_of(pcap(syns))) == [(50001, 4, 0), (50001, 1, 0)]


def test_datagrams_a_minute_apart_are_two_flows(flows_of: Flows) -> None:
    asked = [
        udp((CLIENT, 5000, NAMESERVER, 53), question(f"{n}.example"), START + n * 50 * SECOND + (n == 2) * 20 * SECOND)
        for n in range(3)
    ]
    assert [row["src2dst_packets"] for row in flows_of(pcap(asked))] == [2, 1]


def test_packets_out_of_order_do_not_part_a_flow(flows_of: Flows) -> None:
    assert brief(flows_of(pcap([WEB[0], *WEB[3:], *WEB[1:3]]))) == [(50001, 5, 3)]


def test_when_there_are_too_many_the_one_that_was_silent_longest_ends(
    flows_of: Flows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Path(flows.__file__).with_name("meter.py").read_text()
    assert "_MOST_FLOWS: Final = 100_000" in source
    (tmp_path / "meter.py").write_text(source.replace("_MOST_FLOWS: Final = 100_000", "_MOST_FLOWS: Final = 2"))
    monkeypatch.setattr(flows, "_METER", tmp_path / "meter.py")
    steps = [connection(port, [b"x"], at=START + port * SECOND) for port in (1, 2, 3)]
    opened = [step for packets in steps for step in packets[:3]]
    rest = [Sent(step.micros + 10 * SECOND, step.data) for packets in steps for step in packets[3:]]
    assert brief(flows_of(pcap(opened))) == [(1, 2, 1), (2, 2, 1), (3, 2, 1)]
    one_by_one = [packet for packets in steps for packet in packets]
    assert brief(flows_of(pcap(one_by_one))) == [(1, 5, 2), (2, 5, 2), (3, 5, 2)]
    assert len(flows_of(pcap([*opened, *rest]))) == 6


# Damage


def test_a_capture_that_was_cut_off_is_read_as_far_as_it_goes(reading: Read) -> None:
    found = reading("pcap", pcap(ALL)[:-5])
    assert [row["src_port"] for row in found.rows["nfstream_flow"]] == [50001, 50002, 5000]
    assert found.stops == ["the capture ends inside packet 18: read up to there"]
    found = reading("pcap", pcapng(ALL)[:-5])
    assert found.stored == 3
    assert found.stops == ["the capture ends inside a block after packet 17: read up to there"]


@pytest.mark.parametrize(
    ("content", "stop"),
    [
        (pcap([])[:20], "the capture ends inside its header"),
        (pcap([]), "the capture holds no packet"),
        (section(), "the capture holds no packet"),
        (pcap([]) + pack("<IIII", 1, 1, 1 << 31, 9), "packet 1 claims to be 2,147,483,648 bytes long"),
        (section() + pack("<III", 6, 13, 0), "after packet 0 a block claims to be 13 bytes long"),
        (section() + block(9, b"x") + section()[:8] + b"abcd" + bytes(16), "after packet 0 a section begins without a"),
    ],
)
def test_what_cannot_be_is_one_line(reading: Read, content: bytes, stop: str) -> None:
    found = reading("pcap", content)
    assert (found.stored, found.asides) == (0, [])
    assert [each.startswith(stop) for each in found.stops] == [True]


def test_a_link_type_that_is_not_read_is_one_line(reading: Read) -> None:
    found = reading("pcap", pcap(LOOKUP, link=147))
    assert found.reasons == [(1, "packets of link type 147, which nfstream does not read: 2, from packet 1")]
    assert (found.stored, found.stops) == (0, [])


def test_damaged_blocks_cost_only_themselves(reading: Read) -> None:
    good = enhanced(LOOKUP[0])
    short = block(6, pack("<II", 0, 0))
    liar = block(6, pack("<IIIII", 0, 0, 0, 999, 999) + b"abcd")
    simple = block(3, pack("<I", 4) + b"abcd")
    old = block(2, pack("<HHIIII", 0, 0, START >> 32, START & 0xFFFFFFFF, 4, 4) + b"abcd")
    found = reading("pcap", section() + interface() + short + liar + simple + enhanced(LOOKUP[0], 7) + old + good)
    assert found.reasons == [
        (2, "packet 1: a packet block shorter than its header"),
        (3, "packet 2: claims 999 bytes, its block has 4"),
        (4, "packet 3: a packet without a time (simple packet block)"),
        (5, "packet 4: its interface 7 is not described"),
    ]
    assert brief(found.rows["nfstream_flow"]) == [(5000, 1, 0)]


def test_thousands_of_bad_packets_are_a_hundred_and_one_lines(reading: Read) -> None:
    found = reading("pcap", section() + block(3, pack("<I", 4) + b"abcd") * 5000 + interface() + enhanced(LOOKUP[0]))
    assert len(found.asides) == 101
    assert found.reasons[-1] == (102, "4,900 more packets that cannot be read")
    assert found.stored == 1


def test_internet_packets_in_no_flow_are_counted(reading: Read) -> None:
    fragment = bytearray(LOOKUP[0].data)
    fragment[6:8] = b"\0\x10"
    cut = udp(("2001:db8::1", 5001, "2001:db8::53", 53), question("d.example")).data[:50]
    found = reading("pcap", pcap([LOOKUP[0], Sent(START, bytes(fragment)), Sent(START, cut)]))
    assert found.reasons == [(2, "IP packets in no flow (fragments, cut short, or malformed): 2")]
    assert brief(found.rows["nfstream_flow"]) == [(5000, 1, 0)]


def test_a_time_that_no_clock_can_have_shown_is_kept_aside(reading: Read) -> None:
    found = reading("pcap", pcap([Sent(4_200_000_000 * SECOND, LOOKUP[0].data), LOOKUP[0]]))
    assert found.reasons == [(2, "packet 1: time is outside 1970 to 2038")]
    assert brief(found.rows["nfstream_flow"]) == [(5000, 1, 0)]


@settings(max_examples=40)
@given(st.data())
def test_no_damage_stops_the_reader(reading: Read, data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from([pcap(ALL), pcapng(ALL), pcap(ALL, link=101)])))
    for _ in range(data.draw(st.integers(1, 30))):
        content[data.draw(st.integers(4, len(content) - 1))] = data.draw(st.integers(0, 255))
    found = reading("pcap", bytes(content))
    assert len(found.stops) <= 1


@settings(max_examples=30)
@given(st.lists(st.binary(max_size=120), max_size=40), st.sampled_from([0, 1, 9, 50, 101, 104, 113, 127, 228, 229]))
def test_no_packet_breaks_the_reader(reading: Read, packets: list[bytes], link: int) -> None:
    sent = [Sent(START, ip(CLIENT, SERVER, 6, data) if len(data) % 2 else data) for data in packets]
    found = reading("pcap", pcap([*sent, *LOOKUP], link=link))
    assert found.stops == []


# Files in HTTP bodies


def test_files_in_bodies_are_numbered_on_behind_the_flows_and_asides_behind_those(reading: Read) -> None:
    picture = writers.jpeg(Random(1), 3_000) + Random(2).randbytes(200)
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(picture)
    form = b"--b\r\nContent-Disposition: form-data; filename=x.png\r\n\r\n" + writers.png(Random(3)) + b"\r\n--b--"
    kind = b"Content-Type: multipart/form-data; boundary=b\r\n"
    asked = b"POST /up HTTP/1.1\r\n" + kind + b"Transfer-Encoding: gzip, chunked\r\n\r\n"
    packed = gzip.compress(form)
    asked += b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    sent = connection(50_003, [asked], [head + picture], server_port=80)
    found = reading("pcap", pcapng([*LOOKUP, *sent]) + block(3, pack("<I", 4) + b"abcd"))
    assert [row["record"] for row in found.rows["nfstream_flow"]] == [1, 2]
    assert [
        (row["record"], row["file_name"], row["kind"], row["verdict"], row["is_orig"], row["packet"])
        for row in found.rows["file_inspection"]
    ] == [(3, "x.png", "png", "clean", True, 6), (4, "up", "jpeg", "hidden data", False, 7)]
    assert [number for number, _ in found.reasons] == [5]


# The engine


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts a program in place of the meter: it tells ports of the packets as flows, and does what it is told."""

    def put(does: str) -> None:
        program = f"""
import json, os, struct, sys, time
data = sys.stdin.buffer
data.read(24)
begun = open(sys.argv[1], "r+b", buffering=0)
n = 0
while head := data.read(16):
    n += 1
    begun.seek(0)
    begun.write(n.to_bytes(8, "little"))
    packet = data.read(struct.unpack("<IIII", head)[2])
    port = int.from_bytes(packet[34:36], "big")
    {does}
    print(json.dumps([port, *[0] * 4, {START // 1000}, *[0] * 7, *[None] * 11, 0, 0]), flush=True)
print(json.dumps({{"packets": n, "ignored": 0}}))
"""
        path = tmp_path / "engine.py"
        path.write_text(program)
        monkeypatch.setattr(flows, "_METER", path)

    return put


def ports(found: Reading) -> list[int]:
    return [row["src_port"] for row in found.rows.get("nfstream_flow", [])]


SIX = pcap([udp((CLIENT, port, SERVER, 9), b"x") for port in (1, 2, 3, 4, 5, 6)])


def test_a_packet_on_which_the_engine_crashes_is_kept_aside_and_the_rest_is_read(
    reading: Read, engine: Callable[[str], None]
) -> None:
    engine("if port in (2, 5): os.abort()")
    found = reading("pcap", SIX)
    assert ports(found) == [1, 3, 4, 6]
    assert found.reasons == [
        (5, "packet 2: nfstream's engine crashes on it"),
        (6, "packet 5: nfstream's engine crashes on it"),
    ]
    assert found.asides[0].raw == ethernet(udp((CLIENT, 2, SERVER, 9), b"x").data)
    assert found.stops == []


def test_an_engine_that_stands_still_is_ended(
    reading: Read, engine: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flows, "PATIENCE", 0.5)
    engine("if port == 2: time.sleep(600)")
    found = reading("pcap", SIX)
    assert ports(found) == [1, 3, 4, 5, 6]
    assert found.reasons == [(6, "packet 2: nfstream's engine hangs on it")]


def test_an_engine_that_crashes_again_and_again_is_given_up(reading: Read, engine: Callable[[str], None]) -> None:
    engine("if port > 1: os.abort()")
    found = reading("pcap", SIX)
    assert ports(found) == [1]
    assert [reason.split(":")[0] for _, reason in found.reasons] == ["packet 2", "packet 3", "packet 4", "packet 5"]
    assert found.stops == ["nfstream's engine crashes on it again and again: the flows until then are read"]


def test_an_engine_that_crashes_at_the_end_has_told_what_it_told(reading: Read, engine: Callable[[str], None]) -> None:
    engine("if port == 6: begun.seek(0); begun.write(bytes([7])); os.abort()")
    found = reading("pcap", SIX)
    assert ports(found) == [1, 2, 3, 4, 5]
    assert len(found.stops) == 1


def test_words_that_are_no_flow_are_as_good_as_a_crash(reading: Read, engine: Callable[[str], None]) -> None:
    engine("if port == 3: print('[1]', flush=True); sys.exit()")
    found = reading("pcap", SIX)
    assert ports(found) == [1, 2, 4, 5, 6]
    assert found.reasons == [(6, "packet 3: nfstream's engine crashes on it")]


def test_without_nfstream_there_is_one_clear_line(reading: Read, engine: Callable[[str], None]) -> None:
    engine("print(json.dumps({'error': 'No module', 'absent': True}), flush=True); sys.exit()")
    found = reading("pcap", SIX)
    assert (found.stored, found.asides) == (0, [])
    assert found.stops == ["captures need nfstream, which has no build for this platform, or zeek on the PATH"]


def test_the_meter_says_so_when_the_engine_cannot_be_loaded(tmp_path: Path) -> None:
    (tmp_path / "begun").write_bytes(bytes(8))
    told = subprocess.run(
        [sys.executable, "-P", "-S", "-E", str(Path(flows.__file__).with_name("meter.py")), str(tmp_path / "begun")],
        input=SIX,
        capture_output=True,
        check=True,
    )
    assert (told.stdout, told.stderr) == (
        b'{"error": "No module named \'_lib_engine\'", "absent": true}\n',
        b"",
    )


def test_nothing_is_left_behind_when_the_reading_is_broken_off(tmp_path: Path, reading: Read) -> None:
    from lodger.model.telemetry import SourceFile
    from lodger.telemetry.readers.pcap import READER

    many = [udp((CLIENT, 1 + n % 60000, SERVER, 9 + n // 60000), b"x") for n in range(70_000)]
    capture, spool = tmp_path / "many.pcap", tmp_path / "spool"
    capture.write_bytes(pcap(many))
    spool.mkdir()
    items = READER.read(SourceFile(capture, "many", "f" * 64, "f" * 64, 1, spool=spool))
    next(items)
    assert len(list(spool.iterdir())) == 1
    items.close()  # type: ignore[attr-defined]  # a generator
    assert list(spool.iterdir()) == []


def test_real_captures_are_read_whole(shared_data: Path, reading_file: Callable[[str, Path], Reading]) -> None:
    found = reading_file("pcap", shared_data / "pcap" / "slips-cc-2.pcap")
    rows = found.rows["nfstream_flow"]
    assert (len(rows), found.asides, found.stops) == (261, [], [])
    assert sum(row["bidirectional_packets"] for row in rows) == 1084
    fingerprints = {row["client_fingerprint"] for row in rows if row["application_name"].startswith("TLS")}
    assert fingerprints == {"t13d3113h2_e8f1e7e78f70_ce5650b735ce"}
    found = reading_file("pcap", shared_data / "pcap" / "slips-test7.pcap")
    assert sum(row["bidirectional_packets"] for row in found.rows["nfstream_flow"]) == 1969
    assert (found.asides, found.stops) == ([], [])
