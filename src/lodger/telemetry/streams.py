"""TCP's segments as streams of bytes, in bounded memory.

What came first stays: a byte that was seen once is not replaced by a later segment that has another in its place. A gap
is waited out until as much is held behind it as :data:`WINDOW` allows, or the connection ends; then it is told.
Checksums are not looked at: a capture made on the host itself has those that its network card would fill.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable
from operator import itemgetter
from typing import Final, NamedTuple, Protocol

from lodger.telemetry.segments import ACK, FIN, RST, SYN, Segment, turned

#: What is held of one direction behind a gap, in bytes and in pieces; how far ahead of it a segment may be.
WINDOW: Final = 1 << 20
PIECES: Final = 1024
FURTHEST: Final = 1 << 24
#: What is held behind gaps in all; a piece costs more than its bytes.
HELD: Final = 32 << 20
_PIECE: Final = 256
#: Connections that are followed at once; those of which nothing more is wanted, and those without content so far.
FOLLOWED: Final = 8192
KNOWN: Final = 65_536
#: A connection ends after an hour of silence, in microseconds.
PATIENCE: Final = 3_600_000_000
#: So many segments too far ahead, one after the other, are no accident: the capture has lost what is between.
_FAR: Final = 16

_MASK: Final = 0xFFFFFFFF
_BEFORE: Final = 1 << 31


class Moment(NamedTuple):
    """A packet's number in its capture, and its time in microseconds since 1970."""

    packet: int
    micros: int


class Listener(Protocol):
    """What hears a connection; ``way`` is 0 for what was sent by whose content came first, 1 for the answers."""

    def hear(self, way: int, data: bytes, moment: Moment) -> bool:
        """The next bytes; whether any more is wanted of the connection."""

    def miss(self, way: int, length: int) -> None:
        """So many bytes are not in the capture."""

    def end(self, way: int, why: str | None) -> None:
        """No more bytes come; None where the sender closed its side."""


class _Half:
    """One direction. ``at`` counts the bytes that were passed on or missed, ``base`` is the first one's number."""

    __slots__ = ("at", "base", "closes", "connection", "ended", "far", "held", "pieces", "way")

    def __init__(self, connection: _Connection, way: int, base: int | None) -> None:
        self.connection = connection
        self.way = way
        self.base = base
        self.at = 0
        self.pieces: list[tuple[int, bytes, Moment]] = []
        self.held = 0
        self.far = 0
        self.closes: int | None = None
        self.ended = False


class _Connection:
    __slots__ = ("ends", "halves", "last", "listener")

    def __init__(self, ends: bytes, listener: Listener, bases: tuple[int | None, int | None], last: int) -> None:
        self.ends = ends
        self.listener = listener
        self.halves = (_Half(self, 0, bases[0]), _Half(self, 1, bases[1]))
        self.last = last


