"""Who an intruder is in one fleet: names, files, signer, servers, hosts and days, all drawn before the first day.

A life depends on the seed, its number, its scenario and the fleet's people alone, so that every process that tells some
of the hosts draws the same.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from lodger.lab.catalogue import PROGRAMS, PROGRAMS_86, SYSTEM32, address, vendor
from lodger.lab.lives.scenario import Arrival, Channel, Leaves, Persistence, Place, Scenario, Signed
from lodger.lab.people import Host, Work
from lodger.lab.programs import CATALOGUE
from lodger.lab.sysmon import Image, hashes

#: A cloud of the fleet's own world, in which ordinary programs and sites live, too.
CLOUD: Final = "cumulusfiles.example"
_SHORTENED: Final = 60  # days; shorter lives fit into shorter fleets, longer ones outlast the records
_AGENTS: Final = (  # browsers that were common once, and are still named long after
    "Mozilla/5.0 (Windows; U; Windows NT 6.0; en-US; rv:1.9.2.9) Gecko/20100824 Firefox/3.6.9 (.NET CLR 3.5.30729)",
    "Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko",
)
#: Folders and names of mass-market software's helpers, none of which the fleet's own catalogue has; the first word of
#: each signer is that of a publisher whom the fleet knows.
_COMMON: Final = (
    (PROGRAMS_86 + "Google\\Update\\1.3.36.372\\GoogleCrashHandler64.exe", "Google LLC", "Google Update"),
    (
        PROGRAMS_86 + "Common Files\\Adobe\\ARM\\1.0\\AdobeARMHelper.exe",
        "Adobe Inc.",
        "Adobe Reader and Acrobat Manager",
    ),
    (PROGRAMS + "Common Files\\Adobe\\AdobeGCClient\\AGMService.exe", "Adobe Inc.", "Adobe Genuine Software Monitor"),
    (PROGRAMS + "Zoom\\bin\\CptService.exe", "Zoom Video Communications, Inc.", "Zoom Sharing Service"),
)
#: Ordinary programs that load a library from their own folder when one lies there (ATT&CK T1574.002).
_LOADERS: Final = (("OneDrive.exe", "version.dll"), ("notepad++.exe", "SciLexer.dll"), ("Zoom.exe", "zcrashreport.dll"))
_WORDS: Final = (
    "Sync",
    "Index",
    "Media",
    "Print",
    "Font",
    "Cache",
    "Audio",
    "Theme",
    "Locale",
    "Spell",
    "Image",
    "Desk",
)


@dataclass(frozen=True)
class Berth:
    """Where and when: days from the fleet's first; ``leaves`` None where the records end before. ``relay`` is the
    neighbour through whom it talks, "" where it calls out itself.
    """

    host: str
    arrives: int
    leaves: int | None
    relay: str = ""


@dataclass(frozen=True)
class Life:
    """One life: all that is the same on each of its hosts. ``{user}`` in paths is the host's person; an ordinary
    program that loads the library has the hashes that it has on that host.
    """

    mark: str  # what its draws are made from
    scenario: Scenario
    program: Image
    library: Image | None
    driver: Image | None
    name: str  # of service, task or autostart value
    signer: str
    servers: tuple[tuple[str, str], ...]  # name ("" where it calls the bare address) and address
    every: float  # seconds
    agent: str
    small: int  # bytes that come each time
    keylog: str
    acts: frozenset[str]  # of: inject, credentials, ask, keys
    berths: tuple[Berth, ...]
    revoked: int | None  # the day on which its signer's certificate is known to be revoked

    @property
    def client(self) -> str:
        """What `lodger` calls it where only the wire tells of it: its user agent, or all that talks TLS on its host."""
        clear = self.scenario.channel in (Channel.JPEG, Channel.PDF)
        return f"network: agent {self.agent}" if clear else "network: tcp/ssl"

    @property
    def signed_as(self) -> str:
        """What tells its certificate from others of the same name: its publisher signs with others."""
        return self.mark if self.scenario.signed is Signed.MASS else ""

    @property
    def as_system(self) -> bool:
        """Whether it runs as the system and not in a person's session."""
        return _as_system(self.scenario)


