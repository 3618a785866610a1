"""What only hosts of some roles have: servers, kiosks and engineering stations; and a client of a cloud's."""

from __future__ import annotations

from typing import Final

from lodger.lab.catalogue import (
    HOUR,
    LOCAL,
    MICROSOFT,
    PROGRAMS,
    PROGRAMS_86,
    SYSTEM32,
    WINDOWS,
    Contact,
    Program,
    Start,
)
from lodger.lab.people import Work

#: What servers and kiosks are there for, beside Windows; made-up vendors but for the database and the web server.
ROLES: Final = (
    Program(
        PROGRAMS + "Microsoft SQL Server\\MSSQL15.MSSQLSERVER\\MSSQL\\Binn\\sqlservr.exe",
        MICROSOFT,
        "Microsoft SQL Server",
        "2019.0150.4365.02",
        MICROSOFT,
        Start.SERVICE,
        0.4,
        arguments="-sMSSQLSERVER",
        modules=("sqlmin.dll", "sqllang.dll"),
        roles=(Work.SERVER,),
    ),
    Program(
        SYSTEM32 + "inetsrv\\w3wp.exe",
        MICROSOFT,
        "Internet Information Services",
        "10.0.19041.4291",
        WINDOWS,
        Start.SERVICE,
        0.35,
        (Contact(("api.fairholt-suppliers.example", "pay.clearhouse.example"), 0.3 * HOUR, 0.8, 6_000, 9_000),),
        '-ap "DefaultAppPool"',
        user="NETWORK SERVICE",
        roles=(Work.SERVER,),
    ),
    Program(
        PROGRAMS + "Watchtower\\Agent\\wtagent.exe",
        "Watchtower Monitoring Oy",
        "Watchtower Agent",
        "6.2.1",
        "Watchtower Monitoring Oy",
        Start.SERVICE,
        1.0,
        (Contact(("in.watchtower.example",), 300, 0.02, 7_000, 900),),
        updated_every=30,
        roles=(Work.SERVER,),
    ),
    Program(
        PROGRAMS + "Displaywell\\Kiosk\\dwkiosk.exe",
        "Displaywell ApS",
        "Displaywell Kiosk",
        "9.4.0",
        "Displaywell ApS",
        Start.LOGON,
        1.0,
        (
            Contact(("content.displaywell.example",), 0.5 * HOUR, 0.05, 1_500, 240_000),
            Contact(("status.displaywell.example",), 300, 0.05, 900, 400),
        ),
        "--fullscreen",
        updated_every=45,
        user="person",
        roles=(Work.KIOSK,),
    ),
    Program(
        LOCAL + "Cumulus Files\\cumulus.exe",
        "Cumulus Files Inc.",
        "Cumulus Files",
        "31.4.2",
        "Cumulus Files Inc.",
        Start.LOGON,
        0.3,
        (
            Contact(("notify.cumulusfiles.example",), 600, 0.1, 900, 700),
            Contact(("block1.cumulusfiles.example", "block2.cumulusfiles.example"), HOUR, 0.9, 250_000, 120_000),
        ),
        updated_every=14,
        user="person",
    ),
)


def _tool(company: str, product: str, file: str, driver: str, version: str) -> Program:
    """A tool of an engineering station, with the driver of the adapter that it needs."""
    asks = Contact((f"support.{company.split(maxsplit=1)[0].lower()}.example",), 6 * HOUR, 0.4, 1_200, 6_000)
    path = f"{PROGRAMS_86}{company.split(maxsplit=1)[0]}\\{product}\\{file}"
    contacts, drivers = (asks,), (driver,)
    return Program(path, company, product, version, company, Start.PERSON, 0.0, contacts, per_day=1.2, drivers=drivers)


#: Tools for controllers and instruments; made-up vendors.
TOOLS: Final = (
    _tool("Stepwright Automation GmbH", "Stepwright Studio", "swstudio.exe", "swpnio.sys", "17.0.2"),
    _tool("Fluxgate Instruments Ltd", "Fluxgate Logger", "fxlogger.exe", "fxdaq64.sys", "5.3"),
    _tool("Kilnhouse Controls AB", "Kilnhouse Designer", "khdesign.exe", "khserial.sys", "3.11.8"),
    _tool("Axlemark Drives S.r.l.", "DriveTune", "drivetune.exe", "axcan.sys", "2.40"),
)

DONGLE: Final = Program(
    PROGRAMS_86 + "Keyward\\Runtime\\dongled.exe",
    "Keyward Licensing B.V.",
    "Keyward Runtime",
    "8.13",
    "Keyward Licensing B.V.",
    Start.SERVICE,
    0.0,
    (Contact(("activate.keyward.example",), 24 * HOUR, 0.1, 900, 1_200),),
    drivers=("keyward.sys",),
)
