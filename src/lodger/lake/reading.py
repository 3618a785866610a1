"""One file on its way into the lake: what its reader yields is checked, counted, and freed of what the lake has."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from lodger.errors import PluginError
from lodger.lake import overlap
from lodger.lake.growth import Retake, Trail, head_key, retake
from lodger.lake.older import Older
from lodger.lake.tails import Tails
from lodger.model.ingest import SourceReport
from lodger.model.tables import TELEMETRY
from lodger.model.telemetry import Aside, Batch, Item, SourceFile
from lodger.telemetry.reader import RAW, Reader

#: Days of one table that one file may fill, eleven years; records of further days are kept aside. A day costs a
#: Parquet file of its own (some 30 KB and 6 ms for Windows events), so that times made up by an intruder could fill
#: the disk.
MOST_DAYS: Final = 4_000

#: The most that is kept of the reason for which a record or a file's rest was not stored, in characters.
LONGEST_REASON: Final = 500


class Reading:
    """Reads one file, by ``read`` if that is given (see :meth:`lodger.telemetry.workers.Workers.read`).

    ``known`` is a shorter state of the file, whose records are not taken again, but for a last one that was cut
    off; nor are events that ``repeats`` knows of other files, and records that ``older`` has of a longer state or
    of a log that the file is the end of.
    ``mark`` says how far the lake has come with this file in a table. Items come out of :meth:`fresh` in the order
    of the file; :attr:`marks` then says how far the file has come with those.
    """

    def __init__(
        self,
        source: SourceFile,
        reader: Reader,
        mark: Callable[[str], int],
        known: Trail | None = None,
        *,
        repeats: overlap.Repeats | None = None,
        older: Older | Tails | None = None,
        read: Callable[[Reader, SourceFile], Iterator[Item]] | None = None,
    ) -> None:
        self.source = source
        self.marks: dict[str, int] = {}
        #: The half of a record whose whole has come out of :meth:`fresh`, or had before; it is to go.
        self.retaken: Retake | None = None
        #: About how many bytes of the file the items so far come from.
        self.gone_through = 0
        self._known = known
        self._repeats = repeats
        self._older = older
        self._half = retake(source.path, known) if known else None
        self._base = (known.last if known else 0) - (self._half is not None)
        self._earlier = 0
        self._end: tuple[int, str | None, date | None] = (self._base, None, None)
        self._reader = reader
        self._read = reader.read if read is None else partial(read, reader)
        self._mark = mark
        self._problem: str | None = None
        self._stored = 0
        self._aside = 0
        self._last: dict[str, int] = defaultdict(int)
        self._days: dict[str, set[int]] = defaultdict(set)

    def fresh(self) -> Iterator[Batch | Aside]:
        """What the file holds and the lake does not have yet.

        Raises :class:`OSError` where the file cannot be read, :class:`PluginError` where the reader breaks its
        contract.
        """
        for item in self._read(self.source):
            if isinstance(item, Batch):
                self.gone_through += item.bytes
            if isinstance(item, str):
                self._problem = _line(item)
                return
            for part in self._within_days(item):
                later = self._later(part)
                if later is not None:
                    yield from self._unseen(self._once(later))

    def report(self) -> SourceReport:
        """What became of the file so far."""
        read = self._stored + self._aside
        return SourceReport(
            self.source.name, self._reader.name, read, self._stored, self._aside, self._problem, earlier=self._earlier
        )

    def trail(self, head: bytes) -> Trail:
        """By what the file, which begins with ``head``, is known again when it has grown."""
        last, table, day = self._end
        return Trail(
            self.source.fingerprint,
            self.source.size,
            self._reader.name,
            head_key(head, self.source.size) if self._reader.grows else None,
            last,
            table,
            day,
            self._known.source if self._known else None,
            self._earlier,
        )

    def _later(self, item: Batch | Aside) -> Batch | Aside | None:
        """What of an item is not in the lake from the file's shorter state."""
        if isinstance(item, Aside):
            self._earlier += item.record <= self._base
            if item.record <= self._base:
                return None
            self._note(item.record, item.record, None, "kept_aside")
            return item
        records = item.data["record"].to_numpy()
        known = int(np.searchsorted(records, self._base, side="right"))
        self._earlier += known
        if known == len(records):
            return None
        self._note(int(records[known]), int(records[-1]), item.data["day"][-1].as_py(), item.table)
        return Batch(item.table, item.data.slice(known))

    def _once(self, item: Batch | Aside) -> Batch | Aside:
        """The item without the records that are in the lake from other files."""
        if isinstance(item, Aside):
            return item
        data = item.data
        if self._older is not None:
            data = self._older.fresh(item)
        if self._repeats is not None and item.table == overlap.TABLE:
            data = self._repeats.fresh(data, self._half)
        self._earlier += item.data.num_rows - data.num_rows
        return Batch(item.table, data)

    def _note(self, first: int, last: int, day: date | None, table: str) -> None:
        if last > self._end[0]:
            self._end = (last, table, day)
        if self._half is not None and first == self._half.record:
            self.retaken = self._half

    def _unseen(self, item: Batch | Aside) -> Iterator[Batch | Aside]:
        table = table_of(item)
        if table not in self.marks:
            self.marks[table] = self._mark(table)
        if isinstance(item, Aside):
            self._aside += 1
            if self._aside > self.marks[table]:
                self.marks[table] = self._aside
                yield item
            return
        self._stored += item.data.num_rows
        records = item.data["record"].to_numpy()
        fresh = item.data.slice(int(np.searchsorted(records, self.marks[table], side="right")))
        if fresh.num_rows:
            self.marks[table] = int(records[-1])
            yield Batch(table, fresh)

    def _within_days(self, item: Batch | Aside) -> Iterator[Batch | Aside]:
        """The item; of a batch that would fill too many days, the rows of the days until then, the rest as asides."""
        if isinstance(item, Aside):
            yield replace(item, reason=_line(item.reason))
            return
        self._check(item)
        seen = self._days[item.table]
        days = item.data["day"].cast(pa.int32()).to_numpy()
        new = [int(day) for day in dict.fromkeys(days.tolist()) if day not in seen]
        room = max(0, MOST_DAYS - len(seen))
        seen.update(new[:room])
        if len(new) <= room:
            yield item
            return
        late = np.isin(days, new[room:])
        yield Batch(item.table, item.data.filter(pa.array(~late)))
        for row in item.data.filter(pa.array(late)).to_pylist():
            yield Aside(row["record"], f"one of more than {MOST_DAYS} different days in {item.table}", _raw(row))

    def _check(self, batch: Batch) -> None:
        """Hold the reader to its contract: what follows would lose or double rows without it."""
        schema = TELEMETRY.get(batch.table)
        if schema is None or batch.data.schema != schema:
            raise self._breach(f"its batch is not of the schema of a table {batch.table!r}")
        empty = [field.name for field in schema if not field.nullable and batch.data[field.name].null_count]
        if empty:
            raise self._breach(f"no value in {', '.join(empty)} of {batch.table}")
        records: npt.NDArray[np.int64] = batch.data["record"].to_numpy()
        if (np.diff(records, prepend=self._last[batch.table]) <= 0).any():
            raise self._breach(f"record numbers do not ascend in {batch.table}")
        if len(records):
            self._last[batch.table] = int(records[-1])

    def _breach(self, why: str) -> PluginError:
        return PluginError(f"reader {self._reader.name}: {why}, reading {self.source.name}")


def table_of(item: Batch | Aside) -> str:
    """The lake table that an item goes to."""
    return item.table if isinstance(item, Batch) else "kept_aside"


def _line(text: str) -> str:
    """A reason as one line that can be stored: what it quotes from a file may be anything."""
    return " ".join(text.encode("utf-8", "backslashreplace").decode().split())[:LONGEST_REASON]


def _raw(row: dict[str, object]) -> bytes:
    return json.dumps({name: value for name, value in row.items() if value is not None}, default=str).encode()[:RAW]
