"""The fragments of IP datagrams, put together in bounded memory (RFC 791, 3.2; RFC 8200, 4.5).

Fragments that overlap say different things to different receivers: their datagram is dropped, as RFC 5722 has it for
IPv6. One that comes twice, byte for byte, is one.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Final

#: Datagrams that wait for a fragment at once; what is held of all of them in bytes, a piece costing more than its own.
WAITING: Final = 1024
HELD: Final = 8 << 20
_PIECE: Final = 256
#: The longest content of a datagram, and for how long one is waited for, in microseconds.
LONGEST: Final = 65_535
PATIENCE: Final = 60_000_000


@dataclass
class _Datagram:
    """Pieces by their place, in order; ``length`` once the last one is there. A broken one has no pieces."""

    begun: int
    pieces: list[tuple[int, bytes]] = field(default_factory=list)
    length: int | None = None
    filled: int = 0
    broken: bool = False


class Fragments:
    """Datagrams of which not every fragment has come."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[bytes, _Datagram] = OrderedDict()
        self.held = 0

    def join(self, key: bytes, place: tuple[int, bool], content: bytes, micros: int) -> bytes | None:
        """The whole content of the datagram that has this ``key`` (its ends, number and protocol); None until then.

        ``place`` is where in it ``content`` stands, and whether more follows behind; ``micros`` the packet's time.
        """
        offset, more = place
        self._let_go(micros)
        if not content or (more and len(content) % 8) or offset + len(content) > LONGEST:
            return None
        datagram = self._waiting.get(key)
        if datagram is None:
            datagram = self._waiting[key] = _Datagram(micros)
            self.held += _PIECE
        if datagram.broken or not self._fits(datagram, offset, content, more=more):
            return None
        if datagram.filled != datagram.length:
            return None
        self._forget(key)
        return b"".join(piece for _, piece in datagram.pieces)

    def _fits(self, datagram: _Datagram, offset: int, content: bytes, *, more: bool) -> bool:
        """Take a piece; where it contradicts the others, their datagram is broken."""
        pieces, end = datagram.pieces, offset + len(content)
        at = bisect_left(pieces, offset, key=itemgetter(0))
        if at < len(pieces) and pieces[at] == (offset, content):
            return True
        before = pieces[at - 1][0] + len(pieces[at - 1][1]) if at else 0
        behind = pieces[at][0] if at < len(pieces) else LONGEST
        known = datagram.length
        contradicts = known is not None and (end > known or not more)
        if before > offset or end > behind or contradicts or (not more and at < len(pieces)):
            self.held -= sum(_PIECE + len(piece) for _, piece in pieces)
            pieces.clear()
            datagram.broken = True
            return False
        pieces.insert(at, (offset, content))
        self.held += _PIECE + len(content)
        datagram.filled += len(content)
        if not more:
            datagram.length = end
        return True

    def _let_go(self, micros: int) -> None:
        """Drop what has waited for too long, and the oldest while there is too much."""
        while self._waiting:
            key, first = next(iter(self._waiting.items()))
            late = abs(micros - first.begun) > PATIENCE
            if not late and len(self._waiting) < WAITING and self.held < HELD:
                break
            self._forget(key)

    def _forget(self, key: bytes) -> None:
        self.held -= _PIECE + sum(_PIECE + len(piece) for _, piece in self._waiting.pop(key).pieces)
