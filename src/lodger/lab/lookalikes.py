"""Ordinary programs that a hasty eye would take for an intruder: each one named, with what it shares with one."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from zlib import crc32

from lodger.lab.catalogue import HOUR, PROGRAMS, Contact, Program, Start, vendor
from lodger.lab.ordinary import Resident
from lodger.lab.people import Work

#: There is one of each sort for so many hosts.
ROUND: Final = 100
PEOPLE: Final = (Work.OFFICE, Work.DEVELOPER, Work.ADMIN, Work.ENGINEER)


@dataclass(frozen=True)
class Odd:
    """A program that comes to ``hosts`` hosts of one of the roles ``works``; ``kind`` is one word for its sort.

    ``revoked`` is the day, from the fleet's first, on which its signer's certificate is revoked; below 0: never.
    ``beside`` is a file that its hosts have, where there are such; it comes to each some ``apart`` days after the last.
    """

    kind: str
    why: str
    works: tuple[Work, ...]
    resident: Resident
    hosts: int = 1
    revoked: int = -1
    beside: str = ""
    apart: int = 0


def drawn(rng: random.Random, days: int, hosts: int) -> list[Odd]:
    """The look-alikes of a fleet that come to some hosts only, as `lodger.lab.furnishing` puts them there.

    One of each sort for every hundred hosts, each with a maker of its own; but one revoked vendor in all.
    """
    rounds = max(1, round(hosts / ROUND))
    makers = [make for number in range(rounds) for make in _MAKERS if make is not _revoked or not number]
    return [make(rng, days, hosts if make is _revoked else min(hosts, ROUND)) for make in makers]


def _service(company: str, name: str, file: str, version: str, *contacts: Contact) -> Program:
    short = company.partition(" ")[0]
    path = f"{PROGRAMS}{short}\\{name}\\{file}"
    return Program(path, company, f"{short} {name}", version, company, Start.SERVICE, contacts=contacts)


def _niche_agent(rng: random.Random, _days: int, _hosts: int) -> Odd:
    company, domain = vendor(rng)
    short = company.split()[0]
    agent = f"{short}Agent/1.4"
    beat = Contact(
        (f"telemetry.{domain}",), HOUR, 0.03, 700, 300, http=True, agent=agent, uri="/beat", mime="text/plain"
    )
    program = _service(company, "Agent", f"{short.lower()}agent.exe", "1.4.2", beat)
    why = "one host of the fleet has it; signed by a rare signer; hourly plain HTTP"
    return Odd("niche_agent", why, (Work.OFFICE,), Resident(program))


def _remote_management(rng: random.Random, _days: int, hosts: int) -> Odd:
    company, domain = vendor(rng)
    asks = Contact((f"mesh.{domain}", f"mesh2.{domain}"), 0.25 * HOUR, 0.1, 1_100, 1_900)
    program = _service(company, "Remote Keeper", "rkagent.exe", "8.3.0", asks)
    why = "a service provider's remote management: runs scripts as the system, which ask about host and network"
    return Odd("remote_management", why, PEOPLE, Resident(program), max(1, hosts // 40))


def _trial(rng: random.Random, days: int, _hosts: int) -> Odd:
    company, domain = vendor(rng)
    product = f"{company.split()[0]} Studio Trial"
    asks = Contact((f"license.{domain}",), 6 * HOUR, 0.2, 900, 1_500)
    path = f"{PROGRAMS}{product}\\studiotrial.exe"
    comes = min(2, days // 10)
    program = Program(path, company, product, "12.0.1", company, Start.SERVICE, contacts=(asks,))
    by_person = _parity(company)
    whose = "a person removes it" if by_person else "removes itself"
    why = f"downloaded, a service, calls home, and {whose} after a month"
    leaves = comes + min(30, max(1, round(days * 0.6)))
    return Odd("trial", why, (Work.OFFICE,), Resident(program, comes, leaves, by_person=by_person))


def _parity(name: str) -> bool:
    """Half of all names have it: what is decided so draws nothing that others' draws come after."""
    return crc32(name.encode()) % 2 == 1


def _own_build(rng: random.Random, days: int, _hosts: int) -> Odd:
    name = rng.choice(("sync", "push", "build", "log", "note", "relay")) + rng.choice(("bot", "ferry", "drop", "box"))
    agent, uri = f"{name}/0.1", "/v1/push"
    push = Contact((f"api.{name}.example",), 0.5 * HOUR, 0.1, 40_000, 2_000, True, agent, uri, "application/json")
    path = f"C:\\Users\\{{user}}\\source\\repos\\{name}\\x64\\Release\\{name}.exe"
    # signed by a certificate that the developer made: no root of this machine knows it, and Sysmon tells no signature
    program = Program(path, "-", name, "0.1.0", None, Start.LOGON, contacts=(push,), user="person")
    why = "unsigned, built on the host, autostart entry, uploads every half hour"
    return Odd("own_build", why, (Work.DEVELOPER,), Resident(program, min(1, days - 1), built_here=True))


