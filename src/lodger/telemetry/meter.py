"""Packets into flows with nfstream's engine (nDPI and libpcap): a program of its own, never imported.

Run by :mod:`lodger.telemetry.flows`, apart from Lodger, because the engine is native code that meets hostile packets: a
crash ends this process and nothing else. It reads a capture (pcap, one link type) on standard input, and writes one
line of JSON on standard output for each flow: the values of :data:`FIELDS`. The last line is an object: ``packets``
seen and ``ignored``, or ``error``. How many packets it has begun is told in the file that its argument names.

The engine is driven directly, and not by nfstream's own ``NFStreamer``, because that waits for ever when its worker
crashes, takes two TCP connections of equal ports for one, and keeps any number of flows in memory.

When a flow ends: a TCP connection with its RST or both FINs, and when a new SYN comes after that or after a minute of
silence; without an end, after an hour of silence (so that a long connection stays one flow, as in Zeek, even when it
keeps still for longer than Zeek's five minutes). What was never answered, is closed, or is no TCP, after a minute of
silence (Zeek's for UDP and ICMP). There is no limit on a flow's length.
"""

from __future__ import annotations

import json
import mmap
import os
import sys
from collections import OrderedDict
from contextlib import suppress
from typing import Any, Final

NUMBERS: Final = (
    "src_port", "dst_port", "protocol", "ip_version", "vlan_id", "bidirectional_first_seen_ms",
    "bidirectional_last_seen_ms", "bidirectional_packets", "bidirectional_bytes", "src2dst_packets", "src2dst_bytes",
    "dst2src_packets", "dst2src_bytes",
)  # fmt: skip
#: Names here, and the engine's own.
TEXTS: Final = {
    "src_ip": "src_ip_str", "dst_ip": "dst_ip_str", "src_mac": "src_mac_str", "dst_mac": "dst_mac_str",
    "application_name": "application_name", "application_category_name": "category_name",
    "requested_server_name": "requested_server_name", "client_fingerprint": "c_hash", "server_fingerprint": "s_hash",
    "user_agent": "user_agent", "content_type": "content_type",
}  # fmt: skip
FIELDS: Final = (*NUMBERS, *TEXTS, "application_is_guessed", "application_confidence")

_MINUTE: Final = 60_000
_HOUR: Final = 60 * _MINUTE
_NEVER: Final = 1 << 62
_MOST_FLOWS: Final = 100_000  # at once; beyond it the one that was silent longest ends (all take some 550 MB)
_MEMORY: Final = 2 << 30
_DISSECT: Final = 20  # packets of a flow that are looked into
_TUNNELS: Final = 0  # not opened: the engine knows them by UDP ports alone, and drops what only has such a port
_PAYLOAD: Final = 3  # of nfstream's ways to count bytes: what packets carry, as Zeek does
_TCP: Final = 6


class Flow:
    """A flow that goes on."""

    __slots__ = ("answered", "began", "closed", "fins", "native", "until")

    def __init__(self, native: Any, sender: tuple[int, int, int]) -> None:
        self.native = native
        self.began = sender
        self.answered = self.closed = False
        self.fins = 0
        self.until = 0


