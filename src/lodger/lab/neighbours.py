"""Who calls whom in the house over SMB, drawn in advance so that both hosts' tellers know.

Most of what Windows hosts say to each other over SMB goes to servers, and a third to a half of the messages are to
named pipes (Pang and others, "A first look at modern enterprise traffic", IMC 2005, table on CIFS commands). Between
workstations there are printers and folders that people share, a team's database, and what administrators do. How many
there are is estimated: no source gives it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Final, NamedTuple
from zlib import crc32

from lodger.lab.lookalikes import PEOPLE
from lodger.lab.ordinary import Resident
from lodger.lab.people import HOUR, MINUTE, Host, Plan, Work
from lodger.lab.served import CONSOLE

_PRINTERS: Final = 0.15  # how many of the desktops share a printer
_FOLDERS: Final = {Work.ENGINEER: 0.3, Work.DEVELOPER: 0.1, Work.OFFICE: 0.08}  # or a folder
_SCANS: Final = 0.55  # on how many days a network inventory walks
_ROLLS: Final = 1 / 12  # how likely a package is rolled out on a day
_STEP: Final = 1_100_000  # from one address to the next


class Errand(Enum):
    """What a call is for."""

    PRINT = "a job for a shared printer"
    FILES = "files of a shared folder"
    QUERY = "a team's database"
    INVENTORY = "a network inventory"
    DEPLOY = "a package is rolled out"
    MANAGE = "an administrator looks"
    REMOTE = "an administrator runs something"
    BACKUP = "a server's files are fetched"


class Visit(NamedTuple):
    """One call; ``port`` is the caller's, ``draw`` decides what both ends tell of it."""

    time: int
    errand: Errand
    caller: str
    host: str
    port: int
    draw: int


_Plans = Callable[[str], Plan | None]  # a host's day, by its name
_Drawn = tuple[int, Errand, str, str]  # when, what for, by whom, where


class _Tie(NamedTuple):
    errand: Errand
    callers: tuple[str, ...]
    host: str
    mean: float  # calls a day


