"""Writes small EVTX files: plain BinXML, after libyal's "Windows XML Event Log (EVTX)" format description."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement

_FILETIME_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_CHUNK = 65_536
_FIRST_RECORD = 512


def _name(text: str, at: int) -> bytes:
    """An offset to a name and, right behind it, the name itself; ``at`` is the place in the chunk."""
    units = text.encode("utf-16-le")
    return struct.pack("<IIHH", at + 4, 0, 0, len(units) // 2) + units + b"\0\0"


def _text(text: str) -> bytes:
    units = text.encode("utf-16-le")
    return struct.pack("<BBH", 0x05, 0x01, len(units) // 2) + units


def _element(element: Element, at: int) -> bytes:
    out = b"\x41" if element.attrib else b"\x01"
    out += b"\0\0\0\0"  # the element's size, known below; outside templates no dependency identifier stands before it
    out += _name(element.tag, at + len(out))
    if element.attrib:
        size_at = len(out)
        out += b"\0\0\0\0"
        for number, (name, value) in enumerate(element.attrib.items(), 1):
            out += b"\x46" if number < len(element.attrib) else b"\x06"
            out += _name(name, at + len(out)) + _text(value)
        out = out[:size_at] + struct.pack("<I", len(out) - size_at - 4) + out[size_at + 4 :]
    if not len(element) and not element.text:
        out += b"\x03"
    else:
        out += b"\x02"
        if element.text:
            out += _text(element.text)
        for child in element:
            out += _element(child, at + len(out))
        out += b"\x04"
    return out[:1] + struct.pack("<I", len(out) - 5) + out[5:]


def event(number: int, when: datetime, event_id: int, **data: str) -> Element:
    """An event of Sysmon's with these fields in its EventData."""
    root = Element("Event")
    system = SubElement(root, "System")
    SubElement(system, "Provider", {"Name": "Microsoft-Windows-Sysmon"})
    SubElement(system, "EventID").text = str(event_id)
    SubElement(system, "Level").text = "4"
    SubElement(system, "TimeCreated", {"SystemTime": when.replace(tzinfo=None).isoformat() + "Z"})
    SubElement(system, "EventRecordID").text = str(number)
    SubElement(system, "Channel").text = "Microsoft-Windows-Sysmon/Operational"
    SubElement(system, "Computer").text = "mkt01"
    fields = SubElement(root, "EventData")
    for name, value in data.items():
        SubElement(fields, "Data", {"Name": name}).text = value
    return root


def chunk(events: Sequence[Element], first: int = 1) -> bytes:
    """One chunk of 64 KiB; ``first`` is its first record's id."""
    records = b""
    for number, each in enumerate(events, first):
        at = _FIRST_RECORD + len(records)
        body = b"\x0f\x01\x01\x00" + _element(each, at + 24 + 4) + b"\x00"
        size = len(body) + 28
        stamp = int((datetime(2023, 8, 15, tzinfo=UTC) - _FILETIME_EPOCH).total_seconds() * 10_000_000)
        records += struct.pack("<4sIQQ", b"**\0\0", size, number, stamp) + body + struct.pack("<I", size)
    last = first + len(events) - 1
    head = struct.pack("<8sQQQQIII", b"ElfChnk\0", first, last, first, last, 128, 0, _FIRST_RECORD + len(records))
    head += struct.pack("<I", zlib.crc32(records))
    head = head.ljust(120, b"\0")
    head += struct.pack("<II", 1, zlib.crc32(head[:120] + b"\0" * 384))
    out = head.ljust(_FIRST_RECORD, b"\0") + records
    assert len(out) <= _CHUNK
    return out.ljust(_CHUNK, b"\0")


def evtx(*chunks: bytes) -> bytes:
    """A file of these chunks."""
    head = struct.pack("<8sQQQIHHHH", b"ElfFile\0", 0, max(len(chunks) - 1, 0), 1, 128, 1, 3, 4096, len(chunks)).ljust(
        120, b"\0"
    )
    return (head + struct.pack("<II", 0, zlib.crc32(head))).ljust(4096, b"\0") + b"".join(chunks)
