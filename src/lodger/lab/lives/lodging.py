"""One intruder's life on one host, told day by day after the host's ordinary day, which it does not change."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from lodger.lab.lives.cast import Berth, Life
from lodger.lab.machine import Machine
from lodger.lab.pki import code_certificate
from lodger.lab.sysmon import Image, Process
from lodger.lab.truth import Intruder, Residence, Revocation


class Stayed(NamedTuple):
    """What came of a life on one host: times in microseconds since 1970, 0 where it did not come or did not leave."""

    host: str
    arrived_at: int
    left_at: int
    programs: tuple[str, ...]  # paths, first what stays and talks
    touched: tuple[str, ...]


@dataclass
class Lodging:
    """A life at one of its berths, as far as it has been told."""

    life: Life
    berth: Berth
    program: Image
    neighbour: Machine | None  # through whom it talks
    files: list[str] = field(default_factory=list)  # paths that are its own, besides the program's
    touched: list[str] = field(default_factory=list)
    arrived_at: int = 0
    left_at: int = 0
    process: Process | None = None
    due: int = 0
    asked: dict[str, int] = field(default_factory=dict)  # when each server's name was last looked up

    @property
    def there(self) -> bool:
        """Whether it has come and not left."""
        return self.arrived_at > 0 and not self.left_at

    def draws(self, day: int) -> random.Random:
        """What decides one day of it, whoever else lives on the host."""
        return random.Random(f"{self.life.mark}/{self.berth.host}/{day}")

    def heard(self) -> bool:
        """Whether whom it talks through was there when its last day ended."""
        return self.neighbour is not None and self.program.hashes in {
            process.image.hashes for process in self.neighbour.running.values()
        }

    def touch(self, *processes: Process) -> None:
        """It works through these programs of others."""
        self.touched += [process.image.path for process in processes if process.image.path not in self.touched]

    def told(self) -> Stayed:
        """What came of it, to be handed from one process to another.

        Where the host's own sensor is silent, only the wire tells of its calls: what it is called there is its own or,
        in TLS, what it shares with the host's other programs.
        """
        programs, touched = [self.program.path, *self.files], list(self.touched)
        if self.neighbour is None:
            (programs if " agent " in self.life.client else touched).append(self.life.client)
        return Stayed(self.berth.host, self.arrived_at, self.left_at, tuple(dict.fromkeys(programs)), tuple(touched))


def lodgings(lives: Sequence[Life], machine: Machine, machines: Sequence[Machine]) -> list[tuple[int, Lodging]]:
    """The lives that come to this one of the fleet's machines, each with its number among all."""
    names = {other.host.name: other for other in machines}
    return [
        (number, Lodging(life, berth, at_home(life.program, machine), names.get(berth.relay)))
        for number, life in enumerate(lives)
        for berth in life.berths
        if berth.host == machine.host.name
    ]


def at_home(image: Image, machine: Machine) -> Image:
    """The file in the folder of the host's person, where it lies in one."""
    return replace(image, path=image.path.replace("{user}", machine.host.user))


def account(life: Life, stays: Iterable[Stayed], start: date) -> Intruder | None:
    """What the truth says of a life; None where it came to no host."""
    came = sorted((stay for stay in stays if stay.arrived_at), key=lambda stay: stay.arrived_at)
    if not came:
        return None
    gone = None if any(not stay.left_at for stay in came) else max(stay.left_at for stay in came)
    places = [place for server in life.servers for place in server if place]
    relays = [berth.relay for berth in life.berths if berth.relay]
    return Intruder(
        name=life.scenario.name,
        family=life.scenario.family,
        traits=life.scenario.traits(),
        evasive=life.scenario.evasive,
        hosts=tuple(stay.host for stay in came),
        programs=tuple(Residence(stay.host, path) for stay in came for path in stay.programs),
        signer=life.signer,
        destinations=tuple(dict.fromkeys((*places, *relays))),
        arrival=iso(came[0].arrived_at),
        departure=iso(gone) if gone else None,
        touched=tuple(Residence(stay.host, path) for stay in came for path in stay.touched),
        revocation=_revocation(life, start),
    )


def _revocation(life: Life, start: date) -> Revocation | None:
    if life.revoked is None:
        return None
    stolen = start + timedelta(days=min(berth.arrives for berth in life.berths) - 30)
    known, shown = start + timedelta(days=life.revoked), code_certificate(life.signer, life.signed_as)
    return Revocation(life.signer, stolen.isoformat(), known.isoformat(), shown.serial, shown.issuer_name)


def iso(time: int) -> str:
    """Microseconds since 1970 as ISO 8601 in UTC."""
    return datetime.fromtimestamp(time / 1e6, UTC).isoformat(timespec="seconds")
