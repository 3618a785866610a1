"""Windows events as flat JSON lines: the shapes of Sysmon, Security and System events, field by field.

Names, order and spelling (``SourceProcessGUID`` in event 10, ``SourceProcessGuid`` in 8, ``ProcessID`` in 5156) are
those of the OTRF Security-Datasets exports; times are UTC microseconds since 1970. ``Message`` holds its title line.

A line is put together from pieces that are already JSON: what a file, an account or a process always says is quoted
once and kept with it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import Final

import msgspec

from lodger.lab.event_heads import heads

SECOND: Final = 1_000_000
NO_GUID: Final = "{00000000-0000-0000-0000-000000000000}"
End = tuple[str, int]  # address and port
Span = tuple[int, int]  # from, until (not included)

_CLOCK: Final = tuple(f"{s // 3600:02}:{s // 60 % 60:02}:{s % 60:02}" for s in range(86_400))
_MILLIS: Final = tuple(f"{millis:03}" for millis in range(1_000))
_LATE: Final = 9_000  # the log's clock is read a little after the sensor's
_encode: Final = msgspec.json.Encoder().encode
_time_of: Final = itemgetter(0)

_NOBODY: Final = (
    f'"ParentProcessGuid":"{NO_GUID}","ParentProcessId":"0","ParentImage":"-","ParentCommandLine":"-","ParentUser":"-"'
)
_TRACE: Final = "C:\\\\Windows\\\\SYSTEM32\\\\ntdll.dll+9d4c4|C:\\\\Windows\\\\System32\\\\KERNELBASE.dll+2c13e|"
_NO_TARGET: Final = '"TargetUserSid":"S-1-0-0","TargetUserName":"-","TargetDomainName":"-","TargetLogonId":"0x0"'


@lru_cache(maxsize=64)
def _date(day: int) -> str:
    return datetime.fromtimestamp(day * 86_400, UTC).strftime("%Y-%m-%d")


def stamp(time: int, between: str = " ") -> str:
    """A time as Sysmon writes it: ``2024-04-02 08:15:00.123``."""
    seconds, micros = divmod(time, SECOND)
    day, second = divmod(seconds, 86_400)
    return f"{_date(day)}{between}{_CLOCK[second]}.{_MILLIS[micros // 1000]}"


def quoted(text: str) -> str:
    """A text as JSON, with its quotes."""
    return _encode(text).decode()


def hashes(of: str) -> str:
    """The four hashes of a file that exists only in name: digests of ``of``."""
    text = of.encode()
    md5 = hashlib.md5(text, usedforsecurity=False).hexdigest()
    sha1 = hashlib.sha1(text, usedforsecurity=False).hexdigest()
    imphash = hashlib.md5(text + b"imports", usedforsecurity=False).hexdigest()
    sha256 = hashlib.sha256(text).hexdigest()
    return f"SHA1={sha1.upper()},MD5={md5.upper()},SHA256={sha256.upper()},IMPHASH={imphash.upper()}"


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

    @cached_property
    def file(self) -> str:
        """The file's name."""
        return self.path.rpartition("\\")[2]

    @cached_property
    def quoted(self) -> str:
        """The path as JSON."""
        return quoted(self.path)

    @cached_property
    def told(self) -> str:
        """The fields of the version resource."""
        return (
            f'"FileVersion":{quoted(self.version)},"Description":{quoted(self.description)},'
            f'"Product":{quoted(self.product)},"Company":{quoted(self.company)},"OriginalFileName":{quoted(self.file)}'
        )

    @cached_property
    def signature(self) -> str:
        """Hashes and signature, as events 6 and 7 tell them."""
        how = ("true", quoted(self.signer), "Valid") if self.signer is not None else ("false", '"-"', "Unavailable")
        return f'"Hashes":"{self.hashes}","Signed":"{how[0]}","Signature":{how[1]},"SignatureStatus":"{how[2]}"'

    @cached_property
    def device(self) -> str:
        """The path as the filtering platform writes it, as JSON."""
        return quoted(self.path.lower().replace("c:", "\\device\\harddiskvolume2", 1))


