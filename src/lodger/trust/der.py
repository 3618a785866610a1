"""ASN.1 as it stands in signatures: tag, length, value, read where it lies and no further than it is asked for.

DER (X.690), and BER's indefinite lengths, which some time stamps have. Certificates are read with this and not with a
library, because one in twenty of the roots that Windows trusts breaks a rule that libraries insist on (a serial number
of zero, a notice of more characters than allowed): refusing to read it would turn its signatures into unknown ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import Final

from lodger.errors import LodgerError

INTEGER: Final = 0x02
BIT_STRING: Final = 0x03
OCTETS: Final = 0x04
OID: Final = 0x06
UTC_TIME: Final = 0x17
GENERAL_TIME: Final = 0x18
SEQUENCE: Final = 0x30
SET: Final = 0x31

_DEEPEST: Final = 24


class MalformedError(LodgerError):
    """What should be a signature, a certificate or a list of them breaks the rules of its form."""


@dataclass(frozen=True, slots=True)
class Der:
    """One value: its tag, where it starts, where its content begins and ends, and where what follows it begins."""

    buffer: bytes
    tag: int
    start: int
    body: int
    end: int
    stop: int

    @property
    def raw(self) -> bytes:
        """The value with tag and length."""
        return self.buffer[self.start : self.stop]

    @property
    def content(self) -> bytes:
        """The content without tag and length; of an octet string in pieces, the pieces joined."""
        if self.tag == OCTETS | 0x20:
            return b"".join(each.content for each in self)
        return self.buffer[self.body : self.end]

    def __iter__(self) -> Iterator[Der]:
        """The values within, one after the other."""
        at = self.body
        while at < self.end:
            child = read(self.buffer, at, self.end)
            at = child.stop
            yield child

    def parts(self, tag: int, least: int) -> list[Der]:
        """The values within a value of this tag; fewer than ``least`` of them, or another tag, is an error."""
        found = list(self.of(tag))
        if len(found) < least:
            raise MalformedError(f"{len(found)} values where {least} should stand")
        return found

    def of(self, *tags: int) -> Der:
        """This value, which must have one of the tags."""
        if self.tag not in tags:
            raise MalformedError(f"tag 0x{self.tag:02x} where 0x{tags[0]:02x} should stand")
        return self

    def inner(self) -> Der:
        """The one value within, as of an explicit tag."""
        return read(self.buffer, self.body, self.end)

    def integer(self) -> int:
        """The value of an INTEGER."""
        return int.from_bytes(self.of(INTEGER).content, "big", signed=True)

    def oid(self) -> str:
        """The value of an OBJECT IDENTIFIER, with dots."""
        return dotted(self.of(OID).content)

    def octets(self) -> bytes:
        """The value of an OCTET STRING."""
        return self.of(OCTETS, OCTETS | 0x20).content

    def bits(self, most_unused: int = 0) -> bytes:
        """The value of a BIT STRING, in octets, of whose last one at most so many bits are unused."""
        content = self.of(BIT_STRING).content
        if not content or content[0] > most_unused:
            raise MalformedError("a bit string that ends within an octet")
        return content[1:]

    def moment(self) -> datetime:
        """The value of a UTCTime or GeneralizedTime."""
        return _moment(self.of(UTC_TIME, GENERAL_TIME).tag, self.content)


def read(buffer: bytes, at: int = 0, end: int | None = None) -> Der:
    """The value that begins at ``at`` and ends before ``end``.

    Raises :class:`MalformedError` where none does.
    """
    return _read(buffer, at, len(buffer) if end is None else end, 0)


def _read(buffer: bytes, at: int, end: int, depth: int) -> Der:
    if at + 2 > end:
        raise MalformedError("a value is cut off")
    tag, length = buffer[at], buffer[at + 1]
    if tag & 0x1F == 0x1F:
        raise MalformedError("a tag of more than one byte, which no signature has")
    body = at + 2
    if length == 0x80:
        stop = _indefinite(buffer, tag, body, end, depth)
        return Der(buffer, tag, at, body, stop - 2, stop)
    if length > 0x80:
        count = length & 0x7F
        if count > 4 or body + count > end:
            raise MalformedError("a length that nothing can have")
        length = int.from_bytes(buffer[body : body + count], "big")
        body += count
    if body + length > end:
        raise MalformedError(f"a value of {length:,} bytes where {end - body:,} are left")
    return Der(buffer, tag, at, body, body + length, body + length)


def _indefinite(buffer: bytes, tag: int, at: int, end: int, depth: int) -> int:
    """Behind the two zero bytes that end a value of no stated length."""
    if not tag & 0x20 or depth >= _DEEPEST:
        raise MalformedError("a value of no stated length where none may be")
    while buffer[at : at + 2] != b"\0\0":
        at = _read(buffer, at, end, depth + 1).stop
    if at + 2 > end:
        raise MalformedError("a value of no stated length does not end")
    return at + 2


@lru_cache(4096)
def dotted(content: bytes) -> str:
    """An object identifier's content with dots."""
    if not content or content[-1] & 0x80 or len(content) > 64:
        raise MalformedError("an object identifier that is none")
    numbers, value = [], 0
    for byte in content:
        value = value << 7 | byte & 0x7F
        if not byte & 0x80:
            numbers.append(value)
            value = 0
    first = min(numbers[0] // 40, 2)
    return ".".join(map(str, (first, numbers[0] - 40 * first, *numbers[1:])))


@lru_cache(4096)
def _moment(tag: int, content: bytes) -> datetime:
    if len(content) > 40:
        raise MalformedError("a time that is none")
    try:
        text = content.decode("ascii")
        if tag == UTC_TIME:
            text = ("19" if text[:2] >= "50" else "20") + text  # RFC 5280, 4.1.2.5.1
        return _instant(text)
    except (ValueError, OverflowError) as error:
        raise MalformedError("a time that is none") from error


def _instant(text: str) -> datetime:
    zone = UTC
    if text.endswith("Z"):
        text = text[:-1]
    elif len(text) > 5 and text[-5] in "+-":
        away = timedelta(hours=int(text[-4:-2]), minutes=int(text[-2:]))
        zone = timezone(-away if text[-5] == "-" else away)
        text = text[:-5]
    whole, _, fraction = text.partition(".")
    if not (whole.isdecimal() and len(whole) in (12, 14) and (fraction.isdecimal() or not fraction)):
        raise ValueError(text)
    micros = int(f"{fraction:0<6.6}") if fraction else 0
    numbers = [int(whole[:4]), *(int(whole[at : at + 2]) for at in range(4, len(whole), 2))]
    return datetime(*numbers, tzinfo=zone).replace(microsecond=micros).astimezone(UTC)  # type: ignore[arg-type, misc]
