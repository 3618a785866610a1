"""Reliability: bins by hand, and odds that hold are found to hold."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodger.lab.reliability import Bin, log_score, probability, reliability, wilson


def test_bins_by_hand() -> None:
    """0 dB is even; 10 dB is 10 in 11. Wilson's interval of 1 in 2 is 0.0945 to 0.9055, of 2 in 2 from 0.3424 on."""
    bins = reliability([(0.0, True), (0.0, False), (10.0, True), (10.0, True)])
    assert [(each.low_db, each.high_db, each.count, each.true) for each in bins] == [(0, 10, 2, 0.5), (10, 20, 2, 1.0)]
    assert [each.stated for each in bins] == [0.5, pytest.approx(10 / 11)]
    assert [round(each.least, 4) for each in bins] == [0.0945, 0.3424]
    assert [round(each.most, 4) for each in bins] == [0.9055, 1.0]
    assert all(each.holds for each in bins)
    assert not Bin(0, 10, 100, 0.5, 0.9, 0.82, 0.95).holds


def test_odds_that_are_true_hold_and_those_ten_times_too_high_do_not() -> None:
    rng = np.random.default_rng(1)
    odds = rng.uniform(-30, 30, 20_000)
    true = rng.random(20_000) < np.array([probability(each) for each in odds])
    honest = reliability(zip(odds, true, strict=True))
    assert len(honest) == 6
    assert sum(each.holds for each in honest) >= 5
    boasting = reliability(zip(odds + 10, true, strict=True))
    assert sum(each.holds for each in boasting) <= 1
    assert log_score(zip(odds, true, strict=True)) < log_score(zip(odds + 10, true, strict=True))


def test_the_surprise_at_even_odds_is_three_decibans() -> None:
    assert log_score([(0.0, True), (0.0, False)]) == pytest.approx(10 * math.log10(2))
    assert log_score([]) == 0


def test_a_share_of_one_is_in_its_interval() -> None:
    assert wilson(4, 4)[1] == 1.0


@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.booleans()), max_size=60))
def test_every_statement_is_in_one_bin(statements: list[tuple[float, bool]]) -> None:
    bins = reliability(statements)
    assert sum(each.count for each in bins) == len(statements)
    assert sum(round(each.true * each.count) for each in bins) == sum(true for _, true in statements)
    assert all(0 <= each.least <= each.true <= each.most <= 1 for each in bins)


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_an_interval_holds_its_share(count: int, part: float) -> None:
    hits = round(part * count)
    least, most = wilson(hits, count)
    assert least - 1e-12 <= hits / count <= most + 1e-12
