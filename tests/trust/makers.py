"""Makes keys, certificates, signatures, time stamps and revocation lists for tests; everything anew in each run.

Only what a test needs to break is a parameter. The signatures are built from their specifications, by other code than
that which reads them; ``osslsigncode``, where it is installed, says that they are what they should be.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID, ObjectIdentifier

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
Stamper = Callable[[bytes], bytes]

CODE: Final = "1.3.6.1.5.5.7.3.3"
STAMPING: Final = "1.3.6.1.5.5.7.3.8"
SERVER: Final = "1.3.6.1.5.5.7.3.1"
LIFETIME: Final = "1.3.6.1.4.1.311.10.3.13"
DIGESTS: Final = {
    "md5": "1.2.840.113549.2.5",
    "sha1": "1.3.14.3.2.26",
    "sha256": "2.16.840.1.101.3.4.2.1",
    "sha384": "2.16.840.1.101.3.4.2.2",
}
_HASHES: Final[dict[str, hashes.HashAlgorithm]] = {
    "md5": hashes.MD5(),  # noqa: S303
    "sha1": hashes.SHA1(),  # noqa: S303
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
}


def day(year: int, month: int = 1, number: int = 1) -> datetime:
    return datetime(year, month, number, tzinfo=UTC)


# ASN.1


def tlv(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def seq(*parts: bytes) -> bytes:
    return tlv(0x30, *parts)


def set_of(*parts: bytes) -> bytes:
    return tlv(0x31, *sorted(parts))


def octets(content: bytes) -> bytes:
    return tlv(0x04, content)


def integer(value: int) -> bytes:
    return tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def oid(text: str) -> bytes:
    first, second, *rest = map(int, text.split("."))
    content = b""
    for number in (40 * first + second, *rest):
        groups = [number & 0x7F]
        while number := number >> 7:
            groups.append(0x80 | number & 0x7F)
        content += bytes(reversed(groups))
    return tlv(0x06, content)


def moment(when: datetime, *, short: bool = False) -> bytes:
    text = when.strftime("%y%m%d%H%M%SZ" if short else "%Y%m%d%H%M%SZ")
    return tlv(0x17 if short else 0x18, text.encode())


def digest_algorithm(name: str) -> bytes:
    return seq(oid(DIGESTS[name]), b"\x05\0")


def attribute(number: str, *values: bytes) -> bytes:
    return seq(oid(number), set_of(*values))


# Certificates


@cache
def key(name: str, bits: int = 0) -> Key:
    """A key of this name: the same within one run."""
    if bits:
        return rsa.generate_private_key(public_exponent=65537, key_size=bits)
    return ec.generate_private_key(ec.SECP256R1())


@dataclass(frozen=True)
class Holder:
    """A certificate and its key, and the certificates above it up to the root, which is left out."""

    key: Key
    certificate: x509.Certificate
    above: tuple[x509.Certificate, ...] = ()

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def bag(self) -> tuple[bytes, ...]:
        """What a signature carries: this certificate and those above it."""
        return (self.der, *(each.public_bytes(Encoding.DER) for each in self.above))


def name(text: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "GB"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Tests"),
            x509.NameAttribute(NameOID.COMMON_NAME, text),
        ]
    )


def issue(
    text: str,
    by: Holder | None = None,
    *,
    usages: Sequence[str] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    authority: bool = False,
    path_length: int | None = None,
    bits: int = 0,
    own_key: Key | None = None,
    serial: int | None = None,
    extra: Sequence[tuple[x509.ExtensionType, bool]] = (),
) -> Holder:
    """A certificate for ``text``, by another's key or its own."""
    mine = own_key or key(text, bits)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(text))
        .issuer_name(by.certificate.subject if by else name(text))
        .public_key(mine.public_key())
        .serial_number(
            serial or int.from_bytes(hashlib.sha256(f"{text} {since} {until}".encode()).digest()[:12], "big")
        )
        .not_valid_before(since or day(2010))
        .not_valid_after(until or day(2040))
        .add_extension(x509.BasicConstraints(authority, path_length), critical=True)
    )
    if usages is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ObjectIdentifier(each) for each in usages]), False)
    for extension, critical in extra:
        builder = builder.add_extension(extension, critical)
    made = builder.sign(by.key if by else mine, hashes.SHA256())
    if by is None or by.certificate.issuer == by.certificate.subject:
        return Holder(mine, made)
    return Holder(mine, made, (by.certificate, *by.above))


