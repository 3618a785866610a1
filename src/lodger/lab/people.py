"""Hosts, the people at them, and their days.

A desk job's day is taken as nine hours from about half past eight, with a spread of half an hour (estimated). Many
office machines are left on at night (Webber and others, "After-hours power status of office equipment in the USA",
Energy 31, 2006); here it is a third of the desktops. Laptops sleep at night more often than they are shut down
(estimated), and wake with everything as it was. Shares of roles are estimated.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Final

from lodger.lab.absences import absence

MINUTE: Final = 60_000_000
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
DOMAIN: Final = "fairholt.example"
NETBIOS: Final = "FAIRHOLT"

#: How likely a person who is not away works, from Monday to Sunday: some miss a day, some Saturdays are worked.
_PRESENCE: Final = (0.985, 0.985, 0.985, 0.985, 0.965, 0.04, 0.0)

#: How likely a laptop's day is not in the office: 28 % of full days were worked from home in the USA in 2023
#: (Barrero, Bloom and Davis, "The evolution of work from home", Journal of Economic Perspectives 37, 2023).
_ELSEWHERE: Final = 0.28

_GIVEN: Final = (
    "ada",
    "ben",
    "cleo",
    "dario",
    "elif",
    "finn",
    "greta",
    "hugo",
    "ines",
    "jonas",
    "kira",
    "lars",
    "mina",
    "nils",
    "olga",
    "pia",
    "ravi",
    "sara",
    "tom",
    "uma",
    "vera",
    "will",
    "yuki",
    "zoe",
)
_FAMILY: Final = (
    "adler",
    "brandt",
    "costa",
    "dietz",
    "ember",
    "falk",
    "graf",
    "holt",
    "iver",
    "jung",
    "koch",
    "lang",
    "moser",
    "nagel",
    "orth",
    "pohl",
    "rau",
    "stein",
    "thoma",
    "unger",
    "vogt",
    "wirth",
)


class Work(Enum):
    """What a host is there for."""

    OFFICE = "office"
    DEVELOPER = "developer"
    ADMIN = "admin"
    ENGINEER = "engineering station"
    SERVER = "server"
    KIOSK = "kiosk"


#: Each role's hosts are named by it.
_PREFIX: Final = {Work.ENGINEER: "ENG", Work.SERVER: "SRV", Work.KIOSK: "KSK"}

#: Role, its share of a fleet, and from how many hosts on there is at least one.
_SHARES: Final = (
    (Work.ADMIN, 0.01, 3),
    (Work.DEVELOPER, 0.14, 2),
    (Work.SERVER, 0.08, 6),
    (Work.ENGINEER, 0.06, 8),
    (Work.KIOSK, 0.03, 20),
)


@dataclass(frozen=True)
class Host:
    """One machine and, where there is one, its person.

    ``ip`` is the address it has today. ``nature`` is a number that all its chances are drawn from which the records'
    beginning does not decide.
    """

    name: str
    ip: str
    mac: str
    user: str
    sid: str
    work: Work
    always_on: bool
    audited: bool  # whether the Windows filtering platform's connections are audited (Security 5156)
    starts: float  # the hour at which the person usually comes
    keenness: float  # how much this person does, against the usual 1.0
    laptop: bool = False
    nature: int = 0

    @property
    def fqdn(self) -> str:
        """The name as Windows events give it."""
        return f"{self.name}.{DOMAIN}"


@dataclass(frozen=True)
class Plan:
    """A host's day in microseconds since 1970: powered from ``on`` to ``off``; ``work`` is when the person is there.

    ``boots`` tells whether it starts or only wakes, ``shuts`` whether it is shut down in the evening. ``tunnel`` is
    when a host that is elsewhere comes into the company's network through its VPN; 0 where it is in the house.
    """

    on: int
    off: int
    boots: bool
    shuts: bool
    work: tuple[int, int] | None
    tunnel: int = 0


def draw_hosts(seed: int, count: int) -> list[Host]:
    """The fleet's hosts by role; what no other role takes is office work."""
    rng = random.Random(f"{seed}/hosts")
    works = [work for work, share, least in _SHARES for _ in range(max(count >= least, round(count * share)))]
    works += [Work.OFFICE] * (count - len(works))
    rng.shuffle(works)
    taken: set[str] = set()
    return [_host(rng, number, work, taken) for number, work in enumerate(works)]