@dataclass(frozen=True)
class Account:
    """A logon session and whose it is."""

    user: str  # as Sysmon writes it: DOMAIN\\name
    sid: str
    logon_id: str
    logon_guid: str
    session: str
    integrity: str

    @cached_property
    def quoted(self) -> str:
        """The user as JSON."""
        return quoted(self.user)

    @cached_property
    def told(self) -> str:
        """The fields of event 1."""
        return (
            f'"User":{self.quoted},"LogonGuid":"{self.logon_guid}","LogonId":"{self.logon_id}",'
            f'"TerminalSessionId":"{self.session}","IntegrityLevel":"{self.integrity}"'
        )

    @cached_property
    def subject(self) -> str:
        """The fields of Security events."""
        domain, _, name = self.user.rpartition("\\")
        return (
            f'"SubjectUserSid":"{self.sid}","SubjectUserName":{quoted(name)},'
            f'"SubjectDomainName":{quoted(domain)},"SubjectLogonId":"{self.logon_id}"'
        )


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

    @cached_property
    def told(self) -> str:
        """Who acts, in most Sysmon events."""
        return f'"ProcessGuid":"{self.guid}","ProcessId":"{self.pid}","Image":{self.image.quoted}'

    @cached_property
    def as_parent(self) -> str:
        """The parent's fields of event 1."""
        return (
            f'"ParentProcessGuid":"{self.guid}","ParentProcessId":"{self.pid}","ParentImage":{self.image.quoted},'
            f'"ParentCommandLine":{quoted(self.command)},"ParentUser":{self.account.quoted}'
        )


