"""Published scores, against the values that their own projects' tests give (RITA v5, analysis/beacons_test.go)."""

from __future__ import annotations

import numpy as np
import pytest

from lodger.lab.baselines import (
    DAY,
    autocovariance,
    bimodal,
    bowley,
    dispersion,
    duration,
    even,
    flat,
    hourly,
    longest_run,
    rita,
    rita_best_day,
    steady,
)

T0 = 1517338924.0
RANDOM = [1, 299, 25, 4975, 90, 2, 42, 500, 1500]
WIDE = [524885, 1, 5000, 98654, 50, 41, 965842, 3]


def _array(values: list[float]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array(values, dtype=np.float64)


@pytest.mark.parametrize(
    ("values", "skewness"),
    [
        ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0),
        ([60] * 9, 0),
        ([98, 99, 99, 100, 100, 100, 101, 101, 102], 0),
        (RANDOM, 0.845),
        (WIDE, 0.983),
        ([7, 8, 7, 8, 7, 8, 7, 8, 7], 0),
        ([1, 1, 2, 2, 2, 2], 0),
        ([7.7, 6.6, 4.4, 1.1, 5.5, 3.3, 2.2], 0),
    ],
)
def test_skewness_is_that_of_rita(values: list[float], skewness: float) -> None:
    assert bowley(_array(values)) == pytest.approx(skewness, abs=0.001)


@pytest.mark.parametrize(
    ("values", "default", "score"),
    [
        ([60] * 9, 0, 1),
        ([98, 99, 99, 100, 100, 100, 101, 101, 102], 0, 0.995),
        ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0, 0.773),
        (RANDOM, 1, 0.083),
        (WIDE, 0, 0.009),
        ([0] * 10, 0, 0.5),
        ([0] * 10, 1, 1),
        ([-1, -2, -3, -4, -5, -6, -7, -8, -9, -10], 0, 0.5),
        ([7, 8, 7, 8, 7, 8, 7, 8, 7], 1, 1),
        ([1, 1, 2, 2, 2, 2], 1, 1),
        ([98, 300] * 5, 1, 0.746),
    ],
)
def test_the_score_of_intervals_and_sizes_is_that_of_rita(values: list[float], default: float, score: float) -> None:
    assert even(_array(values), default) == pytest.approx(score, abs=0.001)


def test_dispersion_is_a_share_of_the_median() -> None:
    assert dispersion(_array([90, 100, 110]), 0) == pytest.approx(0.9)
    assert dispersion(_array([1, 100, 1e6]), 0) == pytest.approx(0.01)


@pytest.mark.parametrize(
    ("times", "span", "counts", "run", "score"),
    [
        ([n for n in range(1, 11) for _ in range(n)], (1, 11), list(range(1, 11)), 10, 0.478),
        ([T0 + 3600 * n for n in range(24)], (T0, T0 + DAY), [1] * 24, 24, 1),
        ([98, 99, 99, 100, 100, 100, 101, 101, 102], (98, 102), [1, 0, 2, 0, 3, 0, 2, 1], 3, 0.064),
        ([524885, 1, 5000, 98654, 50, 41, 965842, 3, 12001, 200400, 104001, 199999], (0, 1e6),
         [7, 2, 1, 0, 0, 1, 0, 0, 0, 1], 4, 0),
        ([10, 20, 100, 110, 110, 220], (0, 250), [2, 0, 3, 0, 1], 2, 0.028),
        ([T0 + 60 * n for n in range(10)], (T0, T0 + DAY), [10] + [0] * 23, 1, 0),
    ],
)  # fmt: skip
def test_the_histogram_is_that_of_rita(
    times: list[float], span: tuple[float, float], counts: list[int], run: int, score: float
) -> None:
    found = hourly(_array(times), *span, len(counts))
    assert found.tolist() == counts
    assert longest_run(found) == run
    assert max(flat(found), bimodal(found)) == pytest.approx(score, abs=0.001)


def test_two_heights_in_turn_are_bimodal() -> None:
    counts = np.array([4, 1] * 5)
    assert flat(counts) == pytest.approx(0.4)
    assert bimodal(counts, 6) == 1
    assert bimodal(np.array([10] + [0] * 23), 1) == 0


@pytest.mark.parametrize(
    ("first", "last", "busy", "run", "score"),
    [
        (0, 24, 24, 24, 1),
        (0, 24, 6, 1, 1),
        (12, 24, 6, 1, 0.5),
        (6, 24, 6, 1, 0.75),
        (12, 18, 6, 6, 0.5),
        (6, 18, 3, 1, 0),
    ],
)
def test_duration_is_that_of_rita(first: int, last: int, busy: int, run: int, score: float) -> None:
    counts = np.zeros(24, dtype=np.int64)
    counts[: 2 * busy : 2 if run == 1 and busy < 13 else 1] = 1
    counts[busy if run > 1 else 24 :] = 0
    times = _array([T0 + first * 3600, T0 + last * 3600])
    assert duration(times, T0, T0 + DAY, counts) == pytest.approx(score, abs=0.001)


def test_a_beacon_scores_high_and_a_handful_of_calls_nothing() -> None:
    beacon = _array([T0 + 60 * n for n in range(1440)])
    assert rita(beacon, np.full(1440, 400.0), T0) == 1
    assert rita(beacon[:3], np.full(3, 400.0), T0) == 0
    two_days = np.concatenate([T0 + _array([5, 900, 4000, 4100, 60000]), beacon + DAY])
    assert rita_best_day(two_days, np.full(len(two_days), 400.0), T0, 2) == 1


def test_steadiness_and_autocovariance_tell_a_beacon_from_chance() -> None:
    rng = np.random.default_rng(1)
    beacon, chance = _array([600 * n for n in range(144)]), np.sort(rng.uniform(0, DAY, 144))
    assert steady(beacon) == pytest.approx(1)
    assert steady(chance) < 0.3
    assert autocovariance(beacon, 0.0, 1) > 0.9
    assert autocovariance(chance, 0.0, 1) < 0.5
    assert autocovariance(beacon[:4], 0.0, 1) == 0
