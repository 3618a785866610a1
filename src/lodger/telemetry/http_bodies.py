"""What HTTP bodies carry: content freed of gzip and deflate, the parts of multipart bodies, those of known kinds kept.

Of what is no picture, document or program no more than the first bytes is looked at (RFC 9110, 1952, 1951, 7578).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from lodger.disguise.discovery import begins
from lodger.disguise.form import HEAD
from lodger.telemetry.http_messages import Head, Receiver
from lodger.telemetry.streams import Moment

#: The largest body that is kept, and all that are kept at once, in bytes; what of those is in memory.
LARGEST: Final = 64 << 20
KEPT: Final = 1 << 30
MEMORY: Final = 8 << 20
_FLUSH: Final = 1 << 20
#: Unpacked bytes for each packed one, and so many more: of one body, and of all of a capture.
RATIO: Final = 64
RATIO_OF_ALL: Final = 16
_FREE: Final = 256 * 1024
_FREE_OF_ALL: Final = 256 << 20
#: Bodies that are unpacked at once (each takes some 40 KB of memory), and the most that comes out in one go.
UNPACKING: Final = 1000
_BLOCK: Final = 256 * 1024
#: Of multipart bodies: the longest header of a part and boundary, and the most parts.
_PART_HEADER: Final = 4096
_BOUNDARY: Final = re.compile(rb';\s*boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;"]{1,200}))', re.IGNORECASE)
_PARTS: Final = 1000
_PART_END: Final = re.compile(rb"\r?\n\r?\n")
_GZIP: Final = 16 + zlib.MAX_WBITS
_RANGE: Final = re.compile(rb"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})")
_PACKED: Final = frozenset({b"gzip", b"x-gzip", b"deflate"})
_OTHERS: Final = frozenset({b"br", b"zstd", b"compress", b"x-compress", b"dcb", b"dcz"})


@dataclass(frozen=True)
class Origin:
    """Where a body comes from: the message's head, the ends of the connection from the body's sender on, the header
    fields that name it (a part's own, or the message's), and the packet in which it begins.
    """

    head: Head
    ends: bytes
    naming: Mapping[bytes, bytes]
    moment: Moment


@dataclass(frozen=True)
class Body:
    """A body of a known kind, as a file; ``notes`` say why it is not the whole of what was sent."""

    origin: Origin
    path: Path
    size: int
    notes: tuple[str, ...]


@dataclass
class Shelf:
    """Where bodies are kept while they come in; ``done`` are those that came to their end, to be taken away.

    ``undecoded`` counts the bodies in codings that are not unpacked, ``credit`` the bytes that may still be unpacked.
    """

    folder: Path
    done: list[Body] = field(default_factory=list)
    undecoded: int = 0
    credit: int = _FREE_OF_ALL
    unpacking: int = 0
    kept: int = 0
    memory: int = 0
    count: int = 0
    growing: dict[int, _Growing] = field(default_factory=dict)

    def begin(self) -> _Growing:
        """A new file."""
        self.count += 1
        self.growing[self.count] = _Growing(self.count, self.folder / f"body-{self.count}")
        return self.growing[self.count]

    def add(self, file: _Growing, data: bytes) -> None:
        """Write on; memory is freed when there is too much."""
        file.size += len(data)
        self.kept += len(data)
        self.memory += len(data)
        file.text += data
        if len(file.text) >= _FLUSH:
            self._flush(file)
        if self.memory > MEMORY:
            for each in self.growing.values():
                self._flush(each)

    def _flush(self, file: _Growing) -> None:
        if file.text:
            with file.path.open("ab") as out:
                out.write(file.text)
            self.memory -= len(file.text)
            file.text.clear()

    def finish(self, file: _Growing, origin: Origin, notes: tuple[str, ...]) -> None:
        """The file is done."""
        self._flush(file)
        del self.growing[file.number]
        self.done.append(Body(origin, file.path, file.size, notes))

    def free(self, body: Body) -> None:
        """A body that was done is not needed any more."""
        self.kept -= body.size
        body.path.unlink()


@dataclass
class _Growing:
    number: int
    path: Path
    size: int = 0
    text: bytearray = field(default_factory=bytearray)


class _Sink(Protocol):
    """Content that comes in; ``take`` says whether more is wanted."""

    def take(self, data: bytes, moment: Moment) -> bool: ...

    def end(self, why: str | None) -> None: ...


class _Content:
    """One file's content."""

    def __init__(self, shelf: Shelf, head: Head, ends: bytes, naming: Mapping[bytes, bytes]) -> None:
        self._shelf = shelf
        self._about = (head, ends, naming)
        self._first = b""
        self._origin: Origin | None = None
        self._file: _Growing | None = None
        self._dropped = False
        self._cut: str | None = None

    def take(self, data: bytes, moment: Moment) -> bool:
        if self._file is not None:
            self._keep(data)
        elif not self._dropped:
            self._origin = self._origin or Origin(*self._about, moment)
            self._first += data
            if len(self._first) >= HEAD:
                self._decide()
        return not self._dropped and self._cut is None

    def end(self, why: str | None) -> None:
        if self._file is None and not self._dropped:
            self._decide()
        if self._file is not None and self._origin is not None:
            told = _partly(self._origin.naming), self._cut or why
            self._shelf.finish(self._file, self._origin, tuple(each for each in told if each is not None))
        self._file, self._dropped = None, True

    def _decide(self) -> None:
        first, self._first = self._first, b""
        self._dropped = not begins(first[:HEAD])
        if not self._dropped:
            self._file = self._shelf.begin()
            self._keep(first)

    def _keep(self, data: bytes) -> None:
        if self._file is None or self._cut is not None:
            return
        room = min(LARGEST - self._file.size, KEPT - self._shelf.kept)
        if len(data) > room:
            self._cut = f"more than {self._file.size + room:,} bytes are not kept"
        self._shelf.add(self._file, data[:room])


