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
from lodger.lab import ordinary
from lodger.lab.catalogue import CATALOGUE, HOUR, PROGRAMS, Contact, Program, Start, sites, tail, vendor
from lodger.lab.machine import CONTROLLER, Machine
from lodger.lab.ordinary import Home, Resident
from lodger.lab.people import DAY, Host, Plan, Work, draw_hosts, plan_day
from lodger.lab.zeek import Flow, Request, Wire

START: Final = date(2024, 4, 1)  # a Monday


@dataclass(frozen=True)
class LookAlike:
    """An ordinary program that shares some of an intruder's ways."""

    host: str
    program: str
    why: str


@dataclass(frozen=True)
class Truth:
    """What really happened in a synthetic fleet; for evaluation and tests only, never for analysis.

    Times are ISO 8601 UTC; ``departure`` is None where the records end before it. Without an intruder, ``intruder_host`` is
    "" and ``programs`` and ``destinations`` are empty. ``programs`` begins with the one that stays.
    """

    seed: int
    start: str
    days: int
    hosts: tuple[str, ...]
    intruder_host: str
    programs: tuple[str, ...]
    destinations: tuple[str, ...]
    arrival: str | None
    departure: str | None
    look_alikes: tuple[LookAlike, ...]
    events: int
    zeek_rows: int


def write_fleet(out: Path, *, seed: int, hosts: int, days: int, start: date = START, intruder: bool = True) -> Truth:
    """Write the records of ``hosts`` workstations over ``days`` days into the new folder ``out``, and return the truth.

    ``out`` gets ``hosts/<host>/events-<day>.jsonl`` (Sysmon, Security and System events) and ``zeek/<day>/<log>.log.gz``; the
    truth goes to ``<out>.truth.json`` beside it. The same arguments give the same bytes. A day is in memory at a time.
    Raises InputError where ``out`` holds anything already or a number is not positive.
    """
    _check(out, hosts, days)
    wire = Wire(random.Random(f"{seed}/wire"))
    people = draw_hosts(seed, hosts)
    homes, look_alikes = _furnish(seed, days, people, wire)
    victim = _victim(seed, homes)
    life = life_of.draw(seed, days) if intruder else None
    events = rows = 0
    for number in range(days):
        day = start + timedelta(days=number)
        midnight = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1_000_000
        for home in homes:
            home.machine.days = number
            home.machine.rng = random.Random(f"{seed}/{home.machine.host.name}/{number}")
            plan = plan_day(home.machine.host, home.machine.rng, day, midnight, first=number == 0)
            if plan is not None:
                _tell(home, plan, life if home is victim else None)
                events += _write_day(out, home.machine, day)
        _others(wire, seed, number, hosts, midnight)
        rows += wire.write(out / "zeek" / day.isoformat(), day.isoformat())
    truth = _truth(seed, start, days, people, victim, life, look_alikes, events, rows)
    out.with_name(out.name + ".truth.json").write_bytes(msgspec.json.format(msgspec.json.encode(asdict(truth)), indent=2) + b"\n")
    return truth


def _victim(seed: int, homes: list[Home]) -> Home:
    """Somebody who gets documents by mail; Outlook and Word are put there if chance has not."""
    home = random.Random(f"{seed}/victim").choice([h for h in homes if h.machine.host.work is Work.OFFICE] or homes)
    there = {resident.program.path for resident in home.residents}
    home.residents += [Resident(p) for p in CATALOGUE if p.file in ("OUTLOOK.EXE", "WINWORD.EXE") and p.path not in there]
    return home


def _check(out: Path, hosts: int, days: int) -> None:
    if hosts < 1 or days < 1:
        raise InputError(f"a fleet of {hosts} hosts over {days} days cannot be written", advice="give at least 1 of each")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InputError(f"{out} is not an empty folder", advice="name a folder that does not exist yet")


def _tell(home: Home, plan: Plan, life: life_of.Life | None) -> None:
    ordinary.live(home, plan)
    if life is not None:
        life_of.live(home, life, plan)
    if plan.work:
        ordinary.log_off(home, plan.work[1])


def _write_day(out: Path, machine: Machine, day: date) -> int:
    folder = out / "hosts" / machine.host.name
    folder.mkdir(parents=True, exist_ok=True)
    lines = machine.log.drain()
    with (folder / f"events-{day.isoformat()}.jsonl").open("wb") as file:
        file.writelines(line + b"\n" for line in lines)
    return len(lines)


