"""A case's days in periods: the events of each are read once, and what was kept of them is put together.

A period is some days with :data:`ROWS` rows or more; the last one, which grows, may have fewer. What is kept of one
depends on its own rows, on the names of the fleet's hosts, on the programs that make it, and on the periods before it,
and is stored under a digest of all these. So day by day gives the same as all days at once, whatever comes when: what
still holds is found under its name, and what does not (records came late, a day was deleted, a host got its full
name, Lodger is another) is made anew, with all that follows. Nothing has to be remembered but the folders.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from importlib import resources
from itertools import groupby
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from lodger import evidence, ocsf, stays
from lodger.engine import Engine
from lodger.engine.duckdb import DuckDB
from lodger.errors import CaseError
from lodger.lake.files import LiveFile
from lodger.lake.tables import Lake
from lodger.model.ingest import Progress
from lodger.model.tables import LAKE

#: A period ends with the day that brings it so many rows: what an analysis reads again each day at most, and that day.
ROWS: Final = 250_000

#: Kept besides what :mod:`lodger.stays` and the detectors keep: whose clocks an exporter got wrong.
_ALSO: Final = ("_windows_clock",)

_NAMES: Final = "names"

_Live = Mapping[str, Sequence[LiveFile]]


@dataclass(frozen=True)
class Period:
    """Days that are read together; ``rows`` are those of each table and day."""

    days: tuple[date, ...]
    rows: tuple[tuple[date, str, int], ...]

    @property
    def own(self) -> str:
        """What tells its records from others: none is changed once it is stored, so counting them is enough."""
        return hashlib.sha256(repr(self.rows).encode()).hexdigest()[:16]


def cut(live: _Live, most: int) -> list[Period]:
    """The periods of the lake's files: days in order, each period closed by the day on which it has ``most`` rows."""
    counts: dict[tuple[date, str], int] = {}
    for table, files in live.items():
        for file in files:
            if file.day is not None:
                counts[file.day, table] = counts.get((file.day, table), 0) + file.rows
    periods: list[Period] = []
    begun: list[tuple[date, str, int]] = []
    for _, of_day in groupby(sorted(counts), key=lambda key: key[0]):
        begun += [(day, table, counts[day, table]) for day, table in of_day]
        if sum(rows for _, _, rows in begun) >= most:
            periods.append(_period(begun))
            begun = []
    return [*periods, _period(begun)] if begun or not periods else periods


def _period(rows: list[tuple[date, str, int]]) -> Period:
    return Period(tuple(sorted({day for day, _, _ in rows})), tuple(rows))