class Streams:
    """The connections of a capture; ``listen`` is asked for a listener of each with content.

    It is given the ends, and of which of the two ways the capture has the beginning.
    """

    def __init__(self, listen: Callable[[bytes, tuple[bool, bool]], Listener]) -> None:
        self._listen = listen
        self._halves: dict[bytes, _Half] = {}
        self._order: OrderedDict[_Connection, None] = OrderedDict()  # the one silent longest first
        self._waiting: OrderedDict[_Half, None] = OrderedDict()  # for what is missing
        self._held = 0
        self._opened: OrderedDict[bytes, int] = OrderedDict()  # by a SYN: the number of the first byte
        self._done: OrderedDict[bytes, int | None] = OrderedDict()

    def take(self, segment: Segment, moment: Moment) -> None:
        """The next segment, in the order of the capture."""
        ends, sequence, flags, payload = segment
        if flags & SYN:
            sequence = sequence + 1 & _MASK
            self._open(ends, sequence, answers=bool(flags & ACK))
        half = self._halves.get(ends)
        if half is None:
            if not payload or ends in self._done:
                return
            half = self._follow(ends, moment)
        half.connection.last = moment.micros
        self._order.move_to_end(half.connection)
        if half.base is None and payload:
            half.base = sequence
        ahead = 0 if half.base is None else sequence - half.base - half.at & _MASK
        if not flags & RST:
            self._advance(half, ahead, segment, moment)
        elif ahead < WINDOW:
            self._finish(half.connection, "the connection is reset")
        self._expire(moment.micros)

    def _advance(self, half: _Half, ahead: int, segment: Segment, moment: Moment) -> None:
        if segment.flags & FIN and ahead < FURTHEST and half.closes is None:
            half.closes = half.at + ahead + len(segment.payload)
        if segment.payload and not half.ended:
            self._add(half, ahead, segment.payload, moment)
        if half.closes is not None and half.at >= half.closes and not half.ended:
            half.ended = True
            half.connection.listener.end(half.way, None)
            if all(each.ended for each in half.connection.halves):
                self._forget(half.connection)

    def finish(self) -> None:
        """The capture ends here."""
        for connection in list(self._order):
            self._finish(connection, "the capture ends")

    def _open(self, ends: bytes, first: int, *, answers: bool) -> None:
        """A SYN: unless it is repeated, a new connection, and the end of one between the same ends."""
        half = self._halves.get(ends)
        if half is not None:
            if half.base == first:
                return
            if half.base is None and answers:  # to a SYN that carried content
                half.base = first
                return
            self._finish(half.connection, "another connection begins between the same ends")
        if self._done.get(ends, first) != first:
            del self._done[ends]
            self._done.pop(turned(ends), None)
        self._opened[ends] = first
        if len(self._opened) > KNOWN:
            self._opened.popitem(last=False)

    def _follow(self, ends: bytes, moment: Moment) -> _Half:
        """Begin to follow a connection with its first content."""
        back = turned(ends)
        bases = (self._opened.pop(ends, None), self._opened.pop(back, None))
        listener = self._listen(ends, (bases[0] is not None, bases[1] is not None))
        connection = _Connection(ends, listener, bases, moment.micros)
        self._halves[back] = connection.halves[1]
        self._halves[ends] = connection.halves[0]
        self._order[connection] = None
        if len(self._order) > FOLLOWED:
            self._finish(next(iter(self._order)), "too many connections go on at once", done=False)
        return connection.halves[0]

    def _add(self, half: _Half, ahead: int, payload: bytes, moment: Moment) -> None:
        if ahead >= _BEFORE:
            payload, ahead = payload[(1 << 32) - ahead :], 0
        if not payload:
            return
        start = half.at + ahead
        if ahead > FURTHEST:
            half.far += 1
            if half.far < _FAR:
                return
            self._drain(half, PIECES)
            if half.ended:
                return
            self._miss(half, start - half.at)
        half.far = 0
        if start == half.at and not half.pieces:
            self._pass(half, payload, moment)
            return
        self._hold(half, start, payload, moment)
        self._drain(half)
        while len(half.pieces) > PIECES or half.held > WINDOW:
            self._drain(half, 1)
        while self._held > HELD:
            self._drain(next(iter(self._waiting)), 1)

    def _hold(self, half: _Half, start: int, payload: bytes, moment: Moment) -> None:
        """Keep of the payload what is not there already."""
        pieces, end, at = half.pieces, start + len(payload), start
        place = bisect_left(pieces, start + 1, key=itemgetter(0))
        if place:
            before, content, _ = pieces[place - 1]
            at = max(at, before + len(content))
        while at < end:
            stop = min(pieces[place][0], end) if place < len(pieces) else end
            if stop > at:
                pieces.insert(place, (at, payload[at - start : stop - start], moment))
                half.held += stop - at + _PIECE
                self._held += stop - at + _PIECE
                place += 1
            if place < len(pieces):
                stop = max(stop, pieces[place][0] + len(pieces[place][1]))
                place += 1
            at = stop
        if pieces:
            self._waiting.setdefault(half)

    def _drain(self, half: _Half, gaps: int = 0) -> None:
        """Pass on what is held, as far as nothing is missing, and beyond so many gaps."""
        pieces, count = half.pieces, 0
        while count < len(pieces) and not half.ended:
            start, payload, moment = pieces[count]
            if start > half.at:
                if not gaps:
                    break
                gaps -= 1
                self._miss(half, start - half.at)
            count += 1
            half.held -= len(payload) + _PIECE
            self._held -= len(payload) + _PIECE
            self._pass(half, payload, moment)
        if half.pieces is pieces:
            del pieces[:count]
        if not half.pieces:
            self._waiting.pop(half, None)

    def _pass(self, half: _Half, payload: bytes, moment: Moment) -> None:
        half.at += len(payload)
        if not half.connection.listener.hear(half.way, payload, moment):
            self._forget(half.connection)

    def _miss(self, half: _Half, length: int) -> None:
        half.at += length
        half.connection.listener.miss(half.way, length)

    def _expire(self, now: int) -> None:
        while self._order:
            silent = next(iter(self._order))
            if silent.last + PATIENCE > now:
                return
            self._finish(silent, "the connection is silent for an hour", done=False)

    def _finish(self, connection: _Connection, why: str, *, done: bool = True) -> None:
        """End a connection: what is held of it is passed on, gaps and all."""
        for half in connection.halves:
            self._drain(half, PIECES)
        for half in connection.halves:
            if half.ended:
                continue
            half.ended = True
            if half.closes is not None and half.at < half.closes:
                self._miss(half, half.closes - half.at)
            connection.listener.end(half.way, why if half.closes is None else None)
        self._forget(connection, done=done)

    def _forget(self, connection: _Connection, *, done: bool = True) -> None:
        """Follow it no longer; where it is ``done``, what comes late belongs to nothing new."""
        if connection not in self._order:
            return
        del self._order[connection]
        for half, ends in zip(connection.halves, (connection.ends, turned(connection.ends)), strict=True):
            self._held -= half.held
            half.pieces, half.held, half.ended = [], 0, True
            self._waiting.pop(half, None)
            self._halves.pop(ends, None)
            if done:
                self._done[ends] = half.base
        while len(self._done) > KNOWN:
            self._done.popitem(last=False)
