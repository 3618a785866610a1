"""What is packed, by its first bytes, and what unpacks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO, Final

from lodger.telemetry.sevenzip import MAGIC
from lodger.telemetry.tarball import is_tar
from lodger.telemetry.unpack import gunzip, unbzip2, unxz, unzstd

#: The first bytes of a zip archive.
ZIP: Final = (b"PK\3\4", b"PK\5\6")

_APPLE: Final = b"\0\5\x16\7"
#: One compressed file in itself, by its first bytes. After a skippable frame (pzstd begins so) comes Zstandard, too.
_COMPRESSED: Final[dict[bytes, Callable[[BinaryIO], Iterator[bytes]]]] = {
    b"\x1f\x8b\x08": gunzip,
    b"BZh": unbzip2,
    b"\xfd7zXZ\0": unxz,
    b"\x28\xb5\x2f\xfd": unzstd,
    b"\x50\x2a\x4d\x18": unzstd,
}
_FOREIGN: Final = {b"Rar!\x1a\7": "rar"}


def unpacker(head: bytes) -> Callable[[BinaryIO], Iterator[bytes]] | None:
    """What gives the content of a compressed file that begins so, in blocks; None where it is no such file."""
    return next((unpack for magic, unpack in _COMPRESSED.items() if head.startswith(magic)), None)


def is_packed(head: bytes) -> bool:
    """Whether a file that begins so is a compressed file or an archive."""
    return unpacker(head) is not None or is_tar(head) or head.startswith((*ZIP, MAGIC))


def never_telemetry(head: bytes) -> str | None:
    """Why a file that begins so cannot hold telemetry; None when it may."""
    if head.startswith(_APPLE):
        return "what macOS keeps beside a file, not telemetry"
    for magic, name in _FOREIGN.items():
        if head.startswith(magic):
            return f"{name} archives are not read: unpack it first"
    return None
