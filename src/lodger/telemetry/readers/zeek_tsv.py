"""Zeek's own log format: tab-separated rows under ``#`` headers.

The format after Zeek's ASCII writer (src/logging/writers/ascii/Ascii.cc): headers give the separators and the column
names; a backslash starts an escape (``\\xNN`` a byte, ``\\\\`` a backslash). Headers may come again in mid-file, as
they do where rotated logs were joined.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Final

import pyarrow as pa

from lodger.model import tables
from lodger.model.telemetry import Aside, Batch, Item, SourceFile
from lodger.telemetry import columnar
from lodger.telemetry.lines import blocks, lines, printable, text_file, utf8
from lodger.telemetry.reader import RAW, Reader
from lodger.telemetry.rows import plan
from lodger.telemetry.zeek import ZeekRow, ZeekRows, column

_ESCAPE: Final = re.compile(rb"\\(?:x([0-9a-fA-F]{2})|\\)")
#: Shorter stretches of rows are as quick row by row, in bytes.
_WORTH_IT: Final = 4096
_HEADER: Final = re.compile(rb"(?:\A|\n)#(?:separator[ \t]|fields\t)")


def _unescape(value: str) -> str:
    def plain(match: re.Match[bytes]) -> bytes:
        code = match[1]
        return b"\\" if code is None else bytes([int(code, 16)])

    return printable(_ESCAPE.sub(plain, value.encode("utf-8", "backslashreplace")))


@dataclass
class _Layout:
    """What the headers have said so far."""

    separator: str = "\t"
    set_separator: str = ","
    empty: str = "(empty)"
    unset: str = "-"
    path: str = ""
    names: tuple[str, ...] = ()
    lists: tuple[int, ...] = ()
    time: int | None = None
    problem: str | None = None
    types: Sequence[str] = field(default=())
    _shape: columnar.Layout | None = None

    def header(self, line: str) -> None:
        """Take one header line, without its ``#``."""
        self._shape = None
        if line.startswith("separator"):
            self.__init__()  # type: ignore[misc]  # a new log begins
            self.separator = _unescape(line[len("separator") :].lstrip(" \t")[:32]) or "\t"
            return
        name, _, rest = line.partition(self.separator)
        if name == "fields":
            self._fields(tuple(map(_unescape, rest.split(self.separator))))
        elif name == "types":
            self.types = rest.split(self.separator)
            self._find_lists()
        elif name == "path":
            self.path = _unescape(rest)
        elif name == "set_separator":
            self.set_separator = _unescape(rest) or ","
        elif name == "empty_field":
            self.empty = _unescape(rest)
        elif name == "unset_field":
            self.unset = _unescape(rest)

    def _fields(self, names: tuple[str, ...]) -> None:
        self.names = names
        self.time = names.index("ts") if "ts" in names else None
        repeated = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
        self.problem = f"column {', '.join(repeated)[:200]} occurs twice: the second is in other" if repeated else None
        self.types = ()
        self._find_lists()

    def _find_lists(self) -> None:
        """Which columns hold several values: as declared, else as the table has them."""
        if self.types:
            kinds = self.types[: len(self.names)]
            found = [i for i, kind in enumerate(kinds) if kind.startswith(("set[", "vector[", "table["))]
        else:
            schema = tables.ZEEK.get(self.path)
            find = column(self.path)
            homes = [find(name) for name in self.names]
            found = [
                i for i, home in enumerate(homes)
                if schema is not None and home is not None and schema.field(home).type == tables.TEXTS
            ]  # fmt: skip
        self.lists = tuple(found)

    def shape(self, source: str) -> columnar.Layout | None:
        """How rows can be read by columns; None where they cannot."""
        if self._shape is None and self.path in tables.ZEEK and self.time == 0:
            keys, columns = plan(f"zeek_{self.path}", self.names[1:], column(self.path))
            self._shape = columnar.Layout(
                tables.ZEEK[self.path],
                source,
                self.separator,
                self.set_separator,
                self.empty,
                self.unset,
                ("", *keys),
                (None, *columns),
                frozenset(self.lists),
            )
        return self._shape if self._shape is not None and self._shape.readable() else None

    def row(self, line: str) -> list[object] | None:
        """The values of a row; None when it has not as many columns as the header."""
        parts = line.split(self.separator)
        if len(parts) != len(self.names):
            return None
        unset, empty = self.unset, self.empty
        values: list[object] = [None if part == unset else part for part in parts]
        for place in self.lists:
            part = values[place]
            if part is not None:
                values[place] = [] if part == empty else self._several(parts[place])
        if empty in parts:
            values = ["" if value == empty else value for value in values]
        if "\\" in line:
            values = [_unescape(value) if isinstance(value, str) and "\\" in value else value for value in values]
        return values

    def _several(self, part: str) -> list[str | None]:
        pieces = part.split(self.set_separator)
        return [None if piece == self.unset else _unescape(piece) if "\\" in piece else piece for piece in pieces]


