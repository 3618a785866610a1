"""Scripts under the name of a picture or a document: the first words of the usual languages."""

from __future__ import annotations

import re
from typing import Final

from lodger.disguise.form import Format, Group
from lodger.disguise.octets import Octets
from lodger.disguise.trace import Trace

_BEGINS: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:#!\s*/|<\?php|<script|<html|<!doctype\s+html|<job|<package|<hta:|@echo\s+off|@?powershell"
    rb"|param\s*\(|\$[a-z_]\w*\s*=|function\s+\w+\s*[({]|var\s+\w+\s*=|(?:dim|option\s+explicit|on\s+error\s+resume)\b"
    rb"|import\s+\w+\s*[\r\n;]|set-executionpolicy|invoke-expression|iex\b|cmd(?:\.exe)?\s+/c)",
    re.IGNORECASE,
)


def walk(data: Octets, trace: Trace) -> None:
    """Nothing: that it is a script is the finding, and its name makes it one."""


def _sniff(head: bytes) -> bool:
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        head = head[2:].replace(b"\0", b"")
    return _BEGINS.match(head) is not None


FORMAT = Format(
    name="script",
    title="script or active web page",
    group=Group.PROGRAM,
    names=frozenset(),
    looked_at="nothing within: only that it has the name of a picture or a document",
    sniff=_sniff,
    walk=walk,
    claimed=True,
)
