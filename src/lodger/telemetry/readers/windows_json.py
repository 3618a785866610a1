"""Windows events exported as JSON: one object per line, an array, or single pretty-printed objects.

The dialects (:mod:`lodger.telemetry.windows_dialects`) are told apart record by record, and may be mixed.
"""

from __future__ import annotations

from collections.abc import Iterator

from lodger.model.telemetry import Aside, Item, SourceFile
from lodger.telemetry.json_records import PARTS, records, sample
from lodger.telemetry.reader import RAW, Reader
from lodger.telemetry.windows import WindowsRows
from lodger.telemetry.windows_dialects import is_windows, mapped

__all__ = ["READER", "is_windows"]


def _sniff(head: bytes) -> bool:
    return any(map(is_windows, sample(head)))


def _read(source: SourceFile) -> Iterator[Item]:
    rows = WindowsRows(source.fingerprint)
    for record in records(source):
        if isinstance(record, Aside):
            yield record
            continue
        found = mapped(record.value)
        if isinstance(found, str):
            yield Aside(record.number, found, record.raw[:RAW])
        else:
            yield from rows.add(record.number, found, record.raw)
    yield from rows.rest()


READER = Reader(
    name="windows_json",
    title="Windows events as JSON",
    maps="windows_event; fields without a column go to its `other`",
    sniff=_sniff,
    read=_read,
    parts=PARTS,
)
