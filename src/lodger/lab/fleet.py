"""A whole fleet: draw hosts, software and a life, tell day after day, and keep the truth beside the records."""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from lodger.errors import InputError
from lodger.lab import life as life_of
from lodger.lab import moving, ordinary
from lodger.lab.furnishing import LookAlike, furnish
from lodger.lab.machine import CONTROLLER, Machine
from lodger.lab.ordinary import Home, Resident
from lodger.lab.people import DAY, Host, Plan, Work, draw_hosts, midnight, plan_day
from lodger.lab.programs import CATALOGUE
from lodger.lab.zeek import Flow, Request, Wire

START: Final = date(2024, 4, 1)  # a Monday


@dataclass(frozen=True)
class Intruder:
    """The one life that is not ordinary. Times are ISO 8601 UTC; ``departure`` is None where the records end before it.

    ``program`` is what stays and talks; ``driver`` and ``installer`` came with it. ``destinations`` are the name, where
    it uses one, and the address.
    """

    host: str
    program: str
    driver: str
    installer: str
    signer: str
    destinations: tuple[str, ...]
    arrival: str | None
    departure: str | None


@dataclass(frozen=True)
class Truth:
    """What really happened in a synthetic fleet; for evaluation and tests only, never for analysis.

    ``intruder`` is None where none was asked for, or where nobody was there to open its document. ``events`` counts
    Windows events, ``zeek_rows`` rows of all Zeek logs.
    """

    seed: int
    start: str
    days: int
    hosts: tuple[str, ...]
    intruder: Intruder | None
    look_alikes: tuple[LookAlike, ...]
    events: int
    zeek_rows: int


def write_fleet(out: Path, *, seed: int, hosts: int, days: int, start: date = START, intruder: bool = True) -> Truth:
    """Write the records of ``hosts`` workstations over ``days`` days into the new folder ``out``, and return the truth.

    ``out`` gets ``hosts/<host>/events-<day>.jsonl`` (Sysmon, Security and System events) and
    ``zeek/<day>/<log>.log.gz``; the truth goes to ``<out>.truth.json`` beside it. The same arguments give the same
    bytes. One day is in memory at a time. Raises InputError where ``out`` holds anything already, or where a number is
    not positive.
    """
    _check(out, hosts, days)
    wire = Wire(random.Random(f"{seed}/wire"))
    people = draw_hosts(seed, hosts)
    homes, look_alikes = furnish(seed, days, people, wire)
    victim = _victim(seed, homes)
    life = life_of.draw(seed, days) if intruder else None
    events = rows = 0
    for number in range(days):
        day = start + timedelta(days=number)
        for home in homes:
            home.machine.days = number
            home.machine.rng = random.Random(f"{seed}/{home.machine.host.name}/{number}")
            plan = plan_day(home.machine.host, home.machine.rng, day, first=number == 0)
            if plan is not None:
                _tell(home, plan, life if home is victim else None)
                events += _write_day(out, home.machine, day)
        _others(wire, seed, day, hosts)
        rows += wire.write(out / "zeek" / day.isoformat(), day.isoformat())
    truth = Truth(
        seed=seed,
        start=start.isoformat(),
        days=days,
        hosts=tuple(host.name for host in people),
        intruder=_intruder(victim.machine.host, life) if life is not None and life.arrived_at else None,
        look_alikes=tuple(look_alikes),
        events=events,
        zeek_rows=rows,
    )
    text = msgspec.json.format(msgspec.json.encode(asdict(truth)), indent=2)
    out.with_name(out.name + ".truth.json").write_bytes(text + b"\n")
    return truth


def _victim(seed: int, homes: list[Home]) -> Home:
    """Somebody who gets documents by mail; Outlook and Word are put there if chance has not."""
    home = random.Random(f"{seed}/victim").choice([h for h in homes if h.machine.host.work is Work.OFFICE] or homes)
    there = {resident.program.path for resident in home.residents}
    home.residents += [
        Resident(p) for p in CATALOGUE if p.file in ("OUTLOOK.EXE", "WINWORD.EXE") and p.path not in there
    ]
    return home


def _intruder(host: Host, life: life_of.Life) -> Intruder:
    return Intruder(
        host=host.name,
        program=life.program.path,
        driver=life.driver.path,
        installer=life.installer,
        signer=life.program.company,
        destinations=tuple(dict.fromkeys((life.server, life.address))),
        arrival=_iso(life.arrived_at),
        departure=_iso(life.left_at),
    )


def _check(out: Path, hosts: int, days: int) -> None:
    if hosts < 1 or days < 1:
        raise InputError(
            f"a fleet of {hosts} hosts over {days} days cannot be written", advice="give at least 1 of each"
        )
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InputError(f"{out} is not an empty folder", advice="name a folder that does not exist yet")


def _tell(home: Home, plan: Plan, life: life_of.Life | None) -> None:
    ordinary.morning(home, plan)
    moving.move(home, plan)
    ordinary.day(home, plan)
    if life is not None:
        life_of.live(home, life, plan)
    ordinary.evening(home, plan)


def _write_day(out: Path, machine: Machine, day: date) -> int:
    folder = out / "hosts" / machine.host.name
    folder.mkdir(parents=True, exist_ok=True)
    lines = machine.log.drain()
    with (folder / f"events-{day.isoformat()}.jsonl").open("wb") as file:
        file.writelines(line + b"\n" for line in lines)
    return len(lines)


def _others(wire: Wire, seed: int, day: date, hosts: int) -> None:
    """Devices without a sensor of their own (printers, telephones): the time, and their maker's cloud once a day."""
    for device in range(1 + hosts // 4):
        rng = random.Random(f"{seed}/device {device}/{day}")
        address = f"10.20.254.{10 + device % 200}"
        for hour in range(0, 24, 2):
            time = midnight(day) + int((hour + rng.random()) * 3_600) * 1_000_000
            here = (address, rng.randrange(49_152, 65_535))
            wire.flow(Flow(time, here, (CONTROLLER, 123), 48, 48, 0.002, "udp"), "ntp")
        time = midnight(day) + rng.randrange(DAY - 60_000_000)
        flow = Flow(time, (address, rng.randrange(49_152, 65_535)), ("192.0.2.7", 80), 0, 900, 0.4)
        wire.http(flow, Request("cloud.printwell.example", "/status", "PrintwellDevice/2.2", got="application/xml"))


def _iso(time: int) -> str | None:
    return datetime.fromtimestamp(time / 1e6, UTC).isoformat(timespec="seconds") if time else None
