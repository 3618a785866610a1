"""What a file's name says that it is, and names that are made to mislead."""

from __future__ import annotations

import re
from typing import Final

from lodger.disguise.discovery import by_extension
from lodger.disguise.findings import Finding, Verdict
from lodger.disguise.form import Format, Group

#: Characters that turn the direction of text around (Unicode TR 9), by which `exe.gpj` reads `jpg.exe`.
_TURNS: Final = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
#: Extensions that Windows runs or opens with something that runs what is in it.
_RUN: Final = frozenset({"exe", "scr", "com", "pif", "bat", "cmd", "js", "jse", "vbs", "vbe", "wsf", "wsh", "hta",
    "lnk", "ps1", "psm1", "msi", "msp", "jar", "cpl", "dll", "chm", "url", "reg", "sct", "appx", "msix", "iso", "img",
    "vhd",     "one", "xll", "application", "gadget", "inf", "sh", "py", "elf", "desktop"})  # fmt: skip
#: Further extensions that people take for a picture or a document.
_SHOWN: Final = frozenset({"doc", "xls", "ppt", "rtf", "txt", "csv", "tif", "tiff", "ico", "heic", "svg", "mp3", "mp4",
    "avi", "mov", "htm", "html", "eml", "log"})  # fmt: skip
_ARCHIVES: Final = frozenset({"zip", "jar", "apk", "whl"})
_BLANK: Final = re.compile(r"[\s.\u00a0\u2000-\u200b\u3000\u2800]+$")
_GAP: Final = re.compile(r"[\s\u00a0\u2000-\u200b\u3000\u2800]{3,}\.\w+$")


def claimed(name: str) -> Format | None:
    """The format that a file's name claims, None where it claims none of those."""
    return by_extension().get(_extension(_BLANK.sub("", name)))


def shown(name: str) -> bool:
    """Whether the name claims a picture or a document: what people open without a thought."""
    extension = _extension(_BLANK.sub("", name))
    form = by_extension().get(extension)
    return extension in _SHOWN or (form is not None and form.group is not Group.PROGRAM and extension not in _ARCHIVES)


def check(name: str) -> tuple[Finding, ...]:
    """What is odd in a name by itself."""
    said: list[tuple[str, str]] = []
    turn = _TURNS.search(name)
    if turn is not None:
        said.append(("name", f"the name turns the direction of its text (U+{ord(turn[0]):04X}): it reads otherwise"))
    stem, _, last = _BLANK.sub("", name).rpartition(".")
    before = _extension(_BLANK.sub("", _TURNS.sub("", stem)))
    if last.lower() in _RUN and (before in _SHOWN or shown(f"x.{before}")):
        said.append(("double extension", f"the name ends like a {before} file, and then in {last.lower()}"))
    elif _GAP.search(name) is not None:
        said.append(("name", "the extension stands behind a run of spaces"))
    if _extension(_BLANK.sub("", name)) and name != _BLANK.sub("", name):
        said.append(("name", "the name ends in spaces or dots, which Windows does not show"))
    return tuple(Finding(kind, Verdict.MISMATCH, 0, 0, sentence) for kind, sentence in said)


def contradiction(name: str, found: Format) -> Finding | None:
    """What the name says against what the file is, where people would take it for another kind of thing."""
    extension = _extension(_BLANK.sub("", name))
    if not extension or extension in found.names:
        return None
    form = by_extension().get(extension)
    if form is None and extension not in _SHOWN:
        return None
    if form is not None and found.group is form.group is Group.PICTURE:
        return None  # one picture in 200 of other people's is so named, and every program shows it
    if found.group is Group.PICTURE and extension in {"ico", "tif", "tiff", "heic"}:
        return None
    if found.group is Group.ARCHIVE and extension in {"doc", "xls", "ppt"}:
        return None  # Office opens its new documents under the old names, and other programs write them so
    if found.name == "script" and extension in {"txt", "csv", "log", "htm", "html", "eml", "svg"}:
        return None
    what = "program" if found.group is Group.PROGRAM else "mismatch"
    return Finding(what, Verdict.MISMATCH, 0, 0, f"named .{extension}, the file is a {found.title}")


def _extension(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    return extension.lower() if dot and stem and len(extension) <= 12 else ""
