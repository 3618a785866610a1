"""Which programs live on which hosts, among them those that a hasty eye would take for an intruder."""

from __future__ import annotations

import random

from lodger.lab.catalogue import HOUR, PROGRAMS, Contact, Program, Start, sites, tail, vendor
from lodger.lab.machine import Machine
from lodger.lab.ordinary import Home, Resident
from lodger.lab.people import Host, Work
from lodger.lab.programs import CATALOGUE
from lodger.lab.truth import LookAlike
from lodger.lab.zeek import Wire

Residents = dict[str, list[Resident]]  # by host name


def furnish(seed: int, days: int, people: list[Host], wire: Wire) -> tuple[list[Home], list[LookAlike]]:
    """Which programs live where, and who visits what."""
    rng = random.Random(f"{seed}/software")
    residents: Residents = {host.name: [] for host in people}
    for program in CATALOGUE:
        for host in people:
            if rng.random() < program.share:
                residents[host.name].append(Resident(program))
    for program, many in tail(rng, len(people)):
        for host in rng.sample(people, many):
            comes = rng.randrange(1, days) if days > 3 and rng.random() < 0.25 else -1
            residents[host.name].append(Resident(program, comes))
    found = []
    for work, resident, why in _special(rng, days):
        host = rng.choice([host for host in people if host.work is work] or people)
        residents[host.name].append(resident)
        found.append(LookAlike(host.name, resident.program.path.replace("{user}", host.user), why))
    found += _everywhere(people, residents)
    visited = sites(random.Random(f"{seed}/sites"))
    homes = []
    for host in people:
        mine = list(visited[16:])
        random.Random(f"{seed}/{host.name}/sites").shuffle(mine)
        machine = Machine(seed, host, wire, random.Random(f"{seed}/{host.name}"))
        homes.append(Home(machine, residents[host.name], (*visited[:16], *mine)))
    return homes, found


def _special(rng: random.Random, days: int) -> list[tuple[Work, Resident, str]]:
    """Ordinary programs, each on one host, that a hasty eye would take for the intruder."""
    return [
        (Work.OFFICE, _niche_agent(rng), "one host of the fleet has it; signed by a rare signer; hourly plain HTTP"),
        (Work.OFFICE, _trial(rng, days), "downloaded, a service, calls home, and removes itself after a month"),
        (Work.DEVELOPER, _own_tool(days), "unsigned, built on the host, autostart entry, uploads every half hour"),
    ]


def _niche_agent(rng: random.Random) -> Resident:
    company, domain = vendor(rng)
    short = company.split()[0]
    agent = f"{short}Agent/1.4"
    beat = Contact(
        (f"telemetry.{domain}",), HOUR, 0.03, 700, 300, http=True, agent=agent, uri="/beat", mime="text/plain"
    )
    path = f"{PROGRAMS}{short}\\Agent\\{short.lower()}agent.exe"
    return Resident(Program(path, company, f"{short} Agent", "1.4.2", company, Start.SERVICE, contacts=(beat,)))


def _trial(rng: random.Random, days: int) -> Resident:
    company, domain = vendor(rng)
    product = f"{company.split()[0]} Studio Trial"
    asks = Contact((f"license.{domain}",), 6 * HOUR, 0.2, 900, 1_500)
    path = f"{PROGRAMS}{product}\\studiotrial.exe"
    comes = min(2, days // 10)
    program = Program(path, company, product, "12.0.1", company, Start.SERVICE, contacts=(asks,))
    return Resident(program, comes, comes + min(30, max(1, round(days * 0.6))))


def _own_tool(days: int) -> Resident:
    agent, uri = "syncbot/0.1", "/v1/push"
    push = Contact(("api.syncbot.example",), 0.5 * HOUR, 0.1, 40_000, 2_000, True, agent, uri, "application/json")
    path = "C:\\Users\\{user}\\source\\repos\\syncbot\\x64\\Release\\syncbot.exe"
    program = Program(path, "-", "syncbot", "0.1.0", None, Start.LOGON, contacts=(push,), user="person")
    return Resident(program, min(1, days - 1), built_here=True)


def _everywhere(people: list[Host], residents: Residents) -> list[LookAlike]:
    """The company's own tools on the hosts that have them, and what an administrator's shell does."""
    reasons = {
        "hlbackup.exe": "uploads much more than it downloads, every four hours",
        "crvagent.exe": "remote management: writes into explorer's memory at logon, half-hourly contact",
        "stkscan.exe": "asks about host and network, and opens other processes",
    }
    found = [
        LookAlike(host.name, resident.program.path, reasons[resident.program.file])
        for host in people
        for resident in residents[host.name]
        if resident.program.file in reasons
    ]
    shell = "C:\\Windows\\System32\\cmd.exe"
    why = "an administrator's questions in a shell that a person opened"
    return found + [LookAlike(host.name, shell, why) for host in people if host.work is Work.ADMIN]