def _host(rng: random.Random, number: int, work: Work, taken: set[str]) -> Host:
    given, family = rng.choice(_GIVEN), rng.choice(_FAMILY)
    name = f"{_PREFIX.get(work, 'WS')}{number + 101:04}"
    user = f"{given}.{family}"
    if user in taken or work in {Work.SERVER, Work.KIOSK}:
        user = f"{user}{number}" if work not in {Work.SERVER, Work.KIOSK} else name.lower()
    taken.add(user)
    laptop = work in {Work.OFFICE, Work.DEVELOPER, Work.ADMIN} and rng.random() < 0.55
    left_on = work is Work.SERVER or (work is not Work.KIOSK and not laptop and rng.random() < 0.35)
    return Host(
        name=name,
        ip=f"10.20.{(210 if work is Work.SERVER else 0) + number // 200}.{20 + number % 200}",
        mac=":".join(
            f"{part:02x}" for part in (0x02, *(rng.randrange(256) for _ in range(3)), number >> 8, number & 255)
        ),
        user=user,
        sid=f"S-1-5-21-1939123204-1418869057-2368897034-{1100 + number}",
        work=work,
        always_on=left_on,
        audited=rng.random() < (0.6 if work is Work.SERVER else 0.25),
        starts=min(11.0, max(6.5, rng.gauss(8.4, 0.7))),
        keenness=0.1 if work is Work.KIOSK else rng.lognormvariate(0.0, 0.35),
        laptop=laptop,
        nature=rng.getrandbits(64),
    )


def midnight(day: date) -> int:
    """The first microsecond of a UTC day."""
    return (day.toordinal() - date(1970, 1, 1).toordinal()) * DAY


def patch_night(day: date) -> bool:
    """Whether hosts that are left on restart in this night: the one after the month's second Tuesday."""
    return 7 < day.day < 16 and day.weekday() == 2 and (day - timedelta(days=1)).day > 7


def patch_nights(time: int) -> int:
    """How many patch nights there have been since January 2024, at a time in microseconds since 1970."""
    day = date(1970, 1, 1) + timedelta(days=time // DAY)
    second_tuesday = day.replace(day=1) + timedelta(days=(1 - day.replace(day=1).weekday()) % 7 + 7)
    return (day.year - 2024) * 12 + day.month - 1 + (day > second_tuesday)


def plan_day(host: Host, rng: random.Random, day: date, *, first: bool) -> Plan | None:
    """What happens on ``day``; None where the host stays off.

    ``first`` is the day on which the sensors came: all hosts boot on it, as a roll-out ends with a restart. On other
    days ``boots`` says only that the host restarts for patches; that it was shut down its own state tells.
    """
    if host.work is Work.KIOSK:
        return _open(rng, midnight(day))
    start_of, away = midnight(day), absence(host.nature, day)
    works = rng.random() < _PRESENCE[day.weekday()] and away is None and host.work is not Work.SERVER
    begin = start_of + int(host.starts * HOUR + rng.gauss(0, 0.3) * HOUR)
    begin = min(max(begin, start_of + 5 * HOUR), start_of + 12 * HOUR)
    end = min(begin + int(rng.gauss(9.0, 0.6) * HOUR), start_of + 23 * HOUR)
    work = (begin, max(end, begin + 4 * HOUR)) if works else None
    if host.always_on:
        restarts = patch_night(day) or first
        on = start_of + (3 * HOUR + 5 * MINUTE + host.nature % 90 * MINUTE if restarts else 0)
        return Plan(on, start_of + DAY - 2 * MINUTE, restarts, shuts=False, work=work)
    if work is None and not first:
        return None
    on = (work[0] if work else begin) - int(rng.uniform(2, 6) * MINUTE)
    off = (work[1] if work else begin + HOUR) + int(rng.uniform(2, 20) * MINUTE)
    shuts = not host.laptop or rng.random() < 0.25
    tunnel = (work[0] if work else begin) + int(rng.uniform(2, 9) * MINUTE) if elsewhere(host, day) else 0
    return Plan(on, off, boots=first or patch_night(day - timedelta(days=1)), shuts=shuts, work=work, tunnel=tunnel)


def _open(rng: random.Random, start_of: int) -> Plan:
    """A kiosk's day: somebody switches it on, it logs on by itself, and it is switched off in the evening."""
    on = start_of + 7 * HOUR + int(rng.uniform(-10, 10) * MINUTE)
    off = start_of + 20 * HOUR + int(rng.uniform(-10, 10) * MINUTE)
    return Plan(on, off, boots=True, shuts=True, work=(on + 2 * MINUTE, off - 5 * MINUTE))


def elsewhere(host: Host, day: date) -> bool:
    """Whether a host is not in the house on that day, if it runs at all: some persons' laptops often, others' never."""
    if not host.laptop:
        return False
    person = random.Random(host.nature).betavariate(0.6, 0.6 * (1 - _ELSEWHERE) / _ELSEWHERE)
    return random.Random(host.nature ^ day.toordinal()).random() < person
