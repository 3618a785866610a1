"""What the lake holds, and what upkeep did to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any, Final

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from lodger.cli.options import Format
from lodger.cli.render.data import FORMAT_VERSION, as_csv, as_json, instant
from lodger.cli.terminal import draw, emit, hostile
from lodger.model.upkeep import Change, HostInfo, LakeInfo, SensorInfo, Span, TableInfo

#: Most hosts and most sensors in a table; the JSON form has all.
ROWS: Final = 30
_NAME: Final = 40  # characters
_COLUMNS: Final = ("table", "rows", "bytes", "files", "days", "first", "last")


def print_info(info: LakeInfo, form: Format) -> None:
    """Print ``info``; CSV has a row per table."""
    if form is Format.JSON:
        emit(as_json(info_fields(info)))
    elif form is Format.CSV:
        emit(as_csv(_COLUMNS, [_table_fields(table) for table in info.tables]))
    else:
        draw(*_parts(info))


def print_pruned(changes: Sequence[Change], before: date, *, dry_run: bool) -> None:
    """One line per table, and one for all."""
    for each in changes:
        emit(
            f"{each.table}: {each.days:,} days ({each.first} to {each.last}), {each.rows:,} rows, {_size(each.bytes)}\n"
        )
    rows, freed = sum(each.rows for each in changes), sum(each.bytes for each in changes)
    what = "would go" if dry_run else "removed"
    emit(f"before {before}: {rows:,} rows, {_size(freed)} {what}\n" if changes else f"nothing is older than {before}\n")


def print_compacted(changes: Sequence[Change]) -> None:
    """One line per table."""
    for each in changes:
        emit(f"{each.table}: {each.files:,} files became {each.files_after:,}; {each.rows:,} rows, as before\n")
    if not changes:
        emit("there are no small files to put together\n")


def info_fields(info: LakeInfo) -> dict[str, Any]:
    """Everything of ``info``."""
    return {
        "format_version": FORMAT_VERSION,
        "tables": [_table_fields(table) for table in info.tables],
        "hosts": [{"host": host.host, **_when(host)} for host in info.hosts],
        "sensors": [{"host": each.host, "sensor": each.sensor, **_when(each)} for each in info.sensors],
        "notes": list(info.notes),
        "unseen": [
            {"host": each.host, "need": each.need, "sources": each.sources, "means": each.means} for each in info.unseen
        ],
        "changes": [
            {
                "host": each.host,
                "sensor": each.sensor,
                "event": each.event,
                "records": each.records,
                "first": instant(each.first),
                "last": instant(each.last),
                "means": each.means,
            }
            for each in info.changes
        ],
    }


def _table_fields(table: TableInfo) -> dict[str, Any]:
    return {
        "table": table.table,
        "rows": table.rows,
        "bytes": table.bytes,
        "files": table.files,
        "days": table.days,
        "first": instant(table.first),
        "last": instant(table.last),
    }


def _when(spoke: HostInfo | SensorInfo) -> dict[str, Any]:
    return {
        "records": spoke.records,
        "first": instant(spoke.first),
        "last": instant(spoke.last),
        "days": spoke.days,
        "missing_days": _days(spoke.missing),
        "missing": [{"first": span.first.isoformat(), "last": span.last.isoformat()} for span in spoke.missing],
    }


def _days(spans: Sequence[Span]) -> int:
    return sum((span.last - span.first).days + 1 for span in spans)


def _parts(info: LakeInfo) -> Iterator[Table | Text | Padding]:
    if not info.tables:
        yield Text("The lake is empty.")
        return
    yield _grid(
        ("table", "rows", "size", "days", "first", "last"),
        [
            (Text(each.table), f"{each.rows:,}", _size(each.bytes), _none(each.days), _day(each.first), _day(each.last))
            for each in info.tables
        ],
    )
    yield Text("")
    yield _grid(
        ("host", "sensor", "records", "days", "silent", "first", "last"),
        [
            (hostile(each.host or "(network)", _NAME), hostile(each.sensor, _NAME), *_spoke(each))
            for each in info.sensors[:ROWS]
        ],
    )
    if len(info.sensors) > ROWS:
        yield Text(f"... and {len(info.sensors) - ROWS:,} more sensors: --format json has all", style="dim")
    yield from _blind(info)
    if info.notes:
        yield Text("\nClocks, and many behind one (by the last analysis):")
    for note in info.notes:
        yield Padding(hostile(note, 1000), (0, 0, 0, 2))


def _blind(info: LakeInfo) -> Iterator[Text | Padding]:
    if info.unseen:
        yield Text("\nNever seen (absence of such records is no innocence):")
    blind = [(host, list(rows)) for host, rows in groupby(info.unseen, key=lambda each: each.host)]
    blind.sort(key=lambda each: -len(each[1]))  # the worst first, as in the report
    for host, rows in blind[:ROWS]:
        yield Padding(hostile(f"{host}: {'; '.join(each.sources for each in rows)}", 1000), (0, 0, 0, 2))
    if len(blind) > ROWS:
        yield Text(f"... and {len(blind) - ROWS:,} more hosts: --format json has all", style="dim")
    if info.changes:
        yield Text("\nChanged what could be seen:")
    for each in info.changes[:ROWS]:
        when = f"{each.first:%Y-%m-%d %H:%M}" + (f", {each.records:,} times" if each.records > 1 else "")
        yield Padding(hostile(f"{each.host}: {each.means} ({each.sensor} {each.event}, {when})", 1000), (0, 0, 0, 2))
    if len(info.changes) > ROWS:
        yield Text(f"... and {len(info.changes) - ROWS:,} more: --format json has all", style="dim")


def _spoke(each: SensorInfo) -> tuple[str, str, str, str, str]:
    return f"{each.records:,}", f"{each.days:,}", f"{_days(each.missing):,}", _day(each.first), _day(each.last)


def _grid(heads: Sequence[str], rows: Sequence[Sequence[str | Text]]) -> Table:
    grid = Table(box=None, pad_edge=False, header_style="dim")
    for head in heads:
        numeric = head in {"rows", "size", "days", "records", "silent"}
        grid.add_column(head, justify="right" if numeric else "left", no_wrap=head != "host")
    for row in rows:
        grid.add_row(*row)
    return grid


def _none(number: int | None) -> str:
    return "-" if number is None else f"{number:,}"


def _day(when: datetime | None) -> str:
    return "-" if when is None else str(when.date())


def _size(size: float) -> str:
    for unit in ("B", "KB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"
