"""Ordinary software: what it is called, who signed it, how common it is, and whom it talks to in which rhythm.

Prevalence is heavy-tailed, because it is so in the field: most programs are seen on one machine, a few on all of them
(D. H. Chau and others, "Polonium: Tera-Scale Graph Mining and Inference for Malware Detection", SDM 2011).
Mass-market names are those of their makers; every other vendor and web site is made up and lies under ``.example``
(RFC 2606), with addresses reserved for measurements (RFC 2544), so that no record accuses a real party.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final

from lodger.lab.people import Work

HOUR: Final = 3600.0
PROGRAMS: Final = "C:\\Program Files\\"
PROGRAMS_86: Final = "C:\\Program Files (x86)\\"
SYSTEM32: Final = "C:\\Windows\\System32\\"
LOCAL: Final = "C:\\Users\\{user}\\AppData\\Local\\"

WINDOWS: Final = "Microsoft Windows"
MICROSOFT: Final = "Microsoft Corporation"


class Start(Enum):
    """How a program comes to run."""

    SERVICE = "at boot, by services.exe"
    LOGON = "at logon, from a Run key, by explorer.exe"
    PERSON = "when a person opens it"
    TASK = "now and then, by the task scheduler"


@dataclass(frozen=True)
class Contact:
    """Talk with servers.

    ``every`` is the mean number of seconds between contacts of a running program, ``jitter`` the share by which the gap
    varies; ``up`` and ``down`` are median bytes; ``http`` means plain HTTP instead of TLS.
    """

    names: tuple[str, ...]
    every: float
    jitter: float = 0.1
    up: int = 2_000
    down: int = 8_000
    http: bool = False
    agent: str = "-"
    uri: str = "/"
    mime: str = "text/html"
    photos: bool = False  # posts photographs instead of asking


@dataclass(frozen=True)
class Program:
    """One program; ``share`` is the share of hosts that have it, ``signer`` None means unsigned."""

    path: str
    company: str
    product: str
    version: str
    signer: str | None
    start: Start
    share: float = 1.0
    contacts: tuple[Contact, ...] = ()
    arguments: str = ""
    modules: tuple[str, ...] = ()
    per_day: float = 1.0  # how often a person or the scheduler starts it on a working day
    user: str = "SYSTEM"  # the account it runs as; "person": whoever is logged on
    updated_every: int = 0  # days between new versions; 0: none within a lab's time
    updater: str = ""  # the running program that fetches them; "": the program's own
    brings: tuple[Program, ...] = ()  # other makers' programs, which its setups set up, too
    drivers: tuple[str, ...] = ()  # in System32\\drivers, loaded at boot, or with a program that a person opens
    pipe: str = ""  # a named pipe of its own, which other hosts call
    roles: tuple[Work, ...] = ()  # on hosts of these alone; (): by how it starts, `lodger.lab.furnishing`

    @property
    def file(self) -> str:
        """The name of the executable."""
        return self.path.rpartition("\\")[2]

    @property
    def key(self) -> str:
        """What tells it from others: the path and, for the many faces of svchost, the arguments."""
        return self.path + self.arguments


CHROME_AGENT: Final = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36"
)
EDGE_AGENT: Final = CHROME_AGENT + " Edg/124.0.0.0"


#: Parts of names that nobody owns. Ordinary small vendors and the intruder's signer are drawn from the same heap.
_FIRST: Final = [
    "Al",
    "Bor",
    "Cal",
    "Dor",
    "El",
    "Fen",
    "Gar",
    "Hel",
    "Ist",
    "Jor",
    "Kel",
    "Lum",
    "Mar",
    "Nor",
    "Or",
    "Pel",
    "Quin",
    "Ros",
    "Sil",
    "Tal",
    "Ul",
    "Ver",
    "Wes",
    "Yar",
    "Zan",
]
_MIDDLE: Final = ["", "", "", "a", "e", "i", "o", "u", "en", "ar", "il"]
_LAST: Final = [
    "vik",
    "dane",
    "mont",
    "tec",
    "lor",
    "bridge",
    "wick",
    "ston",
    "mere",
    "nex",
    "dyn",
    "tor",
    "field",
    "rion",
    "gate",
    "lux",
    "berg",
    "via",
    "cor",
    "sen",
]
_KIND: Final = [
    "Software",
    "Systems",
    "Instruments",
    "Technologies",
    "Electronics",
    "Data",
    "Solutions",
    "Micro",
    "Devices",
    "Labs",
]
_FORM: Final = ["GmbH", "Ltd", "Inc.", "AB", "Co., Ltd.", "S.r.l.", "B.V.", "LLC"]
_TOOL: Final = [
    "Label Designer",
    "Time Sheet",
    "Colour Picker",
    "PDF Join",
    "Panel Tool",
    "Scan Assist",
    "Note Board",
    "Font Viewer",
    "Mind Map",
    "Plotter",
]


def vendor(rng: random.Random) -> tuple[str, str]:
    """A vendor's name as it signs, and its domain."""
    short = rng.choice(_FIRST) + rng.choice(_MIDDLE) + rng.choice(_LAST)
    kind = rng.choice(_KIND)
    return f"{short} {kind} {rng.choice(_FORM)}", f"{short.lower()}{kind.lower()[:4]}.example"


