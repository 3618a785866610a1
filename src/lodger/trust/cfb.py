"""Compound files (MS-CFB), the form of MSI packages: the tree of streams, and their bytes.

Read strictly: a chain that loops, a tree that loops or a sector outside of the file is an error, and all streams
together are never longer than the file.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from lodger.trust.der import MalformedError
from lodger.trust.form import Buffer

MAGIC: Final = bytes.fromhex("d0cf11e0a1b11ae1")
STORAGE: Final = 1
STREAM: Final = 2
ROOT: Final = 5

_FREE: Final = 0xFFFFFFFF
_LAST: Final = 0xFFFFFFFA
_NOBODY: Final = 0xFFFFFFFF
_HEADER: Final = struct.Struct("<8s16xHHHHH6xIIIIIIIIII")
_ENTRY: Final = struct.Struct("<64sHBBIII16sIQQIQ")


@dataclass(frozen=True)
class Item:
    """One entry of the directory. ``name`` is in UTF-16, little end first, as it is sorted and hashed."""

    name: bytes
    kind: int
    class_id: bytes
    state: int
    created: bytes
    modified: bytes
    start: int
    size: int
    left: int
    right: int
    child: int


class CompoundFile:
    """A compound file whose header and tables are read; raises :class:`MalformedError` for what is none."""

    def __init__(self, data: Buffer) -> None:
        if len(data) < 512:
            raise MalformedError("a compound file without a whole header")
        header = _HEADER.unpack_from(data, 0)
        magic, _, version, _, shift, small_shift = header[:6]
        if magic != MAGIC or (version, shift) not in ((3, 9), (4, 12)) or small_shift != 6:
            raise MalformedError("a compound file with an unknown header")
        self._data = data
        self._width = 1 << shift
        self._wide = version == 4
        _, _, directory, _, self._cutoff, self._small_first, _, difat, difat_count = header[6:15]
        self._table: array[int] = self._fat(data, difat, difat_count)
        self._items = self._directory(directory)
        if not self._items or self._items[0].kind != ROOT:
            raise MalformedError("a compound file without a root")
        self._left = len(data)
        self._visits = 4 * len(self._items)

    @property
    def root(self) -> Item:
        """The root of the tree."""
        return self._items[0]

    def children(self, of: Item) -> list[Item]:
        """What lies in a storage, in the order in which it is hashed: by the bytes of the names."""
        found: list[Item] = []
        pending, seen = [of.child], {0}
        while pending:
            number = pending.pop()
            if number == _NOBODY:
                continue
            if number in seen or number >= len(self._items):
                raise MalformedError("a compound file whose directory is no tree")
            self._visits -= 1
            if self._visits < 0:
                raise MalformedError("a compound file whose directory leads in circles")
            seen.add(number)
            item = self._items[number]
            found.append(item)
            pending += (item.left, item.right)
        if len({each.name for each in found}) < len(found):
            raise MalformedError("a compound file with one name twice")
        return sorted(found, key=lambda each: each.name)

    def content(self, of: Item) -> Iterator[bytes]:
        """A stream's bytes, in pieces. All that is read through here is at most the file's size."""
        self._left -= of.size
        if self._left < 0:
            raise MalformedError("a compound file whose streams are longer than the file")
        if of.size < self._cutoff and of is not self.root:
            yield from self._pieces(self._small, self._small_table, of, 64, 0)
        else:
            yield from self._pieces(self._data, self._table, of, self._width, self._width)

    @cached_property
    def used(self) -> int:
        """Behind the last sector that anything uses, in bytes."""
        last = max((at for at, following in enumerate(self._table) if following != _FREE), default=-1)
        return (last + 2) * int(self._width)

    @cached_property
    def _small(self) -> bytes:
        """The stream that the small streams lie in."""
        size = min(self.root.size, len(self._data))
        return b"".join(self._pieces(self._data, self._table, self.root, self._width, self._width))[:size]

    @cached_property
    def _small_table(self) -> array[int]:
        found = array("I")
        for at in self._chain(self._table, self._small_first):
            found.frombytes(self._sector(at))
        return found

    def _pieces(self, data: Buffer, table: array[int], of: Item, width: int, base: int) -> Iterator[bytes]:
        """Runs of sectors that lie side by side are one piece."""
        left = of.size
        first = following = None
        for at in self._chain(table, of.start) if left else ():
            if first is not None and at == following:
                following = at + 1
                continue
            if first is not None and following is not None:
                yield from self._run(data, base + first * width, (following - first) * width, left)
                left -= (following - first) * width
            first, following = at, at + 1
            if left <= 0:
                break
        if first is not None and following is not None and left > 0:
            yield from self._run(data, base + first * width, (following - first) * width, left)
            left -= (following - first) * width
        if left > 0:
            raise MalformedError("a compound file with a stream that breaks off")

    @staticmethod
    def _run(data: Buffer, at: int, length: int, left: int) -> Iterator[bytes]:
        wanted = min(length, left)
        found = data[at : at + wanted]
        if len(found) < wanted:
            raise MalformedError("a compound file with a sector outside of it")
        yield found

    @staticmethod
    def _chain(table: array[int], first: int) -> Iterator[int]:
        seen = 0
        while first < _LAST:
            if first >= len(table) or seen > len(table):
                raise MalformedError("a compound file with a chain that leads nowhere")
            seen += 1
            yield first
            first = table[first]

    def _sector(self, at: int) -> bytes:
        start = (at + 1) * self._width
        found = self._data[start : start + self._width]
        if len(found) < self._width:
            raise MalformedError("a compound file with a sector outside of it")
        return found

    def _fat(self, data: Buffer, difat: int, count: int) -> array[int]:
        numbers = array("I", data[76:512])
        most = len(data) // self._width
        for _ in range(min(count, most)):
            if difat >= _LAST:
                break
            more = array("I", self._sector(difat))
            difat = more.pop()
            numbers += more
        table = array("I")
        for at in numbers:
            if at < _LAST and len(table) <= most:
                table.frombytes(self._sector(at))
        return table

    def _directory(self, first: int) -> list[Item]:
        found = []
        for at in self._chain(self._table, first):
            sector = self._sector(at)
            found += [self._item(_ENTRY.unpack_from(sector, place)) for place in range(0, self._width, 128)]
        return found

    def _item(self, fields: tuple[bytes, int, int, int, int, int, int, bytes, int, int, int, int, int]) -> Item:
        name, length, kind, _, left, right, child, class_id, state, created, modified, start, size = fields
        size = size if self._wide else size & 0xFFFFFFFF  # MS-CFB 2.6.3: in version 3 the upper half may hold anything
        times = created.to_bytes(8, "little"), modified.to_bytes(8, "little")
        return Item(name[: max(0, min(length, 64) - 2)], kind, class_id, state, *times, start, size, left, right, child)
