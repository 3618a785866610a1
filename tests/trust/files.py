"""Makes programs, packages, catalogs and scripts, and puts signatures into them. None of them does anything."""

from __future__ import annotations

import base64
import hashlib
import struct
from collections.abc import Sequence
from random import Random
from typing import Final

from tests.trust import makers

_HEADERS: Final = 0x400
_OPTIONAL: Final = 0x98
_DIRECTORY: Final = _OPTIONAL + 144
MSI_CLASS: Final = "f1100c0000000000c000000000000046"
POWERSHELL_CLASS: Final = "1fcc3b60594b084eb724d2c6297ef351"


def program(size: int = 0x2000, seed: int = 1, *, stamp: int = 1_420_070_400) -> bytes:
    """A PE file without a signature, of two sections of noise; compiled at ``stamp`` (2015-01-01)."""
    dos = b"MZ".ljust(0x3C, b"\0") + struct.pack("<I", 0x80)
    coff = b"PE\0\0" + struct.pack("<HHIIIHH", 0x8664, 2, stamp, 0, 0, 240, 0x2022)
    optional = struct.pack("<HBBIIIII", 0x20B, 14, 0, 0x800, 0, 0, 0x1000, 0x1000)
    optional += struct.pack("<QIIHHHHHHIIII", 0x140000000, 0x1000, 0x200, 6, 0, 0, 0, 6, 0, 0, 0x4000, _HEADERS, 0)
    optional += struct.pack("<HHQQQQII", 3, 0, 0x100000, 0x1000, 0x100000, 0x1000, 0, 16) + bytes(128)
    rest = size - _HEADERS
    first = _first_section(size)
    sections = b"".join(
        struct.pack("<8sIIIIIIHHI", each, length, 0x1000 * at, length, start, 0, 0, 0, 0, 0x60000020)
        for each, length, at, start in ((b".text", first, 1, _HEADERS), (b".data", rest - first, 3, _HEADERS + first))
    )
    head = (dos.ljust(0x80, b"\0") + coff + optional + sections).ljust(_HEADERS, b"\0")
    return head + Random(seed).randbytes(rest)


def _first_section(size: int) -> int:
    return (size - _HEADERS) // 2 // 0x200 * 0x200


def covered(content: bytes) -> bytes:
    """The bytes of a program without a certificate table that its digest is of, padded as a signature pads them."""
    filled = content + bytes(-len(content) % 8)
    return filled[: _OPTIONAL + 64] + filled[_OPTIONAL + 68 : _DIRECTORY] + filled[_DIRECTORY + 8 :]


def digest(content: bytes, algorithm: str) -> bytes:
    return hashlib.new(algorithm, covered(content)).digest()


def entry(blob: bytes, *, padding: bytes | None = None, length: int | None = None, kind: int = 2) -> bytes:
    """A WIN_CERTIFICATE; ``padding`` follows the signature within it."""
    content = blob + (bytes(-(len(blob) + 8) % 8) if padding is None else padding)
    return struct.pack("<IHH", len(content) + 8 if length is None else length, 0x200, kind) + content


def attach(content: bytes, *entries: bytes, junk: bytes = b"", tail: bytes = b"", size: int | None = None) -> bytes:
    """The program with a certificate table; ``junk`` stands within it, ``tail`` behind it."""
    filled = content + bytes(-len(content) % 8)
    table = b"".join(each + bytes(-len(each) % 8) for each in entries) + junk
    where = struct.pack("<II", len(filled), len(table) if size is None else size)
    return filled[:_DIRECTORY] + where + filled[_DIRECTORY + 8 :] + table + tail


def signed(content: bytes | None = None, **how: object) -> bytes:
    """A program with one signature; ``how`` goes to :func:`tests.trust.makers.authenticode`."""
    plain = program() if content is None else content
    blob = makers.authenticode(lambda algorithm: digest(plain, algorithm), **how)  # type: ignore[arg-type]
    return attach(plain, entry(blob))


def pages(content: bytes, algorithm: str) -> bytes:
    """The table of page digests of a program of :func:`program`, as SignTool makes it."""
    rows = []
    first = _HEADERS + _first_section(len(content))
    bounds = [0, *range(_HEADERS, first, 0x1000), *range(first, len(content), 0x1000)]
    for start, end in zip(bounds, [*bounds[1:], len(content)], strict=True):
        page = content[start:end]
        if start == 0:
            page = covered(content)[: _HEADERS - 12]
        made = hashlib.new(algorithm, page + bytes(0x1000 - (end - start))).digest()
        rows.append(struct.pack("<I", start) + made)
    return b"".join(rows) + struct.pack("<I", len(content)) + bytes(hashlib.new(algorithm).digest_size)


def catalog(digests: Sequence[tuple[str, bytes]], **how: object) -> bytes:
    """A catalog of files by (algorithm, digest)."""
    members = []
    for algorithm, value in digests:
        info = makers.seq(makers.PE_IMAGE, makers.seq(makers.digest_algorithm(algorithm), makers.octets(value)))
        tag = value.hex().upper().encode("utf-16-le")
        members.append(makers.seq(makers.octets(tag), makers.set_of(makers.attribute("1.3.6.1.4.1.311.2.1.4", info))))
    content = makers.seq(
        makers.seq(makers.oid("1.3.6.1.4.1.311.12.1.1")),
        makers.octets(b"L" * 16),
        makers.moment(makers.day(2015, 6), short=True),
        makers.seq(makers.oid("1.3.6.1.4.1.311.12.1.2"), b"\x05\0"),
        makers.seq(*members),
    )
    kind = "1.3.6.1.4.1.311.10.1"
    who = how.get("by") or makers.signer()
    stamps = how.get("stamps", ())
    assert isinstance(who, makers.Holder)
    info = makers.signer_info(who, "sha256", kind, makers.body(content), stamps=stamps)  # type: ignore[arg-type]
    signers = [] if how.get("unsigned") else [info]
    return makers.signed_data(kind, content, [*who.bag, *makers.stamper().bag], signers)


