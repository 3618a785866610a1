"""A whole fleet: draw hosts, software and lives, tell day after day, and keep the truth beside the records.

What a host does on a day follows from the seed, the host, the day and what the host did before; what several hosts have
to do with each other is drawn in advance. So any number of processes may tell some of the hosts each.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from lodger.errors import InputError
from lodger.lab import event_xml, moving, ordinary
from lodger.lab.addresses import Addresses
from lodger.lab.crew import Crew
from lodger.lab.furnishing import furnish
from lodger.lab.gaps import outages, silent_days
from lodger.lab.inventory import collected, collects, path_of
from lodger.lab.lives import (
    Life,
    Lodging,
    Scenario,
    Stayed,
    account,
    blind,
    cast,
    duqu_variants,
    live,
    lodgings,
    prepare,
)
from lodger.lab.machine import CONTROLLER, Machine
from lodger.lab.neighbours import Neighbours, Visit
from lodger.lab.ordinary import Home
from lodger.lab.people import DAY, Host, Plan, draw_hosts, midnight, plan_day
from lodger.lab.pki import revocation_list
from lodger.lab.spool import Spool, packed
from lodger.lab.sysmon import Span
from lodger.lab.truth import LookAlike, Truth, revocations_path, truth_path, write_truth
from lodger.lab.visiting import visit_all
from lodger.lab.zeek import Flow, Request, Wire

START: Final = date(2024, 4, 1)  # a Monday
_ROWS: Final = 200_000  # of the wire that a process holds before they go into parts


@dataclass(frozen=True)
class Order:
    """What is to be written, and by how many."""

    out: Path
    scratch: Path
    seed: int
    hosts: int
    days: int
    start: date
    intruders: Sequence[Scenario]
    packed: bool
    xml: bool
    tellers: int

    def day(self, number: int) -> date:
        """The fleet's day with this number, from 0 on."""
        return self.start + timedelta(days=number)


def write_fleet(
    out: Path,
    *,
    seed: int,
    hosts: int,
    days: int,
    start: date = START,
    intruders: Sequence[Scenario] | None = None,
    packed: bool = False,
    xml: bool = False,
    processes: int = 1,
) -> Truth:
    """Write the records of ``hosts`` hosts over ``days`` days into the new folder ``out``, and return the truth.

    ``out`` gets ``hosts/<host>/events-<day>.jsonl`` (Sysmon, Security and System events; ``xml``: as
    `lodger.lab.event_xml` tells them, with ``.xml`` instead; ``packed``: with gzip, and ``.gz`` to the name),
    ``zeek/<day>/<log>.log.gz`` and ``zeek/<day>/extract_files``; the truth goes to ``<out>.truth.json`` beside it, and
    a list of revoked certificates to ``<out>.crl``.
    ``collections`` has, of some hosts and days, what ran there and who signed it (`lodger.lab.inventory`).
    ``intruders`` are the lives to be led in it; where none are said, one life of 2011's kind. The same arguments give
    the same bytes, whatever the number of ``processes``; a script that wants more than one must guard its main part, as
    `multiprocessing` says. Some hours of the wire are in memory at a time. Raises InputError where ``out`` holds
    anything already, or where a number is not positive, and OSError where it cannot be written.
    """
    _check(out, hosts, days, processes)
    out.mkdir(parents=True, exist_ok=True)
    tellers = min(processes, hosts)
    with TemporaryDirectory(prefix="parts-", dir=out) as scratch:
        lives = tuple(duqu_variants()[:1] if intruders is None else intruders)
        order = Order(out, Path(scratch), seed, hosts, days, start, lives, packed, xml, tellers)
        with Crew(partial(Teller, order), tellers) as crew:
            events, rows = _day_by_day(crew, days)
            led = [crew.ask(number, Teller.stays) for number in range(tellers)]
            stays = [stay for told in led for stay in told.result()]
    people, look_alikes = _ordinary(seed, hosts, days, start)
    drawn = enumerate(cast(seed, days, draw_hosts(seed, hosts), lives))
    told = (account(life, (stay for of, stay in stays if of == number), start) for number, life in drawn)
    truth = Truth(
        seed=seed,
        start=start.isoformat(),
        days=days,
        hosts=people,
        intruders=tuple(one for one in told if one is not None),
        look_alikes=look_alikes,
        events=events,
        zeek_rows=rows,
    )
    write_truth(truth, truth_path(out))
    revoked = {
        (look.server, date.fromisoformat(look.revocation.known))
        for look in look_alikes
        if look.revocation is not None and look.server
    }
    if revoked:
        revocations_path(out).write_bytes(revocation_list(seed, revoked))
    return truth


