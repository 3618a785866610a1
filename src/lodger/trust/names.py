"""Distinguished names as text, and the names of key usages."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from lodger.trust.der import OID, SEQUENCE, SET, Der, MalformedError, read

CODE_SIGNING: Final = "1.3.6.1.5.5.7.3.3"
TIME_STAMPING: Final = "1.3.6.1.5.5.7.3.8"
ANY_USAGE: Final = "2.5.29.37.0"
LIFETIME_SIGNING: Final = "1.3.6.1.4.1.311.10.3.13"

#: Key usages by the names that people know; the others are told by their number.
USAGES: Final = {
    "1.3.6.1.5.5.7.3.1": "serverAuth",
    "1.3.6.1.5.5.7.3.2": "clientAuth",
    CODE_SIGNING: "codeSigning",
    "1.3.6.1.5.5.7.3.4": "emailProtection",
    TIME_STAMPING: "timeStamping",
    "1.3.6.1.5.5.7.3.9": "OCSPSigning",
    ANY_USAGE: "any",
    LIFETIME_SIGNING: "lifetimeSigning",
    "1.3.6.1.4.1.311.10.3.5": "whqlCrypto",
    "1.3.6.1.4.1.311.10.3.5.1": "whqlAttestation",
    "1.3.6.1.4.1.311.10.3.6": "windowsSystemComponent",
    "1.3.6.1.4.1.311.10.3.7": "windowsOemSystemComponent",
    "1.3.6.1.4.1.311.10.3.39": "windowsHardwareDriverExtended",
    "1.3.6.1.4.1.311.61.1.1": "kernelModeCodeSigning",
    "1.3.6.1.4.1.311.76.3.1": "windowsStore",
    "1.3.6.1.4.1.311.80.2.1": "uefiThirdParty",
    "1.3.6.1.4.1.311.2.1.21": "individualCodeSigning",
    "1.3.6.1.4.1.311.2.1.22": "commercialCodeSigning",
}

_ATTRIBUTES: Final = {
    "2.5.4.3": "CN",
    "2.5.4.5": "serialNumber",
    "2.5.4.6": "C",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.9": "STREET",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "2.5.4.12": "T",
    "2.5.4.15": "businessCategory",
    "2.5.4.17": "postalCode",
    "0.9.2342.19200300.100.1.1": "UID",
    "0.9.2342.19200300.100.1.25": "DC",
    "1.2.840.113549.1.9.1": "E",
    "1.3.6.1.4.1.311.60.2.1.1": "jurisdictionL",
    "1.3.6.1.4.1.311.60.2.1.2": "jurisdictionST",
    "1.3.6.1.4.1.311.60.2.1.3": "jurisdictionC",
}
_ENCODINGS: Final = {0x0C: "utf-8", 0x1E: "utf-16-be", 0x1C: "utf-32-be"}
_SPECIAL: Final = frozenset(',+"\\<>;=')
_LONGEST: Final = 400


@lru_cache(4096)
def name_text(raw: bytes) -> str:
    """A distinguished name as RFC 4514 spells it: ``CN=Example Ltd,O=Example Ltd,C=GB``; cut at 400 characters a value.

    Raises :class:`MalformedError` where the bytes are none.
    """
    return ",".join("+".join(_attribute(each) for each in part.of(SET)) for part in reversed(list(_sequence(raw))))


def _sequence(raw: bytes) -> Der:
    return read(raw).of(SEQUENCE)


def _attribute(node: Der) -> str:
    kind, value = node.parts(SEQUENCE, 2)[:2]
    name = dotted_name(kind)
    text = "".join("\\" + each if each in _SPECIAL else each for each in text_of(value))
    return f"{name}={text}"


def dotted_name(kind: Der) -> str:
    """An attribute's short name, or its number."""
    number = kind.of(OID).oid()
    return _ATTRIBUTES.get(number, number)


def text_of(value: Der) -> str:
    """Any of ASN.1's strings; what is not of its own encoding is read as Latin-1, which everything is."""
    if value.tag & 0x20:
        raise MalformedError("a string in pieces")
    content = value.content[: 4 * _LONGEST]
    try:
        return content.decode(_ENCODINGS.get(value.tag, "utf-8"))[:_LONGEST]
    except UnicodeDecodeError:
        return content.decode("latin-1")[:_LONGEST]