@cache
def root() -> Holder:
    return issue("Root", authority=True)


@cache
def middle() -> Holder:
    return issue("Code signing authority", root(), authority=True)


@cache
def signer(bits: int = 0) -> Holder:
    """Valid from 2015 to 2016."""
    return issue(f"Signer {bits}", middle(), usages=[CODE], since=day(2015), until=day(2016), bits=bits)


@cache
def stamper() -> Holder:
    return issue("Time stamps", root(), usages=[STAMPING])


def revocations(
    by: Holder,
    *listed: tuple[Holder, datetime, datetime | None],
    reason: x509.ReasonFlags | None = None,
    updated: datetime | None = None,
    made_by: Key | None = None,
) -> bytes:
    """A list, in DER, of (certificate, revocation date, invalidity date)."""
    issued = updated or day(2018)
    builder = x509.CertificateRevocationListBuilder().issuer_name(by.certificate.subject)
    builder = builder.last_update(issued).next_update(issued + timedelta(days=30))
    for holder, when, invalid in listed:
        entry = x509.RevokedCertificateBuilder().serial_number(holder.certificate.serial_number).revocation_date(when)
        if invalid is not None:
            entry = entry.add_extension(x509.InvalidityDate(invalid), critical=False)
        if reason is not None:
            entry = entry.add_extension(x509.CRLReason(reason), critical=False)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(made_by or by.key, hashes.SHA256()).public_bytes(Encoding.DER)


# Signatures


def made(by: Key, digest: str, content: bytes) -> bytes:
    if isinstance(by, rsa.RSAPrivateKey):
        return by.sign(content, padding.PKCS1v15(), _HASHES[digest])
    return by.sign(content, ec.ECDSA(_HASHES[digest]))


def signer_info(
    by: Holder,
    digest: str,
    kind: str,
    content: bytes,
    *,
    attributes: Sequence[bytes] = (),
    stamps: Sequence[Stamper] = (),
) -> bytes:
    """A SignerInfo over ``content``; ``stamps`` are given the signature and make attributes that are not signed."""
    signed = set_of(
        attribute("1.2.840.113549.1.9.3", oid(kind)),
        attribute("1.2.840.113549.1.9.4", octets(hashlib.new(digest, content).digest())),
        *attributes,
    )
    value = made(by.key, digest, signed)
    algorithm = "1.2.840.113549.1.1.1" if isinstance(by.key, rsa.RSAPrivateKey) else "1.2.840.10045.2.1"
    others = [stamp(value) for stamp in stamps]
    return seq(
        integer(1),
        seq(by.certificate.issuer.public_bytes(), integer(by.certificate.serial_number)),
        digest_algorithm(digest),
        b"\xa0" + signed[1:],
        seq(oid(algorithm), b"\x05\0"),
        octets(value),
        *([tlv(0xA1, *others)] if others else ()),
    )


def signed_data(
    kind: str,
    content: bytes,
    bag: Sequence[bytes],
    signers: Sequence[bytes],
    *,
    digest: str = "sha256",
    version: int = 1,
) -> bytes:
    """A ContentInfo with SignedData; ``content`` is the value with its tag."""
    inner = seq(
        integer(version),
        set_of(digest_algorithm(digest)),
        seq(oid(kind), tlv(0xA0, content)),
        tlv(0xA0, *bag),
        set_of(*signers),
    )
    return seq(oid("1.2.840.113549.1.7.2"), tlv(0xA0, inner))


