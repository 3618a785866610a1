"""Keeping a lake in shape: old days go, and the many small files of a day become one.

Both work in Delta transactions under the lock of an ingest: whoever reads sees the table before or after. A table's
application transactions stay, so that a file that was cut off in the middle is still finished, not doubled. Files that
left a table stay on disk for a day, for whoever still reads them; the next upkeep deletes them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial
from itertools import chain
from typing import Final

from deltalake.transaction import AddAction

from lodger.errors import CaseHeldError, InputError
from lodger.lake.case import sole_writer
from lodger.lake.files import LiveFile
from lodger.lake.tables import Lake
from lodger.model.ingest import Progress
from lodger.model.tables import LAKE, TELEMETRY
from lodger.model.upkeep import Change

#: A file of this size is left alone; smaller ones of a day are put together up to about this size.
TARGET_BYTES: Final = 128 * 1024 * 1024

#: A commit is made when this many bytes are written anew.
_COMMIT_BYTES: Final = 512 * 1024 * 1024

#: So many files are written at a time: reading and writing Parquet needs no lock of Python's.
_WRITERS: Final = 2

#: A table with more files than this, and more than so many for each of its days, is put together before an analysis:
#: each file costs every query of its day some tenths of a millisecond, and putting them together more than a few do.
MANY_FILES: Final = 200
A_DAY: Final = 8
#: Of a table without days, which every ingest and every analysis reads whole.
UNDATED: Final = 16

_AGE: Final = re.compile(r"(\d{1,6})d")


def cutoff(text: str, today: date) -> date:
    """The first day that stays: ``400d`` is 400 days before ``today``, ``2025-01-01`` is that day.

    Raises :class:`InputError` for anything else.
    """
    age = _AGE.fullmatch(text)
    try:
        return today - timedelta(days=int(age[1])) if age else date.fromisoformat(text)
    except (ValueError, OverflowError) as error:
        raise InputError(
            f"not an age or a day: {text!r}", advice="write 400d for 400 days, or a day as 2025-01-01"
        ) from error


def prune(lake: Lake, before: date, *, dry_run: bool = False) -> tuple[Change, ...]:
    """Take the days before ``before`` out of the telemetry tables; say what goes, or would go.

    What is known of files stays (``source``, ``container``, ``kept_aside``), so that a pruned file is not read again.
    """
    with sole_writer(lake.root):
        changes = []
        for table in (name for name in lake.tables() if name in TELEMETRY):
            gone = [file for file in lake.live(table) if file.day is not None and file.day < before]
            if gone:
                changes.append(_change(table, gone, 0))
            if gone and not dry_run:
                lake.swap(table, gone, [])
            if not dry_run:
                lake.sweep(table)
        return tuple(changes)


def compact(lake: Lake, progress: Progress) -> tuple[Change, ...]:
    """Put the small files of each day together; say where that was so. ``progress`` counts bytes read.

    No row is lost, doubled or changed.
    """
    with sole_writer(lake.root):
        return _put_together(lake, lake.tables(), progress)


def tidied(lake: Lake, progress: Progress) -> dict[str, list[LiveFile]]:
    """The files of every table, after :meth:`compact` for those tables that it would make much quicker to read: many
    files, and several for most days. A case that another process is writing to is left as it is.
    """
    live = {table: lake.live(table) for table in LAKE}
    crowded = [table for table, files in live.items() if _crowded(files)]
    if crowded:
        try:
            with sole_writer(lake.root):
                _put_together(lake, crowded, progress)
        except CaseHeldError:
            return live
    return live | {table: lake.live(table) for table in crowded}


def _crowded(files: Sequence[LiveFile]) -> bool:
    days = {file.day for file in files}
    return len(files) > (UNDATED if days == {None} else max(MANY_FILES, A_DAY * len(days)))


def _put_together(lake: Lake, tables: Sequence[str], progress: Progress) -> tuple[Change, ...]:
    work = {table: list(_groups(lake.live(table))) for table in tables}
    progress.phase("compact", sum(file.bytes for groups in work.values() for group in groups for file in group))
    changes = [_change(table, [*chain(*groups)], len(groups)) for table, groups in work.items() if groups]
    for table, groups in work.items():
        _compact(lake, table, groups, progress)
        lake.sweep(table)
    return tuple(changes)


def _compact(lake: Lake, table: str, groups: Sequence[list[LiveFile]], progress: Progress) -> None:
    gone: list[LiveFile] = []
    added: list[AddAction] = []
    with ThreadPoolExecutor(_WRITERS, thread_name_prefix="compact") as threads:
        for group, action in zip(groups, threads.map(partial(lake.rewrite, table), groups), strict=True):
            added.append(action)
            gone += group
            progress.advance(sum(file.bytes for file in group))
            if sum(action.size for action in added) >= _COMMIT_BYTES:
                lake.swap(table, gone, added)
                gone, added = [], []
    if gone:
        lake.swap(table, gone, added)


def _groups(files: Sequence[LiveFile]) -> Iterator[list[LiveFile]]:
    """Small files of one day that make one file of the target size, two at least."""
    days: dict[date | None, list[LiveFile]] = defaultdict(list)
    for file in files:
        if file.bytes < TARGET_BYTES:
            days[file.day].append(file)
    for small in days.values():
        group: list[LiveFile] = []
        size = 0
        for file in small:
            if size + file.bytes > TARGET_BYTES:
                yield from [group] * (len(group) > 1)
                group, size = [], 0
            group.append(file)
            size += file.bytes
        yield from [group] * (len(group) > 1)


def _change(table: str, files: Sequence[LiveFile], after: int) -> Change:
    days = sorted({file.day for file in files if file.day is not None})
    return Change(
        table,
        len(days),
        days[0] if days else None,
        days[-1] if days else None,
        len(files),
        after,
        sum(file.rows for file in files),
        sum(file.bytes for file in files),
    )