def tail(rng: random.Random, hosts: int) -> list[tuple[Program, int]]:
    """Programs of small vendors with the number of hosts that have each: Zipf, so that most are on one host."""
    out: list[tuple[Program, int]] = []
    for _ in range(4 + 2 * hosts):
        many = min(hosts, int(rng.paretovariate(1.1)))  # exponent near 1: Polonium's power law
        out.append((_small_program(rng), many))
    return out


def _small_program(rng: random.Random) -> Program:
    company, domain = vendor(rng)
    tool = rng.choice(_TOOL)
    file = tool.replace(" ", "") + ".exe"
    signed = rng.random() < 0.6  # a good part of small vendors' software is still unsigned
    start = rng.choices((Start.PERSON, Start.LOGON, Start.SERVICE), (6, 2, 2))[0]
    contacts: tuple[Contact, ...] = ()
    if rng.random() < 0.7:
        every = rng.choice((1, 4, 8, 24)) * HOUR
        http = rng.random() < 0.35
        contacts = (
            Contact(
                (f"update.{domain}",),
                every,
                rng.choice((0.02, 0.1, 0.4)),
                600,
                rng.randrange(800, 20_000),
                http=http,
                agent=f"{tool.replace(' ', '')}/1.0" if http else "-",
                uri="/check?v=1",
                mime="application/xml",
            ),
        )
    version = f"{rng.randrange(1, 9)}.{rng.randrange(12)}.{rng.randrange(40)}"
    # most small vendors bring out something new a few times a year or never (estimated)
    every = rng.choices((0, 30, 90, 180), (5, 2, 2, 1))[0]
    user = "SYSTEM" if start is Start.SERVICE else "person"
    path = f"{PROGRAMS}{company.split()[0]}\\{tool}\\{file}"
    return Program(
        path,
        company,
        tool,
        version,
        company if signed else None,
        start,
        0.0,
        contacts,
        per_day=0.3,
        user=user,
        updated_every=every,
    )


def sites(rng: random.Random) -> tuple[str, ...]:
    """Web sites that people visit, most visited first: known ones, then made-up ones."""
    known = [
        "www.google.com",
        "www.bing.com",
        "www.msn.com",
        "www.youtube.com",
        "login.microsoftonline.com",
        "www.linkedin.com",
        "github.com",
        "en.wikipedia.org",
        "www.office.com",
        "www.bbc.co.uk",
        "stackoverflow.com",
        "www.reddit.com",
        "fonts.gstatic.com",
        "cdn.jsdelivr.net",
        "www.googletagmanager.com",
        "edge.microsoft.com",
    ]
    made_up = {f"www.{rng.choice(_FIRST)}{rng.choice(_LAST)}{rng.choice(_LAST)}.example".lower() for _ in range(500)}
    return (*known, *sorted(made_up, key=lambda name: hashlib.md5(name.encode(), usedforsecurity=False).digest()))


@lru_cache(maxsize=65_536)
def address(name: str, turn: int = 0) -> str:
    """The address that a name resolves to; ``turn`` walks through the several addresses of a large service."""
    if name.endswith(".example"):
        digest = hashlib.sha256(name.encode()).digest()
        # the nets for documentation (RFC 5737) are too small for all vendors of a large fleet: the one for measurements
        # of devices (RFC 2544) belongs to nobody either
        return f"198.{18 + digest[0] % 2}.{digest[1]}.{1 + digest[2] % 250}"
    digest = hashlib.sha256(f"{name}/{turn % 3}".encode()).digest()
    prefix = ("13.107", "20.190", "104.18", "142.250")[hashlib.sha256(name.encode()).digest()[0] % 4]
    return f"{prefix}.{digest[1]}.{1 + digest[2] % 250}"
