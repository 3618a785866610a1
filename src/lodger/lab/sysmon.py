"""Windows events as flat JSON lines: the shapes of Sysmon, Security and System events, field by field.

Names, order and spelling (``SourceProcessGUID`` in event 10, ``SourceProcessGuid`` in event 8, ``ProcessID`` in 5156) are
those of the OTRF Security-Datasets exports; times are UTC microseconds since 1970. ``Message`` holds only its title line.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

import msgspec

SECOND: Final = 1_000_000

_CLOCK: Final = tuple(f"{s // 3600:02}:{s // 60 % 60:02}:{s % 60:02}" for s in range(86_400))
_encode: Final = msgspec.json.Encoder().encode

_SYSMON: Final = ("Microsoft-Windows-Sysmon", "{5770385f-c22a-43e0-bf4c-06f5698ffbd9}", "4", "0x8000000000000000",
                  "Microsoft-Windows-Sysmon/Operational")
_SECURITY: Final = ("Microsoft-Windows-Security-Auditing", "{54849625-5478-4994-a5ba-3e3b0328c30d}", "0",
                    "0x8020000000000000", "Security")
_SYSTEM: Final = ("Service Control Manager", "{555908d1-a6d7-4695-8e1e-26931d2012f4}", "4", "0x8080000000000000", "System")

#: Event id -> (its head, its task, the title of its message).
_KINDS: Final = {
    **{
        number: (_SYSMON, str(number), title)
        for number, title in {
            1: "Process Create:", 3: "Network connection detected:", 5: "Process terminated:", 6: "Driver loaded:",
            7: "Image loaded:", 8: "CreateRemoteThread detected:", 10: "Process accessed:", 11: "File created:",
            12: "Registry object added or deleted:", 13: "Registry value set:", 15: "File stream created:",
            22: "Dns query:", 23: "File Delete archived:", 26: "File Delete logged:",
        }.items()
    },
    4624: (_SECURITY, "12544", "An account was successfully logged on."),
    4688: (_SECURITY, "13312", "A new process has been created."),
    5156: (_SECURITY, "12810", "The Windows Filtering Platform has permitted a connection."),
    7045: (_SYSTEM, "0", "A service was installed in the system."),
}


@lru_cache(maxsize=64)
def _date(day: int) -> str:
    return datetime.fromtimestamp(day * 86_400, UTC).strftime("%Y-%m-%d")


def stamp(time: int, between: str = " ") -> str:
    """A time as Sysmon writes it: ``2024-04-02 08:15:00.123``."""
    seconds, micros = divmod(time, SECOND)
    day, second = divmod(seconds, 86_400)
    return f"{_date(day)}{between}{_CLOCK[second]}.{micros // 1000:03}"


def hashes(of: str) -> str:
    """The four hashes of a file that exists only in name: digests of ``of``."""
    text = of.encode()
    md5 = hashlib.md5(text, usedforsecurity=False).hexdigest()
    sha1 = hashlib.sha1(text, usedforsecurity=False).hexdigest()
    imphash = hashlib.md5(text + b"imports", usedforsecurity=False).hexdigest()
    joined = f"SHA1={sha1},MD5={md5},SHA256={hashlib.sha256(text).hexdigest()},IMPHASH={imphash}"
    return joined.replace("=", "\0").upper().replace("\0", "=")


@dataclass(frozen=True)
class Image:
    """A file on disk that can be loaded, with what its version resource and its signature say."""

    path: str
    version: str
    description: str
    product: str
    company: str
    signer: str | None
    hashes: str

    @property
    def file(self) -> str:
        """The file's name."""
        return self.path.rpartition("\\")[2]


@dataclass(frozen=True)
class Account:
    """A logon session and whose it is."""

    user: str  # as Sysmon writes it: DOMAIN\\name
    sid: str
    logon_id: str
    logon_guid: str
    session: str
    integrity: str


@dataclass(frozen=True, eq=False)
class Process:
    """A process that runs, or ran."""

    guid: str
    pid: int
    image: Image
    command: str
    account: Account
    parent: Process | None
    started: int


