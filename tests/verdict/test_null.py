"""The fleet's own null: its tail is found whatever intruders are in it, and what is stated of a case is so."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodger.verdict.null import PROGRAMS, Null, fit


def fleet(rng: np.random.Generator, programs: int, scale: float, implants: int = 0) -> list[float]:
    """Sums: an exponential tail from 0 dB on, and implants anywhere from 20 to 100."""
    return [*rng.uniform(20, 100, implants), *rng.exponential(scale, programs - implants)]


def test_the_numbers_are_those_on_paper() -> None:
    """100 of 500 programs are above 0 dB, 10 of those counted only: sizes 0.1, 0.2, ... 10.0 dB.

    (0.1 + ... + 9.0) + 10 * 9.0 = 409.5 + 90 = 499.5; by 90: 5.55 dB. At 30 dB: 100 (1 + 30 / 499.5)^-90 = 0.5251.
    """
    null = fit([*(n / 10 for n in range(1, 101)), *[0.0] * 100], 500)
    assert null is not None
    assert replace(null, scale=round(null.scale, 6)) == Null(500, 100, 0.0, 5.55, 90, 0.0)
    assert null.expected(30) == pytest.approx(0.5251, abs=1e-4)
    assert null.p_value(30) == pytest.approx(0.5251 / 500, abs=1e-6)
    assert null.e_value(30) == pytest.approx(0.1 * (0.5251 / 500) ** -0.9, rel=1e-3)


@pytest.mark.parametrize("scale", [5.0, 9.0])
@pytest.mark.parametrize("implants", [0, 3])
def test_the_tail_of_ordinary_programs_is_found_with_intruders_in_it(scale: float, implants: int) -> None:
    rng = np.random.default_rng(1)
    scales = [found.scale for _ in range(200) if (found := fit(fleet(rng, 500, scale, implants), 500))]
    assert len(scales) == 200
    assert np.mean(scales) == pytest.approx(scale, rel=0.08)


@pytest.mark.parametrize("many", [0, 8, 30])
def test_however_many_are_set_aside_the_tail_is_that_of_the_others_and_they_count_for_implants(many: int) -> None:
    rng = np.random.default_rng(4)
    ordinary = [each for each in fleet(rng, 500, 7.0) if each < 40]
    aside = [float(each) for each in rng.uniform(60, 100, many)]
    alone, found = fit(ordinary, 530), fit(ordinary, 530, aside)
    assert alone is not None
    assert found is not None
    assert replace(found, implants=alone.implants) == alone
    assert many / 2 <= found.implants <= many + 1  # one was expected
    assert all(found.lfdr(each) < 0.5 for each in aside)
    assert found.lfdr(90) < (0.1 if many else 1.1)


def test_stated_rates_are_true_ones_where_every_second_fleet_has_an_intruder() -> None:
    rng = np.random.default_rng(2)
    stated, false = [], []
    for number in range(3000):
        implants = number % 2
        sums = fleet(rng, 400, 7.0, implants)
        null = fit(sums, 400)
        assert null is not None
        rates = [null.lfdr(each) for each in sums]
        shown = [place for place, rate in enumerate(rates) if rate < 0.5]
        stated += [rates[place] for place in shown]
        false += [place >= implants for place in shown]
    assert len(stated) > 500
    assert np.mean(false) <= np.mean(stated) + 0.02
    assert np.mean(false) >= np.mean(stated) - 0.1


def test_a_small_fleet_or_one_with_little_evidence_has_no_null() -> None:
    assert fit([float(n) for n in range(PROGRAMS - 1)], PROGRAMS - 1) is None
    assert fit([float(n) for n in range(20)], 1000) is None


@given(st.lists(st.floats(-60, 150), min_size=200, max_size=400), st.floats(-60, 200), st.floats(0, 50))
def test_more_weight_is_never_more_likely_ordinary(sums: list[float], weight: float, more: float) -> None:
    null = fit(sums, len(sums))
    assert null is not None
    assert null == fit(reversed(sums), len(sums))
    assert 0 <= null.lfdr(weight + more) <= null.lfdr(weight) <= 1
    assert null.e_value(weight + more) >= null.e_value(weight) > 0
    assert null.scale >= 10 / math.log(10)
