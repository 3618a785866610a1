"""The records of a CSV file (RFC 4180) by its header, in bounded memory and time, whatever its quotes say.

A field in quotes may hold line ends. Where quotes are not closed, or a record has not the columns of its header, its
first line alone is given up, and reading goes on with the next one: a stray quote costs no neighbour.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final, NamedTuple

from lodger.model.telemetry import Aside, SourceFile
from lodger.telemetry.json_records import Record
from lodger.telemetry.lines import printable, text_file, utf8
from lodger.telemetry.reader import RAW

#: A longer record is none of a tool; this much of the file is the most that is held in memory, in bytes.
LONGEST: Final = 2 * 1024 * 1024


class _Line(NamedTuple):
    number: int
    content: bytes


def header(head: bytes) -> tuple[str, ...]:
    """The columns that a file's first bytes name in their first line; none where that line is not whole."""
    line, end, _ = utf8(head).partition(b"\n")
    return tuple(fields(_text(line))) if end and not _is_open(line) else ()


def records(source: SourceFile) -> Iterator[Record | Aside]:
    """All records of a CSV file behind its header, numbered by the lines on which they begin, with those of their
    fields that hold anything. A line that says the header again is none.
    """
    with text_file(source.path) as file:
        lines = _Lines(file)
        first = lines.next()
        if first is None or not isinstance(first, _Line):
            yield from () if first is None else (first,)
            return
        names = _once(fields(_text(first.content)))
        while (line := lines.next()) is not None:
            if isinstance(line, Aside):
                yield line
            elif not line.content.isspace() and line.content != first.content:
                yield _record(lines, line, names)


def fields(text: str) -> list[str]:
    """The fields of one record; none where a quote stands within a field that is not in quotes."""
    if '"' not in text:
        return text.split(",")
    found: list[str] = []
    parts: list[str] = []  # of the field that is being read
    pieces = text.split('"')
    last = len(pieces) - 1
    for at, piece in enumerate(pieces):
        if at % 2:
            parts.append(piece)
        elif not piece and 0 < at < last:
            parts.append('"')  # said twice within quotes: the quote itself
        elif (at > 0 and piece[:1] not in ("", ",")) or (at < last and piece[-1:] not in ("", ",")):
            return []
        else:
            own, *more = piece.split(",")
            parts.append(own)
            if more:
                found += ["".join(parts), *more[:-1]]
                parts = more[-1:]
    return [*found, "".join(parts)]


class _Lines:
    """The lines of a file, of which some can be given back."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._back: deque[_Line | Aside] = deque()
        self._number = 0

    def next(self) -> _Line | Aside | None:
        """The next line, its number from 1; None at the end."""
        if self._back:
            return self._back.popleft()
        line = self._file.readline(LONGEST + 1)
        self._number += 1
        if len(line) <= LONGEST or line.endswith(b"\n"):
            return _Line(self._number, line) if line else None
        line = line[:RAW]  # frees the rest before more is read
        while (more := self._file.readline(RAW)) and not more.endswith(b"\n"):
            pass
        return Aside(self._number, "line is longer than 2 MiB", line)

    def give_back(self, lines: Sequence[_Line | Aside]) -> None:
        """Have ``lines`` come again, in their order."""
        self._back.extendleft(reversed(lines))


def _record(lines: _Lines, first: _Line, names: Sequence[str]) -> Record | Aside:
    """The record that begins with ``first``; all lines but that one are given back where there is none."""
    more: list[_Line | Aside] = []
    raw, size, is_open = [first.content], len(first.content), _is_open(first.content)
    while is_open and size <= LONGEST and (line := lines.next()) is not None:
        more.append(line)
        if isinstance(line, Aside):
            break
        raw.append(line.content)
        size += len(line.content)
        is_open ^= _is_open(line.content)
    whole = b"".join(raw)
    values = [] if is_open else fields(_text(whole))
    if len(values) == len(names):
        return Record(first.number, {name: value for name, value in zip(names, values, strict=True) if value}, whole)
    lines.give_back(more)
    problem = "a quote is not closed" if is_open else "a quote stands within a field"
    if values:
        problem = f"has {len(values)} columns, its header {len(names)}"
    return Aside(first.number, problem, first.content[:RAW])


def _is_open(line: bytes) -> bool:
    """Whether the quotes of a line, taken by itself, are not closed at its end."""
    return line.count(b'"') % 2 == 1


def _text(line: bytes) -> str:
    return printable(line.removesuffix(b"\n").removesuffix(b"\r"))


def _once(names: Sequence[str]) -> list[str]:
    """Column names, one that comes again as ``name#2``."""
    counts: dict[str, int] = {}
    found: dict[str, None] = {}
    for name in names:
        own = name
        while own in found:
            counts[name] = counts.get(name, 1) + 1
            own = f"{name}#{counts[name]}"
        found[own] = None
    return list(found)
