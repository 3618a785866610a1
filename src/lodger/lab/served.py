"""Ordinary programs that reach other hosts over SMB, as an intruder's peers and its way in do.

A database of a small team on a colleague's machine that its clients reach by a named pipe (SQL Server offers that, too:
Microsoft, "Choosing a network protocol"), and a console that rolls software out by share and service, as PDQ Deploy
does (its documentation: files to ADMIN$, a service that runs them). Made-up vendors.
"""

from __future__ import annotations

import random
from typing import Final

from lodger.lab.catalogue import HOUR, MICROSOFT, PROGRAMS, PROGRAMS_86, Contact, Program, Start, vendor
from lodger.lab.lookalikes import PEOPLE, ROUND, Odd
from lodger.lab.ordinary import Resident
from lodger.lab.people import Work

_ROLLOUTWELL: Final = "Rolloutwell Inc."
CONSOLE: Final = Program(
    PROGRAMS + "Rolloutwell\\Console\\rwconsole.exe",
    _ROLLOUTWELL,
    "Rolloutwell Deploy",
    "19.3",
    _ROLLOUTWELL,
    Start.SERVICE,
    contacts=(Contact(("library.rolloutwell.example",), 8 * HOUR, 0.2, 1_500, 30_000),),
)
#: What the console copies to a host and has run there as a service, for as long as a package takes.
RUNNER: Final = Program(
    "C:\\Windows\\RolloutRunner\\rwrunner.exe", _ROLLOUTWELL, "Rolloutwell Runner", "19.3", _ROLLOUTWELL, Start.TASK
)
_SYSINTERNALS: Final = "Sysinternals - www.sysinternals.com"
PSEXEC: Final = Program(
    "C:\\Tools\\Sysinternals\\PsExec64.exe",
    _SYSINTERNALS,
    "Sysinternals PsExec",
    "2.43",
    MICROSOFT,
    Start.PERSON,
)
PSEXEC_SERVICE: Final = Program(
    "C:\\Windows\\PSEXESVC.exe", _SYSINTERNALS, "Sysinternals PsExec", "2.43", MICROSOFT, Start.TASK
)


def drawn(rng: random.Random, _days: int, hosts: int) -> list[Odd]:
    """These look-alikes of a fleet: a database for every hundred hosts, and one console."""
    why = "rolls software out: copies a program to hosts' ADMIN$ and has it run as a service that is then deleted"
    console = Odd("push_deploy", why, (Work.SERVER, Work.ADMIN), Resident(CONSOLE))
    return [console, *(_database(rng) for _ in range(max(1, round(hosts / ROUND))))]


def _database(rng: random.Random) -> Odd:
    company, domain = vendor(rng)
    short = company.split()[0]
    program = Program(
        f"{PROGRAMS_86}{short}\\Order Book\\{short.lower()}bookd.exe",
        company,
        f"{short} Order Book",
        "6.1.4",
        company,
        Start.SERVICE,
        contacts=(Contact((f"sync.{domain}",), 12 * HOUR, 0.3, 6_000, 2_500),),
        pipe=f"{short.lower()}\\query",
    )
    why = "a team's database on a colleague's machine: one to three hosts call its pipe; it has a cloud of its own"
    return Odd("shared_database", why, PEOPLE, Resident(program))
