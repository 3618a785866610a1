"""The benchmark's arithmetic, on made rankings whose figures were reckoned by hand or by another library."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from benchmarks.lab.arithmetic import (
    Outcome,
    cross_fitted,
    curve,
    days_to_detection,
    earliest,
    false_cases,
    halves,
    median,
    outcomes,
    rate,
    ratio,
    resampled,
    share,
    threshold,
    wilson,
)
from benchmarks.lab.rankings import Entity, Ranking


def made(seed: int, ordinary: list[float], lives: dict[str, float | None], hosts: int = 100, days: int = 60) -> Ranking:
    entities = tuple(Entity("ws", f"p{number}", score) for number, score in enumerate(sorted(ordinary, reverse=True)))
    return Ranking(seed, "made", hosts, days, len(ordinary), lives, entities, ())


@given(st.integers(1, 400).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_wilsons_interval_is_that_of_scipy(told: tuple[int, int]) -> None:
    theirs = binomtest(*told).proportion_ci(method="wilson")
    assert wilson(*told) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


def test_without_lives_the_interval_says_nothing() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


def test_rates_have_garwoods_interval() -> None:
    # Garwood's table: of 0 cases 0 to 3.689, of 3 cases 0.619 to 8.767
    none, three = rate(0, 1000.0), rate(3, 2000.0)
    assert (none.count, none.value, none.low, none.high) == pytest.approx((0, 0.0, 0.0, 3.689), abs=1e-3)
    assert (three.value, three.low, three.high) == pytest.approx((1.5, 0.619 / 2, 8.767 / 2), abs=1e-3)


def test_a_month_of_a_thousand_hosts_allows_one_false_case() -> None:
    # 5 fleets of 100 hosts over 60 days are 1,000 host-months: one case may be above the threshold
    fleets = [made(seed, [10.0 + seed, 1.0], {}) for seed in range(5)]
    assert threshold(fleets) == 13.0
    assert threshold(fleets, allowed=2) == 12.0
    assert threshold(fleets[:4]) == 13.0  # 800 host-months: none


def test_of_new_fleets_one_case_more_is_to_be_expected_than_is_above_here() -> None:
    fleets = [made(seed, [10.0 + seed, 1.0], {}) for seed in range(5)]
    for allowed in (1, 2, 3):
        assert threshold(fleets, allowed, of_new=True) == threshold(fleets, max(1, allowed) - 1)
    assert threshold(fleets, of_new=True) == 14.0  # none: one is to be expected


@pytest.mark.parametrize("allowed", [1.0, 2.0])
def test_thresholds_for_new_fleets_keep_the_rate_on_average(allowed: float) -> None:
    rng = np.random.default_rng(1)
    found = []
    for _ in range(1000):  # each time 2,000 host-months and as many new ones, whatever the scores are like
        one, other = ([made(seed, rng.standard_t(2, 40).tolist(), {}) for seed in range(10)] for _ in range(2))
        line = threshold(one, allowed, of_new=True)
        found.append(false_cases(other, dict.fromkeys(range(10), line)).value)
    assert float(np.mean(found)) == pytest.approx(allowed, rel=0.1)


def test_where_less_is_ranked_than_allowed_everything_is_above_the_threshold() -> None:
    assert threshold([made(1, [5.0], {}, hosts=1000, days=60)]) == -math.inf


def test_no_fleet_chooses_its_own_threshold() -> None:
    fleets = [made(seed, [score], {}) for seed, score in ((1, 10.0), (2, 50.0), (3, 20.0), (4, 40.0))]
    assert [[each.seed for each in half] for half in halves(fleets)] == [[1, 3], [2, 4]]
    assert cross_fitted(fleets) == {1: 50.0, 3: 50.0, 2: 20.0, 4: 20.0}


def test_a_single_fleet_is_its_own_other_half() -> None:
    assert cross_fitted([made(7, [3.0, 9.0], {})]) == {7: 9.0}


def test_lives_and_false_cases_are_counted_above_the_threshold_only() -> None:
    fleets = [made(1, [30.0, 20.0, 5.0], {"a": 31.0, "b": 20.0, "c": None}), made(2, [20.0], {"a": 20.5})]
    thresholds = {1: 20.0, 2: 20.0}
    found = outcomes(fleets, thresholds)
    assert [(each.seed, each.life, each.found) for each in found] == [
        (1, "a", True),
        (1, "b", False),
        (1, "c", False),
        (2, "a", True),
    ]
    assert (share(found).count, share(found).total, share(found).value) == (2, 4, 0.5)
    false = false_cases(fleets, thresholds)
    assert (false.count, false.months, false.value) == (1, 400.0, 2.5)


def test_a_share_is_as_uncertain_as_its_fleets_are_few() -> None:
    # In one fleet all are found, in the other none: a bootstrap over fleets gives 0 to 1
    lives = [Outcome(seed, f"{number}", float(seed), 1.5) for seed in (1, 2) for number in range(50)]
    assert resampled(lives) == (0.0, 1.0)
    assert (share(lives).low, share(lives).high) == (0.0, 1.0)
    assert wilson(50, 100) == pytest.approx((0.404, 0.596), abs=1e-3)
    assert resampled(lives[:50]) is None


def test_ratio_is_of_the_same_lives() -> None:
    ours = [Outcome(seed, "a", 9.0, 1.0) for seed in range(10)]
    theirs = [Outcome(seed, "a", 9.0 if seed % 2 else 0.0, 1.0) for seed in range(10)]
    value, low, high = ratio(ours, theirs)
    assert value == 2.0
    assert 1.0 < low < 2.0 < high
    assert ratio(ours, [Outcome(seed, "a", None, 1.0) for seed in range(10)])[0] == math.inf


def test_the_curve_rises_where_a_life_is_passed() -> None:
    # 200 host-months in each fleet, so that a false case is 2.5 in a thousand
    fleets = [made(1, [30.0, 10.0], {"a": 40.0, "b": 20.0}), made(2, [25.0], {"a": 5.0, "b": None})]
    # above 30: a of 1; above 25: the same, at one false case; above 10: b of 1 too, at two; above nothing: 5, at three
    assert curve(fleets) == [(0.0, 0.25), (5.0, 0.5), (7.5, 0.75)]


def test_a_life_is_detected_at_the_first_look_above_the_threshold() -> None:
    days = {"a": ((6, 10.0), (13, 30.0), (20, 29.0)), "b": ((13, 19.0),)}
    ranking = Ranking(1, "made", 10, 30, 0, {"a": 30.0, "b": 19.0, "c": None}, (), (), days=days)
    found = days_to_detection(ranking, {"a": 3, "b": 3, "c": 4}, 20.0)
    assert found == {"a": 10.0, "b": math.inf, "c": math.inf}
    assert median(list(found.values())) == math.inf
    assert median([1.0, 7.0, math.inf]) == 7.0


def test_a_life_may_have_come_above_the_threshold_on_any_day_since_the_look_before() -> None:
    looks = (6, 13, 20)
    assert earliest(10.0, 3, looks) == 4.0  # seen at the end of day 13, not yet at that of day 6
    assert earliest(1.0, 12, looks) == 0.0  # it came since the look before
    assert earliest(3.0, 3, looks) == 0.0  # the first look of all
    assert earliest(math.inf, 3, looks) == math.inf
    assert [earliest(float(after), 4, range(30)) for after in (0, 1, 9)] == [0.0, 1.0, 9.0]
