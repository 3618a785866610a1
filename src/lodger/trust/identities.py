"""Certificates as results show them."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from lodger.trust.certificates import Certificate
from lodger.trust.findings import Identity
from lodger.trust.names import USAGES, name_text


@lru_cache(4096)
def identity(of: Certificate) -> Identity:
    """The names, numbers and hashes of a certificate."""
    return Identity(
        subject=name_text(of.subject),
        issuer=name_text(of.issuer),
        serial=serial_text(of.serial),
        thumbprint=of.sha1,
        sha256=of.sha256,
        spki_sha256=hashlib.sha256(of.spki).hexdigest(),
        not_before=of.not_before,
        not_after=of.not_after,
        usages=tuple(sorted(USAGES.get(each, each) for each in of.usages or ())),
    )


def serial_text(serial: int) -> str:
    """A serial number in hexadecimal, whole bytes, as Windows and lists of abused certificates write it.

    No sign is lost: a negative one, which some makers of certificates give, is its own bytes.
    """
    length = serial.bit_length() // 8 + 1
    text = serial.to_bytes(length, "big", signed=True).hex()
    return text[2:] if text.startswith("00") and length > 1 else text