def _day_by_day(crew: Crew[Teller], days: int) -> tuple[int, int]:
    """Let all tell the days, and one write each, while the others go on; returns how many events and rows there are."""
    told: list[Future[int]] = []
    written: list[Future[int]] = []
    events = 0
    for number in range(days + 1):
        before = told
        told = [crew.ask(each, partial(Teller.tell, number=number)) for each in range(len(crew)) if number < days]
        events += sum(part.result() for part in before)
        if number:
            written.append(crew.ask((number - 1) % len(crew), partial(Teller.write, number=number - 1)))
    return events, sum(part.result() for part in written)


class Teller:
    """Tells some of the hosts: of as many as there are tellers, every one that its number comes to."""

    def __init__(self, order: Order, number: int) -> None:
        self._order, self._number = order, number
        self._spool = Spool(order.scratch, order.hosts)
        self._wire = Wire(random.Random())
        people = draw_hosts(order.seed, order.hosts)
        self._homes, _ = furnish(order.seed, order.days, people, self._wire, order.start)
        self._addresses = Addresses(order.seed, people)
        residents = {home.machine.host.name: home.residents for home in self._homes}
        self._neighbours = Neighbours(order.seed, order.days, people, residents)
        self._databases = {name: r.program for name, found in residents.items() for r in found if r.program.pipe}
        self._outages = outages(order.seed, order.days)
        lives, machines = cast(order.seed, order.days, people, order.intruders), [home.machine for home in self._homes]
        self._mine = list(_share(self._homes, lives, number, order.tellers))
        self._lodgings = {home.machine.host.name: lodgings(lives, home.machine, machines) for home in self._mine}
        self._dark = {home.machine.host.name: self._let_in(home) for home in self._mine}

    def tell(self, number: int) -> int:
        """Tell a day of the own hosts, and of devices; returns how many events they have logged."""
        events, day = 0, self._order.day(number)
        self._readdress(number, day)
        dark = tuple((midnight(day) + since, midnight(day) + until) for since, until in self._outages.get(number, ()))
        for home in self._mine:
            self._wake(home.machine, number, day)
        hosts = {home.machine.host.name: home.machine.host for home in self._homes}
        visits = self._visits(number, day, hosts)
        for home in self._mine:
            events += self._tell_host(home, number, dark, visits, hosts)
            if len(self._wire.rows["conn"]) > _ROWS:
                self._put(day)
        for device in range(self._number, 1 + self._order.hosts // 4, self._order.tellers):
            _device(self._wire, self._order.seed, day, device, dark)
        self._put(day)
        return events

    def write(self, number: int) -> int:
        """Write the wire's logs of a day that all have told; returns how many rows they have."""
        day = self._order.day(number).isoformat()
        return self._spool.write(self._order.out / "zeek" / day, day, self._order.tellers)

    def stays(self) -> list[tuple[int, Stayed]]:
        """What came of the lives on own hosts, with the number of each."""
        return [(number, lodging.told()) for known in self._lodgings.values() for number, lodging in known]

    def _let_in(self, home: Home) -> tuple[Span, ...]:
        """Make the host ready for the lives that come to it; returns when the wire's sensor misses it."""
        mine = [lodging for _, lodging in self._lodgings[home.machine.host.name]]
        for lodging in mine:
            prepare(home, lodging)
        return blind(home.machine, mine)

    def _readdress(self, number: int, day: date) -> None:
        for home, address in zip(self._homes, self._addresses.of(number, day), strict=True):
            if home.machine.host.ip != address:
                home.machine.host = replace(home.machine.host, ip=address)

    def _wake(self, machine: Machine, number: int, day: date) -> None:
        """What the host's day will be, before anybody's is told."""
        name, seed = machine.host.name, self._order.seed
        machine.days, machine.rng = number, random.Random(f"{seed}/{name}/{number}")
        machine.today = plan_day(machine.host, machine.rng, day, first=number == 0)
        machine.inbox.clear()
        silent = number in silent_days(seed, name, self._order.days)
        machine.log.deaf = ((midnight(day), midnight(day) + DAY),) if silent else ()

    def _visits(self, number: int, day: date, hosts: Mapping[str, Host]) -> Mapping[str, list[Visit]]:
        """Today's ordinary calls from host to host over SMB, for each of both ends."""
        plans: dict[str, Plan | None] = {home.machine.host.name: home.machine.today for home in self._mine}

        def plan(name: str) -> Plan | None:
            if name not in plans:
                rng = random.Random(f"{self._order.seed}/{name}/{number}")
                plans[name] = plan_day(hosts[name], rng, day, first=number == 0)
            return plans[name]

        addresses = {name: host.ip for name, host in hosts.items()}
        found: dict[str, list[Visit]] = defaultdict(list)
        for visit in self._neighbours.of(number, plan, addresses, midnight(day)):
            for name in {visit.caller, visit.host}:
                found[name].append(visit)
        return found

    def _tell_host(
        self,
        home: Home,
        number: int,
        dark: tuple[Span, ...],
        visits: Mapping[str, list[Visit]],
        hosts: Mapping[str, Host],
    ) -> int:
        machine, seed, day = home.machine, self._order.seed, self._order.day(number)
        name, plan = machine.host.name, machine.today
        if plan is None:
            return 0
        plan = replace(plan, boots=plan.boots or not machine.up)
        dark += self._dark[name]
        unseen = ((midnight(day), plan.tunnel), *dark) if plan.tunnel else dark
        self._wire.begin(random.Random(f"{seed}/{name}/{number}/wire"), unseen)
        mine = [lodging for _, lodging in self._lodgings[name]]
        ordinary.morning(home, plan)
        moving.move(home, plan)
        ordinary.day(home, plan)
        visit_all(home, visits.get(name, []), hosts, self._databases)
        for lodging in mine:
            live(home, lodging, plan)
        ordinary.evening(home, plan)
        if collects(machine.host, number, self._order.days):
            _collect(self._order, home, day, mine)
        return _write_events(self._order, name, day, machine.log.drain())

    def _put(self, day: date) -> None:
        folder = self._order.out / "zeek" / day.isoformat()
        self._spool.put(day.isoformat(), midnight(day) // 1_000_000, self._number, self._wire.rows)
        for name, body in self._wire.carved.items():
            (folder / "extract_files").mkdir(parents=True, exist_ok=True)
            (folder / "extract_files" / name).write_bytes(body)
        self._wire.carved.clear()


def _ordinary(seed: int, hosts: int, days: int, start: date) -> tuple[tuple[str, ...], tuple[LookAlike, ...]]:
    """The hosts' names, and the look-alikes on them."""
    people = draw_hosts(seed, hosts)
    _, look_alikes = furnish(seed, days, people, Wire(random.Random()), start)
    return tuple(host.name for host in people), tuple(look_alikes)


def _check(out: Path, hosts: int, days: int, processes: int) -> None:
    if hosts < 1 or days < 1 or processes < 1:
        raise InputError(
            f"a fleet of {hosts} hosts over {days} days cannot be written by {processes} processes",
            advice="give at least 1 of each",
        )
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InputError(f"{out} is not an empty folder", advice="name a folder that does not exist yet")


def _share(homes: Sequence[Home], lives: Sequence[Life], number: int, tellers: int) -> Iterator[Home]:
    """One teller's hosts. The first tells all of lives whose hosts call each other: who calls before who is called."""
    called = {berth.relay for life in lives for berth in life.berths if berth.relay}
    bound = {berth.host for life in lives for berth in life.berths if any(each.relay for each in life.berths)}
    mine = [
        home
        for place, home in enumerate(homes)
        if number == (0 if home.machine.host.name in bound else place % tellers)
    ]
    return iter(sorted(mine, key=lambda home: home.machine.host.name in called))


def _collect(order: Order, home: Home, day: date, lodgings: list[Lodging]) -> None:
    path = path_of(order.out, home.machine.host, day.isoformat())
    path.parent.mkdir(parents=True, exist_ok=True)
    signed_as = {lodging.program.path: lodging.life.signed_as for lodging in lodgings}
    path.write_text(collected(home.machine, signed_as), encoding="utf-8")


def _write_events(order: Order, host: str, day: date, lines: list[str]) -> int:
    folder = order.out / "hosts" / host
    folder.mkdir(parents=True, exist_ok=True)
    text = event_xml.document(lines) if order.xml else "".join(lines)
    name = f"events-{day.isoformat()}.{'xml' if order.xml else 'jsonl'}"
    if order.packed:
        with (folder / f"{name}.gz").open("wb") as file:
            file.writelines(packed(iter((text,))))
    else:
        (folder / name).write_bytes(text.encode())
    return len(lines)


def _device(wire: Wire, seed: int, day: date, device: int, dark: tuple[Span, ...]) -> None:
    """One without a sensor of its own (a printer, a telephone): the time, and its maker's cloud once a day."""
    rng = random.Random(f"{seed}/device {device}/{day}")
    wire.begin(rng, dark)
    address = f"10.20.{200 + device // 200}.{10 + device % 200}"
    for hour in range(0, 24, 2):
        time = midnight(day) + int((hour + rng.random()) * 3_600) * 1_000_000
        here = (address, rng.randrange(49_152, 65_535))
        wire.flow(Flow(time, here, (CONTROLLER, 123), 48, 48, 0.002, "udp"), "ntp")
    time = midnight(day) + rng.randrange(DAY - 60_000_000)
    flow = Flow(time, (address, rng.randrange(49_152, 65_535)), ("192.0.2.7", 80), 0, 900, 0.4)
    wire.http(flow, Request("cloud.printwell.example", "/status", "PrintwellDevice/2.2", got="application/xml"))
