"""Is what a signature covers still there? Asked of a changed file, without the code that verifies it.

Positions come from the whole file, which is read once; the changed one is only searched for what they hold.
"""

from __future__ import annotations

import base64
import re
import struct
from dataclasses import dataclass
from typing import Final

from lodger.trust import cms, spc, stamps
from lodger.trust.cfb import CompoundFile
from lodger.trust.discovery import choose
from lodger.trust.form import Signed

_SIGNATURE: Final = "\x05DigitalSignature".encode("utf-16-le")
_EXTENDED: Final = "\x05MsiDigitalSignatureEx".encode("utf-16-le")


@dataclass(frozen=True)
class Whole:
    """A file as it was signed: what each of its signatures stands on, in bytes, and the file's own covered content."""

    content: bytes
    name: str
    signatures: tuple[tuple[bytes, ...], ...]


def whole(content: bytes, name: str) -> Whole:
    """Read a file that verifies."""
    form = choose(content, name)
    assert form is not None
    taken: Signed = form.take_apart(content)
    found = [pieces for entry in taken.entries for pieces in _signatures(entry.content)]
    return Whole(content, name, tuple(found))


def still_covered(before: Whole, after: bytes) -> bool:
    """Whether the changed file has all covered content, and all that one of the signatures stands on."""
    if before.name.endswith((".exe", ".dll", ".sys", ".efi")):
        return _program(before.content, after) and _standing(before, after)
    if before.name.endswith(".ps1"):
        return _script(before, after)
    if before.name.endswith(".msi"):
        return _package(before.content, after) and _standing(before, b"".join(_all_streams(after)))
    return _standing(before, after)


def _standing(before: Whole, within: bytes) -> bool:
    return any(all(piece in within for piece in pieces) for pieces in before.signatures)


def _signatures(blob: bytes) -> list[tuple[bytes, ...]]:
    """For each signature: what it signs, its signed attributes, its value, and those of certificates and time stamp."""
    data = cms.signed_data(blob)
    signer = data.signers[0]
    pieces = [data.content.content, signer.signed[2:], signer.signature]
    who = cms.signing_certificate(signer, data.certificates, data.kind, data.content.content)
    pieces += [who.tbs, who.signature]
    for token in signer.others.get(stamps.RFC3161, ())[:1]:
        inner = cms.signed_data(token.raw)
        pieces += [inner.content.content, inner.signers[0].signed[2:], inner.signers[0].signature]
    return [tuple(pieces), *(found for each in spc.nested(signer) for found in _signatures(each))]


def _program(before: bytes, after: bytes) -> bool:
    """All up to the certificate table but the checksum and the table's place, and nothing behind the table."""
    header = struct.unpack_from("<I", before, 0x3C)[0]
    wide = 16 * (struct.unpack_from("<H", before, header + 24)[0] == 0x20B)
    entry = header + 24 + 128 + wide
    table, _ = struct.unpack_from("<II", before, entry)
    if len(after) < table:
        return False
    at, size = struct.unpack_from("<II", after, entry)
    return _kept(before, header, entry, table) == _kept(after, header, entry, table) and (at, at + size) == (
        table,
        len(after),
    )


def _kept(content: bytes, header: int, entry: int, table: int) -> bytes:
    return content[: header + 88] + content[header + 92 : entry] + content[entry + 8 : table]


def _script(before: Whole, after: bytes) -> bool:
    mark = b"\r\n# SIG # Begin"
    text, _, block = after.partition(mark)
    rows = re.findall(rb"^# ([A-Za-z0-9+/=]+)\r?$", block, re.MULTILINE)
    return text == before.content.partition(mark)[0] and _standing(before, base64.b64decode(b"".join(rows)))


def _package(before: bytes, after: bytes) -> bool:
    """The same contents in the same order; the same names too, where they are covered."""
    old, new = _streams(before), _streams(after)
    return b"".join(old.values()) == b"".join(new.values()) and (_EXTENDED not in new or list(old) == list(new))


def _streams(content: bytes) -> dict[bytes, bytes]:
    """All but the signature, in the order in which they are hashed."""
    file = CompoundFile(content)
    found = {each.name: b"".join(file.content(each)) for each in file.children(file.root) if each.name != _SIGNATURE}
    return {name: found[name] for name in sorted(found, key=lambda name: (name != _EXTENDED, name))}


def _all_streams(content: bytes) -> list[bytes]:
    file = CompoundFile(content)
    return [b"".join(file.content(each)) for each in file.children(file.root)]