def _sniff(head: bytes) -> bool:
    head = utf8(head)
    return b"\0" not in head and _HEADER.search(head) is not None


def _read(source: SourceFile, *, by_columns: bool = True) -> Iterator[Item]:
    """``by_columns=False`` reads row by row what could be read by columns: the same comes out, only slower."""
    rows = ZeekRows(source.fingerprint)
    layout = _Layout()
    with text_file(source.path) as file:
        for number, stretch, whole in _stretches(file):
            if not whole:
                yield Aside(number, "line is longer than 64 MiB", stretch)
                continue
            data = _by_columns(layout, stretch, number, source.fingerprint) if by_columns else None
            if data is None:
                yield from _by_rows(layout, stretch, number, rows)
            else:
                yield from rows.rest()
                yield Batch(f"zeek_{layout.path}", data, len(stretch))
    yield from rows.rest()


def _stretches(file: BinaryIO) -> Iterator[tuple[int, bytes, bool]]:
    """Header lines each by itself, and the rows between them in blocks: number of the first line, content, whether
    whole.
    """
    for first, block, whole in blocks(file, columnar.BLOCK):
        number, start = first, 0
        while start < len(block):
            header = block.startswith(b"#", start)
            sign = b"\n" if header else b"\n#" if block.find(b"#", start) >= 0 else None
            end = (block.find(sign, start) + 1 if sign else 0) or len(block)
            yield number, block[start:end], whole
            if end < len(block):
                number += block.count(b"\n", start, end)
            start = end


def _by_columns(layout: _Layout, stretch: bytes, number: int, source: str) -> pa.RecordBatch | None:
    if len(stretch) < _WORTH_IT or stretch.startswith(b"#"):
        return None
    shape = layout.shape(source)
    return None if shape is None else columnar.read(shape, stretch, number)


def _by_rows(layout: _Layout, stretch: bytes, first: int, rows: ZeekRows) -> Iterator[Item]:
    for number, raw, _ in lines(io.BytesIO(stretch)):
        record = first + number - 1
        line = printable(raw.rstrip(b"\r\n"))
        if line.startswith("#"):
            layout.header(line[1:])
            if line.startswith("#fields") and layout.problem is not None:
                yield Aside(record, layout.problem, raw[:RAW])
            continue
        values = layout.row(line)
        if values is None:
            yield Aside(record, _misfit(layout, line), raw[:RAW])
            continue
        time = layout.time
        when = None if time is None else values[time]
        names = layout.names if time is None else layout.names[:time] + layout.names[time + 1 :]
        if time is not None:
            del values[time]
        yield from rows.add(record, ZeekRow(layout.path, when, names, values), raw)


def _misfit(layout: _Layout, line: str) -> str:
    if not layout.names:
        return "row stands before any #fields header"
    return f"row has {line.count(layout.separator) + 1} columns, its header {len(layout.names)}"


READER = Reader(
    name="zeek_tsv",
    title="Zeek logs (tab-separated)",
    maps="zeek_<path> for the logs that have a table, zeek_other for all others",
    sniff=_sniff,
    read=_read,
)