def cast(seed: int, days: int, people: Sequence[Host], scenarios: Sequence[Scenario]) -> tuple[Life, ...]:
    """The lives of a fleet, as many as scenarios; no two on one host while there are hosts left."""
    rng, taken = random.Random(f"{seed}/victims"), list[str]()
    lives = []
    for number, scenario in enumerate(scenarios):
        chosen = _hosts(rng, people, scenario, taken)
        taken += [host.name for host in chosen]
        lives.append(_draw(f"{seed}/life {number}", days, scenario, chosen))
    return tuple(lives)


def _hosts(rng: random.Random, people: Sequence[Host], scenario: Scenario, taken: Sequence[str]) -> list[Host]:
    """Office people first, as they open documents; what nothing starts again, where the power stays on; and where
    nobody sits, only what needs nobody.
    """
    order = sorted(rng.sample(people, len(people)), key=lambda host: host.work is not Work.OFFICE)
    if scenario.persistence is Persistence.NONE:
        order.sort(key=lambda host: not host.always_on)
    order.sort(key=lambda host: taken.count(host.name))
    if scenario.arrival not in (Arrival.UPDATE, Arrival.PASSWORD) or not _as_system(scenario):
        order.sort(key=lambda host: host.work.value in ("server", "kiosk"))
    return order[: scenario.hosts]


def _as_system(scenario: Scenario) -> bool:
    return scenario.persistence not in (Persistence.TASK, Persistence.SIDELOAD)


def _draw(mark: str, days: int, scenario: Scenario, hosts: Sequence[Host]) -> Life:
    rng = random.Random(mark)
    signer = _signer(rng, scenario)
    program, library = _program(rng, mark, scenario, signer)
    berths = _berths(rng, days, scenario, hosts)
    name = program.file.removesuffix(".exe")
    driver = None
    if scenario.persistence is Persistence.DRIVER:
        path = f"{SYSTEM32}drivers\\{name[:6]}.sys"
        about = f"{program.product} bus filter"
        driver = replace(program, path=path, version="2.1.0.0", description=about, hashes=hashes(f"{mark}/driver"))
    ends = [berth.leaves for berth in berths if berth.leaves is not None]
    known = (
        min(days - 1, max(ends) + rng.randrange(1, 8)) if ends else berths[0].arrives + (days - berths[0].arrives) // 2
    )
    return Life(
        mark=mark,
        scenario=scenario,
        program=program,
        library=library,
        driver=driver,
        name=name if scenario.persistence is not Persistence.TASK else f"{program.product.split()[0]} {name}",
        signer=signer or "",
        servers=tuple(_server(rng, scenario) for _ in range(scenario.servers)),
        every=scenario.sleep * rng.uniform(0.7, 1.4),
        agent=rng.choice(_AGENTS),
        small=rng.randrange(3_000, 9_000),
        keylog=f"C:\\Windows\\Temp\\~{rng.choice(('DF', 'TM', 'WR'))}{rng.getrandbits(20):05X}.tmp",
        acts=_acts(rng, scenario),
        berths=berths,
        revoked=known if scenario.signed in (Signed.STOLEN, Signed.MASS) else None,
    )


def _signer(rng: random.Random, scenario: Scenario) -> str | None:
    if scenario.signed is Signed.NONE:
        return None
    if scenario.signed is Signed.MASS:
        return rng.choice(_COMMON)[1]
    company = vendor(rng)[0]
    if scenario.signed is Signed.STOLEN:
        return company
    kind, form = rng.choice(("Consulting", "Trading", "Digital", "Holding")), rng.choice(("Ltd", "LLC"))
    return f"{company.split()[0]} {kind} {form}"


