"""Installer packages (MSI): a compound file, signed over its streams in the order of their names.

The digest is of the content of all streams; where a second stream ``MsiDigitalSignatureEx`` stands beside the
signature, the digest of all names, sizes and times goes before it. Whoever gives that stream another name that comes
first of all makes a package of the same digest whose names are free: so a package without it is told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from typing import Final

from lodger.trust.cfb import MAGIC, ROOT, STORAGE, STREAM, CompoundFile, Item
from lodger.trust.cms import AlteredError
from lodger.trust.der import MalformedError, read
from lodger.trust.form import Buffer, Entry, Format, Signed, same
from lodger.trust.spc import IndirectData

_SIGNATURE: Final = "\x05DigitalSignature".encode("utf-16-le")
_EXTENDED: Final = "\x05MsiDigitalSignatureEx".encode("utf-16-le")
_LARGEST: Final = 16 * 1024**2
_DEEPEST: Final = 16


def sniff(data: Buffer, _name: str) -> bool:
    """A compound file, of whatever program: each can be signed in this way."""
    return data[: len(MAGIC)] == MAGIC


def take_apart(data: Buffer) -> Signed:
    """The signature's stream, where there is one."""
    file = CompoundFile(data)
    own = {each.name: each for each in file.children(file.root)}
    flags = ("data-after-the-end",) if len(data) > max(file.used, 512) else ()
    signature = own.get(_SIGNATURE)
    if signature is None:
        return Signed(flags=flags)
    if signature.size > _LARGEST:
        return Signed((Entry(b"", "a signature larger than any"),), flags)
    content = b"".join(file.content(signature))
    try:
        stop = read(content).stop
    except MalformedError as error:
        return Signed((Entry(b"", str(error)),), flags)
    if any(content[stop:]):
        flags = (*flags, "padding-after-signature")
    if _EXTENDED not in own:
        flags = (*flags, "names-not-covered")
    digest = lru_cache(8)(partial(_digest, data))
    return Signed((Entry(content[:stop]),), flags, partial(_matches, digest))


def _matches(digest: Callable[[str], bytes], signed: IndirectData) -> None:
    same(digest(signed.algorithm), signed.digest)


def _digest(data: Buffer, algorithm: str) -> bytes:
    file = CompoundFile(data)
    made = hashlib.new(algorithm, usedforsecurity=False)
    extended = next((each for each in file.children(file.root) if each.name == _EXTENDED), None)
    if extended is not None:
        before = hashlib.new(algorithm, b"".join(_names(file, file.root, 0)), usedforsecurity=False).digest()
        if b"".join(file.content(extended)) != before:
            raise AlteredError("names, sizes or times of what is in the package are not what was signed")
        made.update(before)
    for piece in _contents(file, file.root, 0):
        made.update(piece)
    return made.digest()


def _signed_children(file: CompoundFile, of: Item, depth: int) -> Iterator[Item]:
    if depth > _DEEPEST:
        raise MalformedError("a compound file nested too deep")
    yield from (each for each in file.children(of) if each.name not in (_SIGNATURE, _EXTENDED))


def _contents(file: CompoundFile, of: Item, depth: int) -> Iterator[bytes]:
    for each in _signed_children(file, of, depth):
        if each.kind == STORAGE:
            yield from _contents(file, each, depth + 1)
        else:
            yield from file.content(each)
    yield of.class_id


def _names(file: CompoundFile, of: Item, depth: int) -> Iterator[bytes]:
    yield from _about(of)
    for each in _signed_children(file, of, depth):
        if each.kind == STORAGE:
            yield from _names(file, each, depth + 1)
        else:
            yield from _about(each)


def _about(of: Item) -> Iterator[bytes]:
    if of.kind != ROOT:
        yield of.name
    yield of.class_id if of.kind != STREAM else (of.size & 0xFFFFFFFF).to_bytes(4, "little")
    yield of.state.to_bytes(4, "little")
    if of.kind != ROOT:
        yield of.created + of.modified


FORMAT = Format("msi", "installer package", sniff, take_apart)
