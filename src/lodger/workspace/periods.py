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
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from importlib import resources
from itertools import groupby
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from lodger import evidence, ocsf, stays
from lodger.engine import Engine
from lodger.engine.duckdb import DuckDB
from lodger.engine.together import Task, together
from lodger.errors import CaseError
from lodger.lake.files import ROW_GROUP, LiveFile
from lodger.lake.tables import Lake
from lodger.model.ingest import Progress, Silent
from lodger.model.tables import LAKE, TEXT

#: A period ends with the day that brings it so many rows: what an analysis reads again each day at most, and that day.
#: Reading so many costs about as much as a period costs whatever is in it.
ROWS: Final = 100_000

#: Kept besides what :mod:`lodger.stays` and the detectors keep: whose clocks an exporter got wrong.
_ALSO: Final = ("_windows_clock",)

#: So many closed periods are put together in one folder: what is there several times in a folder is there once.
_SIZES: Final = (256, 64, 16, 4)

#: So many single ones are put together at once at most: of each row that becomes one with others all lists are held.
_AT_ONCE: Final = 16

_NAMES: Final = "names"
_NAME_COLUMNS: Final = pa.schema([("own", TEXT), ("name", TEXT)])


_Live = Mapping[str, Sequence[LiveFile]]


@dataclass(frozen=True)
class Period:
    """Days that are read together; ``rows`` are those of each table and day, ``mended`` how many records of these days
    may have taken the place of a half.
    """

    days: tuple[date, ...]
    rows: tuple[tuple[date, str, int], ...]
    mended: int

    @property
    def own(self) -> str:
        """What tells its records from others: none changes but for halves that became whole, so counts are enough."""
        return hashlib.sha256(repr((self.rows, self.mended)).encode()).hexdigest()[:16]


def cut(live: _Live, most: int, mended: Mapping[date, int]) -> list[Period]:
    """The periods of the lake's files: days in order, each period closed by the day on which it has ``most`` rows."""
    counts: dict[tuple[date, str], int] = {}
    for table, files in live.items():
        for file in files:
            if file.day is not None:
                counts[file.day, table] = counts.get((file.day, table), 0) + file.rows
    periods: list[Period] = []
    begun: list[tuple[date, str, int]] = []
    total = 0
    for _, of_day in groupby(sorted(counts), key=lambda key: key[0]):
        rows = [(day, table, counts[day, table]) for day, table in of_day]
        begun += rows
        total += sum(count for _, _, count in rows)
        if total >= most:
            periods.append(_period(begun, mended))
            begun, total = [], 0
    return [*periods, _period(begun, mended)] if begun or not periods else periods


def bundled(periods: int) -> list[tuple[int, int]]:
    """How periods are put together on disk, as (first, number of them): the more files, the slower all that follows.

    The last, which grows, is by itself, and so are those before it until there are enough of them.
    """
    found, first = [], 0
    for size in (*_SIZES, 1):
        while first + size <= periods - 1:
            found.append((first, size))
            first += size
    return [*found, (first, 1)]


def _period(rows: list[tuple[date, str, int]], mended: Mapping[date, int]) -> Period:
    days = tuple(sorted({day for day, _, _ in rows}))
    return Period(days, tuple(rows), sum(mended.get(day, 0) for day in days))


def _mended(sources: pa.Table) -> Counter[date]:
    """How many logs have grown since their last record, which may have been half, was taken: by the day of that one."""
    grown = sources["grew_from"].drop_null()
    shorter = sources.filter(pc.is_in(sources["source"], grown.combine_chunks()))
    last = dict(zip(shorter["source"].to_pylist(), shorter["last_day"].to_pylist(), strict=True))
    return Counter(day for known in grown.to_pylist() if (day := last.get(known)) is not None)


