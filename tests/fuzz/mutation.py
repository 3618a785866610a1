"""Valid records, changed as damage, other versions and an intruder would change them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hypothesis import strategies as st

LONGEST: Final = 128 * 1024

_NUMBERS: Final = re.compile(rb"-?\d+(?:\.\d+)?")
_QUOTED: Final = re.compile(rb'"[^"\n]{0,200}"|\'[^\'\n]{0,200}\'|>[^<\n]{0,200}<')
_ODD_NUMBERS: Final = (
    b"0", b"-1", b"1e309", b"NaN", b"Infinity", b"-0.0", b"1.5", b"9223372036854775808", b"-9223372036854775809",
    b"18446744073709551615", b"2147483648", b"4102444800", b"253402300800", b"9" * 400, b"1" * 5000, b"",
)  # fmt: skip
_ODD_BYTES: Final = (
    b"\0", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\xc3\x28", b"\xed\xa0\x80", b"\\ud800", b"\\u0000", b"\x1b[2J",
    b"\r", b"\n", b"\r\n", b"\t", b"\x85", b"\xe2\x80\xa8", b'"', b"\\", b"'", b"<", b"&#0;", b"&x;", b"<![CDATA[",
    b"]]>", b"<!DOCTYPE a>", b"{", b"}", b"[", b"]", b",", b":", b"#", b"=", b"[" * 3000, b'{"a":' * 1500,
    b"<a>" * 1500, b"\xf0\x9f\x92\xa9",
    b"A" * 20_000, b"1601-01-01T00:00:00Z", b"9999-12-31T23:59:59.9999999Z", b"0001-01-01",
)  # fmt: skip
_ODD_WORDS: Final = tuple(
    value.to_bytes(size, "little", signed=True) for size in (1, 2, 4, 8) for value in (0, 1, -1, 127, -128)
)  # fmt: skip
_ODD_JSON: Final[tuple[Any, ...]] = (
    None, True, 0, -1, 1.5, 1e300, 2**63, 2**70, 10**5000, "", "\0", "\ud800", "x" * 5000, [], {}, [None], [[]], [{}],
    {"": None}, {"#text": None}, {"#attributes": 1}, {"a": {"b": {"c": []}}}, ["1", 2, {"a": 3}],
    {"Name": [], "#text": {}}, "2023-08-15T09:55:25Z",
)  # fmt: skip

Edit = Callable[[bytes], bytes]
_PLACE: Final = st.integers(0, LONGEST)
_AMOUNT: Final = st.one_of(st.integers(1, 16), st.integers(1, 4096))


def picked(choices: Sequence[Any]) -> st.SearchStrategy[Any]:
    """One of them; unlike ``sampled_from``, hypothesis never has to write them all out."""
    return st.integers(0, len(choices) - 1).map(choices.__getitem__)


def mutated(samples: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """One or two samples one behind the other, with some changes; rarely, bytes that mean nothing."""
    one = picked(samples) if samples else st.binary(max_size=200)
    begun = st.one_of(one, one, st.tuples(one, one).map(b"".join), st.binary(max_size=300))
    changes = st.lists(edits(samples), max_size=6)
    return st.builds(_changed, begun, changes)


def _changed(content: bytes, changes: list[Edit]) -> bytes:
    for change in changes:
        content = change(content)[:LONGEST]
    return content


def edits(samples: Sequence[bytes]) -> st.SearchStrategy[Edit]:
    """One change."""
    other = picked(samples) if samples else st.just(b"")
    insert = st.one_of(picked(_ODD_BYTES), st.binary(max_size=8))
    return st.one_of(
        st.builds(_Overwrite, _PLACE, st.one_of(picked(_ODD_WORDS), st.binary(min_size=1, max_size=4))),
        st.builds(_Splice, _PLACE, st.just(0), insert),
        st.builds(_Splice, _PLACE, _AMOUNT, st.just(b"")),
        st.builds(_Splice, _PLACE, st.just(LONGEST), st.just(b"")),  # cut off
        st.builds(_Match, st.just(_NUMBERS), _PLACE, picked(_ODD_NUMBERS)),
        st.builds(_Match, st.just(_QUOTED), _PLACE, insert),
        st.builds(_Copied, _PLACE, _PLACE, _AMOUNT),
        st.builds(_Line, st.sampled_from(("drop", "double", "swap", "crlf")), _PLACE, _PLACE),
        st.builds(_Crossed, _PLACE, other, _PLACE),
        st.builds(_Json, _PLACE, _PLACE, st.sampled_from(("value", "name", "drop", "again")), picked(_ODD_JSON)),
        st.just(_Recoded()),
    )  # fmt: skip


@dataclass(frozen=True)
class _Overwrite:
    at: int
    new: bytes

    def __call__(self, content: bytes) -> bytes:
        at = self.at % (len(content) + 1)
        return content[:at] + self.new + content[at + len(self.new) :]


@dataclass(frozen=True)
class _Splice:
    at: int
    gone: int
    new: bytes

    def __call__(self, content: bytes) -> bytes:
        at = self.at % (len(content) + 1)
        return content[:at] + self.new + content[at + self.gone :]


@dataclass(frozen=True)
class _Match:
    pattern: re.Pattern[bytes]
    which: int
    new: bytes

    def __call__(self, content: bytes) -> bytes:
        found = list(self.pattern.finditer(content))
        if not found:
            return content
        match = found[self.which % len(found)]
        edge = 0 if self.pattern is _NUMBERS else 1
        return content[: match.start() + edge] + self.new + content[match.end() - edge :]


@dataclass(frozen=True)
class _Copied:
    start: int
    to: int
    length: int

    def __call__(self, content: bytes) -> bytes:
        start, to = self.start % (len(content) + 1), self.to % (len(content) + 1)
        return content[:to] + content[start : start + self.length] + content[to:]


@dataclass(frozen=True)
class _Line:
    what: str
    first: int
    second: int

    def __call__(self, content: bytes) -> bytes:
        lines = content.splitlines(keepends=True)
        if not lines:
            return content
        one, two = self.first % len(lines), self.second % len(lines)
        if self.what == "drop":
            del lines[one]
        elif self.what == "double":
            lines.insert(two, lines[one])
        elif self.what == "swap":
            lines[one], lines[two] = lines[two], lines[one]
        else:
            lines[one] = lines[one].rstrip(b"\r\n") + b"\r\n"
        return b"".join(lines)


@dataclass(frozen=True)
class _Crossed:
    at: int
    other: bytes
    there: int

    def __call__(self, content: bytes) -> bytes:
        return content[: self.at % (len(content) + 1)] + self.other[self.there % (len(self.other) + 1) :]


@dataclass(frozen=True)
class _Json:
    """One value or name of one JSON line (or of the whole file) changed."""

    line: int
    which: int
    what: str
    new: Any

    def __call__(self, content: bytes) -> bytes:
        lines = content.splitlines(keepends=True)
        pieces = [content] if not lines or (len(lines) > 1 and content[:1] in b"[") else lines
        at = self.line % len(pieces)
        try:
            tree = json.loads(pieces[at])
        except (ValueError, RecursionError):
            return content
        places = _places(tree)
        if places:
            inner, name = places[self.which % len(places)]
            _change(inner, name, self.what, self.new)
        try:
            pieces[at] = json.dumps(tree).encode() + b"\n"
        except ValueError:  # a number that Python refuses to write
            return content
        return b"".join(pieces)


def _places(tree: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    waiting = [tree]
    while waiting and len(found) < 1000:
        inner = waiting.pop()
        entries = inner.items() if isinstance(inner, dict) else enumerate(inner) if isinstance(inner, list) else ()
        for name, value in entries:
            found.append((inner, name))
            waiting.append(value)
    return found


def _change(inner: Any, name: Any, what: str, new: Any) -> None:
    if what == "value" or isinstance(inner, list):
        inner[name] = new
    elif what == "drop":
        del inner[name]
    elif what == "name":
        inner[str(new)[:40] if not isinstance(new, int) else name.swapcase()] = inner.pop(name)
    else:
        inner[f"{name}.{name}"] = inner[name]


@dataclass(frozen=True)
class _Recoded:
    def __call__(self, content: bytes) -> bytes:
        return b"\xff\xfe" + content.decode("utf-8", "replace").encode("utf-16-le")
