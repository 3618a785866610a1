"""One signature: does it hold, who made it, when, and is that person to be believed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from lodger.trust import crls as lists
from lodger.trust import spc, stamps
from lodger.trust.certificates import Certificate
from lodger.trust.chains import Standing, standing
from lodger.trust.cms import AlteredError, SignedData, Signer, signed_data, signing_certificate
from lodger.trust.crls import Crls
from lodger.trust.ctl import TRUST_LIST
from lodger.trust.der import MalformedError
from lodger.trust.findings import Revocation, Signature, Stamp, Status, Verdict, Word
from lodger.trust.identities import identity, serial_text
from lodger.trust.keys import WEAK, key_bits
from lodger.trust.names import CODE_SIGNING, LIFETIME_SIGNING
from lodger.trust.roots import Roots
from lodger.trust.spc import IndirectData

#: Signatures of one file that are looked at, nested ones included, and how deep they may be nested.
MOST: Final = 16
_DEEPEST: Final = 4
_SHORT_KEY: Final = 2048
_SLACK: Final = timedelta(days=1)
_LONG: Final = timedelta(days=365)
_KNOWN_OTHERS: Final = frozenset({stamps.RFC3161, stamps.LEGACY, spc.NESTED})


@dataclass(frozen=True)
class Given:
    """What signatures are judged by: whom to trust, what is known of revocations, and for which moment."""

    roots: Roots
    crls: Crls
    at: datetime


@dataclass(frozen=True)
class Subject:
    """What a signature must be of: ``matches`` raises where the file is not what was signed; when it was compiled."""

    matches: Callable[[IndirectData], None] | None
    made: datetime | None = None


@dataclass(frozen=True)
class _Facts:
    """What a signature's own bytes tell, before anybody's trust is asked."""

    data: SignedData
    signer: Signer
    certificate: Certificate
    stamp: Stamp | None
    flags: list[str] = field(default_factory=list)


def judge(blob: bytes, place: str, subject: Subject, given: Given, depth: int = 0) -> Iterator[Signature]:
    """A signature, and those nested in it."""
    try:
        data = _of_one(signed_data(blob))
    except MalformedError as error:
        yield Signature(place, Verdict.MALFORMED, str(error))
        return
    yield _one(data, place, subject, given)
    if depth < _DEEPEST:
        for number, each in enumerate(spc.nested(data.signers[0])[:MOST], 1):
            yield from judge(each, f"{place}.{number}", subject, given, depth + 1)


def _of_one(data: SignedData) -> SignedData:
    if len(data.signers) != 1:
        raise MalformedError(f"{len(data.signers)} signers where one must be")
    return data


def _one(data: SignedData, place: str, subject: Subject, given: Given) -> Signature:
    signer = data.signers[0]
    told = Signature(
        place,
        Verdict.MALFORMED,
        "",
        digest_algorithm=signer.digest,
        fingerprint=hashlib.sha256(signer.signature).hexdigest(),
        flags=tuple(_own_flags(data, signer)),
    )
    try:
        certificate = signing_certificate(signer, data.certificates, data.kind, data.content.content)
        told = replace(told, signer=identity(certificate), publisher=spc.publisher(signer))
        _is_of(data, signer, subject)
        stamp = stamps.best_stamp(signer, data.certificates, given.roots, given.crls)
    except AlteredError as error:
        return replace(told, verdict=Verdict.ALTERED, reason=str(error))
    except MalformedError as error:
        return replace(told, reason=str(error))
    return _trust(told, _Facts(data, signer, certificate, stamp), subject, given)


def _is_of(data: SignedData, signer: Signer, subject: Subject) -> None:
    """Raise where the signature is of something else than the subject."""
    if subject.matches is None:
        if data.kind != TRUST_LIST:
            raise MalformedError("a catalog whose signature is of no list")
        return
    if data.kind != spc.INDIRECT:
        raise MalformedError("a signature of no program's digest")
    signed = spc.indirect_data(data.content)
    if signed.algorithm != signer.digest:
        raise MalformedError(f"a signature with {signer.digest} of a digest with {signed.algorithm}")
    subject.matches(signed)


def _trust(told: Signature, facts: _Facts, subject: Subject, given: Given) -> Signature:
    """The verdict on a signature that holds."""
    certificate, stamp = facts.certificate, facts.stamp
    believed = stamp if stamp is not None and stamp.trusted else None
    lifetime = certificate.usages is not None and LIFETIME_SIGNING in certificate.usages
    when = given.at if believed is None or lifetime else believed.time
    found = standing(certificate, facts.data.certificates, given.roots, CODE_SIGNING, when)
    status, revocations = _revoked(found, believed, given.crls)
    verdict, reason = _verdict(found, status, revocations)
    return replace(
        told,
        verdict=verdict,
        reason=reason,
        chain=tuple(identity(each) for each in found.path[1:]),
        stamp=stamp,
        status=status,
        revocations=revocations,
        flags=(*told.flags, *_flags(facts, believed, status, subject.made, lifetime=lifetime)),
    )


def _revoked(found: Standing, stamp: Stamp | None, crls: Crls) -> tuple[Status, tuple[Revocation, ...]]:
    """The rule: with a believed RFC 3161 time, a signature stands that was made before any certificate of its chain
    was revoked, and before its key may have been misused; without one, any revocation kills it.

    The date in a list is when the authority acted, days or months after a theft; the invalidity date is its word on
    when the theft was. An old countersignature can be made with any time by whoever holds an old stamping key, a
    token not: its authority signs the time itself, with a serial number that it must account for.
    """
    if not found.trusted:
        return Status.UNKNOWN, ()
    revocations, dead, covered = [], False, len(found.path) > 1
    proven = stamp.time if stamp is not None and stamp.word is Word.RFC3161 else None
    for certificate, issuer in zip(found.path, found.path[1:], strict=False):
        known, entry = lists.listed(crls, certificate, issuer)
        covered = covered and known
        if entry is not None:
            told = Revocation(
                str(certificate), serial_text(certificate.serial), entry.date, entry.invalidity, entry.reason
            )
            revocations.append(told)
            dead = dead or proven is None or proven >= entry.since
    if not revocations:
        return (Status.GOOD if covered else Status.UNKNOWN), ()
    if proven is None:
        return Status.ANY_TIME, tuple(revocations)
    return (Status.BEFORE if dead else Status.AFTER), tuple(revocations)


def _verdict(found: Standing, status: Status, revocations: tuple[Revocation, ...]) -> tuple[Verdict, str]:
    if not found.trusted:
        return Verdict.UNTRUSTED, found.reason
    if status in (Status.BEFORE, Status.ANY_TIME):
        first = revocations[0]
        since = min(first.date, first.invalidity or first.date)
        return Verdict.REVOKED, f"{first.subject}: {status.value} ({first.reason}, from {since:%Y-%m-%d %H:%M})"
    if not found.within:
        return Verdict.EXPIRED, found.reason
    return Verdict.VALID, ""


def _own_flags(data: SignedData, signer: Signer) -> Iterator[str]:
    if signer.digest in WEAK:
        yield "weak-digest"
    if data.unread:
        yield "unreadable-certificate"
    if any(number not in _KNOWN_OTHERS for number in signer.others):
        yield "unknown-attribute"


def _flags(
    facts: _Facts, stamp: Stamp | None, status: Status, made: datetime | None, *, lifetime: bool
) -> Iterator[str]:
    certificate = facts.certificate
    if (key_bits(certificate.spki) or _SHORT_KEY) < _SHORT_KEY:
        yield "weak-key"
    if certificate.usages is None:
        yield "any-usage"
    if certificate.names_itself:
        yield "self-signed"
    if lifetime:
        yield "lifetime-signing"
    if status is Status.AFTER:
        yield "revoked-after-signing"
    yield from _time_flags(facts.stamp, stamp, made)


def _time_flags(stamp: Stamp | None, believed: Stamp | None, made: datetime | None) -> Iterator[str]:
    if stamp is None:
        yield "no-timestamp"
    elif believed is None:
        yield "untrusted-timestamp"
    elif believed.word is Word.LEGACY:
        yield "legacy-timestamp"
    if made is not None and believed is not None:
        if made - believed.time > _SLACK:
            yield "compiled-after-signing"
        elif believed.time - made > _LONG:
            yield "compiled-long-before-signing"
