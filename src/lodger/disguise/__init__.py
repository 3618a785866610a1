"""What is in pictures and documents that does not belong there: a walk along the structure of each.

:func:`inspect` is all that others call; a format is a module in :mod:`lodger.disguise.formats`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lodger.disguise.examine import Examined, examine
from lodger.disguise.findings import Finding, Inspection, Verdict
from lodger.disguise.twins import compare
from lodger.errors import InputError

__all__ = ["Finding", "Inspected", "Inspection", "Unread", "Verdict", "examine", "inspect"]


@dataclass(frozen=True)
class Unread:
    """A file that could not be read, and why, in one line."""

    file: str
    reason: str


@dataclass(frozen=True)
class Inspected:
    """All files of one call: those of a kind that is looked at, how many are not, and those that could not be read."""

    files: tuple[Inspection, ...]
    passed: int
    unread: tuple[Unread, ...]


def inspect(paths: Iterable[Path]) -> Inspected:
    """Walk every file, in order; pictures that are equal but for what stands behind them are told of each other."""
    found: list[tuple[Path, Examined]] = []
    unread: list[Unread] = []
    passed = 0
    for path in paths:
        try:
            each = examine(path)
        except InputError as error:
            unread.append(Unread(str(path), str(error)))
            continue
        if each is None:
            passed += 1
        else:
            found.append((path, each))
    changed = compare(found)
    files = tuple(changed.get(path, each).inspection for path, each in found)
    return Inspected(files, passed, tuple(unread))
