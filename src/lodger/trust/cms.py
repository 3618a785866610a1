"""Signed data as signatures of programs have it (PKCS #7 1.5, RFC 5652): what is signed, by whom, does it hold."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from lodger.trust import keys
from lodger.trust.certificates import Certificate, certificate
from lodger.trust.der import OCTETS, SEQUENCE, SET, Der, MalformedError, read

SIGNED_DATA: Final = "1.2.840.113549.1.7.2"
CONTENT_TYPE: Final = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST: Final = "1.2.840.113549.1.9.4"
SIGNING_TIME: Final = "1.2.840.113549.1.9.5"

#: More certificates than this, no signature needs.
_CERTIFICATES: Final = 64


class AlteredError(MalformedError):
    """What is signed is not what stands here, or the key did not sign it."""


@dataclass(frozen=True)
class Signer:
    """One SignerInfo. ``attributes`` are what is signed with the content, ``others`` what anybody may add."""

    issuer: bytes | None
    serial: int | None
    key_identifier: bytes | None
    digest: str
    algorithm: keys.Algorithm
    signature: bytes
    signed: bytes
    attributes: Mapping[str, tuple[Der, ...]]
    others: Mapping[str, tuple[Der, ...]]


@dataclass(frozen=True)
class SignedData:
    """A SignedData: its content (type and value), certificates and signers, and behind which byte it ends.

    ``unread`` counts what stands among the certificates and is none that can be read.
    """

    kind: str
    content: Der
    certificates: frozenset[Certificate]
    unread: int
    signers: tuple[Signer, ...]
    stop: int


def signed_data(blob: bytes) -> SignedData:
    """Read a ContentInfo with SignedData; raises :class:`MalformedError`. Nothing is verified yet."""
    outer = read(blob)
    number, *rest = outer.parts(SEQUENCE, 2)
    if number.oid() != SIGNED_DATA:
        raise MalformedError("no signed data")
    return _signed_data(rest[0].of(0xA0).inner(), outer.stop)


def is_signed_data(head: bytes) -> bool:
    """Whether a file that begins so is signed data."""
    return head[:1] == b"\x30" and b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02" in head[:32]


def _signed_data(node: Der, stop: int) -> SignedData:
    _, _, contained, *rest = node.parts(SEQUENCE, 4)
    kind, *explicit = contained.parts(SEQUENCE, 1)
    if not explicit:
        raise MalformedError("a signature without what is signed")
    found, unread = _certificates([each for each in rest if each.tag == 0xA0])
    signers = tuple(signer_info(each) for field in rest if field.tag == SET for each in field)
    return SignedData(kind.oid(), explicit[0].of(0xA0).inner(), found, unread, signers, stop)


def _certificates(fields: list[Der]) -> tuple[frozenset[Certificate], int]:
    found: list[Certificate] = []
    unread = 0
    for each in (one for field in fields for one in field):
        if len(found) + unread >= _CERTIFICATES:
            raise MalformedError("more certificates than a signature can need")
        try:
            found.append(certificate(each.raw))
        except MalformedError:
            unread += 1
    return frozenset(found), unread


def signer_info(node: Der) -> Signer:
    """Read one SignerInfo, as a signature or a countersignature has it."""
    _, who, digest, *rest = node.parts(SEQUENCE, 5)
    issuer, serial, identifier = _who(who)
    signed, attributes = b"", {}
    if rest[0].tag == 0xA0:
        signed = b"\x31" + rest[0].raw[1:]  # what is signed is the SET, not the implicit tag (RFC 5652, 5.4)
        attributes = _attributes(rest.pop(0))
    if len(rest) < 2:
        raise MalformedError("a signer without a signature")
    others = _attributes(rest[2].of(0xA1)) if len(rest) > 2 else {}
    how = keys.algorithm(rest[0])
    return Signer(
        issuer, serial, identifier, keys.digest_name(digest), how, rest[1].octets(), signed, attributes, others
    )


def _who(node: Der) -> tuple[bytes | None, int | None, bytes | None]:
    if node.tag == 0x80:
        return None, None, node.content
    issuer, serial = node.parts(SEQUENCE, 2)[:2]
    return issuer.raw, serial.integer(), None


def _attributes(node: Der) -> dict[str, tuple[Der, ...]]:
    found: dict[str, tuple[Der, ...]] = {}
    for each in node:
        number, values = each.parts(SEQUENCE, 2)[:2]
        name = number.oid()
        found[name] = (*found.get(name, ()), *values.of(SET))
    return found


def single(attributes: Mapping[str, tuple[Der, ...]], number: str) -> Der | None:
    """An attribute's one value; None where it is absent. Raises :class:`MalformedError` where it has several."""
    values = attributes.get(number)
    if values is None:
        return None
    if len(values) != 1:
        raise MalformedError("an attribute with several values where one may be")
    return values[0]


def signing_certificate(
    signer: Signer, certificates: frozenset[Certificate], kind: str | None, content: bytes
) -> Certificate:
    """The certificate whose key signed ``content`` (of the content type ``kind``; None for countersignatures).

    Raises :class:`AlteredError` where the content or the signature does not match, and :class:`MalformedError` where
    something is missing that every signature has.
    """
    named = single(signer.attributes, CONTENT_TYPE)
    digest = single(signer.attributes, MESSAGE_DIGEST)
    if digest is None or (named is None and kind is not None):
        raise MalformedError("a signature that does not say what it signs")
    if named is not None and kind is not None and named.oid() != kind:
        raise AlteredError("the signature is of another kind of content")
    if digest.octets() != hashlib.new(signer.digest, content, usedforsecurity=False).digest():
        raise AlteredError("what is signed is not what stands in the signature")
    named_so = sorted(_named(signer, certificates), key=lambda each: each.der)
    if not named_so:
        raise MalformedError("the signer's certificate is not in the signature")
    for each in named_so:
        if keys.stands(each.spki, signer.algorithm, signer.signature, signer.signed, signer.digest):
            return each
    raise AlteredError("the signer's key did not make this signature")


def _named(signer: Signer, certificates: frozenset[Certificate]) -> Iterator[Certificate]:
    for each in certificates:
        if signer.key_identifier is not None:
            if _identifier(each) == signer.key_identifier:
                yield each
        elif each.serial == signer.serial and each.issuer == signer.issuer:
            yield each


def _identifier(of: Certificate) -> bytes | None:
    value = of.extensions.get("2.5.29.14")
    return read(value).of(OCTETS).content if value is not None else None
