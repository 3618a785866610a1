"""Named pipes that ordinary programs open: Windows' services at their start, browsers for each of their processes; and
who connects to them on the same host. In the OTRF Security-Datasets' LSASS campaigns, of 2,085 connections (Sysmon 18)
1,414 are WMI's to ``wkssvc``; without those and a virtual machine's own it is 1.5 for each pipe created.
"""

from __future__ import annotations

from typing import Final
from zlib import crc32

from lodger.lab.catalogue import SYSTEM32
from lodger.lab.machine import Machine
from lodger.lab.sysmon import Process

#: By the program's key, or by what the machine calls the process (Microsoft's well-known endpoints of RPC).
_SERVICES: Final = {
    "services": "\\ntsvcs",
    "lsass": "\\lsass",
    f"{SYSTEM32}svchost.exe-k LocalService -p -s EventLog": "\\eventlog",
    f"{SYSTEM32}svchost.exe-k netsvcs -p -s Schedule": "\\atsvc",
    f"{SYSTEM32}svchost.exe-k RPCSS -p -s RpcSs": "\\epmapper",
    f"{SYSTEM32}spoolsv.exe": "\\spoolss",
}


def of_services(m: Machine) -> None:
    """What Windows' own services open when they have started."""
    for key, pipe in _SERVICES.items():
        if key in m.running:
            m.log.pipe_created(m.running[key].started + 300_000, m.running[key], pipe)


def of_browser(m: Machine, process: Process) -> None:
    """What Chromium's processes talk over."""
    number = crc32(process.guid.encode()) << 31 | process.pid
    name = f"\\mojo.{process.pid}.{process.pid + 12}.{number}"
    m.log.pipe_created(process.started + 700_000, process, name)
    m.log.pipe_connected(process.started + 760_000, process, name)


def local(m: Machine, process: Process, time: int) -> None:
    """A service or the shell asks one of Windows' own endpoints."""
    shell = process.image.file == "Explorer.EXE"
    m.log.pipe_connected(time, process, m.rng.choice(("\\wkssvc", "\\srvsvc") if shell else ("\\lsass", "\\wkssvc")))