def _furnish(seed: int, days: int, people: list[Host], wire: Wire) -> tuple[list[Home], list[LookAlike]]:
    """Which programs live where, and who visits what."""
    rng = random.Random(f"{seed}/software")
    residents: dict[str, list[Resident]] = {host.name: [] for host in people}
    for program in CATALOGUE:
        for host in people:
            if rng.random() < program.share:
                residents[host.name].append(Resident(program))
    for program, many in tail(rng, len(people)):
        for host in rng.sample(people, many):
            comes = rng.randrange(1, days) if days > 3 and rng.random() < 0.25 else -1
            residents[host.name].append(Resident(program, comes))
    look_alikes = _place_look_alikes(rng, days, people, residents)
    visited = sites(random.Random(f"{seed}/sites"))
    homes = []
    for host in people:
        mine = list(visited[16:])
        random.Random(f"{seed}/{host.name}/sites").shuffle(mine)
        machine = Machine(seed, host, wire, random.Random(f"{seed}/{host.name}"))
        homes.append(Home(machine, residents[host.name], (*visited[:16], *mine)))
    return homes, look_alikes


def _place_look_alikes(rng: random.Random, days: int, people: list[Host], residents: dict[str, list[Resident]]) -> list[LookAlike]:
    """Ordinary programs that a hasty eye would take for the intruder."""
    office = [h for h in people if h.work is Work.OFFICE] or people
    developer = next((h for h in people if h.work is Work.DEVELOPER), people[0])
    out = []
    company, domain = vendor(rng)
    niche = Program(
        f"{PROGRAMS}{company.split()[0]}\\Agent\\{company.split()[0].lower()}agent.exe", company, f"{company.split()[0]} Agent", "1.4.2",
        company, Start.SERVICE, contacts=(Contact((f"telemetry.{domain}",), HOUR, 0.03, 700, 300, http=True,
                                                  agent="AgentHTTP/1.4", uri="/beat", mime="text/plain"),),
    )
    host = rng.choice(office)
    residents[host.name].append(Resident(niche))
    out.append(LookAlike(host.name, niche.path, "one host in the fleet has it; signed by a rare signer; hourly plain HTTP"))
    company, domain = vendor(rng)
    trial = Program(
        f"{PROGRAMS}{company.split()[0]}\\Studio Trial\\studiotrial.exe", company, f"{company.split()[0]} Studio Trial", "12.0.1", company,
        Start.SERVICE, contacts=(Contact((f"license.{domain}",), 6 * HOUR, 0.2, 900, 1_500),),
    )
    host = rng.choice(office)
    comes = min(2, days // 10)
    residents[host.name].append(Resident(trial, comes, comes + min(30, max(1, round(days * 0.6)))))
    out.append(LookAlike(host.name, trial.path, "downloaded, installs a service, calls home, and removes itself after a month"))
    tool = Program(
        f"C:\\Users\\{developer.user}\\source\\repos\\syncbot\\x64\\Release\\syncbot.exe", "", "syncbot", "0.1.0", None, Start.LOGON,
        contacts=(Contact(("api.syncbot.example",), 0.5 * HOUR, 0.1, 40_000, 2_000, http=True, agent="syncbot/0.1",
                          uri="/v1/push", mime="application/json"),), user="person",
    )
    residents[developer.name].append(Resident(tool, min(1, days - 1), how="build"))
    out.append(LookAlike(developer.name, tool.path, "unsigned, built on the host, autostart entry, uploads every half hour"))
    return out


def _others(wire: Wire, seed: int, number: int, hosts: int, midnight: int) -> None:
    """Devices without a sensor of their own (printers, telephones): time service, and a maker's cloud now and then."""
    for device in range(1 + hosts // 4):
        rng = random.Random(f"{seed}/device {device}/{number}")
        source = f"10.20.254.{10 + device % 200}"
        for hour in range(0, 24, 2):
            time = midnight + int((hour + rng.random()) * 3_600) * 1_000_000
            wire.flow(Flow(time, (source, rng.randrange(49_152, 65_535)), (CONTROLLER, 123), 48, 48, 0.002, "udp"), "ntp")
        time = midnight + rng.randrange(DAY - 60_000_000)
        flow = Flow(time, (source, rng.randrange(49_152, 65_535)), ("192.0.2.7", 80), 0, 900, 0.4)
        wire.http(flow, Request("cloud.printwell.example", "/status", "PrintwellDevice/2.2", got="application/xml"))


def _iso(time: int) -> str | None:
    return datetime.fromtimestamp(time / 1e6, UTC).isoformat(timespec="seconds") if time else None


def _truth(seed: int, start: date, days: int, people: list[Host], victim: Home, life: life_of.Life | None,
           look_alikes: list[LookAlike], events: int, rows: int) -> Truth:
    there = life is not None and life.arrived_at > 0
    return Truth(
        seed, start.isoformat(), days, tuple(host.name for host in people),
        victim.machine.host.name if there else "",
        (life.program.path, life.driver.path) if life and there else (),
        tuple(dict.fromkeys((life.server, life.address))) if life and there else (),
        _iso(life.arrived_at) if life else None, _iso(life.left_at) if life else None,
        tuple(look_alikes), events, rows,
    )
