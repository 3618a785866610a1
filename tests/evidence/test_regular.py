"""Units judged day by day from what was kept of them say what they say judged from all of their calls, to the bit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from tests.analysis.records import CHROME, Process, Record, analysed, at, connected, launched

from lodger.engine.duckdb import DuckDB
from lodger.evidence import rhythm
from lodger.evidence.regular import UNIT_STATE, judge_units

DAYS = 20
ROLLUPS = ("contact_day", "call_day", "lookup_day", "certificate_place", "host_span")


@pytest.fixture(autouse=True)
def _few_calls_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rhythm, "KEEP_FROM", 6)


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
        return {name: engine.read(name) for name in (*ROLLUPS, "destination_domain", "place_spread", "stay")}


def _upto(rollups: dict[str, pa.Table], days: int) -> dict[str, pa.Table]:
    last = at(hours=24 * days).date()
    cut = {name: table for name, table in rollups.items() if "day" in table.column_names}
    return {**rollups, **{name: table.filter(pc.less(table["day"], last)) for name, table in cut.items()}}


def _step(
    folder: Path, rollups: dict[str, pa.Table], earlier: pa.Table | None = None
) -> tuple[pa.Table, pa.Table, int, tuple[str, ...]]:
    """The rhythms, what is kept, of how many units a state was used, and the notes."""
    file = folder / "kept.parquet"
    if earlier is not None:
        pq.write_table(earlier, file)
    with closing(DuckDB(folder / "spool")) as engine:
        for name, table in rollups.items():
            engine.load(name, table)
        notes = judge_units(engine, [] if earlier is None else [str(file)])
        found = engine.query("SELECT * FROM rhythm ORDER BY host, stay_id, destination, log_bayes_factor")
        kept = engine.query("SELECT * FROM kept_state ORDER BY host, stay_id, unit, name")
        return found, kept, engine.read("unit_known").num_rows, notes


def _days(folder: Path, rollups: dict[str, pa.Table]) -> Iterator[tuple[pa.Table, pa.Table, pa.Table, pa.Table, int]]:
    kept = None
    for day in range(1, DAYS + 1):
        today = _upto(rollups, day)
        whole, anew, _, _ = _step(folder, today)
        found, kept, used, notes = _step(folder, today, kept)
        assert notes == ()
        yield whole, anew, found, kept, used


def test_day_by_day_it_says_what_one_analysis_of_all_says(tmp_path: Path, rollups: dict[str, pa.Table]) -> None:
    used = []
    for whole, anew, found, kept, known in _days(tmp_path, rollups):
        assert found.equals(whole)
        assert kept.cast(UNIT_STATE).equals(anew.cast(UNIT_STATE))
        used.append(known)
    assert used[0] == 0
    assert min(used[3:]) >= 3
    assert max(found["log_bayes_factor"].to_pylist()) > 10


def _without_a_call(table: pa.Table, place: int) -> pa.Table:
    rows = table.to_pylist()
    del rows[place]["times"][0]
    rows[place]["contacts"] -= 1
    return pa.Table.from_pylist([row for row in rows if row["times"]], schema=table.schema)


def test_a_late_record_and_one_that_is_gone_are_noticed(tmp_path: Path, rollups: dict[str, pa.Table]) -> None:
    calls = rollups["contact_day"].sort_by([("host", "ascending"), ("day", "ascending")])
    assert calls["host"][0].as_py().upper() == "WS0"
    fewer = {**rollups, "contact_day": _without_a_call(calls, 0)}
    pruned = {**rollups, "contact_day": calls.filter(pc.greater_equal(calls["day"], at(hours=72).date()))}
    _, of_all, _, _ = _step(tmp_path, rollups)
    _, of_fewer, _, _ = _step(tmp_path, fewer)
    units = of_all.num_rows
    for now, earlier, still in (
        (rollups, of_all, range(units, units + 1)),
        (rollups, of_fewer, range(1, units)),
        (fewer, of_all, range(1, units)),
        (pruned, of_all, range(units)),
    ):
        found, _, used, _ = _step(tmp_path, now, earlier)
        assert found.equals(_step(tmp_path, now)[0])
        assert used in still


@pytest.mark.parametrize("damage", ["version", "seal", "held", "digest", "head"])
def test_what_another_version_kept_or_what_is_damaged_is_not_used(
    tmp_path: Path, rollups: dict[str, pa.Table], damage: str
) -> None:
    whole, kept, _, _ = _step(tmp_path, rollups)
    rows = kept.to_pylist()
    for row in rows:
        value = row[damage]
        if isinstance(value, list):
            row[damage] = [*value[:-1], value[-1] + 1] if damage == "held" else value[:-1]
        else:
            row[damage] = value + 1 if isinstance(value, int) else "another"
    found, _, used, notes = _step(tmp_path, rollups, pa.Table.from_pylist(rows, schema=UNIT_STATE))
    assert found.equals(whole)
    assert (used, notes) == (0, ())


def test_a_file_that_cannot_be_read_is_ignored_with_a_note(tmp_path: Path, rollups: dict[str, pa.Table]) -> None:
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 and nothing else")
    with closing(DuckDB(tmp_path / "spool")) as engine:
        for name, table in rollups.items():
            engine.load(name, table)
        (note,) = judge_units(engine, [str(tmp_path / "broken.parquet")])
        assert "judged from all calls" in note
        assert engine.read("rhythm").num_rows > 0
