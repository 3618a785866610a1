"""The embedded engine: what is put in comes out, whatever it is called; nothing stays, and errors are one line."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lodger.engine.duckdb import BATCH_ROWS, DuckDB
from lodger.errors import CaseError, LodgerError

NUMBERS = pa.schema([("number", pa.int64()), ("text", pa.string())])
#: Names that would end a quoted name, a quoted text, or a statement.
NAMES = ["plain", 'with "quotes"', "it's", "a; DROP TABLE plain", "Größe ☃", "select"]

#: A statement that takes years.
ENDLESS = "SELECT sum(a.range * b.range % 7) AS total FROM range(10000000) AS a CROSS JOIN range(10000000) AS b"

ASKED: list[Callable[[DuckDB, str], object]] = [
    lambda engine, select: engine.create("t", select),
    lambda engine, select: engine.query(select),
    lambda engine, select: next(engine.stream(select)),
]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[DuckDB]:
    engine = DuckDB(tmp_path / "spool")
    yield engine
    engine.close()


def rows_of(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'SELECT * FROM "{escaped}" ORDER BY number'  # noqa: S608


def numbers(count: int) -> pa.Table:
    return pa.table({"number": range(count), "text": [f"t{n}" for n in range(count)]}, schema=NUMBERS)


@pytest.mark.parametrize("name", NAMES)
def test_a_table_keeps_its_rows_under_any_name(engine: DuckDB, name: str) -> None:
    engine.load(name, numbers(3))
    assert engine.query(rows_of(name)).equals(numbers(3))
    engine.create(name + "2", rows_of(name))
    engine.view(name + "3", rows_of(name + "2"))
    assert engine.query(rows_of(name + "3")).equals(numbers(3))


@pytest.mark.parametrize("folder", NAMES)
def test_parquet_files_are_read_wherever_they_lie(engine: DuckDB, tmp_path: Path, folder: str) -> None:
    place = tmp_path / folder.replace("/", "_")
    place.mkdir()
    files = [place / "a 'b'.parquet", place / "[c]*.parquet"]
    for file, rows in zip(files, (numbers(2), numbers(3)), strict=True):
        pq.write_table(rows, file)
    engine.scan("t", [str(file) for file in files[:1]], NUMBERS)
    assert engine.query("SELECT * FROM t ORDER BY number").equals(numbers(2))


def test_a_name_with_wildcards_is_that_one_file(engine: DuckDB, tmp_path: Path) -> None:
    pq.write_table(numbers(2), tmp_path / "part[1].parquet")
    pq.write_table(numbers(5), tmp_path / "part1.parquet")
    engine.scan("t", [str(tmp_path / "part[1].parquet")], NUMBERS)
    assert engine.query("SELECT * FROM t ORDER BY number").equals(numbers(2))


def test_without_files_there_is_an_empty_table_of_the_schema(engine: DuckDB) -> None:
    engine.scan("t", [], NUMBERS)
    assert engine.query("SELECT * FROM t").equals(numbers(0))


def test_the_day_of_a_partition_is_a_column_and_columns_come_in_the_schemas_order(
    engine: DuckDB, tmp_path: Path
) -> None:
    schema = pa.schema([("day", pa.date32()), ("time", pa.timestamp("us")), ("number", pa.int64())])
    times = [datetime(2021, 3, 1, 23, 59, 59, 999_999), datetime(2021, 3, 2)]
    for number, moment in enumerate(times, 1):
        folder = tmp_path / f"day={moment:%Y-%m-%d}"
        folder.mkdir()
        pq.write_table(
            pa.table({"number": [number], "time": pa.array([moment], schema.field("time").type)}), folder / "a"
        )
    engine.scan("t", sorted(str(file) for file in tmp_path.rglob("a")), schema)
    expected = pa.table({"day": [date(2021, 3, 1), date(2021, 3, 2)], "time": times, "number": [1, 2]}, schema=schema)
    assert engine.query("SELECT * FROM t ORDER BY number").equals(expected)


def test_columns_that_a_file_lacks_are_null_there(engine: DuckDB, tmp_path: Path) -> None:
    kinds = {"a": pa.int64(), "b": pa.list_(pa.string()), "c": pa.map_(pa.string(), pa.string()), "d": pa.bool_()}
    schema = pa.schema(list(kinds.items()))
    rows: list[dict[str, Any]] = [{"a": 1, "b": ["x"]}, {"a": 2, "c": [("k", "v")]}, {"a": 3, "d": True}]
    for row in rows:
        part = pa.schema([(name, kinds[name]) for name in row])
        pq.write_table(pa.Table.from_pylist([row], schema=part), tmp_path / f"{row['a']}.parquet")
    engine.scan("t", sorted(map(str, tmp_path.glob("*.parquet"))), schema)
    found = engine.query("SELECT * FROM t ORDER BY a")
    assert found.to_pylist() == pa.Table.from_pylist(rows, schema=schema).to_pylist()


def test_a_folder_that_only_looks_like_a_partition_adds_no_column(engine: DuckDB, tmp_path: Path) -> None:
    (tmp_path / "number=7").mkdir()
    pq.write_table(numbers(1), tmp_path / "number=7" / "a.parquet")
    engine.scan("t", [str(tmp_path / "number=7" / "a.parquet")], NUMBERS)
    assert engine.query("SELECT * FROM t").equals(numbers(1))


def test_a_kernel_sees_each_row_once_in_bounded_batches(engine: DuckDB) -> None:
    count = 2 * BATCH_ROWS + 1
    engine.load("t", numbers(count))
    sizes = []

    def doubled(batch: pa.RecordBatch) -> pa.RecordBatch:
        sizes.append(batch.num_rows)
        values = [2 * number for number in batch.column("number").to_pylist()]
        return pa.RecordBatch.from_pydict({"double": values})

    engine.map("d", "SELECT number FROM t", doubled, pa.schema([("double", pa.int64())]))
    assert engine.query("SELECT * FROM d ORDER BY double")["double"].to_pylist() == list(range(0, 2 * count, 2))
    assert max(sizes) <= BATCH_ROWS


def test_a_kernel_over_nothing_leaves_an_empty_table_of_its_schema(engine: DuckDB) -> None:
    engine.load("t", numbers(0))
    engine.map("d", "SELECT * FROM t", lambda batch: batch, NUMBERS)
    assert engine.query("SELECT * FROM d").equals(numbers(0))


def test_a_stream_gives_every_row_batch_by_batch(engine: DuckDB) -> None:
    count = 3 * BATCH_ROWS
    engine.load("t", numbers(count))
    batches = list(engine.stream("SELECT number FROM t"))
    assert max(batch.num_rows for batch in batches) <= BATCH_ROWS
    assert sorted(n for batch in batches for n in batch.column("number").to_pylist()) == list(range(count))


def test_a_name_can_be_given_again(engine: DuckDB) -> None:
    for count in (1, 2):
        engine.load("t", numbers(count))
        engine.view("v", f"SELECT {count} AS n")
    assert engine.query("SELECT COUNT(*) AS n FROM t UNION ALL SELECT n FROM v")["n"].to_pylist() == [2, 2]


def test_times_are_utc_without_a_zone(engine: DuckDB) -> None:
    moment = datetime(2021, 3, 1, 12, 30, 0, 123456)
    engine.load("t", pa.table({"time": pa.array([moment], pa.timestamp("us"))}))
    found = engine.query("SELECT time, CAST(time AS DATE) AS day FROM t")
    assert found.schema.field("time").type == pa.timestamp("us")
    assert found.to_pylist() == [{"time": moment, "day": date(2021, 3, 1)}]


@pytest.mark.parametrize(
    "wrong", ["SELEC 1", "SELECT * FROM nowhere", "SELECT missing FROM t", "SELECT CAST('x' AS INT)"]
)
@pytest.mark.parametrize("way", ["query", "stream", "view", "create", "map"])
def test_what_cannot_be_run_is_one_line_that_names_the_trouble(engine: DuckDB, wrong: str, way: str) -> None:
    engine.load("t", numbers(1))

    def run() -> None:
        if way == "map":
            engine.map("x", wrong, lambda batch: batch, NUMBERS)
        elif way in {"view", "create"}:
            getattr(engine, way)("x", wrong)
            engine.query("SELECT * FROM x")
        else:
            list(getattr(engine, way)(wrong))

    with pytest.raises(LodgerError) as caught:
        run()
    assert str(caught.value).startswith("the query failed: ")
    assert "\n" not in str(caught.value)


def test_a_value_that_fails_far_down_a_stream_is_an_error_of_ours(engine: DuckDB) -> None:
    engine.load("t", numbers(4 * BATCH_ROWS))
    late = "SELECT CAST(CASE WHEN number > 50000 THEN 'x' ELSE '1' END AS INT) AS n FROM t"
    with pytest.raises(LodgerError, match="the query failed: "):
        list(engine.stream(late))
    with pytest.raises(LodgerError, match="the query failed: "):
        engine.query(late)


def test_a_file_that_is_gone_or_damaged_is_an_error_about_the_case(engine: DuckDB, tmp_path: Path) -> None:
    gone, damaged = tmp_path / "gone.parquet", tmp_path / "damaged.parquet"
    pq.write_table(numbers(1), gone)
    engine.scan("t", [str(gone)], NUMBERS)
    gone.unlink()
    with pytest.raises(CaseError) as caught:
        engine.query("SELECT * FROM t")
    assert "gone.parquet" in str(caught.value)
    assert caught.value.advice
    damaged.write_bytes(b"not parquet at all")
    engine.scan("u", [str(damaged)], NUMBERS)
    with pytest.raises(LodgerError) as other:
        engine.query("SELECT * FROM u")
    assert "damaged.parquet" in str(other.value)
    assert "\n" not in str(other.value)


def test_nothing_is_read_from_or_fetched_from_elsewhere(engine: DuckDB) -> None:
    with pytest.raises(LodgerError):
        engine.query("SELECT * FROM read_parquet('https://example.invalid/a.parquet')")


@pytest.mark.usefixtures("ctrl_c")
@pytest.mark.parametrize("ask", ASKED)
def test_an_interruption_ends_a_statement(engine: DuckDB, ask: Callable[[DuckDB, str], object]) -> None:
    timer = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        ask(engine, ENDLESS)
    timer.join()
    assert engine.query("SELECT 1 AS number")["number"].to_pylist() == [1]


def test_a_statement_of_another_thread_is_ended(engine: DuckDB) -> None:
    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(engine.query, ENDLESS)
        while not asked.done():
            engine.interrupt()
        with pytest.raises(LodgerError, match="INTERRUPT"):
            asked.result()


def test_nothing_is_left_in_the_spool(tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    one, two = DuckDB(spool), DuckDB(spool)
    one.load("t", numbers(100_000))
    two.load("t", numbers(1))
    assert any(spool.iterdir())
    one.close()
    assert two.query("SELECT COUNT(*) AS n FROM t").to_pylist() == [{"n": 1}]
    two.close()
    assert list(spool.iterdir()) == []
