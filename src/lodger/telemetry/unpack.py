"""Unpacking compressed files and zip into a spool folder, within limits.

Everything in an archive is somebody else's choice: names are never used as paths, and what unpacks to too much is
dropped.
"""

from __future__ import annotations

import bz2
import hashlib
import lzma
import struct
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, cast

import pyarrow as pa
from isal import igzip_lib, isal_zlib

#: One unpacked file, in bytes: more than a year of a busy sensor's log; a bigger one is better given unpacked.
MEMBER_BYTES: Final = 64 * 1024**3
#: Unpacked by packed size. Real logs shrink 10 to 60 times, the most repetitive some 200 times; deflate's end is 1,032.
RATIO: Final = 300
#: Below this many unpacked bytes the ratio does not matter: nobody is hurt, and tiny files have odd ratios.
HARMLESS: Final = 256 * 1024**2
#: Files in one outermost archive: a collection of a whole host's logs has some thousand.
MEMBERS: Final = 100_000
#: Size of a zip's directory, in bytes: read whole into memory, at about ten times its size.
DIRECTORY_BYTES: Final = 64 * 1024**2

#: Memory that unpacking an xz file may take, in bytes: twice what its strongest preset needs.
XZ_MEMORY: Final = 128 * 1024**2

#: Members that make a zip a document, and among how many first ones they stand.
_DOCUMENTS: Final = (
    ("[Content_Types].xml",),
    ("mimetype", "META-INF/manifest.xml"),
    ("mimetype", "META-INF/container.xml"),
)
_MOST_BEFORE: Final = 10_000

BLOCK: Final = 1024 * 1024
#: Zstandard's library gives either a whole read or its damage: small reads lose little.
_ZSTD_BLOCK: Final = 64 * 1024

_ISAL_ERROR: Final = cast("type[Exception]", igzip_lib.IsalError)  # declared as an instance there

#: What damaged or hostile archives make the standard library raise.
DAMAGE: Final = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, _ISAL_ERROR, lzma.LZMAError, EOFError, OSError, ValueError,
    NotImplementedError, RuntimeError, struct.error, OverflowError,
)  # fmt: skip


class TooMuchError(Exception):
    """An archive unpacks to more than the limits allow; the text says which."""


class FetchError(Exception):
    """A file that lies elsewhere could not be fetched whole; the text says why."""


@dataclass
class Budget:
    """What one outermost file may still unpack to, over all its members and levels."""

    packed: int
    unpacked: int = 0
    members: int = 0

    def member(self) -> None:
        """Count one more file; raises :class:`TooMuchError`."""
        self.members += 1
        if self.members > MEMBERS:
            raise TooMuchError(f"more than {MEMBERS:,} files in one archive: the rest is not read")

    def take(self, amount: int, so_far: int, packed: int) -> None:
        """Count ``amount`` more bytes of a file that has ``so_far`` out of ``packed``; raises :class:`TooMuchError`."""
        self.unpacked += amount
        if self.spent():
            raise TooMuchError(
                f"all of it unpacks to more than {RATIO} times its size, as a zip bomb does: the rest is not read"
            )
        if so_far > MEMBER_BYTES:
            raise TooMuchError(f"unpacks to more than {MEMBER_BYTES // 1024**3} GiB: not read")
        if so_far > max(HARMLESS, packed * RATIO):
            raise TooMuchError(f"unpacks to more than {RATIO} times its size, as a zip bomb does: not read")

    def spent(self) -> bool:
        """Whether all members together have unpacked to more than they may."""
        return self.unpacked > max(HARMLESS, self.packed * RATIO)


@dataclass(frozen=True)
class Unpacked:
    """An unpacked file in the spool; ``problem`` says why it may not be whole."""

    path: Path
    fingerprint: str
    size: int
    problem: str | None


def spooled(blocks: Iterator[bytes], packed: int, spool: Path, budget: Budget) -> Unpacked:
    """Write ``blocks`` to a new file in ``spool``; raises :class:`TooMuchError` or OSError, and then leaves no file.

    Damage on the way ends the file there: what came before is kept, and the damage told as its problem.
    """
    digest, size, problem = hashlib.sha256(), 0, None
    with ExitStack() as undo, tempfile.NamedTemporaryFile(dir=spool, prefix="member-", delete=False) as file:
        path = Path(file.name)
        undo.callback(path.unlink)
        while True:
            try:
                block = next(blocks, b"")
            except DAMAGE as error:
                problem = f"damaged, read as far as it goes: {said(error)}"
                break
            if not block:
                break
            size += len(block)
            budget.take(len(block), size, packed)
            digest.update(block)
            file.write(block)
        file.flush()  # where the disk is full, that must be known before the file is kept
        undo.pop_all()
    return Unpacked(path, digest.hexdigest(), size, problem)


