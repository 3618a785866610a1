"""What an intruder does on its host besides talking."""

from __future__ import annotations

from typing import Final

from lodger.lab.lives.lodging import Lodging
from lodger.lab.machine import Machine
from lodger.lab.people import HOUR, MINUTE
from lodger.lab.sysmon import SECOND, Process

_QUESTIONS: Final = (
    "whoami /all",
    "ipconfig /all",
    "net view",
    "tasklist /v",
    "netstat -ano",
    "net localgroup administrators",
    "systeminfo",
    "arp -a",
)
_ASKS: Final = 1 / 9  # on how many of its days


def reside(m: Machine, lodging: Lodging, process: Process, begin: int, until: int) -> None:
    """Keys and screens into a file, a look into lsass, and on some days questions about host and network."""
    acts, first = lodging.life.acts, m.days == lodging.berth.arrives
    if "keys" in acts:
        time = begin + MINUTE
        while time < until:
            m.log.file_created(time, process, lodging.life.keylog)
            time += int(m.rng.uniform(1.5, 3.0) * HOUR)
    if "credentials" in acts and lodging.life.as_system and (first or m.rng.random() < 0.25):
        m.log.process_access(begin + 2 * MINUTE, process, m.running["lsass"], 0x1010, known=False)
        lodging.touch(m.running["lsass"])
    if "ask" in acts and until > begin + 25 * MINUTE and (first or m.rng.random() < _ASKS):
        _ask(m, lodging, process, int(m.rng.uniform(begin + 3 * MINUTE, until - 20 * MINUTE)))


def _ask(m: Machine, lodging: Lodging, process: Process, time: int) -> None:
    for command in m.rng.sample(_QUESTIONS, 5):
        shell = m.run(time, "cmd.exe", f"cmd.exe /c {command}", process, 0.72)
        asked = m.run(time + 90_000, command.split()[0] + ".exe", command, shell, 0.6)
        lodging.touch(shell, asked)
        time += int(m.rng.uniform(1, 6) * SECOND)
