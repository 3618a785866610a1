"""The arithmetic of rhythms against independent sums, and compiled against as it stands."""

from __future__ import annotations

import itertools
import logging
import math
from collections.abc import Callable

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lodger.evidence import renewal
from lodger.evidence.intervals import (
    COLLAPSES,
    CUTS,
    OFFS,
    Counts,
    Floats,
    ascending,
    habits,
    hours,
    memoryless,
    ordinary,
    summed,
    table,
)
from lodger.evidence.renewal import compiled
from lodger.evidence.sleeping import (
    _MOST_LEFT,
    CHANGED,
    DAILY,
    JITTERED,
    JITTERS,
    LOG_NORMAL,
    MEMORYLESS,
    _least,
    _window,
)

G = COLLAPSES[0]
NO_GAINS = np.zeros(len(OFFS) + len(CUTS))


def judge(seconds: Floats, offsets: Counts) -> Floats:
    """Of calls at these seconds."""
    return renewal.judge(np.rint(seconds * 1e6).astype(np.int64), offsets)[1]


gaps = st.lists(st.floats(11.0, 3e5), min_size=2, max_size=30)


def _beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def _share(often: int, rarely: int) -> float:
    """Beta with 1 and 1, or with 6 and 1, half and half."""
    even, mostly = _beta(1 + often, 1 + rarely), _beta(6 + often, 1 + rarely) - _beta(6, 1)
    return math.log((math.exp(even) + math.exp(mostly)) / 2)


def _empty(gap: float) -> float:
    """A gap after more than four hours: a night half of the time, a weekend a tenth, over any gap."""
    night = 0.5 / 8 if 10 <= gap / 3600 <= 18 else 0.0
    weekend = 0.1 / 16 if 56 <= gap / 3600 <= 72 else 0.0
    return 0.4 + (night + weekend) / 3600 * gap * math.log(40 * 24 / 4)


def _grid(low: float, high: float, steps: int = 20_000) -> tuple[Floats, float]:
    """Middles of equal steps in the logarithm, and a step."""
    step = math.log(high / low) / steps
    return np.exp(math.log(low) + (np.arange(steps) + 0.5) * step), step


def _integrated(logs: Floats, step: float) -> float:
    top = float(logs.max())
    return top + math.log(float(np.exp(logs - top).sum()) * step)


def _below_by_sums(d: Floats) -> float:
    """The ordinary model below its cut, its scales integrated by brute force over their log-uniform priors."""
    excess, logs, k = d - G + 1, np.log(d), len(d)
    parts: list[float] = []
    for shape in (0.2, 0.35, 0.5, 0.7):
        scale, step = _grid(1e-4, 1e13)
        density = (shape - 1) * np.log(excess).sum() - k * math.lgamma(shape) - shape * k * np.log(scale)
        parts.append(_integrated(density - excess.sum() / scale, step) - math.log(13.9 * 4))
    for sigma, weight in ((0.85, 0.1), (1.0, 0.225), (1.4, 0.225), (2.0, 0.225), (2.8, 0.225)):
        centre, step = _grid(1e-20, 1e30)
        square = np.array([float(((logs - math.log(each)) ** 2).sum()) for each in centre[::10]])
        density = -logs.sum() - k / 2 * math.log(2 * math.pi * sigma**2) - square / (2 * sigma**2)
        parts.append(_integrated(density, 10 * step) + math.log(weight / 15))
    top = max(parts)
    total = sum(math.exp(part - top) for part in parts)
    return top + math.log(total) - math.log(2)


@given(st.lists(st.floats(11.0, 3000.0), min_size=2, max_size=6))
@settings(max_examples=15, deadline=None)
def test_the_ordinary_evidence_is_that_of_brute_integration(intervals: list[float]) -> None:
    d = np.sort(np.array(intervals))
    # all intervals lie below every cut, so only the one without a cut counts, at a quarter of the weight
    split = math.lgamma(4) + math.lgamma(3 + len(d)) + math.lgamma(1) - math.lgamma(3) - math.lgamma(4 + len(d))
    wanted = math.log(0.25) + split + _below_by_sums(d)
    assert ordinary(d, summed(d, G), NO_GAINS, table()) == pytest.approx(wanted, abs=0.05)


@given(st.lists(st.floats(11.0, 17_000.0), min_size=2, max_size=40))
@settings(max_examples=40, deadline=None)
def test_the_evidence_of_exponential_sleeps_is_that_of_brute_integration(intervals: list[float]) -> None:
    d = np.sort(np.array(intervals))
    mean, step = _grid(1e-3, 1e9)
    density = _integrated(-len(d) * np.log(mean) - (d - G + 1).sum() / mean, step) - math.log(8.23)
    split = math.lgamma(4) + math.lgamma(3 + len(d)) - math.lgamma(3) - math.lgamma(4 + len(d))
    found, told = memoryless(d, summed(d, G), NO_GAINS, table())
    assert found == pytest.approx(density + split - math.log(2), abs=0.02)
    assert told == pytest.approx(float((d - G + 1).mean()))


