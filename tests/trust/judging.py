"""How the tests of trust ask for a verdict: by their own root, as of 2026, when the signers are long expired."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path

from tests.trust import makers

from lodger.trust import NO_CATALOGS, Catalogs, Crls, FileVerdict, Roots, verify
from lodger.trust.catalogs import catalog_members
from lodger.trust.certificates import certificate
from lodger.trust.crls import revocation_list
from lodger.trust.roots import roots_of

NOW = makers.day(2026)
IN_TIME = makers.day(2015, 6)
#: A time stamp from within the signer's validity.
STAMP = makers.token(IN_TIME)


@cache
def roots(*others: makers.Holder) -> Roots:
    return roots_of(certificate(each.der) for each in (others or (makers.root(),)))


def crls(*lists: bytes) -> Crls:
    found = [revocation_list(each) for each in lists]
    return Crls(
        {issuer: tuple(each for each in found if each.issuer == issuer) for issuer in {o.issuer for o in found}}
    )


def catalogs(*blobs: bytes) -> Catalogs:
    found = [each for number, blob in enumerate(blobs) for each in catalog_members(f"{number}.cat", blob)]
    return Catalogs({digest: tuple(one for of, one in found if of == digest) for digest, _ in found})


def look(
    content: bytes | Path,
    name: str = "x.exe",
    *,
    at: datetime = NOW,
    trusted: Roots | None = None,
    lists: Crls | None = None,
    known: Catalogs = NO_CATALOGS,
) -> FileVerdict:
    return verify(content, trusted or roots(), lists or Crls(), known, at, name=name)


def brief(file: FileVerdict) -> tuple[str, list[tuple[str, str]]]:
    """The file's verdict, and that of each signature by its place."""
    return file.verdict.value, [(each.place, each.verdict.value) for each in file.signatures]
