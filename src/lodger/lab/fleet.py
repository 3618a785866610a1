"""A whole fleet: draw hosts, software and a life, tell day after day, and keep the truth beside the records."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from lodger.errors import InputError
from lodger.lab import moving, ordinary
from lodger.lab.furnishing import furnish
from lodger.lab.lives import Scenario, duqu_variants
from lodger.lab.lives import life as life_of
from lodger.lab.machine import CONTROLLER, Machine
from lodger.lab.ordinary import Home, Resident
from lodger.lab.people import DAY, Plan, Work, draw_hosts, midnight, plan_day
from lodger.lab.programs import CATALOGUE
from lodger.lab.truth import Truth, truth_path, write_truth
from lodger.lab.zeek import Flow, Request, Wire

START: Final = date(2024, 4, 1)  # a Monday


def write_fleet(
    out: Path,
    *,
    seed: int,
    hosts: int,
    days: int,
    start: date = START,
    intruders: Sequence[Scenario] | None = None,
) -> Truth:
    """Write the records of ``hosts`` workstations over ``days`` days into the new folder ``out``, and return the truth.

    ``out`` gets ``hosts/<host>/events-<day>.jsonl`` (Sysmon, Security and System events) and
    ``zeek/<day>/<log>.log.gz``; the truth goes to ``<out>.truth.json`` beside it. ``intruders`` are the lives to be led
    in it; where none are said, one life of 2011's kind. The same arguments give the same bytes. One day is in memory at
    a time. Raises InputError where ``out`` holds anything already, or where a number is not positive.
    """
    _check(out, hosts, days)
    wire = Wire(random.Random(f"{seed}/wire"))
    people = draw_hosts(seed, hosts)
    homes, look_alikes = furnish(seed, days, people, wire)
    lives = _invite(seed, days, homes, duqu_variants()[:1] if intruders is None else intruders)
    events = rows = 0
    for number in range(days):
        day = start + timedelta(days=number)
        for home in homes:
            home.machine.days = number
            home.machine.rng = random.Random(f"{seed}/{home.machine.host.name}/{number}")
            plan = plan_day(home.machine.host, home.machine.rng, day, first=number == 0)
            if plan is not None:
                _tell(home, plan, [life for where, life in lives if where is home])
                events += _write_day(out, home.machine, day)
        _others(wire, seed, day, hosts)
        rows += wire.write(out / "zeek" / day.isoformat(), day.isoformat())
    truth = Truth(
        seed=seed,
        start=start.isoformat(),
        days=days,
        hosts=tuple(host.name for host in people),
        intruders=tuple(one for where, life in lives if (one := life_of.account(life, where.machine.host.name))),
        look_alikes=tuple(look_alikes),
        events=events,
        zeek_rows=rows,
    )
    write_truth(truth, truth_path(out))
    return truth


def _invite(seed: int, days: int, homes: list[Home], scenarios: Sequence[Scenario]) -> list[tuple[Home, life_of.Life]]:
    """Each life with its host: somebody who gets documents by mail, and no two lives on one while there are more."""
    rng = random.Random(f"{seed}/victim")
    likely = [home for home in homes if home.machine.host.work is Work.OFFICE] or homes
    free: list[Home] = []
    invited = []
    for number, scenario in enumerate(scenarios):
        free = free or list(likely)
        home = rng.choice(free)
        free.remove(home)
        _let_read_mail(home)
        invited.append((home, life_of.draw(seed, days, scenario, number)))
    return invited


def _let_read_mail(home: Home) -> None:
    """Outlook and Word are put there if chance has not."""
    there = {resident.program.path for resident in home.residents}
    home.residents += [
        Resident(p) for p in CATALOGUE if p.file in ("OUTLOOK.EXE", "WINWORD.EXE") and p.path not in there
    ]


def _check(out: Path, hosts: int, days: int) -> None:
    if hosts < 1 or days < 1:
        raise InputError(
            f"a fleet of {hosts} hosts over {days} days cannot be written", advice="give at least 1 of each"
        )
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InputError(f"{out} is not an empty folder", advice="name a folder that does not exist yet")


def _tell(home: Home, plan: Plan, lives: list[life_of.Life]) -> None:
    ordinary.morning(home, plan)
    moving.move(home, plan)
    ordinary.day(home, plan)
    for life in lives:
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
