"""Of a pair's calls the intervals are held that are looked at, by the definition, however many there are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lodger.evidence.folding import CALLS, FIRST, HEAD, LAST, LONGEST, SCALES, TOTALS, folded, looked_at, taken
from lodger.evidence.intervals import BLOCK, COLLAPSES, MOST, Counts

DAY = 86_400_000_000
ORIGIN = 1_711_929_600_000_000


def _folded(times: Counts) -> tuple[Counts, list[list[int]]]:
    """The head, and what is held at each scale."""
    head, held = np.zeros(HEAD, np.int64), np.zeros((SCALES, MOST), np.int64)
    folded(times, head, held)
    return head, [held[scale, : looked_at(int(head[TOTALS + scale]))].tolist() for scale in range(SCALES)]


def _looked_at(times: Counts) -> list[list[int]]:
    """What is to be held, by the definition."""
    gaps = np.diff(times, prepend=times[0] - 2**50)
    held = []
    for seconds in COLLAPSES:
        intervals = np.diff(times[gaps > seconds * 1e6])
        blocks = np.arange(len(intervals)) // BLOCK % taken(len(intervals)) == 0
        held.append(intervals[blocks].tolist())
    return held


@given(st.lists(st.one_of(st.integers(0, 700_000_000), st.integers(0, 2 * DAY)), min_size=1, max_size=60))
@settings(max_examples=60, deadline=None)
def test_the_head_tells_the_calls_and_what_is_held_is_what_is_to_be_looked_at(gaps: list[int]) -> None:
    times = ORIGIN + np.cumsum(np.array(gaps, np.int64))
    head, held = _folded(times)
    assert held == _looked_at(times)
    assert (head[CALLS], head[FIRST], head[LAST]) == (len(times), times[0], times[-1])
    assert head[LONGEST] == np.diff(times).max(initial=0)


@pytest.mark.parametrize(("sleep", "calls"), [(60, MOST + 2), (60, 3 * MOST), (900, 12_345), (30, 40_000)])
def test_of_very_many_calls_it_holds_what_is_to_be_looked_at(sleep: int, calls: int) -> None:
    rng = np.random.default_rng(sleep)
    times = ORIGIN + np.cumsum(rng.uniform(0.7 * sleep, 1.3 * sleep, calls) * 1e6).astype(np.int64)
    head, held = _folded(times)
    assert held == _looked_at(times)
    assert MOST // 2 - BLOCK < len(held[0]) == looked_at(int(head[TOTALS])) <= MOST


@given(st.integers(0, 200_000))
def test_what_is_looked_at_is_bounded(n: int) -> None:
    stride, later = taken(n), taken(n + 1)
    assert later % stride == 0
    assert len(range(0, n, stride * BLOCK)) * BLOCK <= MOST
    assert stride == 1 or len(range(0, n, stride // 2 * BLOCK)) * BLOCK > MOST
    assert looked_at(n) == sum(min(BLOCK, n - start) for start in range(0, n, stride * BLOCK))