def script(
    text: str, encoding: str = "utf-8", *, line: str = "\r\n", comment: tuple[str, str] = ("# ", ""), **how: object
) -> bytes:
    """A script with its signature behind it; text without an encoding's mark gets none."""
    wide = encoding.startswith("utf-16")
    hashed = text.encode(encoding) if wide else text.encode(encoding).decode("utf-8").encode("utf-16-le")

    def of(algorithm: str) -> bytes:
        return hashlib.new(algorithm, hashed).digest()

    about = makers.sip_info(POWERSHELL_CLASS)
    blob = base64.b64encode(makers.authenticode(of, about=about, **how)).decode()  # type: ignore[arg-type]
    lines = [blob[at : at + 64] for at in range(0, len(blob), 64)]
    rows = ["SIG # Begin signature block", *lines, "SIG # End signature block"]
    block = "".join(f"{line}{comment[0]}{row}{comment[1]}" for row in rows) + line
    return (text + block).encode(encoding)


def compound(streams: dict[str, bytes], class_id: bytes = bytes(range(16))) -> bytes:
    """A compound file with these streams in its root; small ones lie in the mini stream, as MS-CFB wants it."""
    small = {name: content for name, content in streams.items() if len(content) < 4096}
    mini, mini_fat, starts = b"", [], {}
    for name, content in small.items():
        starts[name] = len(mini) // 64 if content else 0xFFFFFFFE
        count = (len(content) + 63) // 64
        mini_fat += [len(mini) // 64 + at + 1 for at in range(count - 1)] + [0xFFFFFFFE] * (count > 0)
        mini += content + bytes(-len(content) % 64)
    sectors: list[bytes] = [b""]  # the first is the table of sectors itself
    fat = [0xFFFFFFFD]

    def put(content: bytes) -> int:
        """A chain of sectors; gives the first."""
        first = len(sectors)
        pieces = [content[at : at + 512].ljust(512, b"\0") for at in range(0, len(content), 512)]
        sectors.extend(pieces)
        fat.extend([first + at + 1 for at in range(len(pieces) - 1)] + [0xFFFFFFFE] * bool(pieces))
        return first if pieces else 0xFFFFFFFE

    for name, content in streams.items():
        if name not in small:
            starts[name] = put(content)
    mini_start = put(mini)
    mini_fat_start = put(struct.pack(f"<{len(mini_fat)}I", *mini_fat).ljust(512, b"\xff")) if mini_fat else 0xFFFFFFFE
    directory = _item("Root Entry", 5, 1 if streams else 0xFFFFFFFF, mini_start, len(mini), class_id=class_id)
    for number, (name, content) in enumerate(streams.items(), 1):
        right = number + 1 if number < len(streams) else 0xFFFFFFFF
        directory += _item(name, 2, 0xFFFFFFFF, starts[name], len(content), right=right)
    directory_start = put(directory.ljust(-(-len(directory) // 512) * 512, b"\0"))
    assert len(fat) <= 128, "one sector of the table is all that this writes"
    sectors[0] = struct.pack(f"<{len(fat)}I", *fat).ljust(512, b"\xff")
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, 1, directory_start, 0, 4096, mini_fat_start, bool(mini_fat), 0xFFFFFFFE, 0)
    return (header + struct.pack("<I", 0)).ljust(512, b"\xff") + b"".join(sectors)


def _item(
    name: str, kind: int, child: int, start: int, size: int, *, right: int = 0xFFFFFFFF, class_id: bytes = bytes(16)
) -> bytes:
    wide = name.encode("utf-16-le")
    head = wide.ljust(64, b"\0") + struct.pack("<HBBIII", len(wide) + 2, kind, 1, 0xFFFFFFFF, right, child)
    return head + class_id + struct.pack("<IQQIQ", 0, 0, 0, start, size)


def package(streams: dict[str, bytes] | None = None, *, extended: bool = False, **how: object) -> bytes:
    """A signed installer package; ``extended`` adds the digest of names, sizes and times."""
    content = {"Table": b"rows " * 2000, "Small": b"few", "Ünïcode": b"x" * 700} if streams is None else streams
    class_id = bytes(range(16))
    before: dict[str, bytes] = {}

    def of(algorithm: str) -> bytes:
        made = hashlib.new(algorithm)
        if extended:
            names = class_id + bytes(4)
            for name in _sorted(content):
                names += name.encode("utf-16-le") + struct.pack("<II", len(content[name]), 0) + bytes(16)
            before["\x05MsiDigitalSignatureEx"] = hashlib.new(algorithm, names).digest()
            made.update(before["\x05MsiDigitalSignatureEx"])
        for name in _sorted(content):
            made.update(content[name])
        made.update(class_id)
        return made.digest()

    blob = makers.authenticode(of, about=makers.sip_info(MSI_CLASS), **how)  # type: ignore[arg-type]
    return compound({**content, **before, "\x05DigitalSignature": blob}, class_id)


def _sorted(streams: dict[str, bytes]) -> list[str]:
    return sorted(streams, key=lambda name: name.encode("utf-16-le"))
