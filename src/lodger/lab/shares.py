"""Shares and named pipes over SMB: what the wire shows of a call, and what the host that is called tells of it.

Zeek logs each share that is mapped and each file or pipe that is opened by name (base/protocols/smb/main.zeek:
`logged_file_actions`). Sysmon tells a connected pipe on the host that has it, as the system's doing (in the OTRF
Security-Datasets `System` connects to ``lsass``, ``ntsvcs`` and ``PSEXESVC``). Of 343 network logons there, 335 were by
Kerberos: NTLM is left to who calls by address or by a local account.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final, NamedTuple

from lodger.lab import audit
from lodger.lab.people import DOMAIN, NETBIOS, Host
from lodger.lab.sysmon import SECOND, Account, End
from lodger.lab.zeek import Flow, Wire, seconds

if TYPE_CHECKING:
    from lodger.lab.machine import Machine

IPC: Final = "IPC$"
DOMAIN_SID: Final = "S-1-5-21-1939123204-1418869057-2368897034"
#: What a well-known endpoint is called where it is opened: several of them are one pipe of their process.
_SHARED_PIPES: Final = {"svcctl": "ntsvcs", "lsarpc": "lsass", "samr": "lsass"}


class Share(NamedTuple):
    """A share that is mapped, and what is opened on it: pipes on ``IPC$``, else files; ``writes``: to be written."""

    name: str
    opened: tuple[str, ...]
    writes: bool = False


class Call(NamedTuple):
    """A call over SMB as the host that is called sees it; ``workstation`` where it comes by NTLM, else by Kerberos."""

    time: int
    source: End
    account: Account
    shares: tuple[Share, ...]
    workstation: str = ""
    later: tuple[str, ...] = ()  # pipes that are opened once there is what makes them


def visitor(rng: random.Random, name: str, sid: str) -> Account:
    """A session over the network of the domain's account ``name``."""
    one, two, three, last = (rng.getrandbits(bits) for bits in (32, 16, 16, 48))
    guid = f"{{{one:08x}-{two:04x}-{three:04x}-0b0c-{last:012x}}}"
    return Account(f"{NETBIOS}\\{name}", sid, hex(rng.randrange(0x20000, 0xFFFFFFF)), guid, "0", "System")


def of_machine(rng: random.Random, host: Host) -> Account:
    """A session of a host's own account, as which its services call others."""
    return visitor(rng, f"{host.name}$", f"{DOMAIN_SID}-{5_000 + host.nature % 4_000}")


def mapped(wire: Wire, flow: Flow, who: str, server: str, shares: tuple[Share, ...]) -> None:
    """smb_mapping and smb_files of a connection (``who``: as `Wire.flow` returned it, "" where it was not seen)."""
    if not who:
        return
    for number, share in enumerate(shares):
        at, kind = flow.time + 20_000 + 9_000 * number, "PIPE" if share.name == IPC else "DISK"
        path = f"\\\\{server}\\{share.name}"
        wire.rows["smb_mapping"].append(f"{seconds(at)}\t{who}\t{path}\t-\t-\t{kind}")
        for later, name in enumerate(share.opened):
            opened = f"-\tSMB::FILE_OPEN\t{path}\t{name}\t0\t-\t-\t-\t-\t-"
            wire.rows["smb_files"].append(f"{seconds(at + 2_000 + 500 * later)}\t{who}\t{opened}")


def asked(wire: Wire, flow: Flow, who: str, client: str, service: str) -> None:
    """kerberos: a ticket that the controller gives."""
    if who:
        realm = DOMAIN.upper()
        ticket = f"AS\t{client}/{realm}\t{service}\tT\t-\t-\t{seconds(flow.time + 36_000 * SECOND)}"
        wire.rows["kerberos"].append(
            f"{seconds(flow.time + 3_000)}\t{who}\t{ticket}\taes256-cts-hmac-sha1-96\tT\tT\t-\t-\t-\t-"
        )


def place(wire: Wire, flow: Flow, server: str, call: Call) -> None:
    """All that the wire shows of a call."""
    pipes = any(share.name == IPC for share in call.shares)
    service = ("gssapi,ntlm,smb" if call.workstation else "gssapi,smb,krb") + (",dce_rpc" if pipes else "")
    who = wire.flow(flow, service)
    if who and call.workstation:
        user = call.account.user.rpartition("\\")[2]
        names = f"{server}\t{server.lower()}.{DOMAIN}\t{DOMAIN}"
        wire.rows["ntlm"].append(
            f"{seconds(flow.time + 12_000)}\t{who}\t{user}\t{call.workstation}\t{NETBIOS}\t{names}\tT"
        )
    mapped(wire, flow, who, server, (*call.shares, Share(IPC, call.later)) if call.later else call.shares)


def late(m: Machine, call: Call, time: int) -> None:
    """The pipes that are opened later."""
    _opened(m, call, Share(IPC, call.later), time)


def answer(m: Machine, call: Call) -> None:
    """All that the host that is called tells: the connection, the logon, pipes and, where audited, shares."""
    time, source, log = call.time, call.source, m.log
    log.connection(time + 60_000, m.kernel, "tcp", source, (m.host.ip, 445), inbound=True)
    audit.logon(log, time + 15_000, call.account, source, call.workstation)
    for number, share in enumerate(call.shares):
        at = time + 20_000 + 9_000 * number
        if m.host.audited:
            audit.share_opened(log, at, audit.share(call.account, source, share.name))
        _opened(m, call, share, at + 2_000)


def _opened(m: Machine, call: Call, share: Share, time: int) -> None:
    of = audit.share(call.account, call.source, share.name) if m.host.audited else ""
    mask = audit.WRITE if share.writes or share.name == IPC else audit.READ
    for number, name in enumerate(share.opened):
        at = time + 500 * number
        if of:
            audit.share_checked(m.log, at, of, name, mask)
        if share.name == IPC:
            m.log.pipe_connected(at, m.kernel, f"\\{_SHARED_PIPES.get(name, name)}")