class Periods:
    """The periods of a case, and the folders of what is kept of each. Raises CaseError where they cannot be written."""

    def __init__(self, lake: Lake) -> None:
        self._lake = lake
        self._root = lake.root / "periods"
        self._live = {name: lake.live(name) for name in LAKE if name != "statement"}
        self.all = cut(self._live, ROWS)

    def kept(self, progress: Progress) -> list[Path]:
        """The folders of all periods in their order; what is missing is made first, and what is of no use deleted."""
        with _writable(self._root):
            self._root.mkdir(exist_ok=True)
            names = [self._names(period) for period in self.all]
            folders = [self._root / name for name in self._chain(names)]
            missing = [number for number, folder in enumerate(folders) if not folder.is_dir()]
            progress.phase("events", len(missing) * (len(stays.EVENT_STEPS) + 1))
            known = pa.concat_tables(names).group_by("name").aggregate([])
            for number in missing:
                half = self._lake.spool / f"period-{folders[number].name}"
                shutil.rmtree(half, ignore_errors=True)
                half.mkdir(parents=True)
                pq.write_table(names[number], half / f"{_NAMES}.parquet")
                with _engine(self._lake) as engine:
                    self._scan(engine, self.all[number])
                    ocsf.define(engine, keep=True, names=known)
                    _begin(engine, self.all[number], folders[number - 1] if number else None)
                    stays.gather(engine, progress)
                    evidence.gather(engine)
                    _end(engine, half)
                progress.advance(1)
                half.rename(folders[number])  # all of it or, when killed, nothing
            for folder in set(self._root.iterdir()) - set(folders):
                shutil.rmtree(folder)
        return folders

    def _chain(self, names: Sequence[pa.Table]) -> Iterator[str]:
        """Each period's folder: its own rows, and a digest of all that else goes into it."""
        hosts = self._hosts(pa.concat_tables(names))
        chain = _version()
        for period, said in zip(self.all, names, strict=True):
            called = sorted((name, hosts[name]) for name in said["name"].to_pylist())
            chain = hashlib.sha256(f"{chain} {period.own} {called}".encode()).hexdigest()[:32]
            yield f"{period.own}-{chain}"

    def _hosts(self, names: pa.Table) -> dict[str, str]:
        with _engine(self._lake) as engine:
            ocsf.host_names(engine, names.group_by("name").aggregate([]))
            rows = engine.read("_host_name").to_pylist()
        return {row["name"]: row["host"] for row in rows}

    def _names(self, period: Period) -> pa.Table:
        """The names that hosts call themselves in a period, as they were found before, if they were."""
        for folder in self._root.glob(f"{period.own}-*"):
            return pq.read_table(folder / f"{_NAMES}.parquet")
        with _engine(self._lake) as engine:
            self._scan(engine, period)
            return ocsf.said_names(engine)

    def _scan(self, engine: Engine, period: Period) -> None:
        days = set(period.days)
        for name, files in self._live.items():
            folder = self._lake.folder(name)
            chosen = [str(folder / file.path) for file in files if file.day is None or file.day in days]
            engine.scan(name, chosen, LAKE[name])


def _begin(engine: Engine, period: Period, earlier: Path | None) -> None:
    """What the period before, whose folder is ``earlier``, hands on."""
    for name, schema in stays.CARRIED.items():
        engine.scan(f"earlier_{name}", [str(earlier / f"next_{name}.parquet")] if earlier else [], schema)
    engine.load("these_days", pa.table({"last_day": pa.array(period.days[-1:] or [date(1970, 1, 1)])}))


def _end(engine: Engine, folder: Path) -> None:
    """Keep what is kept, and what is handed on to the next period."""
    stays.carry(engine)
    for table in tables():
        pq.write_table(engine.read(table), folder / f"{table}.parquet", compression="zstd")
    for name, schema in stays.CARRIED.items():
        table = f"next_{name}"
        pq.write_table(engine.read(table).cast(schema), folder / f"{table}.parquet", compression="zstd")


def tables() -> tuple[str, ...]:
    """The tables that are kept of each period."""
    return (*stays.KEPT, *evidence.row_tables(), *_ALSO)


def load(engine: Engine, folders: Sequence[Path]) -> None:
    """Make all that is kept of all periods readable on ``engine``, with the clocks of the last one."""
    for table in tables():
        files = [folder / f"{table}.parquet" for folder in folders]
        engine.scan(table, [str(file) for file in files], pq.read_schema(files[0]))
    for clock in ("network_clock", "sensor_clock"):
        engine.scan(clock, [str(folders[-1] / f"next_{clock}.parquet")], stays.CARRIED[clock])


def _version() -> str:
    """Of what makes a period of events: what is kept by other programs is of no use."""
    made = hashlib.sha256(str(ROWS).encode())
    for package in ("lodger.ocsf", "lodger.stays", "lodger.evidence.detectors"):
        files = (file for file in resources.files(package).iterdir() if file.name.endswith((".sql", ".py")))
        for file in sorted(files, key=lambda each: each.name):
            if package != "lodger.evidence.detectors" or file.name.endswith("_rows.sql"):
                made.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return made.hexdigest()


@contextmanager
def _engine(lake: Lake) -> Iterator[Engine]:
    engine = DuckDB(lake.spool / "engine")
    try:
        yield engine
    finally:
        engine.close()


@contextmanager
def _writable(root: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, pa.ArrowInvalid) as error:
        raise CaseError(
            f"what is kept of the case's days cannot be read or written: {error}",
            advice=f"check space and permissions; {root} can be deleted, and is made anew by the next analysis",
        ) from error
