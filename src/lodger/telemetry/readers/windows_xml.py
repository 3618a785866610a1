"""Windows events exported as XML: ``wevtutil qe /f:xml``, Event Viewer's "save as XML", in any layout.

Events may stand one per line, pretty-printed, in an ``Events`` element or without one. A record's number is its
ordinal in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lodger.model.telemetry import Aside, Item, SourceFile
from lodger.telemetry.event_xml import Part, parsed, pieces
from lodger.telemetry.lines import text_file, utf8
from lodger.telemetry.reader import RAW, Reader
from lodger.telemetry.windows import WindowsRows, event

_BEGINS: Final = re.compile(rb"\s*<(?:[?!]|Events?[\s>])")  # not a syslog line's <13>
_EVENT: Final = re.compile(rb"<Event(?:\s[^<>]*)?>\s*<System[\s>]")


def _sniff(head: bytes) -> bool:
    head = utf8(head)
    return _BEGINS.match(head) is not None and _EVENT.search(head) is not None


def _read(source: SourceFile) -> Iterator[Item]:
    rows = WindowsRows(source.fingerprint)
    with text_file(source.path) as file:
        for number, (content, part) in enumerate(pieces(file), 1):
            value = parsed(content) if part is Part.EVENT else part.value
            if isinstance(value, str):
                yield Aside(number, value, content[:RAW])
            else:
                yield from rows.add(number, event(value), content)
    yield from rows.rest()


READER = Reader(
    name="windows_xml",
    title="Windows events as XML",
    maps="windows_event; fields without a column go to its `other`",
    sniff=_sniff,
    read=_read,
)
