"""Certificate revocation lists (RFC 5280, 5): who was revoked, when, and since when the key was not to be trusted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

from cryptography import x509

from lodger.errors import InputError
from lodger.trust import keys
from lodger.trust.certificates import SIGNS_LISTS, Certificate, pem_or_der
from lodger.trust.der import INTEGER, SEQUENCE, MalformedError, read
from lodger.trust.inputs import content_of, files_under

_BROKEN: Final = (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType)


@dataclass(frozen=True)
class Listed:
    """An entry of a list: when it was made, since when the key may have been misused, and why (RFC 5280, 5.3.1)."""

    date: datetime
    invalidity: datetime | None
    reason: str

    @property
    def since(self) -> datetime:
        """From when on nothing that the key signed counts."""
        return self.date if self.invalidity is None else min(self.date, self.invalidity)


@dataclass(frozen=True, eq=False)
class RevocationList:
    """One list; ``entries`` is the library's own form of it, in which a serial number is found quickly."""

    issuer: bytes
    updated: datetime
    tbs: bytes
    algorithm: keys.Algorithm
    signature: bytes
    entries: x509.CertificateRevocationList


@dataclass(frozen=True, eq=False)
class Crls:
    """Revocation lists by the bytes of their issuer's name. Whether an issuer made them is asked when one is used."""

    by_issuer: Mapping[bytes, tuple[RevocationList, ...]] = field(default_factory=dict)


#: No lists at all: nothing is known of any revocation.
NO_CRLS: Final = Crls()


def load_crls(paths: Iterable[Path]) -> Crls:
    """Lists from files (DER or PEM) and from folders of such, as a cache of them is.

    Raises :class:`InputError` for a file that was named and holds none; in folders, other files are passed over.
    """
    found: dict[bytes, tuple[RevocationList, ...]] = {}
    for path in paths:
        for file in files_under(path):
            try:
                lists = [revocation_list(der) for der in pem_or_der(content_of(file), b"X509 CRL")]
            except MalformedError as error:
                if file == path:
                    raise InputError(f"{path}: holds no revocation list: {error}") from error
                continue
            if file == path and not lists:
                raise InputError(f"{path}: holds no revocation list")
            for each in lists:
                found[each.issuer] = (*found.get(each.issuer, ()), each)
    return Crls(found)


def revocation_list(der: bytes) -> RevocationList:
    """Read one list; raises :class:`MalformedError`."""
    tbs, how, signature = read(der).parts(SEQUENCE, 3)[:3]
    fields = iter(tbs.of(SEQUENCE))
    first = next(fields, None)
    issuer = (
        next(fields, None) if first is None or first.tag == SEQUENCE else (next(fields, None), next(fields, None))[1]
    )
    if issuer is None:
        raise MalformedError("a revocation list without an issuer")
    try:
        entries = x509.load_der_x509_crl(der)
        updated = entries.last_update_utc
        indirect = _indirect(entries)
    except _BROKEN as error:
        raise MalformedError(f"a revocation list that breaks the rules: {error}") from error
    if indirect:
        raise MalformedError("a revocation list for other issuers' certificates, which is not read")
    return RevocationList(issuer.of(SEQUENCE).raw, updated, tbs.raw, keys.algorithm(how), signature.bits(), entries)


def _indirect(entries: x509.CertificateRevocationList) -> bool:
    points = [each.value for each in entries.extensions if isinstance(each.value, x509.IssuingDistributionPoint)]
    return any(each.indirect_crl or each.only_contains_attribute_certs for each in points)


@lru_cache(4096)
def listed(crls: Crls, certificate: Certificate, issuer: Certificate) -> tuple[bool, Listed | None]:
    """Whether a list of this issuer is there, and the certificate's entry: of several the one that reaches back most.

    An entry stays true when a newer list has it no more, because expired certificates drop out of lists; only one
    on hold (or taken off a list expressly) is free again.
    """
    made = [each for each in crls.by_issuer.get(certificate.issuer, ()) if _made_by(each, issuer)]
    if not made:
        return False, None
    lists = sorted(made, key=lambda each: each.updated)
    newest = lists[-1]
    found: list[Listed] = []
    for each in lists:
        row = entry(each, certificate.serial)
        if row is not None and (row.reason != "certificateHold" or each is newest):
            found.append(row)
    if not found or found[-1].reason == "removeFromCRL":
        return True, None
    return True, min(found, key=lambda each: each.since)


@lru_cache(1024)
def _made_by(each: RevocationList, issuer: Certificate) -> bool:
    if issuer.key_usage is not None and not issuer.key_usage & SIGNS_LISTS:
        return False
    return issuer.subject == each.issuer and keys.stands(issuer.spki, each.algorithm, each.signature, each.tbs)


def entry(of: RevocationList, serial: int) -> Listed | None:
    """A list's entry for a serial number; whether its issuer made the list is not asked."""
    if serial < 0:
        return _walked(of, serial)
    row = of.entries.get_revoked_certificate_by_serial_number(serial)
    if row is None:
        return None
    invalidity, reason = None, "unspecified"
    try:
        for each in row.extensions:
            if isinstance(each.value, x509.InvalidityDate):
                invalidity = each.value.invalidity_date_utc
            elif isinstance(each.value, x509.CRLReason):
                reason = each.value.reason.value
    except _BROKEN:
        reason = "unreadable"
    return Listed(row.revocation_date_utc, invalidity, reason)


def _walked(of: RevocationList, serial: int) -> Listed | None:
    """An entry for a negative serial number, which some makers of certificates give and the library does not look for.

    Its extensions are not read: without an invalidity date and a reason, it counts from its date on.
    """
    for part in read(of.tbs):
        rows = iter(part) if part.tag == SEQUENCE else iter(())
        first = next(rows, None)
        if first is None or first.tag != SEQUENCE or next(iter(first), first).tag != INTEGER:
            continue
        for row in (first, *rows):
            number, when = row.parts(SEQUENCE, 2)[:2]
            if number.integer() == serial:
                return Listed(when.moment(), None, "unspecified")
    return None
