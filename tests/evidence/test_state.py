"""Calls folded day by day say what all of them say at once, and what is kept of them is bounded."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lodger.evidence.intervals import BLOCK, MOST, Counts
from lodger.evidence.renewal import judge, taken
from lodger.evidence.state import State, fold, weighed

DAY = 86_400_000_000
ORIGIN = 1_711_929_600_000_000


def _folded(times: Counts, cuts: list[int]) -> State:
    """Folded in parts that end at these places, and in one at the end."""
    state = None
    for part in np.split(times, sorted({cut for cut in cuts if 0 < cut < len(times)})):
        state = fold(state, part)
    assert state is not None
    return state


def _at_once(times: Counts) -> list[float]:
    row: list[float] = judge(times / 1e6, np.array([0, len(times)]))[0].tolist()
    return row


@given(
    st.lists(st.one_of(st.integers(0, 700_000_000), st.integers(0, 2 * DAY)), min_size=1, max_size=60),
    st.lists(st.integers(1, 60), max_size=8),
)
@settings(max_examples=60, deadline=None)
def test_day_by_day_says_what_all_at_once_says(gaps: list[int], cuts: list[int]) -> None:
    times = ORIGIN + np.cumsum(np.array(gaps, np.int64))
    state = _folded(times, cuts)
    assert weighed(state).tolist() == pytest.approx(_at_once(times), abs=1e-6)
    whole = fold(None, times)
    assert (state.first, state.last) == (whole.first, whole.last)
    for part, all_of_it in zip(state.scales, whole.scales, strict=True):
        assert (part.intervals, part.last) == (all_of_it.intervals, all_of_it.last)
        assert part.looked_at.tolist() == all_of_it.looked_at.tolist()


@pytest.mark.parametrize(("sleep", "calls"), [(60, MOST + 2), (60, 3 * MOST), (900, 12_345), (30, 40_000)])
def test_of_very_many_calls_it_keeps_what_would_be_looked_at(sleep: int, calls: int) -> None:
    rng = np.random.default_rng(sleep)
    times = ORIGIN + np.cumsum(rng.uniform(0.7 * sleep, 1.3 * sleep, calls) * 1e6).astype(np.int64)
    state = None
    for part in np.array_split(times, 29):
        state = fold(state, part)
        assert all(len(kept.looked_at) <= MOST for kept in state.scales)
    assert state is not None
    assert len(state.scales[0].looked_at) > MOST // 2 - BLOCK
    assert weighed(state).tolist() == pytest.approx(_at_once(times), abs=1e-4)


def test_calls_at_random_in_working_hours_are_told_from_the_state_too() -> None:
    rng = np.random.default_rng(5)
    days = [np.sort(rng.uniform(8, 17, int(rng.poisson(8)))) / 24 for _ in range(40)]
    parts = [ORIGIN + ((number + day) * DAY).astype(np.int64) for number, day in enumerate(days) if number % 7 < 5]
    state = None
    for part in parts:
        state = fold(state, part)
    assert state is not None
    assert weighed(state).tolist() == pytest.approx(_at_once(np.concatenate(parts)), abs=1e-6)


@given(st.integers(0, 200_000))
def test_what_is_looked_at_is_bounded_and_never_comes_back(n: int) -> None:
    stride, later = taken(n), taken(n + 1)
    assert later % stride == 0
    assert len(range(0, n, stride * BLOCK)) * BLOCK <= MOST
    assert stride == 1 or len(range(0, n, stride // 2 * BLOCK)) * BLOCK > MOST


def test_what_comes_too_late_and_nothing_at_all_are_refused() -> None:
    state = fold(None, np.array([ORIGIN + DAY], np.int64))
    with pytest.raises(ValueError, match="order of time"):
        fold(state, np.array([ORIGIN], np.int64))
    with pytest.raises(ValueError, match="no calls"):
        fold(state, np.zeros(0, np.int64))
