"""Sysmon for Linux: lines of syslog that end in an event's XML.

Other programs' lines in the same log are kept aside. The same events as plain XML files are read as Windows' are, and
as ``journalctl -o json`` as a JSON dialect.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lodger.model.telemetry import Aside, Item, SourceFile
from lodger.telemetry.event_xml import LONGEST_EVENT, parsed
from lodger.telemetry.lines import lines, printable, text_file, utf8
from lodger.telemetry.parts import LINES
from lodger.telemetry.reader import RAW, Reader
from lodger.telemetry.windows import Event, WindowsRows, event

_LINE: Final = re.compile(rb"[^<\n][^\n]{0,500}?<Event>|<\d{1,3}>[^\n]{0,500}?<Event>")
_SYSMON: Final = b"Linux-Sysmon"
_BEGINS: Final = (b"{", b"[", b"<Event", b"<?", b"<!")  # JSON and XML begin so, and are others'
_OTHERS: Final = (b"\0", b"#fields", b"#separator", b"\n{")  # signs of what other readers claim


def _sniff(head: bytes) -> bool:
    head = utf8(head)
    begin = head.lstrip()
    if _SYSMON not in head or begin.startswith(_BEGINS) or any(sign in head for sign in _OTHERS):
        return False
    return any(_SYSMON in line and _LINE.match(line) for line in head.splitlines())


def _event(line: bytes) -> Event | str:
    header, tag, rest = line.partition(b"<Event>")
    if not tag:
        return "a line of another program, without a Sysmon event"
    value = parsed(tag + rest.rstrip())
    if isinstance(value, str):
        return value
    when, number, names, values = event(value)
    return Event(when, number, (*names, "syslog.header"), [*values, printable(header).strip() or None])


def _read(source: SourceFile) -> Iterator[Item]:
    rows = WindowsRows(source.fingerprint)
    with text_file(source.path, source.span) as file:
        for number, line, whole in lines(file, LONGEST_EVENT):
            found = _event(line) if whole else "line is longer than 8 MiB"
            if isinstance(found, str):
                yield Aside(number, found, line[:RAW])
            else:
                yield from rows.add(number, found, line)
    yield from rows.rest()


READER = Reader(
    name="sysmon_linux",
    title="Sysmon for Linux in syslog",
    maps="windows_event, with the channel Linux-Sysmon/Operational",
    sniff=_sniff,
    read=_read,
    parts=LINES,
)
