"""Splitting a JSON text of any length into its objects, in bounded memory, by looking at quotes and brackets only.

Of a text with many objects, those are the outermost ones; of a search's response (Elasticsearch's ``{"hits": {"hits":
[...]}}``, one such text or several pages of them), the hits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lodger.telemetry.lines import LONGEST_LINE

_TOKEN: Final = re.compile(rb'["\\{}\[\]]')
_BETWEEN: Final = b" \t\r\n,[]"


class _Nesting:
    """Where a JSON text stands: how deep in brackets, and whether in a string."""

    def __init__(self) -> None:
        self.depth = 0
        self._quoted = False
        self._escaped = -1

    def take(self, token: bytes, at: int) -> int:
        """Go on to the next token; 1 where an outermost object begins, -1 where one ends, else 0."""
        if at == self._escaped:
            return 0
        if self._quoted:
            if token == b"\\":
                self._escaped = at + 1
            self._quoted = token != b'"'
            return 0
        if token == b'"':
            self._quoted = self.depth > 0
        elif token == b"{" or (token == b"[" and self.depth):
            self.depth += 1
            return int(self.depth == 1)
        elif token in b"}]" and self.depth:
            self.depth -= 1
            return -int(self.depth == 0)
        return 0


class _Piece:
    """Bytes collected over block borders, up to the longest record."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._size = 0

    def add(self, part: bytes) -> None:
        self._size += len(part)
        if self._size <= LONGEST_LINE:
            self._parts.append(part)

    def take(self) -> tuple[bytes, bool]:
        """What was collected, whether that is all, and a new start."""
        taken = b"".join(self._parts), self._size <= LONGEST_LINE
        self._parts, self._size = [], 0
        return taken


def outermost(blocks: Iterator[bytes]) -> Iterator[tuple[int, bytes, bool]]:
    """The outermost objects of a JSON text, and what stands between them: ordinal, bytes, whether it is whole.

    Only quotes and brackets are looked at, so a malformed object does not cost its neighbours as long as those balance.
    """
    number, offset, nesting, piece = 0, 0, _Nesting(), _Piece()
    for block in blocks:
        start = 0
        for match in _TOKEN.finditer(block):
            turn = nesting.take(match.group(), offset + match.start())
            if turn == 0:
                continue
            end = match.start() if turn > 0 else match.end()
            piece.add(block[start:end])
            content, whole = piece.take()
            start = end
            if turn < 0 or content.strip(_BETWEEN):
                number += 1
                yield number, content, whole
        piece.add(block[start:])
        offset += len(block)
    content, whole = piece.take()
    if content.strip(_BETWEEN) or not whole:
        yield number + 1, content, whole and nesting.depth == 0


#: The brackets of a response that stand around its hits, the second and third behind the name ``hits``; and what has
#: begun when so many of them are open.
_AROUND: Final = (b"{", b"{", b"[")
_BEGUN: Final = ("", "root", "", "list")
_LONGEST_NAME: Final = 64


class _Path:
    """Where a response stands: which of the brackets around its hits are open, and how deep it is beside that way."""

    def __init__(self) -> None:
        self.way = 0  # open brackets that lead to the hits
        self.beside = 0  # open brackets that do not; within the list of hits: those of a hit
        self._quoted = False
        self._escaped = -1
        self._begun = 0
        self._name = b""  # the last string: the name of what follows, where something does

    def take(self, token: bytes, at: int, text: bytes) -> str:
        """Go on to the next token, ``at`` in the whole file, behind ``text``; what begins or ends with it, if anything:
        ``root``, ``list`` (of hits), ``hit``, and each with ``end``.
        """
        if at == self._escaped:
            return ""
        if self._quoted:
            if token == b"\\":
                self._escaped = at + 1
            elif token == b'"':
                self._quoted = False
                length = at - self._begun
                self._name = text[-length:] if 0 < length <= min(_LONGEST_NAME, len(text)) else b""
            return ""
        if token == b'"':
            self._quoted, self._begun = self.way + self.beside > 0, at + 1
            return ""
        return self._opened(token) if token in b"{[" else self._closed()

    def _opened(self, token: bytes) -> str:
        on_way = self.way < len(_AROUND) and token == _AROUND[self.way] and (self.way == 0 or self._name == b"hits")
        if on_way and self.beside == 0:
            self.way += 1
            self._name = b""
            return _BEGUN[self.way]
        self.beside += 1
        return "hit" if self.beside == 1 and self.way == len(_AROUND) and token == b"{" else ""

    def _closed(self) -> str:
        if self.beside:
            self.beside -= 1
            return "hit end" if self.beside == 0 and self.way == len(_AROUND) else ""
        ended = _BEGUN[self.way]
        self.way = max(self.way - 1, 0)
        self._name = b""
        return ended and f"{ended} end"


def is_response(head: bytes) -> bool:
    """Whether a file that begins with these bytes is a search's response: its first hit begins within them."""
    if not head.lstrip().startswith(b"{") or b'"hits"' not in head:
        return False
    path = _Path()
    turns = (
        path.take(match.group(), match.start(), _before(head, b"", match.start())) for match in _TOKEN.finditer(head)
    )
    return next((turn for turn in turns if turn in ("hit", "root end")), "") == "hit"


def _before(block: bytes, earlier: bytes, place: int) -> bytes:
    return (
        block[place - _LONGEST_NAME : place] if place >= _LONGEST_NAME else (earlier + block[:place])[-_LONGEST_NAME:]
    )


def hits(blocks: Iterator[bytes]) -> Iterator[tuple[int, bytes, bool]]:
    """The hits of responses, one behind the other: ordinal, bytes, whether it is whole.

    A response's own fields around its hits are no record; an object without hits between responses is one, and so is
    what stands where a hit should. A text that ends before its responses do ends in a piece that is not whole.
    """
    number, offset, path, piece, earlier = 0, 0, _Path(), _Piece(), b""
    answered = False  # within a response, behind the beginning of its hits
    for block in blocks:
        start = 0
        for match in _TOKEN.finditer(block):
            turn = path.take(match.group(), offset + match.start(), _before(block, earlier, match.start()))
            if not turn:
                continue
            end = match.end() if turn in ("hit end", "root end", "list") else match.start()
            piece.add(block[start:end])
            content, whole = piece.take()
            start = end
            dropped = turn == "list" or (turn == "root end" and answered)
            answered = turn == "list" or (answered and turn != "root end")
            if not dropped and content.strip(_BETWEEN):
                number += 1
                yield number, content, whole
        piece.add(block[start:])
        earlier = (earlier + block)[-_LONGEST_NAME:]
        offset += len(block)
    content, whole = piece.take()
    if content.strip(_BETWEEN) or not whole or path.way:
        yield number + 1, content, whole and path.way + path.beside == 0
