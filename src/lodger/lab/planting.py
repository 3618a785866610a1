"""An intruder's life planted beside real records, so that results do not rest on the lab's own fleets alone.

The background is read where it lies, for whose records it holds and from when to when; what is written is a new folder
with the records of the life alone, and the truth beside it. Both are then given to `lodger` together.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from lodger.errors import InputError
from lodger.lab import ordinary
from lodger.lab.lives import Lodging, Scenario, account, blind, cast, live, lodgings, prepare
from lodger.lab.machine import CONTROLLER, Machine
from lodger.lab.ordinary import Home, Resident
from lodger.lab.people import DAY, HOUR, Host, Plan, Work
from lodger.lab.programs import CATALOGUE
from lodger.lab.truth import Residence, Truth, truth_path, write_truth
from lodger.lab.zeek import LOGS, Wire, header, seconds
from lodger.model.telemetry import Batch, SourceFile
from lodger.telemetry.discovery import choose
from lodger.telemetry.reader import HEAD
from lodger.telemetry.sources import find

_EPOCH: Final = 19_814 * DAY  # a Monday, from which a life is told before it is shifted
_OUTWARD: Final = frozenset({"zeek_http", "zeek_conn", "zeek_ssl", "zeek_dns"})


@dataclass
class _Sensor:
    """What one sensor's records tell: when they begin and end (microseconds since 1970), and how many are whose."""

    first: int = 1 << 62
    last: int = 0
    whose: Counter[str] = field(default_factory=Counter)

    @property
    def told(self) -> bool:
        """Whether there are any."""
        return bool(self.whose)

    def take(self, data: pa.RecordBatch, name: str) -> None:
        """Add records; the column ``name`` says whose they are."""
        ends = pc.min_max(data.column("time").cast(pa.int64())).as_py()
        if ends["min"] is not None:
            self.first, self.last = min(self.first, ends["min"]), max(self.last, ends["max"])
        for pair in pc.value_counts(data.column(name)).to_pylist():
            if pair["values"]:
                self.whose[pair["values"]] += pair["counts"]


@dataclass
class Background:
    """Real records as far as planting needs them: Windows hosts with their people and addresses, Zeek's logs."""

    host: _Sensor = field(default_factory=_Sensor)
    wire: _Sensor = field(default_factory=_Sensor)
    logs: set[str] = field(default_factory=set)
    people: dict[str, Counter[str]] = field(default_factory=dict)
    own: dict[str, Counter[str]] = field(default_factory=dict)
    resolvers: Counter[str] = field(default_factory=Counter)


def survey(into: Path) -> Background:
    """Read what lies under ``into``, whatever `lodger ingest` reads. Raises InputError where there are neither Windows
    events nor connections of Zeek.
    """
    found = Background()
    for batch in _batches(into):
        data = batch.data
        if batch.table == "windows_event":
            found.host.take(data, "Computer")
            _count(found.people, data, "User")
            _count(found.own, data, "SourceIp")
        elif batch.table in _OUTWARD:
            found.wire.take(data, "id_orig_h")
            if batch.table == "zeek_dns":
                found.resolvers.update(data.column("id_resp_h").to_pylist())
        if batch.table.startswith("zeek_"):
            found.logs.add(batch.table.removeprefix("zeek_"))
    if not found.host.told and not found.wire.told:
        raise InputError(
            f"{into} holds neither Windows events nor Zeek's conn, http, ssl or dns log",
            advice="name a folder of logs that `lodger ingest` reads",
        )
    return found


def _batches(into: Path) -> Iterator[Batch]:
    with TemporaryDirectory() as spool:
        for file in find([into], Path(spool), lambda _: False):
            if not isinstance(file, SourceFile):
                continue
            with file.path.open("rb") as opened:
                reader = choose(opened.read(HEAD), file.name)
            if reader is not None:
                yield from (item for item in reader.read(file) if isinstance(item, Batch))


def _count(into: dict[str, Counter[str]], data: pa.RecordBatch, name: str) -> None:
    pairs = pa.table({"host": data.column("Computer"), "value": data.column(name)})
    for row in pairs.group_by(["host", "value"]).aggregate([([], "count_all")]).to_pylist():
        if row["host"] and row["value"]:
            into.setdefault(row["host"], Counter())[row["value"]] += row["count_all"]


