"""Certificate revocation lists (RFC 5280, 5), in DER or PEM: one statement for each entry.

A list is taken on the word of whoever imports it; its own signature is what ``lodger trust verify --crl`` checks.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from cryptography import x509

from lodger.errors import InputError
from lodger.ledger.normal import issuer_name
from lodger.model.trust import Kind, Statement
from lodger.trust.certificates import pem_or_der
from lodger.trust.der import MalformedError


class Revocation(NamedTuple):
    """An entry and the name of who made its list."""

    entry: x509.RevokedCertificate
    issuer: str | None


def revocations(path: Path, content: bytes) -> Iterator[Revocation]:
    """The entries of all lists in a file. Raises :class:`InputError` where it holds none."""
    try:
        lists = [x509.load_der_x509_crl(der) for der in pem_or_der(content, b"X509 CRL")]
        issuers = [issuer_name(each.issuer.rfc4514_string()) for each in lists]
    except (MalformedError, ValueError, x509.DuplicateExtension) as error:
        raise InputError(
            f"{path}: no revocation list, no list of certificates and no list of drivers",
            advice="docs/trust-ledger.md tells what is read",
        ) from error
    if not lists:
        raise InputError(f"{path}: PEM without a revocation list")
    return (Revocation(entry, issuer) for each, issuer in zip(lists, issuers, strict=True) for entry in each)


def statements(of: Revocation, known_from: datetime) -> Iterator[Statement]:
    """What one entry says: revoked from its date on, or from the earlier day since when the key was not safe. One that
    takes a certificate off the list says nothing. Raises :class:`InputError`.
    """
    since, reason = of.entry.revocation_date_utc.replace(tzinfo=None), "unspecified"
    try:
        for each in of.entry.extensions:
            if isinstance(each.value, x509.InvalidityDate):
                since = min(since, each.value.invalidity_date_utc.replace(tzinfo=None))
            elif isinstance(each.value, x509.CRLReason):
                reason = each.value.reason.value
    except (ValueError, x509.DuplicateExtension) as error:
        raise InputError(f"an entry whose extensions cannot be read: {error}") from error
    if reason == "removeFromCRL":
        return
    yield Statement(
        kind=Kind.REVOKED,
        source=f"revocation list of {of.issuer or 'an unnamed issuer'}",
        known_from=known_from,
        valid_from=since,
        detail=reason,
        serial=f"{of.entry.serial_number:x}",
        issuer=of.issuer,
    )
