"""Names of programs: one program has one key, however its path is written.

A path is written in many ways for one file (``C:\\Windows``, ``\\Device\\HarddiskVolume2\\windows``, ``%SystemRoot%``,
``\\??\\C:\\WINDOWS``, ``C:\\Users\\PEDRO~1.GUS``), and one program moves with each version
(``...\\Application\\92.0.902.67\\``) and each user. The key is the path in lower case, without its drive, with users,
versions, GUIDs and other generated folder names as ``*``, so that an update does not end a life and the same software
on two hosts is one family.

A process that only lends its body (``svchost``, ``rundll32``, script hosts) is named by what it runs: the service, the
DLL, the script.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import pyarrow as pa

from lodger.model.tables import TEXT


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


class Role(StrEnum):
    """What a program is to the programs that it starts."""

    DESKTOP = "desktop"  # starts what a person asks for; answers for nothing that it starts
    LAUNCHER = "launcher"  # starts what the system asks for; answers for nothing that it starts
    SHELL = "shell"  # like the desktop where a person opened it from there, else an ordinary program
    OPENER = "opener"  # a browser, mail, office or archive program: a person opens things with it
    BODY = "body"  # runs another's code: a service host, a script host
    PLAIN = "plain"


@dataclass(frozen=True)
class ProgramName:
    """``key`` names the program in the fleet; ``name`` is its last part.

    ``script`` is set where ``key`` is that of what a body runs.
    """

    key: str
    name: str
    place: Place
    role: Role
    script: bool = False


_SYSTEM32: Final = "\\windows\\system32\\"

#: Full keys, because a name alone is the intruder's to choose.
DESKTOPS: Final = frozenset(
    {"\\windows\\explorer.exe", "\\windows\\immersivecontrolpanel\\systemsettings.exe"}
    | {
        _SYSTEM32 + name
        for name in ("sihost.exe", "openwith.exe", "applicationframehost.exe", "userinit.exe", "shellhost.exe")
    }
)

LAUNCHERS: Final = frozenset(
    {"system", "registry", "idle"}
    | {
        _SYSTEM32 + name
        for name in (
            "services.exe",
            "svchost.exe",
            "wininit.exe",
            "winlogon.exe",
            "smss.exe",
            "csrss.exe",
            "taskeng.exe",
            "taskhostw.exe",
            "taskhost.exe",
            "taskhostex.exe",
            "lsass.exe",
            "runtimebroker.exe",
            "dllhost.exe",
            "wbem\\wmiprvse.exe",
            "wsmprovhost.exe",
            "consent.exe",
            "logonui.exe",
            "searchprotocolhost.exe",
            "backgroundtaskhost.exe",
        )
    }
    | {"/sbin/init", "/lib/systemd/systemd", "/usr/lib/systemd/systemd", "/usr/sbin/cron", "/usr/sbin/sshd"}
)

SHELLS: Final = frozenset(
    {
        _SYSTEM32 + "cmd.exe",
        _SYSTEM32 + "windowspowershell\\*\\powershell.exe",
        _SYSTEM32 + "windowspowershell\\*\\powershell_ise.exe",
        _SYSTEM32 + "conhost.exe",
        "\\windows\\syswow64\\cmd.exe",
        "\\windows\\syswow64\\windowspowershell\\*\\powershell.exe",
        "\\program files\\powershell\\*\\pwsh.exe",
        "\\program files\\powershell\\7\\pwsh.exe",
        "/bin/bash", "/usr/bin/bash", "/bin/sh", "/usr/bin/sh", "/usr/bin/dash", "/usr/bin/zsh",
    }
)  # fmt: skip

#: Names of programs that people open things with. They count as such only where an administrator's or the vendor's
#: installer puts them.
OPENERS: Final = frozenset(
    {
        "chrome.exe", "msedge.exe", "firefox.exe", "iexplore.exe", "brave.exe", "opera.exe", "vivaldi.exe",
        "safari.exe", "msedgewebview2.exe", "outlook.exe", "olk.exe", "hxoutlook.exe", "thunderbird.exe",
        "winword.exe", "excel.exe", "powerpnt.exe", "onenote.exe", "msaccess.exe", "mspub.exe", "visio.exe",
        "acrord32.exe", "acrobat.exe", "foxitreader.exe", "foxitpdfreader.exe", "sumatrapdf.exe", "wordpad.exe",
        "soffice.exe", "soffice.bin", "7zfm.exe", "7zg.exe", "7z.exe", "winrar.exe", "winzip32.exe", "winzip64.exe",
        "peazip.exe", "bandizip.exe", "teams.exe", "ms-teams.exe", "slack.exe", "telegram.exe", "whatsapp.exe",
        "skype.exe", "discord.exe", "signal.exe",
    }
)  # fmt: skip

_SERVICE_HOST: Final = frozenset({_SYSTEM32 + "svchost.exe", "\\windows\\syswow64\\svchost.exe"})
_LIBRARY_HOSTS: Final = frozenset({"rundll32.exe", "regsvr32.exe"})
_SCRIPT_HOSTS: Final = frozenset(
    {"wscript.exe", "cscript.exe", "mshta.exe", "python.exe", "pythonw.exe", "java.exe", "javaw.exe", "node.exe"}
)
_POWERSHELLS: Final = frozenset({"powershell.exe", "pwsh.exe"})

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
_ARGUMENT = re.compile(r'"([^"]*)"|(\S+)')
_EXTENSION = re.compile(r"\.[a-z0-9]{1,8}$")
_FILE_OPTION = re.compile(r"[-/]f(?:i(?:l(?:e)?)?)?", re.IGNORECASE)
_SERVICE = re.compile(r"\s-s\s+\"?([\w.$ -]{1,100}?)\"?(?:\s+-|\s*$)")
_GROUP = re.compile(r"\s-k\s+\"?([\w.$-]{1,100})")


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


def _role_of(key: str, name: str, place: Place) -> Role:
    if key in DESKTOPS:
        return Role.DESKTOP
    if key in LAUNCHERS:
        return Role.LAUNCHER
    if key in SHELLS:
        return Role.SHELL
    if name in OPENERS and (place is Place.PROGRAMS or (place is Place.USER and "\\appdata\\local\\" in key)):
        return Role.OPENER
    if name in _LIBRARY_HOSTS | _SCRIPT_HOSTS:
        return Role.BODY
    return Role.PLAIN


def _arguments(command_line: str) -> list[str]:
    return [quoted or bare for quoted, bare in _ARGUMENT.findall(command_line) if quoted or bare][1:]


def _lent_to(name: str, command_line: str) -> str | None:
    """The path of what a library or script host runs, as its command line says; None where it does not say."""
    arguments = _arguments(command_line)
    if name in _LIBRARY_HOSTS:
        bare = [argument.split(",")[0] for argument in arguments if not argument.startswith(("/", "-"))]
        return bare[-1] if name == "regsvr32.exe" and bare else bare[0] if bare else None
    if name in _POWERSHELLS:
        named = next((i for i, argument in enumerate(arguments) if _FILE_OPTION.fullmatch(argument)), len(arguments))
        return arguments[named + 1] if named + 1 < len(arguments) else None
    if name in {"java.exe", "javaw.exe"} and "-jar" in arguments[:-1]:
        return arguments[arguments.index("-jar") + 1]
    return next((a for a in arguments if not a.startswith(("/", "-")) and _EXTENSION.search(a.lower())), None)


def name_program(path: str, command_line: str | None) -> ProgramName:
    """The program that runs as the image ``path`` with ``command_line`` (None where the telemetry does not show it)."""
    key = path_key(path)
    name = re.split(r"[\\/]", key)[-1]
    place = place_of(key)
    role = _role_of(key, name, place)
    if command_line is None:
        return ProgramName(key, name, place, role)
    if key in _SERVICE_HOST:
        found = _SERVICE.search(command_line.lower()) or _GROUP.search(command_line.lower())
        service = f" ({found.group(1).strip()})" if found else ""
        return ProgramName(key + service, name + service, place, role)
    if name in _LIBRARY_HOSTS | _SCRIPT_HOSTS | _POWERSHELLS and (place is Place.SYSTEM or place is Place.PROGRAMS):
        lent = _lent_to(name, command_line)
        script = path_key(lent) if lent is not None else ""
        if script:
            if "\\" not in script and "/" not in script:  # a bare name: searched for in the system directory first
                script = _SYSTEM32 + script if name in _LIBRARY_HOSTS else "*\\" + script
            return ProgramName(script, re.split(r"[\\/]", script)[-1], place_of(script), Role.BODY, script=True)
    return ProgramName(key, name, place, role)


#: What :func:`name_programs` gives.
NAMES: Final = pa.schema(
    [
        ("path", TEXT),
        ("cmd_line", TEXT),
        ("program", TEXT),
        ("name", TEXT),
        ("place", TEXT),
        ("role", TEXT),
        ("script", pa.bool_()),
    ]
)


def name_programs(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Kernel: rows of (path, cmd_line) -> :data:`NAMES`."""
    paths, lines = batch.column("path").to_pylist(), batch.column("cmd_line").to_pylist()
    named = [name_program(path, line) for path, line in zip(paths, lines, strict=True)]
    columns = [
        batch.column("path"),
        batch.column("cmd_line"),
        pa.array([n.key for n in named], TEXT),
        pa.array([n.name for n in named], TEXT),
        pa.array([n.place.value for n in named], TEXT),
        pa.array([n.role.value for n in named], TEXT),
        pa.array([n.script for n in named], pa.bool_()),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=NAMES)


