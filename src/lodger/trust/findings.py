"""What verification says of a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """A signature, or a file, in one word."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    UNTRUSTED = "untrusted"
    ALTERED = "altered"
    MALFORMED = "malformed"
    UNSIGNED = "unsigned"


class Word(StrEnum):
    """Whose word a signing time is: a time stamp authority's token, an old countersignature, or nobody's."""

    RFC3161 = "rfc3161"
    LEGACY = "legacy"
    NONE = "none"


class Status(StrEnum):
    """What the revocation lists at hand say of a signature's certificates, and of when it was made."""

    UNKNOWN = "unknown"
    GOOD = "good"
    BEFORE = "revoked before signing"
    AFTER = "revoked after signing"
    ANY_TIME = "revoked, time of signing unproven"


@dataclass(frozen=True)
class Identity:
    """A certificate as people name it; hashes, thumbprint (SHA-1) and serial in lower-case hexadecimal.

    ``spki_sha256`` is the hash of the key, the same in every certificate for it. ``usages`` are the extended ones.
    """

    subject: str
    issuer: str
    serial: str
    thumbprint: str
    sha256: str
    spki_sha256: str
    not_before: datetime
    not_after: datetime
    usages: tuple[str, ...]


@dataclass(frozen=True)
class Stamp:
    """A time stamp: whose word it is, the time, whether it is believed, else why not; who gave it."""

    word: Word
    time: datetime
    trusted: bool
    reason: str
    authority: Identity | None


@dataclass(frozen=True)
class Revocation:
    """A certificate of the chain that its issuer's list names, and from when on."""

    subject: str
    serial: str
    date: datetime
    invalidity: datetime | None
    reason: str


@dataclass(frozen=True)
class Signature:
    """One signature. ``place`` is where it is: ``1`` and ``2`` in the file's table, ``1.1`` nested in the first,
    ``catalog`` outside of the file (then ``catalog`` names it).

    ``reason`` is one line for people and empty for a valid one. ``fingerprint`` is the SHA-256 of the signature's own
    bytes, which stays when a file is padded or stamped later. ``chain`` has the certificates above the signer, as far
    as they are known. ``publisher`` is the program's name as the signer wrote it.
    """

    place: str
    verdict: Verdict
    reason: str
    signer: Identity | None = None
    chain: tuple[Identity, ...] = ()
    digest_algorithm: str | None = None
    fingerprint: str | None = None
    stamp: Stamp | None = None
    status: Status = Status.UNKNOWN
    revocations: tuple[Revocation, ...] = ()
    publisher: str | None = None
    catalog: str | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class FileVerdict:
    """A file: its kind by content, the verdict of all signatures together, and what is odd about it or any of them."""

    file: str
    kind: str
    size: int
    verdict: Verdict
    reason: str
    flags: tuple[str, ...]
    signatures: tuple[Signature, ...]


def together(signatures: tuple[Signature, ...]) -> Verdict:
    """The file's verdict: valid if any signature is, else revoked if any is, else the first one's, as Windows asks it.

    One valid signature is enough because it covers all that the others cover: somebody trusted signed these bytes.
    """
    verdicts = [each.verdict for each in signatures]
    if not verdicts:
        return Verdict.UNSIGNED
    return next((each for each in (Verdict.VALID, Verdict.REVOKED) if each in verdicts), verdicts[0])
