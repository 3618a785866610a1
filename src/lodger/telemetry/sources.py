"""Finding telemetry: folders, files and archives become plain files, one after the other."""

from __future__ import annotations

import shutil
import sys
import tarfile
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Final

from lodger.model.telemetry import SourceFile
from lodger.telemetry.ahead import ahead
from lodger.telemetry.early import Begun, Submit, early
from lodger.telemetry.outermost import Work, along, hashed, unpacking
from lodger.telemetry.packing import ZIP, is_packed, never_telemetry, unpacker
from lodger.telemetry.remote import RemoteFile, blocks, is_url, remote_files
from lodger.telemetry.sevenzip import MAGIC, SevenZipError, un7z
from lodger.telemetry.tarball import Tar, is_tar, open_tar
from lodger.telemetry.unpack import (
    BLOCK,
    DAMAGE,
    MEMBER_BYTES,
    Budget,
    FetchError,
    TooMuchError,
    Unpacked,
    is_document,
    open_zip,
    said,
    spooled,
    unzip,
)
from lodger.telemetry.walk import STDIN, OuterFile, Problem, day_by_day, display, outer_files, why

__all__ = ["Found", "Known", "Problem", "find"]

#: Archives in archives are opened this deep: a collection of zipped hosts with gzipped logs has depth 2.
DEPTH: Final = 3

#: How a person sees standard input.
STDIN_NAME: Final = "<stdin>"


@dataclass(frozen=True)
class Known:
    """An outermost file that was ingested before, whole; it is not unpacked again."""

    name: str
    container: str


Found = SourceFile | Problem | Known


def find(
    paths: Sequence[str | Path],
    spool: Path,
    known: Callable[[str], bool],
    progress: Callable[[int], None] = lambda _: None,
    *,
    unpacked: Callable[[int], None] = lambda _: None,
    skip: Path | None = None,
    submit: Submit | None = None,
) -> Iterator[Found]:
    """Everything under ``paths``: files, folders with all below them, archives with all in them; URLs come last.
    Files whose path names a day come day after day, after those that name none.

    Standard input is named ``-``. What a file is, its content says, never its name. A member of an archive lies
    unpacked in ``spool`` (made when it is missing) until the next item is asked for. ``known`` is asked whether the
    outermost file with this SHA-256 (hex) is already ingested whole. ``progress`` is told the bytes of outermost files
    as they are done with (none for standard input); ``unpacked`` how many more of them hashing or unpacking has gone
    through, which ``packed`` of what is found then leaves out. The folder ``skip`` is passed over. With ``submit``
    other processes read small files before they are asked for, which come with what was read. Whatever cannot be read
    is one :class:`Problem`, and the rest goes on.
    """
    spool.mkdir(parents=True, exist_ok=True)
    if STDIN in map(str, paths):
        yield from _stdin(spool, known, unpacked)
        progress(0)
    files = day_by_day(outer_files(local(paths), skip))
    for outer in files if submit is None else early(iter(files), known, spool, submit):
        match outer:
            case Problem():
                yield outer
            case Begun():
                yield from _begun(outer, spool, known, unpacked)
                progress(outer.outer.size)
            case OuterFile():
                yield from _outermost(outer, spool, known, unpacked)
                progress(outer.size)
    for url in [str(path) for path in paths if is_url(path)]:
        for remote in remote_files(url):
            if isinstance(remote, Problem):
                yield remote
                continue
            yield from _remote(remote, spool, known, unpacked)
            progress(remote.size or 0)


def local(paths: Sequence[str | Path]) -> list[str | Path]:
    """Those that name files and folders of this machine."""
    return [path for path in paths if str(path) != STDIN and not is_url(path)]


def total_bytes(paths: Sequence[str | Path], skip: Path | None = None) -> int:
    """How many bytes the files under ``paths`` have, as they lie on disk or in their store.

    Of standard input (``-``), and where a store does not say, nobody knows.
    """
    there = sum(found.size for found in outer_files(local(paths), skip) if isinstance(found, OuterFile))
    for url in [str(path) for path in paths if is_url(path)]:
        there += sum(found.size or 0 for found in remote_files(url) if isinstance(found, RemoteFile))
    return there


def _begun(begun: Begun, spool: Path, known: Callable[[str], bool], unpacked: Callable[[int], None]) -> Iterator[Found]:
    """A small file with what was read of it before its turn, if that is still what it is."""
    name = display(begun.outer.path)
    try:
        source = begun.source()
    except OSError as error:
        yield Problem(name, f"cannot be read: {why(error)}")
        return
    try:
        if begun.changed():
            yield from _outermost(begun.outer, spool, known, unpacked)
        elif known(begun.container):
            yield Known(name, begun.container)
        elif source is None:
            yield from _outermost(begun.outer, spool, known, unpacked)
        else:
            yield source
    finally:
        if source is not None and source.path != begun.outer.path:
            source.path.unlink(missing_ok=True)


