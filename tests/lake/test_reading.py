"""What a reader yields is held to the reader's contract before anything of it reaches the lake."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodger.errors import PluginError
from lodger.lake.reading import LONGEST_REASON, Reading
from lodger.model.ingest import SourceReport
from lodger.model.tables import KEPT_ASIDE, TELEMETRY
from lodger.model.telemetry import Aside, Batch, Item, SourceFile
from lodger.telemetry.reader import Reader

SOURCE = SourceFile(Path("dns.log"), "logs.zip!dns.log", "f" * 64, "c" * 64, 1)
MOMENT = datetime.fromisoformat("2021-01-01T00:00:00")


def batch(*records: int, table: str = "zeek_dns", days: int = 1) -> Batch:
    rows = [
        {"source": "f" * 64, "record": record, "time": MOMENT, "day": date(2021, 1, 1) + timedelta(days=record % days)}
        for record in records
    ]
    return Batch(table, pa.RecordBatch.from_pylist(rows, schema=TELEMETRY[table]))


def reading(*items: Item, marks: dict[str, int] | None = None) -> Reading:
    def read(source: SourceFile) -> Iterator[Item]:
        assert source == SOURCE
        yield from items

    reader = Reader("odd", "Odd", "nowhere", bool, read)
    return Reading(SOURCE, reader, lambda table: (marks or {}).get(table, 0))


def records(item: Batch | Aside) -> tuple[str, list[int]]:
    """Table and record numbers of an item."""
    if isinstance(item, Aside):
        return "kept_aside", [item.record]
    return item.table, item.data["record"].to_pylist()


def test_a_table_has_what_comes_after_its_own_mark() -> None:
    items: list[Item] = [
        batch(1, 3),
        Aside(2, "x"),
        batch(4, 7),
        Aside(5, "y"),
        Aside(5, "z"),
        batch(2, 8, table="zeek_conn"),
    ]
    found = reading(*items, marks={"zeek_dns": 3, "kept_aside": 2, "zeek_conn": 2})
    assert [records(item) for item in found.fresh()] == [
        ("zeek_dns", [4, 7]),
        ("kept_aside", [5]),
        ("zeek_conn", [8]),
    ]
    assert found.marks == {"zeek_dns": 7, "kept_aside": 3, "zeek_conn": 8}
    assert found.report() == SourceReport("logs.zip!dns.log", "odd", 9, 6, 3)


@given(st.lists(st.integers(1, 5), max_size=12), st.integers(0, 50))
def test_nothing_is_lost_or_doubled_whatever_the_mark(sizes: list[int], mark: int) -> None:
    numbers = iter(range(1, 1000))
    batches = [batch(*(next(numbers) for _ in range(size))) for size in sizes]
    total = sum(sizes)
    found = reading(*batches, marks={"zeek_dns": mark})
    fresh = [record for item in found.fresh() for record in records(item)[1]]
    assert fresh == list(range(mark + 1, total + 1))
    assert found.report().stored == total


def test_reading_ends_where_the_reader_says_so() -> None:
    found = reading(batch(1), "cut off\nat byte 9", batch(2))
    assert [records(item) for item in found.fresh()] == [("zeek_dns", [1])]
    assert found.report() == SourceReport("logs.zip!dns.log", "odd", 1, 1, 0, "cut off at byte 9")


@given(st.text(st.characters(codec=None), max_size=2000))
def test_a_reason_can_be_stored_whatever_it_quotes(reason: str) -> None:
    (aside,) = reading(Aside(1, reason)).fresh()
    assert isinstance(aside, Aside)
    assert len(aside.reason) <= LONGEST_REASON
    assert aside.reason.splitlines() in ([], [aside.reason])
    pa.array([aside.reason], KEPT_ASIDE.field("reason").type)


@pytest.mark.parametrize(
    ("items", "why"),
    [
        ([batch(1), batch(1)], "record numbers do not ascend in zeek_dns"),
        ([batch(2, 1)], "record numbers do not ascend in zeek_dns"),
        ([batch(0)], "record numbers do not ascend in zeek_dns"),
        ([Batch("zeek_conn", batch(1).data)], "its batch is not of the schema of a table 'zeek_conn'"),
        ([Batch("source", batch(1).data)], "its batch is not of the schema of a table 'source'"),
        (
            [
                Batch(
                    "zeek_dns",
                    pa.RecordBatch.from_pylist(
                        [{"source": "f", "record": 1, "day": date(2021, 1, 1)}], schema=TELEMETRY["zeek_dns"]
                    ),
                )
            ],
            "no value in time of zeek_dns",
        ),
    ],
)
def test_a_reader_that_breaks_its_contract_is_named(items: list[Item], why: str) -> None:
    with pytest.raises(PluginError) as caught:
        list(reading(*items).fresh())
    assert str(caught.value) == f"reader odd: {why}, reading logs.zip!dns.log"


def test_the_days_that_a_file_may_fill_do_not_depend_on_how_it_is_cut_into_batches(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("lodger.lake.reading.MOST_DAYS", 3)
    whole = reading(batch(*range(1, 31), days=7))
    parts = reading(*(batch(number, days=7) for number in range(1, 31)))
    outcomes = []
    for found in (whole, parts):
        items = [records(item) for item in found.fresh()]
        outcomes.append(
            {
                table: [n for name, numbers in items if name == table for n in numbers]
                for table in ("zeek_dns", "kept_aside")
            }
        )
    assert outcomes[0] == outcomes[1]
    assert {number % 7 for number in outcomes[0]["zeek_dns"]} == {1, 2, 3}
    assert sorted(outcomes[0]["zeek_dns"] + outcomes[0]["kept_aside"]) == list(range(1, 31))
    assert whole.report() == parts.report()