class _FoundHost(Host):
    """A host of the background, whose name is whole."""

    @property
    def fqdn(self) -> str:
        """The name as its own events give it."""
        return self.name


class _Told(NamedTuple):
    lodging: Lodging
    lines: list[str]
    rows: dict[str, list[str]]
    carved: dict[str, bytes]


def plant(out: Path, *, into: Path, scenario: Scenario, seed: int = 1, host: str | None = None) -> Truth:
    """Write a life's records into the new folder ``out``, for a host of the records under ``into`` (``host``: its name
    or, where there are only connections, its address; else one that the seed draws), and the truth beside it.

    The life begins an hour after the background does (a twentieth of its time, where that is less) and ends with it at
    the latest; each sensor goes by its own clock. There are Windows events where the background has such, and those of
    Zeek's logs that it has. A scenario of several hosts is led on one. Raises InputError where ``out`` holds anything,
    the background holds nothing of use, or nothing of the life falls into its time.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InputError(f"{out} is not an empty folder", advice="name a folder that does not exist yet")
    found = survey(into)
    person, user = _person(found, seed, host)
    events = _told(scenario, seed, person, user, found.host)
    wire = _told(scenario, seed, person, user, found.wire)
    lines = events.lines if found.host.told else []
    rows = _rows(found, wire.rows) if found.wire.told else {}
    if not lines and not any(rows.values()):
        raise InputError(f"nothing of {scenario.name} falls into the time of {into}", advice="take another scenario")
    _write(out, lines, rows)
    _keep(out / "zeek" / "extract_files", wire.carved, "\n".join(rows.get("files", ())))
    leading, sensor = (events, found.host) if lines else (wire, found.wire)
    truth = _truth(seed, leading, sensor, len(lines), sum(map(len, rows.values())))
    write_truth(truth, truth_path(out))
    return truth


def _person(found: Background, seed: int, wanted: str | None) -> tuple[Host, str]:
    """The host that the life is led on, and its person's account as its events write it."""
    rng, known = random.Random(f"{seed}/planted"), found.host if found.host.told else found.wire
    names = [name for name, _ in known.whose.most_common() if found.host.told or _inside(name)]
    if wanted is not None and wanted not in known.whose:
        raise InputError(f"the records tell nothing of {wanted}", advice=f"they tell of {', '.join(names[:5])}")
    if wanted is None and not names:
        raise InputError("no connection of the records begins inside", advice="name a host with --host")
    name = wanted or rng.choice(names[:10])
    users = [user for user, _ in found.people.get(name, Counter()).most_common() if not user.startswith("NT AUTHORITY")]
    user = next((user for user in users if "\\" in user), "HOUSE\\visitor")
    addresses = [value for value, _ in found.own.get(name, Counter()).most_common() if _inside(value)]
    person = _FoundHost(
        name=name,
        ip=name if not found.host.told else next(iter(addresses), "10.0.0.4"),
        mac="02:00:00:00:00:01",
        user=user.rpartition("\\")[2],
        sid="S-1-5-21-1939123204-1418869057-2368897034-1100",
        work=Work.OFFICE,
        always_on=True,
        audited=False,
        starts=8.5,
        keenness=1.0,
    )
    return person, user


def _inside(text: str) -> bool:
    try:
        found = ip_address(text)
    except ValueError:
        return False
    return found.version == 4 and found.is_private and not found.is_loopback and not found.is_link_local


