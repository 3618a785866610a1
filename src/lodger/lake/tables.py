"""The case's tables: Delta Lake directories, partitioned by day.

``<case>/lake/<table>`` holds what was ingested and only grows; ``<case>/findings/<name>`` holds what an analysis wrote
and is replaced whole. Protocol: https://github.com/delta-io/delta/blob/master/PROTOCOL.md
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import contextmanager
from operator import attrgetter
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.dataset as ds
from deltalake import CommitProperties, DeltaTable, Schema, Transaction, WriterProperties, write_deltalake
from deltalake.exceptions import DeltaError, TableNotFoundError
from deltalake.transaction import AddAction, RemoveAction

from lodger.errors import CaseError
from lodger.lake.case import check_case, create_case
from lodger.lake.files import LiveFile, by_day, removed, rewritten, written
from lodger.model.tables import LAKE

#: Replaced findings stay on disk this long, for whoever still reads them.
KEEP_REPLACED_HOURS: Final = 24

#: After so many commits what they sum up to is written: whoever opens a table reads that and at most so many.
CHECKPOINT: Final = 16

_CONFIGURATION: Final = {"delta.checkpointInterval": str(CHECKPOINT)}

_WRITERS: Final = 2  # a small file is mostly work that needs no lock of Python's

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")


class Lake:
    """The tables of the case at ``root``.

    ``Lake(root)`` opens a case, ``Lake.create(root)`` makes one where there is none yet. Both raise :class:`CaseError`
    where ``root`` is no case that this program can read.
    """

    def __init__(self, root: Path) -> None:
        check_case(root)
        self.root = root.resolve()
        self._opened: dict[Path, DeltaTable] = {}

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
        return [name for name in LAKE if _begun(self._table(name))]

    def files(self, table: str) -> list[str]:
        """Absolute paths of the live Parquet files of a lake table; none where nothing was ingested into it."""
        return self._live(self._table(table))

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
        with _writable(root):
            if not _begun(root):
                DeltaTable.create(
                    root,
                    Schema.from_arrow(schema),
                    partition_by=_partitions(table),
                    configuration=_CONFIGURATION,
                )
            days = by_day(data)
            del data  # in another order it is there a second time: the first can go
            _commit(self._delta(root), table, _written(root, days), marks)

    def live(self, table: str) -> list[LiveFile]:
        """The files of a lake table with their rows, bytes and days, in the order of their paths."""
        root = self._table(table)
        if not _begun(root):
            return []
        with _readable(root):
            actions = pa.table(self._delta(root).get_add_actions(flatten=True))
        dated = "partition.day" in actions.schema.names
        days = actions["partition.day"].to_pylist() if dated else [None] * len(actions)
        told = (actions[name].to_pylist() for name in ("path", "num_records", "size_bytes"))
        return sorted(map(LiveFile, *told, days), key=attrgetter("path"))

    def count(self, table: str, file: LiveFile, condition: ds.Expression) -> int:
        """How many rows of one file of a lake table meet a condition."""
        root = self._table(table)
        with _readable(root):
            dataset = ds.dataset(str(root / file.path), schema=LAKE[table], format="parquet")
            return int(dataset.count_rows(filter=condition))

    def scan(
        self, table: str, files: Sequence[LiveFile], columns: Sequence[str], condition: ds.Expression
    ) -> Iterator[pa.RecordBatch]:
        """Some columns of those rows of a lake table's files that meet a condition, in bounded memory."""
        root = self._table(table)
        if files:
            with _readable(root):
                dataset = ds.dataset([str(root / file.path) for file in files], schema=LAKE[table], format="parquet")
                scanner = dataset.scanner(list(columns), condition, batch_readahead=2, fragment_readahead=2)
                yield from scanner.to_batches()

    def rewrite(self, table: str, files: Sequence[LiveFile], keep: ds.Expression | None = None) -> AddAction:
        """Write the rows of a lake table's files, all of one day, into one, which :meth:`swap` puts in their place.

        With ``keep`` only those that meet it.
        """
        root = self._table(table)
        with _writable(root):
            return rewritten(root, files, LAKE[table], keep)

    def swap(self, table: str, gone: Sequence[LiveFile], added: Sequence[AddAction]) -> None:
        """Put files in the place of others in one commit: readers see the old or the new; marks stay."""
        root = self._table(table)
        with _writable(root):
            _commit(self._delta(root), table, [*added, *(removed(file) for file in gone)], {})

    def sweep(self, table: str) -> int:
        """Delete files that have not been part of a lake table for :data:`KEEP_REPLACED_HOURS`; how many there were."""
        root = self._table(table)
        with _writable(root):
            swept = self._delta(root).vacuum(
                KEEP_REPLACED_HOURS, dry_run=False, enforce_retention_duration=False, full=True
            )
        return len(swept)

    def folder(self, table: str) -> Path:
        """Where the files of a lake table lie."""
        return self._table(table)

    def marks(self, table: str) -> Callable[[str], int]:
        """How far the commits to a lake table until now have come with a file, by its fingerprint; 0 where they have
        nothing of it.

        An answer costs some milliseconds: the log is read for each.
        """
        root = self._table(table)
        if not _begun(root):
            return lambda _: 0
        with _readable(root):
            delta = DeltaTable(root)

        def mark(fingerprint: str) -> int:
            with _readable(root):
                return delta.transaction_version(fingerprint) or 0

        return mark

    def replace(self, name: str, data: pa.Table | pa.RecordBatchReader) -> None:
        """Put ``data``, of any schema, in the place of the findings table ``name``; readers see the old or new.

        Batches of a reader are written as they come.
        """
        root = self._findings(name)
        with _writable(root):
            write_deltalake(
                self._delta(root) if _begun(root) else root,
                data,
                mode="overwrite",
                schema_mode="overwrite",
                configuration=_CONFIGURATION,
                writer_properties=WriterProperties(compression="ZSTD"),
            )
            # Asked what it would delete, vacuum commits nothing: its two commits a time made every opening slower.
            for path in self._delta(root).vacuum(KEEP_REPLACED_HOURS, enforce_retention_duration=False):
                (root / path).unlink(missing_ok=True)

    def forget(self, name: str) -> None:
        """Delete the findings table ``name``, damaged or not."""
        with _writable(self._findings(name)):
            self._opened.pop(self._findings(name), None)
            shutil.rmtree(self._findings(name))

    def findings(self) -> list[str]:
        """The names of the findings tables that exist, sorted."""
        folder = self.root / "findings"
        return sorted(entry.name for entry in folder.iterdir() if _begun(entry)) if folder.is_dir() else []

    def findings_files(self, name: str) -> list[str]:
        """Absolute paths of the live Parquet files of a findings table; none where no analysis wrote it."""
        return self._live(self._findings(name))

    def findings_table(self, name: str) -> pa.Table:
        """A findings table whole, for those that are small."""
        with _readable(self._findings(name)):
            return ds.dataset(self.findings_files(name), format="parquet").to_table()

    def findings_held(self, name: str) -> tuple[list[str], pa.Schema]:
        """:meth:`findings_files` and :meth:`findings_schema` of a table that is there, both of one state of it."""
        root = self._findings(name)
        with _readable(root):
            delta = self._delta(root)
            return _paths(root, delta), pa.schema(delta.schema().to_arrow())

    def findings_schema(self, name: str) -> pa.Schema:
        """The columns of a findings table, which an empty one has too."""
        with _readable(self._findings(name)):
            return pa.schema(self._delta(self._findings(name)).schema().to_arrow())

    def _delta(self, root: Path) -> DeltaTable:
        """The newest state of a table. It is opened once, which takes the longer the more files it has had; after that
        only what was committed since is read, unless the table was deleted and is another.
        """
        known = self._opened.get(root)
        if known is not None and (root / "_delta_log" / f"{known.version():020}.json").exists():
            known.update_incremental()
            return known
        self._opened[root] = DeltaTable(root)
        return self._opened[root]

    def _live(self, root: Path) -> list[str]:
        try:
            with _readable(root):
                return _paths(root, self._delta(root))
        except TableNotFoundError:
            return []

    def _table(self, name: str) -> Path:
        if name not in LAKE:
            raise ValueError(f"the lake has no table {name!r}")
        return self.root / "lake" / name

    def _findings(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError(f"not a name for a findings table: {name!r}")
        return self.root / "findings" / name


def _begun(root: Path) -> bool:
    """Whether a table has its first commit; a run killed before that leaves an empty log behind."""
    return next((root / "_delta_log").glob("[0-9]*"), None) is not None


def _paths(root: Path, delta: DeltaTable) -> list[str]:
    return sorted(str(root / path) for path in delta.get_add_actions()["path"].to_pylist())


def _partitions(table: str) -> list[str]:
    return ["day"] if "day" in LAKE[table].names else []


def _written(root: Path, days: Iterator[tuple[str, pa.Table]]) -> list[AddAction]:
    """Write a Parquet file for each day; where one cannot be written, none is left.

    Not by `write_deltalake`, which keeps a writer open for every day: 2.6 MB each.
    """
    with ThreadPoolExecutor(_WRITERS, thread_name_prefix="day") as threads:
        files = [threads.submit(written, root, path, rows) for path, rows in days]
        wait(files, return_when=FIRST_EXCEPTION)
        threads.shutdown(cancel_futures=True)
    try:
        return [file.result() for file in files]
    except OSError:
        for file in files:  # or each attempt on a full disk would leave it fuller
            if not file.cancelled() and file.exception() is None:
                (root / file.result().path).unlink(missing_ok=True)
        raise


def _commit(
    delta: DeltaTable, table: str, actions: Sequence[AddAction | RemoveAction], marks: Mapping[str, int]
) -> None:
    delta.create_write_transaction(
        list(actions),
        "append",
        delta.schema(),
        _partitions(table),
        commit_properties=CommitProperties(
            app_transactions=[Transaction(fingerprint, mark) for fingerprint, mark in marks.items()]
        ),
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
    except (DeltaError, OSError, pa.ArrowInvalid) as error:
        raise CaseError(
            f"the table {root} cannot be written: {error}", advice="check space and permissions, then do the same again"
        ) from error
