"""What Lodger costs is kept, told against the bars, and its slope is Theil's and Sen's."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.daily import looked_at
from benchmarks.lab import costs
from benchmarks.lab.cost import Daily, Day, Scale, Step, keep, read, slope, slopes
from benchmarks.lab.kept import Build

BUILD = Build("0123456789", clean=True, versions={"duckdb": "2.0.0"})
SCALE = Scale(
    BUILD, 100, 30, 1, 4_000_000, 2_000_000,
    (Step("write", 60.0, 110.0, 300.0), Step("read", 30.0, 30.0, 20.0), Step("all three", 84.0, 150.0, 1024.0)),
)  # fmt: skip


def daily(ingest: float, analysis: float) -> Daily:
    """Days of one second and of three, which both grow by so much a day, on a machine that is slow every other time."""
    days = [
        Day(number, 1000, (1 + ingest * number) * slow, (3 + analysis * number) * slow, 4 * slow)
        for number, slow in zip(range(0, 400, 20), [0.8, 1.2] * 10, strict=True)
    ]
    return Daily(BUILD, 6, 400, 20, 1, tuple(days))


def test_a_few_days_that_cost_more_do_not_move_the_slope_and_it_is_of_the_mean_day() -> None:
    days = [(number, 2.0 + 0.001 * number) for number in range(0, 400, 20)]
    dear = [(number, cost + 30.0 if number in {100, 240} else cost) for number, cost in days]
    assert slope(days).value == pytest.approx(0.4 / (2 + 0.19))
    found = slope(dear)
    assert found.value == pytest.approx(0.4 / (2 + 0.19 + 3), rel=0.05)
    assert found.low <= found.value <= found.high


def test_a_cost_that_grows_evenly_has_that_slope() -> None:
    found = slopes(daily(0.0, 0.001))
    assert found["ingest"].value == 0
    assert found["analysis"].value == pytest.approx(0.4 / (3 + 0.19))
    assert found["both"].low == pytest.approx(found["both"].high) == pytest.approx(0.4 / (4 + 0.19))


def test_what_was_measured_is_kept_and_told_against_the_bars(tmp_path: Path) -> None:
    assert (read(Scale, tmp_path), read(Daily, tmp_path)) == (None, None)
    assert (costs.bars(tmp_path), costs.told(tmp_path), costs.chart(tmp_path)) == ([], "", None)
    keep(SCALE, tmp_path)
    keep(daily(0.0, 0.0011), tmp_path)
    assert read(Scale, tmp_path) == SCALE
    assert read(Daily, tmp_path) == daily(0.0, 0.0011)
    assert costs.bars(tmp_path) == [
        [
            "1,000 hosts over 60 days, from logs to cases",
            "30 min, 8 GB",
            "28.0 min, 1.0 GB (in proportion, from 100 over 30)",
            "yes",
        ],
        ["what a day costs more, 400 days later", "at most 10%", "+10% (+10% to +10%); 6 hosts", "no"],
    ]
    told = costs.told(tmp_path)
    assert "| all three | 84.0 | 150.0 | 71,429 | 1,024 | 28.0 |" in told
    assert "| analysis | +14% (+14% to +14%) | 3.21 |" in told
    (rows,) = costs.chart(tmp_path).to_dict()["datasets"].values()  # type: ignore[union-attr]
    assert rows[0] == {"day": 1, "seconds": 4.0, "part": "both"}
    assert len(rows) == 60


def test_of_weeks_a_wednesday_is_looked_at() -> None:
    assert looked_at(5, 2) == [1, 3]
    assert looked_at(42, 14) == [9, 23, 37]
    assert all(day % 7 == 2 for day in looked_at(400, 10))
