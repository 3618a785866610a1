"""What a signature of a program signs: SpcIndirectDataContent, a digest of the file and some words about it.

Microsoft, "Windows Authenticode Portable Executable Signature Format" (2008).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lodger.trust.cms import Signer, single
from lodger.trust.der import SEQUENCE, SET, Der, MalformedError, read
from lodger.trust.keys import digest_name
from lodger.trust.names import text_of

INDIRECT: Final = "1.3.6.1.4.1.311.2.1.4"
NESTED: Final = "1.3.6.1.4.1.311.2.4.1"
_OPUS: Final = "1.3.6.1.4.1.311.2.1.12"
_PE_IMAGE: Final = "1.3.6.1.4.1.311.2.1.15"
_PAGE_HASHES: Final = {"1.3.6.1.4.1.311.2.3.1": "sha1", "1.3.6.1.4.1.311.2.3.2": "sha256"}
_PAGE_CLASS: Final = bytes.fromhex("a6b586d5b4a12466ae05a217da8e60d6")


@dataclass(frozen=True)
class PageHashes:
    """Digests of the pages of a program: of what lies from each offset to the next; the last offset is the end."""

    algorithm: str
    offsets: tuple[int, ...]
    digests: tuple[bytes, ...]


@dataclass(frozen=True)
class IndirectData:
    """The digest of the file, and of its pages where there are any."""

    algorithm: str
    digest: bytes
    pages: PageHashes | None


def indirect_data(content: Der) -> IndirectData:
    """Read what is signed; raises :class:`MalformedError`."""
    about, info = content.parts(SEQUENCE, 2)[:2]
    how, digest = info.parts(SEQUENCE, 2)[:2]
    return IndirectData(digest_name(how), digest.octets(), _pages(about))


def _pages(about: Der) -> PageHashes | None:
    kind, *values = about.parts(SEQUENCE, 1)
    if kind.oid() != _PE_IMAGE or not values:
        return None
    link = next((each.inner() for each in values[0].of(SEQUENCE) if each.tag == 0xA0), None)
    if link is None or link.tag != 0xA1:  # a file name (mostly '<<<Obsolete>>>'), no page hashes
        return None
    moniker = list(link)
    if len(moniker) < 2 or moniker[0].content != _PAGE_CLASS:
        return None
    for each in read(moniker[1].octets()).of(SET):
        number, hashes = each.parts(SEQUENCE, 2)[:2]
        if number.oid() in _PAGE_HASHES:
            return _page_hashes(_PAGE_HASHES[number.oid()], hashes.of(SET).inner().octets())
    raise MalformedError("page hashes of an unknown kind")


def _page_hashes(algorithm: str, table: bytes) -> PageHashes:
    width = 4 + {"sha1": 20, "sha256": 32}[algorithm]
    if not table or len(table) % width:
        raise MalformedError("page hashes that are cut off")
    rows = [table[at : at + width] for at in range(0, len(table), width)]
    offsets = tuple(int.from_bytes(row[:4], "little") for row in rows)
    if list(offsets) != sorted(set(offsets)):
        raise MalformedError("page hashes out of order")
    return PageHashes(algorithm, offsets, tuple(row[4:] for row in rows[:-1]))


def publisher(signer: Signer) -> str | None:
    """The program's name as its signer wrote it (SpcSpOpusInfo); None where there is none."""
    value = single(signer.attributes, _OPUS)
    if value is None:
        return None
    for field in value.of(SEQUENCE):
        if field.tag == 0xA0:
            inner = field.inner()
            if inner.tag == 0x80:
                return inner.content[:800].decode("utf-16-be", "replace") or None
            return (inner.content[:400].decode("latin-1") if inner.tag == 0x81 else text_of(inner)) or None
    return None


def nested(signer: Signer) -> tuple[bytes, ...]:
    """The further signatures that a signature carries, each a ContentInfo."""
    return tuple(each.raw for each in signer.others.get(NESTED, ()))
