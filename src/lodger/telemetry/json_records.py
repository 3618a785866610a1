"""The JSON objects of a file: one per line, or a document (an array, or objects over many lines)."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO, Final, NamedTuple

import msgspec

from lodger.model.telemetry import Aside, SourceFile
from lodger.telemetry.lines import LONGEST_LINE, lines, text_file, utf8
from lodger.telemetry.reader import RAW

Object = dict[str, Any]

_BLOCK: Final = 1024 * 1024
_TOKEN: Final = re.compile(rb'["\\{}\[\]]')
_BETWEEN: Final = b" \t\r\n,[]"
_NAME: Final = re.compile(rb'"([^"\\]{1,64})"\s*:')
_decode: Final = msgspec.json.Decoder().decode


def _escaped(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are no UTF-8, written so that they come out of the JSON decoder as ``\\xNN``."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(f"\\\\x{byte:02x}" for byte in error.object[error.start : error.end]), error.end


codecs.register_error("lodger-json", _escaped)


class Record(NamedTuple):
    """One JSON object with its number in the file (the line, or the ordinal in a document) and its bytes there."""

    number: int
    value: Object
    raw: bytes


def records(source: SourceFile) -> Iterator[Record | Aside]:
    """All records of a JSON file in bounded memory; what is no JSON object comes out as kept aside."""
    with source.path.open("rb") as file:
        document = _is_document(utf8(file.read(RAW)))
    with text_file(source.path) as file:
        for number, raw, whole in _objects(file) if document else lines(file):
            if not whole:
                yield Aside(number, "record is cut off or longer than 64 MiB", raw[:RAW])
                continue
            value = decoded(raw)
            if isinstance(value, dict):
                yield Record(number, value, raw)
            else:
                yield Aside(number, value, raw[:RAW])


def sample(head: bytes, most: int = 50) -> Iterator[Object]:
    """The first objects in a file's first bytes, as far as they are whole; for telling what kind of file it is."""
    head = utf8(head).lstrip()
    if b"\0" in head or (head[:1] not in b"{[" and b"\n{" not in head):
        return
    pieces = (piece for _, piece, _ in _split(iter((head,)))) if _is_document(head) else iter(head.splitlines())
    found = False
    for _, piece in zip(range(most), pieces, strict=False):
        value = decoded(piece)
        if isinstance(value, dict):
            found = True
            yield value
    if not found:
        yield _begun(head)


def _begun(head: bytes) -> Object:
    """The field names of an object too long to be whole in ``head``; their values are not known."""
    value: Object = {name.decode("utf-8", "replace"): None for name in _NAME.findall(head)}
    if "System" in value and "Event" in value:
        value["Event"] = {"System": {}}
    if "winlog" in value:
        value["winlog"] = {}
    return value


def decoded(raw: bytes, *, unique: bool = False) -> Object | str:
    """The JSON object in ``raw``, or (str) why there is none.

    Fields that occur twice are both kept: the second is called ``name#2``. Numbers that JSON does not know, and bytes
    that are not UTF-8, do not lose the record. ``unique`` says that the writer never repeats a name.
    """
    try:
        value = _decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _slowly(raw)
    except RecursionError:
        return "JSON is nested too deeply"
    if not isinstance(value, dict):
        return "not a JSON object"
    if not unique and raw.count(b'":') != _keys(value):  # spaced differently, or said twice: look closely
        return _slowly(raw)
    return value


def _keys(value: Object) -> int:
    count = len(value)
    for inner in value.values():
        kind = type(inner)
        if kind is dict:
            count += _keys(inner)
        elif kind is list:
            count += sum(_keys(item) for item in inner if type(item) is dict)
    return count


def _slowly(raw: bytes) -> Object | str:
    text = raw.decode("utf-8", "lodger-json")
    try:
        value = json.loads(text, strict=False, object_pairs_hook=_pairs)
    except ValueError as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        return f"not valid JSON: {reason}"
    except RecursionError:
        return "JSON is nested too deeply"
    return value if isinstance(value, dict) else "not a JSON object"


def _pairs(pairs: list[tuple[str, Any]]) -> Object:
    """A JSON object with nothing lost: repeated names are numbered, lone surrogates become visible escapes."""
    value: Object = {}
    turns: dict[str, int] = {}  # a record may repeat a name a million times
    for name, item in pairs:
        key, turn = _clean(name), turns.get(name, 1)
        while key in value:
            turn += 1
            key = f"{_clean(name)}#{turn}"
        turns[name] = turn
        value[key] = _cleaned(item)
    return value


def _cleaned(item: Any) -> Any:
    if isinstance(item, str):
        return _clean(item)
    if isinstance(item, list):
        return [_cleaned(part) for part in item]
    if isinstance(item, float) and item - item != 0:
        return str(item)
    return item


def _clean(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


def _is_document(head: bytes) -> bool:
    """Whether the file is one JSON text over many lines, not one object per line."""
    head = head.lstrip()
    return head.startswith(b"[") or head.partition(b"\n")[0].strip() == b"{"


def _objects(file: BinaryIO) -> Iterator[tuple[int, bytes, bool]]:
    return _split(iter(lambda: file.read(_BLOCK), b""))


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


def _split(blocks: Iterator[bytes]) -> Iterator[tuple[int, bytes, bool]]:
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
