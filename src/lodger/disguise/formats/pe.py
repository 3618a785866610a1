"""Windows programs (PE): only what is carried behind the sections (Microsoft, 'PE Format')."""

from __future__ import annotations

import re
from typing import Final

from lodger.disguise.form import Format, Group
from lodger.disguise.octets import BrokenError, Octets
from lodger.disguise.trace import Trace

_ARCHIVE: Final = re.compile(rb"PK\x03\x04|7z\xbc\xaf\x27\x1c|Rar!\x1a\x07|MSCF\0\0\0\0")
_NAMES: Final = {b"PK": "a zip archive", b"7z": "a 7z archive", b"Ra": "a RAR archive", b"MS": "a cabinet archive"}
#: An archive begins within this much of what stands behind the sections: its maker's settings may come first.
_WITHIN: Final = 1024**2
_MOST_SECTIONS: Final = 96  # as Windows' loader


def walk(data: Octets, trace: Trace) -> None:
    """Whether an archive stands behind the program's sections."""
    header = data.start + data.number(data.start + 60, "<I")
    if data.take(header, 4) != b"PE\0\0":
        raise BrokenError(header, "a program for MS-DOS, or none")
    sections = min(data.number(header + 6, "<H"), _MOST_SECTIONS)
    table = header + 24 + data.number(header + 20, "<H")
    end = table + 40 * sections
    for at in range(table, end, 40):
        size, place = data.number(at + 16, "<I"), data.number(at + 20, "<I")
        if place:
            end = max(end, data.start + place + size)
    if end > data.end:
        raise BrokenError(data.end, "the file ends within a section")
    found = data.search(_ARCHIVE, end, end + _WITHIN)
    if found is not None:
        name = _NAMES[found[0][:2]]
        trace.hidden(
            "self-extracting", data, found.start(), data.end, f"behind the program: {name} that extracts itself"
        )


FORMAT = Format(
    name="pe",
    title="Windows program",
    group=Group.PROGRAM,
    names=frozenset({"exe", "dll", "scr", "sys", "com", "cpl", "ocx", "pif", "drv", "efi"}),
    looked_at="an archive behind the sections, which extracts itself",
    sniff=lambda head: head[:2] == b"MZ" and len(head) >= 64,
    walk=walk,
)
