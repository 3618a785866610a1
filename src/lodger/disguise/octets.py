"""A file's bytes, read by offset; what lies outside is an error with the offset, never an exception of Python's."""

from __future__ import annotations

import io
import mmap
import os
import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from lodger.errors import InputError, LodgerError

Buffer = bytes | mmap.mmap

#: A file up to this size is read whole, in bytes; beyond it is mapped.
SMALL: Final = 32 * 1024**2

#: How much is searched at a time, so that what is all one byte can be passed over.
_PIECE: Final = 64 * 1024
#: No pattern that is searched for matches more bytes than this.
_WIDEST: Final = 256


_form = cache(struct.Struct)


class BrokenError(LodgerError):
    """The structure of a file cannot be followed further than ``offset``."""

    def __init__(self, offset: int, message: str) -> None:
        super().__init__(message)
        self.offset = offset


class Octets:
    """A span of a file, ``start`` to ``end``; all offsets are the file's."""

    def __init__(self, buffer: Buffer, start: int = 0, end: int | None = None) -> None:
        self.buffer = buffer
        self.start = start
        self.end = len(buffer) if end is None else min(end, len(buffer))

    def part(self, start: int, end: int) -> Octets:
        """A span within; what reaches out of this one is an error."""
        if not self.start <= start <= end <= self.end:
            raise BrokenError(min(max(start, 0), self.end), f"{end - start:,} bytes should stand here, and do not")
        return Octets(self.buffer, start, end)

    def take(self, at: int, length: int) -> bytes:
        """``length`` bytes from ``at``; all of them, or an error."""
        if at < self.start or length < 0 or at + length > self.end:
            raise BrokenError(min(max(at, self.start), self.end), f"the file ends within {length:,} bytes")
        return self.buffer[at : at + length]

    def head(self, at: int, most: int) -> bytes:
        """Up to ``most`` bytes from ``at``."""
        return self.buffer[max(at, self.start) : max(min(at + most, self.end), 0)] if at < self.end else b""

    def number(self, at: int, form: str) -> int:
        """One integer, its form as :mod:`struct` spells it."""
        known = _form(form)
        if at < self.start or at + known.size > self.end:
            raise BrokenError(
                min(max(at, self.start), self.end), f"the file ends within a number of {known.size} bytes"
            )
        value: int = known.unpack_from(self.buffer, at)[0]
        return value

    def find(self, what: bytes, at: int, end: int | None = None) -> int:
        """Where ``what`` begins, at or behind ``at``; -1 where it does not."""
        stop = self.end if end is None else min(end, self.end)
        if isinstance(self.buffer, bytes):
            return self.buffer.find(what, at, stop)
        for place in range(at, stop, _PIECE):  # of a map, every byte would be compared by itself
            found = self.buffer[place : min(place + _PIECE + len(what) - 1, stop)].find(what)
            if found >= 0:
                return place + found
        return -1

    def search(self, pattern: re.Pattern[bytes], at: int, end: int | None = None) -> re.Match[bytes] | None:
        """The first match, at or behind ``at``, of a pattern that matches at most 256 bytes, and some.

        Long runs of one byte are passed over, which a pattern looks at byte by byte.
        """
        stop = self.end if end is None else min(end, self.end)
        while stop - at > _PIECE + _WIDEST:
            if self._in_vain(pattern, at):
                at += _PIECE - _WIDEST
                continue
            found = pattern.search(self.buffer, at, at + _PIECE + _WIDEST)
            if found is not None and found.start() < at + _PIECE:
                return found
            at += _PIECE
        return pattern.search(self.buffer, at, stop)

    def _in_vain(self, pattern: re.Pattern[bytes], at: int) -> bool:
        """Whether the next piece is all of one byte, in a run of which the pattern matches nothing."""
        one = self.buffer[at : at + 1]
        return (
            self.buffer[at : at + 16] == one * 16
            and self.buffer[at : at + _PIECE] == _run(one)
            and pattern.search(one * 2 * _WIDEST) is None
        )

    def run_end(self, at: int) -> int:
        """Behind the run of one and the same byte that begins at ``at``; ``at`` itself at the end."""
        one = self.head(at, 1)
        if not one:
            return at
        while self.head(at, _PIECE) == _run(one):
            at += _PIECE
        rest = self.head(at, _PIECE)
        return at + len(rest) - len(rest.lstrip(one))

    def match(self, pattern: re.Pattern[bytes], at: int) -> re.Match[bytes] | None:
        """The pattern's match exactly at ``at``."""
        return pattern.match(self.buffer, at, self.end)


@lru_cache(1)
def _run(one: bytes) -> bytes:
    return one * _PIECE


def _whole(file: io.FileIO, size: int) -> bytes:
    content = file.read(size)
    while len(content) < size and (more := file.read(size - len(content))):
        content += more
    return content


@contextmanager
def opened(path: Path) -> Iterator[Octets]:
    """The file's bytes; nothing is held of a large file but what is looked at.

    Raises :class:`InputError` for what cannot be read.
    """
    try:
        with path.open("rb", buffering=0) as file:
            size = os.fstat(file.fileno()).st_size
            if size <= SMALL:
                yield Octets(_whole(file, size))
                return
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
                yield Octets(mapped)
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be read: {getattr(error, 'strerror', None) or error}") from error
