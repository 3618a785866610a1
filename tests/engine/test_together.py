"""Statements asked at the same time give what they give one after the other."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from tests.engine.test_duckdb import ENDLESS

from lodger.engine.duckdb import AT_ONCE, DuckDB
from lodger.engine.together import Task, together
from lodger.errors import LodgerError


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[DuckDB]:
    with closing(DuckDB(tmp_path / "spool")) as made:
        yield made


def _create(engine: DuckDB, name: str, select: str) -> Task[None]:
    return Task(name, select, partial(engine.create, name, select))


def test_each_reads_what_those_before_it_made(engine: DuckDB) -> None:
    tasks = [_create(engine, "n0", "SELECT 1 AS number")]
    for each in range(1, 30):
        select = f"SELECT a.number + b.number AS number FROM n{each - 1} AS a CROSS JOIN n{max(each - 2, 0)} AS b"  # noqa: S608
        tasks.append(_create(engine, f"n{each}", select))
    together(engine, tasks, lambda: None)
    numbers = [1, 2]
    while len(numbers) < 30:
        numbers.append(numbers[-1] + numbers[-2])
    assert [engine.read(f"n{each}")["number"].to_pylist() for each in range(30)] == [[number] for number in numbers]


def test_a_table_is_replaced_after_those_before_it_have_read_it(engine: DuckDB) -> None:
    engine.create("t", "SELECT 1 AS number")
    tasks = [
        _create(engine, "slow", "SELECT sum(t.number) AS number FROM t CROSS JOIN range(3000000)"),
        _create(engine, "t", "SELECT 2 AS number"),
        _create(engine, "after", "SELECT number FROM t"),
    ]
    together(engine, tasks, lambda: None)
    assert engine.read("slow")["number"].to_pylist() == [3_000_000]
    assert engine.read("after")["number"].to_pylist() == [2]


def test_answers_come_in_the_order_of_the_tasks_and_each_is_told_to_the_caller_s_thread(engine: DuckDB) -> None:
    told: list[int] = []
    selects = [f"SELECT {each} + 0 * sum(range) AS number FROM range({(20 - each) * 10_000})" for each in range(20)]  # noqa: S608
    tasks = [Task(f"q{each}", select, partial(engine.query, select)) for each, select in enumerate(selects)]
    answers = together(engine, tasks, lambda: told.append(threading.get_ident()))
    assert [answer["number"][0].as_py() for answer in answers] == list(range(20))
    assert told == [threading.get_ident()] * 20


def test_what_a_comment_says_is_not_waited_for(engine: DuckDB) -> None:
    if AT_ONCE < 2 or _most(engine) < 2:
        pytest.skip("one processor")
    met = threading.Barrier(2, timeout=60)
    tasks = [Task("one", "SELECT 1", met.wait), Task("two", "-- one and three\nSELECT 2", met.wait)]
    assert sorted(together(engine, tasks, lambda: None)) == [0, 1]


def test_the_error_of_a_task_is_raised_and_those_that_need_it_are_not_begun(engine: DuckDB) -> None:
    begun: list[str] = []
    tasks = [
        _create(engine, "broken", "SELECT no_such_column FROM range(3)"),
        Task("after", "SELECT * FROM broken", lambda: begun.append("after")),
    ]
    with pytest.raises(LodgerError, match="no_such_column"):
        together(engine, tasks, lambda: None)
    assert begun == []
    assert engine.query("SELECT 1 AS number")["number"].to_pylist() == [1]


@pytest.mark.usefixtures("ctrl_c")
def test_an_interruption_ends_what_was_begun(engine: DuckDB) -> None:
    ended: list[str] = []

    def ask() -> None:
        try:
            engine.query(ENDLESS)
        except LodgerError as error:
            ended.append(str(error))

    def interrupt() -> None:
        os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        together(engine, [Task("now", "SELECT 1", interrupt), Task("long", ENDLESS, ask)], lambda: None)
    assert all("INTERRUPT" in each for each in ended)
    assert engine.query("SELECT 1 AS number")["number"].to_pylist() == [1]


def test_an_error_ends_what_was_begun(engine: DuckDB) -> None:
    tasks = [_create(engine, "broken", "SELECT no_such_column FROM range(3)"), _create(engine, "long", ENDLESS)]
    with pytest.raises(LodgerError, match="no_such_column"):
        together(engine, tasks, lambda: None)
    assert engine.query("SELECT 1 AS number")["number"].to_pylist() == [1]


def test_no_tasks_have_no_answers(engine: DuckDB) -> None:
    assert together(engine, [], lambda: None) == []


def test_statements_have_all_processors_again_afterwards(engine: DuckDB) -> None:
    asked = "SELECT current_setting('threads') AS threads"
    usual = engine.query(asked)["threads"].to_pylist()
    with engine.side_by_side():
        assert engine.query(asked)["threads"].to_pylist() == [1]
    assert engine.query(asked)["threads"].to_pylist() == usual


def _most(engine: DuckDB) -> int:
    with engine.side_by_side() as most:
        return most
