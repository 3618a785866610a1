"""Looking every day: the chance of an ordinary program to be ever above the line, and how many of those chosen are."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodger.verdict.anytime import e_bh, ville_line
from lodger.verdict.null import fit

DAYS = 400
Floats = npt.NDArray[np.float64]

#: Of each trait: the chance that an ordinary program, and an implant, has shown it by the last day.
TRAITS = np.array([(0.3, 0.85), (0.05, 0.75), (0.1, 0.5), (0.02, 0.5), (0.01, 0.4), (0.2, 0.3)])


def lives(rng: np.random.Generator, count: int, implant: bool, believed: Floats = TRAITS) -> Floats:
    """The logarithm of the likelihood ratio of each life on every day: a trait counts from the day on which it shows,
    and its absence ever more until then.
    """
    shown = rng.random((count, len(TRAITS))) < TRAITS[:, int(implant)]
    when = np.where(shown, rng.integers(0, DAYS, shown.shape), DAYS)
    past = np.arange(DAYS) / DAYS  # the share of a trait's days that are over: it may show on any
    total = np.zeros((count, DAYS))
    for trait, (ordinary, intruder) in enumerate(believed):
        silent = np.log(1 - intruder * past) - np.log(1 - ordinary * past)
        there = np.arange(DAYS)[None] >= when[:, trait, None]
        total += np.where(there, math.log(intruder / ordinary), silent[None])
    return total


@pytest.mark.parametrize("alpha", [0.1, 0.02, 0.005])
def test_the_chance_that_an_ordinary_life_is_ever_above_the_line_in_400_days_stays_below(alpha: float) -> None:
    rng = np.random.default_rng(1)
    ever = np.concatenate([lives(rng, 1000, False).max(axis=1) >= math.log(1 / alpha) for _ in range(10)])
    assert ever.mean() <= alpha + 3 * math.sqrt(alpha * (1 - alpha) / len(ever))


def test_it_holds_about_as_well_where_the_shares_are_those_of_200_programs() -> None:
    """Shares estimated on 200 programs with a baseline of 50, as the verdict does: the bound is approximate then."""
    rng = np.random.default_rng(2)
    ever = []
    for _ in range(60):
        counts = rng.binomial(200, TRAITS[:, 0])
        ordinary = np.maximum((50 * TRAITS[:, 0] + counts) / 250, 1 / 202)
        believed = np.column_stack([ordinary, TRAITS[:, 1]])
        ever.append((lives(rng, 200, False, believed).max(axis=1) >= math.log(50)).mean())
    assert np.mean(ever) <= 0.02 * 1.5


def test_of_those_chosen_on_a_day_of_ones_own_choice_few_are_ordinary() -> None:
    """One stops on the day with the most choices, which is the worst that a reader can do."""
    rng = np.random.default_rng(3)
    shares, found = [], 0
    for _ in range(60):
        e_values = np.exp(np.concatenate([lives(rng, 20, True), lives(rng, 200, False)]))
        chosen = np.column_stack([e_values[:, day] >= e_bh(e_values[:, day], 220, 0.1) for day in range(0, DAYS, 10)])
        day = int(chosen.sum(axis=0).argmax())
        shares.append(chosen[20:, day].sum() / max(1, chosen[:, day].sum()))
        found += int(chosen[:20, day].sum())
    assert np.mean(shares) <= 0.1
    assert found > 60


def test_e_values_of_a_measured_tail_mean_at_most_about_one_where_all_are_ordinary() -> None:
    """And the same tail's likelihood ratios do not: their mean is large, because the tail is heavier than theory."""
    rng = np.random.default_rng(4)
    means, raw = [], []
    for _ in range(300):
        sums = np.concatenate([10 + rng.exponential(9.0, 100), np.full(400, 5.0)])
        null = fit(sums, 500)
        assert null is not None
        fresh = np.concatenate([10 + rng.exponential(9.0, 100), np.full(400, 5.0)])
        means.append(np.mean([null.e_value(each) for each in fresh]))
        raw.append(np.mean(10 ** (fresh / 10)))
    assert np.median(means) <= 1.0
    assert np.median(raw) > 10


def test_e_bh_by_hand() -> None:
    """Ten programs at 20 %: the first needs 50, the second 25, the third 16.7; 20 is the third, so three are chosen."""
    assert e_bh([60, 24, 20, 3], 10, 0.2) == pytest.approx(10 / 0.6)
    assert e_bh([40, 24, 16, 3], 10, 0.2) == math.inf
    assert e_bh([], 10, 0.2) == math.inf


@given(st.lists(st.floats(0, 1e9), max_size=50))
def test_the_order_of_e_values_does_not_matter(values: list[float]) -> None:
    shuffled = sorted(values)
    assert e_bh(values, 60, 0.1) == e_bh(shuffled, 60, 0.1)


def test_a_line_for_a_number_of_false_cases_ever() -> None:
    assert ville_line(2000, 0.5) == 4000
    with pytest.raises(ValueError, match="needs programs"):
        ville_line(0, 1)
