"""What the lake has is never taken for new, whatever it is asked about; most of what is new is told so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from lodger.lake.seen import Seen

HOUR = 3_600_000_000

Row = tuple[int, str | None]

#: Times of a few days, the days before 1970 included, and of few hosts, so that some come again.
ROWS = st.lists(
    st.tuples(st.integers(-3 * 24, 3 * 24).map(lambda hours: hours * HOUR), st.sampled_from(["a", "ä", None]))
)


def batch(rows: list[Row], *, hosts: bool = True) -> pa.RecordBatch:
    times = pa.array([micros for micros, _ in rows], pa.timestamp("us"))
    if not hosts:
        return pa.record_batch({"time": times})
    return pa.record_batch({"time": times, "Computer": pa.array([host for _, host in rows], pa.string())})


def nothing(_: str, __: int) -> Iterator[pa.RecordBatch]:
    return iter(())


@given(st.lists(ROWS, max_size=8), ROWS, ROWS)
def test_every_row_that_is_there_may_be_there(added: list[list[Row]], earlier: list[Row], asked: list[Row]) -> None:
    def of_day(table: str, day: int) -> Iterator[pa.RecordBatch]:
        assert table == "windows_event"
        yield batch([row for row in earlier if row[0] // (24 * HOUR) == day])

    seen = Seen(of_day)
    for rows in added:
        seen.add("windows_event", batch(rows))
    there = {*earlier, *(row for rows in added for row in rows)}
    for row in [*there, *asked]:
        assert seen.may_have("windows_event", batch([row])) == (row in there)  # so few that none is taken for another


def test_hosts_tables_and_days_are_told_apart_and_a_day_is_asked_for_once() -> None:
    days: list[int] = []

    def of_day(_: str, day: int) -> Iterator[pa.RecordBatch]:
        days.append(day)
        return iter(())

    seen = Seen(of_day)
    moment = int(datetime(2026, 3, 1, tzinfo=UTC).timestamp()) * 1_000_000
    seen.add("windows_event", batch([(moment, "a"), (moment, None)]))
    assert [seen.may_have("windows_event", batch([(moment, host)])) for host in ("a", "b", None)] == [True, False, True]
    assert not seen.may_have("windows_event", batch([(moment + 24 * HOUR, "a")]))
    assert not seen.may_have("zeek_conn", batch([(moment, "a")], hosts=False))
    assert days == [20_513, 20_514, 20_513]


def test_of_many_rows_few_others_may_be_there() -> None:
    seen = Seen(nothing)
    for first in range(0, 200_000, 1000):
        seen.add("zeek_conn", batch([(number * 400, None) for number in range(first, first + 1000)], hosts=False))
    others = [batch([(number * 400 + 1, None)], hosts=False) for number in range(2000)]
    assert sum(seen.may_have("zeek_conn", other) for other in others) <= 5
    assert seen.may_have("zeek_conn", batch([(80_000 * 400, None)], hosts=False))
