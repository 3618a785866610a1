"""Add-ins of programs for documents, which update themselves from within: the program writes a setup and runs it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from lodger.lab.catalogue import Program
from lodger.lab.machine import Machine
from lodger.lab.sysmon import SECOND, Process

#: Programs whose add-ins do so.
HOSTS: Final = frozenset({"OUTLOOK.EXE", "Acrobat.exe"})


def renew(m: Machine, program: Program, host: Process, time: int) -> None:
    """If an add-in's program is not the newest, its part in ``host`` writes the new setup into Temp and runs it."""
    if m.is_current(program):
        return
    m.releases[program.key] = m.release(program)
    m.talk(time, host, program.contacts[0])
    path = f"C:\\Users\\{m.host.user}\\AppData\\Local\\Temp\\{program.product.replace(' ', '')}Update.exe"
    image = m.image(replace(program, path=path))
    m.log.file_created(time + 4 * SECOND, host, path)
    setup = m.start(time + 5 * SECOND, image, f'"{path}" /silent', host)
    m.log.file_created(time + 8 * SECOND, setup, m.image(program).path)
    m.log.process_ended(time + 15 * SECOND, setup)
    m.log.file_deleted(time + 16 * SECOND, host, path, image.hashes, kept=False, executable=True)
