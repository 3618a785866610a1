"""What Zeek's two log formats have in common: which table a log goes to, and which column a field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from lodger.model.tables import ZEEK
from lodger.model.telemetry import Aside, Batch
from lodger.telemetry import times
from lodger.telemetry.reader import RAW
from lodger.telemetry.rows import BYTES, Rows

#: The name under which a log's path stands among the fields of a row for ``zeek_other``; no field can be called so.
PATH: Final = "#path"

_COLUMNS: Final = {path: {name.lower(): name for name in schema.names} for path, schema in ZEEK.items()}
_LONGEST_PATH: Final = 256


def column(path: str) -> Callable[[str], str | None]:
    """For the log ``path``: the function that names a field's column.

    Logs without a table keep all their fields in ``other``. So do ``open_conn``, ``open_http`` and ``open_ssl``
    (connections that were still open when they were logged): the same connections come again, whole, in the log of
    closed ones, and one table for both would count their bytes twice.
    """
    columns = _COLUMNS.get(path)
    if columns is None:
        return {PATH: "path"}.get
    return lambda name: columns.get(name.lower().replace(".", "_"))


class ZeekRow(NamedTuple):
    """A row of the log ``path``: its time, and its other fields."""

    path: str
    when: object
    names: tuple[str, ...]
    values: Sequence[object]


class ZeekRows:
    """Collects the rows of one file, which may hold several logs, into batches per table."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._tables: dict[str, Rows] = {}

    def add(self, record: int, row: ZeekRow, raw: bytes) -> Iterable[Aside | Batch]:
        """Take one row; ``raw`` is the record as it is in the file."""
        path, when, names, values = row
        micros = times.epoch(when)
        if micros is None and type(when) is str:  # JSON::TS_ISO8601
            micros = times.iso(when)
        reason = times.why_not(when, micros)
        if reason is not None or micros is None:
            return (Aside(record, reason or "no time", raw[:RAW]),)
        known = path in ZEEK
        if not known:
            names, values = (*names, PATH), (*values, path[:_LONGEST_PATH])
        table = f"zeek_{path}" if known else "zeek_other"
        rows = self._tables.get(table)
        if rows is None:
            rows = self._tables[table] = Rows(table, self._source, column(path))
        rows.add(record, micros, names, values, len(raw))
        if rows.full():
            return rows.take()
        if len(self._tables) > 1 and sum(each.bytes for each in self._tables.values()) >= BYTES:
            return self.rest()
        return ()

    def rest(self) -> Iterator[Batch]:
        """What is left, table by table."""
        for rows in self._tables.values():
            yield from rows.take()
