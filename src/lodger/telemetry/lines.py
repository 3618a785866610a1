"""Lines of text files of any length in bounded memory, as UTF-8 bytes."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from lodger.model.telemetry import Span
from lodger.telemetry.parts import section
from lodger.telemetry.reader import RAW

#: A longer line is no record of a sensor; this much of it is the most that is held in memory, in bytes.
LONGEST_LINE: Final = 64 * 1024 * 1024

_UTF16: Final = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


class _Recoded(io.RawIOBase):
    """A UTF-16 file as UTF-8 bytes; what is not valid in it comes out as backslash escapes."""

    def __init__(self, raw: BinaryIO, encoding: str) -> None:
        self._raw = raw
        self._decoder = codecs.getincrementaldecoder(encoding)(errors="backslashreplace")
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        while not self._rest:
            block = self._raw.read(64 * 1024)
            self._rest = self._decoder.decode(block, final=not block).encode("utf-8", "backslashreplace")
            if not block:
                break
        part = self._rest[: len(buffer)]
        self._rest = self._rest[len(part) :]
        buffer[: len(part)] = part
        return len(part)


def utf8(head: bytes) -> bytes:
    """The beginning of a text file as UTF-8 without byte order mark, whatever its encoding."""
    encoding = _UTF16.get(head[:2])
    if encoding is not None:
        return head[2:].decode(encoding, "ignore").encode("utf-8", "ignore")
    return head.removeprefix(codecs.BOM_UTF8)


@contextmanager
def text_file(path: Path, span: Span | None = None) -> Iterator[BinaryIO]:
    """A text file, or a part of one, opened as UTF-8 bytes behind its byte order mark; UTF-16 (PowerShell writes it)
    is recoded.
    """
    with path.open("rb") as raw:
        mark = raw.read(3)
        encoding = _UTF16.get(mark[:2])
        if encoding is not None:
            raw.seek(2)
            yield io.BufferedReader(_Recoded(raw, encoding))
            return
        begin = 3 if mark == codecs.BOM_UTF8 else 0
        if span is None:
            raw.seek(begin)
            yield raw
        else:
            yield section(raw, Span(max(begin, span.start), span.end))


def lines(file: BinaryIO, longest: int = LONGEST_LINE) -> Iterator[tuple[int, bytes, bool]]:
    """All lines that hold anything but white space: number from 1, content, and whether it is whole.

    Of a line longer than ``longest`` bytes only the first :data:`RAW` are given, as not whole.
    """
    number = 0
    while line := file.readline(longest + 1):
        number += 1
        if len(line) > longest and not line.endswith(b"\n"):
            yield number, _cut(file, line), False
        elif not line.isspace():
            yield number, line, True


def blocks(file: BinaryIO, size: int, longest: int = LONGEST_LINE) -> Iterator[tuple[int, bytes, bool]]:
    """All lines, as many together as fit into ``size`` bytes: number of the first from 1, content, and whether it is
    whole.

    A line that is longer comes alone, one that is longer than ``longest`` as with :func:`lines`.
    """
    number, rest = 1, b""
    while block := rest + file.read(size - len(rest)):
        end = len(block) if len(block) < size else block.rfind(b"\n") + 1
        whole = True
        if end == 0:
            block += file.readline(longest + 1 - size)
            end = len(block)
            if end > longest and not block.endswith(b"\n"):
                block, whole = _cut(file, block), False
        yield number, block[:end], whole
        number += max(1, block.count(b"\n", 0, end))
        rest = block[end:]


def _cut(file: BinaryIO, line: bytes) -> bytes:
    """The beginning of a line that is too long; the rest of it is read over."""
    line = line[:RAW]  # frees the rest before more is read
    while (more := file.readline(RAW)) and not more.endswith(b"\n"):
        pass
    return line


def printable(content: bytes) -> str:
    """Bytes as text; what is not UTF-8 stays visible as ``\\xNN``."""
    return content.decode("utf-8", "backslashreplace")