class WindowsLog:
    """The events of one host, gathered until a day is written; every method adds one record.

    What falls into a span of ``deaf`` Sysmon does not record.
    """

    def __init__(self, host: str) -> None:
        self.deaf: tuple[Span, ...] = ()
        self._heads = heads(host)
        self._lines: list[tuple[int, str]] = []

    def drain(self) -> list[str]:
        """All lines so far in the order of their times, each with its end; the log is empty after."""
        self._lines.sort(key=_time_of)
        lines = [line for _, line in self._lines]
        self._lines.clear()
        return lines

    def put(self, time: int, number: int, fields: str) -> None:
        """An event of a log other than Sysmon's."""
        before, middle, after = self._heads[number]
        created = stamp(time + _LATE, "T")
        self._lines.append((time, f"{before}{created}{middle}{created}{after}{fields}}}\n"))

    def _typed(self, time: int, number: int, event: str, fields: str) -> None:
        """An event of Sysmon's that says its own kind between its rule and its time."""
        for since, until in self.deaf:
            if since <= time < until:
                return
        self.put(time, number, f'"RuleName":"-","EventType":"{event}","UtcTime":"{stamp(time)}",{fields}')

    def _sysmon(self, time: int, number: int, actor: str, fields: str) -> None:
        """An event that begins with its rule and its time."""
        for since, until in self.deaf:
            if since <= time < until:
                return
        before, middle, after = self._heads[number]
        seconds, micros = divmod(time, SECOND)
        day, second = divmod(seconds, 86_400)
        date, clock, millis = _date(day), _CLOCK[second], micros // 1000
        created = f"{date}T{clock}.{_MILLIS[millis + 9]}" if millis < 991 else stamp(time + _LATE, "T")
        at = f'"UtcTime":"{date} {clock}.{_MILLIS[millis]}",'
        self._lines.append((time, f'{before}{created}{middle}{created}{after}"RuleName":"-",{at}{actor}{fields}}}\n'))

    def process_created(self, time: int, p: Process) -> None:
        """Sysmon 1."""
        made_by = p.parent.as_parent if p.parent else _NOBODY
        where = f'"CommandLine":{quoted(p.command)},"CurrentDirectory":"C:\\\\Windows\\\\system32\\\\"'
        fields = f'{p.image.told},{where},{p.account.told},"Hashes":"{p.image.hashes}",{made_by}'
        self._sysmon(time, 1, p.told, f",{fields}")

    def connection(self, time: int, p: Process, proto: str, source: End, target: End, *, inbound: bool = False) -> None:
        """Sysmon 3, begun by this host or, ``inbound``, by another."""
        ends = (
            f'"SourceIsIpv6":"false","SourceIp":"{source[0]}","SourceHostname":"-","SourcePort":"{source[1]}",'
            f'"SourcePortName":"-","DestinationIsIpv6":"false","DestinationIp":"{target[0]}",'
            f'"DestinationHostname":"-","DestinationPort":"{target[1]}","DestinationPortName":"-"'
        )
        begun = "false" if inbound else "true"
        self._sysmon(time, 3, p.told, f',"User":{p.account.quoted},"Protocol":"{proto}","Initiated":"{begun}",{ends}')

    def process_ended(self, time: int, p: Process) -> None:
        """Sysmon 5."""
        self._sysmon(time, 5, p.told, f',"User":{p.account.quoted}')

    def driver_loaded(self, time: int, image: Image) -> None:
        """Sysmon 6."""
        self._sysmon(time, 6, f'"ImageLoaded":{image.quoted},', image.signature)

    def module_loaded(self, time: int, p: Process, image: Image) -> None:
        """Sysmon 7."""
        what = f',"ImageLoaded":{image.quoted},{image.told},{image.signature},"User":{p.account.quoted}'
        self._sysmon(time, 7, p.told, what)

    def remote_thread(self, time: int, source: Process, target: Process, start: int) -> None:
        """Sysmon 8; ``start`` is the address at which the thread begins, in memory that belongs to no module."""
        actor = (
            f'"SourceProcessGuid":"{source.guid}","SourceProcessId":"{source.pid}","SourceImage":{source.image.quoted}'
        )
        whom = (
            f'"TargetProcessGuid":"{target.guid}","TargetProcessId":"{target.pid}","TargetImage":{target.image.quoted}'
        )
        thread = f'"NewThreadId":"{4 * (start % 4000 + 20)}","StartAddress":"0x{start:016X}"'
        where = f'"StartModule":"-","StartFunction":"-","SourceUser":{source.account.quoted}'
        self._sysmon(time, 8, actor, f',{whom},{thread},{where},"TargetUser":{target.account.quoted}')

    def process_access(self, time: int, source: Process, target: Process, granted: int, *, known: bool = True) -> None:
        """Sysmon 10; ``known`` says whether the caller's code lies in a module or (False) in bare memory."""
        caller = f"{source.image.quoted[1:-1]}+13bad" if known else "UNKNOWN(000001D4A3B50A21)"
        actor = (
            f'"SourceProcessGUID":"{source.guid}","SourceProcessId":"{source.pid}",'
            f'"SourceThreadId":"{source.pid + 8}","SourceImage":{source.image.quoted}'
        )
        whom = (
            f'"TargetProcessGUID":"{target.guid}","TargetProcessId":"{target.pid}","TargetImage":{target.image.quoted}'
        )
        how = f'"GrantedAccess":"0x{granted:x}","CallTrace":"{_TRACE}{caller}"'
        users = f'"SourceUser":{source.account.quoted},"TargetUser":{target.account.quoted}'
        self._sysmon(time, 10, actor, f",{whom},{how},{users}")

    def file_created(self, time: int, p: Process, path: str) -> None:
        """Sysmon 11."""
        what = f'"TargetFilename":{quoted(path)},"CreationUtcTime":"{stamp(time)}"'
        self._sysmon(time, 11, p.told, f',{what},"User":{p.account.quoted}')

    def registry_key(self, time: int, p: Process, event: str, key: str) -> None:
        """Sysmon 12; ``event`` is CreateKey, DeleteKey or DeleteValue."""
        self._registry(time, 12, event, p, f'"TargetObject":{quoted(key)}')

    def registry_value(self, time: int, p: Process, key: str, details: str) -> None:
        """Sysmon 13."""
        self._registry(time, 13, "SetValue", p, f'"TargetObject":{quoted(key)},"Details":{quoted(details)}')

    def _registry(self, time: int, number: int, event: str, p: Process, what: str) -> None:
        self._typed(time, number, event, f'{p.told},{what},"User":{p.account.quoted}')

    def stream_created(self, time: int, p: Process, path: str, of: str, contents: str) -> None:
        """Sysmon 15: the mark of the web; ``of`` are the file's hashes."""
        what = f'"TargetFilename":{quoted(path)},"CreationUtcTime":"{stamp(time)}","Hash":"{of}"'
        self._sysmon(time, 15, p.told, f',{what},"Contents":{quoted(contents)},"User":{p.account.quoted}')

    def pipe_created(self, time: int, p: Process, name: str) -> None:
        """Sysmon 17; ``name`` as Sysmon writes it, with one backslash before it."""
        self._typed(time, 17, "CreatePipe", _pipe(p, name))

    def pipe_connected(self, time: int, p: Process, name: str) -> None:
        """Sysmon 18, told where the pipe is; who comes over the network is the system itself (process 4)."""
        self._typed(time, 18, "ConnectPipe", _pipe(p, name))

    def dns_query(self, time: int, p: Process, name: str, answer: str) -> None:
        """Sysmon 22, answered."""
        who = f'"ProcessGuid":"{p.guid}","ProcessId":"{p.pid}"'
        what = f'"QueryName":{quoted(name)},"QueryStatus":"0","QueryResults":"::ffff:{answer};"'
        self._sysmon(time, 22, who, f',{what},"Image":{p.image.quoted},"User":{p.account.quoted}')

    def file_deleted(self, time: int, p: Process, path: str, of: str, *, kept: bool, executable: bool) -> None:
        """Sysmon 23 (a copy is kept) or 26 (only logged)."""
        who = f'"ProcessGuid":"{p.guid}","ProcessId":"{p.pid}","User":{p.account.quoted},"Image":{p.image.quoted}'
        what = f'"TargetFilename":{quoted(path)},"Hashes":"{of}","IsExecutable":"{str(executable).lower()}"'
        self._sysmon(time, 23 if kept else 26, who, f',{what},"Archived":"true"' if kept else f",{what}")

    def logon(self, time: int, computer: str, account: Account, kind: int, by: Process) -> None:
        """Security 4624."""
        domain, _, name = account.user.rpartition("\\")
        subject = (
            f'"SubjectUserSid":"S-1-5-18","SubjectUserName":"{computer}$",'
            f'"SubjectDomainName":{quoted(domain)},"SubjectLogonId":"0x3e7"'
        )
        whom = (
            f'"TargetUserSid":"{account.sid}","TargetUserName":{quoted(name)},"TargetDomainName":{quoted(domain)},'
            f'"TargetLogonId":"{account.logon_id}","LogonType":"{kind}"'
        )
        how = (
            f'"LogonProcessName":"User32 ","AuthenticationPackageName":"Negotiate","WorkstationName":"{computer}",'
            f'"LogonGuid":"{account.logon_guid}","TransmittedServices":"-","LmPackageName":"-","KeyLength":"0"'
        )
        where = f'"ProcessId":"{by.pid:#x}","ProcessName":{by.image.quoted},"IpAddress":"127.0.0.1","IpPort":"0"'
        rest = (
            '"ImpersonationLevel":"%%1833","RestrictedAdminMode":"-","TargetOutboundUserName":"-",'
            '"TargetOutboundDomainName":"-","VirtualAccount":"%%1843","TargetLinkedLogonId":"0x0",'
            '"ElevatedToken":"%%1843"'
        )
        self.put(time, 4624, f"{subject},{whom},{how},{where},{rest}")

    def process_audited(self, time: int, p: Process) -> None:
        """Security 4688."""
        parent = (f"{p.parent.pid:#x}", p.parent.image.quoted) if p.parent else ("0x0", '"-"')
        what = (
            f'"NewProcessId":"{p.pid:#x}","NewProcessName":{p.image.quoted},"TokenElevationType":"%%1936",'
            f'"ProcessId":"{parent[0]}","CommandLine":{quoted(p.command)}'
        )
        label = "S-1-16-16384" if p.account.integrity == "System" else "S-1-16-8192"
        made = f'{_NO_TARGET},"ParentProcessName":{parent[1]},"MandatoryLabel":"{label}"'
        self.put(time, 4688, f"{p.account.subject},{what},{made}")

    def connection_permitted(self, time: int, p: Process, proto: str, source: End, target: End) -> None:
        """Security 5156, outbound."""
        ends = (
            f'"SourceAddress":"{source[0]}","SourcePort":"{source[1]}","DestAddress":"{target[0]}",'
            f'"DestPort":"{target[1]}","Protocol":"{6 if proto == "tcp" else 17}"'
        )
        what = f'"ProcessID":"{p.pid}","Application":{p.image.device},"Direction":"%%14593"'
        layer = '"FilterRTID":"65888","LayerName":"%%14611","LayerRTID":"48"'
        self.put(time, 5156, f'{what},{ends},{layer},"RemoteUserID":"S-1-0-0","RemoteMachineID":"S-1-0-0"')

    def service_installed(self, time: int, name: str, path: str, *, driver: bool) -> None:
        """System 7045."""
        kind, start, account = (
            ("kernel mode driver", "system start", "") if driver else ("user mode service", "auto start", "LocalSystem")
        )
        what = f'"ServiceName":{quoted(name)},"ImagePath":{quoted(path)},"ServiceType":"{kind}"'
        self.put(time, 7045, f'{what},"StartType":"{start}","AccountName":"{account}"')


def _pipe(p: Process, name: str) -> str:
    """The fields of events 17 and 18 after their time."""
    who = f'"ProcessGuid":"{p.guid}","ProcessId":"{p.pid}"'
    return f'{who},"PipeName":{quoted(name)},"Image":{p.image.quoted},"User":{p.account.quoted}'
