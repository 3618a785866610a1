"""Whose word a signing time is: RFC 3161 tokens, and the older countersignatures of PKCS #9."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lodger.trust import crls as lists
from lodger.trust.certificates import Certificate
from lodger.trust.chains import standing
from lodger.trust.cms import (
    SIGNING_TIME,
    AlteredError,
    Signer,
    signed_data,
    signer_info,
    signing_certificate,
    single,
)
from lodger.trust.crls import Crls
from lodger.trust.der import GENERAL_TIME, SEQUENCE, Der, MalformedError, read
from lodger.trust.findings import Stamp, Word
from lodger.trust.identities import identity
from lodger.trust.keys import digest_name
from lodger.trust.names import TIME_STAMPING
from lodger.trust.roots import Roots

RFC3161: Final = "1.3.6.1.4.1.311.3.3.1"
LEGACY: Final = "1.2.840.113549.1.9.6"
_STAMPED: Final = "1.2.840.113549.1.9.16.1.4"
_SIGNING_CERTIFICATE: Final = {"1.2.840.113549.1.9.16.2.12": "sha1", "1.2.840.113549.1.9.16.2.47": "sha256"}
#: More time stamps than this, no signature has.
_MOST: Final = 4
#: A time stamp authority's certificate revoked for one of these leaves earlier stamps standing (RFC 3161, 4).
_MILD: Final = frozenset({"affiliationChanged", "superseded", "cessationOfOperation"})


@dataclass(frozen=True)
class _Claim:
    """A time stamp whose signature holds; whether its authority is believed is not asked yet."""

    word: Word
    time: datetime
    authority: Certificate
    bag: frozenset[Certificate]


def best_stamp(signer: Signer, bag: frozenset[Certificate], roots: Roots, crls: Crls) -> Stamp | None:
    """The time stamp to go by: a believed one before others, a token before a countersignature, then the earliest.

    None without any. The earliest counts, because each believed one proves that the signature was there by then.

    Raises :class:`~lodger.trust.cms.AlteredError` or :class:`MalformedError` for a stamp that is not of this
    signature, or broken: Windows refuses such a file too.
    """
    claims = [*_tokens(signer, bag), *_countersignatures(signer, bag)]
    stamps = [_believed(each, roots, crls) for each in claims]
    return min(stamps, key=lambda each: (not each.trusted, each.word is Word.LEGACY, each.time), default=None)


def _tokens(signer: Signer, bag: frozenset[Certificate]) -> Iterator[_Claim]:
    for value in signer.others.get(RFC3161, ())[:_MOST]:
        token = signed_data(value.raw)
        if token.kind != _STAMPED or len(token.signers) != 1:
            raise MalformedError("a time stamp that is no token")
        content = token.content.octets()
        known = token.certificates | bag
        authority = signing_certificate(token.signers[0], known, _STAMPED, content)
        _names(token.signers[0], authority)
        yield _Claim(Word.RFC3161, _stamped(read(content), signer.signature), authority, known)


def _stamped(info: Der, signature: bytes) -> datetime:
    """The time of a TSTInfo, which must be of this signature."""
    fields = info.parts(SEQUENCE, 5)
    how, imprint = fields[2].parts(SEQUENCE, 2)[:2]
    if imprint.octets() != hashlib.new(digest_name(how), signature, usedforsecurity=False).digest():
        raise AlteredError("the time stamp is of another signature")
    return next((each.moment() for each in fields[3:] if each.tag == GENERAL_TIME), None) or _no_time()


def _no_time() -> datetime:
    raise MalformedError("a time stamp without a time")


def _names(signer: Signer, authority: Certificate) -> None:
    """A token names its authority's certificate by a hash (RFC 5035), so that no other one can stand in for it."""
    for number, usual in _SIGNING_CERTIFICATE.items():
        value = single(signer.attributes, number)
        if value is None:
            continue
        first = next(iter(value.parts(SEQUENCE, 1)[0].of(SEQUENCE))).parts(SEQUENCE, 1)
        digest = digest_name(first.pop(0)) if first[0].tag == SEQUENCE else usual
        if first[0].octets() != hashlib.new(digest, authority.der, usedforsecurity=False).digest():
            raise AlteredError("the time stamp names another certificate than the one that signed it")


def _countersignatures(signer: Signer, bag: frozenset[Certificate]) -> Iterator[_Claim]:
    for value in signer.others.get(LEGACY, ())[:_MOST]:
        stamp = signer_info(value)
        authority = signing_certificate(stamp, bag, None, signer.signature)
        time = single(stamp.attributes, SIGNING_TIME)
        yield _Claim(Word.LEGACY, time.moment() if time is not None else _no_time(), authority, bag)


def _believed(claim: _Claim, roots: Roots, crls: Crls) -> Stamp:
    found = standing(claim.authority, claim.bag, roots, TIME_STAMPING, claim.time)
    reason = "" if found.trusted and found.within else found.reason
    for certificate, issuer in zip(found.path, found.path[1:], strict=False) if not reason else ():
        _, entry = lists.listed(crls, certificate, issuer)
        if entry is not None and (entry.reason not in _MILD or claim.time >= entry.since):
            reason = f"{certificate}: revoked {entry.date:%Y-%m-%d} ({entry.reason})"
            break
    return Stamp(claim.word, claim.time, not reason, reason, identity(claim.authority))