class Periods:
    """The periods of a case, and the folders of what is kept of them. Raises CaseError where they cannot be written.

    ``live`` is the files of each of the lake's tables.
    """

    def __init__(self, lake: Lake, live: _Live) -> None:
        self._lake = lake
        self._root = lake.root / "periods"
        self._live = {name: files for name, files in live.items() if name != "statement"}
        self.all = cut(self._live, ROWS, _mended(lake.read("source")))

    def kept(self, progress: Progress, still_read: Sequence[Path] = ()) -> list[Path]:
        """The folders of all periods in their order; what is missing is made first, and what is of no use deleted.

        Not what is ``still_read``: until the answer is another, it is told from there.
        """
        with _writable(self._root):
            self._root.mkdir(exist_ok=True)
            for half in self._lake.spool.glob("period-*"):  # of an analysis that was killed
                shutil.rmtree(half)
            names = self._names()
            chain = self._chain(names)
            bundles = bundled(len(chain))
            missing = [number for first, size in bundles for number in self._missing(chain, first, size)]
            progress.phase("events", len(missing) * (len(stays.EVENT_STEPS) + 1))
            for first, size in bundles:
                self._make(chain, first, size, names, progress)
            folders = [self._folder(chain, first, size) for first, size in bundles]
            for folder in set(self._root.iterdir()) - {*folders, *still_read}:
                shutil.rmtree(folder)
        return folders

    def _folder(self, chain: Sequence[str], first: int, size: int) -> Path:
        return self._root / f"{chain[first + size - 1]}-{size}"

    def _missing(self, chain: Sequence[str], first: int, size: int) -> list[int]:
        """The periods of a bundle whose events must be read."""
        if self._folder(chain, first, size).is_dir():
            return []
        if size == 1:
            return [first]
        return [number for part in self._parts(chain, first, size) for number in self._missing(chain, *part)]

    def _parts(self, chain: Sequence[str], first: int, size: int) -> Iterator[tuple[int, int]]:
        """Of what a bundle is put together: a small one of the largest there are, and of single periods where there are
        none, so that no row is written more often than it must be.
        """
        sizes, number, end = [*(each for each in _SIZES if each < size), 1], first, first + size
        while number < end:
            there = (each for each in sizes if number + each <= end and self._folder(chain, number, each).is_dir())
            part = next(there, 1) if size <= _AT_ONCE else sizes[0]
            yield number, part
            number += part

    def _chain(self, names: pa.Table) -> list[str]:
        """A digest of each period: of its own rows, its hosts, and all that went into the periods before it."""
        hosts = self._hosts(names)
        said: dict[str, list[tuple[str, str]]] = {}
        for own, name in zip(names["own"].to_pylist(), names["name"].to_pylist(), strict=True):
            said.setdefault(own, []).append((name, hosts[name]))
        chain, last = [], _version()
        for period in self.all:
            called = sorted(said.get(period.own, []))
            last = hashlib.sha256(f"{last} {period.own} {called}".encode()).hexdigest()[:32]
            chain.append(last)
        return chain

    def _hosts(self, names: pa.Table) -> dict[str, str]:
        with _engine(self._lake) as engine:
            ocsf.host_names(engine, names.group_by("name").aggregate([]))
            rows = engine.read("_host_name").to_pylist()
        return {row["name"]: row["host"] for row in rows}

    def _names(self) -> pa.Table:
        """The names that hosts call themselves in the periods, as they were found before, if they were."""
        owns = pa.array([period.own for period in self.all], TEXT)
        found = pa.concat_tables([_NAME_COLUMNS.empty_table(), *map(_read_names, sorted(self._root.iterdir()))])
        found = found.filter(pc.is_in(found["own"], owns)).group_by(["own", "name"]).aggregate([])
        read = {*found["own"].to_pylist()}
        return pa.concat_tables([found, *(self._said(period) for period in self.all if period.own not in read)])

    def _said(self, period: Period) -> pa.Table:
        with _engine(self._lake) as engine:
            self._scan(engine, period)
            names = ocsf.said_names(engine)["name"]
        return pa.table([pa.array([period.own] * len(names), TEXT), names], schema=_NAME_COLUMNS)

    def _scan(self, engine: Engine, period: Period) -> None:
        days = set(period.days)
        for name, files in self._live.items():
            folder = self._lake.folder(name)
            chosen = [str(folder / file.path) for file in files if file.day is None or file.day in days]
            engine.scan(name, chosen, LAKE[name])

    def _make(self, chain: Sequence[str], first: int, size: int, names: pa.Table, progress: Progress) -> None:
        """The folder of a bundle, with all that it needs: whole or, when killed, not at all."""
        folder = self._folder(chain, first, size)
        if folder.is_dir():
            return
        parts = [*self._parts(chain, first, size)] if size > 1 else []
        for part in parts:
            self._make(chain, *part, names, progress)
        half = self._lake.spool / f"period-{folder.name}"
        half.mkdir(parents=True)
        with _engine(self._lake) as engine:
            if size == 1:
                self._read(engine, half, first, chain, names)
                pq.write_table(names.filter(pc.equal(names["own"], self.all[first].own)), half / f"{_NAMES}.parquet")
                progress.advance(len(stays.EVENT_STEPS) + 1)
            else:
                _merge(engine, [self._folder(chain, *part) for part in parts], half)
        half.rename(folder)

    def _read(self, engine: Engine, half: Path, number: int, chain: Sequence[str], names: pa.Table) -> None:
        """Read the events of a period, and keep what is kept of it."""
        self._scan(engine, self.all[number])
        ocsf.define(engine, keep=True, names=names.group_by("name").aggregate([]))
        _begin(engine, self.all[number], self._before(chain, number))
        stays.gather(engine, Silent())
        evidence.gather(engine)
        _end(engine, half)

    def _before(self, chain: Sequence[str], number: int) -> Path | None:
        """The folder that has what the period before hands on."""
        sizes = (size for size in (*_SIZES, 1) if number and self._folder(chain, number - size, size).is_dir())
        size = next(sizes, None)
        return None if size is None else self._folder(chain, number - size, size)


