"""Files with random bytes behind what they seem to be: what a sensor that carves would have kept of an upload."""

from __future__ import annotations

import random
from struct import pack
from typing import Final

_WIDTH: Final = 54  # pixels; the picture behind which Duqu's data came was as small (Symantec 2011)

#: ITU-T T.81: one quantisation table of ones, a grey picture, codes for differences of brightness (table K.3), and a
#: single code for 'nothing more in this block'.
_DC_COUNTS: Final = bytes((0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0))
_DC_CODES: Final = ("00", "010", "011", "100", "101", "110", "1110")


def _segment(marker: int, content: bytes) -> bytes:
    return pack(">BBH", 0xFF, marker, len(content) + 2) + content


def _blocks(rng: random.Random, count: int) -> bytes:
    """Entropy-coded blocks of one brightness each."""
    bits = []
    for _ in range(count):
        length = rng.randrange(7)
        bits.append(_DC_CODES[length] + "".join(rng.choice("01") for _ in range(length)) + "0")
    text = "".join(bits)
    text += "1" * (-len(text) % 8)
    coded = int(text, 2).to_bytes(len(text) // 8, "big")
    return coded.replace(b"\xff", b"\xff\x00")


def picture(rng: random.Random, size: int) -> bytes:
    """A small baseline JPEG and random bytes behind its end, ``size`` bytes or a little more in all."""
    blocks = ((_WIDTH + 7) // 8) ** 2
    whole = b"".join(
        (
            b"\xff\xd8",
            _segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
            _segment(0xDB, b"\0" + b"\x01" * 64),
            _segment(0xC0, pack(">BHHBBBB", 8, _WIDTH, _WIDTH, 1, 1, 0x11, 0)),
            _segment(0xC4, b"\0" + _DC_COUNTS + bytes(range(12))),
            _segment(0xC4, b"\x10" + bytes((1, *[0] * 15)) + b"\0"),
            _segment(0xDA, b"\x01\x01\0\0\x3f\0"),
            _blocks(rng, blocks),
            b"\xff\xd9",
        )
    )
    return whole + rng.randbytes(max(16, size - len(whole)))


def document(rng: random.Random, size: int) -> bytes:
    """A PDF of one empty page and random bytes behind its end, ``size`` bytes or a little more in all."""
    parts = (
        b"1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n",
        b"2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n",
        b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>\nendobj\n",
    )
    whole, places = b"%PDF-1.4\n", []
    for part in parts:
        places.append(len(whole))
        whole += part
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 4\n0000000000 65535 f \n%strailer\n<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    whole += end % (table, len(whole))
    return whole + rng.randbytes(max(16, size - len(whole)))
