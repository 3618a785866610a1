"""Collects what a walk finds; every judgement of bytes goes through here."""

from __future__ import annotations

import re
import zlib
from typing import Final

from lodger.disguise import noise
from lodger.disguise.findings import Finding, Verdict
from lodger.disguise.octets import BrokenError, Octets

#: Most findings kept of a file; more say nothing new.
MOST: Final = 100
#: Fewer bytes than this that no format accounts for are let pass: writers leave such crumbs.
CRUMBS: Final = 16
#: Most bytes that entropy and chi-square are taken of, and most of opaque content searched for noise.
JUDGED: Final = 16 * 1024**2
SEARCHED: Final = 4 * 1024**2
#: Most bytes of metadata unpacked in one file.
UNPACKED: Final = 64 * 1024**2

_PADDING: Final = (b"\0", b"\xff", b" \t\r\n\0")
_LOOK: Final = 64 * 1024
_ZLIB: Final = re.compile(rb"\x78[\x01\x5e\x9c\xda]")


class Trace:
    """What one walk found: ``findings``, the picture's own data and the tail behind it, each (start, end)."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.image: tuple[int, int] | None = None
        self.tail: tuple[int, int] | None = None
        self._left = UNPACKED

    @property
    def full(self) -> bool:
        """Whether further findings are dropped."""
        return len(self.findings) >= MOST

    def add(self, finding: Finding) -> None:
        """Keep a finding."""
        if not self.full:
            self.findings.append(finding)

    def malformed(self, offset: int, sentence: str, length: int = 0) -> None:
        """The structure is broken at ``offset``."""
        self.add(Finding("structure", Verdict.MALFORMED, offset, length, sentence))

    def mismatch(self, kind: str, sentence: str, offset: int = 0, length: int = 0) -> None:
        """The file is not what it says that it is."""
        self.add(Finding(kind, Verdict.MISMATCH, offset, length, sentence))

    def hidden(self, kind: str, data: Octets, start: int, end: int, where: str) -> None:
        """Bytes from ``start`` to ``end`` that the format does not account for, whatever they are."""
        if self.full:
            return
        spread = noise.counts(data.head(start, min(end - start, JUDGED)))
        bits, chance = noise.entropy(spread), noise.upper_tail(noise.chi_square(spread))
        like = "as evenly spread as random ones" if end - start >= noise.LEAST and 1e-9 < chance < 1 - 1e-9 else ""
        sentence = f"{end - start:,} bytes {where}: {bits:.2f} bits per byte{', ' if like else ''}{like}"
        self.add(Finding(kind, Verdict.HIDDEN, start, end - start, sentence, round(bits, 4), chance))

    def leftover(self, kind: str, data: Octets, start: int, end: int, where: str) -> bool:
        """As :meth:`hidden`, unless it is padding or a crumb; whether it was something."""
        if end - start < CRUMBS or is_padding(data, start, end):
            return False
        self.hidden(kind, data, start, end, where)
        return True

    def opaque(self, kind: str, data: Octets, start: int, end: int, where: str) -> bool:
        """Content whose form is nobody's business here: a finding only where random bytes stand in it."""
        if end - start < noise.LEAST:
            return False
        content = data.head(start, min(end - start, SEARCHED))
        found = noise.noise(content)
        if found is None or self._is_packed(content):
            return False
        self.hidden(kind, data, start + found[0], start + found[1], f"{where} look like nothing but noise")
        return True

    def unpacked(self, packed: bytes) -> tuple[bytes, int]:
        """What a zlib stream holds, cut, and how many bytes stand behind its end (-1 where the end is not seen).

        One file may have :data:`UNPACKED` bytes unpacked in all; then streams are taken to be empty. Raises
        :class:`BrokenError` where it cannot be unpacked.
        """
        inflate = zlib.decompressobj()
        if self._left <= 0:
            return b"", -1
        try:
            content = inflate.decompress(packed, min(SEARCHED, self._left))
        except zlib.error as error:
            self._left -= len(packed)
            raise BrokenError(0, f"is not packed as it says ({error})") from error
        self._left -= len(content) + len(packed)
        return content, len(inflate.unused_data) if inflate.eof else -1

    def _is_packed(self, content: bytes) -> bool:
        """Whether a zlib stream, checksum and all, ends where ``content`` does, and made something shorter.

        Its header may stand up to 128 bytes within. Random bytes do not get shorter: they cannot pass in such a stream.
        """
        for at in list(_ZLIB.finditer(content, 0, 130))[:4]:
            packed = content[at.start() :]
            try:
                told, behind = self.unpacked(packed)
            except BrokenError:
                continue
            if behind == 0 and len(told) > len(packed):
                return True
        return False


def is_padding(data: Octets, start: int, end: int) -> bool:
    """Whether all bytes are zero, or all 0xFF, or all white space."""
    lead = data.head(start, 1)
    kind = next((each for each in _PADDING if lead and lead in each), None)
    if kind is None:
        return end <= start
    at = data.run_end(start)
    while at < end and len(kind) > 1 and not data.head(at, min(_LOOK, end - at)).translate(None, kind):
        at = data.run_end(min(at + _LOOK, end))
    return at >= end
