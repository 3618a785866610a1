"""Many files at once, and the catalogs that lie among and beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from lodger.errors import InputError
from lodger.trust.catalogs import load_catalogs
from lodger.trust.crls import Crls
from lodger.trust.findings import FileVerdict
from lodger.trust.roots import Roots
from lodger.trust.verify import verify


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
    return [each for each in folder.iterdir() if each.suffix.lower() == ".cat" and each.is_file()]
