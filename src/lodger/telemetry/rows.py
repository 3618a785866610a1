"""Collecting sparse records into record batches of a lake table's schema.

Records of one kind carry the same fields in the same order, so rows are kept by *shape* (the tuple of their field
names): which column each field belongs to is worked out once per shape, and a batch is put together column by column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from lodger.model import tables
from lodger.model.tables import TELEMETRY
from lodger.model.telemetry import Batch
from lodger.telemetry.values import LONGEST, fit, text

#: A batch ends at this many rows, or at this many bytes of input, whichever comes first: what a reader holds stays
#: small.
ROWS: Final = 20_000
BYTES: Final = 16 * 1024 * 1024

#: The key in ``other`` under which a row names its values that were too long, with their lengths in characters.
CLIPPED: Final = "lodger:clipped"

_LEAD: Final = ("source", "record", "time", "day", "other")
#: Microseconds.
DAY: Final = 86_400_000_000

_MANY: Final = 16  # values of one field that are worth an array of their own
_PLANS: Final = 4096  # remembered shapes; a sensor has some hundred


@dataclass(slots=True)
class _Shape:
    names: tuple[str, ...]
    columns: tuple[str | None, ...]  # None: goes to ``other``
    at: list[int] = field(default_factory=list)
    rows: list[Sequence[object]] = field(default_factory=list)


def plan(
    table: str, names: tuple[str, ...], column: Callable[[str], str | None]
) -> tuple[tuple[str, ...], tuple[str | None, ...]]:
    """Of a record with the fields ``names``: under which name each would stand in ``other``, and its column, if any.

    ``column`` is that of :class:`Rows`.
    """
    columns: list[str | None] = []
    for name in names:
        found = column(name)
        known = found is not None and found not in columns and found in TELEMETRY[table].names and found not in _LEAD
        columns.append(found if known else None)
    return _keys(names, columns), tuple(columns)


class Rows:
    """The rows of one table that wait for their batch.

    ``column`` says to which column a field's name belongs, in the table's own spelling; None, or a name that the table
    does not have, sends it to ``other``. Of two fields for one column the first is taken, the other goes to ``other``.
    """

    def __init__(self, table: str, source: str, column: Callable[[str], str | None]) -> None:
        self.table = table
        self.bytes = 0
        self._source = source
        self._column = column
        self._schema = TELEMETRY[table]
        self._kinds = {entry.name: entry.type for entry in self._schema if entry.name not in _LEAD}
        self._shapes: dict[tuple[str, ...], _Shape] = {}
        self._records: list[int] = []
        self._times: list[int] = []

    def __len__(self) -> int:
        return len(self._records)

    def add(self, record: int, micros: int, names: tuple[str, ...], values: Sequence[object], size: int) -> None:
        """One more row: field names and, in the same order, values; ``size`` is its length in the file in bytes."""
        shape = self._shapes.get(names)
        if shape is None:
            shape = self._shapes[names] = _Shape(*plan(self.table, names, self._column))
        if size > LONGEST:
            shape, values = self._clip(shape, values)
        shape.at.append(len(self._records))
        shape.rows.append(values)
        self._records.append(record)
        self._times.append(micros)
        self.bytes += size

    def full(self) -> bool:
        """Whether it is time to take the batch."""
        return len(self._records) >= ROWS or self.bytes >= BYTES

    def take(self) -> Iterator[Batch]:
        """The rows so far as one batch (none when there are none), and a new start."""
        if not self._records:
            return
        count = len(self._records)
        others = _Others(count)
        columns = self._columns(count, others)
        moments = np.array(self._times, dtype=np.int64)
        columns |= {
            "source": pa.repeat(pa.scalar(self._source, pa.string()), count),
            "record": pa.array(self._records, pa.int64()),
            "time": pa.array(moments).cast(pa.timestamp("us")),
            "day": pa.array((moments // DAY).astype(np.int32)).cast(pa.date32()),
            "other": others.array(),
        }
        arrays = [
            columns[entry.name] if entry.name in columns else pa.nulls(count, entry.type) for entry in self._schema
        ]
        size = self.bytes
        self._restart()
        yield Batch(self.table, pa.RecordBatch.from_arrays(arrays, schema=self._schema), size)

    def _restart(self) -> None:
        self._records, self._times, self.bytes = [], [], 0
        if len(self._shapes) > _PLANS:
            self._shapes = {}
        for shape in self._shapes.values():
            shape.at, shape.rows = [], []

    def _clip(self, shape: _Shape, values: Sequence[object]) -> tuple[_Shape, Sequence[object]]:
        """The row with its over-long values cut, and one more field that names them."""
        cut: list[str] = []
        clipped: list[object] = []
        for name, value in zip(shape.names, values, strict=True):
            whole = text(value) if isinstance(value, str | list | dict) else None
            if whole is None or len(whole) <= LONGEST:
                clipped.append(value)
            else:
                clipped.append(whole[:LONGEST])
                cut.append(f"{name[:200]} {len(whole)}")
        if not cut:
            return shape, values
        names = (*shape.names, CLIPPED)
        marked = self._shapes.get(names)
        if marked is None:
            marked = self._shapes[names] = _Shape(names, (*shape.columns, None))
        return marked, (*clipped, ", ".join(cut)[:LONGEST])

    def _columns(self, count: int, others: _Others) -> dict[str, pa.Array]:
        """The columns that any row fills; what has no column or does not fit its type goes to ``others``."""
        cells: dict[str, _Cells] = {}
        for shape in self._shapes.values():
            for name, column, values in zip(shape.names, shape.columns, zip(*shape.rows, strict=True), strict=False):
                if column is None:
                    others.add(name, shape.at, values)
                    continue
                cell = cells.get(column)
                if cell is None:
                    cell = cells[column] = _Cells()
                cell.at.extend(shape.at)
                cell.values.extend(values)
        arrays: dict[str, pa.Array] = {}
        owners: dict[int, _Shape] = {}
        for column, cell in cells.items():
            array, misfits = fit(self._kinds[column], cell.values)
            if misfits:
                owners = owners or {place: shape for shape in self._shapes.values() for place in shape.at}
                for i in misfits:
                    shape = owners[cell.at[i]]
                    others.add(shape.names[shape.columns.index(column)], [cell.at[i]], [cell.values[i]])
            arrays[column] = _spread(array, cell.at, count)
        return arrays


@dataclass(slots=True)
class _Cells:
    """A column's values so far, and which rows of the batch they belong to."""

    at: list[int] = field(default_factory=list)
    values: list[object] = field(default_factory=list)


