"""Packet captures (pcap, pcapng): flows, by nfstream's engine in a process of its own, and files in HTTP bodies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from lodger.model.tables import NFSTREAM_FLOW
from lodger.model.telemetry import Aside, Item, SourceFile
from lodger.telemetry import times
from lodger.telemetry.bodies import bodies
from lodger.telemetry.flows import metered
from lodger.telemetry.meter import FIELDS
from lodger.telemetry.packets import is_capture
from lodger.telemetry.reader import Reader
from lodger.telemetry.rows import Rows
from lodger.telemetry.zeek_program import zeek

_TABLE: Final = "nfstream_flow"
_FIRST: Final = FIELDS.index("bidirectional_first_seen_ms")
_COLUMNS: Final = {name: name for name in NFSTREAM_FLOW.names}
_LATEST: Final = 1 << 42  # milliseconds: after all times that are believed
_SIZE: Final = 400  # bytes: about what a flow takes in a batch


def _sniff(head: bytes) -> bool:
    return is_capture(head) and zeek() is None


def _read(source: SourceFile) -> Iterator[Item]:
    rows = Rows(_TABLE, source.fingerprint, _COLUMNS.get)
    number = 0
    rest: list[Aside | str] = []
    with TemporaryDirectory(dir=source.spool, prefix="capture-") as folder:
        for item in metered(source.path, Path(folder)):
            if not isinstance(item, list):
                rest.append(item)  # a hundred, or little more
                continue
            number += 1
            micros = min(item[_FIRST], _LATEST) * 1000
            reason = times.why_not(micros, micros)
            if reason is not None:
                yield Aside(number, f"flow {number:,}: {reason}", repr(item).encode())
                continue
            rows.add(number, micros, FIELDS, item, _SIZE)
            if rows.full():
                yield from rows.take()
    yield from rows.take()
    number = yield from bodies(source, number)
    # what is aside comes after the flows, whose numbers must not hang on where the engine crashes
    for item in rest:
        number += 1
        yield item if isinstance(item, str) else replace(item, record=number)


READER = Reader(
    name="pcap",
    title="Packet captures (pcap, pcapng), by nfstream",
    maps="nfstream_flow; file_inspection for files in HTTP bodies",
    sniff=_sniff,
    read=_read,
    grows=False,
)
