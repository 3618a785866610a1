"""What Security and System tell of others' doings on a host: logons over the network, shares, services.

Fields and their order are those of the OTRF Security-Datasets and of Microsoft's pages on each event. Shares (5140,
5145) and services (4697) are told only where a policy says so, which is not Windows' default; logons always are.
"""

from __future__ import annotations

from typing import Final

from lodger.lab.sysmon import NO_GUID, Account, End, WindowsLog, quoted

READ: Final = 0x120089
WRITE: Final = 0x12019F  # also what opening a pipe asks for (OTRF: IPC$ with svcctl, lsarpc, samr)
_RIGHTS: Final = {READ: "%%1538 %%1541 %%4416 %%4419 %%4423", WRITE: "%%1538 %%1541 %%4416 %%4417 %%4418 %%4424"}
_LOCAL: Final = {"IPC$": "", "ADMIN$": "\\??\\C:\\Windows", "C$": "\\??\\C:\\"}


def logon(log: WindowsLog, time: int, account: Account, source: End, workstation: str = "") -> None:
    """Security 4624 of kind 3: over the network from ``source``; by NTLM, which tells the ``workstation``'s name, or,
    where none is said, by Kerberos.
    """
    domain, _, name = account.user.rpartition("\\")
    subject = '"SubjectUserSid":"S-1-0-0","SubjectUserName":"-","SubjectDomainName":"-","SubjectLogonId":"0x0"'
    whom = (
        f'"TargetUserSid":"{account.sid}","TargetUserName":{quoted(name)},"TargetDomainName":{quoted(domain)},'
        f'"TargetLogonId":"{account.logon_id}","LogonType":"3"'
    )
    process, package, length = ("NtLmSsp ", "NTLM", "128") if workstation else ("Kerberos", "Kerberos", "0")
    guid = NO_GUID if workstation else account.logon_guid
    how = (
        f'"LogonProcessName":"{process}","AuthenticationPackageName":"{package}",'
        f'"WorkstationName":{quoted(workstation or "-")},"LogonGuid":"{guid}",'
        f'"TransmittedServices":"-","LmPackageName":"{"NTLM V2" if workstation else "-"}","KeyLength":"{length}"'
    )
    where = f'"ProcessId":"0x0","ProcessName":"-","IpAddress":"{source[0]}","IpPort":"{source[1]}"'
    rest = (
        '"ImpersonationLevel":"%%1833","RestrictedAdminMode":"-","TargetOutboundUserName":"-",'
        '"TargetOutboundDomainName":"-","VirtualAccount":"%%1843","TargetLinkedLogonId":"0x0","ElevatedToken":"%%1842"'
    )
    log.put(time, 4624, f"{subject},{whom},{how},{where},{rest}")


def share_opened(log: WindowsLog, time: int, of: str) -> None:
    """Security 5140; ``of`` as `share` puts it."""
    log.put(time, 5140, f'{of},"AccessMask":"0x1","AccessList":"%%4416"')


def share_checked(log: WindowsLog, time: int, of: str, name: str, mask: int) -> None:
    """Security 5145: may ``name``, a file or a pipe of the share, be opened for ``mask`` (`READ` or `WRITE`)?"""
    asked = f'"RelativeTargetName":{quoted(name)},"AccessMask":"{mask:#x}","AccessList":"{_RIGHTS[mask]}"'
    log.put(time, 5145, f'{of},{asked},"AccessReason":"-"')


def share(account: Account, source: End, name: str) -> str:
    """Who comes from where to which share: what both events begin with."""
    local = _LOCAL.get(name, f"\\??\\D:\\{name}")
    path = "\\\\*\\" + name
    return (
        f'{account.subject},"ObjectType":"File","IpAddress":"{source[0]}","IpPort":"{source[1]}",'
        f'"ShareName":{quoted(path)},"ShareLocalPath":{quoted(local)}'
    )


def service_installed(log: WindowsLog, time: int, account: Account, name: str, path: str, *, driver: bool) -> None:
    """Security 4697; its kinds are numbers (Microsoft, "4697(S): A service was installed in the system")."""
    kind, start, whose = ("0x1", "1", "") if driver else ("0x10", "2", "LocalSystem")
    what = f'"ServiceName":{quoted(name)},"ServiceFileName":{quoted(path)},"ServiceType":"{kind}"'
    rest = '"ClientProcessStartKey":"0","ClientProcessId":"0","ParentProcessId":"0"'
    log.put(time, 4697, f'{account.subject},{what},"ServiceStartType":"{start}","ServiceAccount":"{whose}",{rest}')
