"""What every line of a Windows event begins with: provider, level, channel, host, times, task and title."""

from __future__ import annotations

from typing import Final

#: Source, provider, level, keywords, channel.
_SYSMON: Final = (
    "Microsoft-Windows-Sysmon",
    "{5770385f-c22a-43e0-bf4c-06f5698ffbd9}",
    "4",
    "0x8000000000000000",
    "Microsoft-Windows-Sysmon/Operational",
)
_SECURITY: Final = (
    "Microsoft-Windows-Security-Auditing",
    "{54849625-5478-4994-a5ba-3e3b0328c30d}",
    "0",
    "0x8020000000000000",
    "Security",
)
_SYSTEM: Final = (
    "Service Control Manager",
    "{555908d1-a6d7-4695-8e1e-26931d2012f4}",
    "4",
    "0x8080000000000000",
    "System",
)

#: Event id -> provider and channel, task, title of the message.
_KINDS: Final = {
    1: (_SYSMON, "1", "Process Create:"),
    3: (_SYSMON, "3", "Network connection detected:"),
    5: (_SYSMON, "5", "Process terminated:"),
    6: (_SYSMON, "6", "Driver loaded:"),
    7: (_SYSMON, "7", "Image loaded:"),
    8: (_SYSMON, "8", "CreateRemoteThread detected:"),
    10: (_SYSMON, "10", "Process accessed:"),
    11: (_SYSMON, "11", "File created:"),
    12: (_SYSMON, "12", "Registry object added or deleted:"),
    13: (_SYSMON, "13", "Registry value set:"),
    15: (_SYSMON, "15", "File stream created:"),
    17: (_SYSMON, "17", "Pipe Created:"),
    18: (_SYSMON, "18", "Pipe Connected:"),
    22: (_SYSMON, "22", "Dns query:"),
    23: (_SYSMON, "23", "File Delete archived:"),
    26: (_SYSMON, "26", "File Delete logged:"),
    4624: (_SECURITY, "12544", "An account was successfully logged on."),
    4688: (_SECURITY, "13312", "A new process has been created."),
    4697: (_SECURITY, "12289", "A service was installed in the system."),
    5140: (_SECURITY, "12808", "A network share object was accessed."),
    5145: (
        _SECURITY,
        "12811",
        "A network share object was checked to see whether client can be granted desired access.",
    ),
    5156: (_SECURITY, "12810", "The Windows Filtering Platform has permitted a connection."),
    7045: (_SYSTEM, "0", "A service was installed in the system."),
}


def heads(host: str) -> dict[int, tuple[str, str, str]]:
    """By event id, for the host with this name: a line up to its time, between its two times, and up to its fields."""
    return {number: _head(host, number) for number in _KINDS}


def _head(host: str, number: int) -> tuple[str, str, str]:
    """A line up to its time, between its two times, and from there to its own fields."""
    (source, provider, level, keywords, channel), task, title = _KINDS[number]
    before = (
        f'{{"SourceName":"{source}","ProviderGuid":"{provider}","Level":"{level}","Keywords":"{keywords}",'
        f'"Channel":"{channel}","Hostname":"{host}","TimeCreated":"'
    )
    return before, 'Z","@timestamp":"', f'Z","EventID":{number},"Message":"{title}","Task":"{task}",'
