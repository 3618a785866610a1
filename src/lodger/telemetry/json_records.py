"""The JSON objects of a file: one per line, a document (an array, or objects over lines), or a search's response."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any, BinaryIO, Final, NamedTuple

import msgspec

from lodger.model.telemetry import Aside, SourceFile, Span
from lodger.telemetry.json_split import hits, is_response, outermost
from lodger.telemetry.lines import lines, text_file, utf8
from lodger.telemetry.parts import LINES, line_spans
from lodger.telemetry.reader import RAW

Object = dict[str, Any]

_BLOCK: Final = 1024 * 1024
_SAMPLE: Final = 50
_NAME: Final = re.compile(rb'"([^"\\]{1,64})"\s*:')
_NESTED: Final = frozenset({dict, list})
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
    with text_file(source.path, source.span) as file:
        for number, raw, whole in lines(file) if source.span else _pieces(_head(source), file):
            if not whole:
                yield Aside(number, "record is cut off or longer than 64 MiB", raw[:RAW])
                continue
            value = decoded(raw)
            if isinstance(value, dict):
                yield Record(number, value, raw)
            else:
                yield Aside(number, value, raw[:RAW])


def _head(source: SourceFile) -> bytes:
    with source.path.open("rb") as file:
        return utf8(file.read(RAW))


def _spans(source: SourceFile) -> Iterator[Span]:
    head = _head(source)
    if not is_response(head) and not _is_document(head):
        yield from line_spans(source)


#: How files of JSON objects are read in parts: where each stands on a line of its own.
PARTS: Final = replace(LINES, spans=_spans)


def sample(head: bytes) -> Iterator[Object]:
    """The first objects in a file's first bytes, as far as they are whole; for telling what kind of file it is.

    They are not to be changed: every reader is asked about a file, and gets the same.
    """
    yield from _sample(head)


@lru_cache(2)
def _sample(head: bytes) -> tuple[Object, ...]:
    return tuple(_first(utf8(head).lstrip()))


def _first(head: bytes) -> Iterator[Object]:
    if b"\0" in head or (head[:1] not in b"{[" and b"\n{" not in head):
        return
    if is_response(head) or _is_document(head):
        split = hits if is_response(head) else outermost
        pieces = iter([piece for _, piece, _ in split(iter((head,)))])
    else:
        pieces = iter(head.splitlines())
    found = False
    for _, piece in zip(range(_SAMPLE), pieces, strict=False):
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
    if not unique:
        colons = raw.count(b'":')
        if colons != _keys(value) and (b"\\u" in raw or colons != _keys(value) + _colons(value)):
            return _slowly(raw)  # spaced differently, or said twice: look closely
    return value


def _colons(value: Object) -> int:
    """How many texts begin with a colon, as Sysmon's ``::ffff:192.0.2.1`` does: their quotes look like a name's."""
    count = 0
    for inner in value.values():
        kind = type(inner)
        if kind is str:
            count += inner.startswith(":")
        elif kind is dict:
            count += _colons(inner)
        elif kind is list:
            count += sum(_colons(item if type(item) is dict else {"": item}) for item in inner)
    return count


def _keys(value: Object) -> int:
    count = len(value)
    if _NESTED.isdisjoint(map(type, value.values())):
        return count
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


def _pieces(head: bytes, file: BinaryIO) -> Iterator[tuple[int, bytes, bool]]:
    blocks = iter(lambda: file.read(_BLOCK), b"")
    if is_response(head):
        return hits(blocks)
    return outermost(blocks) if _is_document(head) else lines(file)
