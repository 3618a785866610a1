"""Files: their signatures, those that catalogs among and beside them hold, and the verdict of all together."""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Final

from lodger.errors import InputError
from lodger.trust.catalogs import NO_CATALOGS, Catalog, Catalogs, load_catalogs
from lodger.trust.crls import NO_CRLS, Crls
from lodger.trust.der import MalformedError
from lodger.trust.discovery import choose
from lodger.trust.findings import FileVerdict, Signature, Verdict, together
from lodger.trust.form import Buffer, Format, Signed, digest_of
from lodger.trust.judge import MOST, Given, Subject, judge
from lodger.trust.roots import Roots, microsoft_roots

#: A file up to this size is read whole, in bytes; beyond it is mapped.
_SMALL: Final = 32 * 1024**2
_CATALOG_DIGESTS: Final = ("sha256", "sha1")
_OTHER: Final = "other"


@dataclass(frozen=True)
class Unread:
    """A file that could not be read, and why, in one line."""

    file: str
    reason: str


@dataclass(frozen=True)
class Verified:
    """All files of one call, and those that could not be read."""

    files: tuple[FileVerdict, ...]
    unread: tuple[Unread, ...]


def verify(
    file: Path | bytes,
    roots: Roots | None = None,
    crls: Crls = NO_CRLS,
    catalogs: Catalogs = NO_CATALOGS,
    at: datetime | None = None,
    *,
    name: str | None = None,
) -> FileVerdict:
    """What the signatures of a file are worth.

    ``file`` is its path or its bytes, then called ``name``. Trust begins at ``roots``, by default those of Microsoft's
    programme; ``crls`` are all that is known of revocations, ``catalogs`` those that may hold the file's digest. ``at``
    is the moment to judge for (by default now), which counts only where no time stamp proves an earlier one. Nothing
    is fetched, and nothing of the file is run.

    Raises :class:`InputError` for a file that cannot be read. Whatever is in it is a verdict.
    """
    given = Given(roots or microsoft_roots(), crls, at or datetime.now(UTC))
    shown = name or (str(file) if isinstance(file, Path) else "-")
    with _opened(file) as data:
        form = choose(data, Path(shown).name)
        try:
            signed = Signed() if form is None else form.take_apart(data)
        except MalformedError as error:
            signed = Signed(fault=str(error))
        subject = Subject(signed.matches, signed.made)
        embedded = tuple(islice(_embedded(signed, subject, given), MOST + 1))
        if len(embedded) > MOST:
            signed = replace(signed, flags=(*signed.flags, "more-signatures"))
        listed = islice(_listed(data, signed, catalogs, given), MOST)
        return _verdict(shown, data, form, signed, (*embedded[:MOST], *listed))


def verify_files(
    files: Sequence[Path], roots: Roots, crls: Crls, catalogs: Iterable[Path], at: datetime | None
) -> Verified:
    """Verify every file, in order, as of one and the same moment.

    ``catalogs`` are files, and folders in which all that is called ``.cat`` counts; to them come those among the files
    and those that lie in the same folders. Raises :class:`InputError` for a catalog that was named and is none.
    """
    when = at or datetime.now(UTC)
    beside = sorted({each for folder in {file.parent for file in files} for each in _catalogs_in(folder)})
    known = load_catalogs(catalogs, maybe=beside)
    found: list[FileVerdict] = []
    unread: list[Unread] = []
    for file in files:
        try:
            found.append(verify(file, roots, crls, known, when))
        except InputError as error:
            unread.append(Unread(str(file), str(error)))
    return Verified(tuple(found), tuple(unread))


def _catalogs_in(folder: Path) -> list[Path]:
    if not os.access(folder, os.R_OK):  # a file may be read in a folder that cannot be listed
        return []
    return [each for each in folder.iterdir() if each.suffix.lower() == ".cat" and each.is_file()]


def _embedded(signed: Signed, subject: Subject, given: Given) -> Iterator[Signature]:
    for number, entry in enumerate(signed.entries, 1):
        if entry.fault:
            yield Signature(str(number), Verdict.MALFORMED, entry.fault)
        else:
            yield from judge(entry.content, str(number), subject, given)


def _listed(data: Buffer, signed: Signed, catalogs: Catalogs, given: Given) -> Iterator[Signature]:
    """Signatures of the catalogs that hold the file's digest, as of a program or of any file."""
    if not catalogs.by_digest:
        return
    found: dict[Catalog, None] = {}
    for algorithm in _CATALOG_DIGESTS:
        digests = [digest_of(data, algorithm, [(0, len(data))])]
        if signed.digest is not None:
            digests.append(signed.digest(algorithm))
        for digest in digests:
            found |= dict.fromkeys(catalogs.by_digest.get(digest, ()))
    for each in found:
        yield from _of_catalog(each, given, signed.made)


@lru_cache(1024)
def _of_catalog(catalog: Catalog, given: Given, made: datetime | None) -> tuple[Signature, ...]:
    judged = judge(catalog.blob, "catalog", Subject(None, made), given)
    return tuple(replace(each, catalog=catalog.file) for each in judged)


def _verdict(
    file: str, data: Buffer, form: Format | None, signed: Signed, signatures: tuple[Signature, ...]
) -> FileVerdict:
    verdict = together(signatures)
    flags = list(dict.fromkeys([*signed.flags, *(flag for each in signatures for flag in each.flags)]))
    reason = next((each.reason for each in signatures if each.verdict is verdict), "")
    if signed.fault and verdict is Verdict.UNSIGNED:
        verdict, reason = Verdict.MALFORMED, signed.fault
    if form is None:
        flags.append("kind-not-verified")
    if len({each.verdict for each in signatures}) > 1:
        flags.append("signatures-disagree")
    return FileVerdict(
        file, _OTHER if form is None else form.name, len(data), verdict, reason, tuple(flags), signatures
    )


@contextmanager
def _opened(file: Path | bytes) -> Iterator[Buffer]:
    """The file's bytes, those of a large one mapped; only what fails in opening it is an :class:`InputError`."""
    data = file if isinstance(file, bytes) else _buffer(file)
    try:
        yield data
    finally:
        if isinstance(data, mmap.mmap):
            data.close()


def _buffer(path: Path) -> Buffer:
    try:
        with path.open("rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            if size <= _SMALL:
                return stream.read(size)
            return mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be read: {getattr(error, 'strerror', None) or error}") from error