def _outermost(
    outer: OuterFile, spool: Path, known: Callable[[str], bool], unpacked: Callable[[int], None]
) -> Iterator[Found]:
    name = display(outer.path)
    try:
        container, size, told = hashed(outer.path, unpacked)
    except OSError as error:
        yield Problem(name, f"cannot be read: {why(error)}")
        return
    if known(container):
        yield Known(name, container)
        return
    file = SourceFile(outer.path, name, container, container, size, size - told, spool)
    yield from _opened(file, Work(spool, Budget(size), unpacked), 0)


def _stdin(spool: Path, known: Callable[[str], bool], unpacked: Callable[[int], None]) -> Iterator[Found]:
    """What standard input holds, which may be an archive as well; it is kept in the spool meanwhile."""
    if sys.stdin is None or sys.stdin.isatty():
        yield Problem(STDIN_NAME, "nothing is piped into it: `-` reads telemetry from another program")
        return
    stream = sys.stdin.buffer
    work = Work(spool, Budget(MEMBER_BYTES), unpacked)
    yield from _fetched(iter(lambda: stream.read(BLOCK), b""), STDIN_NAME, known, work)


def _remote(
    remote: RemoteFile, spool: Path, known: Callable[[str], bool], unpacked: Callable[[int], None]
) -> Iterator[Found]:
    """What a file that lies elsewhere holds; it is kept in the spool meanwhile, it alone."""
    size, free = remote.size or 0, shutil.disk_usage(spool).free
    if size > free:
        yield Problem(remote.name, f"does not fit on the disk of the case: it has {size:,} bytes, {free:,} are free")
        return
    work = Work(spool, Budget(MEMBER_BYTES), unpacked)
    content = work.watched(blocks(remote), size, along(size))
    yield from _fetched(content, remote.name, known, work, packed=size - unpacking(size))


def _fetched(
    content: Iterator[bytes], name: str, known: Callable[[str], bool], work: Work, packed: int = 0
) -> Iterator[Found]:
    """An outermost file that does not lie on this disk."""
    try:
        # nothing says that it is packed, so only the bound on one file holds
        unpacked = spooled(content, MEMBER_BYTES, work.spool, work.budget)
    except (TooMuchError, FetchError, OSError) as error:
        yield Problem(name, _reason(error))
        return
    try:
        if unpacked.problem is not None:
            yield Problem(name, unpacked.problem)
        if unpacked.size == 0:
            yield Problem(name, "standard input is empty" if name == STDIN_NAME else "file is empty")
        elif known(unpacked.fingerprint):
            yield Known(name, unpacked.fingerprint)
        else:
            there = unpacked.fingerprint
            file = SourceFile(unpacked.path, name, there, there, unpacked.size, packed, spool=work.spool)
            yield from _opened(file, replace(work, budget=Budget(unpacked.size)), 0)
    finally:
        unpacked.path.unlink(missing_ok=True)


def _opened(file: SourceFile, work: Work, depth: int) -> Iterator[Found]:
    """The file itself or, of an archive, what is in it."""
    try:
        with file.path.open("rb") as content:
            head = content.read(512)
    except OSError as error:
        yield Problem(file.name, f"cannot be read: {why(error)}")
        return
    unpack = unpacker(head)
    if depth >= DEPTH and is_packed(head):
        yield Problem(file.name, f"archives in archives are opened {DEPTH} deep: not read")
    elif unpack is not None:
        yield from _compressed(file, unpack, work, depth)
    elif head.startswith(ZIP):
        yield from _zip(file, work, depth)
    elif head.startswith(MAGIC):
        yield from _sevenzip(file, work, depth)
    elif is_tar(head):
        yield from _tar(file, work, depth)
    else:
        foreign = never_telemetry(head)
        yield file if foreign is None else Problem(file.name, foreign)


def _unpacked(unpack: Callable[[BinaryIO], Iterator[bytes]], packed: BinaryIO, size: int) -> Generator[bytes]:
    """The blocks of a compressed file; of a large one, unpacked while those before are hashed and written."""
    yield from ahead(unpack(packed), 16 * BLOCK, len) if size >= 4 * BLOCK else unpack(packed)


def _compressed(
    file: SourceFile, unpack: Callable[[BinaryIO], Iterator[bytes]], work: Work, depth: int
) -> Iterator[Found]:
    try:
        work.budget.member()
        with file.path.open("rb") as packed, closing(_unpacked(unpack, packed, file.size)) as blocks:
            content = work.watched(blocks, file.packed, lambda _: packed.tell() / file.size)
            unpacked = spooled(content, file.size, work.spool, work.budget)
    except (TooMuchError, OSError) as error:
        yield Problem(file.name, _reason(error))
        return
    level = depth + (not _begins_tar(unpacked.path))
    rest = file.packed - unpacking(file.packed)
    yield from _member(unpacked, file.name, file.container, work, level, packed=rest)