def _partly(naming: Mapping[bytes, bytes]) -> str | None:
    """That the message itself says that it is a part of a file."""
    told = _RANGE.fullmatch(naming.get(b"content-range", b""))
    if told is None or (int(told[1]) == 0 and int(told[2]) + 1 >= int(told[3])):
        return None
    return f"only bytes {int(told[1]):,} to {int(told[2]):,} of {int(told[3]):,} were sent"


class _Unpacked:
    """Content that is packed by gzip or deflate."""

    def __init__(self, shelf: Shelf, coding: bytes, sink: _Sink) -> None:
        self._shelf = shelf
        self._sink = sink
        self._deflate = coding == b"deflate"
        self._begun = b""
        self._inflate: zlib._Decompress | None = None
        self._plain = False
        self._behind = 0
        self._in = self._out = 0
        self._cut: str | None = None
        shelf.unpacking += 1

    def take(self, data: bytes, moment: Moment) -> bool:
        if self._cut is not None:
            return False
        if self._plain:
            return self._sink.take(data, moment)
        if self._inflate is None:
            data = self._begun + data
            if len(data) < 2:
                self._begun = data
                return True
            self._inflate = self._begun_with(data)
            if self._inflate is None:
                self._plain = True
                return self._sink.take(data, moment)
        self._in += len(data)
        self._shelf.credit += RATIO_OF_ALL * len(data)
        return all(self._sink.take(each, moment) for each in self._pieces(data)) and self._cut is None

    def _begun_with(self, data: bytes) -> zlib._Decompress | None:
        """By the first two bytes; None for content that is not packed, whatever its header says."""
        if data[:2] == b"\x1f\x8b":
            return zlib.decompressobj(_GZIP)
        if not self._deflate:
            return None
        wrapped = data[0] & 15 == 8 and (data[0] << 8 | data[1]) % 31 == 0
        return zlib.decompressobj(zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)

    def _pieces(self, data: bytes) -> Iterator[bytes]:
        while data and self._inflate is not None:
            if self._inflate.eof:
                if self._deflate or self._behind or data[0] != 0x1F:
                    self._behind += len(data)
                    return
                self._inflate = zlib.decompressobj(_GZIP)  # a gzip file may have several members
            try:
                told = self._inflate.decompress(data, _BLOCK)
            except zlib.error as error:
                self._cut = f"what follows cannot be unpacked ({error})"
                return
            self._out += len(told)
            self._shelf.credit -= len(told)
            if self._out > RATIO * self._in + _FREE or self._shelf.credit < 0:
                self._cut = f"it is packed too tightly to be unpacked: {self._in:,} bytes hold more than {self._out:,}"
                return
            if told:
                yield told
            data = self._inflate.unused_data or self._inflate.unconsumed_tail

    def end(self, why: str | None) -> None:
        if why is None and self._behind:
            why = f"{self._behind:,} bytes stand behind what is packed"
        if why is None and self._inflate is not None and not self._inflate.eof:
            why = "what is packed ends before its end"
        self._shelf.unpacking -= 1
        self._sink.end(self._cut or why)


