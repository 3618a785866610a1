"""Times of programs that wait, as records would bear them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from lodger.lab.checkins import (
    DAY,
    HOUR,
    Scenario,
    Sleep,
    jittered,
    log_normal,
    memoryless,
    powered,
    random_in_hours,
    spread_over,
    times,
)


def _quiet(sleep: Sleep, days: int, **more: Any) -> Scenario:
    return Scenario(sleep, days, missed=0.0, sessions=0.0, **more)


def _apart(scenario: Scenario, least: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Intervals of more than ``least`` seconds."""
    gaps = np.diff(times(np.random.default_rng(5), scenario))
    return np.asarray(gaps[gaps > least])


def test_the_same_seed_gives_the_same_times_in_order() -> None:
    plan = Scenario(jittered(HOUR, 0.3), 7)
    first, again = (times(np.random.default_rng(1), plan) for _ in range(2))
    assert first.tolist() == again.tolist() == sorted(first)


def test_jittered_sleeps_lie_within_their_bounds() -> None:
    gaps = _apart(_quiet(jittered(HOUR, 0.3), 5), 1000)
    assert np.median(gaps) == pytest.approx(HOUR, rel=0.1)
    assert np.mean((gaps > 0.69 * HOUR) & (gaps < 1.31 * HOUR)) > 0.95


def test_memoryless_and_log_normal_sleeps_have_the_mean_that_was_asked_for() -> None:
    rng = np.random.default_rng(2)
    assert np.mean([memoryless(60)(rng) for _ in range(4000)]) == pytest.approx(60, rel=0.1)
    assert np.median([log_normal(60, 0.4)(rng) for _ in range(4000)]) == pytest.approx(60, rel=0.1)


def test_a_changed_sleep_is_the_later_one_after_the_turn() -> None:
    plan = _quiet(jittered(HOUR, 0), 10, later=jittered(4 * HOUR, 0), turn=5)
    gaps = _apart(plan, 1000)
    assert np.median(gaps[:50]) == pytest.approx(HOUR, rel=0.01)
    assert np.median(gaps[-15:]) == pytest.approx(4 * HOUR, rel=0.01)


def test_a_host_of_office_hours_is_off_at_night_and_calls_when_it_starts() -> None:
    spans = powered(np.random.default_rng(3), 14, office=True)
    assert 7 <= len(spans) <= 10
    assert all(5 < begin % DAY / HOUR < 11 < end % DAY / HOUR < 22 for begin, end in spans)
    calls = times(np.random.default_rng(3), _quiet(jittered(8 * HOUR, 0), 14, office=True))
    assert len(calls) >= len(spans)
    assert all(5 < call % DAY / HOUR < 22 for call in calls)


def test_random_calls_lie_in_office_hours() -> None:
    calls = random_in_hours(np.random.default_rng(4), 28, 4)
    assert 40 < len(calls) < 120
    assert all(5 < call % DAY / HOUR < 22 for call in calls)


def test_calls_spread_over_names_are_the_same_calls() -> None:
    calls = np.arange(100.0)
    parts = spread_over(np.random.default_rng(1), calls, 10)
    assert len(parts) == 10
    assert sorted(np.concatenate(parts)) == calls.tolist()
