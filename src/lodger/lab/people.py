"""Hosts, the people at them, and their days.

A desk job's day is taken as nine hours from about half past eight, with a spread of half an hour (estimated). Many
office machines are left on at night (Webber and others, "After-hours power status of office equipment in the USA",
Energy 31, 2006); here it is a third.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

MINUTE: Final = 60_000_000
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
DOMAIN: Final = "fairholt.example"
NETBIOS: Final = "FAIRHOLT"

#: How likely a person comes, from Monday to Sunday: leave and illness take some days, and some Saturdays are worked.
_PRESENCE: Final = (0.94, 0.94, 0.94, 0.94, 0.92, 0.04, 0.0)

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
    """What a person does for a living, as far as the machine shows it."""

    OFFICE = "office"
    DEVELOPER = "developer"
    ADMIN = "admin"


@dataclass(frozen=True)
class Host:
    """One workstation and its person."""

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

    @property
    def fqdn(self) -> str:
        """The name as Windows events give it."""
        return f"{self.name}.{DOMAIN}"


@dataclass(frozen=True)
class Plan:
    """A host's day in microseconds since 1970: powered from ``on`` to ``off``; ``work`` is when the person is there."""

    on: int
    off: int
    boots: bool
    shuts: bool
    work: tuple[int, int] | None


def draw_hosts(seed: int, count: int) -> list[Host]:
    """The fleet's workstations: one administrator, one developer in six (at least one), the others office work."""
    rng = random.Random(f"{seed}/hosts")
    works = [Work.ADMIN] * (count > 2) + [Work.DEVELOPER] * max(count > 1, count // 6)
    works += [Work.OFFICE] * (count - len(works))
    rng.shuffle(works)
    return [_host(rng, number, work) for number, work in enumerate(works)]


def _host(rng: random.Random, number: int, work: Work) -> Host:
    given, family = rng.choice(_GIVEN), rng.choice(_FAMILY)
    return Host(
        name=f"WS{number + 101:04}",
        ip=f"10.20.{number // 200}.{20 + number % 200}",
        mac=":".join(
            f"{part:02x}" for part in (0x02, *(rng.randrange(256) for _ in range(3)), number >> 8, number & 255)
        ),
        user=f"{given}.{family}{number if rng.random() < 0.1 else ''}",
        sid=f"S-1-5-21-1939123204-1418869057-2368897034-{1100 + number}",
        work=work,
        always_on=rng.random() < 0.35,
        audited=rng.random() < 0.25,
        starts=min(11.0, max(6.5, rng.gauss(8.4, 0.7))),
        keenness=rng.lognormvariate(0.0, 0.35),
    )


def midnight(day: date) -> int:
    """The first microsecond of a UTC day."""
    return (day.toordinal() - date(1970, 1, 1).toordinal()) * DAY


def plan_day(host: Host, rng: random.Random, day: date, *, first: bool) -> Plan | None:
    """What happens on ``day``; None where the host stays off.

    ``first`` is the day on which the sensors came: all hosts boot on it, as a roll-out ends with a restart.
    """
    start_of = midnight(day)
    works = rng.random() < _PRESENCE[day.weekday()]
    begin = start_of + int(host.starts * HOUR + rng.gauss(0, 0.3) * HOUR)
    begin = min(max(begin, start_of + 5 * HOUR), start_of + 12 * HOUR)
    end = min(begin + int(rng.gauss(9.0, 0.6) * HOUR), start_of + 23 * HOUR)
    work = (begin, max(end, begin + 4 * HOUR)) if works else None
    if host.always_on:
        patch = 7 < day.day < 15 and day.weekday() == 2  # the night after the second Tuesday
        on = start_of + (3 * HOUR + 5 * MINUTE if patch or first else 0)
        return Plan(on, start_of + DAY - 2 * MINUTE, patch or first, shuts=False, work=work)
    if work is None and not first:
        return None
    on = (work[0] if work else begin) - int(rng.uniform(2, 6) * MINUTE)
    off = (work[1] if work else begin + HOUR) + int(rng.uniform(2, 20) * MINUTE)
    return Plan(on, off, boots=True, shuts=True, work=work)