def _spread(values: pa.Array, at: list[int], count: int) -> pa.Array:
    """The values at their places among ``count`` rows, null elsewhere."""
    places = np.full(count, -1, dtype=np.int64)
    places[np.array(at, dtype=np.int64)] = np.arange(len(at))
    return values.take(pa.array(places, mask=places < 0))


class _Others:
    """The ``other`` maps of a batch; null values are left out: a field without a value says nothing."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._at: list[npt.NDArray[np.int64]] = []
        self._names: list[str] = []
        self._values: list[pa.Array] = []
        self._few: tuple[list[int], list[str], list[object]] = ([], [], [])

    def add(self, name: str, at: Sequence[int], values: Sequence[object]) -> None:
        """The values of one field at their places; of a row, in the order of its fields."""
        if len(values) < _MANY:
            self._few[0].extend(at)
            self._few[1].extend([name] * len(values))
            self._few[2].extend(values)
            return
        array, _ = fit(tables.TEXT, values)
        places = np.array(at, dtype=np.int64)
        if array.null_count:
            places, array = places[array.is_valid().to_numpy(zero_copy_only=False)], array.drop_null()
        self._at.append(places)
        self._names.append(name)
        self._values.append(array)

    def array(self) -> pa.Array:
        """One map per row, its entries in the order of the record."""
        few_at, few_names, few_values = self._few
        few, _ = fit(tables.TEXT, few_values)
        there = few.is_valid().to_numpy(zero_copy_only=False)
        at = np.concatenate([*self._at, np.array(few_at, dtype=np.int64)[there]])
        order = pa.array(np.argsort(at, kind="stable"))
        ends = np.concatenate([[0], np.cumsum(np.bincount(at, minlength=self._count))])
        keys = [pa.repeat(name, len(values)) for name, values in zip(self._names, self._values, strict=True)]
        few_keys = pa.array(few_names, tables.TEXT).filter(pa.array(there))
        return pa.MapArray.from_arrays(
            pa.array(ends.astype(np.int32)),
            pa.concat_arrays([*keys, few_keys]).take(order),
            pa.concat_arrays([*self._values, few.drop_null()]).take(order),
        )


def _keys(names: tuple[str, ...], columns: list[str | None]) -> tuple[str, ...]:
    """Under which name each field would stand in ``other``: a map holds a key once.

    Fields without a column keep their spelling, repetitions are numbered (``User``, ``User#2``); so are fields with a
    column, which come here only when their value does not fit.
    """
    seen = {CLIPPED}
    turns: dict[str, int] = {}  # a record may repeat a name a million times
    keys = list(names)
    for i in sorted(range(len(names)), key=lambda i: columns[i] is not None):
        turn = turns.get(names[i], 1)
        while keys[i] in seen:
            turn += 1
            keys[i] = f"{names[i]}#{turn}"
        turns[names[i]] = turn
        seen.add(keys[i])
    return tuple(keys)
