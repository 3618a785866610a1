"""Delimited text read a block at a time, column by column.

A log of millions of like rows need not become millions of Python objects. What is read here must come out exactly as
it does row by row (:mod:`lodger.telemetry.rows`), so that every block in which anything is out of the ordinary is
refused, and then read in the other way: an escape, a blank line, a value that does not fit its column, a number
written in a way that the two ways read differently.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from lodger.model import tables
from lodger.telemetry import times
from lodger.telemetry.rows import DAY
from lodger.telemetry.values import LONGEST

#: The most that is read at once, in bytes: no line in it can have a value that is cut for its length.
BLOCK: Final = LONGEST

_NATIVE: Final = frozenset({tables.TEXT, tables.COUNT, pa.int32(), tables.SECONDS, tables.FLAG})
_TRUE: Final = ["T", "true", "True"]
_FALSE: Final = ["F", "false", "False"]
_BLANK: Final = np.frombuffer(b"\n ", np.uint8)
_AFTER_ZERO: Final = np.frombuffer(b"0xX", np.uint8)
#: Epoch seconds with microseconds, as every time from 2001 to 2286 is written.
_TIME_WIDTH: Final = 17
_TIME_DOT: Final = 10
_POWERS: Final = 10 ** np.array([15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0], dtype=np.int64)


@dataclass(frozen=True)
class Layout:
    """How a block's rows are to be read.

    The record's time stands first. ``columns`` says for each place of a row to which column of ``schema`` it goes, None
    for those that go to ``other`` under the place's name in ``keys``; ``lists`` are the places of several values.
    """

    schema: pa.Schema
    source: str
    separator: str
    set_separator: str
    empty: str
    unset: str
    keys: tuple[str, ...]
    columns: tuple[str | None, ...]
    lists: frozenset[int]

    def readable(self) -> bool:
        """Whether rows of this layout can be read by columns at all."""
        kinds = [None if name is None else self.schema.field(name).type for name in self.columns]
        return (
            len(self.separator.encode()) == 1
            and bool(self.set_separator)
            and all(
                kind == tables.TEXTS if place in self.lists else kind is None or kind in _NATIVE
                for place, kind in enumerate(kinds)
            )
        )


def read(layout: Layout, block: bytes, first: int) -> pa.RecordBatch | None:
    """The rows of a block of whole lines, numbered from ``first``; None where they must be read one by one."""
    lines = _plain_lines(block, layout.separator.encode())
    if lines is None:
        return None
    try:
        data = _parsed(layout, block)
    except pa.ArrowInvalid:  # a row of another length, a value that does not fit, no UTF-8
        return None
    micros = _micros(data.column(0)) if data.num_rows == lines else None
    if micros is None:
        return None
    cells = {name: data.column(place) for place, name in enumerate(layout.columns) if name is not None}
    lists = {
        name: _several(cells[name], layout)
        for place, name in enumerate(layout.columns)
        if place in layout.lists and name
    }
    if not all(_finite(cell) for cell in cells.values() if cell.type == tables.SECONDS):
        return None
    if layout.empty.encode() in block:
        cells = {name: _emptied(cell, layout.empty) for name, cell in cells.items()}
    cells |= lists | _lead(layout, micros, first) | {"other": _other(layout, data)}
    nulls = {field.type: pa.nulls(data.num_rows, field.type) for field in layout.schema if field.name not in cells}
    arrays = [cells[field.name] if field.name in cells else nulls[field.type] for field in layout.schema]
    return pa.RecordBatch.from_arrays(arrays, schema=layout.schema)


def _plain_lines(block: bytes, separator: bytes) -> int | None:
    """How many lines the block has; None where anything stands in it that Arrow reads differently than row by row.

    It skips blank lines, ends lines at carriage returns too, trims blanks off numbers, and takes hexadecimal ones and
    any number of leading zeros. Lines begin with a time, which is looked at by itself.
    """
    if any(sign in block for sign in (b"\\", b"\r", b"\0")) or (separator != b"\t" and b"\t" in block):
        return None
    content = np.frombuffer(b"\n" + block.removesuffix(b"\n") + b"\n\0\0", np.uint8)  # all have neighbours
    ends = np.flatnonzero(content == ord("\n"))[1:]
    borders = np.flatnonzero(content == ord(separator))
    before, after, second = content[borders - 1], content[borders + 1], content[borders + 2]
    odd = (
        np.isin(content[ends - 1], _BLANK).any()
        or (before == ord(" ")).any()
        or (after == ord(" ")).any()
        or np.isin(second[after == ord("0")], _AFTER_ZERO).any()
        or (second[after == ord("-")] == ord("0")).any()
    )
    return None if odd else len(ends)


def _parsed(layout: Layout, block: bytes) -> pa.RecordBatch:
    names = [str(place) for place in range(len(layout.columns))]
    types = {
        names[place]: tables.TEXT if name is None or place in layout.lists else layout.schema.field(name).type
        for place, name in enumerate(layout.columns)
    }
    table = csv.read_csv(
        pa.BufferReader(block),
        csv.ReadOptions(use_threads=False, block_size=2 * BLOCK, column_names=names),
        csv.ParseOptions(delimiter=layout.separator, quote_char=False, escape_char=False),
        csv.ConvertOptions(
            column_types=types,
            null_values=[layout.unset],
            strings_can_be_null=True,
            true_values=_TRUE,
            false_values=_FALSE,
        ),
    )
    return pa.RecordBatch.from_arrays([_whole(column) for column in table.columns], names=names)


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _micros(column: pa.Array) -> npt.NDArray[np.int64] | None:
    """Times in microseconds, all of them written as ten digits, a dot and six digits; otherwise None."""
    count = len(column)
    _, ends, content = column.buffers()
    starts = np.frombuffer(ends, np.int32, count + 1)
    if column.null_count or (np.diff(starts) != _TIME_WIDTH).any():
        return None
    written = np.frombuffer(content, np.uint8, count * _TIME_WIDTH, int(starts[0])).reshape(count, _TIME_WIDTH)
    digits = np.delete(written, _TIME_DOT, axis=1) - np.uint8(ord("0"))
    if (written[:, _TIME_DOT] != ord(".")).any() or (digits > 9).any():
        return None
    micros: npt.NDArray[np.int64] = digits.astype(np.int64) @ _POWERS
    return micros if ((micros >= times.SANE_FROM) & (micros < times.SANE_TO)).all() else None


def _finite(column: pa.Array) -> bool:
    return bool(pc.all(pc.is_finite(column), min_count=0).as_py())


def _emptied(column: pa.Array, empty: str) -> pa.Array:
    """Texts with "" where a text is there and empty."""
    return pc.if_else(pc.equal(column, empty), "", column) if column.type == tables.TEXT else column


def _several(column: pa.Array, layout: Layout) -> pa.Array:
    """Lists of texts from texts of several values."""
    if column.null_count == len(column):
        return pa.nulls(len(column), tables.TEXTS)
    lists = pc.split_pattern(column, layout.set_separator)
    values = lists.values
    values = pc.if_else(pc.equal(values, layout.unset), pa.scalar(None, tables.TEXT), values)
    mask = pc.is_null(lists)
    lists = pa.ListArray.from_arrays(lists.offsets, values, mask=mask if lists.null_count else None)
    return pc.if_else(pc.equal(column, layout.empty), pa.scalar([], tables.TEXTS), lists)


def _lead(layout: Layout, micros: npt.NDArray[np.int64], first: int) -> dict[str, pa.Array]:
    count = len(micros)
    return {
        "source": pa.repeat(pa.scalar(layout.source, tables.TEXT), count),
        "record": pa.array(np.arange(first, first + count)),
        "time": pa.array(micros).cast(tables.TIME),
        "day": pa.array((micros // DAY).astype(np.int32)).cast(pa.date32()),
    }


def _other(layout: Layout, data: pa.RecordBatch) -> pa.Array:
    """The ``other`` maps: what of the fields without a column is there, in the order of the fields."""
    count = data.num_rows
    places = [place for place, name in enumerate(layout.columns) if place and name is None]
    columns = [_emptied(data.column(place), layout.empty) for place in places]
    filled = np.zeros((count, len(places)), dtype=bool)
    for i, column in enumerate(columns):
        filled[:, i] = column.is_valid().to_numpy(zero_copy_only=False)
    rows, kinds = np.nonzero(filled)
    values = pa.concat_arrays(columns).take(pa.array(kinds * count + rows)) if len(rows) else pa.array([], tables.TEXT)
    keys = pa.array([layout.keys[place] for place in places], tables.TEXT).take(pa.array(kinds))
    ends = np.concatenate([[0], np.cumsum(filled.sum(axis=1))]).astype(np.int32)
    return pa.MapArray.from_arrays(pa.array(ends), keys, values)
