"""Small whole files of every format, and places in them where bytes can be put: records of hiding, made by the book."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Final


@dataclass(frozen=True)
class Planted:
    """A file with ``length`` bytes put at ``offset`` (both as the walk should tell them, to within ``slack``)."""

    content: bytes
    offset: int
    length: int


def jpeg_segment(code: int, body: bytes) -> bytes:
    return bytes((0xFF, code)) + struct.pack(">H", len(body) + 2) + body


def jpeg(rng: Random, size: int = 2000, *, restarts: bool = False) -> bytes:
    """Segments and coded data as they stand in a camera's picture; the coded data decodes to nothing."""
    count = min(size // 256, 40)
    pieces = [rng.randbytes(max(size // (count + 1), 8)).replace(b"\xff", b"\xff\0") for _ in range(count + 1)]
    coded = pieces[0]
    for number, piece in enumerate(pieces[1:]):
        coded += (bytes((0xFF, 0xD0 + number % 8)) if restarts else b"") + piece
    return b"".join(
        (
            b"\xff\xd8",
            jpeg_segment(0xE0, b"JFIF\0\x01\x02\0\0\x48\0\x48\0\0"),
            jpeg_segment(0xE1, b"Exif\0\0" + tiff(rng)),
            jpeg_segment(0xFE, b"taken at the gate"),
            jpeg_segment(0xDB, b"\0" + bytes(range(1, 65))),
            jpeg_segment(0xC0, struct.pack(">BHHB", 8, 64, 64, 1) + b"\x01\x11\0"),
            jpeg_segment(0xC4, b"\0" + bytes((0, 1, 5, 1, 1, 1, 1, 1, 1)) + bytes(7) + bytes(range(12))),
            jpeg_segment(0xDD, b"\0\x04") if restarts else b"",
            jpeg_segment(0xDA, b"\x01\x01\0\0\x3f\0"),
            coded,
            b"\xff\xd9",
        )
    )


def tiff(rng: Random, order: str = "<") -> bytes:
    """An EXIF structure: make, model, and a maker note in a directory of its own."""
    make, note = b"Maker of cameras\0", b"MAKER\0\0\0" + rng.randbytes(120)
    at = 8 + 2 + 12 * 2 + 4
    entries = struct.pack(f"{order}HHHII", 2, 0x010F, 2, len(make), at)
    entries += struct.pack(f"{order}HHII", 0x8769, 4, 1, at + len(make) + 1)
    inner = at + len(make) + 1
    sub = struct.pack(f"{order}HHHIII", 1, 0x927C, 7, len(note), inner + 18, 0)
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}I", 8)
    return head + entries + b"\0\0\0\0" + make + b"\0" + sub + note


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(rng: Random, size: int = 2000) -> bytes:
    """A true-colour picture that can be drawn; its packed data in chunks of one size."""
    width = 32
    rows = max(size // (width * 3 + 1), 1)
    packed = zlib.compress(b"".join(b"\0" + rng.randbytes(width * 3) for _ in range(rows)))
    cut = [packed[at : at + 8192] for at in range(0, len(packed), 8192)]
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", struct.pack(">IIBBBBB", width, rows, 8, 2, 0, 0, 0)),
            chunk(b"gAMA", struct.pack(">I", 45455)),
            chunk(b"tEXt", b"Comment\0taken at the gate"),
            *(chunk(b"IDAT", each) for each in cut),
            chunk(b"IEND", b""),
        )
    )


def sub_blocks(content: bytes) -> bytes:
    cut = (content[at : at + 255] for at in range(0, len(content), 255))
    return b"".join(bytes((len(each),)) + each for each in cut) + b"\0"


def gif(rng: Random, size: int = 2000) -> bytes:
    """Two frames of a playing picture."""
    frame = b"\x21\xf9\x04\0\x0a\0\0\0" + b"\x2c" + struct.pack("<HHHHB", 0, 0, 16, 16, 0) + b"\x02"
    return b"".join(
        (
            b"GIF89a" + struct.pack("<HHBBB", 16, 16, 0x91, 0, 0) + bytes(range(12)),
            b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0",
            b"\x21\xfe" + sub_blocks(b"made at the gate"),
            *(frame + sub_blocks(rng.randbytes(max(size // 2, 8))) for _ in range(2)),
            b"\x3b",
        )
    )


def bmp(rng: Random, size: int = 2000, gap: bytes = b"") -> bytes:
    rows = max(size // 96, 1)
    pixels = rng.randbytes(96 * rows)
    start = 54 + len(gap)
    head = b"BM" + struct.pack("<IHHI", start + len(pixels), 0, 0, start)
    return head + struct.pack("<IiiHHIIiiII", 40, 32, rows, 1, 24, 0, len(pixels), 2835, 2835, 0, 0) + gap + pixels


def riff(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def webp(rng: Random, size: int = 2000, more: bytes = b"") -> bytes:
    inner = b"WEBP" + riff(b"VP8X", bytes(10)) + riff(b"VP8 ", rng.randbytes(size)) + riff(b"EXIF", tiff(rng)) + more
    return b"RIFF" + struct.pack("<I", len(inner)) + inner


def pdf(rng: Random, size: int = 2000, more: bytes = b"") -> bytes:
    """A page with a packed stream, a table of objects, and a second revision."""
    packed = zlib.compress(b"BT /F1 12 Tf (" + b"words " * (size // 6) + b") Tj ET")
    parts = [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"]
    places: list[int] = []
    for number, body in enumerate(
        (
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>",
            b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed),
        ),
        1,
    ):
        places.append(sum(map(len, parts)))
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    parts.append(more)
    table = sum(map(len, parts))
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    parts.append(b"xref\n0 5\n0000000000 65535 f \n%s" % rows)
    parts.append(b"trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % table)
    again = sum(map(len, parts))
    parts.append(b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R /Lang (en) >>\nendobj\n")
    parts.append(b"xref\n1 1\n%010d 00000 n \n" % again)
    parts.append(
        b"trailer\n<< /Size 5 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (table, sum(map(len, parts)))
    )
    return b"".join(parts)


def docx(rng: Random, size: int = 2000, comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("[Content_Types].xml"), "<Types/>" * 20)
        archive.writestr(zipfile.ZipInfo("word/document.xml"), b"<w:p>words</w:p>" * (size // 16 + 1))
        archive.writestr(zipfile.ZipInfo("word/media/image1.png"), rng.randbytes(100))
        archive.comment = comment
    return out.getvalue()


def pe(rng: Random, behind: bytes = b"") -> bytes:
    """The headers of a Windows program with one section, which holds nothing that could run."""
    head = b"MZ" + bytes(58) + struct.pack("<I", 64)
    head += b"PE\0\0" + struct.pack("<HHIIIHH", 0x8664, 1, 0, 0, 0, 0, 0x22)
    section = b".data\0\0\0" + struct.pack("<IIIIIIHHI", 512, 4096, 512, 512, 0, 0, 0, 0, 0x40000040)
    return (head + section).ljust(512, b"\0") + bytes(512) + behind


def self_extracting(rng: Random, size: int = 2000) -> bytes:
    return pe(rng, docx(rng, size))


Writer = Callable[[Random, int], bytes]
WRITERS: Final[dict[str, Writer]] = {
    "jpeg": jpeg, "png": png, "gif": gif, "bmp": bmp, "webp": webp, "pdf": pdf, "docx": docx,
}  # fmt: skip

Plant = Callable[[bytes, bytes, Random], Planted | None]


def _put(content: bytes, at: int, new: bytes, offset: int = 0, length: int | None = None) -> Planted:
    return Planted(content[:at] + new + content[at:], at + offset, len(new) if length is None else length)


def behind(content: bytes, payload: bytes, rng: Random) -> Planted:
    return _put(content, len(content), payload)


def jpeg_places(content: bytes) -> list[tuple[int, int, int]]:
    """The segments before the first scan: (code, start, end)."""
    found, at = [], 2
    while content[at] == 0xFF:
        code, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        found.append((code, at, at + 2 + length))
        if code == 0xDA:
            break
        at += 2 + length
    return found


def jpeg_between(content: bytes, payload: bytes, rng: Random) -> Planted:
    _, at, _ = rng.choice(jpeg_places(content))
    return _put(content, at, payload)


def _jpeg_as(code: int, name: bytes) -> Plant:
    def plant(content: bytes, payload: bytes, rng: Random) -> Planted:
        at = rng.choice(jpeg_places(content))[1]
        cut = [payload[start : start + 65000] for start in range(0, len(payload), 65000)]
        return _put(content, at, b"".join(jpeg_segment(code, name + each) for each in cut))

    return plant


def _jpeg_longer(code: int) -> Plant:
    def plant(content: bytes, payload: bytes, rng: Random) -> Planted | None:
        """A segment that is there already is longer by the payload."""
        for found, start, end in jpeg_places(content):
            if found == code and end - start + len(payload) < 65000:
                longer = content[:start] + jpeg_segment(code, content[start + 4 : end] + payload)
                return Planted(longer + content[end:], end, len(payload))
        return None

    return plant


def png_places(content: bytes) -> list[tuple[bytes, int, int]]:
    """The chunks: (name, start, end)."""
    found, at = [], 8
    while at + 8 <= len(content):
        length = int.from_bytes(content[at : at + 4], "big")
        found.append((content[at + 4 : at + 8], at, at + 12 + length))
        at += 12 + length
    return found


def png_between(content: bytes, payload: bytes, rng: Random) -> Planted:
    _, at, _ = rng.choice(png_places(content))
    return _put(content, at, payload)


def _png_as(name: bytes, head: bytes = b"") -> Plant:
    def plant(content: bytes, payload: bytes, rng: Random) -> Planted:
        _, at, _ = rng.choice(png_places(content)[1:])
        return _put(content, at, chunk(name, head + payload))

    return plant


def _png_longer(name: bytes) -> Plant:
    def plant(content: bytes, payload: bytes, rng: Random) -> Planted | None:
        """The last such chunk holds the payload behind its own content, with a right checksum."""
        for found, start, end in reversed(png_places(content)):
            if found == name:
                longer = chunk(name, content[start + 8 : end - 4] + payload)
                return Planted(content[:start] + longer + content[end:], end - 4, len(payload))
        return None

    return plant


def png_more(content: bytes, payload: bytes, rng: Random) -> Planted:
    """A further chunk of picture data."""
    at = next(end for name, _, end in reversed(png_places(content)) if name == b"IDAT")
    return _put(content, at, chunk(b"IDAT", payload), 8, len(payload))


def gif_places(content: bytes) -> list[int]:
    """Where blocks begin."""
    at = 13 + (3 << (content[10] & 7) + 1 if content[10] & 0x80 else 0)
    found = []
    while True:
        found.append(at)
        if content[at] == 0x3B:
            return found
        if content[at] == 0x21:
            at += 2
        else:
            at += 11 + (3 << (content[at + 9] & 7) + 1 if content[at + 9] & 0x80 else 0)
        while content[at]:
            at += content[at] + 1
        at += 1


def gif_between(content: bytes, payload: bytes, rng: Random) -> Planted:
    return _put(content, rng.choice(gif_places(content)), payload)


def _gif_as(head: bytes) -> Plant:
    def plant(content: bytes, payload: bytes, rng: Random) -> Planted:
        return _put(content, rng.choice(gif_places(content)), head + sub_blocks(payload))

    return plant


def bmp_gap(content: bytes, payload: bytes, rng: Random) -> Planted:
    at = int.from_bytes(content[10:14], "little")
    moved = content[:10] + struct.pack("<I", at + len(payload)) + content[14:]
    return _put(moved, at, payload)


def webp_places(content: bytes) -> list[tuple[bytes, int, int]]:
    found, at = [], 12
    while at + 8 <= len(content):
        length = int.from_bytes(content[at + 4 : at + 8], "little")
        found.append((content[at : at + 4], at, at + 8 + length + length % 2))
        at += 8 + length + length % 2
    return found


def _webp_said(content: bytes) -> bytes:
    return content[:4] + struct.pack("<I", len(content) - 8) + content[8:]


def webp_chunk(content: bytes, payload: bytes, rng: Random) -> Planted:
    _, _, at = rng.choice(webp_places(content))
    new = riff(rng.choice((b"rand", b"DATA", b"XMP ", b"ICCP", b"EXIF")), payload)
    return Planted(_webp_said(content[:at] + new + content[at:]), at, len(new))


def webp_between(content: bytes, payload: bytes, rng: Random) -> Planted:
    at = rng.choice(webp_places(content))[1]
    return Planted(_webp_said(content[:at] + payload + content[at:]), at, len(payload))


def webp_longer(content: bytes, payload: bytes, rng: Random) -> Planted | None:
    for name, start, end in webp_places(content):
        if name == b"VP8X":
            longer = content[:start] + riff(name, content[start + 8 : end] + payload) + content[end:]
            return Planted(_webp_said(longer), end, len(payload))
    return None


def pdf_places(content: bytes) -> list[int]:
    """Behind objects."""
    found, at = [], 0
    while (at := content.find(b"endobj", at)) >= 0:
        at += 6
        if content[at : at + 1] in {b"\n", b"\r"}:
            found.append(at + 1)
    return found


def pdf_between(content: bytes, payload: bytes, rng: Random) -> Planted:
    return _put(content, rng.choice(pdf_places(content)), payload + b"\n")


def _pdf_stream(dictionary: bytes) -> Plant:
    def plant(content: bytes, payload: bytes, rng: Random) -> Planted:
        head = b"90 0 obj\n<< %s/Length %d >>\nstream\n" % (dictionary, len(payload))
        whole = head + payload + b"\nendstream\nendobj\n"
        return _put(content, rng.choice(pdf_places(content)), whole, len(head), len(payload))

    return plant


def pdf_comment(content: bytes, payload: bytes, rng: Random) -> Planted:
    line = b"%" + payload.replace(b"\n", b"\x0b").replace(b"\r", b"\x0c")
    return _put(content, rng.choice(pdf_places(content)), line + b"\n")


def docx_before(content: bytes, payload: bytes, rng: Random) -> Planted:
    """As in front of an archive that extracts itself; only the name says the kind then."""
    return _put(content, 0, payload)


def docx_between(content: bytes, payload: bytes, rng: Random) -> Planted:
    """Between the last member and the directory; the end record says so."""
    end = content.rfind(b"PK\x05\x06")
    at = int.from_bytes(content[end + 16 : end + 20], "little")
    moved = content[: end + 16] + struct.pack("<I", at + len(payload)) + content[end + 20 :]
    return _put(moved, at, payload)


def docx_comment(content: bytes, payload: bytes, rng: Random) -> Planted | None:
    end = content.rfind(b"PK\x05\x06")
    if len(payload) > 0xFFFF or end + 22 != len(content):
        return None
    return _put(content[:-2] + struct.pack("<H", len(payload)), end + 22, payload)


#: Every class of place, by format and name.
PLACES: Final[dict[str, dict[str, Plant]]] = {
    "jpeg": {
        "behind": behind,
        "between": jpeg_between,
        "comment": _jpeg_as(0xFE, b""),
        "unknown segment": _jpeg_as(0xE7, b"Data\0"),
        "as Exif": _jpeg_as(0xE1, b"Exif\0\0"),
        "as XMP": _jpeg_as(0xE1, b"http://ns.adobe.com/xap/1.0/\0"),
        "as ICC": _jpeg_as(0xE2, b"ICC_PROFILE\0\x01\x01"),
        "as MPF": _jpeg_as(0xE2, b"MPF\0"),
        "as Photoshop": _jpeg_as(0xED, b"Photoshop 3.0\0"),
        "as Adobe": _jpeg_as(0xEE, b"Adobe\0\x64\0\0\0\0\0"),
        "as boxes": _jpeg_as(0xEB, b"JP\0\x01\0\0\0\x01"),
        "longer JFIF": _jpeg_longer(0xE0),
        "longer Exif": _jpeg_longer(0xE1),
        "longer comment": _jpeg_longer(0xFE),
        "longer table": _jpeg_longer(0xDB),
        "longer Huffman table": _jpeg_longer(0xC4),
        "longer frame": _jpeg_longer(0xC0),
        "longer scan header": _jpeg_longer(0xDA),
    },
    "png": {
        "behind": behind,
        "between": png_between,
        "unknown chunk": _png_as(b"raNd"),
        "text": _png_as(b"tEXt", b"Comment\0"),
        "packed text": _png_as(b"zTXt", b"Comment\0\0"),
        "packed text for real": lambda content, payload, rng: _png_as(b"zTXt", b"Comment\0\0" + zlib.compress(payload))(
            content, b"", rng
        ),
        "international text": _png_as(b"iTXt", b"Comment\0\0\0\0\0"),
        "profile": _png_as(b"iCCP", b"icc\0\0"),
        "Exif": _png_as(b"eXIf"),
        "longer gAMA": _png_longer(b"gAMA"),
        "longer IEND": _png_longer(b"IEND"),
        "longer text": _png_longer(b"tEXt"),
        "more picture data": png_more,
        "longer picture data": _png_longer(b"IDAT"),
    },
    "gif": {
        "behind": behind,
        "between": gif_between,
        "comment": _gif_as(b"\x21\xfe"),
        "application": _gif_as(b"\x21\xff\x0bDATAbase1.0"),
        "loop": _gif_as(b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0"),
        "as XMP": _gif_as(b"\x21\xff\x0bXMP DataXMP"),
        "as ICC": _gif_as(b"\x21\xff\x0bICCRGBG1012"),
        "unknown extension": _gif_as(b"\x21\x42"),
        "graphic control": _gif_as(b"\x21\xf9\x04\0\0\0\0"),
    },
    "bmp": {"behind": behind, "gap": bmp_gap},
    "webp": {"behind": behind, "chunk": webp_chunk, "between": webp_between, "longer": webp_longer},
    "pdf": {
        "behind": behind,
        "between": pdf_between,
        "stream": _pdf_stream(b""),
        "stream as packed": _pdf_stream(b"/Filter /FlateDecode "),
        "stream as picture": _pdf_stream(b"/Filter /DCTDecode "),
        "comment": pdf_comment,
    },
    "docx": {"behind": behind, "before": docx_before, "between": docx_between, "comment": docx_comment},
}