#: What :func:`name_files` gives.
FILES: Final = pa.schema([("path", TEXT), ("program", TEXT), ("name", TEXT), ("place", TEXT)])


def name_files(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Kernel: rows of (path) -> :data:`FILES`: the key that the file has, or would have, as a program."""
    keys = [path_key(path) for path in batch.column("path").to_pylist()]
    columns = [
        batch.column("path"),
        pa.array(keys, TEXT),
        pa.array([re.split(r"[\\/]", key)[-1] for key in keys], TEXT),
        pa.array([place_of(key).value for key in keys], TEXT),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=FILES)


_QUOTED = re.compile(r'"([^"]+)"')
_IMAGE = re.compile(r"((?:(?!\s/).)+?\.(?:exe|com|scr|sys|dll|bat|cmd|ps1|vbs|js|msc|cpl))(?=[\s,\"]|$)", re.IGNORECASE)
#: Where a bare name is found first, when it is not in the system directory.
_SEARCHED: Final = {
    "powershell.exe": _SYSTEM32 + "windowspowershell\\*\\powershell.exe",
    "explorer.exe": "\\windows\\explorer.exe",
}

#: What :func:`name_commands` gives.
COMMANDS: Final = pa.schema([("text", TEXT), ("program", TEXT), ("name", TEXT), ("place", TEXT)])


def _image(command: str) -> str:
    """The path of what ``command`` starts: up to the quote, or else to the first ending that programs have."""
    quoted = _QUOTED.match(command)
    if quoted:
        return quoted.group(1)
    first = (command.split(maxsplit=1) or [""])[0]
    rooted = "\\" in first or "/" in first
    image = _IMAGE.match(command) if rooted else None
    path = image.group(1) if image else first
    if path and not path.endswith("%") and not _EXTENSION.search(path.lower()):
        path += ".exe"
    return path if rooted or not path.lower().endswith(".exe") else _SEARCHED.get(path.lower(), _SYSTEM32 + path)


def name_command(text: str) -> ProgramName:
    """The program that the command line ``text`` of a service, task or autostart entry starts."""
    stripped = text.strip()
    return name_program(_image(stripped), stripped)


def name_commands(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Kernel: rows of (text) -> :data:`COMMANDS`: the program that each command line starts."""
    named = [name_command(text) for text in batch.column("text").to_pylist()]
    columns = [
        batch.column("text"),
        pa.array([n.key for n in named], TEXT),
        pa.array([n.name for n in named], TEXT),
        pa.array([n.place.value for n in named], TEXT),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=COMMANDS)
