"""Events as PowerShell's ``Get-WinEvent | ConvertTo-Json`` writes them: .NET's ``EventLogRecord``.

Its ``Properties`` are values without names, in the order of the event's manifest. The names are Microsoft's, from the
manifests of Sysmon (versions 8 to 15) and of Security auditing (Windows 7 to 11), for the events that are read here.
"""

from __future__ import annotations

import re
from typing import Any, Final

from lodger.telemetry import times
from lodger.telemetry.json_records import Object
from lodger.telemetry.windows import HEADER, Event, flat

_SYSMON: Final = "Microsoft-Windows-Sysmon"
_AUDIT: Final = "Microsoft-Windows-Security-Auditing"
_PROCESS: Final = "RuleName UtcTime ProcessGuid ProcessId"
_SUBJECT: Final = "SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId"
_CREATED: Final = f"{_PROCESS} Image FileVersion Description Product Company"
_CREATED_REST: Final = (
    "CommandLine CurrentDirectory User LogonGuid LogonId TerminalSessionId IntegrityLevel Hashes ParentProcessGuid "
    "ParentProcessId ParentImage ParentCommandLine"
)
_LOADED: Final = f"{_PROCESS} Image ImageLoaded FileVersion Description Product Company"
_CONNECTED: Final = (
    f"{_PROCESS} Image User Protocol Initiated SourceIsIpv6 SourceIp SourceHostname SourcePort SourcePortName "
    "DestinationIsIpv6 DestinationIp DestinationHostname DestinationPort DestinationPortName"
)
_FILE: Final = f"{_PROCESS} Image TargetFilename CreationUtcTime"
_THREAD: Final = (
    "RuleName UtcTime SourceProcessGuid SourceProcessId SourceImage TargetProcessGuid TargetProcessId TargetImage "
    "NewThreadId StartAddress StartModule StartFunction"
)
_ACCESS: Final = (
    "RuleName UtcTime SourceProcessGuid SourceProcessId SourceThreadId SourceImage TargetProcessGuid TargetProcessId "
    "TargetImage GrantedAccess CallTrace"
)
_REGISTRY: Final = "RuleName EventType UtcTime ProcessGuid ProcessId Image TargetObject"
_PIPE: Final = "RuleName EventType UtcTime ProcessGuid ProcessId PipeName Image"
_DELETED: Final = f"{_PROCESS} User Image TargetFilename Hashes"
_LOGON: Final = (
    f"{_SUBJECT} TargetUserSid TargetUserName TargetDomainName TargetLogonId LogonType LogonProcessName "
    "AuthenticationPackageName WorkstationName LogonGuid TransmittedServices LmPackageName KeyLength ProcessId "
    "ProcessName IpAddress IpPort"
)
_LOGON_REST: Final = (
    "ImpersonationLevel RestrictedAdminMode TargetOutboundUserName TargetOutboundDomainName VirtualAccount "
    "TargetLinkedLogonId ElevatedToken"
)
_FAILED: Final = (
    f"{_SUBJECT} TargetUserSid TargetUserName TargetDomainName Status FailureReason SubStatus LogonType "
    "LogonProcessName AuthenticationPackageName WorkstationName TransmittedServices LmPackageName KeyLength ProcessId "
    "ProcessName IpAddress IpPort"
)
_STARTED: Final = f"{_SUBJECT} NewProcessId NewProcessName TokenElevationType ProcessId"
_STARTED_REST: Final = "TargetUserSid TargetUserName TargetDomainName TargetLogonId ParentProcessName MandatoryLabel"
_OBJECT: Final = f"{_SUBJECT} ObjectServer ObjectType ObjectName HandleId AccessList AccessMask ProcessId ProcessName"
_HANDLE: Final = (
    f"{_SUBJECT} ObjectServer ObjectType ObjectName HandleId TransactionId AccessList AccessReason AccessMask "
    "PrivilegeList RestrictedSidCount ProcessId ProcessName"
)
_SHARE: Final = f"{_SUBJECT} ObjectType IpAddress IpPort ShareName ShareLocalPath"

