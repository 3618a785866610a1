"""A log whose beginning was removed: what is left of it was read before, perhaps with other records behind it.

Its first bytes say nothing then. What leads to the known log is the time of a record: rows of that day and time are
looked up in the lake (by day and by Parquet's statistics, so that little is read), and where several records in a row
are, word for word, those of one log, that log is compared on, record by record, as with an older state of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from lodger.lake import overlap
from lodger.lake.files import LiveFile
from lodger.lake.growth import Trails
from lodger.lake.older import Older
from lodger.lake.seen import HOST, Seen
from lodger.lake.tables import Lake
from lodger.model.tables import LAKE
from lodger.model.telemetry import Batch

#: So many records that follow each other are the same before a log is taken for one that is known.
LEAST: Final = 8
#: So many records of one time are looked at, and so many logs that continue each other within one batch.
_CANDIDATES: Final = 64
_LOGS: Final = 8
_EPOCH: Final = date(1970, 1, 1)
#: Findings of collections are no log: what two of them share, both found.
_NO_LOGS: Final = frozenset({"artifact"})


class Waiting:
    """What an ingest has of the lake's tables: files that are live, and rows that wait for their commit."""

    def __init__(self, lake: Lake, rows: Callable[[str], Sequence[pa.RecordBatch]], commit: Callable[[], None]) -> None:
        self._lake = lake
        self._rows = rows
        self._commit = commit
        self._live: dict[str, list[LiveFile]] = {}
        self._seen = Seen(self._earlier)

    def add(self, batch: Batch) -> None:
        """These rows wait, too."""
        self._seen.add(batch.table, batch.data)

    def may_have(self, table: str, row: pa.RecordBatch) -> bool:
        """Whether a row that is live or waits may be the same as this one, but for where it came from."""
        return self._seen.may_have(table, row)

    def _earlier(self, table: str, day: int) -> Iterator[pa.RecordBatch]:
        files = [file for file in self.files(table) if file.day == _EPOCH + timedelta(day)]
        columns = [name for name in ("time", HOST) if name in LAKE[table].names]
        return self._lake.scan(table, files, columns, ds.scalar(True))

    def committed(self) -> None:
        """What waited is in the lake."""
        self._live.clear()

    def files(self, table: str) -> list[LiveFile]:
        """The live files of a table."""
        if table not in self._live:
            self._live[table] = self._lake.live(table)
        return self._live[table]

    def bring_in(self, data: pa.RecordBatch, table: str, source: str) -> None:
        """Commit, where a row of another file waits that is the first of ``data``."""
        names = [name for name in data.schema.names if name not in {"source", "record"}]
        first = data.slice(0, 1).select(names)
        for batch in self._rows(table):
            if batch["source"][0].as_py() == source:
                continue
            same = np.flatnonzero(pc.equal(batch["time"], data["time"][0]).to_numpy(zero_copy_only=False))
            if any(batch.slice(at, 1).select(names).equals(first) for at in same[:_CANDIDATES].tolist()):
                self._commit()
                return


class Tails:
    """What one file, by its fingerprint ``source``, shares with logs that were read to their ends."""

    def __init__(self, lake: Lake, trails: Trails, waiting: Waiting, source: str) -> None:
        self._lake = lake
        self._trails = trails
        self._waiting = waiting
        self._source = source
        self._found: list[Older] = []
        self._own: set[str] = set(_NO_LOGS)  # tables whose records are the file's own from here on

    def fresh(self, batch: Batch) -> pa.RecordBatch:
        """The rows of ``batch`` that are not in the lake from a log that this file is a part of, or goes on from."""
        data = self._unknown(batch.table, batch.data, self._found)
        while data.num_rows and batch.table not in self._own:
            # Once the file is known for a part of others, one record is enough to find the next of them.
            new = self._covering(batch.table, data.slice(0, 1 if self._found else LEAST))
            if not new or len(self._found) + len(new) > _LOGS:
                self._own.update([batch.table] if self._found or data.num_rows >= LEAST else [])
                break
            self._found += new
            data = self._unknown(batch.table, data, new)
        return data

    def _unknown(self, table: str, data: pa.RecordBatch, logs: Sequence[Older]) -> pa.RecordBatch:
        for known in logs:
            data = known.fresh(Batch(table, data))
        return data

    def _covering(self, table: str, data: pa.RecordBatch) -> list[Older]:
        """The logs that all rows of ``data`` are in; none where one of them is new, or the first of too few."""
        found: list[Older] = []
        if not self._found and data.num_rows < LEAST:
            return []
        if table == overlap.TABLE and data["EventRecordID"][0].is_valid:
            return []  # Windows events with numbers are told apart by those
        while data.num_rows:
            known = self._log(table, data)
            if known is None:
                return []
            found.append(known)
            data = known.fresh(Batch(table, data))
        return found

    def _log(self, table: str, data: pa.RecordBatch) -> Older | None:
        """A log that has the first row of ``data``."""
        if not self._waiting.may_have(table, data.slice(0, 1)):
            return None
        self._waiting.bring_in(data, table, self._source)
        for source, record in self._candidates(table, data):
            known = Older(self._lake, self._trails.log(source), record - data["record"][0].as_py())
            if not known.fresh(Batch(table, data.slice(0, 1))).num_rows:
                return known
        return None

    def _candidates(self, table: str, data: pa.RecordBatch) -> list[tuple[str, int]]:
        """Source and number of some records of the same time as the first of ``data``."""
        files = [file for file in self._waiting.files(table) if file.day == data["day"][0].as_py()]
        found: list[tuple[str, int]] = []
        for batch in self._lake.scan(table, files, ["source", "record"], ds.field("time") == data["time"][0]):
            few = batch.slice(0, _CANDIDATES - len(found))
            each = zip(few["source"].to_pylist(), few["record"].to_pylist(), strict=True)
            found += [(source, at) for source, at in each if source != self._source and self._trails.knows(source)]
        return found