def gunzip(file: BinaryIO) -> Iterator[bytes]:
    """The content of a gzip file of one or many members (RFC 1952), in blocks; raises :data:`DAMAGE`."""
    unpacker, rest = isal_zlib.decompressobj(wbits=31), b""
    started = False
    while True:
        packed = rest or file.read(BLOCK)
        if not packed:
            break
        if unpacker.eof:
            packed = packed.lstrip(b"\0")  # padding between or behind members, as tapes leave it
            if not packed:
                rest = b""
                continue
            unpacker, started = isal_zlib.decompressobj(wbits=31), True
        block = unpacker.decompress(packed, BLOCK)
        started = True
        rest = unpacker.unconsumed_tail or unpacker.unused_data
        if block:
            yield block
    if started and not unpacker.eof:
        block = unpacker.flush()
        if block:
            yield block
        if not unpacker.eof:
            raise EOFError("the file ends before the packed data does")


def unxz(file: BinaryIO) -> Iterator[bytes]:
    """The content of an xz file of one or many streams, in blocks; raises :data:`DAMAGE`."""
    return _streams(file, lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, XZ_MEMORY))


def unbzip2(file: BinaryIO) -> Iterator[bytes]:
    """The content of a bzip2 file of one or many streams, in blocks; raises :data:`DAMAGE`."""
    return _streams(file, bz2.BZ2Decompressor)


def _streams(file: BinaryIO, start: Callable[[], lzma.LZMADecompressor | bz2.BZ2Decompressor]) -> Iterator[bytes]:
    unpacker, begun = start(), False
    while packed := file.read(BLOCK):
        while packed or not (unpacker.eof or unpacker.needs_input):
            if unpacker.eof:
                packed = packed.lstrip(b"\0")  # padding between or behind streams
                if not packed:
                    break
                unpacker = start()
            begun = True
            block = unpacker.decompress(packed, BLOCK)
            packed = unpacker.unused_data if unpacker.eof else b""  # the rest it keeps itself
            if block:
                yield block
    if begun and not unpacker.eof:
        raise EOFError("the file ends before the packed data does")


def unzstd(file: BinaryIO) -> Iterator[bytes]:
    """The content of a Zstandard file of one or many frames (RFC 8878), in blocks; raises :data:`DAMAGE`.

    Frames that need more than 128 MiB of memory are refused, which is the library's own bound.
    """
    with pa.CompressedInputStream(pa.PythonFile(file, mode="r"), "zstd") as stream:
        while block := stream.read(_ZSTD_BLOCK):
            yield block


def unzip(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """One member's content in blocks; raises :data:`DAMAGE`."""
    with archive.open(member) as file:
        while block := file.read(BLOCK):
            yield block


def open_zip(path: Path) -> zipfile.ZipFile:
    """The zip at ``path``; raises :data:`DAMAGE`, or :class:`TooMuchError` for a directory too big for memory."""
    if _directory_bytes(path) > DIRECTORY_BYTES:
        raise TooMuchError(f"its directory is longer than {DIRECTORY_BYTES // 1024**2} MiB: not read")
    return zipfile.ZipFile(path)


def is_document(names: Sequence[str]) -> bool:
    """Whether a zip is one document: of Office (ECMA-376 part 2), OpenDocument (1.3 part 2) or EPUB (OCF 3)."""
    first = names[:_MOST_BEFORE]
    return any(all(name in first for name in document) for document in _DOCUMENTS)


def _directory_bytes(path: Path) -> int:
    """The size of a zip's directory as its end record says (APPNOTE 4.3.14, 4.3.16): what would be read at once."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - 65_536 - 22 - 20 - 56))
        tail = file.read()
    end = tail.rfind(b"PK\5\6")
    if end < 0 or len(tail) - end < 22:
        return 0  # no zip: the library says so
    (length,) = struct.unpack_from("<I", tail, end + 12)
    wide = tail.rfind(b"PK\6\6")
    if wide >= 0 and len(tail) - wide >= 56:
        length = max(length if length != 0xFFFFFFFF else 0, *struct.unpack_from("<Q", tail, wide + 40))
    return int(length)


def said(error: BaseException) -> str:
    """A library's error as a reason in one line."""
    return " ".join(str(error).split())[:200] or type(error).__name__
