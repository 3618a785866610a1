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
from typing import Final

import pyarrow as pa

from lodger.model.tables import TEXT
from lodger.stays.paths import Place, path_key, place_of
from lodger.stays.roles import LIBRARY_HOSTS, POWERSHELLS, SCRIPT_HOSTS, SERVICE_HOSTS, SYSTEM32, Role, role_of


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


_ARGUMENT = re.compile(r'"([^"]*)"|(\S+)')
_EXTENSION = re.compile(r"\.[a-z0-9]{1,8}$")
_FILE_OPTION = re.compile(r"[-/]f(?:i(?:l(?:e)?)?)?", re.IGNORECASE)
_SERVICE = re.compile(r"\s-s\s+\"?([\w.$ -]{1,100}?)\"?(?:\s+-|\s*$)")
_GROUP = re.compile(r"\s-k\s+\"?([\w.$-]{1,100})")


def _arguments(command_line: str) -> list[str]:
    return [quoted or bare for quoted, bare in _ARGUMENT.findall(command_line) if quoted or bare][1:]


def _lent_to(name: str, command_line: str) -> str | None:
    """The path of what a library or script host runs, as its command line says; None where it does not say."""
    arguments = _arguments(command_line)
    if name in LIBRARY_HOSTS:
        bare = [argument.split(",")[0] for argument in arguments if not argument.startswith(("/", "-"))]
        return bare[-1] if name == "regsvr32.exe" and bare else bare[0] if bare else None
    if name in POWERSHELLS:
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
    role = role_of(key, name, place)
    if command_line is None:
        return ProgramName(key, name, place, role)
    if key in SERVICE_HOSTS:
        found = _SERVICE.search(command_line.lower()) or _GROUP.search(command_line.lower())
        service = f" ({found.group(1).strip()})" if found else ""
        return ProgramName(key + service, name + service, place, role)
    if name in LIBRARY_HOSTS | SCRIPT_HOSTS | POWERSHELLS and (place is Place.SYSTEM or place is Place.PROGRAMS):
        lent = _lent_to(name, command_line)
        script = path_key(lent) if lent is not None else ""
        if script:
            if "\\" not in script and "/" not in script:  # a bare name: searched for in the system directory first
                script = SYSTEM32 + script if name in LIBRARY_HOSTS else "*\\" + script
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
    "powershell.exe": SYSTEM32 + "windowspowershell\\*\\powershell.exe",
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
    return path if rooted or not path.lower().endswith(".exe") else _SEARCHED.get(path.lower(), SYSTEM32 + path)


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
