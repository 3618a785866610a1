"""The fleet's own authorities: who issued a server's certificate, with which serial number, and what is revoked.

All follows from the server's name, so that every host and every process tells the same. The key that signs revocation
lists is made from the fleet's seed: nothing but such lists is signed with it, and nobody else trusts it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

_ISSUERS: Final = (
    "CN=Lantern CA R3,O=Lantern Trust,C=US",
    "CN=Lantern CA E1,O=Lantern Trust,C=US",
    "CN=Fathom TLS 2023,O=Fathom Certification AB,C=SE",
)
#: Who issued certificates for signing code, and the common name of each.
_CODE_ISSUERS: Final = ("Lantern Code Signing CA 2022", "Fathom Code Signing 2021")
#: The one whose list is written beside a fleet.
LISTED: Final = _ISSUERS[0]


@dataclass(frozen=True)
class Certificate:
    """A server's certificate; ``begun`` and ``ends`` are seconds since 1970, ``mark`` its SHA-256."""

    mark: str
    serial: str
    issuer: str
    begun: int
    ends: int


@lru_cache(maxsize=16_384)
def certificate(server: str) -> Certificate:
    """The certificate that a server shows; those of names below ``update.`` are of the authority that lists."""
    mark = hashlib.sha256(b"certificate " + server.encode()).hexdigest()
    issuer = LISTED if server.startswith("update.") else _ISSUERS[int(mark[6:8], 16) % len(_ISSUERS)]
    begun = 1_690_000_000 + int(mark[:6], 16) % 20_000_000
    serial = f"0{mark[1:32].upper()}"  # a positive number, as RFC 5280 wants it (4.1.2.2)
    return Certificate(mark, serial, issuer, begun, begun + 395 * 86_400)


class CodeCertificate(NamedTuple):
    """A certificate that signs programs: serial number, the issuer's name and its common name."""

    serial: str
    issuer: str
    issuer_name: str


@lru_cache(maxsize=16_384)
def code_certificate(signer: str, mark: str = "") -> CodeCertificate:
    """The certificate with which a signer signs; with a ``mark`` another one of the same name, as a large publisher has
    several of them.
    """
    digest = hashlib.sha256(f"code {signer}/{mark}".encode()).hexdigest()
    issuer = _CODE_ISSUERS[int(digest[:2], 16) % len(_CODE_ISSUERS)]
    return CodeCertificate(f"0{digest[1:32].upper()}", f"C=US, O={issuer.split()[0]}, CN={issuer}", issuer)


def revocation_list(seed: int, servers: Iterable[tuple[str, date]]) -> bytes:
    """A list (RFC 5280, 5; DER) of the certificates of servers, each with the day on which it was revoked.

    It says that it was made on the day after the last of them. The same servers and days give the same bytes.
    """
    revoked = sorted(servers, key=lambda each: each[1])
    made = _midnight(revoked[-1][1] + timedelta(days=1))
    builder = x509.CertificateRevocationListBuilder(
        issuer_name=x509.Name(_attributes(LISTED)), last_update=made, next_update=made + timedelta(days=7)
    )
    for server, day in revoked:
        entry = x509.RevokedCertificateBuilder(int(certificate(server).serial, 16), _midnight(day))
        builder = builder.add_revoked_certificate(
            entry.add_extension(x509.CRLReason(x509.ReasonFlags.key_compromise), critical=False).build()
        )
    key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(f"{seed}/authority".encode()).digest())
    return builder.sign(key, None).public_bytes(Encoding.DER)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _attributes(name: str) -> list[x509.NameAttribute[str]]:
    kinds = {"CN": NameOID.COMMON_NAME, "O": NameOID.ORGANIZATION_NAME, "C": NameOID.COUNTRY_NAME}
    parts = (part.partition("=") for part in reversed(name.split(",")))
    return [x509.NameAttribute(kinds[kind], value) for kind, _, value in parts]
