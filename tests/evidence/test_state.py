"""Calls folded day by day say what all of them say at once, to the bit, and what is kept of them is bounded."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lodger.evidence.intervals import BLOCK, COLLAPSES, MOST, Counts
from lodger.evidence.renewal import go_on
from lodger.evidence.state import CALLS, DIGEST, FIRST, LAST, LONGEST, TOTALS, States, looked_at, none, sizes, taken

DAY = 86_400_000_000
ORIGIN = 1_711_929_600_000_000


def _folded(times: Counts, cuts: list[int]) -> States:
    """Folded in parts that end at these places, and in one at the end."""
    state = none(1)
    for part in np.split(times, sorted({cut for cut in cuts if 0 < cut < len(times)})):
        state = go_on(part, np.array([0, len(part)]), state, 0)
    return state


def _lists(state: States) -> list[object]:
    return [each.tolist() for each in (state.heads, state.rows, state.kept, state.offsets)]


def _looked_at(times: Counts) -> list[int]:
    """What is to be held, by the definition."""
    gaps = np.diff(times, prepend=times[0] - 2**50)
    held: list[Counts] = []
    before = -1
    for seconds in COLLAPSES:
        intervals = np.diff(times[gaps > seconds * 1e6])
        blocks = np.arange(len(intervals)) // BLOCK % taken(len(intervals)) == 0
        if len(intervals) == before:
            held.pop()
        before = len(intervals)
        held.append(intervals[blocks])
    return [int(each) for part in held for each in part]


@given(
    st.lists(st.one_of(st.integers(0, 700_000_000), st.integers(0, 2 * DAY)), min_size=1, max_size=60),
    st.lists(st.integers(1, 60), max_size=8),
)
@settings(max_examples=60, deadline=None)
def test_day_by_day_says_what_all_at_once_says(gaps: list[int], cuts: list[int]) -> None:
    times = ORIGIN + np.cumsum(np.array(gaps, np.int64))
    state = _folded(times, cuts)
    assert _lists(state) == _lists(_folded(times, []))
    assert state.kept.tolist() == _looked_at(times)
    head = state.heads[0]
    assert (head[CALLS], head[FIRST], head[LAST]) == (len(times), times[0], times[-1])
    assert head[LONGEST] == np.diff(times).max(initial=0)
    assert state.offsets.tolist() == [0, *sizes(state.heads)]


@pytest.mark.parametrize(("sleep", "calls"), [(60, MOST + 2), (60, 3 * MOST), (900, 12_345), (30, 40_000)])
def test_of_very_many_calls_it_keeps_what_would_be_looked_at(sleep: int, calls: int) -> None:
    rng = np.random.default_rng(sleep)
    times = ORIGIN + np.cumsum(rng.uniform(0.7 * sleep, 1.3 * sleep, calls) * 1e6).astype(np.int64)
    state = none(1)
    for part in np.array_split(times, 29):
        state = go_on(part, np.array([0, len(part)]), state, 0)
        assert len(state.kept) <= len(COLLAPSES) * MOST
    assert _lists(state) == _lists(_folded(times, []))
    assert state.kept.tolist() == _looked_at(times)
    assert looked_at(int(state.heads[0, TOTALS])) > MOST // 2 - BLOCK


def test_a_state_without_new_calls_says_what_it_said_and_of_few_calls_nothing_is_kept() -> None:
    times = ORIGIN + np.arange(300) * 60_000_000
    state = _folded(times, [])
    none_new = go_on(times[:0], np.zeros(2, np.int64), state, 301)
    assert none_new.rows.tolist() == state.rows.tolist()
    assert none_new.heads.tolist() == state.heads.tolist()
    assert none_new.kept.tolist() == []


@given(st.lists(st.integers(-(2**40), 2**40), min_size=1, max_size=20), st.integers(0, 19), st.integers(1, 2**40))
def test_the_digest_is_that_of_these_calls_alone(calls: list[int], place: int, away: int) -> None:
    times = np.sort(np.array(calls, np.int64))
    other = times.copy()
    other[place % len(times)] += away
    assert _folded(times, [3]).heads[0, DIGEST] == _folded(times, []).heads[0, DIGEST]
    assert _folded(times, []).heads[0, DIGEST] != _folded(np.sort(other), []).heads[0, DIGEST]


@given(st.integers(0, 200_000))
def test_what_is_looked_at_is_bounded_and_never_comes_back(n: int) -> None:
    stride, later = taken(n), taken(n + 1)
    assert later % stride == 0
    assert len(range(0, n, stride * BLOCK)) * BLOCK <= MOST
    assert stride == 1 or len(range(0, n, stride // 2 * BLOCK)) * BLOCK > MOST
    assert looked_at(n) == sum(min(BLOCK, n - start) for start in range(0, n, stride * BLOCK))
