"""Collecting sparse records into record batches of a lake table's schema.

Records of one kind carry the same fields in the same order, so rows are kept by *shape* (the tuple of their field
names): which column each field belongs to is worked out once per shape, and a batch is put together column by column.
Where all records of a format begin with the same fields, those are its *head*, which belongs to no shape.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

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

_FOLD: Final = 2048  # rows that are kept as Python's objects: few enough for a processor's cache
_MANY: Final = 256  # values of one field that are worth an array of their own
_PLANS: Final = 4096  # remembered shapes; a sensor has some hundred

_USUAL: Final = 8192  # characters in all of a shape's names; of longer ones, anybody's invention, none is remembered

#: To which column a field's name belongs, if any.
Column = Callable[[str], str | None]


@dataclass(frozen=True)
class Head:
    """The fields with which all of a format's records begin, and how to get their values, field by field.

    ``values`` gets what :meth:`Rows.add` got as the heads of some records and gives, in the order of ``names``, the
    values of each field in all of those.
    """

    names: tuple[str, ...]
    values: Callable[[list[Any]], Sequence[Sequence[object]]]


@dataclass(slots=True)
class _Shape:
    names: tuple[str, ...]
    columns: tuple[str | None, ...]  # None: goes to ``other``
    head: int = 0  # so many of the names are the head's, whose values are not among those of the rows
    usual: bool = True
    at: list[int] = field(default_factory=list)
    rows: list[Sequence[object]] = field(default_factory=list)


def plan(table: str, names: tuple[str, ...], column: Column) -> tuple[tuple[str, ...], tuple[str | None, ...]]:
    """Of a record with the fields ``names``: under which name each would stand in ``other``, and its column, if any.

    ``column`` is that of :class:`Rows`.
    """
    return (_remembered if _usual(names) else _plan)(table, names, column)


def _usual(names: tuple[str, ...]) -> bool:
    return sum(map(len, names)) <= _USUAL


def _plan(table: str, names: tuple[str, ...], column: Column) -> tuple[tuple[str, ...], tuple[str | None, ...]]:
    columns: list[str | None] = []
    there = frozenset(TELEMETRY[table].names).difference(_LEAD)
    taken: set[str] = set()
    for name in names:
        found = column(name)
        known = found is not None and found in there and found not in taken
        columns.append(found if known else None)
        if known and found is not None:
            taken.add(found)
    return _keys(names, columns), tuple(columns)


#: A large file is read in many parts, which all have the same shapes.
_remembered: Final = lru_cache(_PLANS)(_plan)


class Rows:
    """The rows of one table that wait for their batch.

    ``column`` says to which column a field's name belongs, in the table's own spelling; None, or a name that the table
    does not have, sends it to ``other``. Of two fields for one column the first is taken, the other goes to ``other``.
    """

    def __init__(self, table: str, source: str, column: Column, head: Head | None = None) -> None:
        self.table = table
        self.bytes = 0
        self._source = source
        self._column = column
        self._schema = TELEMETRY[table]
        self._kinds = {entry.name: entry.type for entry in self._schema if entry.name not in _LEAD}
        self._shapes: dict[tuple[str, ...], _Shape] = {}
        self._headed: dict[tuple[str, ...], _Shape] = {}
        self._head = head
        self._heads: list[Any] = []
        self._heads_at: list[int] = []
        self._records: list[int] = []
        self._times: list[int] = []
        self._folded: list[dict[str, pa.Array]] = []
        self._count = 0  # of the rows that are folded

    def __len__(self) -> int:
        return self._count + len(self._records)

    def add(self, record: int, micros: int, names: tuple[str, ...], values: Sequence[object], size: int) -> None:
        """One more row: field names and, in the same order, values; ``size`` is its length in the file in bytes."""
        shape = self._shapes.get(names)
        if shape is None:
            shape = self._shapes[names] = _Shape(*plan(self.table, names, self._column), usual=_usual(names))
        if size > LONGEST:
            shape, values = self._clip(shape, values)
        shape.at.append(len(self._records))
        shape.rows.append(values)
        self._note(record, micros, size)

    def add_headed(self, record: int, micros: int, head: object, fields: Mapping[str, object], size: int) -> bool:
        """One more row, of no more than ``LONGEST`` bytes: its head, and its other fields with their values.

        Gives whether it is time to take the batch.
        """
        names = tuple(fields)
        shape = self._headed.get(names)
        if shape is None:
            shape = self._headed[names] = self._behind_head(names)
        place = len(self._records)
        shape.at.append(place)
        shape.rows.append(tuple(fields.values()))
        self._heads.append(head)
        self._heads_at.append(place)
        self._note(record, micros, size)
        return self.bytes >= BYTES or self._count + len(self._records) >= ROWS

    def full(self) -> bool:
        """Whether it is time to take the batch."""
        return self._count + len(self._records) >= ROWS or self.bytes >= BYTES

    def take(self) -> Iterator[Batch]:
        """The rows so far as one batch (none when there are none), and a new start."""
        self._fold()
        if not self._count:
            return
        filled = set().union(*self._folded)
        nulls = {entry.type: pa.nulls(self._count, entry.type) for entry in self._schema if entry.name not in filled}
        arrays = [self._unfolded(entry) if entry.name in filled else nulls[entry.type] for entry in self._schema]
        size = self.bytes
        self._folded, self._count, self.bytes = [], 0, 0
        yield Batch(self.table, pa.RecordBatch.from_arrays(arrays, schema=self._schema), size)

    def _unfolded(self, entry: pa.Field) -> pa.Array:
        return pa.concat_arrays(
            [
                part[entry.name] if entry.name in part else pa.nulls(len(part["record"]), entry.type)
                for part in self._folded
            ]
        )

    def _note(self, record: int, micros: int, size: int) -> None:
        self._records.append(record)
        self._times.append(micros)
        self.bytes += size
        if len(self._records) >= _FOLD:
            self._fold()

    def _fold(self) -> None:
        """Turn the rows that are still Python's objects into columns."""
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
        self._folded.append(columns)
        self._count += count
        self._records, self._times, self._heads, self._heads_at = [], [], [], []
        for shapes in (self._shapes, self._headed):
            if len(shapes) > _PLANS:
                shapes.clear()
            for names, shape in list(shapes.items()):
                if not shape.usual:
                    del shapes[names]
                elif shape.at:
                    shape.at, shape.rows = [], []

    def _behind_head(self, names: tuple[str, ...]) -> _Shape:
        first = self._head.names if self._head is not None else ()
        return _Shape(*plan(self.table, (*first, *names), self._column), len(first), usual=_usual(names))

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
            marked = self._shapes[names] = _Shape(names, (*shape.columns, None), usual=_usual(names))
        return marked, (*clipped, ", ".join(cut)[:LONGEST])

    def _columns(self, count: int, others: _Others) -> dict[str, pa.Array]:
        """The columns that any row fills; what has no column or does not fit its type goes to ``others``."""
        cells: dict[str, Sequence[object]] = {}
        for name, column, at, values in self._fields():
            if column is None:
                others.add(name, at, values)
            elif len(values) == count:
                cells[column] = values
            else:
                if column not in cells:
                    cells[column] = [None] * count
                _fill(cells[column], at, values)
        arrays: dict[str, pa.Array] = {}
        owners: dict[int, _Shape] = {}
        for column, cell in cells.items():
            arrays[column], misfits = fit(self._kinds[column], cell)
            if misfits:
                owners = owners or {place: shape for shape in self._filled() for place in shape.at}
                for i in misfits:
                    shape = owners[i]
                    others.add(shape.names[shape.columns.index(column)], [i], [cell[i]])
        return arrays

    def _fields(self) -> Iterator[tuple[str, str | None, list[int], Sequence[object]]]:
        """Every field of the rows: its name, its column, where it is and what it says there."""
        if self._head is not None and self._heads:
            names, columns = plan(self.table, self._head.names, self._column)
            for name, column, values in zip(names, columns, self._head.values(self._heads), strict=True):
                yield name, column, self._heads_at, values
        for shape in self._filled():
            names, columns = shape.names[shape.head :], shape.columns[shape.head :]
            for name, column, values in zip(names, columns, zip(*shape.rows, strict=True), strict=False):
                yield name, column, shape.at, values

    def _filled(self) -> Iterator[_Shape]:
        for shapes in (self._shapes, self._headed):
            yield from (shape for shape in shapes.values() if shape.at)


def _fill(cells: Any, at: Iterable[int], values: Iterable[object]) -> None:
    """Put values at their places, without a step of Python's for each."""
    deque(map(cells.__setitem__, at, values), maxlen=0)


class _Others:
    """The ``other`` maps of a batch; null values are left out: a field without a value says nothing."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._at: list[npt.NDArray[np.int64]] = []
        self._names: list[str] = []
        self._values: list[pa.Array] = []
        self._few: tuple[list[int], list[str], list[object]] = ([], [], [])

    def add(self, name: str, at: list[int], values: Sequence[object]) -> None:
        """The values of one field at their places; of a row, in the order of its fields."""
        if len(values) < _MANY:
            self._few[0].extend(at)
            self._few[1].extend([name] * len(values))
            self._few[2].extend(values)
            return
        array, _ = fit(tables.TEXT, values)
        if array.null_count == len(array):
            return
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
