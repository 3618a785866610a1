"""An older, shorter state of a log that is read after the longer one: its records are in the lake.

Which log that may be, the beginning of the file says (:meth:`lodger.lake.growth.Trails.longer`). That is a hint: what
decides is each record's content, compared with the lake's record of the same number (of a log whose beginning was
removed, :mod:`lodger.lake.tails`: of a number that is higher by what was removed).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.dataset as ds

from lodger.lake.files import LiveFile
from lodger.lake.tables import Lake
from lodger.model.telemetry import Batch


class Older:
    """The records of a longer log, which the lake has under the fingerprints ``sources``; a record of the shorter one
    has there a number that is higher by ``ahead``.
    """

    def __init__(self, lake: Lake, sources: Sequence[str], ahead: int = 0) -> None:
        self._lake = lake
        self._ahead = ahead
        self._sources = ds.field("source").isin(list(sources))
        self._files: dict[str, list[LiveFile]] = {}

    def fresh(self, batch: Batch) -> pa.RecordBatch:
        """The rows of ``batch`` that are not, word for word and under the number they have there, in the longer log."""
        data = batch.data
        if batch.table not in self._files:
            self._files[batch.table] = self._lake.live(batch.table)
        days = set(data["day"].unique().to_pylist())
        files = [file for file in self._files[batch.table] if file.day in days]
        names = [name for name in data.schema.names if name not in {"source", "day", "record"}]
        numbers = data["record"].to_numpy() + self._ahead
        if not files or not len(numbers):
            return data
        condition = self._sources & (ds.field("record") >= int(numbers[0])) & (ds.field("record") <= int(numbers[-1]))
        asked = ["record", *names]
        schema = pa.schema([data.schema.field(name) for name in asked])
        found = pa.Table.from_batches(self._lake.scan(batch.table, files, asked, condition), schema=schema)
        known = found["record"].to_numpy()
        order = np.argsort(known, kind="stable")
        both = np.isin(numbers, known)
        theirs = found.select(names).take(pa.array(order[np.searchsorted(known[order], numbers[both])]))
        both[both] = _equal(pa.Table.from_batches([data.select(names).filter(pa.array(both))]), theirs)
        return data.filter(pa.array(~both))


def _equal(ours: pa.Table, theirs: pa.Table) -> npt.NDArray[np.bool_]:
    """Which rows of two tables of one shape are equal."""
    if ours.equals(theirs):
        return np.ones(ours.num_rows, dtype=np.bool_)
    pairs = zip(ours.to_pylist(), theirs.to_pylist(), strict=True)
    return np.fromiter((one == other for one, other in pairs), dtype=np.bool_, count=ours.num_rows)
