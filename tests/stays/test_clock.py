"""Clocks of hosts and network sensors that differ, drift and are set, and the joins that must hold all the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analysis.records import Process, Record, analysed, at, connected, flow, rows_of

A = r"C:\Program Files\A\a.exe"
TO = "192.0.2.10"


def _seen_by_both(ahead: Callable[[datetime], timedelta], hours: list[int]) -> list[Record]:
    """One connection at each of these hours, on the host's clock and on the network's."""
    rows: list[Record] = []
    for number, hour in enumerate(hours):
        when = at(hours=hour)
        ends: dict[str, Any] = {"source_port": 1000 + number}
        rows.append(connected(Process("ws", A), when, TO, **ends))
        rows.append(flow(f"C{number:04}", when + ahead(when), TO, **ends))
    return rows


def joined(rows: list[Record]) -> list[tuple[datetime, str | None, int | None]]:
    engine = analysed(rows, "stays")
    found = rows_of(engine, "SELECT time, uid, bytes_out FROM contact_event ORDER BY time")
    engine.close()
    return [(row["time"], row["uid"], row["bytes_out"]) for row in found]


def whole(hours: list[int]) -> list[tuple[datetime, str | None, int | None]]:
    """Every connection once, with the host's process and time and the network's bytes."""
    return [(at(hours=hour), Process("ws", A).guid.strip("{}"), 500) for hour in hours]


CLOCKS: dict[str, Callable[[datetime], timedelta]] = {
    "nineteen hours ahead": lambda _: timedelta(hours=19, seconds=3),
    "seven hours behind": lambda _: timedelta(hours=-7),
    "a year and a half ahead": lambda _: timedelta(days=550, milliseconds=12),
    "forty years behind": lambda _: timedelta(days=-14_600),
    "drifts a second an hour": lambda when: timedelta(seconds=(when - at()) / timedelta(hours=1)),
    "drifts away, from nineteen hours": lambda when: timedelta(hours=19, seconds=-(when - at()) / timedelta(hours=1)),
    "set by an hour at noon of the fifth day": lambda when: timedelta(hours=when > at(days=4, hours=12)),
    "set by forty seconds": lambda when: timedelta(seconds=40 * (when > at(days=6, hours=3))),
}


@pytest.mark.parametrize("clock", CLOCKS)
def test_every_connection_of_ten_days_is_joined_whatever_the_clocks_do(clock: str) -> None:
    hours = list(range(0, 240, 2))
    assert joined(_seen_by_both(CLOCKS[clock], hours)) == whole(hours)


def test_a_day_without_pairs_of_its_own_has_the_line_between_its_neighbours() -> None:
    """Weekdays pair; on the weekend one connection alone shows nothing, and is joined by what Friday and Monday say."""
    hours = [day * 24 + hour for day in (0, 1, 2, 3, 4, 7, 8) for hour in range(8, 18)] + [5 * 24 + 9, 6 * 24 + 20]
    assert joined(_seen_by_both(CLOCKS["drifts a second an hour"], sorted(hours))) == whole(sorted(hours))


def test_the_table_says_how_far_and_how_fast_by_day() -> None:
    rows = _seen_by_both(CLOCKS["drifts a second an hour"], list(range(0, 72, 2)))
    engine = analysed(rows, "stays")
    days = rows_of(
        engine,
        "SELECT day, pairs, days_away, ahead_seconds, measured, round(drift * 3600, 3) AS an_hour FROM clock_day"
        " WHERE choice = 1 ORDER BY day",
    )
    engine.close()
    own = [
        {
            "day": at(days=day).date(),
            "pairs": 12,
            "days_away": 0,
            "ahead_seconds": day * 24 + 11.0,
            "measured": at(days=day, hours=11),
            "an_hour": 1.0,
        }
        for day in range(3)
    ]
    before = {**own[0], "day": at(days=-1).date(), "days_away": 1}
    after = {**own[2], "day": at(days=3).date(), "days_away": 1}
    assert days == [before, *own, after]


def test_what_only_the_network_saw_is_told_on_the_hosts_clock_of_that_day() -> None:
    rows = _seen_by_both(CLOCKS["drifts a second an hour"], list(range(0, 240, 2)))
    rows.append(flow("late", at(days=9, hours=5, seconds=221), "192.0.2.77", source_port=9))
    assert (at(days=9, hours=5), None, 500) in joined(rows)


def test_three_pairs_that_disagree_tell_no_time_of_day() -> None:
    rows = _seen_by_both(lambda _: timedelta(), [0, 2, 4, 6, 24])
    odd = [(26, 3), (28, 9), (30, -8)]
    for number, (hour, gap) in enumerate(odd):
        ends: dict[str, Any] = {"source_port": 9000 + number}
        rows.append(connected(Process("ws", A), at(hours=hour), TO, **ends))
        rows.append(flow(f"O{number}", at(hours=hour + gap), TO, **ends))
    engine = analysed(rows, "stays")
    found = rows_of(engine, "SELECT day, ahead_seconds, drift FROM clock_day WHERE choice = 1 AND days_away = 0")
    engine.close()
    assert found == [{"day": at().date(), "ahead_seconds": 0.0, "drift": 0.0}]


def test_ports_that_come_again_every_minute_are_joined_by_the_minute() -> None:
    rows: list[Record] = []
    for minute in range(600):
        rows.append(connected(Process("ws", A), at(minutes=minute), TO, 8443, source_port=8443))
        rows.append(flow(f"M{minute:04}", at(minutes=minute, seconds=14), TO, 8443, source_port=8443))
    assert [row[2] for row in joined(rows)] == [500] * 600


@settings(max_examples=15)
@given(
    st.lists(st.integers(0, 20 * 24), min_size=20, max_size=60, unique=True),
    st.integers(-80_000, 80_000),
    st.floats(-1, 1),
)
def test_a_steady_drift_never_parts_what_belongs_together(hours: list[int], seconds: int, an_hour: float) -> None:
    def ahead(when: datetime) -> timedelta:
        return timedelta(seconds=round(seconds + an_hour * ((when - at()) / timedelta(hours=1)), 3))

    busy = sorted({*hours, *(day * 24 + hour for day in range(20) for hour in (3, 9, 15, 21))})
    assert joined(_seen_by_both(ahead, busy)) == whole(busy)