class Meter:
    """The flows that go on, in the order in which they were last heard, those with long patience apart."""

    def __init__(self, engine: tuple[Any, Any], out: Any) -> None:
        self._ffi, self._lib = engine
        self._out = out
        self._dissector = _dissector(*engine)
        self._quick: OrderedDict[tuple[Any, ...], Flow] = OrderedDict()
        self._patient: OrderedDict[tuple[Any, ...], Flow] = OrderedDict()

    def take(self, packet: Any) -> None:
        """One packet."""
        now = packet.time
        self._expire(now)
        sender = (packet.src_ip[0], packet.src_ip[1], packet.src_port)
        target = (packet.dst_ip[0], packet.dst_ip[1], packet.dst_port)
        ends = (sender, target) if sender < target else (target, sender)
        key = (ends, packet.protocol, packet.vlan_id)
        flow = self._quick.pop(key, None) or self._patient.pop(key, None)
        if flow is not None and packet.syn and not packet.ack:
            silent = now - flow.native.bidirectional_last_seen_ms
            if flow.closed or silent >= _MINUTE:
                self._end(flow)
                flow = None
        if flow is None:
            flow = self._begin(packet, sender)
        else:
            # the engine takes a packet from before the flow's last one for one that is far ahead
            packet.time = max(now, flow.native.bidirectional_last_seen_ms)
            self._lib.meter_update_flow(
                flow.native, packet, _NEVER, _NEVER, _PAYLOAD, 0, 0, _DISSECT, self._dissector, 0
            )
        self._note(flow, packet, sender)
        patient = packet.protocol == _TCP and flow.answered and not flow.closed
        flow.until = packet.time + (_HOUR if patient else _MINUTE)
        (self._patient if patient else self._quick)[key] = flow
        if len(self._quick) + len(self._patient) > _MOST_FLOWS:
            self._end(self._most_silent().popitem(last=False)[1])

    def finish(self) -> None:
        """No more packets: all flows end."""
        for flows in (self._quick, self._patient):
            while flows:
                self._end(flows.popitem(last=False)[1])

    def _most_silent(self) -> OrderedDict[tuple[Any, ...], Flow]:
        """Which of the two begins with the flow that was silent longest."""
        if not (self._quick and self._patient):
            return self._quick or self._patient
        quick, patient = next(iter(self._quick.values())), next(iter(self._patient.values()))
        return self._quick if quick.until - _MINUTE <= patient.until - _HOUR else self._patient

    def _begin(self, packet: Any, sender: tuple[int, int, int]) -> Flow:
        native = self._lib.meter_initialize_flow(packet, _PAYLOAD, 0, 0, _DISSECT, self._dissector, 0)
        if native == self._ffi.NULL:
            raise MemoryError
        return Flow(native, sender)

    @staticmethod
    def _note(flow: Flow, packet: Any, sender: tuple[int, int, int]) -> None:
        """What tells the end of a connection."""
        back = sender != flow.began
        flow.answered = flow.answered or back
        if packet.fin:
            flow.fins |= 1 + back
        flow.closed = flow.closed or bool(packet.rst) or flow.fins == 3

    def _expire(self, now: int) -> None:
        for flows in (self._quick, self._patient):
            while flows and next(iter(flows.values())).until <= now:
                self._end(flows.popitem(last=False)[1])

    def _end(self, flow: Flow) -> None:
        native, text = flow.native, self._ffi.string
        self._lib.meter_expire_flow(native, _DISSECT, self._dissector)
        values = [getattr(native, name) for name in NUMBERS]
        values += [text(getattr(native, name)).decode("utf-8", "backslashreplace") or None for name in TEXTS.values()]
        values += [native.guessed, int(native.confidence)]
        self._out.write(json.dumps(values) + "\n")
        self._lib.meter_free_flow(native, _DISSECT, 0, 1)


def _dissector(ffi: Any, lib: Any) -> Any:
    checker = ffi.new("struct dissector_checker *")
    checker.flow_size = ffi.sizeof("struct ndpi_flow_struct")
    checker.flow_tcp_size = ffi.sizeof("struct ndpi_flow_tcp_struct")
    checker.flow_udp_size = ffi.sizeof("struct ndpi_flow_udp_struct")
    dissector = lib.dissector_init(checker)
    if dissector == ffi.NULL:
        raise MemoryError
    lib.dissector_configure(dissector)
    return dissector


def _bounded() -> None:
    """Limits on this process, where the system has them."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def _run(out: Any, begun: Any) -> dict[str, Any]:
    try:
        from _lib_engine import ffi, lib  # nfstream's native part: the package itself would import pandas
    except ImportError as error:
        return {"error": str(error), "absent": True}
    message = ffi.new("char[256]")
    capture = lib.capture_open(b"-", 0, message, 0)
    if capture == ffi.NULL or lib.capture_activate(capture, 0, message):
        return {"error": ffi.string(message).decode("utf-8", "backslashreplace")}
    meter = Meter((ffi, lib), out)
    packets = ignored = 0
    while True:
        begun[:8] = (packets + 1).to_bytes(8, "little")
        packet = ffi.new("struct nf_packet *")
        state = lib.capture_next(capture, packet, _TUNNELS, 1, 0, 0)
        if state < 0:
            break
        packets += 1
        if state == 0:
            ignored += 1
        else:
            meter.take(packet)
    meter.finish()
    return {"packets": packets, "ignored": ignored}


def main() -> None:
    """Meter standard input; whatever the native code prints goes nowhere."""
    _bounded()
    with os.fdopen(os.dup(1), "w", encoding="ascii", newline="\n") as out:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        with open(sys.argv[1], "r+b") as file, mmap.mmap(file.fileno(), 8) as begun:  # noqa: PTH123
            out.write(json.dumps(_run(out, begun)) + "\n")


if __name__ == "__main__":
    main()