@given(st.lists(st.floats(0, 23.99), min_size=3, max_size=8), st.sampled_from((1, 16, 43, 49)), st.floats(0, 1e6))
@settings(max_examples=40, deadline=None)
def test_what_hours_add_is_the_sum_over_all_hours_told(clock: list[float], often: int, origin: float) -> None:
    clock *= often
    times = origin + np.arange(len(clock)) * 86400.0 * 2 + np.array(clock) * 3600
    apart = np.diff(times)
    since = (times - times[0])[1:]
    slots = ((since % 86400) / 300).astype(int) % 288
    days = len({0, *np.floor(since / 86400 + 0.5)})
    parts = [math.log(1 / 4) - len(since) * math.log(86400.0)]
    for sigma, hour in itertools.product((1.2, 2.5, 5.0), range(24)):
        away = np.abs(slots - hour * 12) % 288
        away = np.minimum(away, 288 - away) * 300 / 3600
        density = 0.9 * np.exp(-0.5 * (away / sigma) ** 2) / (sigma * 3600 * math.sqrt(2 * math.pi)) + 0.1 / 86400
        parts.append(math.log(1 / 96) + float(np.log(density).sum()))
    span = math.ceil((times[-1] - times[0]) / 86400) + 1
    presence = _share(days, max(0, span - days))
    again = _share(days, max(len(times) - days, 0))
    habit = float(np.logaddexp.reduce(parts)) + presence + again
    anyhow = -float(np.log(apart).sum()) - len(apart) * math.log(math.log(40 * 86400 / 14400))
    empty = sum(math.log(_empty(float(gap))) for gap in apart)
    wanted = float(np.logaddexp.reduce([0, empty, habit - anyhow])) - math.log(3)
    known = np.zeros(2)
    assert hours(times, 14400.0, table(), habits(), known) == pytest.approx(wanted, abs=1e-6)
    assert hours(times, 14400.0, table(), habits(), known) == pytest.approx(wanted, abs=1e-6)  # by what is known


@given(st.lists(st.floats(11.0, 40_000.0), min_size=2, max_size=25), st.sampled_from(JITTERS))
@settings(max_examples=300, deadline=None)
def test_of_all_windows_the_best_is_found(intervals: list[float], jitter: float) -> None:
    d = np.sort(np.array(intervals))
    below, above, width = 1 - jitter - 2e-4, 1 + jitter + 2e-4, 2 * (jitter + 2e-4)

    def score(first: int, last: int) -> float:
        middle = ((d[last] - 2) / above + (d[first] + 2) / below) / 2
        count = last + 1 - first
        density = float(np.log(d[first : last + 1]).sum()) - count * (math.log(width * middle + 4) - 5.71)
        return density if last > first and 25 <= middle <= 26 * 3600 else -math.inf

    ends = [int(np.flatnonzero(d <= (low + 2) * above / below + 2)[-1]) for low in d]
    scores = [score(first, last) for first, last in enumerate(ends)]
    first, last = _window(d, summed(d, G), below, above, 2.0, (width, _MOST_LEFT[JITTERS.index(jitter)]), 25.0)
    if max(scores) == -math.inf:
        assert first == -1
    else:
        assert score(first, last) == pytest.approx(max(scores))


@given(st.lists(st.floats(11.0, 40_000.0), min_size=1, max_size=25))
@settings(max_examples=200, deadline=None)
def test_no_part_with_the_share_that_a_sleep_explains_is_narrower(intervals: list[float]) -> None:
    d = np.sort(np.array(intervals))
    on = int((d <= 5 * 3600).sum())
    awake = (d - G + 1)[:on].sum()
    parts = [d[first : last + 1] for first in range(len(d)) for last in range(first, len(d))]
    whole = [part for part in parts if len(part) >= 0.7 * on and (part - G + 1).sum() >= 0.7 * awake - 1e-6]
    assert _least(d, summed(d, G), on) == pytest.approx(min(part[-1] / part[0] for part in whole))


@given(st.lists(st.floats(0, 1e6), max_size=60))
def test_intervals_are_put_in_order(intervals: list[float]) -> None:
    assert ascending(np.array(intervals, dtype=np.float64)).tolist() == sorted(intervals)


# Families of sleep


def _judged(sleeps: Floats) -> tuple[float, float, float]:
    """Log Bayes factor, family, sleep of calls so far apart."""
    row = judge(np.concatenate([[0.0], np.cumsum(sleeps)]), np.array([0, len(sleeps) + 1]))[0]
    return float(row[0]), float(row[1]), float(row[2])