def body(value: bytes) -> bytes:
    """The content of a value, without tag and length."""
    return value[2:] if value[1] < 0x80 else value[2 + (value[1] & 0x7F) :]


def token(when: datetime, by: Holder | None = None, *, digest: str = "sha256", imprint: bytes | None = None) -> Stamper:
    """An RFC 3161 time stamp; ``imprint`` in place of the signature's own digest."""

    def stamp(signature: bytes) -> bytes:
        authority = by or stamper()
        value = imprint or hashlib.new(digest, signature).digest()
        info = seq(integer(1), oid("1.2.3.4"), seq(digest_algorithm(digest), octets(value)), integer(77), moment(when))
        kind = "1.2.840.113549.1.9.16.1.4"
        named = seq(seq(seq(octets(hashlib.sha256(authority.der).digest()))))
        attributes = [attribute("1.2.840.113549.1.9.16.2.47", named)]
        signers = [signer_info(authority, "sha256", kind, info, attributes=attributes)]
        data = signed_data(kind, octets(info), authority.bag, signers, version=3)
        return attribute("1.3.6.1.4.1.311.3.3.1", data)

    return stamp


def countersignature(when: datetime, by: Holder | None = None) -> Stamper:
    """A countersignature of PKCS #9; the signature must carry its authority's certificate."""

    def stamp(signature: bytes) -> bytes:
        time = attribute("1.2.840.113549.1.9.5", moment(when, short=True))
        data = "1.2.840.113549.1.7.1"
        return attribute(
            "1.2.840.113549.1.9.6", signer_info(by or stamper(), "sha1", data, signature, attributes=[time])
        )

    return stamp


def nested(*signatures: bytes) -> Stamper:
    """Further signatures within one."""
    return lambda _: seq(oid("1.3.6.1.4.1.311.2.4.1"), tlv(0x31, *signatures))


PE_IMAGE: Final = seq(oid("1.3.6.1.4.1.311.2.1.15"), seq(b"\x03\x01\0", tlv(0xA0, tlv(0xA2, tlv(0x80)))))


def sip_info(class_id: str) -> bytes:
    """What stands in place of a program's image for packages and scripts."""
    return seq(oid("1.3.6.1.4.1.311.2.1.30"), seq(integer(1), octets(bytes.fromhex(class_id)), *[integer(0)] * 5))


def paged(digest: str, table: bytes) -> bytes:
    """A program's image with the digests of its pages."""
    number = {"sha1": "1.3.6.1.4.1.311.2.3.1", "sha256": "1.3.6.1.4.1.311.2.3.2"}[digest]
    moniker = set_of(attribute(number, octets(table)))
    link = tlv(0xA1, octets(bytes.fromhex("a6b586d5b4a12466ae05a217da8e60d6")), octets(moniker))
    return seq(oid("1.3.6.1.4.1.311.2.1.15"), seq(b"\x03\x01\0", tlv(0xA0, link)))


def authenticode(
    digest_of: Callable[[str], bytes],
    by: Holder | None = None,
    *,
    digest: str = "sha256",
    about: bytes = PE_IMAGE,
    stamps: Sequence[Stamper] = (),
    bag: Sequence[bytes] | None = None,
    signers: int = 1,
) -> bytes:
    """A signature of a file whose digest ``digest_of`` gives."""
    who = by or signer()
    content = seq(about, seq(digest_algorithm(digest), octets(digest_of(digest))))
    kind = "1.3.6.1.4.1.311.2.1.4"
    opus = attribute("1.3.6.1.4.1.311.2.1.12", seq(tlv(0xA0, tlv(0x80, "A program".encode("utf-16-be")))))
    info = signer_info(who, digest, kind, body(content), attributes=[opus], stamps=stamps)
    known = [*who.bag, *stamper().bag] if bag is None else bag
    return signed_data(kind, content, known, [info] * signers, digest=digest)
