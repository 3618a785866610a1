"""Reading tar archives: regular files only, in bounded memory.

A member's name is never used as a path, and no link, device or pipe is made or followed: what Python's own ``data``
filter refuses to extract (PEP 706) is not extracted here at all.
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from lodger.telemetry.unpack import BLOCK

#: What stands before a member's content (long names, pax fields, the map of a sparse file), in bytes: the library
#: holds all of it in memory.
HEADER_BYTES: Final = BLOCK


class _Careful:
    """A file of which the library may read only so much for one member's header."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.left: int | None = HEADER_BYTES  # None: content is read, as much as wanted
        self.seek = file.seek
        self.tell = file.tell

    def read(self, size: int) -> bytes:
        if self.left is not None:
            self.left -= size
            if self.left < 0:
                raise tarfile.HeaderError(f"a header of more than {HEADER_BYTES // 1024**2} MiB")
        return self._file.read(size)


class Tar:
    """An open tar. Its methods raise :data:`lodger.telemetry.unpack.DAMAGE`."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = _Careful(file)
        self._archive = tarfile.TarFile(fileobj=self._file, errors="surrogateescape")  # type: ignore[arg-type]

    def members(self) -> Iterator[tarfile.TarInfo]:
        """All members, whatever they are, in their order; each is to be read before the next."""
        while True:
            self._file.left = HEADER_BYTES
            member = self._archive.next()
            if member is None:
                break
            self._archive.members.clear()  # type: ignore[attr-defined]  # else the library keeps them all
            yield member
        # the library takes any damaged header but the first for the end
        self._file.seek(self._archive.offset)
        end = self._file.read(tarfile.BLOCKSIZE)
        if not end:
            raise tarfile.ReadError("it ends without its end mark")
        if end.strip(b"\0"):
            raise tarfile.ReadError(f"no header at offset {self._archive.offset}")

    def content(self, member: tarfile.TarInfo) -> Iterator[bytes]:
        """A regular member's content in blocks, holes of sparse files filled."""
        self._file.left = None
        if member.issparse():
            yield from self._sparse(member)
            return
        self._file.seek(member.offset_data)
        left = member.size
        while left:
            block = self._file.read(min(BLOCK, left))
            if not block:
                raise tarfile.ReadError("unexpected end of data")
            left -= len(block)
            yield block

    def _sparse(self, member: tarfile.TarInfo) -> Iterator[bytes]:
        file = self._archive.extractfile(member)
        if file is None:
            raise tarfile.ExtractError("not a regular file")
        with file:
            while block := file.read(BLOCK):
                yield block


def is_tar(head: bytes) -> bool:
    """Whether a file's first 512 bytes are the header of a tar archive (POSIX.1-1988 and later, GNU)."""
    return head[257:262] == b"ustar"


@contextmanager
def open_tar(path: Path) -> Iterator[Tar]:
    """The uncompressed tar at ``path``; raises :data:`lodger.telemetry.unpack.DAMAGE`."""
    with path.open("rb") as file:
        yield Tar(file)
