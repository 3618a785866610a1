"""Keys of paths: one key for one file, however its path is written, and where the file lies."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final


class Place(StrEnum):
    """Where a program lies, as far as it says who could have put it there."""

    SYSTEM = "system"  # below the Windows directory (or /usr and /bin): an administrator or the system
    PROGRAMS = "programs"  # Program Files: an administrator's installer
    DOWNLOADS = "downloads"  # a person's downloads, desktop or documents
    TEMP = "temp"  # any temporary folder
    USER = "user"  # elsewhere in a person's profile
    SHARED = "shared"  # ProgramData, Public, the root of a drive: anybody
    REMOTE = "remote"  # a network share
    OTHER = "other"


#: What may stand around a path, and how often each is looked for.
_WRAPPINGS: Final = 16
_EDGE: Final = ' \t\r\n\v\f"'
#: All that may stand before a path and says nothing, or (``share``) that a server and its share follow.
_ROOT = re.compile(
    r"""(?: [\s"] | (?P<share> \\(?:\\\?|\?\?)\\unc\\ | \\device\\(?:mup|lanmanredirector)\\(?:;[^\\]*\\)* )
        | \\\\[?.]\\ | \\\?\?\\ | \\device\\(?:harddiskvolume|cdrom|vmsmb)\w* | [a-z]: | %systemdrive% )*""",
    re.VERBOSE,
)
_VARIABLES: Final = {
    "%systemroot%": "\\windows",
    "%windir%": "\\windows",
    "\\systemroot\\": "\\windows\\",
    "%comspec%": "\\windows\\system32\\cmd.exe",
    "%programfiles%": "\\program files",
    "%programw6432%": "\\program files",
    "%programfiles(x86)%": "\\program files (x86)",
    "%programdata%": "\\programdata",
    "%allusersprofile%": "\\programdata",
    "%public%": "\\users\\public",
    "%userprofile%": "\\users\\*",
    "%appdata%": "\\users\\*\\appdata\\roaming",
    "%localappdata%": "\\users\\*\\appdata\\local",
    "%temp%": "\\users\\*\\appdata\\local\\temp",
    "%tmp%": "\\users\\*\\appdata\\local\\temp",
    "system32\\": "\\windows\\system32\\",  # as services' ImagePath is written for drivers
}
#: Other names of folders at the root: 8.3 names as Windows' own setup makes them, and what a link leads to since Vista.
_ALIASES: Final = {
    "progra~1": "program files",
    "progra~2": "program files (x86)",
    "progra~3": "programdata",
    "docume~1": "users",
    "documents and settings": "users",
}
_GENERATED = re.compile(
    r"""\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?   # a GUID
    | v?\d+(?:[._]\d+){1,5}(?:[-_+][\w.]+)?                                  # a version
    | app-\d[\w.]*                                                         # Squirrel's folder of a version
    | [^\\/_]+_\d+(?:\.\d+)+_[^\\/_]*_[^\\/_]*_[0-9a-z]{13}   # a packaged app: name_version_arch_part_publisher
    | (?:amd64|x86|wow64|msil|arm64)_[^\\/]*_[0-9a-f]{16}                       # a component-store folder
    | [0-9a-f]{16,64}                                                      # a digest
    """,
    re.VERBOSE,
)


def _unwrapped(text: str) -> str:
    """``text`` without what stands before a path, and with a variable's value for its name."""
    root = _ROOT.match(text)
    if root is not None and root.end():
        rest = text[root.end() :]
        text = "\\\\" + rest.lstrip("\\?.") if root["share"] else "\\" * rest.startswith("\\") + rest.lstrip("\\")
    variable = next((variable for variable in _VARIABLES if text.startswith(variable)), "")
    return _VARIABLES.get(variable, "") + text[len(variable) :]


def _direct(text: str) -> str:
    """``text`` without the folders '.', '..' and ''; what makes it a rooted path or a share stays."""
    rooted = min(len(text) - len(text.lstrip("\\")), 2)
    kept: list[str] = []
    for part in text.split("\\"):
        if part == "..":
            del kept[-1:]
        elif part not in {"", "."}:
            kept.append(part)
    return "\\" * rooted + "\\".join(kept)


def path_key(path: str) -> str:
    """The program key of ``path``, which may be a Windows path in any spelling or a POSIX path; '' for an empty path.

    A key is its own key (but that of a path wrapped more than :data:`_WRAPPINGS` times, which only a joker writes).
    """
    text = path.strip(_EDGE)
    if text.startswith("/"):
        return text
    text = text.lower().replace("/", "\\")
    for _ in range(_WRAPPINGS):
        before, text = text, _direct(_unwrapped(text)).rstrip(_EDGE)
        if text == before:
            break
    parts = text.split("\\")
    if len(parts) > 2 and parts[0] == "":
        parts[1] = _ALIASES.get(parts[1], parts[1])
    for index in range(1, len(parts) - 1):
        if index >= 2 and parts[index - 1] == "users" and parts[index - 2] == "":
            parts[index] = parts[index] if parts[index] in {"public", "default"} else "*"
        elif _GENERATED.fullmatch(parts[index]):
            parts[index] = "*"
    return "\\".join(parts)


_PLACES: Final = (
    (
        re.compile(r"\\te?mp\\|^\\windows\\temp\\|^/tmp/|^/var/tmp/|^/dev/shm/|\\inetcache\\|\\\$recycle\.bin\\"),
        Place.TEMP,
    ),
    (
        re.compile(r"^\\windows\\(?:tasks|tracing|debug|system32\\spool\\drivers\\color|system32\\tasks)\\"),
        Place.SHARED,
    ),
    (re.compile(r"^\\windows\\|^/(?:usr/)?s?bin/|^/(?:usr/)?lib"), Place.SYSTEM),
    (
        re.compile(r"^\\users\\\*\\(?:downloads|desktop|documents|onedrive[^\\]*)\\|^/home/[^/]+/downloads/"),
        Place.DOWNLOADS,
    ),
    (re.compile(r"^\\program files(?: \(x86\))?\\|^/opt/"), Place.PROGRAMS),
    (re.compile(r"^\\programdata\\|^\\users\\public\\|^\\perflogs\\|^\\[^\\]+$"), Place.SHARED),
    (re.compile(r"^\\users\\\*\\|^/home/|^/root/"), Place.USER),
    (re.compile(r"^\\\\"), Place.REMOTE),
)


def place_of(key: str) -> Place:
    """Where a program with this key lies."""
    # ProgramData\Microsoft\Windows Defender\Platform and the like are the vendor's, protected; no rule tells them.
    return next((place for pattern, place in _PLACES if pattern.search(key)), Place.OTHER)
