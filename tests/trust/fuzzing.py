"""What the fuzzing of trust starts from, and what must hold for any bytes; formats are found by discovery."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tests.trust import files, makers
from tests.trust.judging import NOW, STAMP, roots

from lodger.trust import Verdict, verify
from lodger.trust.catalogs import catalog_members
from lodger.trust.certificates import certificate
from lodger.trust.cms import signed_data
from lodger.trust.crls import Crls, RevocationList, entry, listed, revocation_list
from lodger.trust.der import MalformedError
from lodger.trust.form import Format

#: A name by which each format is also known; the others are known by their content alone.
_NAMES = {"cat": "x.cat", "powershell": "x.ps1"}


def samples(form: Format) -> tuple[bytes, ...]:
    """Signed files of this format."""
    plain = files.program(0x800)
    inner = makers.authenticode(lambda algorithm: files.digest(plain, algorithm), stamps=[STAMP])
    every = {
        "pe": (
            files.signed(plain, stamps=[STAMP]),
            files.signed(plain, about=makers.paged("sha256", files.pages(plain, "sha256")), stamps=[STAMP]),
            files.signed(plain, by=makers.signer(2048), stamps=[makers.nested(inner)]),
            files.attach(plain, files.entry(inner), files.entry(inner)),
        ),
        "msi": (files.package({"Table": b"rows"}, stamps=[STAMP]), files.package(extended=True, stamps=[STAMP])),
        "cat": (files.catalog([("sha256", bytes(32))], stamps=[STAMP]),),
        "powershell": (files.script("Get-Date", stamps=[STAMP]), files.script("Get-Host", "utf-16", stamps=[STAMP])),
    }
    return every[form.name]


def check(form: Format, content: bytes) -> None:
    """Any bytes have a verdict, with a reason unless they are valid or unsigned."""
    told = verify(content, roots(), at=NOW, name=_NAMES.get(form.name, "x"))
    assert told.verdict in Verdict
    assert told.reason or told.verdict in {Verdict.VALID, Verdict.UNSIGNED}, told
    assert "\n" not in told.reason
    assert told.size == len(content)
    for each in told.signatures:
        assert each.signer is not None or each.verdict in {Verdict.MALFORMED, Verdict.ALTERED}, each


def lists() -> Iterator[bytes]:
    """Certificates, revocation lists, catalogs and signatures by themselves."""
    yield makers.signer().der
    yield makers.stamper().der
    yield makers.revocations(makers.middle(), (makers.signer(), makers.day(2015), makers.day(2014)))
    yield files.catalog([("sha256", bytes(32)), ("sha1", bytes(20))])
    yield makers.authenticode(lambda _: bytes(32), stamps=[STAMP])


def check_lists(content: bytes, folder: Path) -> None:
    """Any bytes are such a thing, or malformed."""
    who, authority = certificate(makers.signer().der), certificate(makers.middle().der)
    odd = replace(who, serial=-5)
    for parse in (certificate, revocation_list, signed_data, lambda each: list(catalog_members("x", each))):
        try:
            found = parse(content)
        except MalformedError:
            continue
        if isinstance(found, RevocationList):
            for each in (who, odd):
                entry(found, each.serial)
                listed(Crls({found.issuer: (found,)}), each, authority)
