"""The embedded engine: DuckDB in this process, spilling to the case's own spool."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from lodger.engine import Kernel
from lodger.errors import CaseError, LodgerError

#: Rows to a batch: large enough for vector work, small enough that a batch of lists stays within tens of megabytes.
BATCH_ROWS = 16_384

#: What DuckDB may hold before it spills; the rest of the 1.5 GB that Lodger allows itself is Arrow's and Python's.
MEMORY_LIMIT = "1GB"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


class DuckDB:
    """An :class:`lodger.engine.Engine` on DuckDB.

    ``spool`` is a directory for what does not fit in memory. Nothing is fetched: extensions neither install nor load by
    themselves. All times are UTC.
    """

    def __init__(self, spool: Path) -> None:
        spool.mkdir(parents=True, exist_ok=True)
        # A database file and not memory: tables are then compressed, and those that do not fit cost disk instead of failing.
        self._folder = Path(tempfile.mkdtemp(prefix="analysis-", dir=spool))
        self._connection = duckdb.connect(
            str(self._folder / "tables.duckdb"),
            config={
                "memory_limit": MEMORY_LIMIT,
                "temp_directory": str(self._folder),
                "preserve_insertion_order": False,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            },
        )
        self._connection.execute("SET enable_progress_bar = false")  # the terminal belongs to whoever called

    def scan(self, name: str, files: Sequence[str], schema: pa.Schema | None = None) -> None:
        """See :meth:`lodger.engine.Engine.scan`."""
        if schema is not None and not files:
            self.load(name, schema.empty_table())
            return
        listed = ", ".join(_literal(file) for file in files)
        columns = ", ".join(_quoted(column) for column in schema.names) if schema is not None else "*"
        partitioned = "true" if schema is not None and "day" in schema.names else "false"
        self.view(name, f"SELECT {columns} FROM read_parquet([{listed}], hive_partitioning = {partitioned})")  # noqa: S608

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
        # Two statements cannot be open on one connection, so the results are gathered first: they are smaller than their input.
        results = [kernel(batch) for batch in self.stream(select)]
        self.load(name, pa.Table.from_batches(results, schema=schema))

    def stream(self, select: str) -> Iterator[pa.RecordBatch]:
        """See :meth:`lodger.engine.Engine.stream`."""
        yield from self._relation(select).to_arrow_reader(BATCH_ROWS)

    def query(self, select: str) -> pa.Table:
        """See :meth:`lodger.engine.Engine.query`."""
        return self._relation(select).to_arrow_table()

    def close(self) -> None:
        """See :meth:`lodger.engine.Engine.close`."""
        self._connection.close()
        shutil.rmtree(self._folder, ignore_errors=True)  # scratch: what cannot be deleted now goes with the spool

    def _relation(self, select: str) -> duckdb.DuckDBPyRelation:
        try:
            return self._connection.sql(select)
        except duckdb.Error as error:
            raise _explained(error) from error

    def _run(self, statement: str) -> None:
        try:
            self._connection.execute(statement)
        except duckdb.Error as error:
            raise _explained(error) from error


def _explained(error: duckdb.Error) -> LodgerError:
    text = str(error)
    if isinstance(error, duckdb.IOException):
        return CaseError(f"a file of the case cannot be read: {text}", advice="has it been moved or deleted?")
    if isinstance(error, duckdb.OutOfMemoryException):
        return LodgerError(f"not enough memory or disk for the analysis: {text}", advice="free disk space and try again")
    return LodgerError(f"the query failed: {text}")