def _program(rng: random.Random, mark: str, scenario: Scenario, signer: str | None) -> tuple[Image, Image | None]:
    """What stays: a program of its own or, for side-loading, a copy of an ordinary one with a library beside it."""
    company = signer if scenario.signed in (Signed.STOLEN, Signed.BOUGHT) and signer else vendor(rng)[0]
    word, short = rng.choice(_WORDS), company.split()[0]
    if scenario.persistence is Persistence.SIDELOAD:
        return _loaded(rng, mark, scenario, signer)
    if scenario.common:
        fitting = [known for known in _COMMON if scenario.signed is not Signed.MASS or known[1] == signer]
        path, company, product = rng.choice(fitting)
        return Image(path, "2.1.0.4", product, product, company, signer, hashes(f"{mark}/program")), None
    file = f"{short[:3].lower()}{rng.choice(('hlp', 'mon', 'svc', 'upd', 'cfg'))}{rng.randrange(10, 99)}.exe"
    folder = rng.choice((PROGRAMS, PROGRAMS_86)) + f"Common Files\\{short}\\"
    if not _as_system(scenario):
        folder = f"C:\\Users\\{{user}}\\AppData\\{rng.choice(('Roaming', 'Local'))}\\{short}{word}\\"
    elif scenario.arrival is Arrival.PASSWORD or signer is None:
        folder = rng.choice((SYSTEM32, f"C:\\ProgramData\\{short}\\"))
    if signer is None and rng.random() < 0.5:  # the careless half says nothing of itself
        return Image(folder + file, "-", "-", "-", "-", None, hashes(f"{mark}/program")), None
    product = " ".join(company.split()[:2])
    return Image(
        folder + file, "2.1.0.4", f"{product} Helper", product, company, signer, hashes(f"{mark}/program")
    ), None


def _loaded(rng: random.Random, mark: str, scenario: Scenario, signer: str | None) -> tuple[Image, Image]:
    file, library = rng.choice(_LOADERS)
    program = next(known for known in CATALOGUE if known.file == file)
    folder = f"C:\\ProgramData\\{program.company.split()[0]}\\{rng.choice(_WORDS)}\\"
    if not scenario.common:
        folder = f"C:\\Users\\{{user}}\\AppData\\Roaming\\{rng.choice(_WORDS)}{rng.choice(_WORDS)}\\"
    known = Image(folder + file, program.version, program.product, program.product, program.company, program.signer, "")
    other = replace(known, path=folder + library, signer=signer, hashes=hashes(f"{mark}/library"))
    return known, other if signer else replace(other, version="-", description="-", product="-", company="-")


def _server(rng: random.Random, scenario: Scenario) -> tuple[str, str]:
    """A name with its address: a rented server has one of RFC 2544's, which are nobody's; a cloud's name is where the
    cloud is.
    """
    bare = f"198.{rng.randrange(18, 20)}.{rng.randrange(256)}.{rng.randrange(1, 255)}"
    if scenario.place is Place.CLOUD:
        name = f"d{rng.getrandbits(36):09x}.{CLOUD}"
        return name, address(f"notify.{CLOUD}")
    domain = vendor(rng)[1].partition(".")[0][::-1]
    name = f"{rng.choice(('img', 'cdn', 'static', 'news', 'mail'))}{rng.randrange(1, 9)}.{domain}.example"
    return ("", bare) if scenario.place is Place.EITHER and rng.random() < 0.5 else (name, bare)


def _acts(rng: random.Random, scenario: Scenario) -> frozenset[str]:
    """What it does besides talking: all of it in 2011, a part elsewhere, hardly anything where it is quiet."""
    chances = {"inject": 0.5, "credentials": 0.5, "ask": 0.7, "keys": 0.8}
    if scenario.family == "duqu2011":
        chances = dict.fromkeys(chances, 1.0)
    if scenario.quiet:
        chances = {"inject": 0.0, "credentials": 0.0, "ask": 0.1, "keys": 0.5}
    return frozenset(act for act, chance in chances.items() if rng.random() < chance)


def _berths(rng: random.Random, days: int, scenario: Scenario, hosts: Sequence[Host]) -> tuple[Berth, ...]:
    """Its hosts, some days apart; a life that the records cannot hold is shortened or outlasts them."""
    fits = scenario.days <= days - 4
    span = scenario.days if fits else round(days * 0.75)
    stays = scenario.leaves is Leaves.STAYS or (not fits and scenario.days > _SHORTENED)
    first = min(3, days // 10)
    arrives = rng.randint(first, max(first, min(days // 2, days - 1 - span)))
    berths = []
    for number, host in enumerate(hosts):
        comes = min(days - 1, arrives + (number and number * rng.randrange(1, 4)))
        leaves = None if stays else min(days - 1, comes + span)
        berths.append(Berth(host.name, comes, leaves, hosts[0].name if scenario.peers and number else ""))
    return tuple(berths)