class Neighbours:
    """The calls of a fleet; ``residents`` are the programs of its hosts."""

    def __init__(
        self, seed: int, days: int, people: Sequence[Host], residents: Mapping[str, Sequence[Resident]]
    ) -> None:
        self._seed, self._people = seed, people
        self._names = [host.name for host in people]
        self._servers = [host.name for host in people if host.work is Work.SERVER]
        self._admins = [host.name for host in people if host.work is Work.ADMIN]
        self._managed = [host.name for host in people if host.work is not Work.KIOSK]
        rng = random.Random(f"{seed}/neighbours")
        has = {name: {r.program.file for r in found if r.come} for name, found in residents.items()}
        self._scanners = [name for name in self._names if "stkprobe.exe" in has[name]]
        self._consoles = [name for name in self._names if CONSOLE.file in has[name]]
        self._rolls = [day for day in range(days) if rng.random() < _ROLLS]
        databases = {name for name, found in residents.items() if any(r.program.pipe for r in found if r.come)}
        self._ties = list(self._tied(rng, databases))

    def _tied(self, rng: random.Random, databases: set[str]) -> Iterator[_Tie]:
        """Who has a neighbour's printer, folder or database."""
        callers = [host.name for host in self._people if host.work in PEOPLE]
        for host in self._people:
            others = [name for name in callers if name != host.name]
            if not others:
                return
            shared = [
                (Errand.PRINT, host.work is Work.OFFICE and not host.laptop, _PRINTERS, 4, 2.0),
                (Errand.FILES, not host.laptop, _FOLDERS.get(host.work, 0.0), 4, 5.0),
                (Errand.QUERY, host.name in databases, 1.0, 3, 14.0),
            ]
            for errand, may, chance, most, mean in shared:
                if may and rng.random() < chance:
                    some = rng.sample(others, min(len(others), rng.randrange(1, most + 1)))
                    yield _Tie(errand, tuple(some), host.name, mean)

    def of(self, number: int, plan: _Plans, addresses: Mapping[str, str], midnight: int) -> list[Visit]:
        """The calls of the fleet's day ``number``: ``plan`` tells a host's day, ``addresses`` are today's."""
        rng = random.Random(f"{self._seed}/neighbours/{number}")
        found = [
            *self._of_ties(rng, plan),
            *self._of_admins(rng, plan),
            *self._of_rolls(rng, number, plan),
            *self._of_backups(rng, plan, midnight),
            *self._of_scans(rng, plan, addresses),
        ]
        return [
            Visit(time, errand, caller, host, 49_152 + rng.randrange(16_384), rng.getrandbits(40))
            for time, errand, caller, host in found
        ]

    def _of_ties(self, rng: random.Random, plan: _Plans) -> Iterator[_Drawn]:
        for errand, callers, host, mean in self._ties:
            for caller in callers:
                span = _both(plan(caller), plan(host), person=True)
                if span is None:
                    continue
                for _ in range(int(rng.expovariate(1 / mean))):
                    yield int(rng.uniform(*span)), errand, caller, host

    def _of_admins(self, rng: random.Random, plan: _Plans) -> Iterator[_Drawn]:
        for caller in self._admins:
            for host in rng.sample(self._managed, min(len(self._managed), rng.randrange(4))):
                span, draw = _both(plan(caller), plan(host), person=True), rng.random()
                if span and host != caller:
                    yield int(rng.uniform(*span)), Errand.REMOTE if draw < 0.15 else Errand.MANAGE, caller, host

    def _of_rolls(self, rng: random.Random, number: int, plan: _Plans) -> Iterator[_Drawn]:
        """A package reaches a host on its day, or some days later."""
        for roll in (roll for roll in self._rolls if number - 5 < roll <= number):
            for caller in self._consoles:
                for host in self._managed:
                    late = crc32(f"{self._seed} {roll} {host}".encode()) % 8 // 2  # 0 to 3 days
                    span = _both(plan(caller), plan(host)) if roll + late == number and host != caller else None
                    if span:
                        yield int(rng.uniform(*span)), Errand.DEPLOY, caller, host

    def _of_backups(self, rng: random.Random, plan: _Plans, midnight: int) -> Iterator[_Drawn]:
        """In the night, one server fetches the others' files."""
        for nth, host in enumerate(self._servers[1:]):
            time = midnight + HOUR + HOUR // 2 + nth * 4 * MINUTE + rng.randrange(MINUTE)
            span = _both(plan(self._servers[0]), plan(host))
            if span and span[0] <= time < span[1]:
                yield time, Errand.BACKUP, self._servers[0], host

    def _of_scans(self, rng: random.Random, plan: _Plans, addresses: Mapping[str, str]) -> Iterator[_Drawn]:
        """An inventory walks its own net, address by address."""
        for caller in self._scanners:
            mine, draw = plan(caller), rng.random()
            if mine is None or draw > _SCANS or mine.off - max(mine.on, mine.tunnel) < HOUR:
                continue
            begin = int(rng.uniform(max(mine.on, mine.tunnel) + 8 * MINUTE, mine.off - 30 * MINUTE))
            yield begin, Errand.INVENTORY, caller, caller  # from here on it walks
            net = addresses[caller].rpartition(".")[0] + "."
            for host, address in addresses.items():
                if not address.startswith(net) or host == caller:
                    continue
                time, its = begin + int(address.rpartition(".")[2]) * _STEP, plan(host)
                if its is not None and max(its.on, its.tunnel) + 2 * MINUTE < time < its.off - MINUTE:
                    yield time, Errand.INVENTORY, caller, host


def _both(caller: Plan | None, host: Plan | None, *, person: bool = False) -> tuple[int, int] | None:
    """When both are there, or None where that is not for long; ``person``: and somebody works at the caller."""
    if caller is None or host is None or (person and caller.work is None):
        return None
    begin, end = max(caller.on, host.on, caller.tunnel, host.tunnel), min(caller.off, host.off)
    if person and caller.work:
        begin, end = max(begin, caller.work[0]), min(end, caller.work[1])
    begin, end = begin + 8 * MINUTE, end - 12 * MINUTE
    return (begin, end) if end > begin + 10 * MINUTE else None
