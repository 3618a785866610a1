"""Windows events as XML (Microsoft's Event Schema): cut out of a file one by one, and read without a prolog.

Every event is parsed on its own, from its ``<Event`` to its ``</Event>``. A document type can only stand before the
first element, so none is ever seen by the parser: no entity but XML's own five is known, nothing is fetched, and
damage in one event costs no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from typing import Any, BinaryIO, Final
from xml.etree import ElementTree as ET

from lodger.telemetry.lines import printable
from lodger.telemetry.reader import RAW

#: A longer event is none of Windows' (a record fits into 64 KiB, its rendered text into some more), in bytes: what its
#: elements take in memory is some thirty times as much.
LONGEST_EVENT: Final = 8 * 1024 * 1024

_BLOCK: Final = 1024 * 1024
_TAG: Final = re.compile(rb"<Event(?=[\s>])|</Event\s{0,8}>")
_LONGEST_TAG: Final = 16
_WRAPPING: Final = re.compile(rb"<\?[^<>]*>|</?Events(?:\s[^<>]*)?>")
_DEEPEST: Final = 32
_REFERENCE: Final = re.compile(r"&#(x[0-9a-fA-F]{1,8}|[0-9]{1,10});")
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Part(Enum):
    """What a piece of a file is."""

    EVENT = "an event"
    CUT = "event is cut off or longer than 8 MiB"
    REST = "not a Windows event"


def pieces(file: BinaryIO) -> Iterator[tuple[bytes, Part]]:
    """All events of a file in bounded memory, and what stands between them but belongs to no export."""
    held, seen = b"", 0
    begun = lost = False  # within an event; behind something that was told already
    while block := file.read(_BLOCK):
        held += block
        start = 0
        for match in _TAG.finditer(held, seen):
            if match.group() == b"<Event":
                yield from _before(held[start : match.start()], begun, lost)
                start, begun, lost = match.start(), True, False
            elif begun:
                yield held[start : match.end()], Part.EVENT
                start, begun = match.end(), False
        held = held[start:]
        if len(held) > (LONGEST_EVENT if begun else RAW):
            yield from _before(held, begun, lost)
            held, begun, lost = held[-_LONGEST_TAG:], False, True
        seen = max(len(held) - _LONGEST_TAG, 1 if begun else 0)
    yield from _before(held, begun, lost)


def _before(content: bytes, begun: bool, lost: bool) -> Iterator[tuple[bytes, Part]]:
    if begun:
        yield content[:RAW], Part.CUT
    elif not lost and _WRAPPING.sub(b"", content).strip():
        yield content[:RAW], Part.REST


def parsed(content: bytes) -> dict[str, Any] | str:
    """One ``Event`` element in the shape of ``evtx_dump``'s JSON (``System`` beside ``EventData``), or (str) why not.

    Bytes that are not UTF-8 and characters that XML 1.0 does not have become visible escapes.
    """
    try:
        root = ET.fromstring(content)  # noqa: S314
    except (ET.ParseError, ValueError):
        try:
            root = ET.fromstring(_cleaned(content))  # noqa: S314
        except (ET.ParseError, ValueError) as error:
            return f"not valid XML: {re.sub(r': line .*', '', str(error))[:200]}"
    if _name(root) != "Event":
        return "not a Windows event"
    event: dict[str, Any] = {}
    try:
        for part in root:
            name = _name(part)
            if name == "System":
                value: Any = _Fields()
                for field in part:
                    value.put(_name(field), _value(field, 1) or None)
            elif name == "EventData":
                value = _data(part)
            else:
                value = _value(part, 1)
            event.setdefault(name, dict(value) if isinstance(value, _Fields) else value)
    except RecursionError:
        return "XML is nested too deeply"
    return event


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _data(element: ET.Element) -> dict[str, Any]:
    """``EventData``: its fields by their names; those without one as a list under ``Data``."""
    fields = _Fields()
    unnamed: list[Any] = []
    for field in element:
        name = field.get("Name") if _name(field) == "Data" else _name(field)
        value = _text(field) if len(field) == 0 else _value(field, 2)
        if name is None:
            unnamed.append(value)
        else:
            fields.put(name, value)
    if unnamed:
        fields.put("Data", unnamed)
    if element.attrib:
        fields["#attributes"] = dict(element.attrib)
    return fields


def _text(element: ET.Element) -> str:
    """An element's text; a line break with indentation is how pretty-printers write nothing."""
    text = element.text or ""
    return "" if text.isspace() and "\n" in text else text


def _value(element: ET.Element, depth: int) -> Any:
    """An element as text, or as a dict of what is in it."""
    if depth > _DEEPEST:
        raise RecursionError
    text = _text(element)
    if len(element) == 0:
        return {"#attributes": dict(element.attrib), "#text": text} if element.attrib else text
    value = _Fields()
    if element.attrib:
        value["#attributes"] = dict(element.attrib)
    for child in element:
        value.put(child.attrib.pop("Name", "") or _name(child), _value(child, depth + 1))
        text += child.tail or ""
    if text.strip():
        value.put("text", text.strip())
    return dict(value)


class _Fields(dict[str, Any]):
    """Fields by name; a name that comes again is numbered (``name#2``), however often it does."""

    def __init__(self) -> None:
        super().__init__()
        self._turns: dict[str, int] = {}

    def put(self, name: str, value: Any) -> None:
        key, turn = name, self._turns.get(name, 1)
        while key in self:
            turn += 1
            key = f"{name}#{turn}"
        self._turns[name] = turn
        self[key] = value


def _cleaned(content: bytes) -> str:
    text = _REFERENCE.sub(_written, printable(content))
    return _CONTROL.sub(lambda match: f"\\x{ord(match.group()):02x}", text)


def _written(match: re.Match[str]) -> str:
    digits = match[1]
    code = int(digits[1:], 16) if digits.startswith("x") else int(digits)
    allowed = code in {9, 10, 13} or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
    return match[0] if allowed else f"\\x{code:02x}"
