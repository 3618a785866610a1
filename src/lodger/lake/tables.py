"""The case's tables: Delta Lake directories, partitioned by day.

``<case>/lake/<table>`` holds what was ingested and only grows; ``<case>/findings/<name>`` holds what an analysis wrote
and is replaced whole. Protocol: https://github.com/delta-io/delta/blob/master/PROTOCOL.md
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from uuid import uuid4

import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from deltalake import CommitProperties, DeltaTable, Schema, Transaction, WriterProperties, write_deltalake
from deltalake.exceptions import DeltaError, TableNotFoundError
from deltalake.transaction import AddAction, RemoveAction

from lodger.errors import CaseError
from lodger.lake.case import check_case, create_case
from lodger.model.tables import LAKE

#: Rows of a Parquet row group: what one thread of the engine takes at a time.
ROW_GROUP: Final = 65_536

#: Replaced findings stay on disk this long, for whoever still reads them.
KEEP_REPLACED_HOURS: Final = 24

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")


class Lake:
    """The tables of the case at ``root``.

    ``Lake(root)`` opens a case, ``Lake.create(root)`` makes one where there is none yet. Both raise :class:`CaseError`
    where ``root`` is no case that this program can read.
    """

    def __init__(self, root: Path) -> None:
        check_case(root)
        self.root = root.resolve()

    @classmethod
    def create(cls, root: Path) -> Lake:
        """Open the case at ``root``; make it first where ``root`` is missing or empty."""
        create_case(root)
        return cls(root)

    @property
    def spool(self) -> Path:
        """Where work on the case keeps temporary files, each kind in a folder of its own."""
        return self.root / "spool"

    def tables(self) -> list[str]:
        """The names of the lake's tables that exist, in the order of the model."""
        return [name for name in LAKE if self._log(self._table(name)).is_dir()]

    def files(self, table: str) -> list[str]:
        """Absolute paths of the live Parquet files of a lake table; none where nothing was ingested into it."""
        return _live(self._table(table))

    def read(self, table: str) -> pa.Table:
        """A lake table whole, for those that are small: ``source``, ``container``."""
        schema = LAKE[table]
        with _readable(self._table(table)):
            return ds.dataset(self.files(table), schema=schema, format="parquet").to_table()

    def append(self, table: str, data: pa.Table, marks: Mapping[str, int]) -> None:
        """Commit rows of a lake table, and with them, in the same commit, how far each file has come.

        ``marks`` maps a file's fingerprint to the number that the function of :meth:`marks` gives back afterwards. A
        process killed at any moment has committed all of it or nothing.
        """
        root, schema = self._table(table), LAKE[table]
        partitions = ["day"] if "day" in schema.names else []
        with _writable(root):
            delta = DeltaTable.create(root, Schema.from_arrow(schema), mode="ignore", partition_by=partitions)
            # Written here and not by `write_deltalake`, which keeps a writer open for every day: 2.6 MB each.
            added: list[AddAction | RemoveAction] = [_written(root, path, rows) for path, rows in _by_day(data)]
            delta.create_write_transaction(
                added,
                "append",
                delta.schema(),
                partitions,
                commit_properties=CommitProperties(
                    app_transactions=[Transaction(fingerprint, mark) for fingerprint, mark in marks.items()]
                ),
            )

    def marks(self, table: str) -> Callable[[str], int]:
        """How far the commits to a lake table until now have come with a file, by its fingerprint; 0 where they have
        nothing of it.

        An answer costs some milliseconds: the log is read for each.
        """
        root = self._table(table)
        if not self._log(root).is_dir():
            return lambda _: 0
        with _readable(root):
            delta = DeltaTable(root)

        def mark(fingerprint: str) -> int:
            with _readable(root):
                return delta.transaction_version(fingerprint) or 0

        return mark

    def replace(self, name: str, data: pa.Table) -> None:
        """Put ``data``, of any schema, in the place of the findings table ``name``; readers see the old or the new."""
        root = self._findings(name)
        with _writable(root):
            write_deltalake(
                root,
                data,
                mode="overwrite",
                schema_mode="overwrite",
                writer_properties=WriterProperties(compression="ZSTD"),
            )
            DeltaTable(root).vacuum(KEEP_REPLACED_HOURS, dry_run=False, enforce_retention_duration=False)

    def findings(self) -> list[str]:
        """The names of the findings tables that exist, sorted."""
        folder = self.root / "findings"
        return sorted(entry.name for entry in folder.iterdir() if self._log(entry).is_dir()) if folder.is_dir() else []

    def findings_files(self, name: str) -> list[str]:
        """Absolute paths of the live Parquet files of a findings table; none where no analysis wrote it."""
        return _live(self._findings(name))

    def findings_schema(self, name: str) -> pa.Schema:
        """The columns of a findings table, which an empty one has too."""
        with _readable(self._findings(name)):
            return pa.schema(DeltaTable(self._findings(name)).schema().to_arrow())

    def _table(self, name: str) -> Path:
        if name not in LAKE:
            raise ValueError(f"the lake has no table {name!r}")
        return self.root / "lake" / name

    def _findings(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError(f"not a name for a findings table: {name!r}")
        return self.root / "findings" / name

    @staticmethod
    def _log(root: Path) -> Path:
        return root / "_delta_log"


def _live(root: Path) -> list[str]:
    try:
        with _readable(root):
            return sorted(str(root / path) for path in DeltaTable(root).get_add_actions()["path"].to_pylist())
    except TableNotFoundError:
        return []


def _by_day(data: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """One table per day, its rows in their order, with its folder; all in one at the root without a ``day`` column."""
    data = data.combine_chunks()  # many small files make many small chunks, and each costs in every step below
    if "day" not in data.schema.names:
        yield "", data
        return
    days = data["day"].cast(pa.int32()).to_numpy()
    data = data.drop_columns(["day"])
    order = np.argsort(days, kind="stable")
    starts = np.flatnonzero(np.diff(days[order], prepend=np.iinfo(np.int32).min))
    names = pa.array(days[order[starts]]).cast(pa.date32()).cast(pa.string()).to_pylist()
    for name, start, end in zip(names, starts, [*starts[1:], len(days)], strict=True):
        yield f"day={name}/", data if len(names) == 1 else data.take(order[start:end])


def _written(root: Path, folder: str, rows: pa.Table) -> AddAction:
    """Write one Parquet file; it is not part of the table until the action is committed."""
    path = f"{folder}part-{uuid4()}.zstd.parquet"
    file = root / path
    file.parent.mkdir(exist_ok=True)
    pq.write_table(rows, file, compression="zstd", row_group_size=ROW_GROUP, store_schema=False)
    return AddAction(
        path=path,
        size=file.stat().st_size,
        partition_values={"day": folder[4:-1]} if folder else {},
        modification_time=time.time_ns() // 1_000_000,
        data_change=True,
        stats=f'{{"numRecords":{rows.num_rows}}}',
    )


@contextmanager
def _readable(root: Path) -> Iterator[None]:
    try:
        yield
    except TableNotFoundError:
        raise
    except (DeltaError, OSError, pa.ArrowInvalid) as error:
        raise CaseError(
            f"the table {root} cannot be read: {error}", advice="restore the case from a copy, or ingest into a new one"
        ) from error


@contextmanager
def _writable(root: Path) -> Iterator[None]:
    try:
        yield
    except (DeltaError, OSError) as error:
        raise CaseError(
            f"the table {root} cannot be written: {error}", advice="check space and permissions, then do the same again"
        ) from error
