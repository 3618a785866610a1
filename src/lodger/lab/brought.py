"""Ordinary programs that come by another's hand: with a stranger's setup or update, out of a program for documents, by
an administrator's shell; and a large publisher's programs that hardly anybody has.

Setups bring other makers' files where a program is built with Visual C++ (Microsoft, "Redistributing Visual C++ files")
or talks to hardware; how often is estimated. The publishers' two programs and the places they call are real ones
(Microsoft, "Adjust communication settings for the on-premises data gateway"; Adobe Connect's domains); all other makers
are made up.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final

from lodger.lab.catalogue import HOUR, LOCAL, MICROSOFT, PROGRAMS, PROGRAMS_86, Contact, Program, Start, vendor
from lodger.lab.lookalikes import PEOPLE, ROUND, Odd
from lodger.lab.ordinary import Resident
from lodger.lab.people import Work

#: Microsoft's runtime for C++ as other makers' setups carry it: it is run once, and stays as files.
RUNTIME: Final = Program(
    "C:\\ProgramData\\Package Cache\\{8bdfe669-9705-4184-9368-db9ce581e0e7}\\VC_redist.x64.exe",
    MICROSOFT,
    "Microsoft Visual C++ 2015-2022 Redistributable (x64)",
    "14.38.33135.0",
    MICROSOFT,
    Start.PERSON,
    0.0,
    arguments="/install /quiet /norestart",
    per_day=0.0,
)
_DOCUMENTS: Final = ("OUTLOOK.EXE", "Acrobat.exe")


def drawn(rng: random.Random, days: int, hosts: int) -> list[Odd]:
    """These look-alikes of a fleet: one of each sort for every hundred hosts, as `lodger.lab.lookalikes.drawn`."""
    rounds = max(1, round(hosts / ROUND))
    return [make(rng, days, min(hosts, ROUND)) for _ in range(rounds) for make in _MAKERS]


def _redistributable(rng: random.Random, _days: int, hosts: int) -> Odd:
    company, domain = vendor(rng)
    short = company.split()[0]
    asks = Contact((f"update.{domain}",), 6 * HOUR, 0.1, 900, 6_000)
    program = Program(
        f"{PROGRAMS}{short}\\Measure Desk\\measuredesk.exe",
        company,
        "Measure Desk",
        "7.2",
        company,
        Start.LOGON,
        contacts=(asks,),
        user="person",
        updated_every=21,
        brings=(RUNTIME,),
    )
    why = "its updates bring Microsoft's runtime along, so that a stranger's setup writes and runs a signed program"
    return Odd("redistributable", why, PEOPLE, Resident(program), max(1, hosts // 30))


def _bundled_driver(rng: random.Random, days: int, hosts: int) -> Odd:
    company, domain = vendor(rng)
    maker, _ = vendor(rng)
    short, chip = company.split()[0], maker.split()[0]
    checks = Contact((f"support.{domain}",), 12 * HOUR, 0.4, 900, 3_000)
    service = Program(
        f"{PROGRAMS_86}{chip}\\Bridge\\{chip.lower()}svc.exe",
        maker,
        f"{chip} USB Bridge",
        "10.1.8",
        maker,
        Start.SERVICE,
        drivers=(f"{chip[:5].lower()}ser.sys",),
    )
    path = f"{PROGRAMS}{short}\\Label Station\\labelstation.exe"
    program = Program(
        path, company, "Label Station", "4.4", company, Start.PERSON, 0.0, (checks,), per_day=0.8, brings=(service,)
    )
    why = "its setup brings driver and service of a chip's maker, who signed them"
    works = (Work.OFFICE, Work.ENGINEER)
    return Odd("bundled_driver", why, works, Resident(program, min(days - 1, max(1, days // 4))), max(1, hosts // 50))


def _addin(rng: random.Random, _days: int, hosts: int) -> Odd:
    company, domain = vendor(rng)
    short, beside = company.split()[0], rng.choice(_DOCUMENTS)
    asks = Contact((f"addin.{domain}",), 4 * HOUR, 0.3, 1_200, 5_000)
    program = Program(
        f"{LOCAL}{short}\\Signing Pad\\padhelper.exe",
        company,
        "Signing Pad",
        "3.0",
        company,
        Start.LOGON,
        contacts=(asks,),
        user="person",
        updated_every=24,
        updater=beside,
    )
    why = f"an add-in of {beside}, which writes its updates as programs into Temp and runs them"
    return Odd("addin_updater", why, PEOPLE, Resident(program), max(1, hosts * 3 // 100), beside=beside)


def _publishers_niche(rng: random.Random, _days: int, _hosts: int) -> Odd:
    why = "a large publisher's, and signed as all of it is; on one or two hosts, with a place that nobody else calls"
    number = rng.randrange(1, 3)
    if rng.random() < 0.5:
        places = (
            "wabi-north-europe-redirect.analysis.windows.net",
            f"gw{rng.randrange(10, 99)}.servicebus.windows.net",
        )
        gateway = Program(
            PROGRAMS + "On-premises data gateway\\Microsoft.PowerBI.EnterpriseGateway.exe",
            MICROSOFT,
            "On-premises data gateway",
            "3000.214.9",
            MICROSOFT,
            Start.SERVICE,
            contacts=(Contact(places, 0.5 * HOUR, 0.1, 3_000, 2_500),),
            user="NETWORK SERVICE",
        )
        return Odd("publishers_niche", why, (Work.SERVER, Work.ADMIN), Resident(gateway), number)
    meets = Contact((f"fairholt{rng.randrange(10, 99)}.adobeconnect.com",), 2 * HOUR, 0.4, 20_000, 90_000)
    connect = Program(
        "C:\\Users\\{user}\\AppData\\Roaming\\Adobe\\Connect\\connect.exe",
        "Adobe Inc.",
        "Adobe Connect",
        "24.3.46",
        "Adobe Inc.",
        Start.LOGON,
        contacts=(meets,),
        user="person",
    )
    return Odd("publishers_niche", why, PEOPLE, Resident(connect), number)


def _team_service(rng: random.Random, days: int, hosts: int) -> Odd:
    name = rng.choice(("plant", "metric", "queue", "proof", "stage", "ledger")) + rng.choice(("sync", "feed", "runner"))
    push = Contact((f"hub.{name}.example",), 0.25 * HOUR, 0.05, 1_500, 900)
    path = f"C:\\Tools\\{name}\\{name}.exe"
    program = Program(path, "-", name, "1.3.0", None, Start.SERVICE, contacts=(push,))
    why = "a project team's own, unsigned: copied from a share and set up as a service by hand, host after host"
    resident = Resident(program, min(days - 1, max(1, days // 5)), by_shell=True)
    many = min(hosts, rng.randrange(3, 6))
    return Odd("team_service", why, (Work.DEVELOPER, Work.ENGINEER, Work.ADMIN), resident, many, apart=1)


_MAKERS: Final[tuple[Callable[[random.Random, int, int], Odd], ...]] = (
    _redistributable,
    _bundled_driver,
    _addin,
    _publishers_niche,
    _team_service,
)
