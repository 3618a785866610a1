"""Programs, libraries and drivers: PE files with a certificate table (Microsoft, PE and Authenticode formats)."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import Final

from lodger.trust.cms import AlteredError
from lodger.trust.der import MalformedError, read
from lodger.trust.form import Buffer, Entry, Format, Signed, digest_of, same
from lodger.trust.spc import IndirectData, PageHashes

_REVISION: Final = 0x0200
_PKCS7: Final = 2
_MOST: Final = 32
_LARGEST: Final = 64 * 1024**2
_PAGE: Final = 4096
_ITANIUM: Final = 0x0200


@dataclass(frozen=True)
class Layout:
    """Offsets of what the digest leaves out: the checksum, the table's entry in the directory, the table itself.

    Each is (from, to); those that a file does not have are empty. ``stamp`` is the linker's time, in Unix seconds.
    """

    size: int
    page: int
    stamp: int
    reproducible: bool
    checksum: tuple[int, int]
    directory: tuple[int, int]
    table: tuple[int, int]
    claimed: tuple[int, int]

    def covered(self, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
        """The spans within (start, end) that the digest is of."""
        at, stop = start, self.size if end is None else end
        for gone, back in (self.checksum, self.directory, self.table):
            if at < gone < stop:
                yield at, gone
            if gone < stop and back > at:
                at = min(back, stop)
        if at < stop:
            yield at, stop


def layout(data: Buffer) -> Layout:
    """Where things are. Raises :class:`MalformedError` where a header breaks off."""
    header = _number(data, 0x3C, 4)
    machine, sections, stamp, optional_size = struct.unpack("<HHI8xH", _take(data, header + 4, 18))
    optional = header + 24
    magic = _number(data, optional, 2)
    if magic not in (0x10B, 0x20B):
        raise MalformedError("a program's header of an unknown kind")
    wide = 16 * (magic == 0x20B)
    _take(data, optional + 64, 4)
    checksum = (optional + 64, optional + 68)
    none = (len(data), len(data))
    directory, claimed = none, (0, 0)
    count_at, entry = optional + 92 + wide, optional + 128 + wide
    if entry + 8 <= optional + optional_size and _number(data, count_at, 4) > 4:
        directory = (entry, entry + 8)
        claimed = struct.unpack("<II", _take(data, entry, 8))
    table = none
    if _fits(claimed, optional + optional_size, len(data)):
        table = (claimed[0], claimed[0] + claimed[1])
    reproducible = _reproducible(data, optional + 96 + wide + 8 * 6, optional + optional_size, sections)
    page = 2 * _PAGE if machine == _ITANIUM else _PAGE
    return Layout(len(data), page, stamp, reproducible, checksum, directory, table, claimed)


def _fits(claimed: tuple[int, int], least: int, size: int) -> bool:
    at, length = claimed
    return at >= least and length > 0 and at + length <= size


def _take(data: Buffer, at: int, length: int) -> bytes:
    found = data[at : at + length]
    if len(found) < length:
        raise MalformedError("a program whose header breaks off")
    return found


def _number(data: Buffer, at: int, width: int) -> int:
    return int.from_bytes(_take(data, at, width), "little")


def _reproducible(data: Buffer, entry: int, headers: int, sections: int) -> bool:
    """Whether the debug directory says that the time stamp is a hash of the content (IMAGE_DEBUG_TYPE_REPRO)."""
    if entry + 8 > headers:
        return False
    address, size = struct.unpack("<II", _take(data, entry, 8))
    for number in range(min(sections, 96) if address and size else 0):
        row = data[headers + 40 * number : headers + 40 * number + 24]
        if len(row) < 24:
            return False
        virtual, raw_size, raw = struct.unpack("<12xIII", row)
        if virtual <= address < virtual + raw_size:
            at = raw + address - virtual
            kinds = data[at : at + min(size, 28 * 32)]
            return any(kinds[one + 12 : one + 16] == b"\x10\0\0\0" for one in range(0, len(kinds), 28))
    return False


def sniff(data: Buffer, _name: str) -> bool:
    """A DOS header that leads to a PE signature."""
    if data[:2] != b"MZ" or len(data) < 64:
        return False
    header = int.from_bytes(data[0x3C:0x40], "little")
    return data[header : header + 4] == b"PE\0\0"


def take_apart(data: Buffer) -> Signed:
    """Entries of the certificate table, and what is odd about it."""
    shape = layout(data)
    flags: list[str] = []
    entries = tuple(_entries(data, shape, flags))
    if len(entries) > 1:
        flags.append("several-certificate-entries")
    if shape.table[1] < shape.size:
        flags.append("data-after-certificate-table")
    made = None if shape.reproducible or not shape.stamp else datetime.fromtimestamp(shape.stamp, UTC)
    padding = -shape.size % 8 if shape.claimed == (0, 0) else 0
    digest = lru_cache(8)(partial(_digest, data, shape, padding))
    return Signed(entries, tuple(flags), partial(_matches, data, shape, digest), digest, made)


def _digest(data: Buffer, shape: Layout, padding: int, algorithm: str) -> bytes:
    """The file's digest; of one without a table, padded to whole 8 bytes, as catalogs have it."""
    return digest_of(data, algorithm, shape.covered(), padding)


