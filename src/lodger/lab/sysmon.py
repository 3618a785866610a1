"""Windows events as flat JSON lines: the shapes of Sysmon, Security and System events, field by field.

Names, order and spelling (``SourceProcessGUID`` in event 10, ``SourceProcessGuid`` in 8, ``ProcessID`` in 5156) are
those of the OTRF Security-Datasets exports; times are UTC microseconds since 1970. ``Message`` holds its title line.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

import msgspec

SECOND: Final = 1_000_000
NO_GUID: Final = "{00000000-0000-0000-0000-000000000000}"
End = tuple[str, int]  # address and port

_CLOCK: Final = tuple(f"{s // 3600:02}:{s // 60 % 60:02}:{s % 60:02}" for s in range(86_400))
_encode: Final = msgspec.json.Encoder().encode

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

_ACTOR: Final = "RuleName UtcTime ProcessGuid ProcessId Image "
_VERSION: Final = "FileVersion Description Product Company OriginalFileName "
_TO: Final = "TargetUserSid TargetUserName TargetDomainName TargetLogonId "

#: Sysmon event id -> the title of its message, and its fields in order.
_SYSMON_EVENTS: Final = {
    1: (
        "Process Create:",
        _ACTOR
        + _VERSION
        + "CommandLine CurrentDirectory User LogonGuid LogonId TerminalSessionId IntegrityLevel Hashes "
        "ParentProcessGuid ParentProcessId ParentImage ParentCommandLine ParentUser",
    ),
    3: (
        "Network connection detected:",
        _ACTOR + "User Protocol Initiated SourceIsIpv6 SourceIp SourceHostname SourcePort SourcePortName "
        "DestinationIsIpv6 DestinationIp DestinationHostname DestinationPort DestinationPortName",
    ),
    5: ("Process terminated:", _ACTOR + "User"),
    6: ("Driver loaded:", "RuleName UtcTime ImageLoaded Hashes Signed Signature SignatureStatus"),
    7: ("Image loaded:", _ACTOR + "ImageLoaded " + _VERSION + "Hashes Signed Signature SignatureStatus User"),
    8: (
        "CreateRemoteThread detected:",
        (
            "RuleName UtcTime SourceProcessGuid SourceProcessId SourceImage TargetProcessGuid TargetProcessId "
            "TargetImage NewThreadId StartAddress StartModule StartFunction SourceUser TargetUser"
        ),
    ),
    10: (
        "Process accessed:",
        (
            "RuleName UtcTime SourceProcessGUID SourceProcessId SourceThreadId SourceImage TargetProcessGUID "
            "TargetProcessId TargetImage GrantedAccess CallTrace SourceUser TargetUser"
        ),
    ),
    11: ("File created:", _ACTOR + "TargetFilename CreationUtcTime User"),
    12: (
        "Registry object added or deleted:",
        "RuleName EventType UtcTime ProcessGuid ProcessId Image TargetObject User",
    ),
    13: ("Registry value set:", "RuleName EventType UtcTime ProcessGuid ProcessId Image TargetObject Details User"),
    15: ("File stream created:", _ACTOR + "TargetFilename CreationUtcTime Hash Contents User"),
    22: ("Dns query:", "RuleName UtcTime ProcessGuid ProcessId QueryName QueryStatus QueryResults Image User"),
    23: (
        "File Delete archived:",
        "RuleName UtcTime ProcessGuid ProcessId User Image TargetFilename Hashes IsExecutable Archived",
    ),
    26: ("File Delete logged:", "RuleName UtcTime ProcessGuid ProcessId User Image TargetFilename Hashes IsExecutable"),
}

#: Event id -> provider and channel, task, title, fields.
_KINDS: Final = {
    **{number: (_SYSMON, str(number), *kind) for number, kind in _SYSMON_EVENTS.items()},
    4624: (
        _SECURITY,
        "12544",
        "An account was successfully logged on.",
        "SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId " + _TO + "LogonType LogonProcessName "
        "AuthenticationPackageName WorkstationName LogonGuid TransmittedServices LmPackageName KeyLength ProcessId "
        "ProcessName IpAddress IpPort ImpersonationLevel RestrictedAdminMode TargetOutboundUserName "
        "TargetOutboundDomainName VirtualAccount TargetLinkedLogonId ElevatedToken",
    ),
    4688: (
        _SECURITY,
        "13312",
        "A new process has been created.",
        "SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId NewProcessId NewProcessName "
        "TokenElevationType ProcessId CommandLine " + _TO + "ParentProcessName MandatoryLabel",
    ),
    5156: (
        _SECURITY,
        "12810",
        "The Windows Filtering Platform has permitted a connection.",
        (
            "ProcessID Application Direction SourceAddress SourcePort DestAddress DestPort Protocol FilterRTID "
            "LayerName LayerRTID RemoteUserID RemoteMachineID"
        ),
    ),
    7045: (
        _SYSTEM,
        "0",
        "A service was installed in the system.",
        "ServiceName ImagePath ServiceType StartType AccountName",
    ),
}
_FIELDS: Final = {number: tuple(kind[3].split()) for number, kind in _KINDS.items()}


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

    def _put(self, time: int, number: int, *values: str) -> None:
        before, middle, after = self._heads[number]
        created = stamp(time + 9_000, "T") + "Z"  # the log's clock is read a little after the sensor's
        fields = _encode(dict(zip(_FIELDS[number], values, strict=True)))
        self._lines.append((time, f"{before}{created}{middle}{created}{after}".encode() + fields[1:]))

    def process_created(self, time: int, p: Process) -> None:
        """Sysmon 1."""
        who, parent = p.account, p.parent
        made_by = (
            (parent.guid, str(parent.pid), parent.image.path, parent.command, parent.account.user)
            if parent
            else (NO_GUID, "0", "-", "-", "-")
        )
        session = (who.user, who.logon_guid, who.logon_id, who.session, who.integrity)
        where = "C:\\Windows\\system32\\"
        self._put(time, 1, *_actor(time, p), *_version(p.image), p.command, where, *session, p.image.hashes, *made_by)

    def connection(self, time: int, p: Process, proto: str, source: End, target: End) -> None:
        """Sysmon 3, begun by this host."""
        here = ("false", source[0], "-", str(source[1]), "-")
        there = ("false", target[0], "-", str(target[1]), "-")
        self._put(time, 3, *_actor(time, p), p.account.user, proto, "true", *here, *there)

    def process_ended(self, time: int, p: Process) -> None:
        """Sysmon 5."""
        self._put(time, 5, *_actor(time, p), p.account.user)

    def driver_loaded(self, time: int, image: Image) -> None:
        """Sysmon 6."""
        self._put(time, 6, "-", stamp(time), image.path, image.hashes, *_signature(image))

    def module_loaded(self, time: int, p: Process, image: Image) -> None:
        """Sysmon 7."""
        what = (image.path, *_version(image), image.hashes, *_signature(image))
        self._put(time, 7, *_actor(time, p), *what, p.account.user)

    def remote_thread(self, time: int, source: Process, target: Process, start: int) -> None:
        """Sysmon 8; ``start`` is the address at which the thread begins, in memory that belongs to no module."""
        actor = (*_actor(time, source), target.guid, str(target.pid), target.image.path)
        thread = (str(4 * (start % 4000 + 20)), f"0x{start:016X}", "-", "-")
        self._put(time, 8, *actor, *thread, source.account.user, target.account.user)

    def process_access(self, time: int, source: Process, target: Process, granted: int, *, known: bool = True) -> None:
        """Sysmon 10; ``known`` says whether the caller's code lies in a module or (False) in bare memory."""
        caller = f"{source.image.path}+13bad" if known else "UNKNOWN(000001D4A3B50A21)"
        trace = f"C:\\Windows\\SYSTEM32\\ntdll.dll+9d4c4|C:\\Windows\\System32\\KERNELBASE.dll+2c13e|{caller}"
        who = ("-", stamp(time), source.guid, str(source.pid), str(source.pid + 8), source.image.path)
        whom = (target.guid, str(target.pid), target.image.path)
        self._put(time, 10, *who, *whom, f"0x{granted:x}", trace, source.account.user, target.account.user)

    def file_created(self, time: int, p: Process, path: str) -> None:
        """Sysmon 11."""
        self._put(time, 11, *_actor(time, p), path, stamp(time), p.account.user)

    def registry_key(self, time: int, p: Process, event: str, key: str) -> None:
        """Sysmon 12; ``event`` is CreateKey, DeleteKey or DeleteValue."""
        self._put(time, 12, "-", event, *_actor(time, p)[1:], key, p.account.user)

    def registry_value(self, time: int, p: Process, key: str, details: str) -> None:
        """Sysmon 13."""
        self._put(time, 13, "-", "SetValue", *_actor(time, p)[1:], key, details, p.account.user)

    def stream_created(self, time: int, p: Process, path: str, of: str, contents: str) -> None:
        """Sysmon 15: the mark of the web; ``of`` are the file's hashes."""
        self._put(time, 15, *_actor(time, p), path, stamp(time), of, contents, p.account.user)

    def dns_query(self, time: int, p: Process, name: str, answer: str) -> None:
        """Sysmon 22, answered."""
        who = ("-", stamp(time), p.guid, str(p.pid))
        self._put(time, 22, *who, name, "0", f"::ffff:{answer};", p.image.path, p.account.user)

    def file_deleted(self, time: int, p: Process, path: str, of: str, *, kept: bool, executable: bool) -> None:
        """Sysmon 23 (a copy is kept) or 26 (only logged)."""
        who = ("-", stamp(time), p.guid, str(p.pid), p.account.user, p.image.path)
        self._put(time, 23 if kept else 26, *who, path, of, str(executable).lower(), *(("true",) if kept else ()))

    def logon(self, time: int, computer: str, account: Account, kind: int, by: Process) -> None:
        """Security 4624."""
        domain, _, name = account.user.rpartition("\\")
        subject = ("S-1-5-18", f"{computer}$", domain, "0x3e7")
        whom = (account.sid, name, domain, account.logon_id, str(kind))
        how = ("User32 ", "Negotiate", computer, account.logon_guid, "-", "-", "0")
        where = (hex(by.pid), by.image.path, "127.0.0.1", "0")
        self._put(time, 4624, *subject, *whom, *how, *where, "%%1833", "-", "-", "-", "%%1843", "0x0", "%%1843")

    def process_audited(self, time: int, p: Process) -> None:
        """Security 4688."""
        domain, _, name = p.account.user.rpartition("\\")
        subject = (p.account.sid, name, domain, p.account.logon_id)
        parent = (hex(p.parent.pid), p.parent.image.path) if p.parent else ("0x0", "-")
        what = (hex(p.pid), p.image.path, "%%1936", parent[0], p.command)
        label = "S-1-16-16384" if p.account.integrity == "System" else "S-1-16-8192"
        self._put(time, 4688, *subject, *what, "S-1-0-0", "-", "-", "0x0", parent[1], label)

    def connection_permitted(self, time: int, p: Process, proto: str, source: End, target: End) -> None:
        """Security 5156, outbound."""
        ends = (source[0], str(source[1]), target[0], str(target[1]), {"tcp": "6", "udp": "17"}[proto])
        what = (str(p.pid), _device_path(p.image.path), "%%14593")
        self._put(time, 5156, *what, *ends, "65888", "%%14611", "48", "S-1-0-0", "S-1-0-0")

    def service_installed(self, time: int, name: str, path: str, *, driver: bool) -> None:
        """System 7045."""
        how = (
            ("kernel mode driver", "system start", "") if driver else ("user mode service", "auto start", "LocalSystem")
        )
        self._put(time, 7045, name, path, *how)


def _head(host: str, number: int) -> tuple[str, str, str]:
    """A line up to its time, between its two times, and from there to its own fields."""
    (source, provider, level, keywords, channel), task, title, _ = _KINDS[number]
    before = (
        f'{{"SourceName":"{source}","ProviderGuid":"{provider}","Level":"{level}","Keywords":"{keywords}",'
        f'"Channel":"{channel}","Hostname":"{host}","TimeCreated":"'
    )
    return before, '","@timestamp":"', f'","EventID":{number},"Message":"{title}","Task":"{task}",'


def _actor(time: int, p: Process) -> tuple[str, str, str, str, str]:
    return "-", stamp(time), p.guid, str(p.pid), p.image.path


def _version(image: Image) -> tuple[str, str, str, str, str]:
    return image.version, image.description, image.product, image.company, image.file


def _signature(image: Image) -> tuple[str, str, str]:
    return ("false", "-", "Unavailable") if image.signer is None else ("true", image.signer, "Valid")


@lru_cache(maxsize=4096)
def _device_path(path: str) -> str:
    return path.lower().replace("c:", "\\device\\harddiskvolume2", 1)
