"""X.509 certificates (RFC 5280): what the trust in a signature needs of them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Final

from lodger.trust import keys
from lodger.trust.der import SEQUENCE, Der, MalformedError, read
from lodger.trust.names import name_text

BASIC: Final = "2.5.29.19"
_KEY_USAGE: Final = "2.5.29.15"
_EXTENDED: Final = "2.5.29.37"
CONSTRAINTS: Final = "2.5.29.30"
ALTERNATIVE_NAMES: Final = "2.5.29.17"
#: Critical extensions that a chain may have: those that are heeded, and policies, which no rule here asks for.
_KNOWN: Final = frozenset(
    {BASIC, _KEY_USAGE, _EXTENDED, CONSTRAINTS, ALTERNATIVE_NAMES, "2.5.29.32", "2.5.29.33", "2.5.29.36", "2.5.29.31"}
    | {"2.5.29.14", "2.5.29.35", "2.5.29.1", "2.5.29.10", "2.5.29.54"}
)
_PEM: Final = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]*)-----END \1-----")

_LARGEST: Final = 32 * 1024

DIGITAL_SIGNATURE: Final = 0x80
NON_REPUDIATION: Final = 0x40
SIGNS_CERTIFICATES: Final = 0x04
SIGNS_LISTS: Final = 0x02


@dataclass(frozen=True, eq=False)
class Certificate:
    """One certificate. Two are equal when all their bytes are.

    ``issuer`` and ``subject`` are the names' own bytes, by which Windows compares them too. ``key_usage`` has the bits
    of RFC 5280's first octet, ``usages`` the numbers of the extended ones; both are None where it says nothing of them.
    ``strange`` are critical extensions that nobody here knows.
    """

    der: bytes
    tbs: bytes
    serial: int
    issuer: bytes
    subject: bytes
    not_before: datetime
    not_after: datetime
    spki: bytes
    algorithm: keys.Algorithm
    signature: bytes
    authority: bool
    path_length: int | None
    key_usage: int | None
    usages: frozenset[str] | None
    extensions: dict[str, bytes]
    strange: tuple[str, ...]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Certificate) and self.der == other.der

    def __hash__(self) -> int:
        return hash(self.der)

    @cached_property
    def sha1(self) -> str:
        """The thumbprint, as Windows shows it."""
        return hashlib.sha1(self.der, usedforsecurity=False).hexdigest()

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the whole certificate."""
        return hashlib.sha256(self.der).hexdigest()

    @property
    def names_itself(self) -> bool:
        """Whether it names itself as its issuer."""
        return self.issuer == self.subject

    def __str__(self) -> str:
        return name_text(self.subject) or f"serial {self.serial:x}"


@lru_cache(4096)
def certificate(der: bytes) -> Certificate:
    """Read one certificate; raises :class:`MalformedError`."""
    if len(der) > _LARGEST:
        raise MalformedError("a certificate larger than any")
    tbs, how, signature = read(der).parts(SEQUENCE, 3)[:3]
    fields = tbs.parts(SEQUENCE, 6)
    if fields[0].tag == 0xA0:
        fields = fields[1:]
    if len(fields) < 6:
        raise MalformedError("a certificate without all its fields")
    serial, inner, issuer, validity, subject, spki, *more = fields
    if inner.raw != how.raw:
        raise MalformedError("a certificate whose signature's algorithm stands in it differently twice")
    since, until = validity.parts(SEQUENCE, 2)[:2]
    found = _extensions(more)
    known = {number: value for number, (_, value) in found.items()}
    name_text(issuer.raw), name_text(subject.raw)  # what is no name is told here, not where it is shown
    authority, length = _basic(known.get(BASIC))
    return Certificate(
        der=der,
        tbs=tbs.raw,
        serial=serial.integer(),
        issuer=issuer.raw,
        subject=subject.raw,
        not_before=since.moment(),
        not_after=until.moment(),
        spki=spki.raw,
        algorithm=keys.algorithm(how),
        signature=signature.bits(),
        authority=authority,
        path_length=length,
        key_usage=_bits(known.get(_KEY_USAGE)),
        usages=_usages(known.get(_EXTENDED)),
        extensions=known,
        strange=tuple(number for number, (critical, _) in found.items() if critical and number not in _KNOWN),
    )


def pem_or_der(content: bytes, kind: bytes) -> Iterator[bytes]:
    """The objects of a file: all of this kind (``CERTIFICATE``) where it is PEM, else the file itself."""
    if b"-----BEGIN" not in content:
        yield content
        return
    for found in _PEM.finditer(content):
        if found[1] == kind:
            try:
                yield base64.b64decode(found[2])
            except binascii.Error as error:
                raise MalformedError("base64 that is none") from error


def _extensions(fields: list[Der]) -> dict[str, tuple[bool, bytes]]:
    found: dict[str, tuple[bool, bytes]] = {}
    for field in fields:
        for each in field.inner().of(SEQUENCE) if field.tag == 0xA3 else ():
            number, *critical, value = each.parts(SEQUENCE, 2)
            if number.oid() in found:
                raise MalformedError("a certificate with one extension twice")
            found[number.oid()] = (any(flag.content != b"\0" for flag in critical), value.octets())
    return found


def _basic(value: bytes | None) -> tuple[bool, int | None]:
    authority, length = False, None
    for field in read(value).of(SEQUENCE) if value is not None else ():
        if field.tag == 0x01:
            authority = field.content != b"\0"
        else:
            length = field.integer()
    return authority, length


def _bits(value: bytes | None) -> int | None:
    if value is None:
        return None
    return (read(value).bits(most_unused=7) or b"\0")[0]


def _usages(value: bytes | None) -> frozenset[str] | None:
    return None if value is None else frozenset(each.oid() for each in read(value).of(SEQUENCE))
