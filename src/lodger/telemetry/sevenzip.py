"""Unpacking 7z archives into the spool, within limits.

The library hands members over as it comes to them, many in one packed block, so an archive is unpacked whole before
any of it is read; what that may take of the disk, the archive's directory says beforehand.
"""

from __future__ import annotations

import hashlib
import lzma
import shutil
import struct
import tempfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from lodger.telemetry.unpack import HARMLESS, MEMBERS, RATIO, Budget, TooMuchError, Unpacked, said

#: The first bytes of a 7z archive.
MAGIC: Final = b"7z\xbc\xaf\x27\x1c"
#: What to install where the library is missing.
INSTALL: Final = "pip install 'lodger[7z]'"
#: Memory that one archive's methods may take, in bytes: what 7-Zip's strongest preset asks for.
MEMORY: Final = 256 * 1024**2
#: An archive's directory, unpacked, in bytes.
DIRECTORY_BYTES: Final = 32 * 1024**2

_LZMA: Final = b"\x03\x01\x01"
_LZMA2: Final = b"\x21"
_PPMD: Final = b"\x03\x04\x01"


class SevenZipError(Exception):
    """An archive that cannot be unpacked (any further); the text says why."""


def un7z(
    path: Path, spool: Path, budget: Budget, told: Callable[[float], None]
) -> Iterator[tuple[str, Unpacked] | str]:
    """Unpack an archive into ``spool``, then give its members: name and file, in their order; (str) what else is in it.

    Whoever takes a member deletes its file; what nobody took goes at the end. ``told`` is told which part of all is
    unpacked. Raises :class:`TooMuchError` or :class:`SevenZipError`, after what could be unpacked.
    """
    taken: list[_Member] = []
    try:
        trouble: Exception | None = None
        links = 0
        try:
            links = _unpack(path, spool, budget, taken, told)
        except (TooMuchError, SevenZipError) as error:
            trouble = error
        for member in taken:
            if member.whole or not isinstance(trouble, TooMuchError):
                yield member.name, member.unpacked(None if member.whole else str(trouble))
        if links:
            yield f"{links:,} links in it are not read"
        if trouble is not None:
            raise trouble
    finally:
        for member in taken:
            member.close()
            member.path.unlink(missing_ok=True)


def _unpack(path: Path, spool: Path, budget: Budget, taken: list[_Member], told: Callable[[float], None]) -> int:
    """Unpack all regular members; how many links there are."""
    try:
        import py7zr
        from py7zr import archiveinfo
        from py7zr.exceptions import ArchiveError, PasswordRequired
    except ImportError:
        raise SevenZipError(f"7z archives need a library that is not installed: {INSTALL}") from None
    # Its own bounds let a directory take gigabytes.
    archiveinfo.MAX_HEADER_SIZE, archiveinfo.MAX_NUMFILES = DIRECTORY_BYTES, MEMBERS
    try:
        with path.open("rb") as file, py7zr.SevenZipFile(file) as archive:
            if archive.needs_password():
                raise SevenZipError("encrypted: unpack it first")
            files = [member for member in archive.files if not member.is_directory]
            plain = [member for member in files if not member.is_symlink and not member.is_socket]
            declared = sum(member.uncompressed for member in plain)
            _check(archive, declared, path.stat().st_size, spool)
            factory = _factory(spool, budget, taken, declared, told)
            names = {member.filename for member in plain}
            if names:
                archive.extract(targets=names, factory=factory)
            return len(files) - len(plain)
    except PasswordRequired:
        raise SevenZipError("encrypted: unpack it first") from None
    except (*_DAMAGE, ArchiveError) as error:
        raise SevenZipError(f"7z archive is damaged, read as far as it goes: {said(error)}") from error


#: What a damaged archive makes the library raise beside its own errors: it trusts what it has read.
_DAMAGE: Final = (
    lzma.LZMAError, zlib.error, struct.error, EOFError, OSError, ValueError, TypeError, LookupError, AttributeError,
    AssertionError, ArithmeticError, NotImplementedError, RuntimeError,
)  # fmt: skip


def _check(archive: Any, declared: int, packed: int, spool: Path) -> None:
    if declared > max(HARMLESS, packed * RATIO):
        raise TooMuchError(f"unpacks to more than {RATIO} times its size, as a zip bomb does: not read")
    free = shutil.disk_usage(spool).free
    if declared > free:
        raise TooMuchError(f"unpacked it does not fit on the disk of the case: {declared:,} bytes, {free:,} are free")
    streams = getattr(archive.header, "main_streams", None)
    for folder in streams.unpackinfo.folders if streams else ():
        if sum(_memory(coder) for coder in folder.coders) > MEMORY:
            raise TooMuchError(f"unpacking it takes more than {MEMORY // 1024**2} MiB of memory: not read")


def _memory(coder: dict[str, Any]) -> int:
    """What a method asks for, in bytes, by its properties (7-Zip's DOC/Methods.txt; lzma specification)."""
    method, properties = coder["method"], coder.get("properties") or b""
    if method in (_LZMA, _PPMD) and len(properties) >= 5:
        return int.from_bytes(properties[1:5], "little")
    if method == _LZMA2 and properties:
        code = properties[0]
        return int(0xFFFFFFFF if code >= 40 else (2 | (code & 1)) << (code // 2 + 11))
    return 0


class _Member:
    """One member on its way into the spool."""

    def __init__(self, name: str, spool: Path) -> None:
        self.name = name
        self.whole = False
        self.size = 0
        self._digest = hashlib.sha256()
        with tempfile.NamedTemporaryFile(dir=spool, prefix="member-", delete=False) as file:
            self.path = Path(file.name)
        self._file = self.path.open("wb")

    def write(self, block: bytes | bytearray) -> None:
        self._digest.update(block)
        self._file.write(block)
        self.size += len(block)

    def close(self) -> None:
        self._file.close()

    def unpacked(self, problem: str | None) -> Unpacked:
        self.close()
        return Unpacked(self.path, self._digest.hexdigest(), self.size, problem)


def _factory(spool: Path, budget: Budget, taken: list[_Member], declared: int, told: Callable[[float], None]) -> Any:
    """What the library writes members to."""
    from py7zr import Py7zIO, WriterFactory

    packed = budget.packed
    done = 0

    class Part(Py7zIO):
        def __init__(self, member: _Member) -> None:
            self._member = member

        def write(self, s: bytes | bytearray) -> int:
            nonlocal done
            self._member.write(s)
            budget.take(len(s), self._member.size, packed)
            done += len(s)
            told(done / max(declared, 1))
            return len(s)

        def read(self, size: int | None = None) -> bytes:  # noqa: ARG002
            return b""

        def seek(self, offset: int, whence: int = 0) -> int:  # noqa: ARG002
            return 0

        def flush(self) -> None:
            pass

        def close(self) -> None:
            self._member.whole = True
            self._member.close()

        def size(self) -> int:
            return self._member.size

    class Parts(WriterFactory):
        def create(self, filename: str) -> Py7zIO:
            budget.member()
            taken.append(_Member(filename, spool))
            return Part(taken[-1])

    return Parts()
