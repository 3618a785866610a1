"""Rows that wait for their commit, over as many files as fit into it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import pyarrow as pa

from lodger.lake.growth import Retake, Trail, take_back
from lodger.lake.tables import Lake
from lodger.model.ingest import SourceReport
from lodger.model.tables import CONTAINER, KEPT_ASIDE, LAKE, SOURCE
from lodger.model.telemetry import Aside, Batch, SourceFile

#: A commit is made when this many rows wait, or this many bytes of Arrow memory, whichever comes first.
MOST_ROWS: Final = 400_000
MOST_BYTES: Final = 300 * 1024 * 1024

#: What a column of a batch costs beside its values: many small files would hide in it.
_COLUMN_BYTES: Final = 512


@dataclass
class Pending:
    """What is read and not yet committed."""

    rows: int = 0
    bytes: int = 0
    data: dict[str, list[pa.RecordBatch]] = field(default_factory=lambda: defaultdict(list))
    asides: list[tuple[str, Aside]] = field(default_factory=list)
    marks: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    sources: list[dict[str, object]] = field(default_factory=list)
    containers: list[dict[str, object]] = field(default_factory=list)
    retakes: dict[Retake, None] = field(default_factory=dict)

    def add(self, source: str, item: Batch | Aside, mark: int) -> None:
        """Something of a file, by its fingerprint; ``mark`` says how far the file has come in its table with it."""
        if isinstance(item, Batch):
            self.data[item.table].append(item.data)
            self.marks[item.table][source] = mark
            self._grow(item.data.num_rows, item.data.nbytes + item.data.num_columns * _COLUMN_BYTES)
        else:
            self.asides.append((source, item))
            self.marks["kept_aside"][source] = mark
            self._grow(1, _COLUMN_BYTES + len(item.reason) + len(item.raw or b""))

    def add_source(self, source: SourceFile, report: SourceReport, trail: Trail) -> None:
        """A file that was read to its end."""
        self.sources.append(
            {
                "source": source.fingerprint,
                "name": source.name,
                "container": source.container,
                "reader": report.reader,
                "bytes": source.size,
                "read": report.read,
                "stored": report.stored,
                "aside": report.aside,
                "problem": report.problem,
                "ingested": datetime.now(UTC).replace(tzinfo=None),
                "head": trail.head,
                "grew_from": trail.grew_from,
                "earlier": trail.earlier,
                "last": trail.last,
                "last_table": trail.table,
                "last_day": trail.day,
            }
        )
        self._grow(1, _COLUMN_BYTES)

    def add_container(self, container: str, members: list[tuple[str, str]]) -> None:
        """A container all of whose members (name, fingerprint) were read to their ends."""
        self.containers.extend(
            {"container": container, "name": name, "source": fingerprint} for name, fingerprint in members
        )
        self._grow(len(members), _COLUMN_BYTES)

    def add_retake(self, half: Retake | None) -> None:
        """A record that was cut off when it was read, and whose whole is among what waits or committed before."""
        if half is not None:
            self.retakes[half] = None

    def full(self) -> bool:
        """Whether it is time to commit."""
        return self.rows >= MOST_ROWS or self.bytes >= MOST_BYTES

    def _grow(self, rows: int, size: int) -> None:
        self.rows += rows
        self.bytes += size


def commit(lake: Lake, pending: Pending) -> None:
    """Append all that waits to the lake.

    Data comes first and the promises last: a promise in the lake means that all that it speaks of is there. Halves of
    records go when their wholes are there.
    """
    for table in (name for name in LAKE if name in pending.data):
        lake.append(table, pa.Table.from_batches(pending.data.pop(table), schema=LAKE[table]), pending.marks[table])
    if pending.asides:
        lake.append("kept_aside", _aside_table(pending.asides), pending.marks["kept_aside"])
    for half in pending.retakes:
        take_back(lake, half)
    if pending.sources:
        lake.append("source", pa.Table.from_pylist(pending.sources, schema=SOURCE), {})
    if pending.containers:
        lake.append("container", pa.Table.from_pylist(pending.containers, schema=CONTAINER), {})


def _aside_table(asides: list[tuple[str, Aside]]) -> pa.Table:
    return pa.table(
        [
            [source for source, _ in asides],
            [aside.record for _, aside in asides],
            [aside.reason for _, aside in asides],
            [aside.raw for _, aside in asides],
        ],
        schema=KEPT_ASIDE,
    )