def _told(scenario: Scenario, seed: int, person: Host, user: str, sensor: _Sensor) -> _Told:
    """Tell the life so that it begins where one sensor's records do, and keep what falls into their time.

    It is told twice: when it comes is known only then, and all its times follow from the days' plans. Nothing is told
    for a sensor that has no records.
    """
    first = _tell(scenario, seed, person, user, shift=0, last=1 << 62)
    if not sensor.told:
        return first._replace(lines=[], rows={}, carved={})
    begins = sensor.first + min(HOUR, (sensor.last - sensor.first) // 20)
    return _tell(scenario, seed, person, user, shift=begins - first.lodging.arrived_at, last=sensor.last)


def _tell(scenario: Scenario, seed: int, person: Host, user: str, *, shift: int, last: int) -> _Told:
    days = scenario.days + 8
    life = cast(seed, days, [person], [scenario])[0]
    machine = Machine(seed, person, Wire(random.Random(seed)), random.Random(seed))
    _, lodging = lodgings([life], machine, [machine])[0]
    home = Home(machine, [Resident(program) for program in CATALOGUE], ("www.bing.com",))
    prepare(home, lodging)
    dark = blind(machine, [lodging])
    lines: list[str] = []
    for number in range(days):
        plan = _plan(number, shift)
        if plan.on > last:
            break
        machine.days, machine.rng = number, random.Random(f"{seed}/planted/{number}")
        machine.wire.begin(random.Random(f"{seed}/planted/{number}/wire"))
        rows, carved = machine.wire.rows, machine.wire.carved
        machine.wire.rows = {path: [] for path in LOGS}  # an ordinary day's records are the background's to tell
        ordinary.morning(home, plan)
        machine.person = replace(machine.person, user=user)
        machine.log.drain()
        machine.wire.rows, machine.wire.carved = rows, carved
        machine.wire.begin(random.Random(f"{seed}/planted/{number}/wire"), dark)
        live(home, lodging, plan)
        lines += machine.log.drain()
    return _Told(lodging, _until(lines, last), _rows_until(machine.wire.rows, last), machine.wire.carved)


def _plan(number: int, shift: int) -> Plan:
    """A day of a host that stays on, with somebody at it from eight to five on working days."""
    begin = _EPOCH + number * DAY + shift
    work = (begin + 8 * HOUR, begin + 17 * HOUR) if number % 7 < 5 else None
    return Plan(begin, begin + DAY - 1, boots=number == 0, shuts=False, work=work)


def _until(lines: list[str], last: int) -> list[str]:
    end = datetime.fromtimestamp(min(last, 1 << 52) / 1e6, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return [line for line in lines if line.partition('"TimeCreated":"')[2][:19] <= end]


def _rows_until(rows: dict[str, list[str]], last: int) -> dict[str, list[str]]:
    end = seconds(min(last, 1 << 52))
    return {path: sorted(row for row in found if row.partition("\t")[0] <= end) for path, found in rows.items()}


def _rows(found: Background, rows: dict[str, list[str]]) -> dict[str, list[str]]:
    """The rows of the logs that the background has, with its own name server in the lab's place."""
    resolver = next((address for address, _ in found.resolvers.most_common(1)), CONTROLLER)
    pair = f"\t{CONTROLLER}\t53\t", f"\t{resolver}\t53\t"
    return {path: [row.replace(*pair) for row in told] for path, told in rows.items() if path in found.logs and told}


def _write(out: Path, lines: list[str], rows: dict[str, list[str]]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    if lines:
        (out / "hosts").mkdir()
        (out / "hosts" / "events.jsonl").write_text("".join(lines), encoding="utf-8")
    for path, told in rows.items():
        (out / "zeek").mkdir(exist_ok=True)
        day = datetime.fromtimestamp(float(told[0].partition("\t")[0]), UTC).date().isoformat()
        text = "\n".join((header(path, day), *told, f"#close\t{day}-23-59-59", ""))
        (out / "zeek" / f"{path}.log").write_text(text, encoding="utf-8")


def _keep(folder: Path, carved: dict[str, bytes], told: str) -> None:
    for name, body in ((name, body) for name, body in carved.items() if name in told):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(body)


def _truth(seed: int, told: _Told, sensor: _Sensor, events: int, rows: int) -> Truth:
    """Where only connections tell of it, the program is named as `lodger` does where no host tells: by what
    it calls itself, or with all that talks TLS on its host.
    """
    stay, life = told.lodging.told(), told.lodging.life
    if stay.left_at > sensor.last:
        stay = stay._replace(left_at=0)
    begun = datetime.fromtimestamp(sensor.first / 1e6, UTC).date()
    intruder = account(life, [stay], begun)
    if intruder is not None and not events:
        intruder = replace(intruder, programs=(Residence(stay.host, life.client),), touched=())
    days = 1 + (sensor.last - sensor.first) // DAY
    found = () if intruder is None else (intruder,)
    return Truth(seed, begun.isoformat(), days, tuple(sorted(sensor.whose)), found, (), events, rows)
