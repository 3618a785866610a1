"""A log that was still being written when it was read: what it has grown by since, and nothing twice.

A file that grew begins, byte for byte, with what it was: the SHA-256 of its first N bytes is the fingerprint of the
file of N bytes that the lake has. Which N to try, the file's very beginning says (:func:`head_key`), so that only a
file that looks like a known one is hashed again, once, as far as the longest of those. Names do not count: a rotated
log, or a copy in an archive, is recognised as well.

Records of the known beginning are not taken again. Its last one may have been read in the middle of its line: then it
is taken from the grown file, and the lake's half of it goes (:class:`Retake`).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

import pyarrow as pa
import pyarrow.dataset as ds

from lodger.lake.tables import Lake

#: The longest beginning that is compared before anything is hashed again, and the shortest, in bytes: powers of two.
LONGEST_HEAD: Final = 64 * 1024
SHORTEST_HEAD: Final = 16

_BLOCK: Final = 1024 * 1024

_COLUMNS: Final = ["source", "bytes", "reader", "head", "last", "last_table", "last_day", "grew_from", "earlier"]
_INDEXED: Final = ("source", "bytes", "head", "grew_from")


class Trail(NamedTuple):
    """What is kept of a file so that it is known again when it has grown.

    ``last`` is its highest record number; that record lies in ``table`` and ``day`` (None in ``kept_aside``), or, where
    ``table`` is None, belongs to an even shorter state of the file. ``earlier`` counts the records of that state,
    ``grew_from``.
    """

    source: str
    size: int
    reader: str
    head: str | None
    last: int
    table: str | None
    day: date | None
    grew_from: str | None = None
    earlier: int = 0


@dataclass(frozen=True)
class Retake:
    """A record whose line was cut off when it was read: it goes, for it comes again, whole, from the grown file."""

    source: str
    record: int
    table: str
    day: date | None


class Trails:
    """The files that may have grown: those of the table ``source``, and those that are added.

    A case of a year has ten thousands of files and a day asks for few of them: the columns stay what they are, and a
    :class:`Trail` is made where one is asked for.
    """

    def __init__(self, rows: pa.Table) -> None:
        self._rows = rows.select(_COLUMNS)
        self._sizes: list[int] = []
        self._added: list[Trail] = []
        self._numbers: dict[str, int] = {}
        self._by_head: dict[str, list[int]] = defaultdict(list)
        self._grown: dict[str, list[int]] = defaultdict(list)  # the longer states, by the shorter one
        for place in zip(*(rows[name].to_pylist() for name in _INDEXED), strict=True):
            self._index(*place)

    def add(self, trail: Trail) -> None:
        """A file was read to its end."""
        self._added.append(trail)
        self._index(trail.source, trail.size, trail.head, trail.grew_from)

    def beginning(self, path: Path, size: int, head: bytes, reader: str) -> Trail | None:
        """The longest known file of this reader that the file at ``path`` begins with."""
        sizes: dict[int, list[int]] = defaultdict(list)
        for key in _keys(head, size):
            for number in self._by_head.get(key, ()):
                if self._sizes[number] < size:
                    sizes[self._sizes[number]].append(number)
        found = None
        for known, fingerprint in _prefixes(path, sorted(sizes)):
            same = (trail for trail in map(self._trail, sizes[known]) if trail.source == fingerprint)
            found = next((trail for trail in same if trail.reader == reader), found)
        return found

    def longer(self, size: int, head: bytes, reader: str) -> list[str]:
        """The longest known file of this reader that may begin with a file of ``size`` bytes, and those it grew from.

        A file below :data:`LONGEST_HEAD` is found only where the longer one has less than twice its power of two.
        """
        numbers = self._by_head.get(head_key(head, size) or "", ())
        longer = [self._trail(number) for number in numbers if self._sizes[number] > size]
        mine = [trail for trail in longer if trail.reader == reader]
        return self._states(max(mine, key=lambda each: each.size, default=None))

    def knows(self, source: str) -> bool:
        """Whether the file with this fingerprint was read to its end."""
        return source in self._numbers

    def log(self, source: str) -> list[str]:
        """All states of the log that the file with this fingerprint is one of, up to the longest."""
        trail, passed = self._trail(self._numbers[source]), {source}
        while more := [
            each for each in map(self._trail, self._grown.get(trail.source, ())) if each.source not in passed
        ]:
            trail = max(more, key=lambda each: each.size)
            passed.add(trail.source)
        return self._states(trail)

    def _states(self, trail: Trail | None) -> list[str]:
        """A file and those that it grew from."""
        found: list[str] = []
        while trail is not None and trail.source not in found:
            found.append(trail.source)
            number = self._numbers.get(trail.grew_from or "")
            trail = None if number is None else self._trail(number)
        return found

    def _index(self, source: str, size: int, head: str | None, grew_from: str | None) -> None:
        number = len(self._sizes)
        self._sizes.append(size)
        self._numbers[source] = number
        if grew_from is not None:
            self._grown[grew_from].append(number)
        if head is not None:
            self._by_head[head].append(number)

    def _trail(self, number: int) -> Trail:
        if number >= len(self._rows):
            return self._added[number - len(self._rows)]
        row = self._rows.slice(number, 1).to_pylist()[0]
        return Trail(
            row["source"],
            row["bytes"],
            row["reader"],
            row["head"],
            row["last"] or 0,
            row["last_table"],
            row["last_day"],
            row["grew_from"],
            row["earlier"] or 0,
        )


def head_key(head: bytes, size: int) -> str | None:
    """The length and SHA-256 of a file's beginning, as long as the powers of two allow; None for a tiny file."""
    return next(iter(_keys(head, size)), None)


def retake(path: Path, known: Trail) -> Retake | None:
    """The last record of the known beginning, unless its line was certainly whole.

    What was kept aside is looked at again in any case: of an object over many lines no line end tells that it is whole.
    """
    if known.table is None:
        return None
    with path.open("rb") as file:
        file.seek(known.size - 1)
        border = file.read(2)
    ended = border[:1] == b"\n" or (border[1:] in {b"\r", b"\n"} and border[:1] != b"\r")
    if ended and known.table != "kept_aside":
        return None
    return Retake(known.source, known.last, known.table, known.day)


def take_back(lake: Lake, half: Retake) -> None:
    """Take a record out of the lake; nothing happens where it is gone already."""
    condition = (ds.field("source") == half.source) & (ds.field("record") == half.record)
    for file in lake.live(half.table):
        if file.day == half.day and lake.count(half.table, file, condition):
            lake.swap(half.table, [file], [lake.rewrite(half.table, [file], ~condition)])


def _keys(head: bytes, size: int) -> Iterator[str]:
    """The keys of all lengths that a shorter state of the file may have had, longest first."""
    length = LONGEST_HEAD
    while length >= SHORTEST_HEAD:
        if length <= min(size, len(head)):
            yield f"{length}:{hashlib.sha256(head[:length]).hexdigest()}"
        length //= 2


def _prefixes(path: Path, sizes: list[int]) -> Iterator[tuple[int, str]]:
    """The SHA-256 of the file's first so many bytes, for each of ``sizes``, ascending; in one pass."""
    if not sizes:
        return
    digest, done = hashlib.sha256(), 0
    with path.open("rb") as file:
        for size in sizes:
            while done < size and (block := file.read(min(_BLOCK, size - done))):
                digest.update(block)
                done += len(block)
            yield size, digest.copy().hexdigest()
