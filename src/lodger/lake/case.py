"""A case directory: how one is made, told from other directories, and kept to one writer.

``case.json`` holds the format version. Everything that Lodger writes for a case lies in its directory.
"""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from lodger.errors import CaseError, CaseHeldError

if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> None:
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


#: Raised whenever a case written by this program could not be read rightly by the one before, or not added to by this.
FORMAT: Final = 2

_STAMP: Final = "case.json"
_LOCK: Final = "ingest.lock"
_ANALYSIS_LOCK: Final = "analysis.lock"

#: What the operating systems say of a lock that another process holds.
_HELD: Final = {errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK}


def create_case(root: Path) -> None:
    """Make ``root`` a case where it is missing or empty; check it where it is one.

    Raises :class:`CaseError` for a directory that holds something else, or that cannot be written.
    """
    if (root / _STAMP).exists():
        check_case(root)
        return
    try:
        root.mkdir(parents=True, exist_ok=True)
        foreign = any(not entry.name.startswith(_STAMP) for entry in root.iterdir())
        if foreign and not (root / _STAMP).exists():  # asked again: another process may have made the case meanwhile
            raise CaseError(f"{root} is not a case, and not empty", advice="name a new or empty directory for the case")
        draft = root / f"{_STAMP}.{os.getpid()}"
        draft.write_text(json.dumps({"format": FORMAT}) + "\n", encoding="utf-8")
        draft.replace(root / _STAMP)
    except OSError as error:
        raise CaseError(
            f"the case {root} cannot be made: {error.strerror or error}", advice="name a directory that can be written"
        ) from error


def check_case(root: Path) -> None:
    """Raise :class:`CaseError`, with what to do next, unless ``root`` is a case of a format that this program reads."""
    version = _format(root)
    if version > FORMAT:
        raise CaseError(
            f"the case {root} has format {version}; this program reads up to {FORMAT}",
            advice="use the newer Lodger that wrote it",
        )
    if version < 1:
        raise _damaged(root, f"format {version} never was")


def check_extensible(root: Path) -> None:
    """Raise :class:`CaseError` for a case of an earlier format, which can be read and not added to.

    Its tables do not have all columns.
    """
    version = _format(root)
    if version != FORMAT:
        raise CaseError(
            f"the case {root} has format {version}, which this program reads and does not add to",
            advice="ingest the logs into a new case",
        )


def _format(root: Path) -> int:
    try:
        stamp = json.loads((root / _STAMP).read_bytes())
    except (FileNotFoundError, NotADirectoryError) as error:
        raise CaseError(f"{root} is not a case", advice="`lodger hunt LOGS --case DIR` makes one") from error
    except OSError as error:
        raise CaseError(f"the case {root} cannot be read: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise _damaged(root, "not JSON") from error
    version = stamp.get("format") if isinstance(stamp, dict) else None
    if not isinstance(version, int) or isinstance(version, bool):
        raise _damaged(root, "no format version")
    return version


def _damaged(root: Path, why: str) -> CaseError:
    return CaseError(
        f"{root / _STAMP} is damaged ({why})", advice="restore it from a copy, or ingest the logs into a new case"
    )


@contextmanager
def sole_writer(root: Path) -> Iterator[None]:
    """Hold the case for one ingest. The operating system gives the lock back when a process dies, however it dies.

    Raises :class:`CaseHeldError` at once where another process holds it.
    """
    with _held(root, _LOCK, f"another ingest is writing to the case {root}"):
        yield


@contextmanager
def sole_analyst(root: Path) -> Iterator[None]:
    """Hold the case for one analysis, as :func:`sole_writer` does for an ingest; the two do not hold each other up."""
    with _held(root, _ANALYSIS_LOCK, f"another analysis of the case {root} is running"):
        yield


@contextmanager
def _held(root: Path, name: str, by_others: str) -> Iterator[None]:
    try:
        file = os.open(root / name, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise _unwritable(root, error) from error
    try:
        _lock(file)
    except OSError as error:
        os.close(file)
        if error.errno not in _HELD:
            raise _unwritable(root, error) from error
        raise CaseHeldError(by_others) from error
    try:
        yield
    finally:
        os.close(file)


def _unwritable(root: Path, error: OSError) -> CaseError:
    return CaseError(f"the case {root} cannot be written: {error.strerror or error}", advice="check its permissions")
