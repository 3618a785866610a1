"""Which files lie under the paths that a person named."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

#: How standard input is named among paths.
STDIN: Final = "-"

#: A day in a path (hosts/ws1/events-2024-04-01.jsonl, 2024/04/01/conn.log.gz, eve.json.20240401), perhaps with a time.
_DAY: Final = re.compile(
    r"(?<!\d)((?:19|20)\d\d)([-_./]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?=(?:\d{4}|\d{6})?(?!\d))", re.ASCII
)


@dataclass(frozen=True)
class Problem:
    """Something under the named paths that holds no telemetry or cannot be read: what, and why, each one line."""

    path: str
    reason: str


@dataclass(frozen=True)
class OuterFile:
    """A regular file as it lies on disk, and its size in bytes."""

    path: Path
    size: int


def display(path: str | Path) -> str:
    """A file's name as text that is safe to show and to store: what is not printable, or not UTF-8, is escaped."""
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    return text if text.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def why(error: OSError) -> str:
    """An operating system's error as a reason, without the path that stands beside it anyway."""
    return (error.strerror or str(error) or type(error).__name__).lower()


def outer_files(paths: Sequence[str | Path], skip: Path | None = None) -> Iterator[OuterFile | Problem]:
    """All files under ``paths``, folders in the order of their names, each file once; a problem for all that is none.

    Links to files are followed; links to folders only where the person named them, so that no loop and no way out of
    the folder exists. The folder ``skip`` is passed over: a case often lies among the logs that it is made from.
    """
    seen: set[str] = set() if skip is None else {os.path.realpath(skip)}
    for path in map(Path, paths):
        try:
            mode = path.stat().st_mode
        except (OSError, ValueError) as error:
            reason = why(error) if isinstance(error, OSError) else str(error)
            yield Problem(display(path), reason)
            continue
        if stat.S_ISDIR(mode):
            yield from _folder(path, seen)
        else:
            yield from _file(path, seen)


def day_by_day(found: Iterable[OuterFile | Problem]) -> list[OuterFile | Problem]:
    """The same, those first whose path names no day, then day after day; else in their order.

    A collection has a folder for each host and in it a file for each day: read in that order, each commit would put a
    small file into each day's part of the lake. A name may lie: then the answer only comes slower.
    """
    return sorted(found, key=lambda each: _day(str(each.path)))


def _day(path: str) -> str:
    """The last day that a path names, as 20240401; nothing where there is none."""
    said = _DAY.findall(path)
    if not said:
        return ""
    year, _, month, day = said[-1]
    return f"{year}{month}{day}"


def _folder(top: Path, seen: set[str]) -> Iterator[OuterFile | Problem]:
    pending = [top]
    while pending:
        folder = pending.pop()
        if os.path.realpath(folder) in seen:
            continue
        try:
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            yield Problem(display(folder), f"folder cannot be read: {why(error)}")
            continue
        if not entries:
            yield Problem(display(folder), "folder is empty")
        folders: list[Path] = []
        for entry in entries:
            path = folder / entry.name
            if entry.is_dir(follow_symlinks=False):
                folders.append(path)
            elif entry.is_symlink() and path.is_dir():
                yield Problem(display(path), "link to a folder is not followed; name the folder itself to read it")
            else:
                yield from _file(path, seen)
        pending += reversed(folders)


def _file(path: Path, seen: set[str]) -> Iterator[OuterFile | Problem]:
    try:
        status = path.stat()
    except OSError as error:
        yield Problem(display(path), f"cannot be read: {why(error)}")
        return
    real = os.path.realpath(path)
    if real in seen:
        return
    seen.add(real)
    if not stat.S_ISREG(status.st_mode):
        yield Problem(display(path), "not a regular file (a pipe, device or socket)")
    elif status.st_size == 0:
        yield Problem(display(path), "file is empty")
    else:
        yield OuterFile(path, status.st_size)
