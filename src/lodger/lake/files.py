"""The Parquet files of a lake table: written day by day, and written anew as one."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final
from uuid import uuid4

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from deltalake.transaction import AddAction, RemoveAction

#: Rows of a Parquet row group: what one thread of the engine takes at a time.
ROW_GROUP: Final = 65_536

#: By the least and the greatest of these a small file is passed over, or told of, without being read.
_SOUGHT: Final = ("record", "time", "EventRecordID")

#: So many values from a column's middle tell whether they repeat.
_SAMPLE: Final = 4096
_EPOCH: Final = date(1970, 1, 1)


@dataclass(frozen=True)
class LiveFile:
    """A file that belongs to a table: its path below the table's folder, and its day where the table has days."""

    path: str
    rows: int
    bytes: int
    day: date | None


def by_day(data: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """One table per day, its rows in their order, with its folder; all in one at the root without a ``day`` column.

    Columns without any value are left out: see :func:`written`.
    """
    data = _filled(data)
    if "day" not in data.schema.names:
        yield "", data.combine_chunks()
        return
    days = data["day"].cast(pa.int32()).to_numpy()
    data = data.drop_columns(["day"])
    order = None
    if (np.diff(days) < 0).any():  # a log in order, as most are, need not be moved
        order = np.argsort(days, kind="stable")
        days = days[order]
    # Many small chunks, of many small files, would cost in every step below. Column by column: what is moved is there
    # twice.
    places = None if order is None else pa.array(order)
    data = pa.table([_gathered(column, places) for column in data.columns], data.schema)
    starts = np.flatnonzero(np.diff(days, prepend=np.iinfo(np.int32).min))
    for start, end in zip(starts.tolist(), [*starts[1:].tolist(), len(days)], strict=True):
        yield f"day={_EPOCH + timedelta(int(days[start]))}/", data.slice(start, end - start)


def _gathered(column: pa.ChunkedArray, places: pa.Array | None) -> pa.Array:
    """All of a column in one piece, its values from these places, or as they are."""
    whole = column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks)
    return whole if places is None else whole.take(places)


def _filled(rows: pa.Table) -> pa.Table:
    columns = zip(rows.column_names, rows.itercolumns(), strict=True)
    return rows.select([name for name, column in columns if column.null_count < len(column)])


def written(root: Path, folder: str, rows: pa.Table) -> AddAction:
    """Write one Parquet file; it is not part of the table until the action is committed.

    Columns without any value, which most of Windows events' are, are left out: they would cost more than the others.
    Whoever reads the files by the table's schema finds nulls there.
    """
    path = _new(root, folder)
    rows = _filled(rows)
    few = rows.num_rows < _SAMPLE  # then what counts is what each column costs
    sought = [name for name in _SOUGHT if name in rows.schema.names]
    try:
        pq.write_table(
            rows,
            root / path,
            compression="lz4" if few else "zstd",
            row_group_size=ROW_GROUP,
            store_schema=False,
            use_dictionary=few or list(_repeating(rows)),
            write_statistics=sought if few else True,
        )
    except OSError:
        (root / path).unlink(missing_ok=True)  # on a full disk, what is there of it
        raise
    return _added(root, path, folder, rows.num_rows)


def _repeating(rows: pa.Table) -> Iterator[str]:
    """The columns, as Parquet names their leaves, whose values repeat: only those gain by a dictionary.

    For the others it takes a third of the time of writing, and the file gets larger.
    """
    for field in rows.schema:
        if pa.types.is_list(field.type):
            yield f"{field.name}.list.element"
        elif pa.types.is_map(field.type):
            yield f"{field.name}.key_value.key"
            yield f"{field.name}.key_value.value"
        else:
            sample = rows[field.name].slice(max(0, rows.num_rows - _SAMPLE) // 2, _SAMPLE)
            if pc.count_distinct(sample).as_py() * 2 <= len(sample):
                yield field.name


def rewritten(root: Path, files: Sequence[LiveFile], schema: pa.Schema, keep: ds.Expression | None = None) -> AddAction:
    """Write the rows of files of one folder, those that meet ``keep``, into one, in bounded memory.

    It is not part of the table until the action is committed.
    """
    folder = _folder(files[0].path)
    there = {name for file in files for name in pq.read_schema(root / file.path).names}
    schema = pa.schema([field for field in schema if field.name in there])
    path = _new(root, folder)
    dataset = ds.dataset([str(root / file.path) for file in files], schema=schema, format="parquet")
    # Rows stay in the order of the files: what was ingested together stays together, which the statistics live on.
    rows, waiting, count = 0, [], 0
    with pq.ParquetWriter(root / path, schema, compression="zstd", store_schema=False) as writer:
        scanner = dataset.scanner(filter=keep, batch_size=ROW_GROUP, batch_readahead=2, fragment_readahead=2)
        for batch in scanner.to_batches():
            waiting.append(batch)
            count += batch.num_rows
            if count >= ROW_GROUP:
                writer.write_table(pa.Table.from_batches(waiting, schema=schema), row_group_size=ROW_GROUP)
                rows, waiting, count = rows + count, [], 0
        writer.write_table(pa.Table.from_batches(waiting, schema=schema), row_group_size=ROW_GROUP)
    return _added(root, path, folder, rows + count)


def removed(file: LiveFile) -> RemoveAction:
    """A file leaves the table; it stays on disk for whoever still reads it."""
    return RemoveAction(
        path=file.path,
        data_change=True,
        deletion_timestamp=_now(),
        size=file.bytes,
        partition_values={"day": file.day.isoformat()} if file.day else {},
    )


def _new(root: Path, folder: str) -> str:
    (root / folder).mkdir(exist_ok=True)
    return f"{folder}part-{uuid4()}.parquet"


def _folder(path: str) -> str:
    return path[: path.rfind("/") + 1]


def _added(root: Path, path: str, folder: str, rows: int) -> AddAction:
    return AddAction(
        path=path,
        size=(root / path).stat().st_size,
        partition_values={"day": folder[4:-1]} if folder else {},
        modification_time=_now(),
        data_change=True,
        stats=f'{{"numRecords":{rows}}}',
    )


def _now() -> int:
    return time.time_ns() // 1_000_000
