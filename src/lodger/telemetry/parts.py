"""Large files in parts that can be read at the same time."""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from lodger.model.telemetry import SourceFile, Span

#: A part is about so long, in bytes: what comes out of it is held in memory until its turn.
PART: Final = 8 * 1024 * 1024

_BLOCK: Final = 64 * 1024
_NO_LINES: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True)
class Parts:
    """How a format's files are read in parts.

    ``spans`` cuts a file into parts that together are all of it, none where it must be read in one; each is read by
    itself, as a :class:`SourceFile` with that ``span``, its records numbered from 1. ``numbers`` says how many record
    numbers such a part takes, given the last that came out of it: those of the next part begin behind them.
    """

    spans: Callable[[SourceFile], Iterator[Span]]
    numbers: Callable[[SourceFile, int], int]


class _Section(io.RawIOBase):
    """A file's bytes up to some place, as if it ended there."""

    def __init__(self, raw: BinaryIO, span: Span) -> None:
        self._raw = raw
        self._left = span.end - span.start
        raw.seek(span.start)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        part = self._raw.read(min(len(buffer), self._left))
        self._left -= len(part)
        buffer[: len(part)] = part
        return len(part)


def section(file: BinaryIO, span: Span) -> BinaryIO:
    """The part of an open file, as a file of its own."""
    return io.BufferedReader(_Section(file, span), _BLOCK)


def line_spans(source: SourceFile) -> Iterator[Span]:
    """A text file in parts that end where lines do; none for a file in UTF-16, whose line ends are no single bytes."""
    with source.path.open("rb") as file:
        if file.read(2) in _NO_LINES:
            return
        start = 0
        while start < source.size:
            end = _line_end(file, min(start + PART, source.size))
            yield Span(start, end)
            start = end


def _line_end(file: BinaryIO, at: int) -> int:
    """The first place from ``at`` on that stands behind a line's end, or the file's end."""
    file.seek(at - 1)
    while block := file.read(_BLOCK):
        found = block.find(b"\n")
        if found >= 0:
            return file.tell() - len(block) + found + 1
    return file.tell()


def _line_count(source: SourceFile, _: int) -> int:
    with source.path.open("rb") as file:
        part = section(file, source.span or Span(0, source.size))
        return sum(block.count(b"\n") for block in iter(lambda: part.read(_BLOCK), b""))


#: Of formats in which every line is a record of its own.
LINES: Final = Parts(line_spans, _line_count)
