"""Which programs live on which hosts, among them those that a hasty eye would take for an intruder."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from lodger.lab import brought, served
from lodger.lab.catalogue import WINDOWS, Contact, Program, Start, sites, tail, vendor
from lodger.lab.lookalikes import EVERYWHERE, PEOPLE, Odd, drawn
from lodger.lab.machine import Machine
from lodger.lab.ordinary import Home, Resident
from lodger.lab.people import Host, Work
from lodger.lab.pki import code_certificate
from lodger.lab.programs import CATALOGUE
from lodger.lab.roles import DONGLE, TOOLS
from lodger.lab.truth import LookAlike, Revocation
from lodger.lab.zeek import Wire

Residents = dict[str, list[Resident]]  # by host name
_FIRST_SITES: Final = 16  # that everybody visits alike
_SERVED: Final = frozenset({"hlbackup.exe", "stkscan.exe"})


def furnish(
    seed: int, days: int, people: list[Host], wire: Wire, start: date = date(2024, 4, 1)
) -> tuple[list[Home], list[LookAlike]]:
    """Which programs live where, and who visits what; days are counted from ``start``."""
    rng = random.Random(f"{seed}/software")
    residents: Residents = {host.name: [] for host in people}
    for program in CATALOGUE:
        for host in people:
            if rng.random() < program.share and _suits(program, host.work):
                residents[host.name].append(Resident(program))
    persons = [host for host in people if host.work in PEOPLE] or people
    for program, many in tail(rng, len(persons)):
        for host in rng.sample(persons, many):
            comes = rng.randrange(1, days) if days > 3 and rng.random() < 0.25 else -1
            residents[host.name].append(Resident(program, comes))
    for host in people:
        if host.work is Work.ENGINEER:
            residents[host.name] += [Resident(program) for program in _engineering(random.Random(host.nature))]
    found = [
        look
        for draw in (drawn, brought.drawn, served.drawn)
        for odd in draw(rng, days, len(people))
        for look in _put(rng, odd, people, residents, start)
    ]
    found += _everywhere(people, residents)
    return _homes(seed, people, residents, wire), found


def _homes(seed: int, people: list[Host], residents: Residents, wire: Wire) -> list[Home]:
    visited = sites(random.Random(f"{seed}/sites"))
    homes = []
    for host in people:
        mine = list(visited[_FIRST_SITES:])
        random.Random(f"{seed}/{host.name}/sites").shuffle(mine)
        machine = Machine(seed, host, wire, random.Random(f"{seed}/{host.name}"))
        homes.append(Home(machine, residents[host.name], (*visited[:_FIRST_SITES], *mine)))
    return homes


def _suits(program: Program, work: Work) -> bool:
    """Whether hosts of this role may have the program: servers and kiosks have what the system and the company need."""
    if program.roles:
        return work in program.roles
    if work in PEOPLE:
        return True
    if program.start in {Start.SERVICE, Start.TASK}:
        return program.share == 1.0 or (work is Work.SERVER and program.file in _SERVED)
    return work is Work.KIOSK and program.start is Start.LOGON and program.signer == WINDOWS


def _engineering(rng: random.Random) -> Iterator[Program]:
    """What an engineering station has: some vendors' tools, with a driver for each one's dongle or adapter.

    Vendors of such tools are few: the tools are drawn from a handful, so that some stations have the same.
    """
    yield from rng.sample(TOOLS, rng.randrange(1, 3))
    yield DONGLE
    company, domain = vendor(rng)
    short = company.split()[0]
    checks = Contact((f"www2.{domain}",), 86_400.0, 0.3, 900, 2_000)
    path = f"C:\\{short}\\{short}Config.exe"  # such tools are often set up beside the system's own folders
    drivers = (f"{short[:6].lower()}.sys",)
    yield Program(
        path, company, f"{short} Config", "4.02", company, Start.PERSON, 0.0, (checks,), per_day=0.4, drivers=drivers
    )


def _put(rng: random.Random, odd: Odd, people: list[Host], residents: Residents, start: date) -> Iterator[LookAlike]:
    """Let a look-alike live on as many hosts as it comes to."""
    likely = [host for host in people if host.work in odd.works] or people
    revocation = None
    if odd.revoked >= 0:
        known = (start + timedelta(days=odd.revoked)).isoformat()
        stolen = (start + timedelta(days=odd.revoked - 5)).isoformat()
        shown = code_certificate(odd.resident.program.company)
        revocation = Revocation(odd.resident.program.company, stolen, known, shown.serial, shown.issuer_name)
    server = odd.resident.program.contacts[0].names[0] if revocation else ""
    fitting = [host for host in likely if any(r.program.file == odd.beside for r in residents[host.name])]
    likely = fitting or likely
    for number, host in enumerate(rng.sample(likely, min(odd.hosts, len(likely)))):
        mine = replace(odd.resident, since=odd.resident.since + number * odd.apart)
        residents[host.name].append(mine)
        for program in (mine.program, *(with_it for with_it in mine.program.brings if with_it.start is Start.SERVICE)):
            path = program.path.replace("{user}", host.user)
            yield LookAlike(host.name, path, odd.why, odd.kind, revocation, server)


def _everywhere(people: list[Host], residents: Residents) -> list[LookAlike]:
    """The company's own tools on the hosts that have them, and what an administrator's shell does."""
    found = []
    for host in people:
        for resident in residents[host.name]:
            if resident.program.file in EVERYWHERE:
                kind, why = EVERYWHERE[resident.program.file]
                found.append(LookAlike(host.name, resident.program.path, why, kind))
    shell = "C:\\Windows\\System32\\cmd.exe"
    why = "an administrator's questions in a shell that a person opened"
    return found + [LookAlike(host.name, shell, why, "admin_shell") for host in people if host.work is Work.ADMIN]
