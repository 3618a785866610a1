"""What is known of a lake's tables without reading their rows: from Delta's log, and the footers of a few files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from lodger.errors import CaseError
from lodger.lake.files import LiveFile
from lodger.lake.tables import Lake
from lodger.model.upkeep import TableInfo


def tables(lake: Lake) -> tuple[TableInfo, ...]:
    """Every table of the lake that exists. Only the footers of the first and the last day's files are read."""
    return tuple(_table(lake, name) for name in lake.tables())


def days(lake: Lake, table: str) -> dict[date, int]:
    """Rows of a telemetry table by day, in order; days without any are left out."""
    found: dict[date, int] = {}
    for file in lake.live(table):
        if file.day is not None and file.rows:
            found[file.day] = found.get(file.day, 0) + file.rows
    return dict(sorted(found.items()))


def _table(lake: Lake, name: str) -> TableInfo:
    files = lake.live(name)
    by_day = days(lake, name)
    first = last = None
    if by_day:
        first = min(_times(lake.folder(name), [file for file in files if file.day == min(by_day)]))
        last = max(_times(lake.folder(name), [file for file in files if file.day == max(by_day)]))
    rows, size = sum(file.rows for file in files), sum(file.bytes for file in files)
    return TableInfo(name, rows, size, len(files), len(by_day) if by_day else None, first, last)


def _times(root: Path, files: Sequence[LiveFile]) -> Iterator[datetime]:
    """First and last ``time`` of each row group."""
    for file in files:
        try:
            footer = pq.read_metadata(root / file.path)
        except (OSError, pa.ArrowInvalid) as error:
            raise CaseError(
                f"{root / file.path} cannot be read: {error}", advice="restore the case from a copy"
            ) from error
        column = footer.schema.names.index("time")
        for group in range(footer.num_row_groups):
            statistics = footer.row_group(group).column(column).statistics
            if statistics is not None and statistics.has_min_max:
                yield statistics.min
                yield statistics.max