def _read_names(folder: Path) -> pa.Table:
    """The names in a folder; one whose names cannot be read is of no use, is deleted, and made anew."""
    try:
        return pq.read_table(folder / f"{_NAMES}.parquet").select(_NAME_COLUMNS.names).cast(_NAME_COLUMNS)
    except (OSError, pa.ArrowInvalid, KeyError):
        shutil.rmtree(folder)
        return _NAME_COLUMNS.empty_table()


def _begin(engine: Engine, period: Period, earlier: Path | None) -> None:
    """What the period before, whose folder is ``earlier``, hands on."""
    for name, schema in stays.CARRIED.items():
        engine.scan(f"earlier_{name}", [str(earlier / f"next_{name}.parquet")] if earlier else [], schema)
    engine.load("these_days", pa.table({"last_day": pa.array(period.days[-1:] or [date(1970, 1, 1)])}))


def _end(engine: Engine, folder: Path) -> None:
    """Keep what is kept, and what is handed on to the next period."""
    stays.carry(engine)
    schemas = {f"next_{name}": schema for name, schema in stays.CARRIED.items()}
    together(engine, [_keeping(engine, table, schemas.get(table), folder) for table in (*tables(), *schemas)])


def _keeping(engine: Engine, table: str, schema: pa.Schema | None, folder: Path) -> Task[None]:
    def keep() -> None:
        rows = engine.read(table)
        rows = rows if schema is None else rows.cast(schema)
        pq.write_table(rows, folder / f"{table}.parquet", compression="zstd")

    return Task(table, "", keep)


def _merge(engine: Engine, parts: Sequence[Path], folder: Path) -> None:
    """What is kept of periods that follow each other, in one."""
    together(engine, [_merging(engine, table, parts, folder) for table in tables()])
    for name in (f"next_{name}" for name in stays.CARRIED):
        shutil.copyfile(parts[-1] / f"{name}.parquet", folder / f"{name}.parquet")
    names = pa.concat_tables([pq.read_table(part / f"{_NAMES}.parquet") for part in parts])
    pq.write_table(names, folder / f"{_NAMES}.parquet")


def _merging(engine: Engine, table: str, parts: Sequence[Path], folder: Path) -> Task[None]:
    def merge() -> None:
        files = [str(part / f"{table}.parquet") for part in parts]
        schema = pq.read_schema(files[0])
        engine.scan(table, files, schema)
        rows = engine.stream(stays.merged(table) if table in stays.MERGED else f'FROM "{table}"')
        with pq.ParquetWriter(folder / f"{table}.parquet", schema, compression="zstd") as writer:
            for batch in rows:
                writer.write_batch(batch.cast(schema), row_group_size=ROW_GROUP)

    return Task(table, "", merge)


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


def contacts(engine: Engine, folders: Sequence[Path]) -> None:
    """Make ``contact_day`` readable: every stay's contacts by day, and the calls that came in to it.

    Raises CaseError where the folders, those of the last analysis, were deleted.
    """
    files = [str(folder / f"{table}.parquet") for table in ("contact_day", "call_day") for folder in folders]
    if files:
        try:
            schema = pq.read_schema(files[0])
        except OSError as error:
            raise CaseError(
                f"the contacts of the last analysis are gone: {error}", advice="run `lodger analyse`"
            ) from error
        engine.scan("contact_day", files, schema)


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