def _entries(data: Buffer, shape: Layout, flags: list[str]) -> Iterator[Entry]:
    if shape.claimed == (0, 0):
        return
    at, end = shape.table
    if at == end:
        yield Entry(b"", "the certificate table is not within the file")
        return
    found = 0
    while at < end:
        if end - at < 8 or (found and not _is_entry(data, at)):
            if not found:
                yield Entry(b"", "the certificate table is cut off")
            elif end - at >= 8 or any(data[at:end]):
                flags.append("junk-in-certificate-table")
            return
        length, revision, kind = struct.unpack("<IHH", data[at : at + 8])
        found += 1
        if length <= 8 or at + length > end or length > _LARGEST or found > _MOST:
            yield Entry(b"", f"an entry of the certificate table says {length:,} bytes where {end - at:,} are left")
            return
        if kind == _PKCS7 and revision == _REVISION:
            yield _entry(data[at + 8 : at + length], flags)
        else:
            flags.append("other-certificate-type")
            yield Entry(b"", f"an entry of the certificate table of type {kind}, revision 0x{revision:x}")
        at += length + -length % 8


def _is_entry(data: Buffer, at: int) -> bool:
    """Whether another entry begins here: what follows a signature and is none is junk."""
    return struct.unpack("<HH", data[at + 4 : at + 8]) == (_REVISION, _PKCS7)


def _entry(content: bytes, flags: list[str]) -> Entry:
    """A signature without what stands behind it: at most seven zeros, else a flag (CVE-2013-3900)."""
    try:
        stop = read(content).stop
    except MalformedError as error:
        return Entry(b"", str(error))
    rest = content[stop:]
    if len(rest) > 7 or any(rest):
        flags.append("padding-after-signature")
    return Entry(content[:stop])


def _matches(data: Buffer, shape: Layout, digest: Callable[[str], bytes], signed: IndirectData) -> None:
    same(digest(signed.algorithm), signed.digest)
    if signed.pages is not None:
        _pages(data, shape, signed.pages)


def _pages(data: Buffer, shape: Layout, pages: PageHashes) -> None:
    """Every page, filled up with zeros; what the digest of the whole leaves out is left out here too."""
    with memoryview(data) as view:
        for start, end, wanted in zip(pages.offsets, pages.offsets[1:], pages.digests, strict=False):
            if end - start > shape.page or end > shape.size:
                raise AlteredError("a page hash of what is no page")
            made = hashlib.new(pages.algorithm, usedforsecurity=False)
            filled = 0
            for one, other in shape.covered(start, end):
                made.update(view[one:other])
                filled += other - one
            made.update(bytes(shape.page - (end - start)))
            if made.digest() != wanted:
                raise AlteredError(f"the page at {start:,} is not what was signed")


FORMAT = Format("pe", "program", sniff, take_apart)
