"""Files with certificates, revocation lists and catalogs, that a person names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from lodger.errors import InputError

#: A larger file is none of these: the largest revocation lists of public authorities take some 50 MB.
MOST: Final = 256 * 1024**2


def files_under(path: Path) -> Iterator[Path]:
    """The file itself, or all files of a folder and those in it, by name. Raises :class:`InputError`."""
    if path.is_dir():
        yield from sorted(each for each in path.rglob("*") if each.is_file())
    elif path.exists():
        yield path
    else:
        raise InputError(f"{path}: no such file or folder")


def content_of(path: Path) -> bytes:
    """The file's content. Raises :class:`InputError` for what cannot be read or is too large to be one of these."""
    try:
        if path.stat().st_size > MOST:
            raise InputError(f"{path}: larger than any list of certificates")
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error