class WindowsLog:
    """The events of one host, gathered until a day is written; every method adds one record."""

    def __init__(self, host: str) -> None:
        self._heads = {number: _head(host, number) for number in _KINDS}
        self._lines: list[tuple[int, bytes]] = []

    def drain(self) -> list[bytes]:
        """All lines so far in the order of their times; the log is empty after."""
        lines = [line for _, line in sorted(self._lines, key=lambda item: item[0])]
        self._lines.clear()
        return lines

    def _put(self, time: int, number: int, fields: dict[str, str]) -> None:
        before, middle, after = self._heads[number]
        created = stamp(time + 9_000, "T") + "Z"  # the provider's own clock reading comes before the log's
        line = f"{before}{created}{middle}{created}{after}".encode() + _encode(fields)[1:]
        self._lines.append((time, line))

    def process_created(self, time: int, p: Process) -> None:
        """Sysmon 1."""
        parent = p.parent
        image = p.image
        self._put(time, 1, {
            "RuleName": "-", "UtcTime": stamp(time), "ProcessGuid": p.guid, "ProcessId": str(p.pid), "Image": image.path,
            "FileVersion": image.version, "Description": image.description, "Product": image.product,
            "Company": image.company, "OriginalFileName": image.file, "CommandLine": p.command,
            "CurrentDirectory": "C:\\Windows\\system32\\", "User": p.account.user, "LogonGuid": p.account.logon_guid,
            "LogonId": p.account.logon_id, "TerminalSessionId": p.account.session, "IntegrityLevel": p.account.integrity,
            "Hashes": image.hashes,
            "ParentProcessGuid": parent.guid if parent else "{00000000-0000-0000-0000-000000000000}",
            "ParentProcessId": str(parent.pid) if parent else "0", "ParentImage": parent.image.path if parent else "-",
            "ParentCommandLine": parent.command if parent else "-", "ParentUser": parent.account.user if parent else "-",
        })

    def connection(self, time: int, p: Process, proto: str, source: tuple[str, int], target: tuple[str, int]) -> None:
        """Sysmon 3, begun by this host."""
        self._put(time, 3, {
            "RuleName": "-", "UtcTime": stamp(time), "ProcessGuid": p.guid, "ProcessId": str(p.pid), "Image": p.image.path,
            "User": p.account.user, "Protocol": proto, "Initiated": "true", "SourceIsIpv6": "false", "SourceIp": source[0],
            "SourceHostname": "-", "SourcePort": str(source[1]), "SourcePortName": "-", "DestinationIsIpv6": "false",
            "DestinationIp": target[0], "DestinationHostname": "-", "DestinationPort": str(target[1]),
            "DestinationPortName": "-",
        })

    def process_ended(self, time: int, p: Process) -> None:
        """Sysmon 5."""
        self._put(time, 5, _acting(time, p))

    def driver_loaded(self, time: int, image: Image) -> None:
        """Sysmon 6."""
        self._put(time, 6, {
            "RuleName": "-", "UtcTime": stamp(time), "ImageLoaded": image.path, "Hashes": image.hashes, **_signature(image),
        })

    def module_loaded(self, time: int, p: Process, image: Image) -> None:
        """Sysmon 7."""
        self._put(time, 7, {
            "RuleName": "-", "UtcTime": stamp(time), "ProcessGuid": p.guid, "ProcessId": str(p.pid), "Image": p.image.path,
            "ImageLoaded": image.path, "FileVersion": image.version, "Description": image.description,
            "Product": image.product, "Company": image.company, "OriginalFileName": image.file, "Hashes": image.hashes,
            **_signature(image), "User": p.account.user,
        })

    def remote_thread(self, time: int, source: Process, target: Process, start: int) -> None:
        """Sysmon 8."""
        self._put(time, 8, {
            "RuleName": "-", "UtcTime": stamp(time), "SourceProcessGuid": source.guid, "SourceProcessId": str(source.pid),
            "SourceImage": source.image.path, "TargetProcessGuid": target.guid, "TargetProcessId": str(target.pid),
            "TargetImage": target.image.path, "NewThreadId": str(4 * (start % 4000 + 20)),
            "StartAddress": f"0x{start:016X}", "StartModule": "-", "StartFunction": "-",
            "SourceUser": source.account.user, "TargetUser": target.account.user,
        })

    def process_access(self, time: int, source: Process, target: Process, granted: int, *, known: bool = True) -> None:
        """Sysmon 10; ``known`` says whether the caller's code lies in a module or (False) in bare memory."""
        caller = f"{source.image.path}+13bad" if known else "UNKNOWN(000001D4A3B50A21)"
        self._put(time, 10, {
            "RuleName": "-", "UtcTime": stamp(time), "SourceProcessGUID": source.guid, "SourceProcessId": str(source.pid),
            "SourceThreadId": str(source.pid + 8), "SourceImage": source.image.path, "TargetProcessGUID": target.guid,
            "TargetProcessId": str(target.pid), "TargetImage": target.image.path, "GrantedAccess": f"0x{granted:x}",
            "CallTrace": "C:\\Windows\\SYSTEM32\\ntdll.dll+9d4c4|C:\\Windows\\System32\\KERNELBASE.dll+2c13e|" + caller,
            "SourceUser": source.account.user, "TargetUser": target.account.user,
        })

    def file_created(self, time: int, p: Process, path: str) -> None:
        """Sysmon 11."""
        self._put(time, 11, {
            "RuleName": "-", "UtcTime": stamp(time), "ProcessGuid": p.guid, "ProcessId": str(p.pid), "Image": p.image.path,
            "TargetFilename": path, "CreationUtcTime": stamp(time), "User": p.account.user,
        })

    def registry_key(self, time: int, p: Process, event: str, key: str) -> None:
        """Sysmon 12; ``event`` is CreateKey, DeleteKey or DeleteValue."""
        self._put(time, 12, _registry(time, p, event, key, None))

    def registry_value(self, time: int, p: Process, key: str, details: str) -> None:
        """Sysmon 13."""
        self._put(time, 13, _registry(time, p, "SetValue", key, details))

    def stream_created(self, time: int, p: Process, path: str, of: str, contents: str) -> None:
        """Sysmon 15: the mark of the web; ``of`` are the file's hashes."""
        self._put(time, 15, {
            "RuleName": "-", "UtcTime": stamp(time), "ProcessGuid": p.guid, "ProcessId": str(p.pid), "Image": p.image.path,
            "TargetFilename": path, "CreationUtcTime": stamp(time), "Hash": of, "Contents": contents,
            "User": p.account.user,
        })

    def dns_query(self, time: int, p: Process, name: str, answer: str) -> None:
        """Sysmon 22, answered."""
        self._put(time, 22, {
            "RuleName": "-", "UtcTime": stamp(time), "ProcessGuid": p.guid, "ProcessId": str(p.pid), "QueryName": name,
            "QueryStatus": "0", "QueryResults": f"::ffff:{answer};", "Image": p.image.path, "User": p.account.user,
        })

    def file_deleted(self, time: int, p: Process, path: str, of: str, *, archived: bool, executable: bool) -> None:
        """Sysmon 23 (a copy was kept) or 26 (only logged)."""
        fields = {
            "RuleName": "-", "UtcTime": stamp(time), "ProcessGuid": p.guid, "ProcessId": str(p.pid), "User": p.account.user,
            "Image": p.image.path, "TargetFilename": path, "Hashes": of, "IsExecutable": str(executable).lower(),
        }
        if archived:
            fields["Archived"] = "true"
        self._put(time, 23 if archived else 26, fields)

    def logon(self, time: int, computer: str, account: Account, kind: int, by: Process) -> None:
        """Security 4624."""
        domain, _, name = account.user.rpartition("\\")
        self._put(time, 4624, {
            "SubjectUserSid": "S-1-5-18", "SubjectUserName": computer + "$", "SubjectDomainName": domain,
            "SubjectLogonId": "0x3e7", "TargetUserSid": account.sid, "TargetUserName": name, "TargetDomainName": domain,
            "TargetLogonId": account.logon_id, "LogonType": str(kind), "LogonProcessName": "User32 ",
            "AuthenticationPackageName": "Negotiate", "WorkstationName": computer, "LogonGuid": account.logon_guid,
            "TransmittedServices": "-", "LmPackageName": "-", "KeyLength": "0", "ProcessId": hex(by.pid),
            "ProcessName": by.image.path, "IpAddress": "127.0.0.1", "IpPort": "0", "ImpersonationLevel": "%%1833",
            "RestrictedAdminMode": "-", "TargetOutboundUserName": "-", "TargetOutboundDomainName": "-",
            "VirtualAccount": "%%1843", "TargetLinkedLogonId": "0x0", "ElevatedToken": "%%1843",
        })

    def process_audited(self, time: int, p: Process) -> None:
        """Security 4688."""
        domain, _, name = p.account.user.rpartition("\\")
        self._put(time, 4688, {
            "SubjectUserSid": p.account.sid, "SubjectUserName": name, "SubjectDomainName": domain,
            "SubjectLogonId": p.account.logon_id, "NewProcessId": hex(p.pid), "NewProcessName": p.image.path,
            "TokenElevationType": "%%1936", "ProcessId": hex(p.parent.pid if p.parent else 0), "CommandLine": p.command,
            "TargetUserSid": "S-1-0-0", "TargetUserName": "-", "TargetDomainName": "-", "TargetLogonId": "0x0",
            "ParentProcessName": p.parent.image.path if p.parent else "-",
            "MandatoryLabel": "S-1-16-16384" if p.account.integrity == "System" else "S-1-16-8192",
        })

    def connection_permitted(self, time: int, p: Process, proto: int, source: tuple[str, int], target: tuple[str, int]) -> None:
        """Security 5156, outbound."""
        self._put(time, 5156, {
            "ProcessID": str(p.pid), "Application": _device_path(p.image.path), "Direction": "%%14593",
            "SourceAddress": source[0], "SourcePort": str(source[1]), "DestAddress": target[0], "DestPort": str(target[1]),
            "Protocol": str(proto), "FilterRTID": "65888", "LayerName": "%%14611", "LayerRTID": "48",
            "RemoteUserID": "S-1-0-0", "RemoteMachineID": "S-1-0-0",
        })

    def service_installed(self, time: int, name: str, path: str, *, driver: bool) -> None:
        """System 7045."""
        self._put(time, 7045, {
            "ServiceName": name, "ImagePath": path, "ServiceType": "kernel mode driver" if driver else "user mode service",
            "StartType": "system start" if driver else "auto start", "AccountName": "" if driver else "LocalSystem",
        })