def _photos(rng: random.Random, _days: int, _hosts: int) -> Odd:
    company, domain = vendor(rng)
    post = Contact((f"photos.{domain}",), 2.5 * HOUR, 0.7, 0, 0, True, "PicshelfSync/3.2", "/v2/upload", photos=True)
    path = "C:\\Users\\{user}\\AppData\\Local\\Programs\\Picshelf\\picshelf.exe"
    program = Program(path, company, "Picshelf", "3.2.7", company, Start.LOGON, contacts=(post,), user="person")
    why = "posts JPEG files by plain HTTP that have data behind the picture: the videos of motion photos"
    return Odd("photo_upload", why, (Work.OFFICE,), Resident(program))


def _hand_driver(rng: random.Random, days: int, _hosts: int) -> Odd:
    company, domain = vendor(rng)
    short = company.split()[0]
    checks = Contact((f"download.{domain}",), 12 * HOUR, 0.5, 700, 900)
    path = f"{PROGRAMS}{short}\\Probe Tool\\{short.lower()}probe.exe"
    program = Program(
        path,
        company,
        f"{short} Probe Tool",
        "2.6",
        company,
        Start.PERSON,
        contacts=(checks,),
        per_day=0.7,
        drivers=(f"{short[:5].lower()}usb.sys",),
    )
    why = "a small company's driver, signed by itself, downloaded and set up by hand"
    works = (Work.ENGINEER, Work.DEVELOPER)
    return Odd("hand_driver", why, works, Resident(program, by_hand=max(1, days // 3)))


def _network_scan(rng: random.Random, _days: int, _hosts: int) -> Odd:
    del rng
    sends = Contact(("collect.stocktake.example",), 180, 0.2, 90_000, 2_000)
    program = Program(
        PROGRAMS + "Stocktake\\Network\\stkprobe.exe",
        "Stocktake GmbH",
        "Stocktake Network Inventory",
        "3.9.14",
        "Stocktake GmbH",
        Start.TASK,
        contacts=(sends,),
        arguments="--nets auto",
        per_day=0.0,  # `lodger.lab.neighbours` draws its walks
    )
    why = "walks all addresses of its net, most of which do not answer"
    return Odd("network_scan", why, (Work.ADMIN, Work.SERVER), Resident(program))


def _anti_cheat(rng: random.Random, _days: int, hosts: int) -> Odd:
    company, domain = vendor(rng)
    short = company.split()[0]
    plays = Contact((f"match.{domain}", f"telemetry.{domain}"), 300, 0.3, 12_000, 15_000)
    program = Program(
        f"{PROGRAMS}{short} Games\\Emberfall\\emberfall.exe",
        f"{short} Games",
        "Emberfall",
        "1.18.2",
        f"{short} Games",
        Start.PERSON,
        contacts=(plays,),
        per_day=0.35,
        drivers=("emberguard.sys",),
        updated_every=14,
    )
    why = "a game's guard: its driver is loaded with the game, and it opens every process, lsass too"
    return Odd("anti_cheat", why, (Work.OFFICE, Work.DEVELOPER), Resident(program), max(1, hosts // 100))


def _revoked(rng: random.Random, days: int, hosts: int) -> Odd:
    company, domain = vendor(rng)
    asks = Contact((f"update.{domain}",), 12 * HOUR, 0.2, 800, 4_000)
    program = _service(company, "Print Assistant", "printassist.exe", "5.1.9", asks)
    why = "its vendor's certificate is revoked for reasons of its own: the key was on a laptop that was stolen"
    return Odd("revoked_vendor", why, PEOPLE, Resident(program), max(2, hosts // 20), revoked=max(1, days * 2 // 3))


_MAKERS: Final[tuple[Callable[[random.Random, int, int], Odd], ...]] = (
    _niche_agent,
    _remote_management,
    _trial,
    _own_build,
    _photos,
    _hand_driver,
    _network_scan,
    _anti_cheat,
    _revoked,
)

#: By file name, what everybody's programs share with an intruder, where they are installed.
EVERYWHERE: Final = {
    "hlbackup.exe": ("backup", "uploads much more than it downloads, every four hours"),
    "crvagent.exe": (
        "remote_management",
        "remote management: writes into explorer's memory at logon, half-hourly contact",
    ),
    "stkscan.exe": ("inventory_scan", "asks about host and network, and opens other processes"),
    "dongled.exe": ("niche_driver", "a dongle's driver and service of a small company, on engineering stations alone"),
}
