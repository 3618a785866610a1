"""A file's bytes, read by offset; what lies outside is an error with the offset, never an exception of Python's."""

from __future__ import annotations

import mmap
import os
import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final

from lodger.errors import InputError, LodgerError

Buffer = bytes | mmap.mmap

#: A file up to this size is read whole, in bytes; beyond it is mapped.
SMALL: Final = 1024**2


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
        return self.buffer.find(what, at, self.end if end is None else min(end, self.end))

    def search(self, pattern: re.Pattern[bytes], at: int, end: int | None = None) -> re.Match[bytes] | None:
        """The pattern's first match at or behind ``at``."""
        return pattern.search(self.buffer, at, self.end if end is None else min(end, self.end))

    def match(self, pattern: re.Pattern[bytes], at: int) -> re.Match[bytes] | None:
        """The pattern's match exactly at ``at``."""
        return pattern.match(self.buffer, at, self.end)


@contextmanager
def opened(path: Path) -> Iterator[Octets]:
    """The file's bytes; nothing is held of a large file but what is looked at.

    Raises :class:`InputError` for what cannot be read.
    """
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size <= SMALL:
                yield Octets(file.read(size))
                return
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
                yield Octets(mapped)
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be read: {getattr(error, 'strerror', None) or error}") from error
