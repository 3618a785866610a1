"""The embedded engine: DuckDB in this process, spilling to the case's own spool."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeVar

import duckdb
import pyarrow as pa

from lodger.engine import TOLD_AGAIN, Kernel
from lodger.errors import CaseError, LodgerError

T = TypeVar("T")

#: Rows to a batch: large enough for vector work, small enough that a batch of lists stays within tens of megabytes.
BATCH_ROWS = 16_384

#: Rows that a kernel is given at a time: lists of all that somebody ever did are longer.
MAPPED_ROWS = 2_048

#: What DuckDB may hold before it spills; the rest of the 1.5 GB that Lodger allows itself is Arrow's and Python's.
MEMORY_LIMIT = "1GB"

#: So many statements are asked at the same time at most: all of them share the memory.
AT_ONCE = 4

#: So many files are opened to see what they hold before they are read.
OPENED_FILES = 256


def _read(columns: str, listed: str) -> str:
    return f"SELECT {columns} FROM read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"  # noqa: S608


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _one_file(path: str) -> str:
    """``path`` without wildcards: a folder may be called ``case[1]``."""
    return re.sub(r"[*?[]", r"[\g<0>]", path)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


#: The columns of schemas with their types in SQL, as they were asked for: a schema has them for good.
_TYPES: Final[dict[pa.Schema, list[tuple[str, str]]]] = {}


class DuckDB:
    """An :class:`lodger.engine.Engine` on DuckDB.

    ``spool`` is a directory for what does not fit in memory. Nothing is fetched: extensions neither install nor load by
    themselves. All times are UTC.
    """

    def __init__(self, spool: Path) -> None:
        spool.mkdir(parents=True, exist_ok=True)
        # In memory, not in a database file: compressing each table cost a quarter of an analysis. What does not fit
        # goes to the folder.
        self._folder = Path(tempfile.mkdtemp(prefix="analysis-", dir=spool))
        self._main = duckdb.connect(
            ":memory:",
            config={
                "memory_limit": MEMORY_LIMIT,
                "temp_directory": str(self._folder),
                "preserve_insertion_order": False,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            },
        )
        self._main.execute("SET enable_progress_bar = false")  # the terminal belongs to whoever called
        self._main.execute("SET parquet_metadata_cache = true")  # the views of events open the same files often
        self._owner = threading.get_ident()
        self._cursors = threading.local()
        self._open = [self._main]
        self._other = ThreadPoolExecutor(1, thread_name_prefix="statement")

    @property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        """The connection of this thread: two threads cannot use one."""
        if threading.get_ident() == self._owner:
            return self._main
        if not hasattr(self._cursors, "connection"):
            self._cursors.connection = self._main.cursor()
            self._cursors.connection.execute("SET enable_progress_bar = false")
            self._open.append(self._cursors.connection)
        connection: duckdb.DuckDBPyConnection = self._cursors.connection
        return connection

    def scan(self, name: str, files: Sequence[str], schema: pa.Schema) -> None:
        """See :meth:`lodger.engine.Engine.scan`."""
        if not files:
            self.load(name, schema.empty_table())
            return
        listed = ", ".join(_literal(_one_file(file)) for file in files)
        # Partitioned by day, a table has that in its paths only, and it is the day of its time. Of the other columns a
        # file has those that it has values for. What the files have is looked at first: of files read by a schema
        # DuckDB believes that there is one row, and joins them in any order.
        partitioned = "day" in schema.names and "/day=" in files[0]
        held = self._held(listed) if len(files) <= OPENED_FILES else {}
        if held and (not partitioned or "time" in held):
            self.view(name, self._select_held(listed, held, schema, partitioned=partitioned))
            return
        columns = ", ".join(
            'CAST("time" AS DATE) AS "day"' if partitioned and each == "day" else _quoted(each) for each in schema.names
        )
        fields = ", ".join(
            f"{_literal(column)}: {{name: {_literal(column)}, type: {_literal(kind)}, default_value: NULL}}"
            for column, kind in self._types(schema)
            if not (partitioned and column == "day")
        )
        self.view(name, f"SELECT {columns} FROM read_parquet([{listed}], schema = MAP {{{fields}}})")  # noqa: S608

    def _held(self, listed: str) -> dict[str, str]:
        """The columns that the files have, with their types; none where one cannot be read: asked for, it is told."""
        try:
            described = self._ask(lambda it: it.sql(f"DESCRIBE {_read('*', listed)}").fetchall())
        except LodgerError:
            return {}
        return {name: kind for name, kind, *_ in described}

    def _select_held(self, listed: str, held: Mapping[str, str], schema: pa.Schema, *, partitioned: bool) -> str:
        """All columns of a table, of which the files have some.

        Of the others it is known before anything is read that they are empty; and how many rows there are is known as
        well, where DuckDB takes those of files with a schema for one.
        """
        columns = []
        for column, kind in self._types(schema):
            if partitioned and column == "day":
                columns.append('CAST("time" AS DATE) AS "day"')
            elif held.get(column) == kind:
                columns.append(_quoted(column))
            else:
                columns.append(f"CAST({_quoted(column) if column in held else 'NULL'} AS {kind}) AS {_quoted(column)}")
        return _read(", ".join(columns), listed)

    def _types(self, schema: pa.Schema) -> list[tuple[str, str]]:
        if schema not in _TYPES:
            self._connection.register("typed", schema.empty_table())
            try:
                described = self._ask(lambda it: it.sql("DESCRIBE typed").fetchall())
            finally:
                self._connection.unregister("typed")
            _TYPES[schema] = [(name, kind) for name, kind, *_ in described]
        return _TYPES[schema]

    def view(self, name: str, select: str) -> None:
        """See :meth:`lodger.engine.Engine.view`."""
        self._run(f"CREATE OR REPLACE VIEW {_quoted(name)} AS {select}")

    def create(self, name: str, select: str) -> None:
        """See :meth:`lodger.engine.Engine.create`."""
        self._run(f"CREATE OR REPLACE TABLE {_quoted(name)} AS {select}")

    def load(self, name: str, table: pa.Table) -> None:
        """See :meth:`lodger.engine.Engine.load`."""
        self._connection.register("loading", table)
        try:
            self.create(name, "SELECT * FROM loading")
        finally:
            self._connection.unregister("loading")

    def map(self, name: str, select: str, kernel: Kernel, schema: pa.Schema) -> None:
        """See :meth:`lodger.engine.Engine.map`."""
        # Two statements cannot be open on one connection.
        self.load(name, schema.empty_table())
        writer = self._connection.cursor()
        insert = f"INSERT INTO {_quoted(name)} FROM mapped"
        try:
            for batch in self._batches(select, MAPPED_ROWS):
                writer.register("mapped", pa.Table.from_batches([kernel(batch)], schema=schema))
                self._ask(lambda _: writer.execute(insert))
                writer.unregister("mapped")
        finally:
            writer.close()

    def stream(self, select: str) -> Iterator[pa.RecordBatch]:
        """See :meth:`lodger.engine.Engine.stream`."""
        return self._batches(select, BATCH_ROWS)

    def _batches(self, select: str, rows: int) -> Iterator[pa.RecordBatch]:
        reader = self._ask(lambda it: it.sql(select).to_arrow_reader(rows))
        while (batch := self._ask(lambda _: next(reader, None))) is not None:
            yield batch

    def query(self, select: str, values: Mapping[str, str] | None = None) -> pa.Table:
        """See :meth:`lodger.engine.Engine.query`."""
        return self._ask(lambda it: it.sql(select, params=dict(values) if values else None).to_arrow_table())

    def read(self, name: str) -> pa.Table:
        """See :meth:`lodger.engine.Engine.read`."""
        return self.query(f"FROM {_quoted(name)}")

    @contextmanager
    def side_by_side(self) -> Iterator[int]:
        """See :meth:`lodger.engine.Engine.side_by_side`."""
        # Of one thread's statement no other thread of DuckDB's looks for a part: that alone was a sixth of their cost.
        usual = self.query("SELECT current_setting('threads') AS threads")["threads"][0].as_py()
        self._run("SET threads = 1")
        try:
            yield min(AT_ONCE, os.cpu_count() or 1)
        finally:
            self._run(f"SET threads = {usual}")

    def interrupt(self) -> None:
        """See :meth:`lodger.engine.Engine.interrupt`."""
        for connection in tuple(self._open):
            connection.interrupt()

    def close(self) -> None:
        """See :meth:`lodger.engine.Engine.close`."""
        self._other.shutdown()
        self._main.close()
        shutil.rmtree(self._folder, ignore_errors=True)  # scratch: what cannot be deleted now goes with the spool

    def _run(self, statement: str) -> None:
        self._ask(lambda it: it.execute(statement))

    def _ask(self, work: Callable[[duckdb.DuckDBPyConnection], T]) -> T:
        """What ``work`` gives, with the connection of this thread.

        The main thread lets another do it: while DuckDB works for it, it may not hear Ctrl-C for minutes. So it waits,
        and ends the statement where it is told to.
        """
        connection = self._connection
        with _explained():
            if threading.current_thread() is not threading.main_thread():
                return work(connection)
            asked = self._other.submit(work, connection)
            try:
                return asked.result()
            finally:
                while not asked.done():
                    self.interrupt()
                    wait([asked], timeout=TOLD_AGAIN)


@contextmanager
def _explained() -> Iterator[None]:
    """Errors as Lodger tells them. Arrow hands on as its own what DuckDB says while it streams."""
    try:
        yield
    except duckdb.IOException as error:
        raise CaseError(
            f"a file of the case cannot be read: {error}", advice="has it been moved or deleted?"
        ) from error
    except duckdb.OutOfMemoryException as error:
        raise LodgerError(
            f"not enough memory or disk for the analysis: {error}", advice="free disk space and try again"
        ) from error
    except (duckdb.Error, OSError, pa.ArrowException) as error:
        raise LodgerError(f"the query failed: {error}") from error
