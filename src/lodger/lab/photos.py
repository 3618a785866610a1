"""Photographs as telephones take them: a JPEG with the video of the moment before behind it.

The order of the parts is that of the Motion Photo format 1.0 (Android developers' documentation): Exif, XMP that says
where the video lies, the picture, and an MP4 (ISO/IEC 14496-12) to the file's end. Small: a few tens of kilobytes. The
pictures show noise, and the videos cannot be played.
"""

from __future__ import annotations

import random
import struct
from typing import Final

_XMP: Final = (
    "http://ns.adobe.com/xap/1.0/\0"
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description xmlns:GCamera="http://ns.google.com/photos/1.0/camera/" '
    'xmlns:Container="http://ns.google.com/photos/1.0/container/" '
    'xmlns:Item="http://ns.google.com/photos/1.0/container/item/" GCamera:MotionPhoto="1" '
    'GCamera:MotionPhotoVersion="1" GCamera:MotionPhotoPresentationTimestampUs="{moment}">'
    '<Container:Directory><rdf:Seq><rdf:li rdf:parseType="Resource"><Container:Item Item:Mime="image/jpeg" '
    'Item:Semantic="Primary" Item:Length="0"/></rdf:li><rdf:li rdf:parseType="Resource"><Container:Item '
    'Item:Mime="video/mp4" Item:Semantic="MotionPhoto" Item:Length="{length}"/></rdf:li></rdf:Seq>'
    "</Container:Directory></rdf:Description></rdf:RDF></x:xmpmeta>"
)
_QUANTA: Final = bytes(min(99, 10 + number) for number in range(64))
_CODES: Final = bytes((0, 1, 5, 1, 1, 1, 1, 1, 1)) + bytes(7) + bytes(range(12))


def motion_photo(rng: random.Random) -> bytes:
    """One photograph with its video."""
    video = _video(rng)
    xmp = _XMP.format(moment=rng.randrange(500_000, 1_500_000), length=len(video)).encode()
    head = (
        _segment(0xE1, b"Exif\0\0" + _exif(rng)),
        _segment(0xE1, xmp),
        _segment(0xDB, b"\0" + _QUANTA),
        _segment(0xC0, struct.pack(">BHHB", 8, 960, 1280, 1) + b"\x01\x11\0"),
        _segment(0xC4, b"\0" + _CODES),
        _segment(0xDA, b"\x01\x01\0\0\x3f\0"),
    )
    coded = rng.randbytes(rng.randrange(6_000, 24_000)).replace(b"\xff", b"\xff\0")
    return b"".join((b"\xff\xd8", *head, coded, b"\xff\xd9", video))


def _segment(code: int, body: bytes) -> bytes:
    return bytes((0xFF, code)) + struct.pack(">H", len(body) + 2) + body


def _exif(rng: random.Random) -> bytes:
    """A TIFF structure (TIFF 6.0, section 2) with maker and model."""
    make, model = b"Halden Mobile\0", f"HM-{rng.randrange(4, 9)}00\0".encode()
    at = 8 + 2 + 12 * 2 + 4
    entries = struct.pack("<HHHII", 2, 0x010F, 2, len(make), at)
    entries += struct.pack("<HHII", 0x0110, 2, len(model), at + len(make))
    return b"II*\0" + struct.pack("<I", 8) + entries + b"\0\0\0\0" + make + model


def _video(rng: random.Random) -> bytes:
    """Boxes of a video whose media are noise, as coded video looks."""
    kind = _box(b"ftyp", b"isom\0\0\2\0isomiso2avc1mp41")
    clock = struct.pack(">IIIII", 0, 0, 0, 90_000, rng.randrange(90_000, 270_000)) + bytes(80)
    return kind + _box(b"moov", _box(b"mvhd", clock)) + _box(b"mdat", rng.randbytes(rng.randrange(16_000, 48_000)))


def _box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + name + body
