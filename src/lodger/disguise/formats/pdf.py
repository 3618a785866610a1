"""PDF: objects, tables and trailers one behind the other, revision by revision (ISO 32000-1, 7.5).

What stands between objects must be white space or a comment of text. A stream has to be what its filter says: packed
data that begins as such, a JPEG that is one; without a filter, random bytes are a finding unless the file is encrypted.
Incremental updates and linearized files are further rows of the same parts, and are walked as such.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from lodger.disguise import noise, tails
from lodger.disguise.form import Format, Group
from lodger.disguise.octets import BrokenError, Octets
from lodger.disguise.trace import Trace

_SPACE: Final = re.compile(rb"(?:[\0\t\n\f\r ]++|%%EOF)*+")
_OBJECT: Final = re.compile(rb"(\d{1,10})[\0\t\n\f\r ]+(\d{1,5})[\0\t\n\f\r ]+obj")
_ANY: Final = re.compile(rb"(?<!\d)\d{1,10}[\0\t\n\f\r ]{1,9}\d{1,5}[\0\t\n\f\r ]{1,9}obj|xref|trailer|startxref|%%EOF")
_INNER: Final = re.compile(rb"stream(?:\r\n|\n|\r)|endobj|(?<!\d)\d{1,10} \d{1,5} obj")
_LENGTH: Final = re.compile(rb"/Length[\0\t\n\f\r ]*(\d{1,12})(?![\0\t\n\f\r ]+\d+[\0\t\n\f\r ]+R)")
_FILTER: Final = re.compile(rb"/(?:Filter|F)[\0\t\n\f\r ]*\[?[\0\t\n\f\r ]*/([A-Za-z0-9]+)")
_ENTRIES: Final = re.compile(rb"xref[0-9nf \r\n\t\0\f]*+")
_BEGUN: Final = re.compile(rb"x|xr|xre|t[railer]{0,5}|s[tarxef]{0,7}|[\d\0\t\n\f\r ]+o?b?")
_POINTER: Final = re.compile(rb"startxref[\0\t\n\f\r ]*\d*")
_ENDSTREAM: Final = re.compile(rb"[\0\t\n\f\r ]{0,4}endstream")
_LINE_END: Final = re.compile(rb"[\r\n]")
_MOST: Final = 1_000_000
_DICTIONARY: Final = 64 * 1024  # most bytes of an object's dictionary that are looked at
_BEGINNING: Final = 1024  # a short comment here may be anything: the second line of a file says that it is binary so
_LOOK: Final = 4096  # bytes of a packed stream that are unpacked to see whether it is one


@dataclass
class _Document:
    data: Octets
    trace: Trace
    encrypted: bool
    objects: int = 0
    ended: int = 0  # behind the last end-of-file mark
    last: int = 0  # where the last part begins that is no such mark


def walk(data: Octets, trace: Trace) -> None:
    """The whole file."""
    start = data.find(b"%PDF-", data.start, data.start + 1024)
    trace.leftover("before the beginning", data, data.start, start, "before the document's header")
    document = _Document(data, trace, data.find(b"/Encrypt", start) >= 0)
    at = _parts(document, start)
    if not document.objects:
        raise BrokenError(at, "the document holds no object")
    if document.ended <= document.last:
        trace.malformed(data.end, "no end-of-file mark stands behind the document's last part")


def _parts(document: _Document, at: int) -> int:
    data = document.data
    for _ in range(_MOST):
        at = _skip(document, at)
        if at >= data.end:
            return at
        head = data.head(at, 9)
        document.last = at
        if head[:1] == b"%":
            at = _comment(document, at)
        elif head[:1].isdigit() and data.match(_OBJECT, at) is not None:
            document.objects += 1
            at = _object(document, at)
        elif head.startswith(b"xref"):
            found = data.match(_ENTRIES, at)
            at = at + 4 if found is None else found.end()
        elif head.startswith(b"trailer"):
            at = _trailer(document, at)
        elif head == b"startxref":
            found = data.match(_POINTER, at)
            at = at + 9 if found is None else found.end()
        else:
            at = _stray(document, at)
    raise BrokenError(at, f"more than {_MOST:,} parts")


def _skip(document: _Document, at: int) -> int:
    """Behind white space and end marks."""
    data = document.data
    if data.head(at, 1) in {b"\0", b" "}:
        at = data.run_end(at)
    found = data.match(_SPACE, at)
    end = at if found is None else found.end()
    if end - at >= 5 and data.find(b"%%EOF", at, end) >= 0:
        document.ended = end
    return end


def _comment(document: _Document, at: int) -> int:
    found = document.data.search(_LINE_END, at)
    end = document.data.end if found is None else found.start()
    if at > _BEGINNING or end - at > noise.LEAST:
        document.trace.opaque("comment", document.data, at, end, "in a comment")
    return end


def _trailer(document: _Document, at: int) -> int:
    """Behind a trailer's dictionary."""
    found = document.data.find(b"startxref", at)
    if found < 0:
        found = document.data.find(b"%%EOF", at)
    if found < 0:
        raise BrokenError(document.data.end, "the document ends within a trailer")
    closing = document.data.buffer.rfind(b">>", at, found)
    if closing < 0 or found - at > _DICTIONARY:
        document.trace.opaque("between objects", document.data, at, found, "in a trailer")
        return found
    document.trace.opaque("between objects", document.data, at, closing, "in a trailer")
    return closing + 2