def _head(host: str, number: int) -> tuple[str, str, str]:
    """A line up to its time, between its two times, and from there to its own fields."""
    (source, provider, level, keywords, channel), task, title = _KINDS[number]
    before = (
        f'{{"SourceName":"{source}","ProviderGuid":"{provider}","Level":"{level}","Keywords":"{keywords}",'
        f'"Channel":"{channel}","Hostname":"{host}","TimeCreated":"'
    )
    return before, '","@timestamp":"', f'","EventID":{number},"Message":"{title}","Task":"{task}",'


def _acting(time: int, p: Process) -> dict[str, str]:
    return {
        "RuleName": "-", "UtcTime": stamp(time), "ProcessGuid": p.guid, "ProcessId": str(p.pid), "Image": p.image.path,
        "User": p.account.user,
    }


def _registry(time: int, p: Process, event: str, key: str, details: str | None) -> dict[str, str]:
    fields = {
        "RuleName": "-", "EventType": event, "UtcTime": stamp(time), "ProcessGuid": p.guid, "ProcessId": str(p.pid),
        "Image": p.image.path, "TargetObject": key,
    }
    if details is not None:
        fields["Details"] = details
    fields["User"] = p.account.user
    return fields


def _signature(image: Image) -> dict[str, str]:
    if image.signer is None:
        return {"Signed": "false", "Signature": "-", "SignatureStatus": "Unavailable"}
    return {"Signed": "true", "Signature": image.signer, "SignatureStatus": "Valid"}


@lru_cache(maxsize=4096)
def _device_path(path: str) -> str:
    return path.lower().replace("c:", "\\device\\harddiskvolume2", 1)