class _Parts:
    """The parts of a multipart body (RFC 2046, 5.1.1)."""

    def __init__(self, shelf: Shelf, head: Head, ends: bytes, boundary: bytes) -> None:
        self._about = (shelf, head, ends)
        self._mark = b"\n--" + boundary
        self._text = b"\n"  # what is not decided; the first mark may begin the body
        self._sink: _Content | None = None
        self._header = False
        self._left = _PARTS

    def take(self, data: bytes, moment: Moment) -> bool:
        self._text += data
        while self._left and self._step(moment):
            pass
        return self._left > 0

    def end(self, why: str | None) -> None:
        self._end_part(why or "its part does not end")

    def _step(self, moment: Moment) -> bool:
        """Take a piece of the text; whether there may be more in it."""
        if self._header:
            return self._read()
        at = self._text.find(self._mark)
        if at < 0:
            # a mark may have begun, and the line end before it
            self._pass(max(len(self._text) - len(self._mark), 0), moment)
            return False
        behind = self._text[at + len(self._mark) :]
        if len(behind) < 2:
            self._pass(max(at - 1, 0), moment)
            return False
        self._pass(at - (self._text[at - 1 : at] == b"\r"), moment)
        self._end_part(None)
        self._left = 0 if behind[:2] == b"--" else self._left - 1
        self._header, self._text = True, behind
        return True

    def _read(self) -> bool:
        found = _PART_END.search(self._text, 0, _PART_HEADER)
        if found is None:
            if len(self._text) >= _PART_HEADER:  # its content is nobody's then
                self._header = False
                return True
            return False
        naming: dict[bytes, bytes] = {}
        for line in self._text[: found.start()].split(b"\n"):
            name, _, value = line.partition(b":")
            naming.setdefault(name.strip().lower(), value.strip())
        shelf, head, ends = self._about
        self._sink = _Content(shelf, head, ends, naming)
        self._header, self._text = False, self._text[found.end() :]
        return True

    def _pass(self, size: int, moment: Moment) -> None:
        content, self._text = self._text[:size], self._text[size:]
        if content and self._sink is not None:
            self._sink.take(content, moment)

    def _end_part(self, why: str | None) -> None:
        sink, self._sink = self._sink, None
        if sink is not None:
            sink.end(why)


class _Received:
    """A body on its way to what is made of it."""

    def __init__(self, sink: _Sink) -> None:
        self._sink = sink
        self._wanted = True

    def take(self, data: bytes, moment: Moment) -> None:
        if self._wanted:
            self._wanted = self._sink.take(data, moment)

    def end(self, why: str | None) -> None:
        self._sink.end(why)


def receiver(shelf: Shelf, head: Head, ends: bytes) -> Receiver | None:
    """What takes the body that follows ``head``; None where it cannot be unpacked. ``ends`` begin with the sender."""
    codings = b",".join(head.fields.get(name, b"") for name in (b"content-encoding", b"transfer-encoding"))
    packed = [each for each in (part.strip().lower() for part in codings.split(b",")) if each in _PACKED | _OTHERS]
    if len(packed) > 1 or _OTHERS.intersection(packed) or (packed and shelf.unpacking >= UNPACKING):
        shelf.undecoded += 1
        return None
    kind = head.fields.get(b"content-type", b"")
    boundary = _BOUNDARY.search(kind) if kind[:10].lower() == b"multipart/" else None
    if boundary is None:
        sink: _Sink = _Content(shelf, head, ends, head.fields)
    else:
        sink = _Parts(shelf, head, ends, boundary[1] or boundary[2])
    return _Received(_Unpacked(shelf, packed[0], sink) if packed else sink)