def _stray(document: _Document, at: int) -> int:
    """Behind something that is no part of a document."""
    data, trace = document.data, document.trace
    found = data.search(_ANY, at)
    end = data.end if found is None else found.start()
    what = "behind the document's end" if found is None and document.ended else "between objects"
    if found is None and not document.ended:
        trace.leftover("between objects", data, at, end, "that are no object")
        raise BrokenError(at, "no object begins here")
    if found is None:
        tails.check(data, trace, at, [], "the document")
        if _BEGUN.fullmatch(data.head(at, 32)) is None:
            document.last = 0  # no part that is cut off: the document itself is whole
    elif not trace.leftover("between objects", data, at, end, what) and not document.objects:
        trace.malformed(at, "no object begins here", end - at)
    return end


def _object(document: _Document, at: int) -> int:
    """Behind an object; its stream is looked at."""
    data = document.data
    head = data.match(_OBJECT, at)
    begin = at + 5 if head is None else head.end()
    found = data.search(_INNER, begin)
    if found is None:
        document.trace.opaque("between objects", data, begin, data.end, "in an object without an end")
        raise BrokenError(data.end, "the document ends within an object")
    if found[0][:1].isdigit():
        _unpacked(document, begin, found.start())
        return found.start()
    if found[0] == b"endobj":
        _unpacked(document, begin, found.start())
        return found.end()
    dictionary = data.head(begin, min(found.start() - begin, _DICTIONARY))
    _unpacked(document, begin, found.start())
    end = _stream_end(document, dictionary, found.end())
    _stream(document, dictionary, found.end(), end)
    behind = data.find(b"endstream", end)
    closing = data.match(re.compile(rb"endstream[\0\t\n\f\r ]*+endobj"), behind)
    return behind + 9 if closing is None else closing.end()


def _unpacked(document: _Document, start: int, end: int) -> None:
    """An object without a stream: strings in it may be encrypted, or keys; long runs of noise are not."""
    if end - start > 256 and not document.encrypted:
        content = document.data.head(start, min(end - start, _DICTIONARY))
        found = noise.noise(content) if not content.isascii() else None
        if found is not None and b"/ByteRange" not in content and b"/ID" not in content:
            document.trace.hidden(
                "object", document.data, start + found[0], start + found[1], "in an object that look like noise"
            )


def _stream_end(document: _Document, dictionary: bytes, start: int) -> int:
    """Where a stream's data end: by its length where that is right, else where the word for it stands."""
    data = document.data
    said = _LENGTH.search(dictionary)
    if said is not None:
        end = start + int(said[1])
        if end <= data.end and data.match(_ENDSTREAM, end) is not None:
            return end
    end = data.find(b"endstream", start)
    if end < 0:
        raise BrokenError(data.end, "the document ends within a stream")
    return end


def _stream(document: _Document, dictionary: bytes, start: int, end: int) -> None:
    if document.encrypted or end - start < noise.LEAST:
        return
    trace, data = document.trace, document.data
    named = _FILTER.search(dictionary)
    kind = named[1] if named is not None and b"/Filter" in dictionary else b""
    head = data.head(start, 4)
    wrong = (
        (kind in {b"FlateDecode", b"Fl"} and not _is_zlib(data.head(start, min(end - start, _LOOK)), trace))
        or (kind == b"DCTDecode" and head[:2] != b"\xff\xd8")
        or (kind in {b"ASCIIHexDecode", b"ASCII85Decode"} and not data.head(start, min(end - start, 4096)).isascii())
    )
    if wrong:
        trace.hidden("stream", data, start, end, f"in a stream that is not the {kind.decode()} that it says")
    elif not kind and b"/Filter" not in dictionary and b"/Image" not in dictionary:
        trace.opaque("stream", data, start, end, "in a stream without a filter")


def _is_zlib(head: bytes, trace: Trace) -> bool:
    """Whether a packed stream begins so, and what there is of it unpacks: to the end, or to more than it takes."""
    head = head.lstrip(b"\r\n")
    if len(head) < 2 or head[0] & 0x0F != 8 or int.from_bytes(head[:2], "big") % 31:
        return False
    try:
        content, behind = trace.unpacked(head)
    except BrokenError:
        return False
    return behind >= 0 or len(head) >= _LOOK // 2 or len(content) > len(head)


FORMAT = Format(
    name="pdf",
    title="PDF document",
    group=Group.DOCUMENT,
    names=frozenset({"pdf"}),
    looked_at="before the header, between objects, in comments, streams that are not what their filter says, random "
    "bytes in streams without one, behind the last end-of-file mark",
    sniff=lambda head: b"%PDF-" in head[:1024] or (0 < len(head) < 5 and b"%PDF-".startswith(head)),
    walk=walk,
)
