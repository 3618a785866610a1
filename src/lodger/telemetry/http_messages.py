"""HTTP/1.x messages in the two streams of a connection: heads, and bodies freed of their framing (RFC 9112).

Everything is bounded, and what breaks a bound or the syntax is passed over up to the next message that begins with a
segment. Bodies go to a receiver, with why they end before their time.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final, Protocol

from lodger.telemetry.streams import Moment

#: The longest head, line of a chunk and trailer, in bytes, and all unfinished ones of a capture together.
LONGEST_HEAD: Final = 32 * 1024
LONGEST_LINE: Final = 1024
HEADS: Final = 16 << 20
#: Requests of one connection that wait for their answers; the longest target and host that are told, in bytes.
WAITING: Final = 8
LONGEST_TARGET: Final = 1024
LONGEST_HOST: Final = 255
#: The largest body that is counted, in bytes: a length of more digits is no length.
_DIGITS: Final = 18

_BEGINS: Final = re.compile(rb"[A-Z][A-Z-]{1,19} [^ \r\n]|HTTP/1\.[01] [1-5]")
_SURE: Final = 24  # bytes by which every message is known to be one
_REQUEST: Final = re.compile(rb"([A-Z][A-Z-]{1,19}) ([^ \r\n]+) HTTP/1\.[01]\r?\n")
_ANSWER: Final = re.compile(rb"HTTP/1\.[01] ([1-5]\d\d)(?: [^\r\n]*)?\r?\n")
_END: Final = re.compile(rb"\r?\n\r?\n")
_ABSOLUTE: Final = re.compile(rb"https?://([^/?#]*)([^#]*)", re.IGNORECASE)
_SIZE: Final = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?\r?\n")
_KEPT: Final = frozenset(
    {
        b"host",
        b"content-length",
        b"transfer-encoding",
        b"content-encoding",
        b"content-type",
        b"content-disposition",
        b"content-range",
    }
)
_LISTS: Final = frozenset({b"transfer-encoding", b"content-encoding"})


@dataclass(frozen=True)
class Request:
    """What was asked: method, and target and host as they were sent, cut."""

    method: str
    target: bytes
    host: bytes


@dataclass(frozen=True)
class Head:
    """What a body comes with: the request it belongs to where that is known, the status of an answer (None: it is the
    request's own body), and those header fields that say something of the body, names in lower case.
    """

    request: Request | None
    status: int | None
    fields: Mapping[bytes, bytes]


class Receiver(Protocol):
    """What gets a body."""

    def take(self, data: bytes, moment: Moment) -> None:
        """The next bytes."""

    def end(self, why: str | None) -> None:
        """No more come; None where the body is whole."""


@dataclass
class Counts:
    """What was passed over in a capture, and the bytes of heads that are unfinished."""

    unreadable: int = 0
    heads: int = 0


#: Gives a body's receiver, from its head and the way it goes; None where nobody wants it.
Receive = Callable[[Head, int], Receiver | None]


class _State(Enum):
    HEAD = auto()
    LENGTH = auto()
    SIZE = auto()
    CHUNK = auto()
    BREAK = auto()
    TRAILER = auto()
    CLOSE = auto()
    LOST = auto()


@dataclass
class _Side:
    """Where one direction stands: ``left`` bytes of a body or chunk, ``text`` of a head or line that goes on."""

    state: _State = _State.HEAD
    left: int = 0
    text: bytearray = field(default_factory=bytearray)
    receiver: Receiver | None = None
    spoke: bool = False  # a whole head


class Conversation:
    """One connection; a :class:`~lodger.telemetry.streams.Listener`.

    ``begun`` says of which sides the beginning is seen.
    """

    def __init__(self, receive: Receive, counts: Counts, begun: tuple[bool, bool]) -> None:
        self._receive = receive
        self._counts = counts
        self._sides = tuple(_Side() if each else _Side(_State.LOST, spoke=True) for each in begun)
        self._asked: deque[Request] = deque(maxlen=WAITING)
        self._other = False  # than HTTP/1, from here on

    def hear(self, way: int, data: bytes, moment: Moment) -> bool:
        """As the protocol says."""
        side = self._sides[way]
        if side.state is _State.LOST and _BEGINS.match(data):
            side.state = _State.HEAD
        at = 0
        while at < len(data) and side.state is not _State.LOST and not self._other:
            at = self._step(side, way, data, at, moment)
        if self._other:
            self._close("another protocol begins")
        return not self._other

    def miss(self, way: int, length: int) -> None:
        """As the protocol says; a body ends here, of one with a length it is known where the next message begins."""
        side = self._sides[way]
        self._end(side, f"{length:,} bytes are missing in the capture")
        if side.state is _State.LENGTH and side.left >= length:
            side.left -= length
            side.state = _State.LENGTH if side.left else _State.HEAD
        else:
            self._lose(side)

    def end(self, way: int, why: str | None) -> None:
        """As the protocol says."""
        side = self._sides[way]
        whole = side.state is _State.CLOSE and why is None
        self._end(side, None if whole else why or "the sender ends it before its end")
        self._lose(side)

    def _close(self, why: str) -> None:
        for side in self._sides:
            self._end(side, why)
            self._lose(side)

    def _end(self, side: _Side, why: str | None) -> None:
        receiver, side.receiver = side.receiver, None
        if receiver is not None:
            receiver.end(why)

    def _lose(self, side: _Side) -> None:
        self._forget_text(side)
        side.state = _State.LOST

    def _forget_text(self, side: _Side) -> None:
        self._counts.heads -= len(side.text)
        side.text.clear()

    def _refuse(self, side: _Side, at: int) -> int:
        """The syntax or a bound is broken here."""
        self._counts.unreadable += 1
        self._end(side, "its framing cannot be read")
        self._lose(side)
        return at

    def _step(self, side: _Side, way: int, data: bytes, at: int, moment: Moment) -> int:
        """Go on from ``at``; returns up to where."""
        if side.state is _State.CLOSE:
            return self._content(side, data, at, len(data), moment)
        if side.state is _State.LENGTH or side.state is _State.CHUNK:
            stop = min(at + side.left, len(data))
            side.left -= stop - at
            self._content(side, data, at, stop, moment)
            if not side.left and side.state is _State.CHUNK:
                side.state = _State.BREAK
            elif not side.left:
                self._whole(side)
            return stop
        if side.state is _State.HEAD:
            return self._head(side, way, data, at)
        return self._line(side, data, at)

    def _content(self, side: _Side, data: bytes, at: int, stop: int, moment: Moment) -> int:
        if side.receiver is not None:
            side.receiver.take(data[at:stop], moment)
        return stop

    def _whole(self, side: _Side) -> None:
        side.state = _State.HEAD
        self._end(side, None)

    def _line(self, side: _Side, data: bytes, at: int) -> int:
        """The line before a chunk, the empty one behind it, or a line of the trailer."""
        stop = data.find(b"\n", at, at + LONGEST_LINE)
        if stop < 0:
            stop = min(len(data), at + LONGEST_LINE)
            self._gather(side, data[at:stop])
            return self._refuse(side, stop) if len(side.text) >= LONGEST_LINE else stop
        line = bytes(side.text) + data[at : stop + 1]
        self._forget_text(side)
        blank = line in {b"\n", b"\r\n"}
        if side.state is _State.TRAILER:
            if blank:
                self._whole(side)
        elif side.state is _State.BREAK:
            if not blank:
                return self._refuse(side, stop + 1)
            side.state = _State.SIZE
        else:
            size = _SIZE.fullmatch(line)
            if size is None:
                return self._refuse(side, stop + 1)
            side.left = int(size[1], 16)
            side.state = _State.CHUNK if side.left else _State.TRAILER
        return stop + 1

    def _gather(self, side: _Side, data: bytes) -> None:
        side.text += data
        self._counts.heads += len(data)

    def _head(self, side: _Side, way: int, data: bytes, at: int) -> int:
        while not side.text and at < len(data) and data[at] in b"\r\n":  # as servers let pass (RFC 9112, 2.2)
            at += 1
        before = len(side.text)
        stop = min(len(data), at + LONGEST_HEAD - before)
        self._gather(side, data[at:stop])
        text = side.text
        if len(text) >= _SURE and before < _SURE and not _BEGINS.match(text):
            if not side.spoke:
                self._other = True
                return stop
            return self._refuse(side, stop)
        end = _END.search(text, max(before - 3, 0))
        if end is None:
            full = len(text) >= LONGEST_HEAD or self._counts.heads > HEADS
            return self._refuse(side, stop) if full else stop
        head = bytes(text[: end.end()])
        self._forget_text(side)
        if self._read(side, way, head):
            return at + end.end() - before
        return at + end.end() - before if self._other else self._refuse(side, stop)

    def _read(self, side: _Side, way: int, head: bytes) -> bool:
        """Take a head; whether it is one."""
        begun = _REQUEST.match(head) or _ANSWER.match(head)
        if begun is None:
            self._other = not side.spoke
            return False
        side.spoke = True
        fields = _fields(head, begun.end())
        if fields is None:
            return False
        if begun.re is _REQUEST:
            request = _request(begun, fields)
            self._asked.append(request)
            return self._frame(side, way, Head(request, None, fields))
        status = int(begun[1])
        known = self._asked[0] if self._asked else None
        if known is not None and status >= 200:
            self._asked.popleft()
        if status == 101 or (known is not None and known.method == "CONNECT" and 200 <= status < 300):
            self._other = True
            return True
        if status < 200 or status in {204, 304} or (known is not None and known.method == "HEAD"):
            return True
        return self._frame(side, way, Head(known, status, fields))

    def _frame(self, side: _Side, way: int, head: Head) -> bool:
        """Where the body ends (RFC 9112, 6.3)."""
        codings = head.fields.get(b"transfer-encoding", b"").lower()
        length = head.fields.get(b"content-length")
        if codings:
            chunked = codings.rpartition(b",")[2].strip() == b"chunked"
            side.state = _State.SIZE if chunked else _State.CLOSE
            if not chunked and head.status is None:
                return False
        elif length is not None:
            if not length.isdigit() or len(length) > _DIGITS:
                return False
            side.left = int(length)
            side.state = _State.LENGTH if side.left else _State.HEAD
        else:
            side.state = _State.HEAD if head.status is None else _State.CLOSE
        if side.state is not _State.HEAD:
            side.receiver = self._receive(head, way)
        return True


def _fields(head: bytes, at: int) -> dict[bytes, bytes] | None:
    """The header fields that matter, lists put together; None where two lengths contradict each other."""
    found: dict[bytes, bytes] = {}
    for line in head[at:].split(b"\n"):
        name, _, value = line.partition(b":")
        name, value = name.rstrip(b" \t").lower(), value.strip()
        if name not in _KEPT:
            continue
        if name in found and name == b"content-length" and found[name] != value:
            return None
        if name not in found:
            found[name] = value
        elif name in _LISTS:
            found[name] += b"," + value
    return found


def _request(match: re.Match[bytes], fields: Mapping[bytes, bytes]) -> Request:
    target, host = match[2], fields.get(b"host", b"")
    absolute = _ABSOLUTE.match(target)
    if absolute is not None:  # to a proxy
        host, target = absolute[1], absolute[2] or b"/"
    return Request(match[1].decode(), target[:LONGEST_TARGET], host[:LONGEST_HOST])