_LAYOUTS: Final[dict[str, dict[int, tuple[str, ...]]]] = {
    _SYSMON: {
        1: (f"{_CREATED} {_CREATED_REST}", f"{_CREATED} OriginalFileName {_CREATED_REST}",
            f"{_CREATED} OriginalFileName {_CREATED_REST} ParentUser"),
        2: (f"{_FILE} PreviousCreationUtcTime",
            f"{_FILE} PreviousCreationUtcTime User"),
        3: (_CONNECTED,),
        5: (f"{_PROCESS} Image", f"{_PROCESS} Image User"),
        6: ("RuleName UtcTime ImageLoaded Hashes Signed Signature SignatureStatus",),
        7: (f"{_LOADED} Hashes Signed Signature SignatureStatus",
            f"{_LOADED} OriginalFileName Hashes Signed Signature SignatureStatus",
            f"{_LOADED} OriginalFileName Hashes Signed Signature SignatureStatus User"),
        8: (_THREAD, f"{_THREAD} SourceUser TargetUser"),
        10: (_ACCESS, f"{_ACCESS} SourceUser TargetUser"),
        11: (_FILE, f"{_FILE} User"),
        12: (_REGISTRY, f"{_REGISTRY} User"),
        13: (f"{_REGISTRY} Details", f"{_REGISTRY} Details User"),
        15: (f"{_FILE} Hash",
             f"{_FILE} Hash Contents",
             f"{_FILE} Hash Contents User"),
        17: (_PIPE, f"{_PIPE} User"),
        18: (_PIPE, f"{_PIPE} User"),
        19: ("RuleName EventType UtcTime Operation User EventNamespace Name Query",),
        20: ("RuleName EventType UtcTime Operation User Name Type Destination",),
        21: ("RuleName EventType UtcTime Operation User Consumer Filter",),
        22: (f"{_PROCESS} QueryName QueryStatus QueryResults Image",
             f"{_PROCESS} QueryName QueryStatus QueryResults Image User"),
        23: (f"{_DELETED} IsExecutable Archived",),
        26: (f"{_DELETED} IsExecutable",),
        29: (_DELETED,),
    },
    _AUDIT: {
        4624: (_LOGON, f"{_LOGON} ImpersonationLevel",
               f"{_LOGON} {_LOGON_REST}"),
        4625: (_FAILED,),
        4634: ("TargetUserSid TargetUserName TargetDomainName TargetLogonId LogonType",),
        4656: (f"{_HANDLE} ResourceAttributes",),
        4663: (_OBJECT, f"{_OBJECT} ResourceAttributes"),
        4672: (f"{_SUBJECT} PrivilegeList",),
        4688: (f"{_STARTED} CommandLine",
               f"{_STARTED} CommandLine {_STARTED_REST}"),
        4698: (f"{_SUBJECT} TaskName TaskContent",),
        5140: (f"{_SHARE} AccessMask AccessList",),
        5145: (f"{_SHARE} RelativeTargetName AccessMask AccessList AccessReason",),
    },
    "Service Control Manager": {7045: ("ServiceName ImagePath ServiceType StartType AccountName",)},
}  # fmt: skip

#: Provider, event id, number of properties -> their names.
_NAMES: Final = {
    (provider, number, len(layout.split())): tuple(layout.split())
    for provider, events in _LAYOUTS.items()
    for number, layouts in events.items()
    for layout in layouts
}
_DATE: Final = re.compile(r"/Date\((-?\d{1,15})(?:[+-]\d{4})?\)/")
_SAID: Final = re.compile(r"^(\w{1,40}): (.*?)\r?$", re.MULTILINE)
_HEADED: Final = frozenset(
    {"Id", "LogName", "ProviderName", "MachineName", "RecordId", "Level", "TimeCreated", "Message", "Properties"}
)


def is_event(record: Object) -> bool:
    """Whether a JSON object has an EventLogRecord's own names."""
    return "Id" in record and "ProviderName" in record and ("LogName" in record or "MachineName" in record)


def event(record: Object) -> Event:
    """The event; properties whose names are not known are ``param1``, ``param2``, ... as Windows numbers them."""
    header = [record.get(name) for name in ("MachineName", "LogName", "ProviderName", "Id", "RecordId", "Level")]
    data = [("Message", record.get("Message")), *_data(record)]
    for name, value in record.items():
        if name not in _HEADED:  # its ProcessId is the one that wrote the event, not the one it speaks of
            data += flat(f"System.{name}", value)
    names = (*HEADER, *(name for name, _ in data))
    return Event(when(record.get("TimeCreated")), record.get("Id"), names, [*header, *(value for _, value in data)])


def when(value: Any) -> object:
    """A .NET time as seconds or ISO 8601: ``/Date(ms)/`` (5.1), the same within an object, or ISO (6 and later)."""
    if isinstance(value, dict):
        value = value.get("value", value.get("DateTime"))
    match = _DATE.fullmatch(value) if isinstance(value, str) else None
    return value if match is None else int(match[1]) / 1000


def _data(record: Object) -> list[tuple[str, Any]]:
    properties = record.get("Properties")
    if not isinstance(properties, list):
        return [("Properties", properties)]
    if any(not isinstance(each, dict) for each in properties):  # -Depth was too small: the type's name stands there
        return [*_from_message(record), ("Properties", properties)]
    values = [_plain(each.get("Value", each)) for each in properties]
    names = _NAMES.get(_key(record, len(values)))
    if names is not None and "UtcTime" in names:
        moment = values[names.index("UtcTime")]
        if not isinstance(moment, str) or times.iso(moment) is None:  # another layout of the same length
            names = None
    if names is None:
        names = tuple(f"param{number}" for number in range(1, len(values) + 1))
    return list(zip(names, values, strict=True))


def _key(record: Object, count: int) -> tuple[str, int, int]:
    provider, number = record.get("ProviderName"), record.get("Id")
    return (provider, number, count) if isinstance(provider, str) and isinstance(number, int) else ("", 0, count)


def _plain(value: Any) -> Any:
    """A property's value; of a SecurityIdentifier, the SID."""
    return value["Value"] if isinstance(value, dict) and "BinaryLength" in value and "Value" in value else value


def _from_message(record: Object) -> list[tuple[str, Any]]:
    """Sysmon's message, in every language of Windows, is its fields by name, one a line."""
    message = record.get("Message")
    if record.get("ProviderName") != _SYSMON or not isinstance(message, str):
        return []
    return _SAID.findall(message)
