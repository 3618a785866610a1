"""What a format of signed files is: how it is known, where its signatures are, and what they are of."""

from __future__ import annotations

import hashlib
import mmap
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lodger.trust.cms import AlteredError
from lodger.trust.spc import IndirectData

Buffer = bytes | mmap.mmap

_PIECE: Final = 4 * 1024**2


@dataclass(frozen=True)
class Entry:
    """A place for a signature: the signature's bytes, or why there are none that can be read."""

    content: bytes
    fault: str = ""


@dataclass(frozen=True)
class Signed:
    """A file, taken apart: entries for signatures, flags, and what a signature of it must match.

    ``matches`` raises :class:`~lodger.trust.cms.AlteredError` for a digest that is not this file's; it is None where
    the entry is itself what is signed (a catalog). ``digest`` gives the digest of an unsigned file that a catalog would
    have, None where a catalog has that of the whole file. ``made`` is the time of compilation.
    """

    entries: tuple[Entry, ...] = ()
    flags: tuple[str, ...] = ()
    matches: Callable[[IndirectData], None] | None = None
    digest: Callable[[str], bytes] | None = None
    made: datetime | None = None
    fault: str = ""


@dataclass(frozen=True)
class Format:
    """A module in :mod:`lodger.trust.formats` declares one as ``FORMAT``.

    ``sniff`` is given the file and its name in lower case; ``take_apart`` may raise
    :class:`~lodger.trust.der.MalformedError`: then the file is malformed.
    """

    name: str
    title: str
    sniff: Callable[[Buffer, str], bool]
    take_apart: Callable[[Buffer], Signed]


def digest_of(data: Buffer, algorithm: str, spans: Iterable[tuple[int, int]], padding: int = 0) -> bytes:
    """The digest of these spans (from, to) of a file, one behind the other, and some zeros."""
    made = hashlib.new(algorithm, usedforsecurity=False)
    with memoryview(data) as view:
        for start, end in spans:
            for at in range(start, end, _PIECE):
                made.update(view[at : min(at + _PIECE, end)])
    made.update(bytes(padding))
    return made.digest()


def same(found: bytes, wanted: bytes) -> None:
    """Raise where a digest is not the one that was signed."""
    if found != wanted:
        raise AlteredError("the file is not what was signed")
