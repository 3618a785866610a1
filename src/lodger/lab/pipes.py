"""Named pipes that ordinary programs open: Windows' services at their start, browsers for each of their processes."""

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
    m.log.pipe_created(process.started + 700_000, process, f"\\mojo.{process.pid}.{process.pid + 12}.{number}")
