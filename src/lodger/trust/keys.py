"""Does a key's signature stand under these bytes? The arithmetic is the library ``cryptography``'s (OpenSSL)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import load_der_public_key

from lodger.trust.der import SEQUENCE, Der, MalformedError

#: Digests by their numbers.
DIGESTS: Final = {
    "1.2.840.113549.2.5": "md5",
    "1.3.14.3.2.26": "sha1",
    "2.16.840.1.101.3.4.2.4": "sha224",
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
#: Digests for which two files of one digest can be made, or could be before long.
WEAK: Final = frozenset({"md5", "sha1"})

#: Longer keys, in bits, nobody has; they would only take time.
_LONGEST: Final = 8192
_PSS: Final = "1.2.840.113549.1.1.10"
#: Signature algorithms that name the digest too; the others (rsaEncryption, ecPublicKey) leave it to the signature.
_WITH_DIGEST: Final = {
    "1.2.840.113549.1.1.4": "md5",
    "1.3.14.3.2.3": "md5",
    "1.2.840.113549.1.1.5": "sha1",
    "1.3.14.3.2.29": "sha1",
    "1.3.14.3.2.27": "sha1",
    "1.2.840.113549.1.1.14": "sha224",
    "1.2.840.113549.1.1.11": "sha256",
    "1.2.840.113549.1.1.12": "sha384",
    "1.2.840.113549.1.1.13": "sha512",
    "1.2.840.10040.4.3": "sha1",
    "2.16.840.1.101.3.4.3.2": "sha256",
    "1.2.840.10045.4.1": "sha1",
    "1.2.840.10045.4.3.1": "sha224",
    "1.2.840.10045.4.3.2": "sha256",
    "1.2.840.10045.4.3.3": "sha384",
    "1.2.840.10045.4.3.4": "sha512",
}
_HASHES: Final[dict[str, hashes.HashAlgorithm]] = {
    "md5": hashes.MD5(),  # noqa: S303 (what was signed with it is told as weak, but it was signed)
    "sha1": hashes.SHA1(),  # noqa: S303
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


@dataclass(frozen=True)
class Algorithm:
    """A signature algorithm: its number, and for RSA-PSS the digest that its parameters name."""

    number: str
    pss_digest: str | None = None

    def digest(self, other: str | None) -> str | None:
        """The digest that is signed: named by the algorithm itself, else the ``other`` one."""
        return self.pss_digest or _WITH_DIGEST.get(self.number) or other


def algorithm(node: Der) -> Algorithm:
    """An AlgorithmIdentifier of a signature."""
    number, *rest = node.parts(SEQUENCE, 1)
    return Algorithm(number.oid(), _pss(rest) if number.oid() == _PSS else None)


def digest_name(node: Der) -> str:
    """An AlgorithmIdentifier of a digest; raises :class:`MalformedError` for one that no signature has."""
    number = node.parts(SEQUENCE, 1)[0].oid()
    if number not in DIGESTS:
        raise MalformedError(f"digest algorithm {number}, which no signature of programs has")
    return DIGESTS[number]


def _pss(parameters: list[Der]) -> str:
    """RFC 4055, 3.1: SHA-1 where nothing else is said."""
    for each in parameters[:1]:
        for field in each.of(SEQUENCE):
            if field.tag == 0xA0:
                return digest_name(field.inner())
    return "sha1"


@lru_cache(4096)
def public_key(spki: bytes) -> PublicKeyTypes | None:
    """A SubjectPublicKeyInfo as a key; None for what the library cannot use.

    An elliptic curve must be named: one that brings its own parameters could make a stranger's signature come out right
    (CVE-2020-0601).
    """
    try:
        key = load_der_public_key(spki)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None
    return None if isinstance(key, rsa.RSAPublicKey | dsa.DSAPublicKey) and key.key_size > _LONGEST else key


def key_bits(spki: bytes) -> int | None:
    """The length of an RSA or DSA key; None for others, whose length says something else."""
    key = public_key(spki)
    return key.key_size if isinstance(key, rsa.RSAPublicKey | dsa.DSAPublicKey) else None


def stands(spki: bytes, how: Algorithm, signature: bytes, signed: bytes, digest: str | None = None) -> bool:
    """Whether the key made the signature of these bytes; ``digest`` counts where the algorithm names none itself."""
    key = public_key(spki)
    chosen = _HASHES.get(how.digest(digest) or "")
    if key is None or chosen is None:
        return False
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, signed, _padding(how, chosen), chosen)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, signed, ec.ECDSA(chosen))
        elif isinstance(key, dsa.DSAPublicKey):
            key.verify(signature, signed, chosen)
        else:
            return False
    except (InvalidSignature, ValueError, UnsupportedAlgorithm):
        return False
    return True


def _padding(how: Algorithm, chosen: hashes.HashAlgorithm) -> padding.AsymmetricPadding:
    if how.number == _PSS:
        return padding.PSS(padding.MGF1(chosen), padding.PSS.AUTO)
    return padding.PKCS1v15()
