"""Catalogs as proof for other files: which digest is in which."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from lodger.errors import InputError
from lodger.trust import ctl, spc
from lodger.trust.cms import is_signed_data, signed_data
from lodger.trust.der import SEQUENCE, MalformedError, read
from lodger.trust.inputs import content_of, files_under

_LENGTHS: Final = (20, 32)


@dataclass(frozen=True, eq=False)
class Catalog:
    """A catalog's name and its own bytes."""

    file: str
    blob: bytes


@dataclass(frozen=True, eq=False)
class Catalogs:
    """Catalogs by the digests in them. What a catalog is worth is asked when a file is found in it."""

    by_digest: Mapping[bytes, tuple[Catalog, ...]] = field(default_factory=dict)


NO_CATALOGS: Final = Catalogs()


def load_catalogs(paths: Iterable[Path], maybe: Iterable[Path] = ()) -> Catalogs:
    """Catalogs from files, and from folders: there, all files called ``.cat``.

    Raises :class:`InputError` for a file that was named and is no catalog; in folders, and among the files that are
    ``maybe`` some, what is none or cannot be read is passed over (it is told where it is verified itself).
    """
    named = list(paths)
    every = [each for path in named for each in files_under(path) if each in named or each.suffix.lower() == ".cat"]
    found: dict[bytes, tuple[Catalog, ...]] = {}
    for file in dict.fromkeys([*every, *maybe]):
        try:
            for digest, catalog in catalog_members(str(file), content_of(file)):
                found[digest] = (*found.get(digest, ()), catalog)
        except (MalformedError, InputError) as error:
            if file in named:
                raise InputError(f"{file}: is no catalog: {error}") from error
    return Catalogs(found)


def catalog_members(file: str, blob: bytes) -> Iterator[tuple[bytes, Catalog]]:
    """The digests in a catalog; none of one that nobody signed. Raises :class:`MalformedError`."""
    if not is_signed_data(blob[:64]):
        raise MalformedError("no signed data")
    listed = signed_data(blob)
    if listed.kind != ctl.TRUST_LIST or ctl.CATALOG not in ctl.usages(listed.content):
        raise MalformedError("signed data that is no catalog")
    if not listed.signers:
        return
    catalog = Catalog(file, blob[: listed.stop])
    seen: set[bytes] = set()
    for member in ctl.members(read(listed.content.raw)):
        for digest in _digests(member):
            if digest not in seen:
                seen.add(digest)
                yield digest, catalog


def _digests(member: ctl.Member) -> Iterator[bytes]:
    """The digest that is stated, and an identifier that is one (as catalogs of the second kind have)."""
    values = member.attributes.get(spc.INDIRECT)
    if values is not None:
        info = values.inner().parts(SEQUENCE, 2)[1]
        yield info.parts(SEQUENCE, 2)[1].octets()
    if len(member.identifier) in _LENGTHS:
        yield member.identifier
