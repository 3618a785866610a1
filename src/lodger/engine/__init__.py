"""Who computes: run SQL over tables, map Arrow kernels, hand back results.

An engine states only its differences; the SQL and the kernels are the same for all. DuckDB is embedded
(:mod:`lodger.engine.duckdb`). SQL keeps to what sqlglot turns into Spark SQL, so that a cluster engine can run the same
files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Final, Protocol

import pyarrow as pa

#: A function from one Arrow batch to another; it sees each row once and keeps no state between batches.
Kernel = Callable[[pa.RecordBatch], pa.RecordBatch]

#: So many seconds after a statement was told to end it is told again: the first time it may not have begun.
TOLD_AGAIN: Final = 0.05


class Engine(Protocol):
    """What the analysis asks of whoever computes. Several threads may ask at the same time."""

    def scan(self, name: str, files: Sequence[str], schema: pa.Schema) -> None:
        """Make Parquet ``files`` readable as ``name``, in the columns of ``schema``; without files, an empty table.

        A column that a file does not have is null there. Of files below ``day=...`` folders, ``day`` is the UTC day of
        their column ``time``.
        """

    def view(self, name: str, select: str) -> None:
        """Name a SELECT statement."""

    def create(self, name: str, select: str) -> None:
        """Run a SELECT statement once and keep its rows as table ``name``."""

    def load(self, name: str, table: pa.Table) -> None:
        """Keep an Arrow table's rows as table ``name``."""

    def map(self, name: str, select: str, kernel: Kernel, schema: pa.Schema) -> None:
        """Run a SELECT, put its rows through ``kernel`` batch by batch, and keep the result as table ``name``.

        ``schema`` is that of the result. A group is one row with lists: the kernel then maps over groups, and batches
        may be cut anywhere.
        """

    def stream(self, select: str) -> Iterator[pa.RecordBatch]:
        """The rows of a SELECT, batch by batch, in bounded memory."""

    def query(self, select: str, values: Mapping[str, str] | None = None) -> pa.Table:
        """The rows of a SELECT, whole; ``$name`` in it stands for a value of ``values``."""

    def read(self, name: str) -> pa.Table:
        """The rows of a table, whole."""

    def side_by_side(self) -> AbstractContextManager[int]:
        """While many statements are asked at the same time: how many at most, each from a thread of its own."""

    def interrupt(self) -> None:
        """End what is being asked, from whichever thread: there it is an error."""

    def close(self) -> None:
        """Give back memory and temporary files."""