def _begins_tar(path: Path) -> bool:
    """Whether an unpacked file is a tar: a compressed tar is one archive to people, and counts as one level."""
    with path.open("rb") as content:
        return is_tar(content.read(512))


def _tar(file: SourceFile, work: Work, depth: int) -> Iterator[Found]:
    passed = 0
    try:
        with open_tar(file.path) as archive:
            for member in archive.members():
                work.budget.member()
                if member.isreg():
                    yield from _tarred(archive, member, file, work, depth)
                elif not member.isdir():
                    passed += 1
    except TooMuchError as error:
        yield Problem(file.name, str(error))
    except DAMAGE as error:
        yield Problem(file.name, f"tar archive is damaged, read as far as it goes: {said(error)}")
    if passed:
        yield Problem(file.name, f"{passed:,} links, devices or pipes in it are not read")


def _tarred(archive: Tar, member: tarfile.TarInfo, file: SourceFile, work: Work, depth: int) -> Iterator[Found]:
    name = f"{file.name}!{display(member.name)}"
    # a plain member is as long as its part of the archive, which is paid for; the holes of a sparse one are not
    budget = work.budget if member.issparse() else Budget(member.size)
    part = file.packed * member.size // file.size
    content = work.watched(archive.content(member), part, along(member.size))
    try:
        unpacked = spooled(content, file.size, work.spool, budget)
    except (TooMuchError, OSError) as error:
        yield Problem(name, _reason(error))
        return
    yield from _member(unpacked, name, file.container, work, depth + 1, packed=part - unpacking(part))


def _zip(file: SourceFile, work: Work, depth: int) -> Iterator[Found]:
    try:
        archive = open_zip(file.path)
    except TooMuchError as error:
        yield Problem(file.name, str(error))
        return
    except DAMAGE as error:
        yield Problem(file.name, f"zip archive cannot be opened: {said(error)}")
        return
    with archive:
        if is_document(archive.namelist()):
            yield file
            return
        members = [member for member in archive.infolist() if not member.filename.endswith("/")]  # it may be empty
        if not members:
            yield Problem(file.name, "zip archive is empty")
        for member in members:
            name = f"{file.name}!{display(member.filename)}"
            if member.flag_bits & 1:
                yield Problem(name, "encrypted: unpack it first")
                continue
            try:
                work.budget.member()
            except TooMuchError as error:
                yield Problem(file.name, str(error))
                return
            part = file.packed * member.compress_size // file.size
            content = work.watched(unzip(archive, member), part, along(member.file_size))
            try:
                unpacked = spooled(content, member.compress_size, work.spool, work.budget)
            except (TooMuchError, OSError) as error:
                if work.budget.spent():
                    yield Problem(file.name, str(error))
                    return
                yield Problem(name, _reason(error))
                continue
            yield from _member(unpacked, name, file.container, work, depth + 1, packed=part - unpacking(part))


def _sevenzip(file: SourceFile, work: Work, depth: int) -> Iterator[Found]:
    told = 0

    def tell(part: float) -> None:
        nonlocal told
        now = int(unpacking(file.packed) * min(part, 1.0))
        work.unpacked(now - told)
        told = now

    try:
        for found in un7z(file.path, work.spool, work.budget, tell):
            if isinstance(found, str):
                yield Problem(file.name, found)
                continue
            name, unpacked = found
            part = (file.packed - unpacking(file.packed)) * unpacked.size // max(work.budget.unpacked, 1)
            yield from _member(unpacked, f"{file.name}!{display(name)}", file.container, work, depth + 1, packed=part)
    except (TooMuchError, SevenZipError) as error:
        yield Problem(file.name, str(error))


def _reason(error: TooMuchError | FetchError | OSError) -> str:
    return f"cannot be unpacked: {why(error)}" if isinstance(error, OSError) else str(error)


def _member(unpacked: Unpacked, name: str, container: str, work: Work, depth: int, *, packed: int) -> Iterator[Found]:
    """What an unpacked file holds; it is deleted when the consumer has moved on."""
    try:
        if unpacked.problem is not None:
            yield Problem(name, unpacked.problem)
        if unpacked.size == 0:
            if unpacked.problem is None:
                yield Problem(name, "file is empty")
            return
        inner = SourceFile(unpacked.path, name, unpacked.fingerprint, container, unpacked.size, packed, work.spool)
        yield from _opened(inner, work, depth)
    finally:
        unpacked.path.unlink(missing_ok=True)
