"""Units are judged alike, however the days of their calls were put together."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analysis.records import CHROME, Process, Record, analysed, at, connected, launched

from lodger import stays
from lodger.engine.duckdb import DuckDB
from lodger.evidence.regular import judge_units

DAYS = 20
ROLLUPS = (
    "contact_day", "call_day", "lookup_sum", "certificate_place", "host_span", "place_spread", "stay",
    "destination_domain",
)  # fmt: skip


def _records() -> list[Record]:
    """Programs that wait, one that ends, one whose calls are spread over names, and a person's."""
    rng = np.random.default_rng(1)
    rows = [launched(Process(f"WS{n}", CHROME), at(hours=0)) for n in range(5)]

    def call(host: int, to: str, minutes: float) -> None:
        program = Process(f"WS{host}", rf"C:\\ProgramData\\Helper{host}\\helper.exe")
        when = at(minutes=round(minutes, 3))
        rows.append(connected(program, when, "192.0.2.9", DestinationHostname=to, source=f"10.0.0.{host}"))

    for minutes in np.cumsum(rng.uniform(200, 300, 110)):
        call(0, "one.example", minutes)
    for minutes in np.cumsum(rng.uniform(50, 70, 120)):
        call(1, "ended.example", minutes)
    for number, minutes in enumerate(np.cumsum(rng.uniform(200, 300, 110))):
        call(2, f"n{number % 3 + number // 40}.spread.test", minutes)
    for minutes in np.cumsum(rng.lognormal(3, 2, 120)):
        call(3, "page.example", min(float(minutes), DAYS * 1440 - 1))
    return rows


@pytest.fixture(scope="module")
def rollups() -> dict[str, pa.Table]:
    """The tables of all days."""
    with closing(analysed(_records())) as engine:
        return {name: engine.read(name) for name in ROLLUPS}


def _summed(folder: Path, rollups: dict[str, pa.Table], days: Sequence[int]) -> pa.Table:
    """`contact_sum` of some days."""
    wanted = pa.array([at(hours=24 * day).date() for day in days], pa.date32())
    with closing(DuckDB(folder)) as engine:
        for name in ("contact_day", "call_day"):
            engine.load(name, rollups[name].filter(pc.is_in(rollups[name]["day"], wanted)))
        stays.make(engine, "contact_sum")
        return engine.read("contact_sum")


def _merged(folder: Path, parts: Sequence[pa.Table]) -> pa.Table:
    with closing(DuckDB(folder)) as engine:
        engine.load("contact_sum", pa.concat_tables(parts))
        return engine.query(stays.merged("contact_sum")).cast(parts[0].schema)


def _judged(
    folder: Path, rollups: dict[str, pa.Table], sums: pa.Table, before: pa.Table | None = None
) -> tuple[pa.Table, ...]:
    """Rhythms, units, their records, and what is kept of it."""
    with closing(DuckDB(folder)) as engine:
        for name, table in rollups.items():
            engine.load(name, table)
        engine.load("contact_sum", sums)
        stays.make(engine, "contact_pair")
        judge_units(engine, before)
        return tuple(
            engine.query(f"FROM {table} ORDER BY ALL") for table in ("rhythm", "contact_unit", "unit_ref", "judged")
        )


@settings(max_examples=10)
@given(st.sets(st.integers(1, DAYS - 1)), st.sets(st.integers(1, 5)))
def test_however_days_are_put_together_the_answer_is_the_same(
    rollups: dict[str, pa.Table], tmp_path_factory: pytest.TempPathFactory, cuts: set[int], bundles: set[int]
) -> None:
    folder = tmp_path_factory.mktemp("sums")
    whole = _judged(folder, rollups, _summed(folder, rollups, range(DAYS + 1)))
    assert max(whole[0]["log_bayes_factor"].to_pylist()) > 10
    parts = [_summed(folder, rollups, days.tolist()) for days in np.split(np.arange(DAYS + 1), sorted(cuts))]
    ends = sorted(each for each in bundles if each < len(parts))
    together = [_merged(folder, parts[i:j]) for i, j in zip([0, *ends], [*ends, len(parts)], strict=True)]
    assert _judged(folder, rollups, pa.concat_tables(together)) == whole


def test_only_units_with_other_calls_are_judged_again(tmp_path: Path, rollups: dict[str, pa.Table]) -> None:
    early, late = (_summed(tmp_path, rollups, days) for days in (range(15), range(15, DAYS + 1)))
    whole = pa.concat_tables([early, late])
    answer = _judged(tmp_path, rollups, whole)
    *_, before = _judged(tmp_path, rollups, early)
    assert _judged(tmp_path, rollups, whole, before) == answer
    # what is kept is told by a number that no judge says
    factor = before.schema.get_field_index("log_bayes_factor")
    told = before.set_column(factor, "log_bayes_factor", pa.array([77.0] * len(before)))
    again, *_ = _judged(tmp_path, rollups, whole, told)
    kept = {row["host"] for row in again.to_pylist() if row["log_bayes_factor"] == 77}
    late_day = at(hours=24 * 15).date()
    called = {row["host"] for row in rollups["contact_day"].to_pylist() if row["day"] >= late_day}
    assert kept == {row["host"] for row in again.to_pylist()} - called
    assert kept
    assert called
    other = told.set_column(told.schema.get_field_index("judge"), "judge", pa.array(["of another Lodger"] * len(told)))
    assert _judged(tmp_path, rollups, whole, other) == answer


def test_a_unit_that_is_another_is_judged_again(tmp_path: Path, rollups: dict[str, pa.Table]) -> None:
    """The calls of a day are moved by a second: as many, from the same first to the same last one."""
    *_, before = _judged(tmp_path, rollups, _summed(tmp_path, rollups, range(DAYS + 1)))
    rows = rollups["contact_day"].to_pylist()
    for row in rows:
        if len(row["times"]) > 2:
            row["times"][1] += timedelta(seconds=1)
    moved = {**rollups, "contact_day": pa.Table.from_pylist(rows, schema=rollups["contact_day"].schema)}
    sums = _summed(tmp_path, moved, range(DAYS + 1))
    assert _judged(tmp_path, moved, sums, before) == _judged(tmp_path, moved, sums)


def test_calls_of_old_are_let_go_and_counted(tmp_path: Path, rollups: dict[str, pa.Table]) -> None:
    day = rollups["contact_day"].slice(0, 1)
    (row,) = day.to_pylist()
    calls = [at(seconds=n) for n in range(15_000)]
    many = [{**row, "times": calls[:9_000], "contacts": 9_000}, {**row, "times": calls[9_000:], "contacts": 6_000}]
    table = pa.Table.from_pylist(many, schema=day.schema)
    first, second = (_summed(tmp_path, {**rollups, "contact_day": table.slice(n, 1)}, range(DAYS + 1)) for n in (0, 1))
    (found,) = _merged(tmp_path, [first, second]).to_pylist()
    assert found["contacts"] == 15_000
    assert sorted(found["times"]) == calls[5_000:]
    assert (found["first"], found["last"]) == (calls[0], calls[9_000])
