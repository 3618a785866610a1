"""Packet captures (pcap, pcapng) as Zeek's logs, where ``zeek`` is on the PATH.

A reader of its own, so that the summary and the lake's table of sources say of every capture who read it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.compute as pc

from lodger.model.telemetry import Aside, Batch, Item, SourceFile
from lodger.telemetry.bodies import bodies
from lodger.telemetry.packets import is_capture
from lodger.telemetry.reader import HEAD, Reader
from lodger.telemetry.readers import zeek_json, zeek_tsv
from lodger.telemetry.zeek_program import run_zeek, zeek


def _sniff(head: bytes) -> bool:
    return is_capture(head) and zeek() is not None


def _read(source: SourceFile) -> Iterator[Item]:
    with source.path.open("rb"), TemporaryDirectory(dir=source.spool, prefix="capture-") as name:
        folder = Path(name)
        problem = run_zeek(source.path, folder)
        before = 0
        for log in sorted(folder.glob("*.log")):
            if log.is_file() and not log.is_symlink():
                before = yield from _log(source, log, before)
        if before == 0:
            problem = problem or "zeek found no traffic in it"
        yield from bodies(source, before)
    if problem is not None:
        yield problem


def _log(source: SourceFile, log: Path, before: int) -> Generator[Item, None, int]:
    """The rows of one log; records are numbered on from ``before`` through all logs. Returns the last number."""
    with log.open("rb") as file:
        head = file.read(HEAD)
    reader = next((each for each in (zeek_tsv.READER, zeek_json.READER) if each.sniff(head)), None)
    if reader is None:
        yield Aside(before + 1, f"zeek's {log.name} is not a log that Lodger knows")
        return before + 1
    last = before
    for item in reader.read(replace(source, path=log, name=f"{source.name}!{log.name}", size=log.stat().st_size)):
        if isinstance(item, Batch):
            data = item.data
            place = data.schema.get_field_index("record")
            records = pc.add(data["record"], pa.scalar(before, pa.int64()))
            last = max(last, records[-1].as_py())
            yield Batch(item.table, data.set_column(place, data.schema.field(place), records))
        elif isinstance(item, Aside):
            last = max(last, before + item.record)
            yield replace(item, record=before + item.record)
        else:
            yield Aside(last + 1, f"zeek's {log.name}: {item}")
            last += 1
    return last


READER = Reader(
    name="pcap_zeek",
    title="Packet captures (pcap, pcapng), by zeek on the PATH",
    maps="as zeek_tsv, from the logs that zeek makes of the capture; file_inspection for files in HTTP bodies",
    sniff=_sniff,
    read=_read,
    grows=False,
)