@pytest.mark.parametrize("seed", range(5))
def test_each_family_of_sleep_is_told_for_what_it_is(seed: int) -> None:
    rng = np.random.default_rng(seed)
    factor, family, sleep = _judged(rng.uniform(2880, 4320, 200))
    assert family == JITTERED
    assert sleep == pytest.approx(3600, rel=0.1)
    assert factor > 100
    factor, family, sleep = _judged(3600 * np.exp(0.4 * rng.standard_normal(200)))
    assert family == LOG_NORMAL
    assert sleep == pytest.approx(3600, rel=0.15)
    assert factor > 30
    factor, family, sleep = _judged(rng.exponential(3600, 2000))
    assert family == MEMORYLESS
    assert sleep == pytest.approx(3600, rel=0.15)
    assert 12 < factor < 18
    factor, family, sleep = _judged(np.concatenate([rng.uniform(2880, 4320, 80), rng.uniform(11520, 17280, 80)]))
    assert family == pytest.approx(CHANGED + JITTERED / 10)
    assert sleep == pytest.approx(14400, rel=0.1)
    assert factor > 100


@pytest.mark.parametrize("seed", range(5))
def test_more_misses_make_less_of_the_same_rhythm(seed: int) -> None:
    rng = np.random.default_rng(seed)
    calls = np.cumsum(rng.uniform(3240, 3960, 400))
    keep = rng.random(400)
    factors = [
        judge(calls[keep > missed], np.array([0, int((keep > missed).sum())]))[0, 0] for missed in (0, 0.1, 0.25, 0.4)
    ]
    assert factors == sorted(factors, reverse=True)
    assert factors[2] > 50


def test_calls_by_chance_count_against_sleep_on_average() -> None:
    rng = np.random.default_rng(3)
    found = [_judged(rng.exponential(10 ** rng.uniform(2, 4), int(rng.integers(5, 15))))[0] for _ in range(200)]
    assert np.mean(found) < -0.5
    assert np.mean(np.array(found) > 5) < 0.02


def test_a_page_open_for_twenty_minutes_a_day_is_no_program_that_waits() -> None:
    rng = np.random.default_rng(4)
    days = [day * 86400 + rng.uniform(8, 18) * 3600 + np.arange(20) * 60.0 for day in range(20)]
    calls = np.concatenate(days)
    assert judge(calls, np.array([0, len(calls)]))[0, 0] < 5
    whole = [day * 86400 + 8 * 3600 + rng.uniform(0, 1800) + np.arange(500) * 60.0 for day in range(20)]
    calls = np.concatenate(whole)
    assert judge(calls, np.array([0, len(calls)]))[0, 0] > 100


def _by_the_day(rng: np.random.Generator, days: int, draw: Callable[[np.random.Generator], int]) -> Floats:
    """Calls at any time from eight to five on five days of seven, so many a day as ``draw`` says."""
    calls = [day * 86400 + rng.uniform(8, 17, draw(rng)) * 3600 for day in range(days) if day % 7 < 5]
    return np.sort(np.concatenate(calls))


def test_calls_at_random_in_working_hours_are_told_and_visits_on_some_days_are_not() -> None:
    even, uneven = [], []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        calls = _by_the_day(rng, 60, lambda rng: int(rng.poisson(8)))
        even.append(judge(calls, np.array([0, len(calls)]))[0])
        calls = _by_the_day(rng, 60, lambda rng: int(rng.geometric(1 / 8)) if rng.random() < 0.6 else 0)
        uneven.append(judge(calls, np.array([0, len(calls)]))[0])
    assert min(row[0] for row in even) > 10
    told = [row[2] for row in even if row[1] == DAILY]
    assert len(told) > 15
    assert told == pytest.approx([9 * 3600 / 8] * len(told), rel=0.3)
    assert max(row[0] for row in uneven) < 10


# Compiled


@given(st.lists(gaps, min_size=1, max_size=5))
@settings(max_examples=30, deadline=None)
def test_compiled_it_says_the_same_to_the_bit(pairs: list[list[float]]) -> None:
    times = np.concatenate([np.cumsum(np.rint(np.array(each) * 1e6)).astype(np.int64) for each in pairs])
    offsets = np.cumsum([0, *(len(each) for each in pairs)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(renewal, "_COMPILED_FROM", 2**62)
        by_hand = renewal.judge(times, offsets)
        patch.setattr(renewal, "_COMPILED_FROM", 0)
        swift = renewal.judge(times, offsets)
    assert [each.tolist() for each in swift] == [each.tolist() for each in by_hand]


def test_where_nothing_can_be_kept_it_is_said_and_compiled_all_the_same(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def njit(function: object = None, *, cache: bool = False) -> object:
        if cache:
            raise RuntimeError("cannot cache function 'versioned': no locator available for file 'renewal.py'")
        return function

    monkeypatch.setattr(numba, "njit", njit)
    with caplog.at_level(logging.WARNING):
        assert callable(compiled.__wrapped__())
    assert "set NUMBA_CACHE_DIR" in caplog.text
